-- Rules that few places have: a consent that ends, a rest after a refusal, the series of numbers that call, the opt-out said first, a
-- human voice first, a number that was not reassigned; each in the claim, in the proof, in words, and seen ahead.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i sql/r50_law.inc
\set ECHO all
CREATE FUNCTION pg_temp.lawful(name text, lead_ids bigint[], settings jsonb DEFAULT '{}', place text DEFAULT 'XA-0') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint := pg_temp.start(name, lead_ids, '{"lawful": true}' || settings);
BEGIN
	UPDATE voiceagent_private.lanes SET region = place WHERE campaign_id = v_campaign;
	UPDATE voiceagent.leads SET region = place WHERE lead_id = ANY (lead_ids);
	UPDATE voiceagent.campaigns SET settings = '{"sandbox_obeys_law": true}' WHERE campaign_id = v_campaign;
	RETURN v_campaign;
END
$$;
CREATE FUNCTION pg_temp.leads_now(campaign bigint) RETURNS TABLE (lead text, status text, reason text, waits boolean) LANGUAGE sql AS $$
	SELECT right(d.phone, 2), m.status, m.reason, q.not_before > voiceagent.clock()
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads d USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) WHERE m.campaign_id = campaign ORDER BY 1
$$;
CREATE FUNCTION pg_temp.agreed(lead bigint, ago interval, source text DEFAULT 'web form') RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
	SELECT tenant_id, lead_id, phone, 'call', source, voiceagent.clock() - ago FROM voiceagent.leads WHERE lead_id = lead
$$;

-- A consent lasts ten days: the day before its end it holds, at its end and after it is none; one that is dated ahead does not hold yet; a
-- newer one holds beside an ended one; the stricter of two rules wins. The rule begins on a day.
BEGIN;
SELECT pg_temp.tenant('r50 special consent') > 0 AS made, pg_temp.country(), pg_temp.rule('require_consent', 'true'), pg_temp.rule('consent_valid', '30'), pg_temp.rule('consent_valid', '10', 'XA-1');
SELECT (t).special, voiceagent_private.describe_rule('consent_valid', '10') FROM voiceagent_private.resolve_terms('XA-1', voiceagent.clock()) t;
SELECT pg_temp.leads('+12025550', 6) AS l, pg_temp.leads('+12025551', 1) AS m \gset
SELECT pg_temp.agreed((:'l'::bigint[])[1], '9 days 23 hours'), pg_temp.agreed((:'l'::bigint[])[2], '10 days'), pg_temp.agreed((:'l'::bigint[])[3], '11 days'),
	pg_temp.agreed((:'l'::bigint[])[4], '-1 days'), pg_temp.agreed((:'l'::bigint[])[5], '1 day'), pg_temp.agreed((:'l'::bigint[])[5], '300 days', 'an old form'),
	pg_temp.agreed((:'m'::bigint[])[1], '11 days');
SELECT pg_temp.lawful('ends', :'l', place => 'XA-1') AS c, pg_temp.lawful('lasts', :'m') AS d \gset
-- seen ahead, before anybody is called
SELECT voiceagent.preview_campaign(:c) -> 'blocked' AS blocked, right(regexp_replace(e, '\d{4}-\d\d-\d\d', 'DAY'), 42) AS warned
FROM jsonb_array_elements_text(voiceagent.preview_campaign(:c) -> 'warnings') e WHERE e LIKE 'the consent%';
SELECT voiceagent_private.store_terms('{XA-1}', voiceagent.clock());
SELECT w.kind, regexp_replace(w.what, '\d{4}-\d\d-\d\d', 'DAY') AS what FROM voiceagent.waiting w WHERE w.kind = 'consents';
SELECT ARRAY(SELECT unnest(string_to_array(pg_temp.claim(100), ' ')) ORDER BY 1);
SELECT * FROM pg_temp.leads_now(:c);
SELECT right(k.phone, 1) AS lead, e.consent_required, e.consent_id IS NOT NULL AS consent, regexp_replace(e.special, 'at .*', 'at TIME') AS special,
	(SELECT x.detail ~ '^Consent \d+ of .* \(web form\), which was required. Besides: the consent ends at ' FROM voiceagent.explain_call(e.call_id) x WHERE x.rule = 'consent') AS explained
