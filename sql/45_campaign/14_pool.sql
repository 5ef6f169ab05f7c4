/*
 * 45_campaign: the numbers that a campaign calls with.
 *
 * A campaign with a pool calls with a number of its pool that the dialling
 * account has, and with each at most once at a time (live_calls.phone_number_id
 * is unique).  The claim alone counts a number's calls of today, which is the
 * tenant's only one: calls as it places them; seconds of the last call, and
 * whether it counted at all, when it next looks at the number, from the call's
 * own row.  So no session waits for these rows, and nothing can drift from the
 * calls.
 */

ALTER TABLE voiceagent.phone_numbers ADD FOREIGN KEY (tenant_id, ai_assistant_id) REFERENCES voiceagent.assistants;

CREATE TABLE voiceagent.campaign_numbers (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	phone_number_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, phone_number_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns,
	FOREIGN KEY (tenant_id, phone_number_id) REFERENCES voiceagent.phone_numbers
);
COMMENT ON TABLE voiceagent.campaign_numbers IS
	'The pool of numbers that a campaign calls with; a campaign without one calls with its account''s own number.';
CREATE INDEX campaign_numbers_number ON voiceagent.campaign_numbers (tenant_id, phone_number_id)
	WHERE phone_number_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.campaign_numbers', 'tenant');

