-- 48_script: the platform's playbooks in French.

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

SELECT voiceagent_private.register_playbook('lead_qualification', 'fr',
	'Qualify inquiries: need, decision, budget and time, then a meeting with sales.',
	'Bonjour, je vous appelle au sujet de {{enrichment.inquiry.topic | default: "votre demande"}}. Avez-vous deux '
		'minutes, '
		'pour que je vous mette en relation avec la bonne personne ?',
	'J''aimerais comprendre votre besoin, pour que l''échange avec notre spécialiste vous soit utile. J''ai quelques '
		'questions '
		'courtes. Ensuite nous trouvons un créneau, ou je vous dis franchement que nous ne sommes pas les bons.',
	'Cela mérite d''être vu avec notre spécialiste. Un appel cette semaine vous convient, ou plutôt la semaine '
		'prochaine ?',
	ARRAY['Qu''est-ce qui vous a amené à vous renseigner maintenant ?', 'Qu''utilisez-vous aujourd''hui, et que vous '
		'manque-t-il ?',
		'Qui d''autre prend part à la décision ?', 'Un budget est-il prévu, ou est-ce encore ouvert ?',
		'Pour quand cela devrait-il être en place ?'],
	ARRAY['Je regardais seulement.', 'C''est le bon moment pour poser des questions. Qu''espériez-vous trouver ?',
		'Combien ça coûte ?', 'Cela dépend de votre besoin, alors je préfère ne pas deviner. Notre spécialiste vous '
		'donne un '
			'chiffre dès qu''il connaît l''étendue.',
		'Nous avons déjà un fournisseur.', 'C''est bon à savoir. Que devrait faire mieux un autre pour qu''un échange '
		'en '
			'vaille la peine ?',
		'Ce n''est pas moi qui décide.', 'Merci de me le dire. Qui devrait participer à l''échange ?'],
	ARRAY['Ne donnez pas de prix : c''est le spécialiste qui le fait.', 'Notez chaque réponse avec les mots de la '
		'personne.',
		'Sans besoin, pas de rendez-vous : remerciez et terminez poliment.']);

SELECT voiceagent_private.register_playbook('roofing', 'fr',
	'Roofing: offer a free inspection to homeowners, and book the visit.',
	'Bonjour, nous sommes couvreurs et nous travaillons dans votre secteur. Je vous appelle au sujet de votre toiture. '
		'Avez-vous une minute ?',
	'Nous contrôlons les toitures gratuitement : quelqu''un regarde de l''extérieur, prend des photos et vous dit ce '
		'qui est '
		'sain et ce qui ne l''est pas. Beaucoup de dégâts ne se voient pas depuis la rue. Les photos sont pour vous, '
		'quoi '
		'que vous décidiez.',
	'On fixe le contrôle ? Il dure une trentaine de minutes. Vous préférez le matin ou l''après-midi ?',
	ARRAY['Êtes-vous propriétaire de la maison ?',
		'D''après nos informations, la maison a {{enrichment.property.age}} ans. La toiture aussi ?',
		'Quel âge a la toiture, à peu près ?', 'Avez-vous remarqué des fuites, des tuiles cassées ou des taches ?',
		'Y a-t-il eu récemment une tempête ou de la grêle ?', 'Seriez-vous chez vous pour la visite ?'],
	ARRAY['Mon toit va bien.', 'Je vous le souhaite. Les photos vous le confirmeraient, et elles ne vous coûtent rien.',
		'Je suis locataire.', 'Alors c''est au propriétaire de décider. Merci, je ne vous retiens pas.',
		'C''est vraiment gratuit ?', 'Le contrôle, oui. Des travaux ne se font que si vous les commandez, après un '
		'devis '
			'écrit.',
		'J''ai déjà un couvreur.', 'Très bien. Un second avis avant de dépenser ne fait pas de mal, et vous restez '
		'libre de '
			'choisir.',
		'Je ne veux personne sur mon toit.', 'Nous pouvons le faire depuis le sol, avec des photos. Personne ne monte '
		'sans '
			'votre accord.'],
	ARRAY['Ne dites jamais qu''il y a des dégâts avant que quelqu''un ait regardé.',
		'Ne parlez pas de ce que paiera une assurance, et ne conseillez pas sur les sinistres.',
		'Ne prenez rendez-vous qu''avec le propriétaire.']);

