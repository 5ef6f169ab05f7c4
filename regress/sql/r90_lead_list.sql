-- The list of leads: every order with every filter gives, page after page, what a sort of all leads gives, each lead once; who needs a
-- person; bad arguments; what a writer leaves out of the order is found.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.try(statement text) RETURNS TABLE (code text, message text, detail text, hint text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement INTO message;
	code := 'ok';
	RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN NEXT;
END $$;
-- What each lead is, from the rows of calls, queue and lanes alone: nothing that the list is kept by.
CREATE FUNCTION pg_temp.truth(campaign bigint) RETURNS TABLE (lead_id bigint, stage text, last_call_id bigint, last_called_at timestamptz, outcome text,
	follow_up boolean, name text, next_try_at timestamptz, due timestamptz, member boolean) LANGUAGE sql AS $$
	SELECT l.lead_id, CASE WHEN EXISTS (SELECT FROM voiceagent_private.live_calls v WHERE v.tenant_id = l.tenant_id AND v.lead_id = l.lead_id) THEN 'calling'
			WHEN l.status = 'completed' THEN 'contacted' WHEN l.status IN ('failed', 'do_not_call') THEN l.status::text WHEN c.call_id IS NULL THEN 'pending' ELSE 'retry' END,
		coalesce(o.call_id, CASE WHEN campaign IS NULL THEN c.call_id END), CASE WHEN campaign IS NULL THEN c.started_at ELSE o.started_at END, c.outcome,
		l.status <> 'do_not_call' AND c.outcome IN ('callback', 'interested', 'scheduled') AND NOT l.tags @> '{done}',
		lower(coalesce(nullif(concat_ws(' ', l.last_name, l.first_name), ''), l.company, '')), t.at, t.not_before,
		EXISTS (SELECT FROM voiceagent.campaign_leads m WHERE m.tenant_id = l.tenant_id AND m.lead_id = l.lead_id AND m.campaign_id = campaign)
	FROM voiceagent.leads l
	LEFT JOIN LATERAL (SELECT k.* FROM voiceagent.calls k WHERE k.tenant_id = l.tenant_id AND k.lead_id = l.lead_id AND k.outcome <> 'canceled'
		ORDER BY k.call_id DESC LIMIT 1) c ON true
	LEFT JOIN LATERAL (SELECT k.* FROM voiceagent.calls k WHERE k.tenant_id = l.tenant_id AND k.lead_id = l.lead_id AND k.outcome IS NOT NULL AND k.campaign_id = campaign
		ORDER BY k.call_id DESC LIMIT 1) o ON true
	LEFT JOIN LATERAL (SELECT greatest(q.not_before, n.opens_at) AS at, q.not_before FROM voiceagent_private.call_queue q JOIN voiceagent_private.lanes n USING (tenant_id, lane_id)
		WHERE q.tenant_id = l.tenant_id AND q.lead_id = l.lead_id AND n.running AND isfinite(n.opens_at) AND (campaign IS NULL OR q.campaign_id = campaign)
		ORDER BY 1, 2 LIMIT 1) t ON true
	WHERE l.tenant_id = voiceagent.current_tenant()
$$;
CREATE FUNCTION pg_temp.expected(sort text, back boolean, stage text, campaign bigint, outcome text, needs boolean) RETURNS bigint[] LANGUAGE sql AS $$
	SELECT array_agg(x.lead_id ORDER BY x.n) FROM (
		SELECT t.lead_id, CASE WHEN back THEN -1 ELSE 1 END * row_number() OVER (ORDER BY CASE expected.sort WHEN 'name' THEN t.name END COLLATE "C",
			CASE WHEN campaign IS NOT NULL AND expected.sort = 'last_call' THEN t.last_call_id END,
			CASE expected.sort WHEN 'last_call' THEN t.last_called_at WHEN 'next_try' THEN t.next_try_at END, CASE expected.sort WHEN 'next_try' THEN t.due END, t.lead_id) AS n
		FROM pg_temp.truth(campaign) t
		WHERE (expected.stage IS NULL OR t.stage = expected.stage) AND (expected.outcome IS NULL OR t.outcome = expected.outcome)
			AND (needs IS NULL OR coalesce(t.follow_up, false) = needs) AND (campaign IS NULL OR t.member)
			AND (expected.sort <> 'last_call' OR t.last_called_at IS NOT NULL) AND (expected.sort <> 'next_try' OR t.next_try_at IS NOT NULL)) x
$$;
CREATE FUNCTION pg_temp.walk(sort text, back boolean, stage text, campaign bigint, outcome text, needs boolean, page integer) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
	v_page bigint[];
	v_all bigint[];
	v_after text;
BEGIN
	LOOP
		SELECT array_agg(l.lead_id ORDER BY l.n), (array_agg(l.cursor ORDER BY l.n DESC))[1] INTO v_page, v_after
		FROM (SELECT x.*, row_number() OVER () AS n FROM voiceagent.lead_list(sort => walk.sort, stage => walk.stage, campaign_id => campaign, outcome => walk.outcome,
			needs_follow_up => needs, after => v_after, page_size => page, descending => back) x) l;
		EXIT WHEN v_page IS NULL;
		v_all := v_all || v_page;
	END LOOP;
	RETURN v_all;
END $$;
-- Each order, forth and back, alone and with every value of every filter, and two filters at once, in pages of five.
CREATE FUNCTION pg_temp.compare() RETURNS TABLE (lists bigint, leads bigint, wrong text) LANGUAGE sql AS $$
	WITH filters(stage, campaign, outcome, needs) AS (
		SELECT NULL::text, NULL::bigint, NULL::text, NULL::boolean
		UNION ALL SELECT value, NULL, NULL, NULL FROM voiceagent.enumerations WHERE enumeration = 'lead_stage'
		UNION ALL SELECT NULL, campaign_id, NULL, NULL FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT NULL, NULL, value, NULL FROM voiceagent.enumerations WHERE enumeration = 'call_outcome'
		UNION ALL SELECT NULL, NULL, NULL, n FROM unnest(ARRAY[true, false]) n
		UNION ALL SELECT value, campaign_id, NULL, NULL FROM voiceagent.enumerations, voiceagent.campaigns WHERE enumeration = 'lead_stage' AND tenant_id = voiceagent.current_tenant()
		UNION ALL SELECT value, NULL, NULL, true FROM voiceagent.enumerations WHERE enumeration = 'lead_stage'
		UNION ALL SELECT 'retry', NULL, 'no_answer', false), lists AS (
		SELECT f.*, s.sort, b.back, p.page, pg_temp.expected(s.sort, b.back, f.stage, f.campaign, f.outcome, f.needs) AS want,
			pg_temp.walk(s.sort, b.back, f.stage, f.campaign, f.outcome, f.needs, p.page) AS got
		FROM filters f CROSS JOIN unnest(ARRAY['id', 'name', 'last_call', 'next_try']) s(sort) CROSS JOIN unnest(ARRAY[false, true]) b(back)
		CROSS JOIN unnest(ARRAY[5]) p(page) WHERE NOT (s.sort = 'next_try' AND b.back))
	SELECT count(*), sum(cardinality(want)), string_agg(format('%s: %s but %s', (sort, back, stage, campaign, outcome, needs, page)::text, got, want), E'\n') FILTER (WHERE got IS DISTINCT FROM want)
	FROM lists
$$;
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2027-06-18 15:00+00' - clock_timestamp())::text, false) IS NOT NULL AS at;
SELECT pg_temp.begin_calls('List', ARRAY(SELECT (1000 + i)::text FROM generate_series(1, 40) i), '{"retry_attempts": 2}') AS tenant \gset
SELECT campaign_id AS c, assistant_id AS ann FROM voiceagent.campaigns WHERE tenant_id = :tenant \gset
-- names that many share; those of companies, and none, come below
UPDATE voiceagent.leads SET first_name = CASE WHEN right(phone, 4)::integer % 4 > 0 THEN 'Ann' ELSE 'Bea' END, last_name = (ARRAY['Smith', 'smith', 'Adams', NULL, 'Evans'])[1 + right(phone, 4)::integer % 5],
	company = CASE WHEN right(phone, 4)::integer % 3 = 0 THEN 'Acme' END WHERE tenant_id = :tenant;
SELECT count(*) AS wrong, max(t.wrong) FROM pg_temp.compare() t WHERE t.wrong IS NOT NULL;
SELECT pg_temp.dial();
-- some of them live
SELECT lists, leads, wrong FROM pg_temp.compare();
CREATE FUNCTION pg_temp.ends(numbers integer[]) RETURNS integer LANGUAGE sql AS $$
	-- Every kind of end.
	SELECT pg_temp.take(VARIADIC array_agg(CASE i % 8 WHEN 0 THEN pg_temp.webhook(i::text, 'report', 'customer-did-not-answer') WHEN 1 THEN pg_temp.webhook(i::text, 'report', 'customer-busy')
		WHEN 2 THEN pg_temp.webhook(i::text, 'report', 'customer-ended-call', 60, '{"interest": "high"}') WHEN 3 THEN pg_temp.webhook(i::text, 'report', 'customer-ended-call', 60, '{"callback": {"requested": true}}')
		WHEN 4 THEN pg_temp.webhook(i::text, 'report', 'customer-ended-call', 60, '{"do_not_call": true}') WHEN 5 THEN pg_temp.webhook(i::text, 'report', 'voicemail', 20)
		WHEN 6 THEN pg_temp.webhook(i::text, 'report', 'customer-ended-call', 60, ('{"appointment": {"booked": true, "date": "2027-07-' || 10 + i / 8 % 20 || '", "time": "10:00"}}')::jsonb) ELSE pg_temp.webhook(i::text, 'report', 'customer-ended-call', 60) END ORDER BY i))
	FROM unnest(numbers) i
$$;
SELECT pg_temp.ends(ARRAY(SELECT right(c.phone, 4)::integer FROM voiceagent.calls c WHERE c.tenant_id = :tenant AND c.phone < '+12125551027'));
SELECT voiceagent_private.apply_inbox(100);
SELECT voiceagent.add_lead(phone => '+12125551' || 100 + i, first_name => CASE WHEN i < 4 THEN 'Cy' END, company => CASE WHEN i < 6 THEN 'Zenith' END,
	campaign_id => CASE WHEN i < 4 THEN :c END) > 0 AS added FROM generate_series(1, 6) i;
-- a second campaign, which has some of the same leads, some of whom it calls, too
SELECT voiceagent.create_campaign('Second', :ann, settings => '{"call_interval": 0, "retry_attempts": 1}') AS d \gset
SELECT voiceagent.add_leads(:d, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant AND right(phone, 4)::integer % 3 = 0 AND first_name IS NOT NULL)), voiceagent.start_campaign(:d);
SELECT lists, leads, wrong FROM pg_temp.compare();
SELECT last_outcome, stage, follow_up, campaign, count(*), count(next_try_at) AS waiting FROM voiceagent.lead_list(page_size => 1000) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
-- tried again, by both
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2027-06-18 20:30+00' - clock_timestamp())::text, false) IS NOT NULL AS later;
SELECT pg_temp.dial() > 0 AS dialled;
SELECT pg_temp.ends(ARRAY(SELECT DISTINCT right(c.phone, 4)::integer FROM voiceagent.calls c JOIN voiceagent_private.live_calls v USING (tenant_id, call_id)
	WHERE c.tenant_id = :tenant AND right(c.phone, 4)::integer % 2 = 0 AND c.phone > '+12125551004')) > 0 AS ended;
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT lists, leads, wrong FROM pg_temp.compare();
-- what a person does
SELECT voiceagent.do_not_call('+12125551001', 'asked') \g /dev/null
SELECT voiceagent.remove_leads(:c, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant AND right(phone, 4)::integer % 7 = 0)) > 0 AS removed;
SELECT voiceagent.update_lead(min(lead_id), '{"last_name": "Zebra"}') > 0 AS renamed FROM voiceagent.leads WHERE tenant_id = :tenant;
SELECT lists, leads, wrong FROM pg_temp.compare();
-- a paused campaign tries nobody
SELECT voiceagent.pause_campaign(:d);
SELECT lists, leads, wrong FROM pg_temp.compare();
-- what needs a person, until a person, an appointment or the next call
SELECT lead_id AS l FROM voiceagent.lead_list(outcome => 'callback', needs_follow_up => true, page_size => 1) \gset
SELECT voiceagent.follow_up_done(:l), voiceagent.follow_up_done(:l) AS again;
UPDATE voiceagent.leads SET tags = '{done}' WHERE tenant_id = :tenant AND lead_id = :l;
SELECT lead_id AS l FROM voiceagent.lead_list(outcome => 'interested', needs_follow_up => true, page_size => 1) \gset
SELECT voiceagent.add_appointment('2027-06-29 15:00+00', lead_id => :l) > 0 AS booked;
UPDATE voiceagent.leads SET tags = '{done}' WHERE tenant_id = :tenant AND lead_id = :l;
SELECT lead_id AS l FROM voiceagent.lead_list(outcome => 'scheduled', page_size => 1) \gset
SELECT max(appointment_id) AS a FROM voiceagent.appointments WHERE tenant_id = :tenant AND lead_id = :l \gset
SELECT voiceagent.reject_appointment(:a, 'no');
UPDATE voiceagent.leads SET tags = '{done}' WHERE tenant_id = :tenant AND lead_id = :l;
SELECT lists, leads, wrong FROM pg_temp.compare();
SELECT code, message FROM pg_temp.try('SELECT voiceagent.follow_up_done(-1)');
-- Words, a country and a tag are looked for before a page is cut: as many rows as asked for, none twice, none left out.
UPDATE voiceagent.leads SET last_name = 'García', email = 'g.' || lead_id || '@example.com' WHERE tenant_id = :tenant AND right(phone, 4)::integer % 9 = 0;
UPDATE voiceagent.leads SET country = 'CA', tags = tags || '{vip}' WHERE tenant_id = :tenant AND right(phone, 4)::integer % 5 = 0;
CREATE FUNCTION pg_temp.search(sort text, back boolean, stage text, words text, country text, tag text, page integer) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
	v_page bigint[];
	v_all bigint[] := '{}';
	v_after text;
