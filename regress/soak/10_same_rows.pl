# Random queries of a tenant give the rows that a superuser finds, whom no policy binds and whose plans nobody puts in order,
# when it asks the same of that tenant's rows alone: by each kind of scan, with little memory, over partitions, by joins,
# prepared, and in parallel.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentSoak;

use constant { BATCH => 100, LEADS => 30_000 };

my $seed = seed();
my $node = new_node('main', 'voiceagent.launcher' => 'off', max_worker_processes => 16, max_parallel_workers => 4);
my %tenant = map { $_ => create_tenant($node, 'va', "Rows $_") } qw(a b);
$node->safe_psql('va', "CREATE ROLE rows_a LOGIN; SELECT voiceagent.map_role('rows_a', $tenant{a})");

# Both tenants' rows lie on the same pages.
$node->safe_psql('va', qq{
	DO \$\$
	BEGIN
		FOR chunk IN 0 .. @{[ LEADS / 20 - 1 ]} LOOP
			FOR v_tenant IN $tenant{a} .. $tenant{b} LOOP
				PERFORM voiceagent_private.set_tenant(v_tenant);
				WITH made AS (
					INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, priority, created_at)
					SELECT v_tenant, '+1212' || lpad((2000000 + chunk * 20 + i)::text, 7, '0'), CASE WHEN i % 7 > 0 THEN 'Lead ' || i END,
						'US', CASE i % 3 WHEN 0 THEN 'US-NY' WHEN 1 THEN 'US-CA' ELSE 'US-TX' END, '{America/New_York}', (chunk + i) % 10,
						timestamptz '2026-01-01' + chunk * interval '1 hour'
					FROM generate_series(0, 19) i RETURNING lead_id, phone
				), agreed AS (
					INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
					SELECT v_tenant, lead_id, phone, 'call', 'test', timestamptz '2026-01-01' FROM made WHERE lead_id % 3 = 0
				)
				INSERT INTO voiceagent.events (tenant_id, month_slot, at, event_type, lead_id, event_data)
				SELECT v_tenant, voiceagent_private.month_slot(t), t, (ARRAY['seen', 'heard', 'felt'])[1 + lead_id % 3], lead_id, '{}'
				FROM made, LATERAL (SELECT timestamptz '2026-01-01' + lead_id % 300 * interval '1 day') x(t) WHERE lead_id % 2 = 0;
			END LOOP;
		END LOOP;
	END \$\$} =~ s/BEGIN/DECLARE v_tenant bigint; BEGIN/r);
$node->safe_psql('va', 'VACUUM ANALYZE');
my $last = $node->safe_psql('va', 'SELECT max(lead_id) FROM voiceagent.leads');

# ---- queries ----

my %columns = (
	leads => { ids => [qw(lead_id)], texts => { first_name => [ map { "Lead $_" } 0 .. 19 ], region => [qw(US-NY US-CA US-TX)] }, numbers => { priority => 10 }, times => [qw(created_at)] },
	consents => { ids => [qw(lead_id)], texts => { source => [qw(test other)] }, numbers => {}, times => [qw(granted_at)] },
	events => { ids => [qw(lead_id event_id)], texts => { event_type => [qw(seen heard felt)] }, numbers => {}, times => [qw(at)] });

sub condition_on
{
	my ($table, $row) = @_;
	my $is = $columns{$table};
	my $id = pick(@{ $is->{ids} });
	my $from = between(1, $last);
	my $text = pick(sort keys %{ $is->{texts} });
	my $word = pick(@{ $is->{texts}{$text} });
	my $number = pick((sort keys %{ $is->{numbers} }), '');
	my $time = pick(@{ $is->{times} });
	my $day = sprintf("timestamptz '2026-01-01' + %d * interval '1 day'", between(0, 300));
	return pick(
		(map { "$row.tenant_id = $tenant{$_}" } qw(a b)), "$row.tenant_id IN ($tenant{a}, $tenant{b})", "$row.tenant_id <> $tenant{b}",
		"$row.$id BETWEEN $from AND " . ($from + between(0, $last)), "$row.$id = $from", "$row.$id < $from", "$row.$id % 5 = " . between(0, 4),
		"$row.$id IN (" . join(', ', map { between(1, $last) } 1 .. 5) . ')', "$row.$text = '$word'", "$row.$text LIKE '%" . substr($word, -1) . "'",
		"$row.$text IS NULL", "$row.$time >= $day", "$row.$time < $day", $number eq '' ? "$row.$id > $from" : "$row.$number < " . between(0, 10));
}

sub condition
{
	my ($table, $row, $depth) = @_;
	my $kind = $depth == 0 ? 9 : between(0, 9);
	return '(' . join($kind < 4 ? ' OR ' : ' AND ', map { condition($table, $row, $depth - 1) } 1 .. between(2, 3)) . ')' if $kind < 7;
	return 'NOT ' . condition($table, $row, $depth - 1) if $kind == 7;
	if ($kind == 8)
	{
		# Few rows, since a sub-select that does not fit into work_mem is run for each row.
		my $other = pick(qw(leads consents));
		my $from = between(1, $last);
		my $inner = "o.lead_id BETWEEN $from AND " . ($from + 100) . ' AND ' . condition($other, 'o', 0);
		return pick("EXISTS (SELECT FROM {$other} o WHERE o.tenant_id = $row.tenant_id AND o.lead_id = $row.lead_id AND $inner)",
			"$row.lead_id IN (SELECT o.lead_id FROM {$other} o WHERE $inner)");
	}
	return condition_on($table, $row);
}

