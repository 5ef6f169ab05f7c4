/*
 * 46_record: signed webhooks to a tenant's own systems, and the outbox from which the outbox
 * sender (bgworkers/outbound/outbox_sender.c) sends them.
 *
 * An outgoing webhook is written in the commit of the event that it tells of.  Nothing
 * but rows is added there, and no row is locked: the session that ends a call
 * never waits for a receiver, nor for the outbox sender.  The text of the outgoing webhook is
 * written at its first try, from what that commit left behind.
 */

CREATE FUNCTION voiceagent_private.webhook_kinds() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY['call_finished', 'call_corrected', 'appointment_booked', 'appointment_canceled',
		'appointment_unsettled', 'task_created', 'task_overdue', 'message_taken', 'offer_made', 'campaign_stopped',
		'balance_low', 'credits_bought', 'payment_failed', 'plan_changed', 'approval_wanted', 'invoice_issued',
		'carrier_failing', 'models_failing', 'export_ready',
		'ticket_answered', 'ticket_late', 'sequence_step', 'condition_met', 'opted_out', 'calls_paused',
		'standing_changed', 'calendar_failing', 'tool_failing', 'import_finished', 'webhook_subscription_disabled'];
COMMENT ON FUNCTION voiceagent_private.webhook_kinds() IS
	'Kinds of events for a webhook subscription; test outgoing webhooks come besides.';

