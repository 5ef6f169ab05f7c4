-- 91_quality: tags, samples, and reviews.

CREATE FUNCTION voiceagent_private.standard_review_tags() RETURNS TABLE (tag text, description text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
	VALUES
		('wrong fact', 'It said something that is not so, or that it could not know.'),
		('missed opt-out', 'The person did not want to be called again, and it went on.'),
		('missed question', 'It did not answer what the person asked.'),
		('objection lost', 'It had no good answer to an objection.'),
		('talked over', 'It spoke while the person did.'),
		('did not understand', 'It took the person''s words for something else.'),
		('too long', 'It said in many words what takes a few.'),
		('unnatural', 'No person would have said it like that.'),
		('wrong time', 'It agreed on, or noted, another time than the person meant.'),
		('good recovery', 'Something went wrong, and it made it good.')
$$;
COMMENT ON FUNCTION voiceagent_private.standard_review_tags() IS 'The tags for reviews that every tenant has.';

CREATE FUNCTION voiceagent.list_review_tags() RETURNS TABLE (tag text, description text, standard boolean)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT t.tag, t.description, true FROM voiceagent_private.standard_review_tags() t
	UNION ALL
	SELECT t.tag, t.description, false FROM voiceagent.review_tags t WHERE t.tenant_id = voiceagent.current_tenant()
	ORDER BY 3 DESC, 1
$$;
COMMENT ON FUNCTION voiceagent.list_review_tags() IS
	'The tags that review_call() takes, with when to give each; standard: every tenant has it.';

CREATE FUNCTION voiceagent.set_review_tag(tag text, description text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_key AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_most integer := voiceagent_private.platform_setting('review_tags_max')::integer;
BEGIN
	IF coalesce(length(btrim(set_review_tag.tag)), 0) NOT BETWEEN 1 AND 50 THEN
		PERFORM voiceagent_private.fail('PT422', 'a tag has 1 to 50 characters');
	ELSIF coalesce(length(btrim(set_review_tag.description)), 0) NOT BETWEEN 1 AND 500 THEN
		PERFORM voiceagent_private.fail('PT422', 'the description of a tag has 1 to 500 characters');
	ELSIF EXISTS (SELECT FROM voiceagent_private.standard_review_tags() s WHERE s.tag = btrim(set_review_tag.tag)) THEN
		PERFORM voiceagent_private.fail('PT409', 'every tenant has this tag', NULL, 'Give yours another name.');
	END IF;
	PERFORM voiceagent_private.lock_tenant(true);
	PERFORM voiceagent_private.fail_if((SELECT count(*) FROM voiceagent.review_tags t
		WHERE t.tenant_id = v_tenant AND t.tag <> btrim(set_review_tag.tag)) >= v_most, 'PT413', 'too many tags',
		format('A tenant may have %s.', v_most), 'remove_review_tag() takes one away.');
	INSERT INTO voiceagent.review_tags (tenant_id, tag, description)
	VALUES (v_tenant, btrim(set_review_tag.tag), btrim(set_review_tag.description))
	ON CONFLICT (tenant_id, tag) DO UPDATE SET description = EXCLUDED.description;
END
$$;
COMMENT ON FUNCTION voiceagent.set_review_tag(text, text) IS
	E'Adds a tag for reviews to the tenant''s own, or describes it anew.\n'
	'tag: 1 to 50 characters; description: when to give it, 1 to 500. PT409 for a standard one, PT413, PT422.';

CREATE FUNCTION voiceagent.remove_review_tag(tag text) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
BEGIN
	DELETE FROM voiceagent.review_tags t WHERE t.tenant_id = v_tenant AND t.tag = btrim(remove_review_tag.tag);
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such tag of your own');
END
$$;
COMMENT ON FUNCTION voiceagent.remove_review_tag(text) IS
	E'Takes one of the tenant''s own tags away; reviews that have it keep it.\n'
	'PT404.';

CREATE FUNCTION voiceagent_private.calls_to_review(campaign_id bigint, since timestamptz, seed bigint, calls integer)
	RETURNS SETOF bigint LANGUAGE sql STABLE SET planner.policy = in_order AS $$
	SELECT d.call_id
	FROM (SELECT n.call_id, row_number() OVER (PARTITION BY n.outcome
			ORDER BY hashint8extended(n.call_id, seed), n.call_id) AS turn, n.outcome
		-- The newest: what an assistant does now is what a review can change.
		FROM (SELECT c.call_id, c.outcome, c.campaign_id, c.started_at, c.ended_at FROM voiceagent.calls c
			-- Calls of both directions.
			WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id IS NOT NULL
			ORDER BY c.call_id DESC LIMIT 20000) n
		WHERE n.ended_at IS NOT NULL
			AND (calls_to_review.campaign_id IS NULL OR n.campaign_id = calls_to_review.campaign_id)
			AND (calls_to_review.since IS NULL OR n.started_at >= calls_to_review.since)
			-- In the one month that it can be in.
			AND EXISTS (SELECT FROM voiceagent.conversations v
				WHERE v.tenant_id = voiceagent.current_tenant() AND v.call_id = n.call_id
					AND v.month_slot = voiceagent_private.month_slot(n.started_at))) d
	ORDER BY d.turn, d.outcome, d.call_id LIMIT calls
$$;
COMMENT ON FUNCTION voiceagent_private.calls_to_review(bigint, timestamptz, bigint, integer) IS
	'Up to so many of the current tenant''s newest 20000 calls that ended and have a conversation, drawn by the seed, '
	'in turn from each outcome, so that rare ones are judged, too.';

CREATE FUNCTION voiceagent.sample_calls(calls integer DEFAULT 20, campaign_id bigint DEFAULT NULL,
	since timestamptz DEFAULT NULL, seed bigint DEFAULT 1) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_sample bigint;
	v_kept integer := voiceagent_private.setting_integer('review_samples_kept');
BEGIN
	PERFORM voiceagent_private.fail_if(coalesce(calls, 0) NOT BETWEEN 1 AND 1000, 'PT422',
		'a sample has 1 to 1000 calls');
	PERFORM voiceagent_private.fail_if(seed IS NULL, 'PT422', 'a sample needs a seed', NULL,
		'Any number; the same one draws the same.');
	PERFORM voiceagent_private.fail_if(
		sample_calls.campaign_id IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.campaigns g
			WHERE g.tenant_id = v_tenant AND g.campaign_id = sample_calls.campaign_id), 'PT404', 'no such campaign');
	INSERT INTO voiceagent.review_samples (tenant_id, campaign_id, oldest_started_at, seed, created_by,
		created_at)
	VALUES (v_tenant, sample_calls.campaign_id, sample_calls.since, sample_calls.seed, voiceagent_private.actor(),
		voiceagent.clock())
	RETURNING sample_id INTO v_sample;
	INSERT INTO voiceagent.review_sample_calls (tenant_id, sample_id, position, call_id)
	SELECT v_tenant, v_sample, d.position, d.call_id
	FROM voiceagent_private.calls_to_review(sample_calls.campaign_id, sample_calls.since, sample_calls.seed,
		sample_calls.calls) WITH ORDINALITY AS d(call_id, position);
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no call to judge',
		'None that has ended has a conversation, or none of that campaign and time.');
	DELETE FROM voiceagent.review_samples s WHERE s.tenant_id = v_tenant AND s.sample_id IN (
		SELECT o.sample_id FROM voiceagent.review_samples o WHERE o.tenant_id = v_tenant
		ORDER BY o.sample_id DESC OFFSET v_kept);
	RETURN v_sample;
