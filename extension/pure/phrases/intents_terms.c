/*-------------------------------------------------------------------------
 * intents_terms.c
 *		In all languages: what an agreement hangs on, how people mock a yes, and
 *		the words that end a talk where a turn says nothing else.
 *
 * Words are folded: small letters, no accents, no apostrophes.  A proviso by
 * words that cannot mean another thing ("only if") hangs on whatever is agreed
 * to in its turn, any other ("if my wife agrees") on what its sentence says.
 */
#include "pure/phrases/intents.h"

#define NONE VA_INTENT_NONE
#define PROVISO VA_INTENT_PROVISO
#define MOCKS VA_INTENT_SARCASM
#define HALT VA_INTENT_HALT

#define TABLE(name, code, items, filled)                                                                  \
	const VaIntentTable name = {                                                                          \
		.language = code, .patterns = items, .count = sizeof(items) / sizeof(items[0]), .fillers = filled \
	}

/* ---- English ---- */

static const VaIntentPattern provisos_en[] = {
	/* asks whether, or is polite */
	{ NONE, "see|know|check|ask|asking|wondering|wonder|sure|tell|remember|care|out|matter|mind|even|what|as|idea|say|"
			"asked|checking|like if" },
	{ NONE, "if ?i im|ive|i|may|might|could ?may|might ?not|all "
			"right|mistaken|wrong|honest|correct|may|might|ask|remember|recall|"
			"understand|understood|heard|got ?correctly|right" },
	{ NONE, "if its|it ?is|was ?not|no|all ?all|too|that okay|ok|fine|possible|alright|right|trouble|bother|much|"
			"convenient|easier|better|urgent|important|any" },
	{ PROVISO, "=only|but|and if|when|once !something|anything|theres|there|needed|necessary|you|hes|shes|theyre|that|"
			   "thats|possible|not|i" },
	{ PROVISO, "=only if|when|once" },
	{ PROVISO, "=but if my|our|the|she|he *1 "
			   "wife|husband|boss|partner|mother|father|mom|mum|dad|landlord|manager|agrees|agree|says|lets|wants" },
	{ PROVISO, "=provided|providing ?that he|she|they|my|our|i|we|im|its|it|nothing|the|no|nobody|everyone|hes|shes" },
	{ PROVISO, "=as|so long as my|our|he|she|i|im|its|it|we|the|nobody|they|hes|shes|nothing|theres" },
	{ PROVISO, "=on ?the|one condition" },
	{ PROVISO, "=assuming ?that i|im|he|she|they|my|our|it|its|we|the|nothing" },
	{ PROVISO, "=depending on" },
	{ PROVISO, "=unless !you|something|youre" },
	{ PROVISO, "=have|need|got|must|want|like ?to check|ask|clear|confirm|talk|speak ?it|this|that ?with|to *3 first" },
	{ NONE,
		"do|should|must|shall i|we ?have|need ?to ask|consult|check|talk|speak|clear|discuss ?it|this|that ?with|to "
		"my|the "
		"wife|husband|boss|partner|mother|father|mom|mum|dad|landlord|manager|family|parents|kids|son|daughter" },
	{ PROVISO,
		"=have|need|got|must|gotta|should ?to ask|consult ?with my|the "
		"wife|husband|boss|partner|mother|father|mom|mum|dad|landlord|manager|family|parents|kids|son|daughter" },
	{ PROVISO,
		"=have|need|got|must|gotta|should ?to check|talk|speak|clear|discuss ?it|this|that with|to my|the "
		"wife|husband|boss|partner|mother|father|mom|mum|dad|landlord|manager|family|parents|kids|son|daughter" },
	{ PROVISO, "if !you|your|youre|youd|thats|that|possible|ok|okay|fine|convenient|anything|something|needed|need|"
			   "necessary|hes|shes|theyre|any|there|theres|so|not" },
	{ MOCKS, "=said|says no|nobody|noone ?one ?ever|never|at" },
	{ MOCKS, "=yes|yeah|sure|okay|ok|right|and as if $" },
	{ MOCKS, "=^ as if $" },
	{ MOCKS, "=in your|my|their|his dreams" },
	{ MOCKS, "=dream on" },
	{ MOCKS, "=^ you wish $" },
	{ MOCKS,
		"=when|until|till|once|if ?the pigs|hell|cows|chickens ?can ?will fly|flies|freezes|freeze|froze|come|have" },
	{ MOCKS, "=over my dead body" },
	{ MOCKS, "=and ?then|maybe im|i|my ?am ?the|a|mothers|grandmothers "
			 "queen|king|pope|santa|easter|emperor|astronaut|president|napoleon|elvis" },
	{ MOCKS, "=twelfth|0|day of|after never" },
	{ MOCKS, "=when|once|after im|i ?am dead|die" },
	{ MOCKS, "=in a million years" },
	{ MOCKS, "=in another|my|the ?next life|lifetime" },
	{ MOCKS, "=^ yeah|oh|ha ?yeah|sure right $" },
	{ MOCKS, "=^ psych|not $" },
};

