# The core stands alone: its rooms of sql/, without those that hang on it, make an extension, which calls, hears and settles as its tests
# say.  Each of the outer rooms is added to it, with those that it names.  A room that announces twice, or what is not there, is refused.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lint";
use PostgreSQL::Test::Utils;
use Rooms;
use Test::More;

# The server's files with other scripts, for this test alone.
my $dir = PostgreSQL::Test::Utils::tempdir_short();
chmod 0755, $dir;
my ($bindir, $sharedir) = map { my $said = qx($ENV{PG_CONFIG} $_); chomp $said; $said } qw(--bindir --sharedir);
my $server = "$Bin/../lib/server";
is(system($server, 'start', $dir, 'voiceagent.launcher=off', 'voiceagent.tenant_connections=0'), 0, 'a server of its own runs');
END { local $?; system($server, 'remove', $dir) if defined $dir }

sub slurp { my ($file) = @_; open(my $in, '<', $file) or die "$file: $!"; local $/; return scalar <$in> }
my %sources = map { $_ => /\.tsv$/ ? scalar qx(sql/texts $_) : slurp($_) } grep { m{^sql/\d\d_} } glob('sql/*/*.sql sql/*/*.tsv');
my %outer = map { $_ => 1 } @Rooms::outer;

# A database in which these outer rooms stand beside the core, and what CREATE EXTENSION said.
my $made = 0;
sub install
{
	my ($more, @rooms) = @_;
	my %stays = map { $_ => 1 } @rooms;
	my $script = '';
	foreach my $file (sort keys %sources)
	{
		my ($room) = $file =~ m{^sql/(\d\d)_};
		$script .= $more if $room eq '99';
		$script .= $sources{$file} if !$outer{$room} || $stays{$room};
	}
	open(my $out, '>', "$dir$sharedir/extension/voiceagent--1.0.sql") or die $!;
	print $out $script;
	close $out;
	my $name = 'core' . $made++;
	system($server, 'psql', $dir, '-q', '-c', "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8'") == 0 or die;
	my $said = qx($server psql $dir -q -d $name -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION voiceagent CASCADE' 2>&1);
	return ($name, $said);
}
sub drop { my ($name) = @_; system($server, 'psql', $dir, '-q', '-c', "DROP DATABASE $name"); return }

my ($core, $said) = install('');
is($said, '', 'the core makes an extension');

# Tests of the core that are about nothing else.
my @tests = qw(r00_phone r25_leads r28_lanes r35_accounts r50_claim r55_dials r55_explain r60_inbox r65_machines);
mkdir "$dir/t";
system('cp', '-R', map({ "$Bin/../$_" } qw(sql lib fixtures contracts)), "$dir/t") == 0 or die;
system('cp', '-R', "$Bin/../../expected", "$dir/t") == 0 or die;
my $ran = qx(cd $dir/t && PATH=$dir$bindir:\$PATH $ENV{PG_REGRESS} --inputdir=. --outputdir=. --bindir=$dir$bindir --host=$dir/sock --port=54321 --user=postgres \\
	--encoding=UTF8 --dbname=$core --use-existing --launcher='env PGTZ=UTC PGDATESTYLE=ISO lib/unframed' @tests 2>&1);
foreach my $test (@tests) { like($ran, qr/^(?:test $test +\.\.\. ok|ok \d+ +[-+] $test)/m, "$test passes in the core alone") }
diag(slurp("$dir/t/regression.diffs")) if -s "$dir/t/regression.diffs";
is(qx($server psql $dir -Atq -d $core -c 'SELECT * FROM voiceagent.invariants()'), '', '... and leaves no invariant violated');
drop($core);

# What outer rooms name of each other.
my $references = Rooms::sql_references({ map { /\.sql$/ ? ($_ => $sources{$_}) : ("$_.sql" => $sources{$_}) } keys %sources });
my %needs = map { my $room = $_; $room => [ grep { $references->{"$room->$_"} } @Rooms::outer ] } @Rooms::outer;
foreach my $room (@Rooms::outer)
{
	my (%with, @todo);
	@todo = ($room);
	while (defined(my $next = shift @todo)) { push @todo, @{ $needs{$next} } unless $with{$next}++ }
	(my $name, $said) = install('', sort keys %with);
	is($said, '', "room $room is added to the core with " . (join(' ', grep { $_ ne $room } sort keys %with) || 'no other'));
	drop($name);
}

# What rooms announce wrongly.
my $announce = 'INSERT INTO voiceagent_private.registrations (kind, name) VALUES ';
foreach my $wrong ([ "('invariant', 'check_law');", qr/duplicate key value/, 'a room that announces a name twice' ],
	[ "('waiting', 'waiting_for_rain');", qr/announces waiting_for_rain as waiting of its own: there is no such function/, 'a function that is missing' ],
	[ "('outlives', 'voiceagent.enumerations');", qr/announces voiceagent\.enumerations .*the table has no tenant/, 'a table without a tenant' ])
{
	(my $name, $said) = install("$announce$wrong->[0]");
	like($said, $wrong->[1], "$wrong->[2] is an error of CREATE EXTENSION");
	drop($name);
}
done_testing();
