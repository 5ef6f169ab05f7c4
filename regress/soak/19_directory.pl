# Two cells and their directory, with real PL/Proxy, PgBouncer, nginx and HAProxy, as doc/scale.md sets them up: a session and a webhook
# go through the routers before, during and after a move; what is done for all cells is done once, whatever is killed in between,
# and names a cell that is down; a name is claimed over cells, and without a directory only that is refused.
use strict;
use warnings;

use IO::Socket::INET;
use IPC::Run;
use MIME::Base64;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my %program = map { my $name = $_; $name => (grep { -x } map { "$_/$name" } split(/:/, $ENV{PATH}), '/usr/sbin')[0] } qw(pgbouncer nginx haproxy);
my $share = qx(pg_config --sharedir);
chomp $share;
plan skip_all => 'no plproxy' unless -e "$share/extension/plproxy.control";
plan skip_all => 'no pgbouncer, or no nginx' unless $program{pgbouncer} && $program{nginx};

my %conf = (fsync => 'off', wal_level => 'logical', max_wal_senders => 8, max_replication_slots => 8, max_locks_per_transaction => 128, wal_retrieve_retry_interval => '100ms');
my ($one, $two) = my @cell = map { new_real_node($_, %conf) } qw(one two);
my @gateway = map { $_->safe_psql('va', 'SHOW voiceagent.gateway_port') } @cell;
my @place = map { "host=@{[$_->host]} port=@{[$_->port]} dbname=va" } @cell;
$two->safe_psql('va', 'SELECT voiceagent.set_cell(2)');
my $tenant = create_tenant($one, 'va', 'Mover');
my $webhook = as_tenant($one, 'va', $tenant, "SELECT min(token) FROM voiceagent_private.endpoint_routes WHERE tenant_id = $tenant");
$_->safe_psql('postgres', 'CREATE ROLE mover LOGIN') foreach @cell;
$one->safe_psql('va', "SELECT voiceagent.map_role('mover', $tenant)");

# ---- set up ----

my $dir = PostgreSQL::Test::Utils::tempdir();
my %page = ((map { $_->[0] eq 'nginx' ? (servers => $_->[1]) : @$_ } readme_blocks('019_cells', 'scale.md')), (map { @$_ } readme_blocks('19_directory', 'scale.md')));
my $directory = "host=@{[$one->host]} port=@{[$one->port]} dbname=directory";
sub place { my ($text) = @_; return $text =~ s/host=10\.0\.1\.9 dbname=directory/$directory/gr =~ s/host=10\.0\.([12])\.9 port=5432 dbname=voiceagent/$place[$1 - 1]/gr }
sub run { my ($command, %env) = @_; local %ENV = (%ENV, %env); my ($out, $err); return IPC::Run::run($command, '>', \$out, '2>', \$err) || (diag($err), 0) }
my ($make, $install, $join) = split /\n/, place($page{'set-up'});
ok(run([ 'bash', '-c', "$make && cd extension/fleet && $install" ], PGHOST => $one->host, PGPORT => $one->port), 'the directory is made');
ok(run([ 'bash', '-c', "cd extension/fleet && " . $join =~ s/-d voiceagent/-d va/r ], PGHOST => $_->host, PGPORT => $_->port), '... and ' . $_->name . ' has its part') foreach @cell;
sub fleet { my ($sql) = @_; my ($status, $out, $err) = $one->psql('directory', $sql); return $status == 0 ? $out : $err }
unlike(fleet(place($page{cells})), qr/\S/, 'it is told the cells');
is(fleet('SELECT tenant_id, cell, alias, host FROM fleet.tenants'), "$tenant|1|acme|acme.example.com", '... and has their tenants');

