# Provider requests that spend the tenant's money, or give up what it has, at carriers that stall, break, refuse or ask to wait: nothing
# is bought or given up twice; what cannot be known is `unknown`, shown, and settled by the carrier's list, or by a person.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSellers;

# Long enough for an answer of a slow machine.
my $timeout = 6;

# name => is it sold (or taken back), in what state the provider request ends, how often the carrier is asked, and how it answers the
# first time; later, and without an answer, as it should.
my $cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n";
my %fault = (
	well => {sold => 1, state => 'done', asked => 1},
	stalls => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { syswrite($_[0], $cut); sleep 2 * $timeout }},
	resets => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { syswrite($_[0], "$cut\{\"sid\":"); sleep 0.1; setsockopt($_[0], SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) }},
	vanishes => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { }},
	fails => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { reply($_[0], 500, '{"message": "Oops"}') }},
	# The status of a release says enough, but for one carrier.
	garbage => {sold => 1, reads => {release => 'vonage'}, state => 'done', asked => 1, unknown => 1, answer => sub { reply($_[0], 200, "<html>\xff") }},
	fails_first => {sold => 0, state => 'failed', asked => 1, unknown => 1, answer => sub { reply($_[0], 500, '{"message": "Oops"}') }},
	hears_nothing => {sold => 0, state => 'failed', asked => 1, unknown => 1, answer => sub { }},
	busy => {sold => 1, state => 'done', asked => 2, later => 1, answer => sub { reply($_[0], 429, '{}') }},
	busy_until => {sold => 1, state => 'done', asked => 2, later => 1, rests => 3, answer => sub { reply($_[0], 429, '{}', "Retry-After: 3\r\n") }},
	denies => {sold => 0, state => 'failed', asked => 1, answer => sub { reply($_[0], 400, '{"message": "No such number"}') }},
);
# Only at one: lists that fail, until the test has them work.
my %deaf = (deaf => {sold => 1, deaf => 1, answer => sub { }}, mute => {sold => 0, deaf => 1, answer => sub { }});
start_sellers({%fault, %deaf});

# ---- the server: an account for each seller and fault ----

my $node = new_real_node('main', log_statement => 'none', 'voiceagent.http_timeout_ms' => 1000 * $timeout);
my $tenant = create_tenant($node, 'va', 'Buys', credits => 1000);
real_settings($node, {port => $sellers_port}, provider_request_tries => 4, provider_request_concurrency => 32, provider_request_lookup_interval => '200 milliseconds');
create_samples($node);
foreach my $provider (@sellers) { new_seller($node, $tenant, "${provider}_$_", $provider) foreach sort keys %fault }
new_seller($node, $tenant, "twilio_$_", 'twilio') foreach sort keys %deaf;
$node->safe_psql('va', "SELECT voiceagent.arm(provider_account_id, name) FROM voiceagent.provider_accounts WHERE tenant_id = $tenant AND provider <> 'sandbox'");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'the accounts are armed', 30);
wait_workers($node, 'the workers run');

sub one { my ($sql) = @_; return $node->safe_psql('va', $sql); }

# Nothing is on its way any more, and nothing unknown.
sub settled
{
	my ($name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return if wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.provider_requests WHERE state IN ('queued', 'sending', 'unknown')}, 0, $name, 180);
	diag(one(q{SELECT provider_request_id, kind, state, tries, next_at - voiceagent.clock(), request_data, error FROM voiceagent.provider_requests WHERE state IN ('queued', 'sending', 'unknown') LIMIT 30}));
	return;
}

