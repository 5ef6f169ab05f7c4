# effects.pl SERVER DOUBTS   what is acted upon after talks, in the database of a private server: opt-outs of strangers dialled again, others
# listed or held, appointments and callbacks acted upon wrongly, or rightly, bookings that an analysis invents, and values kept
#
# Each talk ends a call, without an analysis and with one that says what is true of it, and is judged by the rows that there are then.
# DOUBTS: what `train` says of each talk of doubt/, each author judged by what the others taught.  SHOW=effects lists what went wrong.
# HELD=1 judges the talks of doubt/held, which teach nothing, all of them and by the weights that are built in.
use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use JSON::PP ();
use Time::Local 'timegm';
use open qw(:std :encoding(UTF-8));

use Told;

my ($server, $doubts) = @ARGV;
my $json = JSON::PP->new->canonical->allow_nonref;
my %tag = tags();
my @languages = split ' ', $ENV{LANGUAGES} // 'en es fr de';
my %wanted = map { $_ => 1 } @languages;
my @authors = qw(rules analysis);
my (@listed, %count);

sub begin
{
	my ($fields) = @_;
	return "\\set ON_ERROR_STOP on\n\\i regress/eval/effects.sql\nSELECT pg_temp.set_clock('2026-03-17 16:00+00') \\g /dev/null\n"
	  . join '', map { "BEGIN;\nSELECT pg_temp.begin_language(" . literal($tag{$_}) . ', ' . literal($fields) . ") AS tenant_$_ \\gset\nCOMMIT;\n" } @languages;
}

sub talk
{
	my ($language, $before, $call) = @_;
	return "BEGIN;\nSELECT pg_temp.set_clock('2026-03-17 16:00+00') \\g /dev/null\nSELECT voiceagent_private.set_tenant(:tenant_$language) \\g /dev/null\n"
	  . "$before\nSELECT '\@' || ($call)::text;\nROLLBACK;\n";
}

sub ended
{
	return 'pg_temp.end_talk(' . join(', ', map { literal($_) } @_) . ')';
}

