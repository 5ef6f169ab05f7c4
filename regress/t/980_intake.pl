# Leads that programs of others leave at an address: any shape of JSON and forms become what a row of a file would, once,
# and are called at once; what is not proved, too long or no lead has no effect.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;

$SIG{PIPE} = 'IGNORE';
my $json = JSON::PP->new->canonical->utf8;
sub encode_json { return $json->encode(@_) }
sub decode_json { return $json->decode(@_) }
my $keys = PostgreSQL::Test::Utils::tempdir();
append_to_file("$keys/vault", '0123456789abcdef' x 4);
chmod 0600, "$keys/vault";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$keys/vault", 'voiceagent.gateway_max_body_kb' => 2048);
my ($tenant, $other) = map { create_tenant($node, 'va', $_, credits => 1000) } qw(Intake Other);
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '10')});
wait_workers($node, 'the workers run');
my ($port) = $node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()') =~ /:(\d+)$/;
ok($port, 'the gateway has an address');

my %hours = (calling_hours => {start => '00:00', end => '24:00', days => [qw(mon tue wed thu fri sat sun)]});
my $assistant = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('A', 'Hi.', 'Be kind.')});
my $account = as_tenant($node, 'va', $tenant, q{SELECT min(provider_account_id) FROM voiceagent.provider_accounts WHERE provider = 'sandbox'});
my $campaign = as_tenant($node, 'va', $tenant, sprintf(q{SELECT voiceagent.create_campaign('Speed to lead', %d, settings := '%s')}, $assistant, encode_json(\%hours)));

