# VoiceAgentSoak: what the long campaigns of regress/soak share.  Each of them is its own short form: `make check` runs it
# with few repetitions, `make soak` with many.
#
#	my $seed = seed();                                        # SEED=n, or another one each time
#	for (my $round = 1; $round <= rounds(short => 5, long => 1000) && time_left(); $round++)
#	{
#		restart_choices($round);                              # a round's choices follow from seed and round alone
#		hurt(pick(qw(dialer gateway)), between(0, 1500));
#		well($node, "round $round", $carrier);
#	}
#	figure(name => 'recovery p99', value => percentile(99, @seconds), unit => 's', goal => '<= 3', count => scalar @seconds);
package VoiceAgentSoak;

use strict;
use warnings;

use Digest::SHA qw(sha256);
use Exporter 'import';
use File::Basename qw(basename);
use VoiceAgentMemory;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgentFaults qw(witness_table);

our @EXPORT = qw(seed restart_choices pick between shuffled long rounds time_left figure percentile well);

my $began = time;
my $name = basename($0) =~ s/\.pl$//r;

# ---- length ----

# True under `make soak`.
sub long
{
	return $ENV{VOICEAGENT_SOAK} ? 1 : 0;
}

# How often to repeat; ROUNDS=n overrules both, to repeat a failure in less time.
sub rounds
{
	my (%of) = @_;
	return $ENV{ROUNDS} // (long() ? $of{long} : $of{short});
}

