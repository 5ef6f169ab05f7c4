# Money that a hundred sessions move at once, on few tenants: gifts, purchases, refunds, disputes, plans and their changes, top-ups,
# holds, settlements, charges, debts and invoices, drawn at random, each in a commit; sessions are ended and the server is crashed
# meanwhile.  Then a slow reference in Perl adds up what was written down, in whole millionths: wallet, entries, orders, grants and
# invoices agree to the last digit.
use strict;
use warnings;

use List::Util qw(sum0);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentSoak;

my $seed = seed();
my $node = new_node('main', log_statement => 'none', max_connections => 160, fsync => 'on');
my $sessions = 100;
sub sql { return $node->safe_psql('va', $_[0]) }
sql(q{SELECT voiceagent.set_seller('S', 'Street 1', 'DE', 'S', '{embedded}'), voiceagent.set_tax_rate('DE', 19, 'USt', '2020-01-01', 'a law'), voiceagent.set_setting('payment_orders_open', '1000');
	SELECT voiceagent.create_plan('Low', 1, 40, '{"EUR": 4.99}', rollover => 7, minutes => 20), voiceagent.create_plan('High', 2, 90, '{"EUR": 9.99}', minutes => 35),
		voiceagent.create_credit_pack('For ever', 30, '{"EUR": 3.33}'), voiceagent.create_credit_pack('A day', 20, '{"EUR": 2.22}', '1 day'),
		voiceagent.create_credit_pack('Minutes', 0, '{"EUR": 4.44}', '1 day', 40), voiceagent.create_credit_pack('Both', 10, '{"EUR": 5.55}', minutes => 15);
	CREATE SEQUENCE public.calls;
	-- What an operation chooses from it finds by a key: one costs as much with a million behind it as at first.
	CREATE TABLE public.held (tenant bigint, call bigint, PRIMARY KEY (tenant, call));
	CREATE TABLE public.t AS SELECT g AS n, voiceagent.create_tenant('money ' || g, 'UTC', 100) AS id FROM generate_series(0, 9) g;
	SELECT voiceagent_private.set_tenant(id), voiceagent.set_top_up((SELECT min(pack_id) FROM voiceagent.credit_packs), 5, 900, voiceagent.add_embedded_method()) FROM public.t;
	CREATE FUNCTION public.amount() RETURNS numeric LANGUAGE sql VOLATILE AS 'SELECT round((random() * 12 + 0.000001)::numeric, 6)';
	CREATE FUNCTION public.one_order(tenant bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
		SELECT o.order_id FROM (SELECT min(order_id) + floor(random() * (max(order_id) - min(order_id) + 1))::bigint AS at FROM voiceagent.payment_orders WHERE tenant_id = tenant) r,
			LATERAL (SELECT order_id FROM voiceagent.payment_orders WHERE tenant_id = tenant AND order_id >= r.at AND state = 'paid' ORDER BY order_id LIMIT 1) o $$;
	CREATE FUNCTION public.plan(tenant bigint) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		v_plan bigint := (SELECT plan_id FROM voiceagent.plans ORDER BY random() LIMIT 1);
	BEGIN
		IF NOT EXISTS (SELECT FROM voiceagent.plan_contracts WHERE tenant_id = tenant AND closed_at IS NULL AND state <> 'ended') THEN
			RETURN (voiceagent.choose_plan(v_plan, 'EUR', card => (ARRAY['succeeds', 'is_declined', 'is_declined_later'])[ceil(random() * 3)])).state;
		END IF;
		RETURN voiceagent.change_plan(v_plan);
	END $$;
	-- As a claim does: what minutes pay is not held in credits.
	CREATE FUNCTION public.hold(call bigint, amount numeric) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		v_share record := voiceagent_private.share_minutes(ARRAY[amount], (voiceagent_private.wallet(voiceagent.clock())).available, voiceagent.clock());
		v_holds bigint[] := ARRAY(SELECT hold_id FROM voiceagent_private.hold_credits(ARRAY[call], v_share.amounts) WHERE cardinality(v_share.amounts) = 1);
	BEGIN
		IF cardinality(v_holds) = 1 AND v_share.minutes[1] IS NOT NULL AND NOT voiceagent_private.hold_minutes(ARRAY[call], v_holds, v_share.minutes, v_share.grants) THEN
			RAISE EXCEPTION 'spent meanwhile' USING ERRCODE = 'PT409';
		END IF;
		INSERT INTO public.held SELECT voiceagent.current_tenant(), call WHERE cardinality(v_holds) = 1;
	END $$;
	CREATE FUNCTION public.operation() RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		v bigint := (SELECT id FROM public.t ORDER BY random() LIMIT 1);
		v_kind integer := floor(random() * 15);
		v_chosen bigint[];
	BEGIN
		PERFORM voiceagent_private.set_tenant(v);
		CASE v_kind
			WHEN 0 THEN PERFORM voiceagent.grant_credits(v, public.amount(), 'x', unit => CASE WHEN random() < 0.5 THEN 'minutes' ELSE 'credits' END, rollover => 1, rollover_for => '1 hour', priority => floor(random() * 3)::integer * 40, expires_at => clock_timestamp() + random() * interval '1 minute' + interval '1 second');
			WHEN 1, 2 THEN PERFORM voiceagent.pay_embedded(b.order_id, (ARRAY['succeeds', 'succeeds', 'is_declined', 'is_disputed'])[ceil(random() * 4)])
				FROM voiceagent.buy((SELECT pack_id FROM voiceagent.credit_packs ORDER BY random() LIMIT 1)) b;
			WHEN 3 THEN PERFORM voiceagent.refund_order(v, public.one_order(v), 'x', CASE WHEN random() < 0.7 THEN round((random() + 0.01)::numeric, 2) END);
			WHEN 4 THEN v_chosen := ARRAY(SELECT public.one_order(v) FROM generate_series(1, 3));
				UPDATE voiceagent_private.payment_looks SET next_at = '-infinity' WHERE tenant_id = v AND order_id = ANY (v_chosen);
				PERFORM voiceagent_private.look_at_payments(5);
			WHEN 5, 6, 7 THEN PERFORM public.hold(nextval('public.calls'), public.amount());
			WHEN 8, 9, 10 THEN v_chosen := ARRAY(SELECT call FROM public.held WHERE tenant = v ORDER BY random() LIMIT 2);
				PERFORM voiceagent_private.settle_holds(v_chosen, ARRAY(SELECT CASE WHEN random() < 0.3 THEN 0 ELSE public.amount() END FROM unnest(v_chosen))) WHERE v_chosen <> '{}';
				DELETE FROM public.held WHERE tenant = v AND call = ANY (v_chosen);
			WHEN 11 THEN PERFORM voiceagent.adjust_credits(v, CASE WHEN random() < 0.5 THEN -1 ELSE 1 END * public.amount(), 'x');
			WHEN 12 THEN PERFORM public.plan(v);
			-- Jobs of the keeper, which also runs them itself.
			WHEN 13 THEN PERFORM CASE WHEN random() < 0.5 THEN voiceagent_private.expire_grants(3) ELSE voiceagent_private.issue_invoices(2) END;
			ELSE PERFORM voiceagent_private.top_up(2);
		END CASE;
	EXCEPTION
		-- What a tenant is told, such as that there is not enough.
		WHEN SQLSTATE 'PT402' OR SQLSTATE 'PT404' OR SQLSTATE 'PT409' THEN NULL;
	END $$;});
append_to_file($node->basedir . '/operation.sql', "SELECT public.operation();\n");

sub storm
{
	my @length = @_;
	my $out = '';
	my $bench = IPC::Run::start([ 'pgbench', '-n', '-M', 'prepared', '-c', $sessions, '-j', 2, @length, '--random-seed', $seed, '-f', $node->basedir . '/operation.sql', '-h', $node->host, '-p', $node->port, 'va' ], '<', \'', '>', \$out, '2>&1');
	# Some sessions end in the middle of what they do: ten a storm, as long as there are any.
	for (my $ended = 0; $ended < 10 && $bench->pumpable; )
	{
		$ended += sql('SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity WHERE application_name = $$pgbench$$ AND state = $$active$$ ORDER BY random() LIMIT 2) a');
		$bench->pump_nb;
	}
	$bench->finish;
	my @bad = grep { /ERROR/ && !/terminating connection/ } split /\n/, $out;
	is(join("\n", @bad), '', 'nobody is told of a fault') or diag($out);
	return $out =~ /number of transactions actually processed: (\d+)/ ? $1 : 0;
}

# ---- the reference ----

sub units { my ($text) = @_; my ($sign, $whole, $part) = $text =~ /^(-?)(\d+)(?:\.(\d+))?$/ or die $text; return ($sign ? -1 : 1) * ($whole * 1_000_000 + substr(($part // '') . '000000', 0, 6)) }
sub rows { return map { [ split /\|/, $_, -1 ] } grep { $_ ne '' } split /\n/, $_[0] }
# What several queries find in one state of the database: the jobs go on meanwhile.
sub at_once { return map { [ rows($_) ] } split /^--$/m, sql(join("\n\\echo --\n", 'BEGIN ISOLATION LEVEL REPEATABLE READ;', map({ "$_;" } @_), 'COMMIT;')) }

sub differences
{
	my @wrong;
	foreach my $tenant (split /\n/, sql('SELECT id FROM public.t'))
	{
		my (undef, $transfers, $ledgers, $orders, $debts, $grants, $invariants) = at_once(
			"SELECT from_account, to_account, amount, operation FROM voiceagent.credit_transfers WHERE tenant_id = $tenant ORDER BY transfer_id",
			"SELECT available, held, spent, coalesce(minutes, 0), coalesce(minutes_held, 0), coalesce(minutes_spent, 0) FROM voiceagent.ledgers WHERE tenant_id = $tenant",
			"SELECT o.order_id, o.pack_id, o.credits, o.taken_back, o.amount, o.refunded, o.tax, (SELECT coalesce(sum(i.total), 0) FROM voiceagent.invoices i WHERE i.tenant_id = o.tenant_id AND i.order_id = o.order_id AND i.kind = 'invoice'),
				(SELECT coalesce(sum(-i.total), 0) FROM voiceagent.invoices i WHERE i.tenant_id = o.tenant_id AND i.order_id = o.order_id AND i.kind = 'credit_note'), o.minutes, o.minutes_taken_back, o.minutes_missing, o.minutes_debt,
				EXISTS (SELECT FROM voiceagent_private.invoices_due d WHERE d.tenant_id = o.tenant_id AND d.order_id = o.order_id) FROM voiceagent.payment_orders o WHERE o.tenant_id = $tenant AND o.state = 'paid'",
			"SELECT owed, incurred, forgiven FROM voiceagent.credit_debts WHERE tenant_id = $tenant",
			"SELECT grant_id, credits, rest, held, used, lost, rolled, unit FROM voiceagent.credit_grants WHERE tenant_id = $tenant",
			"SELECT w.* FROM (SELECT voiceagent_private.set_tenant($tenant)) s, LATERAL (SELECT * FROM voiceagent_private.check_tenant() WHERE invariant !~ 'live') w WHERE s IS NOT NULL");
		my %balance = map { $_ => 0 } qw(funding available held spent minutes_funding minutes minutes_held minutes_spent);
		my %moved;
		foreach my $t (@$transfers)
		{
			my $amount = units($t->[2]);
			$balance{ $t->[0] } -= $amount;
			$balance{ $t->[1] } += $amount;
			$moved{ ($t->[0] =~ /^minutes/ ? 'minutes ' : '') . $t->[3] } += $amount;
			push @wrong, "tenant $tenant: $t->[0] below 0" if $t->[0] !~ /funding$/ && $balance{ $t->[0] } < 0;
		}
		push @wrong, "tenant $tenant: sum" if sum0(@balance{qw(funding available held spent)}) != 0 || sum0(@balance{qw(minutes_funding minutes minutes_held minutes_spent)}) != 0;
		my ($ledger) = @$ledgers;
		push @wrong, "tenant $tenant: wallet @$ledger" if join(' ', map { units($_) } @$ledger) ne join(' ', @balance{qw(available held spent minutes minutes_held minutes_spent)});
		my ($bought, $taken, $minutes_bought, $minutes_taken) = (0, 0, 0, 0);
		foreach my $o (@$orders)
		{
			$bought += units($o->[2]) if $o->[1] ne '';
			$taken += units($o->[3]) + units($o->[12]);
			$minutes_bought += units($o->[9]) if $o->[1] ne '';
			$minutes_taken += units($o->[10]) - units($o->[11]);
			push @wrong, "order $o->[0] of $o->[4], refunded $o->[5]: invoiced $o->[7], noted $o->[8]" if $o->[13] eq 'f' && ($o->[7] != $o->[4] || $o->[8] != $o->[5]);
		}
		push @wrong, "tenant $tenant: bought $bought, purchases " . ($moved{purchase} // 0) if $bought != ($moved{purchase} // 0);
		push @wrong, "tenant $tenant: minutes bought $minutes_bought, taken back $minutes_taken" if $minutes_bought != ($moved{'minutes purchase'} // 0)
			|| $minutes_taken != ($moved{'minutes refund'} // 0) - ($moved{'minutes refund_undone'} // 0);
		my ($debt) = @$debts;
		my ($owed, $incurred, $forgiven) = $debt ? map { units($_) } @$debt : (0, 0, 0);
		push @wrong, "tenant $tenant: taken back $taken" if $taken != ($moved{refund} // 0) - ($moved{refund_undone} // 0) + $incurred;
		push @wrong, "tenant $tenant: owed $owed" if $owed != $incurred - ($moved{debt_paid} // 0) - $forgiven;
		my (%rest, %held);
		foreach my $g (@$grants)
		{
			my ($id, $credits, @parts) = ($g->[0], map { units($_) } @$g[ 1 .. 6 ]);
			push @wrong, "grant $id" if $credits != sum0(@parts) || grep { $_ < 0 } @parts;
			$rest{ $g->[7] } += $parts[0];
			$held{ $g->[7] } += $parts[1];
		}
		push @wrong, "tenant $tenant: grants have more than the wallet" if ($rest{credits} // 0) > $balance{available} || ($held{credits} // 0) > $balance{held};
		push @wrong, "tenant $tenant: minutes are not those of bundles" if ($rest{minutes} // 0) != $balance{minutes} || ($held{minutes} // 0) != $balance{minutes_held};
		push @wrong, map { "invariant: @$_" } @$invariants;
	}
	push @wrong, map { "numbers: @$_" } rows(sql('SELECT * FROM voiceagent_private.check_invoice_numbers()'));
	return @wrong;
}

my ($operations, $differences, $compared) = (0, 0, 0);
sub compare
{
	my ($round) = @_;
	# The job issues them, fifty a turn, in the order in which they became due.
	wait_for_sql($node, 'va', q{SELECT count(*) || coalesce(max(problem), '') FROM voiceagent_private.invoices_due}, '0', 'what is due is invoiced', long() ? 600 : 100);
	my @wrong = differences();
	is(join("\n", @wrong[ 0 .. ($#wrong > 9 ? 9 : $#wrong) ]), '', "round $round of seed $seed, $operations operations: wallets, entries, orders, grants and invoices agree");
	$differences += @wrong;
	$compared = $operations;
}

# All of it is read each time, so this is done when there is twice as much: a difference stays until then.
my $round = 0;
while ($round < rounds(short => 2, long => 100_000) && $operations < ($ENV{FULL} ? 10_000_000 : 1_000_000) && time_left() && !$differences)
{
	$round++;
	$operations += storm(long() ? ('-T', 60) : ('-t', 20));
	if ($round % 2 == 0) { $node->stop('immediate'); $node->start; }
	compare($round) if $operations >= 2 * $compared;
}
compare($round) if $compared < $operations;
figure(name => 'money moved by a hundred sessions: differences from the reference', value => $differences, unit => '', goal => '= 0', count => $operations);
diag("$operations operations");
$node->stop('fast');
done_testing();
