/*
 * 60_inbox: the turns of a call that is not over: what a bot tells bit by bit, what a carrier tells while it is said,
 * and plain text read as turns.
 */

CREATE FUNCTION voiceagent_private.transcript_turns(transcript text) RETURNS jsonb
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_transcript_turns';
COMMENT ON FUNCTION voiceagent_private.transcript_turns(text) IS
	E'The turns of a transcript in plain text, as the table conversations keeps them.\n'
	'A turn begins with a line such as "AI: ..." or "User: ..."; NULL: no line names its speaker.';

CREATE FUNCTION voiceagent_private.turns_text(turns jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
	SELECT string_agg(CASE t.value ->> 'speaker' WHEN 'assistant' THEN 'AI: ' ELSE 'User: ' END
		|| (t.value ->> 'text'), E'\n' ORDER BY t.n)
	FROM jsonb_array_elements(turns) WITH ORDINALITY AS t(value, n)
	WHERE t.value ->> 'speaker' IN ('assistant', 'customer')
$$;
COMMENT ON FUNCTION voiceagent_private.turns_text(jsonb) IS
	'The transcript that turns make: what the two sides said, a line each; NULL: nothing.';

CREATE FUNCTION voiceagent_private.turns_kept(known jsonb, told jsonb) RETURNS integer
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- Words of the same speaker are the same turn, whatever its time.
	v_known text[] := ARRAY(SELECT concat(t.value ->> 'speaker', ':', t.value ->> 'text')
		FROM jsonb_array_elements(known) WITH ORDINALITY AS t(value, n) ORDER BY t.n);
	v_told text[] := ARRAY(SELECT concat(t.value ->> 'speaker', ':', t.value ->> 'text')
		FROM jsonb_array_elements(told) WITH ORDINALITY AS t(value, n) ORDER BY t.n);
	c_overlap_max CONSTANT integer := 100;
	n integer := cardinality(v_known);
BEGIN
	-- The whole talk again, perhaps with a turn that was mended.
	IF v_known[1] = v_told[1] AND (cardinality(v_told) >= n OR v_told = v_known[1:cardinality(v_told)]) THEN
		RETURN 0;
	END IF;
	FOR i IN REVERSE least(n, cardinality(v_told), c_overlap_max) .. 1 LOOP
		IF v_known[n - i + 1:n] = v_told[1:i] THEN
			RETURN n - i;
		END IF;
	END LOOP;
	RETURN n;
END
$$;
COMMENT ON FUNCTION voiceagent_private.turns_kept(jsonb, jsonb) IS
	E'How many of the known turns of a call stand before those that come without places.\n'
	'0: the whole talk is sent again; all: they go on; less: they repeat the last ones and go on.';

CREATE FUNCTION voiceagent_private.add_turns(known jsonb, told jsonb, places integer[] DEFAULT NULL) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_kept integer := coalesce(jsonb_array_length(known), 0);
BEGIN
	IF told IS NULL OR known IS NULL AND num_nonnulls(VARIADIC places) = 0 THEN
		RETURN coalesce(told, known);
	ELSIF num_nonnulls(VARIADIC places) = 0 THEN
		v_kept := voiceagent_private.turns_kept(known, told);
	END IF;
	RETURN (SELECT jsonb_agg(x.value || jsonb_build_object('turn', x.place) ORDER BY x.place)
		FROM (SELECT DISTINCT ON (p.place) p.place, p.value
			FROM (SELECT (k.value ->> 'turn')::integer AS place, 0 AS pass, k.n, k.value
				FROM jsonb_array_elements(known) WITH ORDINALITY AS k(value, n)
				UNION ALL
				-- One without a place follows the turn before it.
				SELECT (coalesce(max(t.place) OVER part, v_kept) + row_number() OVER part
						- CASE WHEN max(t.place) OVER part IS NULL THEN 0 ELSE 1 END)::integer, 1, t.n, t.value
				FROM (SELECT e.value, e.n, places[e.n] AS place, count(places[e.n]) OVER (ORDER BY e.n) AS part
					FROM jsonb_array_elements(told) WITH ORDINALITY AS e(value, n)) t
				WINDOW part AS (PARTITION BY t.part ORDER BY t.n)) p
			ORDER BY p.place, p.pass DESC, p.n DESC) x);
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_turns(jsonb, jsonb, integer[]) IS
	E'The known turns of a call with the new ones.\n'
	'places: of the new ones, from 1; a turn at a place that is known replaces it. Without places they follow '
	'what is known; where they begin with the whole talk, or repeat its last turns, these are not doubled.';

CREATE FUNCTION voiceagent_private.add_live_turns(events voiceagent_private.matched_event[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET planner.policy = by_keys SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	c_turns_max CONSTANT integer := 2000;
	v record;
	v_turns jsonb;
BEGIN
	FOR v IN
		SELECT c.call_id, c.started_at, m.turns
		FROM (SELECT e.call_id, jsonb_agg(t.value ORDER BY e.webhook_id) AS turns
			FROM unnest(events) e CROSS JOIN LATERAL jsonb_array_elements((e.event).turns) AS t(value)
			WHERE (e.event).kind = 'transcript' AND t.value ->> 'speaker' IN ('assistant', 'customer')
			GROUP BY e.call_id ORDER BY e.call_id) m
		CROSS JOIN LATERAL (SELECT o.call_id, o.started_at FROM voiceagent.calls o
			WHERE o.tenant_id = v_tenant AND o.call_id = m.call_id AND o.outcome IS NULL OFFSET 0) c
	LOOP
		SELECT k.turns INTO v_turns FROM voiceagent.conversations k
		WHERE k.tenant_id = v_tenant AND k.call_id = v.call_id
			AND k.month_slot = voiceagent_private.month_slot(v.started_at);
		CONTINUE WHEN jsonb_array_length(v_turns) >= c_turns_max;
		-- Webhooks may pass each other.
		SELECT jsonb_agg(t.value || jsonb_build_object('turn', t.place) ORDER BY t.place) INTO v_turns
		FROM (SELECT e.value, row_number() OVER (ORDER BY (e.value ->> 'at_ms')::numeric NULLS FIRST, e.n) AS place
			FROM jsonb_array_elements(coalesce(v_turns, '[]') || v.turns) WITH ORDINALITY AS e(value, n)) t;
		INSERT INTO voiceagent.conversations (tenant_id, call_id, month_slot, turns)
		VALUES (v_tenant, v.call_id, voiceagent_private.month_slot(v.started_at),
			voiceagent_private.pack_jsonb(v_turns))
		ON CONFLICT ON CONSTRAINT conversations_pkey DO UPDATE SET turns = excluded.turns;
		-- By it the report of the call's end knows that there are turns, which it replaces.
		UPDATE voiceagent.calls c
		SET transcript = voiceagent_private.pack_text(voiceagent_private.turns_text(v_turns))
		WHERE c.tenant_id = v_tenant AND c.call_id = v.call_id;
	END LOOP;
END
$$;
COMMENT ON FUNCTION voiceagent_private.add_live_turns(voiceagent_private.matched_event[]) IS
	E'Shows what the carrier tells of the words of live calls of the current tenant while they are said.\n'
	'The caller has locked the calls'' rows. At most 2,000 turns a call; what the report of the call''s end has takes '
	'their place.';
