# The platform's people at work, by /rpc over HTTP: a ticket answered, credits with a second pair of eyes, spending decided, a tenant
# stopped whose calls end, a tenant's account entered and told of it; wrong roles, ended sessions and one's own second voice refused.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
my $tenant = create_tenant($node, 'va', 'Acme', credits => 1000);
create_tenant($node, 'va', 'Other', credits => 1000);
members($node, $tenant, 'owner');
my $owner = login($node, 'owner@example.com');
my %staff;
foreach (['sue', 'support'], ['fay', 'finance'], ['finn', 'finance'], ['otto', 'operator'], ['olga', 'owner'])
{
	join_staff($node, $url, @$_);
	$staff{$_->[0]} = staff_token($node, $url, $_->[0]);
}
sub told { my ($answer) = @_; my $said = eval { decode_json($answer->{content}) } // {}; return "$answer->{status} " . (ref $said eq 'HASH' ? $said->{message} // '' : '') }
sub as_staff { my ($who, $function, $with) = @_; return rpc($url, $staff{$who}, $function, $with) }
sub value_of { my ($answer) = @_; return JSON::PP->new->allow_nonref->decode($answer->{content}) }
sub audit { my ($which) = @_; return $node->safe_psql('va', "SELECT actor FROM $which ORDER BY audit_id DESC LIMIT 1") }
sub in_tenant { my ($action) = @_; return audit("voiceagent.audit_log WHERE tenant_id = $tenant AND action = '$action'") }
sub in_platform { my ($action) = @_; return audit("voiceagent_private.platform_audit_log WHERE action = '$action'") }
sub available { return 0 + $node->safe_psql('va', "SELECT available FROM voiceagent.list_tenants($tenant)") }

# ---- a ticket ----
my $ticket = value_of(rpc($url, $owner, 'open_ticket', { subject => 'Charged twice', message => 'Please look.' }));
my ($work) = grep { $_->{kind} eq 'ticket' } @{ value_of(as_staff('sue', 'staff_work')) };
is("$work->{tenant} $work->{id}", "Acme $ticket", 'support sees what waits, of whichever tenant');
is(value_of(as_staff('sue', 'read_ticket', { tenant_id => $tenant, ticket_id => $ticket }))->{messages}[0]{message}, 'Please look.', '... and reads it');
is(as_staff('sue', 'answer_ticket', { tenant_id => $tenant, ticket_id => $ticket, message => 'We look.' })->{status}, 200, '... and answers');
is(value_of(rpc($url, $owner, 'ticket_thread', { ticket_id => $ticket }))->{messages}[1]{message}, 'We look.', 'the customer reads it');
is(in_tenant('answer_ticket'), 'staff 1 (support)', 'the tenant\'s log says who, by role');
is(in_platform('answer_ticket'), 'staff 1 (support)', '... and the platform\'s');
is(said(as_staff('sue', 'adjust_credits', { tenant_id => $tenant, amount => 5, reason => 'x' })), '403 42501', 'support gives no credits');
like(as_staff('sue', 'adjust_credits', { tenant_id => $tenant, amount => 5, reason => 'x' })->{content}, qr/staff's role finance or owner/, '... and is told whose that is');
is(said(as_staff('sue', 'read_ticket', { tenant_id => $tenant, ticket_id => 987654 })), '404 PT404', 'a ticket that there is not');

# ---- credits, with four eyes ----
is(as_staff('fay', 'adjust_credits', { tenant_id => $tenant, amount => 600, reason => 'charged twice' })->{status}, 200, 'finance gives some alone');
is(told(as_staff('fay', 'adjust_credits', { tenant_id => $tenant, amount => 600, reason => 'charged twice' })), '409 this takes a second person', '... and in parts no more than at once');
is(told(as_staff('fay', 'grant_credits', { tenant_id => $tenant, credits => 500, reason => 'charged twice' })), '409 this takes a second person', '... in whichever way');
is(available(), 1600, '... nothing of which was done');
is(told(as_staff('fay', 'ask_second', { deed => 'adjust_credits', arguments => { tenant_id => 987654, amount => 600, reason => 'x' } })), '404 there is no such tenant', 'what cannot be is said at once');
is(told(as_staff('fay', 'ask_second', { deed => 'set_price', arguments => {} })), '422 no second person is wanted for this', 'a deed of another kind');
is(told(as_staff('sue', 'ask_second', { deed => 'adjust_credits', arguments => { tenant_id => $tenant, amount => 600, reason => 'x' } })), '403 permission denied to find a second person', 'support asks nobody');
my $deed = value_of(as_staff('fay', 'ask_second', { deed => 'adjust_credits', arguments => { tenant_id => $tenant, amount => 5000, reason => 'charged twice' } }));
is(available(), 1600, 'a deed that waits has done nothing');
is((grep { $_->{kind} eq 'second' } @{ value_of(as_staff('finn', 'staff_work')) })[0]{id}, $deed, '... and is among what waits');
is(told(as_staff('fay', 'second_deed', { deed_id => $deed, agree => JSON::PP::true })), "403 you cannot be your own second person", 'one\'s own second voice');
is(told(as_staff('otto', 'second_deed', { deed_id => $deed, agree => JSON::PP::true })), '403 permission denied to find a second person', 'an operator\'s');
is(as_staff('finn', 'second_deed', { deed_id => $deed, agree => JSON::PP::true })->{status}, 200, 'another of finance agrees');
is(available(), 6600, '... and it is done');
is(in_tenant('adjust_credits'), 'staff 3 (finance) for staff 2 (finance)', '... by both, as the log says');
is(told(as_staff('olga', 'second_deed', { deed_id => $deed, agree => JSON::PP::true })), '409 the deed is done already', '... once');
$deed = value_of(as_staff('fay', 'ask_second', { deed => 'adjust_credits', arguments => { tenant_id => $tenant, amount => -900, reason => 'too much' } }));
is(value_of(as_staff('olga', 'second_deed', { deed_id => $deed, agree => JSON::PP::false, comment => 'why?' })), 'refused', 'a second person says no');
is(available(), 6600, '... and nothing is done');
$deed = value_of(as_staff('fay', 'ask_second', { deed => 'adjust_credits', arguments => { tenant_id => $tenant, amount => 900, reason => 'x' } }));
as_staff('olga', 'update_staff', { staff_id => 2, roles => ['support'] });
is(told(as_staff('olga', 'second_deed', { deed_id => $deed, agree => JSON::PP::true })), '409 whoever asked may not ask for it now', 'of one who has lost the role nothing is seconded');
as_staff('olga', 'update_staff', { staff_id => 2, active => JSON::PP::false, roles => ['finance'] });
is(told(as_staff('olga', 'second_deed', { deed_id => $deed, agree => JSON::PP::true })), '409 whoever asked may not ask for it now', '... nor of one who was taken out');
is(said(as_staff('fay', 'adjust_credits', { tenant_id => $tenant, amount => 1, reason => 'x' })), '401 PT401', '... whose session is over');
$node->safe_psql('va', "UPDATE voiceagent_private.staff_deeds SET expires_at = voiceagent.clock() WHERE deed_id = $deed");
is(told(as_staff('finn', 'second_deed', { deed_id => $deed, agree => JSON::PP::true })), '409 the deed is too old already', 'it does not wait for ever');

# ---- a refund ----
$node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Big', 5000, '{"EUR": 100}')});
my $pack = $node->safe_psql('va', 'SELECT max(pack_id) FROM voiceagent.credit_packs');
my $order = value_of(rpc($url, $owner, 'buy', { pack => 0 + $pack, currency => 'EUR' }))->{order_id};
rpc($url, $owner, 'pay_embedded', { order_id => $order });
is($node->safe_psql('va', "SELECT state FROM voiceagent.payment_orders WHERE order_id = $order"), 'paid', 'the customer buys');
is(told(as_staff('finn', 'refund_order', { tenant_id => $tenant, order_id => $order, reason => 'bought twice' })), '409 this takes a second person', 'a refund weighs what its credits do');
$deed = value_of(as_staff('finn', 'ask_second', { deed => 'refund_order', arguments => { tenant_id => $tenant, order_id => $order, reason => 'bought twice' } }));
is(value_of(as_staff('olga', 'second_deed', { deed_id => $deed, agree => JSON::PP::true })), 'refunded', '... and a second person has it done');

# ---- spending that waits ----
rpc($url, $owner, 'set_setting', { key => 'auto_spend', value => 'off' });
rpc($url, $owner, 'buy', { pack => 0 + $pack, currency => 'EUR' });
my ($approval) = grep { $_->{kind} eq 'approval' } @{ value_of(as_staff('otto', 'staff_work')) };
ok($approval, 'an approval is among what waits');
is(said(as_staff('sue', 'decide_spending', { tenant_id => $tenant, approval_id => $approval->{id}, approve => JSON::PP::true, comment => 'x' })), '403 42501', 'support decides nothing');
is(as_staff('otto', 'decide_spending', { tenant_id => $tenant, approval_id => $approval->{id}, approve => JSON::PP::true, comment => 'known to us' })->{status}, 200, 'an operator does');
is($node->safe_psql('va', "SELECT state || ' ' || decided_by FROM voiceagent.spend_approvals WHERE approval_id = $approval->{id}"), 'approved staff 4 (operator)', '... by its role');
rpc($url, $owner, 'set_setting', { key => 'auto_spend', value => 'on' });

# ---- settings, with their history ----
is(as_staff('otto', 'set_setting', { key => 'ticket_warning', value => '2 hours' })->{status}, 204, 'an operator sets what holds for all');
is(said(as_staff('sue', 'set_setting', { key => 'ticket_warning', value => '3 hours' })), '401 PT401', 'support does not');
is(value_of(as_staff('sue', 'get_setting', { key => 'ticket_warning' })), '02:00:00', '... but reads it');
my ($entry) = grep { $_->{action} eq 'set_setting' && $_->{object} eq 'ticket_warning' } @{ value_of(as_staff('olga', 'platform_audit')) };
is(join(' ', map { $_ // 'none' } @$entry{qw(actor old_value new_value)}), 'staff 4 (operator) none 02:00:00', 'what was and is stands in the log');
is(said(as_staff('otto', 'set_price', { operation => 'call', credits => 2 })), '403 42501', 'prices are an owner\'s');
is(as_staff('olga', 'set_price', { operation => 'call', credits => 1 })->{status}, 200, '... who sets them');
is(said(as_staff('olga', $_)), '403 42501', "voiceagent_admin alone calls $_") foreach qw(rotate_vault vault_status disarm remap_roles);

# ---- acting as a tenant ----
is(told(as_staff('sue', 'act_as_tenant', { tenant_id => $tenant, reason => ' ' })) =~ /^422/ ? 1 : 0, 1, 'it takes a reason');
my $looks = value_of(as_staff('sue', 'act_as_tenant', { tenant_id => $tenant, reason => 'ticket 1' }));
is(value_of(rpc($url, $looks, 'whoami'))->{tenant_id}, $tenant, 'support looks into the account');
is(said(rpc($url, $looks, 'add_lead', { phone => '+12125550180' })), '403 PT403', '... and changes nothing');
my $works = value_of(as_staff('otto', 'act_as_tenant', { tenant_id => $tenant, reason => 'ticket 1' }));
is(rpc($url, $works, 'do_not_call', { phone => '+12125550180', reason => 'asked us' })->{status}, 200, 'an operator works in it');
is(said(rpc($url, $works, 'create_api_key', { label => 'x' })), '403 PT403', '... though not as its owner');
is($node->safe_psql('va', "SELECT string_agg(DISTINCT actor, '; ') FROM voiceagent.audit_log WHERE tenant_id = $tenant AND at > now() - interval '5 minutes' AND action IN ('do_not_call', 'act_as_tenant')"),
	'staff 1 (support); staff 4 (operator)', 'the tenant\'s log says who');
is($node->safe_psql('va', "SELECT count(*) || ' ' || min(event_data ->> 'reason') FROM voiceagent.events WHERE tenant_id = $tenant AND event_type = 'staff_acts'"), '2 ticket 1', 'the tenant has an event of each');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.member_notices WHERE tenant_id = $tenant AND kind = 'staff'", 2, '... and its people a notice', 60);
as_staff('otto', 'end_staff_sessions');
is(said(rpc($url, $works, 'whoami')), '401 PT401', 'it ends with the session of whoever acted');
is(said(as_staff('otto', 'list_tenants')), '401 PT401', '... which is over');
is(value_of(rpc($url, $looks, 'whoami'))->{role}, 'viewer', '... another\'s is not');
# What was made in the visit ends with it.
my $export = value_of(rpc($url, $owner, 'request_export', { what => 'leads' }));
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.exports WHERE tenant_id = $tenant AND export_id = $export", 'done', 'a file of the tenant\'s', 60);
sub opened { my ($link) = @_; return HTTP::Tiny->new->get("$url$link")->{status} }
my %link = (support => value_of(rpc($url, $looks, 'export_link', { export_id => $export, lifetime => '7 days' })), owner => value_of(rpc($url, $owner, 'export_link', { export_id => $export })));
is(opened($link{support}), 200, 'support has a link to it');
is(as_staff('sue', 'stop_acting')->{status}, 204, '... and goes');
is(opened($link{support}), 404, '... and with it the link');
is(opened($link{owner}), 200, '... the owner\'s stays');
my $again = value_of(as_staff('sue', 'act_as_tenant', { tenant_id => $tenant, reason => 'ticket 2' }));
is(opened($link{support}), 404, 'another visit does not bring it back');
is(opened(value_of(rpc($url, $again, 'export_link', { export_id => $export }))), 200, '... but makes its own');
$node->safe_psql('va', q{UPDATE voiceagent_private.staff SET active = false WHERE email LIKE 'sue%'});
is(opened($link{support}), 404, '... which ends with the account');
$node->safe_psql('va', q{UPDATE voiceagent_private.staff SET active = true WHERE email LIKE 'sue%'});
$staff{otto} = staff_token($node, $url, 'otto');
my $back = value_of(as_staff('otto', 'act_as_tenant', { tenant_id => $tenant, reason => 'ticket 3' }));
is(said(rpc($url, $back, @$_)), '403 PT403', "an operator who acts makes nothing that lasts, and tells nobody less: $_->[0]") foreach [ 'calendar_link', {} ], [ 'create_intake', { name => 'x' } ],
	[ 'create_export_schedule', { name => 'x', every => 'day', what => 'leads' } ], [ 'follow_calendar', { calendar_id => undef, url => 'https://example.com/a.ics' } ], [ 'suppress_mail', { address => 'owner@example.com' } ],
	[ 'set_setting', { key => 'notices_by_mail', value => 'off' } ], [ 'set_setting', { key => 'notices_by_mail', value => undef } ], [ 'apply_profile', { campaign_id => undef, profile => 'patient', overrides => { notices_by_mail => 'off' } } ];

# ---- a tenant whose calls end ----
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '1');
	SELECT voiceagent.create_campaign('Long', voiceagent.create_assistant('Ada', 'Hello', 'Be brief.'), settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00"}}') AS c \gset
	SELECT voiceagent.add_lead(p, 'Ann', campaign_id := :c) FROM unnest(ARRAY['+12125550116', '+13105550116', '+14155550116']) p;
	SELECT voiceagent.start_campaign(:c)});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant AND outcome IS NULL AND status = 'in_progress'", 3, 'three people talk', 90);
is(value_of(as_staff('sue', 'list_tenants', { only_tenant => $tenant }))->[0]{live_calls}, 3, 'which support sees');
is(said(as_staff('sue', 'stop_tenant', { tenant_id => $tenant, reason => 'complaints' })), '403 42501', '... and does not stop');
my $since = time;
is_deeply(value_of(as_staff('otto', 'stop_tenant', { tenant_id => $tenant, reason => 'complaints' })), { campaigns => 1, calls => 3, left => 0 }, 'an operator does');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant AND outcome IS NULL", 0, 'the calls end', 60);
note(sprintf 'after %.1f s', time - $since);
is($node->safe_psql('va', "SELECT status || ' ' || status_reason FROM voiceagent.campaigns WHERE tenant_id = $tenant AND name = 'Long'"), 'stopped stopped by the platform: complaints', 'and the tenant reads why');
is(as_staff('otto', 'set_tenant_active', { tenant_id => $tenant, active => JSON::PP::false })->{status}, 204, 'it starts nothing again');
is(in_platform('set_tenant_active'), 'staff 4 (operator)', '... which stands in the log');
is_sql($node, 'va', 'SELECT * FROM voiceagent.invariants()', '', 'all invariants hold');
is(as_staff('finn', 'end_session', {})->{status}, 204, 'somebody of the staff logs out');
is(join(' ', map { as_staff($_, 'staff_whoami')->{status} } qw(finn olga)), '401 200', '... whose session is over, and no other');
done_testing();
