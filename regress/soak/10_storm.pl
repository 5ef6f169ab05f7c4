# A storm of every public function that writes, from many sessions at once, beside workers that dial, take webhooks and
# retain: nothing deadlocks, nothing fails but by an error that the function is to raise, and all that must hold holds.
use strict;
use warnings;

use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

my $seed = seed();
my $keys = PostgreSQL::Test::Utils::tempdir();
my $sessions = long() ? 24 : 8;
my $node = new_node('main', max_connections => 100, deadlock_timeout => '100ms', log_lock_waits => 'on',
	log_statement => 'none', 'voiceagent.vault_key_file' => key_file('vault'), 'voiceagent.jwt_secret_file' => key_file('jwt'),
	'voiceagent.arming_file' => "$keys/arming");
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000'), voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:9'), voiceagent.set_setting('tool_private_hosts', '127.0.0.1:9'), voiceagent.set_setting('knowledge_private_hosts', '127.0.0.1:9'), voiceagent.set_setting('model_private_hosts', '127.0.0.1:9')});

sub key_file
{
	my ($name) = @_;
	append_to_file("$keys/$name", '0123456789abcdef' x 4);
	chmod 0600, "$keys/$name";
	return "$keys/$name";
}

# ---- what there is ----

my %hours = (calling_hours => {start => '00:00', end => '24:00', days => [qw(mon tue wed thu fri sat sun)]});
my @tenants;
foreach my $name ('Storm', 'Gale')
{
	my $tenant = create_tenant($node, 'va', $name, credits => 100000);
	my @campaigns = map { start_leads($node, $tenant, [ numbers(80) ], settings => {max_concurrent_calls => 20, breaker_failure_rate => 0}) } 1 .. 3;
	as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_webhook_subscription('http://127.0.0.1:9/x')});
	push @tenants, {id => $tenant, campaigns => \@campaigns};
	# For those that need one to begin with.
	as_tenant($node, 'va', $tenant, q{SELECT voiceagent.wizard_start('roofing', 'en') FROM generate_series(1, 5);
		SELECT voiceagent.add_knowledge('Prices ' || i, 'Umbrellas cost ten.') FROM generate_series(1, 5) i;
		SELECT voiceagent.create_model_account('openai', 'Model ' || i, 'key', 'a-model', base_url => 'http://127.0.0.1:9/v1') FROM generate_series(1, 3) i;
		SELECT voiceagent.create_test_caller('Caller ' || i, '[{"say": "Hello"}]', '[{"path": "outcome", "is": "present"}]') FROM generate_series(1, 5) i});
}
wait_workers($node, 'the workers run');

# ---- one action: the text of its statement(s), for a tenant or (no tenant) for the platform ----

# The n-th row there is, by a number that is drawn here: what it hits depends on what others have done.
sub any { my ($table, $column, $where) = @_; my $n = between(0, 60); return "(SELECT $column FROM (SELECT $column FROM $table x WHERE x.tenant_id = voiceagent.current_tenant() " . ($where ? "AND $where " : '') . "ORDER BY $column DESC LIMIT 61) y OFFSET $n % greatest(1, (SELECT least(61, count(*)) FROM $table x WHERE x.tenant_id = voiceagent.current_tenant()" . ($where ? " AND $where" : '') . "))::integer LIMIT 1)" }
sub lead { return any('voiceagent.leads', 'lead_id') }
sub leads { my $n = between(1, 40); return "ARRAY(SELECT lead_id FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant() ORDER BY md5(l.lead_id || '" . between(1, 1000) . "') LIMIT $n)" }
sub sequence { return any('voiceagent.sequences', 'sequence_id') }
sub campaign { return any('voiceagent.campaigns', 'campaign_id') }
sub assistant { return any('voiceagent.assistants', 'assistant_id') }
sub phone { return any('voiceagent.leads', 'phone', "phone <> ''") }
sub new_phone { return sprintf("+1%s%03d%04d", pick(qw(212 305 312 404 415 512 617 713 303)), between(200, 999), between(1000, 9999)) }
sub text { return "'" . pick(qw(asked letter test reason because)) . "'" }
sub target { return any('voiceagent.webhook_subscriptions', 'subscription_id') }
sub batch { return any('voiceagent.import_batches', 'batch_id') }
my $unique = 0;
sub name { return sprintf("'n%d_%d'", $$, ++$unique) }
sub csv { my $n = between(1, 30); return "E'phone,first_name,company\\n" . join('', map { new_phone() . ',Lead,' . pick('', 'Acme', 'Bolt') . '\n' } 1 .. $n) . "'" }
sub number { return any('voiceagent.phone_numbers', 'phone_number_id') }
sub settings { my $s = pick('{"max_concurrent_calls": %d}', '{"retry_attempts": %d}', '{"priority": %d}'); $s = '{"retry_attempts": %d}' if $s =~ /priority/; return "'" . sprintf($s, between(1, 5)) . "'" }
sub call { my ($function, @arguments) = @_; return "SELECT count(*) FROM (SELECT voiceagent.$function(" . join(', ', @arguments) . ')) x' }

