-- Mails: what may be sent is queued and said, what may not is refused with its reason; no value ends a header; secrets are nobody's.
\set ON_ERROR_STOP off
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ': ' || SQLERRM;
END
$$;
-- As the worker does it, with a server that answers so.
CREATE FUNCTION pg_temp.served(status integer, error text) RETURNS TABLE (recipient text, sender text, url text) LANGUAGE plpgsql AS $$
DECLARE
	v record;
BEGIN
	FOR v IN SELECT * FROM voiceagent_private.claim_mails(100, true, true) LOOP
		recipient := v.recipient;
		sender := v.sender;
		url := v.url;
		PERFORM voiceagent_private.record_mail(v.mail_id, v.of_platform, status, error);
		RETURN NEXT;
	END LOOP;
END
$$;
CREATE FUNCTION pg_temp.seen() RETURNS TABLE (kind text, recipient text, status text, reason text, via text, tries integer) LANGUAGE sql AS $$
	SELECT m.kind, m.recipient, m.status, m.reason, m.via, m.tries FROM voiceagent.mails m WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY m.mail_id
$$;
CREATE FUNCTION pg_temp.mailbox(m bigint) RETURNS TABLE (line text) LANGUAGE sql AS $$
	SELECT regexp_replace(l, '^(Date|Message-ID): .*', '\1: ...') FROM voiceagent_private.sandbox_mailbox b, regexp_split_to_table(b.message, E'\r\n') WITH ORDINALITY AS x(l, n)
	WHERE b.tenant_id = voiceagent.current_tenant() AND b.mail_id = m ORDER BY n
$$;
CREATE FUNCTION pg_temp.body(m bigint) RETURNS text LANGUAGE sql AS $$
	SELECT convert_from(decode(regexp_replace(split_part(b.message, E'\r\n\r\n', 2), '\s', '', 'g'), 'base64'), 'UTF8') FROM voiceagent_private.sandbox_mailbox b
	WHERE b.tenant_id = voiceagent.current_tenant() AND b.mail_id = m
$$;
\set ECHO all
BEGIN;
-- This server has no key for tokens: a link acts for its tenant as a worker does. (With one: t/820_mail.)
CREATE OR REPLACE FUNCTION voiceagent_private.begin_link(tenant_id bigint) RETURNS text[] LANGUAGE plpgsql AS $$ BEGIN PERFORM voiceagent_private.set_tenant(tenant_id); RETURN ARRAY['', '']; END $$;
SELECT voiceagent.create_tenant('Café Miller', 'Europe/Paris', 100) AS tenant \gset
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT kind, count(*), min(class) FROM voiceagent.mail_templates GROUP BY 1 ORDER BY 1;
-- addresses and values that would end a line
SELECT a, pg_temp.refused(format('SELECT voiceagent_private.enqueue_mail(%L, ''password_reset'')', a)) FROM unnest(ARRAY['Ann@Example.com', E'ann@example.com\nBcc: x@y.zz', 'ann@example.com, b@c.de', '<ann@example.com>', 'ann@localhost', 'ann@-a.de',
	'a..b@example.com', 'ann@exa mple.com', 'ann', '', NULL, 'änn@example.com', 'ann"@example.com', repeat('a', 65) || '@example.com']) a;
SELECT pg_temp.refused($$SELECT voiceagent_private.enqueue_mail('ann@example.com', 'information', '{"topic": "roof\nBcc: all@example.com"}')$$);
SELECT pg_temp.refused($$SELECT voiceagent_private.enqueue_mail('ann@example.com', 'nothing')$$);
-- without an account nothing leaves: the sandbox's mailbox has it, as it would have left
SELECT voiceagent_private.enqueue_mail('ann@example.com', 'information', '{"topic": "le toit à Évry, und ein sehr langer Betreff, der nicht in eine Zeile passt", "information": "Price: {{secret}}, {{business}}"}', 'fr-FR') AS m \gset
SELECT * FROM pg_temp.served(250, NULL);
SELECT * FROM pg_temp.seen() WHERE recipient = 'ann@example.com';
SELECT * FROM pg_temp.mailbox(:m);
SELECT pg_temp.body(:m);
-- an account of the tenant, or of the platform; a password in the vault; nothing that is no mail server
SELECT pg_temp.refused($$SELECT voiceagent.set_mail_account('https://example.com', 'us@example.com')$$), pg_temp.refused($$SELECT voiceagent.set_mail_account('smtp://mail.example.com:587', E'us@example.com\nX: y')$$),
	pg_temp.refused($$SELECT voiceagent.set_mail_account('smtp://mail.example.com:587', 'us@example.com', 'us')$$), pg_temp.refused($$SELECT voiceagent.set_mail_account('smtp://mail.example.com:587', 'us@example.com', sender_name => E'a\nb')$$);
