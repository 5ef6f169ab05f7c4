-- What was said is found by an index under row-level security, with filters, highlights and a cursor; nobody finds another's words.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.found(VARIADIC terms text[] DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_found text;
	v_hint text;
BEGIN
	EXECUTE format('SELECT string_agg(right(f.phone, 4), '','' ORDER BY f.call_id DESC) FROM voiceagent.search_calls(%s) f', array_to_string(terms, ', ')) INTO v_found;
	RETURN coalesce(v_found, 'none');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(v_hint, ''));
END $$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Search', ARRAY['5001', '5002', '5003', '5004', '5005']) AS tenant \gset
SELECT pg_temp.dial();
SELECT pg_temp.take(
	pg_temp.talk('5001', '{}', 'Hello, this is Ann of Roof Masters.', 'We had our roof repaired in spring, thank you.', 'I see. Goodbye.', 'Goodbye.'),
	pg_temp.talk('5002', '{"interest": "high"}', 'Hello. May I tell you about our offer?', 'That sounds very interesting, tell me more about the insurance.', 'Of course.', 'Great.'),
	pg_temp.talk('5003', '{"do_not_call": true}', 'Hello.', 'Take me off your list and do not call me again about my roof.', 'I will.', 'Good.'),
	pg_temp.webhook('5004', 'report', 'customer-busy'));
SELECT voiceagent_private.apply_inbox(10);
-- Nothing is found before the keeper has folded; then it is, by forms of words, phrases, either of two, and without one.
SELECT pg_temp.found('''roofs''') AS before;
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent_private.fold_figures(100) AS more;
SELECT pg_temp.found('''roofs''') AS forms, pg_temp.found('''repairing roof''') AS both, pg_temp.found('''"the insurance"''') AS phrase,
	pg_temp.found('''insurance or repair''') AS either, pg_temp.found('''roof -repair''') AS without, pg_temp.found('''chimney''') AS none;
-- Filters, alone and with words.
SELECT pg_temp.found() AS all_ended, pg_temp.found('status := ''busy''') AS busy, pg_temp.found('outcome := ''do_not_call''') AS opted_out,
	pg_temp.found('''roof''', 'outcome := ''do_not_call''') AS words_and_outcome, pg_temp.found('direction := ''inbound''') AS inbound,
	pg_temp.found('interest := ''high''') AS interest, pg_temp.found('campaign_id := 0') AS incoming, pg_temp.found('intent := ''nothing of the kind''') AS no_such_intent;
SELECT pg_temp.found('from_time := voiceagent.clock() - interval ''1 day''') AS today, pg_temp.found('to_time := voiceagent.clock() - interval ''1 day''') AS before,
	pg_temp.found('from_time := ''1926-01-01''', 'to_time := ''2126-01-01''') AS of_200_years, pg_temp.found('''roof''', 'from_time := voiceagent.clock() - interval ''1 day''') AS words_today;
SELECT pg_temp.found('max_calls := 2') AS page, pg_temp.found('max_calls := 2', format('cursor := %s', (SELECT min(call_id) FROM voiceagent.search_calls(max_calls := 2)))) AS next_page;
SELECT right(phone, 4) AS number, direction, status, outcome, interest, excerpt FROM voiceagent.search_calls('roof');
-- By a listing, also one that is linked after the call.
SELECT voiceagent.set_listing_profile('real_estate');
SELECT voiceagent.add_listing('{"address": "1 Oak Street"}') AS listing \gset
SELECT voiceagent.link_listing(pg_temp.call_of(n), :listing) FROM unnest('{5001,5004}'::text[]) n;
SELECT pg_temp.found('listing_id := ' || :listing) AS of_listing, pg_temp.found('''roofs''', 'listing_id := ' || :listing) AS with_words,
	pg_temp.found('status := ''busy''', 'listing_id := ' || :listing) AS with_filter, pg_temp.found('listing_id := 0') AS none, pg_temp.found('max_calls := 1', 'listing_id := ' || :listing) AS page;
-- An excerpt is made of the turns that have the words, however long the talk is.
SELECT length(voiceagent_private.text_around(t, 'english', 'roofs')) < 10000 AS bounded, left(voiceagent_private.text_around(t, 'english', 'chimney'), 9) AS beginning,
	ts_headline('english', voiceagent_private.text_around(t, 'english', 'roofs'), websearch_to_tsquery('english', 'roofs'), 'StartSel=**, StopSel=**, MaxWords=5, MinWords=3') AS found
