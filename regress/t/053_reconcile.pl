# Carriers that lose, stall, refuse and garble: each request ends in the right state, nobody is dialled twice, a lost end of
# call is asked for, and account, campaign or attempt say why.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentMemory;

my $seed = seeded();
my $n = 12;
# name => options of the carrier
my %faulty = (
	well => {},
	lost => {'drop-after-accept-percent' => 100, 'no-webhooks' => undef},
	dropped => {'drop-after-accept-percent' => 100},
	garbage => {'garbage-percent' => 100},
	stalled => {'stall-percent' => 100, 'no-webhooks' => undef},
	late => {'stall-percent' => 100, 'stall-ms' => 8000},
	mixed => {'drop-after-accept-percent' => 20, 'garbage-percent' => 20, '500-percent' => 20, '429-percent' => 20},
	refuses => {'refuse-percent' => 100},
	busy => {'429-percent' => 100},
	fails => {'500-percent' => 100},
	down => {},
	locked => {key => 'another-key'});
my %carrier = map { $_ => start_carrier(seed => $seed, %{$faulty{$_}}) } sort keys %faulty;
my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 5000, 'voiceagent.http_max_in_flight' => 500);
my $tenant = create_tenant($node, 'va', 'Faults', credits => 100000);
real_settings($node, [ values %carrier ], tenant_max_concurrent_calls => 2000, platform_max_concurrent_calls => 5000, account_max_concurrent_calls => 1000);
my %account = map { $_ => real_account($node, $tenant, $carrier{$_}, name => $_, armed => 0) } sort keys %carrier;
$node->safe_psql('va', "SELECT voiceagent.arm($account{$_}, '$_')") foreach sort keys %account;
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed');
wait_workers($node, 'the workers run');
stop_carrier($carrier{down});

my %campaign;
foreach my $name (sort keys %carrier)
{
	# Far more unknown calls at once than one page of the carrier's list has.
	my $leads = $name eq 'lost' ? 450 : $n;
	$campaign{$name} = start_leads($node, $tenant, [ numbers($leads) ], name => $name, account => $account{$name},
		settings => {max_concurrent_calls => 500, retry_attempts => 0});
}

sub of
{
	my ($name, $sql) = @_;
	return qq{WITH c AS (SELECT c.*, a.state, a.http_status, a.error, a.reference FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id)
		WHERE c.campaign_id = $campaign{$name}) $sql};
}

sub completed
{
	my ($name, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $campaign{$name}", 'completed', $what, 300);
}

sub dials { my $count = () = slurp_file($carrier{$_[0]}{witness}) =~ /\n/g; return $count; }

# ---- accepted, whatever became of the answer: found, not dialled again ----

completed('well', 'a carrier that does as it should');
# A webhook may end a call before the dialer has written down that the carrier took it.
wait_for_sql($node, 'va', of('well', 'SELECT count(*), count(DISTINCT state), min(state), count(*) FILTER (WHERE http_status IS NULL) FROM c'), "$n|1|accepted|0", '... answers each dial', 30);
foreach my $name ('dropped', 'garbage', 'stalled', 'late', 'lost')
{
	my $leads = $name eq 'lost' ? 450 : $n;
	completed($name, "a carrier that takes calls, but: $name");
	is_sql($node, 'va', of($name, 'SELECT count(*), count(DISTINCT lead_id), min(state), max(state) FROM c'), "$leads|$leads|accepted|accepted",
		"$name: one attempt each, found to be accepted");
	is(dials($name), $leads, "$name: the carrier was asked for each call once");
}
is_sql($node, 'va', of('lost', q{SELECT count(*) FROM c WHERE provider_call_id IS NULL OR answered_at IS NULL AND credits > 0}), 0,
	'lost: each is known by the carrier\'s id');
completed('mixed', 'a carrier with all faults by turns');
is_sql($node, 'va', of('mixed', q{SELECT count(*), max(k) FROM (SELECT lead_id, count(*) AS k FROM c WHERE state = 'accepted' GROUP BY 1) x}), "$n|1",
	'mixed: every lead has one accepted attempt');

# ---- refused for good ----

completed('refuses', 'a carrier that answers 400');
is_sql($node, 'va', of('refuses', 'SELECT count(*), min(state), min(http_status), max(http_status), sum(credits) = 0, min(cause) LIKE \'%refused by the test%\' FROM c'),
	"$n|refused|400|400|t|t", '... has refused, which costs nothing and says why');
is(dials('refuses'), 0, '... and took nothing');
is_as_tenant($node, 'va', $tenant, qq{SELECT count(*) FROM voiceagent.campaign_leads m
	WHERE m.campaign_id = $campaign{refuses} AND EXISTS (SELECT FROM voiceagent.explain_lead(m.lead_id) e WHERE e.why LIKE '%refused by the test%')}, $n,
	'... explain_lead() tells it');

# ---- not placed: the account rests, or the carrier is asked; the campaign says why; when it works again it goes on ----

wait_for_sql($node, 'va', "SELECT trouble LIKE '%429%' AND resumes_at IS NOT NULL FROM voiceagent.provider_accounts WHERE provider_account_id = $account{busy}", 't',
	'a carrier that answers 429: the account says so');
wait_for_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.attempts WHERE provider_account_id = $account{fails} AND state = 'not_placed' AND error LIKE '%500%'", 't',
	'a carrier that answers 500: it was asked, and knows of no call');
