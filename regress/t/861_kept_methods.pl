# A method that PayPal keeps for us, at a strict fake of its vault: kept only where that was wished for, charged without the buyer
# once for a need, also where answers are lost, and forgotten there when it is removed; one that PayPal refuses ends the top-up.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;

my $keys = PostgreSQL::Test::Utils::tempdir();
my $world = "$keys/world";    # what the test tells the vendor: a word a line
append_to_file($world, '');
sub said { return slurp_file($world) =~ /^\Q$_[0]\E$/m }
sub happens { append_to_file($world, "$_[0]\n"); return; }

# ---- the vault, by PayPal's document of orders, version 2: a word that it has not is refused ----

my $json = JSON::PP->new->canonical;
my (%order, %answered, %vault, $orders);
sub refused { return (422, {name => 'UNPROCESSABLE_ENTITY', message => 'The requested action could not be performed.', details => [ {issue => $_[0], description => "strict: $_[0]"} ]}) }
sub only { my ($what, @names) = @_; my %may = map { $_ => 1 } @names; return !grep { !$may{$_} } keys %$what }

sub source_is_right
{
	my ($paypal) = @_;
	return 0 unless only($paypal, qw(vault_id attributes experience_context)) && (exists $paypal->{vault_id} xor exists $paypal->{experience_context});
	my $context = $paypal->{experience_context};
	return 0 if $context && !(only($context, qw(brand_name locale shipping_preference return_url cancel_url landing_page user_action payment_method_preference)) && $context->{return_url} && $context->{cancel_url});
	my $vault = ($paypal->{attributes} // {})->{vault};
	return !$vault || (only($paypal->{attributes}, 'vault') && only($vault, qw(store_in_vault usage_type description usage_pattern)) && $vault->{store_in_vault} eq 'ON_SUCCESS' && $vault->{usage_type} eq 'MERCHANT');
}

sub shown
{
	my ($o) = @_;
	my $unit = {amount => {currency_code => 'EUR', value => '25.00'}, payee => {merchant_id => 'M1'}, custom_id => $o->{custom_id}};
	$unit->{payments} = {captures => [ {id => "CAP-$o->{id}", status => 'COMPLETED', amount => $unit->{amount}} ]} if $o->{taken};
	my $source = {account_status => 'VERIFIED', email_address => 'buyer@example.com'};
	$source->{attributes} = {vault => {id => $o->{token}, status => 'VAULTED', customer => {id => 'CUST'}}} if $o->{token};
	return {id => $o->{id}, status => $o->{taken} ? 'COMPLETED' : said("approves $o->{id}") ? 'APPROVED' : 'PAYER_ACTION_REQUIRED', purchase_units => [$unit], payment_source => {paypal => $source},
		links => [ {rel => 'payer-action', href => "https://pay.example/$o->{id}"} ]};
}

sub make_order
{
	my ($asked) = @_;
	my $body = $json->decode($asked->{body});
	my $unit = $body->{purchase_units}[0];
	return refused('MALFORMED') unless only($body, qw(intent purchase_units payment_source)) && $body->{intent} eq 'CAPTURE' && only($unit, qw(custom_id description amount)) && source_is_right($body->{payment_source}{paypal});
	return refused('AMOUNT') unless $unit->{amount}{value} eq '25.00' && $unit->{amount}{currency_code} eq 'EUR';
	my $id = $body->{payment_source}{paypal}{vault_id};
	return refused('TOKEN_ID_NOT_FOUND') if defined $id && !$vault{$id};
	return refused('PAYER_CANNOT_PAY') if defined $id && said('has no money');
	my $o = {id => 'PP' . ++$orders, custom_id => $unit->{custom_id}, keeps => exists(($body->{payment_source}{paypal}{attributes} // {})->{vault}), taken => defined $id};
	$order{ $o->{id} } = $o;
	return (201, shown($o));
}

my $port = fake_carrier(
	sub {
		my ($asked) = @_;
		my ($path, $method) = @{$asked}{qw(path method)};
		return (200, {access_token => 'TOKEN', expires_in => 32400}) if $path eq '/v1/oauth2/token';
		return (401, {message => 'no token'}) if $asked->{head} !~ /^Authorization: Bearer TOKEN\r$/mi;
		if ($method eq 'DELETE' && $path =~ m{^/v3/vault/payment-tokens/(\w+)$}) { return delete $vault{$1} ? (204, '') : (404, {message => 'gone'}); }
		return exists $order{$1} ? (200, shown($order{$1})) : (404, {message => 'no such order'}) if $method eq 'GET' && $path =~ m{^/v2/checkout/orders/(\w+)$};
		return (404, {message => 'no such thing'}) if $method ne 'POST';
		# The same key has the same answer, for the same words alone; and what makes or takes needs one.
		my ($key) = $asked->{head} =~ /^PayPal-Request-Id: (\S+)/mi;
		return (400, {message => 'PAYPAL_REQUEST_ID_REQUIRED'}) unless $key;
		my $known = $answered{"$path $key"};
		return $known->{body} eq $asked->{body} ? (200, shown($order{ $known->{id} })) : refused('DUPLICATE_REQUEST_ID') if $known;
		my ($status, $reply);
		if ($path eq '/v2/checkout/orders') { ($status, $reply) = make_order($asked); }
		elsif ($path =~ m{^/v2/checkout/orders/(\w+)/capture$} && $order{$1})
		{
			my $o = $order{$1};
			return refused('ORDER_ALREADY_CAPTURED') if $o->{taken};
			return refused('ORDER_NOT_APPROVED') unless said("approves $o->{id}");
			$o->{taken} = 1;
			if ($o->{keeps}) { $o->{token} = "tok$o->{id}"; $vault{ $o->{token} } = 1; }
			($status, $reply) = (201, shown($o));
		}
		return (404, {message => 'no such order'}) unless $status;
		return ($status, $reply) if $status >= 300;
		$answered{"$path $key"} = {body => $asked->{body}, id => $reply->{id}};
		# Heard, and the answer is lost.
		return said('loses answers') ? () : ($status, $reply);
	});

append_to_file("$keys/vault", 'a vault key of thirty-two bytes.');
chmod 0600, "$keys/vault";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$keys/vault");
$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$port'); SELECT voiceagent.set_payment_account('paypal', 'secret', client_id := 'client', payee := 'M1', base_url := 'http://127.0.0.1:$port', webhook_id := 'WH')");
my $tenant = create_tenant($node, 'va', 'Buyer', credits => 0);
my $pack = $node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Hundred', 100, '{"EUR": 25.00}')});
sub as { return as_tenant($node, 'va', $tenant, $_[0]) }
sub wallet { return as('SELECT trim_scale(available) FROM voiceagent.credit_balance') }
sub waits_for { my ($what, $order, $value, $name) = @_; return wait_for_sql($node, 'va', "SELECT $what FROM voiceagent.payment_orders WHERE order_id = $order", $value, $name, 60) }
sub bought
{
	my ($keep, $n, $name) = @_;
	my $order = as("SELECT order_id FROM voiceagent.buy($pack, 'paypal', return_url := 'https://app.example/back', keep_method := $keep)");
	waits_for('state', $order, 'waiting', "$name: the order is made");
	happens("approves PP$n");
	as("SELECT voiceagent.payment_returned($order)");
	waits_for('state', $order, 'paid', '... and paid');
	return;
}

# ---- kept where it is wished for ----

bought('false', 1, 'without a wish');
is(as('SELECT count(*) FROM voiceagent.payment_methods'), 0, '... nothing is kept');
bought('true', 2, 'with one');
is(as('SELECT vendor, shown, vendor_ref FROM voiceagent.payment_methods'), 'paypal|paypal|tokPP2', '... the method is');
is(wallet(), 200, 'both are granted');

# ---- charged without the buyer, once, though the answer is lost ----

happens('loses answers');
my $method = as('SELECT method_id FROM voiceagent.payment_methods');
as("SELECT voiceagent.set_top_up($pack, 250, 50, $method)");
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.payment_orders WHERE tenant_id = $tenant AND method_id IS NOT NULL AND state = 'paid'", 1, 'credits below the threshold are bought by it', 90);
is(wallet(), 300, '... and granted once');
my @charges = grep { $json->decode($_->{body})->{payment_source}{paypal}{vault_id} } came('POST', qr{^/v2/checkout/orders$});
my %sent = map { $_->{head} =~ /^PayPal-Request-Id: (\S+)/mi => 1 } @charges;
cmp_ok(scalar(@charges), '>=', 2, '... by a request that was sent again');
is(scalar(keys %sent), 1, '... with its key');
is(as("SELECT count(*) FROM voiceagent_private.check_payments()"), 0, 'orders and ledger agree');

# ---- the month's limit, a payer that cannot pay, a method that is removed ----

sub look { $node->safe_psql('va', "UPDATE voiceagent_private.top_up_turns SET next_at = voiceagent.clock(); SELECT voiceagent_private.request_job('top_up', voiceagent.clock())"); return; }
as("SELECT voiceagent.set_top_up($pack, 1000, 25, $method)");
wait_for_sql($node, 'va', "SELECT reason FROM voiceagent.top_ups WHERE tenant_id = $tenant", '25.00 of 25.00 EUR are spent this month', 'no more than a month may cost', 60);
happens('has no money');
as("SELECT voiceagent.set_top_up($pack, 1000, 100, $method)");
wait_for_sql($node, 'va', "SELECT active, reason FROM voiceagent.top_ups WHERE tenant_id = $tenant", 'f|order 4: strict: PAYER_CANNOT_PAY', 'a payer that cannot pay ends it, with the reason', 90);
is(wallet(), 300, '... and nothing is granted');
as("SELECT voiceagent.remove_payment_method($method)");
my $until = deadline(60);
sleep 1 while !$until->() && !came('DELETE', qr{^/v3/vault/payment-tokens/tokPP2$});
is(scalar(came('DELETE', qr{^/v3/vault/payment-tokens/tokPP2$})), 1, 'a method that is removed is forgotten at PayPal');
my (undef, undef, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.set_top_up($pack, 250, 50, $method)");
like($err, qr/there is no such payment method/, '... and cannot be charged any more');
$node->stop;
done_testing();
