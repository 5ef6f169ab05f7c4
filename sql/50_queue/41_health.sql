/*
 * 50_queue: the health of the numbers of pools, from their own calls.  Each call
 * of a number, once it has ended, is a trial of Wald's sequential test: is the
 * number answered as often as the others of the campaign's pool (then the test
 * begins anew), or half as often (then the number rests)?  A good one is taken
 * for a bad one in one test of a thousand, a bad one for a good one in one of
 * twenty, after which it is tried again.
 *
 * The claim judges when it next calls with a number, as it counts then what the
 * last call came to (45_campaign/14_pool.sql): no call's end pays for it, and a
 * number that does not call is not judged.
 */

CREATE TABLE voiceagent_private.caller_answers (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	phone_number_id bigint NOT NULL,
	tried double precision NOT NULL,
	reached double precision NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, phone_number_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.caller_answers IS
	E'How often persons answer a campaign''s calls, by the number of its pool that called; number 0: the whole pool.\n'
	'Halved where a number has 400 calls, so that what is long ago weighs little. Written by the claim alone.';
SELECT voiceagent_private.guard_table('voiceagent_private.caller_answers', 'internal');

CREATE TYPE voiceagent_private.caller_answer AS (
	campaign_id bigint,
	phone_number_id bigint,
	tried double precision,
	reached double precision
);
COMMENT ON TYPE voiceagent_private.caller_answer IS 'A call''s addition to caller_answers.';

CREATE FUNCTION voiceagent_private.attested(details jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT CASE WHEN t.told ~ '^(TN-Validation-Passed-)?[ABC]$' THEN right(t.told, 1)
			WHEN t.told IN ('Verified', 'TN-Validation-Passed') THEN 'A' WHEN t.told = 'Not Verified' THEN 'below A'
			WHEN t.told LIKE '%No-TN-Validation%' OR t.told LIKE 'TN-Validation-Failed%' THEN 'none' END
		FROM (SELECT coalesce(details ->> 'stirStatus', details ->> 'shaken_stir_attestation',
			details ->> 'stirVerification', details ->> 'stirVerstat')) AS t(told));
COMMENT ON FUNCTION voiceagent_private.attested(jsonb) IS
	'The signature of a call (STIR/SHAKEN) by the details of its carrier''s event: A, B, C, below A, none; NULL: not '
	'known.';

CREATE FUNCTION voiceagent_private.read_attestation(call_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	c_webhooks CONSTANT integer := 20;
BEGIN
	RETURN (SELECT x.told
		FROM voiceagent.calls c
		JOIN voiceagent.webhook_endpoints e ON e.tenant_id = v_tenant AND e.provider_account_id = c.provider_account_id
		CROSS JOIN LATERAL (SELECT o.webhook_id FROM voiceagent_private.webhook_keys o
			WHERE o.tenant_id = v_tenant AND o.endpoint_id = e.endpoint_id
				AND o.event_key >= c.provider_call_id || ':' AND o.event_key < c.provider_call_id || ';'
			ORDER BY o.event_key LIMIT c_webhooks) k
		CROSS JOIN LATERAL (SELECT o.provider, o.headers, o.body FROM voiceagent.webhooks o
			WHERE o.tenant_id = v_tenant AND o.webhook_id = k.webhook_id AND o.source = 'http' OFFSET 0) w
		CROSS JOIN LATERAL (SELECT voiceagent_private.attested(r.details) AS told
			FROM voiceagent_private.read_provider_webhook(w.provider, w.headers, w.body) r OFFSET 0) x
		WHERE c.tenant_id = v_tenant AND c.call_id = read_attestation.call_id AND x.told IS NOT NULL LIMIT 1);
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	-- A webhook that could not be read tells nothing.
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.read_attestation(bigint) IS
	'The signature of a call of the current tenant by its carrier''s webhooks, as attested(); NULL: not known.';

CREATE FUNCTION voiceagent_private.assess_callers(numbers bigint[], at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_rest interval := voiceagent_private.setting_interval('caller_rest');
	v record;
	v_rate double precision;
	v_use voiceagent_private.number_use;
	v_uses voiceagent_private.number_use[] := '{}';
	v_answers voiceagent_private.caller_answer[] := '{}';
	v_looked boolean := false;
	v_tried double precision;
	v_reached double precision;
	-- The errors of the two kinds, and how often a bad number is answered, compared with the others of the pool.
	c_alpha CONSTANT double precision := 0.001;
	c_beta CONSTANT double precision := 0.05;
	c_bad CONSTANT double precision := 0.5;
	-- A network turns a bad number's call away ten times as often as a good one's.
	c_mark CONSTANT double precision := ln(10);
	-- Fewer calls of the others say little, and more than so many of a number are long ago.
	c_enough CONSTANT integer := 100;
	c_memory CONSTANT integer := 400;
BEGIN
	FOR v IN SELECT u.use, c.campaign_id, c.call_id, c.cause ~ 'sip-60[78]$' AS marked,
			c.answered_at IS NOT NULL AND coalesce(c.machine, '') NOT IN ('voicemail', 'unavailable') AS reached,
			coalesce(o.tried, 0) AS tried, coalesce(o.reached, 0) AS own,
			coalesce(p.tried - o.tried, p.tried, 0) AS others,
			coalesce(p.reached - o.reached, p.reached, 0) AS others_reached
		FROM unnest(numbers) AS i(id)
		CROSS JOIN LATERAL (SELECT x AS use, x.last_call_id FROM voiceagent_private.number_use x
			WHERE x.tenant_id = v_tenant AND x.phone_number_id = i.id OFFSET 0) u
		CROSS JOIN LATERAL (SELECT x.call_id, x.campaign_id, x.cause, x.answered_at, x.machine FROM voiceagent.calls x
			WHERE x.tenant_id = v_tenant AND x.call_id = u.last_call_id AND x.counts
				AND x.ended_at IS NOT NULL OFFSET 0) c
		LEFT JOIN LATERAL (SELECT x.tried, x.reached FROM voiceagent_private.caller_answers x
			WHERE x.tenant_id = v_tenant AND x.campaign_id = c.campaign_id
				AND x.phone_number_id = i.id OFFSET 0) o ON true
		LEFT JOIN LATERAL (SELECT x.tried, x.reached FROM voiceagent_private.caller_answers x
			WHERE x.tenant_id = v_tenant AND x.campaign_id = c.campaign_id AND x.phone_number_id = 0 OFFSET 0) p ON true
	LOOP
		v_use := v.use;
		v_rate := NULL;
		IF v.marked THEN
			v_use.spam_marks := v_use.spam_marks + 1;
			v_use.spam_marked_at := at;
			v_use.score := v_use.score + c_mark;
		END IF;
		IF v.others >= c_enough THEN
			v_rate := least(greatest(v.others_reached / v.others, 0.01), 0.95);
			v_use.score := v_use.score
				+ CASE WHEN v.reached THEN ln(c_bad) ELSE ln((1 - c_bad * v_rate) / (1 - v_rate)) END;
			v_use.judged := v_use.judged + 1;
			v_use.reached := v_use.reached + v.reached::integer;
		END IF;
		IF v_use.score >= ln((1 - c_beta) / c_alpha) AND v_rest > interval '0' THEN
			v_use.rested_at := at;
			v_use.rests_until := at + v_rest;
			v_use.rest_reason := concat_ws('; ', CASE WHEN v_rate IS NOT NULL THEN
				format('persons answered %s of its %s calls, and %s %% of those of the others', v_use.reached,
					v_use.judged, round(100 * v_rate)) END,
				CASE WHEN v.marked THEN format('networks turned away %s of its calls as unwanted',
					v_use.spam_marks) END);
			v_use.score := 0;
		ELSIF v_use.score <= ln(c_beta / (1 - c_alpha)) THEN
			v_use.score := 0;
		END IF;
		IF v_use.score = 0 THEN
			v_use.judged := 0;
			v_use.reached := 0;
		END IF;
		-- One number a claim, and each once a day.
		IF NOT v_looked AND coalesce(v_use.attested_at < at - interval '1 day', true) THEN
			v_use.attestation := coalesce(voiceagent_private.read_attestation(v.call_id), v_use.attestation);
			v_use.attested_at := at;
			v_looked := true;
		END IF;
		v_uses := v_uses || v_use;
		v_tried := 1 - CASE WHEN v.tried >= c_memory THEN v.tried / 2 ELSE 0 END;
		v_reached := v.reached::integer - CASE WHEN v.tried >= c_memory THEN v.own / 2 ELSE 0 END;
		v_answers := v_answers || ARRAY[ROW(v.campaign_id, v_use.phone_number_id, v_tried, v_reached),
			ROW(v.campaign_id, 0, v_tried, v_reached)]::voiceagent_private.caller_answer[];
	END LOOP;
	IF cardinality(v_uses) = 0 THEN
		RETURN;
	END IF;
	UPDATE voiceagent_private.number_use u SET score = n.score, judged = n.judged, reached = n.reached,
		rested_at = n.rested_at, rests_until = n.rests_until, rest_reason = n.rest_reason,
		spam_marks = n.spam_marks, spam_marked_at = n.spam_marked_at, attestation = n.attestation,
		attested_at = n.attested_at
	FROM unnest(v_uses) n WHERE u.tenant_id = v_tenant AND u.phone_number_id = n.phone_number_id;
	INSERT INTO voiceagent_private.caller_answers AS a (tenant_id, campaign_id, phone_number_id, tried, reached)
	SELECT v_tenant, n.campaign_id, n.phone_number_id, sum(n.tried), sum(n.reached) FROM unnest(v_answers) n
	GROUP BY n.campaign_id, n.phone_number_id
	ON CONFLICT (tenant_id, campaign_id, phone_number_id) DO UPDATE
	SET tried = greatest(a.tried + excluded.tried, 0), reached = greatest(a.reached + excluded.reached, 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.assess_callers(bigint[], timestamptz) IS
	E'Judges these numbers of the current tenant by their last calls, which have ended, and has those rest that fall '
	'behind.\n'
	'Wald''s sequential test, alpha 0.001, beta 0.05: answered as often as the others of the campaign''s pool, or half '
	'as often; a call turned away as unwanted (SIP 607, 608) is ten times as likely of a bad number.';

CREATE FUNCTION voiceagent_private.resting_numbers()
	RETURNS TABLE (phone_number_id bigint, since timestamptz, what text)
	LANGUAGE plpgsql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	RETURN QUERY SELECT u.phone_number_id, u.rested_at, format('number %s rests until %s: %s', n.phone_number,
			voiceagent_private.describe_time(u.rests_until), u.rest_reason)
		FROM voiceagent_private.number_use u
		JOIN voiceagent.phone_numbers n ON n.tenant_id = v_tenant AND n.phone_number_id = u.phone_number_id
			AND n.removed_at IS NULL
		WHERE u.tenant_id = v_tenant AND u.rests_until > voiceagent.clock() ORDER BY u.rests_until;
END
$$;
COMMENT ON FUNCTION voiceagent_private.resting_numbers() IS
	'Numbers of the current tenant that rest, since when, until when and why, in words.';
