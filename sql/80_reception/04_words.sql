-- 80_reception: what a tool answers, in the assistant's language: one short sentence, times by the calendar's clock.

CREATE FUNCTION voiceagent_private.listing_sentences() RETURNS TABLE (key text, en text, es text, fr text, de text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
	VALUES
	('listings', 'On offer: << %s >>.', 'En oferta: << %s >>.', 'Proposé : << %s >>.', 'Im Angebot: << %s >>.'),
	('more_listings', 'On offer, and perhaps more: << %s >>.',
		'En oferta, y quizá más: << %s >>.',
		'Proposé, et peut-être d''autres : << %s >>.',
		'Im Angebot, und vielleicht mehr: << %s >>.'),
	('some_listings', 'Not all was searched; on offer: << %s >>.',
		'No se buscó en todo; en oferta: << %s >>.',
		'Tout n''a pas été parcouru ; proposé : << %s >>.',
		'Nicht alles wurde durchsucht; im Angebot: << %s >>.'),
	('no_listings', 'Nothing on offer suits.',
		'Nada en oferta encaja.',
		'Rien de proposé ne convient.',
		'Nichts im Angebot passt.'),
	('search_stopped', 'Not all was searched. Ask for more details.',
		'No se buscó en todo. Pide más detalles.',
		'Tout n''a pas été parcouru. Demande plus de détails.',
		'Nicht alles wurde durchsucht. Frag nach mehr Einzelheiten.'),
	('no_listing', 'There is no such listing on offer.',
		'No hay tal cosa en oferta.',
		'Cette offre n''existe pas.',
		'Dieses Angebot gibt es nicht.'),
	('profiles', 'Ask which kind it is: << %s >>.',
		'Pregunta de qué tipo: << %s >>.',
		'Demande de quel genre : << %s >>.',
		'Frag nach der Art: << %s >>.'),
	('filters', 'That is no filter. The attributes are: << %s >>.',
		'No es un filtro. Los atributos son: << %s >>.',
		'Ce n''est pas un filtre. Les attributs sont : << %s >>.',
		'Das ist kein Filter. Die Merkmale sind: << %s >>.')
$$;
COMMENT ON FUNCTION voiceagent_private.listing_sentences() IS 'Those of tool_words() that tell of listings.';

CREATE FUNCTION voiceagent_private.transfer_sentences() RETURNS TABLE (key text, en text, es text, fr text, de text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
	VALUES
	('transfer', 'The caller is being put through, unannounced.', 'Se está pasando la llamada, sin anunciarla.',
		'La personne est mise en relation, sans être annoncée.', 'Der Anruf wird verbunden, ohne Ankündigung.'),
	('transfer_to', 'The caller is being put through to %s, unannounced.',
		'Se está pasando la llamada a %s, sin anunciarla.',
		'La personne est mise en relation avec %s, sans être annoncée.',
		'Der Anruf wird mit %s verbunden, ohne Ankündigung.'),
	('transfer_warm', 'The caller is being put through, and announced first.',
		'Se está pasando la llamada, y antes se anuncia.',
		'La personne est mise en relation, après avoir été annoncée.',
		'Der Anruf wird verbunden und zuvor angekündigt.'),
	('transfer_warm_to', 'The caller is being put through to %s, and announced first.',
		'Se está pasando la llamada a %s, y antes se anuncia.',
		'La personne est mise en relation avec %s, après avoir été annoncée.',
		'Der Anruf wird mit %s verbunden und zuvor angekündigt.'),
	('transfer_said', 'One moment, I am putting you through.', 'Un momento, le paso.',
		'Un instant, je vous mets en relation.', 'Einen Moment, ich verbinde Sie.'),
	('barred', 'That telephone must not be rung. Say that nobody can be reached, and offer to take a message.',
		'A ese teléfono no se puede llamar. Di que no se localiza a nadie y ofrece tomar un mensaje.',
		'Ce téléphone ne doit pas sonner. Dis que personne n''est joignable, et propose de prendre un message.',
		'Dieses Telefon darf nicht klingeln. Sag, dass niemand zu erreichen ist, und biete eine Nachricht an.'),
	('skills', 'Nobody does that. Ask which it is: %s.', 'Nadie se ocupa de eso. Pregunta cuál es: %s.',
		'Personne ne s''occupe de cela. Demande lequel : %s.', 'Dafür ist niemand da. Frag, worum es geht: %s.'),
	('whisper', 'Call from %s.', 'Llamada de %s.', 'Appel de %s.', 'Anruf von %s.'),
	('whisper_about', 'Call from %s. It is about: %s.', 'Llamada de %s. Se trata de: %s.',
		'Appel de %s. Il s''agit de : %s.', 'Anruf von %s. Es geht um: %s.')
$$;
COMMENT ON FUNCTION voiceagent_private.transfer_sentences() IS
	'Those of tool_words() about putting a caller through, and what is said to it and to whoever takes it.';

CREATE FUNCTION voiceagent_private.information_sentences() RETURNS TABLE (key text, en text, es text, fr text, de text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 3 AS $$
	VALUES
	('information', 'Noted. It is sent after the call, or a person sees to it.',
		'Anotado. Se envía después de la llamada, o lo hace una persona.',
		'C''est noté. L''envoi se fait après l''appel, ou une personne s''en charge.',
		'Notiert. Es wird nach dem Gespräch geschickt, oder ein Mensch kümmert sich darum.'),
	('no_email', 'No e-mail address is known. Ask for it.', 'No se conoce ningún correo. Pídelo.',
		'Aucune adresse e-mail n''est connue. Demande-la.', 'Es ist keine E-Mail-Adresse bekannt. Frag danach.'),
	('email', 'That is no e-mail address. Ask for it again.', 'Eso no es un correo. Pídelo otra vez.',
		'Ce n''est pas une adresse e-mail. Redemande-la.', 'Das ist keine E-Mail-Adresse. Frag noch einmal.')
$$;
COMMENT ON FUNCTION voiceagent_private.information_sentences() IS 'Those of tool_words() about what is to be sent.';

CREATE FUNCTION voiceagent_private.callback_sentences() RETURNS TABLE (key text, en text, es text, fr text, de text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6 AS $$
	VALUES
	('call_back', 'A call back is noted: %s.', 'Se ha anotado una llamada: %s.', 'Un rappel est noté : %s.',
		'Ein Rückruf ist notiert: %s.'),
	('call_back_soon', 'A call back is noted.', 'Se ha anotado una llamada.', 'Un rappel est noté.',
		'Ein Rückruf ist notiert.'),
	('call_back_later', 'No call may be made at that hour. A call back is noted for the next one: %s. Say so.',
		'A esa hora no se puede llamar. Se ha anotado una llamada para la siguiente: %s. Dilo.',
		'À cette heure, aucun appel n''est permis. Un rappel est noté pour la suivante : %s. Dis-le.',
		'Zu dieser Stunde darf nicht angerufen werden. Ein Rückruf ist für die nächste notiert: %s. Sag das.'),
	('no_call_back', 'That number must not be called. Offer to take a message.',
		'A ese número no se puede llamar. Ofrece tomar un mensaje.',
		'Ce numéro ne doit pas être appelé. Propose de prendre un message.',
		'Diese Nummer darf nicht angerufen werden. Biete an, eine Nachricht aufzunehmen.'),
	('day', 'Ask for the day and the hour.', 'Pregunta el día y la hora.', 'Demande le jour et l''heure.',
		'Frag nach Tag und Uhrzeit.'),
	('hour', 'Ask for the hour.', 'Pregunta a qué hora.', 'Demande à quelle heure.', 'Frag nach der Uhrzeit.')
$$;
COMMENT ON FUNCTION voiceagent_private.callback_sentences() IS 'Those of tool_words() about calls back.';

CREATE FUNCTION voiceagent_private.tool_words(key text, language text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE lower(split_part(language, '-', 1)) WHEN 'es' THEN w.es WHEN 'fr' THEN w.fr WHEN 'de' THEN w.de
		ELSE w.en END
	FROM (VALUES
		('over', 'This call is over.', 'Esta llamada ha terminado.', 'Cet appel est terminé.',
			'Dieses Gespräch ist beendet.'),
		('failed', 'That did not work. Offer to take a message.', 'No ha funcionado. Ofrece tomar un mensaje.',
			'Cela n''a pas marché. Propose de prendre un message.',
			'Das hat nicht geklappt. Biete an, eine Nachricht aufzunehmen.'),
		('moment', 'One moment, please. Say so, and try the same again.',
			'Un momento, por favor. Dilo e inténtalo otra vez.',
			'Un instant, s''il vous plaît. Dis-le, et réessaie.',
			'Einen Moment bitte. Sag das, und versuch dasselbe noch einmal.'),
		('unknown', 'There is no such tool.', 'No existe esa herramienta.', 'Cet outil n''existe pas.',
			'Dieses Werkzeug gibt es nicht.'),
		('many', 'No more can be done in this call. Offer to take leave.',
			'No se puede hacer más en esta llamada. Despídete.',
			'Rien de plus n''est possible dans cet appel. Prends congé.',
			'In diesem Gespräch geht nichts mehr. Verabschiede dich.'),
		('missing', 'Ask for it first: %s.', 'Pregúntalo primero: %s.', 'Demande d''abord : %s.',
			'Frag zuerst danach: %s.'),
		('long', 'That was too long. Say it in fewer words: %s.', 'Era demasiado largo. Dilo con menos palabras: %s.',
			'C''était trop long. Dis-le en moins de mots : %s.', 'Das war zu lang. Fass dich kürzer: %s.'),
		('when', 'The time was not understood. Ask for the day and the hour.',
			'No se entendió la hora. Pregunta el día y la hora.',
			'L''heure n''a pas été comprise. Demande le jour et l''heure.',
			'Die Zeit war nicht zu verstehen. Frag nach Tag und Uhrzeit.'),
		('free', 'Free: %s.', 'Libre: %s.', 'Libre : %s.', 'Frei: %s.'),
		('none_free', 'Nothing is free then.', 'No hay nada libre entonces.', 'Rien n''est libre à ce moment-là.',
			'Dann ist nichts frei.'),
		('cannot', 'That time cannot be booked. %s', 'Esa hora no se puede reservar. %s',
			'Cette heure ne peut pas être réservée. %s', 'Diese Zeit lässt sich nicht buchen. %s'),
		('taken', '%s is taken. %s', '%s está ocupado. %s', '%s est pris. %s', '%s ist vergeben. %s'),
		('confirmed', 'Booked: %s.', 'Reservado: %s.', 'Réservé : %s.', 'Gebucht: %s.'),
		('pending', 'Noted: %s. A person has yet to confirm it.', 'Anotado: %s. Una persona aún debe confirmarlo.',
			'Noté : %s. Une personne doit encore confirmer.', 'Vorgemerkt: %s. Ein Mensch muss es noch bestätigen.'),
		('held', 'Kept for the caller, and not booked yet: %s.', 'Apartado y aún sin reservar: %s.',
			'Gardé pour la personne, pas encore réservé : %s.', 'Freigehalten und noch nicht gebucht: %s.'),
		('canceled', 'Canceled: %s.', 'Cancelado: %s.', 'Annulé : %s.', 'Abgesagt: %s.'),
		('booked_already', 'This call has an appointment already. It can be moved.',
			'Esta llamada ya tiene una cita. Se puede mover.', 'Cet appel a déjà un rendez-vous. On peut le déplacer.',
			'Zu diesem Gespräch gibt es schon einen Termin. Er lässt sich verlegen.'),
		('no_booking', 'There is no booking under that name and day.', 'No hay ninguna reserva con ese nombre y día.',
			'Il n''y a pas de réservation à ce nom et à ce jour.', 'Unter diesem Namen und Tag gibt es keine Buchung.'),
		('tried_enough', 'That was tried often enough. Offer a person, or to take a message.',
			'Ya se ha intentado bastante. Ofrece una persona o tomar un mensaje.',
			'On a assez essayé. Propose une personne, ou de prendre un message.',
			'Das wurde oft genug versucht. Biete einen Menschen an, oder eine Nachricht.'),
		('full', 'No more can be noted now. Say so, and offer a person.',
			'Ahora no se puede anotar nada más. Dilo y ofrece una persona.',
			'Rien de plus ne peut être noté. Dis-le, et propose une personne.',
			'Mehr lässt sich jetzt nicht notieren. Sag das, und biete einen Menschen an.'),
		('contact', 'No number is known. Ask for a telephone number.', 'No se conoce ningún número. Pide un teléfono.',
			'Aucun numéro n''est connu. Demande un numéro.', 'Es ist keine Nummer bekannt. Frag nach einer.'),
		('number', 'That is no telephone number. Ask for it again.', 'Eso no es un teléfono. Pídelo otra vez.',
			'Ce n''est pas un numéro. Redemande-le.', 'Das ist keine Telefonnummer. Frag noch einmal.'),
		('message', 'The message is noted.', 'El mensaje queda anotado.', 'Le message est noté.',
			'Die Nachricht ist notiert.'),
		('offer', 'The offer is noted: %s. A person will answer it.',
			'La oferta queda anotada: %s. Una persona responderá.',
			'L''offre est notée : %s. Une personne y répondra.',
			'Das Angebot ist notiert: %s. Ein Mensch antwortet darauf.'),
		('amount', 'That is no amount. Ask for the amount and the currency.',
			'Eso no es una cantidad. Pregunta la cantidad y la moneda.',
			'Ce n''est pas un montant. Demande le montant et la monnaie.',
			'Das ist kein Betrag. Frag nach Betrag und Währung.'),
		('nobody', 'Nobody can take the call now. Offer to take a message.',
			'Nadie puede atender ahora. Ofrece tomar un mensaje.',
			'Personne ne peut prendre l''appel. Propose de prendre un message.',
			'Gerade kann niemand übernehmen. Biete an, eine Nachricht aufzunehmen.'),
		('opt_out', 'The number is on the do-not-call list. Confirm it, and take leave.',
			'El número está en la lista de no llamar. Confírmalo y despídete.',
			'Le numéro est sur la liste d''opposition. Confirme-le, et prends congé.',
			'Die Nummer steht auf der Sperrliste. Bestätige das und verabschiede dich.'),
		('unknown_answer', 'The documents do not say.', 'Los documentos no lo dicen.',
			'Les documents ne le disent pas.', 'Die Unterlagen sagen es nicht.'),
		('no_answer', 'That cannot be looked up now. Say so, and offer to take a message.',
			'Ahora no se puede consultar. Dilo y ofrece tomar un mensaje.',
			'Cela ne peut pas être consulté maintenant. Dis-le, et propose de prendre un message.',
			'Das lässt sich gerade nicht nachsehen. Sag das, und biete an, eine Nachricht aufzunehmen.'),
		('own_answer', 'The answer is: << %s >>', 'La respuesta es: << %s >>', 'La réponse est : << %s >>',
			'Die Antwort ist: << %s >>'),
		('knowledge', 'The documents say: << %s >>', 'Los documentos dicen: << %s >>',
			'Les documents disent : << %s >>', 'Die Unterlagen sagen: << %s >>')
		UNION ALL SELECT l.key, l.en, l.es, l.fr, l.de FROM voiceagent_private.listing_sentences() l
		UNION ALL SELECT t.key, t.en, t.es, t.fr, t.de FROM voiceagent_private.transfer_sentences() t
		UNION ALL SELECT c.key, c.en, c.es, c.fr, c.de FROM voiceagent_private.callback_sentences() c
		UNION ALL SELECT s.key, s.en, s.es, s.fr, s.de FROM voiceagent_private.information_sentences() s)
		AS w(key, en, es, fr, de)
	WHERE w.key = tool_words.key
$$;
COMMENT ON FUNCTION voiceagent_private.tool_words(text, text) IS
	'A sentence for the result of a tool, in the language of a BCP 47 tag (en, es, fr, de, else English); %s: what '
	'comes into it.';
