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
none|Nothing here yet.
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
preview|Preview
confirm|Confirm
type_this|To have real people called, type
reject|Reject
new_campaign|New campaign
all_leads|Add all leads
others_in|The others are in a campaign already.
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
arguments|Arguments (JSON)
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
simulated|The next two weeks, on a copy
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
`;