FROM voiceagent.eligibility e JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE e.campaign_id IN (:c, :d) ORDER BY k.phone;
-- the report finds no call without one
SELECT r.jurisdiction, r.calls, r.outside FROM voiceagent.compliance_report(:c) r WHERE r.rule = 'require_consent' ORDER BY 1;
UPDATE voiceagent.consents SET granted_at = granted_at - interval '9 days' WHERE tenant_id = voiceagent.current_tenant() AND source = 'web form';
SELECT r.jurisdiction, r.calls, r.outside FROM voiceagent.compliance_report(:c) r WHERE r.rule = 'require_consent' ORDER BY 1;
ROLLBACK;
BEGIN;
SELECT pg_temp.tenant('r50 special days') > 0 AS made, pg_temp.country(), voiceagent.clock() AS now \gset
-- As it is there: the day before the rule begins, and that day.
SELECT pg_temp.rule('consent_valid', '10', 'XA-3', (:'now'::timestamptz AT TIME ZONE 'UTC-14')::date), pg_temp.rule('require_consent', 'true', 'XA-3');
SELECT pg_temp.leads('+12025553', 1, '{Pacific/Kiritimati}') AS l, pg_temp.leads('+12025554', 1, '{Pacific/Pago_Pago}') AS m \gset
SELECT pg_temp.agreed((:'l'::bigint[])[1], '20 days'), pg_temp.agreed((:'m'::bigint[])[1], '20 days');
SELECT pg_temp.lawful('today', :'l', place => 'XA-3') AS c, pg_temp.lawful('yesterday', :'m', place => 'XA-3') AS d \gset
SELECT ARRAY(SELECT unnest(string_to_array(pg_temp.claim(100), ' ')) ORDER BY 1);
SELECT * FROM pg_temp.leads_now(:c) UNION ALL SELECT * FROM pg_temp.leads_now(:d);
ROLLBACK;

-- A rest of 60 days after a refusal, from the end of that call, whoever called; a callback that another call promised waits, too.
BEGIN;
SELECT pg_temp.tenant('r50 special refusal') > 0 AS made, pg_temp.country(), pg_temp.rule('refusal_rest', '60', 'XA-4');
SELECT (t).call_windows, (t).special, voiceagent_private.describe_rule('refusal_rest', '60') FROM voiceagent_private.resolve_terms('XA-4', voiceagent.clock()) t;
SELECT pg_temp.leads('+12025557', 5) AS l \gset
CREATE FUNCTION pg_temp.said(lead bigint, outcome text, ago interval) RETURNS void LANGUAGE sql AS $$
	INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, number, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, lawful, started_at, status, outcome, ended_at, counts)
	OVERRIDING SYSTEM VALUE SELECT k.tenant_id, nextval(pg_get_serial_sequence('voiceagent.calls', 'call_id')), k.campaign_id, lead, d.phone, 1, k.assistant_id, k.assistant_version, 1, k.provider_account_id, 1, true, voiceagent.clock() - ago - interval '5 minutes', 'completed', said.outcome, voiceagent.clock() - ago, true
	FROM (SELECT * FROM voiceagent.calls o WHERE o.tenant_id = voiceagent.current_tenant() ORDER BY o.call_id LIMIT 1) k, voiceagent.leads d WHERE d.lead_id = lead $$;
SELECT pg_temp.lawful('first', (:'l'::bigint[])[5:5], place => 'XA-4') AS c \gset
SELECT ARRAY(SELECT unnest(string_to_array(pg_temp.claim(100), ' ')) ORDER BY 1);
SELECT pg_temp.said((:'l'::bigint[])[1], 'not_interested', '59 days 23 hours 58 minutes'), pg_temp.said((:'l'::bigint[])[2], 'not_interested', '60 days'),
	pg_temp.said((:'l'::bigint[])[3], 'not_interested', '61 days'), pg_temp.said((:'l'::bigint[])[4], 'interested', '1 day');
SELECT pg_temp.lawful('refused', (:'l'::bigint[])[1:4], place => 'XA-4') AS d \gset
UPDATE voiceagent.leads SET call_attempts = 1 WHERE lead_id = ANY ((:'l'::bigint[])[1:4]);
SELECT voiceagent.preview_campaign(:d) ->> 'called_enough_for_now' AS put_off;
SELECT ARRAY(SELECT unnest(string_to_array(pg_temp.claim(100), ' ')) ORDER BY 1);
SELECT * FROM pg_temp.leads_now(:d);
SELECT right(k.phone, 1) AS lead, e.call_windows FROM voiceagent.eligibility e JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE e.campaign_id = :d ORDER BY 1;
SELECT x.why ~ 'The person has refused: by law the number rests until ' AS waits FROM voiceagent.explain_lead((:'l'::bigint[])[1]) x WHERE x.what = 'now' AND x.campaign_id = :d;
SELECT r.rule, r.calls, r.outside FROM voiceagent.compliance_report(:d) r WHERE r.rule = 'calls_per_window';
ROLLBACK;

