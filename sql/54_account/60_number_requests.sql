/*
 * 54_account: numbers at the carriers: searched, bought, given up, listed, and
 * made known to another carrier.  All of it is provider requests; what they mean for our
 * rows when they end is on_number_request_done().
 *
 * The list of an account's numbers is the proof that they are the tenant's, where the
 * carrier itself has given it: from its own address (or a host that the platform names),
 * and not by a carrier that takes any number from its customer unseen.  Whatever another
 * address says is the tenant's own word: it uses such a number, and does not keep others
 * from having it.  The list is asked for page by page (request_data: purpose import,
 * which adds what is new, or check; began_at); after the last page a number that the
 * carrier should have named, and did not, is refused.
 */

CREATE TABLE voiceagent_private.known_credentials (
	tenant_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	other_account_id bigint NOT NULL,
	credential_id text NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 200),
	PRIMARY KEY (tenant_id, provider_account_id, other_account_id),
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts,
	FOREIGN KEY (tenant_id, other_account_id) REFERENCES voiceagent.provider_accounts (tenant_id, provider_account_id)
);
COMMENT ON TABLE voiceagent_private.known_credentials IS
	'Accounts at other carriers that a carrier account knows of, and its own id of each: no secret.';
SELECT voiceagent_private.guard_table('voiceagent_private.known_credentials', 'internal');

CREATE FUNCTION voiceagent_private.number_account(account bigint, kind text) RETURNS voiceagent.provider_accounts
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_account voiceagent.provider_accounts;
BEGIN
	SELECT * INTO v_account FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = voiceagent.current_tenant() AND a.provider_account_id = account;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account', NULL,
		'create_provider_account() makes one.');
	PERFORM voiceagent_private.fail_if(v_account.provider = 'sandbox', 'PT422', 'the sandbox carrier has no numbers',
		NULL, 'create_phone_number() enters any number for rehearsals.');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.driver_can(v_account.provider, kind), 'PT422',
		format('%s does not offer this: %s', voiceagent_private.driver_title(v_account.provider),
			replace(kind, '_', ' ')), NULL, 'The view voiceagent.providers shows what each carrier can do.');
	PERFORM voiceagent_private.fail_if(NOT v_account.active, 'PT409', 'the provider account is not active');
	RETURN v_account;
END
$$;
COMMENT ON FUNCTION voiceagent_private.number_account(bigint, text) IS
	'A carrier account of the current tenant that can do provider requests of this kind about '
	'numbers; PT404, PT409, PT422.';

CREATE FUNCTION voiceagent_private.request_number_list(account bigint, purpose text, page text DEFAULT NULL,
	began_at timestamptz DEFAULT NULL, pages integer DEFAULT 1)
	RETURNS bigint LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_provider_request bigint;
BEGIN
	-- A list that has not been sent yet tells of what is asked for now, too.
	IF page IS NULL THEN
		SELECT e.provider_request_id INTO v_provider_request FROM voiceagent.provider_requests e
		WHERE e.tenant_id = voiceagent.current_tenant() AND e.provider_account_id = account AND e.kind = 'list_numbers'
			AND e.state = 'queued'
			AND e.tries = 0 AND NOT e.request_data ? 'page' AND e.request_data ->> 'purpose' IN ('import', purpose)
		ORDER BY e.provider_request_id DESC LIMIT 1;
		IF FOUND THEN
			RETURN v_provider_request;
		END IF;
	END IF;
	RETURN voiceagent_private.enqueue_provider_request(account,
		'list_numbers', jsonb_strip_nulls(jsonb_build_object('purpose', purpose, 'page', page,
			'pages', nullif(pages, 1), 'began_at', coalesce(began_at, voiceagent.clock()))));
END
$$;
COMMENT ON FUNCTION voiceagent_private.request_number_list(bigint, text, text, timestamptz, integer) IS
	E'Has the carrier list the numbers of an account of the current tenant: purpose import (new ones '
	'are added) or check.\n'
	'Returns provider_request_id, of one that waits to be sent if there is one.';

