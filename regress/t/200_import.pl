# A file that comes in pieces: a crash costs the piece that was not committed and nothing else, any session goes on
# with it, and the memory of the session stays small however long the file is.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main', restart_after_crash => 'on', 'voiceagent.launcher' => 'off');
my $dir = PostgreSQL::Test::Utils::tempdir();
chmod 0755, $dir;
my $file = "$dir/leads.csv";
system("$^X regress/lib/dirty-leads --bench 60000 11 > $file") == 0 or die 'no file';
my $size = -s $file;
my $step = 700_001;

my %tenant = map { $_ => $node->safe_psql('va', "SELECT voiceagent.create_tenant('$_')") } qw(whole pieces);

# As a tenant, in one transaction; what the last statement says.
sub act
{
	my ($name, $sql) = @_;
	my $out = $node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant{$name}); $sql; COMMIT");
	return (split /\n/, $out)[-1];
}

sub piece { my $from = shift; return "pg_read_binary_file('$file', $from, $step)"; }

my $whole = act('whole', "SELECT rows_read, rows_imported, rows_rejected, rows_duplicate FROM voiceagent.import_leads(pg_read_file('$file'))");
like($whole, qr/^60000\|\d+\|\d+\|\d+$/, 'the file in one piece');

my $batch = act('pieces', 'SELECT voiceagent.begin_import()');
my ($from, $read, $crashes) = (0, 0, 0);
while ($from < $size)
{
	# Every third piece is lost once: its rows are stored, but the backend dies before the commit.
	if (($from / $step) % 3 == 1)
	{
		$node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant{pieces}); SELECT voiceagent.append_import($batch, "
			  . piece($from) . '); COPY (SELECT pg_backend_pid()) TO PROGRAM \'xargs kill -9\'',
			on_error_stop => 0, stderr => \my $stderr);
		$crashes++;
		$node->poll_query_until('va', 'SELECT true') or die 'the server does not come back';
		is(act('pieces', "SELECT rows_read FROM voiceagent.import_batches WHERE batch_id = $batch"), $read, "crash $crashes: the import is where it was");
	}
	$read = act('pieces', "SELECT voiceagent.append_import($batch, " . piece($from) . ')');
	$from += $step;
}
ok($crashes >= 2, "$crashes crashes");
is(act('pieces', "SELECT rows_read, rows_imported, rows_rejected, rows_duplicate FROM voiceagent.finish_import($batch)"), $whole,
	'the file in pieces, with crashes: the same counts');

my $of = q{SELECT md5(string_agg(%s, E'\n' ORDER BY %s)) FROM voiceagent.%s WHERE tenant_id = voiceagent.current_tenant()};
foreach my $what (
	['concat_ws(\'|\', phone, first_name, last_name, email, company, country, region, timezones, context, batch_row)', 'batch_row', 'leads'],
	['concat_ws(\'|\', row_number, error_number, column_name, value, reason, kind)', 'row_number, error_number', 'import_errors'])
{
	is(act('pieces', sprintf($of, @$what)), act('whole', sprintf($of, @$what)), "... and the same $what->[2]");
}
is(act('pieces', "SELECT count(*) FROM (SELECT FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() GROUP BY phone HAVING count(*) > 1) d"),
	0, 'no number twice');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent_private.import_carry'), 0, 'nothing is left over');

# The whole file five times over in one session, piece by piece.
my $memory = act('pieces', join('; ',
	"SELECT voiceagent.append_import(b, pg_read_binary_file('$file', f, 500000)) FROM (SELECT voiceagent.begin_import() AS b OFFSET 0) x, generate_series(1, 5) r, generate_series(0, $size, 500000) f",
	q{SELECT (regexp_match(pg_read_file('/proc/self/status'), 'RssAnon:\s+(\d+)'))[1]}));
cmp_ok($memory, '<', 32 * 1024, "private memory of the session: $memory kB");

# ----- canceled in the middle, whatever takes long: nothing of it stays, and the session goes on
my ($campaign, $lead, $done) = split /\|/, act('whole', q{SELECT voiceagent.create_campaign('Canceled', voiceagent.create_assistant('A', 'Hello', 'Talk')),
	(SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant()), (SELECT max(batch_id) FROM voiceagent.import_batches WHERE tenant_id = voiceagent.current_tenant())});
my $numbers = q{(SELECT string_agg('+1415555' || lpad(i::text, 4, '0'), E'\n') FROM generate_series(0, 9999) i)};
my @long = (
	[ 'import_leads', "SELECT rows_read FROM voiceagent.import_leads(pg_read_file('$file'), on_duplicate => 'update')" ],
	[ 'append_import', "SELECT voiceagent.append_import(voiceagent.begin_import(on_duplicate => 'update'), pg_read_binary_file('$file'))" ],
	[ 'add_leads', "SELECT voiceagent.add_leads($campaign)" ],
	[ 'launch_campaign', "SELECT voiceagent.launch_campaign(ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND status = 'new' LIMIT 20000), (SELECT max(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()))" ],
	[ 'preview_campaign', "SELECT voiceagent.preview_campaign($campaign)" ],
	[ 'simulate', "SELECT count(*) FROM voiceagent.simulate($campaign)" ],
	[ 'export_tenant', 'SELECT count(*) FROM voiceagent.export_tenant()' ],
	[ 'import_do_not_call', "SELECT voiceagent.import_do_not_call($numbers)" ],
	[ 'import_dnc_list', "SELECT voiceagent.import_dnc_list('canceled', 'US', voiceagent.clock(), $numbers)" ],
	[ 'block_prefix', "SELECT voiceagent.block_prefix('+1', 'canceled')" ],
	[ 'erase_lead', "SELECT voiceagent.erase_lead($lead)" ],
	[ 'undo_import', "SELECT voiceagent.undo_import($done)" ],
	[ 'retention', "SELECT voiceagent_private.begin_retention(10000), voiceagent_private.retain_rows(100000)" ],
	[ 'invariants', 'SELECT count(*) FROM voiceagent.invariants()' ]);
my $before = row_counts($node, 'va');
my $canceled = 0;
foreach my $case (@long)
{
	my ($name, $sql) = @$case;
	foreach my $ms (3, 30, 150)
	{
		my (undef, $out) = $node->psql('va', "BEGIN;\nSELECT voiceagent_private.set_tenant($tenant{whole}) AS was \\gset\nSET LOCAL statement_timeout = '${ms}ms';\n$sql \\g /dev/null\n"
			. "\\echo :LAST_ERROR_SQLSTATE\nROLLBACK;\nSELECT count(*) >= 0 FROM voiceagent.campaigns", on_error_stop => 0);
		my ($state, $alive) = split /\n/, $out;
		# What is done in time shows nothing here.
		last if $state ne '57014' && $alive eq 't' && $state eq '00000';
		is($out, "57014\nt", "$name: canceled after $ms ms, and the session goes on") or last;
		$canceled++;
	}
}
cmp_ok($canceled, '>=', 20, "$canceled statements were canceled in the middle");
is_same(row_counts($node, 'va'), $before, '... and nothing of them stays');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.invariants()'), 0, '... nor is anything wrong');
is($node->safe_psql('va', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), 0, '... nor is a lock left');

$node->stop;
done_testing();
