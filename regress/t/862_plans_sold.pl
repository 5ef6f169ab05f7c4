# Plans that we sell at Stripe and PayPal, and methods that they keep: each thing is made there once though its first answer is lost, or
# its sender dies; nothing counts before the vendor says so, each payment is one order with one invoice, an upgrade is paid and given once,
# what was lost is found by the daily look, and what was closed here is ended there.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use POSIX qw(strftime);
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $keys = PostgreSQL::Test::Utils::tempdir();
my $world = "$keys/world";    # what the test tells the vendors: a word a line
append_to_file($world, '');
sub said { return slurp_file($world) =~ /^\Q$_[0]\E$/m }
sub happens { append_to_file($world, "$_[0]\n"); return; }

my $json = JSON::PP->new->canonical;
my $began = time - time % 60;
my %period = (start => $began, end => $began + 30 * 86400);
my (%answer, %product, %price, %coupon, %sub, @invoices, @sales, %made);
sub iso { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $_[0]) }
sub unescaped { return map { s/%([0-9A-F]{2})/chr hex $1/gier =~ tr/+/ /r } @_ }
# Who sends what the vendor does not know is told so: $name{...} are what may be there, and what has to be.
sub fields
{
	my ($given, $needed, $known) = @_;
	foreach my $key (@$needed) { return "Missing required param: $key." if !defined $given->{$key} }
	foreach my $key (keys %$given) { return "Received unknown parameter: $key" if !grep { $key eq $_ } @$needed, @$known }
	return;
}
sub bad { return (400, {error => {type => 'invalid_request_error', message => $_[0]}}) }

# ---- Stripe ----