END
$$;
COMMENT ON FUNCTION voiceagent.sample_calls(integer, bigint, timestamptz, bigint) IS
	E'Draws calls for people to judge, in turn from each outcome, and returns the sample''s number for next_review().\n'
	'calls: 1 to 1000; campaign_id, since: only of these; seed: the same one draws the same. The newest 20000 calls '
	'take part. PT404 for a campaign that is not there, and for no call at all; PT422.';

CREATE FUNCTION voiceagent.next_review(sample_id bigint)
	RETURNS TABLE (call_id bigint, place integer, of integer, left_to_judge integer, campaign text,
		started_at timestamptz, seconds numeric, conversation text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_key AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_reviewer text := voiceagent_private.actor();
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.review_samples s
		WHERE s.tenant_id = v_tenant AND s.sample_id = next_review.sample_id), 'PT404', 'no such sample');
	RETURN QUERY
	WITH waiting AS (
		SELECT s.call_id, s.position FROM voiceagent.review_sample_calls s
		WHERE s.tenant_id = v_tenant AND s.sample_id = next_review.sample_id
			AND NOT EXISTS (SELECT FROM voiceagent.call_reviews r
				WHERE r.tenant_id = v_tenant AND r.call_id = s.call_id AND r.reviewer = v_reviewer)
	)
	SELECT c.call_id, w.position, (SELECT count(*) FROM voiceagent.review_sample_calls o
			WHERE o.tenant_id = v_tenant AND o.sample_id = next_review.sample_id)::integer,
		(SELECT count(*) FROM waiting)::integer, g.name, c.started_at, c.duration_seconds,
		(SELECT string_agg(format('%s. %s: %s', t.turn, t.speaker, t.text), E'\n' ORDER BY t.turn)
			FROM voiceagent.call_turns t WHERE t.tenant_id = v_tenant AND t.call_id = c.call_id)
	FROM waiting w
	JOIN voiceagent.calls c ON c.tenant_id = v_tenant AND c.call_id = w.call_id
	LEFT JOIN voiceagent.campaigns g ON g.tenant_id = v_tenant AND g.campaign_id = c.campaign_id
	ORDER BY w.position LIMIT 1;
