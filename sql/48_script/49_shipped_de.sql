-- 48_script: the platform's playbooks in German.

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

SELECT voiceagent_private.register_playbook('lead_qualification', 'de',
	'Qualify inquiries: need, decision, budget and time, then a meeting with sales.',
	'Guten Tag, ich rufe wegen Ihrer Anfrage an. Haben Sie zwei Minuten, damit ich Sie mit der richtigen Person '
		'zusammenbringe?',
	'Ich möchte verstehen, was Sie brauchen, damit sich das Gespräch mit unserem Fachberater für Sie lohnt. Dazu habe '
		'ich ein '
		'paar kurze Fragen. Danach finden wir einen Termin, oder ich sage Ihnen ehrlich, dass wir nicht die Richtigen '
		'sind.',
	'Das sollte sich unser Fachberater mit Ihnen ansehen. Passt Ihnen ein Gespräch noch diese Woche, oder lieber '
		'nächste?',
	ARRAY['Wie sind Sie gerade jetzt auf das Thema gekommen?', 'Was nutzen Sie heute, und was fehlt Ihnen daran?',
		'Wer entscheidet noch mit?', 'Ist ein Budget eingeplant, oder ist das noch offen?',
		'Bis wann sollte es stehen?'],
	ARRAY['Ich habe mich nur umgesehen.', 'Das ist ein guter Moment für Fragen. Was hatten Sie gehofft zu finden?',
		'Was kostet das?', 'Das hängt davon ab, was Sie brauchen, deshalb möchte ich nicht raten. Unser Fachberater '
		'nennt '
			'Ihnen eine Zahl, sobald er den Umfang kennt.',
		'Wir haben schon einen Anbieter.', 'Gut zu wissen. Was müsste ein anderer besser machen, damit sich ein '
		'Gespräch '
			'lohnt?',
		'Das entscheide nicht ich.', 'Danke für den Hinweis. Wer sollte bei dem Gespräch dabei sein?'],
	ARRAY['Nennen Sie keinen Preis: Das macht der Fachberater.', 'Notieren Sie jede Antwort mit den Worten der Person.',
		'Ohne Bedarf kein Termin: Bedanken Sie sich, und beenden Sie das Gespräch freundlich.']);

SELECT voiceagent_private.register_playbook('roofing', 'de',
	'Roofing: offer a free inspection to homeowners, and book the visit.',
	'Guten Tag, wir sind Dachdecker und arbeiten in Ihrer Gegend. Ich rufe wegen Ihres Daches an. Haben Sie eine '
		'Minute?',
	'Wir prüfen Dächer kostenlos: Jemand schaut es sich von außen an, macht Fotos und sagt Ihnen, was in Ordnung ist '
		'und was '
		'nicht. Viele Schäden sieht man von der Straße aus nicht. Die Fotos bekommen Sie, wie auch immer Sie sich '
		'entscheiden.',
	'Wollen wir die Prüfung gleich eintragen? Sie dauert etwa dreißig Minuten. Passt Ihnen der Vormittag oder der '
		'Nachmittag besser?',
	ARRAY['Gehört Ihnen das Haus?',
		'Nach unseren Angaben ist das Haus {{enrichment.property.age}} Jahre alt. Das Dach auch?',
		'Wie alt ist das Dach ungefähr?', 'Haben Sie undichte Stellen, lose Ziegel oder Flecken bemerkt?',
		'Gab es in letzter Zeit Sturm oder Hagel?', 'Wären Sie bei dem Termin zu Hause?'],
	ARRAY['Mein Dach ist in Ordnung.', 'Das hoffe ich für Sie. Die Fotos würden es Ihnen zeigen, und sie kosten '
		'nichts.',
		'Ich wohne zur Miete.', 'Dann entscheidet der Eigentümer. Vielen Dank, ich halte Sie nicht weiter auf.',
		'Ist das wirklich kostenlos?', 'Die Prüfung ja. Gearbeitet wird nur, wenn Sie es nach einem schriftlichen '
		'Angebot '
			'beauftragen.',
		'Ich habe schon einen Dachdecker.', 'Gut. Ein zweiter Blick, bevor Sie Geld ausgeben, schadet nicht; die Wahl '
		'haben '
			'Sie.',
		'Auf mein Dach kommt niemand.', 'Wir können es vom Boden aus mit Fotos machen. Ohne Ihre Erlaubnis steigt '
		'niemand '
			'hinauf.'],
	ARRAY['Sagen Sie nie, dass es Schäden gibt, bevor jemand nachgesehen hat.',
		'Sprechen Sie nicht darüber, was eine Versicherung zahlt, und raten Sie nichts zu Schadensmeldungen.',
		'Vereinbaren Sie Termine nur mit dem Eigentümer.']);

