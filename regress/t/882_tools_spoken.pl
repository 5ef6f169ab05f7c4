# Tools in a call that we hold: the assistant books by voice, the tool's own words are spoken, a filler while it takes long, and one
# that fails is said to have failed; the audio waits for none of them.
use strict;
use warnings;

use IPC::Run qw(run start finish);
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;
use VoiceAgentSpoken qw(answered);

my $json = JSON::PP->new->canonical;
my $dir = PostgreSQL::Test::Utils::tempdir();
my $port = fake_exotel();
my $media = PostgreSQL::Test::Cluster::get_free_port();
my $node = new_real_node('main', 'voiceagent.media_port' => $media);
my $speech = need_speech($node);
my $tenant = create_tenant($node, 'va', 'Spoken', credits => 1000);
wait_for_sql($node, 'va', "SELECT string_agg(state, ' ') FROM voiceagent.status() WHERE component IN ('media', 'tools')", 'running running', 'the processes media and tools run', 30);
wait_for_sql($node, 'va', "SELECT state LIKE 'espeak-ng %' FROM voiceagent.status() WHERE component = 'speech'", 't', '... and media speaks', 60);
real_settings($node, [ {port => $port}, {port => $media} ]);
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('exotel', 'exotel', '{"api_key": "k", "api_token": "t"}',
	'{"account_sid": "acme1", "caller_id": "+14155550101", "flow_id": "9", "webhook_peers": "127.0.0.1", "base_url": "http://127.0.0.1:$port"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'exotel')");
as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, settings => jsonb_build_object('stream_url', regexp_replace(voiceagent.media_url($account), '//[^/]+', '//127.0.0.1:$media')))});
# The campaigns of this test have the assistant of that name.
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Ann herself', 'Hello {{first_name}}, this is Acme. Do you have a minute?',
	E'You call for Acme.\nYou offer roofs.\nYour goal is to book an appointment.', settings => '{"discloses": true, "tools": ["book"]}')});
answered($node);
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);

