# The recording of a call by a signed link: whole and by ranges, from the carrier by way of the process web, to nobody whose link is
# not right, and never from a place that the platform does not allow.
use strict;
use warnings;

use HTTP::Tiny;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFake;

my ($node, $url) = new_console();
my ($tenant, $other) = map { create_tenant($node, 'va', $_, credits => 1000) } 'One', 'Two';
my ($member) = (members($node, $tenant, 'owner'))[1];
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '86400')});
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.add_lead('+12125550100', 'Ada'), voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.');
	SELECT voiceagent.create_campaign('Spring', max(assistant_id), settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') FROM voiceagent.assistants;
	SELECT voiceagent.add_leads(max(campaign_id)) FROM voiceagent.campaigns;
	SELECT voiceagent.start_campaign(max(campaign_id)) FROM voiceagent.campaigns});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant AND recording_url IS NOT NULL", 1, 'a call was recorded', 60);
my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE tenant_id = $tenant");
my $kept = $node->safe_psql('va', "SELECT recording_url FROM voiceagent.calls WHERE call_id = $call");

my $http = HTTP::Tiny->new(timeout => 60);
sub link_of { my ($lifetime) = @_; return as_tenant($node, 'va', $tenant, "SELECT voiceagent.recording_link($call" . ($lifetime ? ", '$lifetime'" : '') . ')') }
sub get { my ($link, %headers) = @_; my $answer = $http->get("$url$link", { headers => \%headers }); return $answer }
sub status { my ($link, %headers) = @_; return get($link, %headers)->{status} }

my $link = link_of();
my $whole = get($link);
is("$whole->{status} $whole->{headers}{'content-type'}", '200 audio/wav', 'a link leads to the recording');
is(substr($whole->{content}, 0, 4), 'RIFF', '... as it is at the carrier');
is($whole->{content}, $http->get($kept)->{content}, '... byte for byte');
is("$whole->{headers}{'cache-control'} $whole->{headers}{'content-disposition'}", 'private, no-store inline', '... kept by nobody, and played in place');
my $size = length $whole->{content};
my $part = get($link, Range => 'bytes=4-9');
is("$part->{status} $part->{headers}{'content-range'} " . ($part->{content} eq substr($whole->{content}, 4, 6)), "206 bytes 4-9/$size 1", 'a range is a part of it');
is(get($link, Range => 'bytes=-10')->{content}, substr($whole->{content}, -10), '... also from its end');
is(status($link, Range => "bytes=$size-"), 416, '... and one behind its end is none');
my $head = $http->request('HEAD', "$url$link");
is("$head->{status} $head->{headers}{'content-length'}", "200 $size", 'HEAD tells how long it is');

# ---- whose link is not right ----

my ($what, $signature) = $link =~ m{^/recordings/(.*)-([0-9a-f]{64})$};
like($what, qr/^$tenant-$call-0-\d+$/, 'a link names its tenant, call, member and end, and nothing of the carrier');
my $turned = $signature =~ tr/0-9a-f/1-9a-f0/r;
is(status("/recordings/$what-$turned"), 404, 'another signature');
is(status('/recordings/' . ($what =~ s/^\d+/$other/r) . "-$signature"), 404, 'another tenant');
is(status('/recordings/' . ($what =~ s/(\d+)$/$1 + 1/re) . "-$signature"), 404, 'another end');
is(status("/recordings/$_"), 404, "no link: '$_'") foreach '', 'x', '1-2-3-4-5', "999999999999999999-$what-$signature";
my $short = link_of('1 second');
is(status($short), 200, 'a short link leads there');
$node->poll_query_until('va', "SELECT to_timestamp(split_part('$short', '-', 4)::bigint) < voiceagent.clock()");
is(status($short), 404, '... until its time is over');
my $token = login($node, 'owner@example.com');
my ($its) = rpc($url, $token, 'recording_link', { call_id => $call })->{content} =~ /"(.*)"/;
is(status($its), 200, 'a member has a link of its own');
$node->safe_psql('va', "UPDATE voiceagent.members SET active = false WHERE member_id = $member");
is(status($its), 404, '... which ends with the member');
my $asked = $http->post("$url/rpc/open_recording_link", { content => '{"link": "' . ($link =~ s{.*/}{}r) . '"}', headers => { 'Content-Type' => 'application/json' } });
unlike($asked->{content}, qr/wav/, 'nobody is told where the carrier keeps it');
my (undef, undef, $err) = $node->psql('va', "BEGIN; DO \$\$ BEGIN PERFORM voiceagent_private.set_tenant($other); END \$\$; SELECT voiceagent.recording_link($call)");
like($err, qr/there is no such call/, 'another tenant gets no link');

# ---- what the carrier keeps ----