static const VaIntentPattern halts_en[] = {
	{ HALT, "stop|stopp ?it|that|this|now|please|already|right ?now" },
	{ HALT, "quit|desist|cease ?it|that|this" },
	{ HALT, "knock it off" },
	{ HALT, "cut it out" },
	{ HALT, "enough already|now" },
	{ HALT, "enough is enough" },
};

#define FILLERS_EN                                                                                                \
	"please|ok|okay|just|hey|um|uh|er|ah|oh|now|right|it|that|all|this|i|said|already|thank|you|thanks|sir|maam|" \
	"madam|"                                                                                                      \
	"man|god|hell|the|fuck|fucking|will|would|can|could|seriously|really|well|so|and|yeah|yes|look|listen|guys|"  \
	"people|"                                                                                                     \
	"immediately|there|here|with|im"

/* ---- Spanish ---- */

static const VaIntentPattern provisos_es[] = {
	{ NONE, "como|ver|saber|sabe|sabes|pregunto|pregunta|preguntar|mirar|miro|aunque|incluso|aun|por|decir|dime|digame|"
			"que|seguro|segura|claro si" },
	{ NONE, "si no ?me ?le ?les ?es|hay|molesta|importa|equivoco|recuerdo ?molestia|problema|inconveniente|mal" },
	{ PROVISO, "=solo|solamente|unicamente si|cuando !hay|es|usted" },
	{ PROVISO, "=pero|y solo|solamente si|cuando" },
	{ PROVISO, "=siempre ?y que|cuando !llama|llaman" },
	{ PROVISO, "=condicion de|que" },
	{ PROVISO, "=con|a tal de|que ?que" },
	{ PROVISO, "=a menos que" },
	{ PROVISO, "=a no ser que" },
	{ PROVISO, "=salvo|excepto que|si" },
	{ PROVISO, "=dependiendo|depende|dependera de|del|si" },
	{ PROVISO, "=tengo|tendria|hay|necesito|debo|quiero ?que consultarlo|preguntarle|preguntar|consultar|hablarlo|"
			   "confirmarlo *4 antes|primero" },
	{ PROVISO, "=antes|primero tengo|tendria|debo|necesito ?que "
			   "consultarlo|preguntarle|preguntar|consultar|hablarlo|confirmarlo" },
	{ PROVISO, "=tengo|tendria|tenemos|hay|necesito|debo|quiero ?que "
			   "consultarlo|consultar|preguntarle|preguntar|preguntarselo|hablarlo|hablar|comentarlo|confirmarlo a|con "
			   "mi|mis|el|la "
			   "mujer|marido|esposa|esposo|jefe|jefa|madre|padre|hijo|hija|pareja|novio|novia|hermano|hermana|socio|"
			   "socia|casero|familia" },
	{ PROVISO, "si mi|mis|nuestro|nuestra|el|la|los|las|su|un|una "
			   "mujer|marido|esposa|esposo|jefe|jefa|madre|padre|hijo|hija|pareja|novio|novia|hermano|hermana|socio|"
			   "socia|casero|tiempo|coche|dueno|duena|luna|precio|infierno|banco|medico|rey|papa" },
	{ PROVISO, "si ?no fuera|fuese|estuviera|estuviese|pudiera|pudiese|tuviera|tuviese|hubiera|hubiese|quisiera|fueran|"
			   "lloviera" },
	{ PROVISO, "si no llueve|trabajo|tengo|estoy|nieva|estamos|salgo|viajo|trabaja|cambia|surge" },
	{ PROVISO, "si puedo|consigo|llego|salgo|encuentro|estoy|sigo|gano|hace|estamos|podemos|tengo|logro|llueve" },
	{ PROVISO, "si es gratis|gratuito|gratuita|barato|de|completamente|totalmente" },
	{ PROVISO, "si me|nos|lo|la dejan|deja|dan|da|pagan|paga|dice|confirma|confirman|toca|permite|permiten|"
			   "autoriza|autorizan|aprueba|regalan|apetece" },
	{ PROVISO,
		"si ella|el|ellos|todos|alguien|todo quiere|acepta|puede|esta|dice|deja|llega|confirma|va|sale|aceptan" },
	{ MOCKS, "=dijo|dicho|ha|lo ?dicho nadie ?nunca|jamas" },
	{ MOCKS, "=cuando|hasta las|los|el ranas|vacas|gallinas|cerdos|burros|infierno|elefantes" },
	{ MOCKS, "=en tus|sus|mis|vuestros suenos" },
	{ MOCKS, "=ni en suenos|broma|pintura" },
	{ MOCKS, "=sobre mi cadaver" },
	{ MOCKS, "=y ?yo ?soy el|la|un|una papa|reina|rey|jamon|cuerno|pepino|huevo|emperador" },
	{ MOCKS, "=cuando san juan" },
	{ MOCKS, "=ano de la pera" },
	{ MOCKS, "=cuando ?yo ?me muera|este|muerto ?muerto" },
	{ MOCKS, "=treinta|0 de febrero" },
	{ MOCKS, "=si hombre $" },
	{ MOCKS, "=en otra|mi|la|proxima ?proxima|otra vida $" },
};

