-- Two leads that are one person: all that names the one names the other afterwards, nobody is dialled more often, nothing becomes lawful,
-- and within a day the merge is undone.
\set ECHO none
\i sql/r50_setup.inc
\set VERBOSITY terse
CREATE FUNCTION pg_temp.try(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v text;
	v_detail text;
BEGIN
	EXECUTE q INTO v;
	RETURN v;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
	RETURN regexp_replace(concat_ws(' ', SQLSTATE, SQLERRM || ':', v_detail), '([Ll]ead|campaign|merge|Unknown:) \d+', '\1 N', 'g');
END $$;
CREATE FUNCTION pg_temp.merge(keep bigint, gone bigint) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try(format('SELECT ''merged'' FROM voiceagent.merge_leads(%s, %s)', keep, gone))
$$;
CREATE FUNCTION pg_temp.numbers(lead bigint) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s:%s%s', n.number, right(n.phone, 3), CASE WHEN n.was_lead IS NOT NULL THEN ' marked' END), ', ' ORDER BY n.number)
	FROM voiceagent.lead_numbers n WHERE n.tenant_id = voiceagent.current_tenant() AND n.lead_id = lead
$$;
\set ECHO all
-- A table that names a lead is moved, or says here why not.
WITH excused (tab, why) AS (VALUES
	('voiceagent.leads', 'the lead itself: it goes, and the other has what it lacked'),
	('voiceagent.lead_numbers', 'by number: merge_numbers()'),
	('voiceagent.campaign_leads', 'by campaign: merge_places()'), ('voiceagent_private.call_queue', 'by campaign: merge_places()'),
	('voiceagent.lead_enrichments', 'takes no UPDATE: move_names()'),
	('voiceagent_private.lead_order', 'by class: unlist(), relist()'),
	('voiceagent_private.live_calls', 'a lead with a live call is not merged'),
	('voiceagent.own_numbers', 'a lead that stands for a telephone of the tenant is not merged'),
	('voiceagent.erasures', 'a lead that is being erased is not merged, and an erased one is none'),
	('voiceagent_private.merge_undos', 'an earlier merge of the lead is undone after this one'))
SELECT c.oid::regclass::text AS neither_moved_nor_excused FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'lead_id' AND NOT a.attisdropped
WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
	AND c.oid::regclass::text NOT IN (SELECT n.tab FROM voiceagent_private.names_of_lead() n UNION ALL SELECT e.tab FROM excused e) ORDER BY 1;
BEGIN;
SELECT pg_temp.tenant('r95 merge') AS t \gset
SELECT pg_temp.leads('+12025', 6) AS l \gset
SELECT (:'l'::bigint[])[1] AS keep, (:'l'::bigint[])[2] AS gone, (:'l'::bigint[])[3] AS other, (:'l'::bigint[])[4] AS fourth, (:'l'::bigint[])[5] AS fifth \gset
-- Every table with a row of the one, by the catalog.
CREATE FUNCTION pg_temp.having(lead bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v record;
	v_n bigint;
	v_all text[] := '{}';
BEGIN
	FOR v IN SELECT c.oid::regclass AS tab FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'lead_id' AND NOT a.attisdropped
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		ORDER BY c.relname COLLATE "C" LOOP
		EXECUTE format('SELECT count(*) FROM %s WHERE lead_id = $1', v.tab) INTO v_n USING lead;
		IF v_n > 0 THEN v_all := v_all || format('%s %s', split_part(v.tab::text, '.', 2), v_n); END IF;
	END LOOP;
	RETURN array_to_string(v_all, ', ');
END $$;
CREATE FUNCTION pg_temp.places() RETURNS TABLE (campaign text, lead text, status text, attempts integer, number smallint, why text) LANGUAGE sql AS $$
	SELECT g.name, right(l.phone, 1), m.status, m.attempts, q.number, m.reason FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns g USING (tenant_id, campaign_id)
	LEFT JOIN voiceagent.leads l USING (tenant_id, lead_id) LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	WHERE m.tenant_id = voiceagent.current_tenant() ORDER BY 1, 2
$$;
-- The one waits in campaigns a and b, the other in b and c; the other has been called.
SELECT pg_temp.start('a', ARRAY[:keep]::bigint[], '{"retry_attempts": 5}') AS a \gset
SELECT pg_temp.start('b', ARRAY[:keep, :gone]::bigint[], '{"retry_attempts": 5}') AS b \gset
SELECT pg_temp.start('c', ARRAY[:gone]::bigint[], '{"retry_attempts": 5}') AS c \gset
UPDATE voiceagent.campaign_leads SET attempts = 2, status = 'retry' WHERE campaign_id = :b AND lead_id = :gone;
UPDATE voiceagent.campaign_leads SET attempts = 1 WHERE campaign_id = :b AND lead_id = :keep;
UPDATE voiceagent.campaign_leads SET attempts = 3, status = 'retry' WHERE campaign_id = :c;
UPDATE voiceagent.leads SET call_attempts = 5, status = 'retry', last_outcome = 'busy', last_called_at = voiceagent.clock() - interval '1 day', email = 'gone@example.com', company = 'Gone Ltd',
	context = '{"roof": "flat", "age": 3}', tags = '{west,old}' WHERE lead_id = :gone;
UPDATE voiceagent.leads SET call_attempts = 1, company = 'Keep Ltd', context = '{"age": 4}', tags = '{old}' WHERE lead_id = :keep;
INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, timezones) VALUES (:t, :gone, 2, '+12025550092', '{UTC}'), (:t, :gone, 4, '+12025000001', '{UTC}'), (:t, :keep, 3, '+12025550093', '{UTC}');
UPDATE voiceagent_private.call_queue SET number = 2 WHERE campaign_id = :c;
-- A row in all that names a lead.
INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, number, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, credits, started_at, ended_at, counts, lawful)
SELECT :t, campaign_id, :gone, '+12025550092', 2, assistant_id, 1, 1, provider_account_id, 1, 'busy', 'busy', 0, voiceagent.clock() - interval '1 day', voiceagent.clock() - interval '1 day', true, false
FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT voiceagent_private.log_event('call_ended', :c, (SELECT max(call_id) FROM voiceagent.calls WHERE tenant_id = :t), :gone);
SELECT voiceagent_private.log_event('lead_retry', :c, NULL, :gone);
SELECT voiceagent.enrich_lead(:keep, 'crm', '{"rank": 1}'), voiceagent.enrich_lead(:gone, 'crm', '{"rank": 2}'), voiceagent.enrich_lead(:gone, 'web', '{"seen": true}'), voiceagent.enrich_lead(:keep, 'crm', '{"rank": 3}');
SELECT voiceagent.record_consent(:gone, 'call', 'form', 'yes') > 0 AS first, voiceagent.record_consent(:keep, 'call', 'form', 'yes') > 0 AS second;
-- Withdrawn for a number that both have, after the other gave it.
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at, revoked_at) VALUES
	(:t, :gone, '+12025550093', 'call', 'x', voiceagent.clock() - interval '3 days', NULL), (:t, :keep, '+12025550093', 'call', 'x', voiceagent.clock() - interval '4 days', voiceagent.clock() - interval '1 day'),
	(:t, :gone, '+12025550093', 'text', 'x', voiceagent.clock() - interval '3 days', NULL);
