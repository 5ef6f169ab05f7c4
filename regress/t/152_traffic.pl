# What goes over the wires: a secret leaves in its own carrier's requests, where the carrier asks for it, and nowhere else.
use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

# ---- wires: each takes connections at a port of its own, hands them on, and keeps every byte that passes ----

my $record = PostgreSQL::Test::Utils::tempdir();
my @wires;

sub wire
{
	my ($name, $to) = @_;
	my $listener = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
	append_to_file("$record/$name", '');
	my $pid = fork() // die $!;
	if ($pid == 0)
	{
		local $SIG{PIPE} = 'IGNORE';
		carry($listener, $to, "$record/$name");
	}
	push @wires, $pid;
	return $listener->sockport;
}

sub carry
{
	my ($listener, $to, $file) = @_;
	my $select = IO::Select->new($listener);
	my %other;
	while (1)
	{
		foreach my $ready ($select->can_read)
		{
			if ($ready == $listener)
			{
				my $near = $listener->accept or next;
				my $far = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $to) or do { close $near; next };
				@other{ $near, $far } = ($far, $near);
				$select->add($near, $far);
				next;
			}
			my $far = $other{$ready} or next;
			if (sysread($ready, my $bytes, 65536))
			{
				append_to_file($file, $bytes);
				syswrite $far, $bytes;
				next;
			}
			$select->remove($ready, $far);
			delete @other{ $ready, $far };
			close $_ foreach $ready, $far;
		}
	}
	return;
}
END { my $status = $?; kill 'KILL', $_ foreach @wires; $? = $status; }

# ---- two tenants, each with a carrier; one is told of what happens ----

my %carrier;
foreach my $name (qw(one two))
{
	my ($key, $secret) = ("key-of-$name-CANARY", "webhook-secret-of-$name-CANARY");
	$carrier{$name} = {%{ start_carrier(key => $key, 'webhook-secret' => $secret) }, key => $key, secret => $secret};
}
my $gateway = PostgreSQL::Test::Cluster::get_free_port();
my %port = (one => wire('one', $carrier{one}{port}), two => wire('two', $carrier{two}{port}), gateway => wire('gateway', $gateway), deliveries => wire('deliveries', $carrier{one}{port}));
append_to_file("$record/jwt", 'the secret that signs tokens CANARY, long enough');
append_to_file("$record/vault", '0123456789abcdef' x 4);
chmod 0600, "$record/jwt", "$record/vault";
my $node = new_real_node('main', 'voiceagent.gateway_port' => $gateway, 'voiceagent.public_base_url' => "http://127.0.0.1:$port{gateway}",
	'voiceagent.jwt_secret_file' => "$record/jwt", 'voiceagent.vault_key_file' => "$record/vault");
real_settings($node, [ map { {port => $_} } @port{qw(one two deliveries)} ]);
wait_workers($node, 'the workers run');
my %secret = (jwt => 'the secret that signs tokens CANARY', vault => '0123456789abcdef' x 2, 'the raw key of the vault' => pack('H*', '0123456789abcdef' x 2), password => 'correct horse CANARY');
foreach my $name (qw(one two))
{
	my $tenant = create_tenant($node, 'va', $name, credits => 1000);
	my $account = real_account($node, $tenant, {%{ $carrier{$name} }, url => "http://127.0.0.1:$port{$name}"}, name => $name);
	$secret{"the key of $name"} = $carrier{$name}{key};
	$secret{"the webhooks' secret of $name"} = $carrier{$name}{secret};
	if ($name eq 'one')
	{
		(undef, $secret{"the outgoing webhooks' secret"}) = split /\|/, as_tenant($node, 'va', $tenant,
			"SELECT * FROM voiceagent.create_webhook_subscription('http://127.0.0.1:$port{deliveries}/told', ARRAY['call_finished'])");
		$node->safe_psql('va', qq{SELECT voiceagent.create_member($tenant, 'a\@example.com', '$secret{password}')});
		$secret{'the token of a member'} = $node->safe_psql('va', qq{SELECT voiceagent.login('a\@example.com', '$secret{password}')});
	}
	start_leads($node, $tenant, [ map { "+1${_}5550101" } 212, 213, 305 ], account => $account);
}
wait_completed($node, 'the campaigns complete');

# ---- what passed ----

# A delivery leaves after the call that it tells of.
sub passed { my ($name) = @_; return -e "$record/$name" ? slurp_file("$record/$name") : '' }
wait_until(sub { length passed('deliveries') > 500 }, 60);
my %passed = map { $_ => passed($_) } keys %port;
cmp_ok(length $passed{$_}, '>', 500, "the wire $_ carried something") foreach sort keys %passed;
foreach my $name (sort keys %secret)
{
	cmp_ok(length $secret{$name}, '>=', 16, "$name is known");
	# That of the own carrier is for it to see.
	my ($own) = $name =~ / of (one|two)$/;
	foreach my $wire (grep { $_ ne ($own // '') } sort keys %passed)
	{
		ok(index($passed{$wire}, $secret{$name}) < 0, "... and not on the wire $wire");
	}
}
ok(index($passed{$_}, $secret{"the key of $_"}) > 0, "the carrier $_ was shown its key") foreach qw(one two);
is_well($node, 'after all that');
$node->stop;
done_testing();
