# Businesses sign up, over HTTP: not while it is off; by what the staff mails, by its link, or open; nobody before its mail is proved,
# uninvited ones use no real carrier before a number or a payment is proved; strangers fill neither mailboxes nor the platform.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
my $platform = create_tenant($node, 'va', 'The Platform', credits => 1000);
sub setting { $node->safe_psql('va', "SELECT voiceagent.set_setting('$_[0]', '$_[1]')") }
sub told { my ($answer) = @_; my $said = eval { decode_json($answer->{content}) } // {}; return "$answer->{status} " . (ref $said eq 'HASH' ? $said->{message} // '' : '') }
sub sign_up { my (%with) = @_; return told(rpc($url, undef, 'sign_up', { email => 'ben@example.com', name => 'Ben Ltd', timezone => 'Europe/London', %with })) }
sub confirm { my ($token, %with) = @_; return rpc($url, undef, 'confirm_signup', { token => $token, password => 'correct horse', %with }) }
sub tenants { return $node->safe_psql('va', 'SELECT count(*) FROM voiceagent.tenants') }
sub mails { return $node->safe_psql('va', q{SELECT count(*) FROM voiceagent.mails WHERE kind = 'signup'}) }
# The end of the link that was mailed last.
sub mailed
{
	wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.mails WHERE status = 'queued'}, 0, 'the mail has left');
	my ($token) = $node->safe_psql('va', q{SELECT convert_from(decode(regexp_replace(split_part(message, E'\r\n\r\n', 2), '\s', '', 'g'), 'base64'), 'UTF8') FROM voiceagent_private.sandbox_mailbox ORDER BY mail_id DESC LIMIT 1}) =~ m{https://calls\.example\.com/#/signup/(m\S+)};
	return $token;
}
sub tenant_of { my ($email, $what) = @_; return $node->safe_psql('va', "SELECT $what FROM voiceagent.tenants t JOIN voiceagent.members m USING (tenant_id) WHERE m.email = '$email' ORDER BY t.tenant_id DESC LIMIT 1") }

# ---- off ----
is(sign_up(), '403 one signs up here by an invitation alone', 'nobody signs up by default');
my ($status, $out, $error) = $node->psql('va', q{SELECT voiceagent.invite_tenant('ben@example.com')});
like($error, qr/nobody signs up here/, '... nor is invited');

# ---- whose mails, and where they lead ----
setting('signup', 'open');
is(sign_up(), '409 nobody can sign up here yet', 'nobody signs up while no tenant is the staff\'s');
setting('staff_tenant', $platform);
($status, $out, $error) = $node->psql('va', q{SELECT voiceagent.invite_tenant(uses := 3)});
like($error, qr/nobody can sign up here yet.*mail_links, where they lead, first/s, '... nor by a link that leads nowhere');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent_private.signups'), 0, '... which takes no turn of the day');
setting('mail_links', 'https://calls.example.com/');

