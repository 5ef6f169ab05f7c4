-- 00_kernel: what can be set. The values lie where they belong: platform and tenant in 10_tenant,
-- campaign in 45_campaign.

CREATE TABLE voiceagent_private.setting_definitions (
	key text PRIMARY KEY,
	kind text NOT NULL
		CHECK (kind IN ('integer', 'number', 'interval', 'boolean', 'text', 'choice', 'country', 'hours', 'parts',
			'shapes')),
	default_value text NOT NULL,
	unit text NOT NULL,
	minimum text,
	maximum text,
	levels text[] NOT NULL CHECK (levels <@ ARRAY['platform', 'tenant', 'campaign']),
	scaled boolean NOT NULL DEFAULT false,
	description text NOT NULL,
	share text CHECK (share IS NULL OR share IN ('most', 'least') AND kind IN ('integer', 'number', 'interval')),
	least_roles text[] NOT NULL CONSTRAINT a_role_a_level CHECK (cardinality(least_roles) = cardinality(levels)
		AND array_position(least_roles, NULL) IS NULL AND least_roles <@ '{operator,admin,manager,owner}'::text[])
);
COMMENT ON TABLE voiceagent_private.setting_definitions IS
	'Every setting: type, default, unit, range, and at which levels it may be set.';
COMMENT ON COLUMN voiceagent_private.setting_definitions.kind IS
	'interval: interval text or a number of seconds; hours: {"start","end","days"}; parts: '
	'{"parts","days","tries_per_part"}, or nothing; choice: one of the words of its unit; country: two letters of ISO '
	'3166-1 that have a number plan, or +; shapes: lines of check_masked_words().';
COMMENT ON COLUMN voiceagent_private.setting_definitions.scaled IS
	'Divided by sandbox_time_scale on the sandbox carrier, unless the campaign set it itself.';
COMMENT ON COLUMN voiceagent_private.setting_definitions.share IS
	E'For a part of what all tenants have in common: what the platform sets, else the default, is the most, or the '
	'least, that a tenant may set.\n'
	'NULL: it concerns the tenant alone.';
COMMENT ON COLUMN voiceagent_private.setting_definitions.least_roles IS
	E'Who may set it, for each of levels in its order.\n'
	'Platform: operators of the staff, its owners (what is charged), or voiceagent_admin (links, secrets, hosts, '
	'proofs, the staff). Tenant, campaign: managers, or owners (what is spent, who is asked and notified).';
SELECT voiceagent_private.guard_table('voiceagent_private.setting_definitions', 'platform', 'WHERE false');