BEGIN
	LOOP
		SELECT coalesce(array_agg(l.lead_id ORDER BY l.n), '{}'), (array_agg(l.cursor ORDER BY l.n DESC))[1] INTO v_page, v_after
		FROM (SELECT x.*, row_number() OVER () AS n FROM voiceagent.lead_list(sort => search.sort, stage => search.stage, words => search.words, country => search.country,
			tag => search.tag, after => v_after, page_size => page, descending => back) x) l;
		v_all := v_all || v_page;
		EXIT WHEN cardinality(v_page) < page;
	END LOOP;
	RETURN v_all;
END $$;
WITH searches AS (
	SELECT f.*, s.sort, b.back, pg_temp.search(s.sort, b.back, f.stage, f.words, f.country, f.tag, f.page) AS got, ARRAY(SELECT l.lead_id
			FROM unnest(pg_temp.walk(s.sort, b.back, f.stage, NULL, NULL, NULL, 50)) WITH ORDINALITY AS w(lead_id, n) JOIN voiceagent.leads l ON l.tenant_id = :tenant AND l.lead_id = w.lead_id
			WHERE (f.country IS NULL OR l.country = upper(f.country)) AND (f.tag IS NULL OR f.tag = ANY (l.tags)) AND concat_ws(' ', l.first_name, l.last_name, l.company, l.email, l.phone) ~* ALL (f.means)
			ORDER BY w.n) AS want
	FROM (VALUES (NULL, 'garcia', NULL, NULL, ARRAY['garcía'], 3), (NULL, 'ACME ann', NULL, NULL, ARRAY['acme', 'ann'], 2), (NULL, 'GarcÍa @example', 'ca', NULL, ARRAY['garcía', '@example'], 2),
		(NULL, '5551005', NULL, NULL, ARRAY['5551005'], 5), ('retry', NULL, 'CA', NULL, '{}', 2), (NULL, NULL, NULL, 'vip', '{}', 4), (NULL, 'smith', 'US', NULL, ARRAY['smith'], 5),
		(NULL, 'nobody', NULL, NULL, ARRAY['nobody'], 5), ('calling', 'ann', NULL, NULL, ARRAY['ann'], 1)) AS f(stage, words, country, tag, means, page)
	CROSS JOIN unnest(ARRAY['id', 'name', 'last_call', 'next_try']) s(sort) CROSS JOIN unnest(ARRAY[false, true]) b(back) WHERE NOT (s.sort = 'next_try' AND b.back))
