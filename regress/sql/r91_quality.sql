-- 91_quality: people judge a sample of calls; rates with their intervals, agreement; nothing else changes.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
-- Ended calls of a campaign, with their words; outcomes in turn.
CREATE FUNCTION pg_temp.talks(campaign bigint, n integer, outcomes text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	WITH made AS (
		INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number,
			status, outcome, started_at, answered_at, ended_at, duration_seconds)
		SELECT g.tenant_id, campaign, l.lead_id, l.phone, g.assistant_id, 1, 1, g.provider_account_id, 1, 'completed', outcomes[1 + i % cardinality(outcomes)]::voiceagent.call_outcome,
			voiceagent.clock() - interval '1 hour', voiceagent.clock() - interval '1 hour', voiceagent.clock() - interval '55 minutes', 300
		FROM voiceagent.campaigns g, generate_series(1, n) i JOIN LATERAL (SELECT o.lead_id, o.phone FROM voiceagent.leads o WHERE o.tenant_id = voiceagent.current_tenant() ORDER BY o.lead_id OFFSET i - 1 LIMIT 1) l ON true
		WHERE g.tenant_id = voiceagent.current_tenant() AND g.campaign_id = campaign RETURNING tenant_id, call_id, started_at, outcome)
	INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns)
	SELECT tenant_id, call_id, voiceagent_private.month_slot(started_at), jsonb_build_array(jsonb_build_object('turn', 1, 'speaker', 'assistant', 'text', 'Hello.'),
		jsonb_build_object('turn', 2, 'speaker', 'customer', 'text', outcome)) FROM made;
END $$;
\i lib/try.inc
\set ECHO all
-- kappa against reckonings by hand: (0.7 - 0.5) / (1 - 0.5); agreement; chance; one word alone.
SELECT voiceagent_private.kappa('{y,y,y,y,y,n,n,n,n,n}', '{y,y,y,y,n,n,n,n,y,y}') AS by_hand, voiceagent_private.kappa('{a,b,c}', '{a,b,c}') AS all_agree,
	voiceagent_private.kappa('{a,a,b,b}', '{a,b,a,b}') AS chance, voiceagent_private.kappa('{a,a}', '{a,a}') AS one_word, voiceagent_private.kappa('{}', '{}') AS none;

BEGIN;
SELECT pg_temp.tenant('r91 other') AS other \gset
SELECT pg_temp.leads('+12025551', 4) AS leads \gset
SELECT pg_temp.start('theirs', :'leads'::bigint[]) AS theirs \gset
SELECT pg_temp.talks(:theirs, 4, '{interested}');
SELECT voiceagent.sample_calls(4) AS their_sample \gset
SELECT pg_temp.tenant('r91 quality') AS tenant \gset
SELECT pg_temp.try('SELECT voiceagent.sample_calls()') AS no_calls_yet;
SELECT pg_temp.leads('+12025550', 90) AS leads \gset
SELECT pg_temp.start('ours', :'leads'::bigint[]) AS c \gset
SELECT pg_temp.talks(:c, 80, '{interested,interested,interested,interested,interested,interested,interested,voicemail,not_interested,do_not_call}');
SELECT min(call_id) AS first FROM voiceagent.calls WHERE tenant_id = :tenant \gset

-- In turn from each outcome, so that rare ones are judged, too; the same seed draws the same, another one others; others' calls never.
SELECT voiceagent.sample_calls(12, :c, seed := 7) AS s \gset
SELECT voiceagent.sample_calls(12, :c, seed := 7) AS again \gset
SELECT voiceagent.sample_calls(12, :c, seed := 8) AS otherwise \gset
SELECT c.outcome, count(*) FROM voiceagent.review_sample_calls s JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE s.sample_id = :s GROUP BY 1 ORDER BY 1;
SELECT array_agg(call_id ORDER BY position) FILTER (WHERE sample_id = :s) = array_agg(call_id ORDER BY position) FILTER (WHERE sample_id = :again) AS same,
	array_agg(call_id ORDER BY position) FILTER (WHERE sample_id = :s) <> array_agg(call_id ORDER BY position) FILTER (WHERE sample_id = :otherwise) AS others
FROM voiceagent.review_sample_calls WHERE tenant_id = :tenant;
SELECT voiceagent.sample_calls(1000) AS whole \gset
SELECT count(*) AS of_all FROM voiceagent.review_sample_calls WHERE sample_id = :whole;

-- The next call, with its words, and not with what was concluded.
SELECT call_id AS first_of_sample FROM voiceagent.next_review(:s) \gset
SELECT n.place, n.of, n.left_to_judge, n.campaign, n.seconds, n.conversation = E'1. assistant: Hello.\n2. customer: ' || c.outcome AS words FROM voiceagent.next_review(:s) n JOIN voiceagent.calls c USING (call_id);
SELECT voiceagent.review_call(:first_of_sample, true, 9, '{good recovery,good recovery}', note := 'well done');
SELECT place, left_to_judge FROM voiceagent.next_review(:s);
-- Said again, it replaces what was said.
SELECT voiceagent.review_call(:first_of_sample, false, 2, '{wrong fact}', 'not_interested');
SELECT passed, score, tags, outcome, concluded = (SELECT outcome FROM voiceagent.calls WHERE call_id = :first_of_sample) AS as_concluded, note FROM voiceagent.call_reviews WHERE tenant_id = :tenant;