static const VaIntentPattern halts_es[] = {
	{ HALT, "basta|stop ?ya|con|por ?esto|eso|favor" },
	{ HALT, "pare|paren|parad ?ya|con|de ?una|esto|eso ?vez" },
	{ HALT, "para ya" },
	{ HALT, "deje|dejen|dejelo|dejenlo|deja eso|esto|ya" },
	{ HALT, "corte|corten|cortela|cortala|termine ya" },
	{ HALT, "detengase|detenganse|callese" },
	{ HALT, "quiteme|quitenme|saqueme|saquenme|eliminenme|elimineme|borrenme|baja" },
};

#define FILLERS_ES                                                                                                     \
	"por|favor|ya|eh|oiga|oye|mire|bueno|gracias|senor|senora|senorita|he|dicho|que|a|ver|pues|y|hombre|joder|de|una|" \
	"vez|todo|esto|eso|ahora|mismo|digo|le|les|ah|uy|si"

/* ---- French ---- */

static const VaIntentPattern provisos_fr[] = {
	{ NONE, "comme|meme|savoir|voir|sais|demande|demander|verifier|sait|sure|sur|dire|dites|regarder|mais|ah|oh si" },
	{ NONE, "si ?je ?me ?ne ?peux|me ?ne|me trompe|permettre|comprends|rappelle|souviens|permets|abuse" },
	{ NONE, "si je peux|puis me|vous|dire" },
	{ PROVISO,
		"=seulement|uniquement|sauf|juste|et|mais si|quand|sil|sils|lorsque !vous|besoin|necessaire|possible|ca" },
	{ PROVISO, "=que|qua si|sil|condition !vous|besoin" },
	{ PROVISO, "=condition que|de|quil|quelle|quon" },
	{ PROVISO, "=pourvu que|quil|quelle|quon" },
	{ PROVISO, "=moins que|quil|quelle|quon" },
	{ PROVISO, "=tant que|quil|quelle|quon !vous" },
	{ PROVISO, "=du moment que|quil|quelle|ou|quon" },
	{ PROVISO, "=sous|en reserve ?de|que" },
	{ PROVISO, "=ca|cela|tout|cest depend|dependra|selon !quoi" },
	{ PROVISO, "=en fonction de|du" },
	{ PROVISO, "=en admettant que|quil" },
	{ PROVISO, "=dois|faut|vais|devrais ?dabord ?que ?je ?den "
			   "demander|verifier|consulter|verifie|demande|parler *4 dabord|avant" },
	{ PROVISO,
		"si !vous|tu|possible|ca|cela|cest|besoin|jamais|bien|oui|si|necessaire|non|je|et|ah|il|mais|merci|tout" },
	{ PROVISO, "si je|jetais|javais|jarrive|jai|jobtiens|jy|jen" },
	{ PROVISO, "si ?ca|cest|cetait ?est|vraiment|completement|entierement|totalement gratuit|libre|rien|offert" },
	{ PROVISO, "sil ne|fait|est|etait|pleut|accepte|veut|peut|pleuvait|faisait|dit" },
	{ PROVISO, "sils|silne ne|acceptent|veulent|peuvent|disent" },
	{ MOCKS, "=na|a|ont ?encore ?jamais dit|dira ?jamais personne|jamais ?personne" },
	{ MOCKS, "=dit|disait personne|jamais ?jamais ?personne" },
	{ MOCKS, "=quand les poules|cochons|vaches|chevres" },
	{ MOCKS, "=quand lenfer" },
	{ MOCKS, "=quand il gelera|neigera|pleuvra en|des" },
	{ MOCKS, "=la ?saint saint|st ?glin glinglin|glin" },
	{ MOCKS, "=dans|en vos|tes|mes reves" },
	{ MOCKS, "=cours|courez toujours" },
	{ MOCKS, "=comptez|compte la|dessus" },
	{ MOCKS, "=moi ?je suis le|la|l pape|reine|roi|pere|empereur|president" },
	{ MOCKS, "=sur mon cadavre" },
	{ MOCKS, "=mon oeil $" },
	{ MOCKS, "=quatre jeudis" },
	{ MOCKS, "=quand je ?serai mort|morte|serai" },
	{ MOCKS, "=0|trente fevrier" },
	{ MOCKS, "=dans une|ma autre|prochaine ?vie" },
};

