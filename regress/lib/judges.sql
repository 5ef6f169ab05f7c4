-- Random leads for the judges of a dial, and what each judge says of each: judges.make(), judges.compare().  All rules
-- are on: law, lists, consents, caps, rests, appointments, checks of numbers, values that a prompt wants.
CREATE SCHEMA judges;
CREATE FUNCTION judges.one(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT choices[1 + floor(random() * cardinality(choices))::integer] $$;
CREATE FUNCTION judges.rule(place text, rule text, value jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, effective_from)
	VALUES (place, rule, value, 'test', '2026-01-01', '-infinity')
	ON CONFLICT (jurisdiction, rule, effective_from) DO UPDATE SET value = excluded.value $$;
-- A country of our own, one rule a place.
CREATE FUNCTION judges.country() RETURNS void LANGUAGE sql AS $$
	DELETE FROM voiceagent_private.law_rules WHERE jurisdiction LIKE 'XA%';
	SELECT count(judges.rule('XA', r, v::jsonb)) FROM (VALUES ('hours', '{"start":"00:00","end":"24:00"}'), ('calls_per_24h', 'null'),
		('min_ring', 'null'), ('require_consent', 'false'), ('disclose_ai', 'false'), ('disclose_caller', 'false'),
		('disclose_recording', 'false'), ('opt_out_text', 'null'), ('list_max_age', 'null'), ('holidays', '{}')) r(r, v);
	DELETE FROM voiceagent_private.jurisdiction_terms;
$$;
CREATE FUNCTION judges.laws() RETURNS void LANGUAGE sql AS $$
	SELECT count(judges.rule('XA-' || p, r, v::jsonb)) FROM (VALUES (1, 'require_consent', 'true'), (2, 'require_consent', 'true'),
		(2, 'consent_valid', '30'), (3, 'calls_per_24h', '2'), (3, 'calls_per_day', '1'), (4, 'calls_per_window', '{"calls":2,"hours":72}'),
		(4, 'refusal_rest', '10'), (5, 'calls_lifetime', '3'), (6, 'list_max_age', '"31 days"'), (7, 'disclose_caller', 'true'),
		(8, 'caller_prefixes', '["+91140"]'), (9, 'human_first', 'true'), (9, 'opt_out_first', 'true'), (10, 'opt_out_text', '"Say stop."')) l(p, r, v);
	DELETE FROM voiceagent_private.jurisdiction_terms;
	SELECT voiceagent_private.store_terms(ARRAY(SELECT 'XA-' || p FROM generate_series(0, 10) p), voiceagent.clock());
$$;

-- n leads in campaigns that run; what they are is changed behind the queue's back, so that a judge meets all of it.
CREATE FUNCTION judges.make(n integer, seed integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.create_tenant('judges ' || seed, 'UTC', 1000000);
	v_now timestamptz := voiceagent.clock();
	v_assistant bigint;
	v_account bigint;
	v_other bigint;
	v_campaign bigint;
	v_lawful boolean;
	v_leads bigint[];
	c_campaigns CONSTANT integer := 6;
BEGIN
	PERFORM voiceagent_private.set_tenant(v_tenant), setseed(seed / 2147483647.0);
	PERFORM judges.country();
	INSERT INTO voiceagent_private.platform_do_not_call_list (entry, is_prefix, reason, created_at)
	VALUES ('+12122020010', false, 'test', v_now), ('+1212203', true, 'test', v_now) ON CONFLICT DO NOTHING;
	INSERT INTO voiceagent.do_not_call_prefixes (tenant_id, prefix, reason, created_at) VALUES (v_tenant, '+1212204', 'test', v_now);
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, status, call_attempts, context, created_at)
	SELECT v_tenant, '+1212' || 200 + i % 8 || lpad(i::text, 4, '0'), 'Ann', 'XA',
		'XA-' || floor(random() * 11), ARRAY[judges.one('UTC', 'America/New_York')], 'new', 0, '{"product": "roofs"}', v_now - interval '20 days'
	FROM generate_series(1, n) i;
	INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, country, region, timezones)
	SELECT v_tenant, l.lead_id, 2, '+1213' || right(l.phone, 7), 'XA', judges.one(l.region, 'XA-' || floor(random() * 11)), l.timezones
	FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND random() < 0.4;
	v_assistant := voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'You sell {{product}}.');
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
	VALUES (v_tenant, 'vapi', 'one', 'https://carrier.example', '{"phone_number_id": "theirs"}', 100, v_now, v_now) RETURNING provider_account_id INTO v_account;
	v_leads := ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = v_tenant ORDER BY l.lead_id);
	FOR i IN 1 .. c_campaigns LOOP
		v_lawful := i < c_campaigns;
		v_campaign := voiceagent.create_campaign('Judged ' || i, v_assistant, settings => jsonb_strip_nulls(jsonb_build_object(
			'provider_account_id', CASE WHEN v_lawful THEN v_account END,
			'caller_name', (ARRAY['', 'Acme'])[1 + i % 2], 'call_interval', 0,
			'days_off', concat_ws(', ', v_now::date - 2, v_now::date + 2 + i),
			'calling_hours', '{"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}'::jsonb,
			'require_consent', i % 3 = 0, 'retry_attempts', (i + seed) % 4, 'number_calls_per_day', (i + seed / 2) % 4,
			'number_calls_per_24h', (i + seed / 3) % 4, 'number_calls_lifetime', (ARRAY[0, 0, 2, 5])[1 + (i + seed / 4) % 4],
			'number_cooldown', (ARRAY['0', '1 hour', '20 hours'])[1 + (i + seed) % 3], 'retry_delay_incoming', (ARRAY['0', '4 hours'])[1 + i / 2 % 2],
			'number_checks', (ARRAY['', 'mobile not_litigator', 'mobile landline call_unknown'])[1 + i % 3])));
		INSERT INTO voiceagent.campaign_confirmations (tenant_id, campaign_id, provider_account_id, people, leads, confirmed_by, confirmed_at)
		SELECT v_tenant, v_campaign, v_account, 1000000, 1000000, 'test', v_now WHERE v_lawful;
		PERFORM voiceagent.add_leads(v_campaign, ARRAY(SELECT l FROM unnest(v_leads) WITH ORDINALITY AS u(l, o) WHERE o % c_campaigns = i - 1)),
			voiceagent_private.run_campaign(voiceagent_private.lock_campaign(v_campaign), 'campaign_started', true);
	END LOOP;
	PERFORM judges.laws(), judges.change(v_tenant, v_assistant, v_account);
	RETURN v_tenant;
