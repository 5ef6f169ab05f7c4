/*
 * 53_campaign_run: carriers are asked ahead about the numbers that are dialled
 * next (25_lead/70_number_facts.sql), by the job that asks tools before dials
 * (95_before_dial.sql).  A number is asked about once a day at most, and so many
 * numbers a day; what the carrier charges for it is on its own bill.
 */

CREATE TABLE voiceagent_private.number_lookup_days (
	tenant_id bigint PRIMARY KEY,
	day date NOT NULL,
	asked integer NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.number_lookup_days IS
	'Numbers that carriers were asked about on the tenant''s latest day with any, by its time zone, for '
	'number_lookups_per_day.';
SELECT voiceagent_private.guard_table('voiceagent_private.number_lookup_days', 'internal');

CREATE FUNCTION voiceagent_private.lookup_account(campaign_id bigint, checks text)
	RETURNS voiceagent.provider_accounts
	LANGUAGE plpgsql STABLE SET planner.policy = by_key AS $$
BEGIN
	RETURN (SELECT a FROM voiceagent.provider_accounts a
		LEFT JOIN voiceagent.campaigns c ON c.tenant_id = a.tenant_id AND c.campaign_id = lookup_account.campaign_id
		WHERE a.tenant_id = voiceagent.current_tenant() AND a.active
			AND voiceagent_private.driver_can(a.provider, 'lookup_number')
		ORDER BY checks LIKE '%not_reassigned%' AND NOT voiceagent_private.driver_can(a.provider, 'tell_reassigned'),
			a.provider_account_id <> c.provider_account_id, a.provider_account_id LIMIT 1);
END
$$;
COMMENT ON FUNCTION voiceagent_private.lookup_account(bigint, text) IS
	'Through which account of the current tenant numbers of a campaign are looked up: one that tells of reassigned '
	'numbers, if they are to be known, its own, or else the first that can; NULL: none.';

CREATE FUNCTION voiceagent_private.require_lookups(settings jsonb) RETURNS void
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM voiceagent_private.require_number_checks(settings);
	PERFORM voiceagent_private.fail_if(settings ->> 'number_checks' ~ E'\\mlookup\\M'
		AND (voiceagent_private.lookup_account(NULL, '')).tenant_id IS NULL, 'PT422',
		'no active account of yours is at a carrier that tells of numbers', NULL,
		'The view voiceagent.providers shows which can: lookup_number among its capabilities.');
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_lookups(jsonb) IS
	'PT422 as require_number_checks(), and for number_checks with lookup where no account can be asked.';

CREATE FUNCTION voiceagent_private.count_lookup() RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_day date := (voiceagent.clock() AT TIME ZONE voiceagent_private.tenant_zone())::date;
	v_most integer := voiceagent_private.setting_integer('number_lookups_per_day');
BEGIN
	IF v_most = 0 THEN
		RETURN false;
	END IF;
	INSERT INTO voiceagent_private.number_lookup_days AS d (tenant_id, day, asked) VALUES (v_tenant, v_day, 1)
	ON CONFLICT (tenant_id) DO UPDATE SET day = v_day, asked = CASE WHEN d.day = v_day THEN d.asked ELSE 0 END + 1
	WHERE d.day <> v_day OR d.asked < v_most;
	RETURN FOUND;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_lookup() IS
	'Counts a lookup of the current tenant; false: number_lookups_per_day is reached.';

CREATE FUNCTION voiceagent_private.ask_about_numbers(campaign_id bigint, checks text, most integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
	v_account voiceagent.provider_accounts := voiceagent_private.lookup_account(campaign_id, checks);
	v_judged voiceagent_private.judged_number;
	v_id bigint;
	v_phone text;
	v_facts bigint[];
	-- Leads whose number is unknown are put off for 15 minutes: this must reach behind them.
	c_ahead CONSTANT interval := '20 minutes';
	c_again CONSTANT interval := '1 day';
	c_leads CONSTANT integer := 100;
BEGIN
	IF v_account.tenant_id IS NULL THEN
		RETURN;
	END IF;
	FOREACH v_id IN ARRAY voiceagent_private.next_to_dial(campaign_id, c_leads, v_now + c_ahead) LOOP
		EXIT WHEN most <= 0;
		SELECT CASE WHEN q.number > 1 THEN o.phone ELSE l.phone END INTO v_phone
		FROM voiceagent.leads l
		JOIN voiceagent_private.call_queue q ON q.tenant_id = v_tenant
			AND q.campaign_id = ask_about_numbers.campaign_id AND q.lead_id = l.lead_id
		LEFT JOIN voiceagent.lead_numbers o ON q.number > 1 AND o.tenant_id = v_tenant AND o.lead_id = l.lead_id
			AND o.number = q.number
		WHERE l.tenant_id = v_tenant AND l.lead_id = v_id;
		CONTINUE WHEN v_phone IS NULL;
		v_judged := voiceagent_private.check_number(v_id, v_phone, checks, v_now);
		-- No carrier tells of litigators; who is not called anyway is not asked about.
		v_judged.unknown := array_remove(array_remove(v_judged.unknown, 'litigator'),
			CASE WHEN NOT voiceagent_private.driver_can(v_account.provider, 'tell_reassigned') THEN 'reassigned' END);
		CONTINUE WHEN cardinality(v_judged.unknown) = 0 OR v_judged.why IS NOT NULL AND v_judged.waits IS NOT TRUE
			OR EXISTS (SELECT FROM voiceagent.number_facts f WHERE f.tenant_id = v_tenant AND f.phone = v_phone
				AND f.kind = ANY (v_judged.unknown) AND f.source = 'carrier_' || v_account.provider
				AND f.stored_at > v_now - c_again);
		EXIT WHEN NOT voiceagent_private.count_lookup();
		-- Unknown until the carrier answers.
		WITH asked AS (
			INSERT INTO voiceagent.number_facts (tenant_id, phone, kind, source, value, day, since, stored_at)
			SELECT v_tenant, v_phone, k.kind, 'carrier_' || v_account.provider, 'unknown',
				(v_now AT TIME ZONE 'UTC')::date, CASE WHEN k.kind = 'reassigned' THEN v_judged.since END, v_now
			FROM unnest(v_judged.unknown) AS k(kind)
			ON CONFLICT ON CONSTRAINT number_facts_pkey DO UPDATE SET value = excluded.value, day = excluded.day,
				since = excluded.since, stored_at = excluded.stored_at
			RETURNING fact_id)
		SELECT array_agg(a.fact_id) INTO v_facts FROM asked a;
		PERFORM voiceagent_private.enqueue_provider_request(v_account.provider_account_id, 'lookup_number',
			jsonb_build_object('fact_ids', v_facts));
		most := most - 1;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.ask_about_numbers(bigint, text, integer) IS
	'Has a carrier asked about the numbers of a campaign of the current tenant that are due within 20 minutes and of '
	'which number_checks wants to know more, so many at most; each once a day.';

CREATE FUNCTION voiceagent_private.number_to_look_up(provider_request_id bigint) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT jsonb_strip_nulls(jsonb_build_object('number', min(f.phone::text),
			'facts', string_agg(f.kind, ' '), 'since', to_char(min(f.since), 'YYYYMMDD')))
		FROM voiceagent.provider_requests r
		CROSS JOIN jsonb_array_elements_text(r.request_data -> 'fact_ids') AS i(id)
		JOIN voiceagent.number_facts f ON f.tenant_id = r.tenant_id AND f.fact_id = i.id::bigint
		WHERE r.tenant_id = voiceagent.current_tenant()
			AND r.provider_request_id = number_to_look_up.provider_request_id);
END
$$;
COMMENT ON FUNCTION voiceagent_private.number_to_look_up(bigint) IS
	'The question to a carrier about a number, when its request leaves; no number: it was forgotten meanwhile.';

CREATE FUNCTION voiceagent_private.on_number_looked_up(provider_request voiceagent.provider_requests) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF provider_request.state = 'done' THEN
		UPDATE voiceagent.number_facts f SET value = provider_request.result ->> f.kind,
			day = (voiceagent.clock() AT TIME ZONE 'UTC')::date, stored_at = voiceagent.clock()
		WHERE f.tenant_id = provider_request.tenant_id AND f.fact_id = ANY (ARRAY(SELECT i::bigint
				FROM jsonb_array_elements_text(provider_request.request_data -> 'fact_ids') i))
			AND provider_request.result ->> f.kind IS NOT NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.on_number_looked_up(voiceagent.provider_requests) IS
	'Takes a carrier''s answer about a number; without one the number stays unknown, and is asked about a day later.';
INSERT INTO voiceagent_private.provider_request_handlers (kind, handler, filler) VALUES
	('lookup_number', 'on_number_looked_up', 'number_to_look_up');
