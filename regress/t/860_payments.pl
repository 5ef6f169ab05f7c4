# Stripe and PayPal as the process requests asks them: an order is made once though its answers are lost, approved money is taken,
# credits come once, a refund goes out once, a dispute takes credits back until it is won; a webhook is
# believed by its signature alone; and a copy of the database asks nobody.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;

my $keys = PostgreSQL::Test::Utils::tempdir();
my $world = "$keys/world";    # what the test tells the vendors: a word a line
append_to_file($world, '');
sub said { return slurp_file($world) =~ /^\Q$_[0]\E$/m }
sub happens { append_to_file($world, "$_[0]\n"); return; }

# PayPal's certificate, by an authority that the server takes for one of the system's, and one by nobody.
system_or_bail('sh', '-c', "cd $keys && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=An authority' -keyout ca.key -out ca.pem 2>/dev/null
	&& openssl req -newkey rsa:2048 -nodes -subj /CN=messageverificationcerts.paypal.com -keyout leaf.key -out leaf.csr 2>/dev/null
	&& openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out leaf.pem 2>/dev/null
	&& openssl x509 -req -in leaf.csr -signkey leaf.key -days 2 -out nobody.pem 2>/dev/null" =~ s/\n\s*/ /gr);
$ENV{SSL_CERT_FILE} = "$keys/ca.pem";

my $json = JSON::PP->new->canonical;
my (%made, %taken);
my $port = fake_carrier(
	sub {
		my ($asked) = @_;
		my ($path, $method) = @{$asked}{qw(path method)};
		my ($key) = $asked->{head} =~ /^(?:Idempotency-Key|PayPal-Request-Id): (\S+)/mi;
		if ($path eq '/v1/oauth2/token') { return said('no token') ? (401, {error_description => 'Client Authentication failed'}) : (200, {access_token => 'TOKEN', expires_in => 32400}); }
		return $1 eq 'leaf' && said('hiccup') && !$taken{certificate}++ ? () : (200, slurp_file("$keys/$1.pem")) if $path =~ m{^/v1/notifications/certs/CERT-(leaf|nobody)(?:-plan)?$};
		return (401, {error => {message => 'Invalid API Key'}}) if $asked->{head} !~ /^Authorization: Bearer (?:sk_good|TOKEN)\r$/mi;
		if ($path eq '/v1/checkout/sessions')
		{
			# Heard, and the first answers are lost.
			$made{$key}++;
			return if $made{$key} < 3;
			my ($order) = $asked->{body} =~ /client_reference_id=([\w-]+)/;
			return (200, {id => "cs_$order", status => 'open', payment_status => 'unpaid', url => "https://pay.example/cs_$order"});
		}
		if ($path =~ m{^/v1/checkout/sessions/(cs_\S+?)\?})
		{
			my $paid = said('stripe pays');
			return (200, {id => $1, status => $paid ? 'complete' : 'open', payment_status => $paid ? 'paid' : 'unpaid', amount_subtotal => said('stripe lies') ? 1 : 2500, currency => 'eur',
				payment_intent => $paid ? {id => 'pi_1', status => 'succeeded', latest_charge => {amount_refunded => said('stripe refunds') ? 500 : 0, disputed => said('disputed') ? JSON::PP::true : JSON::PP::false, payment_method_details => {card => {brand => 'visa', last4 => '4242'}}}} : undef});
		}
		return (200, {data => [ {status => said('won') ? 'won' : 'needs_response', amount => 2000} ]}) if $path =~ m{^/v1/disputes};
		if ($path eq '/v1/refunds') { happens('stripe refunds'); return if !$taken{$key}++; return (200, {status => 'succeeded'}); }
		my $unit = {amount => {currency_code => 'EUR', value => '25.00'}, payee => {merchant_id => 'M1'}};
		return (201, {id => 'PP1', status => 'PAYER_ACTION_REQUIRED', links => [ {rel => 'payer-action', href => 'https://pay.example/pp'} ], purchase_units => [$unit]}) if $path eq '/v2/checkout/orders';
		my $captured = {%$unit, payments => {captures => [ {id => 'CAP1', status => 'COMPLETED', amount => $unit->{amount}} ]}};
		if ($path eq '/v2/checkout/orders/PP1/capture') { return if !$taken{capture}++; return (422, {details => [ {issue => 'ORDER_ALREADY_CAPTURED'} ]}); }
		return (200, {id => 'PP1', status => $taken{capture} ? 'COMPLETED' : said('paypal approves') ? 'APPROVED' : 'CREATED', purchase_units => [ $taken{capture} ? $captured : $unit ]}) if $path eq '/v2/checkout/orders/PP1';
		return (404, {message => 'no such thing'});
	});

append_to_file("$keys/vault", 'a vault key of thirty-two bytes.');
chmod 0600, "$keys/vault";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$keys/vault");
$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$port')");
my $tenant = create_tenant($node, 'va', 'Buyer', credits => 0);
my $pack = $node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Hundred', 100, '{"EUR": 25.00}')});
sub as { return as_tenant($node, 'va', $tenant, $_[0]) }
sub buy { return as("SELECT order_id FROM voiceagent.buy($pack, '$_[0]', return_url := 'https://app.example/back')") }
sub ordered { my ($what, $order) = @_; return acting_for($tenant, "SELECT $what FROM voiceagent.payment_orders WHERE order_id = $order") }
sub waits_for { my ($what, $order, $value, $name) = @_; return wait_for_sql($node, 'va', "SELECT $what FROM voiceagent.payment_orders WHERE order_id = $order", $value, $name, 60) }
# As the vendor's webhook, the buyer's return and the next minute do.
sub hint { return as("SELECT voiceagent.payment_returned($_[0])") }
sub look { $node->safe_psql('va', "UPDATE voiceagent_private.payment_looks SET next_at = voiceagent.clock() WHERE order_id = $_[0]; SELECT voiceagent_private.poke('payments')"); return; }
sub wallet { return as('SELECT trim_scale(available) FROM voiceagent.credit_balance') }

# ---- Stripe ----

my ($result, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.buy($pack, 'stripe', return_url := 'https://app.example/')");
like($err, qr/the platform has no account at stripe/, 'a vendor that is not set up sells nothing');
$node->safe_psql('va', "SELECT voiceagent.set_payment_account('stripe', 'sk_good', webhook_secret := 'whsec_test_secret', base_url := 'http://127.0.0.1:$port')");
is(as('SELECT voiceagent.payment_vendors()'), '{stripe}', 'with the first payment account the embedded vendor is off');
my $order = buy('stripe');
waits_for('state', $order, 'waiting', 'an order whose answers were lost is made');
is(as("SELECT approve_url LIKE 'https://pay.example/cs\\_va-%' FROM voiceagent.payment_orders WHERE order_id = $order"), 't', '... and says where to pay');
my @posts = came('POST', qr{^/v1/checkout/sessions$});
my %sent = map { $_->{head} =~ /^Idempotency-Key: (\S+)/mi => 1 } @posts;
is(scalar(@posts) . ' ' . keys %sent, '3 1', '... after three requests with one key');
like($posts[0]{head}, qr/^Stripe-Version: 2023-08-16\r$/mi, '... of a pinned version');
is(wallet(), '0', 'nothing is granted before it is paid');
happens('stripe pays');
hint($order);
waits_for('state', $order, 'paid', 'paid');
is(wallet(), '100', 'the credits are there');
is(as("SELECT method || ' ' || payment_ref FROM voiceagent.payment_orders WHERE order_id = $order"), 'visa 4242 pi_1', '... and how it was paid');
look($order) foreach 1 .. 3;
# While the vendor is being asked, refund_order() says so and is to be tried again.
sub rests { return wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.payment_looks WHERE order_id = $_[0] AND (claimed OR next_at <= voiceagent.clock())", '0', '... and nothing is being asked', 60) }
rests($order);
is($node->safe_psql('va', "SELECT voiceagent.refund_order($tenant, $order, 'a part', 5)"), 'asked', 'a refund is asked for');
waits_for('refunded', $order, '500', '... and made, though its first answer was lost');
%sent = map { $_->{head} =~ /^Idempotency-Key: (\S+)/mi => 1 } came('POST', qr{^/v1/refunds$});
is(scalar(keys %sent), 1, '... once');
is(wallet(), '80', 'its share of the credits went back');
happens('disputed');
look($order);
waits_for('disputed', $order, '2000', 'a dispute is found though no webhook told of it');
is(wallet(), '0', '... and takes the rest');
happens('won');
# ... as a webhook says, which is believed when Stripe has signed it, and only so far as to ask
my $gateway = $node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()');
my $reference = $node->safe_psql('va', "SELECT voiceagent_private.payment_reference($tenant, $order)");
my $event = $json->encode({id => 'evt_1', type => 'charge.dispute.closed', data => {object => {metadata => {order => $reference}}}});
sub webhook
{
	my ($vendor, $body, $secret, $age) = @_;
	my $at = time - ($age // 0);
	my %head = $secret ? ('stripe-signature' => "t=$at,v1=" . hmac_sha256_hex("$at.$body", $secret)) : ();
	return HTTP::Tiny->new(timeout => 20)->post("$gateway/payments/$vendor", {content => $body, headers => \%head})->{status};
}
is(webhook('stripe', $event), 401, 'a webhook without a signature is refused');
is(webhook('stripe', $event, 'whsec_other'), 401, '... and one of another secret');
is(webhook('stripe', $event, 'whsec_test_secret', 301), 401, '... and an old one');
is(webhook('bank', $event, 'whsec_test_secret'), 404, '... and that of another vendor');
is(webhook('stripe', $event =~ s/va-\w+/va-00000000/r, 'whsec_test_secret'), 200, 'one about an order of another database is taken, and passed over');
is(webhook('stripe', $event =~ s/-$order"/-999"/r, 'whsec_test_secret'), 200, '... and one about none');
is(webhook('stripe', $event, 'whsec_test_secret'), 200, 'a good one is taken');
waits_for('disputed', $order, '0', 'won');
is(wallet(), '80', '... it comes back');
is(as('SELECT count(*) FROM voiceagent_private.check_payments()'), '0', 'orders and ledger agree');

# ---- another amount ----

$order = buy('stripe');
waits_for('state', $order, 'waiting', 'a second order');
happens('stripe lies');
hint($order);
waits_for('state', $order, 'failed', 'a payment of another amount');
is(as("SELECT reason FROM voiceagent.payment_orders WHERE order_id = $order"), 'the vendor names 0.01 EUR instead of 25.00 EUR', '... says so');
is(wallet(), '80', '... and grants nothing');

# ---- PayPal ----

$node->safe_psql('va', "SELECT voiceagent.set_payment_account('paypal', 'secret', client_id := 'client', payee := 'M1', base_url := 'http://127.0.0.1:$port', webhook_id := 'WH-ID')");
$order = buy('paypal');
waits_for('state', $order, 'waiting', 'PayPal makes an order');
is(as("SELECT approve_url FROM voiceagent.payment_orders WHERE order_id = $order"), 'https://pay.example/pp', '... with its page');
is(scalar(came('POST', qr{^/v1/oauth2/token$})), 1, '... by one token');
hint($order);
$reference = $node->safe_psql('va', "SELECT voiceagent_private.payment_reference($tenant, $order)");
my $approved = $json->encode({event_type => 'CHECKOUT.ORDER.APPROVED', resource => {purchase_units => [ {custom_id => $reference} ]}});

sub crc32
{
	my $crc = 0xFFFFFFFF;
	foreach my $byte (unpack 'C*', $_[0]) { $crc ^= $byte; $crc = ($crc >> 1) ^ ($crc & 1 ? 0xEDB88320 : 0) for 1 .. 8; }
	return $crc ^ 0xFFFFFFFF;
}

# As PayPal sends it: {body}, {signed}: what the signature is over, {certificate}, {id}
sub paypal
{
	my (%of) = (body => $approved, certificate => "http://127.0.0.1:$port/v1/notifications/certs/CERT-leaf", id => 'WH-ID', @_);
	my ($transmission, $at) = ('69cd13f0-d67a-11e5-baa3-778b53f4ae55', '2026-11-25T08:00:00Z');
	append_to_file("$keys/text", '');
	open(my $out, '>', "$keys/text") or die $!;
	print $out join('|', $transmission, $at, $of{id}, crc32($of{signed} // $of{body}));
	close $out;
	system_or_bail('sh', '-c', "openssl dgst -sha256 -sign $keys/leaf.key -out $keys/signature $keys/text");
	return HTTP::Tiny->new(timeout => 20)->post("$gateway/payments/paypal", {content => $of{body}, headers => {'paypal-transmission-id' => $transmission, 'paypal-transmission-time' => $at,
		'paypal-auth-algo' => 'SHA256withRSA', 'paypal-cert-url' => $of{certificate}, 'paypal-transmission-sig' => encode_base64(slurp_file("$keys/signature"), '')}})->{status};
}

is(webhook('paypal', $approved), 401, 'a webhook of PayPal without a signature is refused');
is(paypal(certificate => 'https://paypal.com.example.com/v1/notifications/certs/CERT-leaf'), 401, '... and one whose certificate is not at PayPal');
is(paypal(body => $approved =~ s/va-\w+/va-00000000/r), 503, 'one about an order of another database waits for a certificate');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent_private.payment_certificates'), '0', '... that nobody fetches for it');
happens('hiccup');
is(paypal(), 503, 'one of which the certificate is not here yet is to come again');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.payment_certificates WHERE pem IS NOT NULL', '1', 'it is fetched meanwhile, by a second request where the first has no answer', 90);
is(paypal(signed => $approved =~ s/APPROVED/APPROVES/r), 401, 'one of which the body was changed is refused');
is(paypal(id => 'WH-OTHER'), 401, '... and one for another webhook');
is(paypal(body => $approved =~ s/-$order"/-999"/r), 200, 'one about no order is taken, and passed over');
is(paypal(certificate => "http://127.0.0.1:$port/v1/notifications/certs/CERT-nobody"), 503, 'a certificate that nobody vouches for is asked for');
wait_for_sql($node, 'va', q{SELECT trouble LIKE 'webhooks cannot be verified: self%signed certificate' FROM voiceagent.list_payment_accounts() WHERE vendor = 'paypal'}, 't', '... and not taken, which the operator sees', 60);
is(paypal(certificate => "http://127.0.0.1:$port/v1/notifications/certs/CERT-nobody"), 503, '... whoever signs with it');
# Where a plan's events are all that comes, the certificate is fetched for them.
sub suspended { return (certificate => "http://127.0.0.1:$port/v1/notifications/certs/CERT-leaf-plan", body => qq({"event_type": "BILLING.SUBSCRIPTION.SUSPENDED", "create_time": "2026-11-25T08:00:00Z", "resource": {"id": "$_[0]"}})) }
my $fetched = q{SELECT count(*) FROM voiceagent_private.payment_certificates WHERE url LIKE '%-plan' AND pem IS NOT NULL};
$node->safe_psql('va', q{SELECT voiceagent.attach_plan(voiceagent.create_tenant('Plan alone', 'UTC'), voiceagent.create_plan('Alone', 1, 1, '{"EUR": 1}'), 'paypal', 'I-ALONE', 'EUR')});
is(paypal(suspended('I-NOBODY')), 503, q{an event about nobody's subscription waits for a certificate});
is($node->safe_psql('va', q{SELECT count(*) FROM voiceagent_private.payment_certificates WHERE url LIKE '%-plan'}), '0', '... that nobody fetches for it');
is(paypal(suspended('I-ALONE')), 503, 'one about a subscription of ours is to come again');
wait_for_sql($node, 'va', $fetched, '1', '... once its certificate is there', 90);
is(paypal(suspended('I-ALONE')), 200, '... and is taken then');
is($node->safe_psql('va', "SELECT state FROM (SELECT voiceagent_private.set_tenant($tenant)) s, LATERAL (SELECT state FROM voiceagent.payment_orders WHERE order_id = $order) o"), 'waiting', 'nobody has asked about the order so far');
happens('paypal approves');
is(paypal(), 200, 'PayPal tells of the approval');
waits_for('state', $order, 'paid', 'approved money is taken, though the answer to that was lost');
is(wallet(), '180', '... and its credits are there');
cmp_ok(scalar(came('POST', qr{/capture$})), '>=', 2, '... by the capture sent again with its key');
is(scalar(came('POST', qr{^/v1/oauth2/token$})), 1, 'one token served all');

# ---- another payee, a bad key, a copy ----

$node->safe_psql('va', "SELECT voiceagent.set_payment_account('paypal', 'secret', client_id := 'client', payee := 'M2', base_url := 'http://127.0.0.1:$port')");
$order = buy('paypal');
waits_for('state', $order, 'waiting', 'an order at PayPal');
hint($order);
waits_for('state', $order, 'failed', 'a payment to another payee');
is(as("SELECT reason FROM voiceagent.payment_orders WHERE order_id = $order"), 'the vendor names another payee', '... says so');
$node->safe_psql('va', "SELECT voiceagent.set_payment_account('stripe', 'sk_bad', webhook_secret := 'whsec_test_secret', base_url := 'http://127.0.0.1:$port')");
$order = buy('stripe');
waits_for('reason', $order, q(the vendor refuses the platform's account), 'a bad key fails the order');
is($node->safe_psql('va', q{SELECT trouble FROM voiceagent.list_payment_accounts() WHERE vendor = 'stripe'}), 'Invalid API Key', '... and the operator sees why');
$node->safe_psql('va', "SELECT voiceagent.set_payment_account('stripe', 'sk_good', webhook_secret := 'whsec_test_secret', base_url := 'http://127.0.0.1:$port')");
$node->safe_psql('va', q{UPDATE voiceagent_private.payment_accounts SET home = 'elsewhere'});
($result, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.buy($pack, 'stripe', return_url := 'https://app.example/')");
like($err, qr/the platform has no account at stripe/, 'a copy of the database sells nothing');
my $asked = () = seen() =~ /\n/g;
look(1);
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.payment_looks WHERE next_at <= voiceagent.clock()', '0', 'what is due there', 60);
is(() = seen() =~ /\n/g, $asked, '... asks nobody');
is($node->safe_psql('va', readme_block('860_payments')) =~ s/\A\n+//r, "paypal|t||\nstripe|t||", 'the documented statements set both vendors up');
unlike(slurp_file($node->logfile), qr/Bearer|TOKEN/, 'no token stands in the log');
$node->stop;
done_testing();