FROM (SELECT jsonb_agg(jsonb_build_object('turn', i, 'speaker', 'customer', 'text', CASE i WHEN 900 THEN repeat('and so on ', 1500) || 'our roof leaks' ELSE 'and so on' END)) FROM generate_series(1, 1000) i) x(t);
-- The language of the talk decides about the forms, each call by its own.
SELECT voiceagent_private.words_query('roofs') AS query;
-- What is no search is refused, and said.
SELECT pg_temp.found('''the and of''') AS stop_words, pg_temp.found('''   ''') AS blanks, pg_temp.found('repeat(''roof '', 2000)') AS ten_kilobytes;
SELECT pg_temp.found(E'\'\u202eroof\'') AS right_to_left, pg_temp.found(E'\'"unended (roof & | ! <-> :*\'') AS signs, pg_temp.found('E''\u0001campaign 1''') AS a_filter_s_form;
SELECT pg_temp.found('outcome := ''won''') AS outcome, pg_temp.found('direction := ''up''') AS direction, pg_temp.found('max_calls := 0') AS page,
	pg_temp.found('from_time := ''2026-02-01''', 'to_time := ''2026-01-01''') AS backwards;
COMMIT;

-- A correction moves a call to its new outcome; the words go with the transcript, the call with its person.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent.correct_call(pg_temp.call_of('5001'), 'listened to it', 'interested');
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent_private.fold_figures(100) AS more;
SELECT pg_temp.found('outcome := ''interested''') AS interested;
SELECT voiceagent_private.retain_transcripts(ARRAY[pg_temp.call_of('5001')]);
SELECT pg_temp.found('''roof''') AS words, pg_temp.found('outcome := ''interested''') AS filter;
SELECT voiceagent.erase_lead(lead_id) ->> 'status' AS erased FROM voiceagent.leads WHERE tenant_id = :tenant AND phone = '+12125555003';
SELECT pg_temp.found('''roof''') AS words, (SELECT count(*) FROM voiceagent.call_words WHERE tenant_id = :tenant) AS rows;
COMMIT;

-- Among many calls a search finds words that nearly all have, and words that one has; a member's own query goes by the index.
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
INSERT INTO voiceagent.call_words (tenant_id, call_id, words)
SELECT t, 1000000 + i, to_tsvector('english', format('Hello this is call word%s about %s', i, CASE i % 2 WHEN 0 THEN 'roofs' ELSE 'gutters' END)) || array_to_tsvector(ARRAY[voiceagent_private.filter_lexeme('language', 'english')])
FROM unnest(ARRAY[:tenant, :tenant + 1000000]) t, generate_series(1, 10000) i;
COMMIT;
VACUUM (ANALYZE) voiceagent.call_words;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT voiceagent_private.newest_matches(voiceagent_private.words_query('word17'), 9000000, NULL, NULL, 5) AS rare,
	voiceagent_private.newest_matches(voiceagent_private.words_query('gutter'), 9000000, NULL, NULL, 3) AS frequent,
	voiceagent_private.newest_matches(voiceagent_private.words_query('gutter'), 1000006, NULL, NULL, 9) AS behind;
SET LOCAL ROLE voiceagent_user;
EXPLAIN (COSTS OFF) SELECT w.call_id FROM voiceagent.call_words w WHERE w.words OPERATOR(voiceagent.~@) websearch_to_tsquery('english', 'word17');
SELECT count(*) FROM voiceagent.call_words w WHERE w.words OPERATOR(voiceagent.~@) websearch_to_tsquery('english', 'word17');
-- Estimates tell nothing: they are the same for a word of all, of one, and of none.
CREATE FUNCTION pg_temp.estimate(word text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE v_plan json;
BEGIN
	EXECUTE format('EXPLAIN (FORMAT json) SELECT FROM voiceagent.call_words w WHERE w.words OPERATOR(voiceagent.~@) %L::tsquery', word) INTO v_plan;
	RETURN v_plan #>> '{0,Plan,Plan Rows}';
END $$;
SELECT pg_temp.estimate('roof') = pg_temp.estimate('word17') AND pg_temp.estimate('roof') = pg_temp.estimate('nowhere') AS alike;
ROLLBACK;
DELETE FROM voiceagent.call_words WHERE call_id > 1000000;
