# Grants of credits against a slow reference in Perl: grant, buy, refund, hold, settle, charge, adjust, void and let time pass, in an
# order drawn by a seed; after each operation the balances and every grant are what the reference says, and the invariants hold.
use strict;
use warnings;

use List::Util qw(max min sum0);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentSoak;

my $seed = seed();
my $node = new_node('main', log_statement => 'none');
my $never = 9e15;
my %pack = (for_ever => $node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('For ever', 30, '{"EUR": 3.00}')}),
	ten_days => $node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Ten days', 30, '{"EUR": 3.00}', '10 days')}));
my $operations = 0;

# Credits are integers of a millionth; times are seconds since the base.
my (%w, @sql, @expected);
sub credits { return sprintf '%d.%06d', $_[0] / 1_000_000, $_[0] % 1_000_000 }
sub shown { return credits($_[0]) =~ s/\.?0+$//r }
sub open_grants { return sort { $a->{priority} <=> $b->{priority} || $a->{ends} <=> $b->{ends} || $a->{id} <=> $b->{id} } grep { $_->{state} eq 'open' } @{ $w{grants} } }
sub available { return $w{free} + sum0(map { $_->{rest} } @{ $w{grants} }) }
sub held { return sum0(map { $_->{amount} } values %{ $w{holds} }) }
sub close_used { foreach my $g (open_grants()) { $g->{state} = 'used' if $g->{rest} == 0 && $g->{held} == 0 } return }

sub new_grant
{
	my (%of) = @_;
	push @{ $w{grants} }, {id => ++$w{last}, rest => $of{credits}, rollover => 0, rollover_days => 0, map({ $_ => 0 } qw(held used lost rolled)), state => 'open', %of};
	return;
}

# The lock of the ledger ends what is over.
sub sweep
{
	while (my @due = sort { $a->{id} <=> $b->{id} } grep { $_->{state} eq 'open' && $_->{ends} <= $w{now} } @{ $w{grants} })
	{
		foreach my $g (@due)
		{
			my $rolled = min($g->{rest}, $g->{rollover});
			@{$g}{qw(state lost rolled rest)} = ('expired', $g->{lost} + $g->{rest} - $rolled, $rolled, 0);
			new_grant(credits => $rolled, priority => $g->{priority}, ends => $g->{ends} + 86400 * $g->{rollover_days}) if $rolled > 0;
		}
	}
	return;
}

sub burn
{
	my ($amount) = @_;
	foreach my $g (open_grants())
	{
		my $part = min($amount, $g->{rest});
		$g->{rest} -= $part;
		$g->{used} += $part;
		$amount -= $part;
	}
	$w{free} -= $amount;
	close_used();
	return;
}

# What goes back to nobody's use comes out of what is of no grant first.
sub leave { my ($amount) = @_; my $free = min($amount, $w{free}); $w{free} -= $free; burn($amount - $free); return }

sub settle
{
	my (%cost) = @_;
	my %excess;
	foreach my $call (sort { $a <=> $b } keys %cost)
	{
		my $hold = delete $w{holds}{$call};
		my $charge = min($cost{$call}, $hold->{amount});
		$w{spent} += $charge;
		$excess{$call} = $cost{$call} - $charge;
		my $of_none = $hold->{amount};
		foreach my $part (@{ $hold->{parts} })
		{
			my ($g, $amount) = @$part;
			my $paid = min($charge, $amount);
			$charge -= $paid;
			$of_none -= $amount;
			$g->{held} -= $amount;
			$g->{used} += $paid;
			$g->{ $g->{state} eq 'open' ? 'rest' : 'lost' } += $amount - $paid;
		}
		$w{free} += $of_none - $charge;
	}
	close_used();
	return if !grep { $_ > 0 } values %excess;
	sweep();
	foreach my $call (sort { $a <=> $b } keys %excess)
	{
		my $more = min($excess{$call}, available());
		$w{spent} += $more;
		burn($more);
	}
	return;
}

# ---- operations: each gives its statement, and does the same to the reference ----

sub amount { return between(1, 12) * 1_000_000 - pick(0, 0, 1, 333_333) }
my %operation = (
	grant => sub {
		my $ends = pick(0, 1, 1, 1) ? $w{now} + 86400 * between(0, 15) + 600 + 10 * between(1, 240) : $never;
		my %of = (credits => amount(), priority => pick(0, 50, 50, 90), ends => $ends, $ends < $never && pick(0, 1) ? (rollover => amount(), rollover_days => between(1, 9)) : ());
		sweep();
		new_grant(%of);
		return sprintf "SELECT voiceagent.grant_credits(:tenant, %s, 'x', priority => %d, expires_at => %s%s)", credits($of{credits}), $of{priority},
			$ends < $never ? "timestamptz '2040-01-01 00:00+00' + interval '$ends s'" : 'NULL', $of{rollover} ? sprintf(", rollover => %s, rollover_for => '%d days'", credits($of{rollover}), $of{rollover_days}) : '';
	},
	buy => sub {
		my $kind = pick(qw(for_ever ten_days));
		sweep();
		# What the embedded vendor sells is a grant of its own, whether or not it ends: nobody has paid for it.
		new_grant(credits => 30_000_000, priority => 50, ends => $kind eq 'for_ever' ? $never : $w{now} + 864_000, order => $w{orders} + 1);
		push @{ $w{paid} }, {n => ++$w{orders}, refunded => 0, taken => 0};
		my $debt = min($w{owed}, available());
		$w{owed} -= $debt;
		leave($debt);
		return "WITH o AS (INSERT INTO orders SELECT $w{orders}, order_id FROM voiceagent.buy($pack{$kind}) RETURNING order_id) SELECT voiceagent.pay_embedded(order_id) FROM o";
	},
	refund => sub {
		my ($o) = grep { $_->{refunded} < 300 } @{ $w{paid} } or return;
		my $cents = min(between(1, 200), 300 - $o->{refunded});
		$o->{refunded} += $cents;
		my $target = int(30_000_000 * $o->{refunded} / 300 + 0.5);
		my $change = $target - $o->{taken};
		$o->{taken} = $target;
		sweep();
		my $part = min($change, available());
		foreach my $g (grep { $_->{state} eq 'open' && ($_->{order} // 0) == $o->{n} } @{ $w{grants} })
		{
			my $from = min($g->{rest}, $part);
			$g->{rest} -= $from;
			$g->{used} += $from;
			$w{free} += $from;
		}
		close_used();
		leave($part);
		$w{owed} += $change - $part;
		return sprintf "SELECT voiceagent.refund_order(:tenant, order_id, 'x', %.2f) FROM orders WHERE n = %d", $cents / 100, $o->{n};
	},
	hold => sub {
		my @calls = map { ++$w{calls} } 1 .. between(1, 3);
		my @amounts = map { amount() } @calls;
		sweep();
		for my $i (0 .. $#calls)
		{
			last if $amounts[$i] > available();
			my ($left, @parts) = ($amounts[$i]);
			foreach my $g (open_grants())
			{
				my $part = min($left, $g->{rest}) or next;
				$g->{rest} -= $part;
				$g->{held} += $part;
				$left -= $part;
				push @parts, [ $g, $part ];
			}
			$w{free} -= $left;
			$w{holds}{ $calls[$i] } = {amount => $amounts[$i], parts => \@parts};
		}
		return sprintf "SELECT count(*) FROM voiceagent_private.hold_credits('{%s}', '{%s}')", join(',', @calls), join(',', map { credits($_) } @amounts);
	},
	settle => sub {
		my @calls = sort { $a <=> $b } keys %{ $w{holds} } or return;
		my %cost = map { pick(@calls) => pick(0, 0, 1, 1, 1) ? max(0, amount() - pick(0, 5_000_000)) : 0 } 1 .. between(1, 2);
		settle(%cost);
		return sprintf "SELECT count(*) FROM voiceagent_private.settle_holds('{%s}', '{%s}')", join(',', keys %cost), join(',', map { credits($_) } values %cost);
	},
	charge => sub {
		sweep();
		my $amount = min(amount(), available()) or return;
		$w{spent} += $amount;
		burn($amount);
		return sprintf "SELECT voiceagent_private.lock_available(), voiceagent_private.post(ARRAY[ROW('assistant', 'available', 'spent', %s, NULL, NULL, NULL, NULL, NULL)::voiceagent_private.transfer])", credits($amount);
	},
	adjust => sub {
		sweep();
		my $amount = pick(0, 1) ? amount() : -min(amount(), available()) or return;
		if ($amount > 0) { $w{free} += $amount } else { leave(-$amount) }
		return sprintf "SELECT voiceagent.adjust_credits(:tenant, %s%s, 'x')", $amount < 0 ? '-' : '', credits(abs $amount);
	},
	void => sub {
		sweep();
		my @open = open_grants() or return;
		my $place = between(0, $#open);
		my $g = $open[$place];
		@{$g}{qw(state lost rest)} = ('voided', $g->{lost} + $g->{rest}, 0);
		return "SELECT voiceagent_private.lock_available() \\g /dev/null\nSELECT grant_id FROM voiceagent.list_grants() OFFSET $place LIMIT 1 \\gset\nSELECT voiceagent.void_grant(:tenant, :grant_id, 'x')";
	},
	time_passes => sub {
		$w{now} += 3600 * pick(1, 7, 30, 100);
		my $swept = pick(0, 1);
		sweep() if $swept;
		return "SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2040-01-01 00:00+00' + interval '$w{now} s' - :'began'::timestamptz) || ' s', true)"
			. ($swept ? ', voiceagent_private.set_tenant(:tenant), voiceagent_private.expire_grants(1000)' : '');
	});

my $state = q{SELECT 'S', trim_scale(l.available), trim_scale(l.held), trim_scale(l.spent), trim_scale(voiceagent_private.credits_owed()), (SELECT string_agg(concat_ws('/', g.priority,
	trim_scale(g.rest), trim_scale(g.held), trim_scale(g.used), trim_scale(g.lost), trim_scale(g.rolled), g.state), ' ' ORDER BY g.priority, g.expires_at, g.grant_id)
	FROM voiceagent.credit_grants g WHERE g.tenant_id = :tenant) FROM voiceagent.ledgers l WHERE l.tenant_id = :tenant;};
sub state_of_reference
{
	my @all = sort { $a->{priority} <=> $b->{priority} || $a->{ends} <=> $b->{ends} || $a->{id} <=> $b->{id} } @{ $w{grants} };
	return join '|', 'S', shown(available()), shown(held()), shown($w{spent}), shown($w{owed}), join ' ', map { my $g = $_; join '/', $g->{priority}, map({ shown($g->{$_}) } qw(rest held used lost rolled)), $g->{state} } @all;
}

for (my $round = 1; $round <= rounds(short => 2, long => 500) && time_left(); $round++)
{
	restart_choices($round);
	my $tenant = create_tenant($node, 'va', "Grants $round", credits => 0);
	%w = (grants => [], holds => {}, paid => [], map { $_ => 0 } qw(free spent owed now last calls orders));
	@sql = @expected = ();
	my $first = $operation{time_passes}->();
	foreach (1 .. 250)
	{
		my $name = pick(qw(grant grant buy refund hold hold hold settle settle settle charge adjust void time_passes));
		my $sql = $operation{$name}->() // next;
		push @sql, "$sql \\g /dev/null\n$state";
		push @expected, [ $name, $sql, state_of_reference() ];
	}
	my $out = $node->safe_psql('va', join "\n", "\\set tenant $tenant", 'SELECT clock_timestamp() AS began \gset', 'BEGIN;', 'SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null',
		'CREATE TEMP TABLE orders (n integer, order_id bigint) ON COMMIT DROP;', "$first \\g /dev/null", @sql,
		"SELECT 'I', invariant, detail FROM voiceagent_private.check_tenant() WHERE invariant !~ 'live';",
		'SELECT voiceagent_private.settle_holds(array_agg(call_id), array_agg(0)) FROM voiceagent.credit_holds WHERE state = \'held\' AND tenant_id = :tenant HAVING count(*) > 0 \g /dev/null',
		"SELECT 'I', * FROM voiceagent_private.check_tenant();", 'COMMIT;');
	my @got = grep { /^S\|/ } split /\n/, $out;
	my ($wrong) = grep { ($got[$_] // 'nothing') ne $expected[$_][2] } 0 .. $#expected;
	ok(!defined $wrong, "round $round of seed $seed: " . @expected . ' operations, each as the reference has it')
		or diag(join "\n", "operation $wrong, $expected[$wrong][0]: $expected[$wrong][1]", 'before    ' . ($wrong ? $expected[ $wrong - 1 ][2] : ''), "reference $expected[$wrong][2]", 'ledger    ' . ($got[$wrong] // 'nothing'));
	is(join("\n", grep { /^I\|/ } split /\n/, $out), '', '... and the invariants hold');
	$operations += @expected;
}
figure(name => 'grants against a reference: operations that differ', value => 0, unit => '', goal => '= 0', count => $operations);
$node->stop('fast');
done_testing();
