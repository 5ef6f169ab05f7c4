# VoiceAgentSpoken: what the tests of calls that we hold share: a server whose process media runs, a tenant whose calls come over
# Exotel's socket, and fakes of the vendors that listen, think and speak in them.
#
#	my $on = spoken_server();                             # {node, speech, media, exotel, vendors, dir}
#	my $of = spoken_tenant($on, 'Acme');                  # {tenant, account}
#	my $trial = spoken_tenant($on, 'Trial', unarmed => 1);    # its account was never armed
#	my ($call) = dialled($on, $of, [ '+12125550141' ]);   # {number, stream, sid, call, tell}
#	my $desk = receiver($on, $of);                        # {url, ...}: a number of its, whose calls we hold
#	my @ids = incoming($on, $desk, 20);                   # the carrier's ids of calls that come in to it
#	my $end = crowd(calls => $desk->{url}, 'held', '', @ids); my $saw = $end->();    # see crowd.py
#	vendors_do($on, lines => ['yes'], faults => {});      # what the fakes do next; see engines.py
#	my $talk = talk($on, $of, 'yes speaking', 'bye');     # a whole call: {call, said, status, longest_wait_ms}
package VoiceAgentSpoken;

use strict;
use warnings;

use Exporter 'import';
use HTTP::Tiny;
use IPC::Run qw(start);
use JSON::PP;
use POSIX qw(strftime);
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

our @EXPORT = qw(spoken_server spoken_tenant answered receiver incoming crowd crowd_of dialled ended vendors_do vendors_saw wrong talk engine_account engine_failures unescaped);

my $json = JSON::PP->new->canonical;
my @started;

END { my $status = $?; foreach my $run (@started) { eval { $run->kill_kill(grace => 5) } } $? = $status; }

# The embedded talker speaks from the answers of a wizard, and reads no prompt: each version of an assistant gets these.
sub answered
{
	my ($node) = @_;
	$node->safe_psql('va', q{INSERT INTO voiceagent.assistant_answers (tenant_id, assistant_id, version, answers, profile, template_version, created_at)
		SELECT tenant_id, assistant_id, version, '{"business": {"business_name": "Acme"}, "offer": {"offer": "a new roof"}, "objective": {"objective": "appointment"}}',
			'general', 1, now() FROM voiceagent.assistant_versions});
	return;
}

# vendors: the program of the fakes; exotel: the port of a fake of one's own; conf: settings of the server.
sub spoken_server
{
	my (%of) = @_;
	my %on = (dir => PostgreSQL::Test::Utils::tempdir(), exotel => $of{exotel} // fake_exotel(), looked => 0);
	$on{node} = new_real_node('main', 'voiceagent.media_port' => 0, %{ $of{conf} // {} });
	$on{speech} = need_speech($on{node});
	my ($out, $err) = ('', '');
	my $vendors = start([ 'python3', $of{vendors} // 'regress/fakes/engines.py', "$on{dir}/vendors" ], '>', \$out, '2>', \$err);
	push @started, $vendors;
	ok(wait_until(sub { $vendors->pump_nb; $out =~ /\d+\n/ }, 60), 'the fakes of the vendors run') or die $err;
	chomp($on{vendors} = $out);
	append_to_file("$on{dir}/vendors", '');
	wait_for_sql($on{node}, 'va', "SELECT state = 'running' AND address ~ ':[0-9]' FROM voiceagent.status() WHERE component = 'media'", 't', 'the process media runs, and listens', 60);
	($on{media}) = $on{node}->safe_psql('va', "SELECT address FROM voiceagent.status() WHERE component = 'media'") =~ /:(\d+)$/;
	real_settings($on{node}, [ {port => $on{exotel}}, {port => $on{media}}, {port => $on{node}->safe_psql('va', 'SHOW voiceagent.gateway_port')} ], model_private_hosts => "127.0.0.1:$on{vendors}");
	wait_for_sql($on{node}, 'va', "SELECT state LIKE 'espeak-ng % speaks%' FROM voiceagent.status() WHERE component = 'speech'", 't', 'the embedded chain runs', 90);
	return \%on;
}

sub spoken_tenant
{
	my ($on, $name, %how) = @_;
	my $node = $on->{node};
	my $tenant = create_tenant($node, 'va', $name, credits => 1000);
	my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('exotel', '$name', '{"api_key": "k", "api_token": "t"}',
		'{"account_sid": "acme1", "caller_id": "+14155550101", "flow_id": "9", "webhook_peers": "127.0.0.1", "base_url": "http://127.0.0.1:$on->{exotel}"}')});
	$node->safe_psql('va', "SELECT voiceagent.arm($account, '$name')") unless $how{unarmed};
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
	return {tenant => $tenant, account => $account} if $how{unarmed};
	wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', "$name is armed", 60);
	my $url = as_tenant($node, 'va', $tenant, "SELECT voiceagent.media_url($account)") =~ s/:\d+/:$on->{media}/r;
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, settings => jsonb_build_object('stream_url', '$url'))});
	return {tenant => $tenant, account => $account};
}

