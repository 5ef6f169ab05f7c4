# The console's door speaks PostgREST's wire: the same requests, sent to PostgREST (or to the stand-in where there is none) and to
# the door, have the same statuses, bodies and fields of errors.
use strict;
use warnings;

use File::Copy qw(copy);
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

sub on_path { my ($program) = @_; return (grep { -x "$_/$program" } split /:/, $ENV{PATH})[0] }
plan skip_all => 'no node and npm on the PATH' unless on_path('node') && on_path('npm');

my $node = new_node('main', 'voiceagent.authenticator' => 'authenticator', 'voiceagent.web_port' => 0);
my $work = $node->basedir;
append_to_file("$work/jwt", 'a secret of more than thirty-two bytes');
chmod 0600, "$work/jwt";
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$work/jwt'");
$node->reload;
$node->safe_psql('va', 'CREATE ROLE authenticator LOGIN NOINHERIT; GRANT voiceagent_anon, voiceagent_user TO authenticator');

mkdir "$work/npm" or die $!;
copy("regress/postgrest/$_", "$work/npm/$_") or die "$_: $!" foreach qw(package.json package-lock.json .npmrc);
copy('regress/fakes/postgrest.js', "$work/npm/postgrest.js") or die $!;
{
	local $ENV{HOME} = $work;
	qx(cd '$work/npm' && npm ci --silent 2>&1);
	plan skip_all => 'the registry of npm cannot be reached' if $?;
}
my $conf = readme_block('postgrest');
my $port = PostgreSQL::Test::Cluster::get_free_port();
my ($host, $pgport) = ($node->host, $node->port);
$conf =~ s{^db-uri = .*}{db-uri = "postgres://authenticator\@/va?host=$host&port=$pgport"}m;
$conf =~ s{^jwt-secret = .*}{jwt-secret = "\@$work/jwt"}m;
$conf =~ s{^server-port = .*}{server-port = $port}m;
append_to_file("$work/postgrest.conf", $conf);
my $real = on_path('postgrest');
note($real ? 'a real PostgREST answers' : 'skipped: no postgrest on the PATH; the stand-in answers');
my $pid = fork;
if (!$pid)
{
	chdir "$work/npm";
	open(STDOUT, '>', "$work/postgrest.log");
	open(STDERR, '>&', \*STDOUT);
	exec($real ? ("$real/postgrest", "$work/postgrest.conf") : ('node', "$work/npm/postgrest.js", "$work/postgrest.conf"));
}
END { kill 'TERM', $pid if $pid }
my $until = time + 120;
sleep 0.1 until IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) || time > $until;
wait_for_sql($node, 'va', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', 'the door is open', 30);
my %at = (postgrest => "http://127.0.0.1:$port", door => $node->safe_psql('va', q{SELECT voiceagent_private.worker_address('web')}));

my $tenant = create_tenant($node, 'va', 'One', credits => 1000);
$node->safe_psql('va', "SELECT voiceagent.set_tenant_timezone($tenant, 'America/New_York')");
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant, '$_\@example.com', 'correct horse', '$_')") foreach qw(owner viewer);
my %token = map { $_ => $node->safe_psql('va', "SELECT voiceagent.login('$_\@example.com', 'correct horse')") } qw(owner viewer);
my $key = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_api_key('bot', 'agent')});
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.add_lead('+1212555010' || i, 'Lead ' || i) FROM generate_series(0, 3) i;
	SELECT voiceagent.tag_leads(array_agg(lead_id), '{a,b}') FROM voiceagent.leads;
	SELECT voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.')});

my $lead = $node->safe_psql('va', "SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = $tenant");