-- The series of numbers that may call: the pool's number of it is chosen, others are left to the rest; without one nobody is called there.
BEGIN;
SELECT pg_temp.tenant('r50 special series') > 0 AS made, pg_temp.country(), pg_temp.rule('caller_prefixes', '["+33162","+339475"]', 'XA-5');
SELECT (t).special, voiceagent_private.describe_rule('caller_prefixes', '["+33162","+339475"]') FROM voiceagent_private.resolve_terms('XA-5', voiceagent.clock()) t;
SELECT p, voiceagent_private.may_call_with('{"caller_prefixes":[["+33162","+339475"]]}', p) AS may, voiceagent_private.may_call_with('{"caller_prefixes":[["+33162","+339475"],["+33"]]}', p) AS both,
	voiceagent_private.may_call_with('{"caller_prefixes":[["+33162"],["+339475"]]}', p) AS contradict, voiceagent_private.may_call_with('{}', p) AS none
FROM unnest('{+33162000001,+33612345678,+339475123,NULL}'::text[]) p;
SELECT pg_temp.leads('+12025558', 2) AS l, pg_temp.leads('+12025559', 2) AS m \gset
UPDATE voiceagent.provider_accounts SET provider = 'asterisk', settings = '{"caller_id": "+33612345678"}', armed_at = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.lawful('series', :'l', place => 'XA-5') AS c \gset
SELECT voiceagent_private.special_fault(:c, k.provider_account_id, k.assistant_id, 1, (voiceagent_private.terms_of('XA-5', voiceagent.clock())).special, voiceagent.clock()) FROM voiceagent.campaigns k WHERE k.campaign_id = :c;
SELECT pg_temp.claim(100, true);
SELECT * FROM pg_temp.leads_now(:c);
SELECT voiceagent.explain_reason(m.reason) FROM voiceagent.campaign_leads m WHERE m.campaign_id = :c LIMIT 1;
SELECT voiceagent.preview_campaign(:c) -> 'blocked' AS blocked, e AS stops FROM jsonb_array_elements_text(voiceagent.preview_campaign(:c) -> 'obstacles') e WHERE e LIKE 'the law%';
UPDATE voiceagent.provider_accounts SET provider = 'sandbox', settings = '{}' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.lawful('rest', :'m') AS d \gset
-- A pool of three: the one of the series goes to whom it may, the others to the rest.
INSERT INTO voiceagent.phone_numbers (tenant_id, provider_account_id, phone_number, country, timezone, provider_number_id, state, proof, is_active, created_at)
SELECT a.tenant_id, a.provider_account_id, p, 'FR', 'Europe/Paris', 'id' || p, 'ready', 'carrier', true, voiceagent.clock() FROM voiceagent.provider_accounts a, unnest('{+33612345679,+33162000001,+33145000001}'::text[]) p
WHERE a.tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.campaign_numbers (tenant_id, campaign_id, phone_number_id) SELECT tenant_id, c, phone_number_id FROM voiceagent.phone_numbers, unnest(ARRAY[:c, :d]) c WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE campaign_id = :c;
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE campaign_id = :c;
UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity', suspended = NULL WHERE campaign_id = :c;
SELECT right(k.phone, 7) AS lead, k.from_number FROM voiceagent_private.claim_calls(100) k ORDER BY 1;
SELECT right(k.phone, 7) AS lead, e.special FROM voiceagent.eligibility e JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE e.campaign_id IN (:c, :d) ORDER BY 1;
ROLLBACK;