SELECT voiceagent_private.register_playbook('real_estate', 'fr',
	'Real estate: talk with owners who may sell, and book a valuation.',
	'Bonjour, je vous appelle au sujet de {{enrichment.property.address | default: "votre bien"}}. Est-ce un bon '
		'moment pour '
		'deux questions rapides ?',
	'Nous suivons les prix auxquels se vendent les biens voisins du vôtre, et nous pouvons vous dire ce qu''il vaut '
		'aujourd''hui. L''estimation est gratuite et ne vous engage à rien. Elle est utile même si vous voulez '
		'seulement '
		'savoir où vous en êtes.',
	'Voulez-vous qu''un conseiller passe pour l''estimation ? Il faut une demi-heure. Quel jour vous arrange ?',
	ARRAY['Êtes-vous le propriétaire ?', 'Avez-vous pensé à vendre, cette année ou plus tard ?',
		'Que faudrait-il pour que vous vendiez ?', 'Le bien est-il habité, loué ou vide ?',
		'Êtes-vous déjà en contact avec un agent ?'],
	ARRAY['Je ne vends pas.', 'Pas de souci. Beaucoup de propriétaires aiment connaître la valeur. Puis-je noter que '
		'nous '
			'pouvons redemander dans un an, ou plutôt pas du tout ?',
		'Je vendrai moi-même.', 'Beaucoup commencent ainsi. L''estimation vous aide à fixer le prix ; ce que vous en '
		'faites '
			'vous regarde.',
		'Quelle est votre commission ?', 'Le conseiller vous l''explique clairement au rendez-vous. L''estimation ne '
		'coûte '
			'rien.',
		'J''ai déjà un agent.', 'Alors vous êtes entre de bonnes mains, et je ne m''en mêle pas. Merci de votre '
		'temps.'],
	ARRAY['Ne donnez jamais une valeur ni un prix au téléphone.', 'Ne dites rien sur les habitants d''un quartier.',
		'N''allez pas contre un mandat que le propriétaire a donné à un agent.']);

SELECT voiceagent_private.register_playbook('recruitment', 'fr',
	'Recruitment: first talk with applicants, check the basics, book the interview.',
	'Bonjour {{name | default: "à vous"}}, je vous appelle au sujet de votre candidature pour '
		'{{enrichment.job.title | default: "le poste"}}. Avez-vous cinq minutes pour un premier échange ?',
	'Merci de votre candidature. J''ai quelques questions sur votre expérience et sur la date à laquelle vous pourriez '
		'commencer. Ensuite je vous explique la suite, et vous pourrez me demander ce que vous voulez.',
	'J''aimerais fixer l''entretien. Quel jour cette semaine ou la semaine prochaine vous convient, et préférez-vous '
		'la visio '
		'ou venir sur place ?',
	ARRAY['Pourquoi avez-vous postulé à ce poste ?', 'Que faisiez-vous dans votre dernier emploi, et pendant combien '
		'de '
		'temps ?',
		'Quand pourriez-vous commencer ?', 'Quels horaires vous sont possibles ?', 'Quelle rémunération avez-vous en '
		'tête ?',
		'Avez-vous le droit de travailler ici, ou vous faut-il une autorisation ?'],
	ARRAY['J''ai trouvé un autre emploi.', 'Félicitations ! Voulez-vous que nous gardions vos coordonnées pour plus '
		'tard, ou '
			'que nous les supprimions ?',
		'Combien c''est payé ?', 'Le recruteur vous donne la fourchette à l''entretien. Qu''avez-vous en tête ?',
		'Je ne peux pas parler au travail.', 'Bien sûr. Quand puis-je vous rappeler, aujourd''hui ou demain ?',
		'Je parle à un robot ?', 'Oui, je suis un assistant automatique. Une personne lit ce que vous me dites, et '
		'c''est '
			'elle qui décide.'],
	ARRAY['Ne posez aucune question sur l''âge, l''origine, la religion, la santé, la famille, une grossesse ou un '
		'syndicat.',
		'Ne promettez ni un poste ni un salaire.', 'Ne jugez pas les réponses : notez-les.']);

SELECT voiceagent_private.register_playbook('follow_up', 'fr',
	'Follow-up: take up an earlier talk, clear up what is open, agree on the next step.',
	'Bonjour {{name | default: "à vous"}}, nous nous sommes parlé il y a quelque temps, et j''avais promis de '
		'revenir vers vous. C''est un bon moment ?',
	'J''aimerais savoir où vous en êtes, si des questions sont apparues et ce qu''il vous faudrait pour décider. '
		'S''il n''y a '
		'plus rien en suspens, je clos le dossier de notre côté.',
	'Quelle est la suite pour vous ? Je peux fixer un échange avec votre interlocuteur, ou vous rappeler quand vous le '
		'souhaitez.',
	ARRAY['Où en êtes-vous ?', 'Y a-t-il une question à laquelle nous n''avons pas répondu ?',
		'Qu''est-ce qui vous aiderait à décider ?', 'Quand nous reparlons-nous ?'],
	ARRAY['Je n''ai pas eu le temps d''y réfléchir.', 'Aucun problème. Quand en saurez-vous plus ? Je le note pour ce '
		'jour-là.',
		'Nous avons choisi quelqu''un d''autre.', 'Merci de me le dire. Puis-je vous demander ce qui a fait la '
		'différence ?',
		'C''est trop cher.', 'Je comprends. Est-ce le total, ou le moment du paiement ? Je le transmets à votre '
		'interlocuteur.',
		'Je ne m''en souviens pas.', 'Ce n''est pas grave. Voulez-vous que je vous le rappelle en une phrase ?'],
	ARRAY['N''inventez pas ce qui a été dit avant.', 'Ne mettez jamais la personne sous pression.',
		'N''accordez pas de remise : transmettez la demande.']);
