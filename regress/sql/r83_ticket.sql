-- Tickets: opened by a tenant, answered by the staff, told and mailed; whose turn it is; late ones; requests for numbers; bounds; what others see.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
BEGIN;
ALTER TABLE voiceagent.tickets ALTER ticket_id RESTART WITH 870001;
CREATE ROLE regress_ticket_staff LOGIN IN ROLE voiceagent_admin;
CREATE ROLE regress_ticket_tenant LOGIN IN ROLE voiceagent_user;
SELECT voiceagent.create_tenant('r83 ticket', 'UTC', 10) AS tenant, voiceagent.create_tenant('r83 other') AS other \gset
SELECT voiceagent.create_member(:tenant, 'r83@example.com', 'long enough', 'agent') AS member, voiceagent.create_member(:tenant, 'r83viewer@example.com', 'long enough', 'viewer') AS viewer \gset
SELECT voiceagent.map_role('regress_ticket_tenant', :tenant);

-- A tenant asks.
SET SESSION AUTHORIZATION regress_ticket_tenant;
SELECT voiceagent.open_ticket('Calls show as spam', 'Since Monday.', priority => 'high') AS ticket \gset
SELECT voiceagent.write_ticket(:ticket, 'The number that ends in 0188.');
SELECT category, priority, subject, state, date_trunc('second', due_at - created_at) AS due_in, first_answered_at, opened_by FROM voiceagent.tickets;
-- Refused, and nothing is kept of it.
\set ON_ERROR_ROLLBACK on
SELECT voiceagent.open_ticket('', 'x');
SELECT voiceagent.open_ticket(E'two\nlines', 'x');
SELECT voiceagent.open_ticket('x', ' ');
SELECT voiceagent.open_ticket('x', repeat('x', 20001));
SELECT voiceagent.open_ticket('x', 'x', 'gossip');
SELECT voiceagent.open_ticket('x', 'x', priority => 'now');
SELECT voiceagent.open_ticket('x', 'x', language => 'tlh');
SELECT voiceagent.write_ticket(987654321987, 'x');
SELECT voiceagent.resolve_ticket(987654321987);
SELECT voiceagent.answer_ticket(:tenant, :ticket, 'x');
SELECT voiceagent.update_ticket(:tenant, :ticket, 'low');
RESET SESSION AUTHORIZATION;
SELECT count(DISTINCT ticket_id) AS tickets, count(*) AS messages FROM voiceagent.ticket_messages WHERE tenant_id = :tenant;

-- The staff sees the tickets of all tenants, and answers; it may not open any, and sees nothing else of a tenant.
UPDATE voiceagent.tickets SET member_id = :member WHERE tenant_id = :tenant;
SET SESSION AUTHORIZATION regress_ticket_staff;
SELECT t.tenant_id = :tenant AS of_the_tenant, t.state, m.side, m.message FROM voiceagent.tickets t JOIN voiceagent.ticket_messages m USING (tenant_id, ticket_id) ORDER BY m.message_number;
SELECT count(*) FROM voiceagent.leads;
SELECT voiceagent.open_ticket('x', 'x');
SELECT voiceagent.answer_ticket(:other, :ticket, 'x');
SELECT voiceagent.answer_ticket(987654321987, :ticket, 'x');
SELECT voiceagent.answer_ticket(:tenant, :ticket, '');
SELECT voiceagent.update_ticket(:tenant, :ticket, 'low', assigned_to => 'Kim');
SELECT priority, assigned_to, due_at - changed_at AS due_in FROM voiceagent.tickets WHERE tenant_id = :tenant;
SELECT voiceagent.answer_ticket(:tenant, :ticket, 'The carrier has cleared it.', name => 'Kim');
RESET SESSION AUTHORIZATION;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT state, due_at, first_answered_at IS NOT NULL AS answered FROM voiceagent.tickets;
SELECT recipient, subject, body, status FROM voiceagent.mails ORDER BY mail_id;
SELECT what = format('ticket %s is answered: Calls show as spam', :ticket) AS what, quote, settle LIKE 'SELECT voiceagent.write_ticket(%' AS settle FROM voiceagent.waiting WHERE kind = 'ticket';
SELECT event_type, event_data - 'ticket_id' AS data FROM voiceagent.events WHERE tenant_id = :tenant AND event_type LIKE 'ticket%' ORDER BY event_id;
SELECT voiceagent_private.webhook_kind('ticket_answered'), voiceagent_private.webhook_kind('ticket_resolved');
SELECT (SELECT count(*) FROM voiceagent_private.tickets_due) AS due, action, new_value FROM voiceagent.audit_log WHERE action LIKE '%ticket' ORDER BY audit_id;

-- What the tenant writes is the staff's turn again; resolved twice is resolved once; written to once more, it is open.
SET SESSION AUTHORIZATION regress_ticket_tenant;
SELECT voiceagent.write_ticket(:ticket, 'It is not better.');
SELECT state, due_at - changed_at AS due_in FROM voiceagent.tickets;
SELECT voiceagent.resolve_ticket(:ticket), voiceagent.resolve_ticket(:ticket);
SELECT state, resolved_at IS NOT NULL AS resolved, due_at FROM voiceagent.tickets;
SELECT voiceagent.write_ticket(:ticket, 'It is back.');
SELECT state, resolved_at, side, author, message FROM voiceagent.tickets JOIN voiceagent.ticket_messages USING (tenant_id, ticket_id) ORDER BY message_number;
RESET SESSION AUTHORIZATION;