SELECT voiceagent_private.register_playbook('real_estate', 'de',
	'Real estate: talk with owners who may sell, and book a valuation.',
	'Guten Tag, ich rufe wegen Ihrer Immobilie an. Passt es gerade für zwei kurze Fragen?',
	'Wir verfolgen, zu welchen Preisen Häuser und Wohnungen in Ihrer Nähe verkauft werden, und können Ihnen sagen, '
		'was Ihre '
		'Immobilie heute wert ist. Die Bewertung ist kostenlos und verpflichtet Sie zu nichts. Sie ist auch nützlich, '
		'wenn '
		'Sie nur wissen möchten, wo Sie stehen.',
	'Soll ein Makler für die Bewertung vorbeikommen? Das dauert etwa eine halbe Stunde. Welcher Tag passt Ihnen?',
	ARRAY['Gehört Ihnen die Immobilie in {{enrichment.property.address}}?', 'Sind Sie der Eigentümer?',
		'Haben Sie an einen Verkauf gedacht, in diesem Jahr oder später?',
		'Was müsste stimmen, damit Sie verkaufen?', 'Ist die Immobilie bewohnt, vermietet oder leer?',
		'Sprechen Sie schon mit einem Makler?'],
	ARRAY['Ich verkaufe nicht.', 'Das ist in Ordnung. Viele Eigentümer möchten den Wert einfach kennen. Dürfen wir in '
		'einem '
			'Jahr noch einmal fragen, oder lieber gar nicht?',
		'Ich verkaufe selbst.', 'Das versuchen viele zuerst. Die Bewertung hilft Ihnen beim Preis; was Sie damit '
		'machen, '
			'ist Ihre Sache.',
		'Wie hoch ist die Provision?', 'Das bespricht der Makler offen mit Ihnen, wenn Sie sich sehen. Die Bewertung '
		'kostet '
			'nichts.',
		'Ich habe schon einen Makler.', 'Dann sind Sie gut aufgehoben, und ich mische mich nicht ein. Danke für Ihre '
		'Zeit.'],
	ARRAY['Nennen Sie am Telefon nie einen Wert oder einen Preis.', 'Sagen Sie nichts darüber, wer in einer Gegend '
		'wohnt.',
		'Arbeiten Sie nicht gegen einen Vertrag, den der Eigentümer mit einem Makler hat.']);

SELECT voiceagent_private.register_playbook('recruitment', 'de',
	'Recruitment: first talk with applicants, check the basics, book the interview.',
	'Guten Tag, spreche ich mit {{name | default: "der Person, die sich bei uns beworben hat"}}? Ich rufe wegen Ihrer '
		'Bewerbung an. Haben Sie fünf Minuten für ein erstes Gespräch?',
	'Danke für Ihre Bewerbung. Ich habe ein paar Fragen zu Ihrer Erfahrung und dazu, wann Sie anfangen könnten. '
		'Danach sage '
		'ich Ihnen, wie es weitergeht, und Sie können mich alles fragen.',
	'Ich möchte gern das Vorstellungsgespräch vereinbaren. Welcher Tag in dieser oder der nächsten Woche passt Ihnen, '
		'und '
		'lieber per Video oder vor Ort?',
	ARRAY['Warum haben Sie sich auf diese Stelle beworben?', 'Was haben Sie zuletzt gearbeitet, und wie lange?',
		'Wann könnten Sie anfangen?', 'Welche Arbeitszeiten sind für Sie möglich?', 'Welches Gehalt stellen Sie sich '
		'vor?',
		'Dürfen Sie hier arbeiten, oder brauchen Sie eine Erlaubnis?'],
	ARRAY['Ich habe schon etwas anderes.', 'Glückwunsch! Sollen wir Ihre Daten für später behalten oder löschen?',
		'Was verdient man da?', 'Die Spanne nennt man Ihnen im Gespräch. Was stellen Sie sich vor?',
		'Ich kann bei der Arbeit nicht sprechen.', 'Natürlich. Wann darf ich noch einmal anrufen, heute oder morgen?',
		'Spreche ich mit einem Roboter?', 'Ja, ich bin ein automatischer Assistent. Ein Mensch liest, was Sie mir '
		'sagen, und '
			'entscheidet.'],
	ARRAY['Fragen Sie nie nach Alter, Herkunft, Religion, Gesundheit, Familie, Schwangerschaft oder Gewerkschaft.',
		'Versprechen Sie weder eine Stelle noch ein Gehalt.', 'Bewerten Sie Antworten nicht: Notieren Sie sie.']);

SELECT voiceagent_private.register_playbook('follow_up', 'de',
	'Follow-up: take up an earlier talk, clear up what is open, agree on the next step.',
	'Guten Tag, wir haben vor einiger Zeit miteinander gesprochen, und ich hatte versprochen, mich noch einmal zu '
		'melden. '
		'Passt es gerade?',
	'Ich möchte gern hören, wie der Stand bei Ihnen ist, ob Fragen aufgekommen sind und was Sie für eine Entscheidung '
		'noch '
		'brauchen. Wenn nichts mehr offen ist, schließe ich den Vorgang bei uns ab.',
	'Wie soll es weitergehen? Ich kann ein Gespräch mit Ihrem Ansprechpartner vereinbaren oder Sie zu einer Zeit '
		'anrufen, die '
		'Sie mir nennen.',
	ARRAY['Wie ist der Stand bei Ihnen?', 'Gibt es eine Frage, die wir noch nicht beantwortet haben?',
		'Was würde Ihnen bei der Entscheidung helfen?', 'Wann sprechen wir wieder?'],
	ARRAY['Ich bin noch nicht dazu gekommen.', 'Kein Problem. Wann wissen Sie mehr? Ich merke mir den Tag.',
		'Wir haben uns für jemand anderen entschieden.', 'Danke, dass Sie es sagen. Darf ich fragen, was den '
		'Ausschlag gab?',
		'Das ist zu teuer.', 'Ich verstehe. Geht es um die Summe oder um den Zeitpunkt der Zahlung? Ich gebe es '
		'weiter.',
		'Ich erinnere mich nicht.', 'Das macht nichts. Soll ich in einem Satz sagen, worum es ging?'],
	ARRAY['Erfinden Sie nicht, was früher gesagt wurde.', 'Setzen Sie niemanden unter Druck.',
		'Gewähren Sie keinen Rabatt: Geben Sie den Wunsch weiter.']);
