# A tenant names hosts that we then talk to: none of them may be our own network, however it is spelled, whatever the name
# resolves to when we connect, wherever an answer or the environment points.
use strict;
use warnings;

use IO::Socket::INET;
use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

$SIG{PIPE} = 'IGNORE';
my $dir = PostgreSQL::Test::Utils::tempdir();

# ---- a place in our own network, which says who came; a resolver whose answers we choose; proxies that nobody asked for ----

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 100, ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
append_to_file("$dir/visits", '');
my $server = fork();
if ($server == 0)
{
	while (1)
	{
		my $socket = $listener->accept or next;
		local $SIG{ALRM} = sub { die };
		my $text = '';
		# The whole request: what is left unread when a socket closes resets it.
		eval { alarm 2; sysread($socket, $text, 65536, length $text) or die until $text =~ /\r\n\r\n/ && length($') >= ($text =~ /^Content-Length: (\d+)/mi ? $1 : 0); alarm 0 };
		alarm 0;
		append_to_file("$dir/visits", ($text =~ /^([A-Z]+ \S+)/ ? $1 : length($text) . ' bytes') . "\n");
		syswrite($socket, "HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 13\r\n\r\n{\"id\": \"c-1\"}");
		close $socket;
	}
}
END { my $status = $?; kill 'KILL', $server if $server; $? = $status; }
sub visits { return slurp_file("$dir/visits") }

my $cc = `cc -O1 -Wall -shared -fPIC -o $dir/resolver.so regress/fakes/resolver.c -ldl 2>&1`;
is($?, 0, 'the resolver builds') or BAIL_OUT($cc);
# Every kind of address of our own; names that mean something else the second time.
my %names = (
	loopback => '127.0.0.1', loopback2 => '127.9.9.9', private10 => '10.0.0.1', private172 => '172.16.0.1', private192 => '192.168.1.1', cgnat => '100.64.0.1',
	metadata => '169.254.169.254', any => '0.0.0.0', this => '0.1.2.3', multicast => '224.0.0.1', broadcast => '255.255.255.255', bench => '198.18.0.1', docs => '192.0.2.1',
	loop6 => '::1', any6 => '::', mapped => '::ffff:127.0.0.1', mappedmeta => '::ffff:169.254.169.254', compat => '::127.0.0.1', nat64 => '64:ff9b::7f00:1', local64 => '64:ff9b:1::a00:1',
	sixtofour => '2002:7f00:1::', ula => 'fd00::1', metadata6 => 'fd00:ec2::254', link6 => 'fe80::1', site6 => 'fec0::1', multicast6 => 'ff02::1', teredo => '2001:0:7f00:1::', docs6 => '2001:db8::1',
	several => '127.0.0.1 10.0.0.1 ::1', changes => '127.0.0.1 | 10.0.0.1 | ::1');
append_to_file("$dir/hosts", join '', map { "$_.rebind.test $names{$_}\n" } sort keys %names);
append_to_file("$dir/hosts", "allowed.rebind.test 127.0.0.1\n");
local $ENV{LD_PRELOAD} = "$dir/resolver.so";
local $ENV{VA_RESOLVER} = "$dir/hosts";
local $ENV{$_} = "http://127.0.0.1:$port/" foreach qw(http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY);
my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 3000);
my ($tenant, $watched) = map { create_tenant($node, 'va', $_, credits => 1000) } 'Curious', 'Watched';
$node->safe_psql('va', "SELECT voiceagent.set_setting(k, 'allowed.rebind.test:$port') FROM unnest('{allowed_private_hosts,knowledge_private_hosts,model_private_hosts,tool_private_hosts,calendar_private_hosts}'::text[]) k");

# ---- what takes a URL or a host: from the catalog, so that a new one must be thought about ----

my %inputs = (
	'argument create_webhook_subscription.url' => 'checked', 'argument update_webhook_subscription.url' => 'checked',
	'argument play_in_call.media_url' => 'checked',
	'argument add_knowledge_page.url' => 'checked', 'argument follow_calendar.url' => 'checked', 'argument connect_calendar.url' => 'checked', 'column voiceagent.calendar_connections.url' => 'checked', 'column voiceagent_private.calendar_writers.host' => 'of a checked URL',
	(map { ("argument ${_}_tool.url" => 'checked') } qw(create update)), 'column voiceagent.own_tools.url' => 'checked',
	(map { ("argument ${_}_model_account.base_url" => 'checked') } qw(create update create_platform update_platform)),
	'argument set_mail_account.url' => 'checked', 'argument set_platform_mail_account.url' => 'the platform\'s own',
	'argument set_payment_account.base_url' => 'the platform\'s own', 'argument buy.return_url' => 'where the vendor sends the buyer; never asked',
	'argument subscribe_to_plan.return_url' => 'where the vendor sends the buyer; never asked', 'column voiceagent.plan_contracts.return_url' => 'where the vendor sends the buyer; never asked',
	'column voiceagent.plan_contracts.approve_url' => 'from the vendor; shown only',
	'argument allow_mail.address' => 'of a person', 'argument suppress_mail.address' => 'of a person',
	'argument open_export_link.link' => 'a link of ours', 'argument open_appointment_link.link' => 'a link of ours', 'argument open_calendar_link.link' => 'a link of ours', 'argument open_recording_link.link' => 'a link of ours', 'argument set_payment_account.webhook_secret' => 'a secret', 'argument set_payment_account.webhook_id' => 'a name at the vendor',
	(map { ("argument $_.address" => 'of a business, on invoices') } qw(set_billing_details set_seller)),
	(map { ("column $_.address" => 'of a business, on invoices') } qw(voiceagent.billing_details voiceagent_private.sellers)),
	'column voiceagent_private.payment_accounts.webhook_id' => 'a name at the vendor', 'column voiceagent_private.payment_certificates.url' => 'of hosts of PayPal alone',
	'column voiceagent.mail_accounts.url' => 'checked', 'column voiceagent_private.platform_mail_account.url' => 'the platform\'s own', 'column voiceagent_private.payment_accounts.base_url' => 'the platform\'s own',
	'column voiceagent.payment_orders.approve_url' => 'from the vendor; shown only', 'column voiceagent.payment_orders.return_url' => 'where the vendor sends the buyer; never asked',
	'column voiceagent.mail_suppressions.address' => 'of a person', 'column voiceagent_private.unsubscriptions.address' => 'of a person',
	'setting mail_links' => 'the platform\'s alone', 'setting mail_private_hosts' => 'the platform\'s alone',
	'argument receive_webhook.endpoint' => 'the last part of a URL of ours',
	'setting of an account base_url' => 'checked', 'setting of an account elevenlabs_url' => 'checked', 'setting of an account stream_url' => 'checked', 'setting of an account webhook_peers' => 'whom we listen to',
	'setting of an account endpoint' => 'what an Asterisk is to dial', 'setting of an account webhook' => 'how webhooks are signed', 'setting of an account webhook_credential_id' => 'a name at the carrier',
	(map { ("setting $_" => 'a time') } qw(retention_webhook_deliveries webhook_delivery_first_delay webhook_delivery_max_delay webhook_delivery_timeout
		webhook_subscription_disable_after webhook_subscription_secret_overlap)),
	(map { ("setting $_" => 'a number') } qw(webhook_delivery_concurrency webhook_delivery_tries)),
	'argument replay_webhook.webhook_id' => 'a number', 'setting caller_address' => 'words that are said', 'setting retention_webhooks' => 'a time',
	'setting knowledge_private_hosts' => 'the platform\'s alone', 'setting model_private_hosts' => 'the platform\'s alone', 'setting tool_private_hosts' => 'the platform\'s alone', 'setting calendar_private_hosts' => 'the platform\'s alone', 'setting google_urls' => 'the platform\'s alone', 'column voiceagent_private.page_fetches.host' => 'of a checked URL', 'column voiceagent_private.calendar_turns.host' => 'of a checked URL', 'setting sign_on_private_hosts' => 'the platform\'s alone', 'argument set_sign_on.mail_domains' => 'of mail addresses', 'argument set_staff_sign_on.mail_domains' => 'of mail addresses', 'argument set_ticket_mail.address' => 'a mail address', 'setting ticket_mail_address' => 'a mail address', 'setting allowed_private_hosts' => 'the platform\'s alone', 'setting number_proof_hosts' => 'the platform\'s alone',
	'column voiceagent.webhook_subscriptions.url' => 'checked', 'column voiceagent.knowledge_documents.url' => 'checked',
	'column voiceagent.model_accounts.base_url' => 'checked', 'column voiceagent_private.platform_model_accounts.base_url' => 'the platform\'s own, checked', 'column voiceagent.provider_accounts.base_url' => 'checked',
	'column voiceagent.attempts.control_url' => 'from the carrier; judged when we connect (358_provider_requests)', 'column voiceagent.calls.recording_url' => 'from the carrier; shown only',
	'column voiceagent.connections.client_host' => 'shown only', 'column voiceagent_private.endpoint_routes.refused_peer' => 'whose webhook was refused; shown only', 'column voiceagent_private.oauth_tokens.redirect_uri' => 'where the member\'s browser goes; never asked',
	'column voiceagent.calls.stereo_recording_url' => 'from the carrier; shown only',
);
my $words = q{'(^|_)(url|uri|link|host|domain|server|endpoint|webhook|callback_to|address|proxy|peer)s?(_|$)'};
my @found = split /\n/, $node->safe_psql('va', qq{
	SELECT 'argument ' || p.proname || '.' || a.name FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargnames, coalesce(p.proargmodes, array_fill('i'::"char", ARRAY[coalesce(cardinality(p.proargnames), 0)]))) a(name, mode)
	WHERE p.pronamespace = 'voiceagent'::regnamespace AND a.mode IN ('i', 'b', 'v') AND a.name ~ $words
	UNION ALL
	SELECT 'column ' || c.oid::regclass || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND a.attname ~ $words
		AND a.atttypid IN ('text'::regtype, 'inet'::regtype, 'jsonb'::regtype)
	UNION ALL
	SELECT DISTINCT 'setting of an account ' || f.name FROM unnest(voiceagent_private.driver_names()) n CROSS JOIN LATERAL voiceagent_private.account_fields(n) f
	WHERE f.part = 'settings' AND (f.kind IN ('url', 'networks') OR f.name ~ $words)
	UNION ALL
	SELECT 'setting ' || key FROM voiceagent_private.setting_definitions WHERE key ~ $words
	UNION ALL
	SELECT 'variable ' || name FROM pg_settings WHERE name LIKE 'voiceagent.%' AND split_part(name, '.', 2) ~ $words AND context IN ('user', 'superuser-backend', 'backend')
	ORDER BY 1});