my %actions = (
	# leads
	import_file => sub { call('import_file', 'convert_to(' . csv() . ", 'UTF8')") },
	import_leads => sub { call('import_leads', csv(), pick('', '') . "campaign_id := " . pick('NULL', campaign()), "on_duplicate := '" . pick(qw(skip update)) . "'") },
	begin_import => sub { "SELECT voiceagent.finish_import(b) FROM (SELECT voiceagent.begin_import(campaign_id := " . campaign() . ") AS b) x, LATERAL (SELECT voiceagent.append_import(b, convert_to(" . csv() . ", 'UTF8'))) y" },
	append_import => sub { call('append_import', batch(), "'+12125551234'") },
	finish_import => sub { call('finish_import', batch()) },
	merge_leads => sub { call('merge_leads', lead(), lead()) },
	unmerge_leads => sub { call('unmerge_leads', any('voiceagent.lead_merges', 'merge_id')) },
	undo_import => sub { call('undo_import', batch()) },
	import_progress => sub { call('import_progress') },
	add_lead => sub { call('add_lead', "'" . new_phone() . "'", "campaign_id := " . pick('NULL', campaign())) },
	update_lead => sub { call('update_lead', lead(), "'" . pick('{"timezone": "America/Denver"}', '{"priority": 2}', '{"first_name": "New"}', '{"phone": "' . new_phone() . '"}', '{"region": "US-CA"}') . "'") },
	tag_leads => sub { call('tag_leads', leads(), "ARRAY['a', 'b']") },
	untag_leads => sub { call('untag_leads', leads(), "ARRAY['a']") },
	add_lead_number => sub { call('add_lead_number', lead(), "'" . new_phone() . "'") },
	remove_lead_number => sub { call('remove_lead_number', lead(), between(1, 3)) },
	export_lead => sub { call('export_lead', lead()) },
	export_tenant => sub { call('export_tenant') },
	erase_lead => sub { call('erase_lead', lead(), text()) },
	erase_caller => sub { call('erase_caller', phone(), text()) },
	place_legal_hold => sub { call('place_legal_hold', phone(), text()) },
	lift_legal_hold => sub { call('lift_legal_hold', '(SELECT phone FROM voiceagent.legal_holds WHERE tenant_id = voiceagent.current_tenant() LIMIT 1)', text()) },
	live_page => sub { call('live_page', any('voiceagent.calls', 'call_id')) },
	talk_to_assistant => sub { call('talk_to_assistant', assistant(), "'{Hello}'") },
	case_file => sub { call('case_file', phone()) },
	# stops and consent
	do_not_call => sub { call('do_not_call', phone(), text()) },
	allow_call => sub { call('allow_call', phone(), text()) },
	import_do_not_call => sub { call('import_do_not_call', "(SELECT string_agg(phone, E'\\n') FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() AND lead_id = ANY (" . leads() . "))", text()) },
	block_prefix => sub { call('block_prefix', "left(" . phone() . ", 9)", text()) },
	allow_prefix => sub { call('allow_prefix', "left(" . phone() . ", 9)", text()) },
	campaign_do_not_call => sub { call('campaign_do_not_call', campaign(), phone(), text()) },
	campaign_allow_call => sub { call('campaign_allow_call', campaign(), phone(), text()) },
	record_consent => sub { call('record_consent', lead(), "'call'", text()) },
	revoke_consent => sub { call('revoke_consent', lead(), "'call'") },
	# campaigns
	create_assistant => sub { call('create_assistant', name(), "'Hello'", "'Be kind.'") },
	update_assistant => sub { call('update_assistant', assistant(), q('{"first_message": "Hello there"}')) },
	create_campaign => sub { call('create_campaign', name(), assistant(), "settings => '{\"call_interval\": 0, \"retry_delay\": 1, \"breaker_failure_rate\": 0, \"calling_hours\": {\"start\": \"00:00\", \"end\": \"24:00\", \"days\": [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]}}'") },
	update_campaign => sub { call('update_campaign', campaign(), settings()) },
	launch_campaign => sub { call('launch_campaign', leads(), assistant(), name()) },
	redial_campaign => sub { call('redial_campaign', campaign()) },
	add_leads => sub { call('add_leads', campaign(), leads()) },
	add_listed_leads => sub { call('add_listed_leads', campaign(), pick('NULL', batch()), pick('NULL', "'a'")) },
	remove_leads => sub { call('remove_leads', campaign(), leads()) },
	start_campaign => sub { call('start_campaign', campaign()) },
	archive_campaign => sub { call('archive_campaign', campaign()) },
	unarchive_campaign => sub { call('unarchive_campaign', campaign()) },
	delete_campaign => sub { call('delete_campaign', campaign()) },
	clone_campaign => sub { call('clone_campaign', campaign()) },
	archive_assistant => sub { call('archive_assistant', assistant()) },
	unarchive_assistant => sub { call('unarchive_assistant', assistant()) },
	call_now => sub { call('call_now', lead(), assistant()) },
	resume_campaign => sub { call('resume_campaign', campaign()) },
	pause_campaign => sub { call('pause_campaign', campaign()) },
	stop_campaign => sub { call('stop_campaign', campaign()) },
	stop_all => sub { call('stop_all', text()) },
	confirm_campaign => sub { my $c = campaign(); call('confirm_campaign', $c, "(SELECT name FROM voiceagent.campaigns WHERE campaign_id = $c)") },
	test_call => sub { call('test_call', assistant(), "(SELECT phone FROM voiceagent.own_numbers WHERE tenant_id = voiceagent.current_tenant() LIMIT 1)") },
	register_own_number => sub { call('register_own_number', "'" . new_phone() . "'") },
	answer_texts => sub { call('answer_texts', number(), pick('NULL', assistant())) },
	create_intake => sub { call('create_intake', name(), "campaign_id := " . pick('NULL', campaign())) },
	renew_intake => sub { call('renew_intake', any('voiceagent.intakes', 'intake_id')) },
	close_intake => sub { call('close_intake', any('voiceagent.intakes', 'intake_id')) },
	create_sequence => sub { call('create_sequence', text(), "'[{\"do\": \"task\"}, {\"do\": \"wait\", \"for\": [\"replied\"], \"within\": \"1 second\"}, {\"do\": \"webhook\"}]'") },
	update_sequence => sub { call('update_sequence', sequence(), "'{\"name\": \"other\"}'") },
	publish_sequence => sub { call('publish_sequence', sequence()) },
	enrol_leads => sub { call('enrol_leads', sequence(), leads(), 'true') },
	enrol_listed_leads => sub { call('enrol_listed_leads', sequence(), pick('NULL', batch()), pick('NULL', "'a'")) },
	unenrol_leads => sub { call('unenrol_leads', sequence(), leads()) },
	start_sequence_on => sub { call('start_sequence_on', sequence(), campaign(), q('{no_answer}')) },
	pause_sequence => sub { call('pause_sequence', sequence(), pick("'shift'", "'expire'")) },
	resume_sequence => sub { call('resume_sequence', sequence()) },
	send_text => sub { call('send_text', lead(), text()) },
	load_number_facts => sub { call('load_number_facts', "'storm'", 'current_date', qq{'[{"phone": "+12025550100", "line_type": "mobile"}]'}) },
	set_dlt_template => sub { call('set_dlt_template', "'110716'", "'ACMEIN'", text()) },
	end_number_rest => sub { call('end_number_rest', number()) },
	finish_litigator_list => sub { call('finish_litigator_list', "'storm'", 'current_date') },
	set_text_sender => sub { call('set_text_sender', number(), "'10dlc'") },
	release_text_stop => sub { call('release_text_stop', phone(), text()) },
	sandbox_text => sub { call('sandbox_text', number(), "'" . new_phone() . "'", pick("'stop'", "'hello'")) },
	set_follow_up => sub { call('set_follow_up', campaign(), "'" . pick(qw(no_answer busy voicemail interested)) . "'", campaign(), "'1 second'") },
	remove_follow_up => sub { call('remove_follow_up', campaign(), "'" . pick(qw(no_answer busy voicemail interested)) . "'") },
	create_audience => sub { call('create_audience', name(), campaign(), q('tags @> ARRAY[''a'']')) },
	preview_audience => sub { call('preview_audience', q('tags @> ARRAY[''a'']')) },
	explain_audience => sub { call('explain_audience', q('interest = ''high''')) },
	drop_audience => sub { call('drop_audience', any('voiceagent.audiences', 'audience_id')) },
	apply_profile => sub { call('apply_profile', campaign(), "(SELECT profile FROM voiceagent.profiles ORDER BY 1 OFFSET " . between(0, 3) . " LIMIT 1)") },
	preview_request => sub { call('preview_request', campaign(), lead()) },
	# settings and accounts of a tenant
	set_setting => sub { call('set_setting', @{pick([ "'max_concurrent_calls'", "'20'", campaign() ], [ "'retry_attempts'", "'" . between(1, 3) . "'" ], [ "'tenant_max_concurrent_calls'", "'" . between(5, 60) . "'" ], [ "'number_calls_per_day'", "'" . between(0, 9) . "'" ])}) },
	create_provider_account => sub { call('create_provider_account', "'sandbox'", name(), "'{}'") },
	update_provider_account => sub { call('update_provider_account', account(), "settings => '{\"max_concurrent_calls\": " . between(10, 90) . "}'") },
	set_campaign_accounts => sub { call('set_campaign_accounts', campaign(), 'ARRAY(SELECT provider_account_id FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant() ORDER BY random() LIMIT ' . between(1, 3) . ')') },
	create_endpoint => sub { call('create_endpoint', account()) },
	rotate_webhook_secret => sub { call('rotate_webhook_secret', account()) },
	rotate_credential => sub { call('rotate_credential', account(), "'api_key'", name()) },
	set_account_rate => sub { call('set_account_rate', account(), '0.0' . between(1, 9), "'USD'", "'+1'") },
	resolve_call => sub { call('resolve_call', any('voiceagent.calls', 'call_id'), pick('true', 'false')) },
	resolve_provider_request => sub { call('resolve_provider_request', any('voiceagent.provider_requests', 'provider_request_id'), pick('true', 'false', 'NULL')) },
	call_recording => sub { call('call_recording', any('voiceagent.calls', 'call_id'), pick('true', 'false')) },
	test_provider_account => sub { call('test_provider_account', account()) },
	provider_balance => sub { call('provider_balance', account()) },
	hang_up_call => sub { call('hang_up_call', live()) },
	transfer_call => sub { call('transfer_call', live(), "'" . new_phone() . "'") },
	say_in_call => sub { call('say_in_call', live(), text()) },
	play_in_call => sub { call('play_in_call', live(), "'https://example.com/a.mp3'") },
	send_digits => sub { call('send_digits', live(), "'12#'") },
	retire_webhook_secret => sub { call('retire_webhook_secret', account()) },
	create_api_key => sub { call('create_api_key', name()) },
	revoke_connection => sub { call('revoke_connection', any('voiceagent.connections', 'connection_id')) },
	set_sign_on => sub { call('set_sign_on', "'https://id.example.com'", name(), "'{example.com}'") },
	drop_sign_on => sub { call('drop_sign_on') },
	unlink_sign_on => sub { call('unlink_sign_on', any('voiceagent.members', 'member_id')) },
	mail_address_link => sub { call('mail_address_link') },
	confirm_address => sub { call('confirm_address', "'1-1-9999999999-0'") },
	revoke_api_key => sub { call('revoke_api_key', any('voiceagent.api_keys', 'api_key_id')) },
	login => sub { call('login', "'nobody\@example.com'", "'wrong'") },
	authenticate => sub { call('authenticate', "'nonsense'") },
	pre_request => sub { call('pre_request') },
	begin_request => sub { call('begin_request') },
	change_password => sub { call('change_password', "'wrong'", "'another long password'") },
	end_sessions => sub { call('end_sessions') },
	end_session => sub { call('end_session') },
	# numbers: the sandbox has none to sell, so what asks a carrier is refused
	create_phone_number => sub { call('create_phone_number', "'" . new_phone() . "'", account(), "'" . pick('{}', '{"greeting_message": "Hello"}', '{"business_hours_start": "22:00", "business_hours_end": "06:00"}') . "'") },
	update_phone_number => sub { call('update_phone_number', number(), "'" . pick('{"is_active": true}', '{"is_active": true}', '{"is_active": false}', '{"friendly_name": "x"}') . "'") },
	delete_phone_number => sub { call('delete_phone_number', number()) },
	set_primary_number => sub { call('set_primary_number', number()) },
	mark_number_spam => sub { call('mark_number_spam', number(), pick('true', 'false', 'false')) },
	set_campaign_numbers => sub { my $n = between(0, 8); call('set_campaign_numbers', campaign(), "ARRAY(SELECT phone_number_id FROM voiceagent.phone_numbers WHERE tenant_id = voiceagent.current_tenant() AND removed_at IS NULL ORDER BY phone_number_id DESC LIMIT $n)") },
	request_number => sub { call('request_number', "'US'", 'NULL', "'212'", text()) },
	close_number_request => sub { call('close_number_request', any('voiceagent.number_requests', 'number_request_id'), "'canceled'") },
	search_numbers => sub { call('search_numbers', account(), "'US'") },
	buy_number => sub { call('buy_number', account(), "'" . new_phone() . "'") },
	release_number => sub { call('release_number', number()) },
	import_numbers => sub { call('import_numbers', account()) },
	check_phone_number => sub { call('check_phone_number', number()) },
	connect_number => sub { call('connect_number', number(), account()) },
	receive_calls => sub { call('receive_calls', number()) },
	# what comes of calls
	report_call => sub { call('report_call', 'call_id := ' . pick(live(), any('voiceagent.calls', 'call_id')), "structured_data := '" . pick('{"do_not_call": true}', '{"wrong_number": true}', '{"qualified": true}', '{"callback_time": "tomorrow at 3 pm"}', '{"interest": "high"}') . "'", 'summary := ' . text()) },
	correct_call => sub { call('correct_call', any('voiceagent.calls', 'call_id'), text(), "'" . pick(qw(interested completed not_interested)) . "'") },
	release_holds => sub { call('release_holds', 'ARRAY[' . any('voiceagent.calls', 'call_id') . ']', text()) },
	call_back => sub { call('call_back', any('voiceagent.calls', 'call_id')) },
	follow_up_done => sub { call('follow_up_done', lead()) },
	confirm_appointment => sub { call('confirm_appointment', any('voiceagent.appointments', 'appointment_id')) },
	reject_appointment => sub { call('reject_appointment', any('voiceagent.appointments', 'appointment_id'), text()) },
	cancel_appointment => sub { call('cancel_appointment', any('voiceagent.appointments', 'appointment_id'), text()) },
	move_appointment => sub { call('move_appointment', any('voiceagent.appointments', 'appointment_id'), "voiceagent.clock() + interval '" . between(1, 500) . " hours'") },
	add_appointment => sub { call('add_appointment', "voiceagent.clock() + interval '" . between(1, 500) . " hours'", 'NULL', lead()) },
	# listings
	set_listing_profile => sub { call('set_listing_profile', "'" . pick(qw(real_estate services)) . "'") },
	add_listing => sub { call('add_listing', q('{"price": ) . between(100, 900) . q(000, "bedrooms": 3, "address": "1 Main Street"}'), 'reference := ' . name()) },
	update_listing => sub { call('update_listing', listing(), q('{"price": ) . between(100, 900) . q(000}')) },
	remove_listing => sub { call('remove_listing', listing()) },
	link_listing => sub { call('link_listing', any('voiceagent.calls', 'call_id'), listing()) },
	import_listings => sub { call('import_listings', "E'reference,price,bedrooms\\n' || " . name() . " || ',200000,2\\n'") },
	# calendars and tasks
	create_calendar => sub { call('create_calendar', name()) },
	update_calendar => sub { call('update_calendar', calendar(), q('{"capacity": ) . between(1, 5) . q(}')) },
	remove_calendar => sub { call('remove_calendar', calendar()) },
	use_calendar => sub { call('use_calendar', calendar(), 'campaign_id := ' . campaign()) },
	set_calendar_day => sub { call('set_calendar_day', calendar(), a_day(), pick('NULL', q('[["09:00", "12:00"]]'))) },
	clear_calendar_day => sub { call('clear_calendar_day', calendar(), a_day()) },
	set_calendar_person => sub { call('set_calendar_person', calendar(), "'" . pick(qw(Ann Bob Cleo)) . "'") },
	follow_calendar => sub { call('follow_calendar', calendar(), "'https://calendar.example.com/' || " . between(1, 9)) },
	unfollow_calendar => sub { call('unfollow_calendar', any('voiceagent.followed_calendars', 'followed_id')) },
	refresh_followed_calendar => sub { call('refresh_followed_calendar', any('voiceagent.followed_calendars', 'followed_id')) },
	connect_calendar => sub { call('connect_calendar', calendar(), "'https://calendar.example.com/'", "'ann'", "'word'") },
	check_calendar_connection => sub { call('check_calendar_connection', any('voiceagent.calendar_connections', 'calendar_connection_id')) },
	wake_calendar_connection => sub { call('wake_calendar_connection', any('voiceagent.calendar_connections', 'calendar_connection_id')) },
	connect_google => sub { call('connect_google', calendar()) },
	finish_google => sub { call('finish_google', "'none'", "'none'") },
	disconnect_calendar => sub { call('disconnect_calendar', any('voiceagent.calendar_connections', 'calendar_connection_id')) },
	hold_slot => sub { call('hold_slot', calendar(), a_slot(), 'lead_id := ' . lead()) },
	book => sub { call('book', calendar(), a_slot(), 'lead_id := ' . lead(), 'or_next := ' . pick('true', 'false')) },
	move_booking => sub { call('move_booking', any('voiceagent.appointments', 'appointment_id'), a_slot()) },
	cancel_booking => sub { call('cancel_booking', any('voiceagent.appointments', 'appointment_id'), text()) },
	mark_no_show => sub { call('mark_no_show', any('voiceagent.appointments', 'appointment_id')) },
	add_agent => sub { call('add_agent', name(), q(ARRAY['+12125550201'])) },
	update_agent => sub { call('update_agent', agent(), q('{"tier": ) . between(1, 3) . q(}')) },
	remove_agent => sub { call('remove_agent', agent()) },
	create_task => sub { call('create_task', "'" . pick(qw(message call_back other)) . "'", text(), 'lead_id := ' . lead()) },
	assign_task => sub { call('assign_task', task(), 'NULL') },
	finish_task => sub { call('finish_task', task(), text()) },
	ask_for_verification => sub { call('ask_for_verification', text()) },
	resume_real_calls => sub { call('resume_real_calls', text()) },
	rate_ticket => sub { call('rate_ticket', any('voiceagent.tickets', 'ticket_id'), between(1, 5)) },
	my_notices => sub { call('my_notices') },
	read_notices => sub { call('read_notices') },
	set_notices => sub { call('set_notices', q('{"offer": ["mail"]}')) },
	set_notice_phone => sub { call('set_notice_phone', "'" . new_phone() . "'") },
	confirm_notice_phone => sub { call('confirm_notice_phone', text()) },
	create_notice_condition => sub { call('create_notice_condition', name(), q('daily_metrics'), q('calls'), q('>'), between(1, 100)) },
	drop_notice_condition => sub { call('drop_notice_condition', any('voiceagent.notice_conditions', 'condition_id')) },
	open_ticket => sub { call('open_ticket', text(), text(), "'" . pick(qw(technical billing account)) . "'") },
	write_ticket => sub { call('write_ticket', any('voiceagent.tickets', 'ticket_id'), text()) },
	resolve_ticket => sub { call('resolve_ticket', any('voiceagent.tickets', 'ticket_id')) },
	reopen_task => sub { call('reopen_task', task()) },
	call_tool => sub { call('call_tool', any('voiceagent.calls', 'call_id'), pick(q('book'), q('take_message'), q('opt_out')), q('{"starts_at": "2026-12-01T10:00", "name": "Ann Miller", "message": "Call me."}')) },
	sandbox_call_in => sub { call('sandbox_call_in', number(), "'" . pick(qw(books leaves_message)) . "'") },
	accept_outcomes => sub { call('accept_outcomes', 'ARRAY[' . any('voiceagent.calls', 'call_id') . ']', text()) },
	take_message => sub { call('take_message', text(), name(), 'lead_id := ' . lead()) },
	make_offer => sub { call('make_offer', between(1, 900000), "'USD'", 'lead_id := ' . lead()) },
	block_caller => sub { call('block_caller', "'" . new_phone() . "'") },
	unblock_caller => sub { call('unblock_caller', "(SELECT max(phone) FROM voiceagent.blocked_callers)") },
	replay_webhook => sub { call('replay_webhook', any('voiceagent.webhooks', 'webhook_id')) },
	receive_webhook => sub { call('receive_webhook', "'nonsense'", "'{}'", "'{}'") },
	receive_json_webhook => sub { call('receive_json_webhook', "'{}'") },
	simulate => sub { call('simulate', campaign(), 'days := 1', 'max_leads := 5') },
	callable_hours => sub { call('callable_hours', phone()) },
	subscribe => sub { call('subscribe') },
	# outgoing webhooks
	create_webhook_subscription => sub { call('create_webhook_subscription', "'http://127.0.0.1:9/x'", 'NULL') },
	update_webhook_subscription => sub { call('update_webhook_subscription', target(), "description := 'x'") },
	enable_webhook_subscription => sub { call('enable_webhook_subscription', target()) },
	disable_webhook_subscription => sub { call('disable_webhook_subscription', target()) },
	delete_webhook_subscription => sub { call('delete_webhook_subscription', target()) },
	rotate_webhook_subscription_secret => sub { call('rotate_webhook_subscription_secret', target()) },
	test_webhook_subscription => sub { call('test_webhook_subscription', target()) },
	replay_webhook_delivery => sub { call('replay_webhook_delivery', any('voiceagent.webhook_deliveries', 'delivery_id')) },
	replay_dead_webhook_deliveries => sub { call('replay_dead_webhook_deliveries', target()) },
	# looking
	status => sub { call('status') },
	health => sub { call('health') },
	metrics => sub { call('metrics') },
	invariants => sub { call('invariants') },
	vault_status => sub { call('vault_status') },
	worker_slots => sub { call('worker_slots') },
	clock => sub { call('clock') },
	preview_campaign => sub { call('preview_campaign', campaign()) },
	compliance_report => sub { call('compliance_report', campaign()) },
	explain_lead => sub { call('explain_lead', lead()) },
	activity => sub { call('activity') },
	overview => sub { call('overview') },
	# assistants by answers
	wizard_start => sub { "SELECT voiceagent.wizard_start(" . pick('NULL', "'general'", "'roofing'") . ", 'en')" },
	wizard_answer => sub { my $w = wizard(); call('wizard_answer', $w, "(SELECT step FROM voiceagent.wizards WHERE wizard_id = $w)", pick(q('{}'), q('{"business_name": "Storm", "business_type": "other", "description": "We sell umbrellas."}'), q('{"nonsense": 1}'))) },
	wizard_step => sub { call('wizard_step', wizard()) },
	wizard_back => sub { call('wizard_back', wizard()) },
	wizard_go => sub { call('wizard_go', wizard(), between(1, 10)) },
	wizard_finish => sub { call('wizard_finish', wizard()) },
	wizard_drop => sub { call('wizard_drop', wizard()) },
	set_business_profile => sub { call('set_business_profile', q('{"phone": ") . new_phone() . q("}'), pick('true', 'false')) },
	update_assistant_answers => sub { call('update_assistant_answers', assistant(), pick(q('{}'), q('{"offer": {"price_note": "from 10"}}')), 'true') },
	allow_assistant_version => sub { call('allow_assistant_version', assistant(), 1, text()) },
	test_assistant => sub { call('test_assistant', assistant(), 'k := 1', "callers := ARRAY['" . pick(qw(refuses silent nobody)) . "']") },
	test_report => sub { call('test_report', any('voiceagent.test_runs', 'test_run_id')) },
	create_test_caller => sub { call('create_test_caller', name(), q('[{"say": "Hello"}]'), q('[{"path": "outcome", "is": "present"}]')) },
	mark_fault => sub { call('mark_fault', any('voiceagent.fault_cases', 'fault')) },
	test_caller_of_call => sub { call('test_caller_of_call', any('voiceagent.calls', 'call_id'), name(), q('[{"path": "outcome", "is": "present"}]')) },
	answer_gap => sub { call('answer_gap', assistant(), text(), text()) },
	remove_test_caller => sub { call('remove_test_caller', any('voiceagent.test_callers', 'test_caller_id')) },
	start_experiment => sub { call('start_experiment', campaign(), assistant()) },
	finish_experiment => sub { call('finish_experiment', any('voiceagent.experiments', 'experiment_id'), "'" . pick(qw(a b)) . "'") },
	keep_assistant => sub { call('keep_assistant', assistant(), account()) },
	stop_keeping_assistant => sub { call('stop_keeping_assistant', assistant(), account()) },
	check_assistant_at_carrier => sub { call('check_assistant_at_carrier', assistant()) },
	fetch_voices => sub { call('fetch_voices', account()) },
	# what was said is read again
	analyse_again => sub { call('analyse_again', 'ARRAY[' . any('voiceagent.calls', 'call_id') . ']') },
	analyse_by_model => sub { call('analyse_by_model', 'ARRAY[' . any('voiceagent.calls', 'call_id') . ']') },
	compare_analyses => sub { call('compare_analyses', any('voiceagent.analysis_runs', 'run')) },
	talk_ends => sub { call('talk_ends', assistant()) },
	adopt_analyses => sub { call('adopt_analyses', any('voiceagent.analysis_runs', 'run')) },
	# knowledge and scripts
	add_knowledge => sub { call('add_knowledge', name(), q('We open at nine. Umbrellas cost ten.')) },
	add_knowledge_file => sub { call('add_knowledge_file', "convert_to('We open at nine.', 'UTF8')") },
	update_knowledge => sub { call('update_knowledge', document(), q('We open at ten. ') . "|| " . between(1, 99)) },
	delete_knowledge => sub { call('delete_knowledge', document()) },
	add_knowledge_page => sub { call('add_knowledge_page', "'http://127.0.0.1:9/page'", name()) },
	live_words => sub { call('live_words', any('voiceagent.calls', 'call_id')) },
	create_tool => sub { call('create_tool', "'t" . between(1, 9) . "'", text(), q('{"type": "object", "properties": {}}'), "'http://127.0.0.1:9/tool'") },
	update_tool => sub { call('update_tool', "'t" . between(1, 9) . "'", text()) },
	rotate_tool_secret => sub { call('rotate_tool_secret', "'t" . between(1, 9) . "'") },
	delete_tool => sub { call('delete_tool', "'t" . between(1, 9) . "'") },
	test_tool => sub { call('test_tool', "'t" . between(1, 9) . "'") },
	test_of_tool => sub { call('test_of_tool', between(1, 9)) },
	refresh_knowledge_page => sub { call('refresh_knowledge_page', document()) },
	choose_knowledge => sub { call('choose_knowledge', assistant(), 'ARRAY(SELECT document_id FROM voiceagent.knowledge_documents WHERE tenant_id = voiceagent.current_tenant() ORDER BY random() LIMIT ' . between(0, 3) . ')') },
	enrich_lead => sub { call('enrich_lead', lead(), "'" . pick(qw(crm web)) . "'", q('{"property": {"age": ) . between(1, 99) . q(}}')) },
	enrich_leads => sub { call('enrich_leads', "(SELECT jsonb_agg(jsonb_build_object('lead_id', l, 'source', 'crm', 'data', jsonb_build_object('age', l))) FROM unnest(" . leads() . ") l)") },
	forget_enrichment => sub { call('forget_enrichment', lead()) },
	correct_memory => sub { call('correct_memory', lead(), "'interest'", text(), text()) },
	forget_memory => sub { call('forget_memory', lead(), text(), pick('NULL', "'interest'")) },
	load_playbook => sub { call('load_playbook', "'p" . between(1, 3) . "'", q('{"description": "For the storm"}')) },
	store_script_template => sub { call('store_script_template', "'" . pick(qw(pitch objections closing)) . "'", "'en'", q('{"opening": "Hello. May I ask you something?"}')) },
	regenerate_script => sub { call('regenerate_script', campaign(), lead()) },
	# buying
	buy => sub { call('buy', '(SELECT max(pack_id) FROM voiceagent.credit_packs WHERE archived_at IS NULL)') },
	pay_embedded => sub { call('pay_embedded', any('voiceagent.payment_orders', 'order_id', q(state = 'waiting')), "'" . pick(qw(succeeds succeeds pends is_declined is_disputed)) . "'") },
	approve_spending => sub { call('approve_spending', any('voiceagent.spend_approvals', 'approval_id')) },
	reject_spending => sub { call('reject_spending', any('voiceagent.spend_approvals', 'approval_id'), text()) },
	cancel_order => sub { call('cancel_order', any('voiceagent.payment_orders', 'order_id')) },
	choose_plan => sub { call('choose_plan', "(SELECT plan_id FROM voiceagent.plans WHERE archived_at IS NULL AND name LIKE 'Storm%' ORDER BY random() LIMIT 1)", 'NULL', 'NULL', "'" . pick(qw(succeeds succeeds is_declined is_declined_later)) . "'") },
	subscribe_to_plan => sub { call('subscribe_to_plan', "(SELECT plan_id FROM voiceagent.plans WHERE archived_at IS NULL AND name LIKE 'Storm%' ORDER BY random() LIMIT 1)") },
	plan_returned => sub { call('plan_returned') },
	change_plan => sub { call('change_plan', "(SELECT plan_id FROM voiceagent.plans WHERE archived_at IS NULL AND name LIKE 'Storm%' ORDER BY random() LIMIT 1)") },
	cancel_plan => sub { call('cancel_plan', pick('true', 'false')) },
	set_plan_card => sub { call('set_plan_card', "'" . pick(qw(succeeds is_declined)) . "'") },
	my_plan => sub { call('my_plan') },
	plan_features => sub { call('plan_features') },
	list_grants => sub { call('list_grants', 'true') },
	credit_forecast => sub { call('credit_forecast') },
	payment_returned => sub { call('payment_returned', any('voiceagent.payment_orders', 'order_id')) },
	set_billing_details => sub { call('set_billing_details', name(), text(), "'FR'", pick('NULL', "'FR40303265045'")) },
	invoice_pdf => sub { call('invoice_pdf', any('voiceagent.invoices', 'invoice_id')) },
	add_embedded_method => sub { call('add_embedded_method', "'" . pick(qw(succeeds is_declined)) . "'") },
	remove_payment_method => sub { call('remove_payment_method', any('voiceagent.payment_methods', 'method_id')) },
	set_top_up => sub { call('set_top_up', '(SELECT max(pack_id) FROM voiceagent.credit_packs WHERE archived_at IS NULL)', between(1, 50), between(1, 500), any('voiceagent.payment_methods', 'method_id')) },
	stop_top_up => sub { call('stop_top_up') },
	# console
	save_filter => sub { call('save_filter', "'calls'", "'f" . between(1, 5) . "'", q('{"outcome": "interested"}')) },
	remove_filter => sub { call('remove_filter', "'calls'", "'f" . between(1, 5) . "'") },
	calendar_link => sub { call('calendar_link', any('voiceagent.calendars', 'calendar_id')) },
	open_appointment_link => sub { call('open_appointment_link', "(SELECT '1-1-1-1-' || repeat('0', 64))") },
	open_calendar_link => sub { call('open_calendar_link', "'1-none'") },
	recording_link => sub { call('recording_link', any('voiceagent.calls', 'call_id')) },
	open_recording_link => sub { call('open_recording_link', "(SELECT '1-1-1-1-' || repeat('0', 64))") },
	# mail
	set_mail_account => sub { call('set_mail_account', q('smtp://127.0.0.1:9'), q('a@example.com')) },
	remove_mail_account => sub { call('remove_mail_account') },
	send_news => sub { call('send_news', name(), text(), leads()) },
	suppress_mail => sub { call('suppress_mail', name() . " || '\@example.com'") },
	allow_mail => sub { call('allow_mail', "(SELECT max(address) FROM voiceagent.mail_suppressions)") },
	unsubscribe => sub { call('unsubscribe', "'nonsense'") },
	invite_member => sub { call('invite_member', name() . " || '\@example.com'") },
	request_password_reset => sub { call('request_password_reset', "'nobody\@example.com'") },
	set_password => sub { call('set_password', "'nonsense'", "'another long password'") },
	renew_session => sub { call('renew_session') },
	my_workspaces => sub { call('my_workspaces') },
	switch_workspace => sub { call('switch_workspace', 1) },
	add_workspace => sub { call('add_workspace', "'wrong'") },
	# files
	request_export => sub { call('request_export', pick("'calls'", "'leads'"), pick("'csv'", "'ndjson'", "'xlsx'")) },
	drop_export => sub { call('drop_export', any('voiceagent.exports', 'export_id')) },
	create_export_schedule => sub { call('create_export_schedule', name(), "'day'", "'calls'") },
	remove_export_schedule => sub { call('remove_export_schedule', any('voiceagent.export_schedules', 'schedule_id')) },
	# language models
	create_model_account => sub { call('create_model_account', "'openai'", name(), "'key'", "'a-model'", "base_url := 'http://127.0.0.1:9/v1'") },
	update_model_account => sub { call('update_model_account', model_account(), 'max_concurrent_requests := ' . between(1, 9)) },
	archive_model_account => sub { call('archive_model_account', model_account()) },
	check_model_account => sub { call('check_model_account', model_account()) },
	preview_model_request => sub { call('preview_model_request', any('voiceagent.model_requests', 'model_request_id')) },
);