INSERT INTO voiceagent_private.setting_definitions
	(key, kind, default_value, unit, minimum, maximum, levels, least_roles, scaled, description) VALUES
	('max_concurrent_calls', 'integer', '10', 'calls', '1', '10000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Live calls of one campaign at once'),
	('tenant_max_concurrent_calls', 'integer', '100', 'calls', '1', '100000', '{platform,tenant}', '{operator,manager}',
		false, 'Live calls of one tenant at once, over all campaigns'),
	('platform_max_concurrent_calls', 'integer', '1000', 'calls', '1', '1000000', '{platform}', '{operator}', false,
		'Live calls of the whole database at once on real carriers'),
	('platform_max_sandbox_calls', 'integer', '0', 'calls', '0', '1000000', '{platform}', '{operator}', false, 'Live '
			'calls on the sandbox carrier at once in the whole database, which take no line of a real carrier; 0: as '
			'many as platform_max_concurrent_calls'),
	('account_max_concurrent_calls', 'integer', '100', 'calls', '1', '100000', '{platform,tenant}',
		'{operator,manager}', false, 'Live calls on a provider account that does not say otherwise when it is created'),
	('retry_attempts', 'integer', '3', 'dials', '0', '50', '{platform,tenant,campaign}', '{operator,manager,manager}',
		false, 'Dials of a lead after the first, for all reasons together'),
	('retry_delay', 'interval', '30 minutes', 'interval', '1 second', '30 days', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'Wait before a lead is dialled again after a failure'),
	('retry_delay_no_answer', 'interval', '2 hours', 'interval', '1 second', '30 days', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'Wait before a lead is dialled again after no answer or voicemail'),
	('retry_delay_busy', 'interval', '4 hours', 'interval', '1 second', '30 days', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'Wait before a lead is dialled again after a busy line'),
	('retry_delay_unfinished', 'interval', '15 minutes', 'interval', '1 second', '30 days',
		'{platform,tenant,campaign}', '{operator,manager,manager}', true,
		'Wait before a lead is dialled again whose call was answered but ended before it came to a result'),
	('retry_delay_incoming', 'interval', '4 hours', 'interval', '0', '30 days', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'Wait before a lead is dialled who has called one of the tenant''s numbers '
			'and was answered; a promised callback keeps its time'),
	('unfinished_call_seconds', 'integer', '20', 'seconds', '0', '600', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'A call without a clear result that lasted less than this counts as '
			'unfinished; 0: none does for being short, nor ever at a carrier that holds no conversation itself'),
	('redial_after_hangup', 'integer', '1', 'dials', '0', '50', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Dials of a lead again after calls that it answered and ended before they '
			'came to a result (unfinished); then it is given up, whatever retry_attempts leaves'),
	('tries_per_number', 'integer', '3', 'dials', '1', '50', '{platform,tenant,campaign}', '{operator,manager,manager}',
		false, 'Dials of one of a lead''s telephone numbers, in a row and without an answer, before its next number is '
			'dialled; 1: another one each time'),
	('expires_after', 'interval', '0', 'interval', '0', '10 years', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'Time after the start of a campaign at which leads that are not dealt with '
			'expire; 0: never (a campaign may say expires_at, too)'),
	('no_window_give_up_after', 'interval', '1 day', 'interval', '0', '1 year', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'How long a lead of a running campaign waits when there is no hour at '
			'which it may be called, before it expires'),
	('day_parts', 'parts', '', 'local time', NULL, NULL, '{platform,tenant,campaign}', '{operator,manager,manager}',
		false, 'Parts of the day over which the dials of a lead are spread until somebody answers, such as '
			'{"parts":[["08:00","12:00"],["12:00","17:00"],["17:00","21:00"]],"days":2,"tries_per_part":1}: so many '
			'tries in each part of so many days, then the lead is given up'),
	('best_time', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant,campaign}', '{operator,manager,manager}',
		false, 'Learn from the tenant''s own calls when people answer (view best_times): lanes with the better hour go '
			'first, retries wait for a better hour up to twice their delay'),
	('best_time_refresh', 'interval', '1 hour', 'interval', '1 second', '1 day', '{platform}', '{operator}', false,
		'How often new calls are counted for best_time'),
	('ring_timeout', 'interval', '30 seconds', 'interval', '5 seconds', '10 minutes', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'How long the telephone rings before the call is given up'),
	('max_call_duration', 'interval', '10 minutes', 'interval', '10 seconds', '12 hours', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Longest call; credits are held for it'),
	('call_interval', 'interval', '30 seconds', 'interval', '0', '1 day', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'Least time between two dials of one campaign'),
	('calling_hours', 'hours', '{"start":"10:00","end":"19:00","days":["mon","tue","wed","thu","fri","sat"]}',
		'local time', NULL, NULL, '{platform,tenant,campaign}', '{operator,manager,manager}', false,
		'When a lead may be called, by the clock of every zone the lead may be in'),
	('require_consent', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Dial only leads with a recorded, unrevoked consent of kind call'),
	('require_test_call', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Start a campaign on a real carrier only when a test call of its '
			'assistant by each of its accounts was answered (test_call())'),
	('arrivals_a_day', 'integer', '100', 'leads', '0', '100000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Leads that follow-ups, sequences and audiences may bring a campaign on '
			'a real carrier a day (of UTC) without another confirmation; what holds was confirmed'),
	('number_calls_per_day', 'integer', '0', 'calls', '0', '1000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Calls of one number on one local day at most, over all campaigns of the tenant; 0: as many as the law allows'),
	('number_calls_per_24h', 'integer', '0', 'calls', '0', '1000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Calls of one number within 24 hours at most, over all campaigns of the tenant; 0: as many as the law allows'),
	('number_calls_lifetime', 'integer', '0', 'calls', '0', '1000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Calls of one number at most, ever, over all campaigns of the tenant; 0: as many as the law allows'),
	('number_cooldown', 'interval', '1 hour', 'interval', '0', '1 day', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'Wait before a number is dialled that another campaign of the tenant, or '
			'the same for another lead, has called; not for a promised callback, nor for the step that set_follow_up() '
			'orders; 0: none'),
	('caller_id_calls_per_day', 'integer', '0', 'calls', '0', '10000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Calls that a campaign makes at most with one number of its pool on a day '
			'of that number''s zone, over all campaigns that use it; 0: any'),
	('call_purpose', 'choice', 'promotional', 'promotional, service', NULL, NULL, '{campaign}', '{manager}', false,
		'What a campaign calls for, where the law keeps a series of numbers for each: India has 140 to sell, 1600 to '
			'serve customers'),
	('inbound_reserve', 'integer', '30', 'percent', '0', '100', '{platform,tenant}', '{operator,manager}', false,
		'Share of a carrier account''s max_concurrent_calls that is kept for incoming calls, where the account has '
			'numbers that take calls'),
	('caller_name', 'text', '', 'name', NULL, '200', '{tenant,campaign}', '{manager,manager}', false,
		'On whose behalf calls are made; said at the start where the law wants the caller named'),
	('disclosure_ai', 'text', '', 'sentence', NULL, '500', '{platform,tenant,campaign}', '{operator,manager,manager}',
		false,
		'How a call says that it is automated, with {{caller_name}}; empty: a sentence in the assistant''s language'),
	('disclosure_caller', 'text', '', 'sentence', NULL, '500', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'How a call names the caller where disclosure_ai does not, with '
			'{{caller_name}}; empty: a sentence in the assistant''s language'),
	('disclosure_recording', 'text', '', 'sentence', NULL, '500', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'How a call says that it is recorded; empty: a sentence in the assistant''s language'),
	('opt_out_key', 'integer', '9', 'key', '0', '9', '{platform,tenant,campaign}', '{operator,manager,manager}', false,
		'The key that stops the calls, where the law wants people told how to stop them and a call hears keys but no '
			'words'),
	('disclosure_opt_out_key', 'text', '', 'sentence', NULL, '500', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'How a call names the key that stops the calls, with {{opt_out_key}}; '
			'empty: a sentence in the assistant''s language'),
	('opt_out_confirmation', 'text', '', 'sentence', NULL, '200', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'What is said to whoever has pressed opt_out_key, before the call ends; '
			'empty: a sentence in the assistant''s language'),
	('announce_recording', 'boolean', 'on', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Where the law wants all parties to know of a recording: on announces it, off does not record'),
	('opt_out_instruction', 'text', '', 'sentence', NULL, '1000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Added to the assistant''s prompt for calls under the law: what to do '
			'when somebody wants no more calls; empty: a sentence in the assistant''s language'),
	('record_calls', 'boolean', 'on', 'on/off', NULL, NULL, '{platform,tenant,campaign}', '{operator,manager,manager}',
		false, 'Ask the carrier to record calls, but not those of a lead that took back its consent of kind recording'),
	('require_recording_consent', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Record only calls of leads with a recorded, unrevoked consent of kind recording for the number'),
	('ask_to_record', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Ask at the start whether the call may be recorded, and begin to record '
			'when the person has said yes; no, and what is neither, is not recorded'),
	('ask_to_call', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant,campaign}', '{operator,manager,manager}',
		false, 'Have the assistant ask in the call whether the person may be called again'),
	('ask_to_text', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant,campaign}', '{operator,manager,manager}',
		false, 'Have the assistant ask in the call whether the person may be sent text messages'),
	('read_emotions', 'choice', 'lawful', 'off, lawful, noticed', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Whether a person''s emotions, as an analysis tells them, are kept: '
			'lawful, not of people in the European Economic Area, whose law wants a notice; noticed, of everybody, '
			'because each call gives that notice'),
	('machine_detection', 'choice', 'off', 'off, detect, message', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Ask the carrier who answers: detect ends calls that a machine has '
			'answered, message leaves voicemail_message on a voicemail'),
	('voicemail_message', 'text', '', 'sentence', NULL, '2000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'What is left on a voicemail, with {{variables}} of the lead; empty: the assistant''s own voicemail_message'),
	('voicemail_drops_per_day', 'integer', '1', 'messages', '0', '100', '{platform,tenant}', '{operator,manager}',
		false, 'Messages left on the voicemail of one number on one local day at most, over all campaigns of the '
			'tenant; 0: none'),
	('charge_machines', 'boolean', 'on', 'on/off', NULL, NULL, '{platform}', '{owner}', false,
		'Charge the time of calls that a machine answered (voicemail, ivr, unavailable); never that of a screener'),
	('least_charged_time', 'interval', '0', 'interval', '0', '1 minute', '{platform}', '{owner}', false, 'Charged at '
			'least for each call that a real carrier has taken, whatever its webhooks say of answer and duration; 0: '
			'as they say'),
	('retry_voicemail', 'boolean', 'on', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Dial a lead again whose voicemail answered'),
	('retry_after_message', 'boolean', 'on', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Dial a lead again on whose voicemail a message was left'),
	('retry_ivr', 'boolean', 'on', 'on/off', NULL, NULL, '{platform,tenant,campaign}', '{operator,manager,manager}',
		false, 'Dial a lead again where a telephone menu answered'),
	('retry_unavailable', 'boolean', 'on', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Dial a lead again where an announcement or a fax answered'),
	('retry_screener', 'boolean', 'on', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Dial a lead again whose telephone asked who calls and why, and nobody took the call'),
	('uncertain_outcome', 'choice', 'review', 'final, review, retry', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'What becomes of a lead that talked when no analysis, report or model '
			'says what came of it: final, the call is over; review, it waits for a person (view waiting), as does a '
			'call that words alone ask for; retry, it is dialled again'),
	('cost_delay', 'interval', '5 minutes', 'interval', '1 second', '1 day', '{platform}', '{operator}', false, 'How '
			'long after a call''s end its price is asked for, where the carrier does not tell it by itself; then 4, '
			'16, 64 times as long while it has none'),
	('report_grace', 'interval', '5 seconds', 'interval', '0', '10 minutes', '{platform}', '{operator}', false, 'How '
			'long the report of a call''s end waits for what the carrier tells apart from it: when it was answered, '
			'and by whom'),
	('breaker_failure_rate', 'number', '0.5', 'share', '0', '1', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Share of failed calls at which a campaign is paused (0: never)'),
	('breaker_min_calls', 'integer', '5', 'calls', '1', '1000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Ended calls below which the share of failed ones says nothing'),
	('breaker_window', 'interval', '2 minutes', 'interval', '1 second', '1 day', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'How far back ended calls count for breaker_failure_rate'),
	('abandoned_slow_share', 'number', '0.01', 'share', '0', '0.03', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Share of abandoned calls in 30 days from which on a campaign dials one call every ten seconds, for a day'),
	('abandoned_stop_share', 'number', '0.03', 'share', '0.001', '0.03', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Share of abandoned calls in 30 days at which a campaign rests'),
	('abandoned_rest', 'interval', '72 hours', 'interval', '72 hours', '30 days', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'How long a campaign rests that has reached abandoned_stop_share'),
	('abandoned_min_calls', 'integer', '50', 'calls', '1', '1000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'People reached in 30 days below which the share of abandoned calls says nothing'),
	('account_breaker_failure_rate', 'number', '0.5', 'share', '0', '1', '{platform,tenant}', '{operator,manager}',
		false, 'Share of dials that a carrier account does not take, for a fault of its own, at which it is dialled no '
			'more but by single probes (0: never)'),
	('account_breaker_min_dials', 'integer', '5', 'dials', '1', '10000', '{platform,tenant}', '{operator,manager}',
		false, 'Dials below which the share of failed ones says nothing of a carrier account'),
	('account_breaker_window', 'interval', '2 minutes', 'interval', '6 seconds', '1 day', '{platform,tenant}',
		'{operator,manager}', false, 'How far back dials count for account_breaker_failure_rate'),
	('spend_cap_per_day', 'number', '0', 'credits', '0', '1000000000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Credits that one campaign may hold and spend in a day of the tenant''s time zone (0: any)'),
	('spend_cap', 'number', '0', 'credits', '0', '1000000000', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Credits that one campaign may hold and spend in all (0: any)'),
	('tenant_spend_cap_per_day', 'number', '0', 'credits', '0', '1000000000', '{platform,tenant}', '{operator,owner}',
		false, 'Credits that all campaigns of a tenant may hold and spend in a day (0: any)'),
	('lease_grace', 'interval', '1 minute', 'interval', '1 second', '1 hour', '{platform}', '{operator}', true,
		'How long after ring timeout and longest call a call may stay silent before the carrier is asked'),
	('send_lease', 'interval', '1 minute', 'interval', '5 seconds', '5 minutes', '{platform}', '{operator}', false,
		'How long a dial may wait to be sent; when its answer has been awaited for voiceagent.http_timeout_ms as well '
			'its call counts as unknown'),
	('lookup_interval', 'interval', '30 seconds', 'interval', '1 second', '1 hour', '{platform}', '{operator}', true,
		'Wait between two questions to the carrier about the same call'),
	('lookup_limit', 'integer', '5', 'lookups', '1', '100', '{platform}', '{operator}', false,
		'Answers "no such call" after which an unknown attempt counts as not placed'),
	('absence_wait', 'interval', '2 minutes', 'interval', '0', '1 hour', '{platform}', '{operator}', false, 'How long '
			'after its answer was given up a dial may still be on its way within the carrier, so that "no such call" '
			'does not count'),
	('lookup_give_up_after', 'interval', '1 day', 'interval', '1 minute', '30 days', '{platform}', '{operator}', true,
		'How long after a call must have ended its carrier is asked on, if it cannot be asked, or says that the call '
			'goes on'),
	('callback_delay', 'interval', '2 hours', 'interval', '1 second', '30 days', '{platform,tenant,campaign}',
		'{operator,manager,manager}', true, 'When a lead asked to be called again and named no day and no time'),
	('appointment_duration', 'interval', '30 minutes', 'interval', '1 minute', '1 day', '{platform,tenant,campaign}',
		'{operator,manager,manager}', false, 'Length of a detected appointment'),
	('audience_interval', 'interval', '1 minute', 'interval', '10 seconds', '1 day', '{platform,tenant}',
		'{operator,manager}', false,
		'How often all leads are looked at for each audience; the wait between two passes'),
	('default_voice', 'text', 'Elliot', 'name', NULL, NULL, '{platform,tenant}', '{operator,manager}', false, 'Voice '
			'of an assistant that names none; where it was made for another language than the assistant''s, one of '
			'that language is taken'),
	('default_model', 'text', 'gpt-5.6-luna', 'name', NULL, NULL, '{platform,tenant}', '{operator,manager}', false,
		'Language model of an assistant that names none'),
	('default_transcriber', 'text', '', 'vendor', NULL, '40', '{platform,tenant}', '{operator,manager}', false,
		'Transcriber of a new assistant whose settings name none; empty: the carrier''s own choice'),
	('default_interruption', 'choice', 'normal', 'patient, normal, eager', NULL, NULL, '{platform,tenant}',
		'{operator,manager}', false, 'How easily a person interrupts a new assistant whose settings do not say it'),
	('default_silence_timeout', 'interval', '21 seconds', 'interval', '5 seconds', '1000 seconds', '{platform,tenant}',
		'{operator,manager}', false,
		'Silence of a person that ends a call of a new assistant whose settings do not say it'),
	('default_provider', 'text', 'sandbox', 'carrier', NULL, '60', '{platform,tenant}', '{operator,manager}', false,
		'Carrier of campaigns that name no account: they take the first active one that the tenant has there; sandbox: '
			'they rehearse'),
	('default_country', 'country', 'US', 'ISO 3166-1', NULL, NULL, '{platform,tenant}', '{operator,manager}', false,
		'Country of numbers that are written without a country code; + where all begin with one, with +, 00 or '
			'neither'),
	('masked_words', 'shapes', '', 'lines', NULL, '5100', '{platform,tenant}', '{operator,manager}', false,
		'Words and shapes that are not kept of what is said, one a line: "policy ######", # a digit, @ a letter'),
	('inbox_tries', 'integer', '5', 'tries', '1', '100', '{platform}', '{operator}', false,
		'Failures after which a webhook is set aside'),
	('token_lifetime', 'interval', '1 hour', 'interval', '1 minute', '30 days', '{platform,tenant}', '{admin,owner}',
		false, 'How long a token of login() is valid'),
	('session_lifetime', 'interval', '12 hours', 'interval', '1 minute', '90 days', '{platform,tenant}',
		'{admin,owner}', false,
		'How long after its login a member''s session may be renewed; then the password is asked for again'),
	('api_token_lifetime', 'interval', '5 minutes', 'interval', '10 seconds', '1 day', '{platform,tenant}',
		'{admin,owner}', false, 'How long the token is valid for which authenticate() exchanges an API key'),
	('staff_token_lifetime', 'interval', '30 minutes', 'interval', '1 minute', '12 hours', '{platform}', '{admin}',
		false, 'How long a token of staff_login() is valid'),
	('staff_invitation', 'interval', '1 day', 'interval', '1 minute', '30 days', '{platform}', '{admin}', false,
		'How long an invitation of add_staff() is valid'),
	('staff_credits_alone', 'number', '1000', 'credits', '0', '1000000000000', '{platform}', '{admin}', false,
		'Credits that one of the staff gives and takes on a day without a second person'),
	('staff_second_expires', 'interval', '3 days', 'interval', '1 minute', '90 days', '{platform}', '{admin}', false,
		'How long a deed waits for a second person of the staff'),
	('staff_acting', 'interval', '15 minutes', 'interval', '1 minute', '2 hours', '{platform}', '{admin}', false,
		'How long one of the staff acts as a tenant by a token of act_as_tenant()'),
	('sandbox_time_scale', 'number', '3600', 'times', '1', '86400', '{platform,tenant}', '{operator,manager}', false,
		'How much faster time runs on the sandbox carrier'),
	('allowed_private_hosts', 'text', '', 'host names', NULL, NULL, '{platform}', '{admin}', false, 'Hosts, separated '
			'by spaces, that carrier accounts and webhook subscriptions may reach although they are private or speak '
			'plain HTTP'),
	('number_proof_hosts', 'text', '', 'host names', NULL, NULL, '{platform}', '{admin}', false, 'Hosts, separated by '
			'spaces, whose list of numbers proves whose they are, besides the carriers'' own addresses'),
	('sandbox_obeys_law', 'boolean', 'off', 'on/off', NULL, NULL, '{platform,tenant,campaign}',
		'{operator,manager,manager}', false,
		'Rehearse under the law: hours, holidays, caps and consent hold on the sandbox carrier as on a real one'),
	('sandbox_seed', 'integer', '42', 'seed', '0', '2147483647', '{platform,tenant}', '{operator,manager}', false,
		'Seed of the sandbox carrier''s people'),
	('sandbox_analysis', 'choice', 'decided', 'decided, none', NULL, NULL, '{platform,tenant}', '{operator,manager}',
		false, 'Analysis that the sandbox carrier sends of a call: decided, what its person decided; none, its calls '
			'bring words alone');
UPDATE voiceagent_private.setting_definitions SET share = 'most' WHERE key IN ('tenant_max_concurrent_calls',
	'account_max_concurrent_calls', 'ring_timeout', 'max_call_duration', 'sandbox_time_scale');
UPDATE voiceagent_private.setting_definitions SET share = 'least' WHERE key = 'audience_interval';