# What became of each account's provider request of this kind; $what is the record's word for it.
sub judge
{
	my ($kind, $what, $good, $bad) = @_;
	my %is = map { my @f = split /\|/, $_, -1; $f[0] => \@f } split /\n/, one(qq{
		SELECT a.name, e.state, (SELECT count(*) FROM voiceagent.events v WHERE v.event_type = 'provider_request_unknown' AND v.event_data ->> 'provider_request_id' = e.provider_request_id::text),
			n.state, EXISTS (SELECT FROM voiceagent_private.account_dials d WHERE d.provider_account_id = a.provider_account_id AND d.limited_share > 0), e.error
		FROM voiceagent.provider_requests e JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id) JOIN voiceagent.phone_numbers n USING (tenant_id, phone_number_id)
		WHERE e.kind = '$kind'});
	foreach my $provider (@sellers)
	{
		foreach my $fault (sort keys %fault)
		{
			my $f = $fault{$fault};
			my $name = "${provider}_$fault";
			my $is = $is{$name};
			my @asked = asked($name, $what);
			subtest "$kind at $provider: $fault" => sub {
				is($is->[1], $f->{state}, "what becomes of the provider request ($is->[5])");
				is(scalar @asked, $f->{asked}, '... the carrier was asked no oftener than it may be');
				is(scalar(did($name, $what)), $f->{sold}, '... and did it once, or not at all');
				is($is->[2], $f->{unknown} && ($f->{reads}{$what} // $provider) eq $provider ? 1 : 0, '... that it was unknown has been said');
				is($is->[3], $f->{sold} ? $good : $bad, '... what we think of the number');
				is($is->[4], $f->{later} ? 't' : 'f', '... whether it counts for the pace of the account');
				cmp_ok($asked[1][0] - $asked[0][0], '>=', $f->{rests} // 0.9, '... it was not asked again too soon') if $f->{later};
			};
		}
	}
	is(one('SELECT count(*) FROM voiceagent.unresolved_provider_requests'), 0, 'nothing is unresolved');
	is(one(q{SELECT string_agg(name, ' ') FROM voiceagent.provider_accounts WHERE trouble IS NOT NULL}), '', 'who was asked to wait is well again');
	return;
}

# For each account a number of its own in this exchange.
sub each_account
{
	my ($exchange, $sql) = @_;
	my $i = 0;
	return join('', map { my $name = $_; $sql->($name, sprintf('+1212%03d%04d', $exchange, 1000 + $i++)) } map { my $p = $_; map { "${p}_$_" } sort keys %fault } @sellers);
}

# ---- bought ----

as_tenant($node, 'va', $tenant, each_account(601, sub { "SELECT voiceagent.buy_number($account{$_[0]}, '$_[1]');" }));
settled('every purchase has its end');
judge('buy_number', 'buy', 'ready', 'refused');
is(one(q{SELECT count(*) - count(DISTINCT n.phone_number) FROM voiceagent.phone_numbers n}), 0, 'no number is there twice');

# ---- given up ----

each_account(602, sub { sold_before(@_) });
as_tenant($node, 'va', $tenant, each_account(602, sub { "SELECT voiceagent.import_numbers($account{$_[0]});" }));
settled('every list has come');
as_tenant($node, 'va', $tenant, each_account(602, sub { "SELECT voiceagent.release_number(phone_number_id) FROM voiceagent.phone_numbers WHERE phone_number = '$_[1]';" }));
settled('every release has its end');
judge('release_number', 'release', 'removed', 'ready');

# ---- what no list settles ----

sub refused { my ($sql) = @_; my (undef, undef, $error) = $node->psql('va', VoiceAgent::acting_for($tenant, $sql)); return $error =~ s/\n.*//sr; }
sub provider_request { my ($number) = @_; return one("SELECT e.provider_request_id FROM voiceagent.provider_requests e JOIN voiceagent.phone_numbers n USING (tenant_id, phone_number_id) WHERE e.kind = 'buy_number' AND n.phone_number = '$number'"); }
my %number = (mute => '+12126030001', deaf => '+12126030002', said => '+12126030003');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.buy_number($account{twilio_mute}, '$number{mute}'); SELECT voiceagent.buy_number($account{twilio_deaf}, n) FROM unnest(ARRAY['$number{deaf}', '$number{said}']) n");
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.unresolved_provider_requests WHERE hint LIKE 'The carrier''s list%'}, 3, 'purchases whose answers and lists are lost are unresolved', 120);
my $id = "(SELECT phone_number_id FROM voiceagent.phone_numbers WHERE phone_number = '$number{mute}')";
like(refused("SELECT voiceagent.delete_phone_number($id)"), qr/the phone number is being bought/, '... their numbers cannot be deleted');
like(refused("SELECT voiceagent.buy_number($account{twilio_mute}, '$number{mute}')"), qr/is there already/, '... nor bought again');
is(as_tenant($node, 'va', $tenant, 'SELECT voiceagent.resolve_provider_request(' . provider_request($number{mute}) . ', false)'), 'failed', 'somebody says that it was not bought');
like(one("SELECT state || ' ' || state_reason FROM voiceagent.phone_numbers WHERE phone_number = '$number{mute}'"), qr/^refused it could not be bought/, '... the number says so');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.delete_phone_number($id)");
is(as_tenant($node, 'va', $tenant, 'SELECT voiceagent.resolve_provider_request(' . provider_request($number{said}) . ', true)'), 'done', 'somebody says that it was bought');
is(one("SELECT state FROM voiceagent.phone_numbers WHERE phone_number = '$number{said}'"), 'unchecked', '... which is not the proof that it is the tenant\'s');
lists_work();
as_tenant($node, 'va', $tenant, "SELECT voiceagent.import_numbers($account{twilio_deaf})");
wait_for_sql($node, 'va', q{SELECT string_agg(state::text || ' ' || proof, ',') FROM voiceagent.phone_numbers WHERE phone_number IN ('+12126030002', '+12126030003')}, 'ready carrier,ready carrier',
	'a list that is asked for settles both');
settled('... nothing is open any more');
is(scalar(asked('twilio_deaf', 'buy')), 2, '... and nothing was asked for twice');
is(scalar(asked('twilio_mute', 'buy')), 1, '... by nobody');
is_sql($node, 'va', "SELECT coalesce(string_agg(invariant, ','), '') FROM voiceagent.invariants()", '', 'the invariants hold');

$node->stop;
done_testing();
