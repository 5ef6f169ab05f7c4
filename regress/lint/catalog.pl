# Run the rules of catalog.sql on a scratch database that has the extension; one assertion each.
use strict;
use warnings;
use Test::More;

my $server = $ENV{VOICEAGENT_SERVER} or plan skip_all => 'needs the private server of regress/lib/check';
@ENV{qw(PGHOST PGPORT PGUSER)} = ("$server/sock", 54321, 'postgres');
my $database = "lint_$$";

# Rows of one script, and whether it ran; errors are rows too.
sub psql
{
	my ($in, $sql) = @_;
	open(my $out, '>', "$ENV{TESTDIR}/lint.sql") or die $!;
	print $out $sql;
	close $out;
	my $rows = qx(psql -XAtq -v ON_ERROR_STOP=1 -d $in -f $ENV{TESTDIR}/lint.sql 2>&1);
	return ($? == 0, $rows);
}

sub slurp
{
	open(my $file, '<', $_[0]) or die "$_[0]: $!";
	local $/;
	return scalar <$file>;
}

my ($prepare, @rules);
foreach my $part (split /^(?=-- (?:prepare|rule ))/m, slurp('regress/lint/catalog.sql'))
{
	if ($part =~ /^-- prepare\n(.*)/s) { $prepare = $1; }
	elsif ($part =~ /^-- rule (\w+): ((?:[^\n]*\n)(?:--[^\n]*\n)*)(.*)/s)
	{
		my ($name, $text, $sql) = ($1, $2, $3);
		my $breaks = join("\n", $text =~ /^-- breaks: (.*)/mg);
		$text =~ s/^-- breaks: .*\n//mg;
		$text =~ s/\s*\n(?:--)?\s*/ /g;
		die "$name: what breaks it?\n" unless $breaks;
		push @rules, { name => $name, text => $text =~ s/ $//r, sql => $sql, breaks => $breaks };
	}
}

my %excepted;
foreach (split /\n/, slurp('regress/lint/exceptions'))
{
	next if /^\s*(#|$)/;
	my ($rule, $object, $reason) = split ' ', $_, 3;
	die "exceptions: no reason: $_\n" unless $reason;
	$excepted{"$rule $object"} = 0;
}

my ($ran, $output) = psql('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'");
BAIL_OUT($output) unless $ran;
($ran, $output) = psql($database, 'SET client_min_messages = warning; CREATE EXTENSION voiceagent CASCADE');
ok($ran, 'extension is created') or diag($output);

foreach my $rule (@rules)
{
	($ran, $output) = psql($database, "$prepare\n$rule->{sql}");
	my $before = $ran ? ($output =~ tr/\n//) : -1;
	my @offenders;
	foreach my $row (split /\n/, $output)
	{
		my $key = "$rule->{name} " . (split / /, $row)[0];
		if ($ran && exists $excepted{$key}) { $excepted{$key}++; }
		else { push @offenders, $row; }
	}
	ok($ran && !@offenders, "$rule->{name}: $rule->{text}")
	  or diag(map { "    $_\n" } sort @offenders);

	# And the rule sees what it is there for.
	($ran, $output) = psql($database, "$prepare\nSET client_min_messages = error;\nBEGIN;\n$rule->{breaks};\n$rule->{sql};\nROLLBACK;");
	ok($ran && ($output =~ tr/\n//) > $before, "$rule->{name}: notices an offender") or diag($output);
}

($ran, $output) = psql('postgres', "DROP DATABASE $database");
ok($ran, 'the scratch database is dropped') or diag($output);

my @stale = grep { !$excepted{$_} } sort keys %excepted;
is("@stale", '', 'every exception is still needed');
done_testing();