sub rows_of
{
	my ($file) = @_;
	open my $in, '<', $file or die "effects.pl: $file: $!\n";
	my @rows = map { chomp; $_ } grep { /\S/ && !/^#/ } <$in>;
	close $in;
	return @rows;
}

sub add
{
	my ($what, $author, $hit) = @_;
	$count{$what}{$author}{all}++;
	$count{$what}{$author}{hit}++ if $hit;
}

# One figure of all strangers, and one of its part of them.
my @parts = (', authors 1 to 8', ', authors 9 on');

sub add_stranger
{
	my ($what, $author, $hit, $id) = @_;
	add("$what$_", $author, $hit) foreach '', $parts[ $id =~ /^author[1-8]\./ ? 0 : 1 ];
}

# ---- strangers: 50 opt-outs, 35 look-alikes and 15 ordinary talks of each author ----

my %shares = map { my ($name, $line, @shares) = split /\t/, $_, -1; ("$name:$line" => \@shares) } rows_of($doubts);
my $script = begin(undef) . ($ENV{HELD} ? '' : "SELECT pg_temp.doubt_by_others() \\g /dev/null\n");
my @strangers;
foreach my $file (sort glob $ENV{HELD} ? 'regress/eval/doubt/held/*.tsv' : 'regress/eval/doubt/*.tsv')
{
	my ($name) = $file =~ m{([^/]+)$};
	my %left = $ENV{HELD} ? map { ($_ => 1000) } qw(optout lookalike ordinary) : (optout => 50, lookalike => 35, ordinary => 15);
	my $line = 0;
	foreach my $row (rows_of($file))
	{
		my ($label, $language, $form, $direction, $turns) = split /\t/, $row;
		$line++;
		next unless $direction eq 'out' && $wanted{$language} && $left{$label}-- > 0;
		my @turns = map { /^([AP]): (.*)/s ? { speaker => $1 eq 'A' ? 'assistant' : 'person', text => $2 } : () } split / \| /, $turns;
		my $says = $label eq 'optout';
		foreach my $author (@authors)
		{
			my $id = "$name:$line $author";
			my $analysis = $author eq 'rules' ? undef : { do_not_call => $says ? JSON::PP::true : JSON::PP::false };
			my $call = ended($id, \@turns, $analysis, 'America/New_York', '2026-03-17T12:00');
			$call = "pg_temp.dial_again($call)" if $says;
			$script .= talk($language, "SELECT set_config('eval.share', " . literal($shares{"$name:$line"}[0]) . ", true), set_config('eval.either', "
				. literal($shares{"$name:$line"}[1]) . ", true) \\g /dev/null", $call);
			push @strangers, [ $id, $label, $author, $row ];
		}
	}
}
my %found = judged($server, $script);
foreach my $stranger (@strangers)
{
	my ($id, $label, $author, $row) = @$stranger;
	my $got = $found{$id} // die "effects.pl: $id is missing\n";
	if ($label eq 'optout')
	{
		add_stranger('dialled again', $author, scalar @{ $got->{again} }, $id);
		$count{by}{$author}{"by $_"}++ foreach @{ $got->{again} };
		push @listed, "dialled again ($author) by @{ $got->{again} }: $row\n" if @{ $got->{again} };
	}
	else
	{
		foreach my $what ('others', $label eq 'ordinary' ? 'ordinary' : ())
		{
			add_stranger("$what listed", $author, $got->{listed}, $id);
			add_stranger("$what held", $author, $got->{held}, $id);
		}
		push @listed, ($got->{listed} ? 'listed' : 'held') . " ($author): $row\n" if $got->{listed} || $got->{held};
	}
}

# ---- appointments and callbacks: the held half, and what a second author wrote ----

my $day_length = 1440;

sub minutes_of
{
	my ($year, $month, $day, $hour, $minute) = @_;
	return timegm(0, $minute // 0, $hour // 0, $day, $month - 1, $year) / 60;
}

# The minutes that a form of time leaves open, from and until; an empty list: it names no day.
sub span
{
	my ($form) = @_;
	my %part = (morning => [ 0, 720 ], noon => [ 660, 840 ], afternoon => [ 720, 1140 ], evening => [ 1020, 1440 ], night => [ 1140, 1440 ]);
	return () unless $form =~ /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d))?)?(?:\+(\w+))?/;
	my $from = minutes_of($1, $2, $3, $4 // 0, $5 // 0);
	return ($from, $from) if defined $5;
	return ($from - 30, $from + 59) if defined $4;
	return $6 && $part{$6} ? map { $from + $_ } @{ $part{$6} } : ($from, $from + $day_length);
}