sub kept_at { my ($at) = @_; $node->safe_psql('va', "UPDATE voiceagent.calls SET recording_url = '$at' WHERE call_id = $call"); return }
kept_at("$url/health");
is(status($link), 502, 'what is no recording is not handed on');
kept_at("$url/no/such");
is(status($link), 502, '... nor what the carrier does not give');
my ($refused) = get($link)->{content} =~ /"message":"([^"]*)"/;
is($refused, 'the recording could not be fetched', '... in words without an address');
kept_at('recording:call-12');
is(status($link), 409, 'a name under which no carrier of the call has anything is refused');
kept_at($kept);
is(status($link), 200, 'what was kept is there again');

# A carrier that is none of ours names an address in our own network.
kept_at("$kept?again");
$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET provider = 'vapi' WHERE tenant_id = $tenant");
is(status($link), 502, 'an address in our own network is not asked');
$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '" . ($kept =~ m{//([^/]+)})[0] . "')");
is(status($link), 502, '... also where the platform allows it for the requests of carriers');

# ---- what a carrier gives to its account alone ----

my $media = 'RIFF' . ('x' x 4) . 'WAVEfmt ' . join('', map { chr } 0 .. 255) x 20;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (302, '', "Location: http://127.0.0.1:1/stolen\r\n") if $asked->{path} =~ /moved/;
	return $asked->{head} =~ /^authorization: basic YXJpOnNlY3JldC1vZi1hcmk=\r$/mi ? (200, $media) : (401, '{}');
});
$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$port," . ($kept =~ m{//([^/]+)})[0] . "')");
my $pbx = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('asterisk', 'Pbx', '{"username": "ari", "password": "secret-of-ari"}',
	'{"endpoint": "PJSIP/{number}\@trunk", "media": "sound:hello-world", "base_url": "http://127.0.0.1:$port/ari"}')});
my $before = $node->safe_psql('va', "SELECT provider_account_id FROM voiceagent.calls WHERE call_id = $call");
$node->safe_psql('va', "UPDATE voiceagent.calls SET provider_account_id = $pbx WHERE call_id = $call");
kept_at('recording:call-12');
my $own = get($link);
is("$own->{status} $own->{headers}{'content-type'} " . ($own->{content} eq $media), '200 audio/wav 1', 'it is asked for with the credentials of the account');
is((came('GET', qr{.}))[-1]{path}, '/ari/recordings/stored/call-12/file', '... where the carrier keeps it');
is(get($link, Range => 'bytes=4-9')->{status}, 206, '... by ranges, too');
is(scalar(came('GET', qr{call-12})), 1, '... of which the carrier is asked once');
unlike(join("\n", %{ $own->{headers} }, $own->{reason}), qr/secret|YXJp|127\.0\.0\.1/, '... and neither key nor address reaches the page');
# A webhook names the address, and a tenant may have sent it: only where the account itself lies is our own network asked.
my $inside = fake_carrier(sub { return (200, $media) });
my $exotel = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('exotel', 'Ours', '{"api_key": "k", "api_token": "t"}', '{"account_sid": "acme1", "webhook_peers": "127.0.0.1", "base_url": "http://127.0.0.1:$port"}')});
foreach my $account ($pbx, $exotel, $before)
{
	$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET provider = 'sandbox' WHERE provider_account_id = $before; UPDATE voiceagent.calls SET provider_account_id = $account WHERE call_id = $call");
	kept_at("http://127.0.0.1:$inside/elsewhere.wav?$account");
	is(status($link), 502, "account $account: an address in our own network that is not the carrier's");
}
is(scalar(came('GET', qr{elsewhere})), 0, '... is not asked');
$node->safe_psql('va', "UPDATE voiceagent.calls SET provider_account_id = $pbx WHERE call_id = $call");
my ($code, undef, $problem) = $node->psql('va', qq{BEGIN; SELECT voiceagent.open_recording_link('} . ($link =~ s{.*/}{}r) . q{')});
unlike($problem, qr/127/, '... and nobody but the process web is told where it lies');
$node->safe_psql('va', "DELETE FROM voiceagent_private.secrets WHERE tenant_id = $tenant AND name = 'provider_account:$pbx:password'");
kept_at('recording:call-13');
is(status($link), 409, 'without its key the recording is refused');
is(slurp_file($node->logfile) =~ /secret-of-ari/ ? 1 : 0, 0, 'no log has the key');
$node->safe_psql('va', "UPDATE voiceagent.calls SET provider_account_id = $before WHERE call_id = $call");

$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET provider = 'sandbox' WHERE tenant_id = $tenant AND provider_account_id = $before");
$node->safe_psql('va', "UPDATE voiceagent.calls SET recording_url = NULL WHERE call_id = $call");
is(status($link), 409, 'one that is not kept any more is gone');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