SELECT words, country, tag, stage, count(*) AS orders, max(cardinality(got)) AS leads, count(*) FILTER (WHERE got IS DISTINCT FROM want) AS wrong FROM searches GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
SELECT code, message FROM pg_temp.try(format('SELECT count(*) FROM voiceagent.lead_list(words => %L)', repeat('x', 101)));
-- A search ends after 100,000 leads, and says where: with what it has found, or in an error.
SAVEPOINT many;
INSERT INTO voiceagent.leads (tenant_id, phone, timezones, country, last_name, created_at)
SELECT :tenant, '+1313' || 2000000 + i, '{America/Detroit}', 'US', CASE WHEN i IN (7000, 7001, 199999) THEN 'Needle' END, voiceagent.clock() FROM generate_series(1, 200000) i;
SELECT count(*) AS found, max(cursor) AS cursor FROM voiceagent.lead_list(words => 'needle') \gset
SELECT :found AS found, count(*) AS behind FROM voiceagent.lead_list(words => 'needle', after => :'cursor');
SELECT t.code, t.message, t.detail, substring(t.hint FROM '''(.*)''') AS cursor FROM pg_temp.try('SELECT count(*) FROM voiceagent.lead_list(words => ''needles'')') t \gset
SELECT :'code' AS code, :'message' AS message, :'detail' AS detail, count(*) AS behind FROM voiceagent.lead_list(words => 'needle', after => :'cursor');
SELECT count(*) FROM voiceagent.lead_list(country => 'us', page_size => 1000);
ROLLBACK TO many;
-- bad arguments, and cursors of another order
SELECT a, t.* FROM unnest(ARRAY['sort => ''phone''', 'sort => NULL', 'sort => ''next_try'', descending => true', 'stage => ''x''', 'outcome => ''x''', 'page_size => 0', 'page_size => 1001',
	'after => ''x''', 'after => ''e30''', 'after => ''''', 'after => ''W10''', 'after => ''eyJvcmRlciI6ImlkIiwibGVhZF9pZCI6IngifQ''', 'campaign_id => -1']) a
	CROSS JOIN LATERAL pg_temp.try('SELECT count(*) FROM voiceagent.lead_list(' || a || ')') t;