is(join("\n", grep { !$inputs{$_} } @found), '', 'everything that takes a URL or a host is known here');
is(join("\n", grep { my $known = $_; !/webhook_peers/ && !grep { $_ eq $known } @found } sort keys %inputs), '', '... and exists');

# ---- what is refused when it is written down ----

my @refused = (
	# our own network, plainly
	(map { "https://$_/" } qw(127.0.0.1 127.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 100.64.0.1 169.254.169.254 0.0.0.0 0.0.0.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
		192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 localhost LOCALHOST a.localhost)),
	(map { "https://[$_]/" } qw(:: ::1 0:0:0:0:0:0:0:1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::10.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::1
		2002:a9fe:a9fe:: fc00::1 fd00:ec2::254 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1 2001:db8::1 2001::1 100::1 3fff::1 5f00::1 4000::1)),
	# ... in odd spellings
	(map { "https://$_/" } qw(2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 127.1 127.0.1 127.0.0.01 127.0.0.1. 0127.0.0.1 1.2.3.4.5 256.0.0.1 127.0.0.0x1 3232235777 0xa9fea9fe 169.254.43518 0 00 0x0 1
		[::1]. [::1%25lo] [fe80::1%eth0] [127.0.0.1] [v1.x] localhost. 127.0.0.1.:443 [0:0:0:0:0:ffff:127.0.0.1]x)),
	"https://\x{2460}\x{2461}\x{2466}.0.0.1/", "https://\x{ff11}27.0.0.1/", "https://127\x{3002}0\x{3002}0\x{3002}1/", "https://loc\x{e4}lhost/", "https://ex\x{430}mple.com/", "https://\x{24d4}xample.com/", "https://example.com\x{ff0f}x/", "https://127%2e0%2e0%2e1/", "https://%31%32%37.0.0.1/", "https://local%68ost/",
	# who is meant?
	'https://example.com@127.0.0.1/', 'https://127.0.0.1@example.com/', 'https://user:pass@example.com/', 'https://example.com:80@127.0.0.1:80/', 'https://example.com\@127.0.0.1/', 'https://example.com#@127.0.0.1/', 'https://example.com?@127.0.0.1/#x',
	'https://example.com\\.127.0.0.1/', 'https:///127.0.0.1/', 'https:127.0.0.1', 'https:/127.0.0.1/', '//127.0.0.1/', '/\\127.0.0.1/', 'https://', 'https:///', 'https://:443/', 'https://./', 'https://../', 'https://.example.com/', 'https://example..com/', 'https://[', 'https://[]/', 'https://[::1/', 'https://::1/',
	# ports
	'https://example.com:0/', 'https://example.com:65536/', 'https://example.com:99999999999/', 'https://example.com:-1/', 'https://example.com:/', 'https://example.com:443:22/', 'https://example.com:4 43/', 'https://example.com:0x16/', 'https://example.com:22@x/',
	# schemes
	(map { "$_://example.com/" } qw(http ftp ftps file gopher dict ldap ldaps tftp telnet smb smtp imap pop3 rtsp ws wss scp sftp jar netdoc javascript data HTTP http+unix)), 'file:///etc/passwd', 'gopher://127.0.0.1:6379/_x', 'example.com', 'javascript:alert(1)', 'data:text/plain,x', '', ' ', ' https://example.com/',
	# line ends and friends
	"https://example.com/\r\nHost: 127.0.0.1", "https://example.com/\nX", "https://example.com\t/", "https://exa mple.com/", "https://example.com/\x{7f}", "https://example.com/\x{a0}", "https://example.com/a b", 'https://example.com/%', 'https://example.com/%zz', 'https://example.com/"', 'https://' . 'a' x 64 . '.com/', 'https://' . 'a.' x 130 . 'com/', 'https://example.com/' . 'x' x 3000,
);
my @taken = ('https://example.com/', 'https://EXAMPLE.com', 'https://example.com:8443/a/b', 'https://8.8.8.8/', 'https://[2606:4700::1111]/', 'https://xn--bcher-kva.example/', 'https://127.0.0.1.example.com/', 'https://metadata.rebind.test/',
	"http://allowed.rebind.test:$port/x", "https://allowed.rebind.test:$port");