# False when this campaign's share of MINUTES is used up.  What an earlier campaign left over is divided anew.
my $ends;
if (long() && $ENV{VOICEAGENT_SOAK_ENDS})
{
	my @names = split / /, $ENV{VOICEAGENT_SOAK_NAMES} // '';
	my ($at) = grep { $names[$_] eq $name } 0 .. $#names;
	my $left = @names - ($at // $#names);
	$ends = $began + ($ENV{VOICEAGENT_SOAK_ENDS} - $began) / ($left < 1 ? 1 : $left);
}

sub time_left
{
	return !defined $ends || time < $ends;
}

# ---- choices ----
# A generator of our own: rand() is also the ports', and a schedule must not depend on how many of those were drawn.

my $seed;
my $state;
my $stream = '';

sub seed
{
	return $seed if defined $seed;
	# The short form decides whether others may go on, so that it asks the same each time.
	$seed = $ENV{SEED} // (long() ? int(time * 1000) % 1_000_000_000 : 1);
	restart_choices('');
	note("SEED=$seed");
	return $seed;
}

# From here on the choices follow from the seed and these words, whatever was chosen before.
sub restart_choices
{
	seed() unless defined $seed;
	$stream = join(' ', @_);
	$state = sha256("$seed $name $stream");
	return;
}

# An integer from .. to.
sub between
{
	my ($from, $to) = @_;
	seed() unless defined $seed;
	$state = sha256($state);
	return $from + unpack('Q>', $state) % ($to - $from + 1);
}

sub pick
{
	my (@list) = @_;
	return $list[ between(0, $#list) ];
}

sub shuffled
{
	my (@list) = @_;
	foreach my $i (reverse 1 .. $#list)
	{
		my $j = between(0, $i);
		@list[ $i, $j ] = @list[ $j, $i ];
	}
	return @list;
}

# ---- figures ----

sub percentile
{
	my ($percent, @values) = @_;
	return undef unless @values;
	my @sorted = sort { $a <=> $b } @values;
	my $at = int(@sorted * $percent / 100 + 0.5) - 1;
	return $sorted[ $at < 0 ? 0 : $at > $#sorted ? $#sorted : $at ];
}

# goal: '<= 3', '>= 10', '= 0' or none.  A goal that is not met is no failure: whoever wants that asserts it.
sub figure
{
	my (%of) = @_;
	my $met = '';
	if (defined $of{goal} && $of{goal} =~ /^\s*(<=|>=|<|>|=)\s*([-\d.]+)/)
	{
		my ($sign, $limit, $value) = ($1, $2, $of{value});
		my $holds = !defined $value ? 0
		  : $sign eq '<=' ? $value <= $limit
		  : $sign eq '>=' ? $value >= $limit
		  : $sign eq '<' ? $value < $limit
		  : $sign eq '>' ? $value > $limit
		  : $value == $limit;
		$met = $holds ? 'met' : 'NOT MET';
	}
	my $line = join("\t", 'FIGURE', $of{name}, $of{value} // '', $of{unit} // '', $of{goal} // '', $met);
	long() ? diag($line) : note($line);
	append_to_file($ENV{VOICEAGENT_FIGURES}, join("\t", $line, $of{count} // '', seed()) . "\n") if $ENV{VOICEAGENT_FIGURES};
	return $met ne 'NOT MET';
}

# ---- what must hold after each disturbance, also while calls are on their way ----
# One assertion.  In one snapshot: invariants() (which says that every lead is explained by its queue row, its live call
# or its end, and that every hold has a live call), a ledger that adds up, and no call, and so no hold, that nobody has
# looked after since its lease ended ($lease_seconds ago at most; without it an hour, by invariants()).
# In the carriers' own records: each attempt accepted at most once, each dial of a lead too, each known to us.
# carrier: one of start_carrier() or a list of them; the sandbox's record is read in any case.
sub well
{
	my ($node, $what, %of) = @_;
	$what //= 'after it';
	my $database = $of{database} // 'va';
	my $witness = witness_table($of{carrier}, 1);
	my $overdue = defined $of{lease_seconds} ? qq{UNION ALL
		SELECT 'a hold outlives its lease', format('call %s, state %s, lease_until %s', l.call_id, l.state, l.lease_until)
		FROM voiceagent_private.live_calls l WHERE l.lease_until < voiceagent.clock() - interval '$of{lease_seconds} s'} : '';
	my $sql = qq{
		BEGIN ISOLATION LEVEL REPEATABLE READ;
		-- All rows are joined, and of none of these tables are there statistics that would say so.
		SET LOCAL enable_nestloop = off;
		SET LOCAL jit = off;
		$witness
		SELECT * FROM voiceagent.invariants()
		UNION ALL
		SELECT 'the ledger sums to 0', format('tenant %s: %s', a.tenant_id, sum(a.balance)) FROM voiceagent.credit_accounts a
		GROUP BY a.tenant_id HAVING sum(a.balance) <> 0
		UNION ALL
		SELECT 'a balance is the sum of its entries', format('tenant %s, %s: %s, %s', a.tenant_id, a.account, a.balance, s.sum)
		FROM voiceagent.credit_accounts a FULL JOIN (SELECT tenant_id, account, sum(change) FROM (
				SELECT tenant_id, to_account, amount FROM voiceagent.credit_transfers
				UNION ALL SELECT tenant_id, from_account, -amount FROM voiceagent.credit_transfers) t (tenant_id, account, change)
			GROUP BY 1, 2) s USING (tenant_id, account) WHERE coalesce(a.balance, 0) <> coalesce(s.sum, 0)
		UNION ALL
		SELECT 'a lead is explained', format('tenant %s, campaign %s, lead %s: %s', m.tenant_id, m.campaign_id, m.lead_id, m.status)
		FROM voiceagent.campaign_leads m WHERE m.status IN ('failed', 'skipped', 'expired') AND coalesce(m.reason, '') = ''
		$overdue
		UNION ALL
		SELECT 'a carrier took an attempt once', format('%s: %s times', reference, count(*)) FROM witness GROUP BY reference HAVING count(*) > 1
		UNION ALL
		SELECT 'a carrier took a dial of a lead once', format('campaign %s, lead %s, dial %s: %s times', c.campaign_id, c.lead_id, c.attempt_number, count(*))
		FROM witness w JOIN voiceagent.attempts a ON a.reference = w.reference JOIN voiceagent.calls c ON c.tenant_id = a.tenant_id AND c.call_id = a.call_id
		-- A lead that others were merged into had the dials of each.
		WHERE NOT EXISTS (SELECT FROM voiceagent.lead_merges m WHERE m.tenant_id = c.tenant_id AND c.lead_id IN (m.lead_id, m.gone_lead_id))
		GROUP BY c.tenant_id, c.campaign_id, c.lead_id, c.attempt_number HAVING count(*) > 1
		UNION ALL
		SELECT 'no call is believed not placed that a carrier took', format('%s: %s', w.reference, coalesce(a.state, 'unknown to us'))
		FROM witness w LEFT JOIN voiceagent.attempts a ON a.reference = w.reference
		WHERE coalesce(a.state, '') NOT IN ('sending', 'unknown', 'accepted')
		LIMIT 30;
		COMMIT};
	my ($status, $out, $err) = $node->psql($database, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $fine = defined $status && $status == 0 && $out eq '';
	ok($fine, "$what: all is well") or diag(($out // '') . "\n" . ($err // ''));
	return $fine;
}

# ---- how to repeat it ----

END
{
	my $status = $?;
	if (defined $seed && ($status != 0 || !Test::More->builder->is_passing))
	{
		my $goal = long() ? 'soak' : 'check-tap';
		my $rounds = defined $ENV{ROUNDS} ? " ROUNDS=$ENV{ROUNDS}" : '';
		diag("repeat it by: make $goal TESTS=$name SEED=$seed$rounds" . ($stream ne '' ? "   (it was at: $stream)" : ''));
	}
	$? = $status;
}

1;