-- The opt-out said first: the platform's own opening begins with it, and an assistant that discloses itself says it in its first two sentences.
BEGIN;
SELECT pg_temp.tenant('r50 special opening') > 0 AS made, pg_temp.country(), pg_temp.rule('opt_out_first', 'true', 'XA-6'), pg_temp.rule('disclose_ai', 'true', 'XA-6'), pg_temp.rule('opt_out_text', '"Say stop to stop."', 'XA-6');
SELECT pg_temp.leads('+12025560', 2) AS l \gset
SELECT pg_temp.lawful('says', (:'l'::bigint[])[1:1], '{"caller_name":"Acme"}', place => 'XA-6') AS c, pg_temp.lawful('says not', (:'l'::bigint[])[2:2], '{"caller_name":"Acme"}', place => 'XA-6') AS d \gset
SET LOCAL session_replication_role = replica;
UPDATE voiceagent.assistant_versions v SET settings = '{"discloses":true}' FROM voiceagent.campaigns k WHERE k.campaign_id = :d AND v.tenant_id = k.tenant_id AND v.assistant_id = k.assistant_id;
SET LOCAL session_replication_role = origin;
SELECT right(k.phone, 7) AS lead, k.first_message FROM voiceagent_private.claim_calls(100) k ORDER BY 1;
SELECT * FROM pg_temp.leads_now(:d);
SELECT e.special FROM voiceagent.eligibility e WHERE e.campaign_id = :c;
SET LOCAL session_replication_role = replica;
UPDATE voiceagent.assistant_versions v SET first_message = 'Hi, an AI of Acme. Press 9 to stop these calls. How are you?' FROM voiceagent.campaigns k WHERE k.campaign_id = :d AND v.tenant_id = k.tenant_id AND v.assistant_id = k.assistant_id;
SELECT voiceagent_private.special_fault(:d, k.provider_account_id, k.assistant_id, 1, '{"opt_out_first":true}', voiceagent.clock()) IS NULL AS may FROM voiceagent.campaigns k WHERE k.campaign_id = :d;
SELECT w, voiceagent_private.says_opt_out_first(w) FROM unnest(ARRAY['Hello, this is Acme. How are you?', 'Hello! This is Acme. To stop these calls, say so.', 'To stop these calls say stop. This is Acme.',
	'Hi. If you do not want to be called again, just say so.', 'Bonjour, Acme. Si vous ne souhaitez plus être appelé, dites-le.', 'Guten Tag, Acme. Wenn Sie keine Anrufe mehr wünschen, sagen Sie es.', 'Si no desea recibir más llamadas, dígalo.',
	'This is the nonstop shop. We press shirts.', NULL]) w;
ROLLBACK;

-- A human voice first: this platform has none, so only who agreed before is called; what the law wants is said.
BEGIN;
SELECT pg_temp.tenant('r50 special voice') > 0 AS made, pg_temp.country(), pg_temp.rule('human_first', 'true', 'XA-7');
SELECT pg_temp.leads('+12025561', 2) AS l \gset
SELECT pg_temp.agreed((:'l'::bigint[])[1], '1 day');
SELECT pg_temp.lawful('voice', :'l', place => 'XA-7') AS c \gset
SELECT x.why ~ 'which the law wants: a human voice asks first, or a consent was given before in XA-7 \(test\)' AS said FROM voiceagent.explain_lead((:'l'::bigint[])[2]) x WHERE x.what = 'now';
SELECT voiceagent.preview_campaign(:c) -> 'blocked' AS blocked;
SELECT ARRAY(SELECT unnest(string_to_array(pg_temp.claim(100), ' ')) ORDER BY 1);
SELECT * FROM pg_temp.leads_now(:c);
ROLLBACK;

-- What cannot be read, or contradicts, is told.
BEGIN;
SELECT pg_temp.rule('consent_valid', '0', 'DE'), pg_temp.rule('refusal_rest', '"60"', 'DE'), pg_temp.rule('caller_prefixes', '["33"]', 'DE'), pg_temp.rule('human_first', '1', 'DE'), pg_temp.rule('consent_valid', '20', 'FR', '2026-10-01');
SELECT * FROM voiceagent_private.check_law() ORDER BY 1, 2;
SELECT (voiceagent_private.resolve_terms('FR', '2026-12-01 12:00+00')).special ->> 'consent_valid' AS stricter, (voiceagent_private.resolve_terms('FR', '2026-12-01 12:00+00')).call_windows;
ROLLBACK;
SELECT r.jurisdiction, r.rule, r.value, r.effective_from, r.status FROM voiceagent.calling_rules r WHERE r.rule IN ('consent_valid', 'refusal_rest', 'caller_prefixes', 'human_first', 'opt_out_first', 'number_check') ORDER BY 1, 2;
-- France the day before its law on consents, and that day.
SELECT d, (voiceagent_private.resolve_terms('FR', d, true, '{Europe/Paris}')).special ->> 'consent_valid' AS days FROM unnest('{2026-08-10 23:59+02,2026-08-11 00:00+02,2026-08-12 00:00+02}'::timestamptz[]) d;
SET ROLE voiceagent_admin;
SELECT voiceagent.tighten_rule('FR', 'consent_valid', '366', 'x');
SELECT voiceagent.tighten_rule('FR', 'caller_prefixes', '["0162"]', 'x');
RESET ROLE;