sub listing { return any('voiceagent.listings', 'listing_id') }
sub calendar { return any('voiceagent.calendars', 'calendar_id') }
sub agent { return any('voiceagent.agents', 'agent_id') }
sub task { return any('voiceagent.tasks', 'task_id') }
sub a_day { return "(voiceagent.clock() + interval '" . between(1, 60) . " days')::date" }
# Of a few slots, so that they are fought for.
sub a_slot { return "date_trunc('day', voiceagent.clock()) + interval '" . (24 + between(1, 9)) . " hours'" }
sub wizard { return any('voiceagent.wizards', 'wizard_id') }
sub document { return any('voiceagent.knowledge_documents', 'document_id') }
sub model_account { return any('voiceagent.model_accounts', 'model_account_id') }

sub live { return any('voiceagent.calls', 'call_id', 'outcome IS NULL') }
sub account { return any('voiceagent.provider_accounts', 'provider_account_id') }
sub platform_model_account { return '(SELECT max(model_account_id) FROM voiceagent_private.platform_model_accounts)' }
sub of_order { my ($function, @arguments) = @_; return 'SELECT count(*) FROM (SELECT * FROM voiceagent_private.payment_looks ORDER BY random() LIMIT 1) l, LATERAL (SELECT voiceagent.' . join('', $function, '(', join(', ', 'l.tenant_id', 'l.order_id', @arguments), ')) x') }
sub a_tenant { return pick(@tenants)->{id} }
sub some_number { return "(SELECT phone FROM voiceagent.leads ORDER BY lead_id OFFSET " . between(0, 400) . " LIMIT 1)" }