-- Tags of one's own.
SELECT voiceagent.set_review_tag('  rude ', 'It was rude.');
SELECT tag, standard FROM voiceagent.list_review_tags() ORDER BY standard, tag LIMIT 3;
SELECT voiceagent.review_call(:first, true, tags := '{rude}');

-- What cannot be.
SELECT pg_temp.try(s) FROM (VALUES
	(format('SELECT voiceagent.review_call(%s, NULL)', :first)), (format('SELECT voiceagent.review_call(%s, true, 11)', :first)), (format('SELECT voiceagent.review_call(%s, true, 0)', :first)),
	(format('SELECT voiceagent.review_call(%s, true, tags := ARRAY[''nonsense''])', :first)), (format('SELECT voiceagent.review_call(%s, true, outcome := ''great'')', :first)),
	(format('SELECT voiceagent.review_call(%s, true, tags := array_fill(''rude''::text, ARRAY[11]))', :first)), (format('SELECT voiceagent.review_call(%s, true, note := repeat(''x'', 2001))', :first)),
	('SELECT voiceagent.review_call(-1, true)'), (format('SELECT voiceagent.review_call((SELECT min(call_id) FROM voiceagent.calls WHERE tenant_id = %s), true)', :other)),
	('SELECT voiceagent.sample_calls(0)'), ('SELECT voiceagent.sample_calls(1001)'), ('SELECT voiceagent.sample_calls(campaign_id := -1)'), (format('SELECT voiceagent.sample_calls(campaign_id := %s)', :theirs)),
	('SELECT voiceagent.sample_calls(seed := NULL)'), ('SELECT voiceagent.sample_calls(since := voiceagent.clock())'),
	('SELECT voiceagent.next_review(-1)'), (format('SELECT voiceagent.next_review(%s)', :their_sample)), (format('SELECT voiceagent.quality_report(%s)', :their_sample)), (format('SELECT voiceagent.quality_report(campaign_id := %s)', :theirs)),
	('SELECT voiceagent.set_review_tag('''', ''x'')'), ('SELECT voiceagent.set_review_tag(''wrong fact'', ''x'')'), ('SELECT voiceagent.set_review_tag(''x'', repeat(''x'', 501))'), ('SELECT voiceagent.remove_review_tag(''nonsense'')')) v(s);
INSERT INTO voiceagent_private.platform_settings (key, value) VALUES ('review_tags_max', '1');
SELECT pg_temp.try('SELECT voiceagent.set_review_tag(''second'', ''x'')') AS too_many;

-- A second person judges the same calls; both are asked what came of each.
DELETE FROM voiceagent.call_reviews WHERE tenant_id = :tenant;
INSERT INTO voiceagent.call_reviews (tenant_id, call_id, reviewer, passed, score, tags, outcome, concluded, reviewed_at)
SELECT :tenant, s.call_id, r.reviewer, CASE r.reviewer WHEN 'ann' THEN s.position <= 9 ELSE s.position <= 6 END, s.position % 10 + 1, CASE WHEN s.position = 12 THEN '{rude}' ELSE '{}' END::text[],
	CASE WHEN s.position = 1 THEN 'callback' ELSE c.outcome END, c.outcome, voiceagent.clock()
FROM voiceagent.review_sample_calls s JOIN voiceagent.calls c USING (tenant_id, call_id), (VALUES ('ann'), ('bob')) r(reviewer) WHERE s.sample_id = :s;
SELECT measure, regexp_replace(what, '\d+', 'N') AS what, reviews, value, low, high FROM voiceagent.quality_report(:s);
SELECT count(*) AS of_campaign FROM voiceagent.quality_report(campaign_id := :c);
-- Nothing else changes: no call, no lead, no money.
SELECT count(*) FROM voiceagent.calls WHERE tenant_id = :tenant AND outcome = 'callback';

-- The oldest samples give way; their reviews stay.
SELECT voiceagent.set_setting('review_samples_kept', '2') \g /dev/null
SELECT voiceagent.sample_calls(3) > 0 AS drawn;
SELECT count(*) FROM voiceagent.review_samples WHERE tenant_id = :tenant;
SELECT count(*) FROM voiceagent.call_reviews WHERE tenant_id = :tenant;
-- A review goes with its call; its words with the transcript.
UPDATE voiceagent.call_reviews SET note = 'She said no.' WHERE tenant_id = :tenant;
SELECT voiceagent_private.retain_transcripts(ARRAY(SELECT call_id FROM voiceagent.call_reviews WHERE tenant_id = :tenant));
SELECT count(note) FROM voiceagent.call_reviews WHERE tenant_id = :tenant;
SELECT voiceagent_private.remove_calls(ARRAY(SELECT call_id FROM voiceagent.calls WHERE tenant_id = :tenant));
SELECT (SELECT count(*) FROM voiceagent.call_reviews WHERE tenant_id = :tenant) AS reviews, (SELECT count(*) FROM voiceagent.review_sample_calls WHERE tenant_id = :tenant) AS of_samples;
ROLLBACK;