END
$$;

-- What happens to leads while they wait, each to a few: behind the queue's back, so that a judge meets all of it.
CREATE FUNCTION judges.change(tenant bigint, assistant bigint, account bigint) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	v_now timestamptz := voiceagent.clock();
	v_list bigint;
	v_first bigint := (SELECT min(c.campaign_id) FROM voiceagent.campaigns c WHERE c.tenant_id = tenant);
BEGIN
	UPDATE voiceagent.leads l SET phone = '+1900' || right(l.phone, 7) WHERE l.tenant_id = tenant AND random() < 0.03;
	CREATE TEMP TABLE IF NOT EXISTS known (lead_id bigint, campaign_id bigint, phone text, lawful boolean) ON COMMIT DROP;
	TRUNCATE known;
	INSERT INTO known SELECT q.lead_id, q.campaign_id, n.phone, v.lawful
	FROM voiceagent_private.call_queue q
	JOIN voiceagent.campaign_versions v ON v.tenant_id = q.tenant_id AND v.campaign_id = q.campaign_id AND v.version = 1
	CROSS JOIN LATERAL (SELECT l.phone FROM voiceagent.leads l WHERE l.tenant_id = q.tenant_id AND l.lead_id = q.lead_id
		UNION ALL SELECT o.phone FROM voiceagent.lead_numbers o WHERE o.tenant_id = q.tenant_id AND o.lead_id = q.lead_id) n
	WHERE q.tenant_id = tenant;
	UPDATE voiceagent_private.call_queue q SET reason = judges.one('callback', 'no_answer', 'first') WHERE q.tenant_id = tenant AND random() < 0.4;
	UPDATE voiceagent.campaign_leads m SET attempts = CASE WHEN random() < 0.15 THEN floor(random() * 6) ELSE 0 END, last_outcome = CASE q.reason WHEN 'first' THEN NULL ELSE q.reason END
	FROM voiceagent_private.call_queue q
	WHERE m.tenant_id = tenant AND q.tenant_id = tenant AND q.campaign_id = m.campaign_id AND q.lead_id = m.lead_id AND random() < 0.5;
	UPDATE voiceagent.leads l SET status = 'do_not_call' WHERE l.tenant_id = tenant AND random() < 0.02;
	UPDATE voiceagent.leads l SET first_name = NULL WHERE l.tenant_id = tenant AND random() < 0.04;
	UPDATE voiceagent.leads l SET context = '{}' WHERE l.tenant_id = tenant AND random() < 0.04;
	UPDATE voiceagent.leads l SET enrichment = '{"product": "tiles"}' WHERE l.tenant_id = tenant AND random() < 0.05;
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at, revoked_at)
	SELECT tenant, k.lead_id, k.phone, CASE WHEN random() < 0.1 THEN 'appointment' WHEN random() < 0.1 THEN 'text' ELSE 'call' END, 'test',
		v_now - judges.one('1 day', '20 days', '30 days', '40 days', '-1 days')::interval, CASE WHEN random() < 0.1 THEN v_now END
	FROM known k, generate_series(1, 2) WHERE random() < 0.4;
	-- Calls of this and of other campaigns, some of them at a boundary of a rule.
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id,
		attempt_number, status, outcome, cause_class, lawful, counts, structured_data, started_at, ended_at)
	SELECT tenant, CASE WHEN random() < 0.7 THEN k.campaign_id ELSE v_first END, k.lead_id, k.phone, assistant, 1, 1, account, 1,
		CASE WHEN c.outcome IN ('no_answer', 'busy') THEN c.outcome ELSE 'completed' END, c.outcome, CASE WHEN random() < 0.3 THEN 'bad_number' END,
		CASE WHEN random() < 0.9 THEN k.lawful ELSE NOT k.lawful END, random() < 0.9, CASE WHEN random() < 0.1 THEN '{"wrong_number": "yes"}'::jsonb END,
		c.at, c.at + interval '1 minute'
	FROM known k, generate_series(1, 3) g
	CROSS JOIN LATERAL (SELECT g, k.phone AS own, judges.one('no_answer', 'busy', 'wrong_number', 'not_interested', 'interested', 'callback', 'voicemail') AS outcome,
		v_now - judges.one('30 minutes', '59 minutes', '1 hour', '3 hours', '14 hours', '24 hours', '26 hours', '71 hours', '72 hours', '9 days', '11 days')::interval AS at OFFSET 0) c
	WHERE random() < 0.25;
	UPDATE voiceagent.leads l SET call_attempts = c.n
	FROM (SELECT k.lead_id, count(*) AS n FROM voiceagent.calls k WHERE k.tenant_id = tenant AND k.direction = 'outbound' GROUP BY 1) c
	WHERE l.tenant_id = tenant AND l.lead_id = c.lead_id;
	INSERT INTO voiceagent_private.removed_calls (tenant_id, phone, lawful, calls)
	SELECT tenant, k.phone, k.lawful, 1 + floor(random() * 3) FROM known k WHERE random() < 0.05 ON CONFLICT DO NOTHING;
	INSERT INTO voiceagent_private.live_calls (tenant_id, call_id, attempt_id, campaign_id, lead_id, provider_account_id, provider, lease_until, reference,
		dialled_at, ends_by)
	SELECT tenant, -k.lead_id, -k.lead_id, v_first, k.lead_id, account, 'vapi', v_now + interval '1 hour', 'r' || k.lead_id, v_now, v_now + interval '1 hour'
	FROM (SELECT DISTINCT lead_id FROM known) k WHERE random() < 0.05;
	INSERT INTO voiceagent.call_inbound (tenant_id, call_id, provider_account_id, provider_call_id, from_number, answered, started_at, ended_at)
	SELECT tenant, -row_number() OVER (), account, 'in ' || row_number() OVER (), c.phone, random() < 0.6, c.at, CASE WHEN random() < 0.6 THEN c.at + interval '5 minutes' END
	FROM (SELECT k.phone, v_now - judges.one('1 minute', '90 minutes', '119 minutes', '2 hours', '239 minutes', '5 hours')::interval AS at
		FROM known k WHERE random() < 0.06) c;
	INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at, held, call_id)
	SELECT tenant, c.phone, 'test', v_now, c.call_id IS NOT NULL, c.call_id
	FROM (SELECT DISTINCT ON (k.phone) k.phone, CASE WHEN random() < 0.6 THEN (SELECT max(c.call_id) FROM voiceagent.calls c
		WHERE c.tenant_id = tenant AND c.lead_id = k.lead_id) END AS call_id FROM known k WHERE random() < 0.08) c;
	INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at)
	SELECT tenant, CASE WHEN random() < 0.7 THEN k.campaign_id ELSE v_first END, k.phone, 'test', v_now FROM known k WHERE random() < 0.03 ON CONFLICT DO NOTHING;
	-- A national list, too old for the law of one place.
	v_list := voiceagent.begin_dnc_list('judges', 'US', v_now - interval '40 days');
	PERFORM voiceagent.append_dnc_list(v_list, (SELECT convert_to(string_agg(k.phone, E'\n'), 'UTF8') FROM known k WHERE random() < CASE WHEN k.phone LIKE '+1900%' THEN 0.5 ELSE 0.05 END)),
		voiceagent.finish_dnc_list(v_list, 100, true);
	UPDATE voiceagent.national_dnc_lists SET country = 'XA' WHERE list_id = v_list;
	INSERT INTO voiceagent.number_facts (tenant_id, phone, kind, source, value, day, stored_at)
	SELECT tenant, k.phone, f.kind, 'mine', CASE f.kind WHEN 'line_type' THEN judges.one('mobile', 'mobile', 'landline', 'unknown') ELSE judges.one('no', 'no', 'yes') END,
		v_now::date - 1, v_now FROM known k CROSS JOIN (VALUES ('line_type'), ('litigator')) f(kind) WHERE random() < 0.9 ON CONFLICT DO NOTHING;
	-- The lane of a lead is left as it is: "moved".
	UPDATE voiceagent.leads l SET region = 'XA-1' WHERE l.tenant_id = tenant AND random() < 0.02;
	UPDATE voiceagent_private.call_queue q SET number = 2 WHERE q.tenant_id = tenant AND random() < 0.03;
	UPDATE voiceagent_private.call_queue q SET not_before = v_now WHERE q.tenant_id = tenant;
	UPDATE voiceagent_private.lanes n SET running = true, opens_at = v_now - interval '1 hour', closes_at = v_now + interval '10 hours', next_due = v_now
	WHERE n.tenant_id = tenant;
