# The platform's people at their side of the console, in a browser: support answers a ticket, finance refunds with a second person, an
# operator decides spending, sets what holds for all, enters a tenant's account and stops it, an owner takes somebody out.  Each sees
# what its role may do, and nothing else.  With no Chromium, no node or no npm there is nothing to see.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
need_page($url);

my $tenant = create_tenant($node, 'va', 'Acme <b>Solar</b>', credits => 1000);
create_tenant($node, 'va', 'Other Roofs', credits => 0);
members($node, $tenant, 'owner');
my $owner = login($node, 'owner@example.com');
my %secret = map { $_->[0] => join_staff($node, $url, @$_)->{secret} } ['sue', 'support'], ['fay', 'finance'], ['finn', 'finance'], ['otto', 'operator'], ['olga', 'owner'];
sub one { my ($sql) = @_; return $node->safe_psql('va', $sql) }
sub value_of { my ($answer) = @_; return JSON::PP->new->allow_nonref->decode($answer->{content}) }

rpc($url, $owner, 'open_ticket', { subject => 'Charged twice', message => 'Please look.', category => 'billing' });
one(q{SELECT voiceagent.create_credit_pack('Big', 5000, '{"EUR": 100}')});
my $order = value_of(rpc($url, $owner, 'buy', { pack => 1, currency => 'EUR' }))->{order_id};
rpc($url, $owner, 'pay_embedded', { order_id => $order });
rpc($url, $owner, 'set_setting', { key => 'auto_spend', value => 'off' });
rpc($url, $owner, 'buy', { pack => 1, currency => 'EUR' });
rpc($url, $owner, 'set_setting', { key => 'auto_spend', value => 'on' });
one(q{INSERT INTO voiceagent_private.ticket_mails (mail_hash, sender, subject, message, outcome, reason, received_at)
	VALUES ('\x01', 'stranger@example.com', 'A bargain', 'Buy our pills.', 'waiting', 'nobody of a tenant has this address', now())});
rpc($url, $owner, 'request_number', { country => 'DE', area_code => '30' });
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '1');
	SELECT voiceagent.create_campaign('Long', voiceagent.create_assistant('Ada', 'Hello', 'Be brief.'), settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00"}}') AS c \gset
	SELECT voiceagent.add_lead(p, 'Ann', campaign_id := :c) FROM unnest(ARRAY['+12125550116', '+13105550116', '+14155550116']) p;
	SELECT voiceagent.start_campaign(:c)});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant AND outcome IS NULL AND status = 'in_progress'", 3, 'three people talk', 90);

one("SELECT voiceagent.set_setting('mail_links', '$url/')");
my @lines = visit('staff.js', $url, 400, $node->basedir . '/browser', encode_json(\%secret), $tenant);
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 30, 'five people of the staff use the page');
is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and every step is as it should be');

is(one('SELECT concat_ws($$ $$, issuer, client_id, mail_domains, roles, new_members, required) FROM voiceagent.sign_ons'), 'https://id.acme.example console {acme.example,example.com} {"desk": "agent", "sales": "manager"} t f', 'SQL has it: the provider');
is(one(qq{SELECT concat_ws(' ', t.state, m.side, m.message) FROM voiceagent.tickets t JOIN voiceagent.ticket_messages m USING (tenant_id, ticket_id)
	WHERE t.subject = 'Charged twice' ORDER BY m.message_number DESC LIMIT 1}), 'resolved staff We give it back.', 'SQL has it, too: the answer');
is(one(q{SELECT string_agg(concat_ws(' ', status, status_reason), ', ') FROM voiceagent.number_requests}), 'rejected Nothing there', '... what became of the request for a number');
is(one(q{SELECT outcome FROM voiceagent_private.ticket_mails}), 'put aside', '... and of a stranger\'s mail');
is(one("SELECT concat_ws(' ', state, refunded) FROM voiceagent.payment_orders WHERE order_id = $order"), 'paid 10000', '... the refund');
is(one(q{SELECT string_agg(concat_ws(' ', deed, state, asked_by, second_by), ', ' ORDER BY deed_id) FROM voiceagent_private.staff_deeds}), 'refund_order done 2 3, adjust_credits refused 2', '... by two, and what was taken back');
is(one(q{SELECT string_agg(concat_ws(' ', state, decision, decided_by), ', ') FROM voiceagent.spend_approvals}), 'approved Known to us staff 4 (operator)', '... the approval');
is(one(q{SELECT voiceagent.get_setting('ticket_warning')}), '02:00:00', '... the setting');
is(one("SELECT string_agg(action, ' ' ORDER BY audit_id) FROM voiceagent.audit_log WHERE tenant_id = $tenant AND actor = 'staff 4 (operator)' AND action ~ 'act'"), 'act_as_tenant stop_acting set_tenant_active', '... how the account was entered and left');
is(one("SELECT concat_ws(' ', t.active, c.status, c.status_reason) FROM voiceagent.tenants t JOIN voiceagent.campaigns c USING (tenant_id) WHERE c.name = 'Long'"), 'f stopped stopped by the platform: Complaints', '... the stop');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant AND outcome IS NULL", 0, '... whose calls end', 60);
is(one(q{SELECT string_agg(concat_ws(' ', staff_id, roles, active), ', ' ORDER BY staff_id) FROM voiceagent.list_staff() WHERE staff_id IN (1, 3)}), '1 {support} f, 3 {finance,operator} t', '... and who is in the staff');
is(one(q{SELECT concat_ws(' ', (SELECT string_agg(name, ',') FROM voiceagent.credit_packs WHERE archived_at IS NULL), (SELECT concat_ws(' ', p.name, p.trial, p.features, p.limits) FROM voiceagent.plans p),
	(SELECT credits::numeric FROM voiceagent.prices WHERE price_id > 1000 AND operation = 'call'), (SELECT concat_ws(' ', percent, periods) FROM voiceagent_private.plan_coupons))}), 'Big Basic 14 days {calendars} {"campaigns": 3} 2.500000 20 3', '... and what is sold');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
