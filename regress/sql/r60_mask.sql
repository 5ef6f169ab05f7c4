-- What must not be kept: cards and codes that people say are in no row of any table, whoever brought the words.
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
-- 200 talks, seeded: a card of 16 digits in one of eight shapes, in five languages, and a code.
CREATE FUNCTION pg_temp.luhn(first15 text) RETURNS text LANGUAGE sql AS $$
	SELECT first15 || (10 - sum(CASE WHEN n % 2 = 1 THEN 2 * d - CASE WHEN d > 4 THEN 9 ELSE 0 END ELSE d END) % 10) % 10
	FROM (SELECT n, substr(first15, n, 1)::integer AS d FROM generate_series(1, 15) n) x
$$;
CREATE FUNCTION pg_temp.spoken(digits text, language integer) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg((string_to_array((ARRAY['zero one two three four five six seven eight nine', 'cero uno dos tres cuatro cinco seis siete ocho nueve',
		'zéro un deux trois quatre cinq six sept huit neuf', 'null eins zwei drei vier fünf sechs sieben acht neun', 'zero uno due tre quattro cinque sei sette otto nove'])[language], ' '))[1 + substr(digits, n, 1)::integer], ' ' ORDER BY n)
	FROM generate_series(1, length(digits)) n
$$;
SELECT setseed(0.53);
CREATE TEMP TABLE secrets AS
SELECT n, s.card, s.code, CASE n % 8 WHEN 0 THEN s.card WHEN 1 THEN regexp_replace(s.card, '(....)(?=.)', '\1 ', 'g') WHEN 2 THEN regexp_replace(s.card, '(....)(?=.)', '\1-', 'g')
	ELSE pg_temp.spoken(s.card, n % 8 - 2) END AS said, CASE WHEN n % 8 < 3 THEN s.code ELSE pg_temp.spoken(s.code, n % 8 - 2) END AS said_code,
	(ARRAY['My PIN is ', 'Mi clave es ', 'Mon code est ', 'Meine Geheimzahl ist ', 'Il codice è '])[greatest(n % 8 - 2, 1)] AS lead_in
FROM (SELECT n, pg_temp.luhn('4' || string_agg(floor(random() * 10)::integer::text, '')) AS card, lpad(floor(random() * 10000)::integer::text, 4, '0') AS code
	FROM generate_series(0, 199) n, generate_series(1, 14) d GROUP BY n ORDER BY n) s;
SELECT count(*) AS talks, count(DISTINCT card) AS cards FROM secrets;
-- Where a text is found that somebody said, in any row that was written since (all is one transaction), of any table.
CREATE FUNCTION pg_temp.found() RETURNS TABLE (place text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind = 'r' ORDER BY 1 LOOP
		RETURN QUERY EXECUTE format('SELECT %L, count(*) FROM (SELECT t::text || %s AS row FROM %s t WHERE t.xmin::text::bigint >= %s OFFSET 0) r
			WHERE EXISTS (SELECT FROM secrets s WHERE strpos(r.row, s.card) > 0 OR strpos(r.row, s.said) > 0 OR strpos(r.row, s.lead_in || s.said_code) > 0) HAVING count(*) > 0',
			v.name, CASE WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = v.name AND a.attname = 'body' AND a.atttypid = 'bytea'::regtype) THEN $q$convert_from(t.body, 'UTF8')$q$ ELSE $q$''$q$ END, v.name, pg_current_xact_id());
	END LOOP;
