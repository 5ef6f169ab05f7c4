# What tenants wrote is evaluated in a process of its own, with few rights, little memory and little time: what breaks out of
# its bounds is switched off and its tenant told, while another tenant's audience goes on and no process of the others ends.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', 'voiceagent.guest_timeout' => '5s', 'voiceagent.guest_memory' => '64MB');
my $guest = q{SELECT state FROM voiceagent.status() WHERE component = 'guest'};
my @others = @worker_kinds;
my (%tenant, %campaign);
sub member { return $node->safe_psql('va', $_[1], extra_params => [ '-U', $_[0] ]) }
foreach my $name ('ours', 'theirs')
{
	$tenant{$name} = create_tenant($node, 'va', $name);
	$node->safe_psql('va', "CREATE ROLE $name LOGIN; SELECT voiceagent.map_role('$name', $tenant{$name})");
	$campaign{$name} = member($name, q{SELECT voiceagent.create_campaign('C', voiceagent.create_assistant('A', 'Hello', 'Be kind.'))});
}

# A lead of one's own joins by an audience of its own, and how long that took.
my $made = 0;
sub joins
{
	my ($who, $name, $seconds, $try) = @_;
	$try //= 1;
	$made++;
	my $lead = member($who, "SELECT voiceagent.add_lead('+1 312 555 01' || lpad('$made', 2, '0'), 'N$made')");
	my $began = time;
	member($who, "SELECT voiceagent.create_audience('N$made', $campaign{$who}, 'first_name = ''N$made''')");
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.campaign_leads WHERE tenant_id = $tenant{$who} AND lead_id = $lead", '1', $name);
	my $took = time - $began;
	member($who, "SELECT voiceagent.drop_audience(audience_id) FROM voiceagent.audiences WHERE name = 'N$made'");
	# A slow machine may take its time, but not each of five times.
	return joins($who, "$name, once more", $seconds, $try + 1) if $took >= $seconds && $try < 5;
	cmp_ok($took, '<', $seconds, sprintf('... within %.1f s (%.2f)', $seconds, $took));
	return;
}

