-- A lead that loses a variable of the prompt while it waits is not dialled with a hole in the sentence, and finds its way back.
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.lead(number text) RETURNS bigint LANGUAGE sql AS $$
	SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone = '+1212555' || number $$;
CREATE FUNCTION pg_temp.members(campaign bigint) RETURNS TABLE (number text, lead_status text, lead_reason text, status text, reason text, queued boolean)
LANGUAGE sql AS $$
	SELECT right(l.phone, 4), l.status, l.status_reason, m.status, m.reason, EXISTS (SELECT FROM voiceagent_private.call_queue q
		WHERE q.tenant_id = m.tenant_id AND q.campaign_id = m.campaign_id AND q.lead_id = m.lead_id)
	FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = voiceagent.current_tenant() AND m.campaign_id = campaign ORDER BY 1 $$;
-- Without times and ids.
CREATE FUNCTION pg_temp.explain(number text) RETURNS TABLE (what text, why text) LANGUAGE sql AS $$
	SELECT e.what, left(regexp_replace(e.why, '\d{4}-\d\d-\d\d[ T][0-9:.]+([+-]\d\d)?', 'TIME', 'g'), 160) FROM voiceagent.explain_lead(pg_temp.lead(number)) e
	WHERE e.what IN ('now', 'lead_skipped', 'lead_opted_out', 'lead_allowed') $$;
CREATE FUNCTION pg_temp.why(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_detail text;
BEGIN
	EXECUTE command;
	RETURN NEXT 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN NEXT SQLSTATE || ' ' || SQLERRM;
	RETURN NEXT regexp_replace(v_detail, 'lead \d+', 'lead N', 'g');
END
$$;

-- what has a value, by the rules of the template that is filled
SELECT name, voiceagent_private.lacks_variable('{"blank": " \t\r\n", "none": null, "list": [1], "thing": {"a": 1}, "number": 0, "no": false, "text": "x", "company": "Of the file",
		"phone": "of the file"}', '+12125550100', ' ', NULL, NULL, NULL, 'US', NULL, '12', ARRAY[name]) AS lacks
FROM unnest('{blank,none,list,thing,number,no,text,absent,company,phone,first_name,name,email,country,extension}'::text[]) AS name;
SELECT voiceagent_private.lacks_variable('{}', 'x', 'Ann', NULL, NULL, NULL, NULL, NULL, NULL, '{first_name,phone,name}') AS none,
	voiceagent_private.lacks_variable('{}', 'x', 'Ann', NULL, NULL, NULL, NULL, NULL, NULL, '{first_name,email}') AS one,
	voiceagent_private.lacks_variable(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}') AS no_variables,
	voiceagent_private.lacks_variable(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) AS unknown;

-- nested ones: the check before a dial and the text that is filled are of one mind, name by name
CREATE FUNCTION pg_temp.filled(context jsonb, name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN voiceagent_private.fill_template('{{' || name || '}}', voiceagent_private.merge_variables(context, '+12125550100', 'Ann', NULL, NULL, NULL, NULL, NULL, NULL));
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN '(missing)';
END
$$;
CREATE FUNCTION pg_temp.lacks_when_filled(context jsonb, first_name text, name text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.fill_template('{{' || name || '}}', voiceagent_private.merge_variables(context, '+12125550100', first_name, NULL, NULL, NULL, NULL, NULL, NULL));
	RETURN false;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	RETURN true;
END
$$;
SELECT v.name, pg_temp.filled(c.context, v.name),
	voiceagent_private.lacks_variable(c.context, '+12125550100', 'Ann', NULL, NULL, NULL, NULL, NULL, NULL, ARRAY[v.name]) AS lacks
FROM (VALUES ('{"property": {"age": 12, "rooms": [{"name": "hall"}, "attic", null], "new": false, "note": " "}, "property.size": 90, "property.age.x": 1, "city": "Reno",
		"list": [[1, 2]], "phone": {"home": 1}, "email": {"work": "a@example.com"}, "name": {"first": "Al"}, "null": null, "a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": 8, "i": {"j": 1}}}}}}}}}'::jsonb)) c(context),
	unnest('{property.age,property.rooms.0.name,property.rooms.1,property.rooms.2,property.rooms.3,property.rooms,property,property.new,property.note,property.floor,property.size,property.age.x,
		property.age.years,city.name,city.0,list.0.1,list.0,list.00.1,list.-1,list.x,phone,phone.home,email.work,name.first,first_name.x,null.x,property.,property..age,a.b.c.d.e.f.g.h,a.b.c.d.e.f.g.i.j}'::text[]) v(name);
