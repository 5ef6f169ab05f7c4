-- Credits that are bought by themselves: below a line, so much a month, once for each need; a card that fails ends it and says why.
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
BEGIN;
SET LOCAL voiceagent.clock_offset = '0';
SELECT voiceagent.create_tenant('r86 top-up', 'UTC', 100) AS tenant, voiceagent.create_tenant('r86 other', 'UTC', 100) AS other \gset
SELECT voiceagent.create_credit_pack('r86 top-up', 100, '{"EUR": 20}') AS pack \gset
CREATE FUNCTION pg_temp.minutes_later(n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent_private.set_tenant(0);
BEGIN
	PERFORM set_config('voiceagent.clock_offset', (coalesce(current_setting('test.minutes', true)::int, 0) + n) * 60 || 's', true);
	PERFORM set_config('test.minutes', (coalesce(current_setting('test.minutes', true)::int, 0) + n)::text, true);
	PERFORM voiceagent_private.top_up(100);
	PERFORM voiceagent_private.set_tenant(v_tenant);
END $$;
CREATE FUNCTION pg_temp.spend(n numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_call bigint := coalesce(current_setting('test.call', true)::bigint, 0) + 1;
BEGIN
	PERFORM set_config('test.call', v_call::text, true);
	PERFORM voiceagent_private.hold_credits(ARRAY[v_call], ARRAY[n]);
	PERFORM voiceagent_private.settle_holds(ARRAY[v_call], ARRAY[n]);
END $$;
CREATE FUNCTION pg_temp.stands() RETURNS text LANGUAGE sql AS $$
	SELECT format('credits %s, active %s, %s, orders %s', (SELECT trim_scale(available) FROM voiceagent.credit_balance), t.active, coalesce(regexp_replace(t.reason, 'order \d+', 'order N'), 'well'),
		(SELECT string_agg(o.state, ' ' ORDER BY o.order_id) FROM voiceagent.payment_orders o WHERE o.tenant_id = t.tenant_id)) FROM voiceagent.top_ups t $$;
-- What cannot be set.
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SAVEPOINT s;
SELECT voiceagent.add_embedded_method('steals');
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.add_embedded_method() AS good, voiceagent.add_embedded_method('is_declined') AS bad, voiceagent.add_embedded_method('needs_authentication') AS careful \gset
SAVEPOINT s;
SELECT voiceagent.set_top_up(:pack, 50, 60, 0);
ROLLBACK TO s;
SELECT voiceagent.set_top_up(0, 50, 60, :good);
ROLLBACK TO s;
SELECT voiceagent.set_top_up(:pack, 0, 60, :good);
ROLLBACK TO s;
SELECT voiceagent.set_top_up(:pack, 50, 19.99, :good);
ROLLBACK TO s;
SELECT voiceagent.set_top_up(:pack, 50, 60.001, :good);
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT voiceagent.set_top_up(:pack, 50, 60, :good);
ROLLBACK TO s;
-- Enough is left; then not, and a pack comes, once.
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.set_top_up(:pack, 50, 45, :good);
SELECT pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SELECT pg_temp.spend(51);
SELECT pg_temp.minutes_later(1), pg_temp.minutes_later(0), pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SELECT o.ordered_by LIKE 'auto top-up, set by %' AS by, o.method, o.amount, t.last_order_id = o.order_id AS last FROM voiceagent.payment_orders o JOIN voiceagent.top_ups t USING (tenant_id) WHERE o.tenant_id = :tenant;
-- Two packs fit into a month, the third has to wait for the next.
SELECT pg_temp.spend(120);
SELECT pg_temp.minutes_later(1);
SELECT pg_temp.spend(110);
SELECT pg_temp.minutes_later(1), pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SELECT pg_temp.minutes_later(32 * 1440);
SELECT pg_temp.stands();
-- Nothing is spent by itself: it waits for an owner, and is charged once that has said yes.
SELECT voiceagent.set_setting('auto_spend', 'off');
SELECT pg_temp.spend(100);
SELECT pg_temp.minutes_later(1), pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SELECT voiceagent.approve_spending(max(approval_id)) FROM voiceagent.spend_approvals WHERE tenant_id = :tenant;
SELECT pg_temp.minutes_later(1), pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SELECT voiceagent.set_setting('auto_spend', 'on');
-- A card that is declined, and one whose bank wants the buyer: told, and ended.
SELECT voiceagent.set_top_up(:pack, 5000, 1000, :bad);
SELECT pg_temp.minutes_later(1), pg_temp.minutes_later(1), pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SELECT voiceagent.set_top_up(:pack, 5000, 1000, :careful);
SELECT pg_temp.minutes_later(1), pg_temp.minutes_later(1), pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SELECT event_type, event_data ->> 'reason' AS reason FROM voiceagent.events WHERE tenant_id = :tenant AND event_type = 'payment_failed' ORDER BY event_id;
-- Stopped, and a method removed.
SELECT voiceagent.set_top_up(:pack, 5000, 1000, :good);
SELECT voiceagent.stop_top_up(), voiceagent.stop_top_up();
SELECT pg_temp.minutes_later(1);
SELECT active, reason IS NOT NULL AS reason FROM voiceagent.top_ups WHERE tenant_id = :tenant;
SELECT count(*) FROM voiceagent_private.top_up_turns WHERE tenant_id = :tenant;
SELECT voiceagent.set_top_up(:pack, 5000, 1000, :good);
SELECT voiceagent.remove_payment_method(:good);
SELECT pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SAVEPOINT s;
SELECT voiceagent.remove_payment_method(:good);
ROLLBACK TO s;
SELECT voiceagent.set_top_up(:pack, 50, 60, :good);
ROLLBACK TO s;
-- A pack that is sold no longer says so.
SELECT voiceagent.add_embedded_method() AS good \gset
SELECT voiceagent.set_top_up(:pack, 5000, 1000, :good);
SELECT voiceagent_private.set_tenant(0) \g /dev/null
SELECT voiceagent.archive_credit_pack(:pack);
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT pg_temp.minutes_later(1);
SELECT pg_temp.stands();
SELECT * FROM voiceagent_private.check_payments();
SELECT * FROM voiceagent_private.check_invoices();
ROLLBACK;