END
$$;

CREATE TABLE judges.leads (campaign_id bigint, lead_id bigint, pick voiceagent_private.queue_pick, turn voiceagent_private.claim_turn, claimed text,
	asked text, "next" text, explained text, previewed text, settled text, previewed_settled text);
-- The claim itself: it locks the due leads of each campaign, and judges them.  No two leads have one number.
CREATE FUNCTION judges.claim(tenant bigint, at timestamptz) RETURNS void LANGUAGE sql AS $$
	INSERT INTO judges.leads (campaign_id, lead_id, pick, turn, claimed)
	SELECT p.campaign_id, p.lead_id, p, t.turn, p.verdict
	FROM voiceagent.campaigns c
	CROSS JOIN LATERAL (SELECT voiceagent_private.begin_turn(voiceagent_private.recall_campaign(c.campaign_id, c.version),
		(voiceagent_private.account_turns(ARRAY[c.provider_account_id], true, '{}', '{}', 0, at))[1], voiceagent_private.read_dial_settings()) AS turn OFFSET 0) t
	CROSS JOIN LATERAL unnest(voiceagent_private.check_eligibility(voiceagent_private.pick_due(ARRAY[c.campaign_id], ARRAY[1000000], at),
		ARRAY[t.turn], '{}', at)) p
	WHERE c.tenant_id = tenant;
