/* What the page says, in English; texts.js loads one of these.  The keys are those of words-en.js. */
export default `
today|Today
campaigns|Campaigns
calls|Calls
leads|Leads
waiting|Waiting
appointments|Appointments
incoming|Incoming
agents|Agents
calendars|Calendars
listings|Offers
assistants|Assistants
money|Money
figures|Figures
team|Team
email|E-mail address
password|Password
log_in|Log in
log_out|Log out
everywhere|End all sessions
ended|Your session has ended. Log in again.
which|Which business?
language|Language
skip|Skip to content
loading|Loading …
none|None.
not_found|There is no such page.
more|More
save|Save
cancel|Cancel
reason|Reason
live|Live now
answered|Answered
opted_out|Opt-outs
credits|Credits
credits_a_call|Credits a call
spent|Spent
minutes|Minutes
available|Available
held|Held
hours|Calls by hour
next|Next appointments
partly|Only the latest 10,000 calls are counted.
name|Name
status|Status
progress|Progress
actions|Actions
start|Start
pause|Pause
resume|Resume
preview|Before it starts
confirm|Confirm
type_this|To have real people called, type
reject|Reject
new_campaign|New campaign
all_leads|Add all leads
assistant|Assistant
create|Create
when|When
who|Who
phone|Phone
outcome|Outcome
duration|Duration
summary|Summary
you_say|You say
send|Send
talk|Conversation
found|What was agreed or said
steps|Course of the call
checks|Why it was allowed
cost|Cost
campaign|Campaign
stage|Stage
last_call|Last call
next_try|Next try
upload|Upload a CSV file
drop|Drop a file here, or choose one.
country|Country of numbers without a country code
rows|Rows
imported|Imported
importable|Can be imported
rejected|Rejected
duplicate|Duplicates
do_not_call|Do not call
updated|Updated
problems|Problems
row|Row
column|Column
value|Value
tasks|Tasks
others|To settle
done|Done
release|Release
placed|It took place
not_placed|It did not
said|Said
numbers|Numbers
forward|Forwards to
new_assistant|New assistant
profile|Profile
go_on|Go on
back|Back
finish|Make the assistant
step|Step
add|Add
remove|Remove
yes|Yes
no|No
version|Version
first_message|First message
prompt|What the assistant is told
statement|Statement
prices|Prices
role|Role
active|Active
new_member|New member
api_keys|API keys
label|Label
new_key|New API key
shown_once|This key is shown once:
revoke|Revoke
search|Search
words|Words said
from|From
until|Until
any|All
direction|Direction
inbound|incoming
outbound|outgoing
call|Call
sort|Sort by
added|When added
what|What
speaker_assistant|Assistant
speaker_customer|Customer
pending|to confirm
conflict|conflict
confirmed|confirmed
rejected_one|rejected
cancelled|cancelled
draft|draft
running|running
paused|paused
completed|completed
stopped|stopped
no_answer|no answer
busy|busy
voicemail|voicemail
failed|failed
canceled|cancelled
scheduled|appointment agreed
callback|call back
interested|interested
not_interested|not interested
do_not_call_one|wants no calls
wrong_number|wrong number
unfinished|hung up early
contacted|contacted
new|new
settle|Call
grant|Credit added
hold|Hold
late_callback|late call back
law|change of law
accept|Accept
uncertain_outcome|uncertain outcome
low_balance|low balance
approval|spending to approve
tool|tool switched off
unresolved_call|unclear call
unproved|not proved
supported|proved
denied|denied
files|Files
new_file|New file
format|Format
load|Load
schedules|Files by themselves
new_schedule|New schedule
every_day|each day
every_week|each week
every_month|each month
transcripts|Transcripts
ledger|Ledger
analytics|Daily figures
quality|Talks judged by themselves
questions|Questions
no_connection|No connection. What you did last may not have arrived: look before you do it again.
too_slow|That took too long. Narrow it: more words, fewer days.
server_fault|That did not work here. Try again in a moment.
rehearsed|Rehearsed
passed|Passed
score|Score
not_passed|Latest that did not pass
removed|removed
forgotten|Forgotten your password?
send_link|Send me a link
reset_sent|If the address has a login, a link is on its way to it.
new_password|New password
password_set|The password is set.
unsubscribe|Send me no more of these mails
unsubscribed|No more such mail goes to
recording|Recording
change|Change
sure|Really?
new_number|Enter a number
open_from|Open from
open_until|Open until
in_hours|Who answers in these hours
after_hours|Who answers outside of them
by_itself|Empty: by what the number has.
answer_assistant|the assistant
answer_forward|the number it forwards to
answer_message|a message
answer_reject|nobody: refused
greeting|Greeting
closed_message|Message when closed
other_days|Other days
other_days_help|A line each: 2026-12-24 closed, or 12-31 09:00-12:00, or DE closed (holidays of a country).
timezone|Time zone
known_only|Only callers that are leads
calls_per_day|Calls a day at most
calls_per_caller|... from one number
calendar|Calendar
new_agent|New agent
phones|Telephone numbers
phones_help|With commas between them; the first is rung.
tier|Turn
tier_help|The lowest comes first.
skills|Skills
member|Member
wrap_up|Minutes of rest after a call
open_hours|Hours
week_help|09:00-12:00, 13:00-17:00. All empty: always.
day_help|10:00-14:00. Empty: closed.
always|always
closed|closed
inactive|off
busy_now|busy
there|there
away|away
transfers|Put through
put_through|put through
not_taken|not taken
new_calendar|New calendar
new_day|Hours of one day
slot_length|Minutes of an appointment
buffer_before|Minutes free before
buffer_after|Minutes free after
notice|Minutes ahead at least
day_limit|Appointments a day at most
capacity|At once
holidays|Closed on holidays of
booking_confirms|Bookings are confirmed
at_once|at once
by_person|by a person
people|People
new_kind|What do you offer?
real_estate|Real estate
services|Services
new_listing|New offer
reference|Reference
unknown_words|Nothing has these words
approvals|To approve
approve|Approve
approved|approved
spend_start|Start of
spend_purchase|Order
estimate|Estimate
packs|Packs of credits
price|Price
buy|Buy
pay|Pay
pay_embedded|Pay (a test, no money)
orders|Orders
paid|paid
waiting_approval|waits for approval
expired|expired
by_days|Statement by days
show|Show
balance|Balance
columns|Columns of the file
first_rows|First rows
taken_for|Taken for
left_out|left out
as_context|kept under its heading
lacks_phone|Which column is the phone number?
check|Check only
import|Import
checked|Checked, nothing imported:
checked_part|The beginning was checked, nothing imported:
first_name|first name
last_name|last name
company|company
priority|priority
dry_run|checked only
undone|taken back
open|open
finished|finished
calls_from|Calls from
calls_until|Calls until
country_column|Country
axis|The talk, from its beginning
not_heard|The recording cannot be loaded now.
speaker_system|System
speaker_tool|Tool
speaker_unknown|Somebody
kept_filters|Kept searches
keep_filter|Keep this search
words_of_lead|Name, company, number
tag|Tag
calling|being called
retry|to call again
accounts|Accounts
plan|Plan
plans|Plans
choose|Choose
change_to|Change to this
cancel_plan|Cancel the plan
keep_plan|Keep the plan
next_plan|then
has|Has
trialing|on trial
past_due|payment is late
incomplete|not paid yet
invoices|Invoices
invoice|invoice
credit_note|credit note
number|Number
tax|Tax
billing_details|Invoices are written to
address|Address
tax_number|Tax number
methods|What is charged
add_method|Add a test card
top_up|Buy by itself
below|When credits are below
a_month|A month at most
stop|Stop
grants|Where credits came from
gift|gift
purchase|purchase
allocation|of the plan
refund|refund
rollover|carried over
used|used up
tools|Tools
own_tools|Tools of yours
new_own_tool|New tool
description|What it is for
parameters|What it is told
arguments|Arguments
new_secret|New secret
times|What answers took
recognised|Heard
thought|Thought
spoken|Spoken
vendor|Vendor
carrier|Carrier
carriers|Carriers
new_carrier|New account at a carrier
models|Models, ears and voices
new_model|New account at a vendor
key|Key
model|Model
base_url|Address, where it is another
voice|Voice
in_calls|Place in calls
in_calls_help|1 is asked first; empty: not in calls that we hold.
armed|May call since
test|Test
tests|What callers found
simulate|Simulate
switch_off|Switch off
switch_on|Switch on
tickets|Tickets
ticket|Ticket
new_ticket|Ask us something
subject|Subject
category|About
reply|Reply
resolve|It is settled
technical|something does not work
billing|money
feature_request|a wish
account|access and settings
phone_number_request|a phone number
resolved|settled
message|Message
needs_you|Needs you
outreach|Outreach
conversations|Conversations
voice_group|Voice
business|Business
receptionist|Receptionist
catalogue|Catalogue
reports|Reports
billing_page|Billing
settings|Settings
help|Help
connections|Connections
custom_tools|Custom tools
hours_and_calendars|Hours and calendars
pages|Pages
close|Close
look|Colours
look_system|As the system has them
look_light|Light
look_dark|Dark
role_owner|Owner
role_manager|Manager
role_agent|Member
role_viewer|Viewer
credits_left|credits
about_days|about % days
live_short|live
find|Search
find_help|A name, a number, words that were said, a page
nothing_found|Nothing has these words.
now|now
review|Review
thing_needs_you|thing needs you.
things_need_you|things need you.
needs_hold|opt-outs in doubt
needs_appointment|appointments to confirm
needs_conflict|conflicts to solve
needs_approval|to approve
needs_late_callback|calls back that are late
needs_task|promises to keep
needs_campaign|campaigns that wait
needs_unresolved_call|calls without an end
needs_uncertain_outcome|uncertain outcomes
needs_low_balance|credits that run low
needs_ticket|answers to read
needs_tool|tools that are off
needs_calendar|calendars with trouble
need_hold|Opt-out in doubt
need_appointment|Appointment to confirm
need_conflict|Time conflict
need_approval|Spending to approve
need_late_callback|Late call back
need_task|Promised
need_campaign|Campaign waits
need_unresolved_call|Call without an end
need_uncertain_outcome|Uncertain outcome
need_tool_conflict|Two accounts of a call
need_low_balance|Credits run low
need_ticket|Answer to your question
need_tool|Tool is off
need_calendar|Calendar has trouble
then_hold|Calls to this number are held until you say whether it was an opt-out.
then_appointment|Once confirmed it holds its place, and an invitation goes out where there is an address.
then_conflict|It was agreed in the call, but cannot be at that time. Offer another one.
then_approval|Nothing is spent until somebody approves it.
then_late_callback|A call back was promised, and its time has passed.
then_task|A person was promised. It stays here until somebody has done it.
then_campaign|Its leads wait until you look it over and start it.
then_unresolved_call|Nobody told us whether this call took place; until you say so its credits are held.
then_uncertain_outcome|The words leave it open. Look, then accept the outcome or correct it.
then_tool_conflict|A tool noted one thing in the call, and the words say another.
then_low_balance|When there is too little for a call, campaigns wait.
then_ticket|Read it, answer, or say that it is settled.
then_tool|Calls go on without it until it is switched on again.
then_calendar|Appointments may fall into times that are taken.
needs_law|changes of law
need_law|The law changes
then_law|Look over what it means for this campaign before that day.
what_happened|What happened
may_call_now|May we call now?
may_call_by|By the law's hours and your do-not-call list; a campaign also asks for consent and its own hours.
lead_added|Came to your leads
consent_call|Agreed to calls
consent_recording|Agreed to recording
consent_revoked|Took consent back
time_taken|That time is not free
another_time|Another time …
another_time_on|Its new time
offer_time|Move it
correct_it|Correct …
never_call|Never call again
said_so|asked not to be called, confirmed by a person
only_managers|An owner or a manager decides this.
why_we_think_so|Why we think so
hear_call|Open the call
about_it|Details
nothing_waits|Nothing needs you. What has to be decided comes here, with the words that were said.
open_money|Open billing
open_campaigns|Open campaigns
open_tickets|Open help
open_own_tools|Open tools
open_calendars|Open calendars
open_assistants|Open assistants
open_accounts|Open connections
open_leads|Open leads
open_incoming|Open numbers
open_waiting|See what needs you
not_answered|Not answered
for_each_appointment|for each appointment
no_calls_yet|No call has ended today. The chart begins with the first.
running_campaigns|Running campaigns
all_campaigns|All campaigns
latest_results|Latest results
all_calls|All calls
calls_word|calls
nobody_called|Nobody is on the line now.
none_agreed|Confirmed appointments come here.
first_steps|First steps
first_assistant|Make an assistant
first_assistant_help|Ten questions; there are ready answers for your line of business.
first_assistant_do|Make one
first_leads|Bring your leads
first_leads_help|A file with names and numbers; it is checked before anything is kept.
first_leads_do|Import leads
first_campaign|Make a campaign
first_campaign_help|It says who is called by which assistant, and when.
first_campaign_do|Make one
first_start|Look it over and start
first_start_help|You see what it will do and cost; without a carrier calls are rehearsals.
first_start_do|Look it over
lead|lead
leads_word|leads
over_a_year|more than a year
ahead_stands|Before it can start: % to mend.
ahead_ready|Nothing stands in its way.
ahead_leads|% of % leads can be called, % of them now
ahead_lawful|Only at lawful hours on the clock of each lead.
ahead_rehearsal|A rehearsal: nobody is really called.
ahead_cost|It costs about % credits; % credits are there
ahead_most|Never more than %; a call holds % until it ends.
ahead_pace|Up to % calls at once, about % an hour
ahead_done|Done about %.
ahead_from|As % earlier calls went, % % of which were answered.
ahead_no_calls|There are no earlier calls to go by: these are guesses.
c_business|This workspace is switched off
c_assistant_off|Its assistant is switched off
c_account_off|Its connection is switched off
c_not_armed|Its connection may not call real people yet
c_unreachable|The carrier could not reach us: our public address is missing
c_rests|The carrier has trouble, so its connection rests
c_numberless|Its connection lacks what it needs to call
c_confirm|Nobody has said that it may call real people
c_confirm_help|Type the words below to say so.
c_paused|It is paused
c_credits|There are too few credits for one call
c_cap|Its limit of spending is reached
c_archived|It was put away
c_expired|Its last day is over
c_nameless|The law wants you named at the start of a call, and there is no name
c_unheard|The law wants people told how to stop the calls
c_long|A text is too long for its carrier
c_no_speech_input|Its carrier cannot tell whether a machine answers
c_variables|Leads lack what the assistant says of them
c_variables_help|Give those leads the value, or leave them out.
c_no_leads|It has no leads to call
c_call_back|Who calls its number back is not answered here
c_call_back_help|Take the number into Receptionist, and the assistant answers it.
c_untested|Nobody has heard its assistant on this connection yet
c_untested_help|Have it call you first.
c_approval|The start will wait for somebody's approval
c_tool|A tool is asked before each call, and was not asked here
b_completed|finished
b_failed|given up
b_skipped|left out
b_expired|too late
b_list|the national list of who may not be called is missing or old
b_stop|may not be called
b_variable|lack what the assistant says of them
b_tries|have had all their tries
b_wrong|wrong number
b_consent|no consent to be called is on file
b_name|the law wants you named, and there is no name
b_zone|nobody knows the time where they are
b_hours|no hour at which they may be called
no_match|Nothing fits what you asked for.
remove_filters|Remove filters
no_talk|Nothing was said in this call.
nobody|nobody
each|each
minute|minute
initial_credits|Credits at the beginning
sandbox|Rehearsals only
rule_law|Law
rule_do_not_call|Do-not-call lists
needs_assistant|A campaign needs an assistant that calls.
e_campaigns|A campaign says who is called by which assistant, and when.
e_leads|Leads are the people to call. They come from a file with names and numbers.
e_calls|Each call comes here, with what was said and what came of it.
e_appointments|Appointments that people agree to in a call come here.
e_numbers|Enter a number of yours, and an assistant answers it.
e_agents|People to whom an assistant may put a caller through.
e_transfers|Calls that an assistant put through to a person come here.
e_calendars|A calendar says when appointments may be.
e_files|Calls, leads or daily figures as a file that you load.
e_schedules|A file can be made by itself each day, week or month.
e_models|Vendors that listen, think and speak in your calls come here.
e_keys|A key lets a program of yours work with your data.
e_tickets|What you ask us comes here, with our answer.
e_tools|With a tool an assistant asks a server of yours during a call.
c_cap_day|Its limit of spending for today is reached
c_cap_tenant|Your limit of spending for a day is reached
c_law|The law changes where some of these people live
b_calling|are being called
b_enough|have had all the calls that they may have
b_mute|the connection cannot say what the law wants said
b_other|cannot be called
simulated|The next two weeks, on a copy
as_table|Show as table
when_answered|When people answer
when_answered_note|Answered calls in per cent, on your clock
best_hour|Best so far: % at %, % answered.
done_of|done of
p_done|Finished
p_lost|Given up
p_out|Left out
p_live|Live now
p_rest|To call
how_ended|How calls ended
funnel|From call to appointment
funnel_says|Of % talks with a person % led to an appointment.
f_called|Calls
f_reached|Talked to
f_interested|Interested
f_booked|Appointments
by_day|Calls and appointments by day
lines|Lines
of_lines|% of % in use
pace|Pace
last_hour|% calls in the last hour
next_call|Next call
to_come|To come
each_appointment|Each appointment
right_now|Right now
add_some|Add some
tab_overview|Overview
tab_ahead|Before it starts
tab_settings|Settings
start_ask|Start …
start_this|Start
start_now|Start now
not_yet|Not yet
ahead_stands_one|Before it can start: one thing to mend.
rehearsal|rehearsal
saved|Saved.
leads_in|Leads added
create_campaign|Create the campaign
g_who|Who calls whom
g_when|When
g_when_help|By the clock of each person who is called; the law's hours hold in any case.
g_pace|Pace
g_usual|What is left empty is as your workspace has it; that value is shown in grey.
g_again|Trying again
g_money|Limits of spending
g_money_help|In credits; 0 is no limit.
whom|Add leads
leads_none|none now
leads_of_import|Imported %: %
leads_with_tag|Only with the tag
calls_with|Calls with these numbers
days|Days
hours_by_day|It has hours of its own for each day, which stay as they are.
begins|Begins
ends|Ends
at_once_calls|Calls at once
between_calls|Seconds between two calls
longest_call|Longest call, minutes
machines|When a machine answers
machine_off|talk on
machine_detect|hang up
machine_message|leave a message
as_usual|as usual: %
tries_after|Tries after the first
after_no_answer|Minutes after no answer
after_busy|Minutes after a busy line
cap_all|In all
cap_day|A day
on_again|On again %.
held_hours|Outside the hours at which these people may be called.
held_due|Nobody is due at this moment.
held_ending|The last calls are under way.
held_fast|Calls end as fast as they begin.
held_soon|Calls are about to begin.
held_interval|It keeps its time between two calls.
held_lines_all|All lines are in use at the moment.
held_lines_tenant|All lines of your workspace are in use.
held_lines_account|Its connection takes no more calls at once.
held_slow|The carrier asked us to slow down.
held_approval|It waits for somebody's approval.
held_tool|The tool that is asked before each call gives no answer.
held_plan|Your plan allows no more campaigns.
held_failing|Too many calls failed, so it was paused.
held_numbers|Its numbers are busy, or had their calls for today.
held_behind|We are catching up with reports of calls.
held_worker|Calls do not go out just now; we are told of it.
open_tenant|Open settings
connection|Connection
midnight|midnight
general|General
stops|Do not call
webhooks|Webhooks
sg_business|Your business
sg_hours|When we call
sg_calls|Calls
sg_again|Trying again
sg_safe|To be on the safe side
sg_mail|Mails to people
sg_money|Spending
sg_keep|How long we keep things
sg_rates|What your carriers charge
sg_rates_help|For carriers that do not tell the cost of a call themselves.
s_caller_name|Name that is said
s_caller_name_help|On whose behalf we call; the law often wants it said at the start.
s_default_country|Country of your numbers
s_default_country_help|For numbers without a country code: two letters, such as US.
s_calling_hours|Hours and days
s_calling_hours_help|By the clock of each person who is called; the law's hours hold in any case.
s_max_concurrent_calls|Calls at once
s_max_concurrent_calls_help|Of one campaign.
s_call_interval|Time between two calls
s_max_call_duration|Longest call
s_max_call_duration_help|Credits for it are held while it lasts.
s_ring_timeout|How long it rings
s_machine_detection|When a machine answers
s_record_calls|Record calls
s_record_calls_help|Not those of people who took that consent back.
s_announce_recording|Say that we record
s_announce_recording_help|Where the law wants it; off means that we do not record there.
s_retry_attempts|Tries after the first
s_retry_delay_no_answer|Wait after no answer
s_retry_delay_busy|Wait after a busy line
s_number_calls_per_day|Calls of one person a day
s_number_calls_per_day_help|Over all campaigns; 0: as many as the law allows.
s_call_back_missed|Call back whom nobody answered
s_call_back_missed_help|At once, by the assistant of the number; it costs credits.
s_require_consent|Call only with consent
s_require_consent_help|Leads without a consent on file wait.
s_require_test_call|Hear it before it starts
s_require_test_call_help|A campaign starts only after a test call was answered.
s_mail_invitations|Invitations for calendars
s_mail_invitations_help|A confirmed appointment is mailed to whoever has an address.
s_mail_information|Send what was asked for
s_mail_information_help|Where the assistant has a document of that name.
s_auto_spend|Spend without asking
s_auto_spend_help|Off: an owner approves each start and each purchase.
s_auto_spend_per_campaign|Ask above
s_auto_spend_per_campaign_help|A campaign that may cost more waits for an owner; 0: none does.
s_tenant_spend_cap_per_day|Limit for a day
s_tenant_spend_cap_per_day_help|Of all campaigns together; 0: none.
s_balance_low_credits|Warn when fewer are left
s_retention_calls|Calls and appointments
s_retention_transcripts|What was said
s_retention_recordings|Recordings
s_retention_mails|Mails
s_retention_tasks|Tasks that are done
s_retention_imports|Rows that an import refused
unit_minutes|minutes
unit_seconds|seconds
unit_credits|credits
as_before|As before
as_before_help|Take it back to what holds everywhere
numbers_beginning|Numbers beginning with
a_minute|A minute
currency|Currency
since|Since
new_rate|Add a price
stops_help|Nobody on this list is called, in no campaign. Whoever says so in a call comes here by itself.
look_up|Look up
look_up_help|A number, or words of the reason
is_listed|% is never called again.
not_listed|% is not on the list.
e_stops|Nobody has asked not to be called.
how|How
stop_manual|By hand
stop_call|In a call
stop_import|From a file
take_off|Take off …
webhooks_help|We tell a server of yours what happens, as it happens.
secret_once|With this secret your server checks that it is us. It is shown once:
e_webhooks|Nothing is told to a server of yours yet.
hook_off|Off
hook_failing|Does not answer
hook_well|Works
told_of|Told of
everything|everything
new_webhook|Tell a server
only_some|Only some things
latest_sent|What was sent
sent_pending|Under way
sent_delivered|Delivered
sent_dead|Given up
tries|Tries
answer|Answer
again|Try again
w_call_finished|a call ended
w_call_corrected|a call was corrected
w_appointment_booked|an appointment
w_appointment_canceled|an appointment was called off
w_appointment_unsettled|an appointment is unclear
w_task_created|a promise to keep
w_task_overdue|a promise is late
w_message_taken|a message was taken
w_offer_made|an offer was made
w_campaign_stopped|a campaign stopped
w_balance_low|credits run low
w_credits_bought|credits were bought
w_payment_failed|a payment failed
w_plan_changed|the plan changed
w_approval_wanted|an approval is wanted
w_invoice_issued|an invoice
w_carrier_failing|a carrier has trouble
w_models_failing|a voice or model has trouble
w_export_ready|a file is ready
w_ticket_answered|an answer from us
w_webhook_subscription_disabled|this was switched off
w_test|a test
files_and_schedules|Files and schedules
none_before|nothing before to compare
as_much|as before
percent_more|% % more
percent_less|% % fewer
period|Period
last_days|Last % days
days_before|Days before
x_by_day|% by day
report_says|% calls from % to %; % in as many days before.
campaign_line|% calls, % talked to
in_credits|in credits
e_report|Reports show whether it gets better, once there are calls.
week|Week
this_week|This week
week_before|The week before
week_after|The week after
all_calendars|All calendars
on_your_clock|On your clock
to_decide|to decide
busy_elsewhere|Busy elsewhere
nothing_that_day|Nothing on this day
book|Book …
book_it|Book it
with_whom|With whom
what_about|What it is about
call_off|Call off …
open_lead|Open the lead
plan_and_statement|Plan and statement
buy_credits|Buy credits …
buy_this|Buy this
buy_help|You see the price with tax before you pay.
pay_by|Pay by
up_to|Up to % credits.
lasts|Last about % days, until %, at the pace of the last week.
lasts_long|Last more than a year at the pace of the last week.
nothing_spent|Nothing was spent in the last week.
held_by_calls|% are held by live calls.
minutes_left|% prepaid minutes are left.
lapses|% credits lapse on %.
orders_open|Orders that are not paid: %.
spent_by_day|Spent by day
spent_says|% credits in 30 days.
latest_invoices|Latest invoices
all_invoices|All invoices
no_plan|You have no plan; credits alone are enough to call.
change_plan|Change the plan
see_plans|See the plans
top_up_says|When fewer than % are left, a pack is bought; at most % a month.
top_up_off|Nothing is bought by itself.
left_of|% left of %
p_new|New
p_again|To call again
p_late|Too late
buy_title|Buy credits
book_title|Book an appointment
number_ready|Answers
number_ordered|Asked for
number_unchecked|Being checked
number_refused|Refused
number_releasing|Being given back
answers_say|Half of the answers came within %, nine of ten within %; the line is one second.
was_before|before: %
`;