END
$$;
COMMENT ON FUNCTION voiceagent.next_review(bigint) IS
	E'The next call of a sample that the caller has not judged yet, with its conversation; no row: all are judged.\n'
	'What was concluded from the call is not shown, so that it persuades nobody. PT404.';

CREATE FUNCTION voiceagent.review_call(call_id bigint, passed boolean, score integer DEFAULT NULL,
	tags text[] DEFAULT '{}', outcome text DEFAULT NULL, note text DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET planner.policy = by_key AS $$
#variable_conflict use_column
DECLARE
	v_tenant bigint := voiceagent_private.writer_tenant();
	v_tags text[];
	v_unknown text;
	v_call voiceagent.calls;
BEGIN
	PERFORM voiceagent_private.fail_if(review_call.passed IS NULL, 'PT422', 'a review needs a verdict',
		'passed is NULL.', 'Say true or false.');
	PERFORM voiceagent_private.fail_if(review_call.score NOT BETWEEN 1 AND 10, 'PT422', 'score must be from 1 to 10');
	PERFORM voiceagent_private.fail_if(coalesce(cardinality(review_call.tags), 0) > 10, 'PT422',
		'a review has at most 10 tags');
	PERFORM voiceagent_private.fail_if(length(review_call.note) > 2000, 'PT422', 'note may have 2000 characters');
	PERFORM voiceagent_private.fail_if(
		review_call.outcome IS NOT NULL AND NOT EXISTS (SELECT FROM voiceagent.enumerations e
			WHERE e.enumeration = 'call_outcome' AND e.value = review_call.outcome), 'PT422',
		format('there is no outcome "%s"', left(review_call.outcome, 60)), NULL,
		'The view voiceagent.enumerations lists them: enumeration call_outcome.');
	SELECT array_agg(DISTINCT x.tag ORDER BY x.tag), min(x.tag) FILTER (WHERE x.tag <> ALL (ARRAY(
		SELECT t.tag FROM voiceagent.list_review_tags() t))) INTO v_tags, v_unknown
	FROM (SELECT btrim(left(u.tag, 60)) AS tag FROM unnest(review_call.tags) u(tag) WHERE u.tag IS NOT NULL) x;
	PERFORM voiceagent_private.fail_if(v_unknown IS NOT NULL, 'PT422', format('there is no tag "%s"', v_unknown), NULL,
		'list_review_tags() shows them; set_review_tag() adds one.');
	-- Retention and erasure take a call with its reviews: neither may pass between this look and the row.
	SELECT c.* INTO v_call FROM voiceagent.calls c
	WHERE c.tenant_id = v_tenant AND c.call_id = review_call.call_id FOR KEY SHARE;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'there is no such call');
	PERFORM voiceagent_private.fail_if(v_call.ended_at IS NULL, 'PT409', 'the call has not ended');
	INSERT INTO voiceagent.call_reviews AS r (tenant_id, call_id, reviewer, passed, score, tags, outcome, concluded,
		note, reviewed_at)
	VALUES (v_tenant, review_call.call_id, left(voiceagent_private.actor(), 400), review_call.passed,
		review_call.score::smallint, coalesce(v_tags, '{}'), review_call.outcome, v_call.outcome,
		nullif(btrim(review_call.note), ''), voiceagent.clock())
	ON CONFLICT (tenant_id, call_id, reviewer) DO UPDATE
	SET passed = EXCLUDED.passed, score = EXCLUDED.score, tags = EXCLUDED.tags, outcome = EXCLUDED.outcome,
		concluded = EXCLUDED.concluded, note = EXCLUDED.note, reviewed_at = EXCLUDED.reviewed_at;
	PERFORM voiceagent_private.count_outcomes(ARRAY(
		SELECT 'review_verdicts:' || CASE WHEN k.passed = review_call.passed
				THEN CASE WHEN k.passed THEN 'both_passed' ELSE 'both_failed' END
			WHEN review_call.passed THEN 'people_passed' ELSE 'people_failed' END
		FROM voiceagent.talk_reviews k WHERE k.tenant_id = v_tenant AND k.call_id = review_call.call_id));
END
$$;
COMMENT ON FUNCTION voiceagent.review_call(bigint, boolean, integer, text[], text, text) IS
	E'Notes what the caller says of a call that has ended; saying it again replaces what was said.\n'
	'passed: the verdict; score: 1 to 10; tags: at most 10 of list_review_tags(); outcome: what came of the call; '
	'note: up to 2000 characters. Nothing else changes. PT404, PT409 while it is live, PT422.';