# ---- calls ----

sub unescaped { my ($text) = @_; $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge; return $text }

# Calls to these numbers, once Exotel has been asked for all of them, in the order of the numbers.
sub dialled
{
	my ($on, $of, $numbers, %more) = @_;
	my $before = scalar(came('POST', qr{/connect\.json$}));
	start_leads($on->{node}, $of->{tenant}, $numbers, account => $of->{account}, %more, settings => {max_call_duration => '5 minutes', %{ $more{settings} // {} }});
	wait_until(sub { scalar(came('POST', qr{/connect\.json$})) >= $before + @$numbers }, 120) or die 'not dialled';
	my %call = map { split /\|/ } split /\n/, $on->{node}->safe_psql('va', "SELECT a.reference, c.call_id || ' ' || c.phone FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) WHERE c.tenant_id = $of->{tenant}");
	my @all = came('POST', qr{/connect\.json$});
	my %by_number;
	foreach my $dial (@all[ $before .. $#all ])
	{
		my %field = map { my ($name, $value) = split /=/, $_, 2; ($name, unescaped($value // '')) } split /&/, $dial->{body};
		my ($call, $number) = split / /, $call{$field{CustomField}};
		$by_number{$number} = {number => $number, stream => $field{StreamUrl}, sid => "sid-$field{CustomField}", reference => $field{CustomField}, call => $call, tell => $field{StatusCallback}};
	}
	return map { $by_number{$_} // die "$_ was not dialled" } @$numbers;
}

# A call has ended, which was answered so many seconds ago: Exotel, whose clock shows the time of India, tells of it, and says so when
# it is asked, because anybody may tell us.
sub ended
{
	my ($on, $call, $seconds) = @_;
	my %ended = (sid => $call->{sid}, seconds => int($seconds), at => strftime('%Y-%m-%d %H:%M:%S', gmtime(time + 5.5 * 3600)));
	my $http = HTTP::Tiny->new(timeout => 20);
	$http->post("http://127.0.0.1:$on->{exotel}/ended", {content => $json->encode(\%ended)})->{success} or return 0;
	my $report = $json->encode({CallSid => $call->{sid}, Status => 'completed', EventType => 'terminal', DateUpdated => $ended{at}, EndTime => $ended{at},
		Legs => [ {OnCallDuration => $ended{seconds}, Status => 'completed'} ], CustomField => $call->{reference}});
	return wait_until(sub { $http->post($call->{tell}, {content => $report, headers => {'content-type' => 'application/json'}})->{success} }, 60);
}

# ---- many calls ----

# A number of an account of the tenant's, armed or not.
my $desks = 0;
sub receiver
{
	my ($on, $of) = @_;
	my $number = sprintf('+1212556%04d', ++$desks);
	my $url = as_tenant($on->{node}, 'va', $of->{tenant}, "SELECT voiceagent.media_url($of->{account})");
	as_tenant($on->{node}, 'va', $of->{tenant}, qq{SELECT voiceagent.update_provider_account($of->{account}, settings => jsonb_build_object('stream_url', '$url'));
		SELECT voiceagent.create_phone_number('$number', $of->{account}, details => jsonb_build_object('ai_assistant_id',
		voiceagent.create_assistant('Desk', 'Good day, this is the desk of Acme. We are glad that you call, and we have time for you now.', 'Be kind.')))});
	$on->{node}->safe_psql('va', VoiceAgent::acting_for($of->{tenant}, "UPDATE voiceagent.phone_numbers SET state = 'ready', state_reason = NULL, proof = 'carrier', proved_at = now()"));
	return {%$of, number => $number, url => $url =~ s/:\d+/:$on->{media}/r, n => 0};
}

# So many calls come in to the number, and are to be held.
sub incoming
{
	my ($on, $desk, $n) = @_;
	my ($from, $to) = ($desk->{n} + 1, $desk->{n} += $n);
	$on->{node}->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($desk->{tenant}); SELECT count(voiceagent_private.answer_plan("
		. "(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.provider_account_id = $desk->{account}), NULL, "
		. "'+13055' || lpad((1000 * $desk->{tenant} + n)::text, 6, '0'), '$desk->{number}', NULL, 'in-$desk->{tenant}-' || n)) FROM generate_series($from, $to) n; COMMIT");
	return map { "in-$desk->{tenant}-$_" } $from .. $to;
}

# Starts sockets, see crowd.py; what it gives ends them, and returns what they saw.
sub crowd { return crowd_until(qr/^ready$/m, @_) }

# The same of sockets that end by themselves.
sub crowd_of { return crowd_until(qr/^\{/m, @_)->() }

sub crowd_until
{
	my ($until, @what) = @_;
	my ($out, $err, $in) = ('', '', '');
	my $run = start([ 'python3', 'regress/fakes/crowd.py', @what ], '<', \$in, '>', \$out, '2>', \$err);
	wait_until(sub { $run->pump_nb; $out =~ $until }, 120) or die "no sockets: $out$err";
	return sub { $run->finish; note($err) if $err ne ''; return $json->decode(($out =~ /^(\{.*\})$/m)[0] // die "no answer: $out$err") };
}

# ---- the vendors ----

sub vendors_do
{
	my ($on, %what) = @_;
	my $answer = HTTP::Tiny->new(timeout => 20)->post("http://127.0.0.1:$on->{vendors}/fake", {content => $json->encode({lines => [], faults => {}, tool => undef, deltas => undef, %what})});
	die "$answer->{status} $answer->{content}" unless $answer->{success};
	return;
}

# What the vendors were asked and told since the last look.
sub vendors_saw
{
	my ($on) = @_;
	my @all = map { $json->decode($_) } slurp_file("$on->{dir}/vendors") =~ /^(.*)\n/mg;
	my @new = @all[ $on->{looked} .. $#all ];
	$on->{looked} = @all;
	return @new;
}

sub wrong { return join("\n", map { "$_->{path}: $_->{wrong}" } grep { defined $_->{wrong} } @_); }

# A vendor's account for calls, which reaches the fakes below a path: the first, the second, ... of its kind.
sub engine_account
{
	my ($on, $of, $provider, $key, $base, $model, $place, $more) = @_;
	return as_tenant($on->{node}, 'va', $of->{tenant}, qq{SELECT voiceagent.create_model_account('$provider', '$provider $key', '$key', '$model',
		'http://127.0.0.1:$on->{vendors}$base', '{"in_calls": $place$more}')});
}

# ---- a talk ----

# A whole call: who says what.  Returns what came of it, and its number.
my $talks = 0;
sub talk
{
	my ($on, $of, @lines) = @_;
	my ($is) = dialled($on, $of, [ sprintf('+12125550%03d', 140 + ++$talks) ]);
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'python3', 'regress/fakes/caller.py', 'exotel', $is->{stream}, $is->{sid}, $on->{speech}, "$on->{dir}/$talks.wav", @lines ], '>', \$out, '2>', \$err);
	my $call = $is->{call};
	ok(wait_until(sub { $on->{node}->safe_psql('va', "SELECT count(*) FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'") eq '1' }, 120), "the talk is over: $lines[0]");
	my $said = $on->{node}->safe_psql('va', "SELECT string_agg(speaker || ': ' || text, E'\\n' ORDER BY turn) FROM voiceagent.call_turns WHERE call_id = $call");
	note("$out$err$said");
	return {%{ $json->decode($out || '{}') }, call => $call, said => $said};
}

sub engine_failures
{
	my ($on, $call) = @_;
	return $on->{node}->safe_psql('va', "SELECT string_agg(concat_ws(' ', event_data ->> 'engine', event_data ->> 'provider', event_data ->> 'why'), E'\\n' ORDER BY event_id) FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_engine_failed'");
}

1;
