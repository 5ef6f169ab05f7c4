/*
 * 90_report: talks judged by themselves.
 *
 * The keeper judges each talk of an assistant that wants it (set_automatic_review()), in the batch that folds the
 * call, by questions that its words, their times and the dial's proof answer.  What they do not tell, and what takes
 * understanding, a language model is asked afterwards where the tenant wants it (model_reviews, 91_quality); else it
 * has no answer.  People judge a sample (91_quality); quality_report() says how far they agree with this.
 */

INSERT INTO voiceagent_private.setting_definitions
	(key, kind, default_value, unit, minimum, maximum, levels, least_roles, scaled, description) VALUES
	('model_reviews', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant}', '{operator,manager}', false,
		'Whether a language model (analysis_model) is asked what the rules cannot answer of talks that are judged by '
			'themselves; analyses_per_day counts each, review_terms() says what it costs');

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
	asked text NOT NULL DEFAULT 'nobody' CHECK (asked IN ('nobody', 'waiting', 'sent', 'answered', 'failed')),
	model text,
	why_not text,
	PRIMARY KEY (tenant_id, call_id)
);
COMMENT ON TABLE voiceagent.talk_reviews IS
	E'What the rules say of each talk of an assistant with automatic review, within seconds of its end; with '
	'model_reviews what a language model adds, a little later.\n'
	'The views quality and quality_answers (schema voiceagent_bi) show it with the call, and a row a question.';
COMMENT ON COLUMN voiceagent.talk_reviews.assistant_id IS 'The assistant that spoke.';
COMMENT ON COLUMN voiceagent.talk_reviews.assistant_version IS 'Its version.';
COMMENT ON COLUMN voiceagent.talk_reviews.passed IS
	'The verdict: no question that must be answered with yes has a no, and the score is 6 or more.';
COMMENT ON COLUMN voiceagent.talk_reviews.score IS 'From 1 (bad) to 10: the weight of the yes among the answers.';
COMMENT ON COLUMN voiceagent.talk_reviews.tags IS 'Tags of the questions with a no, as list_review_tags() has them.';
COMMENT ON COLUMN voiceagent.talk_reviews.turn IS 'The turn that proves the weightiest no; NULL: none does.';
COMMENT ON COLUMN voiceagent.talk_reviews.answers IS
	'[{"question", "answer": true, false or null: nothing tells, "turn", "origin": rules, model or null}].';
COMMENT ON COLUMN voiceagent.talk_reviews.asked IS
	'Whether a model is asked what the rules did not answer: nobody, waiting, sent, answered, failed (why_not).';
COMMENT ON COLUMN voiceagent.talk_reviews.model IS 'The model that has answered; NULL: none has.';
COMMENT ON COLUMN voiceagent.talk_reviews.why_not IS 'Why no model has answered; NULL: one has, or nobody asked.';
SELECT voiceagent_private.guard_table('voiceagent.talk_reviews', 'tenant');

CREATE FUNCTION voiceagent.review_questions()
	RETURNS TABLE (question text, asks text, weight integer, must boolean, tag text, asks_model text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 12 AS $$
	VALUES
		('disclosure', 'Did it say what the law wants said, in its first words?', 3, true, NULL, NULL),
		('opt_out', 'Did it end the talk soon after the person wanted no more calls?', 3, true, 'missed opt-out',
			'Where the person wanted no more calls: did the assistant accept that at once, and end the talk?'),
		('truth', 'Do the words bear out all that was noted of them?', 3, true, 'wrong fact', NULL),
		('answered', 'Did it say something after each question of the person?', 2, false, 'missed question',
			'Where the person asked something: did the assistant answer all of it?'),
		('result', 'Is it clear what the talk came to?', 2, false, NULL, NULL),
		('named', 'Did it say for whom it speaks, in its first two turns?', 1, false, NULL, NULL),
		('dead_air', 'Was nobody silent for more than 8 seconds?', 1, false, 'unnatural', NULL),
		('repeated', 'Did it say no sentence three times?', 2, false, 'did not understand', NULL),
		('brief', 'Did each of its turns have at most 80 words?', 1, false, 'too long', NULL),
		('listened', 'Did it have at most five times as many words as the person?', 1, false, 'talked over', NULL),
		('understood', 'Did it take the person''s words as they were meant?', 2, false, 'did not understand',
			'Did the assistant take the person''s words as they were meant?'),
		('objection', 'Did it have a good answer to each objection?', 2, false, 'objection lost',
			'Where the person objected to something: did the assistant have a good answer to it?')
$$;
COMMENT ON FUNCTION voiceagent.review_questions() IS
	E'The questions by which a talk is judged by itself, with their weights; must: a no fails the talk; tag: what a '
	'no is called in reviews.\n'
	'asks_model: what a language model is asked where the rules have no answer (model_reviews); NULL: nothing. The '
	'last two only a model answers.';

CREATE FUNCTION voiceagent.set_automatic_review(assistant_id bigint, judged boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.assistants a
		WHERE a.tenant_id = v_tenant AND a.assistant_id = set_automatic_review.assistant_id), 'PT404',
		'no such assistant');
	PERFORM voiceagent_private.fail_if(judged IS NULL, 'PT422', 'judged must be true or false');
	IF judged THEN
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

