-- Notices: whom an event tells and how, quiet hours and digests by the person's clock, each once; texts to proved numbers alone.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i lib/notices.inc
\set ECHO all
BEGIN;
-- The member that speaks (with tokens: t/840_notices).
CREATE OR REPLACE FUNCTION voiceagent_private.own_member() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT current_setting('r84.member')::bigint $$;
SELECT voiceagent.set_setting('mail_links', 'https://calls.example.com/');
SELECT voiceagent.create_tenant('Lone Star', 'America/New_York', 100) AS t \gset
SELECT voiceagent.create_member(:t, 'ann@example.com', 'password1', 'owner') AS ann, voiceagent.create_member(:t, 'max@example.com', 'password1', 'manager') AS max,
	voiceagent.create_member(:t, 'bob@example.com', 'password1', 'agent') AS bob, voiceagent.create_member(:t, 'gone@example.com', 'password1', 'owner') AS gone \gset
SELECT voiceagent_private.set_tenant(:t) \g /dev/null
UPDATE voiceagent.members SET active = false WHERE member_id = :gone;
-- each has followed the link of a mail, but one
SELECT voiceagent.create_member(:t, 'unproved@example.com', 'password1', 'manager') > 0 AS made;
UPDATE voiceagent.members SET email_proved_at = created_at WHERE email <> 'unproved@example.com';
SELECT pg_temp.at('2026-12-01 15:00+00');
/* ----- whom, and how ----- */
SELECT voiceagent.take_message('Please ring me about the roof.', 'Rosa Diaz', '+12025550143') > 0 AS taken, voiceagent.make_offer(820000, 'USD', 'inspection', NULL, 'Ed', '+12025550144') > 0 AS offered;
SELECT voiceagent.take_message('For Bob.', 'Kim', '+12025550145', member_id => :bob) > 0 AS taken;
-- who did it is not told
INSERT INTO voiceagent_private.notices_new (tenant_id, kind, event_type, at, event_data, by_member)
VALUES (:t, 'campaign', 'spend_cap_reached', voiceagent.clock(), '{"reason": "spend cap of the day"}', :max);
SELECT pg_temp.turns();
SELECT m.email, n.kind, n.detail, n.page, n.mail_id IS NOT NULL AS mailed FROM voiceagent.member_notices n JOIN voiceagent.members m USING (member_id) ORDER BY 1, n.member_notice_id;
SELECT * FROM pg_temp.mailed();
SELECT count(*) FROM voiceagent_private.notices_new;
-- once, however often the jobs come
SELECT pg_temp.turns(), pg_temp.turns(), (SELECT count(*) FROM pg_temp.mailed());
-- on the page: whom it is about; read
SELECT set_config('r84.member', :'bob', true) AS bob \gset
SELECT kind, title, replace(who, E'\n', ' | ') AS who, page, read_at IS NOT NULL AS read FROM voiceagent.my_notices();
SELECT kind, title FROM voiceagent.my_notices(language := 'it');
-- Every word of a detail in all languages, on the reader's clock; what is none of ours stands as it is.
SELECT l.language, string_agg(voiceagent_private.say_detail(d.detail, l.language, 'America/New_York'), '; ' ORDER BY d.n) AS says
FROM unnest('{en,es,fr,de,it}'::text[]) WITH ORDINALITY AS l(language, n),
	(VALUES (1, '{sandbox} x'), (2, '{due|2026-12-07T21:30Z}'), (3, '{at|2026-07-01T04:00Z}, {detected}'), (4, '{listing|7}'), (5, '{viewing}, EUR 5'), (6, '{failed|3|9}'),
		(7, '{abandoned|4}'), (8, '{held|2|8}'), (9, '{braked|1|6}'), (10, '{left|12.5|credits}'), (11, '{a_new_word|1}'), (12, 'a \1 (b'), (13, '{at|2026-07-01T04'), (14, ''), (15, '{no_show}'), (16, '{promise}')) d(n, detail)
