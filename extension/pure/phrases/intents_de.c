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
	/* asks to be called no more, as strangers ask */
	{ VA_INTENT_NONE, "sag|sage|sagte|meine|meinte|heisst|hiess|behaupte ?ich ?ja|doch|damit|gar|ja nicht dass *5 "
					  "anrufen|anruft|melden|kontaktieren|sollen" },
	{ OPT_OUT, "sehen|seht sie|ihr ?bitte ?kunftig von ?allen ?weiteren|solchen|diesen|ihren "
			   "anrufen|telefonaten|anrufe|kontakten ab" },
	{ OPT_OUT, "unterlassen sie ?bitte ?das|dies|es" },
	{ OPT_OUT,
		"sparen|spart|spar sie|euch|dir ?sich ?bitte ?doch ?kunftig ?die|den|weitere|ihre anrufe|anruf|anrufen" },
	/* what a machine alone says; what strangers say */
	{ VOICEMAIL, "=nach|bis ?dem|den|zum ?langen ton|piep|signalton|piepton|signal|pfeifton|gong" },
	{ VOICEMAIL, "=drucken|wahlen|drucke ?sie ?bitte ?die ?taste eins|zwei|drei|0|raute|stern|null|neun" },
	{ VOICEMAIL, "=mailbox|sprachbox|anrufbeantworter von|ist|des|der" },
	{ VOICEMAIL, "=hier ist ?nur die|der mailbox|anrufbeantworter|sprachbox|combox" },
	{ VOICEMAIL, "=gewahlte|angerufene|gewunschte ?rufnummer teilnehmer|nummer|rufnummer|gesprachspartner|ist" },
	{ VOICEMAIL,
		"=hinterlassen|hinterlasst sie ?uns|bitte ?bitte|uns eine|ihre|ihren|namen ?kurze ?namen nachricht|und" },
	{ OPT_OUT,
		"bitte|bitten|mochte|wunsche|ware ?ich|wir|sie|darum|mir|es ?sie|dass|darum|lieb|wenn ?dass|wenn ?sie ?hier "
		"?mich|uns|bei ?mir|uns ?hier nicht|nie mehr|wieder|langer anrufen|anruft|anzurufen|kontaktieren" },
	{ VA_INTENT_DEFERRAL, "nein|ne|nee noch nicht" },
	{ INTEREST, "interessieren|interessiert tut|wurde ?es ?es|mich|uns ?mich|uns ?schon|sehr|sehr" },
	{ INTEREST, "die|das|den ?wohnung|haus|auto|angebot will|mochte|wollen ich|wir|er ?unbedingt|sehr|gern|ja|schon" },
	{ INTEREST, "den|das|die will|mochte|nimmt er|sie" },
	{ CALLBACK,
		"soll|sollen|kann|konnte|moge|mochte|mag ?er|sie|jemand mich|uns|mi ?mal ?bitte *6 anrufen|zuruckrufen" },
	{ CALLBACK, "sie|ihr|du soll|sollen|sollst|konnen|mogen ?bitte *5 anrufen|zuruckrufen" },
	{ CALLBACK, "rufen|ruf ?sie ?einfach|bitte ?doch irgendwann|spater|nachste|nachsten|morgen ?noch ?mal|einmal "
				"?wieder an|noch|mal|wieder|durch" },
	{ VA_INTENT_YES, "^ top|mach|mache|machen ?ich|wir|mas" },
	{ REFUSAL, "war|ist ?nur|doch|ja ?ein|nur ?ein scherz|witz|spass|ironie" },
	{ REFUSAL, "nicht|war|ist ?so|nur|doch ernst ?gemeint" },
	{ REFUSAL, "ich|wir will|brauche|wollen|brauchen|mochte keine|kein|keinen|nix ?von|solche" },
	{ REFUSAL, "weder ?fur|von ihn|er|sie|uns|ihm" },
	{ REFUSAL, "hat|macht|hatte ?doch|ja ?doch|ja keinen|wenig ?sinn|zweck" },
	{ REFUSAL, "wir|ich ?werden|ziehen|ziehe ?lieber|doch|jetzt um" },
	{ REFUSAL, "bin|sind|hab|haben ?ich|wir ?schon|jetzt|langst|inzwischen ?bei|zu einem|der|einer ?anderen "
			   "anbieter|konkurrenz|firma|gewechselt" },
	{ REFUSAL, "zu teuer|happig|kostspielig" },
	{ REFUSAL, "nicht mehr|langer notig|aktuell|gebraucht" },
	{ REFUSAL, "nie im leben" },
	{ REFUSAL, "im leben nicht" },
	{ REFUSAL, "auf keinen fall" },
	{ VA_INTENT_WITHDRAWAL,
		"streichen|streich|loschen|vergessen|lassen|lass|vergiss ?sie|s ?wir ?bitte beides|alles|alle|das|es|ganze" },
	{ VA_INTENT_NO, "leider nicht" },
	{ VA_INTENT_NO, "geht ?leider|bei|da ?uns|mir ?leider|nicht nicht" },
	{ VA_INTENT_ACCEPT, "da zwing|komm|komme|bin ich|ma ?auf|sicher|ihn|dabei|gern" },
	{ VA_INTENT_LOST, "akku|handy ?ist|hat ?ist ?gleich|fast|nur ?noch ?ein|zwei alle|leer|prozent|al|tot|aus" },
	/* asks what the call is about, and no more */
	{ VA_INTENT_NONE, "sagen|sagt|sag|erklaren|erklar|verraten|erzahlen ?sie|du ?mir|uns ?doch|mal|bitte|erst|kurz "
					  "?mal|bitte|erst|einmal|zuerst|kurz ?um worum|was *4 geht|gehts|handelt|dreht" },
	{ VA_INTENT_NONE, "sagen|sagt|sag|erklaren|erklar ?sie|du ?mir|uns ?doch|mal|bitte|erst|kurz ?mal|bitte|erst was "
					  "sie|du *2 wollen|mochten|willst|verkaufen" },
	{ VA_INTENT_NONE, "worum *4 geht|gehts|handelt|dreht" },
	{ VA_INTENT_NONE, "um was *4 geht|gehts|handelt|dreht" },
	{ OPT_OUT, "=letzte|letztes mal dass|wo sie|ihr ?mich|uns|hier|bei ?mir|uns angerufen haben|habt" },
	{ OPT_OUT, "=ist|war|sei|bleibt|wird ?jetzt|dann|hoffentlich|bitte ?auch ihr|euer|dein letzter anruf" },
	{ OPT_OUT,
		"=schluss mit ?den|diesen|euren|ihren|der ?ganzen ?standigen anrufen|telefonaten|anruferei|telefoniererei" },
	{ WRONG, "=sie|da|ihr haben|habt|hast ?hier|da|wohl die|eine falsche|verkehrte nummer" },
	{ WRONG, "=falsche|verkehrte nummer|telefonnummer" },
	{ WRONG, "=falsch verbunden" },
	{ WRONG, "=sie|da haben ?sich|da ?wohl|da ?leider verwahlt" },
	{ VA_INTENT_WITHDRAWAL, "=sagen|sagt|sag ?sie|wir ?mir ?bitte|doch den|das|ihn|es|alles ?termin ?doch|bitte "
							"?wieder|lieber ab" },
	{ VA_INTENT_WITHDRAWAL, "=stornieren|canceln|streichen|annullieren ?sie|wir ?bitte ?mir ?bitte|doch den|das|ihn|es "
							"?termin ?doch|bitte ?wieder" },
	{ OPT_OUT, "rufen|ruf|ruft ?sie|ihr|du ?doch|bitte|mich|uns|hier ?doch|bitte|mich|uns|hier "
			   "?nie|nicht|bitte|ja|einfach|auf nie|nicht|niemals ?bitte wieder|mehr|an ?an ?anrufen" },
	{ OPT_OUT,
		"rufen|ruf|ruft ?sie|ihr ?bitte ?mich|uns|hier|diese ?nummer|bitte ?bitte nicht|nie|niemals ?mehr|wieder|noch "
		"?mehr|wieder|einmal|mal an !wenn|bevor|vor|um|am|heute|morgen|so|wahrend|bis|in|nach" },
	{ OPT_OUT, "nie|niemals wieder|mehr ?bei ?mir|uns|hier|an ?anrufen|anruft|an" },
	{ OPT_OUT, "nicht|nie mehr|wieder|langer ?bei ?mir|uns|hier "
			   "anrufen|angerufen|anruft|belastigen|anzurufen|kontaktieren|kontaktiert|melden|belastigt ?werden" },
	{ OPT_OUT, "horen|hor|hort ?sie|ihr ?bitte|endlich|doch ?endlich|bitte ?auf ?damit|mich|uns|hier "
			   "?mich|uns|hier|standig|dauernd anzurufen|anrufen|mit|belastigen ?mich|uns|hier|mit "
			   "?standig|dauernd|den ?anzurufen|anrufen|belastigen" },
	{ OPT_OUT, "horen|hort sie|ihr ?bitte|endlich|doch ?endlich|bitte auf" },
	{ OPT_OUT, "hor|hort|horen ?sie|ihr ?bitte|endlich|doch auf *1 mich|uns|hier|anzurufen|damit|mit" },
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
	{ INTEREST, "tragen|merken|schreiben|notieren|buchen|reservieren sie ?mich|uns|mir|das ?dafur|da ?ein|vor|auf" },
	{ INTEREST, "passt|ginge|geht ?das|mir|uns|bei ?passt|ginge|geht|mir|uns gut|prima|super|perfekt|wunderbar|$" },
	{ INTEREST,
		"wurde|das|donnerstag|montag ?das|mir|uns|bei ?passt|ginge|geht|mir|uns gut|prima|super|perfekt|wunderbar" },
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
	{ BUSY, "gerade|grad|jetzt|im|momentan ?moment|ist|ganz|ziemlich ?ganz|ziemlich|es|sehr ?gerade "
			"schlecht|ungunstig|ungeschickt|blod|unpassend|nicht" },
	{ BUSY, "passt ?mir|es|gerade|jetzt|grad|im ?gerade|jetzt|mir|grad|moment ?gar|so nicht|schlecht" },
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
	{ VA_INTENT_NO, "^ nein|nee|no|ne|nicht|keinesfalls|niemals|na" },
	{ VA_INTENT_NO, "^ auf keinen fall" },
	{ VA_INTENT_NO, "^ eher|uberhaupt|gar|lieber|bestimmt nicht" },
	{ VA_INTENT_YES, "^ "
					 "ja|genau|richtig|stimmt|klar|gern|gerne|okay|ok|naturlich|sicher|einverstanden|passt|perfekt|"
					 "super|jawohl|freilich|selbstverstandlich|korrekt|prima|abgemacht|jo|jup|gut|wunderbar !nicht" },
	{ VA_INTENT_YES, "^ alles klar" },
	{ VA_INTENT_YES, "^ das stimmt|passt|bin|ist ?ich|richtig|mir|gut|korrekt" },
	{ VA_INTENT_YES, "^ sehr gern|gerne|gut" },
	{ VA_INTENT_YES, "^ am apparat" },
	{ VA_INTENT_YES, "^ von mir aus" },
	{ VA_INTENT_GOODBYE, "auf ?wiederhoren|wiedersehen" },
	{ VA_INTENT_GOODBYE, "wiederhoren|tschuss|tschus|ciao|servus|pfiat" },
	{ VA_INTENT_GOODBYE, "schonen|schones|einen ?schonen tag|abend|wochenende|nachmittag" },
	{ VA_INTENT_ACCEPT, "das|des|dat ?wurde|ist passt|passat|ginge|geht|klappt|haut|lauft|ware|wurde "
						"?mir|uns|sich|super|gut|schon ?super|gut|schon|aus|hin|gehen|passen|prima" },
	{ VA_INTENT_ACCEPT, "passt ?mir|uns|das|perfekt|super|gut|schon|prima|scho ?perfekt|super|gut|prima !nicht|gar" },
	{ VA_INTENT_ACCEPT, "geht|ginge ?sich|das ?schon gut|aus|klar" },
	{ VA_INTENT_ACCEPT, "geht sich aus" },
	{ VA_INTENT_ACCEPT, "das|des|dat ist|ware|is|war ?mir|uns|sehr|doch|eh ?sehr|ganz "
						"gut|ideal|perfekt|super|recht|prima|gabig|wunderbar|optimal|bestens|fein|schon|okay|ok|lassig|"
						"tipptopp !aber" },
	{ VA_INTENT_ACCEPT, "ist ?mir|in|ganz|mir recht|ordnung|gut|gebongt|geritzt|notiert|abgemacht|vermerkt|perfekt" },
	{ VA_INTENT_ACCEPT, "in ordnung" },
	{ VA_INTENT_ACCEPT, "kein|keine|nichts ?dagegen problem|einwande|einwand|einzuwenden" },
	{ VA_INTENT_ACCEPT, "nichts ?mehr dagegen|einzuwenden" },
	{ VA_INTENT_ACCEPT, "da bin|sind|kann|komme|hab|hat|war|bring|zwing|fahr ?i ich|wir|er|sie|mein|meine" },
	{ VA_INTENT_ACCEPT, "nehme|nehm|nimm ich|wir" },
	{ VA_INTENT_ACCEPT, "nehme|nehm|nimm ich ?mir ?frei" },
	{ VA_INTENT_ACCEPT, "ich|wir nehme|nehmen|nehm ?den|das|mir|es" },
	{ VA_INTENT_ACCEPT, "bis ?nachsten ?dann "
						"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|ubermorgen|dann|dahin" },
	{ VA_INTENT_ACCEPT, "trag|tragen|notieren|schreib|schreiben|buchen|reservieren|merken|mach|machen|machts ?ma "
						"sie|mich|uns|wir|ma|das ?mich|uns|das ?so|ein|fest|mal|dafur" },
	{ VA_INTENT_ACCEPT, "mach|machen|mache ich|wir|ma|mas|mer ?so|das" },
	{ VA_INTENT_ACCEPT, "ich|wir komme|kommen|komm|bringe|bring|stell|stelle|freu|freue|freuen|warte" },
	{ VA_INTENT_ACCEPT, "gebongt|abgemacht|passt|gemacht|geritzt|einverstanden|meinetwegen|tipptopp|eingetragen" },
	{ VA_INTENT_ACCEPT, "von mir aus" },
	{ VA_INTENT_ACCEPT, "also gut|dann|ja" },
	{ VA_INTENT_ACCEPT, "freu|freue|freuen mich|uns ?schon" },
	{ VA_INTENT_ACCEPT, "sehr gut|schon|gern|gerne|fein $" },
	{ VA_INTENT_ACCEPT, "steht|schreib|schreibe|notier|notiere ?ich ?mir|es|das ?im|auf ?dem kalender|zettel|auf" },
	{ VA_INTENT_ACCEPT, "ist auf" },
	{ VA_INTENT_LOST,
		"hor|hore|horen|versteh|verstehe|verstehen|vasteh ?ich|sie|dich|wir|i ?sie|dich|mich|euch|ganz|so|fast "
		"?ganz|so|grad|kaum|gar|fast|nur ?gar nichts|nix|nicht|schlecht|kaum|schwer|net|ned" },
	{ VA_INTENT_LOST, "ich|i hor|hore|horst|versteh|verstehe|vasteh ?sie|dich|ihna ?ganz|gar|grad|fast ?gar "
					  "nichts|nix|nicht|schlecht|kaum|net|ned" },
	{ VA_INTENT_LOST, "da ist|is keiner|niemand|nix|nichts|was" },
	{ VA_INTENT_LOST, "kein|keinen|kaum|schlechtes|schlechten|wenig ?mehr netz|empfang|akku|em|verbindung" },
	{ VA_INTENT_LOST, "akku ?ist|geht|gleich|fast|wird ?gleich|fast leer|alle|aus" },
	{ VA_INTENT_LOST, "^ hallo ?hallo ?wer $" },
	{ VA_INTENT_LOST, "muss|mussen ?ich|jetzt|wir ?leider|jetzt|schnell|sofort ?los|auflegen|weg|aufhoren|rennen|raus "
					  "los|auflegen|weg|aufhoren|rennen|raus|schluss" },
	{ VA_INTENT_LOST, "ich|i lege|leg ?jetzt ?wieder auf" },
	{ VA_INTENT_LOST, "leg|lege ?ich ?jetzt ?wieder auf" },
	{ VA_INTENT_LOST, "tunnel|funkloch|aufzug|lift" },
	{ VA_INTENT_LOST, "moment|sekunde|augenblick|momenterl|momentle mal|bitte|noch|$" },
	{ VA_INTENT_LOST, "warten|wart|warte ?sie mal|kurz|bitte" },
	{ VA_INTENT_LOST, "es|da klingelt|lautet|brennt|klopft" },
	{ VA_INTENT_LOST, "ach|oh|um du|gott|himmel|nein|je" },
	{ VA_INTENT_LOST, "wer ist|is da|dran" },
	{ VA_INTENT_LOST, "aua|hilfe|runter|stopp|halt" },
	{ VA_INTENT_DEFERRAL,
		"ich|wir|i guck|guckes|gucks|schaus|schau|uberlegs|les|lies|lese|weiss|wissen ?mir|es|noch|das|mal|halt "
		"?mir|vielleicht|noch|mal|nicht|das ?mal|noch|nicht|nix ?an|nicht|nix|durch|so" },
	{ VA_INTENT_DEFERRAL,
		"weiss|wissen|woas ?ich|wir|i|noch|es ?es|noch|ehrlich|das ?gesagt|ja ?noch|gar|gesagt|so nicht|net|ned|nix" },
	{ VA_INTENT_DEFERRAL, "schau|schaun|schauen|sehen|seh ma|mer|wir ?mal|einmal" },
	{ VA_INTENT_DEFERRAL, "vielleicht mal|spater|nachstes|irgendwann" },
	{ VA_INTENT_DEFERRAL,
		"noch nicht ?ganz "
		"?sicher|entschieden|gelesen|angeschaut|durchgelesen|dazugekommen|reingeschaut|gewusst|klar|geoffnet" },
	{ VA_INTENT_DEFERRAL, "hab|habe|haben ?ich|wir|es|das|mich|uns|mir ?noch|es|das|mir ?noch|gar nicht|keine|net|nix "
						  "?gelesen|angeschaut|entschieden|meinung|reingeschaut|gedanken" },
	{ VA_INTENT_DEFERRAL, "bin|sind ?ich|wir|mir|uns ?mir|uns|noch ?noch|da ?nicht "
						  "unsicher|sicher|schlussig|unschlussig|unentschlossen|unentschieden" },
	{ VA_INTENT_DEFERRAL, "muss|mussen ?ich|wir ?da|das|erst|noch ?erst|mal|noch ?mit|mal ?meiner|meinem *2 "
						  "sprechen|reden|fragen|besprechen|klaren" },
	{ VA_INTENT_DEFERRAL, "alles gesagt|gut|soweit|in" },
	{ VA_INTENT_DEFERRAL, "im moment ?eigentlich nicht|nein|nichts" },
	{ VA_INTENT_DEFERRAL, "da muss ich|i ?erst|noch|mal" },
	{ INTEREST, "wir|ich|er|sie will|wollen|mochte|mochten|nehme|nehmen|hatten|hatte "
				"?ich|wir|ihn|sie|es|das|den|die|unbedingt|gern|schon|doch|jetzt|auf "
				"?es|das|den|die|einen|eine|mir|ihn|sie|unbedingt|jetzt|gern|schon|jeden|doch|auf "
				"?fall|jetzt|gern|schon|doch|jeden ?doch|fall "
				"unbedingt|doch|gern|gerne|mit|rein|haben|buchen|kaufen|machen|dabei|mitmachen|anmelden|reinigen|"
				"teilnehmen|kennenlernen|probieren|nehmen|bestellen|mitfahren !nicht|kein|keine" },
	{ INTEREST, "will|wollen|mochte|mochten|nehme|nehmen|hatten|hatte ?ich|wir ?das|den|die|es|ihn|sie|einen|eine "
				"?unbedingt|auf|wirklich|jetzt|doch|gern ?jeden "
				"?fall unbedingt|gern|gerne|mit|rein|haben|dabei|machen|buchen|kaufen|bestellen|probieren|mitmachen|"
				"fall !nicht|kein|keine" },
	{ INTEREST,
		"schicken|schickt|senden|mailen|schick|schickts|schickens|geben|sagen|faxen|legen|bringen|machen|sendens|"
		"schreiben ?sie|ma|mir|uns|es|ihr ?mir|uns|ihm|doch|mal|das|die|es|ruhig|bitte "
		"?mal|bitte|doch|noch|das|die|den|ein|einen|es ?bitte|ruhig ?das|die|den|ein|eine|einen|mal|alles|es ?mal "
		"formular|unterlagen|angebot|prospekt|infos|anmeldung|preise|link|vertrag|programm|termine|daten|zu|alles|"
		"offerte|flyer|broschure|rechnung|katalog|doppelkabinen|bescheid|preisliste|info|informationen|"
		"kostenvoranschlag|muster|liste" },
	{ INTEREST,
		"sollen|konnen|konnten|wurden|kannst|konntest|sollten|durfen sie|du|ihr ?mir|uns|ein|das|die|mal|bitte|ihm "
		"?das|die|ein|bitte|einmal|mal *2 schicken|senden|mailen|zusenden|zuschicken|erklaren|machen|geben" },
	{ INTEREST, "bin|sind|ware|waren ?ich|wir ?schon|sehr|stark|durchaus|da|auf ?sehr|schon|daran ?daran "
				"interessiert|dabei|neugierig|gespannt|begeistert" },
	{ INTEREST, "sehr ?daran interessiert" },
	{ INTEREST, "gern|gerne ?schriftlich|per" },
	{ INTEREST, "tun|machen sie ?das" },
	{ INTEREST,
		"wann|wie|wo kann|konnen|konnte|geht|fangt|kommt|meld|melde|gehts|ware|startet ?ich|wir|man|es|das|denn|ihr "
		"?mich|uns|denn|jemand ?an|los|anmelden|kommen|vorbeikommen|anfangen|bestellen" },
	{ INTEREST, "klingt|hort|klange ?sich|doch|ja|sehr|ganz|wirklich ?ja|sehr|ganz|doch "
				"gut|interessant|spannend|toll|super|vernunftig|prima|verlockend" },
	{ INTEREST, "machen|mach wir|ich ?das|gern" },
	{ INTEREST, "bitte|ja ?ja|gern ?mit|das gern|unbedingt|machen" },
	{ INTEREST, "auf jeden|alle fall|falle" },
	{ INTEREST, "unbedingt $" },
	{ INTEREST, "das|des will|mochte|nehme|nehm|brauch|brauche ich|wir|ma" },
	{ REFUSAL,
		"sicher|bestimmt|garantiert|gwiss|wirklich|ganz|lieber|besser|eher ?sicher|bestimmt nicht|net|ned|nein" },
	{ REFUSAL, "interessiert ?mich|uns|mi|des|das ?das|uberhaupt|wirklich|gar ?gar nicht|net|ned|null|nie|ned" },
	{ REFUSAL, "nein|nee|na|ne ?vielen|besten|wirklich|lieber danke|nicht|net" },
	{ REFUSAL, "weder noch" },
	{ REFUSAL, "kein|keine|keinen|keinerlei ?weiteren "
			   "abo|interesse|bedarf|lust|beratung|offerte|vertrag|geld|verwendung|hund|auto|garten|zeitschrift|auto|"
			   "angebot|termin|versicherung|zeitung|katze|haus" },
	{ REFUSAL, "brauch|brauche|brauchen|braucht|brauchn ?ich|wir|ma|i|es|ma ?wirklich|das|sowas|so ?wirklich|etwas|was "
			   "?alles|da nicht|nichts|nix|keine|keinen|keins|kein|net|ned|nimmer" },
	{ REFUSAL, "ich|wir|i "
			   "brauche|brauch|brauchen|kaufe|kauf|spiele|spiel|will|wollen|mochte|nehme|unterschreibe|wechsle|zahl|"
			   "zahle|mach|mache ?gar|sowas|das|an|bei|da ?der ?tur|wirklich|gar ?gar "
			   "nicht|nichts|keine|keinen|keins|kein|nix|net|ned !dass|mehr" },
	{ REFUSAL, "das|des|is|ist|war nichts|nix ?fur mich|uns|mi|mir" },
	{ REFUSAL,
		"lassen|lass sie|mas|mal|ma|wir ?das|es|mal ?mal|lieber|bleiben|sein|gut bleiben|sein|stecken|lieber|gut" },
	{ REFUSAL, "bleib|bleibe|bleiben ?ich|wir bei|dabei ?meinem|meiner|dem|unserem" },
	{ REFUSAL, "hab|habe|haben|hamma|ham ?i|ich|wir|ja|schon|uns|da "
			   "?uns|schon|bereits|langst|da|anderweitig|einen|jemand ?schon|bereits|einen|was|jemand|jemanden "
			   "entschieden|vergeben|gekauft|bestellt|gefunden|anderes|anderen|unterschrieben|abgeschlossen|versorgt|"
			   "beauftragt|genug|eine|einen|jemanden" },
	{ REFUSAL, "er|sie|der|die|chef|mann|frau|mutter|vater ?sagt|meint|will|mochte ?sagt|wirklich ?wirklich "
			   "nein|nicht|kein|keine|keins|abgelehnt" },
	{ REFUSAL, "also|ich|sag|sage nein|nee|na|nicht ?wir|danke" },
	{ REFUSAL, "durfen|sollen|konnen|brauchen|mussen sie|du|s nicht|net|ned|sich" },
	{ REFUSAL, "ganz|klares|klar|eindeutig|einfach|trotzdem|doch|immer ?noch|ein|klares nein" },
	{ REFUSAL, "nein sag|sagte|hab|habe ich" },
	{ REFUSAL, "gar|uberhaupt keine|kein|keinen|nichts|nix|nicht|keiner" },
	{ REFUSAL, "auf keinen fall" },
	{ REFUSAL, "danke ?aber ?nein|fur nein|nichts" },
	{ REFUSAL, "kann|konnen ?ich|wir drauf|darauf verzichten" },
	{ REFUSAL, "verzichte|verzichten|verzichte ?ich|wir" },
	{ REFUSAL, "passe|pass ?ich $" },
	{ REFUSAL,
		"streichen|stornieren|sagen|cancel ?sie ?bitte ?bitte|das ?alles|termin|den|ihn alles|ab|termin|das|ihn" },
	{ REFUSAL, "zu teuer|alt|spat|viel" },
	{ REFUSAL, "nichts|nix ?mehr ?zu brauchen|kaufen|abschliessen|unterschreiben|machen" },
	{ REFUSAL, "auch ?dann|nicht nicht|geschenkt" },
	{ REFUSAL, "nicht ?mal geschenkt" },
	{ VOICEMAIL, "mailbox|anrufbeantworter|sprachbox|voicemail|combox|mobilbox" },
	{ VOICEMAIL, "nach ?dem|den|diesem|m ?langen signalton|ton|piep|pieps|piepton|signal|tut|gong|pfeifton|beep" },
	{ VOICEMAIL, "aufs|auf ?das|dem|den band|anrufbeantworter|ab|beantworter" },
	{ VOICEMAIL, "drucken|wahlen|druck|drucke|wahle ?sie ?bitte ?die|das ?taste "
				 "null|eins|zwei|drei|vier|funf|0|raute|stern|neun|1|raute|taste" },
	{ VOICEMAIL, "nachricht|aufnahme ?wurde|ist|wird|hinterlassen|ihre ?wurde ?erfolgreich "
				 "gespeichert|aufgezeichnet|beendet|gesendet|ubermittelt|versendet" },
	{ VOICEMAIL, "hinterlassen|hinterlass|hinterlasst|hinterlassn ?sie ?bitte ?mir|uns|bitte|doch|einfach ?bitte|doch "
				 "eine|ihre|deine|ihren|namen|a|nachricht|nummer" },
	{ VOICEMAIL, "nummer hinterlasst|hinterlassen|hinterlass" },
	{ VOICEMAIL, "^ piep|biep|piiep|tut|beep|peep ?piep $" },
	{ VOICEMAIL, "nicht ?zu|personlich ?personlich erreichbar|erreichen|verfugbar|besetzt" },
	{ VOICEMAIL, "temporarily|currently|not available" },
	{ VOICEMAIL, "person|number you have called" },
	{ VOICEMAIL, "offnen|geoffnet|offnungszeiten|sprechzeiten|burozeiten|geschaftszeiten" },
	{ VOICEMAIL, "ausserhalb unserer|der" },
	{ VOICEMAIL, "schalter|buro|praxis|geschaft|laden|amt offnen|offnet|ist|sind ?um|derzeit|zurzeit|geschlossen|von" },
	{ VOICEMAIL, "verbunden mit" },
	{ VOICEMAIL, "fur ?das|die|den|alle *4 drucken|wahlen|sprechen" },
	{ VOICEMAIL,
		"ich|wir|i rufe|ruf|rufen|melde|meld ?mich|uns|sie|dich|di ?zuruck|so|morgen|gern ?schnell|bald zuruck|z" },
	{ VOICEMAIL, "reingelegt|reing|ausgetrickst|erwischt ?legt" },
	{ VOICEMAIL, "vielen ?dank ?danke fur ihren anruf" },
	{ VOICEMAIL, "nur der|die|das|mein ?mailbox anrufbeantworter|mailbox|ab" },
	{ VOICEMAIL, "kein anschluss" },
	{ VOICEMAIL, "gesprachspartner|teilnehmer|rufnummer|anschluss ist|antwortet|wird|unter|nicht" },
	{ VOICEMAIL, "bitte|sprechen warten|jetzt" },
	{ WRONG, "hier|da|das|dort ?spricht|ist|is|san ?hier ?is|ist|die|der|das|eine|ein ?die|der|das|eine|ein|a "
			 "pizzeria|backerei|praxis|apotheke|tankstelle|schule|kanzlei|metzgerei|werkstatt|bar|hotel|restaurant|"
			 "gasthaus|feuerwehr|polizei|kirche|bibliothek|kindergarten|firma|friseur|buro|gartnerei|gasthof|museum|"
			 "spital|krankenhaus|zoo|tierheim|pfarramt|reinigung|schlosserei|druckerei|wirtschaft|imbiss|doner|"
			 "spedition|bucherei" },
	{ WRONG, "nie|noch|niemals ?nie ?von gehort|gekannt" },
	{ WRONG, "sind|san|bist|sans ?sie|s|da|hier ?hier|da|leider falsch|verkehrt" },
	{ WRONG, "da san|sind ?sie|s falsch|verkehrt" },
	{ WRONG, "kenn|kenne|kennen|weisst ?ich|wir|i|auch ?auch|hier ?hier|gar|uberhaupt ?nicht "
			 "nicht|keinen|keine|niemanden|net|nix|ned ?wer|herrn|frau|dieser|des|das|diesen" },
	{ WRONG, "weiss ?ich|wir|i ?auch|gar ?nicht nicht|net|ned wer|welche|welcher|welchen" },
	{ WRONG, "ich|i heisse|heiss|bin ?aber ?der|die|nicht ?nicht *1 und|nicht|net" },
	{ WRONG, "verdreht|vertauscht|verwechselt|vertippt|vertauscht|verwahlt" },
	{ WRONG, "zahlendreher" },
	{ WRONG, "verkaufe|verkauf|verkaufen|habe|hab|haben|bestellt|bestell ?ich|wir|i ?gar|aber|nie|keinen "
			 "?gar|nichts|keinen|keine kinderwagen|auto|bestellt|inseriert|verkauft|angefragt|geschrieben|beauftragt" },
	{ WRONG, "nichts ?bei ?ihnen bestellt|angefragt|inseriert|beauftragt" },
	{ WRONG, "hab|habe|haben|hatte ?ich|wir ?die|diese ?die|diese ?nummer ?erst|schon|seit|neu nummer|neu" },
	{ WRONG, "diese|die|ihre nummer ?ist|gehort|habe|hab gehort|neu|erst|stimmt|falsch|ist" },
	{ WRONG, "nummer gehort ?jetzt mir|uns" },
	{ WRONG, "keinen|keine|kein|niemanden ?hier|herrn|frau|mit|namens|der *1 hier|herrn|frau|namens|namen" },
	{ WRONG, "sie|da haben|mussen|suchen|meinen ?wohl|sicher|bestimmt|sich|da ?da|wohl "
			 "verwahlt|vertan|geirrt|verdreht|vertauscht|anderen|anders" },
	{ WRONG, "irrtum|verwechslung" },
	{ WRONG, "kein anschluss" },
	{ WRONG, "bin ?ich ?gar|aber ?gar nicht ?der|die|richtige" },
	{ WRONG, "stimmt|die ?die nummer nicht" },
	{ BUSY, "grad|gerade|jetzt|momentan ?ganz ?auf|im|in|beim|an|am|bei|unterwegs ?der|dem|einer ?ganz "
			"leiter|kassa|kasse|tram|auto|bus|zug|bahn|dusche|steuer|termin|meeting|arbeit|essen|kochen|arzt|zahnarzt|"
			"unterwegs|schlecht|ungunstig|wartezimmer|dach|unterricht|friseur|schicht|bett|garten|stall|baustelle|"
			"supermarkt|besprechung|mittag" },
	{ BUSY, "keinen ?freien kopf|nerv" },
	{ BUSY, "mittagspause|feierabend|nachtschicht|fruhschicht|spatschicht" },
	{ BUSY, "storen|stort ?sie|es ?gerade|grad|jetzt" },
	{ BUSY, "auf|in|bei der|dem|einer leiter|arbeit|kasse|kassa|baustelle|beerdigung|schicht|besprechung|hochzeit" },
	{ BUSY, "ist|is|bin ?er|sie|ich ?grad|gerade beim|auf|im sport|duschen|dienst" },
	{ CALLBACK, "ruf|rufen|rufens|ruft|meld|melden|meldens|probier|probieren|probierens|versuch|versuchen|versuchens|"
				"lauten|klingel|klingeln|telefonieren ?sie|s|du|doch|es|mich|sich|ihn "
				"?s|doch|es|mich|sich|mal|ruhig|einfach|ihn|uns|lieber|bitte ?so|da|doch|mal|lieber|dann|einfach|bitte "
				"?gegen|um|am|ab|nach|morgen|heute|da|wieder|noch|nachste|spater|in|zwischen|montag|dienstag|mittwoch|"
				"donnerstag|freitag|samstag *4 an|durch|wieder|mal|da|nochmal|zuruck|an" },
	{ CALLBACK, "ruf|rufen|meld|melden ?sie|mich|du|doch ?doch|mich|bitte|so|lieber|einfach ?so|bitte "
				"gegen|um|am|ab|nach|morgen|ubermorgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag|spater|"
				"nachste|heute|in|zwischen|wieder|noch|zu" },
	{ CALLBACK, "noch mal|einmal an|anrufen|melden|probieren|versuchen" },
	{ CALLBACK, "morgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag|spater|abends|nachmittag|vormittag "
				"?nachmittag|vormittag|abend|fruh ware|war|wars|wars|passt|ist ?es|mir|ja|da ?es "
				"besser|gunstiger|gscheiter|er|sie|ich|i" },
	{ CALLBACK, "konnen|konnten ?da|wir|dann wir|dann|da ?uber|dann *4 reden|sprechen|telefonieren" },
	{ CALLBACK, "nicht jetzt|vor" },
	{ CALLBACK, "sagt|sagte|hat|meint ?gesagt ?sie|er ?sollen|soll|rufen ?sie ?um|am|ab|morgen *3 an|anrufen" },
	{ CALLBACK,
		"da bin|hab|habe ich|i ?wieder ?wieder unten|da|daheim|zuhause|zeit|frei|zruck|zuruck|ruhe|gefruhstuckt" },
	{ VA_INTENT_OTHER,
		"ich bin|die|der ?nur ?die|der|das|seine|ihre|sein|ihr ?nur "
		"nachbarin|nachbar|tochter|sohn|frau|mann|oma|opa|mutter|vater|enkel|enkelin|pflegerin|mitbewohnerin|"
		"mitbewohner|sekretarin|kuster|betreuer|betreuerin|kollegin|kollege|schwester|bruder|haushalterin|assistentin|"
		"vertretung|putzfrau|babysitterin|babysitter|zentrale|tante|onkel" },
	{ VA_INTENT_OTHER, "hier|da ist|spricht ?die|der ?seine|ihre "
					   "zentrale|nachbarin|tochter|sohn|sekretariat|mitbewohnerin|mitbewohner|vermittlung|empfang|"
					   "rezeption|frau|mann|mutter" },
	{ VA_INTENT_OTHER,
		"der|die|er|sie|herr|frau|mama|papa ?mama|papa|chef|mann|frau|*0 ist|is ?gerade|grad|heute|noch|leider|jetzt "
		"?auf|beim|im|in|nicht|duschen|einkaufen|unterwegs|krank|arbeiten ?der|die|dem "
		"?sport|baustelle|urlaub|da|arbeit|termin|garten|krankenhaus|duschen|einkaufen|unterwegs|krank|arbeiten|"
		"besprechung|stall" },
	{ VA_INTENT_WITHDRAWAL, "vergessen|vergiss|streichen|streich|cancel|lassen|lass ?sie|s|ma|wir ?den|mal|das ?mal "
							"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen" },
	{ VA_INTENT_WITHDRAWAL,
		"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|termin|heute ?konnen|durfen "
		"?vergessen|streichen|lassen ?sie|ma|wir ?mal|wieder vergessen|streichen|vergessen|sie|wir|ma" },
	{ VA_INTENT_WITHDRAWAL, "halt|stopp|quatsch|nein|ach|doch doch|nein|stopp|nicht ?lieber" },
	{ VA_INTENT_WITHDRAWAL, "hab|habe ?ich ?mich vertan|geirrt" },
	{ VA_INTENT_WITHDRAWAL, "nein|ach quatsch|wartet|warten" },
	{ OPT_OUT, "angerufen|telefoniert wird ?hier ?auch|bei ?nie|nicht|uns ?mehr|wieder|nicht|nie ?mehr|wieder" },
	{ OPT_OUT, "keine|keinen ?solchen|weiteren|solche|mehr anrufe|anruf ?mehr|von" },
	{ OPT_OUT, "will|mochte|wollen|mochten ?ich|wir ?von ?keine|keinen ?solchen|weiteren|solche anrufe ?mehr" },
	{ OPT_OUT, "anrufe|anrufen ?von ?ihnen ?mehr will|mochte|wollen|mochten|brauche ich|wir ?nicht|keine ?mehr" },
	{ OPT_OUT, "rufens|ruafn|ruafens|rufts ?s|sie|ma|bei|mi|mich|hier|do|da ?bitte|ja nie|nimmer|net|ned|nimma|nicht "
			   "?mehr|wieder an !um|am|bis|vor" },
	{ VA_INTENT_DEFERRAL,
		"muss|musste|mussen|will|wollen|werd|werde|mocht|mochte ?ich|wir|das|i "
		"?mir|mirs|es|das|erst|noch|mal|uns|daruber ?erst|noch|das|mal|es|in ?noch|mal|ruhe|einmal|erst ?mal "
		"uberlegen|anschauen|ansehen|durchlesen|nachdenken|besprechen|schlafen|anschaun|angucken|durchgehen|uberdenken|"
		"lesen" },
	{ VA_INTENT_DEFERRAL, "ich|wir|i uberleg|uberlege|uberlegen|schau|schaue|guck|gucke|les|lese ?mir|es|das|mirs "
						  "?das|mal|es|noch|vielleicht ?mal|noch|in ?ruhe noch|mal|an|durch|rein" },
	{ VOICEMAIL, "bin|sind ?ich|wir ?gerade|grad|leider|momentan|zurzeit|derzeit|im ?moment ?leider|gerade nicht ?zu "
				 "?da ?erreichen|erreichbar" },
	{ BUSY, "bin|steh|sitz|sitze|stehe|hang|hange|fahr|fahre|koch|koche|esse|ess ?ich|i ?grad|gerade|jetzt|mitten "
			"?mitten auf|im|in|beim|an|am|unter|vor ?der|dem|einer ?einer "
			"leiter|kassa|kasse|tram|auto|bus|zug|bahn|dusche|steuer|termin|meeting|arbeit|essen|kochen|arzt|zahnarzt|"
			"wartezimmer|dach|unterricht|friseur|schicht|bett|garten|stall|baustelle|supermarkt" },
	{ VOICEMAIL, "aufs|auf ?das band" },
	{ OPT_OUT, "wunsche|wunschen|verbitte|verbitten ?ich|wir|mir|uns ?ab ?sofort ?keine|keinen|weitere "
			   "?weiteren|solche|mehr anrufe|anruf|anrufen|werbeanrufe|kontakt" },
	{ OPT_OUT, "melden|meldet|meld ?sie|euch|dich ?sich ?bitte ?bei ?mir|uns nicht|nie|niemals|nimmer ?mehr|wieder "
			   "mehr|wieder|bei|nie" },
	{ OPT_OUT, "tragen|tragt|trag|tragns ?sie mich|uns ?bitte ?da ?sofort ?bitte aus|raus|heraus" },
	{ OPT_OUT, "nehmen|nehmt|nimm|nehmts|nehmens ?sie|s mi|mich|uns ?bitte ?da ?sofort von|aus|raus|runter|heraus "
			   "?der|dem|ihrer|eurer ?liste|listn|system|verteiler|anrufliste" },
	{ OPT_OUT, "=wenn|dass sie|ihr ?bitte ?mich|uns ?kunftig von weiteren|allen|kunftigen|solchen "
			   "anrufen|kontaktaufnahmen|werbeanrufen ?bitte absehen|abzusehen|abstand" },
	{ OPT_OUT, "=von weiteren|kunftigen|solchen anrufen|werbeanrufen ?bitte absehen|abzusehen|abstand" },
	{ INTEREST, "interesse ist|ware|hatten|hatte|haben ?wir|ich ?schon ?auf|durchaus|jeden ?fall da|vorhanden|schon" },
	{ VA_INTENT_WITHDRAWAL,
		"den|die|das|termin|ihn muss|mussen|musste|mussten|mochte|will ich|wir ?leider ?wieder ?doch ?jetzt "
		"absagen|stornieren|canceln" },
	{ REFUSAL, "brauchen|brauche|brauch|benotigen ?wir|ich ?wir *3 nicht|nimmer mehr" },
	{ CALLBACK,
		"rufen|rufens ?sie sie|ihn|mich|uns|ihr ?bitte ?doch ?einfach in|am|ab|um|nach|gegen|morgen|ubermorgen|nachste|"
		"nachsten|kommende *7 an" },
};

