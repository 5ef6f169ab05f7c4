/*
 * 35_provider: provider requests, every request to a carrier but dials and lookups.
 *
 * A provider request is a row that its tenant sees, and, while it is to be sent, a row
 * in provider_request_queue, where the worker's task (bgworkers/outbound/provider_requests.c) finds it
 * without knowing the tenant.  A round: ready_provider_requests(), then per tenant
 * claim_provider_requests() (commit, send), later record_provider_request() with the reply.
 *
 * A change of what the tenant owns or pays for (buy, release, create) is never sent again when its
 * arrival is uncertain: the provider request is then `unknown`, and the carrier's own list of numbers,
 * or a person, settles it (72_provider_request_ends.sql).  All else may be sent twice.
 *
 * Which requests may be sent: what changes something at a real carrier needs the database
 * armed (a copy must not act) and the account, too.  A request that only asks
 * may also be sent unarmed, so that a new account can be tested before anybody
 * is dialled, and so may one that ends a call: a person who answers after
 * disarm() would hear nothing, and the call could not be hung up.  But only from the database
 * in which the credentials were given (provider_accounts.home): a copy knows
 * the keys and the live calls of its original, and must not even ask.  While
 * the clock is moved no real carrier is used at all.
 *
 * A provider request holds no secret: credentials are named by their account, a call's
 * control URL is taken from its attempt when the provider request is sent.
 */

CREATE TABLE voiceagent.provider_requests (
	tenant_id bigint NOT NULL,
	provider_request_id bigint GENERATED ALWAYS AS IDENTITY,
	kind text NOT NULL CHECK (voiceagent_private.is_provider_request(kind)),
	provider_account_id bigint NOT NULL,
	call_id bigint,
	phone_number_id bigint,
	request_data jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(request_data) = 'object'),
	reference uuid NOT NULL DEFAULT gen_random_uuid(),
	state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'done', 'failed', 'unknown')),
	tries integer NOT NULL DEFAULT 0,
	next_at timestamptz,
	result jsonb,
	error text,
	created_at timestamptz NOT NULL,
	done_at timestamptz,
	PRIMARY KEY (tenant_id, provider_request_id),
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts,
	CHECK ((state IN ('queued', 'sending')) = (done_at IS NULL))
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.provider_requests IS
	'Requests to carriers other than dials: tests of an account, commands to live calls, numbers bought and released; '
	'what was asked, and what came of it.';
COMMENT ON COLUMN voiceagent.provider_requests.provider_request_id IS 'Number of the provider request.';
COMMENT ON COLUMN voiceagent.provider_requests.kind IS
	'check_account, balance, hangup, transfer, say, play, send_dtmf, answer, limit, check_playback, stream, record, '
	'fetch_recording, fetch_cost, list_numbers, search_numbers, buy_number, release_number, configure_number, '
	'create_credential, create_number, list_voices, create_assistant, update_assistant, fetch_assistant, '
	'find_assistant, delete_assistant, send_text, fetch_text, lookup_number.';
COMMENT ON COLUMN voiceagent.provider_requests.provider_account_id IS 'The account that the carrier is asked for.';
COMMENT ON COLUMN voiceagent.provider_requests.call_id IS 'The call that it is about; NULL: none.';
COMMENT ON COLUMN voiceagent.provider_requests.phone_number_id IS 'The number of ours that it is about; NULL: none.';
COMMENT ON COLUMN voiceagent.provider_requests.request_data IS
	E'The question, e.g. {"answer": {"kind": "forward", "forward_to": "+1..."}}; other_account is the provider '
	'account whose number or credentials are made known to this one.\n'
	'Never a secret.';
COMMENT ON COLUMN voiceagent.provider_requests.reference IS
	'Our name for it at carriers that take one; the same whenever it is sent.';
COMMENT ON COLUMN voiceagent.provider_requests.state IS
	'queued, sending (on its way, or the answer was lost), done, failed, unknown (it may have happened: never sent '
	'again, see unresolved_provider_requests).';
COMMENT ON COLUMN voiceagent.provider_requests.tries IS 'How often it was sent.';
COMMENT ON COLUMN voiceagent.provider_requests.next_at IS 'Not before, while it is queued.';
COMMENT ON COLUMN voiceagent.provider_requests.result IS
	'The carrier''s answer: kind, message (its own words), account_ref, balance, currency, numbers, number_id, cost, '
	'recording_url, ...';
