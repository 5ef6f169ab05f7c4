# Everything that can be done with a live call can be rehearsed on the sandbox, and is to be seen in what comes of the call.
use strict;
use warnings;

use HTTP::Tiny;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Rehearsal', credits => 1000);
wait_workers($node, 'the workers run');
sub member { return as_tenant($node, 'va', $tenant, $_[0]) }
sub soon { return wait_for_sql($node, 'va', VoiceAgent::acting_for($tenant, $_[0]), 't', $_[1], 60) }

# Two people who talk and talk, slowly enough to be talked to.
member(q{SELECT voiceagent.set_setting('sandbox_time_scale', '6')});
my $account = member('SELECT min(provider_account_id) FROM voiceagent.provider_accounts');
my $campaign = member(q{SELECT voiceagent.create_campaign('Rehearsal', voiceagent.create_assistant('Ada', 'Hello', 'Be brief.',
	settings := '{"extraction_fields": {"budget": {"type": "number", "title": "What budget do you have in mind?"}, "roof": {"type": "string", "enum": ["flat", "steep"], "title": "What is the roof like?"}, "owns": {"type": "boolean", "title": "Is the house yours?"}, "note": {"type": "string", "title": "What else should we know?"}, "unasked": {"type": "string"}}}'),
	settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00"}}')});
member("SELECT voiceagent.add_lead(p, 'Ann', campaign_id := $campaign) FROM unnest(ARRAY['+12125550116', '+13105550116', '+12125550101']) p");
member("SELECT voiceagent.start_campaign($campaign)");

member("SELECT voiceagent.test_provider_account($account)");
soon("SELECT test_result = 'ok' FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'the account can be tested');
member("SELECT * FROM voiceagent.provider_balance($account)");
soon("SELECT balance > 0 AND balance_currency = 'USD' FROM voiceagent.provider_accounts WHERE provider_account_id = $account", '... and asked for its balance');

soon(q{SELECT count(*) = 2 FROM voiceagent.active_calls WHERE status = 'in_progress' AND phone LIKE '%0116'}, 'two people talk');
my ($one, $other) = split /\n/, member(q{SELECT call_id FROM voiceagent.active_calls WHERE status = 'in_progress' AND phone LIKE '%0116' ORDER BY 1});
member("SELECT voiceagent.say_in_call($one, 'One moment, please.')");
member("SELECT voiceagent.play_in_call($one, 'sound:hold')");
member("SELECT voiceagent.send_digits($one, '12#')");
soon("SELECT count(*) = 3 FROM voiceagent.provider_requests WHERE call_id = $one AND state = 'done'", 'the carrier says, plays and keys what it is told');
# What it was told is kept: a carrier that has died goes on with the same call.
my $pid = $node->safe_psql('va', q{SELECT pid FROM voiceagent.status() WHERE component = 'sandbox'});
$node->safe_psql('va', "SELECT pg_terminate_backend($pid)");
wait_for_sql($node, 'va', "SELECT pid <> $pid AND state = 'running' FROM voiceagent.status() WHERE component = 'sandbox'", 't', 'the carrier begins anew', 60);
member("SELECT voiceagent.transfer_call($one, '+12025550199'), voiceagent.say_in_call($other, 'Good bye.')");
soon("SELECT outcome IS NOT NULL FROM voiceagent.calls WHERE call_id = $one", 'the transfer ends the call');
is_as_tenant($node, 'va', $tenant, "SELECT status, outcome, cause, duration_seconds BETWEEN 1 AND 599 FROM voiceagent.calls WHERE call_id = $one", 'completed|completed|assistant-forwarded-call|t',
	'... which was put through');
is_as_tenant($node, 'va', $tenant, "SELECT string_agg(speaker || ': ' || text, '; ' ORDER BY text) FROM voiceagent.call_turns WHERE call_id = $one AND (speaker = 'system' OR text = 'One moment, please.')",
	'system: Digits sent: 12#; assistant: One moment, please.; system: Played sound:hold; system: Put through to +12025550199', '... and its words tell all of it, once');
my $url = member("SELECT recording_url FROM voiceagent.calls WHERE call_id = $one");
my $sound = HTTP::Tiny->new->get($url);
is("$sound->{status} $sound->{headers}{'content-type'} " . substr($sound->{content}, 0, 4), '200 audio/wav RIFF', 'the link of the recording can be heard');
my $seconds = member("SELECT least(duration_seconds, 60) FROM voiceagent.calls WHERE call_id = $one");
ok(abs((length($sound->{content}) - 44) / 8000 - $seconds) < 1, '... for as long as the call was');
is(HTTP::Tiny->new->get($url =~ s/\d-/9-/r)->{status}, 404, '... not as another tenant\'s');
member("SELECT voiceagent.call_recording($one, ask := true)");
soon("SELECT state = 'done' FROM voiceagent.provider_requests WHERE call_id = $one AND kind = 'fetch_recording'", '... and fetched');
is_as_tenant($node, 'va', $tenant, "SELECT state, url = '$url' FROM voiceagent.call_recording($one)", 'ready|t', '... where it lies now');
soon(q{SELECT jsonb_typeof(structured_data -> 'budget') = 'number' AND structured_data ->> 'roof' IN ('flat', 'steep') AND jsonb_typeof(structured_data -> 'owns') = 'boolean'
	AND jsonb_typeof(structured_data -> 'note') = 'string' AND NOT structured_data ? 'unasked' FROM voiceagent.calls WHERE phone = '+12125550101'}, 'whatever the assistant asks for is found out');
# What a call is told is kept, and so it is bounded.
for my $round (1 .. 4)
{
	member("SELECT voiceagent.send_digits($other, i::text) FROM generate_series(1, 5) i");
	soon("SELECT count(*) = 0 FROM voiceagent.provider_requests WHERE call_id = $other AND state IN ('queued', 'sending')", "$round times five keys");
}
is_as_tenant($node, 'va', $tenant, "SELECT state, count(*), min(error) FROM voiceagent.provider_requests WHERE call_id = $other GROUP BY 1 ORDER BY 1",
	"done|20|\nfailed|1|http-400: A call of the sandbox takes at most 20 commands of 65536 bytes together", 'a call takes so many commands, and says why it takes no more');
member("SELECT voiceagent.hang_up_call($other)");
soon("SELECT cause = 'manually-canceled' FROM voiceagent.calls WHERE call_id = $other AND outcome IS NOT NULL", 'the other is hung up');
is_as_tenant($node, 'va', $tenant, "SELECT count(*) FROM voiceagent.call_turns WHERE call_id = $other AND text = 'Good bye.'", 1, '... after what was said');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.provider_requests WHERE state = 'failed'}, 1, 'nothing else was refused');
is_sql($node, 'va', 'SELECT * FROM voiceagent.invariants()', '', 'all invariants hold');

$node->stop;
done_testing();
