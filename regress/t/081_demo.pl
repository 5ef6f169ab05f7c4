# The demo from outside: what it prints, its exit status, and that it leaves nothing behind, however it ends.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $base = "$ENV{TMPDIR}/demo";
mkdir $base;
$ENV{TMPDIR} = $base;
delete @ENV{qw(CSV KEEP)};
$ENV{SECONDS_LIMIT} = 60;

# What is still there: directories, and processes whose program or data lie in one.  The demo may have moved to
# /tmp when ours has too long a name.  A process that was killed may take a moment to go.
sub left_over
{
	my $found;
	foreach (1 .. 50)
	{
		my @processes = grep { (readlink($_) // '') =~ m{^\Q$base\E/} } glob('/proc/[0-9]*/exe');
		$found = join(' ', glob("$base/voiceagent-demo-*"), @processes);
		last if $found eq '';
		sleep 0.1;
	}
	return $found;
}

sub demo
{
	my ($csv) = @_;
	local $ENV{CSV} = $csv if defined $csv;
	my ($out, $err) = ('', '');
	my $status = IPC::Run::run(['regress/demo/run'], '<', \'', '>', \$out, '2>', \$err) ? 0 : $? >> 8;
	return ($status, $out, $err);
}

sub write_file
{
	my ($name, $text) = @_;
	my $file = "$base/$name.csv";
	open(my $handle, '>', $file) or die "$file: $!";
	print $handle $text;
	close($handle) or die "$file: $!";
	return $file;
}

# Numbers 555-01xx force what happens, so the outcome of this file is known.
my @areas = (212, 213, 305, 312, 415, 503, 602, 617, 702, 713);
my %people = ('0100' => 'books', '0101' => 'is interested', '0102' => 'is not', '0104' => 'opts out', '0108' => 'is misdialed');
my $csv = "First Name,Phone,product\n";
foreach my $ending (sort keys %people)
{
	$csv .= "Ada,($_) 555-$ending,heat pump\n" foreach @areas;
}
$csv .= "Bob,not a number,\nCy,12,\nEve,212-555-0100,\"home\nbattery\"\n";

my $began = time;
my ($status, $out, $err) = demo(write_file('people', $csv));
my $seconds = time - $began;
is($status, 0, 'the demo ends well') or diag($out, $err);
is($err, '', 'and says nothing on standard error');
like($out, qr{, in \Q$base\E/}, 'the server lies in the temporary directory');
like($out, qr/^\s*53 \|\s+50 \|\s+2 \|\s+1 \|\s+0\s*$/m, 'the counts of the import');
like($out, qr/rejected\s+\| not a phone number\s+\|\s+1 \| row 51: not a number/, 'why a row was rejected, with an example');
like($out, qr/duplicate .*row 53/, 'and which was a duplicate');
like($out, qr/^\s*(\d\d) of \1 callers came out right in their talk .*\| rehearsed by rules \| rehearsed\s*$/m, 'scripted callers try the assistant before anybody is called');
like($out, qr/^\s*User: .*\n\s*AI: .*not be called again/m, '... and how one of the talks went');
like($out, qr/^\s*leads\s+\| 50\s*$/m, 'the preview');
like($out, qr/\[#{20}\] 50 of 50 leads/, 'the progress comes to its end');
like($out, qr/The campaign is completed\./, 'the campaign completes');
like($out, qr/^\s*scheduled\s+\|\s+10 \|/m, 'ten leads booked');
like($out, qr/^\s*do_not_call\s+\|\s+10 \|/m, 'ten opted out');
like($out, qr/assistant: Hi, this is Nova from Acme Solar\..* Am I speaking with Ada/, 'a transcript, with the variables filled in');
like($out, qr/do_not_call\s+Not on the do-not-call lists/, 'why that call was allowed, in words');
like($out, qr/confirm_appointment\(\d+\);\s+status\s+-+\s+confirmed/, 'an appointment was confirmed');
like($out, qr/Call charged/, 'the ledger');
like($out, qr/^\s*appointment\.time\s+\|\s+(\d\d:\d\d)\s+\| carrier\s+\|\s+\d+ \| \S.* \| supported\s+\| t\s*$/m, 'what was said in that talk, value by value, with the words that prove it');
# Our own directory has a longer name than the demo's usually has.
is(join("\n", grep { !/\Q$base\E/ } $out =~ /^(.{111,})$/mg), '', 'no line is longer than a screen is wide');
is(() = $out =~ /^\d of 7: /mg, 7, 'seven chapters');
like($out, qr/all is well/, 'no invariant is violated');
unlike($out, qr/^\s*(ERROR|NOTICE|WARNING|LOG|DETAIL):/m, 'no noise');
unlike($out, qr/\e/, 'no terminal codes where there is no terminal');
is(left_over(), '', 'nothing is left behind');
note(sprintf('%.1f s', $seconds));
SKIP: {
	skip 'voiceagent-speech is not built', 2 if $out =~ /^  Not here: it needs/m;
	like($out, qr/^  assistant: +Good evening, this is Acme Solar\. How can I help you\?\n(?:  .*\n)*?  customer: /m, 'a spoken call is held, and seen as it is said');
	cmp_ok(-s "$base/voiceagent-spoken-call.wav", '>', 100_000, '... and can be heard afterwards');
}

# What goes wrong is said, and leaves nothing behind either.
($status, $out, $err) = demo("$base/no-such-file.csv");
isnt($status, 0, 'a file that is not there: not well');
like($err, qr/cannot read/, 'with the reason');
($status, $out, $err) = demo(write_file('no-phone', "name,colour\nAda,red\n"));
isnt($status, 0, 'a file without telephone numbers: not well');
like($err, qr/ERROR:.*HINT:.*make demo: the import failed/s, 'with the reason');
($status, $out, $err) = demo(write_file('nobody', "phone\nnone\n"));
isnt($status, 0, 'a file without a lead: not well');
like($err, qr/no lead was imported/, 'with the reason');
is(left_over(), '', 'nothing is left behind by what failed');

# KEEP=1: what it prints works.
{
	local $ENV{KEEP} = 1;
	($status, $out, $err) = demo("$base/people.csv");
	is($status, 0, 'KEEP=1: ends well');
	my ($psql) = $out =~ m{^\s*(/\S+/psql)$}m;
	my ($remove) = $out =~ m{^\s*(/\S+/server remove \S+)$}m;
	ok($psql && $remove, '... prints how to reach and to remove the server');
	my @next = $out =~ m{^  ((?:SELECT|\\).*)$}mg;
	my $sql = join("\n", @next) . "\n";
	my ($answers, $errors) = ('', '');
	ok(IPC::Run::run([ $psql, '-XAt', '-v', 'ON_ERROR_STOP=1' ], '<', \$sql, '>', \$answers, '2>', \$errors), '... what to try next works')
	  or diag($errors);
	cmp_ok(scalar @next, '>=', 6, '... and is something');
	is(qx($psql -U postgres -XAtc 'SELECT count(*) FROM voiceagent.invariants()'), "0\n", '... also as superuser');
	is(system("$remove > /dev/null"), 0, '... it can be removed');
	is(left_over(), '', '... without a trace');
}

# ^C in a terminal reaches every process of the foreground.
my $pid = fork();
if ($pid == 0)
{
	setpgrp(0, 0);
	$ENV{CSV} = "$base/people.csv";
	open(STDOUT, '>', "$base/out") or die $!;
	open(STDERR, '>&', \*STDOUT) or die $!;
	exec('regress/demo/run') or die $!;
}
my $until = time + 240;
sleep 0.1 while time < $until && !grep { slurp_file("$base/out") =~ /Import:/ } (-f "$base/out" ? 1 : ());
like(slurp_file("$base/out"), qr/Import:/, 'the demo is on its way');
kill 'INT', -$pid;
waitpid($pid, 0);
is($? >> 8, 130, 'interrupted, it ends with status 130');
is(left_over(), '', 'and leaves nothing behind');

done_testing();
