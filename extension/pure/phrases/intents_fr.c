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
			   "liste|listes|fichier|fichiers|base|bases|systeme|registre|repertoire" },
	{ OPT_OUT, "=enlevez|retirez|supprimez|effacez|oubliez|rayez|supprimer|effacer|retirer ?moi mon|notre|mes|nos|ce "
			   "numero|nom|coordonnees|donnees|contact|telephone" },
	{ OPT_OUT, "=retirez|enlevez|rayez|supprimez|effacez|desinscrivez moi|nous ?de|tout|immediatement" },
	{ OPT_OUT,
		"=etre retire|retiree|supprime|supprimee|enleve|enlevee|raye|radie|efface|desinscrit|desinscrite ?de|du" },
	{ OPT_OUT, "=inscrit|inscrite|inscrits|suis ?inscrit ?sur|a ?sur bloctel" },
	{ OPT_OUT, "=mettez|inscrivez|ajoutez moi|nous|mon ?sur|numero ?sur liste|votre|bloctel|la ?liste "
			   "rouge|noire|dopposition|bloctel" },
	{ OPT_OUT, "=moppose|oppose|opposition ?a|au ?etre|tout|ce|demarchage demarchage|appele|appel" },
	{ OPT_OUT, "plus ?jamais|aucun dappel|dappels|appel|appels" },
	{ OPT_OUT, "plus un seul appel" },
	{ OPT_OUT, "plus jamais|aucun ?dappels|appel" },
	{ OPT_OUT, "=derniere|derniere fois que vous|quon|lon ?me|nous|mappelez ?appelez|appelle" },
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
	{ WRONG, "ce|cest|jai nest|pas|plus|plus ?pas|plus ?son|moi|le|numero ?bon|numero|plus|son|moi|nom" },
	{ WRONG, "nest pas|plus ?moi|son|le ?bon numero|moi|nom" },
	{ WRONG, "ne suis pas|plus ?monsieur|madame|la|cette|celui|celle|lui ?personne" },
	{ WRONG, "suis pas ?la|cette|lui|elle ?personne" },
	{ CALLBACK, "rappelez|rappelle|appelez|appelle|telephonez|recontactez|reessayez|essayez|retelephonez "
				"?moi|nous|le|la|donc|plutot|plus|a ?plutot|vers|donc "
				"?demain|plus|tard|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|a|vers|ce|apres|dans|la|le|un|"
				"une|en|quand|cet|avant|entre|bientot|au|ulterieurement|$ tard" },
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
	{ CALLBACK, "passez|passe moi un coup" },
	{ CALLBACK, "coup de fil|telephone demain|lundi|mardi|mercredi|jeudi|vendredi|plus|vers|a" },
	{ VA_INTENT_DEFERRAL,
		"je|on|nous vous|te|le ?vais|re ?vous rappelle|rappellerai|rappeler|recontacte|rappelons|recontacterai|dirai" },
	{ VA_INTENT_DEFERRAL, "vais|veux|dois|faut|prefere|peux|besoin ?y|que|en|dy ?jen "
						  "reflechir|parler|parle|discuter|voir|demander|consulter|reflechisse" },
	{ VA_INTENT_DEFERRAL, "je reflechis|reflechirai" },
	{ VA_INTENT_DEFERRAL, "men parler|occupe" },
	{ REFUSAL, "pas|nest|suis ?du|vraiment|tres|pas|trop|tout|plus ?tout|interesse "
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
	{ INTEREST,
		"ca|ca|cela|a ?a lair|semble|sonne|parait ?plutot|vraiment|tres|pas ?mal bien|interessant|super|genial" },
	{ INTEREST, "combien|quel|cest ca|coute|est|couterait|cela|combien ?coute|couterait|le ?prix|tarif|$" },
	{ INTEREST, "je|on|nous voudrais|veux|aimerais|souhaite|veut|voulons|souhaiterais|aimerait "
				"?bien|un|une|en|prendre|avoir|voir|le|la|essayer|reserver|savoir !plus|pas" },
	{ INTEREST, "volontiers" },
	{ INTEREST, "avec plaisir" },
	{ INTEREST, "pourquoi pas" },
	{ INTEREST, "ca|ca|cela|jeudi|lundi|mardi|mercredi|vendredi me|nous|marche|va|convient "
				"?va|convient|irait|arrange|parfaitement" },
	{ INTEREST, "inscrivez|mettez|notez|reservez moi|nous" },
	{ INTEREST, "allez y" },
	{ INTEREST, "je prends|vous ?ca|le|la|ecoute" },
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
	{ VA_INTENT_SARCASM, "manquait|manquais plus|plus ?que ?ca|vous" },
	{ VA_INTENT_SARCASM, "il ne|manquait manquait|plus ?plus ?que" },
	{ VA_INTENT_SARCASM, "exactement|juste|pile ce quil|dont|que" },
	{ VA_INTENT_SARCASM, "quand les poules" },
	{ VA_INTENT_SARCASM, "merci pour rien" },
	{ VA_INTENT_SARCASM, "mais|oui bien|cest|mais sur|ca ?et|bien|oui ?la" },
	{ VA_INTENT_NO, "^ non|nan|nullement|negatif" },
	{ VA_INTENT_NO, "^ pas du|vraiment|encore|tout|exactement|question" },
	{ VA_INTENT_NO, "^ bien|absolument|certainement|surement ?sur que|pas ?non" },
	{ VA_INTENT_YES, "^ "
					 "oui|ouais|ok|okay|daccord|parfait|exact|exactement|absolument|volontiers|entendu|voila|"
					 "certainement|effectivement|impeccable|nickel|super|evidemment|si !mais" },
	{ VA_INTENT_YES, "^ bien|tout|tres|cest|ca|mais ?a ?bien|oui "
					 "?sur|entendu|fait|bien|exact|ca|moi|cela|bon|parfait|va|marche|oui|note|me ?convient|va" },
	{ VA_INTENT_YES, "^ avec plaisir" },
	{ VA_INTENT_YES, "^ pourquoi pas" },
	{ VA_INTENT_GOODBYE, "au revoir" },
	{ VA_INTENT_GOODBYE, "bonne|bonjour journee|soiree|fin|continuation|apres" },
	{ VA_INTENT_GOODBYE, "a bientot|demain|plus" },
};

const VaIntentTable va_intents_fr = { .language = "fr",
	.patterns = patterns,
	.count = sizeof(patterns) / sizeof(patterns[0]),
	.quotes =
		"dit|disait|disent|dis|raconte|repete|crie|criait|demande|demande|ecrit|repondu|repond|lance|lance|disais",
	.others = "il|elle|ils|elles|mari|femme|voisin|voisine|ami|amie|patron|chef|frere|soeur|gens|quelquun|mere|pere|"
			  "monsieur|dame|tout|collegue|beau|belle|fils|fille|maman|papa|copain|copine|cousin",
	.selves = "je|jai|nous|on",
	.denials = "ne|pas|jamais|ni|sans|nai|nest|napas",
	.conditions = "avant|aujourdhui|demain|sauf|pendant|quand|si|dimanche|dimanches|samedi|soir|matin|tot|tard|weekend|"
				  "week|lundi|mardi|mercredi|jeudi|vendredi|semaine|jusqua|jusquau|jusqua|maintenant|travail|heure",
	.suppositions = "si|quand|pourquoi|imaginez|lorsque|supposons" };
