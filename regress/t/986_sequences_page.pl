# The page of sequences in a browser: an owner writes one, is told why it cannot be so, tries it with a lead, publishes it, puts leads in,
# pauses it and sees where they are and why they ended; agents and viewers look.  What strangers wrote into names runs nothing.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
need_page($url);
my $tenant = create_tenant($node, 'va', 'Roofs', credits => 1000);
members($node, $tenant, qw(owner viewer agent));
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.import_leads(csv := E'First name;Tel.;Tag\nAda;(212) 555-0100;roof\n<img src=x onerror=alert(1)>;212-555-0101;roof\nCleo;212-555-0103;other\n', default_country := 'US');
	UPDATE voiceagent.leads SET tags = CASE WHEN phone = '+12125550103' THEN '{other}' ELSE '{roof}' END::text[];
	SELECT voiceagent.create_campaign('Spring </script><script>alert(1)</script>', voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.'));
	SELECT voiceagent.create_sequence('Before <b>now</b>', '[{"do": "text", "text": "Hello {{first_name}}"}, {"do": "task", "note": "Call by hand"}]');
	SELECT voiceagent.publish_sequence(max(sequence_id)), voiceagent.enrol_leads(max(sequence_id), ARRAY(SELECT lead_id FROM voiceagent.leads)) FROM voiceagent.sequences});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.sequence_enrolments WHERE tenant_id = $tenant AND state = 'stopped'", 3, 'three leads are refused a text', 60);

my @lines = visit('sequences.js', $url, 280, $node->basedir . '/browser');
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 22, 'people of three roles use the page');
is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and every step is as it should be');
is_sql($node, 'va', qq{SELECT s.version, s.paused_at IS NULL, s.draft #>> '{steps,0,for,0}', count(e.*) FILTER (WHERE e.version = 1), (SELECT string_agg(b.outcome::text, ' ') FROM voiceagent.sequence_starts b)
	FROM voiceagent.sequences s JOIN voiceagent.sequence_enrolments e USING (tenant_id, sequence_id) WHERE s.name LIKE 'After%' GROUP BY s.tenant_id, s.sequence_id}, '2|t|replied|2|no_answer', 'SQL has what was clicked');
is_as_tenant($node, 'va', $tenant, q{SELECT voiceagent.enrol_listed_leads(max(sequence_id), tag := 'roof'), voiceagent.enrol_listed_leads(max(sequence_id), tag := 'other') FROM voiceagent.sequences}, '{"more": false, "enrolled": 0}|{"more": false, "enrolled": 1}',
	'who is in it is left out, and others are not');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, '... and no invariant is violated');
done_testing();
