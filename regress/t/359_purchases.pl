# Errands that spend the tenant's money, at carriers of a process of its own that keeps a record of what it sold, whatever
# becomes of us: nothing is bought or given up twice, not by a crash at any point around the sending, not by a carrier that
# stalls, breaks or refuses; what cannot be known is `unknown`, shown, and settled by the carrier's list or by a person.
use strict;
use warnings;

use Fcntl qw(:flock);
use IO::Socket::INET;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

$SIG{PIPE} = 'IGNORE';
my $timeout = 2;
my @sellers = qw(plivo telnyx twilio vonage);

# ---- the carriers ----

# name => is it sold (or taken back), in what state the errand ends, how often the carrier is asked, and how it answers the
# first time; later, and without an answer, as it should be.
my $cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n";
my %fault = (
	well => {sold => 1, state => 'done', asked => 1},
	stalls => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { syswrite($_[0], $cut); sleep 2 * $timeout }},
	resets => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { syswrite($_[0], "$cut\{\"sid\":"); sleep 0.1; setsockopt($_[0], SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) }},
	vanishes => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { }},
	fails => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { reply($_[0], 500, '{"message": "Oops"}') }},
	garbage => {sold => 1, state => 'done', asked => 1, unknown => 1, answer => sub { reply($_[0], 200, "<html>\xff") }},
	fails_first => {sold => 0, state => 'failed', asked => 1, unknown => 1, answer => sub { reply($_[0], 500, '{"message": "Oops"}') }},
	hears_nothing => {sold => 0, state => 'failed', asked => 1, unknown => 1, answer => sub { }},
	busy => {sold => 1, state => 'done', asked => 2, later => 1, answer => sub { reply($_[0], 429, '{}') }},
	busy_until => {sold => 1, state => 'done', asked => 2, later => 1, rests => 3, answer => sub { reply($_[0], 429, '{}', "Retry-After: 3\r\n") }},
	denies => {sold => 0, state => 'failed', asked => 1, answer => sub { reply($_[0], 400, '{"message": "No such number"}') }},
);

my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/record", '');
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 100, ReuseAddr => 1) or die $!;
my $port = $listener->sockport;

