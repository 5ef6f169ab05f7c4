# GET /metrics: what Prometheus reads is well formed, agrees with the tables, goes on counting over a worker's restart,
# names no tenant's data, and is shown to nobody without the token.
use strict;
use warnings;

use HTTP::Tiny;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Canary Tenant', credits => 5000);
wait_workers($node, 'the workers run');
my $base = $node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()');

sub get
{
	my ($token, $method) = @_;
	return HTTP::Tiny->new(keep_alive => 0)->request($method // 'GET', "$base/metrics",
		{ headers => { defined $token ? (authorization => "Bearer $token") : () } });
}

# Every sample by its name with labels; dies on a line that is none.
sub scrape
{
	my $answer = get('a token of some length');
	my (%sample, %type);
	foreach my $line (split /\n/, $answer->{content})
	{
		if ($line =~ /^# TYPE (\w+) (gauge|counter|histogram)$/) { die "twice: $1" if $type{$1}++; }
		elsif ($line !~ /^# HELP voiceagent_\w+ \S.*\.$/)
		{
			my ($name, $labels, $value) = $line =~ /^(voiceagent_[a-z_]+)(\{(?:[a-z_]+="[^"\\]*",?)+\})? ([-+]?[0-9.e+-]+)$/ or die "not a sample: $line";
			$sample{ $name . ($labels // '') } = $value;
		}
	}
	return \%sample;
}

# ---- who may see it ----

is(get('anything')->{status}, 404, 'without a token set there is no such path');
$node->append_conf('postgresql.conf', "voiceagent.metrics_token = 'a token of some length'");
$node->reload;
my $until = time + 120;
sleep 0.1 while get('a token of some length')->{status} == 404 && time < $until;
is(get()->{status}, 401, 'a request without a token is refused');
is(get('a token of some lengtH')->{status}, 401, '... and one with another');
is(get('a token of some length', 'POST')->{status}, 405, '... and one that would write');
my $answer = get('a token of some length');
is($answer->{status}, 200, 'with the token it is answered');
is($answer->{headers}{'content-type'}, 'text/plain; version=0.0.4; charset=utf-8', '... as Prometheus\' text format');
is(get('a token of some length', 'HEAD')->{status}, 200, '... and its head alone');
is_sql($node, 'va', "SET ROLE voiceagent_user; SELECT has_function_privilege('voiceagent.metrics()', 'EXECUTE')", 'f', 'metrics() is not for members');

my ($promtool) = grep { -x } map { "$_/promtool" } split /:/, $ENV{PATH};
SKIP:
{
	skip 'no promtool on the PATH (Debian: package prometheus)', 1 unless $promtool;
	my $file = $node->basedir . '/metrics';
	open(my $out, '>', $file) or die $!;
	print $out $answer->{content};
	close $out;
	my $output = qx($promtool check metrics < '$file' 2>&1);
	is("$? $output", '0 ', 'promtool finds nothing to say');
}

# ---- what it says ----

my $before = scrape();
is($before->{'voiceagent_worker_up{worker="dialer"}'}, 1, 'a worker is up');
is($before->{'voiceagent_tenants'}, 1, 'a tenant is there');
is($before->{'voiceagent_real_carriers_armed'}, 0, 'real carriers are not armed');

my $csv = join('', "phone,first_name\n", map { sprintf "+1 212 %03d %04d,Canaryname\n", 600 + $_, 1000 + $_ } 1 .. 40);
as_tenant($node, 'va', $tenant, "SELECT voiceagent.import_leads(\$csv\$$csv\$csv\$)");
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
my $campaign = as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Canary campaign', voiceagent.create_assistant('Ann', 'Hello {{first_name}}.', 'Sell heat pumps.'),
		settings => '{"max_concurrent_calls": 60, "call_interval": 0, "retry_attempts": 1, "breaker_min_calls": 100}')});
my $began = time;
as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_leads($campaign); SELECT voiceagent.start_campaign($campaign)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $campaign", 'completed', 'a campaign runs', 120);

my $after = scrape();
my %calls = map { split /\|/ } split /\n/, $node->safe_psql('va', 'SELECT outcome, count(*) FROM voiceagent.calls GROUP BY 1');
my %ended = map { $_ => $after->{"voiceagent_calls_ended_total{outcome=\"$_\"}"} } keys %calls;
is_deeply(\%ended, \%calls, 'ended calls are counted as the table has them, by outcome');
my $calls = 0;
$calls += $_ foreach values %calls;
is($after->{'voiceagent_dials_total{result="accepted"}'}, $calls, 'so are the dials that the carrier took');
is($after->{'voiceagent_dial_seconds_count'}, $calls, '... each with its time');
is($after->{'voiceagent_dial_seconds_bucket{le="+Inf"}'}, $calls, '... the last bucket holds them all');
cmp_ok($after->{'voiceagent_webhooks_total{result="stored"}'}, '>=', $calls, 'webhooks are counted');
cmp_ok($after->{'voiceagent_webhook_seconds_count'}, '>=', $after->{'voiceagent_webhooks_total{result="stored"}'}, '... each with the time that it took');
cmp_ok($after->{'voiceagent_webhook_seconds_sum'}, '>', 0, '... which is not none');
is($after->{'voiceagent_live_calls'}, 0, 'no call is live');
# ---- what the keeper folds meanwhile ----

wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.call_facts', $calls, 'the keeper folds every call', 30);
cmp_ok($node->safe_psql('va', 'SELECT count(DISTINCT xmin::text) FROM voiceagent.call_facts'), '<=', 1 + (time - $began) / 4,
	'... in batches that have gathered for four seconds each');
is(as_tenant($node, 'va', $tenant, 'SELECT sum(calls) FROM voiceagent.daily_figures'), $calls, '... into the figures of days');
is(as_tenant($node, 'va', $tenant, 'SELECT count(*) FROM voiceagent.call_words'), $calls, '... and into words to search');
ok(wait_until(sub { as_tenant($node, 'va', $tenant, 'SELECT count(*) FROM voiceagent.unfolded_figures()') eq '0' }, 60), '... and leaves nothing');
cmp_ok(scrape()->{'voiceagent_fold_seconds_count'}, '>', 0, '... which takes a time that is measured');
cmp_ok($after->{'voiceagent_transaction_seconds_count'}, '>', 0, 'so are the transactions of workers');
is(join(',', sort map { /^voiceagent_errors_total\{name="(\w+)"\}$/ ? $1 : () } keys %$after), 'carrier_api,database,llm_failure,llm_rate_limit,llm_timeout,lock_timeout,socket_drop,stt_failure,stt_timeout,tts_failure,tts_timeout', 'errors have names');

my $names = $node->safe_psql('va', q{SELECT string_agg(value, ',' ORDER BY value) FROM voiceagent.enumerations WHERE enumeration = 'call_outcome'});
is(join(',', sort grep { $_ ne 'other' } map { /outcome="(\w+)"/ ? $1 : () } keys %$after), $names, 'every outcome has its counter');
unlike(get('a token of some length')->{content}, qr/canary|\+1212/i, 'no tenant, campaign, name or number is shown');

# A dial that the carrier refuses ends its call, too.
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.add_lead('+12125550110', first_name => 'Dee')});
my $refused = as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Refused', (SELECT min(assistant_id) FROM voiceagent.assistants), settings => '{"call_interval": 0, "retry_attempts": 1, "breaker_min_calls": 100}')});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_leads($refused, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE phone = '+12125550110')); SELECT voiceagent.start_campaign($refused)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $refused", 'completed', 'a campaign whose dials are refused ends', 120);
my $failed = $node->safe_psql('va', q{SELECT count(*) FROM voiceagent.calls WHERE outcome = 'failed'});
cmp_ok($failed, '>', $calls{failed} // 0, '... with calls that failed');
is(scrape()->{'voiceagent_calls_ended_total{outcome="failed"}'}, $failed, '... which are counted');

# ---- what it forgets, and what not ----

my ($pid) = $node->safe_psql('va', q{SELECT pid FROM voiceagent.status() WHERE component = 'dialer'});
$node->safe_psql('va', "SELECT pg_terminate_backend($pid)");
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.status() WHERE component = 'dialer' AND pid <> $pid", 'running', 'a worker is ended and comes back');
my $later = scrape();
is($later->{'voiceagent_dials_total{result="accepted"}'}, $calls, 'its counters go on');
cmp_ok($later->{'voiceagent_worker_starts_total{worker="dialer"}'}, '>', $after->{'voiceagent_worker_starts_total{worker="dialer"}'}, '... and its start is counted');
$node->safe_psql('va', q{BEGIN; SELECT voiceagent_private.count_outcomes('{busy,busy}'); ROLLBACK;
	BEGIN; SAVEPOINT a; SELECT voiceagent_private.count_outcomes('{busy}'); ROLLBACK TO a; SAVEPOINT b; SELECT voiceagent_private.count_outcomes('{nonsense}'); RELEASE b; COMMIT;});
is(scrape()->{'voiceagent_calls_ended_total{outcome="busy"}'}, $later->{'voiceagent_calls_ended_total{outcome="busy"}'}, 'what is rolled back is not counted');
is(scrape()->{'voiceagent_calls_ended_total{outcome="other"}'}, 1, '... what is committed is, also from a subtransaction');

# ---- dashboards and alerts ----

use JSON::PP qw(decode_json encode_json);
my %family = map { $_ => 1 } split /\n/, $node->safe_psql('va', q{SELECT 'voiceagent_' || family FROM voiceagent_private.metric_families});
my $rules = slurp_file('extension/monitoring/alerts.yml');
sub unknown_metrics
{
	my ($text) = @_;
	return join(' ', grep { !$family{$_} && !$family{ s/_(bucket|sum|count)$//r } } $text =~ /\b(voiceagent_\w+)/g);
}
is(unknown_metrics($rules), '', 'the alert rules name metrics that there are');
my @platform = map { map { $_->{expr} } @{ $_->{targets} } } @{ decode_json(slurp_file('extension/monitoring/platform.json'))->{panels} };
cmp_ok(scalar @platform, '>', 8, 'the dashboard of the platform has queries');
is(unknown_metrics(join(' ', @platform)), '', '... which name metrics that there are');
my @panels = @{ decode_json(slurp_file('extension/monitoring/tenant.json'))->{panels} };
foreach my $panel (@panels)
{
	# What Grafana puts in the place of its macro.
	my @sql = map { $_->{rawSql} =~ s/\$__timeFilter\((\w+)\)/$1 BETWEEN now() - interval '30 days' AND now()/gr } @{ $panel->{targets} };
	my $rows = as_tenant($node, 'va', $tenant, join('; ', @sql));
	ok(defined $rows && $rows ne '', "a panel of the tenant's dashboard has rows: $panel->{title}");
}
# What Grafana asks of a dashboard, beside being JSON: panels with ids of their own, places on its 24 columns that do not
# overlap, a type that it ships, and a data source that the dashboard lets one choose.
foreach my $name (qw(platform tenant))
{
	my $dashboard = decode_json(slurp_file("extension/monitoring/$name.json"));
	my (%id, %cell, @wrong);
	foreach my $panel (@{ $dashboard->{panels} })
	{
		my $at = $panel->{gridPos};
		push @wrong, "$panel->{title}: id" if $id{ $panel->{id} }++;
		push @wrong, "$panel->{title}: type" if $panel->{type} !~ /^(stat|timeseries|table|barchart|piechart|gauge|bargauge)$/;
		push @wrong, "$panel->{title}: source" if $panel->{datasource}{uid} ne '${datasource}' || $panel->{datasource}{type} ne $dashboard->{templating}{list}[0]{query};
		push @wrong, "$panel->{title}: place" if $at->{x} + $at->{w} > 24 || grep { $_ > 1 } map { my $x = $_; map { ++$cell{"$x $_"} } $at->{y} .. $at->{y} + $at->{h} - 1 } $at->{x} .. $at->{x} + $at->{w} - 1;
	}
	is(join(', ', @wrong), '', "the dashboard $name is one that Grafana takes");
	is("$dashboard->{schemaVersion} $dashboard->{templating}{list}[0]{type}", '38 datasource', '... of a version that it migrates');
}
SKIP:
{
	skip 'no promtool on the PATH (Debian: package prometheus)', 2 unless $promtool;
	my $output = qx($promtool check rules extension/monitoring/alerts.yml 2>&1);
	is($? >> 8, 0, 'promtool finds the alert rules in order') or diag $output;
	my $file = $node->basedir . '/expressions.yml';
	my $n = 0;
	append_to_file($file, encode_json({ groups => [ { name => 'dashboard', rules => [ map { { record => 'panel' . $n++, expr => $_ } } @platform ] } ] }));
	$output = qx($promtool check rules '$file' 2>&1);
	is($? >> 8, 0, '... and the queries of the dashboard') or diag $output;
}

done_testing();
