/*-------------------------------------------------------------------------
 * intents_fr.c
 *		French: what people do with words on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/intents.h"

#define OPT_OUT VA_INTENT_OPT_OUT
#define WRONG VA_INTENT_WRONG_NUMBER
#define CALLBACK VA_INTENT_CALLBACK
#define REFUSAL VA_INTENT_REFUSAL
#define INTEREST VA_INTENT_INTEREST
#define VOICEMAIL VA_INTENT_VOICEMAIL
#define BUSY VA_INTENT_BUSY

static const VaIntentPattern patterns[] = {
	/* asks to be called no more, as strangers ask */
	{ OPT_OUT, "ne plus ?jamais ?du ?tout ?me|nous "
			   "appeler|contacter|mappeler|rappeler|deranger|telephoner|demarcher|importuner" },
	{ OPT_OUT, "faut ?surtout ?vraiment plus ?me|nous mappeler|appeler|rappeler|telephoner|contacter" },
	{ OPT_OUT, "vous|tu ?ne ?me|nous nappeliez|mappeliez|nappelez|mappelez|appeliez|rappeliez|contactiez|nrappeliez "
			   "plus|jamais" },
	{ OPT_OUT, "suffit ?avec|de|tous les|vos|ces appels|coups" },
	{ OPT_OUT, "ne|que *2 vous entende|entendre plus|jamais" },
	{ OPT_OUT, "ne ?me|nous rappelez|mappelez|appelez|contactez pas $" },
	/* what a machine alone says; what strangers say */
	{ VOICEMAIL, "=apres|entendre ?le|ce|la bip|signal|tonalite|timbre" },
	{ VOICEMAIL, "=au timbre|signal|bip|top ?sonore" },
	{ VOICEMAIL, "=tapez|appuyez|composez|faites ?sur ?le|la ?touche un|une|deux|trois|0|etoile|diese|zero" },
	{ VOICEMAIL, "=boite|messagerie vocale|est" },
	{ VOICEMAIL, "=votre correspondant" },
	{ VOICEMAIL, "=votre|un|ton message apres|puis" },
	{ VOICEMAIL, "=veuillez ?nous|me laisser|enregistrer ?votre|un ?message" },
	{ OPT_OUT, "demande|demanderais|prefererais|prefere|aimerais|souhaite|apprecierais ?de|que ?vous ?ne "
			   "?me|nous|plus|pas|mappeliez|mappeler ?me|nous|appeliez|appeler|rappeliez|rappeler|contacter ?ici plus "
			   "?jamais !tard|tot" },
	{ VA_INTENT_NONE, "jai|jy|on pas ?toujours|encore ?encore mon|le|la|mes|son|de "
					  "date|agenda|carnet|planning|calendrier|date|dates" },
	{ VA_INTENT_NONE, "cest pas que ?je|jen|on|nous ?ne ?en" },
	{ VA_INTENT_NONE, "jai pas dit ca|cela" },
	{ CALLBACK, "pas maintenant|tout ?de ?suite" },
	{ CALLBACK, "rappeler|rappelle|rappelez ?moi ?nous ?lui plus tard" },
	{ CALLBACK, "une autre fois" },
	{ CALLBACK, "elle|il|maman|papa ?crie|dit ?de|quil|que ?faut|faudra rappeler|rappelez" },
	{ VA_INTENT_YES, "^ volontiers" },
	{ INTEREST, "envoyez ?moi|nous ?donc le|la|un|une|les|moi|nous" },
	{ INTEREST, "je veux|voudrais|prends ?bien" },
	{ REFUSAL, "ni ?pour|a lui|elle|nous|moi ?ni" },
	{ REFUSAL, "on|nous|je ?va|vais|allons ?allons ?plutot demenager|demenage|demenageons" },
	{ REFUSAL, "cest|cetait ?une|de blague|lironie|ironique|plaisanterie|humour" },
	{ REFUSAL, "je plaisantais|blaguais|rigolais|rigole|plaisante" },
	{ REFUSAL, "jen|je|on|nous|nen ?nen ?en veux|veut|voulons pas|plus" },
	{ REFUSAL, "a quoi bon" },
	{ REFUSAL, "plus la peine" },
	{ REFUSAL, "je|on|nous suis|est|sommes ?deja passe|passee|passes|alle|allee ?chez|a ?un|la ?autre "
			   "?autre|concurrence|concurrent" },
	{ REFUSAL, "trop|hors cher|chere|budget|de ?mon|budget" },
	{ REFUSAL, "jamais de la vie" },
	{ REFUSAL, "meme pas en reve" },
	{ REFUSAL, "cest ?un ?toujours non" },
	{ REFUSAL, "ca ne ?me|nous ?interesse|interessera pas|plus" },
	{ REFUSAL, "plus dactualite" },
	{ REFUSAL, "on|je|nous ?ne donne|donnerons|donnerai pas suite" },
	{ VA_INTENT_WITHDRAWAL, "je ?le|la retire|reprends|annule ?tout" },
	{ VA_INTENT_WITHDRAWAL, "laissez tomber" },
	{ VA_INTENT_NO, "ca ne|va ?va pas ?etre|aller possible" },
	{ VA_INTENT_LOST, "batterie|telephone ?est ?va ?qui presque|lache|lacher|meurt|vide|a ?vide|plat" },
	{ VA_INTENT_LOST, "ca|qui ?est brule|crame|feu" },
	/* asks what the call is about, and no more */
	{ VA_INTENT_NONE,
		"dites|dis|expliquez|explique|racontez|savoir|comprendre ?moi|nous ?dabord|donc|juste ?de ?quoi|qui "
		"il|ca|sagit|quoi|cela ?sagit|parle|est|retourne" },
	{ VA_INTENT_NONE, "dites|dis moi $" },
	{ VA_INTENT_NONE, "dites|dis|expliquez moi|nous ?dabord|donc ce que vous voulez|vendez|voulez" },
	{ VA_INTENT_NONE, "de quoi ?il ?sagit|parle|parlez|est" },
	{ VA_INTENT_NONE, "cest ?a ?pour ?quel ?sujet|quoi|propos" },
	{ OPT_OUT, "=ce|ca|que soit|sera ?ca ?bien ?le|votre ?tout dernier appel|coup" },
	{ OPT_OUT, "=cest|cetait|etait votre ?tout dernier appel|coup" },
	{ OPT_OUT,
		"=ne|je|nous|on veux|voulons|souhaite|souhaitons|veut plus|pas|jamais ?jamais|plus entendre ?parler de vous" },
	{ OPT_OUT, "=cest|soit|sera|est|etait ?bien ?ca la ?toute derniere fois que|quon|qu ?vous|lon ?me|nous|mappelez "
			   "?appelez|appelle|mappelez|rappelez" },
	{ WRONG, "=vous avez ?fait ?compose le|un mauvais|faux numero" },
	{ WRONG, "=mauvais|faux numero" },
	{ WRONG, "=vous vous ?etes trompez|trompe de numero" },
	{ VA_INTENT_WITHDRAWAL,
		"=annulez|annule|annuler le|la|mon|notre|ce|tout|ca ?rendez ?vous|visite|reservation ?sil ?vous "
		"?plait" },
	{ OPT_OUT,
		"ne|et ?ne me|nous|mappelez|mappelle|nous|mecrivez|mappeler "
		"?appelez|rappelez|contactez|telephonez|recontactez|derangez|rappeler|rappelle|embetez plus|jamais ?jamais" },
	{ OPT_OUT, "ne mappelez|mappelle|mappellez|mimportunez|mappeler plus|jamais ?jamais" },
	{ OPT_OUT,
		"ne|plus|jamais ?plus|jamais ?me|nous rappelez|rappelle|appelez|contactez|telephonez ?plus jamais|plus" },
	{ OPT_OUT, "mappelez|rappelez|appelez|contactez|telephonez ?moi|nous|ici|pas plus !tard|tot|longtemps ?jamais" },
	{ OPT_OUT, "arretez|arrete|cessez|cesse|stoppez ?donc|immediatement|tout ?de ?suite de|avec "
			   "?me|nous|mappeler|mharceler|nous|toujours "
			   "?appeler|rappeler|telephoner|harceler|contacter|deranger|embeter|mappeler|appels|demarcher" },
	{ OPT_OUT, "arretez|cessez de mappeler|mharceler|mimportuner|membeter" },
	{ OPT_OUT, "arretez|cessez ?avec|tous ?ces|vos|les appels" },
	{ OPT_OUT, "ne|je veux|voulons|souhaite|souhaitons|desire|nveux|veut plus "
			   "?jamais|que|etre|recevoir|aucun|dappels|entendre ?vous|etre|recevoir|etre|de|lon|on ?me|nous|de ?plus "
			   "appele|appelee|appeles|appeliez|mappeliez|mappelle|appels|dappels|dappel|rappele|rappelee|contacte|"
			   "contactee|demarche|demarchee|vos|appel|vous ?appels ?jamais" },
	{ OPT_OUT, "ne|je|on|nous veux|voulons|souhaite|veut pas|aucun ?que ?vous|quon|lon ?me|nous|de|vos|ces ?etre "
			   "mappeliez|mappelle|rappeliez|appeliez|appels|appelle|rappelle|appelee|appele plus|encore|jamais" },
	{ OPT_OUT, "ne me|nous|mappelez ?rappelez|appelez|recontactez ?pas *6 jamais" },
	{ OPT_OUT, "ne plus|jamais me|nous|mappeler|mappelez ?rappeler|appeler|deranger" },
	{ OPT_OUT, "il ne faut plus ?me|nous|mappeler ?appeler|rappeler" },
	{ OPT_OUT, "ne veux|voulons|souhaite|souhaitons plus|pas etre|recevoir|dappels|que|quon|de|dappel "
			   "?vous|aucun|appele|dautres "
			   "?me|nous|mappeliez|mappelle|dappels|dappel|rappele|appels|appele|appelee|appeles|appel|contacte|"
			   "contactee|demarche|demarchee" },
	{ OPT_OUT, "=enlevez|retirez|supprimez|effacez|rayez|otez|sortez|radiez|enleve|desinscrivez|virez|oubliez|effacer|"
			   "supprimer|retirer ?moi|mon|nous|notre|mes|nos|ce|le ?numero|nom|coordonnees|donnees|telephone|contact "
			   "?tout ?de|dans|du ?suite|votre|vos|la|cette|toutes|ces|ce ?de|vos|votre "
			   "liste|listes|fichier|fichiers|base|bases|systeme|registre|repertoire !dattente" },
	{ OPT_OUT, "=enlevez|retirez|supprimez|effacez|oubliez|rayez|supprimer|effacer|retirer ?moi mon|notre|mes|nos|ce "
			   "numero|nom|coordonnees|donnees|contact|telephone" },
	{ OPT_OUT, "=retirez|enlevez|rayez|supprimez|effacez|desinscrivez moi|nous ?tout|immediatement "
			   "!de|le|la|les|ce|cette|un|une" },
	{ OPT_OUT, "=retirez|enlevez|rayez|supprimez|effacez|desinscrivez moi|nous de !la" },
	{ OPT_OUT, "=retirez|enlevez|rayez|supprimez|effacez|desinscrivez moi|nous de la !liste" },
	{ OPT_OUT,
		"=etre retire|retiree|supprime|supprimee|enleve|enlevee|raye|radie|efface|desinscrit|desinscrite ?de|du" },
	{ OPT_OUT, "=inscrit|inscrite|inscrits|suis ?inscrit ?sur|a ?sur bloctel" },
	{ OPT_OUT, "=mettez|inscrivez|ajoutez moi|nous|mon ?sur|numero ?sur liste|votre|bloctel|la ?liste "
			   "rouge|noire|dopposition|bloctel" },
	{ OPT_OUT, "=moppose|oppose|opposition ?a|au ?etre|tout|ce|demarchage demarchage|appele|appel" },
	{ OPT_OUT, "plus ?jamais|aucun dappel|dappels|appel|appels" },
	{ OPT_OUT, "plus un seul appel" },
	{ OPT_OUT, "plus jamais|aucun ?dappels|appel" },
	{ OPT_OUT, "=laissez moi|nous tranquille|tranquilles|en ?paix" },
	{ OPT_OUT, "=fichez|foutez moi|nous la paix" },
	{ OPT_OUT, "=desabonnez|desinscrivez moi|nous" },
	{ WRONG, "mauvais|faux ?bon numero" },
	{ WRONG, "vous|tu ?vous|avez|etes|faites|devez|mavez|te ?vous trompez|trompe|trompee|erreur|tromper|trompes|fait "
			 "?de|erreur" },
	{ WRONG, "erreur de numero|personne" },
	{ WRONG, "mauvaise personne|adresse" },
	{ WRONG, "vous avez ?compose|fait ?un|le mauvais|faux" },
	{ WRONG, "il|elle ny|ne|nhabite a|habite|pas|plus ?personne|pas|plus|ici ?ici|de" },
	{ WRONG, "ny a|a pas|personne|aucun ?pas|personne ?de|qui|daucun" },
	{ WRONG, "nhabite|nhabitent|habite|habitent plus|pas|ici|la" },
	{ WRONG, "je|on|nous ne|connais|connait|connaissons ?connais|connait|connaissons pas|personne|aucun "
			 "?cette|ce|de|daucun|qui" },
	{ WRONG, "connais pas|personne ?ce|cette|de|daucun" },
	{ WRONG, "ce|cest nest|pas|plus pas|plus|son|le|moi ?son|le|moi|mon|du ?bon|tout|plus numero|nom|moi" },
	{ WRONG, "ce nest|cest pas|plus son|le|mon|moi ?bon numero|nom|ici" },
	{ WRONG, "nest pas|plus ?son|le ?bon numero|nom" },
	{ WRONG, "ne suis pas|plus monsieur|madame|celui|celle|lui" },
	{ WRONG, "ne suis pas|plus la|cette personne" },
	{ WRONG, "suis pas la|cette personne" },
	{ WRONG, "suis pas lui|elle $" },
	{ CALLBACK, "rappelez|rappelle|appelez|appelle|telephonez|recontactez|reessayez|essayez|retelephonez|sonnez|"
				"resonnez|tentez|joignez ?moi|nous|le|la|donc|plutot ?plutot|vers|donc ?plus "
				"demain|tard|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|a|vers|ce|apres|dans|la|le|un|une|en|"
				"quand|cet|avant|entre|bientot|au|ulterieurement" },
	{ CALLBACK, "rappelez|rappelle moi|nous|le|la" },
	{ CALLBACK,
		"pouvez|pourriez|peux|pourrais|pouvoir ?vous|tu ?me|nous rappeler|appeler|recontacter|telephoner|mappeler "
		"?plus|demain|vers|a|lundi|mardi|mercredi|jeudi|vendredi|un|une|la|dans|tard|apres" },
	{ CALLBACK, "me|nous rappeler|rappelez|rappelle|recontacter|rappeliez "
				"?plus|demain|vers|a|lundi|mardi|mercredi|jeudi|vendredi|un|la|dans" },
	{ CALLBACK, "plus tard" },
	{ CALLBACK, "une|a|un ?un autre fois|moment|jour" },
	{ CALLBACK, "autre|meilleur moment|jour" },
	{ CALLBACK, "rappeler plus|demain|lundi|mardi|mercredi|jeudi|vendredi|vers|a|dans|un|la|ce" },
	{ VA_INTENT_DEFERRAL,
		"je|on|nous vous|te|le ?vais|re ?vous rappelle|rappellerai|rappeler|recontacte|rappelons|recontacterai|dirai" },
	{ VA_INTENT_DEFERRAL, "vais|veux|dois|faut|prefere|peux|besoin ?y|que|en|dy ?jen "
						  "reflechir|parler|parle|discuter|voir|demander|consulter|reflechisse" },
	{ VA_INTENT_DEFERRAL, "men parler|occupe" },
	{ REFUSAL, "ne|suis ?suis plus ?du|vraiment|tellement ?tout interesse|interessee|interesses" },
	{ REFUSAL, "pas|nest ?du|vraiment|tres|pas|trop|tout|plus ?tout|interesse "
			   "interesse|interessee|interesses|interessant" },
	{ REFUSAL, "ne minteresse|nous|ninteresse|minteressent ?interesse ?pas|plus" },
	{ REFUSAL, "minteresse|interesse|minteressent pas|plus|absolument" },
	{ REFUSAL, "non merci|sans" },
	{ REFUSAL, "merci mais|non non|je|ca" },
	{ REFUSAL, "pas ?vraiment|du besoin|envie|pour|dinteret|necessaire ?ca|moi|nous" },
	{ REFUSAL, "nai|jai|navons|avons|na|on ?nous ?a pas|aucun|nul|plus|besoin ?besoin|envie|dinteret|interet" },
	{ REFUSAL, "jai|nous|on|avons|a ?avons|a deja ?un|une|quelquun|mon|tout|ce|notre|signe|choisi|pris|fait|ca|ete" },
	{ REFUSAL,
		"je|nous|on ne|veux|voulons|souhaite|veut ?veux|voulons|souhaite|veut|pas|rien pas|rien|plus !etre|que" },
	{ REFUSAL, "suis|sommes|est ?tres|bien content|contente|contents|satisfait|satisfaite|satisfaits ?de|avec|comme" },
	{ REFUSAL, "trop|beaucoup cher|chere" },
	{ REFUSAL, "sans facon" },
	{ REFUSAL, "surement|certainement|absolument|vraiment|surtout pas" },
	{ REFUSAL, "hors de question" },
	{ REFUSAL, "perdez|perds|perdre|perte ?pas|pas|de|votre|mon votre|mon|temps" },
	{ REFUSAL, "pas question|aujourdhui|maintenant|pour" },
	{ REFUSAL, "jaime|aime|prefere|prefererais mieux|pas|ne ?pas" },
	{ REFUSAL, "allez au|vous diable|faire" },
	{ INTEREST, "ca|cela|oui|ca ?me|nous|peut|pourrait "
				"minteresse|minteresserait|minteresser|interesse|interesserait|plait|tente !pas|plus" },
	{ INTEREST, "je|on|nous suis|serais|sommes|est ?tres|toujours|plutot|vraiment interesse|interessee|interesses" },
	{ INTEREST, "dites|parlez|envoyez|expliquez|racontez|montrez|envoie|donnez|transmettez men|moi|nous|en|le "
				"?plus|un|une|des|la|les|ca|par|tout|comment|votre|le" },
	{ INTEREST, "combien|quel|cest ca|coute|est|couterait|cela|combien ?coute|couterait|le ?prix|tarif|$" },
	{ INTEREST, "je|on|nous voudrais|veux|aimerais|souhaite|veut|voulons|souhaiterais|aimerait "
				"?bien|un|une|en|prendre|avoir|voir|le|la|essayer|reserver|savoir !plus|pas" },
	{ INTEREST, "volontiers" },
	{ INTEREST, "avec plaisir" },
	{ INTEREST, "pourquoi pas" },
	{ INTEREST, "ca|cela me|nous va|convient|irait|arrange|botte|dit ?bien|parfaitement" },
	{ INTEREST, "inscrivez|mettez|notez|reservez moi|nous" },
	{ INTEREST, "allez y" },
	{ INTEREST, "je prends" },
	{ INTEREST, "je vous ecoute" },
	{ VOICEMAIL, "laissez|laisser|laissez ?moi|nous|votre|un ?un|votre ?petit message|nom|coordonnees" },
	{ VOICEMAIL, "apres|apres le|ce bip|signal|son|top" },
	{ VOICEMAIL, "messagerie|repondeur|boite ?vocale ?vocale" },
	{ VOICEMAIL, "vous etes ?bien|sur ?sur|chez" },
	{ VOICEMAIL, "bien sur le|la repondeur|messagerie" },
	{ VOICEMAIL, "nest|suis|pouvons|ne|peux|nous|absent|actuellement|votre|correspondant ?pas|suis|peux|ne|que "
				 "?peux|pas|pouvons|est ?disponible|pouvons|vous|joignable|repondre|indisponible|joint|prendre "
				 "disponible|repondre|absent|absente|indisponible|joignable|appel|telephone" },
	{ VOICEMAIL, "je|nous vous|te rappellerai|rappellerons|rappelle|rappelerai des|aussi" },
	{ VOICEMAIL, "votre correspondant|appel ?a|na|nest|ne" },
	{ VA_INTENT_CHILD, "ma|mon|la maman|papa|mamie|mami|papi|mere|pere|tata ?elle|il "
					   "est|nest|a|dit|dort|peut|va|travaille|revient|sest|na|fait" },
	{ VA_INTENT_CHILD, "maman|papa|mamie" },
	{ VA_INTENT_CHILD, "jai 0|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze ans" },
	{ VA_INTENT_CHILD, "pas le droit de" },
	{ VA_INTENT_OTHER, "il|elle nest|est|ne|sera|travaille|dort "
					   "?pas|pas|la|sorti|sortie|absent|absente|parti|partie|au|en|chez|occupe|occupee" },
	{ VA_INTENT_OTHER, "nest|est pas|plus|absent|absente|sorti|sortie|parti|partie ?la|ici|disponible|encore|$" },
	{ VA_INTENT_OTHER, "je|cest|ici ?suis sa|son|la|le "
					   "femme|mari|fils|fille|mere|pere|soeur|frere|secretaire|assistante|assistant|collegue|epouse|"
					   "epoux|compagne|compagnon|voisine|voisin|belle|gendre|aide" },
	{ VA_INTENT_OTHER, "mon|ma mari|femme|fils|fille|patron|chef|epoux|epouse|pere|mere|conjoint ?qui "
					   "soccupe|gere|decide|est|nest|sen|a|voit" },
	{ VA_INTENT_OTHER, "prendre|prends|laisser|transmettre|transmets|transmettrai un|le message" },
	{ VA_INTENT_OTHER, "je lui|le dis|dirai|transmets|passe|dire" },
	{ BUSY, "je|on|nous suis|sommes|est|conduis|mange|travaille|mangeais|dois ?la|en|au|un|tres|vraiment|deja "
			"?en|peu|train|au|plein "
			"?occupe|occupee|reunion|voiture|travail|volant|train|presse|pressee|table|rendez|hopital|pleine|retard|"
			"rdv|boulot|caisse|conduire|reunion ?reunion|$" },
	{ BUSY, "conduis|conduit" },
	{ BUSY, "mauvais|pas|bien|cest ?le|mal moment|tombez" },
	{ BUSY, "vous tombez ?tres|bien mal" },
	{ BUSY, "nai|jai|pas ?pas ?pas|le|trop|une|deux ?trop|minute temps|minute|secondes" },
	{ BUSY, "peux|pouvons|peut pas|plus ?vous|trop ?la|parler|maintenant|repondre ?parler|maintenant|repondre" },
	{ BUSY, "pas maintenant|la|le" },
	{ BUSY, "presse|pressee" },
	{ VA_INTENT_WITHDRAWAL, "laissez|laisse tomber" },
	{ VA_INTENT_WITHDRAWAL, "oubliez|oublie|annulez|annule ca|tout|le" },
	{ VA_INTENT_WITHDRAWAL, "jai|ai change davis|didee" },
	{ VA_INTENT_WITHDRAWAL, "finalement|reflexion|tout ?tout|bien|reflechi non|je|pas" },
	{ VA_INTENT_WITHDRAWAL, "en fait non|laissez|je" },
	{ VA_INTENT_SARCASM, "oh|ah|quelle|quel|super|genial|formidable|chouette|youpi "
						 "?quelle|super|genial|formidable|chouette|encore|la|bonheur|joie|chance|comme|oui "
						 "joie|chance|surprise|bonheur|encore|un|une|plaisir" },
	{ VA_INTENT_SARCASM, "mais|oui bien|cest|mais sur|ca ?et|bien|oui ?la" },
	{ VA_INTENT_NO, "^ non|nan|nullement|negatif" },
	{ VA_INTENT_NO, "^ pas du|vraiment|encore|tout|exactement|question" },
	{ VA_INTENT_NO, "^ bien|absolument|certainement|surement ?sur que|pas ?non" },
	{ VA_INTENT_YES, "^ "
					 "oui|ouais|ok|okay|daccord|parfait|exact|exactement|absolument|volontiers|entendu|voila|"
					 "certainement|effectivement|impeccable|nickel|super|evidemment|si !mais" },
	{ VA_INTENT_YES, "^ bien|tout|tres|cest|ca|mais|ah ?a ?bien|oui "
					 "sur|entendu|fait|bien|exact|ca|moi|cela|bon|parfait|va|marche|oui|note|si|convient|roule|joue" },
	{ VA_INTENT_YES, "^ ca me|nous|ira|irait|nous ?convient|va|irait" },
	{ VA_INTENT_YES, "^ avec plaisir" },
	{ VA_INTENT_YES, "^ pourquoi pas" },
	{ VA_INTENT_GOODBYE, "au revoir" },
	{ VA_INTENT_GOODBYE, "bonne|bonjour journee|soiree|fin|continuation|apres" },
	{ VA_INTENT_GOODBYE, "a bientot|demain|plus" },
	{ VA_INTENT_ACCEPT, "a|au|et lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|bientot $" },
	{ VA_INTENT_ACCEPT, "ca|cela|cest|cetait|ce ?me|nous|serait|sera "
						"marche|roule|va|convient|irait|ira|joue|parfait|bon|arrange|colle|impeccable|nickel|note|"
						"entendu|parfait|ideal|gaze|conviendrait|ok" },
	{ VA_INTENT_ACCEPT,
		"je|on|nous prends|prend|viens|vient|serai|sera|serons|suis|note|arrive|viendrai|amene|lamene|vous "
		"?attends|y|le|la|vous ?serai|attends" },
	{ VA_INTENT_ACCEPT, "jy|ny serai|serons|suis|vais" },
	{ VA_INTENT_ACCEPT, "on|je|nous dit|fait|part ?la|ca|comme|pour ?la|ca" },
	{ VA_INTENT_ACCEPT, "je|on peux|peut|pourrai|pouvons|pourrais venir|passer|etre|me|y" },
	{ VA_INTENT_ACCEPT, "aucun|pas|sans|nul ?de probleme|souci|inconvenient|problemes|soucis" },
	{ VA_INTENT_ACCEPT, "rien contre" },
	{ VA_INTENT_ACCEPT, "nai|ai|vois ?pas|rien ?rien contre|dobjection|dinconvenient" },
	{ VA_INTENT_ACCEPT, "inscrivez|notez|mettez|reservez|marquez|comptez moi|nous|le|la|sur|ca" },
	{ VA_INTENT_ACCEPT, "je confirme|accepte|valide|reserve" },
	{ VA_INTENT_ACCEPT, "cest|considerez|voila note|bon|entendu|decide|dit|promis|parti|regle|parfait|ideal|dit" },
	{ VA_INTENT_ACCEPT, "allez|va ?va pour|y|donc" },
	{ VA_INTENT_ACCEPT, "ca me|nous va|convient|arrange|irait|botte" },
	{ VA_INTENT_ACCEPT, "jaccepte" },
	{ VA_INTENT_ACCEPT, "marche|roule $" },
	{ VA_INTENT_ACCEPT, "tres|fort bien" },
	{ VA_INTENT_ACCEPT, "je|on les|vous|le|la attends|attend|recevrai" },
	{ VA_INTENT_LOST,
		"je|on|nous ?ne ?vous|te entends|entend|capte|comprends|entendais|entendez ?plus|pas|rien|tres|mal|presque" },
	{ VA_INTENT_LOST, "entends|entend ?plus|pas|rien plus|pas|rien|mal" },
	{ VA_INTENT_LOST,
		"ca|cela|la ?va|ligne|reseau coupe|couper|passe|gresille|capte|coupait|raccroche|decroche|craque ?mal|pas" },
	{ VA_INTENT_LOST, "plus|presque|pas|peu|na ?de batterie|reseau|forfait|credit" },
	{ VA_INTENT_LOST, "y|il ?y ?a|nya ?a quelquun|personne" },
	{ VA_INTENT_LOST, "^ allo ?allo $" },
	{ VA_INTENT_LOST, "allo allo" },
	{ VA_INTENT_LOST, "parlez|parle plus|moins" },
	{ VA_INTENT_LOST, "je raccroche|coupe|file|fonce|dois" },
	{ VA_INTENT_LOST, "dois ?y|vous|te aller|raccrocher|filer|partir|laisser|couper" },
	{ VA_INTENT_LOST, "il ?faut ?que ?je file|raccroche|parte|coupe" },
	{ VA_INTENT_LOST, "quittez|quitte pas" },
	{ VA_INTENT_LOST, "une|deux|attendez ?une|deux seconde|secondes|minute|minutes" },
	{ VA_INTENT_LOST, "un instant|moment" },
	{ VA_INTENT_LOST, "attendez|attends $" },
	{ VA_INTENT_LOST, "on|ca|quelquun sonne|frappe|toque|brule" },
	{ VA_INTENT_LOST, "tunnel|ascenseur|parking" },
	{ VA_INTENT_LOST, "attention|mince|zut|oh|mon la|dieu|merde|flute|le|non" },
	{ VA_INTENT_LOST, "ben|ah ?non personne" },
	{ VA_INTENT_DEFERRAL, "on|nous|je|faut ?vais|allons|va|que ?je "
						  "verra|verrai|voir|verrons|voie|regarde|regarder|regarderai|lirai|lire|reflechir|reflechirai|"
						  "reflechis|pense|penser|hesite|decider|deciderai|demander|demanderai|consulter|relire" },
	{ VA_INTENT_DEFERRAL, "je|on|jai|nai ?ne ?nen sais|sait|ai|suis|suis ?pas|encore pas|rien|encore "
						  "?encore|trop|vraiment|sur|sure ?sur|davis|decide|regarde|lu" },
	{ VA_INTENT_DEFERRAL, "pas|na ?encore ?encore decide|davis|lu|regarde|ouvert|eu|pris|sur|sure|fixe" },
	{ VA_INTENT_DEFERRAL, "nai pas ?encore|eu ?encore ?davis|lu|decide|ouvert|regarde|pris|eu" },
	{ VA_INTENT_DEFERRAL, "pour|a linstant|le|ce non|moment|stade" },
	{ VA_INTENT_DEFERRAL, "peut|un etre|jour ?un|plus ?jour|tard" },
	{ VA_INTENT_DEFERRAL, "bof" },
	{ VA_INTENT_DEFERRAL, "ca|tout depend|va|dependra|depend" },
	{ VA_INTENT_DEFERRAL, "il faut|faudrait|faudra ?dabord ?que|jen ?que|jen|je|on|reflechisse "
						  "voie|parle|reflechisse|en|voir|reflechir|demande|regarde|discute|lise" },
	{ VA_INTENT_DEFERRAL, "rien a dire|signaler" },
	{ INTEREST, "je|on|nous ?en veux|veut|voudrais|voudrait|aimerais|aimerait|souhaite|voulons|prends|prend "
				"?bien|vraiment|absolument "
				"?en|la|le|un|une|y|venir|participer|essayer|faire|linscrire|mon|inscrire|prendre|avoir|voir|savoir|"
				"faire|cet|ce !pas|plus" },
	{ INTEREST, "jen|on ?en veux|veut|voudrais|prends|veux !pas|plus" },
	{ INTEREST, "quon|on la|le|les|en veut|prend" },
	{ INTEREST, "envoyez|renvoyez|transmettez|mailez|faites|faxez|donnez|postez|adressez|prevenez|envoie|redonnez "
				"moi|nous|le|la|les|un|une|des|donc|toujours|lui" },
	{ INTEREST, "pouvez|pourriez|peux|pouvez ?vous|tu ?me|nous|lui "
				"envoyer|renvoyer|transmettre|expliquer|mailer|donner|faire|faxer|adresser" },
	{ INTEREST,
		"vous|tu pouvez|pourriez|peux ?me|nous|mme|lui envoyer|menvoyer|renvoyer|transmettre|expliquer|donner|faire" },
	{ INTEREST, "ca|cela|oui ?ca minteresse|ninteresse|nous|me ?vraiment|beaucoup "
				"?interesse|tente|plait|dit|plairait|botte|vraiment !pas|plus" },
	{ INTEREST, "je|on|nous suis|est|sommes|serais ?tres|toujours|vraiment|super "
				"partant|partante|partants|interesse|interessee|interesses|preneur|preneuse|motive|motivee|emballe|"
				"emballee|curieux|curieuse|chaud|tente|tentee !pas" },
	{ INTEREST, "on|jy y tient|tiens" },
	{ INTEREST, "jy|on tiens|y" },
	{ INTEREST, "quand|comment|ou ?est ?ce ?quon|peut|on|je|puis ?on|je|peut "
				"commence|sinscrire|inscrire|sinscrit|minscrire|inscris|commencer|minscris|payer|reserver|venir|voir" },
	{ INTEREST, "mettez|inscrivez|notez moi|nous|le|la ?sur ?la ?liste" },
	{ INTEREST, "combien|quel|quels|cest ?ca|est|sont coute|prix|tarif|tarifs|combien|couterait" },
	{ INTEREST, "ma|mon|elle|il ?fille|fils|femme|mari ne demande que" },
	{ INTEREST, "cest ?tout ?a ?tres ?fait interessant|tentant|genial|super|chouette !mais" },
	{ INTEREST, "allons|allez y" },
	{ REFUSAL,
		"ne|ca|cela|il|elle ?ne linteresse|minteresse|nous|les|interesse|ninteresse|interessent|lui|linteressent "
		"?interesse|dit pas|plus|guere|rien" },
	{ REFUSAL, "je|on|nous|jen|il|elle ?ne|nen ?nen|en veux|veut|voulons|souhaite|veulent|voulez|desire ?pas|plus|rien "
			   "pas|plus|rien" },
	{ REFUSAL, "ne veux|veut|voulons|souhaite|achete|achetons|prends|prend|change|signe pas|plus|rien" },
	{ REFUSAL,
		"je|on ?ne|nai|nachete|nachetons|nai change|signe|prends|achete|besoin|pas ?pas|rien|besoin ?de|besoin|rien" },
	{ REFUSAL, "nai|ai|na|avons|navons|a besoin de rien" },
	{ REFUSAL, "ce|cest nest|pas pas|pour ?pour moi|nous" },
	{ REFUSAL, "pas pour moi|nous|lui" },
	{ REFUSAL, "on|je ne|peut|peux ?peut|peux pas letre|faire moins" },
	{ REFUSAL, "cest|ca|serait|cetait|la|reponse ?est ?reste ?toujours|ca non" },
	{ REFUSAL, "une|deux ?ou cest non" },
	{ REFUSAL, "je|on ?vous ?ai|a|lai ?vous ?ai|deja ?deja dit ?que non" },
	{ REFUSAL, "non|merci|surtout vraiment|pas|merci|rien|pas ?pas ?ca ?du ?tout ?merci" },
	{ REFUSAL, "nai|na|je|jai|ai ?ai ?meme pas|aucune|aucun ?meme|de|le|la ?de "
			   "voiture|chien|chat|chaudiere|jardin|piscine|maison|gaz|television|enfant|enfants|argent|moyens|"
			   "intention|envie|temps|cheminee|permis" },
	{ REFUSAL, "suis|je ?suis locataire" },
	{ REFUSAL, "ca ?ne vous regarde" },
	{ REFUSAL, "nachete|nacheterai|nacheterons|nachetons ?pas|plus|rien pas|plus|rien" },
	{ REFUSAL, "sans|non facon|merci|merci" },
	{ REFUSAL, "annulez|annule ?le|la|tout oui|s|le|la|tout|ca|lessai|rendez|donc|s" },
	{ REFUSAL, "laissez|laisse moi|nous|tomber ?tranquille" },
	{ REFUSAL, "jai|on|nous|deja ?a|avons ?deja ?pris|signe|choisi|trouve|fait "
			   "pris|signe|choisi|trouve|achete|quelquun|quelque|fait|ailleurs|mieux|mon|autre" },
	{ REFUSAL, "je|on reste|garde|suis|est|sommes ?tres|bien ?ou|comme|avec|celui|celle|fidele|bien|la ?ou" },
	{ REFUSAL, "mais|ben|ah non ?enfin|alors|merci $" },
	{ REFUSAL, "trop|beaucoup|bien ?trop cher|chere|chers|vieux|vieille|tard" },
	{ REFUSAL, "il|elle|monsieur|madame|patron|mari|pere dit|repond|fait|veut ?que non|pas" },
	{ REFUSAL, "jamais de la vie" },
	{ REFUSAL, "meme|a pas|gratuit|gratuitement ?en ?gratuit|reve" },
	{ REFUSAL, "cest mort|hors" },
	{ REFUSAL, "ne|pas|vous|nous|je ?nous ?fatiguez|insistez pas" },
	{ REFUSAL, "passe ?mon tour" },
	{ REFUSAL, "jai ?pas ?plus|deja ce quil" },
	{ REFUSAL, "je men passe|passerai|fiche|fous" },
	{ VOICEMAIL, "apres ?le|la bip|signal|top|tonalite|sonnerie|biip" },
	{ VOICEMAIL, "la|boite|messagerie ?boite|vocale ?vocale est pleine|saturee" },
	{ VOICEMAIL, "tapez|composez|appuyez|faites ?sur|le ?la ?touche un|deux|trois|zero|0|etoile|diese|neuf|le|1" },
	{ VOICEMAIL, "nos|notre|les bureaux|magasin|horaires|cabinet|agence|etude ?est|sont ?ouverts|ferme|fermes" },
	{ VOICEMAIL, "votre ?message ?a ?ete|a|sera ?bien ?ete enregistre|envoye|transmis|sauvegarde|message" },
	{ VOICEMAIL, "veuillez laisser|patienter|rappeler|parler|enregistrer" },
	{ VOICEMAIL, "laissez|laisse|laisser|enregistrez|enregistre ?moi|nous|donc ?un|votre|vos|ton|quelques "
				 "message|mot|nom|coordonnees|numero|messages" },
	{ VOICEMAIL, "correspondant que|nest ?vous|pas|est" },
	{ VOICEMAIL, "nest|est pas|momentanement|actuellement|temporairement ?momentanement|plus "
				 "?disponible|joignable|attribue|accessible "
				 "disponible|joignable|indisponible|attribue|ferme|accessible|injoignable" },
	{ VOICEMAIL, "ne suis|sommes|peux|pouvons|puis pas ?la ?disponible|la|repondre|chez|joignable|prendre|au" },
	{ VOICEMAIL, "je|on|nous te|vous ?ai|avons|a eu|eue|ai" },
	{ VOICEMAIL, "merci|merci davoir|de ?de appele|laisser|votre|patienter|rappeler" },
	{ VOICEMAIL, "pour ?re reecouter|ecouter|modifier|effacer|envoyer|joindre|parler|reenregistrer ?votre|le|un|a" },
	{ VOICEMAIL, "vous etes|avez|etes ?bien|bien|joint ?bien ?au|sur|chez|en|la ?le|la "
				 "?repondeur|messagerie|communication|standard|cabinet" },
	{ VOICEMAIL, "si vous connaissez|souhaitez|desirez|etes" },
	{ VOICEMAIL, "le numero|poste ?que ?vous ?avez demande|compose|nest|de" },
	{ VOICEMAIL, "sinon|ou laissez|patientez|tapez" },
	{ VOICEMAIL, "^ bip|biip|tut|bip $" },
	{ VOICEMAIL, "de|d neuf heures a" },
	{ VOICEMAIL, "je|nous vous|te rappelle|rappellerai|rappelons|rappellerons ?demain ?des|aussi|ou" },
	{ VOICEMAIL, "absent|absente|conge|deplacement jusquau|jusqua|pour" },
	{ WRONG, "faute|erreur de|dans numero|personne|le" },
	{ WRONG, "inverse|interverti|melange|mele ?les|des|deux|vous ?deux|derniers deux|chiffres|numero|numeros|$" },
	{ WRONG, "ici|non ?cest|non|ce ?cest|est|etes ?le|la|une|un|chez *1 "
			 "tabac|boulangerie|pharmacie|restaurant|boucherie|garage|mairie|hopital|ecole|coiffeur|cabinet|hotel|bar|"
			 "pizzeria|station|creche|caserne|gendarmerie|librairie|fleuriste|magasin|bibliotheque|gare|snack|pressing|"
			 "clinique|usine|ferme|poissonnerie|bureau|particulier|domicile" },
	{ WRONG, "ici cest|vous" },
	{ WRONG, "vous etes chez|au|a ?le|la|un|une" },
	{ WRONG, "connais pas|aucun|personne ?cette|ce|de|du ?dame|tout|monsieur|nom|nom" },
	{ WRONG, "na jamais|plus habite|travaille|vecu" },
	{ WRONG, "jai ce|le|toujours ?meme numero depuis|il" },
	{ WRONG, "qui ca|cest|est ce" },
	{ WRONG, "vous|tu cherchez ?un|une|quelquun ?autre|dautre|plutot" },
	{ WRONG, "ce|cest|non ?nest|moi ?moi|pas|cest|cest cest|pas|nest" },
	{ WRONG, "je mappelle|suis ?pas *2 pas|moi|et" },
	{ WRONG, "nai|navons rien|pas|jamais commande|demande|vendu|ecrit" },
	{ WRONG, "vous ?vous ?mavez|devez|faites|etes ?vous ?etre|avoir|fait "
			 "tromper|trompee|trompe|trompez|confondez|erreur|confondre|confondu" },
	{ BUSY, "sur la route|autoroute" },
	{ BUSY, "je|on ?suis|est chez le|la|mon ?dentiste|medecin|coiffeur|kine|docteur" },
	{ BUSY, "suis|est|etais ?deja|juste|en|chez|au|a|dans|sur|sous ?le|la|un|en|mon "
			"reunion|route|dentiste|medecin|travail|volant|magasin|marche|caisse|cours|douche|bain|train|metro|bus|"
			"entretien|conduite|vacances|boulot|cuisine|sport|cinema|restaurant|resto|chantier|pause|examen" },
	{ BUSY, "on|je passe|passons|mange|dine|allons a|on|la ?table" },
	{ BUSY, "vous|tu tombez|tombes mal" },
	{ BUSY, "pas|peux|pouvais|peut ?pas ?vous|te|la parler|repondre|discuter|la ?la|maintenant" },
	{ BUSY, "avant|la ?je|on bosse|travaille" },
	{ BUSY, "occupe|occupee|deborde|debordee|pressee|presse" },
	{ BUSY, "jai|y|il ?y ?a ?a du|des|les|mes|ma|mon|les|un "
			"monde|gens|invites|clients|petits|bebe|rendez|client|train|reunion|enfants" },
	{ BUSY, "les enfants|petits|bebe|lait|casserole|four" },
	{ BUSY, "pas le temps" },
	{ CALLBACK, "appelez|rappelez|appelle|rappelle|sonnez|telephonez|essayez|reessayez|resonnez|tentez "
				"?moi|le|la|nous|donc|plutot ?plutot ?plus "
				"lundi|mardi|mercredi|jeudi|vendredi|samedi|demain|vers|apres|a|ce|la|au|en|dans|tard" },
	{ CALLBACK, "me|le|la|nous|vous rappeler|resonner|recontacter|retelephoner|sonner|rappelle" },
	{ CALLBACK, "ca|cela ?vous|te irait|va|dirait|est|embete ?de|possible ?me rappeler|resonner" },
	{ CALLBACK, "faut|dit|quil|crie|demande|a ?quil|de|faut|que ?faut "
				"rappeler|appeler|sonner|rappelle|reessayer|rappeliez|appeliez" },
	{ CALLBACK, "il|elle rentre|sera|revient|est|rentrera|finit|termine ?la|de|a|chez ?lui|elle|maison|la "
				"lundi|mardi|mercredi|jeudi|vendredi|samedi|demain|vers|apres|a|ce|dans|ce" },
	{ CALLBACK, "dites|dire ?lui ?aux ?gens de|quil" },
	{ CALLBACK, "vous|oui ?vous ?vous|oui pouvez|pourrez rappeler|appeler|lappeler" },
	{ VA_INTENT_OTHER,
		"cest|je ?suis sa|son|ses|la|le|linfirmiere|laide|linfirmier|sa "
		"?fille|fils|femme|mari|coloc|colocataire|secretaire|mere|pere|infirmiere|belle|voisine|gardienne|nounou|"
		"assistante|aidante|soeur|frere|niece|neveu|epouse|associe|tuteur|petite|petit" },
	{ VA_INTENT_OTHER, "il|elle|monsieur|madame|maman|papa|patron ?est|sera|nest|dort|travaille "
					   "sous|a|en|au|chez|absent|absente|sorti|sortie|pas|parti|dort|occupe|dehors|malade" },
	{ WRONG, "je|on|nous ?ne connais|connait pas|personne" },
	{ WRONG, "ny|nya|ya a ?pas|aucun pas|aucun|personne|de ?de madame|monsieur|qui" },
	{ WRONG, "il|elle ny|y a pas|personne ?de" },
	{ CALLBACK, "a une autre" },
	{ INTEREST, "jaimerais|jadorerais|jadore ?vraiment|beaucoup|bien !pas" },
	{ WRONG, "jamais|pas entendu|eu parle|de" },
	{ VA_INTENT_WITHDRAWAL, "oublie|oublions|oubliez|annule|annulez|laissez|effacez|barrez ?donc ?le "
							"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|rendez" },
	{ VA_INTENT_OTHER, "linfirmiere|linfirmier|laide|lassistante|lassistant de madame|monsieur" },
	{ VOICEMAIL, "repondeur" },
	{ VOICEMAIL, "messagerie ?vocale" },
	{ VOICEMAIL, "boite vocale" },
	{ OPT_OUT, "nappelez|nappelle|napelez|ntelephonez plus|jamais" },
	{ OPT_OUT, "arretez|arrete|cessez|cesse ?donc dappeler|dtelephoner" },
	{ OPT_OUT, "ne|et ?ne ?me|nous sonnez|resonnez|telephonez|rappelez|recontactez|appelez|contactez plus|jamais" },
	{ OPT_OUT, "plus|pas ?la peine de|dappeler ?me|nous ?de ?rappeler|appeler plus|jamais" },
	{ OPT_OUT, "plus la peine de ?me|nous rappeler|appeler|telephoner" },
	{ OPT_OUT, "plus la peine dappeler" },
	{ OPT_OUT, "plus|aucun de coups|coup de fil|telephone" },
	{ OPT_OUT, "je refuse tout|vos ?autre appel|appels" },
	{ VA_INTENT_NONE, "y|il|ya ?y ?a pas ?de mal|souci|soucis|probleme|quoi" },
	{ VA_INTENT_NONE, "na|nai|navons|nont|a|ai pas encore|dit|pu|eu|ete|recu|vu" },
	{ VA_INTENT_NONE, "non ?non cest|ce tout|bon|sera" },
	{ WRONG, "il|elle|on|vous sest|setes|sont ?bien ?vraiment trompe|trompee ?de numero" },
	{ VA_INTENT_NONE, "ne ?nous|me rayez|retirez|enlevez|oubliez|supprimez|quittez ?surtout pas" },
	{ VA_INTENT_NONE, "na|nai|ont plus que" },
	{ VA_INTENT_NONE, "nai|jai|na|ai pas la|le|ma|mon|les tete|date|agenda|carnet|numero|planning|papiers|clefs|cles" },
	{ VA_INTENT_NONE,
		"non pas a|cinq|six|trois|quatre|deux|sept|huit|neuf|dix|midi|lundi|mardi|mercredi|jeudi|vendredi|"
		"samedi|demain" },
};