CREATE FUNCTION voiceagent_private.own_number(phone text, phone_number_id bigint, is_proved boolean) RETURNS boolean
	LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	IF NOT is_proved THEN
		DELETE FROM voiceagent_private.number_owners o
		WHERE o.tenant_id = v_tenant AND o.phone_number_id = own_number.phone_number_id;
		RETURN true;
	END IF;
	INSERT INTO voiceagent_private.number_owners (phone_number, tenant_id, phone_number_id)
	VALUES (phone, v_tenant, phone_number_id)
	ON CONFLICT (phone_number) DO UPDATE SET phone_number_id = own_number.phone_number_id
	WHERE number_owners.tenant_id = v_tenant;
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent_private.own_number(text, bigint, boolean) IS
	E'Makes the current tenant the owner of a number for all tenants, if that is proved; else it is '
	'its owner no longer.\n'
	'False: it is proved, and another is.';

CREATE FUNCTION voiceagent_private.prove_number(phone_number_id bigint, carriers_id text, asked_at timestamptz)
	RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_number bigint := phone_number_id;
	v_phone text;
	v_proved boolean;
	v_owner voiceagent_private.number_owners;
	v_theirs bigint;
BEGIN
	SELECT n.phone_number, (a).provider <> 'vapi'
		AND coalesce((a).moved_at < prove_number.asked_at, true)
		AND ((a).base_url IS NULL
			OR voiceagent_private.is_allowed_host((a).base_url,
				voiceagent_private.platform_setting('number_proof_hosts'))) INTO v_phone, v_proved
	FROM voiceagent.phone_numbers n
	JOIN voiceagent.provider_accounts a ON a.tenant_id = v_tenant
		AND a.provider_account_id = coalesce(n.origin_account_id, n.provider_account_id)
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number AND n.removed_at IS NULL FOR NO KEY UPDATE OF n;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	IF NOT voiceagent_private.own_number(v_phone, v_number, v_proved) THEN
		UPDATE voiceagent.phone_numbers n SET state = 'refused', proof = NULL,
			provider_number_id = coalesce(carriers_id, n.provider_number_id),
			state_reason = 'the carrier''s word about it is being confirmed'
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number;
		PERFORM voiceagent_private.choose_primary();
		-- The tenant that has lost it is found out; then check_phone_number() makes it ours.
		SELECT * INTO v_owner FROM voiceagent_private.number_owners o WHERE o.phone_number = v_phone;
		PERFORM voiceagent_private.set_tenant(v_owner.tenant_id);
		SELECT coalesce(n.origin_account_id, n.provider_account_id) INTO v_theirs FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_owner.tenant_id AND n.phone_number_id = v_owner.phone_number_id;
		IF FOUND THEN
			PERFORM voiceagent_private.request_number_list(v_theirs, 'check');
		END IF;
		PERFORM voiceagent_private.set_tenant(v_tenant);
		RETURN;
	END IF;
	UPDATE voiceagent.phone_numbers n
	SET state = CASE n.state WHEN 'releasing' THEN n.state ELSE 'ready' END, state_reason = NULL,
		proof = CASE WHEN v_proved THEN 'carrier' ELSE 'tenant' END,
		proved_at = voiceagent.clock(), provider_number_id = coalesce(carriers_id, n.provider_number_id)
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number;
	PERFORM voiceagent_private.poke('dialer');
END
$$;
COMMENT ON FUNCTION voiceagent_private.prove_number(bigint, text, timestamptz) IS
	E'An account''s answer to a question of that time names a number of the current tenant (carriers_id: its id '
	'there): it is ready.\n'
	'By the carrier''s own word it is the tenant''s alone, unless another tenant owns it by the same kind of proof; '
	'then\n'
	'that one''s carrier is asked again. By any other word it is the tenant''s own claim.';

