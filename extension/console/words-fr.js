/* What the page says, in French; texts.js loads one of these.  The keys are those of words-en.js. */
export default `
today|Aujourd’hui
campaigns|Campagnes
calls|Appels
leads|Contacts
waiting|En attente
appointments|Rendez-vous
incoming|Entrants
agents|Agents
calendars|Agendas
listings|Offres
assistants|Assistants
money|Crédits
figures|Chiffres
team|Équipe
email|Adresse e-mail
password|Mot de passe
log_in|Se connecter
log_out|Se déconnecter
everywhere|Fermer toutes les sessions
ended|Votre session est terminée. Reconnectez-vous.
which|Quelle entreprise ?
language|Langue
skip|Aller au contenu
loading|Chargement …
none|Aucun.
not_found|Cette page n’existe pas.
more|Plus
save|Enregistrer
cancel|Annuler
reason|Motif
live|En cours
answered|Répondus
opted_out|Refus
credits|Crédits
credits_a_call|Crédits par appel
spent|Dépensé
minutes|Minutes
available|Disponible
held|Retenu
hours|Appels par heure
next|Prochains rendez-vous
partly|Seuls les 10 000 derniers appels sont comptés.
name|Nom
status|État
progress|Avancement
actions|Actions
start|Lancer
pause|Suspendre
resume|Reprendre
preview|Avant de lancer
confirm|Confirmer
type_this|Pour que de vraies personnes soient appelées, tapez
reject|Refuser
new_campaign|Nouvelle campagne
all_leads|Ajouter tous les contacts
assistant|Assistant
create|Créer
when|Quand
who|Qui
phone|Téléphone
outcome|Résultat
duration|Durée
summary|Résumé
you_say|Vous dites
send|Envoyer
talk|Conversation
found|Ce qui a été dit
steps|Déroulement de l’appel
checks|Pourquoi il était permis
cost|Coût
campaign|Campagne
stage|Étape
last_call|Dernier appel
next_try|Prochain essai
upload|Charger un fichier CSV
drop|Déposez un fichier ici, ou choisissez-en un.
country|Pays des numéros sans indicatif
rows|Lignes
imported|Importées
importable|Importables
rejected|Rejetées
duplicate|Doublons
do_not_call|Ne pas appeler
updated|Mises à jour
problems|Problèmes
row|Ligne
column|Colonne
value|Valeur
tasks|Tâches
others|À régler
done|Fait
release|Libérer
placed|Il a eu lieu
not_placed|Il n’a pas eu lieu
said|Dit
numbers|Numéros
forward|Renvoie vers
new_assistant|Nouvel assistant
profile|Profil
go_on|Continuer
back|Retour
finish|Créer l’assistant
step|Étape
add|Ajouter
remove|Retirer
yes|Oui
no|Non
version|Version
first_message|Premier message
prompt|Ce que l’on dit à l’assistant
statement|Relevé
prices|Tarifs
role|Rôle
active|Actif
new_member|Nouveau membre
api_keys|Clés d’API
label|Libellé
new_key|Nouvelle clé d’API
shown_once|Cette clé n’est montrée qu’une fois :
revoke|Révoquer
search|Rechercher
words|Mots prononcés
from|Du
until|Au
any|Tous
direction|Sens
inbound|entrant
outbound|sortant
call|Appel
sort|Trier par
added|Date d’ajout
what|Quoi
speaker_assistant|Assistant
speaker_customer|Client
pending|à confirmer
conflict|conflit
confirmed|confirmé
rejected_one|refusé
cancelled|annulé
draft|brouillon
running|en cours
paused|suspendue
completed|terminé
stopped|arrêtée
no_answer|sans réponse
busy|occupé
voicemail|messagerie
failed|échec
canceled|annulé
scheduled|rendez-vous pris
callback|à rappeler
interested|intéressé
not_interested|pas intéressé
do_not_call_one|ne veut plus d’appels
wrong_number|mauvais numéro
unfinished|a raccroché tôt
contacted|contacté
new|nouveau
settle|Appel
grant|Crédit ajouté
hold|Retenue
late_callback|rappel en retard
law|changement de loi
accept|Accepter
uncertain_outcome|résultat incertain
low_balance|solde bas
approval|dépense à approuver
tool|outil désactivé
unresolved_call|appel à éclaircir
unproved|non prouvé
supported|prouvé
denied|démenti
files|Fichiers
new_file|Nouveau fichier
format|Format
load|Télécharger
schedules|Fichiers automatiques
new_schedule|Nouvelle planification
every_day|chaque jour
every_week|chaque semaine
every_month|chaque mois
transcripts|Transcriptions
ledger|Mouvements
analytics|Chiffres par jour
quality|Entretiens évalués
questions|Questions
no_connection|Pas de connexion. La dernière action n’est peut-être pas arrivée : vérifiez avant de la refaire.
too_slow|Cela a pris trop de temps. Précisez : plus de mots, moins de jours.
server_fault|Cela n’a pas marché. Réessayez dans un instant.
rehearsed|Répétés
passed|Réussis
score|Note
not_passed|Derniers non réussis
removed|supprimé
forgotten|Mot de passe oublié ?
send_link|M’envoyer un lien
reset_sent|Si l’adresse a un accès, un lien lui est envoyé.
new_password|Nouveau mot de passe
password_set|Le mot de passe est enregistré.
unsubscribe|Ne plus m’envoyer ces courriels
unsubscribed|Plus aucun courriel de ce genre n’est envoyé à
recording|Enregistrement
change|Modifier
sure|Vraiment ?
new_number|Saisir un numéro
open_from|Ouvert dès
open_until|Ouvert jusqu’à
in_hours|Qui répond à ces heures
after_hours|Qui répond en dehors
by_itself|Vide : selon ce que le numéro a.
answer_assistant|l’assistant
answer_forward|le numéro de renvoi
answer_message|un message
answer_reject|personne : refusé
greeting|Accueil
closed_message|Message de fermeture
other_days|Autres jours
other_days_help|Une ligne chacun : 2026-12-24 closed, ou 12-31 09:00-12:00, ou DE closed (fériés d’un pays).
timezone|Fuseau horaire
known_only|Seulement les contacts connus
calls_per_day|Appels par jour, au plus
calls_per_caller|... d’un même numéro
calendar|Agenda
new_agent|Nouvel agent
phones|Téléphones
phones_help|Séparés par des virgules ; le premier sonne.
tier|Rang
tier_help|Le plus bas passe d’abord.
skills|Compétences
member|Membre
wrap_up|Minutes de pause après un appel
open_hours|Horaires
week_help|09:00-12:00, 13:00-17:00. Tout vide : toujours.
day_help|10:00-14:00. Vide : fermé.
always|toujours
closed|fermé
inactive|désactivé
busy_now|occupé
there|disponible
away|absent
transfers|Transferts
put_through|transféré
not_taken|pas pris
new_calendar|Nouvel agenda
new_day|Horaires d’un jour
slot_length|Minutes d’un rendez-vous
buffer_before|Minutes libres avant
buffer_after|Minutes libres après
notice|Minutes à l’avance
day_limit|Rendez-vous par jour, au plus
capacity|À la fois
holidays|Fermé les jours fériés de
booking_confirms|Les réservations sont confirmées
at_once|aussitôt
by_person|par une personne
people|Personnes
new_kind|Que proposez-vous ?
real_estate|Immobilier
services|Services
new_listing|Nouvelle offre
reference|Référence
unknown_words|Rien n’a ces mots
approvals|À approuver
approve|Approuver
approved|approuvé
spend_start|Lancement de
spend_purchase|Commande
estimate|Estimation
packs|Packs de crédits
price|Prix
buy|Acheter
pay|Payer
pay_embedded|Payer (essai, sans argent)
orders|Commandes
paid|payé
waiting_approval|attend l’approbation
expired|expiré
by_days|Relevé par jours
show|Afficher
balance|Solde
columns|Colonnes du fichier
first_rows|Premières lignes
taken_for|Pris pour
left_out|laissé de côté
as_context|gardé sous son titre
lacks_phone|Quelle colonne est le téléphone ?
check|Vérifier seulement
import|Importer
checked|Vérifié, rien d’importé :
checked_part|Le début est vérifié, rien d’importé :
first_name|prénom
last_name|nom
company|société
priority|priorité
dry_run|vérifié seulement
undone|annulé
open|en cours
finished|terminé
calls_from|Appels dès
calls_until|Appels jusqu’à
country_column|Pays
axis|La conversation, depuis le début
not_heard|L’enregistrement ne se charge pas.
speaker_system|Système
speaker_tool|Outil
speaker_unknown|Quelqu’un
kept_filters|Recherches gardées
keep_filter|Garder cette recherche
words_of_lead|Nom, société, numéro
tag|Étiquette
calling|en cours d’appel
retry|à rappeler
accounts|Comptes
plan|Forfait
plans|Forfaits
choose|Choisir
change_to|Passer à celui-ci
cancel_plan|Résilier le forfait
keep_plan|Garder le forfait
next_plan|ensuite
has|Comprend
trialing|à l’essai
past_due|paiement en retard
incomplete|pas encore payé
invoices|Factures
invoice|facture
credit_note|avoir
number|Numéro
tax|Taxe
billing_details|Factures adressées à
address|Adresse
tax_number|Numéro de TVA
methods|Moyens de paiement
add_method|Ajouter une carte d’essai
top_up|Achat automatique
below|Crédits au-dessous de
a_month|Par mois au plus
stop|Arrêter
grants|Origine des crédits
gift|cadeau
purchase|achat
allocation|du forfait
refund|remboursement
rollover|reporté
used|épuisé
tools|Outils
own_tools|Outils à vous
new_own_tool|Nouvel outil
description|À quoi il sert
parameters|Ce qu’on lui dit
arguments|Arguments
new_secret|Nouveau secret
times|Temps de réponse
recognised|Entendu
thought|Pensé
spoken|Dit
vendor|Fournisseur
carrier|Opérateur
carriers|Opérateurs
new_carrier|Nouveau compte d’opérateur
models|Modèles, oreilles et voix
new_model|Nouveau compte de fournisseur
key|Clé
model|Modèle
base_url|Adresse, si elle diffère
voice|Voix
in_calls|Rang dans les appels
in_calls_help|1 d’abord ; vide : pas dans nos appels.
armed|Peut appeler depuis
test|Tester
tests|Ce que les appelants ont vu
simulate|Simuler
switch_off|Désactiver
switch_on|Activer
tickets|Demandes
ticket|Demande
new_ticket|Nous poser une question
subject|Objet
category|Sujet
reply|Répondre
resolve|C’est réglé
technical|quelque chose ne marche pas
billing|argent
feature_request|un souhait
account|accès et réglages
phone_number_request|un numéro de téléphone
resolved|réglée
message|Message
needs_you|À décider
outreach|Prospection
conversations|Conversations
voice_group|Voix
business|Activité
receptionist|Accueil
catalogue|Catalogue
reports|Rapports
billing_page|Facturation
settings|Réglages
help|Aide
connections|Connexions
custom_tools|Outils propres
hours_and_calendars|Horaires et agendas
pages|Pages
close|Fermer
look|Couleurs
look_system|Comme le système
look_light|Clair
look_dark|Sombre
role_owner|Propriétaire
role_manager|Gestionnaire
role_agent|Membre
role_viewer|Lecture seule
credits_left|crédits
about_days|environ % jours
live_short|en cours
find|Rechercher
find_help|Un nom, un numéro, des mots dits, une page
nothing_found|Rien ne contient ces mots.
now|maintenant
review|Examiner
thing_needs_you|chose vous attend.
things_need_you|choses vous attendent.
needs_hold|refus incertains
needs_appointment|rendez-vous à confirmer
needs_conflict|conflits à résoudre
needs_approval|à approuver
needs_late_callback|rappels en retard
needs_task|promesses à tenir
needs_campaign|campagnes en attente
needs_unresolved_call|appels sans fin
needs_uncertain_outcome|résultats incertains
needs_low_balance|solde bas
needs_ticket|réponses à lire
needs_tool|outils arrêtés
needs_calendar|agendas en panne
need_hold|Refus incertain
need_appointment|Rendez-vous à confirmer
need_conflict|Conflit d'horaire
need_approval|Dépense à approuver
need_late_callback|Rappel en retard
need_task|Promis
need_campaign|Campagne en attente
need_unresolved_call|Appel sans fin
need_uncertain_outcome|Résultat incertain
need_tool_conflict|Deux versions d'un appel
need_low_balance|Solde bas
need_ticket|Réponse à votre question
need_tool|Outil arrêté
need_calendar|Agenda en panne
then_hold|Les appels vers ce numéro attendent que vous disiez si c'était un refus.
then_appointment|Une fois confirmé il garde sa place, et une invitation part s'il y a une adresse.
then_conflict|Il a été convenu pendant l'appel, mais cette heure est impossible. Proposez-en une autre.
then_approval|Rien n'est dépensé avant l'accord de quelqu'un.
then_late_callback|Un rappel était promis, et son heure est passée.
then_task|Une personne a été promise. Cela reste ici jusqu'à ce que quelqu'un le fasse.
then_campaign|Ses contacts attendent que vous l'examiniez et la lanciez.
then_unresolved_call|Personne n'a dit si cet appel a eu lieu ; d'ici là ses crédits sont retenus.
then_uncertain_outcome|Les mots laissent un doute. Regardez, puis acceptez ou corrigez.
then_tool_conflict|Un outil a noté une chose pendant l'appel, les mots en disent une autre.
then_low_balance|Quand il n'en reste pas assez pour un appel, les campagnes attendent.
then_ticket|Lisez-la, répondez, ou dites que c'est réglé.
then_tool|Les appels continuent sans lui jusqu'à sa remise en marche.
then_calendar|Des rendez-vous peuvent tomber sur des heures prises.
needs_law|changements de loi
need_law|La loi change
then_law|Examinez avant ce jour ce que cela signifie pour la campagne.
what_happened|Ce qui s’est passé
may_call_now|Peut-on appeler maintenant ?
may_call_by|Selon les heures légales et votre liste d’opposition ; une campagne demande aussi le consentement et a ses propres heures.
lead_added|Ajouté à vos contacts
consent_call|A accepté les appels
consent_recording|A accepté l’enregistrement
consent_revoked|A retiré son accord
time_taken|Cette heure n'est pas libre
another_time|Une autre heure …
another_time_on|La nouvelle heure
offer_time|Déplacer
correct_it|Corriger …
never_call|Ne plus jamais appeler
said_so|a demandé à ne plus être appelé, confirmé par une personne
only_managers|Un propriétaire ou un gestionnaire en décide.
why_we_think_so|Pourquoi nous le pensons
hear_call|Ouvrir l'appel
about_it|Détails
nothing_waits|Rien ne vous attend. Ce qui est à décider arrive ici, avec les mots qui ont été dits.
open_money|Ouvrir la facturation
open_campaigns|Ouvrir les campagnes
open_tickets|Ouvrir l'aide
open_own_tools|Ouvrir les outils
open_calendars|Ouvrir les agendas
open_assistants|Ouvrir les assistants
open_accounts|Ouvrir les connexions
open_leads|Ouvrir les contacts
open_incoming|Ouvrir les numéros
open_waiting|Voir ce qui vous attend
not_answered|Sans réponse
for_each_appointment|par rendez-vous
no_calls_yet|Aucun appel n'est terminé aujourd'hui. Le graphique commence avec le premier.
running_campaigns|Campagnes en cours
all_campaigns|Toutes les campagnes
latest_results|Derniers résultats
all_calls|Tous les appels
calls_word|appels
nobody_called|Personne n'est en ligne.
none_agreed|Les rendez-vous confirmés arrivent ici.
first_steps|Premiers pas
first_assistant|Créer un assistant
first_assistant_help|Dix questions ; des réponses prêtes pour votre métier.
first_assistant_do|Créer
first_leads|Apporter vos contacts
first_leads_help|Un fichier de noms et de numéros ; il est vérifié avant d'être gardé.
first_leads_do|Importer
first_campaign|Créer une campagne
first_campaign_help|Elle dit qui est appelé par quel assistant, et quand.
first_campaign_do|Créer
first_start|Examiner et lancer
first_start_help|Vous voyez ce qu'elle fera et coûtera ; sans opérateur les appels sont des répétitions.
first_start_do|Examiner
lead|contact
leads_word|contacts
over_a_year|plus d’un an
ahead_stands|Avant de lancer, à régler : %.
ahead_ready|Rien ne s'y oppose.
ahead_leads|% contacts sur % peuvent être appelés, % maintenant
ahead_lawful|Seulement aux heures permises, à l'heure de chaque contact.
ahead_rehearsal|Une répétition : personne n'est vraiment appelé.
ahead_cost|Coûte environ % crédits ; il y a % crédits
ahead_most|Jamais plus de % ; un appel retient % jusqu'à sa fin.
ahead_pace|Jusqu'à % appels à la fois, environ % par heure
ahead_done|Fini vers %.
ahead_from|D'après % appels passés, dont % % ont été pris.
ahead_no_calls|Aucun appel passé : ce sont des estimations.
c_business|Cet espace est désactivé
c_assistant_off|Son assistant est arrêté
c_account_off|Sa connexion est arrêtée
c_not_armed|Sa connexion ne peut pas encore appeler de vraies personnes
c_unreachable|L'opérateur ne peut pas nous joindre : notre adresse manque
c_rests|L'opérateur est en panne, sa connexion se repose
c_numberless|Il manque à sa connexion de quoi appeler
c_confirm|Personne n'a dit qu'elle peut appeler de vraies personnes
c_confirm_help|Tapez les mots ci-dessous.
c_paused|Elle est en pause
c_credits|Pas assez de crédits pour un appel
c_cap|Sa limite de dépense est atteinte
c_archived|Elle est archivée
c_expired|Son dernier jour est passé
c_nameless|La loi veut votre nom au début, et il manque
c_unheard|La loi veut qu'on dise comment arrêter les appels
c_long|Un texte est trop long pour l'opérateur
c_no_speech_input|L'opérateur ne reconnaît pas les répondeurs
c_variables|Il manque aux contacts ce que dit l'assistant
c_variables_help|Donnez la valeur à ces contacts, ou retirez-les.
c_no_leads|Elle n'a pas de contacts à appeler
c_call_back|Qui rappelle son numéro n'a pas de réponse ici
c_call_back_help|Ajoutez le numéro à l'Accueil, et l'assistant répond.
c_untested|Personne n'a encore entendu l'assistant sur cette connexion
c_untested_help|Faites-vous appeler d'abord.
c_approval|Le départ attendra un accord
c_tool|Un outil est consulté avant chaque appel, pas ici
b_completed|terminés
b_failed|abandonnés
b_skipped|écartés
b_expired|trop tard
b_list|la liste nationale d'opposition manque ou est ancienne
b_stop|ne peuvent pas être appelés
b_variable|sans une donnée que dit l'assistant
b_tries|plus d'essais
b_wrong|mauvais numéro
b_consent|sans consentement enregistré
b_name|la loi veut votre nom, et il manque
b_zone|heure locale inconnue
b_hours|aucune heure permise
no_match|Rien ne correspond à votre demande.
remove_filters|Retirer les filtres
no_talk|Rien n’a été dit pendant cet appel.
nobody|personne
each|unité
minute|minute
initial_credits|Crédit de départ
sandbox|Répétitions seulement
rule_law|Loi
rule_do_not_call|Listes d’opposition
needs_assistant|Une campagne a besoin d’un assistant qui appelle.
e_campaigns|Une campagne dit qui est appelé par quel assistant, et quand.
e_leads|Les contacts sont les personnes à appeler. Ils viennent d’un fichier de noms et de numéros.
e_calls|Chaque appel vient ici, avec ce qui a été dit et son résultat.
e_appointments|Les rendez-vous convenus pendant un appel viennent ici.
e_numbers|Saisissez un de vos numéros, et un assistant y répond.
e_agents|Personnes à qui un assistant peut passer un appel.
e_transfers|Les appels qu’un assistant a passés à une personne viennent ici.
e_calendars|Un agenda dit quand des rendez-vous sont possibles.
e_files|Appels, contacts ou chiffres du jour dans un fichier à télécharger.
e_schedules|Un fichier peut se faire seul chaque jour, semaine ou mois.
e_models|Les fournisseurs qui écoutent, pensent et parlent dans vos appels viennent ici.
e_keys|Une clé permet à un de vos programmes de travailler avec vos données.
e_tickets|Ce que vous nous demandez vient ici, avec notre réponse.
e_tools|Avec un outil, un assistant interroge un de vos serveurs pendant l’appel.
c_cap_day|Sa limite de dépense du jour est atteinte
c_cap_tenant|Votre limite de dépense par jour est atteinte
c_law|La loi change là où vivent certaines de ces personnes
b_calling|sont en cours d'appel
b_enough|ont eu tous les appels permis
b_mute|la connexion ne peut pas dire ce que la loi exige
b_other|ne peuvent pas être appelés
simulated|Les deux prochaines semaines, sur une copie
as_table|Afficher le tableau
when_answered|Quand on répond
when_answered_note|Appels répondus en %, à votre heure
best_hour|Le mieux jusqu'ici : % à %, % de réponses.
done_of|terminé sur
p_done|Terminés
p_lost|Abandonnés
p_out|Écartés
p_live|En ligne
p_rest|À appeler
how_ended|Comment les appels ont fini
funnel|De l'appel au rendez-vous
funnel_says|Sur % échanges avec une personne, % ont mené à un rendez-vous.
f_called|Appels
f_reached|Échanges
f_interested|Intéressés
f_booked|Rendez-vous
by_day|Appels et rendez-vous par jour
lines|Lignes
of_lines|% sur % occupées
pace|Rythme
last_hour|% appels dans la dernière heure
next_call|Prochain appel
to_come|À venir
each_appointment|Chaque rendez-vous
right_now|En ce moment
add_some|En ajouter
tab_overview|Aperçu
tab_ahead|Avant le départ
tab_settings|Réglages
start_ask|Démarrer …
start_this|Démarrer
start_now|Démarrer maintenant
not_yet|Pas encore
ahead_stands_one|Avant le départ, une chose à corriger.
rehearsal|répétition
saved|Enregistré.
leads_in|Contacts ajoutés
create_campaign|Créer la campagne
g_who|Qui appelle qui
g_when|Quand
g_when_help|À l'heure de chaque personne ; les heures légales valent toujours.
g_pace|Rythme
g_usual|Ce qui reste vide suit la valeur de votre espace, en gris.
g_again|Nouvelles tentatives
g_money|Limites de dépense
g_money_help|En crédits ; 0 : sans limite.
whom|Ajouter des contacts
leads_none|aucun pour l'instant
leads_of_import|Importés %: %
leads_with_tag|Seulement avec l'étiquette
calls_with|Appelle avec ces numéros
days|Jours
hours_by_day|Elle a des heures propres à chaque jour, qui restent.
begins|Commence
ends|Finit
at_once_calls|Appels en même temps
between_calls|Secondes entre deux appels
longest_call|Appel le plus long, minutes
machines|Si une machine répond
machine_off|parler quand même
machine_detect|raccrocher
machine_message|laisser un message
as_usual|comme d'habitude : %
tries_after|Tentatives après la première
after_no_answer|Minutes après sans réponse
after_busy|Minutes après occupé
cap_all|En tout
cap_day|Par jour
on_again|Reprise %.
held_hours|Hors des heures d'appel permises.
held_due|Personne n'est dû pour l'instant.
held_ending|Les derniers appels sont en cours.
held_fast|Les appels finissent aussi vite qu'ils commencent.
held_soon|Les appels vont commencer.
held_interval|Elle respecte le temps entre deux appels.
held_lines_all|Toutes les lignes sont occupées.
held_lines_tenant|Toutes les lignes de votre espace sont occupées.
held_lines_account|Sa connexion n'accepte pas plus d'appels à la fois.
held_slow|L'opérateur a demandé de ralentir.
held_approval|Elle attend une approbation.
held_tool|L'outil consulté avant chaque appel ne répond pas.
held_plan|Votre formule n'admet pas plus de campagnes.
held_failing|Trop d'appels ont échoué, elle a été suspendue.
held_numbers|Ses numéros sont occupés ou ont eu leurs appels du jour.
held_behind|Nous rattrapons des rapports d'appels.
held_worker|Les appels ne partent pas pour l'instant ; nous sommes prévenus.
open_tenant|Ouvrir les réglages
connection|Connexion
midnight|minuit
general|Général
stops|Ne pas appeler
webhooks|Webhooks
sg_business|Votre entreprise
sg_hours|Quand nous appelons
sg_calls|Appels
sg_again|Nouvelles tentatives
sg_safe|Pour plus de sûreté
sg_mail|E-mails aux personnes
sg_money|Dépenses
sg_keep|Durée de conservation
sg_rates|Ce que facturent vos opérateurs
sg_rates_help|Pour les opérateurs qui ne disent pas le coût d'un appel.
s_caller_name|Nom annoncé
s_caller_name_help|Au nom de qui nous appelons ; la loi veut souvent l'entendre au début.
s_default_country|Pays de vos numéros
s_default_country_help|Pour les numéros sans indicatif : deux lettres, comme US.
s_calling_hours|Heures et jours
s_calling_hours_help|À l'heure de chaque personne ; les heures légales valent toujours.
s_max_concurrent_calls|Appels en même temps
s_max_concurrent_calls_help|D'une campagne.
s_call_interval|Temps entre deux appels
s_max_call_duration|Appel le plus long
s_max_call_duration_help|Des crédits sont retenus pendant l'appel.
s_ring_timeout|Durée de sonnerie
s_machine_detection|Si une machine répond
s_record_calls|Enregistrer les appels
s_record_calls_help|Sauf de qui a retiré ce consentement.
s_announce_recording|Annoncer l'enregistrement
s_announce_recording_help|Là où la loi le veut ; désactivé : pas d'enregistrement.
s_retry_attempts|Tentatives après la première
s_retry_delay_no_answer|Attente sans réponse
s_retry_delay_busy|Attente après occupé
s_number_calls_per_day|Appels d'une personne par jour
s_number_calls_per_day_help|Toutes campagnes ; 0 : autant que la loi permet.
s_call_back_missed|Rappeler les appels manqués
s_call_back_missed_help|Aussitôt, par l'assistant du numéro ; cela coûte des crédits.
s_require_consent|Appeler seulement avec accord
s_require_consent_help|Les contacts sans accord attendent.
s_require_test_call|L'écouter avant le départ
s_require_test_call_help|Une campagne ne part qu'après un appel d'essai répondu.
s_mail_invitations|Invitations d'agenda
s_mail_invitations_help|Un rendez-vous confirmé est envoyé à qui a une adresse.
s_mail_information|Envoyer ce qui est demandé
s_mail_information_help|Si l'assistant a un document de ce nom.
s_auto_spend|Dépenser sans demander
s_auto_spend_help|Désactivé : un propriétaire approuve chaque départ et achat.
s_auto_spend_per_campaign|Demander au-delà de
s_auto_spend_per_campaign_help|Une campagne plus chère attend ; 0 : aucune.
s_tenant_spend_cap_per_day|Limite par jour
s_tenant_spend_cap_per_day_help|De toutes les campagnes ; 0 : aucune.
s_balance_low_credits|Avertir s'il en reste moins
s_retention_calls|Appels et rendez-vous
s_retention_transcripts|Ce qui a été dit
s_retention_recordings|Enregistrements
s_retention_mails|E-mails
s_retention_tasks|Tâches faites
s_retention_imports|Lignes refusées
unit_minutes|minutes
unit_seconds|secondes
unit_credits|crédits
as_before|Comme avant
as_before_help|Revenir à la valeur générale
numbers_beginning|Numéros commençant par
a_minute|La minute
currency|Devise
since|Depuis
new_rate|Ajouter un prix
stops_help|Personne de cette liste n'est appelé. Qui le dit pendant un appel y entre de lui-même.
look_up|Chercher
look_up_help|Un numéro ou des mots de la raison
is_listed|% ne sera plus appelé.
not_listed|% n'est pas sur la liste.
e_stops|Personne n'a demandé à ne pas être appelé.
how|Comment
stop_manual|À la main
stop_call|Pendant un appel
stop_import|D'un fichier
take_off|Retirer …
webhooks_help|Nous prévenons votre serveur de ce qui se passe.
secret_once|Avec ce secret votre serveur vérifie que c'est nous. Montré une fois :
e_webhooks|Aucun de vos serveurs n'est encore prévenu.
hook_off|Désactivé
hook_failing|Ne répond pas
hook_well|Fonctionne
told_of|Prévenu de
everything|tout
new_webhook|Prévenir un serveur
only_some|Seulement certaines choses
latest_sent|Ce qui a été envoyé
sent_pending|En cours
sent_delivered|Remis
sent_dead|Abandonné
tries|Essais
answer|Réponse
again|Réessayer
w_call_finished|appel terminé
w_call_corrected|appel corrigé
w_appointment_booked|rendez-vous
w_appointment_canceled|rendez-vous annulé
w_appointment_unsettled|rendez-vous incertain
w_task_created|une promesse
w_task_overdue|promesse en retard
w_message_taken|message pris
w_offer_made|offre faite
w_campaign_stopped|campagne arrêtée
w_balance_low|peu de crédits
w_credits_bought|crédits achetés
w_payment_failed|paiement échoué
w_plan_changed|formule changée
w_approval_wanted|approbation demandée
w_invoice_issued|facture
w_carrier_failing|opérateur en panne
w_models_failing|voix ou modèle en panne
w_export_ready|fichier prêt
w_ticket_answered|réponse de notre part
w_webhook_subscription_disabled|ceci a été désactivé
w_test|un essai
files_and_schedules|Fichiers et échéances
none_before|rien avant à comparer
as_much|comme avant
percent_more|% % de plus
percent_less|% % de moins
period|Période
last_days|% derniers jours
days_before|Jours précédents
x_by_day|% par jour
report_says|% appels du % au % ; % dans les jours précédents.
campaign_line|% appels, % d'échanges
in_credits|en crédits
e_report|Les rapports montrent si cela s'améliore, dès qu'il y a des appels.
week|Semaine
this_week|Cette semaine
week_before|La semaine d'avant
week_after|La semaine d'après
all_calendars|Tous les agendas
on_your_clock|À votre heure
to_decide|à décider
busy_elsewhere|Occupé ailleurs
nothing_that_day|Rien ce jour-là
book|Réserver …
book_it|Réserver
with_whom|Avec qui
what_about|De quoi il s'agit
call_off|Annuler …
open_lead|Ouvrir le contact
plan_and_statement|Formule et relevé
buy_credits|Acheter des crédits …
buy_this|Acheter ceci
buy_help|Vous voyez le prix TTC avant de payer.
pay_by|Payer par
up_to|Jusqu'à % crédits.
lasts|Durent environ % jours, jusqu'au %, au rythme de la semaine.
lasts_long|Durent plus d'un an au rythme de la semaine.
nothing_spent|Rien n'a été dépensé la semaine passée.
held_by_calls|% retenus par les appels en cours.
minutes_left|Il reste % minutes prépayées.
lapses|% crédits expirent le %.
orders_open|Commandes non payées : %.
spent_by_day|Dépensé par jour
spent_says|% crédits en 30 jours.
latest_invoices|Dernières factures
all_invoices|Toutes les factures
no_plan|Vous n'avez pas de formule ; les crédits suffisent pour appeler.
change_plan|Changer de formule
see_plans|Voir les formules
top_up_says|S'il en reste moins de %, un lot est acheté ; au plus % par mois.
top_up_off|Rien n'est acheté automatiquement.
left_of|reste % sur %
p_new|Nouveau
p_again|À rappeler
p_late|Trop tard
buy_title|Acheter des crédits
book_title|Réserver un rendez-vous
number_ready|Répond
number_ordered|Demandé
number_unchecked|En vérification
number_refused|Refusé
number_releasing|En restitution
answers_say|La moitié des réponses en %, neuf sur dix en % ; la ligne est une seconde.
was_before|avant : %
`;
