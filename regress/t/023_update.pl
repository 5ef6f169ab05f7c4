# The update from 0.1: a database of that release, cut off in the middle of its work (fixtures/update-make), is restored on this
# library and stands still; it says so, calls nobody and takes no webhook.  ALTER EXTENSION UPDATE goes as a whole or not at all;
# on a full disk nothing of it is left, on another library it does not begin.  Then everything goes on by itself, nothing is lost and
# nobody is called twice.
use strict;
use warnings;

use VoiceAgentMemory;
use HTTP::Tiny;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults qw(is_well wait_workers);

my $fixture = qx(gzip -dc regress/fixtures/update-0.1.sql.gz);
my ($then) = $fixture =~ /^-- clock: (\d+)$/m or die 'no time';
my $secret = PostgreSQL::Test::Utils::tempdir() . '/jwt';
open(my $file, '>', $secret) or die $!;
print $file 'a' x 40, "\n";
close $file;
chmod 0600, $secret;
# As if it had been a minute ago.
my $node = new_node('main', database => '', 'voiceagent.clock_offset' => int($then + 60 - time), 'voiceagent.jwt_secret_file' => $secret,
	max_worker_processes => 20,
	# Where a limit on files stands for the full disk, the log's own have to be within it.
	defined $ENV{VOICEAGENT_SMALL} ? () : (extra => [ '--wal-segsize=1' ]));
my $query = sub { $node->safe_psql('va', $_[0]) };

# ----- restored
# On a file system of its own where there can be one, so that its disk can be full.
my $small = $ENV{VOICEAGENT_SMALL};
if (defined $small)
{
	mkdir "$small/va";
	$node->safe_psql('postgres', "CREATE TABLESPACE small LOCATION '$small/va'");
}
$node->safe_psql('postgres', q{CREATE DATABASE va TEMPLATE template0 ENCODING 'UTF8'} . (defined $small ? ' TABLESPACE small' : ''));
$node->safe_psql('postgres', 'CREATE ROLE acme LOGIN; CREATE ROLE analyst');
my ($status, $out, $err) = $node->psql('va', q{SET client_min_messages = warning; CREATE EXTENSION voiceagent VERSION '0.1' CASCADE});
is($status, 0, 'the old version can be made, for a dump of it') or diag($err);
like($err, qr/WARNING:  extension voiceagent has version 0\.1, but the server runs the library of version .*HINT:  Run ALTER EXTENSION voiceagent UPDATE/s, '... with a warning');
# As a dump of the server's roles would bring it back.
$query->('GRANT voiceagent_user TO acme');
IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('va') ], '<', \$fixture, '>', \$out, '2>', \$err) or die $err;
my %rows = map { $_ => $query->("SELECT count(*) FROM $_") } qw(voiceagent.tenants voiceagent.leads voiceagent.calls voiceagent.attempts
  voiceagent.campaign_leads voiceagent.credit_transfers voiceagent.webhooks voiceagent.events voiceagent.incoming_calls);
my ($live, $waiting) = split /\|/, $query->('SELECT (SELECT count(*) FROM voiceagent_private.live_calls), (SELECT count(*) FROM voiceagent_private.inbox)');
cmp_ok($live, '>', 5, "$live calls are live");
cmp_ok($waiting, '>', 5, "... and $waiting webhooks wait");
# Accounts at other carriers, as they were made then.
$query->(q{WITH a AS (INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, settings, max_concurrent_calls, created_at)
	SELECT 1, p.provider, p.provider, p.settings, 1, now() FROM (VALUES ('vapi', '{"phone_number_id": "p"}'::jsonb),
		('asterisk', '{"endpoint": "PJSIP/{number}@trunk", "stream_url": "wss://bot.example/s"}'), ('twilio', '{"stream_url": "wss://bot.example/s"}')) AS p(provider, settings)
	RETURNING *), e AS (INSERT INTO voiceagent.webhook_endpoints (tenant_id, provider_account_id, created_at) SELECT a.tenant_id, a.provider_account_id, now() FROM a RETURNING *)
	INSERT INTO voiceagent_private.endpoint_routes (token, tenant_id, endpoint_id, provider_account_id, provider, settings)
	SELECT 'token-' || a.provider, a.tenant_id, e.endpoint_id, a.provider_account_id, a.provider, a.settings FROM a JOIN e USING (provider_account_id)});
