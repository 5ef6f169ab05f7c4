/*
 * 90_report: talks judged by themselves.
 *
 * The keeper judges each talk of an assistant that wants it (set_automatic_review()), in the batch that folds the
 * call, by ten questions that its words, their times and the dial's proof answer.  What they do not tell has no
 * answer.  People judge a sample (91_quality); quality_report() says how far they agree with this.
 */

CREATE TABLE voiceagent.reviewed_assistants (
	tenant_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	PRIMARY KEY (tenant_id, assistant_id),
	FOREIGN KEY (tenant_id, assistant_id) REFERENCES voiceagent.assistants ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.reviewed_assistants IS
	'The assistants whose talks are judged by themselves: set_automatic_review().';
COMMENT ON COLUMN voiceagent.reviewed_assistants.assistant_id IS 'The assistant.';
SELECT voiceagent_private.guard_table('voiceagent.reviewed_assistants', 'tenant');

CREATE TABLE voiceagent.talk_reviews (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	assistant_id bigint NOT NULL,
	assistant_version integer,
	passed boolean NOT NULL,
	score smallint NOT NULL CHECK (score BETWEEN 1 AND 10),
	tags text[] NOT NULL,
	turn integer,
	answers jsonb NOT NULL,
	PRIMARY KEY (tenant_id, call_id)
);
COMMENT ON TABLE voiceagent.talk_reviews IS
	E'What the rules say of each talk of an assistant with automatic review, within seconds of its end.\n'
	'The views quality and quality_answers (schema voiceagent_bi) show it with the call, and a row a question.';
COMMENT ON COLUMN voiceagent.talk_reviews.assistant_id IS 'The assistant that spoke.';
COMMENT ON COLUMN voiceagent.talk_reviews.assistant_version IS 'Its version.';
COMMENT ON COLUMN voiceagent.talk_reviews.passed IS
	'The verdict: no question that must be answered with yes has a no, and the score is 6 or more.';
COMMENT ON COLUMN voiceagent.talk_reviews.score IS 'From 1 (bad) to 10: the weight of the yes among the answers.';
COMMENT ON COLUMN voiceagent.talk_reviews.tags IS 'Tags of the questions with a no, as list_review_tags() has them.';
COMMENT ON COLUMN voiceagent.talk_reviews.turn IS 'The turn that proves the weightiest no; NULL: none does.';
COMMENT ON COLUMN voiceagent.talk_reviews.answers IS
	'[{"question", "answer": true, false or null: the talk does not tell, "turn"}].';
SELECT voiceagent_private.guard_table('voiceagent.talk_reviews', 'tenant');

CREATE FUNCTION voiceagent.review_questions()
	RETURNS TABLE (question text, asks text, weight integer, must boolean, tag text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
	VALUES
		('disclosure', 'Did it say what the law wants said, in its first words?', 3, true, NULL),
		('opt_out', 'Did it end the talk soon after the person wanted no more calls?', 3, true, 'missed opt-out'),
		('truth', 'Do the words bear out all that was noted of them?', 3, true, 'wrong fact'),
		('answered', 'Did it say something after each question of the person?', 2, false, 'missed question'),
		('result', 'Is it clear what the talk came to?', 2, false, NULL),
		('named', 'Did it say for whom it speaks, in its first two turns?', 1, false, NULL),
		('dead_air', 'Was nobody silent for more than 8 seconds?', 1, false, 'unnatural'),
		('repeated', 'Did it say no sentence three times?', 2, false, 'did not understand'),
		('brief', 'Did each of its turns have at most 80 words?', 1, false, 'too long'),
		('listened', 'Did it have at most five times as many words as the person?', 1, false, 'talked over')
$$;
COMMENT ON FUNCTION voiceagent.review_questions() IS
	'The ten questions by which a talk is judged by itself, with their weights; must: a no fails the talk; tag: what a '
	'no is called in reviews.';

CREATE FUNCTION voiceagent.set_automatic_review(assistant_id bigint, judged boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	IF NOT EXISTS (SELECT FROM voiceagent.assistants a
		WHERE a.tenant_id = v_tenant AND a.assistant_id = set_automatic_review.assistant_id) THEN
		PERFORM voiceagent_private.fail('PT404', 'no such assistant');
	ELSIF judged IS NULL THEN
		PERFORM voiceagent_private.fail('PT422', 'judged must be true or false');
	ELSIF judged THEN
		INSERT INTO voiceagent.reviewed_assistants (tenant_id, assistant_id) VALUES (v_tenant, assistant_id)
		ON CONFLICT DO NOTHING;
	ELSE
		DELETE FROM voiceagent.reviewed_assistants r
		WHERE r.tenant_id = v_tenant AND r.assistant_id = set_automatic_review.assistant_id;
	END IF;
	PERFORM voiceagent_private.audit('set_automatic_review', 'assistant ' || assistant_id, NULL, to_jsonb(judged));
END
$$;
COMMENT ON FUNCTION voiceagent.set_automatic_review(bigint, boolean) IS
	E'Whether the talks of an assistant that end from now on are judged by themselves, by review_questions().\n'
	'What was judged stays. PT404, PT422.';

CREATE FUNCTION voiceagent_private.plain_words(said text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN btrim(regexp_replace(lower(said), '[^[:alnum:]]+', ' ', 'g'));
COMMENT ON FUNCTION voiceagent_private.plain_words(text) IS 'The words alone, in lower case, with one blank between.';

CREATE FUNCTION voiceagent_private.answer_questions(turns jsonb, reading jsonb, disclosed text, business text)
	RETURNS TABLE (question text, answer boolean, turn integer)
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH said AS MATERIALIZED (
		SELECT t.turn, t.speaker = 'assistant' AS ours, t.text, t.at_ms, p.plain,
			CASE WHEN p.plain = '' THEN 0 ELSE array_length(string_to_array(p.plain, ' '), 1) END AS words,
			count(*) FILTER (WHERE t.speaker = 'assistant') OVER (ORDER BY t.turn) AS nth,
			lead(t.speaker) OVER (ORDER BY t.turn) AS next_speaker, lead(t.at_ms) OVER (ORDER BY t.turn) AS next_ms
		FROM jsonb_to_recordset(turns) AS t(turn integer, speaker text, text text, at_ms double precision)
		CROSS JOIN LATERAL (SELECT voiceagent_private.plain_words(left(t.text, 5000)) AS plain OFFSET 0) p
		WHERE t.speaker IN ('assistant', 'customer') ORDER BY t.turn LIMIT 500
	), opening AS (
		SELECT string_agg(s.plain, ' ' ORDER BY s.turn) AS plain, min(s.turn) AS turn FROM said s
		WHERE s.ours AND s.nth <= 2
	), stop AS (
		SELECT (reading #>> '{outcome,turn}')::integer AS turn WHERE reading #>> '{outcome,value}' = 'do_not_call'
	), noted AS (
		SELECT count(*) AS n, count(*) FILTER (WHERE f.support IN ('denied', 'other')) AS untrue,
			min(f.turn) FILTER (WHERE f.support IN ('denied', 'other')) AS turn
		FROM jsonb_to_recordset(reading -> 'fields') AS f(origin text, support text, turn integer)
		WHERE f.origin IN ('carrier', 'agent', 'model')
	), total AS (
		SELECT count(*) FILTER (WHERE s.ours) AS ours, count(*) FILTER (WHERE NOT s.ours) AS theirs,
			sum(s.words) FILTER (WHERE s.ours) AS our_words, sum(s.words) FILTER (WHERE NOT s.ours) AS their_words,
			count(s.at_ms) = count(*) AS timed FROM said s
	), bad AS (
		SELECT min(s.turn) FILTER (WHERE NOT s.ours AND s.text ~ '[?]\s*$'
				AND s.next_speaker IS DISTINCT FROM 'assistant') AS unanswered,
			count(*) FILTER (WHERE NOT s.ours AND s.text ~ '[?]\s*$') AS questions,
			min(s.turn) FILTER (WHERE s.ours AND s.words > 80) AS long,
			-- A word takes about 0.4 seconds.
			min(s.turn) FILTER (WHERE s.next_ms - s.at_ms - s.words * 400 > 8000) AS silent,
			min(s.turn) FILTER (WHERE s.ours AND s.turn > (SELECT p.turn FROM stop p)
				AND s.nth > 2 + (SELECT max(b.nth) FROM said b WHERE b.turn <= (SELECT p.turn FROM stop p))) AS went_on
		FROM said s
	), repeats AS (
		SELECT min(r.turn) AS turn FROM (SELECT max(s.turn) AS turn FROM said s
			WHERE s.ours AND s.words >= 4 GROUP BY s.plain HAVING count(*) >= 3) r
	)
	SELECT j.question, j.answer, CASE WHEN NOT j.answer THEN j.turn END
	FROM total t, bad b, noted n, repeats r, opening o
	CROSS JOIN LATERAL (VALUES
		('disclosure', CASE WHEN disclosed <> ''
			THEN strpos(o.plain, voiceagent_private.plain_words(disclosed)) > 0 END, o.turn),
		('opt_out', CASE WHEN EXISTS (SELECT FROM stop) THEN b.went_on IS NULL END, b.went_on),
		('truth', CASE WHEN n.n > 0 THEN n.untrue = 0 END, n.turn),
		('answered', CASE WHEN b.questions > 0 THEN b.unanswered IS NULL END, b.unanswered),
		('result', (reading #>> '{outcome,certain}')::boolean AND reading #>> '{outcome,value}' <> 'unfinished',
			(reading #>> '{outcome,turn}')::integer),
		('named', CASE WHEN business <> ''
			THEN strpos(o.plain, voiceagent_private.plain_words(business)) > 0 END, o.turn),
		('dead_air', CASE WHEN t.timed THEN b.silent IS NULL END, b.silent),
		('repeated', r.turn IS NULL, r.turn),
		('brief', b.long IS NULL, b.long),
		('listened', CASE WHEN t.their_words > 0 THEN t.our_words <= 5 * t.their_words END, NULL))
		AS j(question, answer, turn)
	-- A talk has two sides.
	WHERE t.ours > 0 AND t.theirs > 0;
END
$$;
COMMENT ON FUNCTION voiceagent_private.answer_questions(jsonb, jsonb, text, text) IS
	E'The answers of a talk to review_questions(), with the turn that proves a no; no row where only one side spoke.\n'
	'disclosed: what had to be said at its start, '''': nothing, or nobody can tell; business: for whom it speaks.';

CREATE FUNCTION voiceagent_private.review_talks(facts voiceagent_private.call_fact[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_assistants bigint[] := ARRAY(SELECT r.assistant_id FROM voiceagent.reviewed_assistants r
		WHERE r.tenant_id = v_tenant);
	v_business text := (SELECT t.name FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant);
BEGIN
	IF v_assistants = '{}' THEN
		RETURN;
	END IF;
	INSERT INTO voiceagent.talk_reviews AS r (tenant_id, call_id, assistant_id, assistant_version, passed, score, tags,
		turn, answers)
	SELECT v_tenant, f.call_id, f.assistant_id, c.assistant_version, j.passed AND j.score >= 6, j.score, j.tags, j.turn,
		j.answers
	FROM unnest(facts) f
	CROSS JOIN LATERAL (SELECT o.turns, o.reading FROM voiceagent.conversations o
		WHERE o.tenant_id = v_tenant AND o.call_id = f.call_id
			AND o.month_slot = voiceagent_private.month_slot(f.started_at) OFFSET 0) k
	-- Both directions.
	CROSS JOIN LATERAL (SELECT o.assistant_version FROM voiceagent.calls o
		WHERE o.tenant_id = v_tenant AND o.call_id = f.call_id OFFSET 0) c
	LEFT JOIN LATERAL (SELECT o.disclosure FROM voiceagent.attempts o
		WHERE o.tenant_id = v_tenant AND o.call_id = f.call_id AND NOT o.assistant_discloses OFFSET 0) a ON true
	CROSS JOIN LATERAL (
		SELECT bool_and(x.answer) FILTER (WHERE q.must) IS NOT FALSE AS passed,
			greatest(round(10.0 * sum(q.weight) FILTER (WHERE x.answer)
				/ nullif(sum(q.weight) FILTER (WHERE x.answer IS NOT NULL), 0)), 1)::smallint AS score,
			coalesce(array_agg(q.tag ORDER BY q.tag) FILTER (WHERE NOT x.answer AND q.tag IS NOT NULL), '{}') AS tags,
			(array_agg(x.turn ORDER BY q.weight DESC, x.turn) FILTER (WHERE NOT x.answer AND x.turn IS NOT NULL))[1]
				AS turn,
			jsonb_agg(jsonb_build_object('question', x.question, 'answer', x.answer, 'turn', x.turn)) AS answers
		FROM voiceagent_private.answer_questions(k.turns, k.reading, a.disclosure, v_business) x
		JOIN voiceagent.review_questions() q ON q.question = x.question) j
	WHERE f.assistant_id = ANY (v_assistants) AND j.answers IS NOT NULL
	ORDER BY f.call_id
	ON CONFLICT ON CONSTRAINT talk_reviews_pkey DO UPDATE
	SET passed = excluded.passed, score = excluded.score, tags = excluded.tags, turn = excluded.turn,
		answers = excluded.answers
	WHERE (r.passed, r.score, r.tags, r.turn, r.answers)
		IS DISTINCT FROM (excluded.passed, excluded.score, excluded.tags, excluded.turn, excluded.answers);
END
$$;
COMMENT ON FUNCTION voiceagent_private.review_talks(voiceagent_private.call_fact[]) IS
	'Judges those of these calls of the current tenant that are talks of assistants with automatic review.';