static const VaIntentPattern halts_fr[] = {
	{ HALT, "stop|stoppez ?ca|tout|maintenant" },
	{ HALT, "arretez|arrete|arretons|cessez ?ca|tout|cela|maintenant|vous|la|donc" },
	{ HALT, "ca suffit ?maintenant|comme" },
	{ HALT, "en voila assez" },
	{ HALT, "assez maintenant" },
	{ HALT, "desinscription|desabonnement|desinscrire|retirez|effacez|enlevez ?moi" },
};

#define FILLERS_FR                                                                                                 \
	"sil|vous|plait|te|bon|alors|ecoutez|eh|euh|bah|ben|ah|oh|merci|monsieur|madame|mademoiselle|jai|dit|ca|cela|" \
	"mais|"                                                                                                        \
	"et|la|maintenant|ok|oui|tout|de|suite|immediatement|je|dis|enfin|donc|voila|franchement"

/* ---- German ---- */

static const VaIntentPattern provisos_de[] = {
	{ NONE, "auch|selbst|als|wie|immer|sehen|wissen|schauen|sagen|fragen wenn|falls|ob" },
	{ NONE, "wenn|falls ich ?mich|das ?recht|nicht ?richtig|ganz|so "
			"fragen|bitten|erinnere|irre|verstehe|darf|verstanden|sagen|ehrlich" },
	{ NONE, "wenn|falls es|das ?fur ?nicht ?zu ?auch ihnen|sie|geht|recht|passt|moglich|ok|okay|in|mir|sein|so|denn|"
			"ausmacht|umstande|viel|noch" },
	{ PROVISO, "=nur|aber|ausser|und|bloss|hochstens|erst wenn|falls !sie|was|etwas|ihnen|notig|er|es|das|moglich" },
	{ PROVISO, "=nur|ausser|bloss|hochstens wenn|falls" },
	{ PROVISO, "=es|ausser ?sei denn" },
	{ PROVISO, "=vorausgesetzt" },
	{ PROVISO, "=unter|mit ?der|dem bedingung|vorbehalt|voraussetzung" },
	{ PROVISO, "=solange|sofern|soweit !sie|ihnen|nichts|es" },
	{ PROVISO, "=je nachdem" },
	{ PROVISO, "=hangt|kommt ?ganz davon|drauf|darauf ab|an" },
	{ PROVISO, "=muss|musste|will|wollte|mochte ?ich ?das ?aber erst|vorher|zuerst|noch *5 "
			   "fragen|abklaren|klaren|besprechen|absprechen|rucksprache|nachfragen|schauen" },
	{ PROVISO, "=muss|musste|mussen ?ich|wir ?das|es ?noch|erst ?mit mein|meine|meinen|meinem|meiner "
			   "mann|frau|chef|chefin|mutter|vater|sohn|tochter|partner|partnerin|freund|freundin|vermieter|familie "
			   "fragen|besprechen|reden|sprechen|absprechen|klaren|abklaren" },
	{ PROVISO, "wenn|falls !sie|ihnen|du|dir|moglich|was|etwas|notig|irgendwas|uberhaupt|schon|dann|es|das|ja|er|denn|"
			   "nicht|ok|okay|gewunscht|notwendig|noch|ihr" },
	{ PROVISO,
		"wenn|falls es|das|er ?dann|wirklich|ganz|garantiert|nicht "
		"kostenlos|umsonst|gratis|regnet|schneit|nichts|ware|zustimmt|erlaubt|will|regnete|wirklich|einverstanden" },
	{ PROVISO, "wenns ?nicht regnet|schneit|nichts|gratis|umsonst|sein|kostenlos|warm|schon" },
	{ PROVISO, "ware|hatte|konnte ich|der|das|es *3 frei|zeit|ja|gern|gerne" },
	{ MOCKS, "=sagte|sagt|hat ?noch niemand|keiner|nie ?jemals|nie|je" },
	{ MOCKS, "=nimmerleins|nimmerleinstag|sanktnimmerleinstag" },
	{ MOCKS, "=wenn|bis|sobald die|der ?die holle|kuhe|schweine ?mal" },
	{ MOCKS, "=wenn|bis schweine|kuhe|elefanten|hunde" },
	{ MOCKS, "=wenn|bis ostern|weihnachten|pfingsten und" },
	{ MOCKS, "=traumen|traum sie|du|weiter|mal ?weiter|mal" },
	{ MOCKS, "=uber meine leiche" },
	{ MOCKS, "=in ihren|deinen|euren|meinen traumen" },
	{ MOCKS, "=wers glaubt" },
	{ MOCKS, "=und ?ich bin ?ich ?dann der|die|ein|konigin "
			 "kaiser|papst|konigin|weihnachtsmann|osterhase|bundeskanzler|konig|von" },
	{ MOCKS, "=von wegen $" },
	{ MOCKS, "=wenn ich tot|gestorben" },
	{ MOCKS, "=0|dreissigsten|dreissigste|einunddreissigsten februar|feber" },
	{ MOCKS, "=im nachsten|anderen leben" },
};

