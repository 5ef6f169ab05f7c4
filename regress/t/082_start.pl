# The pages for those who have an account already: each block of each, in its order, in a database of its own, against a fake of the
# carrier; only what is the reader's own is put in its place.  Each ends with a call to a telephone, which is answered and settled.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha1_base64);
use HTTP::Tiny;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;
use VoiceAgentPbx;

my ($sid, $call) = ('AC' . '0' x 31 . '1', 'CA' . '0' x 31 . '1');
my $twilio = fake_carrier(sub {
	my ($asked) = @_;
	return (201, {sid => $call, status => 'queued'}) if $asked->{method} eq 'POST' && $asked->{path} =~ m{/Calls\.json$};
	return (200, {sid => $sid, friendly_name => 'Acme', status => 'active', type => 'Full'}) if $asked->{path} =~ m{/Accounts/$sid\.json};
	return (404, {code => 20404, message => 'The requested resource was not found', status => 404});
});
my ($vapi, $pbx) = (start_carrier(), start_pbx());
my ($gateway, $media) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 2;
my $node = new_real_node('main', database => '', 'voiceagent.gateway_port' => $gateway, 'voiceagent.media_port' => $media, 'voiceagent.public_base_url' => "http://127.0.0.1:$gateway");

# ---- what is the reader's own ----

# The last digits say how the fake's people answer.
my $telephone = '+12125550100';
my %own = (
	vapi => sub { $_[0] =~ s/"api_key": "the private key"/"api_key": "$vapi->{key}", "webhook_secret": "$vapi->{secret}"/r =~ s/"the id of the number"/"p1", "base_url": "$vapi->{url}"/r },
	twilio => sub { $_[0] =~ s/"from_number": "[^"]*"/$&, "base_url": "http:\/\/127.0.0.1:$twilio"/r },
	asterisk => sub { $_[0] =~ s/127\.0\.0\.1:8088/127.0.0.1:$pbx->{port}/gr =~ s/"username": "voiceagent", "password": "the password"/"username": "us", "password": "secret-of-the-test"/r
		=~ s/"base_url"/"app": "test", "base_url"/r });
my %port = (vapi => $vapi->{port}, twilio => $twilio, asterisk => $pbx->{port});

sub run_block
{
	my ($page, $number, $who, $block) = @_;
	my ($out, $err) = ('', '');
	my $user = $who eq 'tenant' ? "acme_$page" : $node->safe_psql('postgres', 'SELECT current_user');
	$block = $own{$page}->($block =~ s/\bacme\b/acme_$page/gr =~ s/\+1 212 555 0119/$telephone/gr);
	IPC::Run::run([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr("start_$page") . " user=$user" ], '<', \$block, '>', \$out, '2>', \$err);
	ok($? == 0 && $err !~ /^(ERROR|FATAL)/m, "$page: block $number runs") or diag($block, $err);
	return $out;
}

# ---- what the carrier does that is no fake's own ----

sub twilio_calls
{
	ok(wait_until(sub { came('POST', qr{/Calls\.json$}) }, 30), 'twilio: the telephone rings');
	my ($dial) = came('POST', qr{/Calls\.json$});
	my $unescaped = sub { my ($text) = @_; $text =~ tr/+/ /; $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge; $text };
	my %asked = map { my ($name, $value) = split /=/, $_, 2; (($name) => $unescaped->($value)) } split /&/, $dial->{body};
	is($asked{To}, $telephone, '... the number that the page names');
	like($asked{Twiml}, qr{<Connect><Stream url="wss://calls\.example\.com/media/twilio/}, '... and the call is connected to our own voice');
	foreach my $event (@{ JSON::PP->new->decode(slurp_file('regress/contracts/fixtures/twilio/completed.json')) })
	{
		my $as = $event->{query} =~ /(&as=\w+)/ ? $1 : '';
		my $url = "$asked{StatusCallback}$as" =~ s/#.*?(?=&as=|$)//r;
		my $form = $event->{body} =~ s/14155550100/12125550100/gr;
		my $text = join '', $url, map { $_->[0] . $_->[1] } sort { $a->[0] cmp $b->[0] } map { [ map { $unescaped->($_) } split /=/, $_, 2 ] } split /&/, $form;
		my $reply = HTTP::Tiny->new(timeout => 20)->post($url =~ s{^https://calls\.example\.com}{http://127.0.0.1:$gateway}r,
			{content => $form, headers => {'content-type' => 'application/x-www-form-urlencoded', 'x-twilio-signature' => hmac_sha1_base64($text, 'the auth token') . '='}});
		is($reply->{status}, 200, "... and its event is taken" . ($as && " ($as)"));
	}
	return;
}

# ---- the pages ----

foreach my $page (qw(vapi twilio asterisk))
{
	my $database = "start_$page";
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'");
	$node->safe_psql('postgres', "ALTER DATABASE $database SET voiceagent.public_base_url = 'https://calls.example.com'") if $page eq 'twilio';
	my @blocks = readme_blocks('082_start', "start-$page.md");
	cmp_ok(scalar @blocks, '>=', 6, "$page: the page has its blocks");
	my $number = 0;
	foreach my $block (@blocks)
	{
		my ($who, $then) = split ' ', $block->[0];
		if (($then // '') eq 'tested')
		{
			wait_for_sql($node, $database, q{SELECT test_result FROM voiceagent.provider_accounts WHERE provider <> 'sandbox'}, 'ok', "$page: the carrier has answered whose account it is", 60)
				or diag($node->safe_psql($database, 'SELECT test_message FROM voiceagent.provider_accounts'));
		}
		# The hour of the telephone is early afternoon, whenever this runs.
		$node->safe_psql($database, sprintf(q{BEGIN; DO 'BEGIN PERFORM voiceagent_private.set_tenant(%s); END'; SELECT voiceagent.add_lead(phone => '%s', timezone => '%s', region => 'US-DC'); COMMIT},
			$node->safe_psql($database, 'SELECT min(tenant_id) FROM voiceagent.tenants'), $telephone, VoiceAgentFaults::awake_zone())) if ($then // '') eq 'call';
		if (($then // '') eq 'ended')
		{
			twilio_calls() if $page eq 'twilio';
			wait_for_sql($node, $database, q{SELECT string_agg(status, ' ') FROM voiceagent.calls WHERE ended_at IS NOT NULL AND answered_at IS NOT NULL}, 'completed', "$page: the telephone rang, and the call was answered and is over", 60);
		}
		my $out = run_block($page, ++$number, $who, $block->[1]);
		like($out, qr/^\d+\|completed\|.*^consent\|/ms, '... and it shows the call, with the proof of its dial') if ($then // '') eq 'ended';
		if ($number == 1)
		{
			# The fake is at home on this machine, which a carrier never is.
			$node->safe_psql($database, "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$port{$page}')") if $page ne 'asterisk';
			wait_for_sql($node, $database, q{SELECT bool_and(state IN ('running', 'resting')) FROM voiceagent_private.worker_status()}, 't', "$page: the workers run");
		}
		if (($then // '') eq 'armed')
		{
			wait_for_sql($node, $database, 'SELECT voiceagent_private.arming()', 'armed', "$page: armed", 30);
			wait_for_sql($node, $database, q{SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider <> 'sandbox'}, 'well', '... and well', 60);
		}
	}
	is_sql($node, $database, 'SELECT count(*) FROM voiceagent.calls', 1, "$page: one call was made");
	is_sql($node, $database, 'SELECT * FROM voiceagent.invariants()', '', '... and no invariant is violated');
	$node->safe_psql('postgres', "DROP DATABASE $database (FORCE)");
}
$node->stop;
done_testing();
