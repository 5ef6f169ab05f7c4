# Somebody that knows no SQL does the work of a business in the console: from an empty tenant to a confirmed appointment, then people,
# hours, offers and money.  What the pages said is so in SQL.  With no Chromium, no node or no npm there is nothing to see.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFake;

my ($node, $url) = new_console();
need_page($url);

my $tenant = create_tenant($node, 'va', 'New Roofs', credits => 1000);
$node->safe_psql('va', "SELECT voiceagent.set_tenant_timezone($tenant, 'America/New_York')");
members($node, $tenant, 'owner');
$node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Small', 1000, '{"EUR": 100}'),
	voiceagent.create_plan('Basic', 1, 100, '{"EUR": 49.00}', features => '{calendars}', limits => '{"campaigns": 20}', trial => '14 days'), voiceagent.create_plan('Pro', 2, 400, '{"EUR": 149.00}', features => '{calendars,models,exports,listings,webhooks,api_keys}');
	SELECT voiceagent.set_tax_rate('DE', 19, 'USt', '2020-01-01', 'a test'); SELECT voiceagent.set_seller('Voice GmbH', 'Am Weg 1', 'DE', 'INV', '{embedded}', 'DE123456789')});
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '86400')});

# The server that answers the tenant's own tool.
my $shop = fake_carrier(sub { my ($order) = $_[0]{body} =~ /"order": "(\d)"/; return $order eq '7' ? (200, {said => 'Order 7 leaves today'}) : (503, {}) });
$node->safe_psql('va', "SELECT voiceagent.set_setting('tool_private_hosts', '127.0.0.1:$shop')");

