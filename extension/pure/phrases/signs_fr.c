/*-------------------------------------------------------------------------
 * signs_fr.c
 *		French: objections, wants, moods and ends of talks on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/signs_words.h"

static const VaIntentPattern patterns[] = {
	{ ROBOT, "etes|es|vous|tu|cest|est|seriez|cetait ?vous|tu|ce ?etes|es ?pas ?encore|que ?un|une|des|ces ?vrai|vraie "
			 "robot|robots|machine|ordinateur|humain|humaine|ia|repondeur|bot|automate" },
	{ ROBOT, "cest encore|pas ?un|une|des|ces robot|robots|machine|repondeur|disque" },
	{ ROBOT, "parle|discute|parler|cause je|encore|a|avec|que ?bien ?a|avec ?un|une|des "
			 "vrai|robot|machine|ordinateur|humain|bot|vraie "
			 "?personne|humain" },
	{ ROBOT, "parle|parler|cause a|avec un|une|des robot|machine|ordinateur|bot|repondeur" },
	{ ROBOT, "vous|tu|on ?me|dirait avez|as|etes|dirait|parlez ?lair|une|comme ?dun|voix|de|un "
			 "robot|machine|robotique|synthese" },
	{ ROBOT, "intelligence artificielle" },
	{ SOURCE,
		"comment|ou|dou|dou|qui ?est ?ce ?que|qui ?vous ?vous "
		"avez|as|a|tenez|tiens|sort|avoir|trouvez|connaissez|avez ?vous|tu|bien ?donne|eu|trouve|obtenu|recupere|pu "
		"?avoir mon|ce|notre|mes|nos|le|nom "
		"?numero|coordonnees|portable|nom|telephone|contact" },
	{ SOURCE, "ou est|avez|as ?ce ?que ?vous ?avez ?eu|trouve|pris mon|notre|mes numero|coordonnees|nom" },
	{ SOURCE, "qui vous a donne|file|communique|transmis" },
	{ TRUST, "cest|est|serait|cetait ?ce|pas ?pas|encore|bien ?une|un "
			 "arnaque|escroquerie|serieux|canular|blague|fraude|demarchage" },
	{ TRUST, "ca|cela sent|ressemble|sonne|a ?a ?lair|une ?dune|lair arnaque|larnaque|escroquerie|louche|bizarre" },
	{ TRUST, "nai|jai|pas ?pas confiance !en" },
	{ TRUST, "me|je mefie|mefie ?de" },
	{ TRUST, "fais|fait|faire pas confiance" },
	{ TRUST, "quest|qui ce|me qui|prouve|dit ?me ?prouve|garantit ?que" },
	{ PRICE, "trop|beaucoup|bien|tres|plutot|super|hyper|vachement|assez|drolement|un ?peu ?trop "
			 "cher|chere|chers|couteux|eleve|excessif" },
	{ PRICE, "cest|est|fait|revient|coute|parait|semble ?quand ?meme ?pas ?un ?peu cher|chere|hors" },
	{ PRICE, "hors de ?mon|notre prix|budget|portee|mes" },
	{ PRICE, "hors budget" },
	{ PRICE, "pas|ni ?vraiment|du|les|le|dans ?dans ?tout mon|le|les|notre|nos|mes ?budget moyens|budget|prix" },
	{ PRICE, "pas|plus les|assez|le moyens|dargent|argent|budget" },
	{ PRICE, "depasse|au|dessus ?dessus|dela ?de ?du mon|notre|le budget" },
	{ PRICE, "peux|pouvons|peut pas|plus ?me|nous|se ?le permettre|payer" },
	{ PRICE, "moins cher ?ailleurs|sur|chez|en" },
	{ PRICE, "plus que ?ce ?que *3 pensais|prevu|prevoyais|voulais|mettre|pensait|budget" },
	{ PRICE, "une fortune" },
	{ PRICE, "ca|cela fait ?quand ?meme beaucoup|cher|une ?fortune|somme" },
	{ HAVE_ONE, "jai|nous|on|ai ?ai|avons|a deja ?tout ?trouve|pris|signe|achete|choisi|reserve|commande|contacte "
				"?chez|avec "
				"un|une|quelquun|mon|ce|notre|tout|ailleurs|le|quil|ma|des|autre|lun" },
	{ HAVE_ONE, "jai|nous|on|ai ?ai|avons|a deja ?tout trouve|pris|signe|achete|choisi|reserve|commande !contact" },
	{ HAVE_ONE,
		"suis|sommes|est|reste|restons ?deja|tres|bien|chez ?bien|tres ?chez "
		"content|contente|contents|satisfait|satisfaite|satisfaits|equipe|equipee|equipes|fidele ?de|avec|comme ?mon" },
	{ HAVE_ONE, "suis|sommes|est deja chez|client|cliente|clients|engage|engagee|equipe|pourvu" },
	{ HAVE_ONE, "deja un|une|mon|quelquun "
				"?fournisseur|prestataire|agence|contrat|abonnement|autre|artisan|courtier|comptable|banquier" },
	{ HAVE_ONE, "pris|trouve|choisi|signe|parti|alles|partis quelquun|chez|avec|ailleurs|un|une ?quelquun "
				"?dautre|autre|concurrent" },
	{ PARTNER,
		"dois|doit|vais|faut|veux|faudrait|prefere|voudrais|devrais|besoin|aimerais "
		"?dabord|que|en|den|dy|jen|absolument "
		"?je|en|jen|dabord ?jen|en|dabord|a|la|avec "
		"parler|parle|discuter|voir|demander|demande|consulter|consulte|vois|discute ?ca|cela|dabord|avec|a|en|ce ?ca "
		"?avec|a|dabord ?avec mon|ma|mes|notre|le|la|au|nos "
		"mari|femme|conjoint|conjointe|epoux|epouse|patron|patronne|fils|fille|pere|mere|parents|associe|associee|"
		"famille|"
		"compagne|compagnon|copain|copine|avocat|comptable|proprietaire|chef|frere|soeur|enfants|direction" },
	{ PARTNER, "men|en|jen|je ?vais ?lui parle|parler|discute|discuter|vois|voir|demande|demander ?dabord ?dabord ?ca "
			   "a|avec mon|ma|mes|notre "
			   "mari|femme|conjoint|conjointe|epoux|epouse|patron|patronne|fils|fille|pere|mere|parents|associe|"
			   "associee|famille|"
			   "compagne|compagnon|copain|copine|chef" },
	{ PARTNER,
		"parler|discuter|voir|vois|parle|demande|demander|verrai ?ca|cela|dabord avec|a ?ca mon|ma|mes "
		"mari|femme|conjoint|conjointe|epoux|epouse|patron|patronne|fils|fille|pere|mere|parents|associe|famille|"
		"compagne|compagnon|copain|copine|chef" },
	{ PARTNER, "mon|ma|cest|le ?mon|ma mari|femme|conjoint|epoux|epouse|patron|chef|fils|fille|proprietaire ?qui|qui "
			   "decide|soccupe|gere|voit|soccupe|sen" },
	{ PARTNER, "cest|est ?pas pas moi qui ?decide|gere|moccupe" },
	{ PARTNER, "ne|peux|decide|decider pas ?decider|decide ?toute|tout|sans|seul|seule ?seule|seul" },
	{ THINK, "vais|dois|veux|faut|prefere|voudrais|besoin|laissez|laisse|demande|aimerais ?que|moi|de|y|encore|a|me|jy "
			 "?le|y|bien|du|je|jy "
			 "?temps|y ?dy ?de|y reflechir|reflechisse|reflechis|reflexion|penser|repenser" },
	{ THINK, "je|jy|on|nous ?vais|y reflechis|reflechirai|reflechit|reflechir|reflechirons" },
	{ THINK, "pas encore|pris decide|pris|ma ?ma ?de|decision ?decision" },
	{ THINK, "besoin|temps ?de ?dun ?peu ?de ?temps ?de reflexion|reflechir" },
	{ THINK, "la nuit porte conseil" },
	{ SEND,
		"envoyez|envoie|envoyer|transmettez|mailez|adressez|faites ?parvenir|passez ?moi|le|la|nous|les|ca "
		"?moi|donc|plutot|simplement|juste|"
		"par|bien|directement ?tout|toute|un|une|des|les|la|le|vos|votre|quelque|ca|plus|par "
		"mail|email|courriel|e|documentation|doc|brochure|infos|informations|devis|tarifs|ecrit|courrier|details|chose|"
		"proposition|offre|lien|dossier|sms|prix|grille|programme|plaquette" },
	{ SEND, "pouvez|pourriez|peux|pourrais ?vous|tu ?me|nous|men|le|la ?le|la|les "
			"envoyer|lenvoyer|transmettre|adresser ?tout|un|une|des|les|la|le|"
			"vos|votre|ca|quelque ?chose|mail|documentation|devis|tarifs|infos|brochure|informations" },
	{ SEND, "menvoyer|mel|menvoyez|menvoie ?un|une|des|les|la|le|ca|tout|vos|quelque" },
	{ SEND, "par mail|email|courriel|ecrit|courrier|e|sms" },
	{ SEND, "envoyez|envoie moi|nous" },
	{ NO_TIME, "nai|jai|pas|na ?vraiment|pas ?pas ?vraiment|trop|le|une|beaucoup|deux ?beaucoup|trop ?de "
			   "temps|minute|minutes|secondes" },
	{ NO_TIME, "je|jsuis|on|nous|suis ?suis|sommes|est ?tres|vraiment|deja|la|super|un ?peu ?en|au|sur|dans "
			   "occupe|occupee|reunion|voiture|travail|volant|train|presse|pressee|boulot|conduite|route|metro|"
			   "debordee|deborde|"
			   "deborde|consultation|cours|bus|caisse" },
	{ NO_TIME, "je|jsuis suis en|au|a|dans train|plein|pleine|table|retard|rendez|hopital|bureau" },
	{ NO_TIME, "je|la conduis|mange|travaille ?la" },
	{ NO_TIME, "on|nous passe|passons|est|sommes a table" },
	{ NO_TIME, "mauvais|pas|bon ?vraiment|le ?tres ?bon moment" },
	{ NO_TIME, "vous tombez ?tres|bien|vraiment|un ?peu mal" },
	{ NO_TIME, "peux|pouvons|peut pas|plus ?vous|trop|vraiment ?la parler|maintenant|repondre|discuter|telephoner" },
	{ NO_TIME, "pas|surement le|trop ?le temps" },
	{ NO_TIME, "suis|tres presse|pressee" },
	{ NOT_NOW, "peut|plutot|rappelez|voyez|revoyez|on ?etre|verra|moi ?plutot|plus au|a|dans|en|lannee|le "
			   "?quelques|printemps|rentree|lautomne ?prochaine|prochain|mois "
			   "printemps|ete|automne|hiver|lautomne|lete|rentree|prochaine|mois|annee" },
	{ NOT_NOW, "pas cette|ce|encore|pour|dans ?annee|mois|prete|pret|linstant|limmediat|le "
			   "annee|mois|pret|prete|moment|la|$" },
	{ NOT_NOW, "pas|ni pour|dans linstant|limmediat|le ?moment" },
	{ NOT_NOW, "trop tot" },
	{ NOT_NOW, "pas dactualite|lordre ?du ?jour" },
	{ NO_NEED, "ai|avons|a|nai|navons|na|jai|ni pas|aucun|plus|nul ?du ?tout besoin" },
	{ NO_NEED, "pas|aucun|plus besoin" },
	{ NO_NEED, "nai|navons|na|ai besoin de rien" },
	{ NO_NEED, "nai|navons|na besoin daucun|daucune" },
	{ NO_NEED, "suis|sommes|est|je ?que ?juste|simple|seulement ?en locataire|locataires|location" },
	{ NO_NEED, "jai|nous|on|ai ?avons|a ?deja vendu|vends ?la|ma|le|notre" },
	{ NO_NEED, "ai|nai|avons|a|jai pas|plus ?de|dautre ?de "
			   "voiture|maison|jardin|chien|chat|toit|chauffage|permis|piscine|enfant|enfants" },
	{ NOT_INTERESTED, "pas|nest|suis|sommes|plus ?du|vraiment|tres|pas|trop|tout|plus|absolument ?tout|interesse "
					  "interesse|interessee|interesses|interessant" },
	{ NOT_INTERESTED, "ne minteresse|nous|ninteresse|minteressent ?interesse pas|plus|absolument" },
	{ NOT_INTERESTED, "minteresse|interesse|minteressent pas|plus|absolument|pas" },
	{ NOT_INTERESTED, "^ non|oh|ah ?non merci|sans ?facon" },
	{ NOT_INTERESTED, "sans facon" },
	{ NOT_INTERESTED, "pas|rien pour moi|nous !linstant" },
	{ NOT_INTERESTED, "ne veux|voulons|souhaite|souhaitons|desire pas|rien $" },
	{ NOT_INTERESTED, "ne veux|voulons|souhaite pas|rien acheter|changer|souscrire|signer|minscrire|de" },
	{ NOT_INTERESTED, "jachete|achete|achetons rien|pas ?par ?au ?telephone" },
	{ NOT_INTERESTED, "hors de question" },
	{ NOT_INTERESTED, "aucun|pas|nul interet|dinteret ?pour" },
	{ COMPLAINT, "reclamation|plainte|plaindre|reclamer|plains" },
	{ COMPLAINT, "pas|nest ?du|vraiment|tres|pas ?tout "
				 "content|contente|satisfait|satisfaite|contents|satisfaits|normal|serieux" },
	{ COMPLAINT, "mecontent|mecontente|decu|decue|decus|insatisfait|insatisfaite|inadmissible|inacceptable" },
	{ COMPLAINT, "service|accueil|travail ?est|etait ?lamentable|vraiment|tres "
				 "lamentable|nul|catastrophique|horrible|deplorable|mauvais" },
	{ COMPLAINT, "tres|vraiment|trop mauvais|mauvaise service|experience|travail|qualite" },
	{ COMPLAINT, "personne|jamais|toujours ?ne|nest|na|pas|rien ?ma|mest|nest|na|est|sest|mas "
				 "venu|rappele|repondu|passe|arrive|recu|repare|livre|rembourse|vient|repond" },
	{ COMPLAINT, "personne ne|nest|na|ma|est|vient ?ma|mest|est|ma|nous ?a "
				 "jamais|venu|rappele|repondu|rappelle|repond|passe|venue" },
	{ COMPLAINT, "jattends|attends|attend|ca|attendons ?fait|depuis|toujours|encore ?deja "
				 "depuis|toujours|trois|deux|des|un|quinze|quatre "
				 "?que|trois|deux|des|un|quinze|quatre semaines|mois|jours|quinzaine|semaine" },
	{ COMPLAINT, "marche|fonctionne toujours|plus|encore pas|rien" },
	{ COMPLAINT, "ne marche|fonctionne toujours|plus|pas|jamais" },
	{ COMPLAINT, "toujours|encore|deja|reste en panne" },
	{ COMPLAINT, "rembourser|remboursement|remboursez|rembourse" },
	{ COMPLAINT, "preleve|facture|debite|factures ?moi|deux|a ?a deux|tort|trop|double ?fois" },
	{ AGENT,
		"parler|discuter|voir|echanger ?directement a|avec ?un|une|le|la|votre|quelquun|vos|lun ?vrai|vraie|de|autre "
		"?vrai|vraie "
		"conseiller|conseillere|humain|personne|responsable|quelquun|manager|etre|superieur|patron|directeur|agent|"
		"commercial|collegue|reel|competent|vivant|chez" },
	{ AGENT,
		"parler|avoir a|avec|quelquun|un|une ?vrai|vraie|de|en ?quelquun $|humain|responsable|conseiller|ligne|reel" },
	{ AGENT, "passez|passe|mettez|transferez moi|nous ?en ?relation|a|avec ?avec un|une|le|votre|quelquun|la|lun "
			 "?conseiller|responsable|service" },
	{ AGENT, "un|une vrai|vraie humain|personne|conseiller|interlocuteur|etre" },
	{ AGENT, "y|il|peut|pas ?ny ?y ?na|aurait|a ?t ?il pas|un|une|quelquun ?un ?de|vrai|vraie "
			 "?humain|reel|conseiller|responsable "
			 "humain|reel|conseiller|responsable|personne|competent" },
	{ AGENT, "quun|quune|que|quelquun ?votre ?de ?vrai|vraie "
			 "conseiller|conseillere|responsable|collegue|commercial|humain|directeur|vous "
			 "?me mappelle|rappelle|appelle|contacte" },
	{ SCHEDULE,
		"prendre|fixer|caler|avoir|faire|convenir|reserver|deplacer|decaler|annuler|confirmer|organiser|reporter|"
		"programmer|"
		"changer|veux|voudrais|bloquer|planifier ?dun|un|une|le|mon|la|de|notre ?nouveau|autre|petit|premier|premiere "
		"rendez|rdv|visite|creneau|seance|cours|table|essai|reservation|consultation|demonstration" },
	{ SCHEDULE, "quand|quel|quels|quelle|a ?jour|heure|creneaux|moment|jours ?est ?ce ?que|quand "
				"pouvez|pourriez|peut|puis|pourrait|pourrais|seriez|avez|etes|passez|venez|peux|pouvons "
				"?vous|on|je|il|vous ?le|la|quelquun "
				"venir|passer|visiter|voir|libre|disponible|disponibles|venez|lavoir|commencer|recevoir|place|dispo|"
				"deplacer|venu" },
	{ SCHEDULE, "peut|puis|pouvez|pourrais|pourrait|aimerais|voudrais|pourriez|voudrait|voulons|peux|veux|aimerait "
				"?on|je|vous|bien|nous "
				"?bien ?le|la|lappartement|y|les ?le voir|visiter|passer|venir|essayer|lessayer|rencontrer|visite" },
	{ SCHEDULE,
		"avez|auriez|reste|vous ?vous ?avez|auriez ?t ?il ?encore|quelque|une|un|de|des ?chose|la|libre ?un|une "
		"place|places|creneau|creneaux|disponibilite|disponibilites|libre|dispo|disponible|dispos|rendez" },
	{ SCHEDULE, "notez|inscrivez|mettez|reservez|calez moi|nous|le "
				"?pour|une|un|ca|au|a|dans|lundi|mardi|mercredi|jeudi|vendredi|samedi" },
	{ OFFER, "combien ?ca|est|cela|vous|est|je|cest ?ca|ce|vous|que|je|ca|cest|la "
			 "coute|couterait|vaut|cest|fait|prenez|demandez|facturez|paye|payer|"
			 "couterai|cout|revient|la|par|facture|le|pour|ca" },
	{ OFFER, "combien $" },
	{ OFFER, "quel|quels|quelle|cest|a|quoi|votre ?est|sont|serait|seraient|quel ?vos|votre|le|les|quoi "
			 "prix|tarif|tarifs|cout|loyer|couts|frais" },
	{ OFFER, "faire|avoir|recevoir|veux|voudrais|faites|envoyez|donnez|demander|obtenir|etablir|prevoyez|aimerais|"
			 "envoyer|connaitre|menvoyer ?avoir|recevoir|"
			 "moi|nous|me ?un|le|une|les|des|vos|votre|donc "
			 "devis|prix|tarif|tarifs|offre|chiffrage|estimation|proposition" },
	{ OFFER, "remise|reduction|ristourne|rabais|promotion|promo" },
	{ OFFER, "veux|voudrais|aimerais|voulons|voudrait|souhaite|veut|interesse|pense|pret|prete|comptons|interessee "
			 "?bien|par|de|a|en|lachat ?le|la|en|lachat "
			 "acheter|lacheter|vendre|commander|louer|souscrire|commande" },
	{ OFFER, "je|on|nous le|la|en prends|prend|prenons" },
	{ INFORMATION, "dites|expliquez|parlez|racontez|renseignez|dis|explique men|moi|nous|en ?un ?peu "
				   "?plus|comment|ce|tout|quoi|de|en" },
	{ INFORMATION, "pouvez|pourriez|peux ?vous|tu men|me|nous|mexpliquer|expliquer "
				   "?expliquer|dire|renseigner|parler|preciser ?plus|comment|ce" },
	{ INFORMATION, "comment|cest|quest|en|ca ?est ?que|quoi|ce ?ca|cela|quoi ?que "
				   "fonctionne|marche|consiste|inclut|comprend|passe|compris|inclus|propose|proposez|couvre" },
	{ INFORMATION, "plus|dautres|des|davantage ?de ?amples "
				   "dinformations|informations|dinfos|infos|renseignements|details|precisions" },
	{ INFORMATION, "jai|jaurais|une|quelques|deux ?une|quelques|deux|juste ?une ?petite|trois question|questions" },
	{ INFORMATION, "voudrais|voulais|aimerais|veux|voudrait|souhaiterais ?bien|juste ?en "
				   "savoir|connaitre|demander|renseigner|me|comprendre ?plus|si|comment" },
	{ INFORMATION, "de|cest quoi|pour quil|il|sagit|quoi|lagit ?sagit" },
	{ ANGRY, "connard|connards|connasse|enfoire|enfoires|salaud|salauds" },
	{ ANGRY, "allez|va|allez ?vous au|vous|te faire|diable ?foutre|voir|voir" },
	{ ANGRY, "foutez|foutre|fichez moi|nous la paix|camp" },
	{ ANGRY, "furieux|furieuse|scandaleux|honteux|scandale|honte|revoltant" },
	{ ANGRY, "porte|porter|deposer|depose plainte" },
	{ ANGRY, "jappelle|appeler|appelle la police|gendarmerie|gendarmes" },
	{ ANGRY, "ras le bol" },
	{ ANGRY, "marre de|des|vos" },
	{ ANGRY, "jen|en ai|a marre|assez|raslebol" },
	{ ANGRY, "harcelement|harcelez|harceler|harcele|harcelee" },
	{ ANGRY, "fermez la|votre $|gueule" },
	{ ANGRY, "ca suffit" },
	{ ANGRY, "comment osez ?vous" },
	{ ANGRY, "vous vous ?foutez|fichez|moquez ?de moi|foutez|fichez|moquez|nous" },
	{ ANGRY, "foutez|fichez|moquez de moi|nous" },
	{ ANNOYED, "agacant|agace|agacee|enervant|enerve|enervee|penible|penibles|lassant|fatigant|exasperant|"
			   "insupportable|lourd|lourds|gonfle|saoule|soule" },
	{ ANNOYED, "pour la deuxieme|troisieme|quatrieme|cinquieme|dixieme|enieme|derniere|centieme|dixieme fois" },
	{ ANNOYED, "combien de fois|temps ?encore ?allez|dois" },
	{ ANNOYED, "dit|repete|repondu|ai non|que ?dit ?que ?cetait|cest non" },
	{ ANNOYED, "deja dit|repondu ?que ?non|trois|deux|dix|vingt ?fois" },
	{ ANNOYED, "laissez|laisse moi|nous tranquille|tranquilles|en ?paix" },
	{ ANNOYED, "perdre|perdez|perd mon|notre|du|pas|votre ?mon temps" },
	{ ANNOYED, "toute|tous|sans|tout la|les|arret|cesse|le|temps "
			   "journee|jours|mappelle|mappelez|temps|appeler|mappeler ?quon|que ?mappelle|vous" },
	{ ANNOYED,
		"troisieme|quatrieme|cinquieme|sixieme|deuxieme|dixieme|dixieme fois|appel ?que|aujourdhui|de|cette|ce" },
	{ ANNOYED, "vous etes le|la|les troisieme|quatrieme|cinquieme|sixieme|dixieme|deuxieme" },
	{ ANNOYED, "encore vous" },
	{ ANNOYED, "cest ?quand ?meme pas vrai" },
	{ ANNOYED, "ninsistez pas|plus" },
	{ ANNOYED, "encore une pub|publicite|prospection|demarchage" },
	{ SAD, "decede|decedee|deces|veuf|veuve" },
	{ SAD, "mari|femme|mere|pere|fils|fille|frere|soeur|epoux|epouse|maman|papa|il|elle est|vient ?de "
		   "mort|morte|mourir !de" },
	{ SAD, "perdu mon|ma|notre mari|femme|mere|pere|fils|fille|emploi|travail|frere|soeur|chien|chat|bebe|boulot" },
	{ SAD, "a|jai|ai|dun|un|le ?un ?le cancer|alzheimer" },
	{ SAD, "suis|sens|sommes|tellement|tres|bien ?tres|si|tellement|vraiment|un ?peu|toute "
		   "triste|tristes|deprime|deprimee|seule|effondre|effondree|desespere|desesperee|malheureuse|malheureux $" },
	{ SAD, "periode|moment|passe ?tres|une|un ?vraiment|tres difficile|dure|mauvaise|penible ?pour|periode|passe" },
	{ CONFUSED, "comprends|saisis|comprend|pige ?rien pas|rien|plus ?bien|tres|tout|trop|ce|de|du|$ ?quoi|ce "
				"!interesse|interessee|sur|la|le|un" },
	{ CONFUSED, "je|ne comprends|comprend|saisis|pige pas|rien|plus" },
	{ CONFUSED, "quest|que ?ce ?que ?vous voulez|veux|entendez vous|tu|dire ?dire ?par" },
	{ CONFUSED, "de quoi parlez|vous|parles|sagit|il|me ?vous|parlez|sagit" },
	{ CONFUSED, "suis|tout|un|completement ?un|completement ?peu perdu|perdue|embrouille|confus|paume|paumee" },
	{ CONFUSED, "ny comprends|comprend|vois rien|pas|goutte" },
	{ CONFUSED, "quoi comment $" },
	{ CONFUSED, "pas|rien compris|suivi|pige" },
	{ HESITANT, "pas ?tres|vraiment|encore|trop|totalement|completement|tout ?a ?fait "
				"sur|sure|certain|certaine|convaincu|convaincue|decide|decidee|persuade" },
	{ HESITANT, "sais|sait pas ?encore|trop|quoi|vraiment ?trop si|$|quoi|trop|encore|vraiment" },
	{ HESITANT, "jhesite|hesite|hesitons|hesiter|hesitant|hesitante" },
	{ HESITANT, "on verra|va ?bien ?voir" },
	{ HESITANT, "je verrai|vais ?voir $" },
	{ HESITANT, "ca depend ?de|$" },
	{ HESITANT, "des doutes" },
	{ HESITANT, "sceptique|partage|partagee|reticent|reticente|mitige|mitigee|indecis|indecise" },
	{ HESITANT, "reflechir|reflechis|reflechirai|reflechisse" },
	{ HESITANT, "peut etre $" },
	{ HESITANT, "difficile a dire" },
	{ HESITANT, "je doute|redoute" },
	{ POSITIVE, "adore|adorons|jadore|ladore|adorerais|jadorerais|adorait|adorerait !pas" },
	{ POSITIVE, "cest|trouve|vraiment|trop|tout ?vraiment|juste|trop|ca|simplement "
				"genial|geniale|formidable|merveilleux|fantastique|magnifique|excellent|excellente|extraordinaire "
				"!mais|sil|si|encore|de|la|pour|une|un" },
	{ POSITIVE, "merci infiniment|mille|enormement ?fois" },
	{ POSITIVE, "mille mercis|merci|fois" },
	{ POSITIVE, "suis|sommes|serais|suit ?tres|vraiment|si|super|trop|bien|ravi "
				"ravi|ravie|ravis|heureux|heureuse|enchante|enchantee|enthousiaste|"
				"soulage|soulagee|emballe|emballee|impressionne !de|avec|dans|comme|chez|ou" },
	{ POSITIVE, "vous|tu|cest|cetait etes|es|tres|vraiment|trop ?un|une|tres|vraiment|trop "
				"ange|amour|adorable|perle|geniale|genial !mais" },
	{ POSITIVE, "excellente|bonne|tres|super ?bonne nouvelle|initiative|accueil" },
	{ POSITIVE, "quelle bonne|excellente" },
	{ POSITIVE, "hate de|dy" },
	{ POSITIVE, "exactement|justement|pile|juste ce ?que|quil|dont je|jai|on|me|nous ?besoin "
				"cherche|cherchais|faut|voulais|cherchait|fallait|besoin" },
	{ POSITIVE, "me|nous fait|ferait|rejouis|rejouit plaisir|tres|vraiment|davance ?plaisir" },
	{ POSITIVE, "dieu merci" },
	{ PLEASED, "super|genial|formidable|parfait|merveilleux|fantastique|magnifique|excellent|chouette|impeccable|"
			   "nickel|top|bravo|youpi|splendide|genial" },
	{ PLEASED, "avec|grand ?grand plaisir" },
	{ STARS, "0|un|une|deux|trois|quatre|cinq ?sur ?cinq|0 etoiles|etoile|points !hotel" },
	{ STARS, "0|un|deux|trois|quatre|cinq sur cinq|0" },
	{ STARS,
		"mets|donne|donnerais|mettrais|dirais ?un|une|bien|volontiers ?un|une ?bon|petit 0|deux|trois|quatre|cinq $" },
	{ ASKS_STARS, "combien detoiles" },
	{ ASKS_MARK, "de|entre|echelle ?de un|0 a|et cinq|0 !h|heure|heures" },
	{ ASKS_MARK, "note|noter|noteriez|notez|evaluer|evaluez|evalueriez|noteras *9 cinq|0" },
	{ ASKS_MARK, "note sur cinq|0" },
	{ OFFERS_TIME, "est|ca|cela|vous|te|le ?ce ?que ?ca|vous|te|va|irait|ca "
				   "irait|va|convient|conviendrait|arrange|arrangerait|arrangera|convienne|ira ?il ?mieux "
				   "?le|a|pour|bien|mardi|lundi|jeudi|demain|vendredi|samedi" },
	{ OFFERS_TIME, "puis|peut|pouvons|souhaitez|voulez|voudriez|desirez|pourrait|pourrions|dois ?je|on|nous|vous ?que "
				   "?je|nous|quon|vous|on "
				   "*3 "
				   "noter|fixer|reserver|caler|passer|venir|proposer|prendre|inscrire|fixe|cale|prenions|bloquer|"
				   "programmer|visiter|inscrive|envoyer" },
	{ OFFERS_TIME, "je|nous|jai|on ?vous|peux|ai|avons|a propose|proposer|encore|peux|proposons|une|un|de ?passer|la "
				   "?place|creneau|libre|lundi|mardi|mercredi|jeudi|vendredi|samedi|demain|visite|rendez" },
	{ OFFERS_TIME, "quand|quel|quelle|plutot ?est ?ce ?que "
				   "jour|heure|vous|souhaitez|pouvez|seriez|puis|peut|pourrait|mardi|jeudi ?vous" },
	{ OFFERS_SEND, "envoie|envoyer|enverrai|lenvoie|lenverrai|transmets|enverrons|envoyons|transmettre|adresse|"
				   "adresser|lenvoyer|enverra" },
	{ BYE, "au revoir|plaisir" },
	{ BYE, "revoir" },
	{ BYE, "bonne|belle|bon journee|soiree|fin|continuation|apres|nuit|dejeuner|apres|weekend|week|courage|semaine" },
	{ BYE, "a bientot|demain|plus|tout|mardi|lundi|mercredi|jeudi|vendredi|samedi|dimanche|la|ce ?a "
		   "?tard|lheure|prochaine|soir" },
	{ BYE, "a ?vous ?vous|votre ?de egalement|pareillement" },
	{ BYE, "^ egalement|pareillement|adieu|ciao|salut|tchao|ademain" },
	{ BYE, "^ vous aussi|de ?meme" },
	{ BYE, "merci de|pour ?votre ?mavoir ?vous appel|temps|avoir|votre|patience|appele" },
	{ LEAVES, "raccroche|raccrocher|raccrocherai" },
	{ LEAVES, "dois|faut ?vous|y ?que laisser|raccrocher|filer|jy|partir|aller|vous ?aille ?laisser $" },
	{ LEAVES, "je|jai vous|te laisse" },
};

const VaSignTable va_signs_fr = { .patterns = patterns, .count = sizeof(patterns) / sizeof(patterns[0]) };