-- Late: the platform's health tells, its metrics count; writing again does not put it off; an answer ends it.
UPDATE voiceagent.tickets SET due_at = '2020-01-01 00:00+00' WHERE tenant_id = :tenant;
UPDATE voiceagent_private.tickets_due SET due_at = '2020-01-01 00:00+00' WHERE tenant_id = :tenant;
SELECT voiceagent.write_ticket(:ticket, 'Hello?');
SELECT due_at = '2020-01-01 00:00+00' AS as_it_was FROM voiceagent.tickets;
RESET SESSION AUTHORIZATION;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SET SESSION AUTHORIZATION regress_ticket_staff;
SELECT p FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE 'tickets%';
SELECT m FROM regexp_split_to_table(voiceagent.metrics(), '\n') m WHERE m ~ '^voiceagent_tickets';
SELECT voiceagent.answer_ticket(:tenant, :ticket, 'We are sorry. It is cleared for good.', true);
SELECT count(*) FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE 'tickets%';
SELECT m FROM regexp_split_to_table(voiceagent.metrics(), '\n') m WHERE m ~ '^voiceagent_tickets';
RESET SESSION AUTHORIZATION;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT kind, subject FROM voiceagent.mails ORDER BY mail_id;
SELECT count(*) FROM voiceagent.waiting WHERE kind = 'ticket';

-- A request for a number is a ticket; its end resolves it, whoever says so.
SET SESSION AUTHORIZATION regress_ticket_tenant;
SELECT voiceagent.request_number('us', E'New\nYork', '212', 'it ends in 00') AS request, voiceagent.request_number('de') AS taken_back \gset
SELECT t.category, t.subject, t.state, m.message FROM voiceagent.tickets t JOIN voiceagent.ticket_messages m USING (tenant_id, ticket_id) WHERE number_request_id IS NOT NULL ORDER BY t.ticket_id;
SELECT voiceagent.close_number_request(:taken_back, 'canceled');
SET SESSION AUTHORIZATION regress_ticket_staff;
SELECT voiceagent.close_number_request(:request, 'rejected', 'The area has none left.', tenant_id => :tenant);
SET SESSION AUTHORIZATION regress_ticket_tenant;
SELECT DISTINCT ON (ticket_id) t.state, m.side, m.message FROM voiceagent.tickets t JOIN voiceagent.ticket_messages m USING (tenant_id, ticket_id) WHERE number_request_id IS NOT NULL ORDER BY ticket_id, message_number DESC;

-- Bounds.
SELECT voiceagent.set_setting('open_tickets', '1');
SELECT voiceagent.open_ticket('one', 'x') IS NOT NULL AS opened;
SELECT voiceagent.open_ticket('two', 'x');
SELECT voiceagent.request_number('fr');
RESET SESSION AUTHORIZATION;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_setting('ticket_messages', '2');
SET SESSION AUTHORIZATION regress_ticket_tenant;
SELECT ticket_id AS full FROM voiceagent.tickets WHERE subject = 'one' \gset
SELECT voiceagent.write_ticket(:full, 'two');
SELECT voiceagent.write_ticket(:full, 'three');
RESET SESSION AUTHORIZATION;

-- Resolved ones are kept up to a number and up to some bytes; the oldest give way, the newest never.
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SAVEPOINT s;
SELECT voiceagent.set_setting('open_tickets', '100'), voiceagent.set_setting('tickets_kept', '3');
SELECT count(*) FROM (SELECT voiceagent.resolve_ticket(voiceagent.open_ticket('kept ' || n, repeat('x', 1000))) FROM generate_series(1, 5) n) o;
SELECT subject, bytes FROM voiceagent.tickets WHERE state = 'resolved' ORDER BY ticket_id;
-- What is written to again is none of them.
SELECT voiceagent.write_ticket(ticket_id, 'again') FROM voiceagent.tickets WHERE subject = 'kept 3';
SELECT count(*) FROM (SELECT voiceagent.resolve_ticket(voiceagent.open_ticket('kept ' || n, repeat('x', 1000))) FROM generate_series(6, 7) n) o;
SELECT subject, bytes, state FROM voiceagent.tickets WHERE subject LIKE 'kept%' ORDER BY ticket_id;
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.set_setting('ticket_bytes_kept', '2300');
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.resolve_ticket(voiceagent.open_ticket('kept 8', repeat('x', 1000)));
SELECT subject, state FROM voiceagent.tickets WHERE subject LIKE 'kept%' ORDER BY ticket_id;
SELECT voiceagent.resolve_ticket(voiceagent.open_ticket('kept 9', repeat('x', 9000)));
SELECT subject, state FROM voiceagent.tickets WHERE subject LIKE 'kept%' ORDER BY ticket_id;
SELECT (SELECT count(DISTINCT ticket_id) FROM voiceagent.ticket_messages) = (SELECT count(*) FROM voiceagent.tickets) AS with_their_messages;
ROLLBACK TO s;

-- Another tenant sees none of it; retention takes what is resolved, and no more.
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SET ROLE voiceagent_user;
SELECT count(*) FROM voiceagent.tickets;
SELECT count(*) FROM voiceagent.ticket_messages;
SELECT voiceagent.write_ticket(:ticket, 'x');
RESET ROLE;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent_private.delete_old_rows('tickets', 'infinity', 2), voiceagent_private.delete_old_rows('tickets', 'infinity', 2), voiceagent_private.delete_old_rows('tickets', 'infinity', 2);
SELECT subject, state FROM voiceagent.tickets;
ROLLBACK;