$query->('ANALYZE');
my $samples = q{SELECT count(*) > 0 FROM pg_stats WHERE schemaname = 'voiceagent' AND tablename = 'leads' AND attname = 'phone'};
is($query->($samples), 't', 'the old version leaves samples of numbers to the planner');

# ----- on a library that does not say its version, as the old one's
$node->adjust_conf('postgresql.conf', 'shared_preload_libraries', q{''});
$node->restart;
($status, $out, $err) = $node->psql('va', 'ALTER EXTENSION voiceagent UPDATE');
like($err, qr/ERROR:  the server runs the library of voiceagent 0\.1 or older, so the extension cannot be updated to .*HINT:  Restart the server, then/s,
	'an update is refused before the library that it is for is loaded');
$node->adjust_conf('postgresql.conf', 'shared_preload_libraries', 'voiceagent');

# ----- it stands still
my $offset = -s $node->logfile;
$node->restart;
my $restarted = time;
wait_for_sql($node, 'va', q{SELECT string_agg(DISTINCT state, ' ') FROM voiceagent_private.worker_status()}, 'wrong_version', 'on this library it stands still');
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE kind = 'gateway' AND address IS NOT NULL}, 1, '... its gateway alone runs');
my $address = $query->(q{SELECT address FROM voiceagent_private.worker_status() WHERE kind = 'gateway'});
($status, $out, $err) = $node->psql('va', 'SELECT component, state FROM voiceagent.status()');
like("$out$err", qr/dialer\|wrong_version|gateway\|wrong_version/, '... status() says so') or diag($err);
foreach my $request ([ POST => '/webhooks/any' ], [ GET => '/health' ])
{
	my $reply = HTTP::Tiny->new(timeout => 5)->request($request->[0], "$address$request->[1]", {content => $request->[0] eq 'POST' ? '{}' : ''});
	is("$reply->{status} " . ($reply->{headers}{'retry-after'} // ''), '503 30', "... $request->[0] $request->[1] is told to come again");
}
sleep 2;
is($query->('SELECT count(*) FROM voiceagent.attempts'), $rows{'voiceagent.attempts'}, '... nobody is dialled');
is($query->('SELECT count(*) FROM voiceagent_private.inbox'), $waiting, '... no webhook is applied');
is(scalar(() = slurp_server_log($node, $offset) =~ /LOG:  extension voiceagent has version 0\.1/g), 1, '... and the log says it once');
($status, $out, $err) = $node->psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '11')});
like($err, qr/HINT:  Run ALTER EXTENSION voiceagent UPDATE/, '... as do functions');

# ----- all or nothing
$query->(q{
	CREATE VIEW public.report AS SELECT l.lead_id, l.phone, voiceagent.normalize_phone(l.phone) AS normal, c.outcome
		FROM voiceagent.leads l LEFT JOIN voiceagent.calls c USING (tenant_id, lead_id);
	CREATE VIEW public.progress AS SELECT campaign_id, calls FROM voiceagent.campaign_progress;
	GRANT SELECT ON voiceagent.leads, voiceagent.campaign_progress TO analyst;
	CREATE FUNCTION public.era() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT voiceagent_private.event_era(); END;
});
my $rights = q{SELECT string_agg(r, ' ') FROM unnest(ARRAY['voiceagent.leads', 'voiceagent.campaign_progress']) r WHERE has_table_privilege('analyst', r, 'SELECT')};
($status, $out, $err) = $node->psql('va', 'ALTER EXTENSION voiceagent UPDATE');
like($err, qr/ERROR:  extension voiceagent cannot be updated to \S+ while function (public\.)?era\(\) depends on function voiceagent_private\.event_era\(\)/,
	'an object of the users that would lose its ground stops the update');
like($err, qr/HINT:  Drop function (public\.)?era\(\), run ALTER EXTENSION voiceagent UPDATE, and make it again/, '... which says what to do');
is($query->(q{SELECT extversion FROM pg_extension WHERE extname = 'voiceagent'}), '0.1', '... and changes nothing');
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE kind = 'gateway' AND address IS NOT NULL}, 1, '... the gateway goes on refusing');
$query->('DROP FUNCTION public.era()');
($status, $out, $err) = $node->psql('va', q{ALTER EXTENSION voiceagent UPDATE TO '7.7'});
like($err, qr/has no update path from version "0\.1" to version "7\.7"/, 'there is no way to a version that nobody knows');
$query->(q{UPDATE pg_extension SET extversion = '0.0.7' WHERE extname = 'voiceagent'});
($status, $out, $err) = $node->psql('va', 'ALTER EXTENSION voiceagent UPDATE');
like($err, qr/has no update path from version "0\.0\.7"/, '... nor from one');
$query->(q{UPDATE pg_extension SET extversion = '0.1' WHERE extname = 'voiceagent'});

