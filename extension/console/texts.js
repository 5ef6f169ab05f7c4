/* What the page says, in four languages; a line each: English, Spanish, French, German. */
const lines = `
today|Today|Hoy|Aujourd’hui|Heute
campaigns|Campaigns|Campañas|Campagnes|Kampagnen
calls|Calls|Llamadas|Appels|Anrufe
leads|Leads|Contactos|Contacts|Leads
waiting|Waiting|Pendiente|En attente|Zu erledigen
appointments|Appointments|Citas|Rendez-vous|Termine
incoming|Incoming|Entrantes|Entrants|Eingehend
agents|Agents|Agentes|Agents|Agenten
calendars|Calendars|Calendarios|Agendas|Kalender
listings|Offers|Ofertas|Offres|Angebote
assistants|Assistants|Asistentes|Assistants|Assistenten
money|Money|Créditos|Crédits|Guthaben
figures|Figures|Cifras|Chiffres|Auswertung
team|Team|Equipo|Équipe|Team
email|E-mail address|Correo electrónico|Adresse e-mail|E-Mail-Adresse
password|Password|Contraseña|Mot de passe|Passwort
log_in|Log in|Entrar|Se connecter|Anmelden
log_out|Log out|Salir|Se déconnecter|Abmelden
everywhere|End all sessions|Cerrar todas las sesiones|Fermer toutes les sessions|Alle Sitzungen beenden
ended|Your session has ended. Log in again.|Su sesión ha terminado. Entre de nuevo.|Votre session est terminée. Reconnectez-vous.|Ihre Sitzung ist beendet. Melden Sie sich wieder an.
which|Which business?|¿Qué empresa?|Quelle entreprise ?|Welches Unternehmen?
language|Language|Idioma|Langue|Sprache
skip|Skip to content|Ir al contenido|Aller au contenu|Zum Inhalt
loading|Loading …|Cargando …|Chargement …|Wird geladen …
none|Nothing here yet.|Todavía no hay nada.|Rien pour l’instant.|Hier ist noch nichts.
not_found|There is no such page.|Esta página no existe.|Cette page n’existe pas.|Diese Seite gibt es nicht.
more|More|Más|Plus|Mehr
save|Save|Guardar|Enregistrer|Speichern
cancel|Cancel|Cancelar|Annuler|Abbrechen
reason|Reason|Motivo|Motif|Grund
live|Live now|En curso|En cours|Gerade im Gespräch
answered|Answered|Contestadas|Répondus|Angenommen
opted_out|Opt-outs|Bajas|Refus|Widersprüche
credits|Credits|Créditos|Crédits|Guthaben
credits_a_call|Credits a call|Créditos por llamada|Crédits par appel|Guthaben je Anruf
spent|Spent|Gastado|Dépensé|Verbraucht
minutes|Minutes|Minutos|Minutes|Minuten
available|Available|Disponible|Disponible|Verfügbar
held|Held|Retenido|Retenu|Vorgemerkt
hours|Calls by hour|Llamadas por hora|Appels par heure|Anrufe je Stunde
next|Next appointments|Próximas citas|Prochains rendez-vous|Nächste Termine
partly|Only the latest 10,000 calls are counted.|Solo se cuentan las últimas 10.000 llamadas.|Seuls les 10 000 derniers appels sont comptés.|Nur die letzten 10.000 Anrufe sind gezählt.
name|Name|Nombre|Nom|Name
status|Status|Estado|État|Status
progress|Progress|Progreso|Avancement|Fortschritt
actions|Actions|Acciones|Actions|Aktionen
start|Start|Iniciar|Lancer|Starten
pause|Pause|Pausar|Suspendre|Pausieren
resume|Resume|Reanudar|Reprendre|Fortsetzen
preview|Preview|Vista previa|Aperçu|Vorschau
confirm|Confirm|Confirmar|Confirmer|Bestätigen
type_this|To have real people called, type|Para que se llame a personas reales, escriba|Pour que de vraies personnes soient appelées, tapez|Damit wirkliche Menschen angerufen werden, schreiben Sie
reject|Reject|Rechazar|Refuser|Ablehnen
new_campaign|New campaign|Nueva campaña|Nouvelle campagne|Neue Kampagne
all_leads|Add all leads|Añadir todos los contactos|Ajouter tous les contacts|Alle Leads aufnehmen
assistant|Assistant|Asistente|Assistant|Assistent
create|Create|Crear|Créer|Anlegen
when|When|Cuándo|Quand|Wann
who|Who|Quién|Qui|Wer
phone|Phone|Teléfono|Téléphone|Telefon
outcome|Outcome|Resultado|Résultat|Ergebnis
duration|Duration|Duración|Durée|Dauer
summary|Summary|Resumen|Résumé|Zusammenfassung
you_say|You say|Usted dice|Vous dites|Sie sagen
send|Send|Enviar|Envoyer|Senden
talk|Conversation|Conversación|Conversation|Gespräch
found|What was agreed or said|Lo acordado o dicho|Ce qui a été dit|Was gesagt wurde
steps|Course of the call|Desarrollo de la llamada|Déroulement de l’appel|Verlauf des Anrufs
checks|Why it was allowed|Por qué se permitió|Pourquoi il était permis|Warum er erlaubt war
cost|Cost|Coste|Coût|Kosten
campaign|Campaign|Campaña|Campagne|Kampagne
stage|Stage|Etapa|Étape|Stufe
last_call|Last call|Última llamada|Dernier appel|Letzter Anruf
next_try|Next try|Próximo intento|Prochain essai|Nächster Versuch
upload|Upload a CSV file|Subir un archivo CSV|Charger un fichier CSV|CSV-Datei hochladen
drop|Drop a file here, or choose one.|Suelte aquí un archivo o elija uno.|Déposez un fichier ici, ou choisissez-en un.|Datei hier ablegen oder auswählen.
country|Country of numbers without a country code|País de los números sin prefijo|Pays des numéros sans indicatif|Land der Nummern ohne Vorwahl
rows|Rows|Filas|Lignes|Zeilen
imported|Imported|Importadas|Importées|Übernommen
rejected|Rejected|Rechazadas|Rejetées|Abgelehnt
duplicate|Duplicates|Duplicadas|Doublons|Doppelt
do_not_call|Do not call|No llamar|Ne pas appeler|Nicht anrufen
updated|Updated|Actualizadas|Mises à jour|Aktualisiert
problems|Problems|Problemas|Problèmes|Probleme
row|Row|Fila|Ligne|Zeile
column|Column|Columna|Colonne|Spalte
value|Value|Valor|Valeur|Wert
tasks|Tasks|Tareas|Tâches|Aufgaben
others|To settle|Por resolver|À régler|Zu klären
done|Done|Hecho|Fait|Erledigt
release|Release|Liberar|Libérer|Freigeben
placed|It took place|Tuvo lugar|Il a eu lieu|Er fand statt
not_placed|It did not|No tuvo lugar|Il n’a pas eu lieu|Er fand nicht statt
said|Said|Dicho|Dit|Gesagt
numbers|Numbers|Números|Numéros|Nummern
forward|Forwards to|Desvía a|Renvoie vers|Leitet weiter an
new_assistant|New assistant|Nuevo asistente|Nouvel assistant|Neuer Assistent
profile|Profile|Perfil|Profil|Profil
go_on|Go on|Continuar|Continuer|Weiter
back|Back|Atrás|Retour|Zurück
finish|Make the assistant|Crear el asistente|Créer l’assistant|Assistent anlegen
step|Step|Paso|Étape|Schritt
add|Add|Añadir|Ajouter|Hinzufügen
remove|Remove|Quitar|Retirer|Entfernen
yes|Yes|Sí|Oui|Ja
no|No|No|Non|Nein
version|Version|Versión|Version|Version
first_message|First message|Primer mensaje|Premier message|Erster Satz
statement|Statement|Movimientos|Relevé|Buchungen
prices|Prices|Precios|Tarifs|Preise
role|Role|Rol|Rôle|Rolle
active|Active|Activo|Actif|Aktiv
new_member|New member|Nuevo miembro|Nouveau membre|Neues Mitglied
api_keys|API keys|Claves de API|Clés d’API|API-Schlüssel
label|Label|Etiqueta|Libellé|Bezeichnung
new_key|New API key|Nueva clave de API|Nouvelle clé d’API|Neuer API-Schlüssel
shown_once|This key is shown once:|Esta clave se muestra una sola vez:|Cette clé n’est montrée qu’une fois :|Dieser Schlüssel wird nur einmal gezeigt:
revoke|Revoke|Revocar|Révoquer|Widerrufen
search|Search|Buscar|Rechercher|Suchen
words|Words said|Palabras dichas|Mots prononcés|Gesagte Wörter
from|From|Desde|Du|Von
until|Until|Hasta|Au|Bis
any|All|Todos|Tous|Alle
direction|Direction|Dirección|Sens|Richtung
inbound|incoming|entrante|entrant|eingehend
outbound|outgoing|saliente|sortant|ausgehend
call|Call|Llamada|Appel|Anruf
sort|Sort by|Ordenar por|Trier par|Sortieren nach
added|When added|Fecha de alta|Date d’ajout|Aufnahme
what|What|Qué|Quoi|Was
speaker_assistant|Assistant|Asistente|Assistant|Assistent
speaker_customer|Customer|Cliente|Client|Kunde
pending|to confirm|por confirmar|à confirmer|zu bestätigen
conflict|conflict|conflicto|conflit|Konflikt
confirmed|confirmed|confirmada|confirmé|bestätigt
rejected_one|rejected|rechazada|refusé|abgelehnt
cancelled|cancelled|cancelada|annulé|abgesagt
draft|draft|borrador|brouillon|Entwurf
running|running|en marcha|en cours|läuft
paused|paused|pausada|suspendue|pausiert
completed|completed|completada|terminé|beendet
stopped|stopped|detenida|arrêtée|gestoppt
no_answer|no answer|sin respuesta|sans réponse|keine Antwort
busy|busy|ocupado|occupé|besetzt
voicemail|voicemail|buzón de voz|messagerie|Anrufbeantworter
failed|failed|fallida|échec|fehlgeschlagen
canceled|cancelled|cancelada|annulé|abgebrochen
scheduled|appointment agreed|cita acordada|rendez-vous pris|Termin vereinbart
callback|call back|volver a llamar|à rappeler|Rückruf
interested|interested|interesado|intéressé|interessiert
not_interested|not interested|no interesado|pas intéressé|nicht interessiert
do_not_call_one|wants no calls|no quiere llamadas|ne veut plus d’appels|will keine Anrufe
wrong_number|wrong number|número equivocado|mauvais numéro|falsche Nummer
unfinished|hung up early|colgó pronto|a raccroché tôt|früh aufgelegt
contacted|contacted|contactado|contacté|kontaktiert
new|new|nuevo|nouveau|neu
settle|Call|Llamada|Appel|Anruf
grant|Credit added|Crédito añadido|Crédit ajouté|Guthaben gebucht
hold|Hold|Retención|Retenue|Vormerkung
late_callback|late call back|devolución atrasada|rappel en retard|verspäteter Rückruf
unresolved_call|unclear call|llamada sin aclarar|appel à éclaircir|ungeklärter Anruf
unproved|not proved|sin prueba|non prouvé|nicht belegt
supported|proved|probado|prouvé|belegt
denied|denied|desmentido|démenti|widersprochen
files|Files|Archivos|Fichiers|Dateien
new_file|New file|Nuevo archivo|Nouveau fichier|Neue Datei
format|Format|Formato|Format|Format
load|Load|Descargar|Télécharger|Laden
schedules|Files by themselves|Archivos automáticos|Fichiers automatiques|Dateien von selbst
new_schedule|New schedule|Nueva programación|Nouvelle planification|Neuer Zeitplan
every_day|each day|cada día|chaque jour|jeden Tag
every_week|each week|cada semana|chaque semaine|jede Woche
every_month|each month|cada mes|chaque mois|jeden Monat
transcripts|Transcripts|Transcripciones|Transcriptions|Gespräche
ledger|Ledger|Movimientos|Mouvements|Buchungen
analytics|Daily figures|Cifras diarias|Chiffres par jour|Tageszahlen
quality|Talks judged by themselves|Conversaciones evaluadas|Entretiens évalués|Von selbst beurteilte Gespräche
questions|Questions|Preguntas|Questions|Fragen
no_connection|No connection. What you did last may not have arrived: look before you do it again.|Sin conexión. Lo último puede no haber llegado: compruébelo antes de repetirlo.|Pas de connexion. La dernière action n’est peut-être pas arrivée : vérifiez avant de la refaire.|Keine Verbindung. Das Letzte ist vielleicht nicht angekommen: sehen Sie nach, bevor Sie es wiederholen.
too_slow|That took too long. Narrow it: more words, fewer days.|Ha tardado demasiado. Acótelo: más palabras, menos días.|Cela a pris trop de temps. Précisez : plus de mots, moins de jours.|Das hat zu lange gedauert. Grenzen Sie es ein: mehr Wörter, weniger Tage.
server_fault|That did not work here. Try again in a moment.|No ha funcionado. Inténtelo de nuevo en un momento.|Cela n’a pas marché. Réessayez dans un instant.|Das hat hier nicht geklappt. Versuchen Sie es gleich noch einmal.
rehearsed|Rehearsed|Ensayadas|Répétés|Geprobt
passed|Passed|Aprobadas|Réussis|Bestanden
score|Score|Nota|Note|Note
not_passed|Latest that did not pass|Últimas no aprobadas|Derniers non réussis|Zuletzt nicht bestanden
removed|removed|eliminado|supprimé|entfernt
forgotten|Forgotten your password?|¿Ha olvidado la contraseña?|Mot de passe oublié ?|Passwort vergessen?
send_link|Send me a link|Enviarme un enlace|M’envoyer un lien|Link zusenden
reset_sent|If the address has a login, a link is on its way to it.|Si la dirección tiene acceso, le llegará un enlace.|Si l’adresse a un accès, un lien lui est envoyé.|Wenn die Adresse einen Zugang hat, ist ein Link unterwegs.
new_password|New password|Nueva contraseña|Nouveau mot de passe|Neues Passwort
password_set|The password is set.|La contraseña está guardada.|Le mot de passe est enregistré.|Das Passwort ist gesetzt.
unsubscribe|Send me no more of these mails|No enviarme más correos|Ne plus m’envoyer ces courriels|Keine solchen Mails mehr
unsubscribed|No more such mail goes to|Ya no se envían estos correos a|Plus aucun courriel de ce genre n’est envoyé à|Solche Mails gehen nicht mehr an
recording|Recording|Grabación|Enregistrement|Aufnahme
change|Change|Cambiar|Modifier|Ändern
sure|Really?|¿Seguro?|Vraiment ?|Wirklich?
new_number|Enter a number|Añadir un número|Saisir un numéro|Nummer eintragen
open_from|Open from|Abre a las|Ouvert dès|Geöffnet von
open_until|Open until|Cierra a las|Ouvert jusqu’à|Geöffnet bis
in_hours|Who answers in these hours|Quién contesta en ese horario|Qui répond à ces heures|Wer in dieser Zeit antwortet
after_hours|Who answers outside of them|Quién contesta fuera de él|Qui répond en dehors|Wer sonst antwortet
by_itself|Empty: by what the number has.|Vacío: según lo que tenga el número.|Vide : selon ce que le numéro a.|Leer: nach dem, was die Nummer hat.
answer_assistant|the assistant|el asistente|l’assistant|der Assistent
answer_forward|the number it forwards to|el número de desvío|le numéro de renvoi|die Nummer der Weiterleitung
answer_message|a message|un mensaje|un message|eine Ansage
answer_reject|nobody: refused|nadie: se rechaza|personne : refusé|niemand: abgewiesen
greeting|Greeting|Saludo|Accueil|Begrüßung
closed_message|Message when closed|Mensaje fuera de horario|Message de fermeture|Ansage außerhalb der Zeiten
other_days|Other days|Otros días|Autres jours|Andere Tage
other_days_help|A line each: 2026-12-24 closed, or 12-31 09:00-12:00, or DE closed (holidays of a country).|Una línea cada uno: 2026-12-24 closed, o 12-31 09:00-12:00, o DE closed (festivos de un país).|Une ligne chacun : 2026-12-24 closed, ou 12-31 09:00-12:00, ou DE closed (fériés d’un pays).|Je eine Zeile: 2026-12-24 closed, oder 12-31 09:00-12:00, oder DE closed (Feiertage eines Landes).
timezone|Time zone|Zona horaria|Fuseau horaire|Zeitzone
known_only|Only callers that are leads|Solo contactos conocidos|Seulement les contacts connus|Nur bekannte Anrufer
calls_per_day|Calls a day at most|Llamadas al día, máximo|Appels par jour, au plus|Höchstens Anrufe am Tag
calls_per_caller|... from one number|... de un mismo número|... d’un même numéro|... von einer Nummer
calendar|Calendar|Calendario|Agenda|Kalender
new_agent|New agent|Nuevo agente|Nouvel agent|Neuer Agent
phones|Telephone numbers|Teléfonos|Téléphones|Telefonnummern
phones_help|With commas between them; the first is rung.|Separados por comas; se llama al primero.|Séparés par des virgules ; le premier sonne.|Mit Kommas; die erste klingelt.
tier|Turn|Turno|Rang|Rang
tier_help|The lowest comes first.|El más bajo va primero.|Le plus bas passe d’abord.|Der niedrigste zuerst.
skills|Skills|Capacidades|Compétences|Fähigkeiten
member|Member|Miembro|Membre|Mitglied
wrap_up|Minutes of rest after a call|Minutos libres tras una llamada|Minutes de pause après un appel|Minuten Pause nach einem Anruf
open_hours|Hours|Horario|Horaires|Zeiten
week_help|09:00-12:00, 13:00-17:00. All empty: always.|09:00-12:00, 13:00-17:00. Todo vacío: siempre.|09:00-12:00, 13:00-17:00. Tout vide : toujours.|09:00-12:00, 13:00-17:00. Alle leer: immer.
day_help|10:00-14:00. Empty: closed.|10:00-14:00. Vacío: cerrado.|10:00-14:00. Vide : fermé.|10:00-14:00. Leer: geschlossen.
always|always|siempre|toujours|immer
closed|closed|cerrado|fermé|geschlossen
inactive|off|desactivado|désactivé|ausgeschaltet
busy_now|busy|ocupado|occupé|beschäftigt
there|there|disponible|disponible|da
away|away|ausente|absent|nicht da
transfers|Put through|Transferidas|Transferts|Durchgestellt
put_through|put through|transferida|transféré|durchgestellt
not_taken|not taken|no atendida|pas pris|nicht angenommen
new_calendar|New calendar|Nuevo calendario|Nouvel agenda|Neuer Kalender
new_day|Hours of one day|Horario de un día|Horaires d’un jour|Zeiten eines Tages
slot_length|Minutes of an appointment|Minutos por cita|Minutes d’un rendez-vous|Minuten je Termin
buffer_before|Minutes free before|Minutos libres antes|Minutes libres avant|Minuten frei davor
buffer_after|Minutes free after|Minutos libres después|Minutes libres après|Minuten frei danach
notice|Minutes ahead at least|Minutos de antelación|Minutes à l’avance|Minuten im Voraus
day_limit|Appointments a day at most|Citas al día, máximo|Rendez-vous par jour, au plus|Höchstens Termine am Tag
capacity|At once|A la vez|À la fois|Zugleich
holidays|Closed on holidays of|Cerrado en festivos de|Fermé les jours fériés de|Geschlossen an Feiertagen von
booking_confirms|Bookings are confirmed|Las reservas se confirman|Les réservations sont confirmées|Buchungen bestätigt
at_once|at once|al momento|aussitôt|sofort
by_person|by a person|por una persona|par une personne|ein Mensch
people|People|Personas|Personnes|Personen
new_kind|What do you offer?|¿Qué ofrece?|Que proposez-vous ?|Was bieten Sie an?
real_estate|Real estate|Inmuebles|Immobilier|Immobilien
services|Services|Servicios|Services|Dienstleistungen
new_listing|New offer|Nueva oferta|Nouvelle offre|Neues Angebot
reference|Reference|Referencia|Référence|Nummer
unknown_words|Nothing has these words|Nada tiene estas palabras|Rien n’a ces mots|Nichts hat diese Wörter
approvals|To approve|Por aprobar|À approuver|Freigaben
approve|Approve|Aprobar|Approuver|Freigeben
approved|approved|aprobado|approuvé|freigegeben
spend_start|Start of|Inicio de|Lancement de|Start von
spend_purchase|Order|Pedido|Commande|Bestellung
estimate|Estimate|Estimación|Estimation|Schätzung
packs|Packs of credits|Paquetes de créditos|Packs de crédits|Guthabenpakete
price|Price|Precio|Prix|Preis
buy|Buy|Comprar|Acheter|Kaufen
pay|Pay|Pagar|Payer|Bezahlen
pay_embedded|Pay (a test, no money)|Pagar (prueba, sin dinero)|Payer (essai, sans argent)|Bezahlen (Probe, ohne Geld)
orders|Orders|Pedidos|Commandes|Bestellungen
paid|paid|pagado|payé|bezahlt
waiting_approval|waits for approval|espera aprobación|attend l’approbation|wartet auf Freigabe
expired|expired|caducado|expiré|abgelaufen
by_days|Statement by days|Extracto por días|Relevé par jours|Auszug nach Tagen
show|Show|Mostrar|Afficher|Anzeigen
balance|Balance|Saldo|Solde|Stand
columns|Columns of the file|Columnas del archivo|Colonnes du fichier|Spalten der Datei
first_rows|First rows|Primeras filas|Premières lignes|Erste Zeilen
taken_for|Taken for|Se toma por|Pris pour|Gilt als
left_out|left out|se omite|laissé de côté|weggelassen
as_context|kept under its heading|se guarda con su título|gardé sous son titre|bleibt unter ihrem Namen
lacks_phone|Which column is the phone number?|¿Qué columna es el teléfono?|Quelle colonne est le téléphone ?|Welche Spalte ist die Telefonnummer?
check|Check only|Solo comprobar|Vérifier seulement|Nur prüfen
import|Import|Importar|Importer|Importieren
checked|Checked, nothing imported:|Comprobado, nada importado:|Vérifié, rien d’importé :|Geprüft, nichts übernommen:
checked_part|The beginning was checked, nothing imported:|Se comprobó el principio, nada importado:|Le début est vérifié, rien d’importé :|Der Anfang ist geprüft, nichts übernommen:
first_name|first name|nombre|prénom|Vorname
last_name|last name|apellido|nom|Nachname
company|company|empresa|société|Firma
priority|priority|prioridad|priorité|Vorrang
dry_run|checked only|solo comprobado|vérifié seulement|nur geprüft
undone|taken back|deshecho|annulé|zurückgenommen
open|open|abierto|en cours|offen
finished|finished|terminado|terminé|fertig
calls_from|Calls from|Llamar desde|Appels dès|Anrufe von
calls_until|Calls until|Llamar hasta|Appels jusqu’à|Anrufe bis
country_column|Country|País|Pays|Land
axis|The talk, from its beginning|La conversación, desde el comienzo|La conversation, depuis le début|Das Gespräch von Anfang an
not_heard|The recording cannot be loaded now.|La grabación no se puede cargar ahora.|L’enregistrement ne se charge pas.|Die Aufnahme lässt sich gerade nicht laden.
speaker_system|System|Sistema|Système|System
speaker_tool|Tool|Herramienta|Outil|Werkzeug
speaker_unknown|Somebody|Alguien|Quelqu’un|Jemand
kept_filters|Kept searches|Búsquedas guardadas|Recherches gardées|Gemerkte Suchen
keep_filter|Keep this search|Guardar esta búsqueda|Garder cette recherche|Diese Suche merken
words_of_lead|Name, company, number|Nombre, empresa, número|Nom, société, numéro|Name, Firma, Nummer
tag|Tag|Etiqueta|Étiquette|Schlagwort
calling|being called|en llamada|en cours d’appel|wird angerufen
retry|to call again|por volver a llamar|à rappeler|noch einmal anrufen
accounts|Accounts|Cuentas|Comptes|Konten
plan|Plan|Plan|Forfait|Tarif
plans|Plans|Planes|Forfaits|Tarife
choose|Choose|Elegir|Choisir|Wählen
change_to|Change to this|Cambiar a este|Passer à celui-ci|Zu diesem wechseln
cancel_plan|Cancel the plan|Cancelar el plan|Résilier le forfait|Tarif kündigen
keep_plan|Keep the plan|Mantener el plan|Garder le forfait|Tarif behalten
next_plan|then|después|ensuite|danach
has|Has|Incluye|Comprend|Enthält
trialing|on trial|de prueba|à l’essai|auf Probe
past_due|payment is late|pago atrasado|paiement en retard|Zahlung überfällig
incomplete|not paid yet|aún sin pagar|pas encore payé|noch nicht bezahlt
invoices|Invoices|Facturas|Factures|Rechnungen
invoice|invoice|factura|facture|Rechnung
credit_note|credit note|abono|avoir|Gutschrift
number|Number|Número|Numéro|Nummer
tax|Tax|Impuesto|Taxe|Steuer
billing_details|Invoices are written to|Facturas a nombre de|Factures adressées à|Rechnungen gehen an
address|Address|Dirección|Adresse|Anschrift
tax_number|Tax number|Número fiscal|Numéro de TVA|Steuernummer
methods|What is charged|Medios de pago|Moyens de paiement|Zahlungsmittel
add_method|Add a test card|Añadir tarjeta de prueba|Ajouter une carte d’essai|Probekarte hinzufügen
top_up|Buy by itself|Compra automática|Achat automatique|Von selbst nachkaufen
below|When credits are below|Con créditos por debajo de|Crédits au-dessous de|Bei Guthaben unter
a_month|A month at most|Al mes como máximo|Par mois au plus|Höchstens im Monat
stop|Stop|Detener|Arrêter|Beenden
grants|Where credits came from|Origen de los créditos|Origine des crédits|Herkunft des Guthabens
gift|gift|regalo|cadeau|Geschenk
purchase|purchase|compra|achat|Kauf
allocation|of the plan|del plan|du forfait|aus dem Tarif
refund|refund|reembolso|remboursement|Erstattung
rollover|carried over|acumulado|reporté|übertragen
used|used up|usado|épuisé|verbraucht
tools|Tools|Herramientas|Outils|Werkzeuge
times|What answers took|Tiempo de respuesta|Temps de réponse|Dauer der Antworten
recognised|Heard|Oído|Entendu|Gehört
thought|Thought|Pensado|Pensé|Gedacht
spoken|Spoken|Dicho|Dit|Gesprochen
vendor|Vendor|Proveedor|Fournisseur|Anbieter
carrier|Carrier|Operador|Opérateur|Telefonanbieter
carriers|Carriers|Operadores|Opérateurs|Telefonanbieter
new_carrier|New account at a carrier|Nueva cuenta de operador|Nouveau compte d’opérateur|Neues Konto bei einem Telefonanbieter
models|Models, ears and voices|Modelos, oídos y voces|Modèles, oreilles et voix|Modelle, Ohren und Stimmen
new_model|New account at a vendor|Nueva cuenta de proveedor|Nouveau compte de fournisseur|Neues Konto bei einem Anbieter
key|Key|Clave|Clé|Schlüssel
model|Model|Modelo|Modèle|Modell
base_url|Address, where it is another|Dirección, si es otra|Adresse, si elle diffère|Adresse, falls eine andere
voice|Voice|Voz|Voix|Stimme
in_calls|Place in calls|Lugar en llamadas|Rang dans les appels|Rang in Anrufen
in_calls_help|1 is asked first; empty: not in calls that we hold.|1 va primero; vacío: no en llamadas propias.|1 d’abord ; vide : pas dans nos appels.|1 zuerst; leer: nicht in eigenen Anrufen.
armed|May call since|Puede llamar desde|Peut appeler depuis|Darf anrufen seit
test|Test|Probar|Tester|Prüfen
tests|What callers found|Qué vieron los interlocutores|Ce que les appelants ont vu|Was Anrufer fanden
simulate|Simulate|Simular|Simuler|Simulieren
simulated|The next two weeks, on a copy|Las dos semanas siguientes, en una copia|Les deux semaines à venir, sur une copie|Die nächsten zwei Wochen, auf einer Kopie
switch_off|Switch off|Desactivar|Désactiver|Ausschalten
switch_on|Switch on|Activar|Activer|Einschalten
`;