my %port = map { $_ => PostgreSQL::Test::Cluster::get_free_port() } qw(pgbouncer nginx haproxy);
my %router;
sub route { my ($name, @command) = @_; $router{$name} = IPC::Run::start([ $program{$name}, @command ], '>', "$dir/$name.out", '2>&1'); return }
END { my $status = $?; foreach my $router (values %router) { eval { $router->signal('TERM'); $router->kill_kill(grace => 5) } } $? = $status }
append_to_file("$dir/$_", '') foreach 'databases.ini', 'cells.map';
sub here { my ($text, $name) = @_; return $text =~ s{/etc/voiceagent}{$dir}gr =~ s/server (\w+ )?10\.0\.([12])\.9:\d+/"server " . ($1 \/\/ '') . "127.0.0.1:" . $gateway[$2 - 1]/ger =~ s/(listen|bind) 10\.0\.0\.9:\d+/$1 127.0.0.1:$port{$name}/gr }
append_to_file("$dir/pgbouncer.ini", here($page{pgbouncer}) =~ s/^listen_addr.*/listen_addr = 127.0.0.1/mr =~ s/^listen_port.*/listen_port = $port{pgbouncer}/mr =~ s/^auth_type.*/auth_type = trust/mr
	=~ s{^auth_file.*}{auth_file = $dir/users}mr =~ s/^admin_users.*/admin_users = mover/mr . "unix_socket_dir =\n");