sub dial
{
	my ($number) = @_;
	my @before = came('POST', qr{/connect\.json$});
	start_leads($node, $tenant, [ $number ], account => $account, settings => {max_call_duration => '5 minutes'});
	ok(wait_until(sub { scalar(came('POST', qr{/connect\.json$})) > @before }, 40), "$number is dialled");
	my ($stream) = (came('POST', qr{/connect\.json$}))[-1]{body} =~ /StreamUrl=([^&]+)/;
	$stream =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	my ($ref) = $stream =~ /attempt=([\w-]+)/;
	return ($stream, "sid-$ref", $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE phone = '$number'"));
}

sub person
{
	my ($stream, $sid, @lines) = @_;
	my %person = (out => '', err => '');
	$person{run} = start([ 'python3', 'regress/fakes/caller.py', 'exotel', $stream, $sid, $speech, "$dir/$sid.wav", @lines ], '>', \$person{out}, '2>', \$person{err});
	return \%person;
}

sub turns { my ($call) = @_; my $said = $node->safe_psql('va', "SELECT string_agg(speaker || ': ' || text, E'\\n' ORDER BY turn) FROM voiceagent.call_turns WHERE call_id = $call"); note($said); return $said; }

my @booking = ('yes speaking', 'that is right', 'monday at ten in the morning', 'that is right', 'thank you bye', 'goodbye');

# ---- it books ----

my ($stream, $sid, $call) = dial('+12125550141');
my $person = person($stream, $sid, @booking);
finish($person->{run});
note($person->{out} . $person->{err});
my $said = turns($call);
my ($day, $local, $error) = split /\|/, $node->safe_psql('va', "SELECT extract(isodow FROM (arguments ->> 'starts_at')::timestamp), arguments ->> 'starts_at', error FROM voiceagent.call_tools WHERE call_id = $call AND tool = 'book'"), 3;
like("$day $local $error", qr/^1 \d{4}-\d\d-\d\dT10:00 $/, 'the assistant books the day and the hour that it understood');
my ($months, $month, $date) = ('January February March April May June July August September October November December', $local =~ /^\d+-(\d+)-(\d+)/);
my $read = sprintf('Monday, %d %s at 10 am', $date, (split / /, $months)[ $month - 1 ]);
like($said, qr/^assistant: .*\Q$read\E\. Is that (?:right|correct)\?\ncustomer: that is right$/m, '... which it has read back');
my $answer = $node->safe_psql('va', "SELECT left(result, 30) FROM voiceagent.call_tools WHERE call_id = $call");
like($answer, qr/^Noted: /, '... and the tool notes it for a person to confirm');
like($said, qr/\nassistant: (?:One moment, please\. )*I have put you down for \Q$read\E\. A person has yet to confirm it\. /, '... which the assistant says in words of its own');
unlike($said, qr/\d-\d\dT\d/, '... without the form that a tool takes');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.appointments WHERE call_id = $call", 1, '... so that there is an appointment');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.media_tools', 0, '... and nothing is left of the way');
is_sql($node, 'va', "SELECT event_data -> 'tools', (event_data ->> 'frames_late')::integer < 50 FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'", '1|t', '... which no second of frames has waited for');

# ---- somebody holds the lock that it needs ----

($stream, $sid, $call) = dial('+12125550142');
my $holder = $node->background_psql('va');
$holder->query_safe("BEGIN; INSERT INTO voiceagent_private.tool_turns VALUES ($tenant, $call, 0);");
$person = person($stream, $sid, @booking);
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.media_tools', 1, 'another one wants to book, and cannot', 90);
finish($person->{run});
$holder->query_safe('ROLLBACK;');
$holder->quit;
$said = turns($call);
like($said, qr/\nassistant: One moment, please\.[\s\S]*I am sorry, that does not work at the moment\./, 'meanwhile it says so, and then that it cannot');
unlike($said, qr/put you down|your appointment is|that is settled/, '... and promises none');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.call_tools WHERE call_id = $call", 0, '... and nothing was done');

# ---- a tenant holds what the opt-outs of its callers need ----

my @numbers = map { "+1212555015$_" } 1 .. 6;
my @before = came('POST', qr{/connect\.json$});
start_leads($node, $tenant, \@numbers, account => $account, settings => {max_call_duration => '5 minutes'});
ok(wait_until(sub { scalar(came('POST', qr{/connect\.json$})) == @before + @numbers }, 60), 'six more are dialled');
$holder = $node->background_psql('va');
$holder->query_safe("BEGIN; SELECT FROM voiceagent.leads WHERE phone LIKE '+1212555015_' FOR UPDATE;");
my @people;
foreach my $dial ((came('POST', qr{/connect\.json$}))[ @before .. $#before + @numbers ])
{
	my ($each) = $dial->{body} =~ /StreamUrl=([^&]+)/;
	$each =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	my ($ref) = $each =~ /attempt=([\w-]+)/;
	push @people, person($each, "sid-$ref", 'stop calling me', '~');
}
# Each is heard to its end meanwhile: a turn notes what follows from it, and waits for nothing.
finish($_->{run}) foreach @people;
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE source = 'call' AND phone LIKE '+1212555015_'", '0', 'nothing follows while the lock is held');
$holder->query_safe('ROLLBACK;');
$holder->quit;
wait_for_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.do_not_call_list WHERE source = 'call' AND phone LIKE '+1212555015_'", 't', '... and the opt-outs are kept when it can', 60);

# ---- the process that uses tools is not there ----

($stream, $sid, $call) = dial('+12125550143');
my $tools = $node->safe_psql('va', "SELECT pid FROM voiceagent.status() WHERE component = 'tools'");
kill 'STOP', $tools;
$person = person($stream, $sid, @booking);
finish($person->{run});
kill 'CONT', $tools;
like(turns($call), qr/\nassistant: (?:One moment, please\. )*I am sorry, that does not work at the moment\./, 'a tool that nobody uses is said to have failed');

done_testing();
