# What is known of a lead, at its page in a browser: with the words that prove it, and where they stand; an owner corrects and forgets, a
# viewer reads.  With no Chromium, no node or no npm there is nothing to see.
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
members($node, $tenant, qw(owner viewer));
$node->safe_psql('va', "SELECT voiceagent.set_tenant_timezone($tenant, 'America/New_York')");
my $fields = q({"budget": {"type": "number"}, "city": {"type": "string"}});
my $lead = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You answer the telephone.', settings := jsonb_build_object('extraction_fields', '$fields'::jsonb)) AS nova \\gset
	SELECT voiceagent.create_phone_number('+12125550101', details := jsonb_build_object('ai_assistant_id', :nova, 'in_hours', 'assistant')) AS number \\gset
	SELECT voiceagent.add_lead('+12125550120', 'Ada', context := '{"budget": 300, "city": "<b>x</b>"}') AS lead \\gset
	SELECT voiceagent.add_appointment(now() + interval '3 days', lead_id := :lead, summary := 'a viewing');
	SELECT voiceagent.sandbox_call_in(:number, caller := '+12125550120', lines := '{"Hello.", "Good bye."}');
	SELECT :lead}) =~ s/.*\n//sr;
my $call = wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.calls WHERE outcome IS NOT NULL', 1, 'a talk is over', 90);
# What was said there is told by another talk than the sandbox's, at a real carrier.
$node->safe_psql('va', qq{SELECT voiceagent_private.set_tenant($tenant);
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, active, created_at)
	VALUES ($tenant, 'vapi', 'Vapi', 'https://carrier.example', '{"phone_number_id": "p"}', 10, false, now());
	UPDATE voiceagent.calls c SET provider_account_id = a.provider_account_id FROM voiceagent.provider_accounts a WHERE a.tenant_id = $tenant AND a.provider = 'vapi' AND c.tenant_id = $tenant;
	UPDATE voiceagent.call_inbound c SET provider_account_id = a.provider_account_id FROM voiceagent.provider_accounts a WHERE a.tenant_id = $tenant AND a.provider = 'vapi' AND c.tenant_id = $tenant;
	UPDATE voiceagent.conversations k SET turns = t.turns, reading = (voiceagent_private.read_conversation(t.turns, '{"budget": 500}', 'en', '$fields')).reading
	FROM (SELECT '[{"turn": 1, "speaker": "assistant", "text": "What is your budget?"}, {"turn": 2, "speaker": "customer", "text": "My budget is 500 dollars."}]'::jsonb AS turns) t WHERE k.tenant_id = $tenant;
	INSERT INTO voiceagent.tasks (tenant_id, kind, lead_id, call_id, note, promise, priority, created_by, due_at, created_at) SELECT $tenant, 'promise', $lead, max(call_id), 'I will send you the brochure.', 'send', 'normal', 'voiceagent', now() + interval '1 day', now() FROM voiceagent.calls});

my @lines = visit('memory.js', $url, 200, $node->basedir . '/browser', $lead);
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 9, 'people of two roles look at what is known');
is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and every step is as it should be');
is_sql($node, 'va', 'SELECT string_agg(concat_ws($$ $$, name, value, why), $$, $$ ORDER BY memory_id) FROM voiceagent.lead_memories', 'budget 700 She wrote a letter., city She asked us to.', 'SQL has what was clicked');
is_sql($node, 'va', 'SELECT * FROM voiceagent.invariants()', '', 'no invariant is violated');
done_testing();
