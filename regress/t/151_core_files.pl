# What a core file of a process of the server would hold: all that a process remembers, but not the keys that seal secrets
# and sign tokens.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

plan skip_all => 'no /proc/PID/smaps' if !-r "/proc/$$/smaps";
my $files = PostgreSQL::Test::Utils::tempdir();
my %key = (vault => 'the vault key of thirty-two bytes', jwt => 'a secret that signs tokens, long enough for HS256');
$key{vault} = substr($key{vault}, 0, 32);
foreach my $name (sort keys %key)
{
	append_to_file("$files/$name", $key{$name});
	chmod 0600, "$files/$name";
}
my $node = new_node('main', shared_buffers => '16MB', huge_pages => 'off', 'voiceagent.jwt_secret_file' => "$files/jwt", 'voiceagent.vault_key_file' => "$files/vault");
my $tenant = create_tenant($node, 'va', 'Keys', credits => 1000);
wait_workers($node, 'the workers run');
$key{sandbox} = slurp_file($node->data_dir . '/voiceagent/sandbox.key');

# Every key is used: calls of the sandbox, a real account that is sealed and opened, tokens that are signed and judged.
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
start_leads($node, $tenant, [ '+12125550101', '+12125550102' ]);
wait_for_sql($node, 'va', q{SELECT count(*) >= 2 FROM voiceagent.calls WHERE ended_at IS NOT NULL}, 't', 'calls of the sandbox end');
my $session = $node->background_psql('va', on_error_stop => 0);
$session->query_safe(qq{SELECT voiceagent.create_member($tenant, 'quokka\@example.com', 'correct horse battery')});
$session->query_safe(q{SELECT voiceagent.login('quokka@example.com', 'correct horse battery') AS token \gset});
$session->query_safe(q{BEGIN; SELECT voiceagent.authenticate(:'token');
	SELECT voiceagent.create_provider_account('vapi', 'Main', '{"api_key": "sk", "webhook_secret": "whsec"}', '{"phone_number_id": "p"}'); COMMIT});
my $backend = $session->query_safe('SELECT pg_backend_pid()');

# The mappings of a process: [start, end, whether a core file has it].  Files that are mapped are left out by every system's default.
sub mappings
{
	my ($pid) = @_;
	my @found;
	foreach my $line (split /\n/, slurp_file("/proc/$pid/smaps"))
	{
		if ($line =~ /^([0-9a-f]+)-([0-9a-f]+) (r\S+) \S+ \S+ (\d+)\s*(.*)$/)
		{
			my ($start, $end, $file) = (hex $1, hex $2, $5);
			push @found, [ $start, $end, $file =~ m{^/(?!dev/zero)} || $file eq '[vvar]' || $file eq '[vsyscall]' ? 0 : 1 ];
		}
		elsif ($line =~ /^[0-9a-f]+-[0-9a-f]+ -/)
		{
			push @found, [ 0, 0, 0 ];
		}
		elsif ($line =~ /^VmFlags:.*\b(dd|io|pf)\b/)
		{
			$found[-1][2] = 0;
		}
	}
	return @found;
}

# Which keys lie in mappings that a core file has (1), or has not (0).
sub keys_in
{
	my ($pid, $dumped) = @_;
	my %seen;
	open(my $memory, '<:raw', "/proc/$pid/mem") or return "cannot be read: $!";
	foreach my $mapping (grep { $_->[2] == $dumped && $_->[1] > $_->[0] } mappings($pid))
	{
		my $bytes = '';
		sysseek($memory, $mapping->[0], 0) or next;
		sysread($memory, $bytes, $mapping->[1] - $mapping->[0]) or next;
		$seen{$_}++ foreach grep { index($bytes, $key{$_}) >= 0 } keys %key;
	}
	return join ' ', sort keys %seen;
}

my ($postmaster) = split /\n/, slurp_file($node->data_dir . '/postmaster.pid');
my %process = (postmaster => $postmaster, 'a session' => $backend, 'the checkpointer' => $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'}));
($process{"the worker $_"}) = worker_pids($node, "voiceagent $_") foreach @worker_kinds;
($process{'the launcher'}) = worker_pids($node, 'voiceagent launcher');
foreach my $name (sort keys %process)
{
	is(keys_in($process{$name}, 1), '', "a core file of $name would have no key");
}
is(keys_in($process{'a session'}, 0), 'jwt sandbox vault', 'where no core file looks they are: this test can see them');
$session->quit;
$node->stop;
done_testing();
