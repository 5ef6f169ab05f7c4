# The floors of the house: which room may use which.  A room of C uses what the table allows and nothing else; a room of sql/ uses rooms with
# lower numbers, and of the references that go to later ones there may be no more than are counted here.
use strict;
use warnings;

use File::Find ();
use FindBin qw($Bin);
use lib $Bin;
use Test::More;
use Rooms;

# room: the rooms whose headers it includes.  What is lower in the house stands first, so the table has no circle.
my @floors = map { [ split /:\s*/, $_, 2 ] } grep { /\S/ } split /\n\s*/, q{
	extension/pure:
	extension/pure/text: extension/pure
	extension/pure/csv:
	extension/pure/intake: extension/pure extension/pure/csv extension/pure/text
	extension/pure/calendar: extension/pure/text
	extension/calendar: extension/pure/calendar
	extension/pure/knowledge: extension/pure extension/pure/csv extension/pure/text
	extension/pure/phrases/words: extension/pure extension/pure/text
	extension/pure/phrases/times: extension/pure/text extension/pure/phrases/words
	extension/pure/doubt: extension/pure/text
	extension/pure/phrases/verify: extension/pure extension/pure/doubt extension/pure/text extension/pure/phrases/words extension/pure/phrases/times
	extension/pure/phone: extension/pure/text
	extension/pure/auth: extension/pure extension/pure/text
	extension/pure/net: extension/pure extension/pure/text
	extension/pure/providers/common: extension/pure/auth extension/pure/net extension/pure/text
	extension/pure/models: extension/pure/net extension/pure/text extension/pure/providers/common
	extension/pure/payments: extension/pure/auth extension/pure/text extension/pure/providers/common
	extension/pure/payments/DRIVER: extension/pure/payments extension/pure/auth extension/pure/text extension/pure/providers/common
	extension/pure/providers/DRIVER: extension/pure/providers/common extension/pure/auth extension/pure/net extension/pure/phone extension/pure/text
	extension/pure/audio:
	extension/pure/talk: extension/pure extension/pure/audio extension/pure/phone extension/pure/phrases/times extension/pure/phrases/words
	extension/pure/engines: extension/pure extension/pure/auth extension/pure/net extension/pure/phrases/times extension/pure/text
	extension/pure/sandbox: extension/pure/engines extension/pure/models extension/pure/net extension/pure/providers/common extension/pure/providers/vapi extension/pure/text extension/pure/phrases/times extension/pure/phrases/verify extension/pure/phrases/words
	extension/pure/dialects: extension/pure extension/pure/audio extension/pure/auth extension/pure/text
	extension/speech:
	extension/core: extension/pure extension/pure/auth extension/pure/net
	extension/tenancy: extension/core extension/pure/auth extension/pure/providers/common
	extension/guard: extension/core
	extension/lead: extension/core extension/tenancy extension/pure/phone extension/pure/text
	extension/import: extension/core extension/tenancy extension/lead extension/pure extension/pure/csv extension/pure/intake extension/pure/phone extension/pure/text
	extension/knowledge: extension/core extension/pure extension/pure/knowledge extension/pure/text
	extension/phrases: extension/core extension/lead extension/pure/doubt extension/pure/phrases/words extension/pure/phrases/times extension/pure/phrases/verify
	extension/ledger: extension/core extension/tenancy
	extension/provider: extension/core extension/tenancy extension/pure/net extension/pure/phone extension/pure/text extension/pure/providers/common extension/pure/models extension/pure/phrases/words
	extension/queue: extension/core extension/lead extension/tenancy extension/provider extension/pure/phone extension/pure/text extension/pure/providers/common
	extension/simulation: extension/core extension/provider extension/pure/net extension/pure/sandbox
	extension: extension/core extension/tenancy extension/guard extension/import
	bgworkers/http: extension/pure/auth extension/pure/net
	bgworkers/supervisor: extension/core extension/tenancy extension/pure/net
	bgworkers/runtime: bgworkers/supervisor bgworkers/http extension/core extension/tenancy extension/pure/auth extension/pure/net extension/pure/providers/common
	bgworkers/guest: bgworkers/runtime extension/core extension/tenancy
	bgworkers/exporter: bgworkers/runtime extension/calendar extension/core extension/pure/calendar extension/tenancy
	bgworkers/outbound: bgworkers/runtime bgworkers/http extension/calendar extension/core extension/tenancy extension/provider extension/pure/auth extension/pure/models extension/pure/net extension/pure/payments extension/pure/phrases/verify extension/pure/providers/common
	bgworkers/outbound/ari: bgworkers/outbound bgworkers/runtime bgworkers/http extension/core extension/tenancy extension/provider extension/pure/net extension/pure/providers/common
	bgworkers/inbound: bgworkers/runtime bgworkers/http extension/core extension/tenancy extension/provider extension/pure/payments extension/pure/text
	bgworkers/console: bgworkers/runtime bgworkers/http extension/core extension/tenancy extension/lead extension/pure/auth extension/pure/net extension/pure/text
	bgworkers/media/call: bgworkers/http extension/pure extension/pure/audio extension/pure/dialects extension/pure/talk extension/pure/text
	bgworkers/media/engines: bgworkers/media/call bgworkers/http extension/pure extension/speech extension/pure/audio extension/pure/engines extension/pure/models extension/pure/phrases/times extension/pure/phrases/words extension/pure/providers/common extension/pure/sandbox extension/pure/talk extension/pure/text
	bgworkers/media/talk: bgworkers/media/call bgworkers/media/engines extension/pure/engines
	bgworkers/media/owner: bgworkers/media/call bgworkers/media/engines bgworkers/media/talk bgworkers/runtime bgworkers/http extension/core extension/tenancy extension/pure/audio extension/pure/text
	bgworkers/sandbox: bgworkers/runtime bgworkers/http extension/core extension/tenancy extension/pure/net extension/pure/sandbox extension/pure/text
};
my %may = map { $_->[0] => { map { $_ => 1 } split ' ', $_->[1] // '' } } @floors;

# References to later rooms of sql/, a pair of rooms each.  A number may fall, and then it falls here too; it may not rise.
my %later = split ' ', q{
	10->45 1  20->45 2  20->46 1  20->53 1  25->28 1  25->45 1  25->47 1  28->45 2
	28->47 1  30->45 1  30->47 1  35->37 1  35->46 3  35->53 1  35->54 1  35->55 1
	35->65 1  45->46 1  45->47 1  45->50 1  45->53 1  45->54 1
	47->53 7  47->57 2  50->53 6  50->60 1  53->55 1  53->65 2  55->57 1  55->60 4
	55->65 4  57->70 1  58->70 1  60->65 9  60->70 2  60->95 3
	65->70 2
};

sub slurp { my ($file) = @_; open(my $in, '<', $file) or die "$file: $!"; local $/; return scalar <$in> }
my (%c, %sql);
File::Find::find({no_chdir => 1, wanted => sub {
	return unless -f;
	$c{$_} = slurp($_) if m{^(?:extension|bgworkers)/.*\.[ch]$};
	$sql{$_} = slurp($_) if m{^sql/\d\d_\w+/.*\.sql$};
}}, qw(extension bgworkers sql));

# What of these arrows the table does not allow.
sub offences
{
	my ($arrows) = @_;
	my @found;
	foreach my $from (sort keys %$arrows)
	{
		my $allowed = $may{$from} // $may{ $from =~ s{(/providers|/payments)/\w+$}{$1/DRIVER}r } // {};
		push @found, map { my $to = $_; map { "$from -> $to ($_)" } @{ $arrows->{$from}{$to} } } grep { !$allowed->{$_} } sort keys %{ $arrows->{$from} };
	}
	return @found;
}

is_deeply([ offences(Rooms::c_arrows(\%c)) ], [], 'a room of C includes the headers of rooms that the table allows, and of no others');
is(join(', ', sort grep { !exists $may{$_} && !exists $may{s{(/providers|/payments)/\w+$}{$1/DRIVER}r} } map { Rooms::of_c($_) } keys %c), '', '... and every room is in the table');
{
	my (%seen, @circles);
	foreach my $floor (@floors)
	{
		push @circles, map { "$floor->[0] -> $_" } grep { !$seen{$_} && $_ ne 'extension/pure/providers/vapi' } keys %{ $may{ $floor->[0] } };
		$seen{ $floor->[0] } = 1;
	}
	is_deeply(\@circles, [], '... which names only rooms that stand above the line: no circles');
}
is_deeply([ offences({'extension/core' => {'extension/tenancy' => ['x.c: keys.h']}, 'extension/pure/providers/twilio' => {'extension/pure/providers/plivo' => ['y.c: z.h']}}) ],
	['extension/core -> extension/tenancy (x.c: keys.h)', 'extension/pure/providers/twilio -> extension/pure/providers/plivo (y.c: z.h)'], '... and an arrow upward or to a neighbour is noticed');

# The numbers of rooms that several of these files' rooms have.
sub shared_numbers
{
	my %rooms;
	m{^sql/(\d\d)_(\w+)/} and $rooms{$1}{$2} = 1 foreach @_;
	return join ' ', grep { keys %{ $rooms{$_} } > 1 } sort keys %rooms;
}
is(shared_numbers(keys %sql), '', 'one room of sql/, one number');
is(shared_numbers(qw(sql/10_a/10_x.sql sql/10_b/10_x.sql sql/10_b/20_y.sql sql/11_c/10_x.sql sql/11_c/20_y.sql)), '10', '... which sees two');

my $references = Rooms::sql_references(\%sql);
my ($all, $found) = (0, {});
foreach (keys %$references)
{
	my ($from, $to) = split /->/;
	$all += @{ $references->{$_} };
	$found->{$_} = $references->{$_} if $to > $from;
}
my @more = map { my $pair = $_; "$pair: " . @{ $found->{$pair} } . ' instead of ' . ($later{$pair} // 0), map { "    $_" } @{ $found->{$pair} } } grep { @{ $found->{$_} } > ($later{$_} // 0) } sort keys %$found;
is_deeply(\@more, [], 'no room of sql/ names more of a later room than it did');
is_deeply([ grep { @{ $found->{$_} // [] } < $later{$_} } sort keys %later ], [], '... and what has become less is counted as less');
my $later = 0;
$later += @$_ foreach values %$found;
cmp_ok($later, '<', 80, "... all in all fewer than 80 references, of $all");

# The core: all other rooms of sql/ stand without these, which announce themselves (00_kernel, 11_registrations.sql); t/002_core tries it.
my %outer = map { $_ => 1 } @Rooms::outer;
sub inward
{
	my ($pairs) = @_;
	return map { @{ $pairs->{$_} } } grep { my ($from, $to) = split /->/; $outer{$to} && !$outer{$from} } sort keys %$pairs;
}
is_deeply([ inward($references) ], [], 'no room of the core names an outer one');
is_deeply([ inward({'55->60' => ['a'], '95->82' => ['b'], '96->82' => ['c'], '30->87' => ['d'], '84->95' => ['e']}) ], [qw(d b)], '... which sees one that stands before and one that comes later');

# C that is an outer room's own: its process, what a process of others has of it, and what the gateway hands on to it.
my $own = qr{^bgworkers/(?:console/|media/|exporter/|outbound/(?:mail|payments)\.c|inbound/(?:payment_webhooks|ticket_mail)\.c)};
my $home = Rooms::homes(\%sql);
my @named;
foreach my $file (grep { $_ !~ $own } sort keys %c)
{
	while ($c{$file} =~ /\b(voiceagent(?:_\w+)?\.\w+)/g) { push @named, "$file: $1" if $outer{ $home->{$1} // '' } }
}
is_deeply(\@named, [], '... nor does C, but for its own');
done_testing();
