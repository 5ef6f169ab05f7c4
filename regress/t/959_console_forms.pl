# Every form of the console, filled wrongly once: the refusal is in sight, in the form, names its field, and is in words of people; and
# what is done with many rows of a list at once.  With no Chromium, no node or no npm there is nothing to see.
use strict;
use warnings;

use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
need_page($url);

my $tenant = create_tenant($node, 'va', 'Acme Solar', credits => 10000);
$node->safe_psql('va', "SELECT voiceagent.set_tenant_timezone($tenant, 'America/New_York')");
my %member = members($node, $tenant, qw(owner agent));
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.');
	SELECT voiceagent.add_lead('+12125550177', 'Ada');
	SELECT voiceagent.create_campaign('Spring', max(assistant_id)) FROM voiceagent.assistants;
	SELECT voiceagent.create_phone_number('+12125550190', details := jsonb_build_object('ai_assistant_id', max(assistant_id))) FROM voiceagent.assistants;
	SELECT voiceagent.create_calendar('Visits');
	SELECT voiceagent.add_agent('Mia', '{+12125550123}');
	SELECT voiceagent.sandbox_call_in(max(phone_number_id), 'books') FROM voiceagent.phone_numbers});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant AND ended_at IS NOT NULL", 1, 'a call is over', 60);
my %facts = map { $_->[0] => as_tenant($node, 'va', $tenant, "SELECT max($_->[0]_id) FROM voiceagent.$_->[1]") + 0 } [ 'lead', 'leads' ], [ 'campaign', 'campaigns' ], [ 'assistant', 'assistants' ], [ 'call', 'calls' ];

my @lines = visit('forms.js', $url, 400, $node->basedir . '/browser', encode_json(\%facts));
note($_) foreach grep { /^# \d/ } @lines;
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 40, 'every form is filled wrongly once');
is(join("\n", grep { !/^ok|^1\.\.|^# \d/ } @lines), '', '... and says what is wrong where one looks');

# Many at once.
as_tenant($node, 'va', $tenant, q{
	SELECT count(voiceagent.add_lead('+1212555' || (2000 + i), 'Many ' || i)) FROM generate_series(1, 118) i;
	SELECT count(voiceagent.create_task('other', 'Task ' || i)) FROM generate_series(1, 5) i});
$facts{many} = as_tenant($node, 'va', $tenant, q{SELECT min(lead_id) FROM voiceagent.leads WHERE first_name = 'Many 1'}) + 0;
$facts{agent} = $member{agent} + 0;
@lines = visit('many.js', $url, 200, $node->basedir . '/many', encode_json(\%facts));
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 24, 'many things are done at once');
is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and each is as it should be');
is_as_tenant($node, 'va', $tenant, q{SELECT concat_ws(' ', count(*) FILTER (WHERE member_id IS NOT NULL), count(*) FILTER (WHERE due_at > voiceagent.clock() + interval '6 days'), count(*) FILTER (WHERE finished_at IS NOT NULL))
	FROM voiceagent.tasks WHERE note LIKE 'Task _'}, '2 2 0', 'SQL has it, too');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
