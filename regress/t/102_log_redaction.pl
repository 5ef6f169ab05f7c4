# Monitoring sees figures and nobody's rows; staff and members read what was done; the log carries ids, never people or secrets.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $keys = PostgreSQL::Test::Utils::tempdir();
foreach my $name ('jwt', 'vault')
{
	append_to_file("$keys/$name", join '', map { $name eq 'jwt' ? 'ca' : 'fe' } 1 .. 32);
	chmod 0600, "$keys/$name";
}
# The server's defaults, and all that it may say on top.
my $node = new_node('main', fsync => 'on', shared_preload_libraries => 'voiceagent,pg_stat_statements,auto_explain', 'pg_stat_statements.track' => 'all',
	log_min_messages => 'debug1', log_statement => 'none', log_min_duration_statement => -1,
	'voiceagent.jwt_secret_file' => "$keys/jwt", 'voiceagent.vault_key_file' => "$keys/vault");
my $tenant = create_tenant($node, 'va', 'Quiet', credits => 100000);
wait_workers($node, 'the workers run');
$node->safe_psql('va', qq{
	CREATE ROLE watcher LOGIN IN ROLE pg_monitor;
	CREATE ROLE twofold LOGIN IN ROLE pg_monitor;
	CREATE ROLE staff LOGIN IN ROLE voiceagent_admin;
	CREATE ROLE visitor LOGIN IN ROLE voiceagent_anon;
	SELECT voiceagent.map_role('twofold', $tenant);});

sub as_role
{
	my ($role, $sql) = @_;
	my ($status, $out, $err) = $node->psql('va', $sql, extra_params => [ '-U', $role ]);
	return $status == 0 ? $out : $err;
}

# ----- a day's work with people in it
my @canaries = ('Zanzibarius', 'quokka@example.com', 'a hedgehog of clay', 'sk_live_CANARY', 'correct horse canary', 'whsec_CANARY');
my $token = $node->safe_psql('va', qq{SELECT voiceagent.create_member($tenant, 'quokka\@example.com', 'correct horse canary') > 0; SELECT voiceagent.login('quokka\@example.com', 'correct horse canary')});
($token) = (split /\n/, $token)[-1];
my $key = $node->safe_psql('va', "SET voiceagent.token = '$token'; SELECT voiceagent.create_api_key('canary')");
push @canaries, $token, $key;
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_provider_account('vapi', 'Main', '{"api_key": "sk_live_CANARY", "webhook_secret": "whsec_CANARY"}', '{"phone_number_id": "p"}')});
my $csv = "phone,first_name,email,product\n" . join('', map { "+12125550$_,Zanzibarius,quokka\@example.com,a hedgehog of clay\n" } 100 .. 115) . "12345,Zanzibarius,quokka,rubbish\n";
as_tenant($node, 'va', $tenant, "SELECT * FROM voiceagent.import_leads(\$csv\$$csv\$csv\$, default_country => 'US')");
my $campaign = as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Canaries', voiceagent.create_assistant('Ann', 'Hello {{first_name}}, about {{product}}.', 'Be kind to {{first_name}}.'),
		settings => '{"max_concurrent_calls": 5, "call_interval": 0, "retry_attempts": 1, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}')});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_leads($campaign)");

# Errors about rows: PostgreSQL's own texts quote them.
$node->safe_psql('va', q{ALTER TABLE voiceagent.calls ADD CONSTRAINT canary CHECK (phone <> '+12125550100') NOT VALID});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.start_campaign($campaign)");
ok(wait_until(sub { slurp_server_log($node) =~ /could not claim calls of tenant $tenant: 23514/ }), 'a row that the claim cannot store is said, by tenant and reason');
$node->safe_psql('va', q{ALTER TABLE voiceagent.calls DROP CONSTRAINT canary});
$node->safe_psql('va', q{ALTER TABLE voiceagent.calls ADD CONSTRAINT canary CHECK (status <> 'completed' OR phone <> '+12125550101') NOT VALID});
ok(wait_until(sub { $node->safe_psql('va', 'SELECT count(*) FROM voiceagent.calls WHERE ended_at IS NOT NULL') >= 5 }), 'calls end');
sleep 2;
$node->safe_psql('va', q{ALTER TABLE voiceagent.calls DROP CONSTRAINT canary});
# A failing statement of a whole room: a function that quotes a person.
$node->safe_psql('va', q{
	CREATE FUNCTION public.quote_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cannot call "%"', 'Zanzibarius' USING ERRCODE = '22023', DETAIL = 'She is at +12125550103.'; END $$;
	CREATE TRIGGER quote_person BEFORE INSERT ON voiceagent_private.inbox FOR EACH STATEMENT EXECUTE FUNCTION public.quote_person()});