# ... of the platform
my %platform = (
	adjust_credits => sub { call('adjust_credits', a_tenant(), pick(-3, 10), text()) },
	set_price => sub { call('set_price', "'call'", between(1, 3)) },
	answer_ticket => sub { call('answer_ticket', '(SELECT tenant_id FROM voiceagent.tickets ORDER BY ticket_id DESC LIMIT 1)', '(SELECT max(ticket_id) FROM voiceagent.tickets)', text(), pick('true', 'false')) },
	update_ticket => sub { call('update_ticket', '(SELECT tenant_id FROM voiceagent.tickets ORDER BY ticket_id DESC LIMIT 1)', '(SELECT max(ticket_id) FROM voiceagent.tickets)', pick(q('high'), q('low'))) },
	set_tenant_standing => sub { call('set_tenant_standing', a_tenant(), "'" . pick(qw(new verified verified)) . "'", text()) },
	set_staff_hours => sub { call('set_staff_hours', pick('NULL', q('UTC')), q('{"mon": [["09:00", "17:00"]], "tue": [["00:00", "24:00"]]}')) },
	set_ticket_macro => sub { call('set_ticket_macro', q('hello'), text()) },
	add_staff => sub { call('add_staff', q('storm@platform.example'), q('{support}')) },
	update_staff => sub { call('update_staff', '1', 'NULL', pick('true', 'false')) },
	end_staff_sessions => sub { call('end_staff_sessions', '1') },
	staff_work => sub { call('staff_work') },
	read_ticket => sub { call('read_ticket', '(SELECT tenant_id FROM voiceagent.tickets ORDER BY ticket_id DESC LIMIT 1)', '(SELECT max(ticket_id) FROM voiceagent.tickets)') },
	stop_tenant => sub { call('stop_tenant', a_tenant(), text()) },
	# A superuser has no session of the staff's.
	ask_second => sub { call('ask_second', q('adjust_credits'), q('{}')) },
	second_deed => sub { call('second_deed', 1, 'true') },
	act_as_tenant => sub { call('act_as_tenant', a_tenant(), text()) },
	stop_acting => sub { call('stop_acting') },
	set_staff_sign_on => sub { call('set_staff_sign_on', "'https://id.example.com'", name(), "'{example.com}'") },
	tenant_page => sub { call('tenant_page', a_tenant()) },
	set_staff_password => sub { call('set_staff_password', q('vs_x'), q('storm of ten')) },
	staff_login => sub { call('staff_login', q('storm@platform.example'), q('storm of ten'), q('123456')) },
	change_staff_password => sub { call('change_staff_password', q('storm of ten'), q('storm of two'), q('123456')) },
	set_stop_phrase => sub { call('set_stop_phrase', q('guaranteed profit'), pick('NULL', text())) },
	allow_wording => sub { my $t = a_tenant(); call('allow_wording', $t, "(SELECT max(campaign_id) FROM voiceagent_private.pacing WHERE tenant_id = $t)", text()) },
	decide_spending => sub { call('decide_spending', "(SELECT tenant_id FROM voiceagent.spend_approvals WHERE state = 'waiting' ORDER BY approval_id DESC LIMIT 1)",
		"(SELECT max(approval_id) FROM voiceagent.spend_approvals WHERE state = 'waiting')", pick('true', 'false'), text()) },
	platform_do_not_call => sub { call('platform_do_not_call', some_number(), text()) },
	platform_allow_call => sub { call('platform_allow_call', some_number(), text()) },
	platform_block_prefix => sub { call('platform_block_prefix', "left(" . some_number() . ", 9)", text()) },
	platform_allow_prefix => sub { call('platform_allow_prefix', "left(" . some_number() . ", 9)", text()) },
	tighten_rule => sub { call('tighten_rule', "'US'", "'calls_per_day'", "'" . between(1, 9) . "'", text()) },
	untighten_rule => sub { call('untighten_rule', "'US'", "'calls_per_day'") },
	import_dnc_list => sub { call('import_dnc_list', "'storm'", "'US'", 'voiceagent.clock()', "'" . new_phone() . "'") },
	begin_dnc_list => sub { "SELECT voiceagent.finish_dnc_list(l, 1, true) FROM (SELECT voiceagent.begin_dnc_list('gale', 'US', voiceagent.clock()) AS l) x, LATERAL (SELECT voiceagent.append_dnc_list(l, convert_to(" . some_number() . ", 'UTF8'))) y" },
	drop_dnc_list => sub { call('drop_dnc_list', "(SELECT max(list_id) FROM voiceagent_private.dnc_list_editions)", text()) },
	create_tenant => sub { call('create_tenant', name()) },
	create_platform_model_account => sub { call('create_platform_model_account', "'openai'", name(), "'key'", "'a-model'", "base_url := 'http://127.0.0.1:9/v1'") },
	check_platform_model_account => sub { call('check_platform_model_account', platform_model_account()) },
	update_platform_model_account => sub { call('update_platform_model_account', platform_model_account(), 'max_concurrent_requests := ' . between(1, 9)) },
	archive_platform_model_account => sub { call('archive_platform_model_account', platform_model_account()) },
	set_model_price => sub { call('set_model_price', "'openai'", "'a-model'", between(1, 9), 1, between(1, 9)) },
	add_prompt_version => sub { call('add_prompt_version', q('[{"language": "en", "section": "offer", "choice": "", "position": 1, "text": "## What you offer"}]')) },
	set_tenant_active => sub { my $t = a_tenant(); return call('set_tenant_active', $t, pick('true', 'true', 'true', 'false')) },
	set_tenant_weight => sub { call('set_tenant_weight', a_tenant(), between(0, 101)) },
	set_tenant_timezone => sub { call('set_tenant_timezone', a_tenant(), pick("'UTC'", "'Asia/Tokyo'", "'America/New_York'")) },
	create_member => sub { call('create_member', a_tenant(), name() . " || '\@example.com'", "'a long enough password'") },
	update_member => sub { 'SELECT voiceagent_private.set_tenant(' . a_tenant() . '); ' . call('update_member', "(SELECT max(member_id) FROM voiceagent.members)", "active := true") },
	map_role => sub { call('map_role', "'storm_role'", $tenants[0]{id}) },
	unmap_role => sub { call('unmap_role', "'storm_role'") },
	create_profile => sub { call('create_profile', name(), text(), "'{\"retry_attempts\": 2}'") },
	rotate_vault => sub { call('rotate_vault', 100) },
	set_setting => sub { call('set_setting', @{pick([ "'platform_max_concurrent_calls'", "'" . between(20, 200) . "'" ], [ "'retention_webhooks'", "'" . between(1, 3) . " days'" ], [ "'retention_calls'", "'" . between(1, 3) . " days'" ], [ "'retention_events'", "'" . between(1, 3) . " days'" ])}) },
	set_carrier_rate => sub { call('set_carrier_rate', "'sandbox'", '0.0' . between(1, 9), "'USD'", "'+1'") },
	create_credit_pack => sub { call('create_credit_pack', name(), between(1, 100), q('{"EUR": 0.07, "JPY": 11}')) },
	archive_credit_pack => sub { call('archive_credit_pack', '(SELECT min(pack_id) FROM voiceagent.credit_packs WHERE archived_at IS NULL)') },
	refund_order => sub { of_order('refund_order', text(), pick('NULL', '0.01')) },
	settle_embedded_dispute => sub { of_order('settle_embedded_dispute', pick('true', 'false')) },
	set_platform_mail_account => sub { call('set_platform_mail_account', pick(q('smtp://127.0.0.1:9'), 'NULL'), q('a@example.com')) },
	set_google_client => sub { call('set_google_client', "'storm'", "'secret'") },
	set_payment_account => sub { call('set_payment_account', "'stripe'", "'sk_test'", "webhook_secret := 'whsec_test'", "base_url := 'http://127.0.0.1:9'") },
	create_plan => sub { call('create_plan', "'Storm ' || " . name(), between(0, 3), between(0, 100), pick(q('{}'), q('{"EUR": 1.00}')), q('{calendars,webhooks,api_keys,exports,knowledge,listings,models,experiments}')) },
	archive_plan => sub { call('archive_plan', "(SELECT min(plan_id) FROM voiceagent.plans WHERE archived_at IS NULL)") },
	create_coupon => sub { call('create_coupon', "'STORM-" . between(1, 100000) . "'", between(1, 100)) },
	attach_plan => sub { call('attach_plan', a_tenant(), "(SELECT max(plan_id) FROM voiceagent.plans WHERE archived_at IS NULL)", "'stripe'", "'sub_" . between(1, 100000) . "'", "'EUR'") },
	set_seller => sub { call('set_seller', name(), text(), "'DE'", "'S'", q('{embedded}')) },
	set_tax_rate => sub { call('set_tax_rate', pick("'FR'", "'DE'"), between(0, 25), "'vat'", q('2020-01-01'), text()) },
	grant_credits => sub { call('grant_credits', a_tenant(), between(1, 20), text(), 'expires_at := clock_timestamp() + ' . pick(q(interval '1 second'), q(interval '1 day')), 'priority := ' . between(0, 100)) },
	void_grant => sub { 'SELECT voiceagent.void_grant(' . a_tenant() . ", (SELECT max(grant_id) FROM voiceagent.credit_grants WHERE state = 'open'), 'x')" },
	forgive_debt => sub { call('forgive_debt', a_tenant(), text()) },
	set_ticket_mail => sub { call('set_ticket_mail', q('help@platform.example')) },
	settle_ticket_mail => sub { call('settle_ticket_mail', between(1, 5), a_tenant()) },
	ticket_figures => sub { call('ticket_figures') },
	invite_tenant => sub { call('invite_tenant', pick('NULL', q('storm@business.example'))) },
	sign_up => sub { call('sign_up', q('storm@business.example'), name()) },
	confirm_signup => sub { call('confirm_signup', name(), q('a long password')) },
	tenant_usage => sub { call('tenant_usage') },
	reopen_tenant => sub { call('reopen_tenant', a_tenant()) },
	export_closed_tenant => sub { call('export_closed_tenant', a_tenant()) },
	list_tenants => sub { call('list_tenants', a_tenant()) },
	list_members => sub { call('list_members', a_tenant()) },
	remap_roles => sub { call('remap_roles') },
	check_invariants => sub { call('check_invariants', pick('NULL', a_tenant())) },
	arm => sub { call('arm', '(SELECT min(provider_account_id) FROM voiceagent.provider_accounts)', "'x'") },
	disarm => sub { call('disarm') },
	rearm => sub { call('rearm') },
	invariants => sub { call('invariants') },
	status => sub { call('status') },
	metrics => sub { call('metrics') },
);