export const languages = ['en', 'es', 'fr', 'de'];
export const languageNames = { en: 'English', es: 'Español', fr: 'Français', de: 'Deutsch' };
const texts = new Map(lines.trim().split('\n').map((line) => {
	const [key, ...all] = line.split('|');
	return [key, all];
}));

let place = Math.max(0, languages.indexOf((navigator.languages || []).map((l) => l.slice(0, 2)).find((l) => languages.includes(l))));

export const language = () => languages[place];

export function setLanguage(code) {
	place = Math.max(0, languages.indexOf(code));
	document.documentElement.lang = code;
}

export const t = (key) => (texts.get(key) || [key, key, key, key])[place];

export const number = (value) => (value === null || value === undefined ? '' : Number(value).toLocaleString(language(), { maximumFractionDigits: 2 }));
/* A word of the database, as people say it. */
export const word = (key) => (key === null || key === undefined ? '' : key === 'do_not_call' ? t('do_not_call_one') : key === 'rejected' ? t('rejected_one')
	: t(String(key).replaceAll(' ', '_')).replaceAll('_', ' '));
/* The database writes times on the tenant's clock, which is the one that people here mean, wherever their browser is. */
const told = (value, style) => (value ? new Date(`${String(value).slice(0, 19)}Z`).toLocaleString(language(), { timeZone: 'UTC', ...style }) : '');
export const clock = (value) => told(value, { timeStyle: 'medium' });
export const time = (value) => told(value, { dateStyle: 'medium', timeStyle: 'short' });
export const seconds = (value) => (value === null || value === undefined ? '' : `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, '0')}`);
