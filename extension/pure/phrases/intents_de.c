/*-------------------------------------------------------------------------
 * intents_de.c
 *		German: what people do with words on the telephone.
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
	{ OPT_OUT, "rufen|ruf|ruft ?sie|ihr|du ?doch|bitte|mich|uns|hier ?doch|bitte|mich|uns|hier "
			   "?nie|nicht|bitte|ja|einfach|auf nie|nicht|niemals ?bitte wieder|mehr|an ?an ?anrufen" },
	{ OPT_OUT,
		"rufen|ruf|ruft ?sie|ihr ?bitte ?mich|uns|hier|diese ?nummer|bitte ?bitte nicht|nie|niemals ?mehr|wieder|noch "
		"?mehr|wieder|einmal|mal an !wenn|bevor|vor|um|am|heute|morgen|so|wahrend|bis|in|nach" },
	{ OPT_OUT, "nie|niemals wieder|mehr ?bei ?mir|uns|hier|an ?anrufen|anruft|an" },
	{ OPT_OUT, "nicht|nie mehr|wieder|langer ?bei ?mir|uns|hier "
			   "anrufen|angerufen|anruft|belastigen|anzurufen|kontaktieren|kontaktiert|melden|belastigt ?werden" },
	{ OPT_OUT, "horen|hor|hort ?sie|ihr ?bitte|endlich|doch ?endlich|bitte ?auf ?damit|mich|uns|hier "
			   "?mich|uns|hier|standig|dauernd anzurufen|auf|anrufen|mit|belastigen ?mich|uns|hier|mit "
			   "?standig|dauernd|den ?anzurufen|anrufen|belastigen" },
	{ OPT_OUT, "lassen|lasst|lass sie ?bitte|das ?die|diese|mit ?den ?anrufe|anrufen|anrufen ?sein|bleiben" },
	{ OPT_OUT, "keine|kein ?weiteren|einzigen ?werbe anrufe|anruf|werbeanrufe|telefonate ?mehr|von" },
	{ OPT_OUT, "ich|wir verbiete|untersage|verbieten ihnen *5 anrufe|anrufen|anzurufen|kontakt" },
	{ OPT_OUT, "will|mochte|wollen|mochten nicht|keine|nie ?dass|mehr|weiteren|wieder ?sie ?mich|uns|von "
			   "?ihnen|hier|nochmal|noch ?mal|einmal ?mehr|wieder angerufen|anrufe|anrufen|kontaktiert|belastigt "
			   "?werden|mehr" },
	{ OPT_OUT, "will|mochte|wollen|mochten ?ich|wir ?von ?ihnen nichts|nie mehr|wieder ?von ?ihnen ?horen|wissen" },
	{ OPT_OUT, "=streichen|loschen|nehmen|entfernen|tragen|streich|losch|nimm|werfen|vergessen|sperren ?sie ?bitte "
			   "?mich|meine|uns|unsere|diese|die|mein|meinen|den ?bitte "
			   "?telefonnummer|nummer|daten|namen|kontaktdaten|rufnummer|handynummer|name ?bitte|sofort|umgehend "
			   "?bitte ?von|aus|aus ?der|ihrer|dieser|allen|eurer|ihren|euren ?ihrer|ihren "
			   "?liste|listen|kartei|datenbank|system|verteiler|anrufliste|telefonliste|datei|kundenkartei|daten "
			   "aus|raus|runter" },
	{ OPT_OUT, "=streichen|loschen|entfernen|vergessen|losch|streich|sperren sie ?bitte "
			   "meine|unsere|diese|mich|uns|die ?telefonnummer|nummer|daten|rufnummer|telefonnummer" },
	{ OPT_OUT, "=meine|unsere|diese ?telefonnummer|nummer|daten|telefonnummer|rufnummer ?bitte ?sofort|umgehend "
			   "?aus|von *3 loschen|streichen|entfernen|geloscht|gestrichen" },
	{ OPT_OUT, "=von|aus|auf|runter|raus ?von|aus ihrer|dieser|der|eurer|ihren ?anruf|telefon "
			   "liste|anrufliste|telefonliste|listen|kartei|datenbank|verteiler !der|von" },
	{ OPT_OUT, "=geloscht|gestrichen werden" },
	{ OPT_OUT, "=setzen|setz sie mich|uns|meine ?nummer auf *2 sperrliste|robinsonliste|robinson" },
	{ OPT_OUT, "=sperrliste|robinsonliste|robinson ?liste" },
	{ OPT_OUT, "=letzte|letztes mal dass|wo sie ?mich|uns|hier anrufen" },
	{ OPT_OUT, "=lassen|lasst|lass ?sie mich|uns ?bitte|endlich ?bitte|endlich in ruhe|frieden" },
	{ OPT_OUT, "=widerrufe|widerspreche|ziehe ?ich ?hiermit ?meine|der|meine|jeder "
			   "einwilligung|zustimmung|werbung|nutzung|anrufen" },
	{ OPT_OUT, "unterlassen sie ?bitte ?diese|das|weitere|die|solche|ihre anrufe|anrufen" },
	{ OPT_OUT, "verschonen sie mich|uns" },
	{ WRONG, "falsch|falsche|falschen verbunden|nummer|gewahlt|person" },
	{ WRONG, "verwahlt|vertippt" },
	{ WRONG, "sie ?haben|mussen|sind ?sich|hier|die|da ?da verwahlt|falsch|falsche|vertan|geirrt|irren ?nummer" },
	{ WRONG, "irrtum|fehler verbindung" },
	{ WRONG, "wohnt|wohnen|arbeitet|lebt ?hier|schon|der|die|das|nicht ?schon|hier|lange|gar|nicht ?lange|nicht "
			 "?nicht|hier mehr|hier|nicht" },
	{ WRONG, "hier|bei ?uns|gibts|gibt|wohnt|uns|heisst|ist ?wohnt|gibt|gibts|heisst|arbeitet ?es|hier "
			 "keinen|keine|kein|niemand|niemanden|nicht" },
	{ WRONG, "keinen|keine|kein herrn|herr|frau" },
	{ WRONG,
		"kenne|kennen|kenn ?ich|wir ?ich|hier|den|die|keinen|niemanden|keine nicht|keinen|keine|niemanden|herrn|frau" },
	{ WRONG, "kenne ich nicht" },
	{ WRONG, "bin ?ich nicht|aber ?der|die|nicht ?richtige|richtiger|herr|frau|gemeint" },
	{ WRONG, "nicht|ist ?mehr mein|meine|seine|ihre|die|der name|nummer|richtige" },
	{ CALLBACK,
		"rufen|ruf|ruft|melden|versuchen|probieren ?sie|du|ihr ?bitte|doch|lieber|mich|uns|es|einfach|ihn|mal|sich|am "
		"?bitte|doch|lieber|mich|uns|es|einfach|mal|noch|gern|gerne ?bitte|lieber|noch|mal|doch "
		"am|um|gegen|morgen|spater|nochmal|noch|nachste|nachsten|ubermorgen|in|heute|wieder|ab|nach|abends|vormittags|"
		"nachmittags|montag|dienstag|mittwoch|donnerstag|freitag|samstag|zuruck|irgendwann|einmal|wann|zu|zwischen|vor|"
		"kurz !nie|nicht" },
	{ CALLBACK, "rufen|ruf|melden sie ?mich|uns|sich|bitte ?bitte *4 an|zuruck|wieder|nochmal" },
	{ CALLBACK, "konnen|konnten|wurden|kannst|konntest sie|du ?mich|uns|es|bitte|nicht|vielleicht "
				"?bitte|vielleicht|nicht|spater *4 anrufen|zuruckrufen|melden|versuchen|nochmal|spater" },
	{ CALLBACK, "spater|morgen ?noch ?mal|einmal|nochmal anrufen|wieder|versuchen|melden|$" },
	{ CALLBACK, "ein andermal|anderes" },
	{ CALLBACK, "zu|einem|anderer|anderes|anderen einem|anderen|zeitpunkt|mal|tag ?anderen ?zeitpunkt" },
	{ CALLBACK, "zuruckrufen|zuruckruf|ruckruf" },
	{ CALLBACK,
		"besser|lieber|passt ?es|ware|passt ?mir|ist besser|spater|morgen|am|um|gegen|nachste|wenn|ubermorgen|heute" },
	{ VA_INTENT_DEFERRAL, "ich|wir rufe|melde|rufen|melden|uberlege|uberlegen|denke ?sie|mich|uns|mir|dann|es|das "
						  "?mir|dann|das|es|selbst|selber|bei|zuruck|nochmal" },
	{ VA_INTENT_DEFERRAL, "muss|mussen|mochte|will ?ich|das|es|mir|wir|erst|noch|daruber ?erst|noch|mir|das|es|mal|mit "
						  "?mal|noch|mit|meinem|meiner *2 "
						  "uberlegen|nachdenken|besprechen|fragen|reden|schauen|absprechen|klaren|schlafen" },
	{ REFUSAL, "kein|keinerlei|null|keine|nicht interesse|bedarf|lust|interessiert|interessant" },
	{ REFUSAL, "nicht ?wirklich|so|sonderlich|mehr|weiter interessiert|interessant|notig" },
	{ REFUSAL, "nein danke" },
	{ REFUSAL, "danke nein" },
	{ REFUSAL, "interessiert ?mich|uns ?das|wirklich|ehrlich|uberhaupt|gar ?uberhaupt|gar nicht|kein" },
	{ REFUSAL, "brauche|brauchen|brauch ?ich|wir|das ?das|alles|wirklich|im|moment ?alles|moment "
			   "nicht|nichts|keine|keinen|kein|nix" },
	{ REFUSAL, "will|wollen|mochte|mochten ich|wir ?das nicht|nichts|keine" },
	{ REFUSAL,
		"ich|wir will|mochte|wollen|mochten ?das|davon|gar ?aber|wirklich nicht|nichts|keine|kein|keinen !dass|mehr" },
	{ REFUSAL, "hab|habe|haben ?ich|wir|schon|bereits|da ?schon|bereits|einen|jemanden "
			   "einen|eine|jemanden|alles|was|etwas|schon|anbieter|anderweitig|langst|vertrag" },
	{ REFUSAL, "nichts fur mich|uns" },
	{ REFUSAL, "bin|sind ?ich|wir ?sehr|ganz|da|schon|bestens ?zufrieden|versorgt|bedient zufrieden|versorgt|bedient" },
	{ REFUSAL, "zu|viel|mir|uns ?zu|viel teuer" },
	{ REFUSAL, "lieber|wirklich|bestimmt|sicher|garantiert|auf|besser ?keinen nicht|fall" },
	{ REFUSAL, "kommt nicht|gar in|nicht" },
	{ REFUSAL, "lohnt sich nicht" },
	{ REFUSAL, "kann|konnen ?ich|wir ?mir|uns ?das ?nicht leisten" },
	{ REFUSAL, "verschwenden|verschwende|zeitverschwendung sie|nicht" },
	{ REFUSAL, "nicht notig" },
	{ INTEREST, "das|es|ja|klingt|hort|mich|uns ?wurde|klingt|klange|interessiert|sich|konnte|ist|ware "
				"?sich|mich|uns|ja|doch|was|eigentlich|schon|sehr|gut|ganz ?schon|sehr|gut|ganz|wirklich "
				"gut|interessant|interessieren|super|spannend|an|toll|prima|vernunftig !nicht|kein" },
	{ INTEREST, "interesse hatte|habe|hab|besteht|haben|ware" },
	{ INTEREST, "hatte|habe|hab|haben ?ich|wir ?schon|grosses|durchaus|grundsatzlich interesse" },
	{ INTEREST, "bin|ware|waren|sind ?ich|wir ?sehr|schon|durchaus|grundsatzlich|daran interessiert" },
	{ INTEREST, "erzahlen|schicken|senden|sagen|mailen|zeigen|erklaren|schick ?sie ?mir|uns|doch|mal|es|das "
				"doch|mal|bitte|mehr|etwas|was|ein|die|das|einen|weitere|infos|unterlagen|angebot" },
	{ INTEREST, "was|wie|wieviel|welchen ?viel|teuer kostet|kosten|wurde|preis|ware ?das|es|mich|denn" },
	{ INTEREST, "ich|wir hatte|wurde|mochte|will|nehme|hatten|wurden|mochten|nehmen|buche "
				"?gern|gerne|das|den|die|einen|eine|mehr|mir|uns" },
	{ INTEREST, "gern|gerne" },
	{ INTEREST, "warum|wieso nicht" },
	{ INTEREST, "tragen|merken|schreiben|notieren|buchen|reservieren sie ?mich|uns|mir|das ?dafur|da ?ein|vor|auf" },
	{ INTEREST, "passt|ginge|geht|wurde|das|donnerstag|montag ?das|mir|uns|bei ?passt|ginge|geht|mir|uns "
				"gut|prima|super|perfekt|wunderbar|$" },
	{ INTEREST, "schiessen sie los" },
	{ INTEREST, "mit vergnugen" },
	{ VOICEMAIL, "hinterlassen|hinterlass|sprechen sie|du|uns|eine|mir ?uns|mir|bitte|doch|auf "
				 "?bitte|eine|ihre|ihren|namen|nach" },
	{ VOICEMAIL, "nach dem|den|diesem signalton|ton|piep|pieps|piepton|signal" },
	{ VOICEMAIL, "mailbox|anrufbeantworter|sprachbox|sprachnachricht" },
	{ VOICEMAIL, "ist|bin|sind|leider|zurzeit|zur|derzeit|momentan ?ich|wir|der|die "
				 "?zurzeit|derzeit|momentan|leider|zur|im ?zeit|moment|augenblick ?leider|nicht nicht|personlich "
				 "?personlich erreichbar|da|verfugbar|erreichen|entgegennehmen" },
	{ VOICEMAIL, "der|ihr|die angerufene|gewunschte|teilnehmer|gesprachspartner|anruf "
				 "?teilnehmer|gesprachspartner|ist|wird|person" },
	{ VOICEMAIL, "sie haben|sind ?die|den|das|verbunden ?mailbox|anschluss|anschluss|mit ?mit|von|der" },
	{ VOICEMAIL, "rufe|rufen|melde|melden ?ich|wir|sie ?sie|mich|uns schnellstmoglich|so|baldmoglichst|umgehend" },
	{ VA_INTENT_CHILD, "mama|papa|mami|papi|oma|opa" },
	{ VA_INTENT_CHILD, "meine|mein|die|der|das mama|papa|mutti|vati|mutter|vater|oma|opa "
					   "ist|sind|sagt|schlaft|hat|kann|kommt|arbeitet" },
	{ VA_INTENT_CHILD, "ich bin 0|drei|vier|funf|sechs|sieben|acht|neun|zehn|elf|zwolf ?jahre ?alt|$" },
	{ VA_INTENT_CHILD, "darf nicht|ich ?nicht ?telefonieren|mit|ans|sagen|rangehen" },
	{ VA_INTENT_OTHER,
		"er|sie ist|arbeitet|schlaft|kommt|wohnt ?gerade|im|leider|nicht|zur|heute|erst|noch|grad|momentan "
		"?nicht|zeit|moment|nicht|erst da|hier|zuhause|daheim|arbeit|arbeiten|unterwegs|weg|haus|wieder|zu|nicht|im" },
	{ VA_INTENT_OTHER, "ist|sind ?gerade|leider|nicht|zur|heute|grad|momentan|zurzeit|im ?nicht|zeit|moment "
					   "nicht|ausser|unterwegs ?da|hier|zuhause|haus|zu|im" },
	{ VA_INTENT_OTHER, "ich|hier|am|da|spricht ?bin|ist|spricht|apparat seine|ihre|der|die|sein|ihr "
					   "frau|mann|sohn|tochter|mutter|vater|bruder|schwester|sekretarin|kollege|kollegin|assistentin|"
					   "partnerin|partner|pflegerin|nachbarin|nachbar|ehefrau|ehemann|enkelin|enkel" },
	{ VA_INTENT_OTHER,
		"mein|meine mann|frau|chef|sohn|tochter|partner|chefin|vater|mutter ist|macht|kummert|entscheidet|regelt|hat" },
	{ VA_INTENT_OTHER, "was|etwas|soll|kann ?ich ?ich ausrichten|ihm|ihr ?etwas|was ?ausrichten|sagen" },
	{ VA_INTENT_OTHER, "richte|sag|sage|richt ?es|ich ?ihm|ihr ?es aus|bescheid" },
	{ BUSY, "ich|wir|bin|sind|sitze|habe|hab ?bin|sitze|fahre|stehe|arbeite|esse|muss|habe|hab|ich|sind "
			"?gerade|grad|jetzt|im|in|beim|auf|mitten|leider|am ?gerade|grad|im|in|beim|einem|einer|am|der|auf "
			"?im|in|einer|einem|auto|der "
			"besprechung|meeting|auto|steuer|arbeit|eile|termin|arzt|essen|stress|arbeiten|fahren|beschaftigt|fahre|"
			"sitzung|buro|unterwegs|krankenhaus|kasse|zug" },
	{ BUSY, "fahre gerade|grad" },
	{ BUSY, "keine|wenig|kaum|keinerlei zeit|minute" },
	{ BUSY, "gerade|grad|jetzt|im|momentan ?moment|ist|ganz|ziemlich ?ganz|ziemlich|es|sehr ?gerade "
			"schlecht|ungunstig|ungeschickt|blod|unpassend|nicht" },
	{ BUSY, "passt ?mir|es|gerade|jetzt|grad|im ?gerade|jetzt|mir|grad|moment ?gar|so nicht|schlecht" },
	{ BUSY, "schlechter|ungunstiger|falscher|kein ?guter zeitpunkt|moment" },
	{ BUSY, "kann|konnen ?ich|wir ?jetzt|gerade|grad|im ?moment ?gerade|jetzt ?leider nicht|schlecht ?gut "
			"?reden|sprechen|telefonieren|lang|$" },
	{ BUSY, "jetzt nicht|gerade" },
	{ VA_INTENT_WITHDRAWAL, "vergessen|vergiss sie|es ?das|es" },
	{ VA_INTENT_WITHDRAWAL, "habs|habe|hab ?es ?mir anders|doch ?uberlegt" },
	{ VA_INTENT_WITHDRAWAL, "mir anders uberlegt" },
	{ VA_INTENT_WITHDRAWAL, "doch nicht|lieber" },
	{ VA_INTENT_WITHDRAWAL, "ach|nein ?nein|ne lassen|doch|lieber|vergessen ?sie|nicht|wir" },
	{ VA_INTENT_WITHDRAWAL, "stornieren|canceln|absagen sie|wir" },
	{ VA_INTENT_SARCASM,
		"na|oh|ach|ja ?toll|ja|wie|super|prima|klasse "
		"toll|super|prima|klasse|wunderbar|grossartig|herrlich|schon|nett|spitze ?noch|schon|wieder|ein|jetzt|dass" },
	{ VA_INTENT_SARCASM, "das hat|fehlte ?mir|uns|gerade ?gerade ?noch|gefehlt ?gefehlt" },
	{ VA_INTENT_SARCASM, "hat|genau ?mir|uns|das gerade|was ?noch|ich ?gefehlt|brauche|gewartet" },
	{ VA_INTENT_SARCASM, "da freue|bin ich mich|aber|gespannt" },
	{ VA_INTENT_SARCASM, "danke fur nichts" },
	{ VA_INTENT_SARCASM, "wenn schweine fliegen" },
	{ VA_INTENT_SARCASM, "wers|wer|ja|klar ?glaubt|glaubts|ja|sicher|und ?wird selig" },
	{ VA_INTENT_NO, "^ nein|nee|no|ne|nicht|keinesfalls|niemals|na" },
	{ VA_INTENT_NO, "^ auf keinen fall" },
	{ VA_INTENT_NO, "^ eher|uberhaupt|gar|lieber|bestimmt nicht" },
	{ VA_INTENT_YES, "^ "
					 "ja|genau|richtig|stimmt|klar|gern|gerne|okay|ok|naturlich|sicher|einverstanden|passt|perfekt|"
					 "super|jawohl|freilich|selbstverstandlich|korrekt|prima|abgemacht|jo|jup|gut|wunderbar !nicht" },
	{ VA_INTENT_YES, "^ in ordnung" },
	{ VA_INTENT_YES, "^ alles klar" },
	{ VA_INTENT_YES, "^ das stimmt|passt|bin|ist ?ich|richtig|mir|gut|korrekt" },
	{ VA_INTENT_YES, "^ sehr gern|gerne|gut" },
	{ VA_INTENT_YES, "^ am apparat" },
	{ VA_INTENT_YES, "^ von mir aus" },
	{ VA_INTENT_GOODBYE, "auf ?wiederhoren|wiedersehen" },
	{ VA_INTENT_GOODBYE, "wiederhoren|tschuss|tschus|ciao|servus|pfiat" },
	{ VA_INTENT_GOODBYE, "schonen|schones|einen ?schonen tag|abend|wochenende|nachmittag" },
};

const VaIntentTable va_intents_de = { .language = "de",
	.patterns = patterns,
	.count = sizeof(patterns) / sizeof(patterns[0]),
	.quotes = "sag|ruft|sagt|sagte|sagten|sagen|gesagt|meint|meinte|schreit|schrie|rief|fragt|fragte|erzahlt|erzahlte|"
			  "steht|schimpft|geschrien|behauptet|brullt",
	.others = "er|sie|mann|frau|nachbar|nachbarin|chef|freund|freundin|mutter|vater|bruder|schwester|kollege|kollegin|"
			  "jemand|leute|alle|schwager|sohn|tochter|oma|opa|schild|andere",
	.selves = "ich|wir|mir|hab|habe",
	.denials = "nicht|nie|kein|keine|niemals|nein|ohne|weder",
	.conditions =
		"bis|vor|bevor|heute|morgen|ausser|wahrend|wenn|sonntag|sonntags|samstag|samstags|abends|abend|nachts|fruh|"
		"spat|wochenende|montag|dienstag|mittwoch|donnerstag|freitag|woche|um|am|jetzt|so|mittags",
	.suppositions = "wenn|falls|ob|warum|wieso|stell|sollte" };