COMMENT ON COLUMN voiceagent.provider_requests.error IS 'The last error, in words.';
COMMENT ON COLUMN voiceagent.provider_requests.done_at IS 'When it ended, or became unknown.';
CREATE INDEX provider_requests_call ON voiceagent.provider_requests (tenant_id, call_id, provider_request_id)
	WHERE call_id IS NOT NULL;
-- Most rows ask for a call's price, and no query looks for those by account.
CREATE INDEX provider_requests_account ON voiceagent.provider_requests (tenant_id, provider_account_id, kind,
	provider_request_id) WHERE provider_request_id IS NOT NULL AND kind <> 'fetch_cost';
CREATE INDEX provider_requests_done ON voiceagent.provider_requests (tenant_id, done_at) WHERE done_at IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.provider_requests', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended, condition) VALUES
	('provider_requests', 'Requests to carriers, but for dials, that have ended', 'voiceagent.provider_requests',
	'done_at', 'o.state <> ''unknown''');

CREATE TABLE voiceagent_private.provider_request_queue (
	tenant_id bigint NOT NULL,
	provider_request_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	next_at timestamptz NOT NULL,
	sent_at timestamptz,
	claimed boolean NOT NULL DEFAULT false,
	rank smallint NOT NULL DEFAULT 1,
	PRIMARY KEY (tenant_id, provider_request_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.provider_request_queue IS
	'Provider requests that are to be sent, or are on their way; one that has ended leaves it.';
COMMENT ON COLUMN voiceagent_private.provider_request_queue.next_at IS
	'Not before; while it is claimed: when its answer counts as lost.';
COMMENT ON COLUMN voiceagent_private.provider_request_queue.sent_at IS 'When it was claimed last; NULL: never.';
COMMENT ON COLUMN voiceagent_private.provider_request_queue.claimed IS 'True: it is on its way.';
COMMENT ON COLUMN voiceagent_private.provider_request_queue.rank IS 'Lower ones go first, however many wait.';
-- "IS NOT NULL": see call_queue_claim.
CREATE INDEX provider_request_queue_due ON voiceagent_private.provider_request_queue (tenant_id, rank, next_at)
	WHERE next_at IS NOT NULL;
CREATE INDEX provider_request_queue_claimed
	ON voiceagent_private.provider_request_queue (tenant_id, provider_account_id) WHERE claimed;
SELECT voiceagent_private.guard_table('voiceagent_private.provider_request_queue', 'routing', waits => '{next_at}');

/* ----- what kinds there are ----- */

CREATE FUNCTION voiceagent_private.provider_request_is_once(kind text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kind IN ('buy_number', 'release_number', 'create_number', 'create_credential', 'create_assistant',
		'send_text');
COMMENT ON FUNCTION voiceagent_private.provider_request_is_once(text) IS
	'Provider requests that change what the tenant owns or pays for: never sent again when it is not '
	'known whether they arrived.';

/* ----- in ----- */

-- The fields that name the call are provider_call_id, control_url and attempt_ref.
CREATE FUNCTION voiceagent_private.enqueue_provider_request(account bigint, kind text, request_data jsonb DEFAULT '{}',
	call bigint DEFAULT NULL, number bigint DEFAULT NULL, not_before timestamptz DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_provider text;
	v_provider_request bigint;
BEGIN
	SELECT a.provider INTO v_provider FROM voiceagent.provider_accounts a
	WHERE a.tenant_id = v_tenant AND a.provider_account_id = account;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such provider account');
	PERFORM voiceagent_private.fail_if(NOT voiceagent_private.driver_can(v_provider, kind), 'PT422',
		format('%s does not offer this: %s', voiceagent_private.driver_title(v_provider), replace(kind, '_', ' ')),
		NULL, 'The view voiceagent.providers shows what each carrier can do.');
	INSERT INTO voiceagent.provider_requests (tenant_id, kind, provider_account_id, call_id, phone_number_id,
		request_data, next_at, created_at)
	VALUES (v_tenant, kind, account, call, number, coalesce(request_data, '{}'), greatest(not_before, v_now), v_now)
	RETURNING provider_request_id INTO v_provider_request;
	INSERT INTO voiceagent_private.provider_request_queue (tenant_id, provider_request_id, provider_account_id,
		next_at, rank)
	VALUES (v_tenant, v_provider_request, account, greatest(not_before, v_now),
		-- A person waits for the first; no one for the others.
		CASE WHEN kind = 'hangup' THEN 0 WHEN kind IN ('fetch_cost', 'fetch_recording') THEN 2 ELSE 1 END);
	PERFORM voiceagent_private.poke('provider_requests');
	RETURN v_provider_request;
END
$$;
COMMENT ON FUNCTION voiceagent_private.enqueue_provider_request(bigint, text, jsonb, bigint, bigint, timestamptz) IS
	E'Has the process requests send a request to the carrier of an account of the current tenant, and returns its '
	'provider_request_id.\n'
	'request_data: the fields of VaProviderRequest (answer: an object; other_account: a provider_account_id); those '
	'that name the call are filled in when it is sent. '
	'on_provider_request_done() is called at its end; PT404, PT422 where the carrier lacks it.';

/* ----- out ----- */

CREATE TABLE voiceagent_private.provider_request_handlers (
	kind text PRIMARY KEY CHECK (voiceagent_private.is_provider_request(kind)),
	handler name NOT NULL,
	filler name
);
COMMENT ON TABLE voiceagent_private.provider_request_handlers IS
	'The function of a later room that is called when a provider request of a kind has ended, or is unknown.';
COMMENT ON COLUMN voiceagent_private.provider_request_handlers.kind IS 'The kind.';
COMMENT ON COLUMN voiceagent_private.provider_request_handlers.handler IS
	'A function of voiceagent_private that takes the row of provider_requests.';
COMMENT ON COLUMN voiceagent_private.provider_request_handlers.filler IS
	'A function of voiceagent_private that takes provider_request_id and says what is sent beside request_data; NULL: '
	'nothing.';
SELECT voiceagent_private.guard_table('voiceagent_private.provider_request_handlers', 'platform', 'WHERE false');

CREATE FUNCTION voiceagent_private.on_provider_request_done(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_handler name := (SELECT h.handler FROM voiceagent_private.provider_request_handlers h
		WHERE h.kind = provider_request.kind);
BEGIN
	IF v_handler IS NOT NULL THEN
		EXECUTE format('SELECT voiceagent_private.%I($1)', v_handler) USING provider_request;
	END IF;
EXCEPTION
	-- Somebody holds a row: the worker comes again. Whatever else goes wrong must not keep the
	-- provider request from ending.
	WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN
		RAISE;
	WHEN OTHERS THEN
		UPDATE voiceagent.provider_requests e
		SET error = left(concat_ws('; ', e.error, 'its result could not be used: ' || SQLERRM), 1000)
		WHERE e.tenant_id = provider_request.tenant_id AND e.provider_request_id = provider_request.provider_request_id;
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_provider_request_done(voiceagent.provider_requests) IS
	'Tells the room that a provider request of the current tenant belongs to that it has ended (done, failed), or '
	'is unknown; one that is unknown is reported again when that is settled.';

/* ----- for the task ----- */

-- Tenants that are not active take their turns, too: a call may have to end. Three descents of the index each, a rank.
SELECT voiceagent_private.make_queue('provider_requests', 'voiceagent_private.provider_request_queue',
	for_inactive => true, due => '(SELECT min(f.next_at) FROM generate_series(0, 2) r
			CROSS JOIN LATERAL (SELECT q.next_at FROM voiceagent_private.provider_request_queue q
				WHERE q.tenant_id = v_tenant AND q.rank = r AND q.next_at IS NOT NULL ORDER BY q.next_at LIMIT 1) f)');

CREATE FUNCTION voiceagent_private.provider_request_obstacle(kind text, provider text, armed_at timestamptz, home text,
	may_ask boolean, may_act boolean)
	RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF provider = 'sandbox' THEN
		RETURN NULL;
	ELSIF NOT may_ask THEN
		RETURN 'real carriers are not used while the clock is moved';
	ELSIF (kind IN ('check_account', 'balance', 'check_playback', 'list_numbers', 'search_numbers', 'fetch_cost',
		'fetch_recording', 'fetch_text', 'list_voices', 'fetch_assistant', 'find_assistant')) OR kind = 'hangup' THEN
		RETURN CASE WHEN NOT may_act AND home <> voiceagent_private.home()
			THEN 'the account''s credentials were given in another database than this copy: '
				'arm this one, or give them again' END;
	ELSIF NOT may_act THEN
		RETURN 'this database may not use real carriers: '
			|| coalesce(voiceagent_private.real_carriers_wait(), 'it was not armed a moment ago');
	ELSIF armed_at IS NULL THEN
		RETURN 'the provider account is not armed';
	ELSIF voiceagent_private.lacks_public_url(provider) THEN
		RETURN 'voiceagent.public_base_url is not set: the carrier could not reach us';
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.provider_request_obstacle(text, text, timestamptz, text, boolean, boolean) IS
	E'Why a provider request of this kind may not be sent for an account (its provider, armed_at and home); NULL: it '
	'may.\n'
	'may_ask: the clock is the real one; may_act: this database may use real carriers. A request that only asks, or '
	'ends a call, also goes from an unarmed database if the credentials were given in it: a copy must not even ask.';

CREATE FUNCTION voiceagent_private.call_of_provider_request(call bigint, kind text, OUT known jsonb, OUT waits boolean,
	OUT over boolean)
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v record;
BEGIN
	-- The sandbox listens elsewhere when it has started again, and goes on with its calls.
	SELECT c.outcome, coalesce(a.provider_call_id, c.provider_call_id) AS provider_call_id, a.reference,
		CASE WHEN p.provider = 'sandbox' AND voiceagent_private.sandbox_address() IS NOT NULL
			THEN regexp_replace(a.control_url, '^http://[^/]*', voiceagent_private.sandbox_address())
			ELSE a.control_url END AS control_url INTO v
	FROM voiceagent.calls c
	LEFT JOIN voiceagent.attempts a ON a.tenant_id = v_tenant AND a.call_id = c.call_id
	LEFT JOIN voiceagent.provider_accounts p ON p.tenant_id = v_tenant AND p.provider_account_id = a.provider_account_id
	WHERE c.tenant_id = v_tenant AND c.call_id = call;
	over := NOT FOUND OR (v.outcome IS NOT NULL AND NOT kind IN ('fetch_cost', 'fetch_recording'));
	waits := NOT over AND v.provider_call_id IS NULL;
	known := jsonb_strip_nulls(jsonb_build_object('provider_call_id', v.provider_call_id, 'control_url', v.control_url,
		'attempt_ref', v.reference));
END
$$;
COMMENT ON FUNCTION voiceagent_private.call_of_provider_request(bigint, text) IS
	'Facts on the call of a provider request, under the names of request_data; waits: the carrier''s name of it is '
	'not known yet; over: there is nothing left to be done.';

CREATE TYPE voiceagent_private.claimed_provider_request AS (
	provider_request_id bigint,
	kind text,
	provider_account_id bigint,
	other_account_id bigint,
	request_data text
);
COMMENT ON TYPE voiceagent_private.claimed_provider_request IS
	'A provider request to be sent now: request_data as JSON, whole.';

CREATE FUNCTION voiceagent_private.claim_provider_requests(max_provider_requests integer, may_ask boolean,
	may_act boolean, lease interval, max_hangups integer DEFAULT 16)
	RETURNS SETOF voiceagent_private.claimed_provider_request
	LANGUAGE plpgsql VOLATILE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_concurrency integer := voiceagent_private.platform_setting('provider_request_concurrency')::integer;
	v_left integer := max_provider_requests;
	v_hangups_left integer := max_hangups;
	v_problem text;
	v_call record;
	v_wait interval;
	v_filler name;
	v_more jsonb;
	v record;
	r voiceagent_private.claimed_provider_request;
	c_read CONSTANT integer := 200;
BEGIN
	FOR v IN
		SELECT e.*, a.provider, a.active, a.armed_at, a.home, q.rank
		FROM generate_series(0, 2) r
		CROSS JOIN LATERAL (SELECT q.provider_request_id, q.next_at, q.rank
			FROM voiceagent_private.provider_request_queue q
			WHERE q.tenant_id = v_tenant AND q.rank = r AND q.next_at <= v_now
			ORDER BY q.next_at LIMIT c_read FOR UPDATE SKIP LOCKED) q
		CROSS JOIN LATERAL (SELECT * FROM voiceagent.provider_requests o
			WHERE o.tenant_id = v_tenant AND o.provider_request_id = q.provider_request_id OFFSET 0) e
		CROSS JOIN LATERAL (SELECT * FROM voiceagent.provider_accounts p
			WHERE p.tenant_id = v_tenant AND p.provider_account_id = e.provider_account_id OFFSET 0) a
		ORDER BY q.rank, q.next_at
	LOOP
		EXIT WHEN v_left <= 0 AND (v_hangups_left <= 0 OR v.rank > 0);
		CONTINUE WHEN v.rank = 0 AND v_hangups_left <= 0;
		IF v.state = 'sending' AND voiceagent_private.provider_request_is_once(v.kind) THEN
			PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'unknown', NULL,
				'the carrier''s answer was lost');
			CONTINUE;
		END IF;
		-- A number that was deleted meanwhile need not be paid for.
		IF v.kind = 'buy_number' AND v.phone_number_id IS NOT NULL AND EXISTS (SELECT FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone_number_id = v.phone_number_id AND n.removed_at IS NOT NULL) THEN
			PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'failed', NULL,
				'the number was deleted before it was bought');
			CONTINUE;
		END IF;
		v_problem := CASE WHEN NOT v.active
			AND voiceagent_private.provider_request_is_once(v.kind) THEN 'the provider account is not active'
			ELSE voiceagent_private.provider_request_obstacle(v.kind, v.provider, v.armed_at, v.home, may_ask,
				may_act) END;
		v_problem := coalesce(v_problem, voiceagent_private.ring_obstacle(v.request_data));
		IF v_problem IS NOT NULL THEN
			PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'failed', NULL, v_problem);
			CONTINUE;
		END IF;
		r.request_data := NULL;
		IF v.call_id IS NOT NULL THEN
			SELECT * INTO v_call FROM voiceagent_private.call_of_provider_request(v.call_id, v.kind);
			-- A call that is over needs no hangup.
			IF v_call.over AND v.kind = 'hangup' THEN
				PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'done',
					'{"kind": "accepted", "already": true}', NULL);
				CONTINUE;
			ELSIF v_call.over THEN
				PERFORM voiceagent_private.end_provider_request(v.provider_request_id, 'failed', NULL,
					'the call is over');
				CONTINUE;
			ELSIF v_call.waits AND NOT v.request_data ? 'provider_call_id' THEN
				v_wait := least(greatest((v_now - v.created_at) / 4, interval '0.3 seconds'), interval '10 seconds');
				UPDATE voiceagent_private.provider_request_queue q SET next_at = v_now + v_wait, claimed = false
				WHERE q.tenant_id = v_tenant AND q.provider_request_id = v.provider_request_id;
				CONTINUE;
			END IF;
			r.request_data := (v_call.known || v.request_data)::text;
		END IF;
		CONTINUE WHEN v.kind <> 'hangup'
			AND v_concurrency <= (SELECT count(*) FROM voiceagent_private.provider_request_queue q
				WHERE q.tenant_id = v_tenant AND q.provider_account_id = v.provider_account_id AND q.claimed
					AND q.next_at > v_now);
		UPDATE voiceagent_private.provider_request_queue q SET claimed = true, next_at = v_now + lease, sent_at = v_now
		WHERE q.tenant_id = v_tenant AND q.provider_request_id = v.provider_request_id;
		UPDATE voiceagent.provider_requests e SET state = 'sending', tries = e.tries + 1, next_at = NULL
		WHERE e.tenant_id = v_tenant AND e.provider_request_id = v.provider_request_id;
		SELECT h.filler INTO v_filler FROM voiceagent_private.provider_request_handlers h WHERE h.kind = v.kind;
		IF v_filler IS NOT NULL THEN
			-- A name from a table of ours.  @plpgsql_check_options: security_warnings = off
			EXECUTE format('SELECT voiceagent_private.%I($1)', v_filler) INTO v_more USING v.provider_request_id;
			r.request_data := (v.request_data || coalesce(v_more, '{}'))::text;
		END IF;
		r.provider_request_id := v.provider_request_id;
		r.kind := v.kind;
		r.provider_account_id := v.provider_account_id;
		r.other_account_id := (v.request_data ->> 'other_account')::bigint;
		r.request_data := (coalesce(r.request_data::jsonb, v.request_data)
			|| jsonb_build_object('provider_request_ref', v.reference))::text;
		IF v.rank = 0 THEN
			v_hangups_left := v_hangups_left - 1;
		ELSE
			v_left := v_left - 1;
		END IF;
		RETURN NEXT r;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.claim_provider_requests(integer, boolean, boolean, interval, integer) IS
	E'Due provider requests of the current tenant, leased from now; those that may not be sent end at once.\n'
	'At most max_provider_requests, for one account no more than the setting provider_request_concurrency, and beside '
	'them max_hangups that end\n'
	'a call. may_ask, may_act: see provider_request_obstacle().';

CREATE FUNCTION voiceagent_private.record_provider_request(provider_request_id bigint, kind text, result jsonb,
	error text, retry_after_s integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_sent timestamptz := (SELECT q.sent_at FROM voiceagent_private.provider_request_queue q
		WHERE q.tenant_id = v_tenant AND q.provider_request_id = record_provider_request.provider_request_id);
	v voiceagent.provider_requests;
BEGIN
	SELECT * INTO v FROM voiceagent.provider_requests e
	WHERE e.tenant_id = v_tenant AND e.provider_request_id = record_provider_request.provider_request_id
	FOR NO KEY UPDATE;
	-- An answer may come after its lease; it was sent once, so it says what happened.
	IF NOT FOUND OR NOT (v.state = 'sending'
		OR v.state = 'unknown' AND kind IN ('accepted', 'refused_permanent', 'bad_account')) THEN
		RETURN;
	ELSIF kind = 'accepted' AND v.kind = 'fetch_cost' THEN
		PERFORM voiceagent_private.on_cost_fetched(v, result);
	ELSIF kind = 'accepted' THEN
		PERFORM voiceagent_private.end_provider_request(provider_request_id, 'done', result, NULL);
		-- The next step, which is a request of its own.
		IF result ? 'next' THEN
			PERFORM voiceagent_private.enqueue_provider_request(v.provider_account_id, v.kind,
				v.request_data || jsonb_build_object('control_url', result -> 'next'), v.call_id);
		END IF;
	ELSIF kind IN ('refused_permanent', 'bad_account') THEN
		PERFORM voiceagent_private.end_provider_request(provider_request_id, 'failed', result, error);
	ELSIF kind = 'unknown' AND voiceagent_private.provider_request_is_once(v.kind) THEN
		PERFORM voiceagent_private.end_provider_request(provider_request_id, 'unknown', result, error);
	-- Somebody waits for a test's answer; that a new secret works is asked again.
	ELSIF v.tries >= (CASE WHEN v.kind = 'check_account' AND NOT v.request_data ? 'rotated' THEN 2
			ELSE voiceagent_private.setting_integer('provider_request_tries') END) THEN
		PERFORM voiceagent_private.end_provider_request(provider_request_id, 'failed', result, error);
	ELSE
		PERFORM voiceagent_private.resend_provider_request(v, kind, result, error, retry_after_s);
	END IF;
	-- Last: a session that dials takes the campaigns' rows before the account's.
	PERFORM voiceagent_private.adapt_dial_rate(v.provider_account_id, kind, v_sent, error, retry_after_s);
END
$$;
COMMENT ON FUNCTION voiceagent_private.record_provider_request(bigint, text, jsonb, text, integer) IS
	E'The reply to a provider request of the current tenant takes its effect: kind as va_dial_kind_name() gives it.\n'
	'It is done, failed, sent again later (in retry_after_s at the earliest), or unknown. '
	'One that says that the account asks too often slows the account down, as one to a dial does.';

CREATE FUNCTION voiceagent_private.resend_provider_request(provider_request voiceagent.provider_requests, kind text,
	result jsonb, error text, retry_after_s integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Not in step with the others that failed for the same reason.
	v_next timestamptz := voiceagent.clock()
		+ greatest(least(interval '1 second' * power(2, least(provider_request.tries, 20) - 1), interval '5 minutes')
			* (1 + 0.1 * random()), interval '1 second' * coalesce(retry_after_s, 0));
BEGIN
	UPDATE voiceagent.provider_requests e
	SET state = 'queued', next_at = v_next, error = left(resend_provider_request.error, 1000),
		result = coalesce(resend_provider_request.result, e.result)
	WHERE e.tenant_id = provider_request.tenant_id AND e.provider_request_id = provider_request.provider_request_id;
	UPDATE voiceagent_private.provider_request_queue q SET claimed = false, next_at = v_next
	WHERE q.tenant_id = provider_request.tenant_id AND q.provider_request_id = provider_request.provider_request_id;
	IF kind = 'rate_limited' AND retry_after_s > 0 THEN
		-- The other requests for the account wait as long; one that ends a call does not.
		UPDATE voiceagent_private.provider_request_queue q SET next_at = v_next
		FROM voiceagent.provider_requests e
		WHERE q.tenant_id = provider_request.tenant_id AND q.provider_account_id = provider_request.provider_account_id
			AND NOT q.claimed AND q.next_at < v_next
			AND e.tenant_id = provider_request.tenant_id AND e.provider_request_id = q.provider_request_id
			AND e.kind <> 'hangup';
	END IF;
END
$$;
COMMENT
	ON FUNCTION voiceagent_private.resend_provider_request(voiceagent.provider_requests, text, jsonb, text, integer) IS
	'A provider request of the current tenant that surely did not happen, or may happen twice, is to be sent again: '
	'later each time, and not before retry_after_s.';
