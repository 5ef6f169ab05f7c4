# Scenarios of a receptionist, at a hotel, a clinic and workshops: people call, or are called, and talk over Twilio's socket with an assistant
# that has tools. Each is graded by the rows that it leaves for the number that called: appointments, tasks, the do-not-call list,
# transfers, calls back, and what the call came to. Nobody else's rows change, whatever was said.
use strict;
use warnings;
use utf8;

use Digest::SHA qw(hmac_sha1_base64);
use Encode qw(encode_utf8 decode_utf8);
use HTTP::Tiny;
use JSON::PP;
use POSIX qw(strftime);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $json = JSON::PP->new->canonical;
my ($sid, $token) = ('AC' . '0a' x 16, 'token-of-twilio');
my %desk = (hotel => '+12125550171', clinic => '+12125550172', werkstatt => '+12125550173', taller => '+12125550174', garage => '+12125550175');

# ---- the carrier ----

my %ended;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my ($method, $path, $body) = @$asked{qw(method path body)};
	return $ended{$1} = 1, (200, {}) if $path =~ m{^/ended/(.+)};
	return (200, {incoming_phone_numbers => [ map { {sid => 'PN' . sprintf('%032d', substr($_, -4)), phone_number => $_} } sort values %desk ], next_page_uri => undef}) if $path =~ m{/IncomingPhoneNumbers};
	return (201, {sid => 'CA' . sprintf('%032d', $body =~ /(?:^|&)To=%2B(\d+)/), status => 'queued'}) if $method eq 'POST' && $path =~ m{/Calls\.json$};
	my ($id) = $path =~ m{/Calls/(CA\d+)\.json} or return (404, {});
	return (200, {sid => $id, $ended{$id} || $body =~ /Status=completed/ ? (status => 'completed', duration => '30') : (status => 'in-progress')});
});
my ($front, $gateway, $media) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 3;
my $on = spoken_server(vendors => 'regress/fakes/robots.py', exotel => $port, conf => {'voiceagent.media_port' => $media, 'voiceagent.gateway_port' => $gateway,
	'voiceagent.public_base_url' => "https://127.0.0.1:$front"});
