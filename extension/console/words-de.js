/* What the page says, in German; texts.js loads one of these.  The keys are those of words-en.js. */
export default `
today|Heute
campaigns|Kampagnen
calls|Anrufe
leads|Leads
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
none|Hier ist noch nichts.
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
preview|Vorschau
confirm|Bestätigen
type_this|Damit wirkliche Menschen angerufen werden, schreiben Sie
reject|Ablehnen
new_campaign|Neue Kampagne
all_leads|Alle Leads aufnehmen
others_in|Die übrigen sind schon in einer Kampagne.
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
arguments|Argumente (JSON)
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
simulated|Die nächsten zwei Wochen, auf einer Kopie
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
`;