static const VaIntentPattern halts_de[] = {
	{ HALT, "stop|stopp|basta ?jetzt" },
	{ HALT, "schluss|ende ?jetzt|damit|aus|mit|endlich ?dem ?jetzt" },
	{ HALT, "horen|hor|hort ?sie|ihr ?doch ?bitte ?jetzt ?endlich ?damit auf ?damit|jetzt" },
	{ HALT, "aufhoren" },
	{ HALT, "es|jetzt|mir|nun reicht|reichts ?es|jetzt|mir" },
	{ HALT, "mir reichts" },
	{ HALT, "lassen|lass ?sie das ?sein|bleiben|jetzt" },
	{ HALT, "genug jetzt|davon" },
	{ HALT, "jetzt ist schluss|genug" },
	{ HALT, "abmelden|austragen" },
	{ HALT, "nehmen|nimm ?sie mich raus|runter|heraus" },
};

#define FILLERS_DE                                                                                                     \
	"bitte|jetzt|sofort|mal|doch|endlich|danke|hey|he|oh|ach|ah|ah|also|so|und|hab|habe|ich|gesagt|sage|es|das|damit|" \
	"herr|frau|ja|okay|ok|mensch|mann|gott|hallo|aber|einfach|sie|auf|der|stelle|horen|na"

TABLE(va_provisos_en, "en", provisos_en, NULL);
TABLE(va_provisos_es, "es", provisos_es, NULL);
TABLE(va_provisos_fr, "fr", provisos_fr, NULL);
TABLE(va_provisos_de, "de", provisos_de, NULL);
TABLE(va_halts_en, "en", halts_en, FILLERS_EN);
TABLE(va_halts_es, "es", halts_es, FILLERS_ES);
TABLE(va_halts_fr, "fr", halts_fr, FILLERS_FR);
TABLE(va_halts_de, "de", halts_de, FILLERS_DE);