$$;

-- Every rule is asked of every lead, whatever a row may have hinted at, and the first that holds is the verdict.
CREATE FUNCTION judges.ask(j judges.leads, at timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_lead voiceagent.leads;
	v_member voiceagent.campaign_leads;
	v_place voiceagent_private.dial_place;
	v_pick voiceagent_private.queue_pick := j.pick;
	v_turn voiceagent_private.claim_turn := j.turn;
	v_proof voiceagent_private.dial_proof;
	v_terms voiceagent_private.law_terms;
	v_consent bigint;
	v_layer text;
	a voiceagent_private.rule_facts;
BEGIN
	SELECT * INTO v_lead FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = j.lead_id;
	SELECT * INTO v_member FROM voiceagent.campaign_leads m WHERE m.tenant_id = v_tenant AND m.lead_id = j.lead_id AND m.campaign_id = j.campaign_id;
	SELECT * INTO v_place FROM voiceagent_private.dial_places(ARRAY[j.lead_id], ARRAY[v_pick.number]);
	IF v_turn.lawful THEN
		v_terms := voiceagent_private.terms_of(v_pick.jurisdiction, at, v_pick.timezones);
	END IF;
	IF v_place.phone IS NULL THEN
		RETURN 'no_number';
	END IF;
	v_consent := (voiceagent_private.consent_within(j.lead_id, v_place.phone, voiceagent_private.consent_valid(v_terms), at)).consent_id;
	v_proof.terms := v_terms;
	v_proof.cap_day := least(v_turn.cap_day, v_terms.calls_per_day);
	v_proof.cap_24h := least(v_turn.cap_24h, v_terms.calls_per_24h);
	v_proof.cap_lifetime := least(v_turn.cap_lifetime, v_terms.calls_lifetime);
	v_pick.proof := v_proof;
	v_pick.phone := v_place.phone;
	v_pick.consent_id := v_consent;
	a := voiceagent_private.ask_rules(v_pick, v_turn, v_lead.phone, array_remove(ARRAY['layer', 'wrong', 'called_us', 'caps', 'tool',
		CASE WHEN v_turn.lawful THEN 'unheard' END, CASE WHEN v_terms.special IS NOT NULL THEN 'special' END,
		CASE WHEN v_turn.number_checks IS NOT NULL OR v_terms.special ? 'number_check' THEN 'checks' END, CASE WHEN v_terms.call_windows IS NOT NULL THEN 'windows' END,
		CASE WHEN v_turn.script IS NOT NULL THEN 'script' END], NULL), at);
	-- The first list that nothing lifts.
	v_layer := (SELECT y.layer FROM voiceagent_private.may_ring(v_tenant, v_place.phone, 'dial', j.campaign_id, v_turn.lawful) y
		WHERE (y.layer <> 'national' OR v_consent IS NULL) AND (y.layer <> 'held' OR v_pick.reason <> 'callback'
			OR (SELECT d.call_id FROM voiceagent.do_not_call_list d WHERE d.tenant_id = v_tenant AND d.phone = v_place.phone) IS DISTINCT FROM
				(SELECT max(c.call_id) FROM voiceagent.calls c WHERE c.tenant_id = v_tenant AND c.lead_id = j.lead_id AND c.campaign_id = j.campaign_id
					AND c.outcome NOT IN ('canceled', 'failed')))
		ORDER BY array_position('{platform,tenant,held,campaign,area_code,national,premium}', y.layer) LIMIT 1);
	RETURN CASE
		WHEN v_member.status NOT IN ('pending', 'queued', 'retry') THEN 'gone'
		WHEN (v_place.jurisdiction, v_place.timezones) IS DISTINCT FROM (v_pick.jurisdiction, v_pick.timezones) THEN 'moved'
		WHEN v_layer = 'held' THEN 'held'
		WHEN v_layer IS NOT NULL OR v_lead.status = 'do_not_call' THEN 'do_not_call'
		WHEN v_member.attempts >= v_turn.attempt_limit + CASE v_pick.reason WHEN 'callback' THEN 3 ELSE 0 END THEN 'attempts'
		WHEN a.wrong THEN 'wrong'
		WHEN v_pick.reason <> 'callback' AND EXISTS (SELECT FROM voiceagent_private.only_by_appointment(v_tenant, j.lead_id)) THEN 'uninvited'
		WHEN (v_turn.require_consent OR v_terms.require_consent) AND v_consent IS NULL THEN 'no_consent'
		WHEN a.capped_until = 'infinity' THEN 'lifetime'
		WHEN a.rings OR EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.tenant_id = v_tenant AND l.lead_id = j.lead_id) THEN 'live'
		WHEN a.calls_us THEN 'calls_us'
		WHEN voiceagent_private.lead_lacks(v_lead, v_turn.variables) THEN 'missing'
		WHEN greatest(a.capped_until, a.windows_until) > at THEN CASE WHEN a.refusal THEN 'refusal' ELSE 'capped' END
		WHEN v_pick.reason <> 'callback' AND a.called_until > at THEN 'called_us'
		WHEN v_pick.reason <> 'callback' AND a.paused_until > at THEN 'resting'
		WHEN v_terms.list_max_age IS NOT NULL AND v_consent IS NULL AND NOT coalesce((SELECT min(n.published_at) FROM voiceagent.national_dnc_lists n
			WHERE n.country = left(v_pick.jurisdiction, 2) AND n.edition IS NOT NULL) >= at - v_terms.list_max_age, false) THEN 'old_list'
		WHEN voiceagent_private.missing_setting(v_terms.opening, v_terms.disclose_caller, v_turn.unsaid) IS NOT NULL THEN 'no_caller'
		WHEN a.unheard IS NOT NULL THEN 'unheard'
		WHEN a.special IS NOT NULL THEN 'special'
		WHEN a.checked_waits THEN 'unknown'
		WHEN a.checked IS NOT NULL THEN 'checked'
		WHEN a.refused THEN 'refused'
		WHEN v_turn.before_dial IS NOT NULL AND a.refused IS NULL THEN 'unasked'
		WHEN a.unwritten THEN 'script'
		ELSE 'ok' END;