# url -> SQLSTATE or "taken", for each place that takes one.
sub tries
{
	my ($statement, @urls) = @_;
	my $json = encode_json(\@urls) =~ s/'/''/gr;
	my $out = as_tenant($node, 'va', $watched, qq{
		CREATE TEMP TABLE tried (n int, state text);
		DO \$do\$
		DECLARE r record;
		BEGIN
			FOR r IN SELECT n, u FROM jsonb_array_elements_text('$json') WITH ORDINALITY x(u, n) LOOP
				BEGIN
					$statement;
					RAISE EXCEPTION USING ERRCODE = 'VA000';
				EXCEPTION WHEN OTHERS THEN
					INSERT INTO tried VALUES (r.n, CASE SQLSTATE WHEN 'VA000' THEN 'taken' ELSE SQLSTATE END);
				END;
			END LOOP;
		END \$do\$;
		SELECT string_agg(state, ' ' ORDER BY n) FROM tried});
	my @states = split / /, $out;
	return map { $urls[$_] => $states[$_] } 0 .. $#urls;
}
my $target = as_tenant($node, 'va', $watched, q{SELECT (voiceagent.create_webhook_subscription('https://example.com/n')).subscription_id});
my $existing = as_tenant($node, 'va', $watched, q{SELECT voiceagent.create_provider_account('vapi', 'Existing', '{"api_key": "k"}', '{"phone_number_id": "p"}')});
my $model = as_tenant($node, 'va', $watched, q{SELECT voiceagent.create_model_account('openai', 'Existing', 'k', 'm')});
my %places = (
	'create_webhook_subscription(url)' => q{PERFORM voiceagent.create_webhook_subscription(r.u)},
	'update_webhook_subscription(url)' => "PERFORM voiceagent.update_webhook_subscription($target, r.u)",
	'create_provider_account(base_url)' => q{PERFORM voiceagent.create_provider_account('vapi', 'X', '{"api_key": "k"}', jsonb_build_object('phone_number_id', 'p', 'base_url', r.u))},
	'update_provider_account(base_url)' => "PERFORM voiceagent.update_provider_account($existing, settings => jsonb_build_object('base_url', r.u))",
	'create_provider_account(elevenlabs_url)' => q{PERFORM voiceagent.create_provider_account('vapi', 'Z', '{"api_key": "k"}', jsonb_build_object('phone_number_id', 'p', 'elevenlabs_url', r.u))},
	'add_knowledge_page(url)' => q{PERFORM voiceagent.add_knowledge_page(r.u)},
	'follow_calendar(url)' => q{PERFORM voiceagent.follow_calendar(NULL, r.u)},
	'create_model_account(base_url)' => q{PERFORM voiceagent.create_model_account('openai', 'X', 'k', 'm', r.u)},
	'update_model_account(base_url)' => "PERFORM voiceagent.update_model_account($model, api_key => 'k', base_url => r.u)",
	'create_provider_account(stream_url)' => q{PERFORM voiceagent.create_provider_account('telnyx', 'Y', '{"api_key": "k"}',
		jsonb_build_object('connection_id', '1', 'stream_url', regexp_replace(r.u, '^https:', 'wss:')))},
);
foreach my $place (sort keys %places)
{
	# A socket is what that one is for.
	my @bad = grep { $place !~ /stream_url/ || !m{^wss://} } @refused;
	my %states = tries($places{$place}, @bad);
	my @wrong = map { "$_ -> $states{$_}" } grep { $states{$_} ne 'PT422' } @bad;
	is(join("\n", map { s/[^ -~]/?/gr } @wrong), '', "$place: " . scalar(@bad) . ' spellings of what it must not reach are refused');
	%states = tries($places{$place}, @taken);
	is(join("\n", map { "$_ -> $states{$_}" } grep { $states{$_} ne 'taken' } @taken), '', '... and what is public is taken');
}

# ---- what is refused when we connect, whatever its name was when it was written down ----

my @names = sort keys %names;
my $list = join ',', @names;
my $numbers = join ',', numbers(@names + 1);
my $zone = VoiceAgentFaults::awake_zone();
as_tenant($node, 'va', $tenant, qq[
	DO \$do\$
	DECLARE
		v_assistant bigint := voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.');
		v_names text[] := string_to_array('$list', ',') || 'allowed'::text;
		v_numbers text[] := string_to_array('$numbers', ',');
		v_account bigint;
		v_campaign bigint;
	BEGIN
		FOR i IN 1 .. cardinality(v_names) LOOP
			v_account := voiceagent.create_provider_account('vapi', v_names[i], '{"api_key": "k", "webhook_secret": "s"}',
				jsonb_build_object('phone_number_id', 'p1', 'base_url', CASE v_names[i] WHEN 'allowed' THEN 'http' ELSE 'https' END || '://' || v_names[i] || '.rebind.test:$port/carrier'));
			v_campaign := voiceagent.create_campaign(v_names[i], v_assistant, settings => jsonb_build_object('provider_account_id', v_account, 'call_interval', 0,
				'breaker_failure_rate', 0, 'retry_attempts', 0, 'caller_name', 'Acme', 'caller_phone', '+1 800 555 0100', 'call_subject', 'roofs',
				'calling_hours', '{"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}'::jsonb));
			PERFORM voiceagent.record_consent(voiceagent.add_lead(phone => v_numbers[i], first_name => 'Lead', timezone => '$zone', region => 'US-DC',
				campaign_id => v_campaign), 'call', 'test');
		END LOOP;
	END \$do\$]);
$node->safe_psql('va', "SELECT voiceagent.arm(provider_account_id, name) FROM voiceagent.provider_accounts WHERE tenant_id = $tenant AND provider = 'vapi'");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'the accounts are armed');
is(visits(), '', 'nobody has come to our own network so far');
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.confirm_campaign(campaign_id, name), voiceagent.start_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = $tenant});
my $of_dials = qq{FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) JOIN voiceagent.campaigns g USING (tenant_id, campaign_id) WHERE g.tenant_id = $tenant};
wait_for_sql($node, 'va', "SELECT count(DISTINCT g.name) $of_dials AND a.state <> 'sending'", @names + 1, 'each of them was tried');
is_sql($node, 'va', "SELECT g.name, a.state, a.error $of_dials AND g.name <> 'allowed' AND a.state <> 'sending' AND (a.state <> 'refused' OR a.error <> 'connection-failed: the host''s address is not allowed, or there is none')", '',
	'a carrier whose name leads into our own network is not connected to, and the attempt says so');