CREATE FUNCTION voiceagent_private.reject_number(phone_number_id bigint, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_number bigint := phone_number_id;
BEGIN
	UPDATE voiceagent.phone_numbers n SET state = 'refused', state_reason = left(reason, 500), proof = NULL
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number AND n.removed_at IS NULL;
	DELETE FROM voiceagent_private.number_owners o WHERE o.tenant_id = v_tenant AND o.phone_number_id = v_number;
	PERFORM voiceagent_private.choose_primary();
	PERFORM voiceagent_private.log_event('number_refused', NULL, NULL, NULL,
		jsonb_build_object('phone_number_id', v_number, 'reason', left(reason, 500)));
END
$$;
COMMENT ON FUNCTION voiceagent_private.reject_number(bigint, text) IS
	E'A number of the current tenant turns out not to be its: it is used no more, another is the primary one in its '
	'stead, and an event says so.\n'
	'After lock_numbers().';

CREATE FUNCTION voiceagent_private.numbers_listed(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_account bigint := provider_request.provider_account_id;
	v_began timestamptz := (provider_request.request_data ->> 'began_at')::timestamptz;
	v_pages integer := coalesce((provider_request.request_data ->> 'pages')::integer, 1);
	v_new voiceagent.phone_numbers;
	v record;
BEGIN
	IF NOT provider_request.request_data ? 'purpose' THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.lock_numbers(true);
	IF provider_request.state <> 'done' THEN
		UPDATE voiceagent.phone_numbers n SET state_reason = left('the carrier could not be asked: '
			|| coalesce(provider_request.error, 'no answer'), 500)
		WHERE n.tenant_id = v_tenant AND n.provider_account_id = v_account AND n.state = 'unchecked';
		RETURN;
	END IF;
	FOR v IN
		SELECT DISTINCT ON (p.phone) p.phone, x ->> 'number_id' AS theirs,
			left(nullif(btrim(x ->> 'name'), ''), 200) AS name, n.phone_number_id, n.provider_account_id,
				n.origin_account_id
		FROM jsonb_array_elements(provider_request.result -> 'numbers') x
		CROSS JOIN LATERAL (SELECT p.phone FROM voiceagent_private.parse_phone(x ->> 'number') p) p
		LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant AND n.phone_number = p.phone
			AND n.removed_at IS NULL
		WHERE p.phone IS NOT NULL ORDER BY p.phone
	LOOP
		IF v.phone_number_id IS NULL AND provider_request.request_data ->> 'purpose' = 'import' THEN
			v_new := NULL;
			v_new.phone_number := v.phone;
			v_new.friendly_name := v.name;
			v_new.provider_account_id := v_account;
			v_new.state := 'unchecked';
			v_new.state_reason := 'being imported';
			v.phone_number_id := voiceagent_private.add_number(v_new);
			v.provider_account_id := v_account;
		END IF;
		-- A number that stands at another account of the tenant's stays there.
		IF v.phone_number_id IS NOT NULL AND v.origin_account_id IS NULL AND v.provider_account_id = v_account THEN
			PERFORM voiceagent_private.prove_number(v.phone_number_id, v.theirs, provider_request.created_at);
		ELSIF v.origin_account_id = v_account THEN
			PERFORM voiceagent_private.prove_number(v.phone_number_id, NULL, provider_request.created_at);
		ELSIF v.provider_account_id = v_account THEN
			-- Known there, too; its origin says whose it is.
			UPDATE voiceagent.phone_numbers n
			SET proved_at = voiceagent.clock(), provider_number_id = coalesce(v.theirs, n.provider_number_id)
			WHERE n.tenant_id = v_tenant AND n.phone_number_id = v.phone_number_id AND n.state = 'ready';
		END IF;
	END LOOP;
	IF provider_request.result ->> 'next_page' IS NOT NULL THEN
		IF v_pages < voiceagent_private.list_pages() THEN
			PERFORM voiceagent_private.request_number_list(v_account, provider_request.request_data ->> 'purpose',
				provider_request.result ->> 'next_page', v_began, v_pages + 1);
		ELSE
			-- A number that it has not named by now may still be the account's.
			UPDATE voiceagent.phone_numbers n SET state_reason = 'the carrier''s list of numbers has no end'
			WHERE n.tenant_id = v_tenant AND n.provider_account_id = v_account AND n.state = 'unchecked';
		END IF;
		RETURN;
	END IF;
	FOR v IN
		SELECT n.phone_number_id FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND v_account IN (n.provider_account_id, n.origin_account_id)
			AND n.created_at <= v_began AND (n.state = 'unchecked' OR n.state = 'ready' AND n.proved_at < v_began)
	LOOP
		PERFORM voiceagent_private.reject_number(v.phone_number_id,
			'the carrier does not list it among the account''s numbers');
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.numbers_listed(voiceagent.provider_requests) IS
	'Takes a page of an account''s list as proof, and asks for the next; after the last, refuses the numbers that the '
	'carrier has not named.';

CREATE FUNCTION voiceagent_private.order_number(account bigint, number text, name text) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_new voiceagent.phone_numbers;
	v_id bigint;
BEGIN
	v_new.phone_number := number;
	v_new.friendly_name := name;
	v_new.provider_account_id := account;
	v_new.state := 'ordered';
	v_new.state_reason := 'the carrier has been asked for it';
	v_id := voiceagent_private.add_number(v_new);
	PERFORM voiceagent_private.fail_if(v_id IS NULL, 'PT409', format('the phone number %s is there already', number),
		NULL, 'One that could not be bought stays as refused: delete_phone_number() makes room for another try.');
	RETURN jsonb_build_object('phone_number_id', v_id, 'provider_request_id',
		voiceagent_private.enqueue_provider_request(account,
			'buy_number', jsonb_strip_nulls(jsonb_build_object('number', number, 'name', name)), number => v_id));
END
$$;
COMMENT ON FUNCTION voiceagent_private.order_number(bigint, text, text) IS
	E'Has the carrier sell a number to an account of the current tenant.\n'
	'After lock_numbers().';

CREATE FUNCTION voiceagent_private.numbers_found(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_found text;
BEGIN
	IF NOT provider_request.request_data ? 'buys' THEN
		RETURN;
	END IF;
	PERFORM voiceagent_private.lock_numbers(false);
	SELECT p.phone INTO v_found
	FROM jsonb_array_elements(provider_request.result -> 'numbers') WITH ORDINALITY AS x(number, place)
	CROSS JOIN LATERAL (SELECT p.phone FROM voiceagent_private.parse_phone(x.number ->> 'number') p) p
	WHERE provider_request.state = 'done' AND p.phone IS NOT NULL
		AND NOT EXISTS (SELECT FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone_number = p.phone AND n.removed_at IS NULL)
	ORDER BY x.place LIMIT 1;
	IF v_found IS NULL THEN
		PERFORM voiceagent_private.log_event('number_not_found', NULL, NULL, NULL, jsonb_build_object(
			'provider_request_id', provider_request.provider_request_id, 'reason', CASE provider_request.state
				WHEN 'done' THEN 'the carrier has none like that'
				ELSE coalesce(provider_request.error, 'no reason given') END));
	ELSE
		PERFORM voiceagent_private.order_number(provider_request.provider_account_id, v_found,
			provider_request.request_data ->> 'name');
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.numbers_found(voiceagent.provider_requests) IS
	'A search has ended: where it buys, the first number that the current tenant does not have is ordered.';

CREATE FUNCTION voiceagent_private.on_number_request_done(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_number voiceagent.phone_numbers;
	v_why text := coalesce(provider_request.error, 'no reason given');
BEGIN
	PERFORM voiceagent_private.lock_numbers(provider_request.kind IN ('release_number', 'create_number'));
	SELECT * INTO v_number FROM voiceagent.phone_numbers n
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = provider_request.phone_number_id AND n.removed_at IS NULL;
	IF NOT FOUND THEN
		RETURN;
	ELSIF provider_request.state = 'unknown' THEN
		UPDATE voiceagent.phone_numbers n
		SET state_reason = 'the carrier''s answer was lost: what became of it is being found out'
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id;
		RETURN;
	END IF;
	IF provider_request.kind = 'buy_number' THEN
		IF provider_request.state = 'done' AND provider_request.result ? 'resolved' THEN
			-- A person's word is none of the carrier's, by which a number becomes somebody's alone.
			UPDATE voiceagent.phone_numbers n SET state = 'unchecked', state_reason = 'the carrier is being asked'
			WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id AND n.state = 'ordered';
			PERFORM voiceagent_private.request_number_list(provider_request.provider_account_id, 'check');
		ELSIF provider_request.state = 'done' THEN
			PERFORM voiceagent_private.prove_number(v_number.phone_number_id, provider_request.result ->> 'number_id',
				provider_request.created_at);
		ELSE
			PERFORM voiceagent_private.reject_number(v_number.phone_number_id, 'it could not be bought: ' || v_why);
		END IF;
	ELSIF provider_request.kind = 'release_number' AND provider_request.state = 'done'
		AND v_number.origin_account_id IS NULL THEN
		PERFORM voiceagent_private.remove_number(v_number.phone_number_id, 'released');
	ELSIF provider_request.kind = 'release_number' AND provider_request.state = 'done' THEN
		-- Only the other carrier's use of it has ended.
		UPDATE voiceagent.phone_numbers n
		SET state = 'ready', state_reason = NULL, provider_account_id = n.origin_account_id,
			provider_number_id = n.origin_number_id, origin_account_id = NULL, origin_number_id = NULL
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id;
	ELSIF provider_request.kind = 'release_number' THEN
		UPDATE voiceagent.phone_numbers n
		SET state = 'ready', state_reason = left('it could not be released: ' || v_why, 500)
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id AND n.state = 'releasing';
	ELSIF provider_request.kind = 'create_credential' AND provider_request.state = 'done'
		AND provider_request.result ->> 'credential_id' IS NOT NULL THEN
		INSERT INTO voiceagent_private.known_credentials (tenant_id, provider_account_id, other_account_id,
			credential_id)
		VALUES (v_tenant, provider_request.provider_account_id,
			(provider_request.request_data ->> 'other_account')::bigint, provider_request.result ->> 'credential_id')
		ON CONFLICT (tenant_id, provider_account_id, other_account_id) DO UPDATE
		SET credential_id = excluded.credential_id;
		PERFORM voiceagent_private.create_there(v_number, provider_request.provider_account_id,
			provider_request.result ->> 'credential_id');
	ELSIF provider_request.kind = 'create_number' AND provider_request.state = 'done' THEN
		UPDATE voiceagent.phone_numbers n
		SET state_reason = NULL, origin_account_id = n.provider_account_id, origin_number_id = n.provider_number_id,
			provider_account_id = provider_request.provider_account_id,
				provider_number_id = provider_request.result ->> 'number_id'
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id
			AND n.provider_account_id <> provider_request.provider_account_id;
		PERFORM voiceagent_private.poke('dialer');
	ELSIF provider_request.kind IN ('create_credential', 'create_number', 'configure_number') THEN
		UPDATE voiceagent.phone_numbers n SET state_reason = CASE WHEN provider_request.state <> 'done'
			THEN left(format('%s failed: %s', replace(provider_request.kind, '_', ' '), v_why), 500) END
		WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_number_request_done(voiceagent.provider_requests) IS
	'Applies a provider request that has ended, or is unknown, to the number that it was about.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler) VALUES
	('list_numbers', 'numbers_listed'), ('search_numbers', 'numbers_found'),
	('buy_number', 'on_number_request_done'), ('release_number', 'on_number_request_done'),
	('configure_number', 'on_number_request_done'), ('create_credential', 'on_number_request_done'),
	('create_number', 'on_number_request_done');

CREATE FUNCTION voiceagent_private.create_there(number voiceagent.phone_numbers, account bigint, credential_id text)
	RETURNS bigint
	LANGUAGE sql VOLATILE AS $$
	SELECT voiceagent_private.enqueue_provider_request(account, 'create_number', jsonb_strip_nulls(jsonb_build_object(
		'number', number.phone_number, 'number_id', number.provider_number_id,
		'name', coalesce(number.friendly_name, number.phone_number),
		'credential_id', credential_id, 'other_account', number.provider_account_id)), number => number.phone_number_id)
$$;
COMMENT ON FUNCTION voiceagent_private.create_there(voiceagent.phone_numbers, bigint, text) IS
	'Makes a number known to another account of the current tenant, which knows the number''s own account by '
	'credential_id; returns provider_request_id.';

/* ----- what tenants ask for ----- */

CREATE FUNCTION voiceagent.search_numbers(provider_account_id bigint, country text, area_code text DEFAULT NULL,
	contains text DEFAULT NULL, max_numbers integer DEFAULT 20) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.check_search(search_numbers.country, search_numbers.area_code, search_numbers.contains);
	PERFORM voiceagent_private.fail_if(coalesce(max_numbers, 0) NOT BETWEEN 1 AND 100, 'PT422',
		'max_numbers must be 1 to 100');
	PERFORM voiceagent_private.number_account(search_numbers.provider_account_id, 'search_numbers');
	RETURN voiceagent_private.enqueue_provider_request(search_numbers.provider_account_id,
		'search_numbers', jsonb_strip_nulls(jsonb_build_object(
			'country', upper(btrim(country)), 'area_code', nullif(btrim(area_code), ''),
			'contains', nullif(btrim(contains), ''), 'limit', max_numbers)));
END
$$;
COMMENT ON FUNCTION voiceagent.search_numbers(bigint, text, text, text, integer) IS
	E'Asks a carrier which numbers an account could buy: country (two letters), area_code, contains (digits that the '
	'number holds).\n'
	'Returns provider_request_id; voiceagent.provider_requests has the numbers in result, {"numbers": [{"number", '
	'"region", "monthly_cost", ...}]}. PT404, PT409, PT422 where the carrier sells none.';

CREATE FUNCTION voiceagent_private.check_search(country text, area_code text, contains text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(btrim(country), '') !~ '^[A-Za-z]{2}$', 'PT422',
		'country must be two letters', NULL, 'Such as US, GB or IN (ISO 3166-1).');
	PERFORM voiceagent_private.fail_if(btrim(area_code) !~ '^[0-9]{0,8}$' OR btrim(contains) !~ '^[0-9]{0,15}$',
		'PT422', 'an area code has 1 to 8 digits, and what the number is to contain at most 15');
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_search(text, text, text) IS
	'PT422 for a search of numbers that no carrier could understand.';

CREATE FUNCTION voiceagent.buy_number(provider_account_id bigint, phone_number text DEFAULT NULL,
	country text DEFAULT NULL, area_code text DEFAULT NULL, contains text DEFAULT NULL, friendly_name text DEFAULT NULL)
		RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_name text := nullif(btrim(buy_number.friendly_name), '');
	v_phone text := voiceagent_private.own_number(nullif(btrim(buy_number.phone_number), ''));
	v_result jsonb;
BEGIN
	PERFORM voiceagent_private.fail_if(length(v_name) > 200, 'PT422',
		'friendly_name must be a text of at most 200 characters');
	PERFORM voiceagent_private.number_account(buy_number.provider_account_id, 'buy_number');
	PERFORM voiceagent_private.lock_numbers(false);
	IF v_phone IS NOT NULL THEN
		v_result := voiceagent_private.order_number(buy_number.provider_account_id, v_phone, v_name);
	ELSE
		PERFORM voiceagent_private.number_account(buy_number.provider_account_id, 'search_numbers');
		PERFORM voiceagent_private.check_search(buy_number.country, buy_number.area_code, buy_number.contains);
		v_result := jsonb_build_object('phone_number_id', NULL,
			'provider_request_id', voiceagent_private.enqueue_provider_request(buy_number.provider_account_id,
				'search_numbers', jsonb_strip_nulls(jsonb_build_object('country', upper(btrim(buy_number.country)),
					'area_code', nullif(btrim(buy_number.area_code), ''),
					'contains', nullif(btrim(buy_number.contains), ''), 'limit', 10, 'buys', true, 'name', v_name))));
	END IF;
	PERFORM voiceagent_private.audit('buy_number', 'provider account ' || buy_number.provider_account_id, NULL,
		jsonb_strip_nulls(jsonb_build_object(
			'phone_number', v_phone, 'country', country, 'area_code', area_code, 'contains', contains)) || v_result);
	RETURN v_result;
END
$$;
COMMENT ON FUNCTION voiceagent.buy_number(bigint, text, text, text, text, text) IS
	E'Buys a number at a carrier, this one or the first that a search finds (country, area_code, contains), with the '
	'tenant''s money there.\n'
	'It returns {"provider_request_id", "phone_number_id"} (NULL while it is searched for); the number is ordered, '
	'then ready or refused with the reason. For owners; it raises PT404, PT409 if the tenant has the number (also a '
	'refused one), PT422.';

CREATE FUNCTION voiceagent.release_number(phone_number_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_number voiceagent.phone_numbers;
	v_provider_request bigint;
BEGIN
	PERFORM voiceagent_private.lock_numbers(true);
	v_number := voiceagent_private.find_number(release_number.phone_number_id);
	PERFORM voiceagent_private.fail_if(v_number.state <> 'ready', 'PT409',
		format('the phone number is %s', v_number.state), v_number.state_reason,
		'delete_phone_number() forgets it here.');
	PERFORM voiceagent_private.number_account(v_number.provider_account_id, 'release_number');
	PERFORM voiceagent_private.require_not_in_use(v_number.phone_number_id);
	UPDATE voiceagent.phone_numbers n
	SET state = 'releasing', state_reason = 'the carrier has been asked to take it back'
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id;
	v_provider_request := voiceagent_private.enqueue_provider_request(v_number.provider_account_id,
		'release_number', jsonb_strip_nulls(jsonb_build_object(
			'number', v_number.phone_number, 'number_id', v_number.provider_number_id)),
			number => v_number.phone_number_id);
	PERFORM voiceagent_private.audit('release_number', 'phone number ' || v_number.phone_number_id,
		jsonb_build_object('phone_number', v_number.phone_number),
		jsonb_build_object('provider_request_id', v_provider_request));
	RETURN v_provider_request;
END
$$;
COMMENT ON FUNCTION voiceagent.release_number(bigint) IS
	E'Gives a number back to the carrier, for owners; returns provider_request_id.\n'
	'A number that another account uses (connect_number()) goes back to its own first. Somebody else may get it: '
	'there is no way back. PT404, PT409 when it is in use as for delete_phone_number(), or not ready, PT422 where the '
	'carrier does not take numbers back.';

CREATE FUNCTION voiceagent.import_numbers(provider_account_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	PERFORM voiceagent_private.number_account(import_numbers.provider_account_id, 'list_numbers');
	PERFORM voiceagent_private.audit('import_numbers', 'provider account ' || import_numbers.provider_account_id);
	RETURN voiceagent_private.request_number_list(import_numbers.provider_account_id, 'import');
END
$$;
COMMENT ON FUNCTION voiceagent.import_numbers(bigint) IS
	E'Takes over the numbers that an account has at its carrier, and checks those that are there; returns the '
	'provider_request_id of the first page.\n'
	'Numbers that the carrier does not list any more are refused. PT404, PT409, PT422 where the carrier lists none.';

CREATE FUNCTION voiceagent.check_phone_number(phone_number_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_number voiceagent.phone_numbers;
BEGIN
	PERFORM voiceagent_private.lock_numbers(false);
	v_number := voiceagent_private.find_number(check_phone_number.phone_number_id);
	PERFORM voiceagent_private.fail_if(v_number.state NOT IN ('unchecked', 'ready', 'refused'), 'PT409',
		format('the phone number is %s', v_number.state));
	PERFORM voiceagent_private.number_account(v_number.provider_account_id, 'list_numbers');
	UPDATE voiceagent.phone_numbers n SET state = 'unchecked', state_reason = 'the carrier is being asked'
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id AND n.state = 'refused';
	RETURN voiceagent_private.request_number_list(v_number.provider_account_id, 'check');
END
$$;
COMMENT ON FUNCTION voiceagent.check_phone_number(bigint) IS
	E'Asks the carrier again whether a number is the account''s; returns provider_request_id.\n'
	'Its state is ready or refused when that is done. PT404, PT409, PT422 where the carrier lists none.';

CREATE FUNCTION voiceagent.connect_number(phone_number_id bigint, provider_account_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_account bigint := provider_account_id;
	v_number voiceagent.phone_numbers;
	v_credential text;
	v_provider_request bigint;
BEGIN
	PERFORM voiceagent_private.lock_numbers(true);
	v_number := voiceagent_private.find_number(connect_number.phone_number_id);
	PERFORM voiceagent_private.number_account(v_account, 'create_number');
	PERFORM voiceagent_private.fail_if(
		v_number.provider_account_id = v_account OR v_number.origin_account_id IS NOT NULL
			OR v_number.state <> 'ready', 'PT409', 'the phone number cannot be connected',
		CASE WHEN v_number.provider_account_id = v_account
				THEN 'The account has it.'
			WHEN v_number.origin_account_id IS NOT NULL THEN 'Another account uses it.'
			ELSE format('It is %s.', v_number.state) END);
	PERFORM voiceagent_private.require_not_in_use(v_number.phone_number_id);
	SELECT k.credential_id INTO v_credential FROM voiceagent_private.known_credentials k
	WHERE k.tenant_id = v_tenant AND k.provider_account_id = v_account
		AND k.other_account_id = v_number.provider_account_id;
	IF v_credential IS NULL AND voiceagent_private.driver_can((SELECT a.provider FROM voiceagent.provider_accounts a
			WHERE a.tenant_id = v_tenant AND a.provider_account_id = v_account), 'create_credential') THEN
		v_provider_request := voiceagent_private.enqueue_provider_request(v_account,
			'create_credential', jsonb_build_object('other_account', v_number.provider_account_id,
				'name', coalesce(v_number.friendly_name, v_number.phone_number)), number => v_number.phone_number_id);
	ELSE
		v_provider_request := voiceagent_private.create_there(v_number, v_account, v_credential);
	END IF;
	UPDATE voiceagent.phone_numbers n SET state_reason = 'being made known to another account'
	WHERE n.tenant_id = v_tenant AND n.phone_number_id = v_number.phone_number_id;
	PERFORM voiceagent_private.audit('connect_number', 'phone number ' || v_number.phone_number_id,
		to_jsonb(v_number.provider_account_id), to_jsonb(v_account));
	RETURN v_provider_request;
END
$$;
COMMENT ON FUNCTION voiceagent.connect_number(bigint, bigint) IS
	E'Lets another account (one that holds conversations) call and answer with a number of one carrier''s account: '
	'tells it that account''s credentials, then the number.\n'
	'For owners; returns provider_request_id. From then on the number stands at that account (origin_account_id keeps '
	'its own); release_number() takes it back. PT404, PT409, PT422.';

CREATE FUNCTION voiceagent.receive_calls(phone_number_id bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant('owner');
	v_number voiceagent.phone_numbers := voiceagent_private.find_number(receive_calls.phone_number_id);
BEGIN
	PERFORM voiceagent_private.fail_if(v_number.state <> 'ready', 'PT409',
		format('the phone number is %s', v_number.state), v_number.state_reason);
	PERFORM voiceagent_private.number_account(v_number.provider_account_id, 'configure_number');
	PERFORM voiceagent_private.require_ring(v_number.forward_to_number, 'forward');
	PERFORM voiceagent_private.audit('receive_calls', 'phone number ' || v_number.phone_number_id);
	RETURN voiceagent_private.enqueue_provider_request(v_number.provider_account_id,
		'configure_number', jsonb_strip_nulls(jsonb_build_object(
			'number', v_number.phone_number, 'number_id', v_number.provider_number_id,
			'fallback_number', v_number.forward_to_number)),
			number => v_number.phone_number_id);
END
$$;
COMMENT ON FUNCTION voiceagent.receive_calls(bigint) IS
	E'Tells the carrier to send calls to a number here, instead of where it sent them; for owners.\n'
	'Returns provider_request_id. A number that was bought here is reported so at once. PT404, PT409, PT422 '
	'where the carrier cannot be set (its console then).';
