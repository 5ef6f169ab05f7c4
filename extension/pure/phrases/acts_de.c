/*-------------------------------------------------------------------------
 * acts_de.c
 *		German: what an assistant does with words on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/intents.h"

static const VaIntentPattern patterns[] = {
	/* will call no more: before what is called again, which begins with the same words */
	{ VA_ACT_STOP, "ich|wir|dann rufe|rufen|ruf|werde|werden ?ich|wir ?sie|dich|euch ?bestimmt|sicher|auch "
				   "nicht|nie|niemals mehr|wieder an|anrufen" },
	{ VA_ACT_STOP, "rufe|rufen|ruf|werde|werden ?ich|wir ?sie|dich|euch ?bestimmt|sicher|auch "
				   "nicht|nie|niemals mehr|wieder an|anrufen" },
	/* calls that only announce a visit; visits by other names; what strangers say */
	{ VA_INTENT_NONE, "ruft|rufen|rufe|meldet|melden ?er|wir|ich|sie ?sie|dich|uns|sich ?vorher|vorab|kurz|zehn|eine "
					  "?halbe ?minuten|stunde vorher|davor|vorab" },
	{ VA_ACT_CALL, "ruft|rufe|rufen ?ich|wir|er ?sie|dich|euch *6 an|zuruck" },
	{ VA_ACT_WHEN, "wann sind|seid|bist|waren sie|ihr|du ?denn ?dann|immer ?so daheim|zuhause|zu|da|frei|im" },
	{ VA_ACT_VISIT, "vorstellungsgesprach|bewerbungsgesprach|kennenlernen|probefahrt|besichtigung|probestunde|"
					"schnupperstunde|vorfuhrung|vorfuhrtermin|videogesprach|beratungstermin" },
	{ VA_ACT_VISIT, "per video" },
	{ VA_ACT_VISIT, "den link" },
	{ VA_ACT_NOTED, "^ mache|mach|machen ich|wir" },
	{ VA_ACT_CANCEL, "sage|sag|sagen ?ich|wir den|die|das|ihren|es *3 ab" },
	{ VA_ACT_CANCEL, "sage|sag|sagen ich|wir ?den|die|das|ihren|es *2 ab" },
	{ VA_ACT_OFFER, "=noch|weiterhin|immer ?noch aktuell|interessiert|interesse|geplant|vor" },
	{ VA_ACT_SURVEY, "lauft|funktioniert|klappt|passt|geht ?es|alles|jetzt|denn|die|der|das ?wieder|alles|jetzt" },
	{ VA_ACT_SURVEY,
		"wollte|wollten|mochte ?ich|wir ?nur|bloss|kurz ?nur wissen|fragen|horen|nachfragen|prufen|sicher" },
	{ VA_ACT_SURVEY, "freut mich|uns" },
	{ VA_ACT_SURVEY, "dann war|ware|wars ?es|das ?das ?schon|alles" },
	{ VA_ACT_SURVEY, "schliesse|schliessen ich|wir ?den|die|das|ihre" },
	/* to call again */
	{ VA_ACT_CALL, "ich|wir|dann|sollen|soll|darf|kann|werde|konnen|durfen "
				   "?ich|wir|darf|kann|soll|werde|konnte|wurde|morgen|sie|ihn|mich|uns "
				   "?sie|ihn|dich|mich|uns|euch|es|morgen|dann|nochmal|am|wieder ?noch|einmal|mal|dann|wieder *4 "
				   "an|anrufen|zuruckrufen|zuruck|melden|erreichen|erwischen|probieren|versuchen|durchrufen|anlauten|"
				   "telefonieren" },
	{ VA_ACT_CALL, "rufe|ruf|melde|rufen|melden|probiere|probieren|versuche|versuchen|klingle|telefoniere|lautet|laute|"
				   "klingele ?ich|wir ?sie|ihn|dich|mich|uns|euch|es|da|dann *4 "
				   "an|wieder|zuruck|durch|morgen|dann|um|am|nochmal|noch|heute|ab|nach|gegen|gern|gerne" },
	{ VA_ACT_CALL, "melde|melden ich|wir ?mich|uns" },
	{ VA_ACT_CALL, "rufe|ruf|rufen ich|wir ?sie|ihn|dich" },
	{ VA_ACT_CALL, "wann ?denn kann|darf|soll|erreiche|erwische|konnte|ist|kommt|treffe|sind|storen|store|wird ?denn "
				   "ich|er|sie|mich|ihn|die|mama|papa|der|dein|deine|jemand|herr|frau" },
	{ VA_ACT_WHEN, "wann ?also ?dann|denn ?dann|denn|am|ist|war ?besten|besser|es|gut $" },
	{ VA_ACT_CALL, "wann stort|erreiche|erwische|store" },
	{ VA_ACT_WHEN, "um wie|wieviel viel|uhr ?uhr" },
	{ VA_ACT_CALL, "spater ?noch ?mal|einmal ?wieder|anrufen|versuchen|$" },
	{ VA_ACT_CALL, "anrufen|zuruckrufen|anruf|ruckruf|anzurufen|zuruckzurufen" },
	/* visits and bookings */
	{ VA_ACT_VISIT, "eingetragen|notiert|gebucht|reserviert|vorgemerkt|eingeplant|vermerkt|bestatigt|terminiert|"
					"festgehalten|eingeschrieben" },
	{ VA_ACT_VISIT,
		"trage|trag|buche|merke|schreibe|reserviere|notiere|plane|setze|nehme|habe|hatte|hatten|haben|schicke|schick|"
		"schicken|komme|kommen|kame|kamen|konnte|konnten ich|wir|jemanden|der|die|unser|unsere|einen" },
	{ VA_ACT_VISIT,
		"ich|wir|ihnen hatte|hatten|habe|haben|schicke|schicken|kann|konnte|konnten|komme|kommen|biete|konnen ?ihnen "
		"?jemanden|einen|noch|da|den|anbieten|termin|sie ?kollegen|techniker|monteur|platz|frei|kommen|vorbei" },
	{ VA_ACT_VISIT, "kommen|komm|kame|kamen|komme|kommt|vorbeikommen|vorbeischauen|schauen|ansehen|anschauen|"
					"besichtigen|besuchen|klingeln|klingelt|vorbei" },
	{ VA_ACT_VISIT, "termin|besichtigung|gesprach|platz|probestunde" },
	{ VA_ACT_VISIT, "wir|ich erwarte|erwarten|sehen|freuen|freue|sehe|warten" },
	{ VA_ACT_VISIT,
		"bis "
		"dann|dahin|morgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|ubermorgen|bald|spater|heute" },
	{ VA_ACT_VISIT, "ist|ware|wird|war frei|moglich|eingetragen|notiert|reserviert" },
	{ VA_ACT_VISIT, "frei|anbieten" },
	{ VA_ACT_VISIT, "passt|ginge|geht|ginge" },
	/* sends something */
	{ VA_ACT_SEND, "schicke|schick|schicken|sende|senden|maile|mailen|mache|machen|stelle|bereite|bekommen|erhalten|"
				   "kriegen|lege|ubersende|ubermittle|reiche|lasse|erstelle ?ich|wir|sie|ihnen|es "
				   "?ihnen|es|sie|das|die|den|ihm|ihr|dir|euch ?es|sie|das|die|den|gern|gerne|alles|ein|eine" },
	{ VA_ACT_SEND, "ich|wir|das|die|den|es|sie|er "
				   "schicke|schicken|sende|senden|maile|mailen|mache|machen|stelle|bereite|geht|gehen|kommt|kommen "
				   "?das|ihnen|es|sie|raus|gern|gerne|alles|die|per|noch" },
	{ VA_ACT_SEND, "per mail|post|e|email|brief|whatsapp" },
	{ VA_ACT_SEND, "geht|gehen|geht ?gerade|heute|gleich|noch ?noch|gleich|heute raus|hinaus|zu|los" },
	{ VA_ACT_SEND, "in|auf die|der ?warteliste|post|liste" },
	{ VA_ACT_SEND, "wird erledigt|gemacht|verschickt|zugeschickt" },
	{ VA_ACT_SEND, "sehr|mit gern|gerne|vergnugen" },
	{ VA_ACT_SEND, "bekommen|erhalten|kriegen sie ?es|das|die|den|alles|heute|morgen|diese" },
	{ VA_ACT_SEND, "haben sie es|das|alles|heute|morgen" },
	/* takes back */
	{ VA_ACT_CANCEL, "storniert|storniere|stornieren|gestrichen|streiche|streichen|abgesagt|absagen|geloscht|gecancelt|"
					 "cancel|aufgehoben|hinfallig|streich|annulliert|annulliere ?ich|wir ?alles|den|das|die|es" },
	{ VA_ACT_CANCEL, "fallt|fallen weg|aus|flach" },
	{ VA_ACT_CANCEL, "nehme ich|wir *3 raus|heraus|zuruck" },
	{ VA_ACT_CANCEL, "wollen|mochten|brauchen sie ?also|nun|jetzt nicht|keinen|keine|doch ?mehr|nicht" },
	/* will call no more */
	{ VA_ACT_STOP, "nicht|nie|niemals mehr|wieder ?bei ?ihnen|euch|dir "
				   "anrufen|angerufen|an|melden|kontaktieren|kontaktiert|anzurufen|behelligen|belastigen" },
	{ VA_ACT_STOP, "keine|keinen|kein ?weiteren|weiterer|werbe|mehr anrufe|anruf|werbeanrufe" },
	{ VA_ACT_STOP, "losche|loschen|streiche|streichen|nehme|nehmen|entferne|entfernen|sperre|trage|losch|streich|"
				   "tragen|sperren ?ich|wir ?sie|ihre|die|das|dich|euch|deine|ihren ?sofort|gleich|umgehend|hiermit "
				   "nummer|daten|namen|rufnummer|telefonnummer|eintrag|kontaktdaten|von|aus|heraus|raus" },
	{ VA_ACT_STOP, "losche|loschen|streiche|streichen|sperre|entferne|losch|streich ?ich|wir sie|ihre|dich|euch" },
	{ VA_ACT_STOP, "ich|wir|habe|haben ?habe|haben|losche|streiche|nehme|entferne|losch|nehmen "
				   "?sie|ihre|die|den|das|dich|deine|es ?nummer|daten|namen|rufnummer|eintrag "
				   "?aus|von|bereits|soeben|schon ?der|dem|unserer|unserem ?liste|system|verteiler "
				   "geloscht|gestrichen|entfernt|raus|heraus|gesperrt|herausgenommen" },
	{ VA_ACT_STOP, "ist|sind|nummer|sie|daten|werden ?ist|sind ?hiermit|sofort|bereits|schon|jetzt|damit "
				   "geloscht|gestrichen|gesperrt|entfernt|raus|draussen" },
	{ VA_ACT_STOP, "von|aus der|unserer|dem|unserem|allen ?anruf "
				   "liste|system|verteiler|anrufliste|datenbank|kartei|listen|liste|telefonliste" },
	{ VA_ACT_STOP, "keine ?weiteren|werbe anrufe|werbeanrufe" },
	{ VA_ACT_STOP, "sperrvermerk|sperrliste|robinsonliste" },

	/* what the person may do */
	{ VA_ACT_TERMS, "sagen|sag|sagst ?sie|du ?es ?das ?mir|uns ?einfach|nur|kurz|jederzeit|bitte "
					"stopp|stop|nein|bescheid|es|das|mir|uns|einfach" },
	{ VA_ACT_TERMS, "geben|gib|melden|teilen|drucken|antworten|schreiben sie|mir|uns|die" },
	{ VA_ACT_TERMS, "wort|nachricht|nein|es genugt|reicht" },
	{ VA_ACT_TERMS, "genugt|reicht ein|es|das|mir|uns" },
	{ VA_ACT_TERMS, "wenn|falls|sobald|sofern|sollten|solltest|mochten|wollen ?es ?das sie|du|ihnen|dir|jemand" },
	{ VA_ACT_TERMS, "sie|du ?konnen|kannst ?sich|dich|das|uns|mir|dem|es ?jederzeit|immer|auch|gern|gerne|sich "
					"widersprechen|abmelden|austragen|sagen|melden|verlangen|widerrufen" },
	{ VA_ACT_TERMS, "konnen|kannst|durfen ?sie|du ?sich|dich|das|uns|mir|dem|es ?jederzeit|immer|auch|gern|gerne "
					"widersprechen|abmelden|austragen|sagen|melden|verlangen|widerrufen|streichen|loschen" },

	/* it was another that was called */
	{ VA_INTENT_WRONG_NUMBER, "falsche|falschen|falsch ?nummer|verbunden|gewahlt" },
	{ VA_INTENT_WRONG_NUMBER, "verwahlt|vertippt|vertan" },
	{ VA_INTENT_WRONG_NUMBER,
		"korrigiere|berichtige|andere|aktualisiere|korrigieren|berichtigen|andern|korrigier ich|wir|das|es|die" },
	{ VA_INTENT_WRONG_NUMBER, "ich|wir korrigiere|berichtige|andere|aktualisiere|andern ?das|es|die" },
	{ VA_INTENT_WRONG_NUMBER, "mein|unser fehler|irrtum|versehen" },
	{ VA_INTENT_WRONG_NUMBER, "nummer|die stimmt|ist|war ?wohl ?dann|ja|wohl|also nicht|falsch|veraltet|verkehrt" },
	{ VA_INTENT_WRONG_NUMBER, "stimmt ?die ?wohl nummer ?wohl nicht" },
	{ VA_INTENT_WRONG_NUMBER, "sind|bist|ist|heissen sie|du|das|dort ?gar|also|denn ?nicht ?nicht herr|frau|der|die" },
	{ VA_INTENT_WRONG_NUMBER, "sie|das sind|ist|war also|dann|wohl|gar ?gar nicht" },
	{ VA_INTENT_WRONG_NUMBER, "arbeitet|wohnt ?herr|frau|er|sie *2 nicht" },
	{ VA_INTENT_WRONG_NUMBER, "nicht bei ihnen" },
	{ VA_INTENT_WRONG_NUMBER, "zahlendreher|verdreht" },
	{ VA_ACT_SORRY, "entschuldigung|entschuldigen|verzeihung|verzeihen|entschuldige|pardon|sorry|leid|entschuldigt|"
					"bedaure|versehen|storung" },
	/* asks for somebody who is grown up */
	{ VA_ACT_ADULT,
		"deine|dein|deinen|deiner|deinem|eure mama|papa|eltern|mutter|vater|mami|papi|mutti|vati|oma|opa|mamma" },
	{ VA_ACT_ADULT, "ein|einen|jemand|jemanden|jemandem|einem "
					"erwachsener|erwachsenen|erwachsene|grosser|grossen|grosses|grosseren|alteren|erwachsenem" },
	{ VA_ACT_ADULT, "erwachsener|erwachsenen|erwachsene" },
	/* asks how it was */
	{ VA_ACT_SURVEY,
		"wie war|geht|hat|gefallt|zufrieden|waren|lauft|fanden|schmeckt|beurteilen|bewerten|fuhlen|kommen|ist|finden" },
	{ VA_ACT_SURVEY,
		"haben|hast ?sie|du *3 "
		"bekommen|erhalten|gelesen|angeschaut|angesehen|durchgesehen|gesehen|reingeschaut|geschaut|anschauen" },
	{ VA_ACT_SURVEY,
		"umfrage|zufrieden|bewertung|befragung|meinung|weiterempfehlen|zufriedenheit|ruckmeldung|feedback" },
	{ VA_ACT_SURVEY, "noch|haben ?sie ?dazu|noch fragen|etwas|was|wunsche|anmerkungen" },
	{ VA_ACT_SURVEY, "danke|vielen ?dank ?fur ?ihre|die|deine "
					 "?zeit|antworten|teilnahme|mithilfe|auskunft|bewertung|geduld|offenheit" },
	{ VA_ACT_SURVEY, "brauchen sie ?noch ?noch|etwas etwas|was" },
	/* offers something */
	{ VA_ACT_OFFER,
		"=mochten|wollen|brauchen|magst|willst|mochtest|wollten|brauchst|wunschen sie|du|ihr|er|herr|frau" },
	{ VA_ACT_OFFER, "=haben|hatten|hast|sind|waren ?sie|du|ihr ?da|daran|noch|denn|vielleicht ?an *3 "
					"interesse|bedarf|lust|interessiert" },
	{ VA_ACT_OFFER, "=darf|soll|durfen|sollen|kann|konnen ich|wir|jemand *6 "
					"schicken|senden|zusenden|zuschicken|vorbeikommen|kommen|eintragen|vereinbaren|anbieten|buchen|"
					"reservieren|vormerken|vorbeischicken|ausmachen|erklaren|mailen|machen|erzahlen" },
	{ VA_ACT_OFFER, "=ware|klingt das ?etwas|was ?fur ?interessant|sie" },
	{ VA_ACT_OFFER, "mochten|wollen|wurden|brauchen|hatten|interessiert|magst|willst|mochtest|darf|soll|durfen|sollen|"
					"konnen|konnte|wollten|brauchst|haben|sind ?es ?sie|du|ich|wir|ihr|sich" },
	{ VA_ACT_OFFER, "interessiert|interesse|lust" },
	{ VA_ACT_OFFER, "ware|klingt das" },
	/* hears a no */
	{ VA_ACT_DECLINED, "kein|keine|keinen|nicht ?so interesse|bedarf|interessiert|beratung|gewunscht|notig" },

	{ VA_ACT_DECLINED, "will|mochte|wollen sie|nicht ?nicht ?weiter storen|aufhalten|drangen|langer" },
	/* agrees */
	{ VA_ACT_NOTED, "^ "
					"gut|super|prima|wunderbar|perfekt|alles|geht|ist|gern|gerne|schon|sehr|okay|ok|klar|genau|richtig|"
					"passt|einverstanden|abgemacht|notiert|vermerkt|ja|fein|toll|in|klasse|selbstverstandlich|"
					"naturlich|freilich|erledigt|mach|mache" },
	{ VA_ACT_NOTED,
		"ist|habe|hab|wird|das ?ist|ich ?es|das|schon "
		"notiert|eingetragen|vermerkt|gebucht|geandert|gestrichen|reserviert|erledigt|verschoben|gemacht|umgebucht" },
	{ VA_ACT_NOTED, "geht|alles klar" },
	{ VA_ACT_NOTED,
		"bis dann|dahin|morgen|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|ubermorgen|bald|spater" },
	/* nobody is there any more */
	{ VA_INTENT_LOST, "^ hallo ?hallo $" },
	{ VA_INTENT_LOST, "sind|bist|ist|horen|horst ?sie|du|jemand ?mich ?noch|mich dran|da|noch|mich|jetzt|jemand|am" },
	{ VA_INTENT_LOST,
		"verbindung|leitung|gesprach|netz|linie ?ist|wurde|war|scheint|bricht ?wohl|leider|jetzt|wieder|wohl|ganz "
		"weg|beendet|unterbrochen|tot|abgebrochen|getrennt|abgerissen|schlecht|ab|zusammen" },
	{ VA_INTENT_LOST, "aufgelegt|aufgehangt|weg|abgebrochen" },
	{ VA_INTENT_LOST, "im tunnel|funkloch" },
	{ VA_INTENT_LOST, "meldet|antwortet ?sich ?nicht niemand|nicht|keiner" },
	{ VA_ACT_CANCEL, "losche|losch|schliesse ich|wir ?dann ihre|die|den|das anfrage|vorgang|akte|auftrag" },
	/* asks for words to be spelled, or for a sign to stop at */
	{ VA_ACT_CUE, "sagen|sag|sagst ?sie ?du ?mir ?einfach stopp|stop|halt|wann|wenn" },
	{ VA_ACT_CUE, "strasse|haltestelle" },
};

const VaIntentTable va_acts_de = {
	.language = "de", .patterns = patterns, .count = sizeof(patterns) / sizeof(patterns[0])
};