sub reply
{
	my ($socket, $status, $body, $more) = @_;
	syswrite($socket, "HTTP/1.1 $status X\r\nContent-Type: application/json\r\n" . ($more // '') . 'Content-Length: ' . length($body) . "\r\nConnection: close\r\n\r\n$body");
	return;
}

# Lines of the record: when, whose account, what (asked, buy, release, ...), about which number.
sub record { return map { [ split / / ] } split /\n/, slurp_file("$dir/record"); }

sub owned
{
	my ($account) = @_;
	my %has;
	foreach my $line (grep { $_->[1] eq $account } record())
	{
		$has{$line->[3]} = 1 if $line->[2] eq 'buy';
		delete $has{$line->[3]} if $line->[2] eq 'release';
	}
	return sort keys %has;
}

sub listed
{
	my ($provider, @numbers) = @_;
	my $list = sub { join(',', map { (my $digits = $_) =~ s/^\+//; sprintf($_[0], $digits) } @numbers) };
	return '{"incoming_phone_numbers": [' . $list->('{"phone_number": "+%1$s", "sid": "PN%1$032s"}') . '], "next_page_uri": null}' if $provider eq 'twilio';
	return '{"data": [' . $list->('{"phone_number": "+%1$s", "id": "%1$s"}') . '], "meta": {"page_number": 1, "total_pages": 1}}' if $provider eq 'telnyx';
	return '{"objects": [' . $list->('{"number": "%s"}') . '], "meta": {"next": null}}' if $provider eq 'plivo';
	return '[' . $list->('{"id": "vapi-%1$s", "number": "+%1$s", "createdAt": "2026-01-01T00:00:00.000Z"}') . ']' if $provider eq 'vapi';
	return '{"count": ' . @numbers . ', "numbers": [' . $list->('{"country": "US", "msisdn": "%s", "features": ["VOICE"]}') . ']}';
}

sub sold
{
	my ($provider, $digits) = @_;
	return sprintf('{"sid": "PN%032s", "phone_number": "+%s"}', $digits, $digits) if $provider eq 'twilio';
	return qq({"data": {"id": "order-1", "status": "pending", "phone_numbers": [{"phone_number": "+$digits", "status": "pending"}]}}) if $provider eq 'telnyx';
	return qq({"numbers": [{"number": "$digits", "status": "Success"}], "status": "fulfilled"}) if $provider eq 'plivo';
	return qq({"id": "vapi-$digits", "number": "+$digits"}) if $provider eq 'vapi';
	return '{"error-code": "200", "error-code-label": "success"}';
}

sub serve
{
	my ($socket) = @_;
	my $text = '';
	while ($text !~ /\r\n\r\n/) { sysread($socket, $text, 65536, length $text) or return }
	my ($length) = $text =~ /^content-length:\s*(\d+)/mi;
	my $at = index($text, "\r\n\r\n") + 4;
	while (length($text) < $at + ($length // 0)) { sysread($socket, $text, 65536, length $text) or return }
	my ($method, $account, $provider, $path) = $text =~ m{^([A-Z]+) /(\w+)/(\w+)(\S*)} or return;
	my $body = substr($text, $at);
	my ($digits) = "$path $body" =~ m{(?:PN0+|number=|number%3D|%2B|\+|msisdn=|Number/|phone_numbers/|vapi-)(1\d{10})\b};
	my $releases = $method eq 'DELETE' || $path =~ /cancel/;
	my $what = $releases ? 'release' : $path =~ /credential/ ? 'credential' : $path =~ /Available|available|search|country_iso/ ? 'search' : $method eq 'GET' ? 'list' : 'buy';
	# One after the other, so that the record is whole when it is read.
	open(my $record, '>>', "$dir/record");
	flock($record, LOCK_EX);
	my $number = defined $digits && $what ne 'search' ? "+$digits" : '-';
	my ($name) = $account =~ /^[a-z]+_(\w+)$/;
	my $fault = $what =~ /buy|release|credential/ && defined $name ? $fault{$name} : undef;
	my $again = grep { $_->[1] eq $account && $_->[2] eq "asked-$what" && $_->[3] eq $number } record();
	syswrite($record, time . " $account asked-$what $number\n");
	my $answer = $fault && !$again ? $fault->{answer} : undef;
	syswrite($record, time . " $account $what $number\n") if $what =~ /buy|release|credential/ && (!$fault || ($fault->{later} ? $again : $fault->{sold}));
	close $record;
	return $answer->($socket) if $answer;
	return reply($socket, 500, '{}') if $what eq 'list' && $account eq 'deaf';
	return reply($socket, 200, listed($provider, owned($account))) if $what eq 'list';
	return reply($socket, 200, sprintf('{"available_phone_numbers": [{"phone_number": "+1212999%04d"}]}', scalar grep { $_->[2] eq 'asked-search' } record())) if $what eq 'search';
	return reply($socket, 200, '{"id": "cred-1"}') if $what eq 'credential';
	return reply($socket, $provider =~ /telnyx|vonage|vapi/ ? 200 : 204, $provider eq 'vonage' ? sold('vonage') : $provider =~ /telnyx|vapi/ ? '{"data": {}}' : '') if $what eq 'release';
	# Held back while somebody is about to die.
	if (-e "$dir/hold") { for (1 .. 100) { last if !-e "$dir/hold"; sleep 0.1 } }
	return reply($socket, $provider =~ /twilio|plivo/ ? 201 : 200, sold($provider, $digits));
}

my $server = fork() // die $!;
if ($server == 0)
{
	$SIG{CHLD} = 'IGNORE';
	while (1)
	{
		my $socket = $listener->accept or next;
		next if fork();
		alarm 30;
		close $listener;
		serve($socket);
		close $socket;
		require POSIX;
		POSIX::_exit(0);
	}
}
END { my $status = $?; kill 'KILL', $server if $server; $? = $status; }

# ---- the server: an account for each seller and fault ----

my $node = new_real_node('main', log_statement => 'none', 'voiceagent.http_timeout_ms' => 1000 * $timeout);
my $tenant = create_tenant($node, 'va', 'Buys', credits => 1000);
real_settings($node, {port => $port}, errand_tries => 4, errand_concurrency => 32, errand_look_interval => '200 milliseconds');
create_samples($node);
my %account;

sub new_account
{
	my ($name, $provider) = @_;
	$account{$name} = as_tenant($node, 'va', $tenant, qq[SELECT voiceagent.create_provider_account('$provider', '$name', public.sample('$provider', 'credentials', false),
		public.sample('$provider', 'settings', true) || '{"base_url": "http://127.0.0.1:$port/$name/$provider"}')]);
	return;
}
foreach my $provider (@sellers) { new_account("${provider}_$_", $provider) foreach sort keys %fault; new_account($provider, $provider) }
new_account('deaf', 'twilio');
new_account('seeks', 'twilio');
new_account('vapi', 'vapi');
$node->safe_psql('va', "SELECT voiceagent.arm(provider_account_id, name) FROM voiceagent.provider_accounts WHERE tenant_id = $tenant AND provider <> 'sandbox'");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'the accounts are armed', 10);
wait_workers($node, 'the workers run');

sub asked { my ($name, $what) = @_; return grep { $_->[1] eq $name && $_->[2] eq "asked-$what" } record(); }
sub did { my ($name, $what) = @_; return grep { $_->[1] eq $name && $_->[2] eq $what } record(); }
sub one { my ($sql) = @_; return $node->safe_psql('va', $sql); }

# Nothing is on its way any more, and nothing unknown.
sub settled
{
	my ($name, $except) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return if wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.errands WHERE state IN ('queued', 'sending', 'unknown')} . ($except // ''), 0, $name, 40);
	diag(one(q{SELECT errand_id, kind, state, tries, next_at - voiceagent.clock(), order_data, error FROM voiceagent.errands WHERE state IN ('queued', 'sending', 'unknown') LIMIT 30}));
	return;
}

# ---- a carrier that is broken ----

my $buy = join('', map { my ($p, $n) = @$_; my $i = $n * 10; map { my $name = "${p}_$_"; $i++; qq[SELECT voiceagent.buy_number($account{$name}, '+12126${\ sprintf('%02d%04d', $i, 1000 + $i)}');] } sort keys %fault }
	map { [ $sellers[$_], 2 * $_ ] } 0 .. $#sellers);
as_tenant($node, 'va', $tenant, $buy);
settled('every purchase has its end');

sub judge
{
	my ($kind, $what) = @_;
	my %is = map { my @f = split /\|/, $_, -1; $f[0] => \@f } split /\n/, one(qq{SELECT a.name, string_agg(e.state, ','), max(e.tries), count(*) FILTER (WHERE v.errand_id IS NOT NULL),
		(SELECT string_agg(n.state::text, ',') FROM voiceagent.phone_numbers n WHERE n.tenant_id = a.tenant_id AND n.provider_account_id = a.provider_account_id AND n.removed_at IS NULL),
		bool_or(d.slowed_at IS NOT NULL), min(e.error)
		FROM voiceagent.errands e JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id)
		LEFT JOIN LATERAL (SELECT (v.event_data ->> 'errand_id')::bigint AS errand_id FROM voiceagent.events v WHERE v.event_type = 'errand_unknown' AND (v.event_data ->> 'errand_id')::bigint = e.errand_id) v ON true
		LEFT JOIN voiceagent_private.account_dials d ON d.tenant_id = a.tenant_id AND d.provider_account_id = a.provider_account_id
		WHERE e.kind = '$kind' GROUP BY a.tenant_id, a.provider_account_id, a.name});
	foreach my $provider (@sellers)
	{
		foreach my $fault (sort keys %fault)
		{
			my $f = $fault{$fault};
			my ($name, $is) = ("${provider}_$fault", $is{"${provider}_$fault"});
			subtest "$kind at $provider that $fault" => sub {
				is($is->[1], $f->{state}, "what becomes of the errand ($is->[6])");
				is(scalar(asked($name, $what)), $f->{asked}, '... the carrier was asked no oftener than it may be');
				is(scalar(did($name, $what)), $f->{sold}, '... and did it once, or not at all');
				is($is->[3], $f->{unknown} ? 1 : 0, '... that it was unknown has been said');
				is($is->[4], $what eq 'buy' ? ($f->{sold} ? 'ready' : 'refused') : $f->{sold} ? '' : 'ready', '... what we think of the number');
				is($is->[5], $f->{later} ? 't' : 'f', '... whether the account is slowed down');
				my @asked = asked($name, $what);
				cmp_ok($asked[1][0] - $asked[0][0], '>=', $f->{rests} // 0.9, '... it was not asked again too soon') if $f->{later};
			};
		}
	}
	return;
}
judge('buy_number', 'buy');
is(one(q{SELECT count(*) FROM voiceagent.phone_numbers n JOIN voiceagent.errands e USING (tenant_id, phone_number_id) WHERE e.kind = 'buy_number' AND e.state = 'done'}),
	one(q{SELECT count(DISTINCT n.phone_number) FROM voiceagent.phone_numbers n JOIN voiceagent.errands e USING (tenant_id, phone_number_id) WHERE e.kind = 'buy_number' AND e.state = 'done'}),
	'a purchase that is done is one number');
is(one(q{SELECT count(*) FROM voiceagent.provider_accounts WHERE name LIKE '%_busy_until' AND trouble IS NULL}), scalar @sellers,
	'an account that was asked to wait is well again when a later errand is taken');
is(one('SELECT count(*) FROM voiceagent.unresolved_errands'), 0, 'nothing is unresolved');

$node->stop;
done_testing();
