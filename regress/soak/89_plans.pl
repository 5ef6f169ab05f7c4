# Lives of subscriptions, ten and more a vendor.  As Stripe and PayPal tell them: facts of their answers shuffled by a seed, repeated,
# and some that others make up for lost.  At the embedded vendor, where the tenant acts: the keeper looks at any time, twice or, between
# its due days, never.  Each life ends in its one state, each paid period counts once, and the credits of the present one come once.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::Local qw(timegm);
use VoiceAgent;
use VoiceAgentSoak;

my $seed = seed();
my $node = new_node('main', log_statement => 'none');
my $plan = $node->safe_psql('va', q{SELECT voiceagent.create_plan('Lives', 1, 400, '{"EUR": 149.00}', grace => '30 days')});
my %plan = (lives => $plan, map { my ($name, @of) = @$_; $name => $node->safe_psql('va', "SELECT voiceagent.create_plan('$name', $of[0])") } ([ small => q{0, 50, '{"EUR": 9.00}'} ], [ large => q{2, 900, '{"EUR": 299.00}'} ],
	[ free => q{0, 5} ], [ tried => q{1, 400, '{"EUR": 149.00}', trial => '20 days', grace => '30 days'} ]));
my $json = JSON::PP->new->canonical;

# "03-05" of the year in which they live.
sub at { my ($month, $day) = split /-/, $_[0]; return timegm(0, 0, 10, $day, $month - 1, 2040) }
my %starts = map { $_ => timegm(0, 0, 0, 1, $_ - 1, 2040) } 1 .. 4;