is_sql($node, 'va', "SELECT min(a.state) $of_dials AND g.name = 'allowed'", 'accepted', 'the one whom the platform allows is');
is(visits(), "POST /carrier/call\n", '... directly, whatever proxies the environment names');

# Pages and models, the same way.
$node->safe_psql('va', q{SELECT voiceagent.set_setting('knowledge_page_tries', '1')});
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.add_knowledge_page('https://' || n || '.rebind.test:$port/page') FROM unnest(string_to_array('$list', ',')) n});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.knowledge_documents WHERE tenant_id = $tenant AND status = 'fetching'", 0, 'each page was tried');
is_sql($node, 'va', "SELECT DISTINCT status, status_reason FROM voiceagent.knowledge_documents WHERE tenant_id = $tenant", "failed|the host's address is not allowed, or there is none", 'a page whose name leads into our own network is not fetched');

# Outgoing webhooks, the same way: at most so many targets of a tenant.
my @groups = ([ @names[0 .. 14] ], [ @names[15 .. $#names] ]);
foreach my $group (@groups)
{
	my $owner = create_tenant($node, 'va', "Webhooks $group->[0]");
	my @urls = map { "https://$_.rebind.test:$port/delivery" } @$group;
	as_tenant($node, 'va', $owner, join(';', map { "SELECT voiceagent.test_webhook_subscription((voiceagent.create_webhook_subscription('$_')).subscription_id)" } @urls));
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.webhook_subscriptions WHERE tenant_id = $owner AND last_error IS NOT NULL", scalar(@$group), 'outgoing webhooks are tried', 180);
	is_sql($node, 'va', "SELECT url, last_error FROM voiceagent.webhook_subscriptions WHERE tenant_id = $owner AND last_error !~ 'address is not allowed'", '', '... and not sent into our own network');
}
as_tenant($node, 'va', $watched, qq{SELECT voiceagent.test_webhook_subscription((voiceagent.create_webhook_subscription('http://allowed.rebind.test:$port/delivery')).subscription_id)});
ok(wait_until(sub { return visits() =~ m{^POST /delivery$}m }, 60), 'the one whom the platform allows gets its outgoing webhook');
is(visits() =~ s{^POST /(?:carrier/call\S*|delivery)\n}{}gmr =~ s{^GET /carrier/call\S*\n}{}gmr, '', '... and nobody else came');
cmp_ok(scalar(() = slurp_file("$dir/hosts.log") =~ /^changes\.rebind\.test$/mg), '>=', 1, 'names were resolved anew for each connection');

# A host that carriers and outgoing webhooks may reach is closed to what tenants read: pages, calendars, and answers of models and tools; and to what their calls play.
$node->safe_psql('va', q{SELECT voiceagent.set_setting(k, '') FROM unnest('{knowledge_private_hosts,model_private_hosts,tool_private_hosts,calendar_private_hosts}'::text[]) k});
foreach my $call ("add_knowledge_page('http://allowed.rebind.test:$port/page')", "create_model_account('compatible', 'Inside', '', 'm', 'http://allowed.rebind.test:$port/v1')",
	"create_tool('inside', 'Tells', '{\"type\": \"object\", \"properties\": {}}', 'http://allowed.rebind.test:$port/tool')", "follow_calendar(voiceagent.create_calendar('inside', 'UTC'), 'http://allowed.rebind.test:$port/ics')",
	"play_in_call(1, 'http://allowed.rebind.test:$port/a.wav')")
{
	my ($code, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($watched); SELECT voiceagent.$call");
	like($err, qr/cannot be used.*(?:knowledge|model|tool|calendar)_private_hosts/s, "$call is refused");
}
is($node->safe_psql('va', "BEGIN; SELECT voiceagent.create_platform_model_account('compatible', 'House', '', 'm', 'http://allowed.rebind.test:$port/v1') > 0; ROLLBACK"), 't', '... an account of the platform may lie there');

# What was allowed once is not for ever.
$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '')");
my $before = () = visits() =~ /delivery/g;
my $old = $node->safe_psql('va', "SELECT max(subscription_id) FROM voiceagent.webhook_subscriptions WHERE tenant_id = $watched");
as_tenant($node, 'va', $watched, "SELECT voiceagent.test_webhook_subscription($old)");
wait_for_sql($node, 'va', "SELECT last_error ~ 'no longer allows' FROM voiceagent.webhook_subscriptions WHERE subscription_id = $old", 't', 'a host that is allowed no longer gets none');
is(scalar(() = visits() =~ /delivery/g), $before, '... and was not asked');
$node->stop('fast');
done_testing();
