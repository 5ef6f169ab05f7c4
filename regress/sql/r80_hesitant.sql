-- Callers who hesitate, correct themselves and ask in between, and the desk alone: a later word replaces an earlier one, what was
-- asked goes with the message, and nothing is booked but what was read back and agreed to.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
CREATE FUNCTION pg_temp.called(number bigint, n integer, lines text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	v_played jsonb := voiceagent.sandbox_call_in(number, caller := '+120255501' || lpad(n::text, 2, '0'), lines := lines);
	v_call bigint := v_played ->> 'call_id';
BEGIN
	PERFORM voiceagent_private.follow_calls_of_tenant(100);
	RETURN NEXT format('---- %s', n);
	RETURN QUERY SELECT format('%s %s', CASE t ->> 'speaker' WHEN 'assistant' THEN 'desk:  ' ELSE 'caller:' END, t ->> 'text') FROM jsonb_array_elements(v_played -> 'turns') t;
	RETURN QUERY SELECT concat_ws(' ', '=> appointment', a.status, to_char(a.starts_at AT TIME ZONE a.timezone, 'Dy DD HH24:MI'), a.summary) FROM voiceagent.appointments a WHERE a.call_id = v_call
		UNION ALL SELECT concat_ws(' ', '=> task', t.kind, t.contact_name, t.contact_phone, '"' || t.note || '"') FROM voiceagent.tasks t WHERE t.call_id = v_call AND (t.kind <> 'promise' OR t.finished_at IS NULL)
		UNION ALL SELECT '=> do not call' FROM voiceagent.do_not_call_list d WHERE d.call_id = v_call AND NOT d.held
		UNION ALL SELECT concat('=> called back ', to_char(b.promised_at AT TIME ZONE 'America/New_York', 'Dy DD HH24:MI')) FROM voiceagent_private.incoming_callbacks b WHERE b.call_id = v_call;
END
$$;
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-03-17 12:00-04' - clock_timestamp())::text, true) IS NOT NULL AS driven \gset
SELECT pg_temp.tenant('r80 hesitant') AS tenant \gset
SELECT voiceagent.set_tenant_timezone(:tenant, 'America/New_York') \g /dev/null
SELECT voiceagent.create_phone_number('+12125550001') AS n \gset
SELECT voiceagent.wizard_start('receptionist_real_estate', 'en') AS w \gset
SELECT voiceagent.wizard_answer(:w, 1, '{"business_name": "Lone Star Homes"}') \g /dev/null
SELECT voiceagent.wizard_finish(:w) \g /dev/null
SELECT count(voiceagent.add_listing(a::jsonb, 'real_estate', reference := r)) FROM (VALUES ('E-101', '{"kind": "house", "address": "123 Main St, Oakland, CA", "price": 820000, "bedrooms": 3}'),
	('E-102', '{"kind": "condo", "address": "55 Lake Avenue, Quiet Street, Alameda, CA", "price": 410000, "bedrooms": 2}'), ('E-103', '{"kind": "house", "address": "12 Elm Court, Berkeley, CA", "price": 795000, "bedrooms": 4}')) v(r, a) \g /dev/null
SELECT told.line FROM (VALUES
	(1, '{"Hi, um, yeah, I was hoping, is there any chance somebody could show me the place on Elm Court?","Uh, not tomorrow, I work. Friday, maybe? After lunch.","Two is good. No hang on, I pick up the kids at two. Half past three?","Yeah, that works.","Dana Whitfield.","No, you have been great, thank you."}'),
	(2, '{"Hello, I saw your sign on Main Street and I just want to know what they are asking for it.","Okay. And has it got a garage?","Could you find that out and let me know?","Marcus Boyd.","On this phone is fine.","No. Bye now."}'),
	(3, '{"Good morning, I have got a viewing booked with you on Thursday at eleven but I can not make it after all.","Sheila Grant.","Thursday.","Yes please, cancel it.","No, thank you, that is everything."}'),
	(4, '{"Can you text me the address of the condo?","No, I do not want a call, just the address.","Fine, take it down then.","Nora Ellis.","This number.","Bye."}'),
	(5, '{"Friday at one.","For a viewing. Of the house at 123 Main Street.","Sorry, did I say one? I meant eleven.","Eleven, yes.","Yes, right.","Tessa Moreau.","No, nothing else."}'),
	(6, '{"Is anyone there?","Yes hello, I got a call from this number an hour ago.","What did you want?","I never asked for anything. Do not call me any more."}'),
	(7, '{"I have a question about the contract I signed, the inspection clause.","It says ten days but is that business days?","Yes, have somebody call me.","As soon as possible.","Amira Saleh.","No."}'),
	(8, '{"I would like the second of April at quarter to ten please.","That is right.","Sam Whitlock.","Actually can you make it quarter past ten?","Yes please.","No that is it, thanks."}'),
	(9, '{"Could I speak to a human being please.","No, I do not leave messages with machines.","Forget it. Bye."}'),
	(10, '{"I am looking for something near a school.","Well, which one is closer to a school, Main Street or Elm Court?","Then have someone look it up for me and call me on Thursday around three.","Yes, Thursday at three.","Petra Wolf.","No, that is all."}'),
	(11, '{"Tuesday at nine thirty, name of Ben Sharp, for the condo.","Yes.","No wait. Make that ten thirty.","Yes.","No. Thanks."}'),
	(12, '{"What is the address of your office?","Okay, and is there parking?","Never mind. Thanks, bye."}'),
	(13, '{"Is the house on Main Street still available?","Great. Then I would like to see it as soon as I can.","Thursday at ten fifteen.","Do you also have the Elm Court one? Could I see both?","Just the first one then.","Yes that time is fine.","Ivan Petrov.","No, thanks."}'),
	(14, '{"Good evening. I would like information on how you value a property, what it costs, and how long it takes, and whether somebody can come out to us next week.","Yes, a visit please.","Wednesday at two.","Yes.","Zoe Barnes.","Perfect, goodbye."}')) v(n, lines), LATERAL pg_temp.called(:n, n, lines::text[]) AS told(line) ORDER BY n;
SELECT * FROM voiceagent.invariants();
ROLLBACK;