const VaIntentTable va_intents_de = { .language = "de",
	.patterns = patterns,
	.count = sizeof(patterns) / sizeof(patterns[0]),
	.quotes = "sag|ruft|sagt|sagte|sagten|sagen|gesagt|meint|meinte|schreit|schrie|rief|fragt|fragte|erzahlt|erzahlte|"
			  "steht|schimpft|geschrien|behauptet|brullt",
	.others = "er|sie|mann|frau|nachbar|nachbarin|chef|freund|freundin|mutter|vater|bruder|schwester|kollege|kollegin|"
			  "jemand|leute|alle|schwager|sohn|tochter|oma|opa|schild|andere",
	.selves = "ich|wir|mir|hab|habe",
	.hearers = "denen|ihm|dem",
	.denials = "nicht|nie|kein|keine|niemals|nein|ohne|weder",
	.conditions =
		"bis|vor|bevor|heute|morgen|ausser|wahrend|wenn|sonntag|sonntags|samstag|samstags|abends|abend|nachts|fruh|"
		"spat|wochenende|montag|dienstag|mittwoch|donnerstag|freitag|woche|um|am|jetzt|so|mittags|festnetz|arbeit",
	.suppositions = "wenn|falls|ob|warum|wieso|stell|sollte",
	.more = &va_provisos_de,
	.halts = &va_halts_de };