sub query
{
	my $table = pick(sort keys %columns);
	my $other = pick(grep { $_ ne $table } sort keys %columns);
	my $where = condition($table, 't', between(1, 3));
	my $kind = between(0, 5);
	my $text = (sort keys %{ $columns{$table}{texts} })[0];
	return "SELECT count(*), count($text), sum(t.lead_id) FROM {$table} t WHERE $where" if $kind < 3;
	return "SELECT t.$text, count(*), max(t.lead_id) FROM {$table} t WHERE $where GROUP BY 1" if $kind == 3;
	return "SELECT count(*), sum(t.lead_id) FROM {$table} t " . pick('', 'LEFT ') . "JOIN {$other} o ON o.tenant_id = t.tenant_id AND o.lead_id = t.lead_id WHERE $where" if $kind == 4;
	return "SELECT t.lead_id FROM {$table} t WHERE $where ORDER BY 1 " . pick('', 'DESC ') . 'LIMIT ' . between(1, 50);
}

my @switches = map { "enable_$_" } qw(seqscan indexscan indexonlyscan bitmapscan tidscan hashjoin mergejoin nestloop hashagg sort material memoize);
my @scans = ([], [qw(enable_seqscan enable_indexscan enable_indexonlyscan)], [qw(enable_seqscan enable_bitmapscan)], [qw(enable_indexscan enable_indexonlyscan enable_bitmapscan)]);

sub settings
{
	my $scans = pick(@scans);
	# A join by nested loops without an index takes minutes.
	my %off = map { $_ => 1 } @$scans, (@$scans > 1 ? pick(['enable_nestloop'], [qw(enable_hashjoin enable_nestloop)]) : pick([], ['enable_hashjoin'], ['enable_nestloop']))->@*;
	my $parallel = between(0, 3) == 0;
	return join('', map { "SET $_ = " . ($off{$_} ? 'off' : 'on') . ";\n" } @switches) . 'SET max_parallel_workers_per_gather = ' . ($parallel ? 2 : 0) . ";\n"
		. 'SET plan_cache_mode = ' . pick(qw(force_generic_plan force_custom_plan)) . ";\n";
}

# As the tenant asks it, and as a superuser asks for that tenant's rows.
sub statement
{
	my ($query, $bound, $settings, $prepared, $number) = @_;
	$query =~ s/\{(\w+)\}/$bound ? "voiceagent.$1" : "(SELECT * FROM voiceagent.$1 WHERE tenant_id = $tenant{a})"/ge;
	$query = "SELECT $number, count(*), md5(string_agg(q::text, ' ' ORDER BY q::text)) FROM ($query) q";
	return $settings . ($prepared ? "PREPARE p AS $query;\nEXECUTE p;\nDEALLOCATE p;\n" : "$query;\n");
}

my $always = "SET work_mem = '64kB'; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0; SET statement_timeout = '10s';\n";

sub answers
{
	my ($role, $text) = @_;
	my ($out, $err) = ('', '');
	# A query that takes too long is left out; nothing else may fail.
	IPC::Run::run([ 'psql', '-XAtq', '-h', $node->host, '-p', $node->port, '-U', $role, '-d', 'va' ], '<', \($always . $text), '>', \$out, '2>', \$err)
		or die "$role: $err";
	my @errors = grep { /ERROR|FATAL/ && !/statement timeout/ && !/prepared statement "p"/ } split /\n/, $err;
	die "$role: @errors\n" if @errors;
	return map { /^(\d+)\|(.*)/ ? ($1 => $2) : die "$role: $_\n" } split /\n/, $out;
}

my ($asked, $compared, $found, @differ) = (0, 0, 0);
my $superuser = $node->safe_psql('va', 'SELECT current_user');
# A bitmap that is lossy within one arm of an OR.
my @first = map { "SELECT count(*), count(first_name) FROM {leads} t WHERE t.tenant_id = $_ OR t.lead_id BETWEEN " . int($last / 10) . ' AND ' . int($last * 0.9) } @tenant{qw(a b)};
my $bitmaps = join('', map { "SET enable_$_ = off; " } qw(seqscan indexscan indexonlyscan)) . "SET enable_bitmapscan = on;\n";
for (my $batch = 0; $batch < rounds(short => 2_000 / BATCH, long => 100_000 / BATCH) && time_left() && @differ < 20; $batch++)
{
	restart_choices($batch);
	my @queries = map { query() } 1 .. BATCH;
	@queries[ 0 .. $#first ] = @first if $batch == 0;
	my (@bound, @free);
	foreach my $query (@queries)
	{
		my ($settings, $prepared) = (settings(), between(0, 3) == 0);
		$settings = $bitmaps if $batch == 0 && @bound < @first;
		push @bound, statement($query, 1, $settings, $prepared, scalar @bound);
		push @free, statement($query, 0, '', 0, scalar @free);
	}
	my %got = answers('rows_a', join('', @bound));
	my %want = answers($superuser, join('', @free));
	foreach my $n (grep { defined $got{$_} && defined $want{$_} } 0 .. $#queries)
	{
		$compared++;
		$found++ if $want{$n} !~ /^0\|/;
		push @differ, "batch $batch: $bound[$n]got $got{$n}, not $want{$n}\n" if $got{$n} ne $want{$n};
	}
	$asked += @queries;
}
is(@differ, 0, "$asked queries give the tenant's rows, all of them and no others") or diag(@differ);
cmp_ok($compared, '>', $asked * 0.98, '... nearly all of them in time');
cmp_ok($found, '>', $asked / 2, '... and most find some');
figure(name => 'random queries compared with those of a superuser', value => $compared, unit => 'queries', goal => long() ? '>= 100000' : undef, count => $asked);
figure(name => '... whose rows differ', value => scalar @differ, unit => 'queries', goal => '= 0', count => $asked);
done_testing();