SELECT voiceagent.create_task('other', 'look', lead_id => :gone) > 0 AS task;
INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, lead_id, body, segments, key, created_at) VALUES (:t, true, 'reply', 'received', '+12025000002', :gone, 'hello', 1, 'k', voiceagent.clock());
SELECT pg_temp.having(:keep) AS keep \gx
SELECT pg_temp.having(:gone) AS gone \gx
CREATE TEMPORARY TABLE before AS SELECT :keep AS keep, pg_temp.having(:keep) AS k, pg_temp.having(:gone) AS g, (SELECT to_jsonb(x) - '{list_class,enrichment}'::text[] FROM voiceagent.leads x WHERE lead_id = :keep) AS kr,
	(SELECT to_jsonb(x) - 'list_class' FROM voiceagent.leads x WHERE lead_id = :gone) AS gr, (SELECT jsonb_agg(p) FROM pg_temp.places() p) AS p;
SELECT * FROM pg_temp.places();
SELECT voiceagent.merge_leads(:keep, :gone) AS m \gset
SELECT pg_temp.having(:keep) AS keep \gx
SELECT pg_temp.having(:gone) = '' AS nothing_names_the_other;
SELECT * FROM pg_temp.places();
SELECT pg_temp.numbers(:keep);
SELECT right(phone, 3) AS phone, number FROM voiceagent.calls WHERE tenant_id = :t;
SELECT email, company, context, tags, call_attempts, status, last_outcome, enrichment FROM voiceagent.leads WHERE lead_id = :keep;
SELECT source, version, data FROM voiceagent.lead_enrichments WHERE lead_id = :keep ORDER BY 1, 2;
-- The consent that the other has withdrawn since does not come back by the merge; that for texts was never withdrawn.
SELECT right(phone, 3) AS phone, kind, revoked_at IS NULL AS holds FROM voiceagent.consents WHERE lead_id = :keep ORDER BY 1, 2, 3;
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE '%has an attempt with its proof';
-- Its number leads to the other.
SELECT pg_temp.try($$SELECT voiceagent.add_lead('+12025000002')$$);
SELECT voiceagent_private.lead_by_number('+12025000002') = :keep AS by_number, (voiceagent_private.lead_of_caller('+12025000002')).lead_id = :keep AS by_call;
SELECT pg_temp.merge(:keep, :gone), pg_temp.merge(:keep, :keep);
-- Undone, all is as it was; but what was withdrawn meanwhile, by whom the merge had left nothing to end, holds no more.
SELECT voiceagent.revoke_consent(:keep, 'call', '+12025550093') AS ended;
SELECT voiceagent.unmerge_leads(:m) = :gone AS undone;
SELECT count(*) AS hold FROM voiceagent.consents WHERE lead_id IN (:keep, :gone) AND phone = '+12025550093' AND kind = 'call' AND revoked_at IS NULL;
SELECT pg_temp.having(:keep) AS keep, pg_temp.having(:gone) AS gone \gx
SELECT pg_temp.numbers(:keep) AS keep, pg_temp.numbers(:gone) AS gone;
SELECT kr - '{list_class,enrichment}'::text[] = (SELECT to_jsonb(x) - '{list_class,enrichment}'::text[] FROM voiceagent.leads x WHERE lead_id = :keep) AS keep_as_before,
	gr = (SELECT to_jsonb(x) - 'list_class' FROM voiceagent.leads x WHERE lead_id = :gone) AS gone_as_before, p = (SELECT jsonb_agg(x) FROM pg_temp.places() x) AS places_as_before FROM before;
