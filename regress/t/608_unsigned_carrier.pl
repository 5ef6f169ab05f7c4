# Exotel, which signs nothing and whose times have no offset: whole calls of an account elsewhere, read on its own clocks and
# in its own money; what comes from another network than the account's is not heard, and what is heard has no effect before
# the carrier has said the same.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP;
use POSIX qw(strftime);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my %number = (told => '+12125550101', lost => '+12135550102');

# ---- the carrier ----

# Its clocks are three hours behind UTC.
sub clock { my ($at) = @_; return strftime('%Y-%m-%d %H:%M:%S', gmtime($at - 3 * 3600)); }

sub call
{
	my ($which, $created) = @_;
	return {Sid => "sid-$which", Status => 'completed', From => $number{$which}, PhoneNumberSid => '+14155550101', AccountSid => 'acme1', DateCreated => clock($created),
		DateUpdated => clock($created + 60), EndTime => clock($created + 50), Price => '1.250', Details => {Legs => [{Leg => {OnCallDuration => 40}}]}};
}

my $dialled = int(time);
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my $path = $asked->{path};
	if ($path =~ m{/connect\.json$})
	{
		$dialled = int(time);
		# It is placed all the same.
		return if $asked->{body} =~ /12135550102/;
		return (200, {Call => {Sid => 'sid-told', Status => 'in-progress'}});
	}
	return (200, {Call => call($1, $dialled)}) if $path =~ m{/Calls/sid-(told|lost)\.json};
	return (200, {Metadata => {}, Calls => [ call('lost', $dialled) ]}) if $path =~ m{/Calls\.json\?.*From=%2B12135550102};
	return (200, {Metadata => {}, Calls => []}) if $path =~ m{/Calls\.json\?};
	return (200, {SMSMessage => {Sid => 'sms-1', Status => 'queued'}}) if $path =~ m{/Sms/send\.json$};
	return (200, {SMSMessage => {Sid => 'sms-1', Status => 'sent', DetailedStatus => 'DELIVERED_TO_HANDSET', To => $number{told}, Direction => 'outbound-api'}}) if $path =~ m{/SMS/Messages/sms-1\.json$};
	return (200, {SMSMessage => {Sid => 'sms-2', From => $number{told}, To => '+14155550101', Body => 'Please stop texting me', Direction => 'inbound', Status => 'received'}}) if $path =~ m{/SMS/Messages/sms-2\.json$};
	return (404, {});
});

# ---- the server ----

my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Elsewhere', credits => 1000);
real_settings($node, {port => $port});
wait_workers($node, 'the workers run');
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('exotel', 'exotel', '{"api_key": "k", "api_token": "t"}',
	'{"account_sid": "acme1", "caller_id": "+14155550101", "flow_id": "926", "timezone_offset": "-03:00", "currency": "BRL", "webhook_peers": "127.0.0.1", "base_url": "http://127.0.0.1:$port"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'exotel')");
my $endpoint = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
like($endpoint, qr{/webhooks/[A-Za-z0-9_-]{43}$}, 'nobody guesses the URL of its webhooks');
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);

sub set_peers { my ($peers) = @_; as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, settings => '{"webhook_peers": "$peers"}')}); return; }

sub post
{
	my ($url, $event) = @_;
	return HTTP::Tiny->new(timeout => 20)->post($url, {content => $json->encode($event), headers => {'content-type' => 'application/json'}})->{status};
}

sub state_of
{
	my ($number) = @_;
	return qq{SELECT c.status, c.duration_seconds, c.cost, c.cost_currency, abs(extract(epoch FROM c.ended_at - c.started_at) - 50) < 30
		FROM voiceagent.calls c WHERE c.phone = '$number'};
}

# ---- a call that the carrier tells of ----

start_leads($node, $tenant, [ $number{told} ], account => $account, settings => {max_call_duration => '5 minutes'});
ok(wait_until(sub { came('POST', qr{/connect\.json$}) }, 30), 'the lead is dialled');
my ($dial) = came('POST', qr{/connect\.json$});
my ($url) = $dial->{body} =~ /StatusCallback=([^&]+)/;
$url =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
like($url, qr/^\Q$endpoint\E\?attempt=va-[^&]+$/, '... and events come to our endpoint with our reference, and nothing else');
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.attempts WHERE provider_call_id = 'sid-told'", 'accepted', '... the carrier has it', 30);
my %ended = (CallSid => 'sid-told', EventType => 'terminal', Status => 'completed', DateUpdated => clock(time));
set_peers('192.0.2.0/24');
ok(wait_until(sub { post($url, \%ended) == 401 }, 20), 'from another network than the account\'s nobody is heard');
is(scalar(came('GET', qr{/Calls/sid-told})), 0, '... and the carrier is not asked');
set_peers('127.0.0.1');
ok(wait_until(sub { post($url, \%ended) == 200 }, 20), 'from the account\'s he is');
wait_for_sql($node, 'va', state_of($number{told}), 'completed|40.000|1.250000|BRL|t', 'the carrier was asked, and is read on the account\'s clocks and in its money', 30);
ok(scalar(came('GET', qr{/Calls/sid-told})) > 0, '... by its own name of the call');