const VaIntentTable va_intents_fr = { .language = "fr",
	.patterns = patterns,
	.count = sizeof(patterns) / sizeof(patterns[0]),
	.quotes =
		"dit|disait|disent|dis|raconte|repete|crie|criait|demande|demande|ecrit|repondu|repond|lance|lance|disais",
	.others = "il|elle|ils|elles|mari|femme|voisin|voisine|ami|amie|patron|chef|frere|soeur|gens|quelquun|mere|pere|"
			  "monsieur|dame|tout|collegue|beau|belle|fils|fille|maman|papa|copain|copine|cousin",
	.selves = "je|jai|nous|on",
	.hearers = "leur|eux|lui",
	.denials = "ne|pas|jamais|ni|sans|nai|nest|napas",
	.halves = "ne|nai|nest|na|navons|navez|ny|nen|netais|netait|nont",
	.conditions = "avant|aujourdhui|demain|sauf|pendant|quand|si|dimanche|dimanches|samedi|soir|matin|tot|tard|weekend|"
				  "week|lundi|mardi|mercredi|jeudi|vendredi|semaine|jusqua|jusquau|jusqua|maintenant|travail|heure|"
				  "fixe|bureau|boulot",
	.suppositions = "si|quand|pourquoi|imaginez|lorsque|supposons",
	.more = &va_provisos_fr,
	.halts = &va_halts_fr };