# ---- nobody is forgotten ----

my %known = map { $_ => 1 } keys %actions, keys %platform;
# begin_dnc_list and its kin are one action.
$known{$_} = 1 foreach qw(append_dnc_list finish_dnc_list);
# A tenant that leaves calls nobody any more (r95_closing).
$known{close_tenant} = 1;
# There is none to cancel: what is answered later comes through the console's door alone (t/969).
$known{cancel_deferred_request} = 1;
# A superuser's, of the database: it would take from the storm's own sessions what they need.
$known{$_} = 1 foreach qw(harden_database soften_database set_cell offer_tenant expect_tenant leave_tenant take_tenant remove_tenant return_tenant);
my @functions = split /\n/, $node->safe_psql('va', q{SELECT proname FROM pg_proc WHERE pronamespace = 'voiceagent'::regnamespace AND provolatile = 'v' AND prokind = 'f' ORDER BY 1});
is(join(' ', grep { !$known{$_} } @functions), '', 'every function that may write takes part');
$node->safe_psql('postgres', 'CREATE ROLE storm_role LOGIN');

# ---- the storm ----

sub script
{
	my ($count, $file, $names) = @_;
	my $text = "\\set VERBOSITY verbose\n\\set SHOW_CONTEXT never\n";
	# By the number of its line.
	my @line = (undef, undef, undef);
	my @of_tenant = sort keys %actions;
	my @of_platform = sort keys %platform;
	foreach (1 .. $count)
	{
		my $name = between(1, 5) == 1 ? pick(@of_platform) : pick(@of_tenant, qw(import_leads add_lead add_leads start_campaign start_campaign resume_campaign create_campaign launch_campaign add_leads start_campaign));
		$name = 'start_campaign' if $name eq 'stop_all' && between(1, 5) > 1;
		my $as_platform = !exists $actions{$name} || (exists $platform{$name} && between(0, 1));
		# The last of its statements is the call, what comes before is made for it.
		my @statements = $as_platform ? $platform{$name}->() : $actions{$name}->();
		my $statement = pop @statements;
		$statement = 'SELECT voiceagent_private.set_tenant(' . a_tenant() . "); $statement" unless $as_platform;
		foreach (@statements, $statement)
		{
			$text .= s/\n/ /gr =~ s/;\s*/\\; /gr . ";\n";
			push @line, $name;
		}
	}
	open(my $out, '>', $file) or die "$file: $!";
	print $out $text;
	close($out);
	@$names = @line;
	return;
}

