# Random leads, all rules of dialling on: whoever judges a lead comes to one verdict. The claim, which asks a rule only where a row
# hints at it, is compared lead by lead with all rules asked of each, with a preview lead by lead and counted, with what
# explain_lead() says and call_now() refuses, and with the claims of a simulation.
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

my ($compared, $different, $simulated, $uncounted, %seen) = (0, 0, 0, 0);
for (my $round = 1; $round <= rounds(short => 1, long => 500) && time_left(); $round++)
{
	my $seed = ($first + $round - 1) % 2147483647;
	my $leads = long() ? 2500 : 700;
	my $again = "SEED=$seed ROUNDS=1 make soak TESTS=50_judges";
	# A simulation tells what it judges by warnings, since its rows are rolled back.  All judge of one instant: a rest may be over in the next.
	my ($out, $err) = ('', '');
	$node->psql('va', qq{\\set VERBOSITY terse
		SET client_min_messages = error; SET voiceagent.public_base_url = 'https://calls.example.com'; BEGIN; SELECT judges.make($leads, $seed); SAVEPOINT made; SELECT voiceagent.clock() AS now \\gset
		SELECT 'verdict', * FROM judges.compare(:'now');
		SELECT 'counted', * FROM judges.counted(:'now');
		ROLLBACK TO made; SELECT judges.listen(), judges.claim(voiceagent.current_tenant(), :'now');
		SELECT 'claimed', string_agg(j.lead_id || ':' || j.claimed, ' ') FROM judges.leads j WHERE j.campaign_id = (SELECT min(m.campaign_id) FROM judges.leads m);
		SET client_min_messages = warning;
		SELECT 'note', note FROM voiceagent.simulate((SELECT min(m.campaign_id) FROM judges.leads m), 1, 10000, 1, 0) WHERE day IS NULL; ROLLBACK;}, stdout => \$out, stderr => \$err);
	is($err =~ /(ERROR.*)/ ? $1 : '', '', "seed $seed: no error");
	foreach my $row (split /\n/, $out)
	{
		my ($what, $verdict, $n, $others) = split /\|/, $row;
		if ($what eq 'verdict')
		{
			$compared += $n;
			$seen{$verdict} += $n;
			next if ($others // '') eq '';
			$different += $n;
			diag("$n leads are '$verdict' for the claim, but $others\n$again");
		}
		elsif ($what eq 'counted')
		{
			$uncounted++;
			diag("a preview counts otherwise than it judges: $row\n$again");
		}
		elsif ($what eq 'claimed')
		{
			my (%simulated, %claimed);
			%claimed = map { split /:/ } split / /, $verdict;
			foreach my $pick (map { split / / } $err =~ /WARNING:\s+simulated (.*)/g)
			{
				my ($lead, $came) = split /:/, $pick;
				$simulated{$lead} //= $came;
			}
			# In the copy no call is live, no person calls us, and who rests is not due.
			foreach my $lead (grep { $claimed{$_} !~ /^(live|calls_us|called_us|resting)$/ } sort keys %claimed)
			{
				$simulated++;
				next if ($simulated{$lead} // '') eq $claimed{$lead};
				$different++;
				diag("lead $lead is '$claimed{$lead}' for the claim, but '" . ($simulated{$lead} // 'not judged') . "' in a simulation\n$again");
			}
		}
	}
}
is($different, 0, "$compared leads, $simulated of them in a simulation: all who judge come to one verdict");
is($uncounted, 0, 'a preview counts what it says of each lead');
cmp_ok($simulated, '>', $compared / 20, 'simulations judge');
my @unseen = grep { !$seen{$_} } qw(ok held do_not_call attempts wrong moved uninvited no_consent no_number lifetime live calls_us missing refusal capped called_us resting old_list no_caller special checked unknown);
is("@unseen", '', 'each verdict was met');
note(join ', ', map { "$_ $seen{$_}" } sort keys %seen);
figure(name => 'leads that two judges of a dial judge differently', value => $different, unit => '', goal => '= 0', count => $compared);
done_testing();
