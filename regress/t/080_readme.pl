# The documents hold: every block of README.md and of the pages in extension/doc runs, every table is what the catalog
# says, every limit is what the source says, and the errors that are explained are the ones that people get.
#
# A page says on which other one its blocks build: <!-- blocks: after README.md -->.  Each page runs in a copy of the database
# that the blocks of that one have left.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my %document = map { (m{([^/]+)$})[0] => slurp_file($_) } grep { !m{doc/README\.md$} } documents();
my $keys = PostgreSQL::Test::Utils::tempdir();
chmod 0700, $keys;
my $node = new_node('main', database => '', max_worker_processes => 48,
	'voiceagent.jwt_secret_file' => "$keys/jwt", 'voiceagent.vault_key_file' => "$keys/vault",
	'voiceagent.authenticator' => 'authenticator');

sub run_sql
{
	my ($user, $sql, $name) = @_;
	my ($out, $err) = ('', '');
	local $ENV{KEYS} = $keys;
	IPC::Run::run([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('calls') . " user=$user" ],
		'<', \$sql, '>', \$out, '2>', \$err);
	my $passed = ok($? == 0 && $err !~ /^(ERROR|FATAL)/m, $name);
	diag($sql, $err) unless $passed;
	return $out;
}

# ---- the blocks, page by page ----

my %user = (platform => $node->safe_psql('postgres', 'SELECT current_user'), tenant => 'acme', app => 'app');
my %known_settings = map { $_ => 1 } split /\n/, $node->safe_psql('postgres', 'SELECT name FROM pg_settings');
my %ran;