GROUP BY l.language, l.n ORDER BY l.n;
SELECT voiceagent.read_notices(), voiceagent.read_notices();
SELECT (SELECT count(*) FROM voiceagent.my_notices()) AS unread, (SELECT count(*) FROM voiceagent.my_notices(false)) AS seen;
SELECT set_config('r84.member', :'ann', true) IS NOT NULL AS ann;
SELECT voiceagent.read_notices(ARRAY[(SELECT min(member_notice_id) FROM voiceagent.member_notices WHERE member_id = :bob)]) AS anothers;
/* ----- wishes ----- */
SELECT pg_temp.try(format('SELECT voiceagent.set_notices(%s)', a)) FROM unnest(ARRAY['$$[]$$', '$${"rain": ["mail"]}$$', '$${"offer": "mail"}$$', '$${"offer": ["fax"]}$$', '$${"offer": [["mail"]]}$$', 'language => $$it$$',
	'timezone => $$Mars$$', 'quiet_from => $$22:00$$', '$${"offer": ["mail", "text"], "viewing": [], "message": ["digest"]}$$, $$de$$, $$Europe/Berlin$$, $$22:00$$, $$07:00$$, $$08:00$$']) a;
SELECT kinds, language, timezone, quiet_from, quiet_to, digest_at FROM voiceagent.notice_wishes;
-- by the person's clock, also where it changes (25 October, 28 March) and over midnight
SELECT a AS at, voiceagent_private.notice_time(w, a::timestamptz, false) AT TIME ZONE 'Europe/Berlin' AS told, voiceagent_private.notice_time(w, a::timestamptz, true) AT TIME ZONE 'Europe/Berlin' AS digest
FROM voiceagent.notice_wishes w, unnest(ARRAY['2026-12-01 20:59:59+00', '2026-12-01 21:00+00', '2026-12-01 23:30+00', '2026-12-02 05:59:59+00', '2026-12-02 06:00+00', '2026-12-02 07:00+00', '2026-10-24 21:30+00', '2027-03-27 22:30+00']) a;
SELECT a AS at, voiceagent_private.notice_time(jsonb_populate_record(w, '{"quiet_from": "12:00", "quiet_to": "14:00"}'), a::timestamptz, false) AT TIME ZONE 'Europe/Berlin' AS told
FROM voiceagent.notice_wishes w, unnest(ARRAY['2026-12-01 10:59+00', '2026-12-01 11:00+00', '2026-12-01 12:59+00', '2026-12-01 13:00+00']) a;
-- in quiet hours nothing leaves; then all in one mail, counted, without names
SELECT pg_temp.at('2026-12-02 02:00+00');
SELECT count(voiceagent.create_task('viewing', 'Show Rosa the house', phone => '+12025550143')) FROM generate_series(1, 3);
SELECT voiceagent.set_notices('{"viewing": ["mail"], "call_back": ["mail"]}');
SELECT count(voiceagent.make_offer(i, 'USD', name => 'Ed', phone => '+12025550144')) FROM generate_series(1, 1) i;
SELECT count(voiceagent.create_task('call_back', 'Rosa', phone => '+12025550143')) FROM generate_series(1, 2);
SELECT pg_temp.turns();
SELECT count(*) FROM pg_temp.mailed() WHERE recipient = 'ann@example.com';
SELECT due_at FROM voiceagent_private.notice_turns WHERE member_id = :ann;
SELECT pg_temp.at('2026-12-02 06:00:01+00');
SELECT pg_temp.turns();
SELECT subject, words FROM pg_temp.mailed() WHERE recipient = 'ann@example.com' ORDER BY 1 DESC LIMIT 1;
SELECT voiceagent_private.notice_counts(ARRAY(SELECT n FROM voiceagent.member_notices n WHERE n.member_id = :ann AND n.mail_id = (SELECT max(mail_id) FROM voiceagent.member_notices WHERE member_id = :ann)), l) FROM unnest('{en,es,fr,de}'::text[]) l;
-- what was read before the digest is not in it
SELECT voiceagent.take_message('Hello', 'Rosa', '+12025550143') > 0 AS taken;
SELECT pg_temp.turns();
SELECT mail_at FROM voiceagent.member_notices WHERE member_id = :ann AND kind = 'message' AND mail_at IS NOT NULL;
SELECT voiceagent.read_notices() > 0 AS read;
SELECT pg_temp.at('2026-12-02 07:00:01+00');
SELECT pg_temp.turns();
SELECT count(*) FROM voiceagent.member_notices WHERE member_id = :ann AND (mail_at IS NOT NULL OR mail_id IS NULL AND kind = 'message');
/* ----- a flood: as many mails within an hour, and then one with all the rest ----- */
SELECT voiceagent.set_setting('notice_mails_per_hour', '2') \g /dev/null
SELECT pg_temp.at('2026-12-02 16:00+00');
SELECT set_config('r84.member', :'max', true) IS NOT NULL AS max;
SELECT voiceagent.create_task('viewing') > 0 AS made \g /dev/null
SELECT pg_temp.turns() \g /dev/null
SELECT voiceagent.create_task('viewing') > 0 AS made \g /dev/null
SELECT pg_temp.turns() \g /dev/null
SELECT count(voiceagent.create_task('viewing')) FROM generate_series(1, 60);
SELECT pg_temp.turns();
SELECT count(*) FROM pg_temp.mailed() m WHERE recipient = 'max@example.com' AND m.subject LIKE '%iewing%';
-- what waits is not taken in hand by each notice that joins it
SELECT count(*) FILTER (WHERE xmax::text <> '0') AS locked, count(*) AS waiting FROM voiceagent.member_notices WHERE member_id = :max AND mail_at <= voiceagent.clock();
SELECT date_trunc('second', due_at) AS due FROM voiceagent_private.notice_turns WHERE member_id = :max;
SELECT pg_temp.at('2026-12-02 17:00:01+00');
SELECT pg_temp.turns();
SELECT subject, length(words) BETWEEN 1000 AND 8000 AS listed FROM pg_temp.mailed() WHERE recipient = 'max@example.com' AND subject LIKE '60%';
-- an address that bounced, and one that no mail goes to: nothing stops, the page has it
INSERT INTO voiceagent.mail_suppressions (tenant_id, address, reason, created_at) VALUES (:t, 'max@example.com', 'bounced', voiceagent.clock());
UPDATE voiceagent.members SET email = 'ann@localhost' WHERE member_id = :ann;
SELECT pg_temp.at('2026-12-02 18:30+00');
SELECT voiceagent.create_task('viewing') > 0 AS made;
SELECT pg_temp.turns();
SELECT m.email, n.mail_at, (SELECT status || ', ' || reason FROM voiceagent.mails x WHERE x.mail_id = n.mail_id) AS mail FROM voiceagent.member_notices n JOIN voiceagent.members m USING (member_id)
WHERE n.at > '2026-12-02 18:00+00' ORDER BY 1;
SELECT count(*) FROM voiceagent_private.notice_turns;
UPDATE voiceagent.members SET email = 'ann@example.com' WHERE member_id = :ann;
-- the tenant wants none by mail: only who has asked for it gets one
SELECT voiceagent.set_setting('notices_by_mail', 'off') \g /dev/null
SELECT voiceagent_private.log_event('carrier_failing', data => '{"name": "Twilio", "trouble": "busy"}');
SELECT pg_temp.turns();
SELECT m.email, n.detail, n.mail_id FROM voiceagent.member_notices n JOIN voiceagent.members m USING (member_id) WHERE n.kind = 'carrier' ORDER BY 1;
/* ----- texts go to a number that its member has proved, whatever a text is called ----- */
SELECT set_config('r84.member', :'bob', true) IS NOT NULL AS bob;
SELECT pg_temp.try('SELECT voiceagent.set_notice_phone($$+12025550199$$)');
INSERT INTO voiceagent.phone_numbers (tenant_id, provider_account_id, phone_number, country, timezone, state, proof, created_at)
SELECT a.tenant_id, a.provider_account_id, '+12125550100', 'US', 'America/New_York', 'ready', 'carrier', voiceagent.clock() FROM voiceagent.provider_accounts a
WHERE a.tenant_id = voiceagent.current_tenant();
INSERT INTO voiceagent.text_senders (tenant_id, phone_number_id, registration, state, changed_at)
SELECT n.tenant_id, n.phone_number_id, 'not_needed', 'registered', voiceagent.clock() FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant();
SELECT voiceagent.set_notice_phone('+12025550199');
SELECT body, kind, key LIKE 'notice_code:%' AS keyed FROM voiceagent.texts;
SELECT voiceagent_private.linked_text(t) ~ '^\d{6} is' AS filled FROM voiceagent.texts t;
SELECT r.reason FROM voiceagent.texts x, voiceagent_private.text_obstacle(x, voiceagent.clock()) r;
SELECT r.reason FROM voiceagent.texts x, voiceagent_private.text_obstacle(jsonb_populate_record(x, '{"kind": "notice"}'), voiceagent.clock()) r;
SELECT r.reason FROM voiceagent.texts x, voiceagent_private.text_obstacle(jsonb_populate_record(x, '{"phone": "+19005550199"}'), voiceagent.clock()) r;
SELECT voiceagent.confirm_notice_phone('x'), voiceagent.confirm_notice_phone(NULL), (SELECT phone FROM voiceagent.notice_wishes WHERE member_id = :bob) AS phone;
SELECT voiceagent.confirm_notice_phone((SELECT code FROM voiceagent_private.notice_codes));
SELECT (SELECT phone FROM voiceagent.notice_wishes WHERE member_id = :bob) AS phone, pg_temp.try('SELECT voiceagent.confirm_notice_phone($$123456$$)');
SELECT r.reason FROM voiceagent.texts x, voiceagent_private.text_obstacle(jsonb_populate_record(x, '{"kind": "notice"}'), voiceagent.clock()) r;
SELECT voiceagent.set_notices('{"message": ["text"]}');
SELECT voiceagent.set_setting('notice_texts_per_day', '1') \g /dev/null
SELECT voiceagent.take_message('About Rosa', 'Rosa', '+12025550143', member_id => :bob) > 0 AS taken;
SELECT pg_temp.turns();
SELECT voiceagent.take_message('About Rosa', 'Rosa', '+12025550143', member_id => :bob) > 0 AS taken;
SELECT pg_temp.turns();
SELECT phone, body FROM voiceagent.texts WHERE kind = 'notice';
SELECT text_at, text_id IS NOT NULL AS sent FROM voiceagent.member_notices WHERE member_id = :bob ORDER BY member_notice_id DESC LIMIT 2;
-- five wrong ones end a code, five codes a day
SELECT voiceagent.set_notice_phone('+12025550198');
SELECT voiceagent.confirm_notice_phone('000000x') FROM generate_series(1, 5);
SELECT pg_temp.try('SELECT voiceagent.confirm_notice_phone((SELECT code FROM voiceagent_private.notice_codes))');
SELECT pg_temp.try('SELECT voiceagent.set_notice_phone($$+12025550197$$)') FROM generate_series(1, 4);
SELECT pg_temp.try('SELECT voiceagent.send_text(1, $$x$$, kind => $$notice$$)'), pg_temp.try('SELECT voiceagent.set_notice_phone($$12$$)');
SELECT voiceagent.set_notice_phone(NULL);
SELECT (SELECT phone FROM voiceagent.notice_wishes WHERE member_id = :bob) AS phone;
ROLLBACK;