my $http = HTTP::Tiny->new(timeout => 60);
sub answer
{
	my ($where, $method, $path, $body, $headers) = @_;
	my $answer = $http->request($method, "$at{$where}$path", { headers => { 'Content-Type' => 'application/json', %$headers }, defined $body ? (content => $body) : () });
	my $content = $answer->{content};
	my $json = eval { JSON::PP->new->canonical->allow_nonref->utf8->decode($content) };
	# A word of its own for what is not found: PostgREST guesses what was meant.
	if (ref $json eq 'HASH' && exists $json->{code} && exists $json->{message})
	{
		$json = { code => $json->{code}, $json->{code} =~ /^PGRST/ ? () : (message => $json->{message}, details => $json->{details}, hint => $json->{hint}) };
	}
	$content = JSON::PP->new->canonical->allow_nonref->encode($json) if defined $json;
	# What differs between any two requests: times of now.
	$content =~ s/"\d{4}-\d\d-\d\d[T ][^"]*"/"TIME"/g;
	# The stand-in names a type where there is no body.
	return "$answer->{status} " . ($answer->{status} == 204 ? '' : $answer->{headers}{'content-type'} // '') . " $content";
}
my %bearer = map { $_ => { Authorization => "Bearer $token{$_}" } } keys %token;
my @requests = (
	[ 'POST', '/rpc/whoami', '{}', $bearer{owner}, 'an object' ], [ 'GET', '/rpc/whoami', undef, $bearer{owner}, 'by GET' ], [ 'POST', '/rpc/whoami', '{}', { 'X-API-Key' => $key }, 'by a key' ],
	[ 'POST', '/rpc/whoami', '{}', {}, 'by a visitor' ], [ 'POST', '/rpc/clock', '{}', {}, 'what a visitor may' ], [ 'POST', '/rpc/clock', '{}', { Prefer => 'timezone=Europe/Paris' }, 'a zone that it prefers' ],
	[ 'POST', '/rpc/lead_list', '{"page_size": 2}', $bearer{owner}, 'rows' ], [ 'GET', '/rpc/lead_list?page_size=2&sort=name', undef, $bearer{viewer}, 'rows by GET' ],
	[ 'POST', '/rpc/lead_list', '{"page_size": "2", "sort": "id", "descending": true}', $bearer{owner}, 'a number that is a text' ], [ 'POST', '/rpc/lead_list', '{"stage": "nonsense"}', $bearer{owner}, 'a bad value' ],
	[ 'POST', '/rpc/lead_list', '{"page_size": null, "after": null}', $bearer{owner}, 'nulls' ], [ 'POST', '/rpc/lead_list', '{"page_size": "x"}', $bearer{owner}, 'a text for a number' ],
	[ 'POST', '/rpc/explain_lead', '{"lead_id": 0}', $bearer{owner}, 'what is not found' ], [ 'POST', '/rpc/get_setting', '{"key": "retry_delay"}', $bearer{owner}, 'a text' ],
	[ 'POST', '/rpc/activity', '{"after": 0, "max_events": 3}', $bearer{owner}, 'a table' ], [ 'POST', '/rpc/do_not_call', '{"phone": "+12125550199", "reason": "asked"}', $bearer{owner}, 'nothing to say' ],
	[ 'POST', '/rpc/do_not_call', '{"phone": "+12121550199", "reason": "asked"}', $bearer{owner}, 'a warning' ], [ 'POST', '/rpc/block_prefix', '{"prefix": "+1900", "reason": "premium"}', $bearer{owner}, 'void' ],
	[ 'POST', '/rpc/do_not_call', '{"phone": "12", "reason": "asked"}', $bearer{owner}, 'a number that is none' ], [ 'POST', '/rpc/do_not_call', '{"phone": "+12125550198", "reason": "asked"}', $bearer{viewer}, 'what a viewer may not' ],
	[ 'GET', '/rpc/do_not_call?phone=%2B12125550197&reason=asked', undef, $bearer{owner}, 'a writer by GET' ], [ 'POST', '/rpc/create_tenant', '{"name": "x"}', $bearer{owner}, 'what the platform may' ],
	[ 'POST', '/rpc/no_such', '{}', $bearer{owner}, 'no such function' ], [ 'POST', '/rpc/whoami', '{"x": 1}', $bearer{owner}, 'no such argument' ], [ 'POST', '/rpc/add_lead', '{"first_name": "x"}', $bearer{owner}, 'an argument that is missing' ],
	[ 'POST', '/rpc/wizard_step', '{"wizard_id": 77}', $bearer{owner}, 'no such thing' ], [ 'POST', '/rpc/list_settings', '{}', $bearer{owner}, 'many rows' ], [ 'POST', '/rpc/assistant_page', '{}', $bearer{owner}, 'JSON' ],
	[ 'POST', '/rpc/tag_leads', '{"lead_ids": [LEAD], "tags": ["a", "b"]}', $bearer{owner}, 'arrays' ], [ 'POST', '/rpc/update_lead', '{"lead_id": LEAD, "changes": {"company": "A \u00fc \"B\""}}', $bearer{owner}, 'JSON in JSON' ],
	[ 'POST', '/rpc/receive_json_webhook', '{"a" : 1}', {}, 'the body as the one argument' ], [ 'POST', '/rpc/import_file', "First name,Phone\nZoe,+14155550177\n", { %{ $bearer{viewer} }, 'Content-Type' => 'application/octet-stream' }, 'bytes' ],
	[ 'POST', '/rpc/rejected_csv', '{"batch_id": 1}', { %{ $bearer{owner} }, Accept => 'text/csv' }, 'a file' ], [ 'POST', '/rpc/rejected_csv', '{"batch_id": 1}', $bearer{owner}, 'a file as JSON' ],
	[ 'POST', '/rpc/whoami', '{}', { Authorization => "Bearer $token{owner}x" }, 'a signature that is wrong' ], [ 'POST', '/rpc/call_film', '{"call_id": 1}', $bearer{owner}, 'a call of nobody' ],
	[ 'POST', '/rpc/worker_slots', '{}', $bearer{owner}, 'what staff sees' ], [ 'POST', '/rpc/login', '{"email": "owner@example.com", "password": "wrong"}', {}, 'a wrong password' ],
	[ 'GET', '/rpc/login?email=x&password=y', undef, {}, 'a password in an address' ]);
