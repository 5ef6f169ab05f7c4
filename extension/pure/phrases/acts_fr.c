/*-------------------------------------------------------------------------
 * acts_fr.c
 *		French: what an assistant does with words on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/intents.h"

static const VaIntentPattern patterns[] = {
	/* calls that only announce a visit; visits by other names; what strangers say */
	{ VA_INTENT_NONE, "vous|te rappelle|rappellera|appelle|appellera|appellerons ?dix|un|une|quinze|vingt "
					  "?quart|minutes|demi|peu|heure ?dheure ?heure avant" },
	{ VA_ACT_CALL, "quand|a|quel|quelle ?quel|quelle ?moment|heure ?est ?ce ?que le|la|un|une|mon|notre *2 "
				   "peut|pourrait|doit|puisse|peux ?il|elle|on ?vous rejoindre|rappeler|appeler|joindre|contacter" },
	{ VA_ACT_VISIT, "entretien|visio|essai|degustation|demonstration|etat ?des ?lieux" },
	{ VA_ACT_VISIT, "rendez vous" },
	{ VA_ACT_NOTED, "je|on|nous ?le ?la|vous note|mets|noterai" },
	{ VA_ACT_OFFER, "=toujours|encore dactualite|interesse|interessee|prevu|envisage|partant|partante" },
	{ VA_ACT_OFFER, "=projet|demande est|reste ?il|elle ?toujours|encore ?dactualite" },
	{ VA_ACT_SURVEY, "est|sont ?ce ?cest|ca|elle|il|tout repare|arrive|arrivee|regle|resolu|marche|fonctionne" },
	{ VA_ACT_SURVEY,
		"voulais|voulait|appelle|appelais ?juste|simplement|seulement ?pour verifier|massurer|savoir|confirmer" },
	{ VA_ACT_SURVEY, "ravi|ravie|content|contente|heureux ?de|que" },
	{ VA_ACT_SURVEY, "je|on|nous clos|cloture|ferme|clot ?le|la|votre dossier|demande|ticket" },
	/* to call again */
	{ VA_ACT_CALL, "je|nous|on ?vais|peux|puis|pourrais|pourrai|allons|peut|pouvons ?vous|le|la|les|te|lui "
				   "rappelle|rappellerai|rappelons|rappellerons|rappeler|recontacte|recontacterai|recontacter|"
				   "recontacterons|retelephone|rappelons|appellerai|appelle|appeler|telephone|telephoner|reappelle|"
				   "resonne|joindre|rappellera|essaie|essaierai|retente !pour|au|de|car|suite|concernant|a" },
	{ VA_ACT_CALL,
		"je|nous|on vous|le|la rappelle|rappellerai|rappelons|rappellerons|appelle|appellerai|telephone|retelephone" },
	{ VA_ACT_CALL, "puis|pouvons|dois ?je|nous ?vous|le|la|les|te "
				   "rappeler|appeler|recontacter|joindre|telephoner|reessayer|essayer|resonner" },
	{ VA_ACT_CALL, "vous|le|la|les|te|lui|de "
				   "rappeler|recontacter|joindre|retelephoner|rappelle|rappellerai|rappellera|rappelons|resonner|"
				   "telephonerai|reappeler" },
	{ VA_ACT_CALL, "quand|quel ?est ?ce ?que "
				   "puis|pourrais|pourrai|pouvons|peut|dois|je|on|nous|vous|il|elle|sera|rentre|revient|est|seriez|"
				   "etes|serez|alors|moment|jour|pouvez|le|la ?je|on|vous|nous|il|elle ?vous|le|la|te|lui "
				   "rappeler|joindre|appeler|rappelle|rappelez|recontacter|trouver|avoir|serait|sera|rentre|revient|"
				   "est|alors|la|disponible|serez" },
	{ VA_ACT_CALL, "il|elle sera|rentre|revient|est|rentrera|reviendra ?la ?a quand|quelle" },
	{ VA_ACT_CALL, "quand alors" },
	{ VA_ACT_WHEN, "quel|quelle|quels ?jour ?est|serait ?et ?a ?quelle ?heure ?le ?meilleur ?jour|moment|heure "
				   "?vous conviennent|convient|conviendrait|conviendraient|arrange|arrangerait|pour|meilleur|moment" },
	{ VA_ACT_CALL, "un autre moment|jour" },
	{ VA_ACT_CALL, "plus tard" },
	{ VA_ACT_CALL, "quand rentre|revient|sera|est t ?il|elle" },

	/* visits and bookings */
	{ VA_ACT_VISIT, "vous|le|la|les|te|lui "
					"attend|attends|attendons|recevra|recoit|recevoir|inscris|mets|note|reserve|prendre|accueille|fixe|"
					"bloque|passe|recevons|propose|verra|verrons|voir" },
	{ VA_ACT_VISIT,
		"reserve|reservee|inscrit|inscrite|confirme|confirmee|planifie|fixe|bloque|inscrits|programme|cale|valide" },
	{ VA_ACT_VISIT, "passer|passe|passera|passerai|venir|venez|viens|vient|viendra|viendrai|viendrait|visite|visiter|"
					"envoyer|intervenir|reparer|livraison|livrer|viendriez|deplacer|rendez" },
	{ VA_ACT_VISIT, "envoyer|envoie|envoyons quelquun|un|une ?technicien|plombier|ouvrier|collegue" },
	{ VA_ACT_VISIT, "il y a ?encore ?une place|creneau" },
	{ VA_ACT_VISIT, "jai|nous|on|reste ?avons|a ?encore ?un|une|de place|creneau|disponibilite|libre" },
	{ VA_ACT_VISIT, "libre|disponible" },
	{ VA_ACT_VISIT, "rendez vous" },
	{ VA_ACT_VISIT, "a|au jeudi|vendredi|samedi|lundi|mardi|mercredi|dimanche|demain|bientot" },
	{ VA_ACT_VISIT, "consultation|creneau|rdv|table" },
	{ VA_ACT_VISIT, "propose" },
	{ VA_ACT_VISIT, "on maintient|garde" },
	/* sends something */
	{ VA_ACT_SEND, "je|nous|on|elle|il ?vais|allons ?vous|le|la|les|te|lui ?les|le|la|lui "
				   "envoie|envoyons|enverrai|enverrons|transmets|transmettons|transmettrai|prepare|preparons|envoyer|"
				   "adresse|adressons|fais|faisons|poste|renvoie|renvoyons|renverrai|preparer|expedie|ferai|enverra" },
	{ VA_ACT_SEND, "vous|le|la|les|te|lui ?les|le|la|lui "
				   "envoie|enverrai|transmets|envoyer|adresse|prepare|renvoie|faire|poste|adresser|enverra|recevrez|"
				   "recevez|aurez" },
	{ VA_ACT_SEND, "par mail|courrier|courriel|email|poste|sms|e|ecrit" },
	{ VA_ACT_SEND, "avec plaisir" },
	{ VA_ACT_SEND, "elle|il|ca|cest|ils|elles part|parti|partie|partent|arrive|vient" },
	{ VA_ACT_SEND, "liste dattente" },
	{ VA_ACT_SEND, "sur la liste" },
	/* takes back */
	{ VA_ACT_CANCEL, "annule|annulee|annulons|jannule|annuler|annulerai|supprime|cestannule|lannule|annules" },
	{ VA_ACT_CANCEL, "oublie|efface" },
	{ VA_ACT_CANCEL, "on oublie|arrete la|tout" },
	{ VA_ACT_CANCEL, "ne veut|voulez|souhaitez|venez ?donc plus" },
	{ VA_ACT_CANCEL, "vous ne voulez|souhaitez|venez ?donc plus|pas" },
	/* will call no more */
	{ VA_ACT_STOP,
		"ne|on|nous|je|ny ?ne ?vous|le|la|te|les ?serez|sera "
		"rappellera|rappellerons|rappellerai|rappelons|rappelle|appellera|appellerons|appellerai|appelle|dappel|"
		"dappels|appels|appele|appelee|rappele|contacterons|contactera|contacte|contactes plus|pas|jamais "
		"!tard|tot|avant" },
	{ VA_ACT_STOP,
		"souhaitez|voulez|desirez ne plus ?jamais ?etre appele|appelee|appeles|rappele|rappelee|contacte|contactee|"
		"demarche|demarchee" },
	{ VA_ACT_STOP, "vous ne serez|sera plus|jamais ?jamais|plus "
				   "rappele|appele|appelee|appeles|contacte|contactee|demarche|recontacte" },
	{ VA_ACT_STOP, "retire|retirons|supprime|supprimons|efface|effacons|enleve|enlevons|raye|rayons|radie|desinscris|"
				   "retirez|desabonne|blackliste|ote|supprimer|retirer|effacer ?donc|tout|de|immediatement|bien ?suite "
				   "?votre|vos|le|de|ce|la|du|mes "
				   "numero|nom|coordonnees|donnees|liste|listes|fichier|contact|fiche|fichiers|base" },
	{ VA_ACT_STOP, "je|on|nous vous|te|les retire|raye|enleve|supprime|efface|desinscris|radie|retirons|rayons" },
	{ VA_ACT_STOP,
		"il|numero|nom|vous|coordonnees|votre|cest ?numero|etes|est|sont|nom ?est|sont|deja|donc|bien "
		"supprime|retire|efface|raye|enleve|desinscrit|radie|supprimee|retiree|effacees|supprimees|desinscrite" },
	{ VA_ACT_STOP, "plus|aucun ?un|seul|jamais dappel|dappels|appel|appels" },
	{ VA_ACT_STOP, "jarrete|arretons|arreter|cesse|cessons" },
	{ VA_ACT_STOP, "liste rouge|dopposition|noire" },
	{ VA_ACT_STOP, "de|hors nos|notre ?listes|fichiers|fichier|liste|base" },
	/* what the person may do */
	{ VA_ACT_TERMS, "dites|dis ?le ?simplement ?juste moi|nous|stop|non|simplement|le" },
	{ VA_ACT_TERMS,
		"prevenez|signalez|demandez|repondez|tapez|appuyez|indiquez|avertissez ?le moi|nous|stop|sur|non|le" },
	{ VA_ACT_TERMS, "il suffit" },
	{ VA_ACT_TERMS, "suffit de" },
	{ VA_ACT_TERMS, "si|quand|lorsque|des ?que vous|tu|jamais" },
	{ VA_ACT_TERMS, "vous|tu pouvez|pourrez|peux ?aussi ?toujours ?a ?tout ?moment ?vous|le|nous|me|te "
					"demander|dire|refuser|desinscrire|opposer|retirer|signaler|prevenir" },
	{ VA_ACT_TERMS, "vous|tu pouvez|pourrez|peux ?aussi ?toujours ?a ?tout ?moment etre "
					"retire|retiree|radie|radiee|desinscrit|desinscrite|supprime|supprimee|raye|rayee" },

	/* it was another that was called */
	{ VA_INTENT_WRONG_NUMBER, "mauvais|faux numero" },
	{ VA_INTENT_WRONG_NUMBER, "erreur de numero|personne|ma" },
	{ VA_INTENT_WRONG_NUMBER, "me|nous|suis|sommes|jai ?suis|sommes|du|dois ?me trompe|trompee|trompes|tromper" },
	{ VA_INTENT_WRONG_NUMBER, "je corrige|rectifie|modifie|mets" },
	{ VA_INTENT_WRONG_NUMBER, "corrige|rectifie|corriger" },
	{ VA_INTENT_WRONG_NUMBER,
		"nest|netes|pas|ce|vous ?netes|nest ?donc|pas ?donc|le ?pas ?bien ?le|chez ?bon numero|monsieur|madame|celui" },
	{ VA_INTENT_WRONG_NUMBER, "confuse|confus" },
	{ VA_INTENT_WRONG_NUMBER, "mon erreur" },
	{ VA_INTENT_WRONG_NUMBER, "je ?me suis trompe|trompee" },
	{ VA_ACT_SORRY, "excusez|excuse|pardon|desole|desolee|navre|navree|excuses|confuse|confus|derangement|pardonnez" },
	/* asks for somebody who is grown up */
	{ VA_ACT_ADULT, "ta|ton|tes maman|papa|parents|mere|pere|mamie|papi|mami|grands|grand" },
	{ VA_ACT_ADULT, "un|une|quelquun|grande|quelquun|dun ?de adulte|grand|grande|plus" },
	{ VA_ACT_ADULT, "adulte|adultes" },
	/* asks how it was */
	{ VA_ACT_SURVEY, "comment avez|va|allez|etait|sest|trouvez|vous|se|jugez|ca|vont|trouves|cest|evaluez" },
	{ VA_ACT_SURVEY, "avez|as ?vous|tu ?bien ?pu recu|lu|pu|regarde|lire|recue|eu|consulte|parcouru|apprecie" },
	{ VA_ACT_SURVEY, "vous|tu avez|as ?bien ?pu|deja recu|lu|pu|regarde|lire|consulte|recue" },
	{ VA_ACT_SURVEY,
		"sondage|satisfaction|avis|questionnaire|recommanderiez|recommandez|satisfait|satisfaite|note|enquete" },
	{ VA_ACT_SURVEY, "des|une ?autres questions|question|remarques|remarque" },
	{ VA_ACT_SURVEY, "autre|quelque chose|questions" },
	{ VA_ACT_SURVEY, "merci|remercie davoir|pour|de ?votre|vos|pris|repondu|reponses|temps|avoir" },
	/* offers something */
	{ VA_ACT_OFFER,
		"=voulez|souhaitez|aimeriez|desirez|preferez|voudriez|veux|souhaiteriez|souhaites|aimerais vous|tu" },
	{ VA_ACT_OFFER, "=vous|tu voulez|souhaitez|aimeriez|veux|desirez|preferez|voudriez|souhaiteriez" },
	{ VA_ACT_OFFER, "=etes|seriez ?vous ?toujours|encore|donc interesse|interessee|interesses" },
	{ VA_ACT_OFFER, "=ca|cela vous|lui|te interesse|interesserait|tente|tenterait|dirait|plairait" },
	{ VA_ACT_OFFER,
		"=puis|pourrais|pouvons|peut|dois|pourrait je|nous|on|quelquun *1 "
		"envoyer|fixer|proposer|passer|noter|reserver|inscrire|prendre|expliquer|presenter|mettre|adresser" },
	{ VA_ACT_OFFER, "=je|on|nous vous|lui|le|la envoie|mets|inscris|note|prepare|reserve|propose|fixe" },
	{ VA_ACT_OFFER,
		"voulez|souhaitez|aimeriez|desirez|preferez|seriez|etes|voudriez|veux|souhaiteriez|avez|cherchez ?vous|tu" },
	{ VA_ACT_OFFER, "vous|tu voulez|souhaitez|aimeriez|etes|seriez|veux|desirez|preferez ?toujours|donc" },
	{ VA_ACT_OFFER, "puis|pourrais|pouvons|dois je|nous" },
	{ VA_ACT_OFFER, "je|on|nous|lui vous|le|la "
					"?explique|note|mets|envoie|prepare|garde|inscris|rappelle|propose|fixe|remet|peux|en" },
	{ VA_ACT_OFFER, "ca|cela vous|lui interesse|interesserait|irait|va|convient|tente|dirait|plairait|arrange" },
	{ VA_ACT_OFFER, "interesse|interessee|interesses" },
	/* hears a no */
	{ VA_ACT_DECLINED, "pas|plus|aucun|nul ?donc interesse|interessee|interet|besoin" },
	{ VA_ACT_DECLINED, "vous|tu netes|nes ?donc pas" },
	{ VA_ACT_DECLINED, "je|nous ninsiste|ninsistons" },

	{ VA_ACT_DECLINED, "tant pis" },
	/* agrees */
	{ VA_ACT_NOTED, "^ "
					"parfait|tres|entendu|daccord|bien|cest|oui|super|note|noted|impeccable|excellent|formidable|exact|"
					"voila|tout|ok|okay|oublie|donc|confirme|reserve|bon "
					"?bien|note|bon|parfait|ca|inscrit|fait|reserve|enregistre|annule|entendu|oublie" },
	{ VA_ACT_NOTED,
		"cest note|noted|inscrit|reserve|enregistre|fait|bon|parti|entendu|confirme|parfait|change|deplace" },
	{ VA_ACT_NOTED, "je|jai|on note|le|inscris|lai|vous ?note|inscris|mets|inscrit" },
	{ VA_ACT_NOTED, "a|au demain|jeudi|vendredi|samedi|lundi|mardi|mercredi|dimanche|bientot|tout" },
	{ VA_ACT_NOTED, "sans faute" },
	/* nobody is there any more */
	{ VA_INTENT_LOST, "^ allo ?allo|monsieur|madame $" },
	{ VA_INTENT_LOST, "vous|tu|mentendez|etes|mentends ?mentendez|etes|es|vous ?toujours|encore "
					  "mentendez|entendez|la|entends|vous|mentends|etes" },
	{ VA_INTENT_LOST, "ligne|communication|connexion|appel|liaison ?est|a|semble|sest|ete|doit ?ete|etre|avoir|bien "
					  "coupe|coupee|perdue|interrompue|raccroche|coupes|mauvaise|morte" },
	{ VA_INTENT_LOST, "raccroche|coupe|coupee" },
	{ VA_INTENT_LOST, "tout va bien" },
	/* asks for words to be spelled, or for a sign to stop at */
	{ VA_ACT_CUE, "epeler|epelez|epelle|lettre|lettres|epellation" },
	{ VA_ACT_CUE, "rue|arret|avenue" },
};

const VaIntentTable va_acts_fr = {
	.language = "fr", .patterns = patterns, .count = sizeof(patterns) / sizeof(patterns[0])
};
