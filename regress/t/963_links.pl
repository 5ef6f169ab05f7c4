# Signed links of two databases of one server, which share the keys of tokens: none opens in the other, and each ends with whatever it
# was made by, with one and the same answer.
use strict;
use warnings;

use HTTP::Tiny;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $here) = new_console();
create_database($node, 'vb');
wait_for_sql($node, 'vb', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', 'the other database has a console, too', 60);
my $there = $node->safe_psql('vb', q{SELECT voiceagent_private.worker_address('web')});
my $http = HTTP::Tiny->new(timeout => 60);
my (%call, %export, %token);

# The same ids in both.
foreach my $database ('va', 'vb')
{
	is(create_tenant($node, $database, 'One', credits => 1000), 1, "$database has a tenant 1");
	$node->safe_psql($database, "SELECT voiceagent.create_member(1, 'owner\@example.com', '$console_password')");
	$node->safe_psql($database, q{SELECT voiceagent.set_setting('sandbox_time_scale', '86400')});
	$token{$database} = $node->safe_psql($database, "SELECT voiceagent.login('owner\@example.com', '$console_password')");
	as_tenant($node, $database, 1, q{
		SELECT voiceagent.add_lead('+12125550100', 'Ada'), voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.');
		SELECT voiceagent.create_campaign('Spring', max(assistant_id), settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') FROM voiceagent.assistants;
		SELECT voiceagent.add_leads(max(campaign_id)) FROM voiceagent.campaigns;
		SELECT voiceagent.start_campaign(max(campaign_id)) FROM voiceagent.campaigns;
		SELECT voiceagent.request_export('leads')});
	wait_for_sql($node, $database, 'SELECT count(*) FROM voiceagent.calls WHERE recording_url IS NOT NULL', 1, '... a call with a recording', 60);
	wait_for_sql($node, $database, q{SELECT state FROM voiceagent.exports}, 'done', '... and an export', 60);
	$call{$database} = $node->safe_psql($database, 'SELECT call_id FROM voiceagent.calls');
	$export{$database} = $node->safe_psql($database, 'SELECT export_id FROM voiceagent.exports');
}
is("$call{vb} $export{vb}", "$call{va} $export{va}", 'call and export have the same numbers in both');

# By a token or a key: the links that lead somewhere.
my %asks = (recording => [ 'recording_link', { call_id => $call{va} } ], export => [ 'export_link', { export_id => $export{va} } ]);
sub asked
{
	my ($kind, %by) = @_;
	my ($function, $arguments) = @{ $asks{$kind} };
	my $answer = $by{key} ? ask($here, 'POST', "/rpc/$function", headers => { 'X-API-Key' => $by{key} }, body => JSON::PP::encode_json($arguments)) : rpc($here, $by{token}, $function, $arguments);
	return $answer->{content} =~ s/"//gr;
}
sub links { my (%by) = @_; return map { ($_ => asked($_, %by)) } sort keys %asks }
sub status { my ($url, $link) = @_; return $http->get("$url$link")->{status} }
my %answers;
sub dead
{
	my ($url, $link, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $answer = $http->get("$url$link");
	my ($kind) = $link =~ m{^/(\w+)};
	$answers{$kind}{$answer->{content}}++;
	return is($answer->{status}, 404, $name);
}

my %own = links(token => $token{va});
$own{calendar} = rpc($here, $token{va}, 'calendar_link')->{content} =~ s/.*"link":"([^"]*)".*/$1/sr;
foreach my $kind (sort keys %own)
{
	is(status($here, $own{$kind}), 200, "a link to a $kind opens in its database");
	dead($there, $own{$kind}, '... and not in the other');
}
is(rpc($there, $token{va}, 'whoami')->{status}, 401, 'nor does a token');

# ---- cut and mixed ----

my ($recording, $export) = map { my $kind = $_; [ $own{$kind} =~ m{^/\w+/(.*)-([0-9a-f]{64})} ] } 'recording', 'export';
dead($here, "/recordings/$export->[0]-$export->[1]", 'a link to an export is none to a recording of this number');
dead($here, "/exports/$recording->[0]-$recording->[1]/x.csv", '... nor the other way round');
dead($here, "/recordings/$recording->[0]-$export->[1]", 'nor is one with the signature of another');
dead($here, '/recordings/' . substr("$recording->[0]-$recording->[1]", 0, -1), 'nor one that was cut');
dead($here, "/recordings/$recording->[0]-" . uc $recording->[1], 'nor one that was written otherwise');
dead($here, '/recordings/' . ($recording->[0] =~ s/-\d+-(\d+)$/-0-$1/r) . "-$recording->[1]", 'nor one whose holder was left out');
dead($here, '/recordings/' . ($recording->[0] =~ s/\d+$/9 x 18/er) . "-$recording->[1]", 'nor one without an end');

# ---- whatever made it ends ----

my $key = rpc($here, $token{va}, 'create_api_key', { label => 'bot', role => 'viewer' })->{content} =~ s/"//gr;
my %keys = links(key => $key);
like($keys{recording}, qr/^\/recordings\/1-$call{va}-k\d+-\d+-/, 'the link of an API key names the key');
is(status($here, $keys{$_}), 200, "... and opens: $_") foreach sort keys %keys;
my $by_key = $node->safe_psql('va', "BEGIN; SELECT voiceagent.authenticate('$key'); SELECT current_setting('voiceagent.token')") =~ s/.*\n//r;
rpc($here, $token{va}, 'revoke_api_key', { api_key_id => $keys{recording} =~ /-k(\d+)-/ });
dead($here, $keys{$_}, "... until the key is revoked: $_") foreach sort keys %keys;
is(said(rpc($here, $by_key, 'recording_link', { call_id => $call{va} })), '401 PT401', '... whose last token makes no other');
my $next = rpc($here, $token{va}, 'change_password', { old_password => $console_password, new_password => 'another horse' })->{content} =~ s/"//gr;
dead($here, $own{$_}, "a changed password ends a member's: $_") foreach 'export', 'recording';
is(status($here, $own{calendar}), 200, '... and none of a calendar, which is its calendar\'s until it is revoked');
my %last = links(token => $next);
is(status($here, $last{$_}), 200, "... and the member makes others: $_") foreach sort keys %last;
$node->safe_psql('va', 'UPDATE voiceagent.members SET active = false');
dead($here, $last{$_}, "... until it is deactivated: $_") foreach sort keys %last;

is(scalar(keys %{ $answers{$_} }), 1, "all of these have one answer: $_") or diag(explain($answers{$_})) foreach 'recordings', 'exports';
done_testing();
