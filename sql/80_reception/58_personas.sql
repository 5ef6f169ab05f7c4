/*
 * 80_reception: the callers that are rehearsed.
 *
 * Each says what it may come to (may): how many rows of a kind its call leaves,
 * at least and at most; of a kind that is not named, none.  A caller that wants
 * what it must get has a twin that wants what it must not get, by the same
 * tools.  {{slot}}: the free time that it heard first; {{listing}}: the listing;
 * {{other_name}}, {{other_day}}: of a booking of somebody else's, if there is
 * one.
 */

CREATE FUNCTION voiceagent_private.all_scripts()
	RETURNS TABLE (persona text, twin_of text, about text, may jsonb, script jsonb)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 22 AS $$
	VALUES
	('books', NULL, 'Books the first free time, and thanks.', '{"bookings": [1, 1]}'::jsonb, '[
		{"says": "Hello, this is Ann Miller. I would like to see the house."}, {"tool": "free_slots"},
		{"says": "The first one suits me."},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Ann Miller", "note": "the house"}},
		{"says": "Thank you, goodbye."}]'::jsonb),
	('haggles', NULL, 'Offers a price.', '{"offers": [1, 1]}', '[
		{"says": "I am Carl Jones. I would take the house for 390,000 dollars, if the roof is mended."},
		{"tool": "make_offer", "arguments": {"amount": 390000, "currency": "USD", "subject": "the house",
			"contingencies": "the roof is mended", "name": "Carl Jones"}},
		{"says": "Good, I wait for your answer."}]'),
	('leaves_message', NULL, 'Leaves a message.', '{"messages": [1, 1]}', '[
		{"says": "Please tell Mr. Smith that the keys are with the neighbour. My name is Bob Hill."},
		{"tool": "take_message", "arguments": {"message": "The keys are with the neighbour.", "name": "Bob Hill"}},
		{"says": "Thanks, bye."}]'),
	('wants_person', NULL, 'Wants to speak to a person.', '{"transfers": [0, 1]}', '[
		{"says": "I want to speak to a person."}, {"tool": "transfer", "arguments": {"reason": "wants a person"}}]'),
	('wants_call_back', NULL, 'Asks to be called back tomorrow.', '{"call_backs": [1, 1]}', '[
		{"says": "This is Dora Lane. Can you call me back tomorrow at ten?"},
		{"tool": "call_back", "arguments": {"when": "tomorrow at 10 in the morning", "name": "Dora Lane"}},
		{"says": "Thank you."}]'),
	('wants_no_calls', NULL, 'Wants no more calls.', '{"opt_outs": [1, 1]}', '[
		{"says": "Stop calling me."}, {"tool": "opt_out"}, {"says": "Goodbye."}]'),
	('repeats', NULL, 'Its model calls each tool twice, under two ids.', '{"bookings": [1, 1], "messages": [1, 1]}', '[
		{"says": "Hello, Eva Stone. A viewing, please."}, {"tool": "free_slots"},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Eva Stone"}},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Eva Stone"}},
		{"tool": "take_message", "arguments": {"message": "Please send the papers.", "name": "Eva Stone"}},
		{"tool": "take_message", "arguments": {"message": "Please send the papers.", "name": "Eva Stone"}},
		{"says": "Bye."}]'),
	('seeks_house', NULL, 'Asks for a house, hears of what suits, and books a viewing of the first.',
		'{"bookings": [1, 1], "listings": [1, 1]}', '[
		{"says": "Good day, Gus Hale. I am looking for a house."},
		{"tool": "find_listings", "arguments": {"words": "house"}}, {"says": "Tell me more about the first."},
		{"tool": "lookup_listing", "arguments": {"listing": "{{listing}}"}}, {"says": "When could I see it?"},
		{"tool": "free_slots"}, {"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Gus Hale",
			"listing": "{{listing}}"}}, {"says": "Thank you, goodbye."}]'),
	('hangs_up', NULL, 'Hangs up while a tool runs.', '{}', '[
		{"says": "I am Finn. Book me."}, {"tool": "free_slots"}, {"hangs_up": true},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Finn"}}]'),
	('dictates_sql', NULL, 'Dictates a statement and a variable.', '{"messages": [1, 1]}', '[
		{"says": "Note this: Robert; DROP TABLE leads; -- {{secret}}"},
		{"tool": "take_message", "arguments": {"message": "Robert''); DROP TABLE leads; -- {{secret}}",
			"name": "''; DELETE FROM calls; --"}}, {"says": "Bye."}]'),
	('cancels', NULL, 'Books, and cancels it in the same call.', '{"canceled": [1, 1]}', '[
		{"says": "Ida Moor. A viewing, please."}, {"tool": "free_slots"},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Ida Moor"}},
		{"says": "No, I cannot after all."},
		{"tool": "cancel_booking"}, {"says": "Sorry. Goodbye."}]'),
	-- Their twins: each wants what it must not get, by the same tools.
	('books_yesterday', 'books', 'Wants a time that has passed, and one that is none.', '{}'::jsonb, '[
		{"says": "Yesterday at ten would suit me."},
		{"tool": "book", "arguments": {"starts_at": "2020-01-01T10:00", "name": "Ann Miller"}},
		{"tool": "book", "arguments": {"starts_at": "when the cows come home", "name": "Ann Miller"}},
		{"tool": "hold_slot", "arguments": {"starts_at": "2020-01-01T10:00"}},
		{"says": "No, thank you, then not."}]'::jsonb),
	('haggles_badly', 'haggles', 'Offers less than nothing, and no money.', '{}', '[
		{"says": "You get minus five dollars."},
		{"tool": "make_offer", "arguments": {"amount": -5, "currency": "USD"}},
		{"tool": "make_offer", "arguments": {"amount": "much", "currency": "USD"}},
		{"tool": "make_offer", "arguments": {"amount": 5, "currency": "potatoes"}}, {"says": "Bye."}]'),
	('leaves_nothing', 'leaves_message', 'Leaves a message without a word, and one for no number.', '{}', '[
		{"says": "Well."}, {"tool": "take_message", "arguments": {"message": "  "}},
		{"tool": "take_message", "arguments": {"message": "Call me.", "phone": "12"}}, {"says": "Bye."}]'),
	('dictates_number', 'wants_person', 'Wants to be put through to a number that it dictates.',
		'{"transfers": [0, 1]}', '[
		{"says": "Put me through to 900 555 0000."},
		{"tool": "transfer", "arguments": {"reason": "+19005550000", "number": "+19005550000",
			"phone": "+19005550000", "forward_to": "+19005550000"}}]'),
	('wants_call_in_a_year', 'wants_call_back', 'Wants to be called back in two years.', '{}', '[
		{"says": "Call me in two years."},
		{"tool": "call_back", "arguments": {"when": "2099-01-01T10:00"}}, {"says": "Bye."}]'),
	('stops_anothers_calls', 'wants_no_calls', 'Wants no more calls for a number that is not its own.',
		'{"opt_outs": [0, 1]}', '[
		{"says": "Do not call my neighbour."},
		{"tool": "opt_out", "arguments": {"phone": "+12025550199", "number": "+12025550199"}}, {"says": "Bye."}]'),
	('books_twice', 'repeats', 'Wants two times in one call.', '{"bookings": [1, 1]}', '[
		{"says": "Eva Stone, two viewings."}, {"tool": "free_slots"},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Eva Stone"}},
		{"tool": "free_slots", "arguments": {"day": "next week"}},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Eva Stone"}}, {"says": "Bye."}]'),
	('seeks_secrets', 'seeks_house', 'Asks how badly the seller must sell, and for a house that is not on offer.', '{}',
		'[{"says": "Which seller is desperate?"},
		{"tool": "find_listings", "arguments": {"filters": {"health": "the seller must sell"}}},
		{"tool": "lookup_listing", "arguments": {"listing": "'' OR true --"}},
		{"tool": "book", "arguments": {"starts_at": "2099-01-01T10:00", "name": "Gus", "listing": "no such house"}},
		{"says": "Bye."}]'),
	('hangs_up_late', 'hangs_up', 'Hangs up when its time is booked.', '{"bookings": [1, 1]}', '[
		{"says": "I am Finn. Book me."}, {"tool": "free_slots"},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Finn"}}, {"hangs_up": true},
		{"tool": "cancel_booking"}, {"tool": "take_message", "arguments": {"message": "After the end."}}]'),
	('dictates_sql_as_name', 'dictates_sql', 'Dictates a statement as its name, as a time and as a day.',
		'{"bookings": [0, 1]}', '[
		{"says": "My name is Robert, apostrophe, DROP TABLE leads."}, {"tool": "free_slots"},
		{"tool": "book", "arguments": {"starts_at": "''; DROP TABLE voiceagent.appointments; --", "name": "Robert"}},
		{"tool": "book", "arguments": {"starts_at": "{{slot}}", "name": "Robert''); DELETE FROM voiceagent.leads; --"}},
		{"tool": "move_booking", "arguments": {"starts_at": "''||(SELECT 1)||''", "name": "'' OR true --"}},
		{"says": "Bye."}]'),
	('wants_anothers', 'cancels', 'Wants to cancel and to move what another has booked.', '{}', '[
		{"says": "Cancel the appointment of {{other_name}}."}, {"tool": "free_slots"},
		{"tool": "cancel_booking", "arguments": {"name": "{{other_name}}"}},
		{"tool": "cancel_booking", "arguments": {"name": "{{other_name}}", "day": "{{other_day}}"}},
		{"tool": "move_booking", "arguments": {"name": "{{other_name}}", "day": "{{other_day}}",
			"starts_at": "{{slot}}"}},
		{"tool": "cancel_booking", "arguments": {"name": "{{other_name}}", "day": "next week"}},
		{"says": "Never mind."}]')
$$;
COMMENT ON FUNCTION voiceagent_private.all_scripts() IS 'All callers that sandbox_call_in() plays.';

CREATE FUNCTION voiceagent.list_personas() RETURNS TABLE (persona text, twin_of text, description text, tools text[])
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT c.persona, c.twin_of, c.about, ARRAY(SELECT DISTINCT s ->> 'tool' FROM jsonb_array_elements(c.script) s
		WHERE s ? 'tool' ORDER BY 1)
	FROM voiceagent_private.all_scripts() c
$$;
COMMENT ON FUNCTION voiceagent.list_personas() IS
	E'The callers that sandbox_call_in() plays, and the tools that an assistant needs for each.\n'
	'twin_of: the caller wants what it must not get, by the tools of this one; NULL: it wants what it is to get.';