SELECT * FROM pg_temp.places();
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE '%has an attempt with its proof';
SELECT pg_temp.try(format('SELECT voiceagent.unmerge_leads(%s)', :m)), pg_temp.try('SELECT voiceagent.unmerge_leads(0)');
ROLLBACK;
-- What refuses, and why.
BEGIN;
SELECT pg_temp.tenant('r95 refused') AS t \gset
SELECT l[1] AS l1, l[2] AS l2, l[3] AS l3, l[4] AS l4, l[5] AS l5, l[6] AS l6, l AS l FROM pg_temp.leads('+12025', 6) l \gset
SELECT pg_temp.start('a', ARRAY[:l1, :l2]::bigint[]) AS a \gset
-- promised a call where the other is as well; the other way round it goes
UPDATE voiceagent_private.call_queue SET reason = 'callback', priority = -1 WHERE tenant_id = :t AND lead_id = :l2;
SELECT pg_temp.merge(:l1, :l2);
SAVEPOINT s;
SELECT pg_temp.merge(:l2, :l1);
SELECT lead_id = :l2 AS of_the_promised, reason FROM voiceagent_private.call_queue WHERE tenant_id = :t;
ROLLBACK TO s;
-- a call that goes on: of the one, of the other, by either number
SELECT pg_temp.claim(1);
SELECT pg_temp.merge(:l2, :l3), pg_temp.merge(:l3, :l2);
-- more than five numbers
SELECT count(voiceagent.add_lead_number(l, '+120250110' || (l = :l4)::integer || i)) FROM unnest(ARRAY[:l3, :l4]::bigint[]) l, generate_series(1, 2) i;
SELECT voiceagent.add_lead_number(:l3, '+12025017777');
SELECT pg_temp.merge(:l3, :l4);
-- a legal hold, an erasure that waits, a telephone of the tenant's own
SAVEPOINT s;
SELECT voiceagent.place_legal_hold('+12025000005', 'court');
SELECT pg_temp.merge(:l4, :l5), pg_temp.merge(:l5, :l4);
SELECT voiceagent.erase_lead(:l5) ->> 'status' AS erasure;
SELECT pg_temp.merge(:l4, :l5);
ROLLBACK TO s;
SELECT voiceagent.register_own_number('+12025000006') = :l6 AS own;
SELECT pg_temp.merge(:l4, :l6), pg_temp.merge(:l6, :l5);
ROLLBACK;
-- Both were dialled before; whatever becomes of the mark on the number, of a merge or its undo: nobody was dialled twice.
BEGIN;
SELECT pg_temp.tenant('r95 dialled') AS t \gset
SELECT l[1] AS l1, l[2] AS l2, l AS l FROM pg_temp.leads('+12025', 2) l \gset
SELECT pg_temp.start('a', :'l'::bigint[], '{"retry_attempts": 0}') AS a \gset
SELECT pg_temp.claim(2);
UPDATE voiceagent.calls SET status = 'no_answer', outcome = 'no_answer', ended_at = voiceagent.clock() WHERE tenant_id = :t;
UPDATE voiceagent.attempts SET state = 'accepted' WHERE tenant_id = :t;
DELETE FROM voiceagent_private.live_calls WHERE tenant_id = :t;
UPDATE voiceagent.campaign_leads SET status = 'failed' WHERE tenant_id = :t;
SELECT voiceagent.merge_leads(:l1, :l2) AS m \gset
SELECT count(*) AS dials FROM voiceagent.calls WHERE tenant_id = :t AND lead_id = :l1;
SELECT invariant FROM voiceagent_private.check_dials(0, 9223372036854775807);
SAVEPOINT s;
SELECT voiceagent.remove_lead_number(:l1, 2);
SELECT invariant FROM voiceagent_private.check_dials(0, 9223372036854775807);
ROLLBACK TO s;
DELETE FROM voiceagent.lead_merges WHERE tenant_id = :t;
SELECT invariant FROM voiceagent_private.check_dials(0, 9223372036854775807);
ROLLBACK;
-- What comes in by the number of the merged one is the other's: no second lead, no second call.
BEGIN;
SELECT pg_temp.tenant('r95 marked') AS t \gset
SELECT l[1] AS l1, l[2] AS l2, l[3] AS l3 FROM pg_temp.leads('+12025', 3) l \gset
SELECT voiceagent.merge_leads(:l1, :l2) > 0 AS first, voiceagent.merge_leads(:l3, :l1) > 0 AS then_both;
SELECT pg_temp.numbers(:l3) = '2:001 marked, 3:002 marked' AS marked;
SELECT pg_temp.start('old', ARRAY[]::bigint[]) AS c, voiceagent.create_campaign('in', voiceagent.create_assistant('A', 'Hello', 'Be kind.')) AS d \gset
SELECT rows_imported, rows_duplicate, rows_updated FROM voiceagent.import_leads(E'phone,first_name\n+12025000002,Again\n+12025000001,Once\n+12025000009,New', campaign_id => :d);
SELECT rows_imported, rows_duplicate, rows_updated FROM voiceagent.import_leads(E'phone,first_name,consent,consent_source\n+12025000002,Again,yes,form', on_duplicate => 'update');
SELECT regexp_replace(reason, 'lead \d+', 'lead N') AS reason FROM voiceagent.import_reports WHERE tenant_id = :t AND kind = 'rejected' OR reason LIKE 'already%' ORDER BY 1;
SELECT right(l.phone, 3) AS lead, first_name, m.status, pg_temp.numbers(l.lead_id) FROM voiceagent.leads l LEFT JOIN voiceagent.campaign_leads m USING (tenant_id, lead_id) WHERE l.tenant_id = :t ORDER BY 1;
SELECT right(phone, 3) AS consent_for, lead_id = :l3 AS of_the_one FROM voiceagent.consents WHERE tenant_id = :t;
SELECT voiceagent_private.make_caller_a_lead('+12025000002', 'Caller') = :l3 AS a_caller, voiceagent.enrich_leads('[{"phone": "+12025000001", "source": "crm", "data": {"a": 1}}]') ->> 'enriched' AS enriched;
SELECT pg_temp.try('SELECT voiceagent.register_own_number(''+12025000001'')') AS own;
-- The inner merge is undone after the outer one; an import that brought the one is not undone while it is another lead, too.
SELECT pg_temp.try(format('SELECT voiceagent.unmerge_leads(%s)', (SELECT min(merge_id) FROM voiceagent.lead_merges WHERE tenant_id = :t)));
SELECT voiceagent.unmerge_leads(max(merge_id)) = :l1 AS outer_undone FROM voiceagent.lead_merges WHERE tenant_id = :t;
SELECT pg_temp.numbers(:l1) AS l1, pg_temp.numbers(:l3) AS l3;
SELECT voiceagent.unmerge_leads(min(merge_id)) = :l2 AS inner_undone FROM voiceagent.lead_merges WHERE tenant_id = :t;
SELECT count(*) AS leads, count(n.*) AS numbers FROM voiceagent.leads l LEFT JOIN voiceagent.lead_numbers n USING (tenant_id, lead_id) WHERE l.tenant_id = :t;
-- What happened since stays: a dial, a name that a person gave, a number that was taken off.
SELECT pg_temp.queue(:c, ARRAY[:l2]::bigint[]);
UPDATE voiceagent.leads SET company = 'Two Ltd', email = 'two@example.com' WHERE lead_id = :l2;
SELECT voiceagent.merge_leads(:l1, :l2) AS m \gset
SELECT voiceagent.update_lead(:l1, '{"company": "One Ltd"}') = :l1 AS changed;
SELECT pg_temp.claim(10);
UPDATE voiceagent.calls SET status = 'no_answer', outcome = 'no_answer', ended_at = voiceagent.clock() WHERE tenant_id = :t AND ended_at IS NULL;
SELECT pg_temp.try(format('SELECT voiceagent.unmerge_leads(%s)', :m)) AS live;
DELETE FROM voiceagent_private.live_calls WHERE tenant_id = :t;
UPDATE voiceagent.campaign_leads SET status = 'failed' WHERE tenant_id = :t AND status = 'calling';
SELECT voiceagent.unmerge_leads(:m) = :l2 AS undone;
SELECT right(phone, 3) AS lead, company, email, call_attempts FROM voiceagent.leads WHERE tenant_id = :t ORDER BY 1;
SELECT right(l.phone, 3) AS lead, m.status, m.attempts, regexp_replace(m.reason, '\d+', 'N') AS reason FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = :t ORDER BY 1;
SELECT right(l.phone, 3) AS called_as, right(c.phone, 3) AS by FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE c.tenant_id = :t ORDER BY 1, 2;
-- Exported and erased with the one; a day later it stands, and 90 days later only the mark is left.
SELECT voiceagent.merge_leads(:l1, :l2) AS m \gset
SELECT voiceagent.export_lead(:l1) -> 'merges' -> -1 -> 'was' ->> 'email' AS exported;
SAVEPOINT s;
SELECT voiceagent.erase_lead(:l1) ->> 'status' AS erased;
SELECT count(*) AS left FROM voiceagent.lead_merges WHERE tenant_id = :t AND lead_id = :l1;
SELECT count(*) AS left FROM voiceagent_private.merge_undos WHERE tenant_id = :t AND merge_id = :m;
SELECT right(phone, 3) AS listed FROM voiceagent.do_not_call_list WHERE tenant_id = :t ORDER BY 1;
ROLLBACK TO s;
UPDATE voiceagent_private.merge_undos SET ends_at = ends_at - interval '24 hours' WHERE tenant_id = :t;
SELECT pg_temp.try(format('SELECT voiceagent.unmerge_leads(%s)', :m)) AS late;
-- a session that had the lead in its hands named it meanwhile
SELECT voiceagent_private.log_event('lead_retry', NULL, NULL, :l2);
SELECT voiceagent_private.forget_merges(100);
SELECT count(*) FILTER (WHERE lead_id = :l2) AS astray, count(*) FILTER (WHERE lead_id = :l1 AND event_type = 'lead_retry') > 0 AS followed FROM voiceagent.events WHERE tenant_id = :t AND event_type = 'lead_retry';
SELECT count(*) AS merges, (SELECT count(*) FROM voiceagent_private.merge_undos WHERE saved <> '{}' AND tenant_id = :t AND merge_id = :m) AS undoable FROM voiceagent.lead_merges WHERE merge_id = :m;
UPDATE voiceagent_private.merge_undos SET ends_at = ends_at - interval '90 days' WHERE tenant_id = :t;
SELECT voiceagent_private.forget_merges(100);
SELECT count(*) AS merges, pg_temp.numbers(:l1) AS mark FROM voiceagent.lead_merges WHERE merge_id = :m;
ROLLBACK;
-- Proposals, with why, a page at a time; nothing is merged by itself.
BEGIN;
SELECT pg_temp.tenant('r95 twins') AS t \gset
SELECT l[1] AS l1 FROM pg_temp.leads('+12025', 6) l \gset
UPDATE voiceagent.leads SET email = 'Ann@example.com', last_name = 'Lee', company = 'ACME' WHERE lead_id IN (:l1, :l1 + 2);
UPDATE voiceagent.leads SET email = 'ann@EXAMPLE.com' WHERE lead_id = :l1 + 4;
UPDATE voiceagent.leads SET first_name = 'Lead 1', last_name = 'Lee', company = 'acme' WHERE lead_id IN (:l1 + 5, :l1 + 2);
SELECT voiceagent.add_lead_number(:l1 + 1, '+12025000004'), voiceagent.add_lead_number(:l1 + 2, '+12025000004');
SELECT keep - :l1 AS keep, gone - :l1 AS gone, why FROM voiceagent.find_duplicates();
SELECT keep - :l1 AS keep, gone - :l1 AS gone, why FROM voiceagent.find_duplicates(after => :l1 + 2, max_rows => 1);
ROLLBACK;
-- A refusal belongs to a person: a merge carries it to every number of the whole, and an undo leaves it.
BEGIN;
SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('r95 refusals', 'UTC')) \g /dev/null
SELECT voiceagent.add_lead(phone => '+1202555' || n, first_name => 'Ann') AS lead FROM generate_series(4501, 4512) n \g /dev/null
CREATE FUNCTION pg_temp.l(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND phone = '+1202555' || n $$;
SELECT voiceagent.add_lead_number(pg_temp.l(4508), '+12025554520') \g /dev/null
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT tenant_id, lead_id, phone, 'text', 'form', now() - interval '1 day' FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
-- By text, in a call, by a file, by a member; one number of two alone; what waits for a decision.
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, created_at, held, call_id) SELECT voiceagent.current_tenant(), '+1202555' || n, 'asked', s, now(), h, CASE WHEN h THEN 1 END
FROM (VALUES (4502, 'text', false), (4504, 'call', false), (4505, 'import', false), (4508, 'manual', false), (4510, 'manual', false), (4512, 'call', true)) v(n, s, h);
SELECT voiceagent.merge_leads(pg_temp.l(4501), pg_temp.l(4502)) AS m \gset
SELECT voiceagent.merge_leads(pg_temp.l(4503), pg_temp.l(4504)) > 0 AS merged, voiceagent.merge_leads(pg_temp.l(4505), pg_temp.l(4506)) > 0 AS merged, voiceagent.merge_leads(pg_temp.l(4507), pg_temp.l(4508)) > 0 AS merged,
	voiceagent.merge_leads(pg_temp.l(4509), pg_temp.l(4510)) > 0 AS merged;
\set ON_ERROR_ROLLBACK on
\set VERBOSITY sqlstate
SELECT voiceagent.merge_leads(pg_temp.l(4511), pg_temp.l(4512));
\set VERBOSITY default
\set ON_ERROR_ROLLBACK off
SELECT right(phone, 4) AS n, source, held FROM voiceagent.do_not_call_list WHERE tenant_id = voiceagent.current_tenant() ORDER BY phone;
SELECT right(l.phone, 4) AS n, l.status, count(*) FILTER (WHERE c.revoked_at IS NULL) AS consents FROM voiceagent.leads l JOIN voiceagent.consents c USING (tenant_id, lead_id) WHERE l.tenant_id = voiceagent.current_tenant() GROUP BY 1, 2 ORDER BY 1;
SELECT voiceagent.unmerge_leads(:m) > 0 AS parted;
SELECT right(l.phone, 4) AS n, l.status, voiceagent_private.text_suppressed(l.phone, NULL) FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone IN ('+12025554501', '+12025554502') ORDER BY 1;
ROLLBACK;
