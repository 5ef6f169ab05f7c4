# Random leads, all rules of dialling on: whoever judges a lead comes to one verdict. The claim, which asks a rule only where a row
# hints at it, is compared lead by lead with all rules asked of all leads.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentSoak;

my $node = new_node('main', 'voiceagent.launcher' => 'off', log_statement => 'none');
my $first = seed();
$node->safe_psql('va', slurp_file('regress/lib/judges.sql'));

my ($compared, $different, %seen) = (0, 0);
for (my $round = 1; $round <= rounds(short => 1, long => 500) && time_left(); $round++)
{
	my $seed = ($first + $round - 1) % 2147483647;
	my $leads = long() ? 2500 : 700;
	my $out = $node->safe_psql('va', qq{SET client_min_messages = error; SET voiceagent.public_base_url = 'https://calls.example.com';
		BEGIN; SELECT judges.make($leads, $seed); SELECT * FROM judges.compare(voiceagent.clock()); ROLLBACK;});
	foreach my $row (grep { /\|\d+\|/ } split /\n/, $out)
	{
		my ($verdict, $n, $others) = split /\|/, $row, 3;
		$compared += $n;
		$seen{$verdict} += $n;
		next if $others eq '';
		$different += $n;
		diag("$n leads are '$verdict' for the claim, but $others\nSEED=$seed ROUNDS=1 make soak TESTS=50_judges");
	}
}
is($different, 0, "$compared leads: all who judge come to one verdict");
my @unseen = grep { !$seen{$_} } qw(ok do_not_call attempts wrong moved uninvited no_consent no_number lifetime live missing capped called_us resting old_list no_caller special checked unknown);
is("@unseen", '', 'each verdict was met');
note(join ', ', map { "$_ $seen{$_}" } sort keys %seen);
figure(name => 'leads that two judges of a dial judge differently', value => $different, unit => '', goal => '= 0', count => $compared);
done_testing();