ok(wait_until(sub { slurp_server_log($node) =~ /cannot call "\.+"/ }), 'an error about data is logged without what it quotes') or diag(substr(slurp_server_log($node), -3000));
$node->safe_psql('va', q{DROP TRIGGER quote_person ON voiceagent_private.inbox});
# Strangers and mistakes.
my $url = as_tenant($node, 'va', $tenant, 'SELECT voiceagent_private.gateway_address()');
my $http = HTTP::Tiny->new(timeout => 20);
is($http->post("$url/webhooks/Zanzibarius", { content => encode_json({ name => 'Zanzibarius', phone => '+12125550100' }) })->{status}, 404, 'a stranger at the gateway');
like(as_role('visitor', q{SELECT voiceagent.login('quokka@example.com', 'wrong correct horse canary')}), qr/PT401|wrong/, 'a wrong password');
like(as_role('visitor', q{SELECT voiceagent.authenticate('va_Zanzibarius')}), qr/API key/, 'a wrong key');
like(as_role('twofold', q{SELECT voiceagent.add_lead('+12125550102', first_name => 'Zanzibarius')}), qr/\+12125550102 is a lead already/, 'a refusal tells the client whom it is about');
like(as_role('twofold', q{SELECT voiceagent.add_lead('Zanzibarius')}), qr/invalid phone number "Zanzibarius"/, '... and what is wrong');
like(slurp_server_log($node), qr/LOG:  refused \(PT409\): \+x+ is a lead already/, '... and the log that there was one');

ok(wait_until(sub { $node->safe_psql('va', q{SELECT count(*) FROM voiceagent.calls WHERE ended_at IS NOT NULL}) >= 12 }, 240), 'the day goes on');

# ----- who watches
# The day goes on: between two looks a line may have come.
sub sees_status
{
	my ($role) = @_;
	# How far the keeper is with its checks is the platform's alone.
	my $rows = q{SELECT count(*) FROM voiceagent.status() WHERE component <> 'invariants'};
	return wait_until(sub { as_role($role, $rows) eq $node->safe_psql('va', $rows) });
}
ok(sees_status('watcher'), 'pg_monitor sees status()');
is(as_role('watcher', q{SELECT bool_and(in_flight IS NOT NULL AND queue_depth IS NOT NULL) FROM voiceagent.status() WHERE component = 'dialer'}), 't', '... with figures of all tenants');
like(as_role('watcher', 'SELECT voiceagent.health()'), qr/"problems"/, '... health()');
is(as_role('watcher', 'SELECT count(*) FROM voiceagent.invariants()'), 0, '... invariants()');
like(as_role('watcher', 'SELECT voiceagent.metrics()'), qr/voiceagent_/, '... metrics()');
is(as_role('watcher', 'SELECT databases FROM voiceagent.worker_slots()'), 1, '... worker_slots()');
like(as_role('watcher', 'SELECT * FROM voiceagent.leads'), qr/permission denied/, '... and no row of a tenant');
like(as_role('watcher', $_), qr/permission denied/, "... nor may it do anything: $_")
  foreach q{SELECT voiceagent.create_tenant('x')}, q{SELECT voiceagent.stop_all('x')}, 'SELECT * FROM voiceagent.platform_audit()', "SELECT voiceagent_private.set_tenant_for_reports($tenant)", 'SELECT * FROM voiceagent.vault_status()';
is(as_role('twofold', 'SELECT voiceagent.current_tenant()'), $tenant, 'a tenant who is in pg_monitor');
ok(sees_status('twofold'), '... sees status() as its own');
unlike(as_role('watcher', 'SELECT voiceagent.status(), voiceagent.health()'), qr/Zanzibarius|\+1212555/, 'and no figure names a person');

