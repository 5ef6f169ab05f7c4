/*-------------------------------------------------------------------------
 * lexicon_fr.c
 *		French: how names, addresses, numbers and dates are dictated.
 */
#include "pure/phrases/lexicon.h"

static const VaLexiconGroup groups[] = {
	{ VA_FILLER, "euh|heu|hum|hein|bah|ben|enfin bon|disons|voyons" },
	{ VA_LETTER, "bé=b|cé=c|dé=d|effe=f|gé=g|ache=h|ji=j|gi=j|ka=k|emme=m|enne=n|pé=p|erre=r|esse=s|té=t|vé=v"
				 "|double vé=w|double v=w|ixe=x|i grec=y|y grec=y|zède=z|zed=z" },
	{ VA_LETTER | VA_COMMON, "elle=l" },
	{ VA_LETTER | VA_PARTICLE, "d=d|l=l" },
	{ VA_ALPHABET,
		"anatole=a|berthe=b|célestin=c|désiré=d|eugène=e|françois=f|gaston=g|henri=h|irma=i|joseph=j|kléber=k"
		"|louis=l|marcel=m|nicolas=n|oscar=o|pierre=p|quintal=q|raoul=r|suzanne=s|thérèse=t|ursule=u|victor=v"
		"|william=w|xavier=x|yvonne=y|zoé=z" },
	{ VA_DIGIT, "zéro=0|un=1|une=1|deux=2|trois=3|quatre=4|cinq=5|six=6|sept=7|huit=8|neuf=9" },
	{ VA_TEEN, "dix=10|onze=11|douze=12|treize=13|quatorze=14|quinze=15|seize=16" },
	{ VA_DOZEN, "dizaine=10|dizaines=10|douzaine=12|douzaines=12|quinzaine=15|vingtaine=20|trentaine=30|quarantaine=40"
				"|cinquantaine=50|soixantaine=60|centaine=100|centaines=100|millier=1000|milliers=1000" },
	{ VA_QUARTER, "quart=1|quarts=1" },
	{ VA_METRE, "mètre|mètres" },
	{ VA_CODE,
		"numéro de dossier|numéro de client|numéro client|numéro de contrat|numéro de commande|numéro de police"
		"|référence|numéro de compte|numéro de facture|numéro de série|numéro d'adhérent|numéro de sociétaire|code" },
	{ VA_TENS, "vingt=20|vingts=20|trente=30|quarante=40|cinquante=50|soixante=60|septante=70|huitante=80|octante=80"
			   "|nonante=90" },
	{ VA_HUNDREDS, "cent=100|cents=100" },
	{ VA_SCALE, "mille=1000|mil=1000|million=1000000|millions=1000000|milliard=1000000000" },
	{ VA_ORDINAL, "premier=1|1er=1" },
	{ VA_MONTH, "janvier=1|février=2|mars=3|avril=4|mai=5|juin=6|juillet=7|août=8|septembre=9|octobre=10|novembre=11"
				"|décembre=12" },
	{ VA_TIMES, "double=2|triple=3|deux fois=2|trois fois=3" },
	{ VA_SYMBOL,
		"arobase=@|arrobase=@|arobas=@|at=@|point=.|tiret=-|trait d'union=-|tiret du six=-|moins=-|tiret du bas=_"
		"|tiret bas=_|underscore=_|souligné=_|sous tiret=_|tiret du huit=_|plus=+|slash=/|apostrophe='" },
	{ VA_POINT, "virgule" },
	{ VA_TURNED,
		"accent aigu=aigu|accent grave=grave|accent circonflexe=circonflexe|circonflexe=circonflexe|tréma=trema"
		"|cédille=cedille|aigu=aigu|avec accent aigu=aigu|avec un accent aigu=aigu|avec tréma=trema" },
	{ VA_YES, "oui|ouais|exact|exactement|c'est ça|c'est cela|voilà|tout à fait|d'accord|parfait|correct|c'est exact"
			  "|c'est bien ça|c'est bon|absolument|bien sûr|ok|très bien|c'est moi|c'est bien moi|impeccable|nickel" },
	{ VA_NO, "non|pas|sans|pas du tout|pas tout à fait|faux|presque" },
	{ VA_MEND,
		"pardon|attendez|plutôt|je veux dire|excusez moi|enfin|ah non|je me trompe|je corrige|en fait|désolé|désolée" },
	{ VA_LOST,
		"l'ancien|l'ancienne|je ne sais plus|je sais plus|je ne sais pas|je sais pas|aucune idée|me souviens plus"
		"|me rappelle plus|par coeur|je n'en ai pas|j'en ai pas|je ne donne pas|je préfère pas" },
	{ VA_AS, "comme|de" },
	{ VA_WITH, "avec" },
	{ VA_AND, "et" },
	{ VA_HALF, "demi|demie" },
	{ VA_ARTICLE, "le|la|les|l|un|une" },
	{ VA_MONEY, "euros|euro|francs|francs suisses|dollars" },
	{ VA_CENTS, "centimes" },
	{ VA_SPAN, "âge|ans|années|an|mois|semaines|jours|heures|minutes|fois" },
	{ VA_PARTICLE, "de|du|des|la|le|les|van|von|der|den|da|di|del|della|el|en|sur|sous|aux|au" },
	{ VA_NAMES,
		"e mail|email|mail|mél|courriel|adresse mail|adresse e mail|téléphone|portable|numéro|fixe|code postal|adresse"
		"|adresse électronique|mobile" },
	{ VA_LAST, "nom de famille|nom" },
	{ VA_FIRST, "prénom" },
	{ VA_ENDING, "com|net|org|fr|be|ch|eu|info|ca|lu|io|re|gouv|bzh|paris" },
	{ VA_LEAD, "c'est|je suis|je m'appelle|mon nom est|mon nom c'est|moi c'est|c'est au|j'habite|j'habite au|nous "
			   "sommes|on est"
			   "|ça s'écrit|ici|prénom|notez|mettez|c'était|ce sera|s'appelle|on habite au|c'est le|au nom de|habite" },
	{ VA_STREET,
		"rue|avenue|boulevard|place|impasse|allée|allées|chemin|route|quai|cours|square|passage|résidence|esplanade"
		"|sentier|faubourg|montée|promenade|ruelle|villa|cité|hameau|lotissement|traverse|clos|venelle" },
	{ VA_COMMON,
		"pour "
		"cent|espace|je|tu|il|elle|nous|vous|ils|on|mon|ma|mes|votre|vos|son|sa|ses|leur|que|qui|quoi|ce|cet|cette|ces|"
		"ça|est|sont|ai"
		"|a|avez|avons|ont|suis|êtes|était|être|avoir|ne|n|y|en|dans|pour|par|chez|mais|ou|où|donc|or|ni|car|si|quand"
		"|comment|très|tout|tous|toute|attaché|collé|ensemble|minuscule|minuscules|majuscule|lettre|lettres|bonjour|"
		"bonsoir"
		"|merci|s'il vous plaît|madame|monsieur|allô|alors|puis|ensuite|après|avant|fin|début|milieu|à la fin|au début"
		"|normal|normalement|simple|simplement|juste|seulement|aussi|encore|toujours|jamais|rien|bon|bien|oh|ah|eh|et "
		"puis"
		"|s'écrit|écrit|épelle|je vous épelle|épeler|accent|trait|deux "
		"points|mari|femme|fille|fils|travail|bureau|maison"
		"|domicile|perso|chiffres|en chiffres|à|aux|ici|là|voyez|voulez|faut|peux|peut|faire|mettre|dire|dis|attention"
		"|toutes|même|autre|celui|celle|quel|quelle|quels|date|naissance|né|née|en un mot|c'est à dire|il y "
		"a|d'abord|mets"
		"|cher|chère|dame|mademoiselle|parle|parlez|appelez|appelle|appeler|honnêtement|surtout|se|lui|eux|du tout" },
	{ VA_PLACE | VA_COMMON, "début=1|au début=1|milieu=2|au milieu=2|fin=3|à la fin=3|au bout=3|bout=3" },
	{ VA_WITHOUT, "sans|pas de|sans le" },
	{ VA_HELLO | VA_COMMON, "bonjour|bonsoir|allô|allo|oui bonjour|oui allô|salut" },
	{ VA_SELF | VA_LEAD, "je suis|je m'appelle|mon nom est|mon nom c'est|moi c'est|ici|à l'appareil" },
	{ VA_OTHER, "mari|femme|patron|patronne|mère|père|fils|fille|frère|soeur|collègue|voisin|voisine|locataire|"
				"propriétaire|compagnon|compagne|secrétaire|elle s'appelle|il s'appelle" },
	{ VA_TITLE | VA_COMMON, "monsieur|madame|mademoiselle|docteur|maître|professeur|m|mme" },
	{ VA_YES, "lui même|elle même|c'est moi même|moi même|c'est lui|c'est elle|toujours|c'est bien cela|c'est "
			  "juste|c'est tout à fait ça|c'est toujours bon|c'est le bon" },
	{ VA_COMMON, "en trois mots|en deux mots|tout court|couleur|la couleur|particule|petit d|en un seul mot|tout "
				 "attaché|tout collé|sans accents|j'appelle|j'aurais|voulu|plus loin|espace|singulier|pluriel" },
	{ VA_TURNED, "avec un accent grave=grave|avec un accent circonflexe=circonflexe|avec un tréma=trema|avec une "
				 "cédille=cedille|un tréma=trema|accent circonflexe sur le=circonflexe|avec accent grave=grave|avec "
				 "cédille=cedille|c cédille=cedille" },
	{ VA_COMMON, "seul|seule|un seul|une seule|deux fois|unique|double|majuscules|noter|notez bien|attends" },
	{ VA_WITH, "prend|s'écrit avec|mais avec|ça prend|juste avec|seulement avec|il y a" },
	{ VA_WITH | VA_PLACE,
		"finit par=3|se termine par=3|termine par=3|commence par=1|ça finit par=3|ça commence par=1" },
	{ VA_NOT | VA_NO, "pas|c'est pas|ce n'est pas" },
	{ VA_CAPITAL | VA_COMMON, "majuscule|minuscule|puis|ensuite|grand|petit|encore|et puis" },
	{ VA_FORENAME, "marie|pierre|jean|paul|jacques|michel|andré|philippe|alain|bernard|daniel|gérard|patrick|"
				   "olivier|laurent|pascal|thomas|martin|robert|richard|simon|david|vincent|nicolas|henri|denis|"
				   "guillaume|arnaud|julien|charles|alexandre|louis|lucas|roger|albert|joseph|hugo|rémy|rémi|"
				   "clément|antoine|étienne|gilbert|claude|maurice|raymond|marcel|léon|noël|valentin|félix|"
				   "germain|camille|raphaël|claire|sophie|serge|yves|thierry|éric|marc|maxime|quentin|florian|"
				   "georges|guy|lionel|hervé|didier|franck|gilles|solange|capucine|colette|yvette|ginette|paule|"
				   "sylvain|sylvie|victor|émile" },
	{ VA_GIVEN,
		"agnès|alice|amandine|amélie|annie|audrey|aurélie|béatrice|benoît|bernadette|brigitte|caroline|catherine|"
		"cécile|cédric|chantal|chloé|christelle|christine|christophe|corinne|cyril|damien|danielle|delphine|denise|"
		"élise|élodie|émilie|emma|emmanuel|emmanuelle|éric|estelle|évelyne|fabienne|fabrice|fatima|fatiha|françoise|"
		"frédéric|grégory|hélène|inès|isabelle|jacqueline|jeanne|jérôme|joël|josiane|julie|karim|karine|kevin|laetitia|"
		"laura|laure|léa|loïc|louise|lucie|ludovic|magali|manon|marine|martine|mathieu|mathilde|matthieu|mélanie|"
		"michèle|mireille|mohamed|mohammed|monique|muriel|mustapha|nadège|nadia|nathalie|nicole|odette|odile|pascale|"
		"patricia|paulette|pauline|rachid|régine|renée|sabrina|said|samir|sandra|sandrine|sarah|sébastien|simone|"
		"solange|sonia|sophie|stéphane|stéphanie|suzanne|sylvain|sylvie|thérèse|thierry|valérie|vanessa|véronique|"
		"virginie|xavier|yann|yannick|yasmina|yves|yvette|yvonne|zoé|geneviève|solène|marylène|joëlle|mélissa|maëlys|"
		"gaëlle|élisabeth|ghislaine|huguette|ginette|éliane|liliane|josette|maryse|marie claire|marie "
		"france|ahmed|abdel|youssef|khadija|aïcha|leïla|samira" },
	{ VA_NOTE | VA_COMMON,
		"tout attaché|tout collé|en un mot|en un seul mot|attaché|attachés|collé|collés|tout en minuscules|en "
		"minuscules|minuscules|sans accent|sans accents|sans les accents|sans l'accent|les deux lettres|deux "
		"lettres|les trois lettres|sans tréma|sans majuscule|sans majuscules|sans capitales|sans cédille|sans "
		"espace|sans espaces|le chiffre|chiffre|en chiffres|en chiffre|la lettre|lettre|au pluriel|au singulier|sans "
		"point=.|sans le point=.|sans tiret=-|tout ensemble|tout d'un mot|tout minuscule" },
	{ VA_VAGUE | VA_COMMON, "quelque chose|un truc|je crois" },
	{ VA_SYMBOL | VA_COMMON, "chez=@" },
};

const VaLexiconTable va_lexicon_fr = { .language = "fr",
	.groups = groups,
	.ngroups = sizeof(groups) / sizeof(groups[0]),
	.decimal = ',',
	.twenties = true,
	.code_before_town = true };
