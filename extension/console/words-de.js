/* What the page says, in German; texts.js loads one of these.  The keys are those of words-en.js. */
export default `
today|Heute
campaigns|Kampagnen
calls|Anrufe
leads|Kontakte
waiting|Zu erledigen
appointments|Termine
incoming|Eingehend
agents|Agenten
calendars|Kalender
listings|Angebote
assistants|Assistenten
money|Guthaben
figures|Auswertung
team|Team
email|E-Mail-Adresse
password|Passwort
log_in|Anmelden
log_out|Abmelden
everywhere|Alle Sitzungen beenden
ended|Ihre Sitzung ist beendet. Melden Sie sich wieder an.
which|Welches Unternehmen?
language|Sprache
skip|Zum Inhalt
loading|Wird geladen …
none|Keine.
not_found|Diese Seite gibt es nicht.
more|Mehr
save|Speichern
cancel|Abbrechen
reason|Grund
live|Gerade im Gespräch
answered|Angenommen
opted_out|Widersprüche
credits|Guthaben
credits_a_call|Guthaben je Anruf
spent|Verbraucht
minutes|Minuten
available|Verfügbar
held|Vorgemerkt
hours|Anrufe je Stunde
next|Nächste Termine
partly|Nur die letzten 10.000 Anrufe sind gezählt.
name|Name
status|Status
progress|Fortschritt
actions|Aktionen
start|Starten
pause|Pausieren
resume|Fortsetzen
preview|Vor dem Start
confirm|Bestätigen
type_this|Damit wirkliche Menschen angerufen werden, schreiben Sie
reject|Ablehnen
new_campaign|Neue Kampagne
all_leads|Alle Kontakte aufnehmen
assistant|Assistent
create|Anlegen
when|Wann
who|Wer
phone|Telefon
outcome|Ergebnis
duration|Dauer
summary|Zusammenfassung
you_say|Sie sagen
send|Senden
talk|Gespräch
found|Was gesagt wurde
steps|Verlauf des Anrufs
checks|Warum er erlaubt war
cost|Kosten
campaign|Kampagne
stage|Stufe
last_call|Letzter Anruf
next_try|Nächster Versuch
upload|CSV-Datei hochladen
drop|Datei hier ablegen oder auswählen.
country|Land der Nummern ohne Vorwahl
rows|Zeilen
imported|Übernommen
importable|Importierbar
rejected|Abgelehnt
duplicate|Doppelt
do_not_call|Nicht anrufen
updated|Aktualisiert
problems|Probleme
row|Zeile
column|Spalte
value|Wert
tasks|Aufgaben
others|Zu klären
done|Erledigt
release|Freigeben
placed|Er fand statt
not_placed|Er fand nicht statt
said|Gesagt
numbers|Nummern
forward|Leitet weiter an
new_assistant|Neuer Assistent
profile|Profil
go_on|Weiter
back|Zurück
finish|Assistent anlegen
step|Schritt
add|Hinzufügen
remove|Entfernen
yes|Ja
no|Nein
version|Version
first_message|Erster Satz
prompt|Was dem Assistenten gesagt wird
statement|Buchungen
prices|Preise
role|Rolle
active|Aktiv
new_member|Neues Mitglied
api_keys|API-Schlüssel
label|Bezeichnung
new_key|Neuer API-Schlüssel
shown_once|Dieser Schlüssel wird nur einmal gezeigt:
revoke|Widerrufen
search|Suchen
words|Gesagte Wörter
from|Von
until|Bis
any|Alle
direction|Richtung
inbound|eingehend
outbound|ausgehend
call|Anruf
sort|Sortieren nach
added|Aufnahme
what|Was
speaker_assistant|Assistent
speaker_customer|Kunde
pending|zu bestätigen
conflict|Konflikt
confirmed|bestätigt
rejected_one|abgelehnt
cancelled|abgesagt
draft|Entwurf
running|läuft
paused|pausiert
completed|beendet
stopped|gestoppt
no_answer|keine Antwort
busy|besetzt
voicemail|Anrufbeantworter
failed|fehlgeschlagen
canceled|abgebrochen
scheduled|Termin vereinbart
callback|Rückruf
interested|interessiert
not_interested|nicht interessiert
do_not_call_one|will keine Anrufe
wrong_number|falsche Nummer
unfinished|früh aufgelegt
contacted|kontaktiert
new|neu
settle|Anruf
grant|Guthaben gebucht
hold|Vormerkung
late_callback|verspäteter Rückruf
law|Gesetz ändert sich
accept|Annehmen
uncertain_outcome|unklares Ergebnis
low_balance|Guthaben fast leer
approval|Ausgabe zu genehmigen
tool|Werkzeug abgeschaltet
unresolved_call|ungeklärter Anruf
unproved|nicht belegt
supported|belegt
denied|widersprochen
files|Dateien
new_file|Neue Datei
format|Format
load|Laden
schedules|Dateien von selbst
new_schedule|Neuer Zeitplan
every_day|jeden Tag
every_week|jede Woche
every_month|jeden Monat
transcripts|Gespräche
ledger|Buchungen
analytics|Tageszahlen
quality|Von selbst beurteilte Gespräche
questions|Fragen
no_connection|Keine Verbindung. Das Letzte ist vielleicht nicht angekommen: sehen Sie nach, bevor Sie es wiederholen.
too_slow|Das hat zu lange gedauert. Grenzen Sie es ein: mehr Wörter, weniger Tage.
server_fault|Das hat hier nicht geklappt. Versuchen Sie es gleich noch einmal.
rehearsed|Geprobt
passed|Bestanden
score|Note
not_passed|Zuletzt nicht bestanden
removed|entfernt
forgotten|Passwort vergessen?
send_link|Link zusenden
reset_sent|Wenn die Adresse einen Zugang hat, ist ein Link unterwegs.
new_password|Neues Passwort
password_set|Das Passwort ist gesetzt.
unsubscribe|Keine solchen Mails mehr
unsubscribed|Solche Mails gehen nicht mehr an
recording|Aufnahme
change|Ändern
sure|Wirklich?
new_number|Nummer eintragen
open_from|Geöffnet von
open_until|Geöffnet bis
in_hours|Wer in dieser Zeit antwortet
after_hours|Wer sonst antwortet
by_itself|Leer: nach dem, was die Nummer hat.
answer_assistant|der Assistent
answer_forward|die Nummer der Weiterleitung
answer_message|eine Ansage
answer_reject|niemand: abgewiesen
greeting|Begrüßung
closed_message|Ansage außerhalb der Zeiten
other_days|Andere Tage
other_days_help|Je eine Zeile: 2026-12-24 closed, oder 12-31 09:00-12:00, oder DE closed (Feiertage eines Landes).
timezone|Zeitzone
known_only|Nur bekannte Anrufer
calls_per_day|Höchstens Anrufe am Tag
calls_per_caller|... von einer Nummer
calendar|Kalender
new_agent|Neuer Agent
phones|Telefonnummern
phones_help|Mit Kommas; die erste klingelt.
tier|Rang
tier_help|Der niedrigste zuerst.
skills|Fähigkeiten
member|Mitglied
wrap_up|Minuten Pause nach einem Anruf
open_hours|Zeiten
week_help|09:00-12:00, 13:00-17:00. Alle leer: immer.
day_help|10:00-14:00. Leer: geschlossen.
always|immer
closed|geschlossen
inactive|ausgeschaltet
busy_now|beschäftigt
there|da
away|nicht da
transfers|Durchgestellt
put_through|durchgestellt
not_taken|nicht angenommen
new_calendar|Neuer Kalender
new_day|Zeiten eines Tages
slot_length|Minuten je Termin
buffer_before|Minuten frei davor
buffer_after|Minuten frei danach
notice|Minuten im Voraus
day_limit|Höchstens Termine am Tag
capacity|Zugleich
holidays|Geschlossen an Feiertagen von
booking_confirms|Buchungen bestätigt
at_once|sofort
by_person|ein Mensch
people|Personen
new_kind|Was bieten Sie an?
real_estate|Immobilien
services|Dienstleistungen
new_listing|Neues Angebot
reference|Nummer
unknown_words|Nichts hat diese Wörter
approvals|Freigaben
approve|Freigeben
approved|freigegeben
spend_start|Start von
spend_purchase|Bestellung
estimate|Schätzung
packs|Guthabenpakete
price|Preis
buy|Kaufen
pay|Bezahlen
pay_embedded|Bezahlen (Probe, ohne Geld)
orders|Bestellungen
paid|bezahlt
waiting_approval|wartet auf Freigabe
expired|abgelaufen
by_days|Auszug nach Tagen
show|Anzeigen
balance|Stand
columns|Spalten der Datei
first_rows|Erste Zeilen
taken_for|Gilt als
left_out|weggelassen
as_context|bleibt unter ihrem Namen
lacks_phone|Welche Spalte ist die Telefonnummer?
check|Nur prüfen
import|Importieren
checked|Geprüft, nichts übernommen:
checked_part|Der Anfang ist geprüft, nichts übernommen:
first_name|Vorname
last_name|Nachname
company|Firma
priority|Vorrang
dry_run|nur geprüft
undone|zurückgenommen
open|offen
finished|fertig
calls_from|Anrufe von
calls_until|Anrufe bis
country_column|Land
axis|Das Gespräch von Anfang an
not_heard|Die Aufnahme lässt sich gerade nicht laden.
speaker_system|System
speaker_tool|Werkzeug
speaker_unknown|Jemand
kept_filters|Gemerkte Suchen
keep_filter|Diese Suche merken
words_of_lead|Name, Firma, Nummer
tag|Schlagwort
calling|wird angerufen
retry|noch einmal anrufen
accounts|Konten
plan|Tarif
plans|Tarife
choose|Wählen
change_to|Zu diesem wechseln
cancel_plan|Tarif kündigen
keep_plan|Tarif behalten
next_plan|danach
has|Enthält
trialing|auf Probe
past_due|Zahlung überfällig
incomplete|noch nicht bezahlt
invoices|Rechnungen
invoice|Rechnung
credit_note|Gutschrift
number|Nummer
tax|Steuer
billing_details|Rechnungen gehen an
address|Anschrift
tax_number|Steuernummer
methods|Zahlungsmittel
add_method|Probekarte hinzufügen
top_up|Von selbst nachkaufen
below|Bei Guthaben unter
a_month|Höchstens im Monat
stop|Beenden
grants|Herkunft des Guthabens
gift|Geschenk
purchase|Kauf
allocation|aus dem Tarif
refund|Erstattung
rollover|übertragen
used|verbraucht
tools|Werkzeuge
own_tools|Eigene Werkzeuge
new_own_tool|Neues Werkzeug
description|Wozu es dient
parameters|Was ihm gesagt wird
arguments|Argumente
new_secret|Neues Geheimnis
times|Dauer der Antworten
recognised|Gehört
thought|Gedacht
spoken|Gesprochen
vendor|Anbieter
carrier|Telefonanbieter
carriers|Telefonanbieter
new_carrier|Neues Konto bei einem Telefonanbieter
models|Modelle, Ohren und Stimmen
new_model|Neues Konto bei einem Anbieter
key|Schlüssel
model|Modell
base_url|Adresse, falls eine andere
voice|Stimme
in_calls|Rang in Anrufen
in_calls_help|1 zuerst; leer: nicht in eigenen Anrufen.
armed|Darf anrufen seit
test|Prüfen
tests|Was Anrufer fanden
simulate|Simulieren
switch_off|Ausschalten
switch_on|Einschalten
tickets|Anfragen
ticket|Anfrage
new_ticket|Uns etwas fragen
subject|Betreff
category|Thema
reply|Antworten
resolve|Erledigt
technical|etwas funktioniert nicht
billing|Geld
feature_request|ein Wunsch
account|Zugang und Einstellungen
phone_number_request|eine Telefonnummer
resolved|erledigt
message|Nachricht
needs_you|Wartet auf Sie
outreach|Ansprache
conversations|Gespräche
voice_group|Stimme
business|Geschäft
receptionist|Empfang
catalogue|Katalog
reports|Berichte
billing_page|Abrechnung
settings|Einstellungen
help|Hilfe
connections|Verbindungen
custom_tools|Eigene Werkzeuge
hours_and_calendars|Zeiten und Kalender
pages|Seiten
close|Schließen
look|Farben
look_system|Wie das System
look_light|Hell
look_dark|Dunkel
role_owner|Inhaber
role_manager|Leitung
role_agent|Mitarbeiter
role_viewer|Nur Ansicht
credits_left|Guthaben
about_days|etwa % Tage
live_short|live
find|Suche
find_help|Name, Nummer, gesagte Worte, Seite
nothing_found|Nichts hat diese Worte.
now|jetzt
review|Ansehen
thing_needs_you|Sache wartet auf Sie.
things_need_you|Sachen warten auf Sie.
needs_hold|unklare Abmeldungen
needs_appointment|Termine zu bestätigen
needs_conflict|Konflikte zu lösen
needs_approval|zu genehmigen
needs_late_callback|verspätete Rückrufe
needs_task|Zusagen zu erfüllen
needs_campaign|wartende Kampagnen
needs_unresolved_call|Anrufe ohne Ende
needs_uncertain_outcome|unsichere Ergebnisse
needs_low_balance|knappes Guthaben
needs_ticket|Antworten zu lesen
needs_tool|ausgeschaltete Werkzeuge
needs_calendar|gestörte Kalender
need_hold|Unklare Abmeldung
need_appointment|Termin zu bestätigen
need_conflict|Zeitkonflikt
need_approval|Ausgabe zu genehmigen
need_late_callback|Verspäteter Rückruf
need_task|Zugesagt
need_campaign|Kampagne wartet
need_unresolved_call|Anruf ohne Ende
need_uncertain_outcome|Unsicheres Ergebnis
need_tool_conflict|Zwei Aussagen zum Anruf
need_low_balance|Guthaben wird knapp
need_ticket|Antwort auf Ihre Frage
need_tool|Werkzeug ist aus
need_calendar|Kalender gestört
then_hold|Anrufe an diese Nummer ruhen, bis Sie sagen, ob es eine Abmeldung war.
then_appointment|Bestätigt hält er seinen Platz; eine Einladung geht hinaus, wo es eine Adresse gibt.
then_conflict|Er wurde im Gespräch vereinbart, geht aber zu dieser Zeit nicht. Bieten Sie eine andere an.
then_approval|Nichts wird ausgegeben, bis jemand es genehmigt.
then_late_callback|Ein Rückruf war zugesagt, und seine Zeit ist vorbei.
then_task|Es wurde ein Mensch zugesagt. Es bleibt hier, bis es jemand getan hat.
then_campaign|Ihre Kontakte warten, bis Sie sie ansehen und starten.
then_unresolved_call|Niemand hat gesagt, ob dieser Anruf stattfand; bis dahin bleibt sein Guthaben reserviert.
then_uncertain_outcome|Die Worte lassen es offen. Sehen Sie nach, dann nehmen Sie an oder berichtigen.
then_tool_conflict|Ein Werkzeug hat im Anruf etwas vermerkt, die Worte sagen anderes.
then_low_balance|Reicht es für keinen Anruf mehr, warten die Kampagnen.
then_ticket|Lesen Sie sie, antworten Sie, oder sagen Sie, dass es erledigt ist.
then_tool|Anrufe gehen ohne es weiter, bis es wieder eingeschaltet ist.
then_calendar|Termine können in belegte Zeiten fallen.
needs_law|Gesetzesänderungen
need_law|Gesetz ändert sich
then_law|Sehen Sie vor diesem Tag an, was es für die Kampagne heißt.
what_happened|Was geschah
may_call_now|Dürfen wir jetzt anrufen?
may_call_by|Nach den Zeiten des Gesetzes und Ihrer Sperrliste; eine Kampagne verlangt auch Einwilligung und hat eigene Zeiten.
lead_added|Kam zu Ihren Kontakten
consent_call|Stimmte Anrufen zu
consent_recording|Stimmte Aufnahmen zu
consent_revoked|Nahm die Zustimmung zurück
time_taken|Diese Zeit ist nicht frei
another_time|Andere Zeit …
another_time_on|Die neue Zeit
offer_time|Verschieben
correct_it|Berichtigen …
never_call|Nie wieder anrufen
said_so|wollte keine Anrufe, von einem Menschen bestätigt
only_managers|Das entscheidet Inhaber oder Leitung.
why_we_think_so|Warum wir das meinen
hear_call|Anruf öffnen
about_it|Einzelheiten
nothing_waits|Nichts wartet auf Sie. Was zu entscheiden ist, kommt hierher, mit den gesagten Worten.
open_money|Zur Abrechnung
open_campaigns|Zu den Kampagnen
open_tickets|Zur Hilfe
open_own_tools|Zu den Werkzeugen
open_calendars|Zu den Kalendern
open_assistants|Zu den Assistenten
open_accounts|Zu den Verbindungen
open_leads|Zu den Kontakten
open_incoming|Zu den Nummern
open_waiting|Ansehen, was wartet
not_answered|Nicht angenommen
for_each_appointment|je Termin
no_calls_yet|Heute ist noch kein Anruf zu Ende. Das Bild beginnt mit dem ersten.
running_campaigns|Laufende Kampagnen
all_campaigns|Alle Kampagnen
latest_results|Letzte Ergebnisse
all_calls|Alle Anrufe
calls_word|Anrufe
nobody_called|Gerade ist niemand in der Leitung.
none_agreed|Bestätigte Termine kommen hierher.
first_steps|Erste Schritte
first_assistant|Assistent anlegen
first_assistant_help|Zehn Fragen; für Ihre Branche gibt es fertige Antworten.
first_assistant_do|Anlegen
first_leads|Kontakte einlesen
first_leads_help|Eine Datei mit Namen und Nummern; sie wird erst geprüft.
first_leads_do|Einlesen
first_campaign|Kampagne anlegen
first_campaign_help|Sie sagt, wen welcher Assistent wann anruft.
first_campaign_do|Anlegen
first_start|Ansehen und starten
first_start_help|Sie sehen, was sie tut und kostet; ohne Anbieter sind Anrufe Proben.
first_start_do|Ansehen
lead|Kontakt
leads_word|Kontakte
over_a_year|über ein Jahr
ahead_stands|Vor dem Start zu beheben: %.
ahead_ready|Nichts steht im Weg.
ahead_leads|% von % Kontakten können angerufen werden, % davon jetzt
ahead_lawful|Nur zu erlaubten Zeiten auf der Uhr jedes Kontakts.
ahead_rehearsal|Eine Probe: niemand wird wirklich angerufen.
ahead_cost|Kostet etwa % Guthaben; % Guthaben sind da
ahead_most|Nie mehr als %; ein Anruf hält % bis zu seinem Ende.
ahead_pace|Bis zu % Anrufe zugleich, etwa % je Stunde
ahead_done|Fertig etwa %.
ahead_from|So wie % frühere Anrufe, von denen % % angenommen wurden.
ahead_no_calls|Frühere Anrufe gibt es nicht: das sind Schätzungen.
c_business|Dieser Bereich ist abgeschaltet
c_assistant_off|Ihr Assistent ist ausgeschaltet
c_account_off|Ihre Verbindung ist ausgeschaltet
c_not_armed|Ihre Verbindung darf noch niemanden wirklich anrufen
c_unreachable|Der Anbieter erreicht uns nicht: unsere Adresse fehlt
c_rests|Der Anbieter ist gestört, die Verbindung ruht
c_numberless|Der Verbindung fehlt etwas zum Anrufen
c_confirm|Niemand hat echte Anrufe erlaubt
c_confirm_help|Tippen Sie dazu die Worte unten.
c_paused|Sie ist angehalten
c_credits|Das Guthaben reicht für keinen Anruf
c_cap|Ihre Ausgabengrenze ist erreicht
c_archived|Sie ist abgelegt
c_expired|Ihr letzter Tag ist vorbei
c_nameless|Das Gesetz will am Anfang Ihren Namen, und er fehlt
c_unheard|Das Gesetz will gesagt haben, wie man Anrufe abbestellt
c_long|Ein Text ist zu lang für den Anbieter
c_no_speech_input|Der Anbieter erkennt keine Anrufbeantworter
c_variables|Kontakten fehlt, was der Assistent von ihnen sagt
c_variables_help|Geben Sie den Wert an, oder nehmen Sie sie heraus.
c_no_leads|Sie hat keine Kontakte zum Anrufen
c_call_back|Wer ihre Nummer zurückruft, erreicht hier niemanden
c_call_back_help|Nehmen Sie die Nummer beim Empfang auf; dann antwortet der Assistent.
c_untested|Niemand hat den Assistenten über diese Verbindung gehört
c_untested_help|Lassen Sie sich zuerst anrufen.
c_approval|Der Start wartet auf eine Genehmigung
c_tool|Vor jedem Anruf wird ein Werkzeug gefragt, hier nicht
b_completed|fertig
b_failed|aufgegeben
b_skipped|ausgelassen
b_expired|zu spät
b_list|die nationale Sperrliste fehlt oder ist alt
b_stop|dürfen nicht angerufen werden
b_variable|ohne Angabe, die der Assistent nennt
b_tries|alle Versuche sind verbraucht
b_wrong|falsche Nummer
b_consent|ohne vermerkte Einwilligung
b_name|das Gesetz will Ihren Namen, und er fehlt
b_zone|unbekannte Uhrzeit am Ort
b_hours|keine Zeit, zu der sie angerufen werden dürfen
no_match|Nichts passt zu Ihrer Suche.
remove_filters|Filter entfernen
no_talk|In diesem Anruf wurde nichts gesagt.
nobody|niemanden
each|Stück
minute|Minute
initial_credits|Anfangsguthaben
sandbox|Nur Proben
rule_law|Gesetz
rule_do_not_call|Sperrlisten
needs_assistant|Eine Kampagne braucht einen Assistenten, der anruft.
e_campaigns|Eine Kampagne sagt, wen welcher Assistent wann anruft.
e_leads|Kontakte sind die Menschen, die angerufen werden. Sie kommen aus einer Datei mit Namen und Nummern.
e_calls|Jeder Anruf kommt hierher, mit allem, was gesagt wurde, und seinem Ergebnis.
e_appointments|Termine, die in einem Anruf vereinbart werden, kommen hierher.
e_numbers|Tragen Sie eine Ihrer Nummern ein, und ein Assistent nimmt ab.
e_agents|Menschen, zu denen ein Assistent durchstellen darf.
e_transfers|Anrufe, die ein Assistent durchgestellt hat, kommen hierher.
e_calendars|Ein Kalender sagt, wann Termine sein dürfen.
e_files|Anrufe, Kontakte oder Tageszahlen als Datei zum Laden.
e_schedules|Eine Datei kann von selbst jeden Tag, jede Woche oder jeden Monat entstehen.
e_models|Anbieter, die in Ihren Anrufen hören, denken und sprechen, kommen hierher.
e_keys|Mit einem Schlüssel arbeitet ein Programm von Ihnen mit Ihren Daten.
e_tickets|Was Sie uns fragen, kommt hierher, mit unserer Antwort.
e_tools|Mit einem Werkzeug fragt ein Assistent im Anruf einen Server von Ihnen.
c_cap_day|Seine Ausgabengrenze für heute ist erreicht
c_cap_tenant|Ihre Ausgabengrenze für einen Tag ist erreicht
c_law|Das Recht ändert sich, wo einige dieser Menschen wohnen
b_calling|werden gerade angerufen
b_enough|hatten alle Anrufe, die sie haben dürfen
b_mute|die Verbindung kann nicht sagen, was das Recht verlangt
b_other|können nicht angerufen werden
simulated|Die nächsten zwei Wochen, an einer Kopie
as_table|Als Tabelle zeigen
when_answered|Wann abgehoben wird
when_answered_note|Angenommene Anrufe in Prozent, nach Ihrer Uhr
best_hour|Am besten bisher: % um %, % angenommen.
done_of|fertig von
p_done|Abgeschlossen
p_lost|Aufgegeben
p_out|Ausgelassen
p_live|Jetzt im Gespräch
p_rest|Noch anzurufen
how_ended|Wie Anrufe endeten
funnel|Vom Anruf zum Termin
funnel_says|Von % Gesprächen mit einem Menschen führten % zu einem Termin.
f_called|Anrufe
f_reached|Gesprochen
f_interested|Interessiert
f_booked|Termine
by_day|Anrufe und Termine nach Tagen
lines|Leitungen
of_lines|% von % belegt
pace|Tempo
last_hour|% Anrufe in der letzten Stunde
next_call|Nächster Anruf
to_come|Kommt noch
each_appointment|Je Termin
right_now|Gerade jetzt
add_some|Welche hinzufügen
tab_overview|Überblick
tab_ahead|Vor dem Start
tab_settings|Einstellungen
start_ask|Starten …
start_this|Starten:
start_now|Jetzt starten
not_yet|Noch nicht
ahead_stands_one|Vor dem Start ist noch eines zu klären.
rehearsal|Probe
saved|Gespeichert.
leads_in|Kontakte hinzugefügt
create_campaign|Kampagne anlegen
g_who|Wer wen anruft
g_when|Wann
g_when_help|Nach der Uhr des Angerufenen; die Stunden des Rechts gelten immer.
g_pace|Tempo
g_usual|Was leer bleibt, gilt wie im Arbeitsbereich; dieser Wert steht grau da.
g_again|Neue Versuche
g_money|Ausgabengrenzen
g_money_help|In Guthaben; 0 heißt keine Grenze.
whom|Kontakte hinzufügen
leads_none|jetzt keine
leads_of_import|Importiert %: %
leads_with_tag|Nur mit dem Merkmal
calls_with|Ruft mit diesen Nummern an
days|Tage
hours_by_day|Sie hat eigene Stunden je Tag; die bleiben, wie sie sind.
begins|Beginnt
ends|Endet
at_once_calls|Anrufe zugleich
between_calls|Sekunden zwischen zwei Anrufen
longest_call|Längster Anruf, Minuten
machines|Wenn eine Maschine antwortet
machine_off|weitersprechen
machine_detect|auflegen
machine_message|Nachricht hinterlassen
as_usual|wie üblich: %
tries_after|Versuche nach dem ersten
after_no_answer|Minuten nach keiner Antwort
after_busy|Minuten nach besetzt
cap_all|Insgesamt
cap_day|Am Tag
on_again|Weiter %.
held_hours|Außerhalb der Stunden, in denen angerufen werden darf.
held_due|Im Moment ist niemand fällig.
held_ending|Die letzten Anrufe laufen.
held_fast|Anrufe enden so schnell, wie sie beginnen.
held_soon|Die Anrufe beginnen gleich.
held_interval|Sie hält den Abstand zwischen zwei Anrufen ein.
held_lines_all|Alle Leitungen sind gerade belegt.
held_lines_tenant|Alle Leitungen Ihres Arbeitsbereichs sind belegt.
held_lines_account|Ihre Verbindung nimmt nicht mehr Anrufe zugleich.
held_slow|Der Anbieter bat um langsameres Tempo.
held_approval|Sie wartet auf eine Freigabe.
held_tool|Das Werkzeug, das vor jedem Anruf gefragt wird, antwortet nicht.
held_plan|Ihr Tarif erlaubt keine weiteren Kampagnen.
held_failing|Zu viele Anrufe scheiterten, darum wurde sie angehalten.
held_numbers|Ihre Nummern sind belegt oder hatten ihre Anrufe für heute.
held_behind|Wir arbeiten Berichte von Anrufen auf.
held_worker|Gerade gehen keine Anrufe hinaus; wir wissen davon.
open_tenant|Einstellungen öffnen
connection|Verbindung
midnight|Mitternacht
general|Allgemein
stops|Nicht anrufen
webhooks|Webhooks
sg_business|Ihr Unternehmen
sg_hours|Wann wir anrufen
sg_calls|Anrufe
sg_again|Neue Versuche
sg_safe|Zur Sicherheit
sg_mail|E-Mails an Menschen
sg_money|Ausgaben
sg_keep|Wie lange wir aufbewahren
sg_rates|Was Ihre Anbieter berechnen
sg_rates_help|Für Anbieter, die den Preis eines Anrufs nicht selbst melden.
s_caller_name|Genannter Name
s_caller_name_help|In wessen Namen wir anrufen; das Recht verlangt ihn oft am Anfang.
s_default_country|Land Ihrer Nummern
s_default_country_help|Für Nummern ohne Landesvorwahl: zwei Buchstaben, etwa US.
s_calling_hours|Stunden und Tage
s_calling_hours_help|Nach der Uhr des Angerufenen; die Stunden des Rechts gelten immer.
s_max_concurrent_calls|Anrufe zugleich
s_max_concurrent_calls_help|Einer Kampagne.
s_call_interval|Zeit zwischen zwei Anrufen
s_max_call_duration|Längster Anruf
s_max_call_duration_help|Guthaben dafür wird so lange zurückgehalten.
s_ring_timeout|Wie lange es klingelt
s_machine_detection|Wenn eine Maschine antwortet
s_record_calls|Anrufe aufzeichnen
s_record_calls_help|Nicht bei Menschen, die das widerrufen haben.
s_announce_recording|Aufzeichnung ankündigen
s_announce_recording_help|Wo das Recht es will; aus heißt: dort wird nicht aufgezeichnet.
s_retry_attempts|Versuche nach dem ersten
s_retry_delay_no_answer|Warten nach keiner Antwort
s_retry_delay_busy|Warten nach besetzt
s_number_calls_per_day|Anrufe eines Menschen am Tag
s_number_calls_per_day_help|Über alle Kampagnen; 0: so viele das Recht erlaubt.
s_call_back_missed|Verpasste Anrufe zurückrufen
s_call_back_missed_help|Sofort, durch den Assistenten der Nummer; das kostet Guthaben.
s_require_consent|Nur mit Einwilligung anrufen
s_require_consent_help|Kontakte ohne Einwilligung warten.
s_require_test_call|Vor dem Start anhören
s_require_test_call_help|Eine Kampagne startet erst nach einem angenommenen Testanruf.
s_mail_invitations|Einladungen für Kalender
s_mail_invitations_help|Ein bestätigter Termin geht an alle, die eine Adresse haben.
s_mail_information|Gewünschtes zusenden
s_mail_information_help|Wenn der Assistent ein Dokument dieses Namens hat.
s_auto_spend|Ausgeben ohne Rückfrage
s_auto_spend_help|Aus: ein Inhaber gibt jeden Start und Kauf frei.
s_auto_spend_per_campaign|Rückfrage ab
s_auto_spend_per_campaign_help|Eine teurere Kampagne wartet auf den Inhaber; 0: keine.
s_tenant_spend_cap_per_day|Grenze für einen Tag
s_tenant_spend_cap_per_day_help|Aller Kampagnen zusammen; 0: keine.
s_balance_low_credits|Warnen, wenn weniger da ist
s_retention_calls|Anrufe und Termine
s_retention_transcripts|Was gesagt wurde
s_retention_recordings|Aufzeichnungen
s_retention_mails|E-Mails
s_retention_tasks|Erledigte Aufgaben
s_retention_imports|Abgelehnte Zeilen
unit_minutes|Minuten
unit_seconds|Sekunden
unit_credits|Guthaben
as_before|Wie zuvor
as_before_help|Zurück zu dem, was allgemein gilt
numbers_beginning|Nummern beginnend mit
a_minute|Je Minute
currency|Währung
since|Seit
new_rate|Preis hinzufügen
stops_help|Niemand auf dieser Liste wird angerufen. Wer es in einem Anruf sagt, kommt von selbst hierher.
look_up|Nachsehen
look_up_help|Eine Nummer oder Worte des Grundes
is_listed|% wird nie wieder angerufen.
not_listed|% steht nicht auf der Liste.
e_stops|Niemand hat darum gebeten, nicht angerufen zu werden.
how|Wie
stop_manual|Von Hand
stop_call|In einem Anruf
stop_import|Aus einer Datei
take_off|Streichen …
webhooks_help|Wir melden Ihrem Server, was geschieht, sobald es geschieht.
secret_once|Mit diesem Geheimnis prüft Ihr Server, dass wir es sind. Es wird einmal gezeigt:
e_webhooks|Noch wird keinem Ihrer Server etwas gemeldet.
hook_off|Aus
hook_failing|Antwortet nicht
hook_well|Läuft
told_of|Gemeldet wird
everything|alles
new_webhook|Einem Server melden
only_some|Nur manches
latest_sent|Was gesendet wurde
sent_pending|Unterwegs
sent_delivered|Zugestellt
sent_dead|Aufgegeben
tries|Versuche
answer|Antwort
again|Noch einmal
w_call_finished|Anruf beendet
w_call_corrected|Anruf berichtigt
w_appointment_booked|Termin
w_appointment_canceled|Termin abgesagt
w_appointment_unsettled|Termin unklar
w_task_created|eine Zusage
w_task_overdue|Zusage überfällig
w_message_taken|Nachricht notiert
w_offer_made|Angebot gemacht
w_campaign_stopped|Kampagne angehalten
w_balance_low|Guthaben wird knapp
w_credits_bought|Guthaben gekauft
w_payment_failed|Zahlung gescheitert
w_plan_changed|Tarif geändert
w_approval_wanted|Freigabe erbeten
w_invoice_issued|Rechnung
w_carrier_failing|Anbieter gestört
w_models_failing|Stimme oder Modell gestört
w_export_ready|Datei fertig
w_ticket_answered|Antwort von uns
w_webhook_subscription_disabled|dies wurde abgeschaltet
w_test|ein Test
files_and_schedules|Dateien und Zeitpläne
none_before|nichts zum Vergleich
as_much|wie zuvor
percent_more|% % mehr
percent_less|% % weniger
period|Zeitraum
last_days|Letzte % Tage
days_before|Tage davor
x_by_day|% nach Tagen
report_says|% Anrufe vom % bis %; % in ebenso vielen Tagen davor.
campaign_line|% Anrufe, % gesprochen
in_credits|in Guthaben
e_report|Berichte zeigen, ob es besser wird, sobald es Anrufe gibt.
week|Woche
this_week|Diese Woche
week_before|Die Woche davor
week_after|Die Woche danach
all_calendars|Alle Kalender
on_your_clock|Nach Ihrer Uhr
to_decide|zu entscheiden
busy_elsewhere|Anderswo belegt
nothing_that_day|Nichts an diesem Tag
book|Eintragen …
book_it|Eintragen
with_whom|Mit wem
what_about|Worum es geht
call_off|Absagen …
open_lead|Kontakt öffnen
plan_and_statement|Tarif und Auszug
buy_credits|Guthaben kaufen …
buy_this|Dies kaufen
buy_help|Sie sehen den Preis mit Steuer, bevor Sie zahlen.
pay_by|Zahlen mit
up_to|Bis zu % Guthaben.
lasts|Reicht etwa % Tage, bis %, beim Tempo der letzten Woche.
lasts_long|Reicht über ein Jahr beim Tempo der letzten Woche.
nothing_spent|In der letzten Woche wurde nichts ausgegeben.
held_by_calls|% sind für laufende Anrufe zurückgehalten.
minutes_left|% vorausbezahlte Minuten sind übrig.
lapses|% Guthaben verfallen am %.
orders_open|Unbezahlte Bestellungen: %.
spent_by_day|Ausgegeben nach Tagen
spent_says|% Guthaben in 30 Tagen.
latest_invoices|Letzte Rechnungen
all_invoices|Alle Rechnungen
no_plan|Sie haben keinen Tarif; Guthaben allein genügt zum Anrufen.
change_plan|Tarif ändern
see_plans|Tarife ansehen
top_up_says|Sind weniger als % da, wird ein Paket gekauft; höchstens % im Monat.
top_up_off|Es wird nichts von selbst gekauft.
left_of|% übrig von %
p_new|Neu
p_again|Erneut anzurufen
p_late|Zu spät
buy_title|Guthaben kaufen
book_title|Termin eintragen
number_ready|Nimmt an
number_ordered|Bestellt
number_unchecked|Wird geprüft
number_refused|Abgelehnt
number_releasing|Wird zurückgegeben
answers_say|Die Hälfte der Antworten kam binnen %, neun von zehn binnen %; die Linie ist eine Sekunde.
was_before|davor: %
`;