# ----- what was done
as_role('staff', q{SELECT voiceagent.set_setting('ring_timeout', '29')});
like(as_role('staff', q{SELECT string_agg(action, ' ') FROM voiceagent.platform_audit()}), qr/\bset_setting\b/, 'staff read what administrators did');
like(as_role('twofold', 'SELECT * FROM voiceagent.platform_audit()'), qr/permission denied/, '... a tenant does not');
like(as_role('twofold', q{SELECT string_agg(action, ' ') FROM voiceagent.audit_log}), qr/create_provider_account/, 'a tenant reads its own');
is(as_role('twofold', q{SELECT count(*) FROM voiceagent.audit_log a WHERE a::text ~ 'CANARY|canary$'}), 0, '... which holds no secret');

# ----- secrets as bind parameters, with everything logged, explained and counted
$node->append_conf('postgresql.conf', "log_statement = all\nlog_min_messages = debug5\nlog_min_duration_statement = 0\nlog_parameter_max_length = -1\n"
	. "auto_explain.log_min_duration = 0\nauto_explain.log_nested_statements = on\nauto_explain.log_analyze = on\nauto_explain.log_verbose = on\n");
$node->reload;
wait_for_sql($node, 'va', 'SHOW auto_explain.log_verbose', 'on', 'everything is logged, with its plans');
$node->safe_psql('va', 'CREATE EXTENSION pg_stat_statements; SELECT pg_stat_statements_reset()');
my %bound = (token => $token, name => 'Bound', credentials => '{"api_key": "sk_bound_CANARY", "webhook_secret": "whsec_bound_CANARY"}', changed => '{"api_key": "sk_changed_CANARY"}',
	secret => 'whsec_next_CANARY', email => 'numbat@example.com', password => 'bound horse CANARY', second => 'second horse CANARY');
push @canaries, 'sk_bound_CANARY', 'whsec_bound_CANARY', 'sk_changed_CANARY', 'whsec_next_CANARY', 'bound horse CANARY', 'second horse CANARY';

# Statements by bind parameters, in either way of the protocol: a client's, and a PL/pgSQL program's of his own.
sub run_bound
{
	my ($nth, @statements) = @_;
	my $script = "$keys/bound$nth.sql";
	append_to_file($script, join '', map { "$_;\n" } @statements);
	my ($out, $err) = ('', '');
	my $ran = IPC::Run::run([ 'pgbench', '-n', '-t', '1', '-M', 'extended', '-f', $script, (map { ('-D', "$_=$bound{$_}") } sort keys %bound),
		'-h', $node->host, '-p', $node->port, '-U', $nth =~ /visitor/ ? 'visitor' : 'twofold', 'va' ], '>', \$out, '2>', \$err);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	ok($ran && $err !~ /error/, "secrets by bind parameters, $nth") or diag($err);
	return;
}
my $bound_account = q{(SELECT max(provider_account_id) FROM voiceagent.provider_accounts WHERE name LIKE 'Bound%')};
run_bound('one after the other', q{SELECT set_config('voiceagent.token', :token, false)},
	q{SELECT voiceagent.create_provider_account('vapi', :name, :credentials\:\:jsonb, '{"phone_number_id": "p"}')},
	"SELECT voiceagent.update_provider_account($bound_account, :changed\:\:jsonb)", "SELECT voiceagent.rotate_webhook_secret($bound_account, :secret, '1 hour')",
	"SELECT voiceagent.create_member($tenant, :email, :password)", 'SELECT voiceagent.update_member((SELECT max(member_id) FROM voiceagent.members), password => :second)',
	'SELECT voiceagent.authenticate(:token)', 'SELECT voiceagent.whoami()');
run_bound('by a visitor', 'SELECT voiceagent.login(:email, :second) IS NOT NULL');
run_bound('in one transaction', 'BEGIN', q{SELECT set_config('voiceagent.token', :token, true)},
	q{SELECT voiceagent.create_provider_account('vapi', :name || ' again', :credentials\:\:jsonb, '{"phone_number_id": "p"}')}, 'COMMIT');