# Whether an effect at this time is as one of the readings that are expected; a form that names no day is met by any.
sub meets
{
	my ($at, $expected) = @_;
	my ($minute) = span($at);
	foreach my $reading (split /\s\|\s/, $expected)
	{
		my ($from, $to) = split /\.\./, $reading, 2;
		my ($low, $high) = span($from // '');
		(undef, $high) = span($to) if defined $to;
		return 1 if (!defined $low || $minute >= $low) && (!defined $high || $minute <= $high);
	}
	return 0;
}

sub invented
{
	my ($talk) = @_;
	my ($date) = $talk->{reference} =~ /^(\d+-\d+-\d+)/;
	my ($year, $month, $day) = split /-/, $date;
	my @then = gmtime(60 * (minutes_of($year, $month, $day) + 2 * $day_length));
	my %told = moment($talk->{expected}{time} // '');
	$told{date} //= sprintf '%04d-%02d-%02d', $then[5] + 1900, $then[4] + 1, $then[3];
	return { appointment => { booked => JSON::PP::true, %told, time => $told{time} // '15:00' }, interest => 'high' };
}

$script = begin(undef);
my @talks;
foreach my $file (map { my $l = $_; map { "regress/eval/talks/$l.$_.jsonl" } qw(held dev2) } @languages)
{
	my ($language) = $file =~ m{([a-z]{2})\.\w+\.jsonl$};
	foreach my $talk (map { $json->decode($_) } rows_of($file))
	{
		my $expected = $talk->{expected};
		my @versions = ([ rules => undef ], [ analysis => { outcome_data($expected) } ],
			$expected->{outcome} eq 'scheduled' ? () : [ invents => invented($talk) ]);
		foreach my $version (@versions)
		{
			my ($author, $analysis) = @$version;
			$script .= talk($language, '', ended("$file:$talk->{id} $author", $talk->{turns}, $analysis, @$talk{qw(timezone reference)}));
			push @talks, [ "$file:$talk->{id} $author", $author, $talk, $file =~ /held/ ? 1 : 0 ];
		}
	}
}
%found = judged($server, $script);
foreach my $row (@talks)
{
	my ($id, $author, $talk, $held) = @$row;
	my $got = $found{$id} // die "effects.pl: $id is missing\n";
	my ($outcome, $time) = map { $_ // '' } @{ $talk->{expected} }{qw(outcome time)};
	my $kind = $got->{appointment} ? 'appointment' : $got->{callback} ? 'callback' : '';
	if ($author eq 'invents')
	{
		add('invented', 'both', $got->{appointment});
		push @listed, "invented booking acted upon, $talk->{id}: $got->{appointment}\n" if $got->{appointment} && !$held;
		next;
	}
	my $agreed = $outcome eq 'scheduled' ? 'appointment' : $outcome eq 'callback' ? 'callback' : '';
	my $right = $kind ne '' && $kind eq $agreed && ($time eq '' || meets($got->{$kind}, $time));
	add('acted wrongly', $author, !$right) if $kind ne '';
	add('acted rightly', $author, $right) if $agreed ne '' && $time ne '';
	my $offered = $got->{offered};
	add('offered wrongly', $author, !($agreed eq 'appointment' && meets($offered, $time))) if $offered;
	add('offered rightly', $author, $offered && meets($offered, $time)) if $agreed eq 'appointment' && $time ne '';
	push @listed, ($kind eq '' ? 'not acted upon' : "acted upon wrongly, $kind $got->{$kind}") . " ($author), $talk->{id}: $outcome $time\n"
	  if !$held && ($kind ne '' && !$right || $kind eq '' && $agreed ne '' && $time ne '');
}

# ---- values that are true: whether they reach structured_data ----

$script = begin({ map { $_ => { type => $_ eq 'number' ? 'number' : 'string' } } qw(name email phone number date address) });
my @items;
foreach my $file (map { "regress/eval/items/$_.held.jsonl" } @languages)
{
	my ($language) = $file =~ m{([a-z]{2})\.\w+\.jsonl$};
	foreach my $item (grep { defined $_->{expected} } map { $json->decode($_) } rows_of($file))
	{
		my $value = $item->{kind} eq 'number' ? $item->{expected} + 0 : $item->{expected};
		$script .= talk($language, '', ended($item->{id}, $item->{turns}, { $item->{kind} => $value }, 'America/New_York', '2026-03-17T10:20'));
		push @items, [ @$item{qw(id kind)}, $value ];
	}
}
%found = judged($server, $script);
foreach my $row (@items)
{
	my ($id, $kind, $value) = @$row;
	add('true values kept', 'both', ($found{$id}{data}{$kind} // '') eq $value);
}

# ---- what is printed ----

sub percent
{
	my ($what, $author) = @_;
	my $counted = $count{$what}{$author} // { all => 0 };
	return sprintf '%.1f %% (%d of %d)', 100 * ($counted->{hit} // 0) / ($counted->{all} || 1), $counted->{hit} // 0, $counted->{all};
}

print "\n", @listed if ($ENV{SHOW} // '') =~ /^(effects|all)$/;
printf "%-44s %24s %24s\n", 'effects', 'without an analysis', 'with a true one';
foreach my $what ('dialled again', 'others listed', 'others held', 'ordinary listed', 'ordinary held', 'acted wrongly', 'acted rightly', 'offered wrongly', 'offered rightly')
{
	foreach my $part ('', $count{"$what$parts[0]"} ? @parts : ())
	{
		printf "%-44s %24s %24s\n", "$what$part", map { percent("$what$part", $_) } @authors;
	}
	figure($what, $_, percent($what, $_)) foreach @authors;
}
foreach my $author (@authors)
{
	print "  dialled again, $author: ", join(', ', map { "$_ $count{by}{$author}{$_}" } sort keys %{ $count{by}{$author} }), "\n" if $count{by}{$author};
}
foreach my $what ('invented', 'true values kept')
{
	printf "%-44s %24s\n", $what, percent($what, 'both');
	figure($what, 'both', percent($what, 'both'));
}