my ($done, %errors, %examples, %calls, %succeeded) = (0);
my $per_script = long() ? 400 : 60;
my $until = time + (long() ? 600 : 3);
my $round = 0;
do
{
	my @running;
	foreach my $session (1 .. $sessions)
	{
		my ($file, @names) = ($node->basedir . "/storm$session.sql");
		script($per_script, $file, \@names);
		my ($err_file, $pid) = ("$file.err");
		$pid = fork() // die "fork: $!";
		if ($pid == 0)
		{
			open(STDOUT, '>', '/dev/null');
			open(STDERR, '>', $err_file);
			exec('psql', '-XAtq', '-d', $node->connstr('va'), '-f', $file) or POSIX::_exit(127);
		}
		push @running, [ $pid, $err_file, \@names ];
	}
	foreach my $session (@running)
	{
		my ($pid, $err_file, $names) = @$session;
		waitpid($pid, 0);
		is($? >> 8, 0, 'a session ended well') if $?;
		my %failed;
		foreach my $line (split /\n/, slurp_file($err_file))
		{
			next unless $line =~ /^psql:[^:]+:(\d+): (?:ERROR|FATAL|PANIC):\s+(\w{5}): (.*)/;
			my ($name, $state, $message) = ($names->[$1], $2, $3);
			$name = $names->[$1] // '?';
			$errors{$state}{$name}++;
			$examples{"$state $name"} //= $message;
			$failed{$1} = 1;
		}
		foreach my $i (3 .. $#$names)
		{
			$calls{ $names->[$i] }++;
			$succeeded{ $names->[$i] }++ unless $failed{$i};
			$done++;
		}
	}
	$round++;
} while (time < $until && time_left());

if ($ENV{STORM_SHOW})
{
	diag("never succeeded: " . join(' ', grep { !$succeeded{$_} } sort keys %calls));
	foreach my $key (sort keys %examples) { my ($s, $n) = split / /, $key; diag("$key x $errors{$s}{$n}: $examples{$key}") }
}

# What a function refuses has a state of its own (PT...); some say that a value is no value of its type.
my @odd = grep { !/^(?:PT4\d\d|22023|22P02|23514|42501|40P01|40001)$/ } sort keys %errors;
is(join("\n", map { my $s = $_; map { "$s $_: " . $examples{"$s $_"} } sort keys %{$errors{$s}} } @odd), '', "no error but those that are meant, in $done calls");
my $deadlocks = 0;
$deadlocks += $_ foreach map { values %{$errors{$_} // {}} } qw(40P01 40001);
my $log = slurp_server_log($node);
my $in_log = () = $log =~ /deadlock detected|could not serialize/g;
figure(name => 'storm of API calls: deadlocks', value => $in_log, unit => '', goal => '= 0', count => $done);
is($in_log, 0, '... nor a deadlock, of a worker or of a session') or diag(deadlocks($log));
my @waits = map { $_ / 1000 } sort { $a <=> $b } $log =~ /process \d+ acquired \w+ on .* after ([\d.]+) ms/g;
figure(name => 'storm of API calls: longest wait for a lock', value => @waits ? $waits[-1] : 0, unit => 's', goal => '', count => scalar @waits);

# Which backend waited for which, for the first few.
sub deadlocks
{
	my ($text) = @_;
	my @found = $text =~ /^(.*(?:detected deadlock while waiting|ERROR:  deadlock detected).*\n(?:.*(?:DETAIL|HINT|CONTEXT|STATEMENT): .*\n|\t.*\n)*)/mg;
	return join('', @found > 12 ? @found[0 .. 11] : @found);
}

# ---- and afterwards ----

foreach my $tenant (@tenants)
{
	$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($tenant->{id}, true)");
	as_tenant($node, 'va', $tenant->{id}, q{SELECT voiceagent.stop_all('the storm is over')});
}
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.live_calls', 0, 'every live call ends');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... every webhook is applied');
# Not to be witnessed: calls of people who have been erased since, and test calls, each of which is a first dial.
$node->safe_psql('va', q{DELETE FROM voiceagent_private.sandbox_calls s USING voiceagent_private.erased_calls e
		WHERE e.tenant_id = s.tenant_id AND e.attempt_id = voiceagent_private.attempt_of_reference(s.reference);
	DELETE FROM voiceagent_private.sandbox_calls s USING voiceagent.attempts a, voiceagent.calls c, voiceagent.campaigns g
		WHERE a.reference = s.reference AND c.tenant_id = a.tenant_id AND c.call_id = a.call_id AND g.tenant_id = c.tenant_id AND g.campaign_id = c.campaign_id AND g.type = 'test'});
well($node, 'after the storm');

$node->stop;
done_testing();
