/*-------------------------------------------------------------------------
 * signs_de.c
 *		German: objections, wants, moods and ends of talks on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/signs_words.h"

static const VaIntentPattern patterns[] = {
	{ ROBOT, "sind|bist ?sie|du ?jetzt|uberhaupt|denn ?etwa|ein|eine|so ?ein|eine ?echter|echte|richtiger "
			 "roboter|computer|maschine|bot|ki|automat|mensch|echt|person|bandansage" },
	{ ROBOT, "ist das|da|hier ?jetzt|wieder|etwa|denn ?ein|eine|so ?ein|eine ?echter|echte "
			 "roboter|computer|maschine|bot|ki|automat|mensch|bandansage|band|computerstimme|tonband|roboteranruf" },
	{ ROBOT, "spreche|rede|sprech|red ich ?hier|da|jetzt|gerade ?eigentlich ?mit ?einem|einer|so ?einem|einer ?echten "
			 "roboter|computer|maschine|bot|ki|automaten|menschen|bandansage" },
	{ ROBOT, "rede|red|spreche|sprech|reden|sprechen ?ich|doch ?nicht mit ?so einem|einer "
			 "roboter|computer|maschine|bot|ki|automaten" },
	{ ROBOT, "sie|du klingen|klingst|sind|bist|horen ?sich ?ja|aber|doch ?an wie|ein|eine ?ein|eine "
			 "roboter|computer|maschine|bot|ki|automat" },
	{ SOURCE, "woher|wo ?her ?haben|hast|kennen|kennt ?sie|du|ihr ?sie ?uberhaupt|eigentlich|denn|bitte "
			  "?meine|unsere|die|diese telefonnummer|nummer|daten|handynummer|adresse|namen" },
	{ SOURCE, "woher|wo ?her haben|hast|kennen ?sie|du|ihr ?uberhaupt|eigentlich|denn ?bitte meine|unsere|die|diese" },
	{ SOURCE, "wie|wer sind|kommen|kommst|hat|kamen ?sie|du|ihnen|euch ?denn|eigentlich ?an|zu meine|meiner|unsere|die "
			  "nummer|daten|telefonnummer|gegeben" },
	{ TRUST, "ist das ?wieder|jetzt|hier|nicht ?so|irgendeine|ein|eine ?ein|eine|so "
			 "betrug|abzocke|masche|serios|trick|scherz|enkeltrick|spam" },
	{ TRUST, "klingt|riecht|hort ?sich ?mir|fur ?mich ?nach|stark|wie ?nach ?an betrug|abzocke|unserios" },
	{ TRUST, "das ist ?doch|bestimmt|reine betrug|abzocke|unserios" },
	{ TRUST, "traue|vertraue|trau ?ich ?ihnen|euch|dem|der|dem|solchen ?ganzen nicht|anrufen" },
	{ TRUST, "ich traue|trau ihnen|dem|euch|solchen nicht|sachen" },
	{ TRUST, "wer sagt mir ?denn dass" },
	{ PRICE, "viel|ganz|echt|ziemlich|schon|etwas|bisschen|einfach|leider ?viel zu teuer|kostspielig|hoch" },
	{ PRICE, "zu teuer|kostspielig" },
	{ PRICE, "ganz schon|ordentlich teuer|happig|viel|gesalzen" },
	{ PRICE, "ziemlich|sehr|recht|aber|echt|das|ist teuer|happig|gesalzen" },
	{ PRICE, "zu viel geld" },
	{ PRICE, "das|ist ist|mir ?mir|uns ?einfach zu viel $" },
	{ PRICE,
		"kann|konnen|konnten ich|wir ?mir|uns|das ?das|leider|nicht ?nicht|einfach|gerade|im ?moment ?nicht leisten" },
	{ PRICE, "mir|uns ?das ?nicht|gerade leisten ?kann|konnen" },
	{ PRICE, "uber|sprengt|ubersteigt ?meinem|unserem|mein|unser|das budget|mein|unser|rahmen" },
	{ PRICE, "nicht|kein im|das budget|geld" },
	{ PRICE, "hab|habe|haben ?ich|wir ?das|gerade|im|dafur ?moment|einfach kein|nicht|das ?das|so geld|budget|viel" },
	{ PRICE, "woanders|anderswo|internet|konkurrenz *2 billiger|gunstiger" },
	{ PRICE, "billiger|gunstiger bekommen|angebot|gefunden|woanders|im|als" },
	{ PRICE, "mehr als ich|wir *3 wollte|wollten|dachte|dachten|gedacht|geplant|ausgeben|zahle|zahlen" },
	{ PRICE, "das ?ist ?ja wucher" },
	{ HAVE_ONE, "hab|habe|haben|hat ?ich|wir ?da|ja|doch|auch ?schon|bereits|langst ?langst "
				"jemanden|einen|eine|was|anbieter|vertrag|alles|wen|etwas|unseren|meinen|unsere|meine "
				"?anbieter|makler|steuerberater|dafur|anderen|anderes|gefunden|vertrag|schon|bereits|firma|arzt" },
	{ HAVE_ONE, "schon|bereits|langst jemanden|einen|eine|wen|was|etwas|alles|anderweitig|woanders|versorgt|bestellt|"
				"gekauft|gebucht|vergeben|entschieden|unterschrieben ?anbieter|makler|vertrag|anderes|anderen" },
	{ HAVE_ONE, "bin|sind|bleibe|bleiben ?ich|wir ?mit|bei ?da|schon|sehr|ganz|eigentlich|rundum|bestens ?bestens|gut "
				"zufrieden|versorgt|bedient|bei ?versorgt" },
	{ HAVE_ONE, "zufrieden mit|wie|wo" },
	{ HAVE_ONE, "anderen|andere|anderes|einer|jemand|jemanden ?anbieter|firma|angebot|andere|anderen ?anderen|anderem "
				"entschieden|genommen|gefunden|beauftragt|gekauft" },
	{ HAVE_ONE, "gehe|gehen|bin|sind ?ich|wir ?jetzt|schon zu|bei ?einem|einer anderen|jemand|konkurrenz" },
	{ PARTNER,
		"muss|mussen|mochte|will|wollen|wurde|sollte ?ich|wir ?das|es|erst|noch|mal|lieber|vorher ?erst|noch|mal "
		"?mal|noch|erst *1 mit|meinen|meine|bei ?meinem|meiner|unserem|unserer|dem|der *1 "
		"mann|frau|partner|partnerin|chef|chefin|sohn|tochter|vater|mutter|eltern|familie|steuerberater|anwalt|"
		"vermieter|freundin|freund|gatten|kollegen|vorstand|bruder|schwester" },
	{ PARTNER, "mit|frage|frag|bespreche|besprech|rede|fragen|besprechen ?ich|es|das|erst|mal ?mal|noch|erst "
			   "meinem|meiner|meinen|meine|unserem|unserer *1 "
			   "mann|frau|partner|partnerin|chef|chefin|sohn|tochter|vater|mutter|eltern|familie|steuerberater|anwalt|"
			   "vermieter|freundin|freund|kollegen|vorstand ?besprechen|reden|sprechen|absprechen|fragen" },
	{ PARTNER, "das|da|daruber entscheidet|macht|regelt|entscheiden ?immer|alles|bei ?uns ?alles "
			   "mein|meine|der|die|unser|unsere mann|frau|partner|chef|chefin|sohn|tochter|vermieter" },
	{ PARTNER, "mein|meine mann|frau|chef|chefin|sohn|tochter|partner entscheidet|macht|kummert|regelt" },
	{ PARTNER, "kann|darf|entscheide ich ?das ?gar|hier ?gar|allein|alleine nicht|nichts allein|alleine|entscheiden" },
	{ PARTNER, "nicht ?alleine|allein ?zu|meine entscheidung|entscheiden" },
	{ THINK, "muss|mussen|mochte|will|wollen|wurde ?ich|wir ?mir|uns|das|es|erst|noch|daruber|druber ?mir|uns|das|es "
			 "?noch|erst|mal|alles ?mal|noch|in ?mal|einmal|ruhe|eine ?nacht ?daruber "
			 "uberlegen|nachdenken|schlafen|anschauen|durchlesen|angucken|durchrechnen" },
	{ THINK, "uberlege|uberleg|uberlegen ?ich|wir es|das|mir|uns ?es|das|mir|uns ?noch|mal" },
	{ THINK, "denke|denk|denken ?ich|wir ?mal|noch|daruber|druber ?mal|noch ?daruber|druber nach" },
	{ THINK, "eine nacht ?daruber|druber schlafen" },
	{ THINK, "brauche|brauchen|hatte|bitte ?ich|wir ?gern|noch|da|dafur ?noch|erst ?etwas|bisschen|ein|um "
			 "?bisschen bedenkzeit|zeit ?zum ?uberlegen" },
	{ THINK,
		"bin|sind|haben|hab|habe ?ich|wir ?mir|uns|mich ?da|noch ?noch nicht ?ganz ?sicher entschieden|schlussig" },
	{ SEND,
		"schicken|senden|mailen|schick|schickt|sende|mail ?sie|ihr ?mir|uns|es|das|ihm "
		"?mir|uns|es|das|doch|einfach|bitte|mal|lieber|ruhig|was ?bitte|doch|einfach|mal|lieber ?einfach|mal|ein|was "
		"?bitte|mal was|etwas|eine|ein|einen|infos|unterlagen|informationen|prospekt|per|die|das|den|mail|email|"
		"schriftlich|angebot|link|zu|preise|alles ?e" },
	{ SEND, "konnen|konnten|kannst|wurden|konntest sie|du|ihr ?mir|uns ?das|die|was|ein|einen|eine|etwas|bitte|mal|"
			"vielleicht *4 schicken|zuschicken|senden|mailen|zusenden|zumailen" },
	{ SEND, "per|als e|mail|email|post|whatsapp ?mail ?schicken|zuschicken|bitte|zusenden|$" },
	{ SEND, "schriftlich|unterlagen|infos|informationen|angebot|prospekt|broschure ?bitte|gerne|gern ?per|mir|uns "
			"?e|mail|email|post ?mail "
			"schicken|zuschicken|senden|zusenden|haben|geben|bekommen|mail|email" },
	{ NO_TIME, "keine|kaum|wenig|null ?wirklich zeit|minute|sekunde" },
	{ NO_TIME,
		"bin|sitze|stehe|steh|sitz|stecke ?ich|wir|i ?gerade|grad|jetzt|leider|hier|mitten ?gerade|grad|mitten|am "
		"?im|in|beim|auf|am|an|unterwegs|bei ?einer|einem|der|dem "
		"besprechung|meeting|auto|steuer|arbeit|termin|arzt|essen|stress|arbeiten|fahren|beschaftigt|sitzung|"
		"unterwegs|kasse|kassa|zug|bahn|sprung|eile|eilig|kochen" },
	{ NO_TIME, "fahre|fahr|arbeite|esse|koche ?ich gerade|grad|noch ?auto" },
	{ NO_TIME,
		"passt|ist ?es|mir|gerade|grad|jetzt ?gerade|grad|jetzt|mir|leider|im|es ?moment|uberhaupt|gar|ganz|sehr "
		"nicht|schlecht|ungunstig|ungeschickt|unpassend|blod" },
	{ NO_TIME, "gerade|grad|jetzt|momentan ?ganz|ziemlich|sehr|echt|total schlecht|ungunstig|unpassend|blod|stressig" },
	{ NO_TIME, "schlechter|ungunstiger|falscher|blodem zeitpunkt|moment" },
	{ NO_TIME, "kann|konnen ?ich|wir ?jetzt|gerade|grad ?im ?moment ?gerade|jetzt|grad ?leider|gar nicht|schlecht ?so "
			   "?lange|gut reden|sprechen|telefonieren|$" },
	{ NO_TIME, "habs|hab|habe ?ich ?es|gerade|grad eilig" },
	{ NO_TIME, "auf|am sprung|arbeiten" },
	{ NOT_NOW, "vielleicht|eventuell|eher|melden|fragen|frag ?sie|sich ?mal|wieder|erst|noch ?einmal ?wieder|mal "
			   "?im|in|nachstes|nachste|ein|kommendes|einem ?ein ?paar|halben "
			   "fruhjahr|fruhling|sommer|herbst|winter|jahr|monat|monaten|monate|jahre" },
	{ NOT_NOW, "derzeit|momentan|aktuell|gerade|moment ?ist ?das ?leider|noch|eher kein|nicht thema|geplant|aktuell" },
	{ NOT_NOW, "noch nicht so|soweit ?weit" },
	{ NOT_NOW, "dieses|heuer jahr|noch ?wohl|eher|sicher|bestimmt ?mehr nicht|nichts ?mehr" },
	{ NOT_NOW, "zu fruh" },
	{ NO_NEED, "brauche|brauchen|brauch|braucht ?ich|wir ?das|so|ja|sowas|die|doch|es "
			   "?gar|alles|wirklich|was|uberhaupt|hier nicht|nichts|keine|keinen|kein|nix|net" },
	{ NO_NEED, "kein|keinen|keinerlei bedarf" },
	{ NO_NEED,
		"wohne|wohnen|bin|wir|ich|sind ?ich|wir ?wohne|ja|nur|bloss|doch ?nur|bloss ?zur|in miete|mieter|mieterin" },
	{ NO_NEED, "haus|wohnung|auto|wagen|firma|es|schon ?ist|haben ?wir ?schon|bereits|langst verkauft" },
	{ NO_NEED, "habe|hab|haben|besitze ?ich|wir ?gar|ja|uberhaupt kein|keine|keinen "
			   "auto|haus|garten|hund|dach|wagen|heizung|fuhrerschein|handy|rechner" },
	{ NO_NEED, "nicht ?mehr notig|notwendig" },
	{ NOT_INTERESTED, "kein|keinerlei|null|keine ?wirkliches|grosses interesse|lust" },
	{ NOT_INTERESTED, "nicht|nimmer|net|nie ?wirklich|so|sonderlich|mehr|weiter|daran interessiert|interessant" },
	{ NOT_INTERESTED, "^ nein|na|nee|ne ?nein danke|merci" },
	{ NOT_INTERESTED, "danke nein" },
	{ NOT_INTERESTED,
		"interessiert|interessieren ?mich|uns|mi ?das|des|wirklich|ehrlich ?gesagt ?uberhaupt|gar|wirklich "
		"nicht|net|kein|null" },
	{ NOT_INTERESTED, "nichts|nix|net|nicht ?wirklich fur mich|uns" },
	{ NOT_INTERESTED, "lassen|lass wir|mal ?es|das ?lieber|mal ?bleiben|gut|sein" },
	{ NOT_INTERESTED, "kommt ?fur ?mich|uns ?gar|uberhaupt ?nicht in|nicht frage" },
	{ NOT_INTERESTED, "ich|wir will|mochte|wollen|mochten ?das|davon|gar ?aber|wirklich nicht|nichts|nix $" },
	{ NOT_INTERESTED, "will|mochte ich ?das|davon|gar ?aber|wirklich nicht|nichts|nix $" },
	{ NOT_INTERESTED, "ich|wir kaufe|kaufen|unterschreibe ?am|nichts ?telefon nichts|nix|am" },
	{ COMPLAINT, "beschweren|beschwerde|beschwer|reklamieren|reklamation|reklamiere" },
	{ COMPLAINT, "nicht|un ?wirklich|sehr|ganz|so|gerade ?zufrieden zufrieden|zufriedenstellend|begeistert" },
	{ COMPLAINT, "unzufrieden|enttauscht|entauscht|verargert" },
	{ COMPLAINT, "schlechter|mieser|furchtbarer|katastrophaler|miserabler|schreckliche|schlechte|schlechten "
				 "service|kundendienst|arbeit|qualitat|erfahrung|erfahrungen|kundenservice" },
	{ COMPLAINT, "keiner|niemand|nie|nichts ?hat|ist|kommt|mehr|von ?sich|bei|bisher|jemals ?mir "
				 "gekommen|gemeldet|zuruckgerufen|angerufen|passiert|repariert|geliefert|erschienen|geantwortet" },
	{ COMPLAINT, "warte|warten ?ich|wir ?jetzt schon|immer|seit *3 wochen|tagen|monaten|noch|ewig|ewigkeiten" },
	{ COMPLAINT, "immer noch|wieder ?nicht|nichts kaputt|defekt|da|funktioniert|repariert|geliefert|undicht|gekommen" },
	{ COMPLAINT, "schon|ist|sind wieder kaputt|defekt|ausgefallen|undicht" },
	{ COMPLAINT, "mein|meine|unser|das geld zuruck|wieder" },
	{ COMPLAINT, "doppelt|zweimal|falsch|zuviel|zu ?viel abgebucht|berechnet|abgerechnet" },
	{ COMPLAINT, "mangelhaft|pfusch" },
	{ AGENT, "mit|einen|einem|einer ?einem|einer|ihrem|ihrer|einen|der|dem ?richtigen|echten|anderen "
			 "menschen|mitarbeiter|mitarbeiterin|berater|vorgesetzten|chef|person|kollegen|kollegin|sachbearbeiter "
			 "?verbinden|sprechen|reden|sprech" },
	{ AGENT, "mit jemandem|jemand|jemanden ?echtem|richtigem|anderem|anderen ?von ?ihnen ?aus ?der ?dem "
			 "sprechen|reden|verbinden|spreche|rede|team|vertrieb" },
	{ AGENT,
		"verbinden|verbinde|geben|holen|stellen sie mich|mir|uns ?bitte|doch|mal ?mit|zu|einen|durch|jemanden|zum" },
	{ AGENT, "richtigen|echten menschen ?sprechen|reden" },
	{ AGENT, "gibts|gibt|ist ?es ?bei ?ihnen ?da|auch|denn ?auch ?einen|jemanden|jemand ?richtigen|echten "
			 "menschen|mensch|mitarbeiter|berater|den" },
	{ AGENT, "soll|kann|konnte|sollte mich|uns|mir ?mal|bitte ?ein|eine|jemand|ihr ?echter "
			 "mensch|mitarbeiter|berater|chef|jemand|anrufen|kollege|kollegin|zuruckrufen" },
	{ SCHEDULE, "termin|besichtigung|besichtigungstermin|probefahrt|beratungstermin|probetraining|probestunde|treffen|"
				"reservierung|tisch|behandlung ?fur|am|bei|mit ?ihnen|mich|uns ?einen ?vor ?ort "
				"machen|vereinbaren|ausmachen|haben|buchen|abmachen|verschieben|verlegen|bekommen|reservieren|geben|"
				"andern|brauche|brauchen|absprechen" },
	{ SCHEDULE, "brauche|brauchen|mochte|hatte|hatten|will|wollen|suche|nehme|buchen|machen|brauch ?ich|wir|sie "
				"?gern|gerne|mir|uns|dann|bitte ?bald|noch|einfach "
				"einen|eine|den|die ?neuen|anderen|baldigen|freien "
				"termin|besichtigung|beratungstermin|probefahrt|besichtigungstermin|probestunde|treffen|tisch" },
	{ SCHEDULE,
		"wann konnen|konnten|kann|konnte|kommt|kommen|hatten|haben|war|ware|geht|gehts|passt|wurde|darf "
		"?sie|ich|wir|da|denn|es|jemand|einer|ihr ?jemand|mal|denn|was|es|mir|uns|vorbei ?vorbei|einen|was|zeit|"
		"bei|frei|anfangen|ihnen|das|loslegen" },
	{ SCHEDULE, "kommen|komm|vorbeikommen|vorbeischauen|komme ?sie|ich|wir ?doch|gern|gerne|mal|dann|einfach ?mal "
				"vorbei|anschauen|ansehen|besichtigen" },
	{ SCHEDULE, "kann|konnte|konnen|darf|wurde|mochte|wurden ich|wir|man|sie|die ?mir|uns|das|es|die|mal|gern|gerne "
				"?das|es|die|mal|wohnung|haus|gern|gerne ?mal|auch|vorher|haus "
				"ansehen|anschauen|besichtigen|vorbeikommen|angucken|vorbeischauen|kommen" },
	{ SCHEDULE, "haben|hatten|hatte|ist|gibt|habt|gibts sie|ihr|da|es|bei|noch ?ihnen|euch|am|da ?was|noch|etwas|einen|"
				"irgendwas ?am|um|noch|was ?mittwoch|donnerstag|freitag|montag|dienstag frei|fruher|termin|termine|"
				"freie|spater|nachmittags|vormittags|abends|freier" },
	{ SCHEDULE, "tragen|schreiben|merken|notieren sie mich|uns|mir ?das|da|bitte|den|einen|dafur ?bitte|termin "
				"ein|auf|vor" },
	{ OFFER, "was|wieviel kostet|kosten|wurde|verlangen|nehmen|soll|kostets|kommt|war|ware|macht ?denn|mich|das|es|die|"
			 "der|sie|so|ein|eine ?das|es|denn|mich|so|ganze ?kosten" },
	{ OFFER,
		"wie viel|teuer|hoch kostet|kosten|ist|war|ware|wurde|wird|verlangen|nehmen|sind|soll|macht|zahle|zahlen" },
	{ OFFER, "wie teuer" },
	{ OFFER, "welcher|welchen|was|welche|wo ?fur ?ein|liegt preis|preise|kosten|miete|gebuhren|preislich" },
	{ OFFER, "angebot|kostenvoranschlag|preis|preisliste|preise|offerte ?von ?ihnen "
			 "machen|bekommen|haben|schicken|erstellen|wissen|geben|zukommen|unterbreiten|sagen|nennen" },
	{ OFFER, "mochte|will|wurde|hatte|brauche|nehme|wollen|schicken|machen ?ich|wir|sie ?gern|gerne|mir|uns|dann "
			 "?bitte|doch|"
			 "mal|gern ?mal ein|das|ihr|einen|eine angebot|kostenvoranschlag|offerte|preis|preisliste" },
	{ OFFER, "rabatt|rabatte|skonto|nachlass" },
	{ OFFER, "kaufen|verkaufen|bestellen|mieten mochte|will|wollen|mochten|wurde" },
	{ OFFER, "mochte|will|wollen|wurde|wurden|mochten ?ich|wir ?gern|gerne|das|es|die|den|mein|unser|ein|eine|einen "
			 "?gern|haus|wohnung|auto kaufen|verkaufen|bestellen|mieten" },
	{ INFORMATION,
		"erzahlen|erklaren|sagen|erklar|erzahl ?sie ?mir|uns ?doch|mal|bitte ?bitte|mal|mehr|etwas|genauer|kurz "
		"?kurz mehr|daruber|wie|was|genau|genauer|davon|dazu" },
	{ INFORMATION,
		"wie|was funktioniert|lauft|geht|ist|beinhaltet|umfasst|gehort|heisst|bedeutet|genau ?denn|das|alles|"
		"da|dann ?das|denn|genau|alles|da ?genau|alles|ab|dazu|enthalten|dabei|inbegriffen|drin" },
	{ INFORMATION, "mehr|genauere|weitere|nahere infos|informationen|details|daruber|dazu|erfahren" },
	{ INFORMATION, "hatte|habe|hab ?ich ?da|mal|nur|noch ?noch|mal|eine|ein|paar|ne ?kurze|paar frage|fragen" },
	{ INFORMATION, "wollte|wurde|mochte ?ich ?gern|gerne|nur|mal ?mal|nur ?gern wissen|fragen|erfahren|erkundigen" },
	{ INFORMATION, "worum|um gehts|geht|was ?es ?denn|gehts ?da|genau ?genau" },
	{ ANGRY, "scheissanrufe|arschloch|arschlocher|idioten" },
	{ ANGRY, "verdammte|verdammten|scheiss|verfluchte anrufe|anruf|werbung|callcenter|firma|roboter" },
	{ ANGRY, "verpissen|verpiss|verpisst sie|dich|euch" },
	{ ANGRY, "unverschamtheit|frechheit|unverschamt|frech|unerhort|sauerei" },
	{ ANGRY, "schnauze ?gestrichen voll" },
	{ ANGRY, "zeige|zeig ich sie|euch|das *2 an" },
	{ ANGRY, "erstatte|mache|erstatten ?ich anzeige" },
	{ ANGRY, "verklage|verklagen" },
	{ ANGRY, "von|vom ?meinem anwalt ?horen|horst" },
	{ ANGRY, "rufe|ruf|hole|hol ?ich ?die polizei" },
	{ ANGRY, "jetzt|mir|nun|langsam reicht|reichts|langts|langt ?es ?mir|aber|jetzt ?aber|jetzt !das|nicht|die|der" },
	{ ANGRY, "es reicht ?mir jetzt|langsam|endgultig" },
	{ ANGRY, "stinksauer|wutend|stinkwutend" },
	{ ANGRY, "was fallt ihnen ?eigentlich ein" },
	{ ANGRY, "halten|halt sie|die ?den|die ?mund|klappe|schnauze" },
	{ ANGRY, "gehts noch $" },
	{ ANGRY, "telefonterror|belastigung|belastigen" },
	{ ANNOYED, "nervt|nervig|nerven|genervt|nervst|nervtotend|lastig" },
	{ ANNOYED,
		"zum drittenmal|dritten|vierten|funften|hundertsten|zehnten|letzten|zigsten|tausendsten|wievielten mal" },
	{ ANNOYED, "wie oft|haufig ?soll|muss|denn|wollen|rufen ?ich|sie ?denn|noch|das|ihnen" },
	{ ANNOYED,
		"hab|habe|habs ?ich|wir ?doch|ihnen|das|es|euch|schon ?doch|ihnen|schon|gerade|bereits|das|es|dreimal|zweimal "
		"?schon|doch|bereits|gerade|nein|zweimal|dreimal|mal gesagt|nein ?gesagt" },
	{ ANNOYED, "schon|bereits dreimal|zweimal|zehnmal|mehrfach|hundertmal|viermal ?nein gesagt|angerufen|nein" },
	{ ANNOYED, "lassen|lasst|lass ?sie mich|uns ?bitte|endlich|jetzt ?endlich|bitte in ruhe|frieden" },
	{ ANNOYED, "verschwenden|verschwende|stehlen|klauen ?sie ?nicht|mir ?nicht ?weiter meine|unsere|die zeit" },
	{ ANNOYED, "zeitverschwendung" },
	{ ANNOYED, "standig|dauernd|andauernd|immer ?wieder ?diese|diesen|die anrufe|anrufen|angerufen|angeruf" },
	{ ANNOYED, "standig|dauernd|andauernd rufen|ruft|werde|werd ?sie|ihr|ich ?hier|mich|an" },
	{ ANNOYED, "schon wieder sie|werbung|ihr|dieser|diese|ein|so ?ein ?anruf|anrufe|werbeanruf $" },
	{ ANNOYED, "schon wieder ein|so|dieser ?ein anruf|werbeanruf|vertreter" },
	{ ANNOYED, "der|das|heute ?schon ?der|das dritte|vierte|funfte|sechste|zehnte anruf|mal ?heute|diese" },
	{ ANNOYED, "meine gute|herren $" },
	{ ANNOYED, "menschenskind|herrgott|himmelherrgott ?noch ?mal" },
	{ SAD,
		"mann|frau|mutter|vater|oma|opa|bruder|schwester|sohn|tochter|mama|papa|er|sie|freund|freundin ist|sind|war *5 "
		"gestorben|verstorben|tot" },
	{ SAD, "verstorben" },
	{ SAD, "trauerfall|todesfall" },
	{ SAD,
		"hab|habe|haben ?ich|wir ?meine|meinen|unseren|unsere|gerade ?meine|meinen mann|frau|mutter|vater|sohn|tochter|"
		"job|hund|arbeit verloren" },
	{ SAD, "meine|meinen|mein mann|frau|mutter|vater|sohn|tochter|job|hund|arbeit|stelle verloren" },
	{ SAD, "hat|habe|hab|an ?ich krebs|demenz" },
	{ SAD, "bin|fuhle|fuhl ?ich ?mich ?so|sehr|ganz|einfach|gerade|recht ?sehr "
		   "traurig|einsam|verzweifelt|fertig|allein|alleine $" },
	{ SAD, "schwere|schlimme|harte|schwierige zeit" },
	{ CONFUSED, "verstehe|versteh|kapier|kapiere|begreife ?ich ?das|jetzt|sie|gar|da|ehrlich ?jetzt|gesagt "
				"?gar|uberhaupt nicht|"
				"nichts|nix|net|bahnhof !gut" },
	{ CONFUSED, "ich verstehe|versteh|kapier|kapiere ?das|gar|jetzt|nur ?jetzt|gar ?alles nicht|nichts|nix|bahnhof" },
	{ CONFUSED, "was|wie meinen|meinst sie|du ?denn|jetzt ?damit" },
	{ CONFUSED,
		"bin|ist ?ich ?jetzt|etwas|ein|ganz|gerade|sehr ?etwas|bisschen|ganz|wenig verwirrt|verwirrend|durcheinander" },
	{ CONFUSED, "komme|komm ich ?da|jetzt ?gerade|jetzt nicht ?ganz mit" },
	{ CONFUSED, "blick|blicke ich ?da|jetzt ?nicht|gar ?nicht ?mehr durch" },
	{ CONFUSED, "wovon|was reden|sprechen|erzahlen sie ?da|denn|eigentlich ?da|eigentlich" },
	{ CONFUSED, "weiss ?ich ?ich ?jetzt|gar|uberhaupt ?gar nicht was|wovon|wer|worum" },
	{ HESITANT, "nicht ?so|ganz|wirklich|richtig|recht|hundertprozentig sicher|uberzeugt" },
	{ HESITANT,
		"weiss|weis ?ich ?das|es|jetzt|noch|auch|nun|gar|i ?noch|gar|auch|jetzt|halt ?so|gar nicht|net ?so|recht|genau "
		"ob|$|recht|so|genau" },
	{ HESITANT, "mal schauen|sehen|gucken|abwarten" },
	{ HESITANT, "schauen|schaun|schau wir|ma|mer|ich mal $" },
	{ HESITANT, "unsicher|unschlussig|unentschlossen|skeptisch|unentschieden" },
	{ HESITANT, "hin und her|hergerissen" },
	{ HESITANT, "zogere|bedenken|zweifel|zweifle" },
	{ HESITANT, "eher|vielleicht nicht|eher|auch|mal $" },
	{ HESITANT, "uberlegen|uberlege|nachdenken|bedenkzeit" },
	{ HESITANT, "schwer ?zu sagen" },
	{ POSITIVE, "freue|freu|freuen ?ich|wir mich|uns !nicht|net|wenn" },
	{ POSITIVE,
		"wirklich|echt|ganz|richtig|total|sehr "
		"toll|super|wunderbar|klasse|grossartig|fantastisch|prima|spitze|genial|hervorragend|herrlich !aber|ist|fur" },
	{ POSITIVE, "das|alles ist|klingt|war|ware|hort ?sich ?ja "
				"wunderbar|grossartig|fantastisch|genial|hervorragend|herrlich !aber" },
	{ POSITIVE, "vielen|tausend|herzlichen|besten lieben|herzlichen dank" },
	{ POSITIVE, "tausend|herzlichen dank" },
	{ POSITIVE, "danke ?dir|ihnen ?vielmals tausendmal|tausend|herzlich" },
	{ POSITIVE, "bin|war|sind|waren ?ich|wir ?ja|sehr|ganz|so|echt|wirklich|total|super|richtig ?sehr|froh "
				"begeistert|dankbar|glucklich|erleichtert|happy|froh !wenn" },
	{ POSITIVE, "das|mich freut mich|uns|das !nicht" },
	{ POSITIVE, "gute|tolle|schone|super nachricht|nachrichten|neuigkeiten" },
	{ POSITIVE, "sehr|total|wirklich|echt|so|richtig lieb|nett|freundlich|hilfsbereit ?von ?ihnen" },
	{ POSITIVE, "sie|du sind|bist ein|eine|der|die schatz|engel|beste|held|goldschatz" },
	{ POSITIVE, "kann|konnen es ?ich|wir ?gar|kaum ?nicht|kaum erwarten" },
	{ POSITIVE, "gott ?sei dank" },
	{ POSITIVE, "genau das|was was|habe|brauche|ich|suche ?ich|wir ?gesucht|suche|brauche|wollte|brauchen|suchen" },
	{ POSITIVE, "liebe|lieben ?ich|wir es|das" },
	{ PLEASED,
		"toll|super|wunderbar|klasse|grossartig|fantastisch|prima|spitze|genial|hervorragend|perfekt|herrlich|juhu|"
		"cool|ausgezeichnet|traumhaft|hurra|wow" },
	{ PLEASED, "sehr schon|gut" },
	{ PLEASED, "das ist|war aber|ja|sehr nett|lieb|schon" },
	{ STARS, "0|einen|ein|zwei|drei|vier|funf ?von ?funf|0 sterne|stern|sternen|punkte|punkten !hotel" },
	{ STARS, "0|eins|zwei|drei|vier|funf von funf|0" },
	{ ASKS_STARS, "wie viele|wieviele sterne" },
	{ ASKS_STARS, "wieviel sterne" },
	{ ASKS_MARK, "von|zwischen eins|1|0|einem ?stern bis|und|zu funf|0 *6 "
				 "sterne|sternen|punkte|punkten|beste|bester|zufrieden|gut|besten" },
	{ ASKS_MARK, "sterne|punkte|sternen|punkten von|zwischen eins|einem|0 bis|und funf|0" },
	{ ASKS_MARK, "skala *9 sehr|am|beste|sterne|punkte|hochste ?gut|zufrieden|besten|zufriedensten" },
	{ OFFERS_TIME,
		"darf|soll|sollen|kann|konnte|konnten|durfen|wollen ich|wir|jemand ?ihnen|sie|uns|mal|einen|den|da *7 "
		"eintragen|vorbeikommen|vereinbaren|anbieten|buchen|ausmachen|reservieren|schicken|kommen|vormerken|"
		"besuchen|abmachen|machen" },
	{ OFFERS_TIME, "passt|ginge|wurde|ware|klappt es|das|ihnen|dir|euch *5 "
				   "passen|recht|besser|gut|gehen|ihnen|dir|um|am|morgen|montag|dienstag|mittwoch|donnerstag|freitag" },
	{ OFFERS_TIME, "geht|gehts ?es|das bei|ihnen|dir|euch ?ihnen|dir|euch "
				   "um|am|morgen|montag|dienstag|mittwoch|donnerstag|freitag|nachmittags|vormittags" },
	{ OFFERS_TIME, "ich|wir hatte|hatten|habe|haben|kann|konnte *6 frei|oder|um|anbieten|termin" },
	{ OFFERS_TIME,
		"wann passt|ware|konnen|ginge|durfen|wurde|kann|soll|hatten ?es|ich|wir|ihnen|sie !anrufen|sie|erreichen" },
	{ OFFERS_TIME, "welcher|welche tag|uhrzeit" },
	{ OFFERS_SEND, "schicke|sende|maile|schicken|senden ich|wir ?ihnen|dir|es|das|die" },
	{ OFFERS_SEND, "zuschicken|zusenden|zumailen" },
	{ BYE, "auf|wieder wiederhoren|wiedersehen|wiederschauen|horen|sehen" },
	{ BYE, "tschuss|tschus|ciao|servus|pfiat|wiederhoren|tschuhuss|adieu|ade|tschau|tscho|tschussi|wiederschaun|baba" },
	{ BYE, "schonen|schones|angenehmen ?noch|rest tag|abend|wochenende|nachmittag|feierabend|restlichen ?noch" },
	{ BYE, "gute nacht" },
	{ BYE, "bis dann|morgen|bald|spater|montag|dienstag|mittwoch|donnerstag|freitag|samstag|dahin|nachste $|woche" },
	{ BYE, "machen|machs|mach sie|gut|es ?es|gut ?gut" },
	{ BYE, "^ ebenso|gleichfalls" },
	{ BYE, "danke|dank|bedanke ?ich|mich ?fur fur|mich ?ihre|deine|das|den ?zeit|gesprach|anruf" },
	{ BYE, "alles gute" },
	{ LEAVES, "lege|leg ?ich ?jetzt auf" },
	{ LEAVES, "muss|mussen ?ich|wir ?jetzt|dann|leider|gleich ?jetzt|weiter|dringend "
			  "los|weg|schluss|aufhoren|auflegen|weiter" },
	{ LEAVES, "auflegen" },
};

const VaSignTable va_signs_de = { .patterns = patterns, .count = sizeof(patterns) / sizeof(patterns[0]) };