-- A person who is called only by appointment: no dial but a promised one, whichever of its numbers; said ahead, in the proof and in words.
BEGIN;
SELECT pg_temp.tenant('r50 special appointment') > 0 AS made, pg_temp.country();
SELECT pg_temp.leads('+12025562', 3) AS l \gset
SELECT voiceagent.record_consent(lead, 'appointment', 'letter of 3 March', 'Call me only when we agreed to.') > 0 AS kept FROM unnest((:'l'::bigint[])[1:2]) AS lead;
SELECT pg_temp.lawful('invited', :'l', place => 'XA-8') AS c \gset
SELECT voiceagent.preview_campaign(:c) -> 'blocked' AS blocked;
UPDATE voiceagent_private.call_queue SET reason = 'callback' WHERE campaign_id = :c AND lead_id = (:'l'::bigint[])[2];
SELECT x.why ~ 'The person is called only by appointment, and none was made' AS said FROM voiceagent.explain_lead((:'l'::bigint[])[1]) x WHERE x.what = 'now';
SELECT voiceagent.add_lead_number((:'l'::bigint[])[1], '+12025550199') IS NOT NULL AS another;
SELECT ARRAY(SELECT unnest(string_to_array(pg_temp.claim(100), ' ')) ORDER BY 1);
SELECT * FROM pg_temp.leads_now(:c);
SELECT right(k.phone, 1) AS lead, e.special, (SELECT x.detail FROM voiceagent.explain_call(e.call_id) x WHERE x.rule = 'consent') AS explained
FROM voiceagent.eligibility e JOIN voiceagent.calls k USING (tenant_id, call_id) WHERE e.campaign_id = :c ORDER BY 1;
SELECT voiceagent.explain_reason(m.reason) FROM voiceagent.campaign_leads m WHERE m.campaign_id = :c AND m.lead_id = (:'l'::bigint[])[1];
-- nobody calls it by hand either, until the person has said so
SAVEPOINT s;
SELECT voiceagent.call_now((:'l'::bigint[])[1], (SELECT assistant_id FROM voiceagent.campaigns WHERE campaign_id = :c));
ROLLBACK TO s;
SELECT voiceagent.revoke_consent((:'l'::bigint[])[1], 'appointment') AS ended;
SELECT voiceagent_private.may_return(m, d, v) AS back FROM voiceagent.campaign_leads m JOIN voiceagent.leads d USING (tenant_id, lead_id)
JOIN voiceagent.campaign_versions v ON v.tenant_id = m.tenant_id AND v.campaign_id = m.campaign_id WHERE m.campaign_id = :c AND m.reason ~ 'appointment';
ROLLBACK;

-- A consent that is dated ahead does not hold yet where no rule ends consents either.
BEGIN;
SELECT pg_temp.tenant('r50 special ahead') > 0 AS made, pg_temp.country(), pg_temp.rule('require_consent', 'true', 'XA-9');
SELECT pg_temp.leads('+12025563', 3) AS l \gset
SELECT pg_temp.agreed((:'l'::bigint[])[1], '-1 hour'), pg_temp.agreed((:'l'::bigint[])[2], '1 hour'), pg_temp.agreed((:'l'::bigint[])[3], '1 hour'), pg_temp.agreed((:'l'::bigint[])[3], '-1 hour', 'a form of tomorrow');
SELECT pg_temp.lawful('ahead', :'l', place => 'XA-9') AS c \gset
SELECT voiceagent.preview_campaign(:c) -> 'blocked' AS blocked;
SELECT ARRAY(SELECT unnest(string_to_array(pg_temp.claim(100), ' ')) ORDER BY 1);
SELECT * FROM pg_temp.leads_now(:c);
ROLLBACK;

