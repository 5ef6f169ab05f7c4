# A plan that Stripe keeps, by its signed events over the gateway: paid once, whatever comes twice, unsigned or for somebody else.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $keys = PostgreSQL::Test::Utils::tempdir();
append_to_file("$keys/vault", 'a vault key of thirty-two bytes.');
chmod 0600, "$keys/vault";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$keys/vault");
my $tenant = create_tenant($node, 'va', 'Subscriber', credits => 0);
my $plan = $node->safe_psql('va', q{SELECT voiceagent.create_plan('Pro', 2, 400, '{"EUR": 149.00}')});
$node->safe_psql('va', "SELECT voiceagent.set_payment_account('stripe', 'sk_good', webhook_secret := 'whsec_test_secret'); SELECT voiceagent.attach_plan($tenant, $plan, 'stripe', 'sub_1', 'EUR')");
my $gateway = $node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()');
my $json = JSON::PP->new->canonical;

sub webhook
{
	my ($event, $secret) = @_;
	my ($at, $body) = (time, $json->encode($event));
	return HTTP::Tiny->new(timeout => 20)->post("$gateway/payments/stripe", {content => $body, headers => {'stripe-signature' => "t=$at,v1=" . hmac_sha256_hex("$at.$body", $secret // 'whsec_test_secret')}})->{status};
}
sub invoice { my ($type, $sub) = @_; return {type => "invoice.$type", created => time, data => {object => {subscription => $sub, billing_reason => 'subscription_cycle', subtotal => 14900, currency => 'eur', lines => {data => [ {period => {start => time - 86400 - time % 60, end => time + 29 * 86400 - time % 60}} ]}}}} }
sub standing { return as_tenant($node, 'va', $tenant, 'SELECT p.state, trim_scale(b.available) FROM voiceagent.my_plan() p, voiceagent.credit_balance b') }

my $paid = invoice('paid', 'sub_1');
is(standing(), 'incomplete|0', 'nothing is paid yet');
is(webhook($paid, 'whsec_other'), 401, 'an event that Stripe did not sign is refused');
is(standing(), 'incomplete|0', '... and changes nothing');
is(webhook(invoice('paid', 'sub_2')), 200, 'one about a subscription that is not ours is passed over');
is(webhook($paid), 200, 'a payment is taken');
is(standing(), 'active|400', '... and gives the credits of the period');
is(webhook($paid), 200, 'again');
is(webhook({%$paid, type => 'invoice.payment_failed'}), 200, '... and late news of an earlier try');
is(standing(), 'active|400', '... change nothing');

# What somebody holds is not waited for: Stripe sends it again.
my ($in, $out) = ("BEGIN;\nSELECT voiceagent_private.set_tenant($tenant), voiceagent_private.lock_available();\n\\echo held\n", '');
my $holder = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('va') ], '<', \$in, '>', \$out, '2>&1');
$holder->pump until $out =~ /held/;
my $deleted = {type => 'customer.subscription.deleted', created => time, data => {object => {id => 'sub_1', status => 'canceled'}}};
is(webhook($deleted), 503, 'while the ledger is locked, an event is not taken');
$in .= "COMMIT;\n\\q\n";
$holder->finish;
is(webhook($deleted), 200, '... and taken when it is sent again');
is($node->safe_psql('va', 'SELECT state FROM voiceagent.plan_contracts'), 'ended', 'deleted');
$node->stop('fast');
done_testing();