CREATE TABLE voiceagent_private.number_use (
	tenant_id bigint NOT NULL,
	phone_number_id bigint NOT NULL,
	day date NOT NULL,
	calls integer NOT NULL CHECK (calls >= 0),
	seconds numeric NOT NULL CHECK (seconds >= 0),
	last_call_id bigint NOT NULL,
	score double precision NOT NULL DEFAULT 0,
	judged integer NOT NULL DEFAULT 0,
	reached integer NOT NULL DEFAULT 0,
	rested_at timestamptz,
	rests_until timestamptz,
	rest_reason text,
	spam_marks integer NOT NULL DEFAULT 0,
	spam_marked_at timestamptz,
	attestation text,
	attested_at timestamptz,
	PRIMARY KEY (tenant_id, phone_number_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.number_use IS
	E'A pool number''s calls on its latest day: for the turns of its pool, and the cap of a day; and its health '
	'(assess_callers()).\n'
	'Written by the claim, and by who ends a rest while none is under way.';
COMMENT ON COLUMN voiceagent_private.number_use.day IS 'The day, by the clock of the number''s zone.';
COMMENT ON COLUMN voiceagent_private.number_use.calls IS
	'Calls placed that day that count (calls.counts: what the carrier refused does not), and the last one, whose own '
	'row says whether it does.';
COMMENT ON COLUMN voiceagent_private.number_use.seconds IS
	'Seconds of that day''s calls but the last, whose own row has them.';
COMMENT ON COLUMN voiceagent_private.number_use.last_call_id IS 'The last call.';
COMMENT ON COLUMN voiceagent_private.number_use.score IS
	'How much speaks for it that the number is answered half as often as its pool, as the logarithm of a likelihood.';
COMMENT ON COLUMN voiceagent_private.number_use.judged IS
	'Calls of the test that goes on; it begins anew when decided.';
COMMENT ON COLUMN voiceagent_private.number_use.reached IS 'How many of them a person answered.';
COMMENT ON COLUMN voiceagent_private.number_use.rests_until IS 'No pool uses it before; NULL: it has never rested.';
COMMENT ON COLUMN voiceagent_private.number_use.spam_marks IS 'Calls that were turned away as unwanted (SIP 607, 608).';
COMMENT ON COLUMN voiceagent_private.number_use.attestation IS
	'Its carrier''s last word on the signature of a call (STIR/SHAKEN): A, B, C, below A or none; NULL: nothing.';
COMMENT ON COLUMN voiceagent_private.number_use.attested_at IS 'When that was last looked for: once a day.';
CREATE INDEX number_use_resting ON voiceagent_private.number_use (tenant_id, rests_until) WHERE rests_until IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent_private.number_use', 'internal', waits => '{rests_until}');

CREATE TYPE voiceagent_private.caller AS (
	campaign_id bigint,
	phone_number_id bigint,
	phone text,
	region text,
	day date,
	calls integer,
	seconds numeric,
	live boolean,
	capped_until timestamptz
);
COMMENT ON TYPE voiceagent_private.caller IS
	'A usable number of a campaign''s pool: what it has done today, whether a call is live on it, and until when its '
	'cap of a day holds, or it rests (NULL: neither).';

CREATE FUNCTION voiceagent_private.list_callers(campaign_id bigint, provider_account_id bigint, per_day integer,
	at timestamptz)
	RETURNS voiceagent_private.caller[] LANGUAGE plpgsql STABLE
	SET planner.policy = row_by_row
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_campaign bigint := campaign_id;
	v_account bigint := provider_account_id;
BEGIN
	RETURN ARRAY(
		SELECT ROW(r.*)::voiceagent_private.caller
		FROM (SELECT v_campaign AS campaign_id, m.phone_number_id, n.phone_number AS phone,
			coalesce(nullif(n.region, ''), n.country) AS region, d.day, d.calls, d.seconds, l.live,
			greatest(CASE WHEN per_day > 0 AND d.calls >= per_day THEN voiceagent_private.next_local_day(n.timezone, at)
				END, CASE WHEN u.rests_until > at THEN u.rests_until END) AS capped_until
		FROM voiceagent.campaign_numbers m
		CROSS JOIN LATERAL (SELECT n.phone_number, n.country, n.region, n.timezone FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone_number_id = m.phone_number_id AND n.provider_account_id = v_account
				AND n.state = 'ready' AND n.is_active AND n.spam_since IS NULL OFFSET 0) n
		LEFT JOIN LATERAL (SELECT u.day, u.calls, u.seconds, u.last_call_id, u.rests_until
			FROM voiceagent_private.number_use u
			WHERE u.tenant_id = v_tenant AND u.phone_number_id = m.phone_number_id OFFSET 0) u ON true
		LEFT JOIN LATERAL (SELECT c.duration_seconds, c.counts FROM voiceagent.calls c
			WHERE c.tenant_id = v_tenant AND c.call_id = u.last_call_id OFFSET 0) c ON true
		CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM voiceagent_private.live_calls l
			WHERE l.tenant_id = v_tenant AND l.phone_number_id = m.phone_number_id) AS live OFFSET 0) l
		CROSS JOIN LATERAL (SELECT t.today AS day,
			CASE WHEN u.day = t.today THEN u.calls - CASE WHEN NOT c.counts THEN 1 ELSE 0 END ELSE 0 END AS calls,
				CASE WHEN u.day = t.today THEN u.seconds + coalesce(c.duration_seconds, 0) ELSE 0 END AS seconds
			FROM (SELECT (at AT TIME ZONE n.timezone)::date AS today) t OFFSET 0) d
		WHERE m.tenant_id = v_tenant AND m.campaign_id = v_campaign) r
		ORDER BY r.calls, r.seconds, r.phone_number_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.list_callers(bigint, bigint, integer, timestamptz) IS
	'The usable numbers of a campaign''s pool that the carrier account has, the least used today first; per_day: '
	'calls that each may make on a day (0: any).';

CREATE FUNCTION voiceagent_private.assign_callers(campaign_ids bigint[], phones text[], regions text[],
	caller_ids bigint[], caller_campaigns bigint[], caller_phones text[], caller_regions text[]) RETURNS bigint[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_assign_callers';
COMMENT ON FUNCTION voiceagent_private.assign_callers(bigint[], text[], text[], bigint[], bigint[], text[], text[]) IS
	E'Which number calls whom: one of the callers of the call''s campaign, each at most once, those of the same area '
	'code first, then of the same state, then of the same country, then any; of equals the first.\n'
	'0: none is left. Callers are numbers of campaigns, in the order in which they take turns.';

CREATE FUNCTION voiceagent_private.check_pool(phone_number_ids bigint[]) RETURNS bigint[]
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_ids bigint[];
	v_unknown text;
BEGIN
	PERFORM voiceagent_private.fail_if(cardinality(phone_number_ids) > 10000, 'PT422',
		'a pool has at most 10000 numbers');
	v_ids := ARRAY(SELECT DISTINCT i FROM unnest(phone_number_ids) i ORDER BY i);
	PERFORM voiceagent_private.lock_numbers(false);
	SELECT string_agg(u.id, ', ') INTO v_unknown FROM (
		SELECT coalesce(i.id::text, 'null') AS id FROM unnest(v_ids) AS i(id)
		WHERE NOT EXISTS (SELECT FROM voiceagent.phone_numbers n
			WHERE n.tenant_id = v_tenant AND n.phone_number_id = i.id AND n.removed_at IS NULL OFFSET 0)
		ORDER BY i.id LIMIT 10) u;
	PERFORM voiceagent_private.fail_if(v_unknown IS NOT NULL, 'PT404', 'there is no such phone number',
		format('Unknown: %s.', v_unknown), 'The table phone_numbers has those of the tenant.');
	RETURN v_ids;
END
$$;
COMMENT ON FUNCTION voiceagent_private.check_pool(bigint[]) IS
	E'Takes the current tenant''s numbers (lock_numbers()) and gives these ids once each, in order; PT404 names those '
	'that it does not have.\n'
	'Before any lock of a campaign.';

CREATE FUNCTION voiceagent_private.pool_in_settings(settings jsonb) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_key text := CASE WHEN settings ? 'phone_number_ids' THEN 'phone_number_ids' ELSE 'phone_numbers' END;
	v_unknown text;
	v_ids bigint[];
BEGIN
	IF jsonb_typeof(settings) IS DISTINCT FROM 'object' OR NOT settings ? v_key THEN
		RETURN NULL;
	ELSIF settings ?& '{phone_number_ids,phone_numbers}' THEN
		PERFORM voiceagent_private.fail('PT422',
			'a pool is given by phone_number_ids or by phone_numbers, not by both');
	ELSIF settings -> v_key = 'null' THEN
		RETURN voiceagent_private.check_pool('{}');
	ELSIF jsonb_typeof(settings -> v_key) <> 'array' OR EXISTS (SELECT FROM jsonb_array_elements(settings -> v_key) e
			WHERE CASE v_key WHEN 'phone_numbers' THEN jsonb_typeof(e) <> 'string'
				ELSE e #>> '{}' !~ '^[0-9]{1,18}$' END IS NOT false) THEN
		PERFORM voiceagent_private.fail('PT422',
			format('%s must be a list of %s', v_key, CASE v_key WHEN 'phone_numbers'
				THEN 'phone numbers' ELSE 'ids of phone numbers' END), format('Got %s.', left((settings -> v_key)::text,
					200)),
			CASE v_key WHEN 'phone_numbers' THEN 'For example ["+12125550142"].' ELSE 'For example [1, 2].' END);
	ELSIF v_key = 'phone_number_ids' THEN
		RETURN voiceagent_private.check_pool(
			ARRAY(SELECT e::bigint FROM jsonb_array_elements_text(settings -> v_key) e));
	END IF;
	SELECT array_agg(n.phone_number_id),
		string_agg(x.phone, ', ' ORDER BY x.phone) FILTER (WHERE n.phone_number_id IS NULL)
	INTO v_ids, v_unknown
	FROM (SELECT DISTINCT voiceagent_private.own_number(e) AS phone
		FROM jsonb_array_elements_text(settings -> v_key) e) x
	LEFT JOIN LATERAL (SELECT n.phone_number_id FROM voiceagent.phone_numbers n
		WHERE n.tenant_id = v_tenant AND n.phone_number = x.phone AND n.removed_at IS NULL OFFSET 0) n ON true;
	PERFORM voiceagent_private.fail_if(v_unknown IS NOT NULL, 'PT404', 'there is no such phone number',
		format('Unknown: %s.', v_unknown), 'The table phone_numbers has those of the tenant.');
	RETURN voiceagent_private.check_pool(coalesce(v_ids, '{}'));
END
$$;
COMMENT ON FUNCTION voiceagent_private.pool_in_settings(jsonb) IS
	E'The pool that phone_number_ids or phone_numbers among a campaign''s settings name, checked as by check_pool(); '
	'null: an empty one.\n'
	'NULL, and no lock, when neither is there. PT404, PT422.';

CREATE FUNCTION voiceagent_private.write_pool(campaign_id bigint, phone_number_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_old bigint[] := ARRAY(SELECT m.phone_number_id FROM voiceagent.campaign_numbers m
		WHERE m.tenant_id = v_tenant AND m.campaign_id = write_pool.campaign_id ORDER BY m.phone_number_id);
BEGIN
	IF phone_number_ids IS NULL OR phone_number_ids = v_old THEN
		RETURN;
	END IF;
	DELETE FROM voiceagent.campaign_numbers m
	WHERE m.tenant_id = v_tenant AND m.campaign_id = write_pool.campaign_id
		AND m.phone_number_id <> ALL (phone_number_ids);
	INSERT INTO voiceagent.campaign_numbers (tenant_id, campaign_id, phone_number_id)
	SELECT v_tenant, write_pool.campaign_id, i FROM unnest(phone_number_ids) i ON CONFLICT DO NOTHING;
	PERFORM voiceagent_private.audit('set_campaign_numbers', 'campaign ' || write_pool.campaign_id, to_jsonb(v_old),
		to_jsonb(phone_number_ids));
	PERFORM voiceagent_private.poke('dialer');
END
$$;
COMMENT ON FUNCTION voiceagent_private.write_pool(bigint, bigint[]) IS
	'Gives a campaign of the current tenant, which the caller has locked or made, this pool (of check_pool()); '
	'NULL: leaves what it has.';

-- Only numbers of the account that dials are used. While all that it has are busy, the next account of the campaign's
-- list that has a free one dials. When they have had their calls of the day, or may not be used, the next account that
-- may dial does, with its own number if it has none of the pool.
CREATE FUNCTION voiceagent.set_campaign_numbers(campaign_id bigint, phone_number_ids bigint[]) RETURNS integer
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_ids bigint[];
BEGIN
	PERFORM voiceagent_private.writer_tenant();
	v_ids := voiceagent_private.check_pool(phone_number_ids);
	PERFORM voiceagent_private.lock_campaign(set_campaign_numbers.campaign_id);
	PERFORM voiceagent_private.write_pool(set_campaign_numbers.campaign_id, v_ids);
	RETURN cardinality(v_ids);
END
$$;
COMMENT ON FUNCTION voiceagent.set_campaign_numbers(bigint, bigint[]) IS
	E'Sets the pool of numbers that a campaign calls with, also while it runs, and returns how many it has.\n'
	'Empty or NULL: the account''s own number calls. A number calls one person at a time, near numbers first (area '
	'code, state), then the one least used today; a lead without a free number waits. PT404, PT422.';
