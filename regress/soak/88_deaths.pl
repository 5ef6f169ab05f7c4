# Calls that we hold when the process that holds them ends: by SIGTERM, or by kill -9, after which the server recovers. Where the carrier
# comes back (Twilio) the talks go on to their ends, elsewhere (Exotel) the calls end with what was said. An error of the process ends
# no call. Each has ended once, and is billed once.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha1_base64);
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
use VoiceAgentSoak;
use VoiceAgentSpoken;

my $json = JSON::PP->new->canonical;
my $seed = seed();
my ($sid, $token) = ('AC' . '0a' x 16, 'token-of-twilio');

# ---- the carriers: both know each call that they took, and whether it has ended ----

my %took;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my ($method, $path, $body) = @$asked{qw(method path body)};
	return $took{$1}{ended} = 1, (200, {}) if $path =~ m{^/ended/(.+)};
	if ($method eq 'POST' && $path =~ m{/connect\.json$})
	{
		my ($ref) = $body =~ /CustomField=([^&]+)/;
		return (200, {Call => $took{"sid-$ref"} = {Sid => "sid-$ref", Status => 'in-progress'}});
	}
	if ($method eq 'POST' && $path =~ m{/Calls\.json$})
	{
		my ($number) = $body =~ /(?:^|&)To=%2B(\d+)/;
		my $id = 'CA' . sprintf('%032d', $number);
		return (201, $took{$id} = {sid => $id, status => 'in-progress'});
	}
	my ($id) = $path =~ m{/Calls/([^/.?]+)};
	my $call = $took{ $id // '' } or return (404, {});
	my $at = strftime('%Y-%m-%d %H:%M:%S', gmtime(time + 5.5 * 3600));
	return (200, {Call => {%$call, $call->{ended} ? (Status => 'completed', DateUpdated => $at, EndTime => $at, Duration => 10) : ()}}) if $id =~ /^sid-/;
	return (200, {%$call, $call->{ended} || $method eq 'POST' ? (status => 'completed', duration => '20') : ()});
});

# ---- the server, behind a proxy that ends TLS, which the test plays ----

my ($front, $gateway, $media) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 3;
my $on = spoken_server(vendors => 'regress/fakes/robots.py', exotel => $port, conf => {'voiceagent.media_port' => $media, 'voiceagent.gateway_port' => $gateway,
	'voiceagent.public_base_url' => "https://127.0.0.1:$front", 'voiceagent.media_max_calls' => 400, max_connections => 200});
