-- 80_reception: what a tool answers, in the assistant's language: one short sentence, times by the calendar's clock.

CREATE FUNCTION voiceagent_private.tool_words(key text, language text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE lower(split_part(language, '-', 1)) WHEN 'es' THEN w.es WHEN 'fr' THEN w.fr WHEN 'de' THEN w.de
		ELSE w.en END
	FROM voiceagent_private.tool_sentences() w
	WHERE w.key = tool_words.key
$$;
COMMENT ON FUNCTION voiceagent_private.tool_words(text, text) IS
	'A sentence for the result of a tool, in the language of a BCP 47 tag (en, es, fr, de, else English); %s: what '
	'comes into it.';

CREATE FUNCTION voiceagent_private.tool_moves(key text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN string_to_array(coalesce((SELECT m.moves FROM (VALUES
			('free', 'slots'), ('none_free', 'none_free ask_time'), ('taken cannot', 'taken slots'),
			('closed', 'closed slots'),
			('confirmed', 'is_booked'), ('pending', 'is_pending'), ('held', 'is_held'), ('canceled', 'is_canceled'),
			('when day hour', 'ask_time'), ('message', 'message_noted'), ('offer', 'offer_noted'),
			('amount', 'ask_amount'), ('contact number', 'ask_number'), ('email no_email', 'ask_email'),
			('information', 'sent'), ('opt_out', 'opted_out'), ('call_back call_back_later', 'call_noted'),
			('call_back_soon', 'call_noted_soon'), ('nobody barred skills', 'nobody offer_message'),
			('transfer transfer_to transfer_warm transfer_warm_to', 'put_through'),
			('listings more_listings some_listings', 'found'),
			('no_listings no_listing search_stopped profiles filters', 'not_found'), ('no_booking', 'no_booking'),
			('identity no_proof wrong_proof proof_locked', 'not_proved offer_message'),
			('knowledge own_answer', 'answer'), ('unknown_answer no_answer', 'not_known')) m(keys, moves)
		WHERE key = ANY (string_to_array(m.keys, ' '))), 'did_not_work offer_message'), ' ');
COMMENT ON FUNCTION voiceagent_private.tool_moves(text) IS
	'The desk''s moves when a tool answers with that sentence of tool_words(): their names in '
	'extension/pure/sandbox/desk.tsv.';
