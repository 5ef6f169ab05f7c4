-- Answers to dials are written without a statement: those of another tenant's attempts write nothing and are not to come again.
\set ON_ERROR_STOP off
\set SHOW_CONTEXT never
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Another', ARRAY['2001', '2002']) > 0 AS ready;
SELECT count(*) FROM voiceagent_private.claim_calls(100);
SELECT array_agg(attempt_id ORDER BY attempt_id) AS others, min(tenant_id) AS other FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant() \gset
SELECT pg_temp.begin_calls('Ours', ARRAY['2001', '2002', '2003']) > 0 AS ready;
SELECT count(*) FROM voiceagent_private.claim_calls(100);
SELECT array_agg(attempt_id ORDER BY attempt_id) AS ours FROM voiceagent.attempts WHERE tenant_id = voiceagent.current_tenant() \gset
CREATE FUNCTION pg_temp.answered(attempts bigint[], kinds text[]) RETURNS TABLE (recorded integer, put_off integer) LANGUAGE sql AS $$
	SELECT r.recorded, cardinality(r.put_off) FROM voiceagent_private.record_answers(attempts, kinds, ARRAY(SELECT 'call-' || a FROM unnest(attempts) a),
		array_fill(NULL::text, ARRAY[cardinality(attempts)]), array_fill(200, ARRAY[cardinality(attempts)]), array_fill(NULL::text, ARRAY[cardinality(attempts)]),
		array_fill(0, ARRAY[cardinality(attempts)])) r
$$;
CREATE FUNCTION pg_temp.known() RETURNS TABLE (place bigint, attempt text, live text, sends bigint, dials bigint) LANGUAGE sql AS $$
	SELECT row_number() OVER (ORDER BY a.attempt_id), a.state::text, l.state::text, (SELECT count(*) FROM voiceagent_private.sends s WHERE s.tenant_id = a.tenant_id),
		(SELECT sum(n) FROM voiceagent_private.account_dials d, unnest(d.dials) n WHERE d.tenant_id = a.tenant_id)
	FROM voiceagent.attempts a LEFT JOIN voiceagent_private.live_calls l ON l.tenant_id = a.tenant_id AND l.call_id = a.call_id
	WHERE a.tenant_id = voiceagent.current_tenant() ORDER BY 1
$$;
SELECT * FROM pg_temp.answered(:'others', '{accepted,accepted}');
SELECT * FROM pg_temp.answered(:'others'::bigint[] || 0::bigint || NULL::bigint, '{accepted,refused_permanent,bad_account,unknown}');
-- beside ours, which are the first of their account and then not
SELECT * FROM pg_temp.answered((:'others'::bigint[])[1] || (:'ours'::bigint[])[1:1], '{accepted,accepted}');
SELECT * FROM pg_temp.known();
SELECT * FROM pg_temp.answered((:'ours'::bigint[])[2:3] || (:'others'::bigint[])[2], '{accepted,unknown,accepted}');
SELECT * FROM pg_temp.answered(:'ours', '{accepted,accepted,accepted}');
SELECT * FROM pg_temp.known();
-- once more, and twice at once
SELECT * FROM pg_temp.answered(:'ours'::bigint[] || :'ours'::bigint[], array_fill('accepted'::text, ARRAY[6]));
SELECT * FROM pg_temp.known();
SELECT voiceagent_private.set_tenant(:other) > 0 AS other;
SELECT * FROM pg_temp.known();
-- whose answer was never recorded: the carrier is asked, and does not know the call
UPDATE voiceagent_private.live_calls l SET answer_due = l.answer_due - interval '10 minutes' WHERE l.tenant_id = :other;
SELECT voiceagent_private.lookup_found_nothing(min(call_id)) FROM voiceagent.attempts WHERE tenant_id = :other;
SELECT place, attempt, live FROM pg_temp.known();
SAVEPOINT before;
SELECT * FROM pg_temp.answered(:'others', '{accepted}');
ROLLBACK TO before;
SELECT * FROM voiceagent.invariants();
ROLLBACK;