# Stripe's: an invoice of a month, and the subscription as it is.
sub invoice
{
	my ($kind, $month, %of) = @_;
	my $amount = $of{amount} // 14900;
	return {kind => $kind, at => at("$month-01"), starts_at => $starts{$month}, ends_at => $starts{ $month + 1 }, currency => 'EUR', amount => $amount, paid => $amount};
}
sub subscription
{
	my ($kind, $when, %of) = @_;
	my ($month) = split /-/, $when;
	return {kind => $kind, at => at($when), starts_at => $starts{ $month + 0 }, ends_at => $starts{ $month + 1 }, %of};
}
# PayPal's, which names no periods.
sub sale { my ($when, $currency) = @_; return {kind => 'paid', at => at($when), starts_at => at($when), currency => $currency // 'EUR', amount => 14900, payment => "S$when"} }
sub billing { my ($kind, $when) = @_; return {kind => $kind, at => at($when), starts_at => at($when)} }
# One that tells nothing which the others do not: it may be lost.
sub spare { return {spare => 1, event => $_[0]} }
# At the embedded vendor; something may be due on these days.
my %due = map { $_ => 1 } qw(01-21 02-01 02-21 03-01 03-02 03-15);
sub choose { my ($name, $card) = @_; return "voiceagent.choose_plan($plan{$name}, " . ($name eq 'free' ? 'NULL' : q{'EUR'}) . ", card := '" . ($card // 'succeeds') . "')" }
sub clock_to { my ($day, $time) = @_; return qq{SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2040-$day $time+00' - clock_timestamp()) || ' s', true) \\g /dev/null} }
sub look { return 'UPDATE voiceagent_private.plan_turns SET next_at = least(next_at, voiceagent.clock()) WHERE tenant_id = :tenant \g /dev/null', 'SELECT voiceagent_private.set_tenant(:tenant), voiceagent_private.look_at_plans(100), voiceagent_private.expire_grants(100), voiceagent_private.set_tenant(0) \g /dev/null' }

# Its days in order, with looks of the keeper at some of them, and at those on which something is due.
sub days
{
	my (@acts) = @_;
	my %looks = (map({ $_ => pick(1, 1, 2) } keys %due), map { sprintf('%02d-%02d', pick(1, 2), pick(1 .. 28)) => pick(1, 2) } 1 .. 4);
	my %done;
	push @{ $done{ $_->[0] } }, "SELECT $_->[1] \\g /dev/null" foreach @acts;
	return map { my $day = $_; (clock_to($day, '00:00:01'), 'SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null', @{ $done{$day} // [] }, clock_to($day, '00:05:00'), (look()) x ($looks{$day} // 0)) } sort keys %{ {%looks, %done} };
}

# name, vendor, end state, paid periods, credits, events.  It is 15 March.
my @lives = (
	[ 'steady', 'stripe', 'active', 3, 400, spare(subscription('resumed', '01-01')), invoice('paid', 1), invoice('paid', 2), spare(subscription('resumed', '02-01')), invoice('paid', 3) ],
	[ 'late', 'stripe', 'past_due', 2, 0, invoice('paid', 1), invoice('paid', 2), invoice('failed', 3), spare(subscription('resumed', '03-01')) ],
	[ 'late, then paid', 'stripe', 'active', 3, 400, invoice('paid', 1), spare(invoice('failed', 2)), invoice('paid', 2), spare(invoice('failed', 3)), invoice('paid', 3) ],
	[ 'canceled long ago', 'stripe', 'ended', 2, 0, invoice('paid', 1), invoice('paid', 2), subscription('canceled', '02-10') ],
	[ 'canceled', 'stripe', 'canceled', 2, 400, invoice('paid', 2), invoice('paid', 3), subscription('canceled', '03-10') ],
	[ 'goes on after all', 'stripe', 'active', 1, 400, invoice('paid', 3), spare(subscription('canceled', '03-05')), subscription('resumed', '03-06') ],
	[ 'two words in a second', 'stripe', 'canceled', 1, 400, invoice('paid', 3), spare(subscription('resumed', '03-05')), subscription('canceled', '03-05') ],
	[ 'deleted at once', 'stripe', 'ended', 2, undef, invoice('paid', 2), invoice('paid', 3), subscription('closed', '03-10') ],
	[ 'after a trial', 'stripe', 'active', 3, 400, subscription('resumed', '01-01', trial => JSON::PP::true), invoice('paid', 2), invoice('paid', 3) ],
	[ 'of another amount', 'stripe', 'past_due', 2, 0, invoice('paid', 1), invoice('paid', 2), invoice('paid', 3, amount => 1) ],
	[ 'never paid', 'stripe', 'incomplete', 0, 0, spare(subscription('resumed', '01-01')) ],
	[ 'came to nothing', 'stripe', 'ended', 0, 0, spare(subscription('resumed', '01-01')), subscription('closed', '01-02') ],
	[ 'steady', 'paypal', 'active', 3, 400, spare(billing('resumed', '01-01')), sale('01-01'), sale('02-01'), sale('03-01') ],
	[ 'late', 'paypal', 'past_due', 1, 0, sale('02-02'), billing('failed', '03-01') ],
	[ 'late, then paid', 'paypal', 'active', 2, 400, sale('02-01'), spare(billing('failed', '03-01')), sale('03-05') ],
	[ 'canceled long ago', 'paypal', 'ended', 2, 0, sale('01-01'), sale('02-01'), billing('canceled', '02-10') ],
	[ 'canceled', 'paypal', 'canceled', 1, 400, sale('03-01'), billing('canceled', '03-10') ],
	[ 'suspended', 'paypal', 'past_due', 1, 0, sale('02-01'), billing('failed', '03-02') ],
	[ 'has run out', 'paypal', 'canceled', 1, 400, sale('03-01'), billing('canceled', '03-10') ],
	[ 'of another currency', 'paypal', 'past_due', 1, 0, sale('02-01'), sale('03-01', 'USD') ],
	[ 'paid twice', 'paypal', 'active', 1, 400, sale('03-01'), sale('03-02') ],
	[ 'never paid', 'paypal', 'incomplete', 0, 0, spare(billing('resumed', '01-01')) ],
	# What the tenant does, day by day.
	[ 'steady', 'embedded', 'active', 3, 400, ['01-01', choose('lives')] ],
	[ 'late', 'embedded', 'ended', 1, 0, ['01-01', choose('lives', 'is_declined_later')] ],
	[ 'late, then paid', 'embedded', 'active', 3, 400, ['01-01', choose('lives', 'is_declined_later')], ['02-10', q{voiceagent.set_plan_card('succeeds')}] ],
	[ 'late in its grace', 'embedded', 'past_due', 2, 0, ['01-01', choose('lives')], ['02-20', q{voiceagent.set_plan_card('is_declined')}] ],
	[ 'canceled long ago', 'embedded', 'ended', 1, 0, ['01-01', choose('lives')], ['01-20', 'voiceagent.cancel_plan()'] ],
	[ 'canceled', 'embedded', 'canceled', 3, 400, ['01-01', choose('lives')], ['03-10', 'voiceagent.cancel_plan()'] ],
	[ 'goes on after all', 'embedded', 'active', 3, 400, ['01-01', choose('lives')], ['02-10', 'voiceagent.cancel_plan()'], ['02-20', 'voiceagent.cancel_plan(undo := true)'] ],
	[ 'a lower plan', 'embedded', 'active', 3, 50, ['01-01', choose('lives')], ['02-10', "voiceagent.change_plan($plan{small})"] ],
	[ 'a higher plan', 'embedded', 'active', 3, 900, ['01-01', choose('lives')], ['02-10', "voiceagent.change_plan($plan{large})"] ],
	[ 'free', 'embedded', 'active', 3, 5, ['01-01', choose('free')] ],
	[ 'after a trial', 'embedded', 'active', 3, 400, ['01-01', choose('tried')] ],
	[ 'upgraded in its trial', 'embedded', 'active', 3, 900, ['01-01', choose('tried')], ['01-10', "voiceagent.change_plan($plan{large})"] ],
	[ 'upgraded in a trial that lasts', 'embedded', 'trialing', 1, 400, ['03-02', choose('tried')], ['03-10', "voiceagent.change_plan($plan{large})"] ],
	[ 'upgraded in its trial and canceled', 'embedded', 'ended', 1, 0, ['01-01', choose('tried')], ['01-10', "voiceagent.change_plan($plan{large})"], ['01-11', 'voiceagent.cancel_plan()'] ],
	[ 'canceled in its trial', 'embedded', 'ended', 1, 0, ['01-01', choose('tried')], ['01-10', 'voiceagent.cancel_plan()'] ],
);

my ($lives, $others) = (0, 0);
for (my $round = 1; $round <= rounds(short => 10, long => 1000) && time_left(); $round++)
{
	restart_choices($round);
	my @sql = ('\set QUIET on', 'SET client_min_messages = warning;');
	my @expected;
	foreach my $life (@lives)
	{
		my ($name, $vendor, $state, $paid, $credits, @events) = @$life;
		my @told = $vendor eq 'embedded' ? () : map { my $spare = exists $_->{spare}; my $event = $spare ? $_->{event} : $_; ($event) x ($spare ? pick(0, 1, 2) : pick(1, 1, 2)) } @events;
		push @sql, 'BEGIN;', q{SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2040-01-01 00:00+00' - clock_timestamp()) || ' s', true) \g /dev/null},
			"SELECT voiceagent.create_tenant('Life', 'UTC') AS tenant \\gset", $vendor eq 'embedded' ? days(@events) : "SELECT voiceagent.attach_plan(:tenant, $plan, '$vendor', 'SUB', 'EUR') \\g /dev/null",
			q{SELECT set_config('voiceagent.clock_offset', extract(epoch FROM '2040-03-15 00:00+00' - clock_timestamp()) || ' s', true) \g /dev/null};
		push @sql, map { my $event = $json->encode($_); ("SELECT voiceagent_private.set_tenant(:tenant) \\g /dev/null", "SELECT voiceagent_private.apply_plan_facts(c, '{\"facts\": [$event]}', voiceagent.clock()), voiceagent_private.set_tenant(0) FROM voiceagent.plan_contracts c WHERE c.tenant_id = :tenant \\g /dev/null", pick(0, 1) ? 'SELECT voiceagent_private.set_tenant(:tenant), voiceagent_private.look_at_plans(100), voiceagent_private.set_tenant(0) \g /dev/null' : ()) } shuffled(@told);
		push @sql, 'SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null',
			q{SELECT (SELECT state FROM voiceagent.plan_contracts WHERE tenant_id = :tenant), (SELECT count(*) FROM voiceagent.plan_periods WHERE tenant_id = :tenant AND state = 'paid'), trim_scale(available),
				(SELECT count(*) FROM (SELECT * FROM voiceagent_private.check_plans() UNION ALL SELECT * FROM voiceagent_private.check_grants() UNION ALL SELECT * FROM voiceagent_private.check_credit()) w) FROM voiceagent.credit_balance;}, 'ROLLBACK;';
		push @expected, [ "$vendor: $name", $state, $paid, $credits, scalar @told ];
	}
	my @got = map { [ split /\|/ ] } split /\n/, $node->safe_psql('va', join "\n", @sql);
	my @wrong = grep { my ($e, $g) = ($expected[$_], $got[$_]); !$g || $g->[0] ne $e->[1] || $g->[1] != $e->[2] || (defined $e->[3] && $g->[2] != $e->[3]) || $g->[3] != 0 } 0 .. $#expected;
	is(scalar @wrong, 0, "round $round of seed $seed: " . @lives . ' lives end in one state each')
		or diag(join "\n", map { "$expected[$_][0]: " . join('|', map { $_ // '' } @{ $got[$_] // [] }) . ' instead of ' . join('|', map { $_ // 'any' } @{ $expected[$_] }[ 1 .. 3 ]) . '|0' } @wrong);
	$lives += @lives;
	$others += @wrong;
}
figure(name => 'lives of subscriptions that end in another state', value => $others, unit => '', goal => '= 0', count => $lives);
$node->stop('fast');
done_testing();
