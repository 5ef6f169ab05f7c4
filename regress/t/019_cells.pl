# A tenant that moves between two cells by the script of doc/scale.md: every table with a row, the row the same there; who asks
# the old cell is told the new one, by SQL, a token, an API key, a webhook and through nginx; what a cell lacks is refused before
# anything is copied; a move that is given up has the tenant stay.
use strict;
use warnings;

use HTTP::Tiny;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFaults;

my $secret = PostgreSQL::Test::Utils::tempdir() . '/jwt';
append_to_file($secret, 'a secret of more than thirty-two bytes');
chmod 0600, $secret;
my %conf = ('voiceagent.jwt_secret_file' => $secret, wal_level => 'logical', max_wal_senders => 8, max_replication_slots => 8, max_locks_per_transaction => 128);
my @web = map { PostgreSQL::Test::Cluster::get_free_port() } 1, 2;
my @cell = map { new_real_node($_->[0], %conf, 'voiceagent.web_port' => $_->[1]) } [ 'one', $web[0] ], [ 'two', $web[1] ];
my ($one, $two) = @cell;
my @url = map { "http://127.0.0.1:$_" } @web;
my @port = map { $_->safe_psql('va', 'SHOW voiceagent.gateway_port') } @cell;
my %page = map { @$_ } readme_blocks('019_cells', 'scale.md');
$two->safe_psql('va', $page{'set-cell'});
is_sql($_->[0], 'va', 'SELECT voiceagent_private.cell()', $_->[1], "cell $_->[1] knows its number") foreach [ $one, 1 ], [ $two, 2 ];
my $tenant = create_tenant($one, 'va', 'Mover');
my $stays = create_tenant($one, 'va', 'Stays');
my $beside = create_tenant($two, 'va', 'Beside');
is($beside, 2**36 + 1, 'ids of another cell begin elsewhere');
my ($status, $out, $err) = $two->psql('va', 'SELECT voiceagent.set_cell(3)');
like($err, qr/has a number, or tenants/, 'a cell is numbered once');
is_sql($two, 'va', q{SELECT s.seqrelid::regclass FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relnamespace::regnamespace::text LIKE 'voiceagent%'
	AND coalesce(pg_sequence_last_value(s.seqrelid), 2^36 + 1) <= 2^36}, '', '... and all its ids');

# ---- somebody in every table ----

my $unfilled = fill_every_table($one, 'va', $tenant);
note("without a row: $unfilled") if $unfilled ne '';
# The numbers of the platform's rows that it made are there already, and nothing shall be under way.
$one->safe_psql('va', qq{DELETE FROM voiceagent_private.parked_rows; DELETE FROM voiceagent_private.tenant_moves; DELETE FROM voiceagent_private.signposts;
	DELETE FROM voiceagent_private.live_calls; DELETE FROM voiceagent_private.live_incoming; DELETE FROM voiceagent_private.sends});