# ---- by what the staff mails ----
setting('signup', 'invited');
join_staff($node, $url, 'olga', 'owner');
join_staff($node, $url, 'sue', 'support');
my %staff = map { $_ => staff_token($node, $url, $_) } qw(olga sue);
is(said(rpc($url, $staff{sue}, 'invite_tenant', { email => 'ann@example.com' })), '403 42501', 'support invites nobody');
is(rpc($url, $staff{olga}, 'invite_tenant', { email => 'ann@example.com' })->{content}, 'null', 'an owner of the staff does, and sees no link');
my $token = mailed();
like($token, qr/^m[\w-]{40,}$/, 'the mail has it');
like(told(confirm($token, password => 'short')), qr/^422 a password/, 'a short password');
like(told(confirm($token)), qr/^422 a tenant's name/, 'no name');
is(told(confirm($token =~ s/.$/_/r, name => 'Ann Ltd')), '401 the link is not good any more', 'another link');
is(confirm($token, name => 'Ann Ltd', timezone => 'Europe/Berlin')->{status}, 200, 'the link, a password and a name make a tenant');
is(told(confirm($token, name => 'Ann Ltd')), '401 the link is not good any more', '... once');
is(tenant_of('ann@example.com', q{concat_ws(' ', t.name, t.timezone, t.standing, m.role, m.email_proved_at IS NOT NULL)}), 'Ann Ltd Europe/Berlin new owner t', '... that is new, with an owner whose address is proved');
is(rpc($url, undef, 'login', { email => 'ann@example.com', password => 'correct horse' })->{status}, 200, '... who logs in');
is(sign_up(), '403 one signs up here by an invitation alone', 'uninvited nobody does');

# ---- by a link for several ----
my $plan = $node->safe_psql('va', q{SELECT voiceagent.create_plan('Solo', 1, 100)});
is(said(rpc($url, $staff{olga}, 'invite_tenant', { plan_id => 987654 })), '404 PT404', 'a plan that there is not');
is(said(rpc($url, $staff{olga}, 'invite_tenant', { uses => 0 })), '422 PT422', 'a link for nobody');
my ($link) = rpc($url, $staff{olga}, 'invite_tenant', { plan_id => $plan, uses => 1 })->{content} =~ m{https://calls\.example\.com/#/signup/(i[\w-]+)};
is(told(confirm($link, name => 'X')), '401 the link is not good any more', 'whoever has a link has proved no address');
is(sign_up(invitation => $link), '204 ', 'it mails whoever has it a link of its own');
$token = mailed();
is(sign_up(invitation => $link, email => 'bea@example.com'), '204 ', '... and the next');
my $second = mailed();
is(decode_json(confirm($token)->{content})->{plan_id}, $plan, 'a tenant comes to the plan of its link');
is(tenant_of('ben@example.com', 't.standing'), 'new', '... and is new');
is(told(confirm($second)), '401 the link is not good any more', 'as many as the link is for, and no more');
is(sign_up(invitation => $link, email => 'cal@example.com'), '401 the link is not good any more', '... are mailed');

# ---- open ----
setting('signup', 'open');
my $before = mails();
is(sign_up(email => 'dot@example.com', name => 'Dot Ltd'), '204 ', 'anybody signs up');
is(sign_up(email => 'DOT@example.com', name => 'Dot Ltd'), '204 ', '... told the same at once more');
is(mails() - $before, 1, '... mailed once');
is(tenant_of('dot@example.com', 't.tenant_id'), '', 'nobody is a tenant before its mail is proved');
$token = mailed();
is(confirm($token)->{status}, 200, 'then it is');
is(tenant_of('dot@example.com', q{concat_ws(': ', t.standing, t.standing_reason)}), 'refused: prove a number (set_notice_phone()) or pay first', '... without real carriers');
my $dot = tenant_of('dot@example.com', 't.tenant_id');
is(as_tenant($node, 'va', $dot, q{SELECT (voiceagent_private.platform_hold(0, now())).reason}), 'the platform has refused this business real calls: prove a number (set_notice_phone()) or pay first', '... which its calls say');
my $session = JSON::PP->new->allow_nonref->decode(rpc($url, undef, 'login', { email => 'dot@example.com', password => 'correct horse' })->{content});
like(told(rpc($url, $session, 'resume_real_calls', { comment => 'x' })), qr/^409/, '... and which it does not end by itself');
is(rpc($url, $session, 'ask_for_verification', { details => 'We are Dot.' })->{status}, 200, '... it may ask');
is(tenant_of('dot@example.com', 't.standing'), 'refused', '... which proves nothing');

# A number: what the sandbox sends proves none.
$node->safe_psql('va', "INSERT INTO voiceagent.phone_numbers (tenant_id, provider_account_id, phone_number, country, timezone, state, proof, created_at)
	SELECT a.tenant_id, a.provider_account_id, '+12125550100', 'US', 'America/New_York', 'ready', 'carrier', now() FROM voiceagent.provider_accounts a WHERE a.tenant_id = $dot;
	INSERT INTO voiceagent.text_senders (tenant_id, phone_number_id, registration, state, changed_at) SELECT n.tenant_id, n.phone_number_id, 'not_needed', 'registered', now() FROM voiceagent.phone_numbers n WHERE n.tenant_id = $dot");
sub prove_number
{
	rpc($url, $session, 'set_notice_phone', { phone => '+12025550199' });
	$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET provider = '$_[0]' WHERE tenant_id = $dot AND provider IN ('sandbox', 'telnyx')");
	is(rpc($url, $session, 'confirm_notice_phone', { code => $node->safe_psql('va', "SELECT code FROM voiceagent_private.notice_codes WHERE tenant_id = $dot") })->{content}, 'true', "a code by $_[0] is good");
	return tenant_of('dot@example.com', q{concat_ws(': ', t.standing, t.standing_reason)});
}
like(prove_number('sandbox'), qr/^refused/, '... which proves no number');
# Nor does a code of the sandbox's after one that a real carrier was to send, nor a carrier at an address of its own.
$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET provider = 'telnyx' WHERE tenant_id = $dot;
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at) VALUES ($dot, 'sandbox', 'Other', 1, now())");
sub code { return $node->safe_psql('va', "SELECT code FROM voiceagent_private.notice_codes WHERE tenant_id = $dot") }
sub text_by { $node->safe_psql('va', "UPDATE voiceagent.phone_numbers n SET provider_account_id = a.provider_account_id FROM voiceagent.provider_accounts a WHERE n.tenant_id = $dot AND a.tenant_id = $dot AND a.provider = '$_[0]'") }
rpc($url, $session, 'set_notice_phone', { phone => '+12025550199' });
my $first = $node->safe_psql('va', "SELECT max(text_id) FROM voiceagent.texts WHERE tenant_id = $dot");
text_by('sandbox');
rpc($url, $session, 'set_notice_phone', { phone => '+12025550199' });
is(as_tenant($node, 'va', $dot, "SELECT string_agg((strpos(voiceagent_private.linked_text(t), '" . code() . "') > 0)::text, ' ' ORDER BY t.text_id) FROM voiceagent.texts t WHERE t.text_id >= $first"), 'false true', 'a code stands in its own text alone');
is(rpc($url, $session, 'confirm_notice_phone', { code => code() })->{content}, 'true', "a code by the sandbox is good");
like(tenant_of('dot@example.com', 't.standing'), qr/^refused/, '... and proves none because a real carrier was asked before');
text_by('telnyx');
$node->safe_psql('va', "DELETE FROM voiceagent.provider_accounts WHERE tenant_id = $dot AND name = 'Other' AND NOT EXISTS (SELECT FROM voiceagent.texts t WHERE t.tenant_id = $dot AND t.provider_account_id = provider_accounts.provider_account_id);
	UPDATE voiceagent.provider_accounts SET base_url = 'https://carrier.dot.example' WHERE tenant_id = $dot AND provider = 'telnyx'");
like(prove_number('telnyx'), qr/^refused/, '... nor one that its own server got');
$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET base_url = NULL WHERE tenant_id = $dot");
is(prove_number('telnyx'), 'new: it has proved a number', '... that one does');

# A payment.
is(sign_up(email => 'eve@example.com', name => 'Eve Ltd'), '204 ', 'another signs up');
confirm(mailed());
my $eve = tenant_of('eve@example.com', 't.tenant_id');
my $pack = $node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Pack', 100, '{"EUR": 25}')});
foreach my $vendor (qw(embedded stripe))
{
	my $order = $node->safe_psql('va', "INSERT INTO voiceagent.payment_orders (tenant_id, vendor, pack_id, pack_name, credits, currency, amount, exponent, state, ordered_by, created_at, expires_at)
		VALUES ($eve, '$vendor', $pack, 'Pack', 100, 'EUR', 2500, 2, 'pending', 'x', now(), now() + interval '1 hour') RETURNING order_id");
	as_tenant($node, 'va', $eve, "SELECT voiceagent_private.apply_payment_report($order, '{\"status\": \"completed\", \"amount\": 2500, \"currency\": \"EUR\"}')");
	is(tenant_of('eve@example.com', 't.standing'), $vendor eq 'stripe' ? 'new' : 'refused', "... that paid by $vendor");
}

# ---- strangers ----
is(sign_up(email => $_->[0], name => $_->[1], timezone => $_->[2] // 'UTC'), $_->[3], "'$_->[0]', '$_->[1]'") foreach ['x', 'X', 'UTC', '422 this is not an e-mail address that mail can be sent to'], ["a\@b.example\nBcc: c\@d.example", 'X', 'UTC', '422 this is not an e-mail address that mail can be sent to'],
	['f@example.com', ' ', 'UTC', '422 the name is empty'], ['f@example.com', 'X', 'Moon/Base', '422 there is no time zone "Moon/Base"'];
is($node->safe_psql('va', q{SELECT count(*) FROM voiceagent_private.signups WHERE share LIKE 'visitor %'}), 5, 'whoever is asked for again counts the same');
$node->safe_psql('va', q{UPDATE voiceagent_private.signups SET share = 'elsewhere' WHERE email IS NULL AND share IS NOT NULL});
$before = mails();
my %answers;
$answers{sign_up(email => "flood$_\@example.com", name => 'Flood')}++ foreach 1 .. 30;
is_deeply(\%answers, { '204 ' => 1, '429 too many sign up today' => 29 }, 'a network has five a day, with those that used their link');
is(mails() - $before, 1, '... and no more mails');
is(sign_up(email => 'flood1@example.com', name => 'Flood'), '429 too many sign up today', '... which does not tell who has signed up');
my ($few) = $node->safe_psql('va', q{SELECT voiceagent.invite_tenant(uses := 2)}) =~ m{/signup/(i[\w-]+)$};
$node->safe_psql('va', q{UPDATE voiceagent_private.signups SET share = 'elsewhere' WHERE share IS NOT NULL});
setting('signups_per_day', 2);
is(sign_up(email => 'hal@example.com'), '429 too many sign up today', 'strangers have had all of the day');
is(sign_up(email => "hal$_\@example.com", invitation => $few), $_ < 3 ? '204 ' : '429 too many sign up today', "... not what a link has ($_)") foreach 1 .. 3;
setting('signups_per_day', 50);
($status, $out, $error) = $node->psql('va', q{SELECT voiceagent.sign_up('ida@example.com', 'Ida')});
like($error, qr/one signs up at the page/, 'no session of its own holds the others up');
is(ask($url, 'GET', '/rpc/confirm_signup?token=x&password=correct%20horse')->{status}, 405, 'a password is not sent by GET');
$node->safe_psql('va', q{UPDATE voiceagent_private.signups SET expires_at = now() - interval '1 s' WHERE email ~ '^(flood|hal)'});
is(told(confirm(mailed())), '401 the link is not good any more', 'a link has its time');
is(rpc($url, $staff{olga}, 'invite_tenant', { email => 'gus@example.com' })->{status}, 200, 'an invitation waits for nobody');
$token = mailed();
# ---- a mail server that is down ----
setting('mail_private_hosts', '127.0.0.1');
$node->safe_psql('va', q{SELECT voiceagent.set_platform_mail_account('smtp://127.0.0.1:9', 'us@example.com')});
unlike($node->safe_psql('va', q{SELECT voiceagent.health() ->> 'problems'}), qr/mails of/, 'mails leave');
is(rpc($url, $staff{olga}, 'invite_tenant', { email => 'hal@example.com' })->{status}, 200, 'an invitation is to be mailed');
my $tried = q{SELECT tries FROM voiceagent.mails WHERE recipient = 'hal@example.com' AND reason IS NOT NULL};
wait_for_sql($node, 'va', $tried, 1, '... and finds no server');
$node->safe_psql('va', q{UPDATE voiceagent_private.mail_queue SET next_at = now(); SELECT voiceagent_private.poke('mail')});
wait_for_sql($node, 'va', $tried, 2, '... twice');
like($node->safe_psql('va', q{SELECT voiceagent.health() ->> 'problems'}), qr/mails of the platform's own tenant do not leave: 1 in a day, the last: Couldn't connect/, '... which health() says, with why');
$node->safe_psql('va', q{SELECT voiceagent.set_platform_mail_account(NULL, NULL); UPDATE voiceagent_private.mail_queue SET next_at = now(); SELECT voiceagent_private.poke('mail')});
setting('signup', 'off');
is(told(confirm($token, name => 'Gus')), '401 the link is not good any more', 'once it is off, no link is good');
$node->safe_psql('va', q{UPDATE voiceagent_private.signups SET expires_at = now() - interval '2 days'; SELECT voiceagent_private.request_job('forget_signups', '-infinity')});
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.signups', 0, 'a day after its end a signup is forgotten');
is($node->safe_psql('va', q{SELECT count(DISTINCT actor) || ' ' || min(actor) FROM voiceagent.audit_log WHERE action = 'create_member' AND tenant_id <> } . $platform), '1 signup', 'the log says that nobody of the staff did it');
$node->safe_psql('va', q{UPDATE voiceagent.provider_accounts SET provider = 'sandbox' WHERE provider = 'telnyx'});
# ---- by the page ----
SKIP:
{
	skip 'no browser', 4 unless grep({ -x "$_/chromium" } split /:/, $ENV{PATH}) && ask($url, 'GET', '/')->{status} == 200;
	setting('signup', 'open');
	$node->safe_psql('va', q{UPDATE voiceagent_private.signups SET share = 'role somebody'});
	my $nth = 0;
	sub steps { my (@token) = @_; foreach my $line (visit('signup.js', $url, 120, $node->basedir . '/browser' . $nth++, @token)) { if ($line =~ /^(not )?ok \d+ - (.*)/) { ok(!$1, $2) } elsif ($line !~ /^1[.]/) { diag($line) } } }
	steps();
	steps(mailed());
	is(tenant_of('pia@example.com', 't.name'), 'Pia & Co', '... a tenant');
}

# A number of the test's own has no owner.
is($node->safe_psql('va', q{SELECT * FROM voiceagent.invariants() WHERE invariant !~ 'number'}), '', 'all invariants hold');
$node->stop('fast');
done_testing();
