-- India: a text leaves only with the words of a registered template, and a campaign calls from the series of its purpose.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r59 dlt') > 0 AS made;
UPDATE voiceagent.provider_accounts SET provider = 'plivo' WHERE tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.phone_numbers (tenant_id, provider_account_id, phone_number, country, timezone, state, proof, created_at)
SELECT a.tenant_id, a.provider_account_id, p, 'IN', 'Asia/Kolkata', 'ready', 'carrier', voiceagent.clock() FROM voiceagent.provider_accounts a, unnest('{+911401234567,+911600123456}'::text[]) p
WHERE a.tenant_id = voiceagent.current_tenant();
SELECT min(phone_number_id) AS number FROM voiceagent.phone_numbers WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.set_text_sender(:number, 'not_needed');
INSERT INTO voiceagent.leads (tenant_id, phone, timezones, country, created_at) VALUES (voiceagent.current_tenant(), '+919812345678', '{Asia/Kolkata}', 'IN', voiceagent.clock()) RETURNING lead_id AS lead \gset
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at) SELECT tenant_id, lead_id, phone, 'text', 'form', voiceagent.clock() FROM voiceagent.leads WHERE lead_id = :lead;
SELECT voiceagent.send_text(:lead, 'Your order 4711 (2 parts) is on its way.', 'order') AS text \gset
CREATE FUNCTION pg_temp.obstacle(text bigint) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN o.until IS NULL THEN o.reason ELSE 'none but hours' END FROM voiceagent.texts t CROSS JOIN LATERAL voiceagent_private.text_obstacle(t, voiceagent.clock()) o WHERE t.tenant_id = voiceagent.current_tenant() AND t.text_id = text
$$;
SELECT pg_temp.obstacle(:text);
SELECT voiceagent.set_setting('dlt_entity_id', '1101234567890123456');
SELECT pg_temp.obstacle(:text);
-- Words that only look alike are no template's: a dot is a dot, and a placeholder has 30 characters.
SELECT voiceagent.set_dlt_template('1107161234567890001', 'ACMEIN', 'Your order {#var#} (2 parts) is on its way!'), voiceagent.set_dlt_template('1107161234567890002', 'ACMEIN', '.*');
SELECT pg_temp.obstacle(:text);
SELECT voiceagent.set_dlt_template('1107161234567890003', 'ACMEIN', 'Your order {#var#} ({#var#} parts) is on its way.');
SELECT coalesce(pg_temp.obstacle(:text), 'none but hours');
SELECT (voiceagent_private.dlt_template('Your order ' || repeat('7', n) || ' (2 parts) is on its way.')).template_id FROM unnest('{30,31}'::integer[]) n;
-- Nothing is tried twice, however many places look alike; and what fits is what a regular expression says that fits.
SELECT voiceagent_private.fits_template(repeat('a', 1600), repeat('a{#var#}', 20) || 'b') AS fits;
CREATE FUNCTION pg_temp.pick(n integer, i integer, of text[]) RETURNS text LANGUAGE sql AS 'SELECT of[1 + abs(hashint4(n * 100 + i)::bigint) % 6]';
CREATE TEMP TABLE pairs AS SELECT words, template, words ~ ('^' || replace(regexp_replace(template, '([^[:alnum:][:space:]])', '\\\1', 'g'), '\{\#var\#\}', '.{0,30}') || '$') AS fits
FROM generate_series(1, 5000) n, LATERAL (SELECT coalesce(string_agg(pg_temp.pick(n, i, ARRAY['a', 'b', 'é', E'\n', '.', repeat('b', 29)]), '' ORDER BY i), '') AS words FROM generate_series(1, n % 6) i) w,
	LATERAL (SELECT string_agg(pg_temp.pick(n, 50 + i, '{a,b,é,.,"{#var#}","{#var#}"}'), '' ORDER BY i) AS template FROM generate_series(0, n % 5) i) t;
SELECT count(*) FILTER (WHERE fits) > 500 AS "some fit", count(*) FILTER (WHERE NOT fits) > 500 AS "some do not", count(*) FILTER (WHERE fits <> voiceagent_private.fits_template(words, template)) AS wrong FROM pairs;
-- Its ids go with it.
SELECT voiceagent_private.enqueue_provider_request((SELECT min(provider_account_id) FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant()), 'send_text', jsonb_build_object('text_id', :text)) AS request \gset
SELECT voiceagent_private.text_to_send(:request) - 'attempt_ref' AS told;
-- A carrier that takes none of them sends none.
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.obstacle(:text);
UPDATE voiceagent.provider_accounts SET provider = 'plivo' WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.set_dlt_template('1107161234567890003', NULL, NULL);
SELECT pg_temp.obstacle(:text);
SAVEPOINT s;
SELECT voiceagent.set_dlt_template('x', 'ACMEIN', 'x');
ROLLBACK TO s;
SELECT voiceagent.set_dlt_template('1107161234567890003', 'A CME', 'x');
ROLLBACK TO s;
SELECT voiceagent.set_dlt_template('1107161234567890003', 'ACMEIN', repeat('{#var#}', 21));
ROLLBACK TO s;

-- Calls: 140 to sell, 1600 to serve; who does not say sells.
SELECT (t).special AS special FROM voiceagent_private.resolve_terms('IN', voiceagent.clock()) t \gset
SELECT pg_temp.start('sells', '{}') AS sells, pg_temp.start('serves', '{}', '{"call_purpose": "service"}') AS serves \gset
SELECT c = :serves AS serves, voiceagent_private.special_for(:'special', c) -> 'caller_prefixes' AS prefixes FROM (VALUES (:sells), (:serves)) v(c) ORDER BY 1;
INSERT INTO voiceagent.campaign_numbers (tenant_id, campaign_id, phone_number_id) SELECT tenant_id, c, :number FROM voiceagent.phone_numbers, unnest(ARRAY[:sells, :serves]) c WHERE phone_number_id = :number;
SELECT k.name, voiceagent_private.special_fault(k.campaign_id, k.provider_account_id, k.assistant_id, 1, :'special', voiceagent.clock()) FROM voiceagent.campaigns k WHERE k.campaign_id IN (:sells, :serves) ORDER BY 1;
SELECT voiceagent_private.special_fault_of('caller_prefixes', v) FROM unnest('{"[\"service:+911600\"]","[\"other:+911600\"]"}'::jsonb[]) v;
ROLLBACK;
