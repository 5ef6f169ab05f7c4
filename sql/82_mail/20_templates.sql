-- 82_mail: what mails say.

INSERT INTO voiceagent.mail_templates (kind, class, language, subject, body) VALUES
('password_reset', 'account', 'en', 'Set a new password',
	E'Somebody, most likely you, wants to set a new password for {{business}}.\n\n{{secret}}\n\n'
	'It can be used once, within an hour. If it was not you, do nothing: your password stays.'),
('password_reset', 'account', 'es', 'Establezca una contraseña nueva',
	E'Alguien, probablemente usted, quiere establecer una contraseña nueva para {{business}}.\n\n{{secret}}\n\n'
	'Sirve una sola vez, durante una hora. Si no ha sido usted, no haga nada: su contraseña no cambia.'),
('password_reset', 'account', 'fr', 'Choisissez un nouveau mot de passe',
	E'Quelqu''un, sans doute vous, veut choisir un nouveau mot de passe pour {{business}}.\n\n{{secret}}\n\n'
	'Cela sert une seule fois, pendant une heure. Si ce n''était pas vous, ne faites rien : rien ne change.'),
('password_reset', 'account', 'de', 'Neues Passwort festlegen',
	E'Jemand, wahrscheinlich Sie, möchte ein neues Passwort für {{business}} festlegen.\n\n{{secret}}\n\n'
	'Das geht einmal, innerhalb einer Stunde. Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt.'),
('confirm_address', 'account', 'en', 'Is this your address?',
	E'{{business}} may mail you notices once you have confirmed this address:\n\n{{secret}}\n\nIf it was not you, '
	'do nothing.'),
('confirm_address', 'account', 'es', '¿Es esta su dirección?',
	E'{{business}} podrá enviarle avisos cuando haya confirmado esta dirección:\n\n{{secret}}\n\nSi no ha sido '
	'usted, no haga nada.'),
('confirm_address', 'account', 'fr', 'Est-ce votre adresse ?',
	E'{{business}} pourra vous écrire quand vous aurez confirmé cette adresse :\n\n{{secret}}\n\nSi ce n''était pas '
	'vous, ne faites rien.'),
('confirm_address', 'account', 'de', 'Ist das Ihre Adresse?',
	E'{{business}} kann Ihnen Hinweise schicken, wenn Sie diese Adresse bestätigt haben:\n\n{{secret}}\n\nWenn Sie '
	'es nicht waren, tun Sie nichts.'),
('invitation', 'account', 'en', 'You are invited to {{business}}',
	E'{{inviter}} invites you to work with {{business}}. Choose a password here:\n\n{{secret}}\n\n'
	'It can be used once, within seven days.'),
('invitation', 'account', 'es', 'Invitación a {{business}}',
	E'{{inviter}} le invita a trabajar con {{business}}. Elija aquí una contraseña:\n\n{{secret}}\n\n'
	'Sirve una sola vez, durante siete días.'),
('invitation', 'account', 'fr', 'Invitation à {{business}}',
	E'{{inviter}} vous invite à travailler avec {{business}}. Choisissez ici un mot de passe :\n\n{{secret}}\n\n'
	'Cela sert une seule fois, pendant sept jours.'),
('invitation', 'account', 'de', 'Einladung zu {{business}}',
	E'{{inviter}} lädt Sie ein, mit {{business}} zu arbeiten. Legen Sie hier ein Passwort fest:\n\n{{secret}}\n\n'
	'Das geht einmal, innerhalb von sieben Tagen.'),
('information', 'service', 'en', 'What you asked for: {{topic}}',
	E'You asked {{business}} on the telephone for information.\n\n{{information}}\n\n{{business}}'),
('information', 'service', 'es', 'Lo que ha pedido: {{topic}}',
	E'Ha pedido información por teléfono a {{business}}.\n\n{{information}}\n\n{{business}}'),
('information', 'service', 'fr', 'Ce que vous avez demandé : {{topic}}',
	E'Vous avez demandé des informations par téléphone à {{business}}.\n\n{{information}}\n\n{{business}}'),
('information', 'service', 'de', 'Was Sie wissen wollten: {{topic}}',
	E'Sie haben {{business}} am Telefon um Informationen gebeten.\n\n{{information}}\n\n{{business}}'),
('news', 'marketing', 'en', '{{subject}}', E'{{text}}\n\n{{business}}\n\nNo more of these: {{secret}}'),
('news', 'marketing', 'es', '{{subject}}', E'{{text}}\n\n{{business}}\n\nNo recibir más: {{secret}}'),
('news', 'marketing', 'fr', '{{subject}}', E'{{text}}\n\n{{business}}\n\nNe plus en recevoir : {{secret}}'),
('news', 'marketing', 'de', '{{subject}}', E'{{text}}\n\n{{business}}\n\nKeine weiteren: {{secret}}'),
('appointment_confirmed', 'service', 'en', 'Your appointment with {{business}}',
	'Your appointment with {{business}} is confirmed: {{when}}.'),
('appointment_confirmed', 'service', 'es', 'Su cita con {{business}}',
	'Su cita con {{business}} está confirmada: {{when}}.'),
('appointment_confirmed', 'service', 'fr', 'Votre rendez-vous avec {{business}}',
	'Votre rendez-vous avec {{business}} est confirmé : {{when}}.'),
('appointment_confirmed', 'service', 'de', 'Ihr Termin bei {{business}}',
	'Ihr Termin bei {{business}} ist bestätigt: {{when}}.'),
('appointment_moved', 'service', 'en', 'Moved: your appointment with {{business}}',
	'Your appointment with {{business}} has a new time: {{when}}.'),
('appointment_moved', 'service', 'es', 'Cambio de su cita con {{business}}',
	'Su cita con {{business}} tiene una hora nueva: {{when}}.'),
('appointment_moved', 'service', 'fr', 'Déplacé : votre rendez-vous avec {{business}}',
	'Votre rendez-vous avec {{business}} a une nouvelle heure : {{when}}.'),
('appointment_moved', 'service', 'de', 'Verschoben: Ihr Termin bei {{business}}',
	'Ihr Termin bei {{business}} hat eine neue Zeit: {{when}}.'),
('appointment_canceled', 'service', 'en', 'Canceled: your appointment with {{business}}',
	'Your appointment with {{business}} is canceled: {{when}}.'),
('appointment_canceled', 'service', 'es', 'Anulada: su cita con {{business}}',
	'Su cita con {{business}} queda anulada: {{when}}.'),
('appointment_canceled', 'service', 'fr', 'Annulé : votre rendez-vous avec {{business}}',
	'Votre rendez-vous avec {{business}} est annulé : {{when}}.'),
('appointment_canceled', 'service', 'de', 'Abgesagt: Ihr Termin bei {{business}}',
	'Ihr Termin bei {{business}} ist abgesagt: {{when}}.');
