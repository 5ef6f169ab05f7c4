-- 48_script: the platform's fallback in German.

SELECT voiceagent_private.register_playbook('general', 'de',
	'Any outreach: say why you call, find out whether it fits, agree on the next step.',
	'Guten Tag, schön, dass ich Sie erreiche. Ich habe eine kurze Frage an Sie, es dauert keine Minute. Passt es '
		'gerade?',
	'Wir helfen Menschen in Ihrer Lage, und ich möchte herausfinden, ob wir auch Ihnen helfen können. Wenn es passt, '
		'ist '
		'der nächste Schritt ein kurzes Gespräch mit jemandem aus unserem Team, zu einer Zeit, die Ihnen recht ist. '
		'Wenn '
		'nicht, halte ich Sie nicht weiter auf.',
	'Möchten Sie das Gespräch gleich vereinbaren? Wir finden in einer halben Minute einen Termin.',
	ARRAY['Was ist Ihnen dabei im Moment am wichtigsten?', 'Wie lösen Sie das heute?',
		'Gibt es etwas, das sich für Sie ändern müsste?'],
	ARRAY['Ich habe keine Zeit.', 'Das verstehe ich. Wann passt es besser? Ich rufe dann an und fasse mich kurz.',
		'Ich habe kein Interesse.', 'In Ordnung, danke für die Offenheit. Liegt es am Zeitpunkt, oder ist das für Sie '
		'kein '
			'Thema?',
		'Schicken Sie mir eine E-Mail.', 'Gern. An welche Adresse, und welche Frage soll sie beantworten?',
		'Woher haben Sie meine Nummer?', 'Ihre Daten stehen in der Liste, die wir für diesen Anruf bekommen haben. '
		'Wenn Sie '
			'nicht mehr angerufen werden möchten, sagen Sie es mir, ich kümmere mich darum.'],
	ARRAY['Versprechen Sie nie einen Preis, einen Rabatt oder einen Termin, den man Ihnen nicht genannt hat.',
		'Bittet jemand, nicht mehr angerufen zu werden, bestätigen Sie es und verabschieden sich.',
		'Stellen Sie eine Frage auf einmal, und warten Sie die Antwort ab.']);