my $node = $on->{node};
real_settings($node, [ {port => $port}, {port => $front}, {port => $media} ], model_private_hosts => "127.0.0.1:$on->{vendors}", lookup_interval => '1 minute');
my $tenant = create_tenant($node, 'va', 'Receptions', credits => 1000);
sub sql { return decode_utf8(as_tenant($node, 'va', $tenant, encode_utf8($_[0]))) }
my $account = sql(qq{SELECT voiceagent.create_provider_account('twilio', 'twilio', '{"account_sid": "$sid", "auth_token": "$token"}', '{"from_number": "+14155550101", "base_url": "http://127.0.0.1:$port"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'twilio')");
my $endpoint = sql("SELECT voiceagent.create_endpoint($account)");
sql("SELECT voiceagent.update_provider_account($account, settings => jsonb_build_object('stream_url', voiceagent.media_url($account)))");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'Twilio is armed', 60);
foreach my $vendor ([ 'openai', 'key-mind', '/v1', 'gpt-x', '' ], [ 'deepgram', 'key-ear', '', 'nova-3', '' ], [ 'elevenlabs', 'key-voice', '', 'eleven_flash_v2_5', ', "voice": "v-1"' ])
{
	my ($provider, $key, $path, $model, $more) = @$vendor;
	my $id = sql(qq{SELECT voiceagent.create_model_account('$provider', '$provider', '$key', '$model', 'http://127.0.0.1:$on->{vendors}$path', '{"in_calls": 1$more}', 64)});
	wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $id", 'ok', "$provider is there", 60);
}

# ---- the houses: where it is day now, closed on the fifth day from now ----

my $zone = VoiceAgentFaults::awake_zone();
my ($today) = $node->safe_psql('va', "SELECT (now() AT TIME ZONE '$zone')::date");
# Calls back are promised for hours in which the law lets us call, where the caller is: on no Sunday of Florida.
my ($soon, $days) = $node->safe_psql('va', "SELECT extract(isodow FROM now() AT TIME ZONE 'America/New_York') = 6") eq 't' ? ('the day after tomorrow', 2) : ('tomorrow', 1);
sub day { my ($n, $format) = @_; return $node->safe_psql('va', "SELECT to_char('$today'::date + $n, '$format')") }
my @week = qw(sun mon tue wed thu fri sat);
my @weekdays = qw(Sunday Monday Tuesday Wednesday Thursday Friday Saturday);
my %weekdays = (en => \@weekdays, de => [qw(Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag)], es => [qw(domingo lunes martes miércoles jueves viernes sábado)], fr => [qw(dimanche lundi mardi mercredi jeudi vendredi samedi)]);
sub weekday { my ($n, $language) = @_; return $weekdays{ $language // 'en' }[ day($n, 'D') - 1 ] }
sub at { my ($n, $hour) = @_; return day($n, 'YYYY-MM-DD') . "T$hour" }
my $open = $json->encode({start => '09:00', end => '18:00', days => [ map { $week[ day($_, 'D') - 1 ] } 1, 2, 3, 4, 6, 7 ]});
my $tools = '["free_slots", "book", "move_booking", "cancel_booking", "find_knowledge", "take_message", "make_offer", "send_information", "transfer", "call_back", "opt_out"]';
my (%calendar, %assistant);
foreach my $house ([ hotel => 'en', 'Good day, the Lake Hotel. How can I help you?' ], [ clinic => 'en', 'Hello, Doctor Moss. What can I do for you?' ],
	[ werkstatt => 'de', 'Guten Tag, Werkstatt Krause. Was kann ich für Sie tun?' ], [ taller => 'es', 'Buenos días, Taller Ruiz. ¿En qué puedo ayudarle?' ], [ garage => 'fr', 'Bonjour, le garage Petit. Que puis-je faire pour vous ?' ])
{
	my ($name, $language, $greeting) = @$house;
	$assistant{$name} = sql(qq{SELECT voiceagent.create_assistant('$name', '$greeting', 'You answer the telephone. Book appointments and take messages.', settings => '{"discloses": true, "language": "$language", "tools": $tools}')});
	$calendar{$name} = sql("SELECT voiceagent.create_calendar('$name', '$zone', '$open', '1 hour')");
	my $number = sql(qq{SELECT voiceagent.create_phone_number('$desk{$name}', $account, '{"ai_assistant_id": $assistant{$name}}')});
	sql("SELECT voiceagent.use_calendar($calendar{$name}, phone_number_id => $number)");
	wait_for_sql($node, 'va', "SELECT state FROM voiceagent.phone_numbers WHERE phone_number_id = $number", 'ready', "$name: its number is found", 60);
}
sql(q{SELECT voiceagent.create_assistant('Ann herself', 'Hello {{first_name}}, this is the Lake Hotel. Do you have a minute?', 'You call for a hotel.', settings => '{"discloses": true, "tools": ["call_back"]}')});
sql(qq{SELECT voiceagent.choose_knowledge($assistant{hotel}, ARRAY[voiceagent.add_knowledge('House', kind => 'markdown', content => E'# Parking\n\nParking costs 12 dollars a night.\n\n# Dogs\n\nDogs are welcome in the garden rooms.')])});
sql("SELECT voiceagent.add_agent('Ann Lee', ARRAY['+12125550201'], skills => ARRAY['weddings'])");

# Who has booked before, by its number; the fourth day of the hotel is full.
my %guest = (131 => [ 'Ida', 'Moor', 'hotel', 6, '12:00' ], 132 => [ 'Carl', 'Hill', 'clinic', 6, '17:00' ], 133 => [ 'Eva', 'Stone', 'hotel', 6, '11:00' ], 134 => [ 'Otto', 'Braun', 'werkstatt', 2, '09:00' ],
	135 => [ 'Gus', 'Hale', 'clinic', 2, '10:00' ], 136 => [ 'Max', 'Reed', 'clinic', 2, '11:00' ], map { (150 + $_ => [ 'Guest', "N$_", 'hotel', 4, sprintf('%02d:00', 9 + $_) ]) } 0 .. 8);
sub number { return "+13055550$_[0]" }
foreach my $who (sort keys %guest)
{
	my ($first, $last, $house, $day, $hour) = @{ $guest{$who} };
	sql(sprintf("SELECT voiceagent.add_appointment('%s'::timestamp AT TIME ZONE '$zone', lead_id => voiceagent.add_lead('%s', first_name => '$first', last_name => '$last'), calendar_id => $calendar{$house})", at($day, $hour), number($who)));
}

# ---- the scenarios: number, house or "called", what it is, each line with what the assistant does then, the rows ----

my $bye = [ 'Thank you, goodbye.', {say => 'Goodbye.', end => JSON::PP::true} ];
sub then { my ($say, @uses) = @_; return {defined $say ? (say => $say) : (), @uses ? (use => \@uses) : ()} }
my @scenarios = (
	[ 101, 'hotel', 'books a day and an hour', [ 'Ann Miller here. A table on ' . weekday(1) . ' at ten in the morning, please.', then(undef, [ book => {starts_at => at(1, '10:00'), name => 'Ann Miller'} ]) ], $bye,
		[ 'booked hotel 1 10:00', 'lead Ann Miller' ] ],
	[ 102, 'hotel', 'books in its own words', [ 'This is Bob Ray. Could I come the day after tomorrow at 4 pm?', then(undef, [ book => {starts_at => 'the day after tomorrow at 4 pm', name => 'Bob Ray'} ]) ], $bye,
		[ 'booked hotel 2 16:00', 'lead Bob Ray' ] ],
	[ 103, 'clinic', 'asks what is free, and takes the first, as it was said', [ 'What is free tomorrow?', then(undef, [ free_slots => {day => 'tomorrow'} ]) ],
		[ 'The first one, please. Cleo Hart.', then(undef, [ book => {starts_at => '{{free}}', name => 'Cleo Hart'} ]) ], $bye, [ 'booked clinic 1 09:00', 'lead Cleo Hart' ] ],
	[ 104, 'clinic', 'changes its mind in the middle of the sentence', [ 'Dora Lane. Tomorrow, no, sorry, the day after tomorrow at three in the afternoon.', then(undef, [ book => {starts_at => 'tomorrow, no, sorry, the day after tomorrow at three in the afternoon', name => 'Dora Lane'} ]) ], $bye,
		[ 'booked clinic 2 15:00', 'lead Dora Lane' ] ],
	[ 105, 'clinic', 'wants a day on which it is closed, and takes what is free', [ 'Fay Cole. ' . weekday(5) . ' at ten, please.', then(undef, [ book => {starts_at => at(5, '10:00'), name => 'Fay Cole'} ]) ],
		[ 'Then that one.', then(undef, [ book => {starts_at => '{{free}}', name => 'Fay Cole'} ]) ], $bye, [ 'booked clinic 6 09:00', 'lead Fay Cole' ] ],
	# What was kept for it meanwhile is free again in some minutes.
	[ 106, 'hotel', 'wants a full day, and does not come then', [ 'Is ' . weekday(4) . ' at noon free?', then(undef, [ book => {starts_at => at(4, '12:00'), name => 'Gil Ford'} ]) ],
		[ 'No, then I rather not come at all.', then('I am sorry.') ], $bye, [ 'held hotel 6 09:00' ] ],
	[ 107, 'clinic', 'wants an hour that is taken, and takes the next', [ 'Hal Knox. The day after tomorrow at ten.', then(undef, [ book => {starts_at => at(2, '10:00'), name => 'Hal Knox'} ]) ],
		[ 'Yes, that would do.', then(undef, [ book => {starts_at => '{{free}}', name => 'Hal Knox'} ]) ], $bye, [ 'booked clinic 2 12:00', 'lead Hal Knox' ] ],
	[ 108, 'hotel', 'wants a day that has passed', [ 'Yesterday at ten would have been good.', then(undef, [ book => {starts_at => at(-1, '10:00'), name => 'Ian Nash'} ]) ], [ 'Well, it was a joke.', then('I see.') ], $bye, [] ],
	[ 109, 'clinic', 'books, and moves it in the same call', [ 'Joy Park. Tomorrow at eleven.', then(undef, [ book => {starts_at => at(1, '11:00'), name => 'Joy Park'} ]) ],
		[ 'Oh, could we make it two in the afternoon?', then(undef, [ move_booking => {starts_at => at(1, '14:00')} ]) ], $bye, [ 'booked clinic 1 14:00', 'lead Joy Park' ] ],
	[ 110, 'clinic', 'books, and cancels it in the same call', [ 'Kim Rose. Tomorrow at twelve.', then(undef, [ book => {starts_at => at(1, '12:00'), name => 'Kim Rose'} ]) ],
		[ 'No, I cannot after all.', then(undef, [ cancel_booking => {} ]) ], $bye, [ 'canceled clinic 1 12:00', 'lead Kim Rose' ] ],
	[ 131, 'hotel', 'moves what it has booked before', [ 'Moor. My table on ' . weekday(6) . ', can I have it at three?', then(undef, [ move_booking => {name => 'Ida Moor', day => at(6, '00:00'), starts_at => at(6, '15:00')} ]) ], $bye,
		[ 'booked hotel 6 15:00', 'lead Ida Moor' ] ],
	[ 132, 'clinic', 'cancels what it has booked before', [ 'Carl Hill. I cannot come on ' . weekday(6) . '.', then(undef, [ cancel_booking => {name => 'Carl Hill', day => weekday(6)} ]) ], $bye,
		[ 'canceled clinic 6 17:00', 'lead Carl Hill' ] ],
	[ 133, 'hotel', 'names another day than it has booked', [ 'Stone. Cancel my table on ' . weekday(3) . '.', then(undef, [ cancel_booking => {name => 'Stone', day => weekday(3)} ]) ], [ 'Then I must look it up.', then('Please do.') ], $bye,
		[ 'booked hotel 6 11:00', 'lead Eva Stone' ] ],
	[ 111, 'clinic', 'wants to cancel what another has booked', [ 'I call for Mr. Hale. Cancel his visit.', then(undef, [ cancel_booking => {name => 'Gus Hale', day => at(2, '00:00')} ]) ], $bye, [] ],
	[ 136, 'clinic', 'wants its visit at an hour that is taken', [ 'Max Reed. Can I come an hour earlier?', then(undef, [ move_booking => {name => 'Max Reed', day => at(2, '00:00'), starts_at => at(2, '10:00')} ]) ], [ 'Then leave it as it is.', then('Of course.') ], $bye,
		[ 'booked clinic 2 11:00', 'lead Max Reed' ] ],
	[ 112, 'hotel', 'asks what the documents say', [ 'What does parking cost?', then(undef, [ find_knowledge => {question => 'What does parking cost?'} ]) ], $bye, [] ],
	[ 113, 'hotel', 'asks what they do not say, and leaves a message', [ 'Do you have a helicopter pad?', then(undef, [ find_knowledge => {question => 'Do you have a helicopter pad?'} ]) ],
		[ 'Then ask them to write to me. Lou Penn.', then(undef, [ take_message => {message => 'Is there a helicopter pad?', name => 'Lou Penn'} ]) ], $bye, [ 'lead Lou Penn', 'task message: Is there a helicopter pad?' ] ],
	[ 114, 'hotel', 'is put through', [ 'It is about a wedding. I want to speak to a person.', then('One moment, I am putting you through. It will ring now. Please stay on the line. Somebody will help you.', [ transfer => {reason => 'a wedding', skill => 'weddings'} ]) ], [ '', 'hangs up' ],
		[ 'promise to connect kept', 'put through to Ann Lee' ] ],
	[ 115, 'clinic', 'wants a person for what nobody does, and leaves a message', [ 'I must speak to the accountant.', then('Nobody is there for that. May I take a message?', [ transfer => {reason => 'accounts', skill => 'accounts'} ]) ],
		[ 'Tell her that my bill is wrong. Meg Shaw.', then(undef, [ take_message => {message => 'The bill is wrong.', name => 'Meg Shaw'} ]) ], $bye, [ 'lead Meg Shaw', 'task message: The bill is wrong.' ] ],
	[ 116, 'clinic', 'complains', [ 'This is Ned West. I waited for two hours, that is a disgrace.', then(undef, [ take_message => {message => 'A complaint: waited for two hours.', name => 'Ned West'} ]) ], $bye,
		[ 'lead Ned West', 'task message: A complaint: waited for two hours.' ] ],
	[ 117, 'hotel', 'makes an offer', [ 'Pat Yale. For the whole house I pay 9,000 dollars.', then(undef, [ make_offer => {amount => '9,000', currency => 'USD', subject => 'the whole house', name => 'Pat Yale'} ]) ], $bye,
		[ 'lead Pat Yale', 'offer 9000 USD', 'task offer: Offers USD 9,000.00 for the whole house' ] ],
	[ 118, 'hotel', 'wants the prices by mail', [ 'Please send the prices to roy at example dot com.', then(undef, [ send_information => {what => 'House', email => 'roy@example.com'} ]) ], $bye,
		[ 'task information: Send "House" to roy@example.com' ] ],
	[ 119, 'clinic', 'wants a call back', [ "Sue Bell. Call me back $soon at two in the afternoon.", then(undef, [ call_back => {when => "$soon at two in the afternoon", name => 'Sue Bell'} ]) ], $bye,
		[ "called back $days 14:00", 'lead Sue Bell' ] ],
	[ 120, 'clinic', 'wants no call at an hour, but calls', [ "Tom Dale. Do not call me before noon, call me $soon at three in the afternoon.", then(undef, [ call_back => {when => "$soon at three in the afternoon", name => 'Tom Dale'} ]) ], $bye,
		[ "called back $days 15:00", 'lead Tom Dale' ] ],
	[ 121, 'hotel', 'wants no calls, and says so', [ 'Take me off your list, and never call me again.', then('Of course.') ], $bye, [ 'wants no calls' ] ],
	[ 122, 'werkstatt', 'will keine Anrufe', [ 'Rufen Sie mich nie wieder an!', then('Selbstverständlich.') ], [ 'Auf Wiederhören.', {say => 'Auf Wiederhören.', end => JSON::PP::true} ], [ 'wants no calls' ] ],
	[ 123, 'werkstatt', 'bucht', [ 'Hier Karl Vogt. Übermorgen um 15 Uhr, geht das?', then(undef, [ book => {starts_at => 'übermorgen um 15 Uhr', name => 'Karl Vogt'} ]) ], [ 'Danke, auf Wiederhören.', {say => 'Auf Wiederhören.', end => JSON::PP::true} ],
		[ 'booked werkstatt 2 15:00', 'lead Karl Vogt' ] ],
	[ 134, 'werkstatt', 'verlegt, und nimmt, was frei ist', [ 'Braun. Was ist morgen frei?', then(undef, [ free_slots => {day => 'morgen'} ]) ],
		[ 'Dann verlegen Sie mich auf das erste.', then(undef, [ move_booking => {name => 'Braun', day => 'übermorgen', starts_at => '{{free}}'} ]) ], [ 'Danke, auf Wiederhören.', {say => 'Auf Wiederhören.', end => JSON::PP::true} ],
		[ 'booked werkstatt 1 09:00', 'lead Otto Braun' ] ],
	[ 124, 'taller', 'reserva lo primero que hay', [ '¿Qué hay libre mañana?', then(undef, [ free_slots => {day => 'mañana'} ]) ], [ 'La primera, por favor. Soy Eva Gil.', then(undef, [ book => {starts_at => '{{free}}', name => 'Eva Gil'} ]) ],
		[ 'Gracias, adiós.', {say => 'Adiós.', end => JSON::PP::true} ], [ 'booked taller 1 09:00', 'lead Eva Gil' ] ],
	[ 125, 'garage', 'réserve le premier créneau', [ 'Qu\'est-ce qui est libre demain ?', then(undef, [ free_slots => {day => 'demain'} ]) ], [ 'Le premier, s\'il vous plaît. Luc Roux.', then(undef, [ book => {starts_at => '{{free}}', name => 'Luc Roux'} ]) ],
		[ 'Merci, au revoir.', {say => 'Au revoir.', end => JSON::PP::true} ], [ 'booked garage 1 09:00', 'lead Luc Roux' ] ],
	[ 126, 'hotel', 'hangs up before it has chosen', [ 'Uma Reed. What is free on ' . weekday(7) . '?', then(undef, [ free_slots => {day => at(7, '00:00')} ]) ], [ '', 'hangs up' ], [] ],
	[ 141, 'called', 'is a wrong number', [ 'There is no Lead here, you have the wrong number.', then('I am sorry, goodbye.', ) ], $bye, [ 'lead Lead', 'outcome wrong_number' ] ],
	[ 142, 'called', 'is a machine', [ 'You have reached the voicemail of 5550142. Please leave a message after the tone.', {say => 'Goodbye.', end => JSON::PP::true} ], [ 'lead Lead', 'outcome voicemail' ] ],
	[ 143, 'called', 'asks whether it is a robot, and wants to be called later', [ 'Am I talking to a robot?', then('Yes, I am an AI assistant. Do you have a minute?') ], [ 'Not now, call me tomorrow at three in the afternoon.', then(undef, [ call_back => {when => 'tomorrow at three in the afternoon'} ]) ], $bye,
		[ 'called back 1 15:00', 'lead Lead', 'outcome callback' ] ],
	[ 144, 'called', 'wants no calls', [ 'I do not want these calls. Remove my number.', then('Of course.') ], $bye, [ 'lead Lead', 'outcome do_not_call', 'wants no calls' ] ]);
foreach my $one (@scenarios)
{
	my ($who, $house, $what, @rest) = @$one;
	my $leaves = pop @rest;
	my @lines = map { my ($say, $then) = @{ $rest[$_] }; {turn => $_ + 1, say => $say, ref $then ? (then => $then) : (hang_up => JSON::PP::true)} } 0 .. $#rest;
	$one = {number => number($who), house => $house, what => "$house: $what", leaves => $leaves, person => {carrier => 'twilio', lines => \@lines, rate => 0, seed => 1, sid => 'CA' . sprintf('%032d', number($who) =~ s/\+//r)}};
}

# ---- what there is, by number ----

my $rows = qq{SELECT phone || '|' || line FROM (
	SELECT l.phone, concat_ws(' ', 'lead', l.first_name, l.last_name) AS line FROM voiceagent.leads l
	UNION ALL SELECT coalesce(l.phone, c.phone), format('%s %s %s %s', CASE WHEN a.status IN ('confirmed', 'pending') THEN 'booked' ELSE a.status::text END, k.name, (a.starts_at AT TIME ZONE '$zone')::date - '$today'::date, to_char(a.starts_at AT TIME ZONE '$zone', 'HH24:MI'))
		FROM voiceagent.appointments a LEFT JOIN voiceagent.calendars k USING (tenant_id, calendar_id) LEFT JOIN voiceagent.leads l USING (tenant_id, lead_id) LEFT JOIN voiceagent.calls c USING (tenant_id, call_id)
	UNION ALL SELECT coalesce(t.contact_phone, c.phone), CASE t.kind WHEN 'promise' THEN format('promise to %s %s', t.promise, CASE WHEN t.finished_at IS NULL THEN 'waits' ELSE 'kept' END)
			ELSE format('task %s: %s', t.kind, regexp_replace(t.note, ' \\(the address.*', '')) END FROM voiceagent.tasks t LEFT JOIN voiceagent.calls c USING (tenant_id, call_id)
	UNION ALL SELECT c.phone, format('offer %s %s', trim_scale(o.amount), o.currency) FROM voiceagent.offers o JOIN voiceagent.tasks t USING (tenant_id, task_id) JOIN voiceagent.calls c ON c.tenant_id = t.tenant_id AND c.call_id = t.call_id
	UNION ALL SELECT d.phone, CASE WHEN d.held THEN 'held' ELSE 'wants no calls' END FROM voiceagent.do_not_call_list d
	UNION ALL SELECT c.phone, format('put through to %s', a.name) FROM voiceagent.transfers t JOIN voiceagent.calls c USING (tenant_id, call_id) LEFT JOIN voiceagent.agents a USING (tenant_id, agent_id)
	UNION ALL SELECT l.phone, format('called back %s %s', (b.at AT TIME ZONE z.zone)::date - ((SELECT max(c.started_at) FROM voiceagent.calls c WHERE c.tenant_id = l.tenant_id AND c.phone = l.phone) AT TIME ZONE z.zone)::date, to_char(b.at AT TIME ZONE z.zone, 'HH24:MI')) FROM (
			SELECT i.tenant_id, i.lead_id, i.promised_at AS at FROM voiceagent_private.incoming_callbacks i
			UNION ALL SELECT q.tenant_id, q.lead_id, q.not_before FROM voiceagent_private.call_queue q JOIN voiceagent.campaigns k USING (tenant_id, campaign_id) WHERE q.reason = 'callback' AND k.name LIKE 'Campaign%') b JOIN voiceagent.leads l USING (tenant_id, lead_id)
			-- An hour that somebody names is that of the place where it is.
			CROSS JOIN LATERAL (SELECT l.timezones[1] AS zone) z
	UNION ALL SELECT c.phone, 'outcome ' || c.outcome FROM voiceagent.calls c WHERE c.direction <> 'inbound') r ORDER BY 1};
sub there { my %there; foreach my $row (split /\n/, decode_utf8($node->safe_psql('va', $rows))) { my ($phone, $line) = split /\|/, $row, 2; push @{ $there{$phone} }, $line } return map { ($_ => join(', ', sort @{ $there{$_} })) } keys %there }
my %before = there();

# ---- they talk ----

sub webhook
{
	my ($url, %form) = @_;
	my $signed = join('', $url, map { $_ . $form{$_} } sort keys %form);
	return HTTP::Tiny->new(timeout => 30)->post($url =~ s{^https://[^/]+}{http://127.0.0.1:$gateway}r, {content => HTTP::Tiny->new->www_form_urlencode(\%form),
		headers => {'content-type' => 'application/x-www-form-urlencoded', 'x-twilio-signature' => hmac_sha1_base64($signed, $token) . '='}});
}
sub near { my ($document) = @_; my ($stream) = $document =~ s/&amp;/&/gr =~ m{<Stream url="wss://[^/"]+([^"]+)"}; return "ws://127.0.0.1:$media$stream" }

my @called = grep { $_->{house} eq 'called' } @scenarios;
start_leads($node, $tenant, [ map { $_->{number} } @called ], account => $account, settings => {max_call_duration => '5 minutes', record_calls => 'off', retry_attempts => 1, map { ($_ => '1 day') } qw(retry_delay retry_delay_busy retry_delay_no_answer retry_delay_unfinished)});
ok(wait_until(sub { scalar(came('POST', qr{/Calls\.json$})) == @called }, 60), 'those are dialled who are called');
foreach my $dial (came('POST', qr{/Calls\.json$}))
{
	my %field = map { my ($name, $value) = split /=/, $_, 2; ($name, unescaped(($value // '') =~ tr/+/ /r)) } split /&/, $dial->{body};
	my ($one) = grep { $_->{number} eq $field{To} } @called;
	($one->{person}{stream}, $one->{tell}) = (near($field{Twiml}), $field{StatusCallback} =~ s/#.*//r);
}
foreach my $one (grep { $_->{house} ne 'called' } @scenarios)
{
	$one->{form} = {CallSid => $one->{person}{sid}, AccountSid => $sid, Direction => 'inbound', From => $one->{number}, To => $desk{ $one->{house} }};
	$one->{person}{stream} = near(webhook($endpoint, %{ $one->{form} }, CallStatus => 'ringing')->{content});
	$one->{tell} = $endpoint;
}
my $answer = HTTP::Tiny->new(timeout => 300)->post("http://127.0.0.1:$on->{vendors}/fake", {content => encode_utf8($json->encode({at_once => 12, people => [ map { $_->{person} } @scenarios ]}))});
die "$answer->{status} $answer->{content}" unless $answer->{success};
my @talks = @{ $json->decode(decode_utf8($answer->{content}))->{talks} };
foreach my $n (0 .. $#scenarios)
{
	my $one = $scenarios[$n];
	$one->{talk} = $talks[$n];
	HTTP::Tiny->new(timeout => 20)->post("http://127.0.0.1:$port/ended/$one->{person}{sid}", {content => '{}'});
	my %form = (%{ $one->{form} // {CallSid => $one->{person}{sid}, AccountSid => $sid, Direction => 'outbound-api'} }, CallStatus => 'completed', CallDuration => int($talks[$n]{seconds}) || 1,
		Timestamp => strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime), SequenceNumber => 3);
	wait_until(sub { webhook($one->{tell}, %form)->{success} }, 30) or die "the end of $one->{what} cannot be told";
}
is(join("\n", map { "$_->{what}: $_->{talk}{status}" } grep { $_->{talk}{status} !~ /^(?:closed|hung up)$/ } @scenarios), '', 'all of them talk to their end');
is(join("\n", map { "$_->{path}: $_->{wrong}" } grep { defined $_->{wrong} } vendors_saw($on)), '', 'nobody has said what it was not to say');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.calls WHERE outcome IS NULL', 0, 'each call has an outcome', 120);
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.calls_to_follow', 0, '... and what follows from it is done', 120);

# ---- graded by rows ----

my %after = there();
my $held = 0;
foreach my $one (@scenarios)
{
	my $left = delete $after{ $one->{number} } // '';
	if (is(encode_utf8($left), encode_utf8(join(', ', sort @{ $one->{leaves} })), encode_utf8($one->{what}))) { $held++ }
	else { note($node->safe_psql('va', "SELECT string_agg(concat(t.speaker, ': ', t.text), E'\\n' ORDER BY t.turn) FROM voiceagent.call_turns t JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.phone = '$one->{number}'")) }
	delete $before{ $one->{number} };
}
is_deeply(\%after, \%before, 'nobody else\'s rows have changed');
my ($through) = grep { $_->{what} =~ /is put through$/ } @scenarios;
is_sql($node, 'va', "SELECT string_agg(t.text, ' ' ORDER BY t.turn) FROM voiceagent.call_turns t JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.phone = '$through->{number}' AND t.speaker = 'assistant'",
	join(' ', @{ $through->{talk}{heard} }), 'who is put through is told all of it, and all that was heard is kept');
note("$held of " . @scenarios . ' held');
is_sql($node, 'va', "SELECT concat_ws(' ', call_id, event_data ->> 'engine', event_data ->> 'why') FROM voiceagent.events WHERE event_type = 'media_engine_failed' ORDER BY 1", '', 'no engine has failed');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'nothing is violated');
done_testing();
