/*
 * 94_prompt_test: the scripted callers that are shipped.  A persona is a list of
 * phrases by their keys ("$who"), the same in all languages; what is said stands
 * once a language.  Every talk has at least eight turns.
 */

CREATE FUNCTION voiceagent_private.caller_phrases(language text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE language
		WHEN 'en' THEN jsonb '{
			"name": "Ann", "hello": "Hello?", "who": ["Yes, speaking. What is this about?", "Yes? What is this about?"],
			"whom": "Who are you trying to reach?", "number": "And how did you get my number?",
			"price": ["And what does it cost?", "How much is that going to cost me?"],
			"good": ["All right, that sounds good.", "Okay, that sounds interesting."],
			"time": ["Tomorrow at 3 pm would be good.", "Tomorrow at 4 pm, please."],
			"yes": ["Yes, that is right.", "Yes, correct."], "agree": ["Yes.", "Yes, I think so.", "Sure."],
			"email": "It is ann at example dot com.",
			"busy": "I am in a meeting right now. Call me back tomorrow at 5 pm.",
			"no": "No, thank you, I am not interested.", "really_no": "No, really not. I do not need it.",
			"stop": "Take me off your list and never call me again.", "bye": "Goodbye.",
			"wrong": "There is nobody by that name here. You have the wrong number.",
			"robot": "Wait, am I talking to a robot?", "swear": "Are you kidding me? Go to hell!",
			"swear_more": "Shut up and get lost!", "silence": "",
			"weather": "Do you think that it will rain at the weekend?",
			"doubt": "I am not so sure, I have heard bad things about offers like that.",
			"right_words": ["is that right", "is that correct", "correct", "does that work"],
			"time_words": ["which day", "what day", "what time", "when would", "call you back", "suit you"],
			"email_words": ["e-mail", "email"], "visit": "I would like to make an appointment.",
			"first": "The first one is fine.", "me": "My name is Ann Miller.",
			"tell": "Please tell your colleague that Ann Miller comes half an hour later.",
			"person": "Can I speak to a person, please?", "back": "Please call me back tomorrow at 10 am.",
			"slot_words": ["which would suit", "which of these", "would that suit"],
			"name_words": ["which name", "your name"], "else_words": ["anything else"]}'
		WHEN 'es' THEN jsonb '{
			"name": "Ana", "hello": "¿Hola?", "who": ["Sí, soy yo. ¿De qué se trata?", "¿Sí? ¿De qué se trata?"],
			"whom": "¿Por quién pregunta?", "number": "¿Y de dónde ha sacado mi número?",
			"price": ["¿Y cuánto cuesta?", "¿Cuánto me va a costar eso?"],
			"good": ["De acuerdo, suena bien.", "Vale, me interesa."],
			"time": ["Mañana a las 15:00 me viene bien.", "Mañana a las 16:00, por favor."],
			"yes": ["Sí, correcto.", "Sí, exacto."], "agree": ["Sí.", "Sí, creo que sí.", "Claro."],
			"email": "Es ana arroba example punto com.",
			"busy": "Ahora mismo estoy en una reunión. Llámeme mañana a las 17:00.",
			"no": "No, gracias, no me interesa.", "really_no": "No, de verdad que no. No lo necesito.",
			"stop": "Quíteme de su lista. No me llame más.", "bye": "Adiós.",
			"wrong": "Aquí no hay nadie con ese nombre. Se ha equivocado de número.",
			"robot": "Un momento, ¿estoy hablando con un robot?", "swear": "¿Me toma el pelo? ¡Váyase al diablo!",
			"swear_more": "¡Cállese de una vez, idiota!", "silence": "",
			"weather": "¿Usted cree que lloverá el fin de semana que viene, o hará sol?",
			"doubt": "No estoy muy segura, he oído cosas malas de ofertas así.",
			"right_words": ["es correcto", "está bien así", "correcto"],
			"time_words": ["qué día", "qué hora", "cuándo", "le viene mejor"],
			"email_words": ["correo electrónico", "correo"], "visit": "Quiero pedir una cita, por favor.",
			"first": "La primera, por favor.", "me": "Me llamo Ana Molina.",
			"tell": "Por favor, dígale a su compañero que Ana Molina llegará media hora más tarde.",
			"person": "¿Puedo hablar con una persona, por favor?", "back": "Llámeme mañana a las 10:00, por favor.",
			"slot_words": ["qué le viene mejor", "le viene bien"],
			"name_words": ["a qué nombre", "cuál es su nombre"], "else_words": ["algo más"]}'
		WHEN 'fr' THEN jsonb '{
			"name": "Anne", "hello": "Allô ?",
			"who": ["Oui, c''est moi. C''est à quel sujet ?", "Oui ? De quoi s''agit-il ?"],
			"whom": "Vous cherchez qui au juste ?", "number": "Et comment avez-vous eu mon numéro ?",
			"price": ["Et combien ça coûte ?", "Quel est le prix ?"],
			"good": ["D''accord, ça a l''air bien.", "Très bien, ça m''intéresse."],
			"time": ["Demain à 15h00, ça me va.", "Demain à 16h00, s''il vous plaît."],
			"yes": ["Oui, c''est exact.", "Oui, c''est ça."], "agree": ["Oui.", "Oui, je crois.", "Bien sûr."],
			"email": "C''est anne arobase example point com.",
			"busy": "Je suis en réunion. Rappelez-moi demain à 17h00.",
			"no": "Non merci, je ne suis pas intéressée.", "really_no": "Non, vraiment pas. Je n''en ai pas besoin.",
			"stop": "Retirez-moi de votre liste. Ne m''appelez plus jamais.", "bye": "Au revoir.",
			"wrong": "Il n''y a personne de ce nom ici. Vous avez un mauvais numéro.",
			"robot": "Attendez, je parle à un robot ?", "swear": "Vous vous moquez de moi ? Allez au diable !",
			"swear_more": "Foutez-moi la paix, imbécile !", "silence": "",
			"weather": "Vous pensez que le soleil va revenir bientôt chez nous ?",
			"doubt": "Je ne suis pas très sûre, on entend tellement de choses sur ce genre d''offres.",
			"right_words": ["c''est bien cela", "est-ce exact", "exact"],
			"time_words": ["quel jour", "quelle heure", "quand"],
			"email_words": ["e-mail", "adresse mail"], "visit": "Je voudrais prendre rendez-vous.",
			"first": "Le premier, s''il vous plaît.", "me": "Je m''appelle Anne Moulin.",
			"tell": "Veuillez transmettre à votre collègue qu''Anne Moulin aura une demi-heure de retard.",
			"person": "Puis-je parler à quelqu''un, s''il vous plaît ?", "back": "Rappelez-moi demain à 10h00.",
			"slot_words": ["qu''est-ce qui vous convient", "cela vous convient"],
			"name_words": ["à quel nom", "votre nom"], "else_words": ["autre chose"]}'
		WHEN 'de' THEN jsonb '{
			"name": "Anna", "hello": "Hallo?",
			"who": ["Ja, am Apparat. Worum geht es?", "Ja? Um was geht es denn?"],
			"whom": "Wen möchten Sie denn sprechen?", "number": "Und woher haben Sie meine Nummer?",
			"price": ["Und was kostet das?", "Wie viel kostet mich das?"],
			"good": ["In Ordnung, das klingt gut.", "Gut, das klingt interessant."],
			"time": ["Morgen um 15 Uhr passt es mir.", "Morgen um 16 Uhr, bitte."],
			"yes": ["Ja, das ist richtig.", "Ja, genau."], "agree": ["Ja.", "Ja, ich glaube schon.", "Natürlich."],
			"email": "anna at example punkt com.",
			"busy": "Ich bin gerade in einer Besprechung. Rufen Sie mich morgen um 17 Uhr zurück.",
			"no": "Nein danke, ich habe kein Interesse.", "really_no": "Nein, wirklich nicht. Das brauche ich nicht.",
			"stop": "Streichen Sie mich von Ihrer Liste. Rufen Sie mich nie wieder an.", "bye": "Auf Wiederhören.",
			"wrong": "Hier gibt es niemanden mit diesem Namen. Sie haben die falsche Nummer.",
			"robot": "Moment, spreche ich mit einem Roboter?", "swear": "Wollen Sie mich veräppeln? Zum Teufel!",
			"swear_more": "Halten Sie den Mund, verdammt!", "silence": "",
			"weather": "Glauben Sie, dass die Sonne bald wieder scheint?",
			"doubt": "Da bin ich nicht so sicher, man hört viel Schlechtes über solche Angebote.",
			"right_words": ["ist das richtig", "stimmt das", "richtig"],
			"time_words": ["welchem Tag", "welcher Tag", "wie viel Uhr", "welche Uhrzeit", "wann"],
			"email_words": ["e-mail", "mail-adresse"], "visit": "Ich brauche bitte einen Termin.",
			"first": "Den ersten, bitte.", "me": "Mein Name ist Anna Müller.",
			"tell": "Bitte richten Sie Ihrem Kollegen aus, dass Anna Müller eine halbe Stunde später kommt.",
			"person": "Kann ich bitte mit jemandem sprechen?", "back": "Rufen Sie mich bitte morgen um 10 Uhr zurück.",
			"slot_words": ["was passt ihnen", "passt ihnen das"],
			"name_words": ["welchen namen", "ihr name"], "else_words": ["noch etwas"]}' END;