my ($key, $lost) = map { as_tenant($one, 'va', $tenant, "SELECT voiceagent.create_api_key('$_')") } 'mover', 'lost';
my $webhook = as_tenant($one, 'va', $tenant, qq{SELECT min(token) FROM voiceagent_private.endpoint_routes WHERE tenant_id = $tenant AND length(token) = 43});
$one->safe_psql('postgres', 'CREATE ROLE mover LOGIN');
$one->safe_psql('va', "SELECT voiceagent.map_role('mover', $tenant)");
my $stays_key = as_tenant($one, 'va', $stays, q{SELECT voiceagent.create_api_key('stays')});
my $stays_token = as_tenant($one, 'va', $stays, "SELECT voiceagent_private.issue_token($stays, NULL, 'owner', 'test', 600)");
my $token = as_tenant($one, 'va', $tenant, "SELECT voiceagent_private.issue_token($tenant, NULL, 'owner', 'test', 600)");
join_staff($one, $url[0], 'olga', 'owner');
my $staff = staff_token($one, $url[0], 'olga');
# What a program is answered by a cell: the status and the cell that it is sent to.
sub shown { my ($cell, %headers) = @_; my $answer = ask($url[$cell - 1], 'POST', '/rpc/whoami', body => '{}', headers => \%headers); return ($answer->{headers}{'voiceagent-cell'} // 'no') . " $answer->{status} $answer->{content}" }
# Of what is parked those that no worker changes.
my @tables = split /\n/, $one->safe_psql('va', q{SELECT m.tab FROM voiceagent_private.move_plan() m WHERE m.how = 'published' AND m.tab <> 'voiceagent_private.parked_rows'::regclass
	OR m.how = 'parked' AND m.tab::text ~ '(endpoint_routes|api_key_routes|member_logins|login_origins|number_owners|intake_routes|oauth_tokens|payment_certificates|invoice_numbers|best_time_marks)$' ORDER BY 1});
my $rows = join(' UNION ALL ', map { "SELECT '$_', count(*), coalesce(sum(hashtextextended(to_jsonb(t)::text, 0)), 0) FROM $_ t WHERE tenant_id = $tenant" } @tables) . ' ORDER BY 1';
my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/move-tenant", $page{'move-tenant'});
chmod 0755, "$dir/move-tenant";
my %place = map { $_->name => "host=@{[$_->host]} port=@{[$_->port]} dbname=va" } @cell;
sub move { my ($from, $to) = @_; return IPC::Run::run([ "$dir/move-tenant", $tenant, $place{$from->name}, $place{$to->name} ], '>', \my $said, '2>', \$err) }

ok(!move($one, $two), 'a key of the vault that the other cell lacks ends the move');
like($err, qr/key file here lacks keys of the tenant's secrets/, '... which says so');
$one->safe_psql('va', "DELETE FROM voiceagent_private.secrets WHERE tenant_id = $tenant; DELETE FROM voiceagent_private.role_map WHERE role_name <> 'mover'");
ok(!move($one, $two), 'a role that the other cell lacks ends the move');
like($err, qr/login roles of the tenant are missing.*mover/s, '... which says so');
is_sql($two, 'va', "SELECT count(*) FROM voiceagent.tenants WHERE tenant_id = $tenant", 0, '... before anything is copied');
is_sql($one, 'va', "SELECT voiceagent.tenant_move($tenant) ->> 'state'", 'offered', '... and the tenant is served on');
sub stands { my ($node) = @_; return $node->safe_psql('va', "SELECT state FROM voiceagent.status() WHERE component = 'move of tenant $tenant'") }
like(stands($one), qr/^to cell 2: it is copied.*; move-tenant goes on with it$/, '... which status() tells, with the slot that it may have');
$two->safe_psql('postgres', 'CREATE ROLE mover LOGIN');
ok(!move($one, $two), 'a row of the platform that the other cell lacks ends it');
like($err, qr/platform_model_accounts lacks rows that the tenant names/, '... which says so');
$one->safe_psql('va', "DELETE FROM voiceagent_private.model_account_breakers WHERE tenant_id = $tenant");

# ---- given up ----

sub steps { my ($deed, $node, $end) = @_; my $said; wait_until(sub { ($status, $said, $err) = $node->psql('va', "SELECT voiceagent.${deed}_tenant($tenant)"); $said eq $end }, 10) or diag($said, $err); return $said }
is(steps('leave', $one, 'gone'), 'gone', 'a tenant leaves');
like(stands($one), qr/^to cell 2: it has left, and nobody serves it/, '... which stands in status(), should nobody go on');
$one->safe_psql('va', "UPDATE voiceagent_private.tenant_moves SET changed_at = changed_at - interval '2 minutes' WHERE tenant_id = $tenant");
like($one->safe_psql('va', 'SELECT voiceagent.health()'), qr/move of tenant $tenant: to cell 2: it has left/, '... and in health(), if it lasts');
my @asked = (["SET SESSION AUTHORIZATION mover; SELECT count(*) FROM voiceagent.leads", 'a login'], ["SELECT voiceagent_private.set_existing_tenant($tenant)", 'the platform'],
	["SELECT voiceagent.set_tenant_active($tenant, true)", 'the staff'], ["SELECT voiceagent.receive_webhook('$webhook', '{}', '')", 'a webhook by SQL']);
foreach my $ask (@asked)
{
	($status, $out, $err) = $one->psql('va', $ask->[0]);
	like($err, qr/is served by cell 2/, "$ask->[1] is told the cell");
}
is(HTTP::Tiny->new->post("http://127.0.0.1:$port[0]/webhooks/$webhook")->{status}, 421, '... and so is a carrier');
is(HTTP::Tiny->new->post("http://127.0.0.1:$port[0]/webhooks/${webhook}x")->{status}, 404, '... but nobody by an address that there never was');
is_sql($one, 'va', "SELECT count(*) FROM voiceagent_private.tenant_directory WHERE tenant_id = $tenant", 0, 'no worker finds it');
($status, $out, $err) = $one->psql('va', "SELECT voiceagent.remove_tenant($tenant)");
like($err, qr/not the digest of what left/, 'what nobody has taken is not removed');
is_sql($one, 'va', "SELECT voiceagent.return_tenant($tenant)", 'here', 'it returns');
is(HTTP::Tiny->new->post("http://127.0.0.1:$port[0]/webhooks/$webhook")->{status}, 401, '... with its addresses');
is_sql($one, 'va', "SET SESSION AUTHORIZATION mover; SELECT count(*) > 0 FROM voiceagent.leads", 't', '... and its logins');

# ---- moved ----

my $before = $one->safe_psql('va', $rows);
is(stands($one), '', 'no move is under way');
# As in a cell in which nobody has made a tenant.
$two->safe_psql('va', 'DELETE FROM voiceagent_private.login_salt');
ok(move($one, $two), 'the tenant moves') or diag($err);
is(join('', map { stands($_) } @cell), '', '... and has ended in both cells');
like($two->safe_psql('va', "BEGIN; SELECT voiceagent.create_member($tenant, 'first\@mover.example', 'correct horse battery'); ROLLBACK"), qr/^\d+$/, '... where it gets members');
is_same($two->safe_psql('va', $rows), $before, 'every row of every table is there, and the same');
is_sql($one, 'va', "SELECT count(*) FROM voiceagent.tenants WHERE tenant_id = $tenant", 0, '... and gone here');
is_sql($two, 'va', "SET SESSION AUTHORIZATION mover; SELECT count(*) > 0 FROM voiceagent.leads", 't', 'its login works there');
($status, $out, $err) = $one->psql('va', "SELECT voiceagent.authenticate('$key')");
like($err, qr/is served by cell 2/, 'its key is told the cell');
like(shown(1, 'X-API-Key' => $key), qr/^2 421 /, '... by HTTP in a header');
like(shown(2, 'X-API-Key' => $key), qr/^no 200 .*"tenant_id": *$tenant\b/s, '... where it goes on');
like(shown(1, Authorization => "Bearer $token"), qr/^2 421 /, '... a token likewise');
is(HTTP::Tiny->new(max_redirect => 0)->get("$url[0]/sign-on/$tenant")->{headers}{'voiceagent-cell'}, 2, '... and a login at its provider');
($status, $out, $err) = $one->psql('va', 'SET SESSION AUTHORIZATION mover; SELECT count(*) FROM voiceagent.leads');
like($err, qr/is served by cell 2/, 'its login role is told the cell, though every row of it is removed');
($status, $out, $err) = $one->psql('va', 'DROP ROLE mover; CREATE ROLE mover LOGIN; GRANT voiceagent_user TO mover; SET SESSION AUTHORIZATION mover; SELECT count(*) FROM voiceagent.leads');
like($err, qr/no proof of a tenant/, '... but not another role of the name');

# ---- keys and tokens of another cell ----

like("$key $stays_key", qr/^va1_[\w-]{43} va1_[\w-]{43}$/, 'a key says the cell that made it');
is(shown(2, 'X-API-Key' => $stays_key) =~ s/\s+$//r, '1 421 {"code":"PT421","details":null,"hint":"Ask there; while it moves, in a moment.","message":"this API key is of another cell"}', '... another one sends it there, and says so to the router alone');
like(shown(1, 'X-API-Key' => 'va2_' . 'x' x 43), qr/^2 421 /, '... whatever else it is');
like(shown(1, 'X-API-Key' => $_), qr/^no 401 /, "no key: $_") foreach 'va1_' . 'x' x 43, 'va_' . 'x' x 43, 'va0_' . 'x' x 43, 'va257_' . 'x' x 43, 'va999_' . 'x' x 43;
$one->safe_psql('va', "INSERT INTO voiceagent_private.api_key_routes SELECT sha256('va_2_old'), tenant_id, api_key_id FROM voiceagent.api_keys WHERE tenant_id = $stays");
like(shown(1, 'X-API-Key' => 'va_2_old'), qr/^no 200 /, 'a key of an older version goes on');
like(shown(1, Authorization => "Bearer $stays_token"), qr/^no 200 /, 'a token proves in the cell that made it');
like(shown(2, Authorization => "Bearer $stays_token"), qr/^no 401 /, '... and nothing in another');
sub staff { my ($cell) = @_; return rpc($url[$cell - 1], $staff, 'staff_whoami')->{status} }
is(staff(1) . ' ' . staff(2), '200 401', 'one of the staff logs in to each cell');
my $answer = HTTP::Tiny->new->post("http://127.0.0.1:$port[0]/webhooks/$webhook");
is("$answer->{status} $answer->{headers}{'voiceagent-cell'}", '421 2', '... and so is a carrier');
is(HTTP::Tiny->new->post("http://127.0.0.1:$port[1]/webhooks/$webhook")->{status}, 401, '... whose webhook counts there');
SKIP:
{
	my ($nginx) = grep { -x } map { "$_/nginx" } split(/:/, $ENV{PATH}), '/usr/sbin';
	skip 'no nginx', 1 unless $nginx;
	my $entry = PostgreSQL::Test::Cluster::get_free_port();
	my $servers = $page{nginx} =~ s/server 10\.0\.1\.9:\d+/server 127.0.0.1:$port[0]/r =~ s/server 10\.0\.2\.9:\d+/server 127.0.0.1:$port[1]/r =~ s/listen \S+;/listen 127.0.0.1:$entry;/r;
	append_to_file("$dir/nginx.conf", "daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log; events {}\nhttp { access_log off; "
		. join(' ', map { "${_}_temp_path $dir/$_;" } qw(client_body proxy fastcgi uwsgi scgi)) . "\n$servers }\n");
	my $process = IPC::Run::start([ $nginx, '-c', "$dir/nginx.conf", '-e', "$dir/nginx.log" ], '>', \my $said, '2>', \my $why);
	wait_until(sub { HTTP::Tiny->new->get("http://127.0.0.1:$entry/health")->{success} }, 20);
	# The one knows the address and wants a signature; the other would have said 421.
	is(HTTP::Tiny->new->post("http://127.0.0.1:$entry/webhooks/$webhook", {content => '{}'})->{status}, 401, 'nginx sends a webhook on to the cell that serves it') or diag($why // '', -e "$dir/nginx.log" ? slurp_file("$dir/nginx.log") : '');
	$process->kill_kill;
}
ok(move($one, $two), 'a move that is done is done again') or diag($err);
ok(move($two, $one), 'and back') or diag($err);
# What the gateway refused meanwhile is noted beside the route.
$one->safe_psql('va', 'UPDATE voiceagent_private.endpoint_routes SET refused_at = NULL, refused_peer = NULL, refused_why = NULL');
is_same($one->safe_psql('va', $rows =~ s/audit_log t WHERE/audit_log t WHERE audit_id < 2^36 AND/r), $before, '... with the same rows');
is_sql($two, 'va', "SELECT count(*) FROM voiceagent_private.tenant_directory", 1, '... and the other cell keeps its own');

# ---- two moves at once ----

my @both = map { IPC::Run::start([ "$dir/move-tenant", $tenant, @place{qw(one two)} ], '>', \my $said, '2>', \my $why) } 1, 2;
my @ended = map { eval { $_->finish } ? 'ended' : 'refused' } @both;
note("@ended");
ok(move($one, $two), 'two moves at once are one, which is finished by whoever runs it again') or diag($err);
is_sql($two, 'va', "SELECT voiceagent.tenant_move($tenant) ->> 'state'", 'here', '... the tenant is there');
is(join(' ', map { $_->safe_psql('va', "SELECT count(*) FROM voiceagent_private.tenant_directory WHERE tenant_id = $tenant") } @cell), '0 1', '... and in one cell');
as_tenant($two, 'va', $tenant, "SELECT voiceagent.revoke_api_key(api_key_id) FROM voiceagent.api_keys WHERE label = 'lost'");
is(join(' ', map { my ($sent) = shown($_, 'X-API-Key' => $lost) =~ /^(\w+ \d+)/; $sent } 1, 2), '2 421 no 401', 'a key that is revoked where its tenant lives now is refused there, and not sent back to the cell that made it');

done_testing();