SELECT count(*) AS differ FROM (VALUES ('{"a": [{"b": {"0": "x"}}, "y", {"": 1}], "b": {"a": {"a": [true]}, "0": {"b": 0}}, "0": 1, "a.0": null, "b.a": "z"}'::jsonb), ('{}'), ('[]'), ('"a"'), (NULL)) c(context),
	unnest('{a,b,a.0,a.1,a.2,a.0.b,a.0.b.0,b.a,b.a.a,b.a.a.0,b.0,b.0.b,b.a.b,a.b,a.a,b.b,a.0.b.0.a,b.0.b.0,a.2.}'::text[]) v(name)
WHERE (pg_temp.filled(coalesce(c.context, '{}'), v.name) = '(missing)')
	IS DISTINCT FROM voiceagent_private.lacks_variable(c.context, '+12125550100', 'Ann', NULL, NULL, NULL, NULL, NULL, NULL, ARRAY[v.name]);

-- a heading is found by its letters: case, blanks, - and _ are all the same, unless something is called exactly so
SELECT v.name, pg_temp.filled(c.context, v.name),
	voiceagent_private.lacks_variable(c.context, '+12125550100', 'Ann', NULL, NULL, NULL, NULL, NULL, NULL, ARRAY[v.name]) AS lacks
FROM (VALUES ('{"Product": "heat pump", "Roof Age": 12, "e-mail 2": "a@example.com", "Two": " ", "two": "2", "TWO": "II", "three": " ", "Three": "3", "Straße": "Hof", "first name": "Al"}'::jsonb)) c(context),
	unnest('{product,PRODUCT,roof_age,RoofAge,roof-age,Roof.Age,email_2,two,T_W_O,three,FirstName,Name,Strasse,prod,products}'::text[]) v(name);
SELECT count(*) AS differ FROM (VALUES ('{"A b": "1", "a_b": null, "Name": "x", "first-name": "", "c": {"A B": 1}}'::jsonb), ('{"AB": " ", "Ab": "2"}'), ('[]'), (NULL)) c(context),
	unnest('{ab,a_b,A-B,name,n_ame,firstname,first_name,Phone,c.a_b,c.ab}'::text[]) v(name), (VALUES ('Ann'), (NULL), (' ')) f(first)
WHERE (voiceagent_private.lacks_variable(c.context, '+12125550100', f.first, NULL, NULL, NULL, NULL, NULL, NULL, ARRAY[v.name]))
	IS DISTINCT FROM pg_temp.lacks_when_filled(c.context, f.first, v.name);

-- from the lead to the carrier: seen by the preview, the start, the dial and a test call
BEGIN;
SELECT pg_temp.begin_calls('Nested', ARRAY['2001', '2002', '2003']) > 0 AS ready;
SELECT max(campaign_id) AS c, max(assistant_id) AS a FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.pause_campaign(:c);
SELECT * FROM pg_temp.why(format('SELECT voiceagent.update_assistant(%s, %L)', :a, '{"first_message": "Hello {{a.b.c.d.e.f.g.h.i}}"}'));
SELECT voiceagent.update_assistant(:a, '{"first_message": "Your house is {{property.age}} years old and has a {{property.rooms.0}}."}') > 1 AS changed;
SELECT voiceagent.update_lead(pg_temp.lead('2001'), '{"context": {"property": {"age": 12, "rooms": ["hall", "attic"]}}}') > 0 AS changed;
SELECT voiceagent.update_lead(pg_temp.lead('2002'), '{"context": {"property": {"age": 12, "rooms": []}}}') > 0 AS changed;
SELECT voiceagent.update_lead(pg_temp.lead('2003'), '{"context": {"property": "old"}}') > 0 AS changed;
SELECT voiceagent.preview_campaign(:c) -> 'blocked' -> 'missing variable' AS blocked;
SELECT * FROM pg_temp.why(format('SELECT voiceagent.start_campaign(%s)', :c));
-- what a source has given under that name is said
SAVEPOINT enriched;
SELECT voiceagent.update_assistant(:a, '{"first_message": "Your roof is {{roof}}, {{property.age}}."}') > 1 AS changed;
SELECT voiceagent.enrich_lead(pg_temp.lead('2001'), 'register', '{"roof": "slate"}') > 0 AS enriched;
SELECT * FROM pg_temp.why(format('SELECT voiceagent.start_campaign(%s)', :c));
ROLLBACK TO enriched;
SELECT voiceagent.update_lead(pg_temp.lead(n), '{"context": {"property": {"age": 0, "rooms": ["hall"]}}}') > 0 AS changed FROM unnest(ARRAY['2002', '2003']) n;
SELECT voiceagent.preview_campaign(:c) -> 'blocked' -> 'missing variable' AS blocked;
SELECT voiceagent.start_campaign(:c);
SELECT voiceagent.update_lead(pg_temp.lead('2003'), '{"context": {"property": {"age": {}, "rooms": ["hall"]}}}') > 0 AS changed;
SELECT pg_temp.dial();
SELECT * FROM pg_temp.members(:c);
SELECT * FROM pg_temp.explain('2003');
SELECT r.request #> '{body,assistantOverrides,variableValues,property}' AS property
FROM (SELECT voiceagent.preview_request(:c, pg_temp.lead('2001')) AS request) r;
SELECT voiceagent.register_own_number('+1 212 555 2009') IS NOT NULL AS registered;
SELECT * FROM pg_temp.why(format('SELECT voiceagent.test_call(%s, %L, variables => %L)', :a, '+1 212 555 2009', '{"property": {"age": 12}}'));
SELECT voiceagent.test_call(:a, '+1 212 555 2009', variables => '{"property": {"age": 12, "rooms": ["hall"]}}') - 'campaign_id' - 'lead_id' AS test;
ROLLBACK;

