# However many rows an export has, the process that makes it needs the memory of a page: 200,000 calls, in each format.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;

# What the whole process may have of its own.
my $most_kb = 64 * 1024;
my ($few, $many) = (20_000, 200_000);

my $node = new_node('main', 'voiceagent.sandbox' => 'off');
my $tenant = create_tenant($node, 'va', 'Memory', credits => 10);
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.create_campaign('One', voiceagent.create_assistant('Ann', 'Hello', 'Be kind.')); SELECT voiceagent.add_lead('+12125550100'); COMMIT");
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant);
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, status, outcome, started_at, ended_at, duration_seconds, summary)
	SELECT $tenant, g.campaign_id, l.lead_id, l.phone, g.assistant_id, 1, 1, 1, 1, 'no_answer', 'no_answer', CASE WHEN i <= $few THEN '2020-01-01'::timestamptz ELSE '2020-06-01' END, '2020-06-02', 0, 'Nobody answered, for the ' || i || 'th time.'
	FROM voiceagent.campaigns g JOIN voiceagent.leads l ON l.tenant_id = g.tenant_id, generate_series(1, $many) i WHERE g.tenant_id = $tenant; COMMIT");

sub kb
{
	my ($pid, $field) = @_;
	my ($kb) = slurp_file("/proc/$pid/status") =~ /^$field:\s+(\d+) kB/m;
	return $kb;
}

# An export to its end: its rows, and the most memory that the process was seen to have meanwhile.
sub made
{
	my ($format, $to_day) = @_;
	my $id = as_tenant($node, 'va', $tenant, "SELECT voiceagent.request_export('calls', '$format', to_day := $to_day)");
	my ($most, $state) = (0, '');
	until ($state =~ /done|failed/)
	{
		my $pid = $node->safe_psql('va', q{SELECT pid FROM voiceagent.status() WHERE component = 'exporter'});
		my $kb = $pid && -e "/proc/$pid" ? kb($pid, 'RssAnon') : 0;
		$most = $kb if $kb > $most;
		sleep 0.05;
		$state = as_tenant($node, 'va', $tenant, "SELECT state || ' ' || rows FROM voiceagent.exports WHERE export_id = $id");
	}
	return ($state, $most);
}

foreach my $format (qw(csv ndjson json xlsx))
{
	my (undef, $before) = made($format, "date '2020-03-01'");
	my ($state, $after) = made($format, 'NULL');
	is($state, "done $many", "$format: $many rows are exported");
	cmp_ok($after, '<', $most_kb, "... by a process that never has more than 64 MB of its own");
	note("$few rows: $before kB, $many rows: $after kB");
}
done_testing();