# ----- files of a newer version beside the library that runs
chomp(my $share = qx(pg_config --sharedir));
my ($running) = slurp_file('voiceagent.control') =~ /^default_version = '(.*)'/m or die 'version';
# A version that no other test makes: they share the directory of scripts.
my ($future, $offered) = ("$running.23", "$share/extension/voiceagent--0.2--$running.23.sql");
open($file, '>', $offered) or die "$offered: $!";
print $file slurp_file("$share/extension/voiceagent--0.2--$running.sql") =~ s/'\Q$running\E'/'$future'/r;
close $file;
($status, $out, $err) = $node->psql('va', "ALTER EXTENSION voiceagent UPDATE TO '$future'");
unlink $offered;
like($err, qr/ERROR:  the server runs the library of voiceagent \Q$running\E, so the extension cannot be updated to /,
	'an update is refused while the library from before it is in memory');
like($err, qr/HINT:  Restart the server, then run ALTER EXTENSION voiceagent UPDATE again/, '... with what comes first');
is($query->(q{SELECT extversion FROM pg_extension WHERE extname = 'voiceagent'}), '0.1', '... and changes nothing');

# ----- a full disk
# All that the database holds: its catalogs by name, and its rows.  (What was drawn from a sequence stays drawn.)
sub everything
{
	my ($catalog, $rows, $error);
	IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', 'regress/lib/catalog.sql', '-d', $node->connstr('va') ], '>', \$catalog, '2>', \$error) or die $error;
	IPC::Run::run([ 'pg_dump', '--no-sync', '-d', $node->connstr('va') ], '>', \$rows, '2>', \$error) or die $error;
	return $catalog . $rows =~ s/^(?:\\(un)?restrict |SELECT pg_catalog\.setval\().*\n//mgr;
}

# The update with room for so many bytes: of the file system, or where there is none for it, in the database's largest file.
sub update_in
{
	my ($room) = @_;
	if (!defined $small)
	{
		my $size = $query->('SELECT max(pg_relation_size(oid)) FROM pg_class') + $room;
		return $node->psql('va', "SELECT pg_backend_pid() AS pid \\gset\n\\setenv PID :pid\n\\! prlimit --pid \$PID --fsize=$size:$size\nALTER EXTENSION voiceagent UPDATE");
	}
	open(my $ballast, '>', "$small/ballast") or die $!;
	foreach my $size (1 << 20, 1 << 12)
	{
		while (defined(my $n = syswrite($ballast, "\0" x $size))) { last if $n < $size }
	}
	truncate($ballast, (-s $ballast) - $room) or die $!;
	close($ballast);
	my @result = $node->psql('va', 'ALTER EXTENSION voiceagent UPDATE');
	unlink "$small/ballast" or die $!;
	return @result;
}

my $everything = everything();
# What a failed try has written is dead, but takes its room until the tables are vacuumed.
foreach my $room (defined $small ? map { $_ << 20 } (0, 1, 5) : 0)
{
	# A new session may have to write a file of PostgreSQL's own first; the one before has done so, unless it was made void since.
	for (1 .. 10)
	{
		$query->('SELECT 1');
		($status, $out, $err) = update_in($room);
		last unless $err =~ /could not write init file/;
	}
	like($err, qr/ERROR:  could not (?:extend|write to) file .*: (?:No space left on device|File too large|wrote only)/, sprintf('with room for %d MB the update fails', $room >> 20));
	note($err);
	is($query->(q{SELECT extversion FROM pg_extension WHERE extname = 'voiceagent'}), '0.1', '... as a whole');
	is_same(everything(), $everything, '... nothing of it is left, nothing else is gone');
}
is($query->(q{SELECT string_agg(DISTINCT state, ' ') FROM voiceagent_private.worker_status()}), 'wrong_version', '... and the database stands still as before');

# ----- updated
my $began = time;
($status, $out, $err) = $node->psql('va', 'ALTER EXTENSION voiceagent UPDATE');
is($status, 0, 'the extension is updated') or diag($err);
my $updated = time;
is($query->(q{SELECT a.provider, a.settings, r.settings = a.settings FROM voiceagent.provider_accounts a JOIN voiceagent_private.endpoint_routes r USING (tenant_id, provider_account_id)
	WHERE a.provider <> 'sandbox' ORDER BY 1}), join("\n", 'asterisk|{"endpoint": "PJSIP/{number}@trunk"}|t', 'twilio|{"stream_url": "wss://bot.example/s"}|t',
	'vapi|{"send_lead_name": true, "phone_number_id": "p"}|t'), 'Vapi goes on being told names, and no account names a socket that talks with nobody');
wait_workers($node, '... and its workers run by themselves');
wait_for_sql($node, 'va', q{SELECT bool_and(state IN ('running', 'resting')) FROM voiceagent_private.worker_status()}, 't', '... all of them');
wait_for_sql($node, 'va', 'SELECT count(*) > ' . $rows{'voiceagent.attempts'} . ' FROM voiceagent.attempts', 't', '... leads are called again');
note(sprintf('it stood still for %.1f s, of which the update took %.1f s; the next dial came %.1f s after it', $updated - $restarted, $updated - $began, time - $updated));
# Calls back that were promised for next week come at once.
$query->(q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
is($query->($samples), 'f', 'the samples of numbers are gone');
cmp_ok($query->('SELECT count(*) FROM public.report'), '>=', $rows{'voiceagent.leads'}, "the users' own views are still there");
is(as_tenant($node, 'va', 1, 'SELECT count(*) FROM public.progress WHERE calls > 0'), 1, '... those of views, too');
is($query->($rights), 'voiceagent.leads voiceagent.campaign_progress', '... and so are the rights that they gave');
my $dump = '';
IPC::Run::run([ 'pg_dump', '--no-sync', '--schema-only', '-d', $node->connstr('va') ], '>', \$dump, '2>', \$err) or die $err;
like($dump, qr/GRANT SELECT ON TABLE voiceagent\.leads TO analyst/, '... which a dump takes along');
like($query->(q{SELECT voiceagent.login('acme@example.com', 'secret of the fixture')}), qr/^ey/, 'a member logs in with the password from before');
is($node->safe_psql('va', 'SELECT count(*) > 0 FROM voiceagent.leads', extra_params => [ '-U', 'acme' ]), 't', '... and a role that was mapped reads what is its own');

wait_for_sql($node, 'va', q{SELECT string_agg(DISTINCT status, ' ') FROM voiceagent.campaigns}, 'completed', 'the campaigns complete', 240);
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... all webhooks are applied');
is($query->(q{SELECT count(*) FROM voiceagent.calls WHERE direction = 'outbound' AND ended_at IS NULL}), 0, 'every call has ended');
is($query->('SELECT count(*) FROM voiceagent_private.live_calls'), 0, '... none is live');
is($query->(q{SELECT a.reference, count(*) FROM (SELECT reference FROM voiceagent_private.sandbox_calls) a GROUP BY 1 HAVING count(*) > 1}), '',
	'no dial has reached the carrier twice');
is($query->(q{SELECT c.call_id, d.call_id FROM voiceagent.calls c JOIN voiceagent.calls d ON d.tenant_id = c.tenant_id AND d.phone = c.phone AND d.call_id > c.call_id
	AND d.started_at < c.ended_at AND c.direction = 'outbound' AND d.direction = 'outbound'}), '', '... and nobody was called while a call was live');
is($query->(q{SELECT count(*), count(*) FILTER (WHERE c.ended_at IS NOT NULL), count(i.incoming_call_id) FROM voiceagent.calls c
	JOIN voiceagent.call_inbound i USING (tenant_id, call_id) WHERE c.direction = 'inbound'}), join('|', $rows{'voiceagent.incoming_calls'}, 2, $rows{'voiceagent.incoming_calls'}),
	'calls that came in are rows of calls');
delete $rows{'voiceagent.incoming_calls'};
foreach my $table (sort keys %rows)
{
	cmp_ok($query->("SELECT count(*) FROM $table"), '>=', $rows{$table}, "nothing is lost of $table");
}
is_well($node, 'after the update');
$node->stop('fast');
done_testing();