my @lines = visit('newcomer.js', $url, 500, $node->basedir . '/browser', 'owner', "http://127.0.0.1:$shop/tool");
note($_) foreach grep { /^# from nothing/ } @lines;
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 50, 'a newcomer does the work of a business');
is(join("\n", grep { !/^ok|^1\.\.|^# from nothing/ } @lines), '', '... and every step is as it should be');

# What the pages said, by SQL.
my %told = (
	leads => [ 3, 'SELECT count(*) FROM voiceagent.leads' ],
	'calls, each of which was proved' => [ 't t', q{SELECT concat_ws(' ', count(*) >= 3, bool_and(EXISTS (SELECT FROM voiceagent.explain_call(c.call_id)))) FROM voiceagent.calls c} ],
	'a confirmed appointment' => [ 1, q{SELECT count(*) FROM voiceagent.appointments WHERE status = 'confirmed'} ],
	'an agent that is off and has hours' => [ '[["09:00", "12:00"], ["13:00", "17:00"]]', q{SELECT hours ->> 'mon' FROM voiceagent.agents WHERE name = 'Mia' AND NOT active AND skills = '{roofs,solar}'} ],
	'hours of a number' => [ '09:00:00 50 {"DE": "closed", "2026-12-24": "closed"}', q{SELECT concat_ws(' ', business_hours_start, calls_per_day, other_days) FROM voiceagent.phone_numbers} ],
	'a calendar with slots' => [ '00:45:00 {"tue": [["10:00", "16:00"]]}', q{SELECT concat_ws(' ', slot_length, hours) FROM voiceagent.calendars WHERE name = 'Visits'} ],
	'a day that is closed' => [ 'Holiday', q{SELECT reason FROM voiceagent.calendar_days WHERE day = '2030-12-24' AND hours IS NULL} ],
	'a question to the staff' => [ 'technical resolved en 2', q{SELECT concat_ws(' ', t.category, t.state, t.language, count(*)) FROM voiceagent.tickets t JOIN voiceagent.ticket_messages m USING (tenant_id, ticket_id) GROUP BY t.ticket_id, t.category, t.state, t.language} ],
	'a tool of its own' => [ 'order_state 2 0 Tells where a parcel is', q{SELECT string_agg(concat_ws(' ', name, secret_version, failures, description), ', ') FROM voiceagent.own_tools} ],
	listings => [ '12 Oak Street, 7 Elm Road', q{SELECT string_agg(attributes ->> 'address', ', ' ORDER BY attributes ->> 'address') FROM voiceagent.listings} ],
	'an invoice with its tax, written to whom the page says' => [ 'INV-1 119.00 19.00 DE en', q{SELECT concat_ws(' ', i.number, i.total, i.tax, b.country, b.language) FROM voiceagent.my_invoices() i, voiceagent.billing_details b} ],
	'a plan that is kept after all, and changed' => [ 'Pro trialing', q{SELECT concat_ws(' ', plan, state) FROM voiceagent.my_plan()} ],
	'what is bought by itself' => [ 'f 50 500.00', q{SELECT concat_ws(' ', t.active, trim_scale(t.below), round(t.most_per_month / 100.0, 2)) FROM voiceagent.top_ups t} ],
	'an assistant that has a tool' => [ '["free_slots"]', q{SELECT v.settings ->> 'tools' FROM voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version)} ],
	'accounts, whose keys are nowhere to be read' => [ 'Ear deepgram 1 t, Line vapi f', q{SELECT concat_ws(', ', (SELECT concat_ws(' ', m.name, m.provider, m.settings ->> 'in_calls', m.active) FROM voiceagent.model_accounts m),
		(SELECT concat_ws(' ', p.name, p.provider, p.active) FROM voiceagent.provider_accounts p WHERE p.provider <> 'sandbox'))} ],
	'a purchase that granted its credits once' => [ '1000.000000', q{SELECT sum(t.amount) FROM voiceagent.credit_transfers t WHERE t.operation = 'purchase'} ]);
is(as_tenant($node, 'va', $tenant, $told{$_}[1]), $told{$_}[0], "SQL has it, too: $_") foreach sort keys %told;
# Filters are the member's own.
members($node, $tenant, 'viewer');
my %token = map { $_ => login($node, "$_\@example.com") } qw(owner viewer);
my $as = sub { my ($who, $sql) = @_; my ($code, $out, $err) = $node->psql('va', "BEGIN; SET LOCAL ROLE voiceagent_user; SELECT FROM voiceagent.authenticate('$token{$who}'); $sql; COMMIT"); return $code ? $err =~ s/.*ERROR:\s+//sr =~ s/\n.*//sr : $out =~ s{^\n+}{}r };
is($as->('owner', q{SELECT name, filter FROM voiceagent.saved_filters('calls')}), 'Agreed|{"outcome": "scheduled"}', 'SQL has it, too: a search that was kept');
is($as->('viewer', q{SELECT count(*) FROM voiceagent.saved_filters('calls')}), 0, '... which nobody else sees');
is($as->('viewer', q{SELECT voiceagent.remove_filter('calls', 'Agreed')}), 'there is no such filter', '... or removes');
is($as->('viewer', q{SELECT FROM voiceagent.save_filter('leads', 'A', '{"stage": "retry"}'); SELECT FROM voiceagent.save_filter('leads', ' A ', '{}'); SELECT name, filter FROM voiceagent.saved_filters('leads')}), 'A|{}', 'a viewer keeps its own, and a name is one filter');
is($as->('viewer', q{SELECT voiceagent.save_filter('leads', 'x' || i, '{}') FROM generate_series(1, 50) i}), 'a member has at most 50 filters of a list', '... of which there is an end');
is($as->('viewer', qq{SELECT voiceagent.save_filter($_)}) =~ /^a filter|^filters are/ ? 1 : 0, 1, "refused: $_") foreach q{'money', 'x', '{}'}, q{'leads', ' ', '{}'}, q{'leads', 'x', '[]'}, q{'leads', 'x', NULL}, q{'leads', 'x', jsonb_build_object('a', repeat('b', 5000))};
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