SELECT voiceagent.set_mail_account('smtp://mail.example.com:587', 'US@example.com', sender_name => 'Miller "Inc"');
SELECT url, username, sender, sender_name FROM voiceagent.mail_accounts WHERE tenant_id = :tenant;
-- taken; for now not taken, and tried again later; an address that nobody knows: nothing more goes there
SELECT count(voiceagent_private.enqueue_mail(a || '@example.com', 'password_reset', secret => 'https://x/y')) FROM unnest('{bob,cora,dan}'::text[]) a;
UPDATE voiceagent_private.mail_queue q SET next_at = 'infinity' FROM voiceagent.mails m WHERE m.tenant_id = :tenant AND q.tenant_id = :tenant AND q.mail_id = m.mail_id AND m.recipient NOT LIKE 'bob@%';
SELECT * FROM pg_temp.served(250, NULL);
UPDATE voiceagent_private.mail_queue q SET next_at = voiceagent.clock() FROM voiceagent.mails m WHERE m.tenant_id = :tenant AND q.tenant_id = :tenant AND q.mail_id = m.mail_id AND m.recipient LIKE 'cora@%';
SELECT recipient FROM pg_temp.served(451, 'the server answers 451');
SELECT trouble FROM voiceagent.mail_accounts WHERE tenant_id = :tenant;
UPDATE voiceagent_private.mail_queue q SET next_at = voiceagent.clock() FROM voiceagent.mails m WHERE m.tenant_id = :tenant AND q.tenant_id = :tenant AND q.mail_id = m.mail_id AND m.recipient LIKE 'dan@%';
SELECT recipient FROM pg_temp.served(550, 'no such user');
SELECT voiceagent_private.enqueue_mail('dan@example.com', 'password_reset', secret => 'x') > 0 AS again;
SELECT * FROM pg_temp.seen() WHERE kind = 'password_reset';
SELECT extract(epoch FROM q.next_at - voiceagent.clock())::integer AS waits FROM voiceagent_private.mail_queue q JOIN voiceagent.mails m USING (tenant_id, mail_id) WHERE q.tenant_id = :tenant AND m.recipient = 'cora@example.com';
UPDATE voiceagent.mails SET tries = 5 WHERE tenant_id = :tenant AND recipient = 'cora@example.com';
UPDATE voiceagent_private.mail_queue SET next_at = voiceagent.clock() WHERE tenant_id = :tenant;
SELECT recipient FROM pg_temp.served(NULL, 'Couldn''t connect to server');
SELECT * FROM pg_temp.seen() WHERE recipient = 'cora@example.com';
SELECT count(*) AS left FROM voiceagent_private.mail_queue WHERE tenant_id = :tenant;
SELECT * FROM voiceagent_private.check_mails();
-- a copy of the database sends nothing by a password that was given elsewhere; nor does one whose clock is moved
UPDATE voiceagent.mail_accounts SET home = 'another' WHERE tenant_id = :tenant;
SELECT voiceagent_private.enqueue_mail('eve@example.com', 'password_reset', secret => 'x') > 0 AS queued;
SELECT count(*) FROM voiceagent_private.claim_mails(100, true, false);
SELECT reason FROM voiceagent.mails WHERE tenant_id = :tenant AND recipient = 'eve@example.com';
SELECT voiceagent.remove_mail_account();
-- opt-outs and holds, unsubscriptions, complaints, the day's limit
SELECT voiceagent.add_lead(phone => '+33612345601', first_name => 'Ada', email => 'ada@example.com') AS ada, voiceagent.add_lead(phone => '+33612345602', first_name => 'Bea', email => 'bea@example.com') AS bea,
	voiceagent.add_lead(phone => '+33612345603', first_name => 'Cid', email => 'cid@example.com') AS cid, voiceagent.add_lead(phone => '+33612345604', first_name => 'Dot') AS dot \gset
