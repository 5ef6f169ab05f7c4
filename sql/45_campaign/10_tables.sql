-- 45_campaign: which leads are called, when and how often. Lanes carry the calendar, so that a million leads need not.

CREATE TABLE voiceagent.campaigns (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	campaign_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	description text,
	type voiceagent.campaign_type NOT NULL DEFAULT 'sales',
	status voiceagent.campaign_status NOT NULL DEFAULT 'draft',
	status_reason text,
	assistant_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	settings jsonb NOT NULL DEFAULT '{}',
	version integer NOT NULL DEFAULT 1,
	starts_at timestamptz CHECK (isfinite(starts_at)),
	expires_at timestamptz CHECK (isfinite(expires_at)),
	idempotency_key text,
	launch jsonb,
	created_at timestamptz NOT NULL,
	started_at timestamptz,
	ended_at timestamptz,
	archived_at timestamptz,
	experiment jsonb,
	PRIMARY KEY (tenant_id, campaign_id),
	UNIQUE (tenant_id, idempotency_key),
	CONSTRAINT archived_is_over CHECK (archived_at IS NULL OR status IN ('draft', 'stopped', 'completed')),
	FOREIGN KEY (tenant_id, assistant_id) REFERENCES voiceagent.assistants,
	FOREIGN KEY (tenant_id, provider_account_id) REFERENCES voiceagent.provider_accounts
);
COMMENT ON TABLE voiceagent.campaigns IS
	E'Campaigns: an assistant, a carrier account, leads and rules.\n'
	'Counters are views.';
COMMENT ON COLUMN voiceagent.campaigns.campaign_id IS 'Number of the campaign.';
COMMENT ON COLUMN voiceagent.campaigns.name IS 'Name, for people.';
COMMENT ON COLUMN voiceagent.campaigns.description IS 'Its purpose, in the tenant''s words.';
COMMENT ON COLUMN voiceagent.campaigns.type IS 'Its kind: enumeration campaign_type.';
COMMENT ON COLUMN voiceagent.campaigns.status IS 'Where it stands: enumeration campaign_status.';
COMMENT ON COLUMN voiceagent.campaigns.version IS 'The current row of campaign_versions.';
COMMENT ON COLUMN voiceagent.campaigns.idempotency_key IS
	'Given by the caller of launch_campaign() or redial_campaign(): a second call with it returns the first''s.';
COMMENT ON COLUMN voiceagent.campaigns.started_at IS 'When it was first started.';
COMMENT ON COLUMN voiceagent.campaigns.ended_at IS 'When it was stopped or completed; NULL: it may still dial.';
COMMENT ON COLUMN voiceagent.campaigns.archived_at IS
	'When archive_campaign() put it away: campaign_progress leaves it out, and it cannot be '
	'started; NULL: it is in use.';
COMMENT ON COLUMN voiceagent.campaigns.status_reason IS 'Why it is paused or stopped, in words (e.g. out of credits).';
COMMENT ON COLUMN voiceagent.campaigns.starts_at IS 'start_campaign() before this time schedules it; NULL: at once.';
COMMENT ON COLUMN voiceagent.campaigns.expires_at IS
	'Leads that are not done by then are no longer dialled; NULL: only expires_after, if that is set, says when.';
COMMENT ON COLUMN voiceagent.campaigns.launch IS
	'The arguments and the answer of launch_campaign() or redial_campaign(), for its idempotency_key.';
COMMENT ON COLUMN voiceagent.campaigns.experiment IS
	E'The terms of the experiment that runs, for the claim; NULL: none does.\n'
	'The table experiments has them in columns.';
COMMENT ON COLUMN voiceagent.campaigns.settings IS
	'Only what was set for this campaign; campaign_versions has the values in force.';
SELECT voiceagent_private.guard_table('voiceagent.campaigns', 'tenant');

CREATE TABLE voiceagent.campaign_versions (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	version integer NOT NULL,
	assistant_version integer NOT NULL,
	max_concurrent_calls integer NOT NULL CHECK (max_concurrent_calls > 0),
	retry_attempts integer NOT NULL CHECK (retry_attempts >= 0),
	retry_delay interval NOT NULL,
	retry_delay_no_answer interval NOT NULL,
	retry_delay_busy interval NOT NULL,
	ring_timeout interval NOT NULL,
	max_call_duration interval NOT NULL,
	call_interval interval NOT NULL,
	calling_hours jsonb NOT NULL,
	require_consent boolean NOT NULL,
	lawful boolean NOT NULL DEFAULT true,
	settings jsonb NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, campaign_id, version),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent.campaign_versions IS
	'Immutable: every setting in force (platform < tenant < campaign) when a campaign was started or '
	'changed; calls refer to it.';
COMMENT ON COLUMN voiceagent.campaign_versions.version IS
	E'1, 2, 3, ...\n'
	'for each campaign.';
COMMENT ON COLUMN voiceagent.campaign_versions.assistant_version IS 'Version of the assistant that its calls use.';
COMMENT ON COLUMN voiceagent.campaign_versions.max_concurrent_calls IS 'Live calls at once.';
COMMENT ON COLUMN voiceagent.campaign_versions.retry_delay_no_answer IS
	'Wait before the next dial after no answer or voicemail.';
COMMENT ON COLUMN voiceagent.campaign_versions.retry_delay_busy IS 'Wait before the next dial after a busy line.';
COMMENT ON COLUMN voiceagent.campaign_versions.ring_timeout IS 'An unanswered call is given up after this time.';
COMMENT ON COLUMN voiceagent.campaign_versions.max_call_duration IS 'A call is ended after this time.';
COMMENT ON COLUMN voiceagent.campaign_versions.calling_hours IS
	'{"start","end","days"}: when a lead may be called, in the lead''s own time zone; "off": days on which it is not.';