sub intake
{
	my ($arguments, $of) = @_;
	return decode_json(as_tenant($node, 'va', $of // $tenant, "SELECT voiceagent.create_intake($arguments)"));
}

my $may_wait;
sub send_to
{
	my ($intake, $body, %headers) = @_;
	my ($path) = $intake->{url} =~ m{(/intake/.*)};
	my $answer = send_raw($port, request_text('POST', $path, $body, 'Content-Type' => 'application/json', %headers));
	$answer->{json} = eval { decode_json($answer->{body}) };
	# Where another transaction had the leads, it is what came of it a moment later.
	if (!$may_wait && ($answer->{json}{outcome} // '') eq 'waiting')
	{
		my $request = "FROM voiceagent.intake_requests r WHERE tenant_id IN ($tenant, $other) AND intake_id = $intake->{intake_id}";
		wait_until(sub { $node->safe_psql('va', "SELECT count(*) $request AND outcome = 'waiting'") == 0 }, 60);
		@{$answer->{json}}{qw(outcome lead_id)} = split /\|/, $node->safe_psql('va', "SELECT outcome, lead_id $request ORDER BY received_at DESC LIMIT 1");
		$answer = {status => 422, body => $node->safe_psql('va', "SELECT last_refusal FROM voiceagent.intakes WHERE tenant_id IN ($tenant, $other) AND intake_id = $intake->{intake_id}")} if $answer->{json}{outcome} eq 'refused';
	}
	return $answer;
}

sub lead_of { my ($phone, $what) = @_; return $node->safe_psql('va', "SELECT $what FROM voiceagent.leads l WHERE tenant_id = $tenant AND phone = '$phone'") }

# ---- a campaign that is empty ----

is((as_tenant_error("SELECT voiceagent.start_campaign($campaign)"))[0], 'the campaign has no leads to call', 'an empty campaign that awaits nobody does not start');
sub as_tenant_error
{
	my ($sql) = @_;
	my ($code, $out, $err) = $node->psql('va', VoiceAgent::acting_for($tenant, $sql));
	return $err =~ /ERROR:\s+(.*)/;
}
my $web = intake("'Web form', campaign_id := $campaign, default_country := 'US', consent := '" . encode_json({kinds => [qw(call text)], wording => 'Acme may call me.', version => '2026-11', always => JSON::PP::true}) . "'");
like($web->{url}, qr{/intake/[A-Za-z0-9_-]{40,}$}, 'an intake has an address');
is(as_tenant($node, 'va', $tenant, "SELECT voiceagent.start_campaign($campaign)"), 'running', '... with which it does');

# ---- a lead, and its call ----

my $began = time;
my $answer = send_to($web, encode_json({event => {id => 'e1'}, contact => {'Full name' => 'Ada Roe', phone => '(212) 555-0101', roof => 'slate'}}));
is($answer->{status}, 200, 'JSON of a shape of its own is taken') or diag($answer->{body});
is($answer->{json}{outcome}, 'added', '... as a lead');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant", 1, '... which is dialled');
cmp_ok($node->safe_psql('va', "SELECT extract(epoch FROM c.started_at - r.received_at) FROM voiceagent.calls c, voiceagent.intake_requests r WHERE c.tenant_id = $tenant AND r.tenant_id = $tenant"), '<', 1, '... within a second');
is(lead_of('+12125550101', q{first_name || ' ' || last_name || ' ' || (context ->> 'roof')}), 'Ada Roe slate', 'names and context are those of a file');
is($node->safe_psql('va', "SELECT string_agg(kind || ' ' || wording || ' ' || version || ' ' || source, '; ' ORDER BY kind) FROM voiceagent.consents WHERE tenant_id = $tenant"),
	'call Acme may call me. 2026-11 intake Web form; text Acme may call me. 2026-11 intake Web form', 'the consent has its words and their version');

$answer = send_to($web, encode_json({event => {id => 'e1'}, contact => {'Full name' => 'Ada Roe', phone => '(212) 555-0101', roof => 'slate'}}));
is(join(' ', $answer->{status}, $answer->{json}{outcome}, $answer->{json}{repeated} ? 1 : 0), '200 added 1', 'the same again is answered alike');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant"), 1, '... and has no effect');

$answer = send_to($web, 'name=Ben+Lee&phone=%2B1+212+555+0102&note=caf%C3%A9', 'Content-Type' => 'application/x-www-form-urlencoded');
is($answer->{json}{outcome}, 'added', 'a form is taken');
is(lead_of('+12125550102', q{context ->> 'note'}), 'café', '... with what it says');

# ---- what is refused ----

is(send_to({url => '/intake/' . 'x' x 43}, '{"phone": "+12125550109"}')->{status}, 401, 'an address that is none is refused');
is(send_to($web, '{"phone": ')->{status}, 422, 'so is what is no JSON');
is(send_to($web, '{"name": "Nobody"}')->{status}, 422, '... what has no number');
like(send_to($web, '{"phone": "12345"}')->{body}, qr/number/, '... and what is none, with the reason');
is(send_to($web, encode_json({phone => '+12125550110', note => 'x' x 1_000_000}))->{status}, 413, 'a request of a megabyte is too long');
like(told($web), qr/at most 65536 bytes/, '... and who made the address is told');
is($node->safe_psql('va', "SELECT refused FROM voiceagent.intakes WHERE tenant_id = $tenant"), 4, 'refusals are counted');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant"), 2, '... and leave no lead');
is(send_to($web, '[' x 60_000)->{status}, 422, 'what is nested beyond all measure is refused as well');

is(send_to($web, encode_json({phone => '+12125550150', comments => 'Charge 4111 1111 1111 1111, code 123, at 12 Elm St.', order => '4000-12'}))->{json}{outcome}, 'added', 'what people write may have a card in it');
is(lead_of('+12125550150', q{(context ->> 'comments') || ' ' || (context ->> 'order')}), 'Charge ****, code ****, at 12 Elm St. 4000-12', '... which is not kept');

my $signed = intake("'Signed', signed := true, sender_id := 'id'");
my $body = '{"id": 7, "phone": "+1 212 555 0103"}';
sub refusals { return $node->safe_psql('va', "SELECT refused, last_refusal FROM voiceagent.intakes WHERE tenant_id = $tenant AND intake_id = $signed->{intake_id}") }
is(send_to($signed, $body)->{status}, 401, 'without a signature nothing is taken where one is asked for');
is(send_to($signed, $body, 'X-Hub-Signature-256' => 'sha256=' . hmac_sha256_hex($body, 'another'))->{status}, 401, '... nor with another');
is(refusals(), '2|the signature is missing or wrong', '... and who made the address is told');
is(send_to($signed, $body, 'X-Hub-Signature-256' => 'sha256=' . hmac_sha256_hex($body, $signed->{secret}))->{json}{outcome}, 'added', '... with its own it is');
is($node->safe_psql('va', "SELECT sender_id FROM voiceagent.intake_requests WHERE tenant_id = $tenant ORDER BY received_at DESC LIMIT 1"), 7, '... by the sender\'s id');

# ---- presets ----

foreach my $sent (
	['hubspot', {vid => 1, properties => {phone => {value => '+12125550121'}, firstname => {value => 'Hub'}, lastname => {value => 'Spot'}}}, 'Hub Spot'],
	['salesforce', {Id => '00Q1', FirstName => 'Sales', LastName => 'Force', Phone => '+12125550122', MobilePhone => '+12125550132', DoNotCall => JSON::PP::false}, 'Sales Force'],
	['pipedrive', {meta => {id => 'm1', action => 'create'}, data => {name => 'Pipe Drive', phone => [{label => 'work', value => '+12125550123', primary => JSON::PP::true}], email => [{value => 'p@example.com'}]}}, 'Pipe Drive'],
	['gohighlevel', {type => 'ContactCreate', id => 'g1', firstName => 'High', lastName => 'Level', phone => '+12125550124', dnd => JSON::PP::false}, 'High Level'],
	['facebook', {id => 'f1', created_time => '2026-11-20T10:00:00+0000', field_data => [{name => 'full_name', values => ['Face Book']}, {name => 'phone_number', values => ['+12125550125']}]}, 'Face Book'])
{
	my $intake = intake("'$sent->[0]', preset := '$sent->[0]'");
	my $taken = send_to($intake, encode_json($sent->[1]));
	is($taken->{json}{outcome}, 'added', "$sent->[0]: the shape is known") or diag($taken->{body});
	is($node->safe_psql('va', qq{SELECT first_name || ' ' || last_name FROM voiceagent.leads WHERE lead_id = } . ($taken->{json}{lead_id} // 0)), $sent->[2], '... and the name');
}
my $gone = intake("'Dnd', preset := 'gohighlevel'");
is(send_to($gone, encode_json({id => 'g2', phone => '+12125550126', dnd => JSON::PP::true}))->{json}{outcome}, 'do_not_call', 'who wants no calls is listed');
is(lead_of('+12125550126', 'count(*)'), 0, '... and no lead');
foreach my $later (
	['hubspot', {vid => 5, phone => '+12125550128', firstname => 'Before'}, {vid => 5, phone => '+12125550128', firstname => 'After'}, 'updated'],
	['salesforce', {Id => '00Q5', Phone => '+12125550129', DoNotCall => JSON::PP::false}, {Id => '00Q5', Phone => '+12125550129', DoNotCall => JSON::PP::true}, 'do_not_call'],
	['gohighlevel', {id => 'g5', phone => '+12125550130', dnd => JSON::PP::false}, {id => 'g5', phone => '+12125550130', dnd => JSON::PP::true}, 'do_not_call'])
{
	my $intake = intake("'Later', preset := '$later->[0]'");
	send_to($intake, encode_json($later->[1]));
	is(send_to($intake, encode_json($later->[2]))->{json}{outcome}, $later->[3], "$later->[0]: what a contact says later has its effect");
}
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE tenant_id = $tenant AND phone IN ('+12125550129', '+12125550130')"), 2, '... and who wants no calls any more is listed');

# ---- a number that is a lead already, or on the list ----

my $known = send_to(intake("'Again', consent := '" . encode_json({kinds => [qw(call text)], wording => 'And again.', version => '8', always => JSON::PP::true}) . "'"), '{"phone": "+12125550121"}');
is("$known->{json}{outcome} $known->{json}{lead_id}", 'updated ' . lead_of('+12125550121', 'lead_id'), 'a lead that was there is the one that is answered');
is($node->safe_psql('va', "SELECT string_agg(kind || ' ' || wording || ' ' || version, '; ' ORDER BY kind) FROM voiceagent.consents WHERE tenant_id = $tenant AND phone = '+12125550121' AND source = 'intake Again'"),
	'call And again. 8; text And again. 8', '... and its new consents have their words');
my $asked = intake("'Asked', default_country := 'US', consent := '" . encode_json({kinds => [qw(call text)], wording => 'Yes.'}) . "'");
is(join(' ', map { send_to($asked, encode_json({phone => '(212) 555-0131', name => "$_ Roe", consent => $_}))->{json}{outcome} } qw(yes no)), 'added updated', 'one that says more on the same day is updated');
is(lead_of('+12125550131', 'first_name'), 'no', '... with what it says');
is($node->safe_psql('va', "SELECT string_agg(kind || ' ' || (revoked_at IS NOT NULL), ' ' ORDER BY kind) FROM voiceagent.consents WHERE tenant_id = $tenant AND phone = '+12125550131'"), 'call true text true', '... and no takes back all that the words spoke of');
my $by_text = intake("'By text', consent := '" . encode_json({kinds => ['text'], wording => 'Texts alone.'}) . "'");
sub given { my ($says) = @_; send_to($by_text, encode_json({phone => '+12125550132', consent => $says})); return $node->safe_psql('va', "SELECT string_agg(kind || ' ' || (revoked_at IS NULL), ' ' ORDER BY consent_id) FROM voiceagent.consents WHERE tenant_id = $tenant AND phone = '+12125550132'") }
is(join(', ', map { given($_) } qw(yes no)), 'text true, text false', 'words that speak of texts alone give no consent to calls, and are taken back as well');
is(send_to(intake("'List', preset := 'gohighlevel'"), '{"phone": "+12125550127", "dnd": true}')->{json}{lead_id}, undef, 'one that is put on the list alone has no lead');

# ---- whose number it is ----

sub taken { my ($intake, $what) = @_; my $got = send_to($intake, encode_json($what)); return $got->{json}{outcome} // $got->{json}{message} // $got->{status} }
my $whose = intake("'Whose', preset := 'gohighlevel', consent := '" . encode_json({kinds => [qw(call text)], wording => 'Yes.', always => JSON::PP::true}) . "'");
foreach my $n (1 .. 3)
{
	is(taken($whose, {contact_id => "c$n", first_name => "Gia $n", phone => "+1212555042$n", location => {name => 'Acme', phone => '+12125550491'}, user => {firstName => 'Rep', phone => '+12125550490', email => 'rep@x.example', consent => 'no', dnd => JSON::PP::true, timezone => 'UTC'}}), 'added', "the customer $n of one representative is a lead of its own");
}
is(lead_of('+12125550422', q{first_name || ' ' || (email IS NULL) || ' ' || (context ->> 'user.email') || ' ' || (SELECT count(*) FROM voiceagent.lead_numbers n WHERE n.tenant_id = l.tenant_id AND n.lead_id = l.lead_id) || ' ' || (SELECT string_agg(kind, ',' ORDER BY kind) FROM voiceagent.consents c WHERE c.tenant_id = l.tenant_id AND c.phone = l.phone)}), 'Gia 2 true rep@x.example 0 call,text', '... with its own name, number and consents, the rest as context');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant AND phone IN ('+12125550490', '+12125550491')"), 0, '... and the representative is none');
$answer = send_to($whose, encode_json({name => 'No', user => {phone => '+12125550490'}}));
like("$answer->{status} $answer->{body}", qr/^422 .*no field is a phone number/, 'somebody else\'s number is none of the lead');
like(send_to($whose, encode_json({phone => '+12125550492', contact => {phone => '+12125550493'}}))->{body}, qr/two fields are the number of the lead: .*contact\.phone.* and .*phone/, 'two that could be it are refused by name');
my $path = intake("'Path', mapping := '{\"phone\": \"owner.phone\", \"who\": \"owner.name\"}'");
is(taken($path, {phone => '+12125550494', owner => {name => 'O', phone => '+12125550495'}}), 'added', 'a whole path in a mapping is obeyed');
is(lead_of('+12125550495', q{context ->> 'who'}), 'O', '... for a variable as well');
$answer = send_to($whose, encode_json({leads => [map { {first_name => "P$_", phone => "+1212555043$_"} } 1 .. 7]}));
is(join(' ', map { $_->{outcome} } @{$answer->{json}{leads}}), 'added added added added added waiting waiting', 'a list of people is as many leads, each with its answer');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant AND phone BETWEEN '+12125550431' AND '+12125550437'", 7, '... and those that wait are taken after');
is(join(' ', map { $_->{repeated} ? 1 : 0 } @{send_to($whose, encode_json({leads => [map { {first_name => "P$_", phone => "+1212555043$_"} } 1 .. 7]}))->{json}{leads}}), '1 1 1 1 1 1 1', '... once');

# ---- what a person says of calls and texts ----

sub kinds_of { my ($phone) = @_; return $node->safe_psql('va', "SELECT coalesce(string_agg(kind, ',' ORDER BY kind), '') || CASE WHEN EXISTS (SELECT FROM voiceagent.text_stops WHERE tenant_id = $tenant AND phone = '$phone' AND lifted_at IS NULL) THEN ' stopped' ELSE '' END FROM voiceagent.consents WHERE tenant_id = $tenant AND phone = '$phone' AND revoked_at IS NULL") }
sub told { my ($of) = @_; return $node->safe_psql('va', "SELECT last_refusal FROM voiceagent.intakes WHERE tenant_id = $tenant AND intake_id = $of->{intake_id}") }
my %by = map { $_ => intake("'$_ boxes', consent := '" . encode_json({kinds => [qw(call text)], wording => 'Yes.', always => $_ eq 'always' ? JSON::PP::true : JSON::PP::false}) . "'") } qw(always asked);
my $last = 0;
foreach my $box (
	['asked', {consent => 'yes', sms_consent => 'no'}, 'call'],
	['asked', {consent => 'yes'}, 'call,text'],
	['asked', {call_consent => 'yes', sms_consent => 'yes'}, 'call,text'],
	['asked', {sms_opt_in => JSON::PP::true}, 'text'],
	['asked', {consent => {calls => JSON::PP::true, texts => JSON::PP::false}}, 'call'],
	['always', {sms_consent => 'no'}, 'call'],
	['always', {'SMS Opt-In' => 'No'}, 'call'],
	['always', {text_consent => 'false'}, 'call'],
	['always', {call_consent => 'no'}, 'text'],
	['always', {opt_in => JSON::PP::false}, ''],
	['always', {consent => 'unchecked'}, ''],
	['always', {consent => ''}, ''],
	['always', {HasOptedOutOfSms => JSON::PP::true}, 'call stopped'],
	['always', {dndSettings => {SMS => {status => 'active'}, Call => {status => 'inactive'}}}, 'call stopped'],
	['always', {doNotContact => [{channel => 'sms', reason => 1}]}, 'call stopped'],
	['always', {cookie_consent => 'no'}, 'call,text'])
{
	my $phone = sprintf '+1212555%04d', 200 + ++$last;
	is(taken($by{$box->[0]}, {phone => $phone, %{$box->[1]}}), 'added', "$box->[0]: " . encode_json($box->[1]));
	is(kinds_of($phone), $box->[2], '... gives what it says');
}
foreach my $stop (
	{type => 'ContactDndUpdate', dnd => JSON::PP::false, dndSettings => {Call => {status => 'active', message => 'asked', code => '103'}}},
	{dndSettings => {Call => {status => 'permanent'}}},
	{inboundDndSettings => {all => {status => 'active'}}},
	{optedOut => {call => JSON::PP::true}},
	{doNotContact => [{channel => 'phone', reason => 3}]},
	{status => 'unsubscribed'},
	{compliance => {do_not_call => 'since May'}})
{
	my $phone = sprintf '+1212555%04d', 200 + ++$last;
	is(taken($by{always}, {phone => $phone, %{$stop}}), 'do_not_call', encode_json($stop) . ' lists the number');
	like(lead_of($phone, 'count(*)') . kinds_of($phone), qr/^0( stopped)?$/, '... and leaves no lead and no consent');
}
is(taken($by{asked}, {phone => '+12125550290', opt_in => 'checked'}), 'added', 'a consent that is not understood is none');
is(told($by{asked}), '"opt_in" looks like a consent and is not understood: none is kept', '... and the owner is told');

# ---- events that say the opposite, and the forms of two builders ----

foreach my $event ({type => 'ContactDelete'}, {event => 'invitee.canceled'}, {meta => {action => 'delete'}}, {event_type => 'LEAD_ARCHIVED'})
{
	is(taken($whose, {phone => '+12125550291', %{$event}}), 'ignored', encode_json($event) . ' adds nobody');
}
is(lead_of('+12125550291', 'count(*)'), 0, '... no lead');
is($node->safe_psql('va', "SELECT ignored, last_refusal FROM voiceagent.intakes WHERE tenant_id = $tenant AND intake_id = $whose->{intake_id}"), '4|"LEAD_ARCHIVED" adds nobody', '... which is counted and told');
is(taken($whose, {type => 'unsubscribe', phone => '+12125550291', dnd => JSON::PP::true}), 'do_not_call', '... but what it refuses holds');
my $parts = join '', map { "--b\r\nContent-Disposition: form-data; name=\"$_->[0]\"\r\n\r\n$_->[1]\r\n" } ['formTitle', 'Quote'], ['submissionID', '77'],
	['rawRequest', encode_json({q3_name => {first => 'Jot', last => 'Form'}, q5_phoneNumber => {area => '212', phone => '555-0405'}, roof => 'slate'})];
my $jot = intake("'Jot', preset := 'jotform', default_country := 'US'");
is(send_to($jot, "$parts--b--\r\n", 'Content-Type' => 'multipart/form-data; boundary=b')->{json}{outcome}, 'added', 'a form in parts is taken');
is(lead_of('+12125550405', q{first_name || ' ' || last_name || ' ' || (context ->> 'roof') || ' ' || (SELECT sender_id FROM voiceagent.intake_requests r WHERE r.tenant_id = l.tenant_id AND r.lead_id = l.lead_id)}), 'Jot Form slate 77', '... with all that it says');
$answer = send_to({url => "$jot->{url}/"}, 'fields%5Bname%5D%5Bvalue%5D=Ele+Mentor&fields%5Bphone%5D%5Bid%5D=phone&fields%5Bphone%5D%5Bvalue%5D=212+555+0406', 'Content-Type' => 'application/x-www-form-urlencoded');
is($answer->{json}{outcome}, 'added', 'brackets are read, and a slash behind the address changes nothing');
is(lead_of('+12125550406', 'first_name'), 'Ele', '... with the name');

# ---- the work that a body costs ----

my $long = 'n' x 20_000;
foreach my $hostile (sprintf('{"%s": [%s]}', $long, join ',', (1) x 20_000), '[' . join(',', (1) x 32_000) . ']', sprintf('{"%s": [%s]}', 'n' x 3000, join ',', ('[1,1,1,1,1,1,1,1]') x 400),
	'[' . join(',', ('{}') x 20_000) . ']', join('', ('{"a":[') x 2000, (']}') x 2000), sprintf('{%s}', join ',', map { qq{"$_":[]} } 1 .. 5000))
{
	$answer = send_to($whose, substr($hostile, 0, 65_000));
	is("$answer->{status} " . ($answer->{json}{message} =~ /fields|JSON|20 leads/ ? 'bounded' : $answer->{body}), '422 bounded', 'what is too much of ' . substr($hostile, 0, 20) . ' is refused');
}
is(send_to($whose, join('&', ('a') x 30_000), 'Content-Type' => 'application/x-www-form-urlencoded')->{status}, 422, '... and too many fields of a form');

# ---- others, limits, locks ----

is(send_to(intake("'Theirs'", $other), '{"phone": "+12125550101"}')->{json}{outcome}, 'added', 'another tenant\'s address is that tenant\'s');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $other"), 1, '... with leads of its own');
my ($code, $out, $err) = $node->psql('va', VoiceAgent::acting_for($other, "SELECT voiceagent.create_intake('Stolen', campaign_id := $campaign)"));
like($err, qr/campaign $campaign does not exist/, '... and no other tenant\'s campaign');

my $few = intake("'Few', campaign_id := $campaign, daily_limit := 1");
is(join(' ', map { send_to($few, encode_json({phone => "+1212555014$_"}))->{json}{outcome} } 1, 2), 'added kept', 'more than daily_limit are kept, and join nothing');
like(told($few), qr/is kept, and joined nothing: .*daily_limit/, '... and the owner is told');

my $draft = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_campaign('Draft', $assistant)");
is(send_to(intake("'Draft', campaign_id := $draft"), '{"phone": "+12125550145"}')->{json}{outcome}, 'added', 'a lead joins a campaign that nobody has started');
is(as_tenant($node, 'va', $tenant, "SELECT what FROM voiceagent.waiting WHERE campaign_id = $draft"), 'Draft: leads are brought into it, and it is a draft', '... which waits for a person');

my $session = $node->background_psql('va', on_error_stop => 1);
$session->query_safe("BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent_private.lock_leads(true)");
$may_wait = 1;
$answer = send_to($web, '{"phone": "+12125550151", "name": "Wait Er"}');
$may_wait = 0;
is(join(' ', $answer->{status}, $answer->{json}{outcome}), '200 waiting', 'while somebody has the leads, a lead waits');
$session->query_safe('COMMIT');
$session->quit;
wait_for_sql($node, 'va', "SELECT outcome FROM voiceagent.intake_requests WHERE tenant_id = $tenant AND lead_id IN (SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550151')", 'added', '... and is taken after');

as_tenant($node, 'va', $tenant, "SELECT voiceagent.close_intake($few->{intake_id})");
is(send_to($few, '{"phone": "+12125550160"}')->{status}, 401, 'a closed intake takes nothing');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.renew_intake($web->{intake_id})");
is(send_to($web, '{"phone": "+12125550161"}')->{status}, 401, '... nor does an address that was renewed');
# ---- how long, beside a campaign: told, not judged ----

if (my $leads = $ENV{INTAKES})
{
	my $csv = join '\n', 'phone', map { sprintf '+1303600%04d', $_ } 1 .. 9_999;
	my $busy = as_tenant($node, 'va', $other, sprintf(q{SELECT voiceagent.create_campaign('Busy', voiceagent.create_assistant('B', 'Hi.', 'Be kind.'), settings := '%s')}, encode_json({%hours, call_interval => 0})));
	as_tenant($node, 'va', $other, "SELECT voiceagent.import_leads(E'$csv', campaign_id := $busy)");
	as_tenant($node, 'va', $other, "SELECT voiceagent.start_campaign($busy)");
	my $speed = as_tenant($node, 'va', $tenant, sprintf(q{SELECT voiceagent.create_campaign('Speed', %d, settings := '%s')}, $assistant, encode_json({%hours, call_interval => 0, max_concurrent_calls => 50})));
	my $fast = intake("'Fast', campaign_id := $speed, daily_limit := 100000");
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.start_campaign($speed)");
	foreach my $n (1 .. $leads) { send_to($fast, sprintf('{"phone": "+1404600%04d"}', $n)); sleep 0.1 }
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $speed", $leads, 'all are called', 120);
	diag('from the request until its call is begun, ms (p50, p99, most), beside dials: ', $node->safe_psql('va', qq{SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s) * 1000), round(percentile_cont(0.99) WITHIN GROUP (ORDER BY s) * 1000), round(max(s) * 1000),
		(SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $busy) FROM (SELECT extract(epoch FROM c.started_at - r.received_at) AS s FROM voiceagent.calls c
		JOIN voiceagent.intake_requests r ON r.tenant_id = c.tenant_id AND r.lead_id = c.lead_id WHERE c.campaign_id = $speed) x}));
}
if (my $count = $ENV{HOSTILE})
{
	# Told, not judged: another tenant's requests, alone and beside one sender of such bodies.
	my ($theirs, $body) = (intake("'Beside'", $other), sprintf('{"%s": [%s]}', $long, join ',', (1) x 20_000));
	foreach my $beside (0, 1)
	{
		my @gate;
		my $pid = $beside ? fork : undef;
		if (defined $pid && $pid == 0) { while (1) { send_to($whose, $body) } }
		my @ms = sort { $a <=> $b } map { my $t = time; send_to($theirs, sprintf('{"phone": "+1303555%d%03d"}', $beside, $_)); my $taken = time - $t; $t = time; send_to({url => '/intake/nobodys'}, '{}'); push @gate, (time - $t) * 1000; sleep 0.02; $taken * 1000 } 1 .. $count;
		@gate = sort { $a <=> $b } @gate;
		if ($pid) { kill 'KILL', $pid; waitpid $pid, 0 }
		diag(sprintf '%s: a lead p50 %.1f ms, p95 %.1f ms, most %.1f ms; the gateway itself p50 %.1f ms, p95 %.1f ms, most %.1f ms', $beside ? 'beside it' : 'alone', map { my $of = $_; map { $of->[$_] } $#$of / 2, $#$of * 0.95, -1 } \@ms, \@gate);
	}
}
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.invariants()'), 0, 'all invariants hold');
done_testing();
