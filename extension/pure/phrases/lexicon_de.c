/*-------------------------------------------------------------------------
 * lexicon_de.c
 *		German: how names, addresses, numbers and dates are dictated.
 */
#include "pure/phrases/lexicon.h"

static const VaLexiconGroup groups[] = {
	{ VA_FILLER, "äh|ähm|hm|halt|also|mal|na|tja|naja|eben|öh" },
	{ VA_LETTER,
		"ypsilon=y|eszett=ß|scharfes s=ß|zett=z|zet=z|vau=v|jott=j|iks=x|ix=x|pe=p|ka=k|eff=f|emm=m|enn=n|err=r"
		"|ess=s|ell=l|ha=h|be=b|ce=c|te=t|qu=q|ö mit zwei pünktchen=ö" },
	{ VA_ALPHABET,
		"anton=a|ärger=ä|berta=b|cäsar=c|charlotte=ch|dora=d|emil=e|friedrich=f|gustav=g|heinrich=h|ida=i|julius=j"
		"|kaufmann=k|konrad=k|ludwig=l|martha=m|marta=m|nordpol=n|otto=o|ökonom=ö|österreich=ö|paula=p|quelle=q|"
		"richard=r"
		"|samuel=s|siegfried=s|schule=sch|theodor=t|toni=t|ulrich=u|übermut=ü|übel=ü|viktor=v|victor=v|wilhelm=w"
		"|xanthippe=x|xaver=x|zacharias=z|zeppelin=z|zürich=z|aachen=a|umlaut aachen=ä|berlin=b|chemnitz=c|düsseldorf=d"
		"|essen=e|frankfurt=f|goslar=g|hamburg=h|ingelheim=i|jena=j|köln=k|leipzig=l|münchen=m|nürnberg=n|offenbach=o"
		"|umlaut offenbach=ö|potsdam=p|quickborn=q|rostock=r|salzwedel=s|tübingen=t|unna=u|umlaut unna=ü|völklingen=v"
		"|wuppertal=w|xanten=x|zwickau=z|anna=a|bertha=b|daniel=d|jakob=j|kaiser=k|leopold=l|marie=m|niklaus=n|peter=p"
		"|rosa=r|sophie=s|yverdon=y" },
	{ VA_DIGIT,
		"null=0|eins=1|ein=1|eine=1|einer=1|einen=1|zwei=2|zwo=2|drei=3|vier=4|fünf=5|fuenf=5|sechs=6|sieben=7|acht=8"
		"|neun=9" },
	{ VA_TEEN,
		"zehn=10|elf=11|zwölf=12|zwoelf=12|dreizehn=13|vierzehn=14|fünfzehn=15|sechzehn=16|siebzehn=17|achtzehn=18"
		"|neunzehn=19|zwanzig=20|dreißig=30|vierzig=40|fünfzig=50|sechzig=60|siebzig=70|achtzig=80"
		"|neunzig=90" },
	{ VA_DOZEN, "dutzend=12" },
	{ VA_QUARTER, "viertel=1|dreiviertel=3" },
	{ VA_METRE, "meter" },
	{ VA_CODE, "kundennummer|vertragsnummer|rechnungsnummer|auftragsnummer|bestellnummer|kontonummer|aktenzeichen"
			   "|policennummer|versicherungsnummer|zählernummer|mitgliedsnummer|referenz|referenznummer|seriennummer"
			   "|vorgangsnummer|kennnummer|kennziffer|code|pin|buchungsnummer|ticketnummer" },
	{ VA_HUNDREDS, "hundert=100" },
	{ VA_SCALE, "tausend=1000|million=1000000|millionen=1000000|milliarde=1000000000|milliarden=1000000000" },
	{ VA_ORDINAL, "erster=1|ersten=1|erste=1|erstem=1|dritter=3|dritten=3|dritte=3|siebter=7|siebten=7|siebte=7"
				  "|achter=8|achten=8|achte=8|siebenter=7|zweiter=2|zweiten=2|zweite=2" },
	{ VA_MONTH,
		"januar=1|jänner=1|februar=2|feber=2|märz=3|april=4|mai=5|juni=6|juno=6|juli=7|august=8|september=9|oktober=10"
		"|november=11|dezember=12" },
	{ VA_TIMES, "doppel=2|doppelt=2|zweimal=2|dreimal=3|zweimal die=2|dreimal die=3" },
	{ VA_SYMBOL, "at=@|ät=@|ett=@|klammeraffe=@|at zeichen=@|punkt=.|minus=-|bindestrich=-|strich=-|mittelstrich=-"
				 "|unterstrich=_|plus=+|schrägstrich=/" },
	{ VA_POINT, "komma" },
	{ VA_YES,
		"ja|genau|richtig|stimmt|korrekt|jawohl|passt|exakt|ja genau|ja richtig|in ordnung|okay|ok|klar|natürlich|gerne"
		"|freilich|eh|perfekt" },
	{ VA_NO, "nein|nicht|nee|nö|ne|ohne|kein|keine|falsch|doch nicht" },
	{ VA_MEND, "moment|entschuldigung|ach nein|nein moment|quatsch|korrektur|vielmehr|sondern|ich "
			   "meine|verzeihung|pardon|besser"
			   "|warten sie" },
	{ VA_LOST, "die alte|alte nummer|weiß ich nicht|weiß ich nicht mehr|ich weiß es nicht|keine ahnung|nicht "
			   "auswendig|auswendig"
			   "|hab keine|habe keine|nicht mehr genau|geht sie nichts an" },
	{ VA_AS, "wie|für" },
	{ VA_WITH, "mit" },
	{ VA_AND, "und" },
	{ VA_HALF, "halb|halbe|halbes|halben|halber" },
	{ VA_ARTICLE, "der|die|das|den|dem|ein|eine" },
	{ VA_MONEY, "euro|euros|franken|schilling" },
	{ VA_CENTS, "cent|rappen" },
	{ VA_SPAN, "alt|alter|jahre|jahren|jahr|monate|monaten|monat|wochen|tage|tagen|stunden|minuten|mal" },
	{ VA_PARTICLE, "von|van|der|den|zu|zum|zur|de|am|im|an|auf|unter" },
	{ VA_NAMES,
		"e mail|email|mail|mailadresse|e mail adresse|telefon|telefonnummer|handy|handynummer|nummer|mobil|festnetz"
		"|adresse|anschrift|postleitzahl|plz|hausnummer|vorwahl|rufnummer" },
	{ VA_LAST, "nachname|nachnamen|familienname|familiennamen|zuname" },
	{ VA_FIRST, "vorname|vornamen" },
	{ VA_ENDING, "com|net|org|de|at|ch|eu|info|li|io|bayern|berlin|biz" },
	{ VA_LEAD,
		"ist|bin|ich bin|mein name ist|ich heiße|heiße|hier ist|hier spricht|das ist|es ist|name ist|wohne|wir sind"
		"|ich wohne|ich wohne in|in der|in die|sind|lautet|wäre|wohnen|notieren sie|schreiben sie|nehmen sie|auf" },
	{ VA_STREET, "straße|strasse|platz|weg|gasse|allee|ring|damm|ufer|chaussee|markt|hof|steig|pfad" },
	{ VA_COMMON,
		"polnisch|jemand|ich|du|er|sie|es|wir|ihr|mein|meine|meiner|meinen|ihre|ihren|sein|seine|uns|mir|mich|ihnen|"
		"was|wer|wo|wann|warum|wieso"
		"|welche|welcher|in|im|am|um|bei|aus|nach|vor|über|bis|aber|oder|wenn|dass|weil|denn|dann|da|dort|so|noch|nur|"
		"schon"
		"|auch|jetzt|heute|hallo|guten tag|grüß "
		"gott|servus|bitte|danke|tschüss|herr|frau|hab|habe|haben|hat|war|waren|wird"
		"|werden|kann|können|könnte|müsste|müssen|soll|will|möchte|alles|zusammen|zusammengeschrieben|klein|"
		"kleingeschrieben"
		"|groß|großgeschrieben|buchstabe|buchstaben|ziffer|zahl|anfang|ende|am ende|am anfang|am "
		"schluss|schluss|mitte|hinten"
		"|vorne|erst|zuerst|ganz|normal|einfach|weiter|wieder|beide|beiden|nichts|dazwischen|doch|ach|oh|gar|lieber"
		"|büro|arbeit|zuhause|privat|praxis|firma|tochter|sohn|mann|opa|vater|mutter|geboren|geburtstag|schreibt|"
		"schreib"
		"|schreibe|geschrieben|buchstabiere|sich|nachgucken|hart|weich|danach|davor|punkte|pünktchen|umlaut|strichen"
		"|andersrum|ihrem|warm|kalt|ungefähr|etwa|circa|wollen|sagen|gern|nach hause|dürfen|sowas|natürlich" },
	{ VA_PLACE | VA_COMMON,
		"anfang=1|am anfang=1|vorne=1|mitte=2|in der mitte=2|ende=3|am ende=3|schluss=3|am schluss=3|hinten=3" },
	{ VA_WITHOUT, "ohne|kein|keine|keinem|keinen|nicht mit" },
	{ VA_LETTER, "scharfem s=ß|scharfen s=ß|scharfes ess=ß|scharf s=ß|a umlaut=ä|o umlaut=ö|u umlaut=ü|umlaut "
				 "a=ä|umlaut o=ö|umlaut u=ü|ä umlaut=ä|ö umlaut=ö|ü umlaut=ü" },
	{ VA_HELLO | VA_COMMON, "hallo|guten tag|guten morgen|guten abend|grüß gott|servus|moin|grüezi|grüss gott|tag|ja "
							"hallo|schönen guten tag" },
	{ VA_SELF | VA_LEAD, "mein name ist|ich bin|ich heiße|ich heisse|heiße|heisse|hier ist|hier spricht|name ist|mein "
						 "name|ich bin der|ich bin die|hier" },
	{ VA_OTHER,
		"mein mann|meine frau|mein chef|meine chefin|meine mutter|mein vater|mein sohn|meine tochter|mein bruder|meine "
		"schwester|mein kollege|meine kollegin|mein nachbar|meine nachbarin|mein mieter|mein vermieter|mein "
		"freund|meine freundin|mein opa|meine oma|mein partner|er heißt|sie heißt|der chef|die chefin|der inhaber" },
	{ VA_TITLE | VA_COMMON, "herr|herrn|frau|doktor|dr|professor|prof|familie|magister|ingenieur" },
	{ VA_YES, "am apparat|das bin ich|bin ich|selbst|der bin ich|die bin ich|höchstpersönlich|die passt noch|passt "
			  "noch|stimmt so|das passt|stimmt genau" },
	{ VA_COMMON, "doppelname|doppelnamen|zwei vornamen|vornamen|name|farbe|apparat|getrennt|zwei wörter|ein "
				 "wort|kleingeschrieben|geschrieben|buchstabieren|hätte|hätt|rufe|rufe an|wegen|danach|darin|beides" },
	{ VA_COMMON, "einem einzigen|einzigen|einfachem|könnten|könnte|würden|würde|dürfte|darf|sagten|bitteschön" },
	{ VA_WITH, "schreibt sich mit|geschrieben mit|nur mit|aber mit|hat|mit nur|schreibt man mit" },
	{ VA_WITH | VA_PLACE,
		"endet auf=3|endet mit=3|beginnt mit=1|fängt mit=1|fängt an mit=1|am ende mit=3|hinten mit=3|vorne mit=1" },
	{ VA_NOT | VA_NO, "nicht|kein|nicht der|nicht die" },
	{ VA_CAPITAL | VA_COMMON, "großes|grosses|kleines|dann|und dann|danach|noch ein|wieder|nochmal|großbuchstabe" },
	{ VA_FORENAME, "ernst|werner|walter|otto|hermann|friedrich|heinrich|arnold|peter|simon|frank|franz|martin|"
				   "paul|albrecht|ludwig|thomas|michael|karl|georg|philipp|hans|konrad|moritz|lorenz|lukas|jan|"
				   "kai|lars|jens|holger|andreas|alexander|christian|dominik|felix|florian|jonas|julian|leon|"
				   "max|maximilian|niklas|oliver|robert|rudolf|sebastian|stephan|volker|wilhelm|gudrun|torben|"
				   "sönke|ilse|lothar|detlef|detlev|hubert|ruth|mareike" },
	{ VA_GIVEN,
		"andrea|angelika|anja|anke|anna|annette|antonia|barbara|beate|bernd|bettina|birgit|brigitte|christa|christine|"
		"christoph|claudia|daniela|dieter|elisabeth|elke|erika|erich|eva|gabriele|gisela|günter|günther|hannelore|"
		"heike|helga|ingrid|jürg|jürgen|jutta|karin|katharina|katrin|klaus|lisa|manfred|manuela|maria|marianne|marion|"
		"markus|martina|matthias|monika|nicole|petra|ralf|renate|reto|sabine|sandra|silke|silvia|simone|stefan|stephan|"
		"stefanie|susanne|sven|thorsten|tobias|torsten|ulrike|ursula|urs|ute|uwe|wolfgang|yvonne" },
	{ VA_NOTE | VA_COMMON,
		"alles zusammen|zusammen|zusammengeschrieben|alles klein|kleingeschrieben|alles kleingeschrieben|in einem "
		"wort|ein wort|ohne punkt=.|ohne bindestrich=-|ohne unterstrich=_|ohne leerzeichen|die zahl|die zwei "
		"buchstaben|die beiden buchstaben|die zahlen|ohne großbuchstaben|die ziffer|als "
		"ziffer|als zahl|buchstabe|der buchstabe|ohne alles|ohne alles dazwischen|ohne "
		"umlaut|großgeschrieben|dazwischen|ganz normal|normal|in ziffern|in zahlen|als wort|durchgehend|am stück" },
	{ VA_VAGUE | VA_COMMON, "irgendwas|irgendetwas|irgendwie" },
	{ VA_SYMBOL, "affe=@|affenschwanz=@|affenklammer=@" },
};

const VaLexiconTable va_lexicon_de = { .language = "de",
	.groups = groups,
	.ngroups = sizeof(groups) / sizeof(groups[0]),
	.decimal = ',',
	.compounds = true,
	.number_last = true };