# What we make is as secret as what is given, and so is the key by which somebody comes.
foreach my $made (q{SELECT voiceagent.create_api_key('explained')}, q{SELECT secret FROM voiceagent.create_webhook_subscription('https://example.com/hook', '{call_finished}')},
	'SELECT voiceagent.rotate_webhook_subscription_secret((SELECT max(subscription_id) FROM voiceagent.webhook_subscriptions))',
	q{SELECT secret FROM voiceagent.create_tool('order_state', 'Tells', '{"type": "object", "properties": {}}', 'https://example.com/tool')}, q{SELECT voiceagent.rotate_tool_secret('order_state')})
{
	push @canaries, $node->safe_psql('va', $made, extra_params => [ '-U', 'twofold' ]) =~ /(\S+)$/;
}
$bound{key} = $key;
run_bound('by a key', 'SELECT voiceagent.authenticate(:key)', 'SELECT voiceagent.whoami()');
my $logged = slurp_server_log($node);
like($logged, qr/create_provider_account\('vapi', \$1/, '... whose statements are in the log');
like($logged, qr/duration: [\d.]+ ms  plan: hidden$/m, '... without their plans');
like($logged, qr/plan:\s+Query Text: SELECT voiceagent.whoami\(\)/, '... while those of others are there');
my $counted = $node->safe_psql('va', q{SELECT string_agg(query, ' ') FROM pg_stat_statements WHERE query !~ '^SET '});
like($counted, qr/voiceagent.create_provider_account\(/, 'pg_stat_statements has them, too');
unlike($counted, qr/\Q$_\E/, "... without $_") foreach grep { !/Zanzibarius|quokka|hedgehog/ } @canaries;
$node->safe_psql('va', 'DROP EXTENSION pg_stat_statements');
$node->safe_psql('va', "SELECT * FROM voiceagent.whoami()", extra_params => [ '-U', 'twofold' ]);

# ----- every function that takes a secret, in each way to give it, to fail and to be cut short
my $log_before = length slurp_server_log($node);
$node->append_conf('postgresql.conf', "log_parameter_max_length_on_error = -1\nlog_min_error_statement = debug5\nlog_error_verbosity = verbose\n");
$node->reload;
wait_for_sql($node, 'va', 'SHOW log_parameter_max_length_on_error', '-1', 'errors show parameters');
# $1 is a secret in a text, $2 one in an object; b stands for the account of before.
my %taking = (
	authenticate => 'authenticate($1)', login => q{login('numbat@example.com', $1)}, create_api_key => 'create_api_key($1)',
	staff_login => q{staff_login('numbat@example.com', $1, '123456')}, set_staff_password => q{set_staff_password($1, 'no horse at all')}, change_staff_password => q{change_staff_password('no horse', $1, '123456')},
	change_password => q{change_password('no horse', $1)}, add_workspace => 'add_workspace($1)',
	create_member => qq{create_member($tenant, 'echidna\@example.com', \$1)}, update_member => 'update_member((SELECT max(member_id) FROM voiceagent.members), password => $1)',
	create_provider_account => q{create_provider_account('vapi', $1, $2, '{"phone_number_id": "p"}')}, update_provider_account => "update_provider_account($bound_account, \$2)",
	rotate_credential => "rotate_credential($bound_account, 'api_key', \$1)", rotate_webhook_secret => "rotate_webhook_secret($bound_account, \$1)",
	create_model_account => q{create_model_account('openai', 'Bound', $1, 'gpt-5.6-luna')}, update_model_account => q{update_model_account((SELECT max(model_account_id) FROM voiceagent.model_accounts), $1)},
	create_platform_model_account => q{create_platform_model_account('openai', 'Bound', $1, 'gpt-5.6-luna')}, update_platform_model_account => 'update_platform_model_account(1, $1)',
	set_staff_sign_on => q{set_staff_sign_on('https://id.example.com', 'a', '{example.com}', $1)}, set_sign_on => q{set_sign_on('https://id.example.com', 'a', '{example.com}', $1)}, set_mail_account => q{set_mail_account('smtp://mail.example.com:587', 'a@example.com', 'a', $1)}, set_platform_mail_account => q{set_platform_mail_account('smtp://mail.example.com:587', 'a@example.com', 'a', $1)},
	connect_calendar => q{connect_calendar(NULL, 'https://example.com/', 'a', $1)}, check_calendar_connection => 'check_calendar_connection(0, $1)',
	finish_google => q{finish_google($1, $1)}, set_google_client => q{set_google_client('a', $1)},
	follow_calendar => q{follow_calendar(NULL, 'https://example.com/' || $1)},
	set_password => q{set_password($1, 'no horse at all')}, set_payment_account => q{set_payment_account('stripe', $1, webhook_secret => $1)},
	receive_webhook => q{receive_webhook($1, $2, '\x7b7d')}, receive_json_webhook => q{receive_json_webhook(json_build_object('key', $1))},
	create_tool => q{create_tool('bound', 'Tells', '{"type": "object", "properties": {}}', 'https://example.com/tool?key=' || $1)}, update_tool => q{update_tool('order_state', url => 'https://example.com/tool?key=' || $1)},
	create_webhook_subscription => q{create_webhook_subscription('https://example.com/' || $1, '{call_finished}')},
	update_webhook_subscription => q{update_webhook_subscription((SELECT max(subscription_id) FROM voiceagent.webhook_subscriptions), 'https://example.com/' || $1)},
	confirm_signup => q{confirm_signup('mx', $1)}, sign_up => q{sign_up('x@example.com', 'X', invitation => $1)},
	confirm_address => 'confirm_address($1)', confirm_notice_phone => 'confirm_notice_phone($1)', create_coupon => 'create_coupon($1, 10)', choose_plan => 'choose_plan(1, coupon => $1)', subscribe_to_plan => 'subscribe_to_plan(1, coupon => $1)', unsubscribe => 'unsubscribe($1)',
	map { ("open_${_}_link" => "open_${_}_link(\$1)") } 'appointment', 'calendar', 'export', 'recording');
my $taking = $node->safe_psql('va', q{SELECT string_agg(DISTINCT proname, ' ' ORDER BY proname) FROM pg_proc WHERE pronamespace = 'voiceagent'::regnamespace AND (prosrc ~ 'hide_query\(' OR proname ~ '^open_.*_link$')});
is($taking, join(' ', sort keys %taking), 'the functions that hide their statement are tried, all of them');

my $nth = 0;
my @taken;
my $script = '';
local $ENV{PGOPTIONS} = '-c statement_timeout=300ms';
foreach my $name (sort keys %taking)
{
	my $call = "SELECT count(f) FROM voiceagent.$taking{$name} f";
	# It succeeds, or is refused; it fails before it begins, in its middle and after it; time is up before and after it.
	foreach my $statement ($call, "$call WHERE \$1::bigint > 0", "$call, jsonb(\$1) j", "SELECT 1 / (count(f) - count(f)) FROM voiceagent.$taking{$name} f", "$call, pg_sleep(2)", "SELECT pg_sleep(2) FROM voiceagent.$taking{$name} f")
	{
		my ($literal, $bound, $prepared) = ($statement) x 3;
		my @secrets = map { my $secret = sprintf 'numbat-%03d-%sCANARY', ++$nth, $_; push @taken, $secret; [ $secret, qq{{"api_key": "$secret", "authorization": "Bearer $secret"}} ] } 's', 'x', 'p';
		$literal =~ s/\$([12])/"'$secrets[0][$1 - 1]'"/ge;
		$bound =~ s/\$([12])/$1 == 1 ? ':one' : ':two\\:\\:jsonb'/ge;
		$bound =~ s/:one::/:one\\:\\:/;
		$prepared =~ s/\$2/\$2::jsonb/g;
		$script .= "$literal;\nPREPARE p (text, text) AS $prepared;\nEXECUTE p('$secrets[2][0]', '$secrets[2][1]');\nDEALLOCATE p;\n";
		append_to_file("$keys/taking$nth.sql", "$bound;\n");
		IPC::Run::run([ 'pgbench', '-n', '-t', '1', '-M', 'extended', '-f', "$keys/taking$nth.sql", '-D', "one=$secrets[1][0]", '-D', "two=$secrets[1][1]",
			'-h', $node->host, '-p', $node->port, '-U', ($name =~ /platform|create_member|payment|create_coupon/ ? 'staff' : 'twofold'), 'va' ], '>', \my $ran, '2>', \my $err);
	}
}
append_to_file("$keys/taking.sql", $script);
foreach my $role ('twofold', 'staff')
{
	IPC::Run::run([ 'psql', '-X', '-q', '-f', "$keys/taking.sql", '-h', $node->host, '-p', $node->port, '-U', $role, 'va' ], '>', \my $out, '2>', \my $err);
	cmp_ok(scalar(() = $err =~ /ERROR/g), '>', 20, "... by $role, where most of them fail");
}
delete local $ENV{PGOPTIONS};
my $told = substr slurp_server_log($node), $log_before;
cmp_ok(scalar(() = $told =~ /statement timeout/g), '>', 20, '... or are cut short');
cmp_ok(scalar(() = $told =~ /plan:/g), '>', 100, '... with plans');
like($told, qr/(CONTEXT|DETAIL):/, '... and where it happened');
my @shown = grep { $told =~ /\Q$_\E/ } @taken;
is(scalar(@shown), 0, 'and none of ' . @taken . ' secrets is in the log') or diag(join "\n", map { my $s = $_; grep { /\Q$s\E/ } split /\n/, $told } @shown[0 .. ($#shown < 5 ? $#shown : 5)]);
$node->append_conf('postgresql.conf', "log_parameter_max_length_on_error = 0\nlog_min_error_statement = error\nlog_error_verbosity = default\n");
$node->reload;

# ----- what the server shows of itself
my @secrets = (grep { !/Zanzibarius|quokka|hedgehog/ } @canaries, 'ca' x 32, 'fe' x 32);
my $shown = $node->safe_psql('va', q{SELECT string_agg(s::text, ' ') FROM pg_settings s UNION ALL SELECT string_agg(a::text, ' ') FROM pg_stat_activity a WHERE pid <> pg_backend_pid()
	UNION ALL SELECT string_agg(l::text, ' ') FROM voiceagent_private.platform_audit_log l UNION ALL SELECT string_agg(l::text, ' ') FROM voiceagent.audit_log l
	UNION ALL SELECT string_agg(p::text, ' ') FROM voiceagent.provider_accounts p UNION ALL SELECT string_agg(p::text, ' ') FROM voiceagent_private.maintenance_jobs p});
unlike($shown, qr/\Q$_\E/, "settings, sessions and audit do not show $_") foreach @secrets;
my @processes = ($node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity') =~ /\d+/g, (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0]);
my $known = join '', map { my $pid = $_; map { eval { slurp_file("/proc/$pid/$_") } // '' } 'cmdline', 'environ' } @processes;
unlike($known, qr/\Q$_\E/, "nor does /proc") foreach @secrets;
cmp_ok(length $known, '>', 500, '... of which there is some');
my ($dumped) = IPC::Run::run([ 'pg_dump', '-h', $node->host, '-p', $node->port, 'va' ], '>', \my $dump, '2>', \my $dump_err);
unlike($dump, qr/\Q$_\E/, "nor a dump") foreach @secrets;
like($dump, qr/COPY voiceagent_private.secrets/, '... which has them sealed');

# ----- every byte that the server has written: tables, WAL, temporary files
$node->safe_psql('va', 'CHECKPOINT');
$node->stop('fast');
my %written = map { $_ => 0 } @secrets, 'sealed canary', 'Zanzibarius';
my @raw = map { my $hex = $_; ($hex => pack('H*', $hex)) } 'ca' x 32, 'fe' x 32;
my %raw = @raw;
my $bytes = 0;
require File::Find;
File::Find::find({ no_chdir => 1, wanted => sub {
	return unless -f $_;
	my $content = slurp_file($_);
	$bytes += length $content;
	foreach my $secret (keys %written)
	{
		$written{$secret}++ if index($content, $secret) >= 0 || (exists $raw{$secret} && index($content, $raw{$secret}) >= 0);
	}
} }, $node->data_dir);
is($written{$_}, 0, "no file of the data directory, WAL included, has $_") foreach @secrets;
cmp_ok($written{Zanzibarius}, '>', 0, '... while names of people are found there, so the search finds what there is');
cmp_ok($bytes, '>', 10_000_000, '... in all that was written');

# ----- the log
my $log = slurp_server_log($node);
cmp_ok(length $log, '>', 5000, 'the server has said a lot');
unlike($log, qr/\Q$_\E/, "... but never: $_") foreach @canaries;
unlike($log, qr/\+?1?212[- .]?555[- .]?01\d\d/, '... nor a telephone number');
done_testing();
