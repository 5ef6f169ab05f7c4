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
none|Rien pour l’instant.
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
preview|Aperçu
confirm|Confirmer
type_this|Pour que de vraies personnes soient appelées, tapez
reject|Refuser
new_campaign|Nouvelle campagne
all_leads|Ajouter tous les contacts
others_in|Les autres sont déjà dans une campagne.
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
arguments|Arguments (JSON)
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
simulated|Les deux semaines à venir, sur une copie
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
`;