END
$$;

-- A lead whose number rings elsewhere by now is moved first; who explains it says what comes next.
CREATE FUNCTION judges.there(j judges.leads) RETURNS judges.leads LANGUAGE plpgsql STABLE AS $$
BEGIN
	SELECT jsonb_populate_record(j.pick, jsonb_build_object('jurisdiction', d.jurisdiction, 'timezones', d.timezones)) INTO j.pick
	FROM voiceagent_private.dial_places(ARRAY[j.lead_id], ARRAY[(j.pick).number]) d;
	RETURN j;
END
$$;
-- Where its number must not be dialled, the claim goes on to another one of the lead's.
CREATE FUNCTION judges.settle(j judges.leads, at timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_verdict text := j.next;
	v_next smallint;
	v_tried smallint[] := ARRAY[(j.pick).number];
BEGIN
	WHILE (SELECT v.of_number FROM voiceagent_private.dial_verdicts() v WHERE v.verdict = v_verdict) LOOP
		v_next := voiceagent_private.other_number(j.campaign_id, j.lead_id, (j.pick).number);
		EXIT WHEN v_next IS NULL OR v_next = ANY (v_tried);
		v_tried := v_tried || v_next;
		j.pick := jsonb_populate_record(j.pick, jsonb_build_object('number', v_next));
		v_verdict := judges.ask(judges.there(j), at);
	END LOOP;
	RETURN v_verdict;
END
$$;
CREATE FUNCTION judges.preview(campaign bigint, leads bigint[], variables text[], settled boolean, at timestamptz)
	RETURNS TABLE (lead_id bigint, verdict text) LANGUAGE sql STABLE AS $$
	SELECT k.lead_id, k.verdict FROM voiceagent.campaigns g
	JOIN voiceagent.campaign_versions v ON v.tenant_id = g.tenant_id AND v.campaign_id = g.campaign_id AND v.version = g.version
	CROSS JOIN LATERAL voiceagent_private.check_leads(voiceagent_private.previewed_turn(campaign, variables, v.settings, v.lawful), leads, settled, at) k
	WHERE g.tenant_id = voiceagent.current_tenant() AND g.campaign_id = campaign $$;
-- PT409 is what call_now() would raise.
CREATE FUNCTION judges.called_now(j judges.leads, at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.require_dialled_now(j.campaign_id, j.lead_id, at);
	RETURN true;
EXCEPTION WHEN SQLSTATE 'PT409' THEN
	RETURN false;
END
$$;
CREATE FUNCTION judges.compare(at timestamptz) RETURNS TABLE (claimed text, leads bigint, others text) LANGUAGE plpgsql SET jit = off AS $$
#variable_conflict use_column
BEGIN
	PERFORM judges.claim(voiceagent.current_tenant(), at);
	UPDATE judges.leads j SET asked = judges.ask(j, at);
	UPDATE judges.leads j SET "next" = CASE j.claimed WHEN 'moved' THEN judges.ask(judges.there(j), at) ELSE j.claimed END;
	UPDATE judges.leads j SET settled = judges.settle(j, at);
	UPDATE judges.leads j SET previewed = p.verdict, previewed_settled = s.verdict
	FROM (SELECT j.campaign_id, array_agg(j.lead_id) AS leads, (array_agg(j.turn))[1] AS turn FROM judges.leads j GROUP BY 1) c
	CROSS JOIN LATERAL judges.preview(c.campaign_id, c.leads, (c.turn).variables, false, at) p
	JOIN LATERAL judges.preview(c.campaign_id, c.leads, (c.turn).variables, true, at) s ON s.lead_id = p.lead_id
	WHERE j.campaign_id = c.campaign_id AND j.lead_id = p.lead_id;
	UPDATE judges.leads j SET explained = (voiceagent_private.explain_verdict(j.campaign_id, j.lead_id, at)).verdict;
	RETURN QUERY SELECT j.claimed, count(*), concat_ws(', ', 'by all rules ' || nullif(j.asked, j.claimed),
		'for a preview ' || nullif(j.previewed, j.next), 'with other numbers ' || j.settled || ', for a preview ' || nullif(j.previewed_settled, j.settled),
		'explained as ' || nullif(j.explained, j.next),
		'told otherwise' || CASE WHEN j.lead_id % 16 = 0 AND NOT EXISTS (SELECT FROM voiceagent.explain_lead(j.lead_id) e
			WHERE e.what = 'now' AND e.campaign_id = j.campaign_id
				-- It has no instant but its own, by when a rest may be over.
				AND strpos(e.why, coalesce((voiceagent_private.explain_verdict(j.campaign_id, j.lead_id, voiceagent.clock())).says, '')) > 0) THEN '' END,
		'called now otherwise' || CASE WHEN j.lead_id % 16 = 1 AND judges.called_now(j, compare.at) = (j.next IN ('live', 'wrong', 'uninvited',
			'no_consent', 'lifetime', 'capped', 'refusal', 'calls_us', 'called_us', 'resting')) THEN '' END)
	FROM judges.leads j GROUP BY j.claimed, 3 ORDER BY 1, 3;
END
$$;
-- What a preview counts, and what it says of each lead.
CREATE FUNCTION judges.counted(at timestamptz) RETURNS TABLE (campaign_id bigint, verdict text, leads bigint, counted bigint) LANGUAGE sql AS $$
	WITH judged AS (
		SELECT j.campaign_id, j.settled AS verdict, count(*) AS leads FROM judges.leads j GROUP BY 1, 2
	), counted AS (
		SELECT g.campaign_id, p.verdict, sum(p.leads)::bigint AS leads
		FROM voiceagent.campaigns g
		JOIN voiceagent.campaign_versions v ON v.tenant_id = g.tenant_id AND v.campaign_id = g.campaign_id AND v.version = g.version
		CROSS JOIN LATERAL voiceagent_private.preview_leads(g.campaign_id, (SELECT (j.turn).variables FROM judges.leads j WHERE j.campaign_id = g.campaign_id LIMIT 1),
			v.settings, v.lawful, at) p
		WHERE g.tenant_id = voiceagent.current_tenant() AND p.verdict <> 'gone' GROUP BY 1, 2
	)
	SELECT coalesce(j.campaign_id, c.campaign_id), coalesce(j.verdict, c.verdict), j.leads, c.leads
	FROM judged j FULL JOIN counted c ON c.campaign_id = j.campaign_id AND c.verdict = j.verdict
	WHERE j.leads IS DISTINCT FROM c.leads $$;

-- The claims of a simulation tell their first verdict on each lead, as its rows are rolled back.
CREATE FUNCTION judges.listen() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	ALTER FUNCTION voiceagent_private.check_eligibility(voiceagent_private.queue_pick[], voiceagent_private.claim_turn[], voiceagent_private.queue_pick[], timestamptz)
		RENAME TO check_eligibility_alone;
	CREATE FUNCTION voiceagent_private.check_eligibility(picks voiceagent_private.queue_pick[], turns voiceagent_private.claim_turn[],
		placed voiceagent_private.queue_pick[], at timestamptz) RETURNS voiceagent_private.queue_pick[] LANGUAGE plpgsql AS $f$
	BEGIN
		picks := voiceagent_private.check_eligibility_alone(picks, turns, placed, at);
		IF voiceagent_private.simulating() THEN
			RAISE WARNING 'simulated %', (SELECT string_agg(p.lead_id || ':' || p.verdict, ' ') FROM unnest(picks) p);
		END IF;
		RETURN picks;
	END
	$f$;
	-- An old list lets nothing start.
	PERFORM judges.rule('XA-6', 'list_max_age', 'null');
	DELETE FROM voiceagent_private.jurisdiction_terms;
	PERFORM voiceagent_private.store_terms(ARRAY(SELECT 'XA-' || p FROM generate_series(0, 10) p), voiceagent.clock());
END
$$;