my $node = $on->{node};
real_settings($node, [ {port => $port}, {port => $front}, {port => $media} ], model_private_hosts => "127.0.0.1:$on->{vendors}", lookup_interval => '1 minute');
my $of = spoken_tenant($on, 'Deaths');
my $tenant = $of->{tenant};
sub sql { return as_tenant($node, 'va', $tenant, $_[0]) }
my $twilio = sql(qq{SELECT voiceagent.create_provider_account('twilio', 'twilio', '{"account_sid": "$sid", "auth_token": "$token"}', '{"from_number": "+14155550101", "base_url": "http://127.0.0.1:$port"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($twilio, 'twilio')");
sql("SELECT voiceagent.create_endpoint($twilio)");
sql("SELECT voiceagent.update_provider_account($_, settings => jsonb_build_object('stream_url', voiceagent.media_url($_)))") foreach $twilio, $of->{account};
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'Twilio is armed', 60);
sql(q{SELECT voiceagent.create_assistant(n, 'Hello {{first_name}}, this is Acme. Do you have a minute?', E'You call for Acme.\nYou offer roofs.\nYour goal is to book an appointment.', settings => '{"discloses": true}')
	FROM unnest('{Ann,Ann herself}'::text[]) n});
answered($node);
foreach my $vendor ([ 'deepgram', 'key-ear', 'nova-3', '' ], [ 'elevenlabs', 'key-voice', 'eleven_flash_v2_5', ', "voice": "v-1"' ])
{
	my ($provider, $key, $model, $more) = @$vendor;
	foreach my $n (1 .. 4)
	{
		my $id = sql(qq{SELECT voiceagent.create_model_account('$provider', '$provider $n', '$key', '$model', 'http://127.0.0.1:$on->{vendors}', '{"in_calls": 1$more}', 64)});
		wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $id", 'ok', "$provider $n is there", 60);
	}
}
my ($person) = grep { $_->{name} eq 'wanders' } @{ $json->decode(sql(q{SELECT json_agg(c) FROM voiceagent.standard_callers('en', 'appointment') c})) };
my @lines = map { {%$_, say => ref $_->{say} ? $_->{say}[0] : $_->{say}} } @{ $person->{lines} };

# ---- calls ----

sub near { my ($url, $to) = @_; return $url =~ s{^(\w+)://[^/]+}{($1 =~ /^ws/ ? 'ws' : 'http') . "://127.0.0.1:$to"}er }

# So many calls at each carrier, with what their people are told of them.
sub dial_both
{
	my ($returning, $others) = @_;
	my @calls;
	foreach my $carrier ([ twilio => $twilio, $returning ], [ exotel => $of->{account}, $others ])
	{
		my ($provider, $account, $count) = @$carrier;
		my ($path, $before) = ($provider eq 'twilio' ? qr{/Calls\.json$} : qr{/connect\.json$});
		$before = came('POST', $path);
		start_leads($node, $tenant, [ numbers($count) ], account => $account, settings => {max_call_duration => '5 minutes', record_calls => 'off', max_concurrent_calls => 1000});
		wait_until(sub { scalar(came('POST', $path)) >= $before + $count }, 180) or die "$provider is not asked for $count calls";
		foreach my $dial ((came('POST', $path))[ $before .. $before + $count - 1 ])
		{
			my %field = map { my ($name, $value) = split /=/, $_, 2; ($name, unescaped(($value // '') =~ tr/+/ /r)) } split /&/, $dial->{body};
			# What stands behind a "#" is for Twilio.
			$field{StatusCallback} =~ s/#.*//;
			my %call = (carrier => $provider, lines => \@lines, rate => 0, seed => $seed);
			if ($provider eq 'twilio')
			{
				my $document = $field{Twiml} =~ s/&amp;/&/gr;
				my ($stream) = $document =~ m{<Stream url="([^"]+)"};
				my ($redirect) = $document =~ m{<Redirect[^>]*>([^<#]+)};
				@call{qw(sid stream redirect signed_as token host tell)} = ('CA' . sprintf('%032d', $field{To} =~ s/\D//gr), near($stream, $media), near($redirect, $gateway), "https://127.0.0.1:$front/", $token, "127.0.0.1:$media", $field{StatusCallback});
			}
			else { @call{qw(sid stream tell)} = ("sid-$field{CustomField}", near($field{StreamUrl}, $media), $field{StatusCallback}) }
			($call{reference}) = $call{stream} =~ /(va-\d+-\d+-[0-9a-f]{8})/;
			push @calls, \%call;
		}
	}
	my %id = map { split /\|/ } split /\n/, $node->safe_psql('va', 'SELECT reference, call_id FROM voiceagent.attempts');
	$_->{call} = $id{ $_->{reference} } foreach @calls;
	return @calls;
}

sub tell_end
{
	my ($call) = @_;
	my $http = HTTP::Tiny->new(timeout => 20);
	my $seconds = int($call->{talk}{seconds});
	$http->post("http://127.0.0.1:$port/ended/$call->{sid}", {content => '{}'});
	my ($body, %head) = ('', 'content-type' => 'application/json');
	if ($call->{carrier} eq 'exotel')
	{
		my $at = strftime('%Y-%m-%d %H:%M:%S', gmtime(time + 5.5 * 3600));
		$body = $json->encode({CallSid => $call->{sid}, Status => 'completed', EventType => 'terminal', DateUpdated => $at, EndTime => $at, Legs => [ {OnCallDuration => $seconds} ], CustomField => $call->{reference}});
	}
	else
	{
		my %form = (CallSid => $call->{sid}, AccountSid => $sid, CallStatus => 'completed', Direction => 'outbound-api', CallDuration => $seconds, Timestamp => strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime), SequenceNumber => 3);
		$body = HTTP::Tiny->new->www_form_urlencode(\%form);
		%head = ('content-type' => 'application/x-www-form-urlencoded', 'x-twilio-signature' => hmac_sha1_base64(join('', $call->{tell}, map { $_ . $form{$_} } sort keys %form), $token) . '=');
	}
	return wait_until(sub { $http->post(near($call->{tell}, $gateway), {content => $body, headers => \%head})->{success} }, 20);
}

# ---- ways to end it ----

sub media_pid { return $node->safe_psql('va', q{SELECT pid FROM voiceagent.status() WHERE component = 'media'}) }
my %way = (
	'SIGTERM' => sub { $node->safe_psql('va', 'SELECT pg_terminate_backend(' . media_pid() . ')') },
	'an error' => sub {
		# What it tells of itself each second cannot be kept for a while.
		$node->safe_psql('va', 'ALTER TABLE voiceagent_private.media_state ADD CONSTRAINT fails CHECK (calls < 0) NOT VALID');
		sleep 2;
		$node->safe_psql('va', 'ALTER TABLE voiceagent_private.media_state DROP CONSTRAINT fails');
	},
	'kill -9' => sub { my $before = checkpointer($node); kill 'KILL', media_pid(); wait_noticed($before, 60) });

my ($returning, $others) = long() ? (150, 50) : (7, 3);
for (my $round = 1; $round <= rounds(short => 1, long => 3) && time_left(); $round++)
{
	foreach my $name (sort keys %way)
	{
		my @calls = dial_both($returning, $others);
		my $talks = "$on->{dir}/talks." . scalar(@calls) . " $round $name";
		my $people = fork() // die $!;
		if ($people == 0)
		{
			my $answer = HTTP::Tiny->new(timeout => 900)->post("http://127.0.0.1:$on->{vendors}/fake", {content => $json->encode({at_once => scalar @calls, people => \@calls})});
			append_to_file($talks, $answer->{success} ? $answer->{content} : "{\"talks\": []}");
			POSIX::_exit(0);
		}
		my $list = join(',', map { $_->{call} } @calls);
		# All of them have begun to talk, and none has ended.
		wait_for_sql($node, 'va', "SELECT count(DISTINCT call_id) FROM voiceagent.call_turns WHERE speaker = 'customer' AND call_id IN ($list)", scalar @calls, "$name: " . @calls . ' calls are talking', 120);
		my %said = map { split /\|/ } split /\n/, $node->safe_psql('va', "SELECT call_id, count(*) FROM voiceagent.call_turns WHERE call_id IN ($list) GROUP BY 1");
		my $at = time;
		$way{$name}->();
		waitpid($people, 0);
		my @came = @{ $json->decode(slurp_file($talks))->{talks} };
		is(scalar @came, scalar @calls, '... and all of them come to an end');
		$calls[$_]{talk} = $came[$_] foreach 0 .. $#came;
		my @back = grep { $_->{carrier} eq 'twilio' } @calls;
		my @gaps = map { @{ $_->{talk}{gaps} } } @back;
		note("$name: without our voice for " . join(' ', sort { $a <=> $b } @gaps) . ' s') if $name ne 'an error';
		tell_end($_) or die "the end of $_->{call} cannot be told" foreach @calls;
		wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE outcome IS NULL AND call_id IN ($list)", 0, '... each has an outcome', 120);
		my %turns = map { split /\|/ } split /\n/, $node->safe_psql('va', "SELECT call_id, count(*) FROM voiceagent.call_turns WHERE call_id IN ($list) GROUP BY 1");
		is(join(' ', grep { ($turns{$_} // 0) < $said{$_} } map { $_->{call} } @calls), '', '... and what was kept before');
		my $booked = join(',', map { $_->{call} } @back);
		is_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE (outcome = 'scheduled' OR uncertain = 'acted') AND call_id IN ($booked)", scalar @back, '... where the carrier comes back the talk goes on, and comes to what it was to');
		is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE event_type = 'call_ended' AND call_id IN ($list)", scalar @calls, '... each has ended once');
		well($node, $name);
		if ($name eq 'an error')
		{
			like(slurp_file($node->logfile), qr/new row for relation .* violates check constraint/, '... there was an error');
			is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE event_type = 'media_ended' AND event_data ->> 'why' <> 'we have hung up' AND call_id IN ($list)", 0, '... and no call has ended by it');
			next;
		}
		figure(name => "talks interrupted by $name, silence p50", value => percentile(50, @gaps), unit => 's', count => scalar @gaps);
		figure(name => "talks interrupted by $name, longest silence", value => percentile(100, @gaps), unit => 's', goal => $name eq 'kill -9' ? undef : '<= 3', count => scalar @gaps);
	}
}
is_well($node, 'after all');
done_testing();
