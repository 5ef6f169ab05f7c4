# Exports as files: made by a process of their own, in four formats, followed by signed links that end, by ranges; what is not
# wanted leaves no file; schedules make them by themselves; one tenant's exports hold up no other's.
use strict;
use warnings;

use HTTP::Tiny;
use IO::Uncompress::Unzip qw(unzip $UnzipError);
use JSON::PP qw(decode_json encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', 'voiceagent.sandbox' => 'off');
my $secret = $node->basedir . '/jwt';
append_to_file($secret, 'a secret of more than thirty-two bytes');
chmod 0600, $secret;
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$secret'\nvoiceagent.web_port = 0");
$node->reload;
wait_for_sql($node, 'va', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', 'the console is there', 30);
my $url = $node->safe_psql('va', q{SELECT voiceagent_private.worker_address('web')});
my $http = HTTP::Tiny->new(timeout => 40);
my $files = $node->data_dir . '/voiceagent/exports.' . $node->safe_psql('va', q{SELECT oid FROM pg_database WHERE datname = current_database()});

my ($one, $two) = map { create_tenant($node, 'va', $_, credits => 1000) } 'One', 'Two';
$node->safe_psql('va', "SELECT voiceagent.create_member($one, 'owner\@example.com', 'correct horse')");
sub rpc
{
	my ($token, $function, $arguments) = @_;
	return $http->post("$url/rpc/$function", { content => encode_json($arguments // {}), headers => { 'Content-Type' => 'application/json', $token ? (Authorization => "Bearer $token") : () } });
}
my $token = rpc(undef, 'login', { email => 'owner@example.com', password => 'correct horse' })->{content} =~ s/"//gr;

# Leads whose texts a spreadsheet would compute, and more of them than a page has.
my $leads = 12_000;
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($one);
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, company, timezones, created_at)
	SELECT $one, '+1212' || (2000000 + i), CASE i % 3 WHEN 0 THEN '=1+1' WHEN 1 THEN 'A, \"B\"' ELSE E'line\\nbreak' END, U&'\\00DCber \\202E', '{America/New_York}', voiceagent.clock() FROM generate_series(1, $leads) i; COMMIT");
sub state_of { my ($tenant, $id) = @_; return "SELECT state FROM (SELECT voiceagent_private.set_tenant($tenant)) s, LATERAL (SELECT e.state FROM voiceagent.exports e WHERE e.tenant_id = $tenant AND e.export_id = $id) e" }
sub of { my ($tenant, $sql) = @_; return as_tenant($node, 'va', $tenant, $sql) }
sub made
{
	my ($name, @arguments) = @_;
	my $answer = rpc($token, 'request_export', { @arguments });
	is($answer->{status}, 202, "$name: it is taken, and not done yet");
	wait_for_sql($node, 'va', state_of($one, $answer->{content}), 'done', '... and made', 60);
	my $link = rpc($token, 'export_link', { export_id => $answer->{content} })->{content} =~ s/"//gr;
	return ($answer->{content}, $link, $http->get("$url$link"));
}

# ---- the four formats ----

my ($csv_id, $link, $csv) = made('CSV', what => 'leads', bom => JSON::PP::true, separator => ';');
is("$csv->{status} $csv->{headers}{'content-type'} $csv->{headers}{'content-disposition'}", "200 text/csv; charset=utf-8 attachment; filename=\"leads-$csv_id.csv\"", 'a link needs no token, and names the file');
is($csv->{headers}{'x-content-type-options'} . ' ' . $csv->{headers}{'cache-control'}, 'nosniff private, no-store', '... which nobody keeps or guesses at');
is(length($csv->{content}), of($one, "SELECT bytes FROM voiceagent.exports WHERE export_id = $csv_id"), '... of as many bytes as the row says');
like($csv->{content}, qr/^\xEF\xBB\xBFlead_id;/, '... with its byte order mark, and the names');
my @found = $csv->{content} =~ /^\d+;\+1212\d+;/mg;
is(scalar @found, $leads, '... and every lead once');
is(scalar(() = $csv->{content} =~ /;'=1\+1;/g), $leads / 3, '... whose formulas are text');
my (undef, undef, $chosen) = made('some columns', what => 'leads', only_columns => [ 'company', 'phone' ], to_day => '2020-01-01');
is($chosen->{content}, "lead_id,company,phone\n", 'an export has the columns that it is asked for, behind the id');
like(rpc($token, 'request_export', { what => 'leads', only_columns => $_ })->{content}, qr/PT422/, '... of those that there are') foreach [ 'nonsense' ], [ 'phone', 'phone' ], [];
my (undef, undef, $ndjson) = made('NDJSON', what => 'leads', format => 'ndjson');
is(scalar(grep { decode_json($_)->{first_name} eq '=1+1' } split /\n/, $ndjson->{content}), $leads / 3, 'a line is an object, with the text as it is');
my (undef, undef, $json) = made('JSON', what => 'leads', format => 'json');
is(scalar @{ decode_json($json->{content}) }, $leads, 'JSON is one array');
my (undef, undef, $none) = made('an empty JSON', what => 'leads', format => 'json', to_day => '2020-01-01');
is_deeply(decode_json($none->{content}), [], '... of nothing an empty one');
my (undef, undef, $xlsx) = made('XLSX', what => 'leads', format => 'xlsx');
my %part;
foreach my $name ('xl/worksheets/sheet1.xml', 'xl/workbook.xml')
{
	unzip(\$xlsx->{content} => \$part{$name}, Name => $name) or die $UnzipError;
}
is(scalar(() = $part{'xl/worksheets/sheet1.xml'} =~ /<row /g), $leads + 1, 'a workbook has the names and every lead');
is(scalar(() = $part{'xl/worksheets/sheet1.xml'} =~ /<f>/g), 0, '... and no formula');
is(scalar(() = $part{'xl/worksheets/sheet1.xml'} =~ /t="inlineStr"><is><t>=1\+1</g), $leads / 3, '... but what looks like one, as text');
like($part{'xl/workbook.xml'}, qr/<sheet name="leads"/, '... on a sheet that is named after it');

# ---- ranges ----

sub part { my ($range, $method) = @_; return $http->request($method // 'GET', "$url$link", { headers => { Range => $range } }) }
my $size = length $csv->{content};
foreach my $case ([ 'bytes=0-9', 0, 10 ], [ 'bytes=70000-200000', 70000, 130001 ], [ 'bytes=-7', $size - 7, 7 ], [ 'bytes=' . ($size - 3) . '-', $size - 3, 3 ], [ "bytes=5-99999999999", 5, $size - 5 ])
{
	my ($range, $from, $length) = @$case;
	my $got = part($range);
	is("$got->{status} $got->{headers}{'content-range'}", "206 bytes $from-" . ($from + $length - 1) . "/$size", "$range is a part of it");
	ok($got->{content} eq substr($csv->{content}, $from, $length), '... the right one');
}
is(part("bytes=$size-")->{status}, 416, 'beyond the end there is none');
is(part($_)->{status}, 200, "what is no single range has the whole: $_") foreach 'bytes=', 'bytes=a-b', 'bytes=0-1,3-4', 'bytes=9-5', 'lines=1-2';
my $head = $http->head("$url$link");
is("$head->{status} $head->{headers}{'content-length'} " . length($head->{content} // ''), "200 $size 0", 'HEAD tells its size');

# ---- links end ----

sub dead { my ($path, $name) = @_; local $Test::Builder::Level = $Test::Builder::Level + 1; return is($http->get("$url$path")->{status}, 404, $name) }
dead($link =~ s/-(\d+)-(\d+)-(\d+)-/"-$1-$2-" . ($3 + 1) . '-'/er, 'a time that was changed is noticed');
dead($link =~ s{/exports/\d+-}{/exports/$two-}r, '... another tenant');
dead($link =~ s/[0-9a-f]{64}/'0' x 64/er, '... another signature');
dead('/exports/' . $_ . '/x.csv', "... what is no link: $_") foreach '1', 'x' x 200, '..%2fPG_VERSION', "$one-1-0-9999999999-";
my $short = of($one, "SELECT voiceagent.export_link($csv_id, '1 second')");
sleep 2.5;
dead($short, 'one whose time is over leads nowhere');
my $second = $node->safe_psql('va', "SELECT voiceagent.create_member($one, 'gone\@example.com', 'correct horse', 'viewer')");
my $gone = rpc(undef, 'login', { email => 'gone@example.com', password => 'correct horse' })->{content} =~ s/"//gr;
my $theirs = rpc($gone, 'export_link', { export_id => $csv_id })->{content} =~ s/"//gr;
is($http->get("$url$theirs")->{status}, 200, 'a viewer may load what it may read');
rpc($token, 'update_member', { member_id => $second, active => JSON::PP::false });
dead($theirs, '... until it is deactivated');
my $key = rpc($token, 'create_api_key', { label => 'reports', role => 'viewer' })->{content} =~ s/"//gr;
my $by_key = $http->post("$url/rpc/export_link", { content => encode_json({ export_id => $csv_id }), headers => { 'Content-Type' => 'application/json', 'X-API-Key' => $key } })->{content} =~ s/"//gr;
is($http->get("$url$by_key")->{status}, 200, 'so may an API key');
rpc($token, 'revoke_api_key', { api_key_id => of($one, "SELECT api_key_id FROM voiceagent.api_keys WHERE label = 'reports'") });
dead($by_key, '... until it is revoked');
is(rpc($token, 'drop_export', { export_id => $csv_id })->{status}, 204, 'an export is dropped');
dead($link, '... and its link with it');
ok(wait_until(sub { !-e "$files/$one-$csv_id.csv" }), '... and its file');

# ---- what a crash leaves, limits, times ----

append_to_file("$files/$one-999999.csv", 'left');
mkdir "$files/new";
append_to_file("$files/new/$one-1.csv", 'unfinished');
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($one); UPDATE voiceagent_private.export_jobs SET stage = 'claimed' WHERE export_id = @{[ $csv_id + 1 ]}; UPDATE voiceagent.exports SET state = 'running' WHERE export_id = @{[ $csv_id + 1 ]}; COMMIT");
made('one after a crash', what => 'leads', format => 'json', to_day => '2020-01-01');
ok(wait_until(sub { !-e "$files/$one-999999.csv" }), 'a file that no row asks for is removed');
wait_for_sql($node, 'va', q{SELECT state FROM voiceagent.status() WHERE component = 'exporter'}, 'resting', 'with nothing to do the process ends', 60);
$node->safe_psql('va', q{SELECT voiceagent_private.poke('exports')});
ok(wait_until(sub { !-e "$files/new/$one-1.csv" }), 'a file that was not finished is removed at its start');
wait_for_sql($node, 'va', state_of($one, $csv_id + 1), 'done', '... and an export that a process had begun is begun anew', 30);

$node->safe_psql('va', q{SELECT voiceagent.set_setting('export_megabytes', '1')});
my $large = of($one, q{SELECT voiceagent.request_export('leads', 'ndjson')});
wait_for_sql($node, 'va', state_of($one, $large), 'failed', 'the files of a tenant have a limit', 60);
like(of($one, "SELECT error FROM voiceagent.exports WHERE export_id = $large"), qr/too large/, '... which the row names');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('export_megabytes', '1024'), voiceagent.set_setting('exports_max', '1')});
my ($out, $said) = ('', '');
$node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($one); SELECT voiceagent.request_export('leads'); SELECT voiceagent.request_export('leads')", stdout => \$out, stderr => \$said);
like($said, qr/too many exports at a time/, 'a tenant has so many at a time');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('exports_max', '3')});

# ---- by themselves, and told ----

my $schedule = of($one, q{SELECT voiceagent.create_export_schedule('Each morning', 'day', 'leads', 'csv')});
of($one, "UPDATE voiceagent.export_schedules SET next_at = voiceagent.clock() - interval '1 minute' WHERE schedule_id = $schedule");
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($one); UPDATE voiceagent_private.export_schedule_times SET next_at = '-infinity' WHERE schedule_id = $schedule; SELECT voiceagent_private.request_job('make_scheduled_exports', '-infinity'); COMMIT");
wait_for_sql($node, 'va', "SELECT state FROM (SELECT voiceagent_private.set_tenant($one)) s, LATERAL (SELECT e.state FROM voiceagent.exports e WHERE e.tenant_id = $one AND e.schedule_id = $schedule) e", 'done', 'a schedule makes its file', 60);
is(of($one, "SELECT from_day = to_day AND to_day = (voiceagent.clock() AT TIME ZONE (SELECT t.timezone FROM voiceagent.tenants t WHERE t.tenant_id = voiceagent.current_tenant()))::date - 1 FROM voiceagent.exports WHERE schedule_id = $schedule"), 't', '... of the day before');
is(of($one, "SELECT next_at > voiceagent.clock() AND last_error IS NULL FROM voiceagent.export_schedules WHERE schedule_id = $schedule"), 't', '... and is due again tomorrow');
is(of($one, "SELECT count(*) FROM voiceagent.events WHERE event_type = 'export_ready' AND (event_data ->> 'schedule_id')::bigint = $schedule"), '1', '... and an event says so, for webhooks and pages');

# ---- their time is over ----

my $left = () = glob "$files/*.*";
cmp_ok($left, '>', 2, 'files are kept');
$node->safe_psql('va', q{UPDATE voiceagent_private.export_jobs SET next_at = '-infinity' WHERE stage = 'kept'; SELECT voiceagent_private.request_job('remove_exports', '-infinity')});
ok(wait_until(sub { !(() = glob "$files/*.*") }), '... until their time is over');
is(of($one, q{SELECT count(*) FROM voiceagent.exports WHERE state = 'done'}), '0', '... as the rows say');
done_testing();
