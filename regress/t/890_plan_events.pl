# A plan that Stripe keeps.  Its signed events are hints: what one says pays nothing and ends nothing, Stripe is asked; and
# however often they come, in whatever order, while an answer is on its way, lost or late, a payment counts once.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;

my $keys = PostgreSQL::Test::Utils::tempdir();
my $world = "$keys/world";    # what the test tells Stripe: a word a line
append_to_file($world, '');
sub said { return slurp_file($world) =~ /^\Q$_[0]\E$/m }
sub happens { append_to_file($world, "$_[0]\n"); return; }

my %period = (start => time - 86400 - time % 60, end => time + 29 * 86400 - time % 60);
my %lost;
my $port = fake_carrier(
	sub {
		my ($asked) = @_;
		my ($path, $method) = @{$asked}{qw(path method)};
		return (401, {error => {message => 'Invalid API Key'}}) if $asked->{head} !~ /^Authorization: Bearer sk_good\r$/mi;
		if ($path eq '/v1/subscriptions/sub_1')
		{
			my $ended = said('deleted');
			# As it stood when it was asked.
			sleep 3 if said('slow') && !$ended;
			return (200, {id => 'sub_1', object => 'subscription', status => $ended ? 'canceled' : 'active', cancel_at_period_end => JSON::PP::false, current_period_start => $period{start}, current_period_end => $period{end},
				items => {data => [ {id => 'si_1', price => {unit_amount => 14900}} ]}});
		}
		if ($path eq '/v1/invoices?subscription=sub_1&limit=100')
		{
			return if said('paid') && !$lost{payments}++;
			return (200, {data => said('paid') ? [ {id => 'in_1', object => 'invoice', subscription => 'sub_1', status => 'paid', billing_reason => 'subscription_cycle', subtotal => 14900, total_excluding_tax => 14900, tax => 0, currency => 'eur',
				created => time, payment_intent => 'pi_1', lines => {data => [ {period => \%period} ]}} ] : []});
		}
		if ($path eq '/v1/refunds') { happens('refunded'); return (200, {status => 'succeeded'}) }
		return (200, {id => 'pi_1', status => 'succeeded', amount => 14900, currency => 'eur', latest_charge => {amount_refunded => said('refunded') ? 7450 : 0, disputed => JSON::PP::false}}) if $path =~ m{^/v1/payment_intents/pi_1\?};
		return (404, {error => {message => 'Unrecognized request URL'}});
	});

append_to_file("$keys/vault", 'a vault key of thirty-two bytes.');
chmod 0600, "$keys/vault";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$keys/vault");
sub sql { return $node->safe_psql('va', $_[0]) }
sql("SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$port')");
my $tenant = create_tenant($node, 'va', 'Subscriber', credits => 0);
my $plan = sql(q{SELECT voiceagent.create_plan('Pro', 2, 400, '{"EUR": 149.00}')});
sql("SELECT voiceagent.set_payment_account('stripe', 'sk_good', webhook_secret := 'whsec_test_secret', base_url := 'http://127.0.0.1:$port'); SELECT voiceagent.attach_plan($tenant, $plan, 'stripe', 'sub_1', 'EUR')");
my $gateway = sql('SELECT voiceagent_private.gateway_address()');
my $json = JSON::PP->new->canonical;

