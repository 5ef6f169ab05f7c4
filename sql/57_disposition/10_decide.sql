-- 57_disposition: what a call's end means. Pure decisions, no tables.

-- The planner dissolves it. Ours began later than two seconds after the answer, or after the person's first words where
-- these came first (65 ms a letter); a carrier that tells whole seconds may be one too early. Words without turns, and
-- turns without times, are words.
CREATE FUNCTION voiceagent_private.is_abandoned(answered_at timestamptz, transcript text, turns jsonb)
	RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN coalesce(turns, '[]') = '[]' THEN coalesce(transcript, '') = ''
		WHEN NOT jsonb_path_exists(turns, '$[*] ? (@.speaker == "assistant" || @.speaker == "unknown")') THEN true
		ELSE coalesce((jsonb_path_query_first(turns,
				'$[*] ? (@.speaker == "assistant" || @.speaker == "unknown")') ->> 'at_ms')::double precision
			> greatest(extract(epoch FROM answered_at) * 1000, CASE WHEN turns #>> '{0,speaker}' = 'customer'
				THEN (turns #>> '{0,at_ms}')::double precision + 65 * length(turns #>> '{0,text}') END)
				+ CASE answered_at WHEN date_trunc('second', answered_at) THEN 3000 ELSE 2000 END, false) END;
COMMENT ON FUNCTION voiceagent_private.is_abandoned(timestamptz, text, jsonb) IS
	'Whether in a call that a person answered, and of which these are all words and turns (NULL: none), our side did '
	'not speak within two seconds after the answer or the greeting.';

-- In PL/pgSQL, as the decisions below, so that it stays one call: dissolved, it was a third of the expressions of a
-- call's end, which are prepared anew for each batch and mostly ask for what is not there.
CREATE FUNCTION voiceagent_private.parse_word(value jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
	IF jsonb_typeof(value) <> 'string' THEN
		RETURN value #>> '{}';
	END IF;
	-- Alone, or before a reason: "Yes.", "no, they hung up". A question, or a word that goes on ("no-show"), is none.
	RETURN lower((regexp_match(left(value #>> '{}', 100), E'^["''(\\s]*(\\w+)(?:[^\\w?]*$|\\s?[.,;:!]\\s)'))[1]);
END
$$;
COMMENT ON FUNCTION voiceagent_private.parse_word(jsonb) IS
	'The one word, in small letters, that a model has answered a question with, without the punctuation and the '
	'explanation behind it, or its true, false or number; NULL when a text is not one.';

CREATE FUNCTION voiceagent_private.parse_yes(value jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(voiceagent_private.parse_word(value) IN ('true', 'yes', 'y', '1', 'on'), false);
COMMENT ON FUNCTION voiceagent_private.parse_yes(jsonb) IS
	'A yes as models write it: true, "true", "Yes.", 1; anything else, and nothing, is false.';

CREATE FUNCTION voiceagent_private.parse_no(value jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(voiceagent_private.parse_word(value) IN ('false', 'no', 'n', '0', 'off'), false);
COMMENT ON FUNCTION voiceagent_private.parse_no(jsonb) IS
	'A no as models write it: false, "false", "No.", 0; anything else, and nothing (null, "n/a", "unknown"), is false.';

CREATE FUNCTION voiceagent_private.parse_qualified(structured_data jsonb, outcome text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- A call with a machine tells nothing, and one that did not hear a person out tells nothing bad.
	RETURN CASE
		WHEN outcome NOT IN ('scheduled', 'interested', 'not_interested', 'completed', 'callback', 'do_not_call',
			'unfinished') THEN NULL
		WHEN voiceagent_private.parse_yes(structured_data -> 'qualified') THEN true
		WHEN voiceagent_private.parse_no(structured_data -> 'qualified') AND outcome <> 'unfinished' THEN false END;
COMMENT ON FUNCTION voiceagent_private.parse_qualified(jsonb, text) IS
	'Whether a call with this outcome found the lead qualified; NULL: it did not say, or reached no person, and '
	'what is known of the lead stays.';

CREATE FUNCTION voiceagent_private.wants_callback(structured_data jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN voiceagent_private.parse_yes(CASE jsonb_typeof(structured_data -> 'callback')
		WHEN 'object' THEN structured_data #> '{callback,requested}' ELSE structured_data -> 'callback' END);
COMMENT ON FUNCTION voiceagent_private.wants_callback(jsonb) IS
	'True when the call''s data say that the person asked to be called again.';

CREATE FUNCTION voiceagent_private.books_slot(structured_data jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	-- A word beside the time may leave it open or take it back, in any language: the lead would be closed, and no one
	-- be met.
	SELECT voiceagent_private.parse_yes(structured_data -> 'slot_booked')
		OR jsonb_typeof(structured_data -> 'slot_booked') = 'string'
			AND coalesce(voiceagent_private.is_time(structured_data ->> 'slot_booked'), false)
$$;
COMMENT ON FUNCTION voiceagent_private.books_slot(jsonb) IS
	'True when the field slot_booked of a call''s data says that an appointment was agreed: a yes, or a day or an hour '
	'and no other word.';

CREATE FUNCTION voiceagent_private.books_appointment(structured_data jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN jsonb_typeof(structured_data -> 'appointment') = 'object'
				THEN voiceagent_private.parse_yes(structured_data #> '{appointment,booked}') ELSE false END
		OR voiceagent_private.books_slot(structured_data);
COMMENT ON FUNCTION voiceagent_private.books_appointment(jsonb) IS
	'True when a detector (structured data, the slot_booked field) says that an appointment was agreed.';

CREATE FUNCTION voiceagent_private.parse_explicit_outcome(structured_data jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN voiceagent_private.parse_yes(structured_data -> 'do_not_call') THEN 'do_not_call'
		WHEN voiceagent_private.parse_yes(structured_data -> 'wrong_number') THEN 'wrong_number'
		WHEN voiceagent_private.books_appointment(structured_data) THEN 'scheduled'
		WHEN voiceagent_private.wants_callback(structured_data) THEN 'callback' END;
COMMENT ON FUNCTION voiceagent_private.parse_explicit_outcome(jsonb) IS
	E'Outcome that the person said in so many words, whatever came of the call then: do_not_call, wrong_number, '
	'scheduled or callback; NULL: none of them.\n'
	'(Interest is judged of a whole conversation.)';

CREATE FUNCTION voiceagent_private.explicit_outcome(status text, cause_class text, structured_data jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN status = 'completed'
		AND cause_class IS DISTINCT FROM 'machine' THEN voiceagent_private.parse_explicit_outcome(structured_data) END;
COMMENT ON FUNCTION voiceagent_private.explicit_outcome(text, text, jsonb) IS
	'Outcome (parse_explicit_outcome()) that an ended call would have had by what was said outright, also if '
	'reported after the end; NULL: none, or no person had answered.';

CREATE FUNCTION voiceagent_private.customer_spoke(turns jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(jsonb_typeof(turns) = 'array' AND turns @> '[{"speaker": "customer"}]', false);
COMMENT ON FUNCTION voiceagent_private.customer_spoke(jsonb) IS
	'Whether the turns of a report (NULL: none) hold a word of the person called, who then has answered.';

CREATE FUNCTION voiceagent_private.customer_opted_out(turns jsonb) RETURNS boolean
	-- Calls to the US offer "stop calling" at their start (opt_out_text); others say it otherwise. Not in a sentence
	-- about it ("don't call me again until Monday"), nor in words of somebody else.
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_customer_opted_out';
COMMENT ON FUNCTION voiceagent_private.customer_opted_out(jsonb) IS
	E'Whether in these turns of a report (NULL: none) the person asked plainly at the end, in at most twelve words, to '
	'be called no more: no analysis has to bear that out.\n'
	'Such as "stop calling", "never call me again", "take me off your list", and the like in the other languages.';

CREATE FUNCTION voiceagent_private.with_opt_out(structured_data jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE jsonb_typeof(structured_data) WHEN 'object' THEN structured_data ELSE '{}' END
		|| '{"do_not_call": true}';
COMMENT ON FUNCTION voiceagent_private.with_opt_out(jsonb) IS
	'A call''s data with an opt-out among them; of NULL that alone, which no analysis has said.';

CREATE FUNCTION voiceagent_private.merge_structured_data(kept jsonb, told jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- A person that asked not to be called again has not taken it back by being asked once more.
	RETURN CASE WHEN jsonb_typeof(told) IS DISTINCT FROM 'object' THEN kept
		ELSE coalesce(kept, '{}')
			|| (SELECT coalesce(jsonb_object_agg(f.key, CASE WHEN f.key = 'callback' AND f.value::text ~ '^".*\w'
					AND f.value::text !~* '^\W*(n/?a|no|not|none|null|un\w+)\M'
					AND NOT voiceagent_private.parse_yes(f.value) AND NOT voiceagent_private.parse_no(f.value)
				THEN jsonb_build_object('requested', true, 'phrase', f.value, 'unproved', f.value)
				ELSE f.value END), '{}') FROM jsonb_each(told) f WHERE f.value <> 'null')
			|| CASE WHEN voiceagent_private.parse_yes(kept -> 'do_not_call') THEN
				jsonb_build_object('do_not_call', kept -> 'do_not_call') ELSE '{}' END END;
COMMENT ON FUNCTION voiceagent_private.merge_structured_data(jsonb, jsonb) IS
	E'Structured data of a call (kept, an object or NULL) with the next report: key by key the later word, but that '
	'null says nothing and an opt-out stays.\n'
	'Anything but an object changes nothing; a callback given in words ("Monday at 3 pm") is one, at the time named.';

CREATE FUNCTION voiceagent_private.ended_status(status text, turns jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN status IN ('failed', 'no_answer', 'busy') AND voiceagent_private.customer_spoke(turns)
		THEN 'completed' ELSE status END;
COMMENT ON FUNCTION voiceagent_private.ended_status(text, jsonb) IS
	'Terminal status of a call, from what its report says: no word for its end, be it of a leg that it was '
	'transferred to, or of a fault that cut it, undoes that the person called had answered and spoken.';

CREATE FUNCTION voiceagent_private.surer_machine(one text, other text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN one IS NULL THEN other WHEN other IS NULL THEN one
		WHEN array_position('{uncertain,human,unavailable,ivr,voicemail,screener}',
			one) >= array_position('{uncertain,human,unavailable,ivr,voicemail,screener}', other)
		THEN one ELSE other END;
COMMENT ON FUNCTION voiceagent_private.surer_machine(text, text) IS
	'Of two words for who answered the one that counts, in whichever order they come: a machine before a human (who '
	'would not have sounded like one), either before uncertain; NULL says nothing.';

CREATE FUNCTION voiceagent_private.greater_cost(one numeric, one_currency text, other numeric, other_currency text,
	OUT cost numeric, OUT currency text)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	IF other_currency ~ '^[A-Z]{3}$' AND other >= 0 AND other < 1000000
		AND (one IS NULL OR one_currency = other_currency AND one < other) THEN
		cost := other;
		currency := other_currency;
	ELSIF one IS NOT NULL THEN
		cost := one;
		currency := one_currency;
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.greater_cost(numeric, text, numeric, text) IS
	E'Of two prices of one call the greater, in whichever order they come; of two currencies the first stays.\n'
	'A price that is none, or beyond reason, does not count.';

/*
 * A person who talked for a while and hung up has been reached, also when the
 * analysis found nothing: to call again would be a nuisance.  So without a
 * clear result only a short call, one that a fault cut, or one in which they
 * never said a word, is unfinished; and where there is no analysis, because the
 * carrier does not converse, a short one is not, either: an announcement may be
 * said in a few seconds.
 */
-- The cause is given as its class, the success evaluation is the carrier's. A short call that was put through to
-- somebody else is finished. A silence cuts a call that ended in it without a word of the person's.
CREATE FUNCTION voiceagent_private.decide_outcome(status text, cause_class text, structured_data jsonb,
		success_evaluation text DEFAULT NULL, talk_seconds numeric DEFAULT NULL, short_below numeric DEFAULT NULL,
		machine text DEFAULT NULL, turns jsonb DEFAULT NULL, words text DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_said text;
BEGIN
	-- An opt-out is heard before anything else, however the call ended, also when a machine is suspected.
	IF voiceagent_private.parse_yes(structured_data -> 'do_not_call') THEN
		RETURN 'do_not_call';
	ELSIF status IN ('busy', 'no_answer', 'failed') THEN
		RETURN CASE WHEN status <> 'failed' THEN status WHEN cause_class = 'bad_number' THEN 'wrong_number'
			WHEN cause_class = 'canceled' THEN 'canceled' ELSE 'failed' END;
	-- Words to a screener were not said to a person, whatever an analysis makes of it.
	ELSIF cause_class = 'machine' OR machine = 'screener' THEN
		RETURN 'voicemail';
	END IF;
	IF structured_data ?| '{wrong_number,appointment,slot_booked,callback}' THEN
		v_said := voiceagent_private.parse_explicit_outcome(structured_data);
	END IF;
	IF v_said IS NOT NULL THEN
		RETURN v_said;
	END IF;
	RETURN CASE
		-- A fault of what the campaign has its calls say and hear cut it before it came to anything.
		WHEN cause_class = 'assistant' THEN 'failed'
		-- A refusal in so many words beats what an analysis makes of it.
		WHEN words = 'not_interested' THEN 'not_interested'
		WHEN lower(structured_data ->> 'interest') IN ('medium', 'high', 'true', 'yes') THEN 'interested'
		WHEN lower(structured_data ->> 'interest') IN ('none', 'low', 'false', 'no') THEN 'not_interested'
		-- Its word alone: a conversation with a result was one.
		WHEN voiceagent_private.is_machine(machine) OR words = 'voicemail' THEN 'voicemail'
		-- An agreement by words alone waits for a person, and the lead is not called in the meantime.
		WHEN words = 'completed' THEN 'completed'
		WHEN voiceagent_private.parse_yes(structured_data -> 'qualified')
			OR lower(success_evaluation) IN ('true', 'pass', 'excellent', 'good', 'agree', 'strongly agree')
				THEN 'completed'
		-- Somebody else has taken the matter over: the person is not to hear the assistant again while it speaks to
		-- them, or waits for them.
		WHEN cause_class = 'forwarded' THEN 'completed'
		-- However long the wait was, there was no speech; a report without words does not say whether anybody did.
		WHEN cause_class = 'silence' AND turns <> '[]'
			AND NOT voiceagent_private.customer_spoke(turns) THEN 'unfinished'
		WHEN cause_class = 'retry' OR talk_seconds < short_below THEN 'unfinished'
		ELSE 'completed' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_outcome(text, text, jsonb, text, numeric, numeric, text, jsonb, text) IS
	E'Outcome of an ended call from its status, cause, the data that count, success evaluation, who answered '
	'(machine), what was said (turns; NULL or none: not known) and what that shows (words_outcome()).\n'
	'An opt-out wins over any end, then anything definite in the analysis of a conversation. short_below: a call of '
	'fewer seconds is unfinished (NULL: none is), as is one that a fault or a silence cut.';

CREATE FUNCTION voiceagent_private.words_speak_of(reading jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN reading #>> '{outcome,value}' = 'scheduled'
		AND reading #>> '{time,reading}' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d$' THEN 'scheduled'
		WHEN reading #>> '{outcome,value}' IN ('scheduled', 'callback') THEN 'callback' END;
COMMENT ON FUNCTION voiceagent_private.words_speak_of(jsonb) IS
	E'The agreement that the words of a conversation (conversations.reading) may contain: scheduled, a day and an '
	'hour; callback, another call, or a time that is not whole.\n'
	'A person decides, or an author; NULL: nothing.';

CREATE FUNCTION voiceagent_private.words_outcome(reading jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN reading #> '{outcome,certain}' = 'true' THEN reading #>> '{outcome,value}'
		WHEN voiceagent_private.words_speak_of(reading) IS NOT NULL THEN 'completed' END;
COMMENT ON FUNCTION voiceagent_private.words_outcome(jsonb) IS
	E'The outcome that a conversation''s words show by themselves (conversations.reading).\n'
	'completed: words_speak_of() something. NULL: none for certain.';

CREATE FUNCTION voiceagent_private.words_deny_opt_out(reading jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(voiceagent_private.words_outcome(reading) IN ('completed', 'voicemail'), false)
		OR coalesce(reading #>> '{opt_out_doubt,why}' = 'denied', false);
COMMENT ON FUNCTION voiceagent_private.words_deny_opt_out(jsonb) IS
	'Whether the words that were read (NULL: none) say the opposite of an opt-out: then a reported one is in doubt.';

CREATE FUNCTION voiceagent_private.with_doubt(reading jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN reading ? 'opt_out_doubt' THEN reading
		ELSE reading || jsonb_build_object('opt_out_doubt', jsonb_strip_nulls(jsonb_build_object('why', 'denied',
			'turn', reading #> '{outcome,turn}', 'quote', reading #> '{outcome,quote}'))) END;
COMMENT ON FUNCTION voiceagent_private.with_doubt(jsonb) IS
	'A reading whose words deny an opt-out that was reported later: see hold_calls().';

CREATE FUNCTION voiceagent_private.decide_evaluation(status text, structured_data jsonb, success_evaluation text,
	machine text)
	RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	IF status <> 'completed' OR voiceagent_private.is_machine(machine) THEN
		RETURN NULL;
	ELSIF voiceagent_private.parse_yes(structured_data -> 'do_not_call') THEN
		RETURN 'negative';
	ELSIF lower(success_evaluation) IN ('true', 'pass', 'excellent', 'good', 'agree', 'strongly agree') THEN
		RETURN 'positive';
	END IF;
	RETURN CASE
		-- That nothing was reached is no ill word of theirs: they asked for another call, or
		-- their opinion is unknown.
		WHEN voiceagent_private.parse_yes(
			coalesce(structured_data -> 'callback' -> 'requested', structured_data -> 'callback'))
			OR lower(structured_data ->> 'interest') = 'unknown' THEN 'neutral'
		WHEN lower(success_evaluation) IN ('false', 'fail', 'poor', 'bad', 'disagree', 'strongly disagree')
			THEN 'negative'
		WHEN voiceagent_private.books_appointment(structured_data)
			OR lower(structured_data ->> 'interest') IN ('medium', 'high') THEN 'positive'
		ELSE 'neutral' END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.decide_evaluation(text, jsonb, text, text) IS
	E'positive, neutral or negative, from the carrier''s success evaluation or, without one, from the structured '
	'data.\n'
	'NULL when unanswered, or a machine did. Somebody who asks to be called again, or whose interest is unknown, has '
	'said nothing negative, whatever the verdict: neutral.';