CREATE FUNCTION voiceagent_private.open_questions(answers jsonb) RETURNS TABLE (question text, asks_model text)
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT q.question, q.asks_model FROM jsonb_to_recordset(answers) AS x(question text, answer boolean)
	JOIN voiceagent.review_questions() q ON q.question = x.question
	WHERE x.answer IS NULL AND q.asks_model IS NOT NULL
$$;
COMMENT ON FUNCTION voiceagent_private.open_questions(jsonb) IS
	'What a model may be asked of a talk with these answers.';

CREATE FUNCTION voiceagent_private.add_told(answers jsonb, told jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT jsonb_agg(CASE WHEN a.value -> 'answer' = 'null' AND t.value IS NOT NULL THEN t.value ELSE a.value END
		ORDER BY a.place)
	FROM jsonb_array_elements(answers) WITH ORDINALITY AS a(value, place)
	LEFT JOIN jsonb_array_elements(told) AS t(value) ON t.value -> 'question' = a.value -> 'question'
		AND t.value ->> 'origin' = 'model'
$$;
COMMENT ON FUNCTION voiceagent_private.add_told(jsonb, jsonb) IS
	'Answers of a talk, with what a model has told (elements with origin model) where the rules had none.';

CREATE FUNCTION voiceagent_private.review_verdict(answers jsonb, OUT passed boolean, OUT score smallint,
	OUT tags text[], OUT turn integer)
	LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT v.nothing_failed AND v.score >= 6, v.score, v.tags, v.turn
	FROM (SELECT bool_and(x.answer) FILTER (WHERE q.must) IS NOT FALSE AS nothing_failed,
			greatest(round(10.0 * sum(q.weight) FILTER (WHERE x.answer)
				/ nullif(sum(q.weight) FILTER (WHERE x.answer IS NOT NULL), 0)), 1)::smallint AS score,
			coalesce(array_agg(DISTINCT q.tag ORDER BY q.tag) FILTER (WHERE NOT x.answer AND q.tag IS NOT NULL), '{}')
				AS tags,
			(array_agg(x.turn ORDER BY q.weight DESC, x.turn) FILTER (WHERE NOT x.answer AND x.turn IS NOT NULL))[1]
				AS turn
		FROM jsonb_to_recordset(answers) AS x(question text, answer boolean, turn integer)
		JOIN voiceagent.review_questions() q ON q.question = x.question) v
$$;
COMMENT ON FUNCTION voiceagent_private.review_verdict(jsonb) IS
	'What the answers of a talk come to, as talk_reviews has it.';

CREATE FUNCTION voiceagent_private.queue_reviews(call_ids bigint[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_now timestamptz := voiceagent.clock();
BEGIN
	INSERT INTO voiceagent_private.analysis_queue (tenant_id, call_id, purpose, queued_at)
	SELECT v_tenant, i.call_id, 'review', v_now FROM unnest(call_ids) AS i(call_id) ORDER BY i.call_id
	ON CONFLICT DO NOTHING;
	UPDATE voiceagent.talk_reviews r SET asked = 'waiting', why_not = NULL
	WHERE r.tenant_id = v_tenant AND r.call_id = ANY (call_ids);
	PERFORM voiceagent_private.request_job('analyse_calls', v_now);
END
$$;
COMMENT ON FUNCTION voiceagent_private.queue_reviews(bigint[]) IS
	'Has a model asked, when its account has room, what the rules did not answer of these talks of the current tenant.';

CREATE FUNCTION voiceagent_private.review_talks(facts voiceagent_private.call_fact[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = row_by_row SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_assistants bigint[] := ARRAY(SELECT r.assistant_id FROM voiceagent.reviewed_assistants r
		WHERE r.tenant_id = v_tenant);
	v_business text := (SELECT t.name FROM voiceagent.tenants t WHERE t.tenant_id = v_tenant);
	v_verdicts text[];
	v_open bigint[];
BEGIN
	IF v_assistants = '{}' THEN
		RETURN;
	END IF;
	WITH judged AS (
		INSERT INTO voiceagent.talk_reviews AS r (tenant_id, call_id, assistant_id, assistant_version, passed, score,
			tags, turn, answers)
		SELECT v_tenant, f.call_id, f.assistant_id, c.assistant_version, j.passed, j.score, j.tags, j.turn, m.answers
		FROM unnest(facts) f
		CROSS JOIN LATERAL (SELECT o.turns, o.reading FROM voiceagent.conversations o
			WHERE o.tenant_id = v_tenant AND o.call_id = f.call_id
				AND o.month_slot = voiceagent_private.month_slot(f.started_at) OFFSET 0) k
		-- Both directions.
		CROSS JOIN LATERAL (SELECT o.assistant_version FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = f.call_id OFFSET 0) c
		LEFT JOIN LATERAL (SELECT o.disclosure FROM voiceagent.attempts o
			WHERE o.tenant_id = v_tenant AND o.call_id = f.call_id AND NOT o.assistant_discloses OFFSET 0) a ON true
		-- What a model has told stays; whoever takes its answer waits for this transaction (figure_marks).
		LEFT JOIN LATERAL (SELECT o.answers FROM voiceagent.talk_reviews o
			WHERE o.tenant_id = v_tenant AND o.call_id = f.call_id OFFSET 0) b ON true
		CROSS JOIN LATERAL (SELECT voiceagent_private.add_told((SELECT jsonb_agg(jsonb_build_object('question',
			q.question, 'answer', x.answer, 'turn', x.turn,
				'origin', CASE WHEN x.answer IS NOT NULL THEN 'rules' END) ORDER BY q.place)
			FROM voiceagent.review_questions() WITH ORDINALITY AS q(question, asks, weight, must, tag, asks_model,
				place)
			LEFT JOIN voiceagent_private.answer_questions(k.turns, k.reading, a.disclosure,
				v_business) x ON x.question = q.question
			HAVING count(x.question) > 0), b.answers) AS answers OFFSET 0) m
		CROSS JOIN LATERAL voiceagent_private.review_verdict(m.answers) j
		WHERE f.assistant_id = ANY (v_assistants) AND m.answers IS NOT NULL
		ORDER BY f.call_id
		ON CONFLICT ON CONSTRAINT talk_reviews_pkey DO UPDATE
		SET passed = excluded.passed, score = excluded.score, tags = excluded.tags, turn = excluded.turn,
			answers = excluded.answers
		WHERE (r.passed, r.score, r.tags, r.turn, r.answers)
			IS DISTINCT FROM (excluded.passed, excluded.score, excluded.tags, excluded.turn, excluded.answers)
		RETURNING r.call_id, r.passed, r.answers, r.xmax = 0 AS is_new
	)
	SELECT array_agg(CASE WHEN j.passed THEN 'talks_judged:passed' ELSE 'talks_judged:failed' END),
		array_agg(j.call_id) FILTER (WHERE EXISTS (SELECT FROM voiceagent_private.open_questions(j.answers)))
	INTO v_verdicts, v_open FROM judged j WHERE j.is_new;
	PERFORM voiceagent_private.count_outcomes(v_verdicts);
	IF v_open IS NOT NULL AND voiceagent_private.setting_text('model_reviews')::boolean THEN
		PERFORM voiceagent_private.queue_reviews(v_open);
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.review_talks(voiceagent_private.call_fact[]) IS
	'Judges those of these calls of the current tenant that are talks of assistants with automatic review.';