COMMENT ON COLUMN voiceagent.campaign_versions.require_consent IS
	'True: only leads with a recorded consent are dialled.';
COMMENT ON COLUMN voiceagent.campaign_versions.lawful IS
	'Bound by the law of each lead''s jurisdiction: always on a real carrier; on the sandbox only '
	'with sandbox_obeys_law.';
COMMENT ON COLUMN voiceagent.campaign_versions.retry_attempts IS 'Dials of a lead after the first.';
COMMENT ON COLUMN voiceagent.campaign_versions.retry_delay IS
	'Already scaled for the sandbox where the value is a default; taken as it is where the campaign set it.';
COMMENT ON COLUMN voiceagent.campaign_versions.call_interval IS 'Least time between two dials of the campaign.';
COMMENT ON COLUMN voiceagent.campaign_versions.settings IS 'Every resolved setting by key, as text.';
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON voiceagent.campaign_versions
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();
-- Rows are deleted only with their campaign (delete_campaign(), for one without calls): the foreign key's DELETE runs
-- in its trigger.
CREATE TRIGGER kept_with_campaign BEFORE DELETE ON voiceagent.campaign_versions
	FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION voiceagent_private.reject_change();
SELECT voiceagent_private.guard_table('voiceagent.campaign_versions', 'tenant');

CREATE TABLE voiceagent.campaign_leads (
	tenant_id bigint NOT NULL,
	campaign_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	status voiceagent.campaign_lead_status NOT NULL DEFAULT 'pending',
	reason text,
	attempts integer NOT NULL DEFAULT 0,
	last_outcome voiceagent.call_outcome,
	added_at timestamptz NOT NULL,
	not_before timestamptz,
	PRIMARY KEY (tenant_id, campaign_id, lead_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent.campaign_leads IS
	'A lead in a campaign, once over all states: neither a restart nor a second import can queue it twice.';
COMMENT ON COLUMN voiceagent.campaign_leads.status IS
	'Where the lead stands in this campaign: enumeration campaign_lead_status.';
COMMENT ON COLUMN voiceagent.campaign_leads.reason IS 'Why it has this status, in words.';
COMMENT ON COLUMN voiceagent.campaign_leads.last_outcome IS 'Outcome of its latest call: enumeration call_outcome.';
COMMENT ON COLUMN voiceagent.campaign_leads.added_at IS 'When the lead joined the campaign.';
COMMENT ON COLUMN voiceagent.campaign_leads.not_before IS
	'The lead''s first dial comes not before this (a follow-up with a delay); NULL: at any time.';
COMMENT ON COLUMN voiceagent.campaign_leads.attempts IS
	'Dials so far; one cap for all reasons (retry_attempts + 1, and 3 for call backs).';
-- Half of each page is kept free, so that a lead's way through its states changes no index.
CREATE INDEX campaign_leads_lead ON voiceagent.campaign_leads (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.campaign_leads', 'tenant');

CREATE TABLE voiceagent_private.lanes (
	tenant_id bigint NOT NULL,
	lane_id bigint GENERATED ALWAYS AS IDENTITY,
	campaign_id bigint NOT NULL,
	timezones text[] NOT NULL,
	region text NOT NULL DEFAULT '',
	running boolean NOT NULL DEFAULT false,
	opens_at timestamptz NOT NULL DEFAULT 'infinity',
	closes_at timestamptz NOT NULL DEFAULT 'infinity',
	next_due timestamptz NOT NULL DEFAULT 'infinity',
	gives_up_at timestamptz,
	scores double precision[],
	PRIMARY KEY (tenant_id, lane_id),
	UNIQUE (tenant_id, campaign_id, timezones, region)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent_private.lanes IS
	E'(campaign, set of zones, jurisdiction): the calendar of many leads in one row.\n'
	'Open = running and opens_at <= clock() < closes_at.';
COMMENT ON COLUMN voiceagent_private.lanes.region IS
	'Jurisdiction of the numbers that are dialled: jurisdiction() of country and region.';
COMMENT ON COLUMN voiceagent_private.lanes.running IS 'Its campaign is running and its tenant may dial.';
COMMENT ON COLUMN voiceagent_private.lanes.next_due IS
	'No queue row of the lane is due before this (a lower bound, kept under the lane''s row lock); '
	'infinity: nothing queued.';
COMMENT ON COLUMN voiceagent_private.lanes.gives_up_at IS
	'When it is next looked for leads that have waited for no_window_give_up_after while it has no window (opens_at '
	'is infinity); NULL: not decided yet.';
COMMENT ON COLUMN voiceagent_private.lanes.scores IS
	'Expected rate of answers for each hour on the clock of its first zone (element 1: from midnight on), while '
	'best_time is on; of lanes that could dial now the better one goes first.';
-- A lane can be claimed from greatest(next_due, opens_at) on; the index orders lanes by time for the next alarm. A
-- tenant has few running lanes, and each index that names next_due gets an entry for each of its changes.
CREATE INDEX lanes_running ON voiceagent_private.lanes (tenant_id, campaign_id) WHERE running;
CREATE INDEX lanes_next ON voiceagent_private.lanes (greatest(next_due, opens_at), tenant_id) WHERE running;
CREATE INDEX lanes_closing ON voiceagent_private.lanes (closes_at) WHERE running;
CREATE INDEX lanes_hopeless ON voiceagent_private.lanes (coalesce(gives_up_at, '-infinity'))
	WHERE running AND opens_at = 'infinity' AND next_due < 'infinity';
SELECT voiceagent_private.guard_table('voiceagent_private.lanes', 'routing',
	waits => '{opens_at,closes_at,next_due,gives_up_at}', set_back_by => 'set_back_queue');