is_sql($node, 'va', "SELECT armed_at IS NOT NULL FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 't', 'an account stays armed whose key and address are the same');

# ---- a call whose dial's answer was lost ----

start_leads($node, $tenant, [ $number{lost} ], account => $account, settings => {max_call_duration => '5 minutes'});
wait_for_sql($node, 'va', state_of($number{lost}), 'completed|40.000|1.250000|BRL|t', 'a lost call is found in the carrier\'s list by the time on the account\'s clocks', 40);
my ($list) = came('GET', qr{/Calls\.json\?.*From=%2B12135550102});
my $behind = strftime('%Y-%m-%d', gmtime(time - 3 * 3600 - 150));
like($list->{path}, qr/DateCreated=gte%3A(?:$behind|@{[strftime('%Y-%m-%d', gmtime(time - 3 * 3600))]})%20/, '... which is asked for so, too');
is(scalar(came('POST', qr{/connect\.json$})), 2, '... and nobody was dialled twice');

# ---- texts: nothing is believed before the carrier says it ----

my $own = as_tenant($node, 'va', $tenant, qq{INSERT INTO voiceagent.phone_numbers (tenant_id, phone_number, provider_account_id, state, proof, country, timezone, is_primary, created_at)
	VALUES ($tenant, '+14155550101', $account, 'ready', 'tenant', 'US', 'UTC', true, voiceagent.clock()) RETURNING phone_number_id});
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.set_text_sender($own, '10dlc', 'registered', 'C1'), voiceagent.set_setting('calling_hours', '{"start": "00:00", "end": "24:00"}'), voiceagent.set_setting('contacts_per_day', '20')});
my $told = as_tenant($node, 'va', $tenant, "SELECT lead_id FROM voiceagent.leads WHERE phone = '$number{told}'");
as_tenant($node, 'va', $tenant, "SELECT voiceagent.record_consent($told, 'text', 'form', 'Acme may text me.')");
my $text = as_tenant($node, 'va', $tenant, "SELECT voiceagent.send_text($told, 'We are there at 3.')");
my $status = "SELECT concat_ws(': ', status, reason) FROM voiceagent.texts WHERE text_id = $text";
wait_for_sql($node, 'va', $status, 'sent', 'a text is sent', 30);
my ($callback) = map { /StatusCallback=([^&]+)/ } map { $_->{body} } came('POST', qr{/Sms/send\.json$});
$callback =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
sub callback { my ($query, %form) = @_; return HTTP::Tiny->new(timeout => 20)->post_form($query =~ /^http/ ? $query : "$endpoint?$query", \%form)->{status} }
is(callback('as=text', SmsSid => 'sms-9', Status => 'sent', DetailedStatus => 'DELIVERED_TO_HANDSET', CustomField => "text-$text"), 200, 'a callback of a text that the carrier does not know is heard');
ok(wait_until(sub { came('GET', qr{/SMS/Messages/sms-9}) }, 30), '... the carrier is asked');
is(callback($callback, SmsSid => 'sms-1', Status => 'failed'), 200, 'one says that ours has failed');
wait_for_sql($node, 'va', $status, 'delivered', '... and the carrier that it was delivered, which holds', 30);
is(callback('as=text', SmsSid => 'sms-8', From => $number{lost}, To => '+14155550101', Body => 'STOP'), 200, 'somebody claims to have written STOP');
wait_for_sql($node, 'va', "SELECT source FROM voiceagent.text_stops WHERE phone = '$number{lost}'", 'doubt', '... and is held');
ok(wait_until(sub { came('GET', qr{/SMS/Messages/sms-8}) }, 30), '... while the carrier is asked, which knows of none');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.do_not_call_list", 0, '... so that nobody is on the list');
is(join(' ', map { callback('as=text', SmsSid => 'sms-2', From => $number{told}, To => '+14155550101', Body => 'x') } 1, 2), '200 200', 'somebody writes, which is told twice');
wait_for_sql($node, 'va', "SELECT source FROM voiceagent.do_not_call_list WHERE phone = '$number{told}'", 'text', '... and by the carrier\'s words asks to be left alone', 30);
is_sql($node, 'va', q{SELECT string_agg(concat_ws(' ', kind, body), '; ') FROM voiceagent.texts WHERE inbound}, 'stop Please stop texting me', '... once');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.provider_requests WHERE result::text LIKE '%Please stop%'}, 0, '... and its words lie in no other row');

# ---- any ----

my $warned = "SELECT count(*) FROM voiceagent.status() WHERE state LIKE 'hears webhooks from any network%'";
is(as_tenant($node, 'va', $tenant, $warned), 0, 'an account that names networks is not pointed out');
set_peers('any');
is(as_tenant($node, 'va', $tenant, $warned), 1, '... one that hears anybody is');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.test_provider_account($account)");
wait_for_sql($node, 'va', "SELECT test_result, test_message FROM voiceagent.provider_accounts WHERE provider_account_id = $account",
	'ok|webhook_peers is any: whoever knows the URL of its webhooks is heard', '... also by its test', 30);

is_well($node, 'after all');
done_testing();