SELECT o, code, message, detail, hint FROM unnest(ARRAY['sort => ''name''', 'descending => true', 'sort => ''last_call''', 'sort => ''next_try''']) o
	CROSS JOIN LATERAL pg_temp.try(format('SELECT count(*) FROM voiceagent.lead_list(%s, after => %L)', o, (SELECT cursor FROM voiceagent.lead_list(page_size => 1))));
SELECT code, message, detail FROM pg_temp.try(format('SELECT count(*) FROM voiceagent.lead_list(''last_call'', after => %L, campaign_id => %s)', (SELECT cursor FROM voiceagent.lead_list('last_call', page_size => 1)), :c));
-- the order is what the leads' own rows say, and what is not is found
SELECT * FROM voiceagent_private.check_order();
UPDATE voiceagent.leads SET status = 'failed' WHERE tenant_id = :tenant AND status = 'new';
SELECT count(*) > 0 AS found FROM voiceagent_private.check_order();
SELECT voiceagent_private.relist(array_agg(lead_id)) FROM voiceagent.leads WHERE tenant_id = :tenant;
SELECT count(*) AS wrong FROM voiceagent_private.check_order();
DELETE FROM voiceagent_private.lead_order WHERE tenant_id = :tenant AND lead_id = :l;
SELECT count(*) AS found FROM voiceagent_private.check_order();
-- to another tenant they are not there
SELECT voiceagent.create_tenant('Other') AS other \gset
SELECT voiceagent_private.set_tenant(:other) IS NOT NULL AS acts;
SELECT count(*) FROM voiceagent.lead_list(sort => 'name');
SELECT code FROM pg_temp.try(format('SELECT count(*) FROM voiceagent.lead_list(campaign_id => %s)', :c)) UNION ALL SELECT code FROM pg_temp.try(format('SELECT voiceagent.follow_up_done(%s)', :l));
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