-- To sell, a number must be known not to be reassigned since the consent: no setting of the campaign lets an unknown one pass, and no word of
-- the campaign's own is needed. What serves asks for nothing.
BEGIN;
SELECT pg_temp.tenant('r50 special numbers') > 0 AS made, pg_temp.country(), pg_temp.rule('number_check', 'true', 'XA-6');
SELECT pg_temp.leads('+12025564', 4) AS l \gset
SELECT pg_temp.agreed(lead, '10 days') FROM unnest(:'l'::bigint[]) lead \g /dev/null
INSERT INTO voiceagent.number_facts (tenant_id, phone, kind, source, value, day, since, stored_at)
SELECT voiceagent.current_tenant(), d.phone, 'reassigned', 'rnd', f.value, voiceagent.clock()::date, voiceagent.clock()::date - f.ago, voiceagent.clock()
FROM (VALUES (1, 'no', 11), (2, 'no', 5), (3, 'yes', 5)) AS f(nth, value, ago) JOIN voiceagent.leads d ON d.lead_id = (:'l'::bigint[])[f.nth];
SELECT pg_temp.lawful('sold', :'l', '{"number_checks": "mobile call_unknown"}', place => 'XA-6') AS c \gset
SELECT regexp_replace(voiceagent.preview_campaign(:c) ->> 'blocked', '\d{4}-\d\d-\d\d', 'DAY', 'g') AS blocked;
SELECT x.why ~ 'does not dial it by number_checks: it is not known of the number: [a-z_, ]*reassigned \(by rule' AS said FROM voiceagent.explain_lead((:'l'::bigint[])[4]) x WHERE x.what = 'now';
SELECT pg_temp.claim(100);
SELECT lead, status, regexp_replace(reason, '\d{4}-\d\d-\d\d', 'DAY', 'g') AS reason, waits FROM pg_temp.leads_now(:c);
SELECT regexp_replace(e.special, '\d{4}-\d\d-\d\d', 'DAY', 'g') AS special FROM voiceagent.eligibility e WHERE e.campaign_id = :c;
ROLLBACK;
BEGIN;
SELECT pg_temp.tenant('r50 special service') > 0 AS made, pg_temp.country(), pg_temp.rule('number_check', 'true', 'XA-6');
SELECT pg_temp.leads('+12025565', 2) AS l \gset
SELECT pg_temp.agreed(lead, '10 days') FROM unnest(:'l'::bigint[]) lead \g /dev/null
SELECT pg_temp.lawful('served', :'l', '{"call_purpose": "service"}', place => 'XA-6') AS c \gset
SELECT ARRAY(SELECT unnest(string_to_array(pg_temp.claim(100), ' ')) ORDER BY 1);
ROLLBACK;
SET ROLE voiceagent_admin;
SELECT voiceagent.tighten_rule('US-ME', 'number_check', 'false', 'x');
RESET ROLE;

-- We measure the opening of each call that we hold. A campaign dials slowly for a day when too many of its calls say a part too late.
BEGIN;
SELECT pg_temp.tenant('r50 special late') > 0 AS made, pg_temp.country(), pg_temp.rule('opening', '["caller 5"]', 'XA-5');
SELECT pg_temp.leads('+12025566', 22) AS l \gset
SELECT pg_temp.agreed(lead, '10 days') FROM unnest(:'l'::bigint[]) lead \g /dev/null
SELECT pg_temp.lawful('late', :'l', '{"caller_name": "Acme"}', place => 'XA-5') AS c \gset
SELECT cardinality(string_to_array(pg_temp.claim(21), ' ')) AS dials;
UPDATE voiceagent.calls SET answered_at = started_at WHERE campaign_id = :c;
UPDATE voiceagent.attempts SET disclosures = '{caller}', disclosure = 'This is Acme.', disclosure_ends = '{13}' WHERE call_id IN (SELECT call_id FROM voiceagent.calls WHERE campaign_id = :c);
CREATE FUNCTION pg_temp.said(campaign bigint, nth integer, ms integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.end_media_session(c.call_id, 'over', false, jsonb_build_object('law_ms', ARRAY[ms]))
	FROM (SELECT k.call_id FROM voiceagent.calls k WHERE k.campaign_id = campaign ORDER BY k.call_id OFFSET nth - 1 LIMIT 1) c;
	RETURN (SELECT coalesce(p.slow_until > voiceagent.clock() + interval '23 hours', false) FROM voiceagent_private.pacing p WHERE p.campaign_id = campaign);
END $$;
SELECT bool_or(pg_temp.said(:c, n, 4000)) AS slow FROM generate_series(1, 18) n;
SELECT pg_temp.said(:c, 19, 6000) AS of_19, pg_temp.said(:c, 20, 4000) AS in_time, pg_temp.said(:c, 21, 6000) AS of_21;
SELECT regexp_replace(voiceagent.explain_campaign(:c), 'until [^:]*:[0-9]+[^:]*:', 'until ...:') AS explained;
ROLLBACK;
