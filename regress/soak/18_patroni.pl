# Three servers under Patroni and etcd, a campaign at a carrier that remembers, and failovers: the primary and its Patroni are
# frozen in the middle of their work, a standby is promoted, and the old primary thaws and finds out.  No lead is dialled twice
# by it, no dial is lost in silence, and dialling goes on soon.
#
# With DURABILITY=local, which compares no position, calls are dialled twice sooner or later: then the test fails.
#
# The programs are Debian's packages patroni, etcd-server and haproxy, their files those of doc/failover.md; without them nothing is tried (`make check-ha` says how).
use strict;
use warnings;

use CPAN::Meta::YAML;
use HTTP::Tiny;
use JSON::PP qw(decode_json encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

my @missing = grep { my $program = $_; !grep { -x "$_/$program" } split /:/, "$ENV{PATH}:/usr/sbin" } qw(patroni etcd haproxy);
plan skip_all => "@missing: not installed" if @missing;

my $durability = $ENV{DURABILITY} // 'standby';
my $ttl = 20; # the least that Patroni takes
seed();
my $carrier = start_carrier();
my $dir = PostgreSQL::Test::Utils::tempdir();
my $user = getpwuid($>);
append_to_file("$dir/vault", '0123456789abcdef' x 4);
chmod 0600, "$dir/vault";

# ---- etcd, and a Patroni for each server ----

my %pid;

sub begin
{
	my ($name, @command) = @_;
	my $pid = fork();
	if ($pid == 0)
	{
		setpgrp;
		open(STDOUT, ">>", "$PostgreSQL::Test::Utils::log_path/18_patroni_$name.log");
		open(STDERR, '>&', \*STDOUT);
		exec(@command) or die $!;
	}
	return $pid{$name} = $pid;
}

sub end
{
	my ($signal) = @_;
	kill 'CONT', map { -$_ } values %pid;
	foreach my $name (sort { ($a eq 'etcd') <=> ($b eq 'etcd') } keys %pid)
	{
		kill $signal, $pid{$name};
		waitpid($pid{$name}, 0);
	}
	%pid = ();
	return;
}

my ($client, $peer) = map { 'http://127.0.0.1:' . PostgreSQL::Test::Cluster::get_free_port() } 1 .. 2;
begin('etcd', 'etcd', '--data-dir', "$dir/etcd", '--listen-client-urls', $client, '--advertise-client-urls', $client, '--listen-peer-urls', $peer,
	'--initial-advertise-peer-urls', $peer, '--initial-cluster', "default=$peer", '--unsafe-no-fsync', '--enable-v2=true');

VoiceAgent::seed_cluster();
my $seed_directory = $ENV{VOICEAGENT_SEED} // "$ENV{TESTDATADIR}_seed";
my %page = map { @$_ } readme_blocks('18_patroni', 'failover.md');
my %nodes = map { $_ => PostgreSQL::Test::Cluster->new($_) } qw(one two three);
my (%rest, %gateway);
foreach my $name (sort keys %nodes)
{
	($rest{$name}, $gateway{$name}) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 2;
}
my $entry = PostgreSQL::Test::Cluster::get_free_port();
append_to_file("$dir/promoted", $page{promoted} =~ s/in voiceagent;/in va;/r);
append_to_file("$dir/seed", "#!/bin/sh\nexec cp -Rp $seed_directory \${2#--datadir=}\n");
chmod 0755, "$dir/promoted", "$dir/seed";
append_to_file("$dir/haproxy", $page{haproxy} =~ s/bind \S+/bind 127.0.0.1:$entry/r =~ s/server (\w+) \S+ port \d+/server $1 127.0.0.1:$gateway{$1} port $rest{$1}/gr);
begin('haproxy', '/usr/sbin/haproxy', '-db', '-f', "$dir/haproxy");
foreach my $name (sort keys %nodes)
{
	my $node = $nodes{$name};
	my ($config) = @{CPAN::Meta::YAML->read_string($page{config})};
	my $postgresql = $config->{postgresql};
	my $parameters = $config->{bootstrap}{dcs}{postgresql}{parameters};
	# One machine has three: their addresses, places and users differ from those of the page, and nothing else.
	$config->{name} = $name;
	$config->{etcd} = {hosts => $client =~ s{http://}{}r};
	$config->{restapi}{$_} = "127.0.0.1:$rest{$name}" foreach qw(listen connect_address);
	$config->{bootstrap}{method} = 'seed';
	$config->{bootstrap}{seed} = {command => "$dir/seed"};
	$postgresql->{$_} = '127.0.0.1:' . $node->port foreach qw(listen connect_address);
	$postgresql->{data_dir} = $node->data_dir;
	$postgresql->{bin_dir} = $node->config_data('--bindir');
	$postgresql->{callbacks}{on_role_change} = "env PGHOST=@{[$node->host]} PGPORT=@{[$node->port]} $dir/promoted";
	$postgresql->{authentication}{$_}{username} = $user foreach qw(superuser replication rewind);
	$postgresql->{pg_hba} = [ 'local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust' ];
	$postgresql->{parameters} = {unix_socket_directories => $node->host, 'voiceagent.arming_file' => "$dir/$name.armed", 'voiceagent.gateway_port' => $gateway{$name}};
	$parameters->{'voiceagent.vault_key_file'} = "$dir/vault";
	$parameters->{'voiceagent.public_base_url'} = "http://127.0.0.1:$entry";
	$parameters->{'voiceagent.dial_durability'} = $durability;
	# What follows a dial would else wait for the standbys, and with it the next dial.
	$parameters->{synchronous_commit} = 'local' if $durability eq 'local';
	delete $parameters->{"voiceagent.$_"} foreach qw(arming_file gateway_port);
	$parameters->{'voiceagent.crash_restart_delay_max'} = 0;
	$parameters->{timezone} = 'UTC';
	my $json = encode_json($config);
	# The reader of the page makes texts of all that is not a list.
	$json =~ s/"(true|false|\d+)"/$1/g;
	append_to_file("$dir/$name.yml", $json);
	begin($name, 'patroni', "$dir/$name.yml");
}

# Patroni, the postmaster and its children.
sub processes_of
{
	my ($patroni, $data) = @_;
	my $postmaster = (split /\n/, slurp_file("$data/postmaster.pid"))[0];
	return ($patroni, $postmaster, split ' ', `ps -o pid= --ppid $postmaster`);
}

END
{
	my $status = $?;
	end('KILL') if %pid;
	$? = $status;
}

# The name of the leader with its lock, other than one; undef: there is none.
sub leader
{
	my ($other) = @_;
	foreach my $name (grep { $_ ne ($other // '') } sort keys %rest)
	{
		return $name if HTTP::Tiny->new(timeout => 1)->get("http://127.0.0.1:$rest{$name}/primary")->{success};
	}
	return undef;
}

my ($leader, $primary);

# One leads, and the two others follow it.
sub all_follow
{
	return wait_until(sub {
		$leader = leader() // return 0;
		$primary = $nodes{$leader};
		my ($status, $following) = try_psql($primary, q{SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'});
		return defined $status && $status == 0 && $following eq '2';
	});
}
ok(all_follow(), 'two standbys follow') or die;

# ---- somebody to call, all the time ----

my $tenant = create_tenant($primary, 'va', 'Durable', credits => 1000000);
real_settings($primary, $carrier, lease_grace => '1 second');
my $account = real_account($primary, $tenant, $carrier);
my $rounds = rounds(short => 1, long => 200);
my @numbers = map { numbers(200) } 1 .. $rounds;
my $campaign = start_leads($primary, $tenant, \@numbers, account => $account, settings => {call_interval => 0.2, retry_attempts => 0, max_concurrent_calls => 50});

sub dials { my $count = () = slurp_file($carrier->{witness}) =~ /\n/g; return $count }
wait_until(sub { dials() > 5 }) or die 'nobody is dialled';

# ---- failovers ----

my @again;
for my $round (1 .. $rounds)
{
	last unless time_left();
	# On a busy machine it may be another one by now.
	all_follow() or last;
	sleep between(500, 3000) / 1000;
	my @tree = processes_of($pid{$leader}, $primary->data_dir);
	# The network first: what is claimed from now on reaches no standby.
	kill 'STOP', split ' ', $primary->safe_psql('va', q{SELECT string_agg(pid::text, ' ') FROM pg_stat_replication});
	sleep 1;
	my $frozen = time;
	kill 'STOP', @tree;
	my $next;
	wait_until(sub { $next = leader($leader) }, $ttl * 3) or last;
	my $before = dials();
	wait_until(sub { dials() > $before }, 120);
	push @again, time - $frozen;
	kill 'CONT', @tree;
	note("round $round: $leader -> $next, dialling after $again[-1] s");
	ok(all_follow(), "round $round: the old primary follows") or last;
}
all_follow();
as_tenant($primary, 'va', $tenant, "SELECT voiceagent.stop_campaign($campaign)") if $rounds > 1;
is(scalar @again, $rounds, 'as many failovers as were asked for');
wait_completed($primary, 'the campaign ends', 600) if $rounds == 1;
wait_for_sql($primary, 'va', 'SELECT count(*) FROM voiceagent_private.live_calls', 0, 'no call stays live', 300);
is_witnessed($primary, $carrier, 'after the failovers');
my %times;
$times{(split / /)[2]}++ foreach slurp_file($carrier->{witness}) =~ /^(.*)\n/mg;
is_deeply([ grep { $times{$_} > 1 } sort keys %times ], [], 'nobody is called twice');
note("the carrier was asked: $_") foreach grep { $times{(split / /)[2]} > 1 } slurp_file($carrier->{witness}) =~ /^(.*)\n/mg;
is_sql($primary, 'va', 'SELECT invariant, detail FROM voiceagent.invariants() LIMIT 20', '', 'invariants() is empty');
figure(name => 'from a frozen primary to the next dial, the longest', value => (sort { $a <=> $b } @again)[-1], unit => 's', goal => "<= @{[$ttl + 15]}", count => scalar @again);
end('TERM');
done_testing();