BEGIN;
SELECT pg_temp.begin_calls('Variables', ARRAY['1001', '1002', '1003', '1004']) > 0 AS ready;
SELECT max(campaign_id) AS c, max(assistant_id) AS a FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
-- emptied while it is queued: held out, the others are dialled, and it is said why
SELECT voiceagent.update_lead(pg_temp.lead('1001'), '{"first_name": null}') > 0 AS changed;
SELECT what, why LIKE '%The prompt has no value for first_name: without one it is not dialled.%' AS told FROM voiceagent.explain_lead(pg_temp.lead('1001')) WHERE what = 'now';
SELECT pg_temp.dial();
SELECT * FROM pg_temp.members(:c);
SELECT * FROM pg_temp.explain('1001');
-- back with a value only
SELECT voiceagent.add_leads(:c, ARRAY[pg_temp.lead('1001')]);
SELECT voiceagent.update_lead(pg_temp.lead('1001'), '{"first_name": "Ann"}') > 0 AS changed;
SELECT * FROM pg_temp.explain('1001');
SELECT voiceagent.add_leads(:c, ARRAY[pg_temp.lead('1001')]);
SELECT pg_temp.dial();
-- before another try: what the preview says, a start and a resumption refuse
SELECT pg_temp.take(pg_temp.webhook('1002', 'report', 'customer-busy'), pg_temp.webhook('1003', 'report', 'customer-busy')), voiceagent_private.apply_inbox(10);
SELECT voiceagent.pause_campaign(:c);
SELECT voiceagent.update_lead(pg_temp.lead('1002'), '{"first_name": " "}') > 0 AS changed;
SELECT voiceagent.preview_campaign(:c) -> 'blocked' -> 'missing variable' AS blocked;
SELECT * FROM pg_temp.why(format('SELECT voiceagent.resume_campaign(%s)', :c));
SELECT voiceagent.stop_campaign(:c);
SELECT * FROM pg_temp.why(format('SELECT voiceagent.start_campaign(%s)', :c));
SELECT voiceagent.update_lead(pg_temp.lead('1002'), '{"first_name": "Ben"}') > 0 AS changed;
SELECT voiceagent.start_campaign(:c);
-- held out before another try: given up, and taken back as one that waits for it; a new text that it suits is a way back, too
SELECT voiceagent.update_lead(l, '{"first_name": null}') > 0 AS changed FROM unnest(ARRAY[pg_temp.lead('1002'), pg_temp.lead('1003')]) l;
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT * FROM pg_temp.members(:c);
SELECT * FROM voiceagent_private.check_tenant();
SELECT voiceagent.update_lead(pg_temp.lead('1002'), '{"first_name": "Ben"}') > 0 AS changed;
SELECT voiceagent.add_leads(:c, ARRAY[pg_temp.lead('1002'), pg_temp.lead('1003')]);
SELECT * FROM pg_temp.members(:c);
SELECT * FROM pg_temp.explain('1003');
SELECT voiceagent.update_assistant(:a, '{"first_message": "Hello"}') > 1 AS changed;
SELECT voiceagent.pause_campaign(:c), voiceagent.start_campaign(:c);
SELECT * FROM pg_temp.members(:c);
SELECT * FROM voiceagent_private.check_tenant();
-- who joins without a value is named at once
SELECT voiceagent.update_assistant(:a, '{"first_message": "Hello {{email}}"}') > 1 AS changed;
SELECT voiceagent.update_lead(lead_id, '{"email": "a@example.com"}') > 0 AS changed FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent.pause_campaign(:c), voiceagent.start_campaign(:c);
\set VERBOSITY terse
SELECT voiceagent.add_lead(phone => '+12125551005', campaign_id => :c) > 0 AS added;
SELECT * FROM pg_temp.members(:c) WHERE number = '1005';
-- whoever was listed by mistake: the story has its end, and says the way back
SELECT voiceagent.do_not_call('+12125551002', 'by mistake');
SELECT * FROM pg_temp.explain('1002');
SELECT voiceagent.allow_call('+12125551002', 'he says that it was a mistake');
SELECT * FROM pg_temp.explain('1002');
ROLLBACK;
SELECT voiceagent_private.set_tenant(0) IS NOT NULL AS done;