my @price_data = map { "price_data[$_]" } qw(currency unit_amount product recurring][interval);
my @line = map { "line_items[0][price_data]" . s/price_data//r } @price_data;
sub stripe_sub { my ($s) = @_; return {id => $s->{id}, status => said("$s->{id} is deleted") ? 'canceled' : 'active', current_period_start => $period{start}, current_period_end => $period{end},
	cancel_at_period_end => $s->{ends} ? JSON::PP::true : JSON::PP::false, items => {data => [ {id => "si_$s->{id}", price => {unit_amount => $s->{amount}, product => 'prod'}} ]}} }
sub stripe_invoice { my ($s, $reason, $subtotal, $paid) = @_; push @invoices, {id => 'in_' . @invoices, subscription => $s->{id}, status => 'paid', billing_reason => $reason, subtotal => $subtotal, total_excluding_tax => $paid, currency => 'eur',
	created => time, payment_intent => 'pi_' . @invoices, lines => {data => [ {period => \%period} ]}}; return }
sub stripe_posts
{
	my ($path, $form) = @_;
	if ($path eq '/v1/products') { my $bad = fields($form, ['name'], []); return $bad ? bad($bad) : (200, {id => 'prod_' . ($product{ 'prod_' . (1 + keys %product) } = 1 + keys %product)}) }
	if ($path eq '/v1/coupons') { my $bad = fields($form, [qw(percent_off duration)], [qw(name duration_in_months)]); $coupon{co_1} = $form->{percent_off}; return $bad ? bad($bad) : (200, {id => 'co_1'}) }
	if ($path eq '/v1/checkout/sessions' && $form->{mode} eq 'subscription')
	{
		my $bad = fields($form, [ qw(mode client_reference_id success_url cancel_url expires_at line_items[0][quantity] subscription_data[metadata][contract]), @line ], [qw(subscription_data[trial_period_days] discounts[0][coupon])]);
		return bad($bad) if $bad;
		return bad('No such product') if !$product{ $form->{'line_items[0][price_data][product]'} };
		my $id = 'cs_' . ++$made{page};
		$sub{$id} = {id => "sub_$made{page}", amount => 0 + $form->{'line_items[0][price_data][unit_amount]'}, percent => $coupon{ $form->{'discounts[0][coupon]'} // '' } // 0};
		return (200, {id => $id, status => 'open', url => "https://pay.example/$id", subscription => undef});
	}
	if ($path =~ m{^/v1/checkout/sessions/(cs_\d+)/expire$}) { $sub{$1}{expired} = 1; return (200, {id => $1, status => 'expired'}) }
	if ($path =~ m{^/v1/subscriptions/(sub_\d+)$})
	{
		my ($s) = grep { $_->{id} eq $1 } values %sub;
		if (defined $form->{cancel_at_period_end}) { $s->{ends} = $form->{cancel_at_period_end} eq 'true'; return (200, stripe_sub($s)) }
		my $bad = fields($form, [ qw(items[0][id] proration_behavior), map { "items[0][price_data]" . s/price_data//r } @price_data ], ['payment_behavior']);
		return bad($bad) if $bad;
		return (402, {error => {type => 'card_error', code => 'card_declined', message => 'Your card was declined.'}}) if said('card is declined') && $form->{proration_behavior} eq 'always_invoice';
		my $amount = 0 + $form->{'items[0][price_data][unit_amount]'};
		stripe_invoice($s, 'subscription_update', $amount - $s->{amount}, $amount - $s->{amount}) if $form->{proration_behavior} eq 'always_invoice';
		$s->{amount} = $amount;
		return (200, stripe_sub($s));
	}
	if ($path eq '/v1/checkout/sessions') { return (200, {id => 'cs_once', status => 'open', payment_status => 'unpaid', url => 'https://pay.example/cs_once'}) }
	if ($path eq '/v1/payment_intents')
	{
		my $bad = fields($form, [qw(amount currency customer payment_method off_session confirm metadata[order])], [qw(description expand[0])]);
		return bad($bad) if $bad || "$form->{customer} $form->{payment_method} $form->{off_session}" ne 'cus_1 pm_1 true';
		return (402, {error => {type => 'card_error', code => 'authentication_required', message => 'Your card was declined. This transaction requires authentication.', payment_intent => {id => 'pi_asks'}}}) if said('bank asks');
		return (200, {id => 'pi_topped', status => 'succeeded', amount => 0 + $form->{amount}, currency => 'eur', latest_charge => {amount_refunded => 0, disputed => JSON::PP::false, payment_method_details => {card => {brand => 'visa', last4 => '4242'}}}});
	}
	return (200, {id => 'pm_1'}) if $path eq '/v1/payment_methods/pm_1/detach';
	return (404, {error => {message => 'Unrecognized request URL'}});
}
sub stripe_gets
{
	my ($path) = @_;
	if ($path =~ m{^/v1/checkout/sessions/cs_once\?})
	{
		return (200, {id => 'cs_once', status => 'complete', payment_status => 'paid', amount_subtotal => 2975, currency => 'eur', customer => 'cus_1', payment_intent => {id => 'pi_once', status => 'succeeded', payment_method => 'pm_1',
			latest_charge => {amount_refunded => 0, disputed => JSON::PP::false, payment_method_details => {card => {brand => 'visa', last4 => '4242'}}}}});
	}
	if ($path =~ m{^/v1/checkout/sessions/(cs_\d+)\?expand%5B%5D=subscription$})
	{
		my $s = $sub{$1};
		my $approved = said("$1 is approved");
		stripe_invoice($s, 'subscription_create', $s->{amount}, int($s->{amount} * (1 - $s->{percent} / 100) + 0.5)) if $approved && !$s->{live}++;
		return (200, {id => $1, status => $s->{expired} ? 'expired' : $approved ? 'complete' : 'open', subscription => $approved ? stripe_sub($s) : undef, url => $approved ? undef : "https://pay.example/$1"});
	}
	if ($path =~ m{^/v1/subscriptions/(sub_\d+)$}) { my ($s) = grep { $_->{id} eq $1 } values %sub; return (200, stripe_sub($s)) }
	if ($path =~ m{^/v1/invoices\?subscription=(sub_\d+)&limit=100$}) { my $id = $1; return (200, {data => [ grep { $_->{subscription} eq $id } @invoices ]}) }
	return (404, {error => {message => 'Unrecognized request URL'}});
}

# ---- PayPal ----

my %their;    # the one subscription there
sub refused { return (422, {name => 'UNPROCESSABLE_ENTITY', details => [ {issue => $_[0], description => $_[0]} ]}) }
sub paypal_posts
{
	my ($path, $body) = @_;
	if ($path eq '/v1/catalogs/products') { my $bad = fields($body, [qw(name type)], []); return $bad ? refused($bad) : (201, {id => 'PROD-' . ++$made{paypal_product}}) }
	if ($path eq '/v1/billing/plans')
	{
		my $bad = fields($body, [qw(product_id name billing_cycles payment_preferences status)], []);
		return refused($bad) if $bad || $body->{product_id} !~ /^PROD-\d$/;
		my $regular = $body->{billing_cycles}[-1];
		return refused('the last cycle is regular') if $regular->{tenure_type} ne 'REGULAR' || $regular->{total_cycles} != 0;
		my $id = 'P-' . ++$made{paypal_plan};
		$price{$id} = $regular->{pricing_scheme}{fixed_price}{value};
		return (201, {id => $id, status => 'ACTIVE'});
	}
	if ($path eq '/v1/billing/subscriptions')
	{
		my $bad = fields($body, [qw(plan_id custom_id application_context)], []);
		return refused($bad) if $bad || !$price{ $body->{plan_id} };
		%their = (plan => $body->{plan_id});
		return (201, {id => 'I-1', status => 'APPROVAL_PENDING', links => [ {rel => 'self', href => 'https://x'}, {rel => 'approve', href => 'https://pay.example/i1'} ]});
	}
	if ($path eq '/v1/billing/subscriptions/I-1/revise') { $their{wanted} = $body->{plan_id}; return (200, {plan_id => $body->{plan_id}, links => [ {rel => 'approve', href => 'https://pay.example/revise'} ]}) }
	if ($path eq '/v1/billing/subscriptions/I-1/cancel') { return fields($body, ['reason'], []) ? refused('reason') : do { $their{canceled} = time; (204, '') } }
	if ($path eq '/v2/checkout/orders') { $their{order} = $body->{purchase_units}[0]{amount}{value}; return (201, {id => 'PP1', status => 'PAYER_ACTION_REQUIRED', links => [ {rel => 'payer-action', href => 'https://pay.example/difference'} ]}) }
	if ($path eq '/v2/checkout/orders/PP1/capture') { $their{captured} = 1; return (201, paypal_order()) }
	return (404, {message => 'no such thing'});
}
sub paypal_order
{
	my $amount = {currency_code => 'EUR', value => $their{order}};
	return {id => 'PP1', status => $their{captured} ? 'COMPLETED' : said('the difference is approved') ? 'APPROVED' : 'CREATED', purchase_units => [ {amount => $amount, $their{captured} ? (payments => {captures => [ {id => 'CAP1', status => 'COMPLETED', amount => $amount} ]}) : ()} ]};
}
sub paypal_gets
{
	my ($path) = @_;
	$their{plan} = delete $their{wanted} if $their{wanted} && said('the change is approved');
	my $live = said('i1 is approved');
	push @sales, {id => 'SALE1', status => 'COMPLETED', time => iso(time), amount_with_breakdown => {gross_amount => {currency_code => 'EUR', value => $price{ $their{plan} }}}} if $live && !@sales;
	return (200, {id => 'I-1', status => !$live ? 'APPROVAL_PENDING' : $their{canceled} ? 'CANCELLED' : 'ACTIVE', status_update_time => iso($their{canceled} // $began), plan_id => $their{plan}, start_time => iso($began)}) if $path eq '/v1/billing/subscriptions/I-1';
	return (200, {transactions => \@sales}) if $path =~ m{^/v1/billing/subscriptions/I-1/transactions\?start_time=[\d-]+T[\d.%A]+Z&end_time=[\d-]+T[\d.%A]+Z$};
	return (200, paypal_order()) if $path eq '/v2/checkout/orders/PP1';
	return (404, {message => 'no such thing'});
}

my $port = fake_carrier(
	sub {
		my ($asked) = @_;
		my ($path, $method) = @{$asked}{qw(path method)};
		return (200, {access_token => 'TOKEN', expires_in => 32400}) if $path eq '/v1/oauth2/token';
		my $paypal = $asked->{head} =~ /^Authorization: Bearer TOKEN\r$/mi;
		return $paypal ? paypal_gets($path) : stripe_gets($path) if $method eq 'GET';
		if ($method eq 'DELETE') { happens("$1 is deleted") if $path =~ m{/subscriptions/(sub_\d+)$}; return (200, {}) }
		# By its key one thing is made once, and the first answer is always lost.
		my ($key) = $asked->{head} =~ /^(?:Idempotency-Key|PayPal-Request-Id): (\S+)\r$/mi or return bad('no key');
		if (my $was = $answer{$key}) { return $was->[0] eq "$path $asked->{body}" ? @{ $was->[1] } : bad('Keys for idempotent requests can only be used with the same parameters') }
		$answer{$key} = ["$path $asked->{body}", [ $paypal ? paypal_posts($path, $json->decode($asked->{body})) : stripe_posts($path, {map { my ($k, $v) = unescaped(split /=/, $_, 2); $k => $v } split /&/, $asked->{body}}) ]];
		return;
	});

append_to_file("$keys/vault", 'a vault key of thirty-two bytes.');
chmod 0600, "$keys/vault";
my $node = new_node('main', restart_after_crash => 'on', 'voiceagent.vault_key_file' => "$keys/vault");
sub sql { return $node->safe_psql('va', $_[0]) }
sql("SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$port')");
sql("SELECT voiceagent.set_payment_account('stripe', 'sk_good', webhook_secret := 'whsec_test_secret', base_url := 'http://127.0.0.1:$port'), voiceagent.set_payment_account('paypal', 'secret', client_id := 'client', base_url := 'http://127.0.0.1:$port')");
sql(q{SELECT voiceagent.set_seller('S', 'Street 1', 'DE', 'INV', '{stripe,paypal}'), voiceagent.set_tax_rate('DE', 19, 'USt', '2020-01-01', 'a law'), voiceagent.create_coupon('HALF', 50, periods := 1)});
my $basic = sql(q{SELECT voiceagent.create_plan('Basic', 1, 100, '{"EUR": 49.00}')});
my $pro = sql(q{SELECT voiceagent.create_plan('Pro', 2, 400, '{"EUR": 149.00}')});
my $pack = sql(q{SELECT voiceagent.create_credit_pack('Hundred', 100, '{"EUR": 25.00}')});
my $tenant = create_tenant($node, 'va', 'Subscriber', credits => 0);
sub as { return as_tenant($node, 'va', $tenant, $_[0]) }
sub waits { my ($sql, $value, $name) = @_; return wait_for_sql($node, 'va', $sql, $value, $name, 90) }
sub contract { my ($what, $value, $name) = @_; return wait_for_sql($node, 'va', "SELECT $what FROM voiceagent.plan_contracts WHERE tenant_id = $tenant ORDER BY contract_id DESC LIMIT 1", $value, $name, 90) || diag(sql("SELECT reason FROM voiceagent.plan_contracts WHERE tenant_id = $tenant")) }
sub wallet { my ($value, $name) = @_; return wait_for_sql($node, 'va', "SELECT trim_scale(round(available, 0)) FROM voiceagent.ledgers WHERE tenant_id = $tenant", $value, $name, 60) }
# The sender dies somewhere between a request and its answer, once this is asked.
sub dies
{
	my ($point, $sql) = @_;
	crash_at($node, "payments_$point");
	# It may die as soon as that is committed, before its session has heard of it.
	eval { as($sql); 1 } or $@ =~ /connection to server was lost/ or die $@;
	ok(wait_crash($node, "payments_$point", 60), "the sender dies: $point");
	return waits('SELECT true', 't', '... and comes back');
}
sub look { return sql("UPDATE voiceagent_private.payment_requests SET next_at = voiceagent.clock() WHERE tenant_id = $tenant AND task = 'look'; SELECT voiceagent_private.poke('payments')") }
sub orders { my ($value, $name) = @_; return wait_for_sql($node, 'va', "SELECT string_agg(pack_name || ' ' || (amount / 100.0)::numeric(9,2) || ' ' || state, ', ' ORDER BY order_id) FROM (SELECT regexp_replace(pack_name, ', [0-9].*', '') AS pack_name, amount, state, order_id FROM voiceagent.payment_orders WHERE tenant_id = $tenant) o", $value, $name, 90) }
sub made { my ($path) = @_; my %key = map { $_->{head} =~ /^(?:Idempotency-Key|PayPal-Request-Id): (\S+)/mi => 1 } came('POST', $path); return scalar keys %key }
sub agrees { my ($name) = @_; return is(as('SELECT string_agg(invariant || detail, E\'\n\') FROM (SELECT * FROM voiceagent_private.check_plans() UNION ALL SELECT * FROM voiceagent_private.check_payments() UNION ALL SELECT * FROM voiceagent_private.check_grants() UNION ALL SELECT * FROM voiceagent_private.check_credit() UNION ALL SELECT * FROM voiceagent_private.check_invoices()) w'), '', $name) }

# ---- Stripe: a page, its approval, one order with its invoice ----

dies('before_send', "SELECT voiceagent.subscribe_to_plan($basic, 'stripe', 'https://app.example/plan', coupon := 'HALF')");
contract('approve_url', 'https://pay.example/cs_1', 'a page where the buyer approves the plan');
is(join(' ', map { made($_) } qr{^/v1/products$}, qr{^/v1/coupons$}, qr{^/v1/checkout/sessions$}), '1 1 1', 'product, coupon and page are made once, though each first answer was lost');
contract('state', 'incomplete', 'nothing counts before');
wallet('0', '... and there are no credits');
happens('cs_1 is approved');
as('SELECT voiceagent.plan_returned()');
contract('state', 'active', 'the plan is active once it is paid');
wallet('100', '... with its credits');
orders('Basic 29.16 paid', 'its payment is an order, with the tax, less the coupon');
waits("SELECT kind || ' ' || (total / 100.0)::numeric(9,2) || ' ' || (tax / 100.0)::numeric(9,2) FROM voiceagent.invoices", 'invoice 29.16 4.66', '... that has its invoice');
contract('approve_url IS NULL', 't', 'there is nothing more to approve');

# ---- an upgrade: declined, then paid, once ----

happens('card is declined');
is(as("SELECT voiceagent.change_plan($pro)"), 'asked', 'an upgrade is asked for');
contract('reason', 'the change to another plan was refused: Your card was declined.', '... and refused with the card');
wallet('100', '... which changes nothing');
system_or_bail('sh', '-c', "grep -v 'card is declined' $world > $world.new && mv $world.new $world; true");
dies('after_send', "SELECT voiceagent.change_plan($pro)");
contract("plan_id = $pro", 't', 'another card pays it');
wallet('400', '... and the rest of the credits come');
orders('Basic 29.16 paid, Pro 119.00 paid', '... by a second order');
waits("SELECT string_agg(number, ' ' ORDER BY invoice_id) FROM voiceagent.invoices", 'INV-1 INV-2', '... and a second invoice');
look() foreach 1 .. 3;
contract("state || ' ' || plan_id", "active $pro", 'looked at again, all is as it was');
as("SELECT voiceagent.change_plan($basic)");
contract('next_plan_id', $basic, 'a downgrade comes with the next period');
wallet('400', '... and takes nothing now');
orders('Basic 29.16 paid, Pro 119.00 paid', '... nor is anything paid');
is(as('SELECT voiceagent.cancel_plan()'), 'active', 'canceled');
contract('state', 'canceled', '... until the paid time is over');
dies('mid_record', 'SELECT voiceagent.cancel_plan(undo := true)');
contract('state', 'active', '... and not, after all');
agrees('plans, orders, invoices and ledger agree');

# ---- an event that is lost ----

happens('sub_1 is deleted');
look();
contract('state', 'ended', 'what no webhook told is found by the daily look');
is(sql("SELECT count(*) > 0 FROM voiceagent.audit_log WHERE tenant_id = $tenant AND action = 'plan_compared'"), 't', '... and what differed is in the audit log');

# ---- PayPal: approved, a change that the buyer approves, and the difference as an order ----

as("SELECT voiceagent.subscribe_to_plan($basic, 'stripe', 'https://app.example/plan')");
contract('approve_url', 'https://pay.example/cs_2', 'another page, that nobody approves');
as("SELECT voiceagent.subscribe_to_plan($basic, 'paypal', 'https://app.example/plan')");
contract('approve_url', 'https://pay.example/i1', 'the buyer takes PayPal instead');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.payment_requests WHERE task = 'withdraw'", '0', '... and the other page is closed', 60);
is(made(qr{^/v1/checkout/sessions/cs_2/expire$}), 1, '... at Stripe');
happens('i1 is approved');
as('SELECT voiceagent.plan_returned()');
contract('state', 'active', 'PayPal has its approval and the money');
orders('Basic 29.16 paid, Pro 119.00 paid, Basic 58.31 paid', '... which is an order');
is(as("SELECT voiceagent.change_plan($pro)"), 'asked', 'an upgrade');
contract('approve_url', 'https://pay.example/revise', '... is for the buyer to approve');
happens('the change is approved');
as('SELECT voiceagent.plan_returned()');
waits("SELECT approve_url FROM voiceagent.payment_orders WHERE upgrade_to IS NOT NULL", 'https://pay.example/difference', '... and its difference to be paid');
contract("plan_id || ' ' || next_plan_id", "$basic $pro", '... until then it comes with the next period');
happens('the difference is approved');
as('SELECT voiceagent.payment_returned(order_id) FROM voiceagent.payment_orders WHERE upgrade_to IS NOT NULL');
contract("plan_id = $pro AND next_plan_id IS NULL", 't', 'once it is paid, it is now');
like(as('SELECT round(available) FROM voiceagent.credit_balance'), qr/^(?:[78]\d\d)$/, '... with its share of the credits beside those that were there');
is(as("SELECT voiceagent.cancel_plan()"), 'active', 'canceled at PayPal');
contract('state', 'canceled', '... until the paid time is over');
my ($result, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.cancel_plan(undo := true)");
like($err, qr/PayPal takes no cancellation back/, '... which is not taken back');
agrees('plans, orders, invoices and ledger agree');

# ---- a method that Stripe keeps ----

my $before = as('SELECT round(available) FROM voiceagent.credit_balance');
as("SELECT voiceagent.buy($pack, 'stripe', return_url := 'https://app.example/', keep_method := true)");
waits("SELECT state FROM voiceagent.payment_orders WHERE keeps_method", 'waiting', 'an order whose card Stripe is to keep');
as('SELECT voiceagent.payment_returned(order_id) FROM voiceagent.payment_orders WHERE keeps_method');
waits('SELECT shown || $$ $$ || vendor_ref || $$ $$ || customer_ref FROM voiceagent.payment_methods', 'visa 4242 pm_1 cus_1', 'Stripe keeps the card for later');
as("SELECT voiceagent.set_top_up($pack, $before + 110, 100, (SELECT method_id FROM voiceagent.payment_methods))");
waits("SELECT o.state || ' ' || o.payment_ref FROM voiceagent.payment_orders o WHERE o.method_id IS NOT NULL", 'paid pi_topped', 'a top-up charges it without the buyer');
is(made(qr{^/v1/payment_intents$}), 1, '... once, though the first answer was lost');
happens('bank asks');
as("SELECT voiceagent.set_top_up($pack, $before + 210, 100, (SELECT method_id FROM voiceagent.payment_methods))");
waits('SELECT active || $$ $$ || substr(reason, position($$auth$$ IN reason), 23) FROM voiceagent.top_ups', 'false authentication_required', 'a bank that wants to see the buyer ends the top-up, and it says why');
as('SELECT voiceagent.remove_payment_method(method_id) FROM voiceagent.payment_methods');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.payment_requests WHERE task = 'detach'", '0', 'a method that is removed is forgotten there', 60);
is(made(qr{^/v1/payment_methods/pm_1/detach$}), 1, '... too');
agrees('plans, orders, invoices and ledger agree');
unlike(slurp_file($node->logfile), qr/Bearer|TOKEN|sk_good/, 'no key stands in the log');
$node->stop('fast');
done_testing();
