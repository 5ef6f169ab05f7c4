# Every function that the door executes for members, asked by each role with another tenant's ids and with arguments of no sense: no fault of
# the server's, no word of the other tenant, not a row of it changed; and a viewer changes nothing of its own tenant.  The functions are
# those of the catalog, so one that is added is asked, too.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(One Two);
members($node, $tenant{One}, qw(owner manager agent viewer));
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant{Two}, 'other\@example.com', '$console_password', 'owner')");
my $words = 'secret-of-Two';
foreach my $whose (qw(One Two))
{
	as_tenant($node, 'va', $tenant{$whose}, qq{
		SELECT voiceagent.add_lead('+1212555010' || i, 'secret-of-$whose', context := '{"note": "secret-of-$whose"}') FROM generate_series(0, 3) i;
		SELECT voiceagent.create_assistant('secret-of-$whose', 'Hello from secret-of-$whose.', 'Be kind to secret-of-$whose.') AS assistant \\gset
		SELECT voiceagent.create_campaign('secret-of-$whose', :assistant) AS campaign \\gset
		SELECT voiceagent.add_leads(:campaign);
		SELECT voiceagent.create_calendar('secret-of-$whose', 'UTC', '{"start": "09:00", "end": "17:00", "days": ["mon"]}', '1 hour');
		SELECT voiceagent.create_phone_number('+12125550150', details := jsonb_build_object('friendly_name', 'secret-of-$whose'));
		SELECT voiceagent.add_agent('secret-of-$whose', ARRAY['+12125550201']);
		SELECT voiceagent.create_task('message', note := 'secret-of-$whose');
		SELECT voiceagent.do_not_call('+12125550109', 'secret-of-$whose');
		SELECT voiceagent.request_export('leads')});
}

# Whatever a tenant has, by table; what a reader's own request leaves, and what workers note of what they have looked at, is named here.
my @left = qw(audit_log events exports saved_filters login_origins member_logins figure_marks retention_marks tenant_directory member_notices notices_new notice_wishes mails sandbox_mailbox);
my $tables = join(' ', map { "'$_'" } @left) =~ s/ /, /gr;
my $state_of = q{
	SELECT string_agg(t.relname || ' ' || (xpath('//n/text()', query_to_xml(format('SELECT md5(coalesce(string_agg(r::text, chr(10) ORDER BY r::text), %L)) AS n FROM %s r WHERE tenant_id = TENANT',
		'', t.oid::regclass), false, true, '')))[1]::text, E'\n' ORDER BY t.relname)
	FROM pg_class t WHERE t.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND t.relkind IN ('r', 'p')
		AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'tenant_id') AND t.relname NOT IN (LEFT)} =~ s/LEFT/$tables/r;
sub state_of { my ($whose) = @_; return $node->safe_psql('va', $state_of =~ s/TENANT/$tenant{$whose}/r) }
sub differing { my ($one, $other) = @_; my %was = map { $_ => 1 } split /\n/, $one; return join(' ', map { (split / /)[0] } grep { !$was{$_} } split /\n/, $other) }

# An argument NAME_id is an id of the other tenant's, if it has such rows; all else has a value of its type.
my %id_of = map { my ($name, $value) = split /\|/; ($name => $value) } split /\n/, $node->safe_psql('va', qq{
	SELECT a.attname || '|' || coalesce((xpath('//n/text()', query_to_xml(format('SELECT max(%I) AS n FROM %s WHERE tenant_id = $tenant{Two}', a.attname, a.attrelid::regclass), false, true, '')))[1]::text, '1')
	FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
	WHERE a.attidentity <> '' AND t.relnamespace = 'voiceagent'::regnamespace AND EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = t.oid AND o.attname = 'tenant_id')});
my %sample = (text => '"x"', integer => 1, smallint => 1, bigint => 1, boolean => 'true', jsonb => '{}', json => '{}', numeric => 1, date => '"2026-01-01"', interval => '"1 hour"', uuid => '"00000000-0000-0000-0000-000000000000"',
	'timestamp with time zone' => '"2026-01-01T00:00:00Z"', 'time without time zone' => '"10:00"', bytea => '"x"', 'double precision' => 1);
# What ends the caller's own session or password is no attack.
my @functions = split /\n/, $node->safe_psql('va', q{
	SELECT p.proname || '|' || (SELECT coalesce(string_agg(p.proargnames[n] || ':' || format_type(p.proargtypes[n - 1], NULL), ',' ORDER BY n), '') FROM generate_series(1, p.pronargs) n)
	FROM pg_proc p WHERE p.pronamespace = 'voiceagent'::regnamespace AND p.prorettype <> 'trigger'::regtype AND p.prokind = 'f' AND has_function_privilege('voiceagent_user', p.oid, 'EXECUTE')
		AND p.proname NOT IN ('change_password', 'end_sessions', 'login', 'authenticate') ORDER BY p.proname});
cmp_ok(scalar(@functions), '>', 250, 'there are functions: ' . @functions);

sub body_for
{
	my ($arguments) = @_;
	my @members = map {
		my ($name, $type) = /^([^:]*):(.*)$/;
		my $id = $id_of{$name} // ($name =~ /^(.*_id)s$/ ? $id_of{$1} : undef);
		my $value = $type =~ /\[\]$/ ? (defined $id ? "[$id]" : '[]') : $id // $sample{$type} // '"x"';
		$name eq '' ? () : "\"$name\": $value";
	} split /,/, $arguments;
	return '{' . join(', ', @members) . '}';
}

my $two = state_of('Two');
foreach my $who (qw(viewer agent manager))
{
	my $token = login($node, "$who\@example.com");
	my $before = state_of('One');
	my (@faults, @told);
	foreach my $function (@functions)
	{
		my ($name, $arguments) = split /\|/, $function, 2;
		foreach my $body ($who eq 'viewer' ? ('{}') : (), body_for($arguments))
		{
			my $answer = rpc($url, $token, $name, $body);
			push @faults, "$name $body: $answer->{status} " . substr($answer->{content} // '', 0, 200) if $answer->{status} >= 500;
			push @told, "$name $body" if index($answer->{content} // '', $words) >= 0;
		}
	}
	is(join("\n", @faults), '', "$who: no request is a fault of the server's");
	is(join("\n", @told), '', '... none tells a word of another tenant');
	is(differing($two, state_of('Two')), '', '... none changes a row of it');
	is(differing($before, state_of('One')), '', '... and none changes a row of its own tenant') if $who eq 'viewer';
}
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