SELECT voiceagent.do_not_call('+33612345602', 'asked') IS NULL AS listed_of_the_plan;
SELECT pg_temp.refused(format($$SELECT * FROM voiceagent.send_news('Roofs', 'We have roofs.', ARRAY[%s])$$, :ada));
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('mail_links', 'https://calls.example.com/');
SELECT voiceagent.suppress_mail('CID@example.com', 'complaint');
SELECT lead_id = ANY (ARRAY[:ada, :bea, :cid, :dot]) AS ours, mail_id IS NOT NULL AS kept, reason FROM voiceagent.send_news('Roofs', 'We have roofs.', ARRAY[:ada, :bea, :cid, :dot]);
SELECT * FROM pg_temp.served(250, NULL);
SELECT regexp_replace(line, '/unsubscribe/.*>', '/unsubscribe/TOKEN>') AS line FROM voiceagent.mails m, pg_temp.mailbox(m.mail_id) WHERE m.tenant_id = :tenant AND m.kind = 'news' AND m.status = 'sent' AND line ~ '^(List-|Subject|From|To)';
SELECT substring(b.message FROM '/unsubscribe/([A-Za-z0-9_-]+)>') AS token FROM voiceagent_private.sandbox_mailbox b JOIN voiceagent.mails m USING (tenant_id, mail_id) WHERE m.tenant_id = :tenant AND m.kind = 'news' \gset
SELECT position(:'token' IN m.body) AS "a member reads it at" FROM voiceagent.mails m WHERE m.tenant_id = :tenant AND m.kind = 'news' AND m.status = 'sent';
SELECT voiceagent_private.enqueue_mail('ada@example.com', 'news', '{"subject": "More", "text": "More."}', lead_id => :ada) > 0 AS waits;
SELECT voiceagent.unsubscribe(:'token') AS once;
SELECT pg_temp.refused($$SELECT voiceagent.unsubscribe('guess')$$);
SET LOCAL request.method = 'GET';
SELECT pg_temp.refused(format('SELECT voiceagent.unsubscribe(%L)', :'token')) AS by_get;
SET LOCAL request.method = 'POST';
RESET ROLE;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT * FROM pg_temp.served(250, NULL);
SELECT recipient, status, reason FROM pg_temp.seen() WHERE kind = 'news';
SELECT voiceagent.allow_mail('ada@example.com'), voiceagent.allow_mail('ada@example.com') AS again;
SELECT voiceagent.set_setting('mails_per_day', '1') IS NOT NULL AS set;
SELECT voiceagent_private.enqueue_mail('fay@example.com', 'information') > 0 AS kept;
SELECT status, reason FROM pg_temp.seen() WHERE recipient = 'fay@example.com';
SELECT voiceagent.set_setting('mails_per_day', '1000') IS NOT NULL AS set;
-- members: invited, and a forgotten password; the link is theirs alone, good once and for its time
SELECT voiceagent.invite_member('Gil@example.com', 'manager', 'de') AS gil \gset
SELECT * FROM pg_temp.served(250, NULL);
SELECT m.subject, m.body ~ '\{\{secret\}\}' AS hidden, m.mail_id AS mail FROM voiceagent.mails m WHERE m.tenant_id = :tenant AND m.kind = 'invitation' \gset
SELECT :'subject' AS subject, :'hidden' AS hidden;
SELECT substring(pg_temp.body(:mail) FROM 'https://calls.example.com/#/password/([A-Za-z0-9_-]+)') AS link \gset
SELECT pg_temp.refused(format('SELECT voiceagent.set_password(%L, ''short'')', :'link')) AS short, pg_temp.refused(format('SELECT voiceagent.set_password(%L, ''long enough'')', :'link')) AS set, pg_temp.refused(format('SELECT voiceagent.set_password(%L, ''long enough'')', :'link')) AS again;
SELECT voiceagent.request_password_reset('GIL@example.com', 'es'), voiceagent.request_password_reset('nobody@example.com');
RESET ROLE;
-- nothing is looked up, locked or written of a tenant until the job does it
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT count(*) AS "mails before the job" FROM pg_temp.seen() WHERE kind = 'password_reset' AND recipient = 'gil@example.com';
SELECT voiceagent_private.mail_password_links(100) AS job;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT kind, recipient, status FROM pg_temp.seen() WHERE kind = 'password_reset' AND recipient = 'gil@example.com';
SELECT voiceagent.request_password_reset('gil@example.com');
SELECT voiceagent_private.mail_password_links(100) AS job;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT count(*) AS "one in five minutes" FROM voiceagent.mails WHERE tenant_id = :tenant AND kind = 'password_reset' AND recipient = 'gil@example.com';
UPDATE voiceagent_private.password_links SET expires_at = voiceagent.clock() - interval '1 second' WHERE tenant_id = :tenant;
SELECT * FROM pg_temp.served(250, NULL);
SELECT substring(pg_temp.body(max(m.mail_id)) FROM '/#/password/([A-Za-z0-9_-]+)') AS late FROM voiceagent.mails m WHERE m.tenant_id = :tenant AND m.kind = 'password_reset' \gset
SELECT pg_temp.refused(format('SELECT voiceagent.set_password(%L, ''long enough'')', :'late')) AS too_late;
-- forgotten with the lead, and by time
SELECT voiceagent_private.erase_mails(ARRAY(SELECT mail_id FROM voiceagent.mails WHERE tenant_id = :tenant AND lead_id = :ada)) AS erased;
SELECT count(*) AS links FROM voiceagent_private.unsubscriptions WHERE tenant_id = :tenant;
SELECT voiceagent_private.delete_old_rows('mails', voiceagent.clock() + interval '1 day', 1000) > 0 AS old;
SELECT count(*) AS left FROM voiceagent.mails WHERE tenant_id = :tenant;
ROLLBACK;