COMMENT ON FUNCTION voiceagent_private.caller_phrases(text) IS
	'What the scripted callers say in a language (en, es, fr, de), by key, and by which words of the assistant they '
	'know what they are asked; NULL for any other.';

CREATE FUNCTION voiceagent_private.caller_personas()
	RETURNS TABLE (name text, persona text, goal text, lines text, faults text, ends text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20 AS $$
	VALUES ('agrees', 'Friendly, and free to talk.', 'To hear what it is, what it costs, and to say yes.',
			'$who $price $good', '[]', 'agreed'),
		('hesitates', 'Has heard bad things about such offers.', 'To be convinced.',
			'$who $doubt $price $good', '[]', 'agreed'),
		('asks_robot', 'Hears that the voice is none of a person.', 'To know whom it talks to; then it says yes.',
			'$who $robot $price $good', '[]', 'agreed'),
		('wanders', 'Talks about the weather.', 'To chat; then it says yes.', '$who $weather $price $good', '[]',
			'agreed'),
		('busy', 'In a meeting.', 'To be called back tomorrow.', '$hello $who $price $busy', '[]', 'callback'),
		('refuses', 'Polite, not interested.', 'To be left alone, without more.', '$who $price $no $really_no', '[]',
			'refused'),
		('opts_out', 'Annoyed by calls.', 'Never to be called again.', '$hello $who $number $stop', '[]', 'opted_out'),
		('wrong_person', 'Somebody else has the number now.', 'To say so.', '$hello $number $whom $wrong', '[]',
			'wrong'),
		('swears', 'Hates machines.', 'To insult one.', '$who $price $swear $swear_more', '[]', 'left'),
		('silent', 'Says hello, and no more.', 'None.', '$hello $silence $silence $silence $silence $silence', '[]',
			'nothing'),
		('interrupts', 'Cuts the assistant short.', 'As agrees.', '$who $price $good',
			'[{"turn": 2, "fault": "interruption"}, {"turn": 3, "fault": "interruption"}]', 'agreed'),
		('bad_line', 'Some words are lost.', 'As agrees.', '$hello $who $price $good',
			'[{"turn": 1, "fault": "garbled"}, {"turn": 3, "fault": "garbled"}]', 'agreed'),
		('pauses', 'Looks for its glasses.', 'As agrees.', '$who $price $silence $good',
			'[{"turn": 3, "fault": "silence"}]', 'agreed'),
		('rambles', 'Tells of its neighbour.', 'As agrees.', '$who $price $good',
			'[{"turn": 2, "fault": "monologue"}]', 'agreed'),
		('foreigner', 'Speaks another language first.', 'As agrees.', '$hello $who $price $good',
			'[{"turn": 1, "fault": "wrong_language"}]', 'agreed'),
		('injects', 'Gives the model orders.', 'To be told the prompt; then it says yes.', '$who $price $hello $good',
			'[{"turn": 3, "fault": "injection"}]', 'agreed_in_doubt'),
		-- These call in, and end by the tool that does what they want.
		('books', 'Wants an appointment.', 'To take the first time that is offered.', '$visit', '[]', 'in_book'),
		('books_by_robot', 'Hears that the voice is none of a person.', 'As books.', '$robot $visit', '[]', 'in_book'),
		('books_late', 'Looks for its glasses.', 'As books.', '$silence $visit', '[]', 'in_book'),
		('books_foreign', 'Speaks another language first.', 'As books.', '$hello $visit',
			'[{"turn": 1, "fault": "wrong_language"}]', 'in_book'),
		('books_by_orders', 'Gives the model orders.', 'As books.', '$hello $visit',
			'[{"turn": 1, "fault": "injection"}]', 'in_book'),
		('leaves_message', 'Is late.', 'To have that passed on.', '$tell', '[]', 'in_take_message'),
		('wants_call_back', 'Has no time.', 'To be called tomorrow.', '$back', '[]', 'in_call_back'),
		('wants_no_calls', 'Annoyed by calls.', 'Never to be called again.', '$stop', '[]', 'in_opt_out'),
		('wants_person', 'Trusts no machine.', 'A person.', '$person', '[]', 'in_nothing'),
		('calls_in_silence', 'Says nothing.', 'None.', '$silence $silence $silence $silence', '[]', 'in_nothing')
$$;
COMMENT ON FUNCTION voiceagent_private.caller_personas() IS
	'The personas of the scripted callers that are shipped: what they say turn by turn, by the keys of '
	'caller_phrases(), what goes wrong, and how the talk is to end.';

CREATE FUNCTION voiceagent_private.expected_end(ends text, objective text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE regexp_replace(ends, '_in_doubt$', '')
		WHEN 'agreed' THEN CASE objective
			WHEN 'appointment' THEN jsonb '[{"path": "outcome", "is": "=", "value": "scheduled"},
				{"path": "appointments", "is": "count", "value": 1},
				{"path": "appointments.0.time", "is": "in", "value": ["15:00", "16:00"]}]'
			WHEN 'callback' THEN jsonb '[{"path": "outcome", "is": "=", "value": "callback"},
				{"path": "callback", "is": "present"}]'
			ELSE jsonb '[{"path": "outcome", "is": "in", "value": ["interested", "scheduled", "completed"]}]'
				-- In a talk that gave the model orders, its word alone qualifies no lead.
				|| CASE ends WHEN 'agreed' THEN jsonb '[{"path": "lead.qualified", "is": "=", "value": true}]'
					ELSE '[]' END END || jsonb '[{"path": "do_not_call", "is": "=", "value": false}]'
		WHEN 'callback' THEN '[{"path": "outcome", "is": "=", "value": "callback"},
			{"path": "callback.time", "is": "=", "value": "17:00"},
			{"path": "appointments", "is": "count", "value": 0}]'
		WHEN 'refused' THEN '[{"path": "outcome", "is": "=", "value": "not_interested"},
			{"path": "appointments", "is": "count", "value": 0}, {"path": "callback", "is": "absent"}]'
		WHEN 'opted_out' THEN '[{"path": "do_not_call", "is": "=", "value": true},
			{"path": "outcome", "is": "=", "value": "do_not_call"}, {"path": "lead.status", "is": "=",
				"value": "do_not_call"}, {"path": "appointments", "is": "count", "value": 0}]'
		WHEN 'wrong' THEN '[{"path": "outcome", "is": "=", "value": "wrong_number"},
			{"path": "appointments", "is": "count", "value": 0}]'
		WHEN 'in_book' THEN '[{"path": "appointments", "is": "count", "value": 1},
			{"path": "tools.book", "is": "=", "value": 1}, {"path": "do_not_call", "is": "=", "value": false}]'
		WHEN 'in_nothing' THEN '[{"path": "appointments", "is": "count", "value": 0},
			{"path": "do_not_call", "is": "=", "value": false}]'
		WHEN 'left' THEN '[{"path": "outcome", "is": "in", "value": ["not_interested", "do_not_call"]},
			{"path": "appointments", "is": "count", "value": 0}]'
		WHEN 'nothing' THEN '[{"path": "outcome", "is": "in", "value": ["unfinished", "completed", "callback"]},
			{"path": "appointments", "is": "count", "value": 0}, {"path": "do_not_call", "is": "=", "value": false}]'
		ELSE jsonb_build_array(jsonb_build_object('path', 'tools.' || substr(ends, 4), 'is', '=', 'value', 1))
			|| '[{"path": "appointments", "is": "count", "value": 0}]' END;