END
$$;
BEGIN;
CREATE FUNCTION pg_temp.tell(first integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_applied bigint := 0;
BEGIN
	PERFORM pg_temp.begin_calls('Mask ' || first, ARRAY(SELECT (2000 + n)::text FROM generate_series(first, first + 99) n));
	PERFORM pg_temp.dial();
	PERFORM pg_temp.take(VARIADIC ARRAY(SELECT convert_to(jsonb_set(jsonb_set(convert_from(pg_temp.talk((2000 + s.n)::text, jsonb_build_object('card', s.card, 'note', 'paid by ' || s.said),
			'Hello', 'Hi, may I pay by card?', 'Sure, what is the number?', 'It is ' || s.said || '.', 'And the code?', s.lead_in || s.said_code || '.', 'Thank you.', 'Bye.'), 'UTF8')::jsonb,
			'{message,artifact,transcript}', to_jsonb(format(E'AI: Hello\nUser: It is %s.\nAI: And the code?\nUser: %s%s.', s.said, s.lead_in, s.said_code))),
			'{message,analysis,summary}', to_jsonb('They paid with ' || s.said || '.'))::text, 'UTF8') FROM secrets s WHERE s.n BETWEEN first AND first + 99 ORDER BY s.n));
	PERFORM voiceagent_private.apply_inbox(1000) FROM generate_series(1, 5);
	RETURN (SELECT count(*) FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.outcome IS NOT NULL);
END
$$;
SELECT pg_temp.tell(0) + pg_temp.tell(100) AS talks;
SELECT * FROM pg_temp.found();
SELECT count(*) AS calls, count(*) FILTER (WHERE c.transcript LIKE '%****%') AS transcripts, count(*) FILTER (WHERE c.summary LIKE 'They paid with ****.') AS summaries, count(*) FILTER (WHERE c.structured_data ->> 'card' = '****') AS data
FROM voiceagent.calls c JOIN secrets s ON c.phone = '+1212555' || (2000 + s.n) WHERE c.outcome IS NOT NULL AND c.tenant_id IN (SELECT tenant_id FROM voiceagent.tenants WHERE name LIKE 'Mask %');
SELECT speaker, text FROM voiceagent.call_turns t WHERE call_id = pg_temp.call_of('2103') ORDER BY turn;
-- What an agent of the tenant tells, and what a tool is asked.
SELECT voiceagent.report_call(pg_temp.call_of('2100'), summary => 'Card ' || card, transcript => 'User: ' || said, structured_data => jsonb_build_object('paid_with', said)) IS NOT NULL FROM secrets WHERE n = 1;
SELECT voiceagent_private.ask_media_tool(pg_temp.call_of('2100'), 'x', 'take_message', jsonb_build_object('message', 'card ' || said)) FROM secrets WHERE n = 5;
SELECT * FROM pg_temp.found();
-- The search finds what is there.
UPDATE voiceagent.calls SET summary = 'Paid with ' || said FROM secrets WHERE n = 7 AND call_id = pg_temp.call_of('2107');
SELECT * FROM pg_temp.found();
-- What is told in pieces, and a code that is asked for in one turn and told in the next.
SELECT pg_temp.begin_calls('Mask pieces', ARRAY['2300']) > 0 AS begun, pg_temp.dial();
SELECT pg_temp.take(pg_temp.talk('2300', '{}', 'Hello', 'Hi, may I pay by card?', 'Sure, the number?', 'It is 4242 4242.', 'Go on.', '4242.', 'Yes?', 'And 4242.', 'And your PIN?', '4271.', 'Thanks.'));
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT speaker, text FROM voiceagent.call_turns t WHERE call_id = pg_temp.call_of('2300') ORDER BY turn;
SELECT count(*) AS bodies FROM voiceagent.webhooks w WHERE w.tenant_id = voiceagent.current_tenant() AND convert_from(w.body, 'UTF8') ~ '4242|4271';
-- What a tenant names itself: in no row either, and what people say to be called no more stays.
SELECT pg_temp.begin_calls('Mask own', ARRAY['2400', '2401']) > 0 AS begun, pg_temp.dial();
SELECT voiceagent.set_setting('masked_words', E'Policy ######\n\n  Project   Falcon\ncalling');
SELECT voiceagent.get_setting('masked_words');
SELECT pg_temp.take(pg_temp.talk('2400', '{"policy": "policy 555123", "about": "project falcon"}', 'Hello', 'My policy 55 51-23 is about Project Falcon.', 'Why are you calling?', 'You called me.', 'Bye.'),
	pg_temp.talk('2401', '{}', 'Hello', 'Stop calling me.', 'Bye.'));
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT speaker, text FROM voiceagent.call_turns t WHERE call_id IN (pg_temp.call_of('2400'), pg_temp.call_of('2401')) ORDER BY call_id, turn;
SELECT structured_data, transcript ~* 'falcon|55 51' AS told FROM voiceagent.calls WHERE call_id = pg_temp.call_of('2400');
SELECT count(*) AS bodies FROM voiceagent.webhooks w WHERE w.tenant_id = voiceagent.current_tenant() AND convert_from(w.body, 'UTF8') ~* 'falcon|555123|55 51';
SELECT phone FROM voiceagent.do_not_call_list WHERE phone LIKE '%2401';
SELECT voiceagent_private.mask_words('[{"speaker": "customer", "text": "It is policy 555123."}]') AS named;
SELECT voiceagent.set_setting('masked_words', NULL);
SELECT voiceagent_private.mask_words('It is policy 555123.') AS no_more_named;
CREATE FUNCTION pg_temp.refused(lines text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	PERFORM voiceagent.set_setting('masked_words', lines);
	RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN v_detail;
END
$$;
SELECT pg_temp.refused(lines) FROM (VALUES (1, 'stop calling me'), (2, 'STOP'), (3, 'yes'), (4, 'ab'), (5, '@@@@'), (6, repeat('x', 101)), (7, repeat(E'abcd\n', 51)), (8, repeat(E'abcd\n', 50))) t(n, lines) ORDER BY n;
ROLLBACK;