# An audience of ours, and what its error begins with.
sub audience
{
	my ($name, $condition) = @_;
	$condition =~ s/'/''/g;
	return member('ours', "SELECT voiceagent.create_audience('$name', $campaign{ours}, '$condition')");
}
sub tells
{
	my ($name, $error, $what, $seconds) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	wait_for_sql($node, 'va', "SELECT split_part(error, E'\\n', 1) FROM voiceagent.audiences WHERE name = '$name'", $error, $what, $seconds // 120);
	return;
}
sub drop
{
	my ($name) = @_;
	return member('ours', "SELECT voiceagent.drop_audience(audience_id) FROM voiceagent.audiences WHERE name = '$name'");
}

# ----- on demand
wait_for_sql($node, 'va', "SELECT string_agg(state, ' ') FROM voiceagent.status() WHERE component = ANY ('{" . join(',', @others) . "}')", join(' ', ('running') x @others), 'the others run');
is_sql($node, 'va', $guest, 'resting', 'nothing to evaluate: there is no process');
is_sql($node, 'va', q{SELECT voiceagent.health() -> 'ok'}, 'true', '... which is well');
joins('ours', 'the first audience starts it', 5);
is_sql($node, 'va', $guest, 'running', '... which status() shows');
joins('theirs', 'it goes on', 1);

# ----- its rights
is_sql($node, 'va', q{
	SELECT string_agg(format('%s.%s: %s', n.nspname, c.relname, p.privilege), ' ' ORDER BY n.nspname, c.relname)
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p(privilege)
	WHERE n.nspname ~ '^voiceagent' AND c.relkind IN ('r', 'p', 'v', 'm') AND (has_table_privilege('voiceagent_guest', c.oid, p.privilege)
		OR p.privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege('voiceagent_guest', c.oid, p.privilege))},
	'voiceagent.leads: SELECT voiceagent.tenants: SELECT', 'it reads two tables, and writes none');
is_sql($node, 'va', q{SELECT count(*) FROM pg_auth_members WHERE member = 'voiceagent_guest'::regrole OR roleid = 'voiceagent_guest'::regrole}, '0', '... and is a member of nothing');

# ----- the attack: 60,000 elements, beside another tenant
my (undef, undef, $err) = $node->psql('va', "SELECT voiceagent.create_audience('big', $campaign{ours}, 'context->''a'' \@> (context->''a'')')", extra_params => [ '-U', 'ours' ]);
like($err, qr/may not be part of a condition/, 'an array of the lead within itself is no condition');
member('ours', q{SELECT voiceagent.add_lead('+1 312 555 0199', 'Big', context => (SELECT jsonb_build_object('a', jsonb_agg(i)) FROM generate_series(1, 60000) i))});
audience('big', q{context->'a' @> '[1, 2, 59999]'});
joins('theirs', 'beside an array of 60,000 elements another tenant\'s audience goes on', 20);
tells('big', '54000 the condition is unknown for 1 leads', '... and the tenant of that one is told');
drop('big');

# ----- a hole in the bounds: a function that a condition can call does what it likes
my %pids = map { $_ => (worker_pids($node, "voiceagent $_", 'va'))[0] } @others;
my $bounded = $node->safe_psql('va', q{SELECT pg_get_functiondef('voiceagent_condition.lower(text)'::regprocedure)});
my $condition = q{lower(last_name) = 'x'};
member('ours', q{SELECT voiceagent.add_lead('+1 312 555 0198', 'Ann', 'Lee')});
sub lower_does
{
	my ($body) = @_;
	return $node->safe_psql('va', "CREATE OR REPLACE FUNCTION voiceagent_condition.lower(text) RETURNS text LANGUAGE plpgsql VOLATILE AS \$\$ BEGIN $body RETURN \$1; END \$\$");
}
sub breaks_out
{
	my ($name, $body, $error) = @_;
	lower_does($body);
	audience($name, $condition);
	joins('theirs', "while a condition takes $name another tenant's audience goes on", 20);
	tells($name, "$error", '... and that one is switched off, with the reason');
	is_sql($node, 'va', "SELECT stopped_at IS NOT NULL FROM voiceagent.audiences WHERE name = '$name'", 't', '... which shows when');
	is(member('ours', "SELECT count(*) FROM voiceagent.activity() WHERE event_type = 'audience_stopped' AND event_data ->> 'audience' = '$name'"), '1', '... and of which an event tells');
	drop($name);
	return;
}
foreach my $try (
	[ q{RAISE EXCEPTION '%', session_user;}, 'P0001 voiceagent_guest', 'a condition is evaluated as the guest' ],
	[ 'PERFORM FROM voiceagent.calls;', '42501 permission denied for table calls', '... which reads no call' ],
	[ 'PERFORM voiceagent_private.set_tenant(1);', '42501 permission denied for function set_tenant', '... acts for nobody else' ],
	[ q{RAISE EXCEPTION '%', (SELECT string_agg(DISTINCT tenant_id::text, ' ') FROM voiceagent.leads);}, "P0001 $tenant{ours}", '... and sees one tenant' ])
{
	lower_does($try->[0]);
	audience('tries', $condition);
	tells('tries', @$try[ 1, 2 ]);
	drop('tries');
}
breaks_out('time', 'PERFORM pg_sleep(60);', '54000 the audience is switched off: it takes longer than voiceagent.guest_timeout (5000 ms)');
# With time enough to come that far on a busy machine.
$node->append_conf('postgresql.conf', q{voiceagent.guest_timeout = '30s'});
$node->reload;
breaks_out('memory', q{PERFORM length(repeat('x', 200000000));}, '53200 the audience is switched off: out of memory');
breaks_out('memory in small pieces', q{PERFORM array_length(array_agg(repeat('x', 1000) || i), 1) FROM generate_series(1, 300000) i;}, '53200 the audience is switched off: out of memory');
is(join(' ', map { (worker_pids($node, "voiceagent $_", 'va'))[0] } @others), join(' ', @pids{@others}), 'no process of the others has ended');
unlike(slurp_server_log($node), qr/terminated by signal|PANIC/, '... and nothing has crashed');

# ----- what stays in the process: each name of a time zone that a lead's text holds
$node->safe_psql('va', $bounded);
joins('theirs', 'a guest for both', 20);
member('ours', q{SELECT count(voiceagent.add_lead('+1 312 556 ' || lpad(i::text, 4, '0'),
	context => jsonb_build_object('t', format('2026-01-01 12:00 Z%s%s%s5', chr(65 + i / 676), chr(65 + i / 26 % 26), chr(65 + i % 26))))) FROM generate_series(1, 2000) i});
my ($worn) = worker_pids($node, 'voiceagent guest', 'va');
audience('zones', q{(context->>'t')::timestamptz < now});
ok(wait_until(sub { my ($pid) = worker_pids($node, 'voiceagent guest', 'va'); defined $pid && $pid != ($worn // 0) }), 'a process that has grown by half makes room for a fresh one');
wait_for_sql($node, 'va', "SELECT count(*) >= 2000 FROM voiceagent.campaign_leads WHERE tenant_id = $tenant{ours}", 't', '... which goes on until all are found');
joins('theirs', '... beside which another tenant\'s audience goes on', 20);
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.audiences WHERE stopped_at IS NOT NULL OR error ~ \'53200\'', '0', '... and nobody\'s is switched off');
drop('zones');

# ----- a process that ends in an evaluation
$node->safe_psql('va', 'CREATE FUNCTION public.die() RETURNS boolean LANGUAGE sql SECURITY DEFINER RETURN pg_terminate_backend(pg_backend_pid())');
lower_does('PERFORM public.die();');
audience('ends', $condition);
tells('ends', '54000 the audience is switched off: its evaluation does not come to an end', 'a condition that ends the process is switched off', 180);
$node->safe_psql('va', $bounded);
joins('theirs', '... and another tenant\'s audience goes on', 5);

# ----- rest
drop('ends');
wait_for_sql($node, 'va', $guest, 'resting', 'with nothing left to do it ends', 90);
joins('ours', '... and comes back', 5);
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', '0', 'nothing is violated');
done_testing();