sub run_block
{
	my ($at, $language, $block, @words) = @_;

	# What needs another program, or a server of its own, is run by the test that it names.
	if (($words[0] // '') =~ /^\d{2,3}_\w+$/)
	{
		like(join('', map { slurp_file($_) } grep { -f } glob("regress/{t,soak}/$words[0].pl")), qr/readme_blocks?\('$words[0]'/, "$at: $words[0] runs the block");
		return;
	}
	$ran{ $language || 'none' }++;
	if ($language eq 'sql')
	{
		my $user = $user{ $words[0] // '' };
		return unless ok(defined $user, "$at: it says who runs the block");
		run_sql($user, $block, "$at: the block runs");
		wait_for_sql($node, 'calls', 'SELECT status FROM voiceagent.campaigns WHERE campaign_id = 1', 'completed',
			'the campaign of the tour completes') if ($words[1] // '') eq 'start';
	}
	elsif ($language eq 'sh')
	{
		local %ENV = (%ENV, KEYS => $keys, BACKUP => $keys, PGHOST => $node->host, PGPORT => $node->port, PGUSER => $user{platform});
		my $output = qx(set -e; exec 2>&1\n$block);
		is($?, 0, "$at: the commands run") or diag($output);
		$node->reload;
	}
	elsif ($language eq 'ini' && ($words[0] // '') eq 'postgrest')
	{
		my %conf = $block =~ /^([a-z-]+) = "?([^"\n]*)"?$/mg;
		is(join(' ', sort keys %conf), 'db-anon-role db-pool db-pre-request db-schemas db-uri jwt-secret server-host server-port', "$at: PostgREST's settings");
		is_sql($node, 'calls', "SELECT to_regrole('$conf{'db-anon-role'}') IS NOT NULL AND to_regproc('$conf{'db-pre-request'}') IS NOT NULL AND to_regnamespace('$conf{'db-schemas'}') IS NOT NULL",
			't', '... name what is there');
		like($conf{'db-uri'}, qr{//authenticator@}, '... and the login role');
		is_sql($node, 'calls', "SELECT pg_has_role('authenticator', r, 'MEMBER') FROM unnest('{voiceagent_anon,voiceagent_user}'::name[]) r", "t\nt", '... which may become visitor and member');
	}
	elsif ($language eq 'ini' && ($words[0] // '') eq 'spoken')
	{
		pass("$at: asterisk/spoken.pl has a real Asterisk read it, where there is one");
	}
	elsif ($language eq 'ini')
	{
		my @unknown = grep { !$known_settings{$_} } $block =~ /^(\S+) =/mg;
		is(join(' ', @unknown), '', "$at: settings that there are");
	}
	elsif ($language eq 'js')
	{
		pass("$at: 930_webhook_out.pl runs it, where there is node");
	}
	else
	{
		# Pictures have no language; what is text is not meant to be run here.
		like($language, qr/^(text)?$/, "$at: the block has a language that is known");
	}
	return;
}

# Which page builds on which; a page whose blocks are run says so.
my %after = ('README.md' => '');
foreach my $page (sort keys %document)
{
	next unless $document{$page} =~ /^```(?:sql|sh) (?!\d)/m;
	my ($on) = $document{$page} =~ /^<!-- blocks: after (\S+) -->$/m;
	$after{$page} //= $on;
	ok($page eq 'README.md' || defined $on && exists $document{$on}, "$page: it says where its blocks begin");
}

sub run_page
{
	my ($page) = @_;
	my @next = grep { ($after{$_} // '') eq $page } sort keys %after;
	$node->safe_psql('postgres', $after{$page} eq '' ? q{CREATE DATABASE calls TEMPLATE template0 ENCODING 'UTF8'} : qq{CREATE DATABASE calls TEMPLATE "$after{$page}"});
	while ($document{$page} =~ /^```(\w*)([^\n]*)\n(.*?)^```$/msg)
	{
		my ($language, $words, $block) = ($1, $2, $3);
		my $line = 1 + (substr($document{$page}, 0, $-[0]) =~ tr/\n//);
		run_block("$page line $line", $language, $block, split(' ', $words));
	}
	is_sql($node, 'calls', 'SELECT count(*) FROM voiceagent.invariants()', 0, "$page: and no invariant is violated");
	$node->safe_psql('postgres', 'DROP DATABASE IF EXISTS calls_restored (FORCE)');
	return if $page eq 'errors.md';
	if (@next)
	{
		$node->safe_psql('postgres', qq{ALTER DATABASE calls RENAME TO "$page"});
		# What explains the errors goes on in its database: it comes last.
		run_page($_) foreach grep { $_ ne 'errors.md' } @next;
		return if $page eq 'README.md';
		$node->safe_psql('postgres', qq{DROP DATABASE "$page" (FORCE)});
	}
	else
	{
		$node->safe_psql('postgres', 'DROP DATABASE calls (FORCE)');
	}
	return;
}
run_page('README.md');
is_sql($node, 'README.md', 'SELECT array_agg(DISTINCT status) FROM voiceagent.appointments', '{confirmed}', 'the tour ends with an appointment');
run_page('errors.md');
cmp_ok($ran{sql} // 0, '>=', 30, 'there are blocks');
foreach my $page (sort keys %document)
{
	next if exists $after{$page};
	while ($document{$page} =~ /^```(\w+)([^\n]*)\n(.*?)^```$/msg)
	{
		run_block($page, $1, $3, split(' ', $2));
	}
}

# ---- tables from the catalog ----

create_database($node, 'fresh');
my $all = join '', map { $document{$_} } sort keys %document;
my $tables = '';
IPC::Run::run([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', 'regress/demo/tables.sql', '-d', $node->connstr('fresh') ], '>', \$tables)
	or fail('the tables can be made');
while ($tables =~ /(<!-- (\w+ \w+) -->\n(.*?)<!-- end -->)/sg)
{
	my ($name, $rows) = ($2, $3);
	my @there = $all =~ /<!-- $name -->\n(.*?)<!-- end -->/sg;
	is(scalar @there, 1, "$name: there is one such table");
	is_same($there[0] // '', $rows, "$name: the table is what the server says (make readme-tables writes it)");
}
my $chosen = qx(regress/lib/readme-figures check 2>&1);
is($?, 0, 'the figures of README.md are those of figures.md (make readme-figures writes them)') or diag($chosen);

# ---- limits ----

my $source = join '', map { slurp_file($_) } glob(join ' ', map { my $deep = '/*' x $_; map { "$_$deep.[ch]" } qw(extension bgworkers) } 1 .. 5);
my $sql_source = join '', map { slurp_file($_) } glob('sql/*/*.sql');
my $limits = 0;
while ($document{'limits.md'} =~ /^\| ([^|]+) \| (\d+) \| `([^`]+)` \|$/mg)
{
	my ($what, $number, $name) = ($1, $2, $3);
	$limits++;
	if ($name =~ /^(\w+)\(\)$/)
	{
		my %word = (5 => 'five');
		my $comment = $node->safe_psql('calls', "SELECT obj_description('voiceagent.$1'::regproc)");
		like($comment, $word{$number} ? qr/\b(?:$number|$word{$number})\b/ : qr/\b$number\b/, "limit: $what, as $name says");
	}
	elsif ($name =~ /^voiceagent\./)
	{
		is_sql($node, 'calls', "SELECT boot_val FROM pg_settings WHERE name = '$name'", $number, "limit: $what, $name");
	}
	else
	{
		my @values = map { my $value = $_; $value =~ s{\s*/\*.*}{}; eval $value } $source =~ /^#define $name\s+(.+)$/mg;
		push @values, $sql_source =~ /^\s*$name constant \w+ := (\d+);/mig;
		ok((grep { defined $_ && $_ == $number } @values), "limit: $what, $name");
	}
}
cmp_ok($limits, '>=', 40, 'there are limits');

# ---- errors ----

sub error_is
{
	my ($user, $sql, $state, $message) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XqAt', '-v', 'VERBOSITY=verbose', '-d', $node->connstr('calls') . " user=$user" ], '<', \$sql, '>', \$out, '2>', \$err);
	like($err, qr/$state: .*\Q$message\E/, "error: $state $message");
	ok(index($document{'errors.md'}, $message) >= 0, '... errors.md says so');
	return;
}

# Statements of the tenant's owner; the last thing they say.
sub as_acme
{
	my ($sql) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('calls') . ' user=acme' ], '<', \$sql, '>', \$out, '2>', \$err)
		or fail("runs: $sql") || diag($err);
	return (split /\n/, $out)[-1] // '';
}

# A campaign with leads whose numbers end so, in Kansas unless said otherwise; real: on the carrier account of the tour.
sub campaign
{
	my ($name, $settings, @numbers) = @_;
	my $id = as_acme("SELECT voiceagent.create_campaign('$name', 1, settings := '$settings')");
	as_acme(join(';', map { "SELECT voiceagent.add_lead('$_', 'Kim', campaign_id := $id, context := '{\"product\": \"x\"}')" } @numbers)) if @numbers;
	return $id;
}
my $always = '"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "call_interval": 0';
as_acme(q{SELECT voiceagent.create_provider_account('vapi', 'Vapi main', '{"api_key": "k", "webhook_secret": "a long random text"}', '{"phone_number_id": "p"}');
	SELECT voiceagent.do_not_call('+1 305 555 0102', 'asked');
	SELECT voiceagent.record_consent(1, 'call', 'form on the web site', 'Acme may call me with an automated voice.')});
as_acme(q{SELECT voiceagent.begin_import() AS import \gset
	SELECT voiceagent.append_import(:import, E'phone\\n+1 305 555 0105'::bytea); SELECT voiceagent.finish_import(:import); SELECT voiceagent.undo_import(:import)});
$node->safe_psql('calls', q{SELECT voiceagent.import_dnc_list('National registry', 'US', published_at := voiceagent.clock() - interval '2 days', lines := E'305,5550199')});
my $real = campaign('errors', '{"provider_account": "Vapi main"}');

error_is('app', 'SELECT * FROM voiceagent.leads', 'PT401', 'no proof of a tenant');
error_is('acme', 'SELECT voiceagent.set_setting(\'retry_delays\', \'1\')', 'PT422', 'there is no setting');
error_is('acme', 'SELECT voiceagent.pause_campaign(999)', 'PT404', 'no such campaign');
error_is('acme', "SELECT voiceagent.start_campaign($real)", 'PT409', 'the campaign has no leads to call');
error_is('acme', q{SELECT voiceagent.create_tenant('x')}, '42501', 'permission denied');
error_is('acme', q{SELECT voiceagent.create_assistant('x', 'Hi {{nothing}}', 'x'); SELECT voiceagent.create_campaign('x', 2) AS c \gset
	SELECT voiceagent.add_leads(:c, ARRAY[1::bigint]); SELECT voiceagent.start_campaign(:c)}, 'PT422', 'variables of the prompt have no value');
error_is('acme', 'SELECT voiceagent.undo_import(1)', 'PT409', 'has leads that were called');
error_is('acme', 'SELECT voiceagent.undo_import(2)', 'PT409', 'is undone already');
error_is('acme', q{SELECT voiceagent.test_call(1, '+1 913 555 0100')}, 'PT403', 'the number is not registered as an own one');
error_is('acme', q{SELECT voiceagent.add_lead('+1 305 555 0102')}, 'PT409', 'is on the do-not-call list');
error_is($user{platform}, q{SELECT voiceagent.tighten_rule('US', 'hours', '{"start": "06:00", "end": "23:00"}', 'x')}, 'PT422', 'can be tightened, not widened');

# The law on a real carrier.
as_acme("SELECT voiceagent.add_leads($real, ARRAY[1::bigint]); SELECT voiceagent.set_setting('caller_name', NULL)");
error_is('acme', "SELECT voiceagent.start_campaign($real)", 'PT422', 'no caller_name is set');
as_acme(q{SELECT voiceagent.set_setting('caller_name', 'Acme Solar')});
error_is('acme', "SELECT voiceagent.start_campaign($real)", 'PT422', 'no caller_phone is set');
as_acme(q{SELECT voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('caller_address', '1 Main Street'),
	voiceagent.set_setting('call_subject', 'solar panels'), voiceagent.set_setting('caller_toll_free', '+1 800 555 0101')});
error_is('acme', "SELECT voiceagent.start_campaign($real)", 'PT428', 'the campaign must be confirmed before it dials');
my $canada = campaign('Canada', '{"provider_account": "Vapi main"}', '+1 416 555 0121');
# As the rules stand consent is asked for everywhere; where it is not, the list counts.
$node->safe_psql('calls', q{UPDATE voiceagent_private.law_rules SET value = 'false' WHERE jurisdiction = 'CA' AND rule = 'require_consent';
	DELETE FROM voiceagent_private.jurisdiction_terms});
error_is('acme', "SELECT voiceagent.start_campaign($canada)", 'PT409', 'no national do-not-call list of CA is in force');
$node->safe_psql('calls', q{SELECT voiceagent.import_dnc_list('Ottawa', 'CA', voiceagent.clock() - interval '60 days', '4165550199')});
error_is('acme', "SELECT voiceagent.start_campaign($canada)", 'PT409', 'the national do-not-call list of CA is older than 31 days');
like($node->safe_psql('calls', 'SELECT voiceagent.health()'), qr/national do-not-call list \\"Ottawa\\" is 60 days old/, '... and health() warns');

# What a campaign that is held back or paused says.
sub reason_is
{
	my ($campaign, $reason, $words) = @_;
	wait_for_sql($node, 'calls', "SELECT status_reason ~ '$reason' FROM voiceagent.campaigns WHERE campaign_id = $campaign", 't', "campaign: $words", 30);
	ok(index($document{'errors.md'}, $words) >= 0, '... errors.md says so');
	return;
}
my $failing = campaign('failing', "{$always}", map { "+1 $_ 555 0109" } 913, 316, 620, 785, 402, 308);
as_acme("SELECT voiceagent.start_campaign($failing)");
reason_is($failing, '\d of \d calls failed within \d+ s: call \d+ [(]', 'calls failed within');
my $capped = campaign('capped', "{$always, \"spend_cap\": 4}", map { "+1 $_ 555 0100" } 913, 316, 620, 785);
as_acme("SELECT voiceagent.start_campaign($capped)");
reason_is($capped, '^spend cap reached', 'spend cap reached');

# An erasure waits for the end of a call.
$node->safe_psql('calls', q{SELECT voiceagent.set_setting('max_call_duration', '1 hour')});
my $long = campaign('long', "{$always, \"max_call_duration\": \"1 hour\"}", '+1 913 555 0116');
as_acme(q{SELECT voiceagent.set_setting('sandbox_time_scale', '600')});
as_acme("SELECT voiceagent.start_campaign($long)");
wait_for_sql($node, 'calls', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $long AND ended_at IS NULL", 1, 'somebody is called');
is(as_acme(q{SELECT voiceagent.erase_lead(lead_id) ->> 'status' FROM voiceagent.leads WHERE phone = '+19135550116'}), 'waiting', 'an erasure waits');
error_is('acme', q{SELECT voiceagent.erase_lead(lead_id) FROM voiceagent.leads WHERE phone = '+19135550116'}, 'PT409', 'is being erased');
wait_for_sql($node, 'calls', 'SELECT status FROM voiceagent.erasures ORDER BY erasure_id DESC LIMIT 1', 'done', '... and is done after the end of the call');

$node->safe_psql('calls', q{SELECT voiceagent.adjust_credits(1, -(SELECT balance FROM voiceagent.credit_accounts WHERE account = 'available'), 'to the last')});
error_is('acme', "SELECT voiceagent.start_campaign($real)", 'PT402', 'not enough credits to start');
unlink "$keys/vault";
$node->reload;
error_is('acme', q{SELECT voiceagent.create_provider_account('vapi', 'y', '{"api_key": "k"}', '{"phone_number_id": "p"}')}, '55000',
	'setting voiceagent.vault_key_file does not give a usable key');

is_sql($node, 'calls', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated after all of this either');
$node->stop;
done_testing();
