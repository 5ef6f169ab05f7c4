# The door of MCP by API key: its wire in both eras, tools as the role has them, bounds of what comes and goes, and what others try.
use strict;
use warnings;

use IO::Socket::INET;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFaults qw(wait_until);

my ($node, $url) = new_console('voiceagent.api_processes' => 2);
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(One Two);
my $json = JSON::PP->new->canonical->allow_nonref;
my %key;
foreach my $tenant (qw(One Two))
{
	$node->safe_psql('va', "SELECT voiceagent.create_member($tenant{$tenant}, 'owner\@$tenant.example', '$console_password', 'owner')");
	my $token = login($node, "owner\@$tenant.example");
	$key{"$tenant $_"} = $json->decode(rpc($url, $token, 'create_api_key', { label => $_, role => $_ })->{content}) foreach qw(viewer manager);
	as_tenant($node, 'va', $tenant{$tenant}, "SELECT voiceagent.create_campaign('campaign of $tenant',
		voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.'))");
}

# ---- the wire ----

my $id = 0;
sub sent
{
	my ($who, $message, %headers) = @_;
	$headers{Accept} //= 'application/json, text/event-stream';
	return ask($url, 'POST', '/mcp/key', headers => { ($who ne '' ? (Authorization => 'Bearer ' . ($key{$who} // $who)) : ()), %headers },
		body => ref $message ? encode_json($message) : $message);
}
sub told
{
	my ($who, $method, $params, %headers) = @_;
	return $json->decode(sent($who, { jsonrpc => '2.0', id => ++$id, method => $method, ($params ? (params => $params) : ()) }, %headers)->{content});
}
sub used { my ($who, $tool, $arguments) = @_; return told($who, 'tools/call', { name => $tool, arguments => $arguments // {} })->{result} }
sub code { my ($answer) = @_; return "$answer->{status} " . ($json->decode($answer->{content} || '{}')->{error}{code} // '') }
sub refused { my ($message, %headers) = @_; return code(sent('One manager', $message, %headers)) }

my %client = (protocolVersion => '2025-11-25', capabilities => {}, clientInfo => { name => 't', version => '1' });
is(told('One viewer', 'initialize', {%client})->{result}{protocolVersion}, '2025-11-25', 'initialize agrees on a revision');
is(told('One viewer', 'initialize', { %client, protocolVersion => '2025-06-18' })->{result}{protocolVersion}, '2025-06-18', '... an older one');
is(told('One viewer', 'initialize', { %client, protocolVersion => '1999-01-01' })->{result}{protocolVersion}, '2025-11-25', '... and names its newest where it does not know one');
is($json->encode(told('One viewer', 'ping')->{result}), '{}', 'ping');
my $noted = sent('One viewer', { jsonrpc => '2.0', method => 'notifications/initialized' });
is("$noted->{status}$noted->{content}", '202', 'a notification is taken without a word');
is(ask($url, $_, '/mcp/key', headers => { 'X-API-Key' => $key{'One viewer'} })->{status}, 405, "$_: there is no stream and no session") foreach qw(GET DELETE);
is(sent('', { jsonrpc => '2.0', id => 1, method => 'ping' }, 'X-API-Key' => $key{'One viewer'})->{status}, 200, 'a key may come as X-API-Key');

is(refused('{"jsonrpc": "2.0"'), '400 -32700', 'what is no JSON');
is(refused('[{"jsonrpc":"2.0","id":1,"method":"ping"}]'), '400 -32600', 'a batch');
is(refused({ id => 1, method => 'ping' }), '400 -32600', 'no JSON-RPC');
is(refused({ jsonrpc => '2.0', id => {}, method => 'ping' }), '400 -32600', 'an id that is none');
is(refused({ jsonrpc => '2.0', id => 1, method => 'ping', params => [] }), '400 -32600', 'params that are no object');
is(refused({ jsonrpc => '2.0', id => 1, method => 'nonsense' }), '200 -32601', 'a method that is not there');
is(refused({ jsonrpc => '2.0', id => 1, method => 'tools/call', params => { name => 'nonsense' } }), '200 -32602', 'a tool that is not there');
is(refused({ jsonrpc => '2.0', id => 1, method => 'tools/call', params => { name => 'whoami', arguments => [] } }), '200 -32602', 'arguments that are no object');
is(refused({ jsonrpc => '2.0', id => 1, method => 'tools/list', params => { cursor => 'nonsense' } }), '200 -32602', 'a cursor that is none');
is(refused({ jsonrpc => '2.0', id => 1, method => 'ping' }, 'MCP-Protocol-Version' => '1999-01-01'), '400 -32022', 'a revision that is not spoken');
is(refused({ jsonrpc => '2.0', id => 1, method => 'ping' }, Accept => 'text/html'), '406 ', 'a client that takes no JSON');
is(refused('a=1', 'Content-Type' => 'application/x-www-form-urlencoded'), '415 ', 'a form');
is(refused({ jsonrpc => '2.0', id => 1, method => 'ping' }, Origin => $_), '403 -32000', "a page at $_") foreach 'http://evil.example', 'http://localhost.evil.example', 'null';
is(refused({ jsonrpc => '2.0', id => 1, method => 'ping' }, Origin => 'http://localhost:6274'), '200 ', '... but one of the same machine');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('mail_links', 'https://calls.example/')});
is(refused({ jsonrpc => '2.0', id => 1, method => 'ping' }, Origin => 'https://calls.example'), '200 ', '... and of ours');

# ---- the stateless wire ----

my %meta = ('io.modelcontextprotocol/protocolVersion' => '2026-07-28', 'io.modelcontextprotocol/clientCapabilities' => {});
sub stateless
{
	my ($method, $params, %headers) = @_;
	my %all = ('MCP-Protocol-Version' => '2026-07-28', 'Mcp-Method' => $method, %headers);
	delete $all{$_} foreach grep { !defined $all{$_} } keys %all;
	return sent('One viewer', { jsonrpc => '2.0', id => 's', method => $method, params => { _meta => {%meta}, %$params } }, %all);
}
my $discovered = $json->decode(stateless('server/discover', {})->{content})->{result};
is("$discovered->{resultType} @{$discovered->{supportedVersions}} $discovered->{_meta}{'io.modelcontextprotocol/serverInfo'}{name}", 'complete 2026-07-28 2025-11-25 2025-06-18 2025-03-26 voiceagent', 'the stateless era is discovered');
my $listed = $json->decode(stateless('tools/list', {})->{content})->{result};
ok(@{ $listed->{tools} } > 5 && $listed->{ttlMs} > 0 && $listed->{cacheScope} eq 'private', '... its tools are listed, for their caller alone');
is(code(stateless('tools/call', { name => 'whoami' }, 'Mcp-Name' => 'whoami')), '200 ', '... and called');
is(code(stateless('tools/call', { name => 'whoami' }, 'Mcp-Name' => '=?base64?d2hvYW1p?=')), '200 ', '... by a name in base64');
is(code(stateless('tools/call', { name => 'whoami' }, 'Mcp-Name' => 'overview')), '400 -32020', 'a header that says something else');
is(code(stateless('tools/list', {}, 'Mcp-Method' => undef)), '400 -32020', '... or nothing');
is(code(stateless('tools/list', {}, 'MCP-Protocol-Version' => '2025-11-25')), '400 -32020', '... or another revision');
is(code(stateless('tools/list', { _meta => {} })), '400 -32602', 'a message that does not say its revision');
is(code(stateless('tools/list', { _meta => { %meta, 'io.modelcontextprotocol/protocolVersion' => '2027-01-01' } }, 'MCP-Protocol-Version' => '2027-01-01')), '400 -32022', 'a revision to come');
is(code(stateless($_, {})), '404 -32601', "$_ is of another era") foreach qw(initialize ping);

# ---- tools ----

sub tools
{
	my ($who) = @_;
	my ($cursor, @tools);
	do {
		my $page = told($who, 'tools/list', { defined $cursor ? (cursor => $cursor) : () })->{result};
		push @tools, @{ $page->{tools} };
		$cursor = $page->{nextCursor};
	} while defined $cursor;
	return map { $_->{name} => $_ } @tools;
}
my %of = map { $_ => { tools("One $_") } } qw(viewer manager);
is(scalar(grep { !exists $of{manager}{$_} } qw(create_phone_number phone_numbers set_primary_number search_calls call_turns overview listing_stats)), 0, 'the seven voice commands are tools');
is(join(' ', sort grep { !exists $of{viewer}{$_} } keys %{ $of{manager} }), 'create_phone_number set_primary_number simulate', 'a viewer is shown no writer');
is(scalar(grep { ($_->{description} // '') eq '' || $_->{inputSchema}{type} ne 'object' } values %{ $of{manager} }), 0, 'each is described');
is($json->encode($of{manager}{create_phone_number}{inputSchema}{required}), '["phone_number"]', 'what has no default is needed');
is($json->encode($of{manager}{search_calls}{inputSchema}{properties}{max_calls}), '{"default":20,"type":"integer"}', '... and a default is told');
ok($of{manager}{overview}{annotations}{readOnlyHint} && $of{manager}{set_primary_number}{annotations}{destructiveHint}, 'whether a tool changes anything is told');

# What is shown can be used, what is not is refused: the list is read from what functions ask.
foreach my $who (qw(viewer manager))
{
	my %may = map { $_ => (used("One $who", $_, $_ eq 'create_phone_number' ? { phone_number => '+14155550100' } : $_ eq 'simulate' ? { campaign_id => 77 } : $of{manager}{$_}{inputSchema}{required} ? { map { $_ => $_ eq 'what' ? 'calls' : 7 } @{ $of{manager}{$_}{inputSchema}{required} } } : {})->{structuredContent}{code} // '') ne 'PT403' }
		sort keys %{ $of{manager} };
	is(join(' ', grep { $may{$_} != exists $of{$who}{$_} } sort keys %may), '', "a $who may use what it is shown, and nothing else");
}
my $read = used('One viewer', 'campaign_progress');
is("$read->{structuredContent}{rows}[0]{name} $read->{content}[0]{text}", 'campaign of One Rows: 1.', 'a view is read');
is_deeply($json->decode($read->{content}[1]{text}), $read->{structuredContent}, '... also as text');
is(used('One viewer', 'campaign_progress', { status => 'running' })->{structuredContent}{rows_left_out}, 0, '... by a filter');
cmp_ok(used('One viewer', 'credit_balance')->{structuredContent}{rows}[0]{granted} // 0, '==', 1000, '... and one whose rows have no number');
my @wrong = map { used('One viewer', @$_) } [ 'campaign_progress', { status => 'nonsense' } ], [ 'campaign_progress', { nonsense => 1 } ], [ 'overview', { nonsense => 1 } ], ['explain_call'], [ 'overview', { from_day => 'x' } ], [ 'calls', { limit => 5000 } ];
is(scalar(grep { $_->{isError} && $_->{content}[0]{text} =~ /^[A-Z%a-z_].*[.]$/s } @wrong), scalar @wrong, 'wrong arguments are a failure of the tool, in a sentence') or diag($json->encode(\@wrong));
my $no = used('One viewer', 'set_primary_number', { phone_number_id => 1 });
like($no->{content}[0]{text}, qr/^A key with role viewer may not do this[.] It takes the role manager or owner[.]$/, 'a viewer that calls a writer is told why not, with the hint');
like(used('One manager', 'set_primary_number', { phone_number_id => 1 })->{content}[0]{text}, qr/done/, '... and who may gets it done') or note($json->encode(used('One manager', 'phone_numbers')));

# ---- others' data, and a key that goes ----

my $other = $node->safe_psql('va', "SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = $tenant{Two}");
is($json->encode(used('One manager', 'campaign_progress', { campaign_id => $other + 0 })->{structuredContent}{rows}), '[]', 'another tenant\'s campaign is not there');
like(used('One manager', 'simulate', { campaign_id => $other + 0 })->{content}[0]{text}, qr/takes a while/, '... not for what comes later either');
is(code(sent($_, { jsonrpc => '2.0', id => 1, method => 'tools/list' })), '401 -32000', 'no door without a key of ours') foreach '', 'va_' . 'x' x 43, login($node, 'owner@One.example');
like(sent('', { jsonrpc => '2.0', id => 1, method => 'ping' })->{headers}{'www-authenticate'}, qr/^Bearer$/, '... and nothing to discover there');

# ---- what takes long ----

my $campaign = $node->safe_psql('va', "SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = $tenant{One}");
my $later = used('One manager', 'simulate', { campaign_id => $campaign + 0, days => 1 });
my $number = $later->{structuredContent}{deferred_request_id};
ok($number, 'a simulation is answered later');
my $state;
wait_until(sub { $state = used('One manager', 'deferred_request', { deferred_request_id => $number }); ($state->{structuredContent}{state} // '') eq 'done' }, 60);
is("$state->{structuredContent}{status}", 200, '... and asked for by its number') or diag($json->encode($state));
ok(@{ $state->{structuredContent}{answer}{rows} } > 0, '... with its rows');
is(used($_, 'deferred_request', { deferred_request_id => $number })->{isError}, JSON::PP::true, "... not by the $_") foreach 'One viewer', 'Two manager';
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.deferred_requests WHERE request::text LIKE '%va\_%'}, 0, 'no key is kept');

# ---- bounds ----

$node->safe_psql('va', "SELECT voiceagent_private.set_tenant($tenant{One}); INSERT INTO voiceagent.leads (tenant_id, phone, first_name, timezones, created_at) SELECT $tenant{One}, '+1415556' || lpad(n::text, 4, '0'), repeat('x', 190), '{UTC}', now() FROM generate_series(1, 600) n");
my $many = used('One viewer', 'lead_list', { page_size => 600 });
my $rows = $many->{structuredContent};
ok(@{ $rows->{rows} } <= 200 && @{ $rows->{rows} } + $rows->{rows_left_out} == 600 && length($many->{content}[1]{text}) < 110_000, 'an answer is bounded, and says what it left out') or diag(scalar(@{ $rows->{rows} }), " $rows->{rows_left_out}");
like($many->{content}[0]{text}, qr/more, which were left out/, '... in words');
is(code(sent('One viewer', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":' . '[' x 40 . ']' x 40 . '}}')), '400 -32700', 'JSON that is nested deeply');
is(code(sent('One viewer', '[' x 100_000)), '400 -32700', '... very deeply');
is(code(sent('One viewer', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{"a":"' . 'x' x 300_000 . '"}}}')), '413 ', 'a message of 300 kB');
my $socket = IO::Socket::INET->new(PeerAddr => $url =~ s{^http://}{}r, Timeout => 10);
print $socket "POST /mcp/key HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $key{'One viewer'}\r\nContent-Type: application/json\r\nContent-Length: 10485760\r\n\r\n";
like(scalar <$socket> // '', qr/ 413 /, '... and of 10 MB, before it is sent');
is(sent('One viewer', { jsonrpc => '2.0', id => 1, method => 'tools/call', params => { name => "who\0ami", arguments => {} } })->{status}, 200, 'a name with a zero byte');

# A key that is revoked in mid-session opens nothing, and what it has asked for is not done.
my $owner = login($node, 'owner@One.example');
my $key_id = $node->safe_psql('va', "SELECT api_key_id FROM voiceagent.api_keys WHERE tenant_id = $tenant{One} AND label = 'manager'");
ok(told('One manager', 'ping')->{result}, 'a key is good');
rpc($url, $owner, 'revoke_api_key', { api_key_id => $key_id + 0 });
is(code(sent('One manager', { jsonrpc => '2.0', id => 1, method => 'ping' })), '401 -32000', '... until it is revoked');
my $waits = $node->safe_psql('va', qq{INSERT INTO voiceagent_private.deferred_requests (tenant_id, asked_by, function_name, request, body, created_at)
	SELECT $tenant{One}, 'API key $key_id', 'simulate', jsonb_build_object('path', '/rpc/simulate', 'role', 'voiceagent_user', 'type', 'application/json', 'headers', '{}'::jsonb,
		'claims', json_build_object('role', 'voiceagent_user', 'tenant_id', $tenant{One}, 'member_role', 'manager', 'sub', 'API key $key_id', 'exp', 9999999999, 'aud', voiceagent.token_audience())::text),
		'{"campaign_id": $campaign}', now() RETURNING deferred_request_id});
ask($url, 'POST', '/rpc/simulate', token => $owner, body => "{\"campaign_id\": $campaign}", headers => { Prefer => 'respond-async' });
wait_for_sql($node, 'va', "SELECT status FROM voiceagent_private.deferred_requests WHERE deferred_request_id = $waits", 401, '... and what it has asked for and waits is not done', 60);
is(scalar(grep { /va\d*_[A-Za-z0-9_-]{43}/ } split /\n/, slurp_file($node->logfile)), 0, 'no key is in the log');

done_testing();