CREATE FUNCTION voiceagent_private.webhook_kind(event_type text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN event_type = 'call_ended' THEN 'call_finished'
		WHEN event_type IN ('call_resolved', 'call_reported_late') THEN 'call_corrected'
		WHEN event_type IN ('appointment_detected', 'appointment_confirmed',
			'appointment_moved', 'appointment_added') THEN 'appointment_booked'
		WHEN event_type = 'appointment_rejected' THEN 'appointment_canceled'
		WHEN event_type IN ('appointment_conflict', 'appointment_unreadable') THEN 'appointment_unsettled'
		WHEN event_type = 'lead_opted_out' THEN 'opted_out'
		WHEN event_type = 'calls_braked' THEN 'calls_paused'
		WHEN event_type = 'calendar_unread' THEN 'calendar_failing'
		WHEN event_type = 'tool_switched_off' THEN 'tool_failing'
		WHEN event_type IN ('campaign_completed', 'campaign_paused',
			'campaign_tripped', 'campaign_abandoned', 'spend_cap_reached') THEN 'campaign_stopped'
		WHEN event_type = 'export_failed' THEN 'export_ready'
		WHEN event_type = 'payment_taken_back' THEN 'payment_failed'
		WHEN event_type IN ('model_account_failing', 'model_budget_reached', 'model_ends') THEN 'models_failing'
		WHEN event_type = 'webhook_test' THEN 'test'
		-- The others have their event's name.
		WHEN event_type = ANY (voiceagent_private.webhook_kinds()) THEN event_type END;
COMMENT ON FUNCTION voiceagent_private.webhook_kind(text) IS
	'The kind of outgoing webhook that tells of events of a type (the end of a call that was reopened apart: see '
	'webhook_kind_of_end()); NULL: none does.';

CREATE TABLE voiceagent.webhook_subscriptions (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	subscription_id bigint GENERATED ALWAYS AS IDENTITY,
	url text NOT NULL,
	url_version integer NOT NULL DEFAULT 1,
	kinds text[] NOT NULL CHECK (kinds <@ voiceagent_private.webhook_kinds()),
	description text,
	active boolean NOT NULL DEFAULT true,
	disabled_at timestamptz,
	disabled_reason text,
	failures integer NOT NULL DEFAULT 0,
	failing_since timestamptz,
	paused_until timestamptz,
	last_status integer,
	last_error text,
	secret_version integer NOT NULL DEFAULT 1,
	previous_secret_until timestamptz,
	home text NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, subscription_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.webhook_subscriptions IS
	E'A tenant''s own webhooks for what happens.\n'
	'The signing secrets lie sealed in the vault.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.subscription_id IS 'Number of the target.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.url IS 'Where outgoing webhooks are posted.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.url_version IS
	'How many URLs it has had; what an earlier one answers says nothing of it.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.kinds IS
	'Its kinds: call_finished, call_corrected, appointment_booked, appointment_canceled, appointment_unsettled, '
	'campaign_stopped, balance_low, carrier_failing, opted_out, webhook_subscription_disabled and so on.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.description IS 'Its purpose, in the tenant''s words.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.active IS
	'False: it gets nothing, and events meanwhile are not kept for it.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.disabled_at IS 'When it was disabled; NULL: it is active.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.disabled_reason IS
	'Why it was disabled, in words; NULL: it is active.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.failures IS
	'Tries in a row that failed; from 5 on one outgoing webhook at a time probes it.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.failing_since IS 'When the first of them failed; NULL: it is well.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.paused_until IS 'No outgoing webhook is sent before; NULL: at once.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.last_status IS
	'HTTP status of the last try that failed; NULL: no answer came.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.last_error IS 'Why the last try failed; NULL: it is well.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.secret_version IS
	'How many signing secrets it has had; outgoing webhooks are signed with the last.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.previous_secret_until IS
	'Until when outgoing webhooks are signed with the secret before the last rotation, too; NULL: with one.';
COMMENT ON COLUMN voiceagent.webhook_subscriptions.home IS
	'The database that may send to it: a copy of the database sends nothing until the target is enabled there '
	'(or the copy is armed).';
SELECT voiceagent_private.guard_table('voiceagent.webhook_subscriptions', 'tenant',
	waits => '{paused_until,failing_since}');

CREATE TABLE voiceagent.webhook_deliveries (
	tenant_id bigint NOT NULL,
	delivery_id bigint GENERATED ALWAYS AS IDENTITY,
	subscription_id bigint NOT NULL,
	message_id uuid NOT NULL DEFAULT gen_random_uuid(),
	kind text NOT NULL,
	event_id bigint NOT NULL,
	event_type text NOT NULL,
	event_at timestamptz NOT NULL,
	campaign_id bigint,
	call_id bigint,
	lead_id bigint,
	event_data jsonb NOT NULL DEFAULT '{}',
	body text,
	status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
	tries integer NOT NULL DEFAULT 0,
	next_try_at timestamptz,
	last_status integer,
	last_error text,
	done_at timestamptz,
	PRIMARY KEY (tenant_id, delivery_id),
	CHECK ((status = 'pending') = (done_at IS NULL))
) WITH (fillfactor = 80);
COMMENT ON TABLE voiceagent.webhook_deliveries IS
	'Every outgoing webhook to every target: what was sent, how often it was tried, and what came of it.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.delivery_id IS 'Number of the delivery.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.subscription_id IS 'The webhook subscription; it may be deleted since.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.message_id IS
	'The digits of its id, the same at every try: msg_ and these 32.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.kind IS 'Its kind: see webhook_subscriptions.kinds; or test.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.event_id IS 'The event that it tells of.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.event_type IS 'The event''s type.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.event_at IS 'When it happened.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.event_data IS 'The event''s details.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.body IS
	'The JSON that is sent, byte by byte, at every try; NULL: not tried yet.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.status IS
	'pending (waits, or is on its way), delivered (the target answered 2xx) or dead (given up; '
	'replay_webhook_delivery() tries again).';
COMMENT ON COLUMN voiceagent.webhook_deliveries.tries IS 'Tries whose end is known, since it was written or replayed.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.next_try_at IS
	E'No try before; NULL: none is due.\n'
	'A target that rests makes it later.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.last_status IS 'HTTP status of the last try; NULL: no answer came.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.last_error IS 'Why the last try failed; NULL: it did not.';
COMMENT ON COLUMN voiceagent.webhook_deliveries.done_at IS 'When it was delivered or given up.';
CREATE UNIQUE INDEX webhook_deliveries_event ON voiceagent.webhook_deliveries (tenant_id, event_id, subscription_id)
	WHERE event_id IS NOT NULL;
CREATE INDEX webhook_deliveries_lead ON voiceagent.webhook_deliveries (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX webhook_deliveries_call ON voiceagent.webhook_deliveries (tenant_id, call_id) WHERE call_id IS NOT NULL;
CREATE INDEX webhook_deliveries_done ON voiceagent.webhook_deliveries (tenant_id, done_at) WHERE done_at IS NOT NULL;
CREATE INDEX webhook_deliveries_dead ON voiceagent.webhook_deliveries (tenant_id, subscription_id, delivery_id)
	WHERE status = 'dead';
SELECT voiceagent_private.guard_table('voiceagent.webhook_deliveries', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended) VALUES
	('webhook_deliveries', 'Outgoing webhooks that were delivered, or are dead', 'voiceagent.webhook_deliveries',
	'done_at');

CREATE TABLE voiceagent_private.outbox (
	tenant_id bigint NOT NULL,
	request_id bigint GENERATED ALWAYS AS IDENTITY,
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('delivery')),
	subscription_id bigint NOT NULL,
	object_id bigint NOT NULL,
	tries integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL,
	claimed boolean NOT NULL DEFAULT false,
	target_version integer,
	PRIMARY KEY (tenant_id, request_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.outbox IS
	E'Requests that wait to be sent, or are on their way: what the outbox sender has to do.\n'
	'A request that is done with leaves it.';
COMMENT ON COLUMN voiceagent_private.outbox.request_id IS 'Number of the request.';
COMMENT ON COLUMN voiceagent_private.outbox.kind IS
	'Which room''s request it is; its functions build it and take its answer.';
COMMENT ON COLUMN voiceagent_private.outbox.subscription_id IS
	'Whom it goes to, by the kind''s own numbers: requests to one target wait for one another.';
COMMENT ON COLUMN voiceagent_private.outbox.object_id IS 'The kind''s own record (outgoing webhook: delivery_id).';
COMMENT ON COLUMN voiceagent_private.outbox.tries IS 'How often it was claimed.';
COMMENT ON COLUMN voiceagent_private.outbox.next_at IS
	'Not before; while it is claimed: when it counts as lost, and is sent again.';
COMMENT ON COLUMN voiceagent_private.outbox.claimed IS 'True: it is on its way.';
COMMENT ON COLUMN voiceagent_private.outbox.target_version IS
	'To which of its target''s addresses it was sent last (outgoing webhook: url_version); NULL: to none yet.';
-- "IS NOT NULL": see call_queue_claim.
CREATE INDEX outbox_due ON voiceagent_private.outbox (tenant_id, kind, subscription_id, next_at)
	WHERE next_at IS NOT NULL;
CREATE INDEX outbox_claimed ON voiceagent_private.outbox (tenant_id, kind, subscription_id) WHERE claimed;
SELECT voiceagent_private.guard_table('voiceagent_private.outbox', 'routing', waits => '{next_at}');

CREATE TABLE voiceagent_private.outbox_targets (
	tenant_id bigint NOT NULL,
	kind text COLLATE "C" NOT NULL CHECK (kind IN ('delivery')),
	subscription_id bigint NOT NULL,
	paused_until timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, kind, subscription_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent_private.outbox_targets IS
	E'Targets that rest: what waits for them is not due, whatever its own time says.\n'
	'Most targets have no row.';
COMMENT ON COLUMN voiceagent_private.outbox_targets.paused_until IS 'No request before.';
COMMENT ON COLUMN voiceagent_private.outbox_targets.kind IS 'Kind of the requests: see outbox.';
COMMENT ON COLUMN voiceagent_private.outbox_targets.subscription_id IS 'The target, by the kind''s own numbers.';
SELECT voiceagent_private.guard_table('voiceagent_private.outbox_targets', 'routing', waits => '{paused_until}');