# What the console's pages ask, by an owner and by a viewer.
my @pages = qw(today_page campaign_page call_page waiting_page appointment_page import_page incoming_page agent_page calendar_page listing_page assistant_page money_page wallet_page plan_page billing_page
	account_page figures_page team_page ticket_page tool_page);
push @requests, map { my $who = $_; map { [ 'POST', "/rpc/$_", '{}', $bearer{$who}, "$who\'s page" ] } @pages } qw(owner viewer);
push @requests, (map { [ 'POST', "/rpc/saved_filters", "{\"page\": \"$_\"}", $bearer{owner}, 'kept searches' ] } qw(calls leads)), [ 'POST', '/rpc/import_error_page', '{"batch_id": 1}', $bearer{owner}, 'errors of a file' ],
	[ 'POST', '/rpc/recording_link', '{"call_id": 1}', $bearer{owner}, 'the recording of nobody' ], [ 'POST', '/rpc/statement', '{"from_day": "2026-01-01", "to_day": null}', $bearer{owner}, 'a statement' ],
	[ 'POST', '/rpc/listing_import_columns', '{"csv": "Where,Price\\nOak,1\\n", "profile": "none"}', $bearer{owner}, 'columns of a file' ], [ 'POST', '/rpc/find_listings', '{}', $bearer{viewer}, 'offers' ],
	[ 'POST', '/rpc/choose_plan', '{"plan": 1, "currency": "EUR"}', $bearer{owner}, 'a plan that there is not' ], [ 'POST', '/rpc/cancel_plan', '{"undo": true}', $bearer{owner}, 'no plan to keep' ],
	[ 'POST', '/rpc/set_billing_details', '{"name": "A", "address": "B", "country": "US", "tax_number": null, "email": null, "language": "en"}', $bearer{owner}, 'to whom invoices are written' ],
	[ 'POST', '/rpc/set_billing_details', '{"name": "A", "address": "B", "country": "usa"}', $bearer{owner}, 'a country that is none' ], [ 'POST', '/rpc/add_embedded_method', '{}', $bearer{viewer}, 'what an owner may' ],
	[ 'POST', '/rpc/create_model_account', '{"provider": "deepgram", "name": "Ear", "api_key": "k", "default_model": "m", "base_url": null, "settings": {"in_calls": 0}}', $bearer{owner}, 'an account that cannot be' ],
	[ 'POST', '/rpc/create_provider_account', '{"provider": "vapi", "name": "x", "credentials": {}, "settings": {}}', $bearer{owner}, 'an account without its key' ],
	[ 'POST', '/rpc/update_assistant', '{"assistant_id": 0, "changes": {"settings": {"tools": []}}}', $bearer{owner}, 'tools of nobody' ], [ 'POST', '/rpc/invoice_pdf', '{"invoice_id": 1}', $bearer{owner}, 'no such invoice' ];
# Each request is sent twice, so it is one whose answer does not depend on whether it was sent before.
foreach my $request (@requests)
{
	my ($method, $path, $body, $headers, $name) = @$request;
	$body =~ s/LEAD/$lead/ if defined $body;
	my $theirs = answer('postgrest', $method, $path, $body, $headers);
	my $ours = answer('door', $method, $path, $body, $headers);
	is($ours, $theirs, "$name: " . substr($ours, 0, 3) . " from $method $path");
}
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