sub webhook
{
	my ($event, $secret) = @_;
	my ($at, $body) = (time, $json->encode($event));
	return HTTP::Tiny->new(timeout => 20)->post("$gateway/payments/stripe", {content => $body, headers => {'stripe-signature' => "t=$at,v1=" . hmac_sha256_hex("$at.$body", $secret // 'whsec_test_secret')}})->{status};
}
sub invoice { my ($type, $sub) = @_; return {type => "invoice.$type", created => time, data => {object => {object => 'invoice', id => 'in_1', subscription => $sub, billing_reason => 'subscription_cycle', subtotal => 14900, currency => 'eur', lines => {data => [ {period => \%period} ]}}}} }
sub standing { return as_tenant($node, 'va', $tenant, 'SELECT p.state, trim_scale(b.available) FROM voiceagent.my_plan() p, voiceagent.credit_balance b') }
# All that there was a reason to ask has its answer.
sub answered { return wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.payment_requests WHERE hinted OR claimed', '0', $_[0], 90) }
sub looks { return scalar came('GET', qr{^/v1/subscriptions/sub_1$}) }
sub agrees { return is(as_tenant($node, 'va', $tenant, 'SELECT string_agg(invariant || detail, E\'\n\') FROM (SELECT * FROM voiceagent_private.check_plans() UNION ALL SELECT * FROM voiceagent_private.check_payments() UNION ALL SELECT * FROM voiceagent_private.check_grants() UNION ALL SELECT * FROM voiceagent_private.check_credit()) w'), '', 'plans, orders and ledger agree') }

my $paid = invoice('paid', 'sub_1');
is(standing(), 'incomplete|0', 'nothing is paid yet');
is(webhook($paid, 'whsec_other'), 401, 'an event that Stripe did not sign is refused');
is(webhook(invoice('paid', 'sub_2')), 200, 'one about a subscription that is not ours is passed over');
is(looks(), 0, '... and neither has Stripe asked');
is(webhook($paid), 200, 'a payment of which Stripe knows nothing when it is asked');
answered('... is asked about');
is(looks(), 1, '... once');
is(standing(), 'incomplete|0', '... and pays nothing, signed as it is');
happens('paid');
is(webhook($paid), 200, 'the same event again');
wait_for_sql($node, 'va', "SELECT trim_scale(available) FROM voiceagent.ledgers WHERE tenant_id = $tenant", '400', 'once Stripe says that it is paid, the credits of the period come, though an answer was lost', 90);
answered('... and all is answered');
is(standing(), 'active|400', '... and the plan is active');
is(webhook($_), 200, 'again') foreach $paid, invoice('payment_failed', 'sub_1'), $paid, {type => 'customer.subscription.updated', data => {object => {id => 'sub_1', status => 'active'}}}, $paid;
answered('a swarm of late and repeated events is answered');
is(standing(), 'active|400', '... and changes nothing');
cmp_ok(looks(), '<=', 6, '... by fewer looks than events');
is(sql("SELECT string_agg(state || ' ' || payment_ref, ', ') FROM voiceagent.payment_orders WHERE tenant_id = $tenant"), 'paid pi_1', 'the payment is one order');
agrees();

# ---- a refund after the fact: the event of the payment comes once more ----

is(sql("SELECT voiceagent.refund_order($tenant, order_id, 'a half', 74.50) FROM voiceagent.payment_orders WHERE tenant_id = $tenant"), 'asked', 'a refund is asked for');
wait_for_sql($node, 'va', "SELECT trim_scale(available) FROM voiceagent.ledgers WHERE tenant_id = $tenant", '200', '... and takes its share of the credits', 90);
is(webhook($paid), 200, 'the event of the payment comes once more');
answered('... and is asked about');
is(standing(), 'active|200', '... which gives nothing back');
agrees();

# ---- locks, and an answer that is older than the event ----

sub holding
{
	my ($sql) = @_;
	my ($in, $out) = ("BEGIN;\n$sql;\n\\echo held\n", '');
	my $holder = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('va') ], '<', \$in, '>', \$out, '2>&1');
	$holder->pump until $out =~ /held/;
	return sub { $in .= "COMMIT;\n\\q\n"; $holder->finish; return };
}
my $release = holding("SELECT FROM voiceagent_private.payment_requests WHERE task = 'look' FOR UPDATE");
is(webhook($paid), 503, 'an event that comes while an answer is being read is not waited for: Stripe sends it again');
$release->();
$release = holding("SELECT voiceagent_private.set_tenant($tenant), voiceagent_private.lock_available()");
is(webhook($paid), 200, 'while the ledger is locked, an event is taken');
$release->();
answered('... and asked about');
happens('slow');
is(webhook($paid), 200, 'a look whose answer takes its time');
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.payment_requests WHERE task = 'look' AND claimed}, '1', '... is on its way', 30);
sleep 1;
happens('deleted');
is(webhook({type => 'customer.subscription.deleted', created => time, data => {object => {id => 'sub_1', status => 'canceled'}}}), 200, 'the subscription is deleted meanwhile');
wait_for_sql($node, 'va', 'SELECT state FROM voiceagent.plan_contracts', 'ended', '... which is found by another look, since the answer was older', 60);
answered('... and then nothing more is asked');
agrees();
$node->stop('fast');
done_testing();