COMMENT ON FUNCTION voiceagent_private.expected_end(text, text) IS
	'What must hold when a shipped persona''s talk is over that is to end so (agreed, agreed_in_doubt, callback, '
	'refused, opted_out, wrong, left, nothing; in_ and a tool, for one that calls in), with an assistant of that '
	'objective.';

CREATE FUNCTION voiceagent.standard_callers(language text DEFAULT 'en', objective text DEFAULT 'appointment')
	RETURNS TABLE (name text, persona text, goal text, lines jsonb, faults jsonb, expect jsonb, variables jsonb)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
	SELECT p.name, p.persona, p.goal,
		(SELECT jsonb_agg(jsonb_build_object('turn', k.n, 'say', w.phrases -> substr(k.key, 2)) ORDER BY k.n)
			FROM string_to_table(p.lines, ' ') WITH ORDINALITY AS k(key, n))
		|| jsonb_build_array(
			jsonb_build_object('heard', w.phrases -> 'slot_words', 'say', w.phrases -> 'first', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'name_words', 'say', w.phrases -> 'me', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'else_words', 'say', w.phrases -> 'bye', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'right_words', 'say', w.phrases -> 'yes', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'email_words', 'say', w.phrases -> 'email', 'again', true),
			jsonb_build_object('heard', w.phrases -> 'time_words', 'say', w.phrases -> 'time', 'again', true),
			jsonb_build_object('say', w.phrases -> 'agree', 'again', true)),
		p.faults::jsonb, voiceagent_private.expected_end(p.ends, standard_callers.objective),
		jsonb_build_object('first_name', w.phrases -> 'name')
	FROM voiceagent_private.caller_personas() p
	CROSS JOIN (SELECT voiceagent_private.caller_phrases(standard_callers.language) AS phrases) w
	WHERE w.phrases IS NOT NULL AND (standard_callers.objective = 'reception') = starts_with(p.ends, 'in_')
$$;
COMMENT ON FUNCTION voiceagent.standard_callers(text, text) IS
	E'The scripted callers that are shipped for a language (en, es, fr, de) and an objective (appointment, lead, '
	'information, callback, custom; reception: they call in): what they say, what goes wrong, and what must hold at '
	'the end.\n'
	'No row for another language.';
