-- 48_script: the platform's fallback in French.

SELECT voiceagent_private.register_playbook('general', 'fr',
	'Any outreach: say why you call, find out whether it fits, agree on the next step.',
	'Bonjour {{name | default: "à vous"}}, merci de me répondre. J''ai une question rapide, une minute pas plus. Je '
		'vous '
		'dérange, ou vous pouvez parler ?',
	'Nous accompagnons des personnes dans votre situation, et j''aimerais savoir si nous pouvons vous être utiles. Si '
		'c''est '
		'le cas, la suite est un court échange avec quelqu''un de notre équipe, à l''heure qui vous arrange. Sinon, '
		'je ne '
		'vous retiens pas plus longtemps.',
	'Voulez-vous que nous fixions cet échange maintenant ? On trouve un horaire ensemble en trente secondes.',
	ARRAY['Qu''est-ce qui compte le plus pour vous en ce moment ?', 'Comment faites-vous aujourd''hui ?',
		'Y a-t-il quelque chose qui devrait changer pour vous ?'],
	ARRAY['Je n''ai pas le temps.', 'Je comprends. Quel moment vous conviendrait mieux ? Je vous rappelle et je serai '
		'bref.',
		'Ça ne m''intéresse pas.', 'Très bien, merci de me le dire. C''est une question de moment, ou pas un sujet '
		'pour '
			'vous ?',
		'Envoyez-moi un e-mail.', 'Volontiers. À quelle adresse, et à quelle question doit-il répondre ?',
		'Où avez-vous eu mon numéro ?', 'Vos coordonnées figurent dans la liste qui nous a été remise pour cet appel. '
		'Si '
			'vous ne souhaitez plus être appelé, dites-le-moi et j''y veille.'],
	ARRAY['Ne promettez jamais un prix, une remise ou une date que l''on ne vous a pas donnés.',
		'Si la personne demande à ne plus être appelée, confirmez-le et prenez congé.',
		'Posez une seule question à la fois, et attendez la réponse.']);