append_to_file("$dir/users", qq{"mover" ""\n});
route('pgbouncer', "$dir/pgbouncer.ini");
my $servers = here($page{servers}, 'nginx') =~ s{proxy_pass http://cell_1;}{proxy_pass http://\$from_map;}r;
append_to_file("$dir/nginx.conf", "daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log; events {}\nhttp { access_log off; add_header Cell \$from_map always; "
	. join(' ', map { "${_}_temp_path $dir/$_;" } qw(client_body proxy fastcgi uwsgi scgi)) . "\n" . here($page{nginx}) . "$servers }\n");
route('nginx', '-c', "$dir/nginx.conf", '-e', "$dir/nginx.log");
foreach my $script ('move-tenant', 'write-maps')
{
	append_to_file("$dir/$script", $page{$script});
	chmod 0755, "$dir/$script";
}
my $through = "host=127.0.0.1 port=$port{pgbouncer} user=mover";
my %env = (DIRECTORY => $directory, PGBOUNCER => "$through dbname=pgbouncer", MAPS => $dir, RELOAD_WEB => "$program{nginx} -s reload -c $dir/nginx.conf -e $dir/nginx.log");
ok(wait_until(sub { -s "$dir/nginx.pid" && IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port{pgbouncer}") }, 30), 'the routers run') or diag(map { slurp_file("$dir/$_.out") } keys %router);
ok(run([ "$dir/write-maps" ], %env), 'the maps are written');
is(slurp_file("$dir/cells.map"), "$tenant cell_1;\nacme.example.com cell_1;\nva1_ cell_1;\nva2_ cell_2;\n", '... with host, tenant and keys');

# The status with that host, by a connection of its own.
sub web
{
	my ($path, $port, @header) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", Timeout => 20) or return 'refused';
	print $socket join("\r\n", "POST $path HTTP/1.1", @header, 'Content-Length: 0', 'Connection: close', '', '');
	local $/;
	my $answer = <$socket> // '';
	return join(' ', $answer =~ m{^HTTP/1\.1 (\d+)}, $answer =~ /^Cell: (\w+)/mi);
}
sub by_host { return web("/webhooks/$webhook", $port{nginx}, 'Host: acme.example.com') =~ s/ .*//r }

# A client that stays connected, whatever it is told.
my %client = (in => '', out => '', n => 0);
$client{run} = IPC::Run::start([ 'psql', '-XqAt', '-v', 'VERBOSITY=verbose', '-d', "$through dbname=acme" ], '<', \$client{in}, '>', \$client{out}, '2>&1', IPC::Run::timeout(600));
sub session
{
	my $mark = 'done ' . ++$client{n};
	$client{out} = '';
	$client{in} .= "SELECT current_setting('port'), voiceagent.current_tenant(), count(*) FROM voiceagent.tenants;\n\\echo $mark\n";
	$client{run}->pump until $client{out} =~ /^\Q$mark\E$/m;
	return $client{out} =~ s/^\Q$mark\E\n//mr;
}

# ---- a move, seen through the routers ----

is(session(), $one->port . "|$tenant|1\n", 'a session by the alias is in the first cell');
is(by_host(), 401, '... and a webhook by the host, which wants a signature');
my @by_key = map { my $header = $_; map { "$header va${_}_x" } 1, 2, 9, '' } 'X-API-Key:', 'Authorization: Bearer';
sub by_key { my ($name) = @_; return join(' ', map { web('/webhooks/none', $port{$name}, 'Host: api.example.com', $_) } @by_key) }
my $by_key = join(' ', ('404 cell_1 404 cell_2 404 cell_1 404 cell_1') x 2);
# nginx reads the maps anew beside its work.
ok(wait_until(sub { by_key('nginx') eq $by_key }, 60), 'a key goes to the cell that it says, any other to the first') or diag(by_key('nginx'));
# The other cell cannot begin to serve.
my $held = $two->background_psql('va');
$held->query_safe('BEGIN; LOCK TABLE voiceagent_private.lanes IN SHARE MODE');
my $move = do { local %ENV = (%ENV, %env); IPC::Run::start([ "$dir/move-tenant", $tenant, @place ], '>', \my $said, '2>', \my $why) };
wait_for_sql($one, 'va', "SELECT voiceagent.tenant_move($tenant) ->> 'state'", 'gone', 'the tenant has left');
like(session(), qr/PT421.*is served by cell 2/, 'during the move the session is told the other cell');
is(fleet("SELECT cell FROM fleet.tenants WHERE tenant_id = $tenant"), 1, '... the directory knows nothing yet');
like(fleet("SELECT fleet.find($tenant)"), qr/is moving/, '... and nobody serves it, when it asks');
my $meanwhile = "CALL fleet.set_tenant_active('meanwhile', $tenant, false)";
like(fleet($meanwhile), qr/is moving/, '... so that a deed is refused');
$held->query_safe('ROLLBACK');
$held->quit;
ok($move->finish, 'the move ends') or diag(slurp_file("$dir/nginx.log"));
is(fleet("SELECT cell FROM fleet.tenants WHERE tenant_id = $tenant"), 2, 'one row of the directory has changed');
is(session(), $two->port . "|$tenant|1\n", '... the same session is in the other cell');
is(by_host(), 401, '... and so is a webhook');
is(fleet($meanwhile), 't', 'the deed is done by its key where the tenant is now');
is_sql($two, 'va', "SELECT active FROM voiceagent.tenants WHERE tenant_id = $tenant", 'f', '... once');
fleet("CALL fleet.set_tenant_active('afterwards', $tenant, true)");
is(web("/webhooks/$webhook", $gateway[0], 'Host: x'), 421, '... of which the first cell says whose it is');
is(fleet("SELECT fleet.find($tenant)"), 2, 'asked again, the directory says the same');
fleet('DELETE FROM fleet.tenants');
is(fleet("SELECT fleet.find($tenant)"), 2, 'a directory that is empty finds it from the cell that its number tells');
is(fleet('SELECT fleet.refresh()'), '', '... and the rest by asking all');
fleet("UPDATE fleet.tenants SET alias = 'acme', host = 'acme.example.com' WHERE tenant_id = $tenant");
ok(run([ "$dir/write-maps" ], %env), 'maps that have not changed are loaded once');
SKIP:
{
	skip 'no haproxy', 4 unless $program{haproxy};
	append_to_file("$dir/haproxy.map", fleet("SELECT fleet.web_map('')") . "\n");
	append_to_file("$dir/haproxy.cfg", "defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n" . here($page{haproxy}, 'haproxy')
		=~ s/^(backend (\w+)\n)/$1  http-response set-header Cell $2\n/mgr);
	route('haproxy', '-db', '-f', "$dir/haproxy.cfg");
	wait_until(sub { web('/health', $port{haproxy}, 'Host: x') ne 'refused' }, 30);
	is(web("/webhooks/$webhook", $port{haproxy}, 'Host: ACME.example.com:80'), '401 cell_2', 'HAProxy goes by the host');
	my $claims = 'eyJhbGciOiJIUzI1NiJ9.' . MIME::Base64::encode_base64url(qq({"tenant_id":$tenant,"sub":"x"})) . '.c2lnbmF0dXJl';
	is(web("/webhooks/$webhook", $port{haproxy}, 'Host: x.example.com', "Authorization: Bearer $claims"), '401 cell_2', '... by the tenant of a token');
	is(by_key('haproxy'), '404 cell_1 404 cell_2 404 cell_1 404 cell_1 ' . join(' ', ('404 cell_1') x 4), '... by the cell of a key');
	is(web("/webhooks/$webhook", $port{haproxy}, 'Host: x.example.com'), '421 cell_1', '... and without either to the first cell');
}

# ---- all cells ----

my @deeds = split /;\n/, $page{platform};
like(fleet($deeds[0]), qr/^\d+$/, 'a tenant is made');
is(fleet("SELECT cell FROM fleet.tenants WHERE tenant_id = " . fleet($deeds[0])), 1, '... in the emptiest cell');
fleet("UPDATE fleet.tenants SET host = repeat('a-long-name.', 20) || 'example' WHERE alias <> 'acme'");
ok(run([ "$dir/write-maps" ], %env), '... nginx takes a host as long as there are');
is($one->safe_psql('va', "SELECT count(*) FROM voiceagent.tenants WHERE name = 'Bolt'"), 1, '... once, though it was asked for twice');
like(fleet($deeds[0] =~ s/'Bolt'/'Nut'/r), qr/used for something else/, '... and not for another name');
fleet("UPDATE fleet.tenants SET cell = 1 WHERE tenant_id = $tenant");
is(fleet($deeds[1]), 't', 'a tenant is suspended where it is, whatever the directory believes');
is_sql($two, 'va', "SELECT active FROM voiceagent.tenants WHERE tenant_id = $tenant", 'f', '... namely in the other cell');
is(fleet("CALL fleet.set_tenant_active('paid', $tenant, true)"), 'f', '... and goes on');
is(fleet($deeds[1]), 't', '... which an old key does not undo');
is_sql($two, 'va', "SELECT active FROM voiceagent.tenants WHERE tenant_id = $tenant", 't', '... since it was done');
is(fleet('SELECT cell, name, active, calls, error FROM fleet.list_tenants() ORDER BY name'), "1|Bolt|t|0|\n2|Mover|t|0|", 'all tenants of all cells');
is(fleet('SELECT cell, state, tenants, version FROM fleet.status()'), "1|ok|1|1.0\n2|ok|1|1.0", '... and how the cells are');
is(fleet($deeds[4]), '', 'no invariant is broken');

# Killed in between.
foreach my $victim ('directory', 'cell')
{
	my $hold = $two->background_psql('va');
	$hold->query_safe('BEGIN; LOCK TABLE voiceagent.tenants IN SHARE MODE');
	my $call = "CALL fleet.create_tenant('killed $victim', 'Killed $victim', cell => 2)";
	my $process = IPC::Run::start([ 'psql', '-XqAt', '-d', $directory, '-c', $call ], '>', \my $said, '2>', \my $why);
	my $inside = q{SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'do_once'};
	wait_until(sub { $two->safe_psql('va', $inside) ne '' }) or die 'the call does not come';
	kill9($victim eq 'cell' ? $two->safe_psql('va', $inside) : $one->safe_psql('directory', q{SELECT pid FROM pg_stat_activity WHERE query ~ '^CALL' AND pid <> pg_backend_pid()}));
	$process->finish;
	like($why, $victim eq 'cell' ? qr/does not answer.*not known.*same key/s : qr/closed the connection/, "kill -9 of a backend of the $victim inside a call");
	eval { $hold->query('ROLLBACK'); $hold->quit };
	foreach my $node (@cell) { wait_until(sub { my ($failed) = try_psql($node, 'SELECT 1'); defined $failed && $failed == 0 }) or die 'the server does not come back' }
	wait_until(sub { $two->safe_psql('va', $inside) eq '' });
	my $found = $two->safe_psql('va', "SELECT tenant_id FROM voiceagent.tenants WHERE name = 'Killed $victim'");
	is($found ne '' ? 'done' : 'not done', $victim eq 'cell' ? 'not done' : 'done', '... which was ' . ($victim eq 'cell' ? 'not done' : 'done nevertheless'));
	my @again = map { fleet($call) } 1, 2;
	is_sql($two, 'va', "SELECT string_agg(tenant_id::text, ' ') FROM voiceagent.tenants WHERE name = 'Killed $victim'", $again[0], '... and repeated with its key there is one tenant');
	is($again[1], $again[0], '... ever after');
}

# ---- names ----

my ($mine, $theirs) = map { fleet("SELECT tenant_id FROM fleet.tenants WHERE cell = $_ ORDER BY tenant_id LIMIT 1") } 1, 2;
sub member { my ($node, $of, $who) = @_; my ($status, $out, $err) = $node->psql('va', "SELECT voiceagent.create_member($of, '$who', 'correct horse battery')"); return $status == 0 ? 'made' : $err }
# The link that was mailed to the address is followed.
sub proved
{
	my ($node, $of, $who) = @_;
	my $link = "SELECT voiceagent_private.set_tenant($of); SELECT voiceagent_private.prove_address(member_id) FROM voiceagent.members WHERE tenant_id = $of AND email = '$who'";
	my ($status, $out, $err) = $node->psql('va', "BEGIN; $link; COMMIT", extra_params => [ '-v', 'VERBOSITY=verbose' ]);
	return $status == 0 ? 'proved' : $err;
}
# How a number stands once the carrier has said that it is the tenant's.
sub number
{
	my ($node, $of, $phone, $account) = @_;
	my $has = "SELECT n.phone_number_id FROM voiceagent.phone_numbers n WHERE n.tenant_id = $of AND n.phone_number = '$phone' AND n.removed_at IS NULL";
	my $id = as_tenant($node, 'va', $of, $has) || as_tenant($node, 'va', $of, "SELECT voiceagent.create_phone_number('$phone', @{[$account // 'NULL']})");
	as_tenant($node, 'va', $of, "SELECT voiceagent_private.prove_number($id, NULL, clock_timestamp())");
	return as_tenant($node, 'va', $of, "SELECT concat_ws(': ', n.state, n.state_reason) FROM voiceagent.phone_numbers n WHERE n.phone_number_id = $id");
}
my $claimed = 'SELECT count(*) FROM fleet.names WHERE kind <> ' . q('role');
my $beside = create_tenant($one, 'va', 'Beside');
# A hostile tenant has made members of everybody that it can think of, and says that all numbers are its own.
my @stranger = qw(ann@acme.example bob@acme.example nobody@acme.example);
as_tenant($two, 'va', $theirs, "SELECT voiceagent.create_phone_number('+14155550100')");
is(join(' ', map { member($two, $theirs, $_) } @stranger), 'made made made', 'a tenant makes members of strangers\' addresses');
is(fleet($claimed), 0, '... which claims nothing, nor does a number that it only names');
is(member($one, $mine, 'ann@acme.example'), 'made', '... so that who has the address logs in to another cell');
is(proved($one, $mine, 'ann@acme.example'), 'proved', '... proves it');
# Its carrier is not there when it is asked again.
$one->safe_psql('va', "SELECT voiceagent.set_setting('$_', '127.0.0.1:1')") foreach 'allowed_private_hosts', 'number_proof_hosts';
my $account = as_tenant($one, 'va', $mine, q{SELECT voiceagent.create_provider_account('twilio', 'Real', '{"account_sid": "AC0123456789abcdef0123456789abcdef", "auth_token": "0123456789abcdef0123456789abcdef"}', '{"base_url": "http://127.0.0.1:1"}')});
is(number($one, $mine, '+14155550100', $account), 'ready', '... and a number that the carrier lists');
is(fleet($claimed), 2, '... both of which are claimed');
sub switch { my ($node, $of, $who, $to) = @_; return as_tenant($node, 'va', $of, "SELECT voiceagent.update_member(member_id, active => $to) FROM voiceagent.members WHERE tenant_id = $of AND email = '$who'") }
is(join(' ', map { switch($two, $theirs, $_, 'false') . switch($two, $theirs, $_, 'true') . member($two, $theirs, "x$_") } @stranger), 'made made made', 'the tenant finds out by nothing which of them another cell has');
my $why = proved($two, $theirs, 'ann@acme.example');
like($why, qr/PT409: this login is taken/, 'a second proof, in another cell, is refused');
unlike($why, qr/cell \d|tenant|$mine\b/i, '... and not told whose it is');
is(number($two, $theirs, '+14155550100'), q(refused: the carrier's word about it is being confirmed), '... of a number in the words that a cell has for its own');
ok(slurp_file($two->logfile) =~ /tenant $theirs has proved a login that a tenant of cell 1 has/, '... the log says it to the platform');
is(member($one, $beside, 'ann@acme.example') . proved($one, $beside, 'ann@acme.example'), 'madeproved', 'in its own cell it may log in to another tenant');
is(number($one, $mine, '+14155550100'), 'ready', '... and a number stays when it is proved again');
my ($status, $out, $err) = $one->psql('va', "SELECT voiceagent.map_role('mover', $mine)");
like($err, qr/this role is taken/, 'a login role is no other tenant\'s');
my $asked = "SELECT count(*) FROM voiceagent.provider_requests WHERE tenant_id = $mine AND kind = 'list_numbers'";
wait_for_sql($one, 'va', "$asked AND state = 'queued' AND tries = 0", 0, 'the carrier has been asked, and is not there');
my $before = $one->safe_psql('va', $asked);
is(fleet('SELECT fleet.refresh()'), '', 'a number that two have proved');
cmp_ok($one->safe_psql('va', $asked), '>', $before, '... is asked for where it was proved first');
is(fleet('SELECT count(*) FROM fleet.names WHERE contested'), 0, '... once');
switch($one, $_, 'ann@acme.example', 'false') foreach $mine, $beside;
as_tenant($one, 'va', $mine, "SELECT voiceagent.delete_phone_number(phone_number_id) FROM voiceagent.phone_numbers WHERE tenant_id = $mine AND phone_number = '+14155550100'");
fleet("UPDATE fleet.names SET claimed_at = claimed_at - interval '2 hours'");
is(fleet('SELECT fleet.refresh()'), '', 'a number that was given up');
is(number($two, $theirs, '+14155550100'), 'ready', '... is another\'s after refresh()');
is(proved($two, $theirs, 'ann@acme.example'), 'proved', '... and so is the address of a member who was switched off');
is(fleet('SELECT * FROM fleet.invariants()'), '', '... and no invariant is broken');

# ---- one of them answers late ----

$two->safe_psql('va', "ALTER ROLE voiceagent_directory SET lock_timeout = '2s'");
my $slow = $two->background_psql('va');
$slow->query_safe('BEGIN; LOCK TABLE voiceagent.tenants IN SHARE MODE');
my @late = map { "CALL fleet.create_tenant('late $_', 'Late $_', cell => $_)" } 1, 2;
my $asked_at = time;
like(fleet($late[1]), qr/cell 2 does not answer: .*timeout.*not known.*same key/s, 'a deed of which a cell says nothing in time is refused by the name of the cell');
cmp_ok(time - $asked_at, '<', 20, '... not when the cell has done it');
like(fleet($late[0]), qr/\A\d+\z/, '... and another cell does its own');
like(fleet($late[1]), qr/cell 2 does not answer/, '... repeated with its key while nothing has changed, it is refused again');
$slow->query_safe('ROLLBACK');
$slow->quit;
my @done = map { fleet($late[1]) } 1, 2;
is_sql($two, 'va', q{SELECT string_agg(tenant_id::text, ' ') FROM voiceagent.tenants WHERE name = 'Late 2'}, $done[0], '... and done once when the cell is itself again');
is($done[1], $done[0], '... ever after');

# ---- one of them is down ----

$two->stop('fast');
like(fleet('SELECT cell, state, detail FROM fleet.status()'), qr/\A1\|ok\|\n2\|down\|cell 2 does not answer: .*\z/s, 'a cell that is down is named');
like(fleet('SELECT cell, name, error FROM fleet.list_tenants() ORDER BY cell, name'), qr/\A1\|Beside\|\n1\|Bolt\|\n1\|Late 1\|\n2\|\|cell 2 does not answer/, '... and the rest goes on: the list');
like(fleet('SELECT * FROM fleet.invariants()'), qr/\Acell_down\|cell 2 does not answer[^\n]*\z/, '... the invariants');
like(fleet("CALL fleet.create_tenant('down', 'Down')"), qr/\A\d+\z/, '... a new tenant, in a cell that answers');
like(fleet("CALL fleet.set_tenant_active('late', $tenant, false)"), qr/cell 2 does not answer.*not known.*same key/s, 'a deed there is refused');
$two->start;
is(fleet("CALL fleet.set_tenant_active('late', $tenant, false)"), 't', '... and done with its key when the cell is back');
is(fleet("CALL fleet.set_tenant_active('soon', $tenant, true)"), 'f', '... and undone');

# ---- the directory is gone, and the first cell with it ----

$two->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '1000')});
$one->stop('fast');
is(member($two, $theirs, 'new@acme.example'), 'made', 'without the directory members are made');
like(proved($two, $theirs, 'bob@acme.example'), qr/PT503: the directory does not answer, so that no login can be claimed now/, '... but no name is claimed');
like(number($two, $theirs, '+14155550101'), qr/^refused: the directory does not answer, so that no number/, '... no number');
is(number($two, $theirs, '+14155550100'), 'ready', '... while one that was proved stays');
is(session(), $two->port . "|$tenant|1\n", 'the session goes on');
is(by_host(), 401, '... and so do webhooks by the host');
my $campaign = start_leads($two, $tenant, [ numbers(20) ], settings => {call_interval => 0, retry_attempts => 0});
wait_for_sql($two, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant", 20, '... and the dialling', 120);
ok(!run([ "$dir/write-maps" ], %env), 'maps cannot be written');
ok(-s "$dir/databases.ini" && -s "$dir/cells.map", '... and stay as they are');
$one->start;
is(proved($two, $theirs, 'bob@acme.example'), 'proved', 'when it is back the name is claimed');

# ---- a move that nobody can tell of; a directory from an old backup ----

ok(!run([ "$dir/move-tenant", $tenant, $place[1], $place[0] ], %env, DIRECTORY => "host=$dir dbname=directory"), 'a move without the directory says so');
is_sql($one, 'va', "SELECT voiceagent.tenant_move($tenant) ->> 'served'", 'true', '... and has ended');
is_sql($two, 'va', "SELECT count(*) FROM voiceagent.tenants WHERE tenant_id = $tenant", 0, '... in both cells');
like(session(), qr/PT421.*is served by cell 1/, 'the session, whose map is old, is told the other cell');
fleet('TRUNCATE fleet.tenants, fleet.names, fleet.deeds');
is(fleet('SELECT fleet.refresh()'), '', 'all cells are asked');
is(fleet("SELECT cell FROM fleet.tenants WHERE tenant_id = $tenant"), 1, '... and the directory knows where it is');
my $other = fleet('SELECT min(tenant_id) FROM fleet.tenants WHERE cell = 2');
is(fleet($claimed), 3, '... which names are claimed');
fleet('UPDATE fleet.cells SET takes_new = cell = 2');
like(fleet($deeds[0]), qr/^\d+$/, '... and which deeds were done');
is_sql($two, 'va', q{SELECT count(*) FROM voiceagent.tenants WHERE name = 'Bolt'}, 0, '... by no other cell once more');
fleet("UPDATE fleet.tenants SET alias = 'acme' WHERE tenant_id = $tenant");
ok(run([ "$dir/write-maps" ], %env), 'the maps are written');
is(session(), $one->port . "|$tenant|1\n", '... and the same session is back in the first cell');

# ---- a cell from an old backup, which believes that it still has a tenant ----

my $moved = fleet('SELECT tenant_id FROM fleet.tenants WHERE cell = 1 AND tenant_id <> ' . "$tenant LIMIT 1");
ok(run([ "$dir/move-tenant", $moved, @place ], %env), 'a tenant moves');
$one->safe_psql('va', "SET session_replication_role = replica; INSERT INTO voiceagent.tenants (tenant_id, name, timezone, created_at) OVERRIDING SYSTEM VALUE VALUES ($moved, 'Old', 'UTC', now()); DELETE FROM voiceagent_private.tenant_moves WHERE tenant_id = $moved");
is(fleet('SELECT invariant, detail FROM fleet.invariants() WHERE invariant = ' . q('served_once')), "served_once|tenant $moved is served by the cells 1, 2", 'its old cell, restored, believes that it serves it, which invariants() tells');
my ($tell) = map { $_->[1] =~ s/TENANT/$moved/r } grep { $_->[0] eq 'restored' } readme_blocks('19_directory', 'scale.md');
$one->safe_psql('va', $tell);
is(fleet('SELECT invariant, detail FROM fleet.invariants() WHERE invariant = ' . q('served_once')), '', '... until it is told');
($status, $out, $err) = $one->psql('va', "SELECT voiceagent.set_tenant_active($moved, true)");
like($err, qr/is served by cell 2/, '... and says so');

# ---- without it ----

ok(run([ 'psql', '-XqAt', '-d', $place[1], '-f', 'extension/fleet/cell.sql' ]), 'a cell leaves the directory');
is_sql($two, 'va', q{SELECT count(*) FROM pg_trigger WHERE tgname = 'claimed'}, 0, '... and asks nobody any more');
$client{in} .= "\\q\n";
$client{run}->finish;
done_testing();