wait_for_sql($node, 'va', "SELECT trouble LIKE '%connection-failed%' AND opened_at IS NOT NULL FROM voiceagent.provider_accounts WHERE provider_account_id = $account{down}", 't',
	'a carrier that is not there: the account says so');
wait_for_sql($node, 'va', "SELECT a.trouble LIKE '%401%' AND c.status_reason LIKE 'carrier account: %401%' AND c.status = 'running'
	FROM voiceagent.provider_accounts a JOIN voiceagent.campaigns c USING (tenant_id, provider_account_id) WHERE a.provider_account_id = $account{locked}", 't',
	'a carrier that does not take our key: account and campaign say so');
is(dials($_), 0, "$_: nothing was taken") foreach 'busy', 'fails', 'down', 'locked';
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.campaign_leads WHERE attempts > 1}, 0, 'nobody has lost an attempt by it');

# A dial that finds nobody listening while the carrier is exchanged would have the account rest for minutes.
as_tenant($node, 'va', $tenant, "SELECT voiceagent.pause_campaign($campaign{$_})") foreach 'busy', 'fails';
foreach my $name ('busy', 'fails', 'locked', 'down')
{
	my $old = $carrier{$name};
	stop_carrier($old) if $name ne 'down';
	$carrier{$name} = start_carrier(seed => $seed, port => $old->{port});
}
as_tenant($node, 'va', $tenant, "SELECT voiceagent.resume_campaign($campaign{$_})") foreach 'busy', 'fails';
# A repair of an account is said; the others are tried again by themselves.
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account{$_}, settings => '{"max_concurrent_calls": 999}')}) foreach 'locked', 'down';
foreach my $name ('busy', 'fails', 'down', 'locked')
{
	completed($name, "$name: works again, and the campaign goes on by itself");
	is_sql($node, 'va', of($name, q{SELECT count(*), count(DISTINCT lead_id), max(attempt_number) FROM c WHERE state = 'accepted'}), "$n|$n|1",
		'... each lead was dialled once, as its first attempt');
	is(dials($name), $n, '... as the carrier knows');
	is_sql($node, 'va', "SELECT a.trouble, c.status_reason FROM voiceagent.provider_accounts a JOIN voiceagent.campaigns c USING (tenant_id, provider_account_id)
		WHERE a.provider_account_id = $account{$name}", '|', '... the trouble is forgotten');
}

is_well($node, 'after every fault');
is_witnessed($node, [ values %carrier ], 'the carriers');

# ---- the sandbox's numbers that force a fault ----

my %ending = (silent => '0113', dropped => '0115', no_report => '0117', shuffled => '0114', refused => '0110', busy_once => '0111', fails_once => '0112');
my $magic = start_leads($node, $tenant, [ map { "+1212555$_" } values %ending ], name => 'magic', settings => {max_call_duration => '5 minutes'});
$campaign{magic} = $magic;
completed('magic', 'numbers that force a fault');
sub magic
{
	my ($name, $columns, $expected, $what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is_sql($node, 'va', of('magic', "SELECT $columns FROM c WHERE phone = '+1212555$ending{$name}' ORDER BY call_id"), $expected, $what);
}
magic('silent', 'state, outcome, credits > 0, attempt_number', 'accepted|interested|t|1', 'no webhook at all: the reaper asks the carrier and settles');
magic('no_report', 'state, outcome, credits > 0, attempt_number', 'accepted|interested|t|1', 'a lost end-of-call webhook: the reaper asks the carrier and settles');
is_sql($node, 'va', of('magic', qq{SELECT count(*) > 0 FROM voiceagent.webhooks WHERE source = 'lookup' AND convert_from(body, 'UTF8') LIKE
	'%' || (SELECT reference FROM c WHERE phone = '+1212555$ending{no_report}') || '%'}), 't', '... by a look-up');
magic('dropped', 'state, outcome, attempt_number', 'accepted|interested|1', 'an answer that was lost: the call is found, not dialled again');
magic('shuffled', 'state, outcome, attempt_number', 'accepted|interested|1', 'webhooks twice and out of order: one effect');
magic('refused', 'state, http_status, credits = 0, attempt_number', "refused|400|t|1\nrefused|400|t|2", 'a number that is refused: as often as the campaign allows');
magic('busy_once', 'state, outcome, http_status, attempt_number', "refused|canceled|429|1\naccepted|interested|201|1", '429 once: dialled again, not counted');
magic('fails_once', 'state, outcome, http_status, attempt_number', "not_placed|canceled|500|1\naccepted|interested|201|1", '500 once: the carrier was asked, then dialled again, not counted');
is_well($node, 'after forced faults');
is_witnessed($node, undef, 'the sandbox');

$node->stop;
done_testing();
