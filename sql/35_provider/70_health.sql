/*
 * 35_provider: what a carrier account has done lately, and what it may do now.
 * Counts of its dials lie in six parts of the breaker's window; who notes a
 * batch of answers adds to them once (55_call), and no other session writes
 * them, so that dialling does not queue up behind the account's own row.
 */

CREATE TABLE voiceagent_private.account_dials (
	tenant_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	part interval NOT NULL DEFAULT '20 seconds',
	part_number bigint NOT NULL DEFAULT 0,
	dials integer[] NOT NULL DEFAULT '{0,0,0,0,0,0}',
	failed integer[] NOT NULL DEFAULT '{0,0,0,0,0,0}',
	failures jsonb NOT NULL DEFAULT '[]',
	avoid_until timestamptz NOT NULL DEFAULT '-infinity',
	tenth bigint NOT NULL DEFAULT 0,
	taken integer[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0,0,0}',
	limited_share double precision NOT NULL DEFAULT 0,
	answered_at timestamptz,
	slowed_at timestamptz,
	slowed_to double precision,
	slowed_from double precision,
	slowed_for interval,
	lowered_at timestamptz,
	lowered_to integer,
	lowered_from integer,
	lowered_why text CHECK (length(lowered_why) <= 200),
	PRIMARY KEY (tenant_id, provider_account_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent_private.account_dials IS
	'Recent answers of carrier accounts: dials and failures in the window of their breaker, and how far pace and '
	'concurrency are lowered.';
COMMENT ON COLUMN voiceagent_private.account_dials.part IS
	'A sixth of the window: setting account_breaker_window when the account last failed.';
COMMENT ON COLUMN voiceagent_private.account_dials.part_number IS
	'Which part of time (counted from 1970) the first elements of dials and failed are.';
COMMENT ON COLUMN voiceagent_private.account_dials.dials IS
	'Dials that were answered, or not answered in time, in the six latest parts, the newest first; 429s are none.';
COMMENT ON COLUMN voiceagent_private.account_dials.failed IS
	'Of these, those that failed for a fault of the carrier or the account.';
COMMENT ON COLUMN voiceagent_private.account_dials.failures IS 'The newest failures: [{"call_id", "cause"}].';
COMMENT ON COLUMN voiceagent_private.account_dials.avoid_until IS
	'Campaigns that have another account dial through that until then.';
COMMENT ON COLUMN voiceagent_private.account_dials.tenth IS
	'Which tenth of a second (counted from 1970) the first element of taken is.';
COMMENT ON COLUMN voiceagent_private.account_dials.taken IS
	'Dials that were answered in the last ten tenths of a second, the newest first; 429s are none.';
COMMENT ON COLUMN voiceagent_private.account_dials.limited_share IS
	'Share of the recent answers that were 429, from 0 to 1; the latest weigh most.';
COMMENT ON COLUMN voiceagent_private.account_dials.answered_at IS 'When limited_share was last changed; NULL: never.';
COMMENT ON COLUMN voiceagent_private.account_dials.slowed_at IS
	'When a share of the dials was last refused as too many a second; NULL: never.';
COMMENT ON COLUMN voiceagent_private.account_dials.slowed_to IS 'Dials per second that were left then.';
COMMENT ON COLUMN voiceagent_private.account_dials.slowed_from IS
	'Dials per second before; the pace comes back to it, and beyond, by itself.';
COMMENT ON COLUMN voiceagent_private.account_dials.slowed_for IS
	'How long that pace is kept before more is tried; then it doubles in each such time.';
COMMENT ON COLUMN voiceagent_private.account_dials.lowered_at IS
	'When the carrier last said that the account has too many calls at once; NULL: never.';
COMMENT ON COLUMN voiceagent_private.account_dials.lowered_to IS 'Live calls that were left then.';
COMMENT ON COLUMN voiceagent_private.account_dials.lowered_from IS
	'Live calls before; the number comes back to it by itself.';
COMMENT ON COLUMN voiceagent_private.account_dials.lowered_why IS
	'The reason given: by the carrier, or of a call that its language model, voice or transcriber had no room for.';
SELECT voiceagent_private.guard_table('voiceagent_private.account_dials', 'internal',
	waits => '{avoid_until,slowed_at,lowered_at}');

CREATE TABLE voiceagent_private.account_pacing (
	tenant_id bigint NOT NULL,
	provider_account_id bigint NOT NULL,
	next_dial_at timestamptz NOT NULL CHECK (isfinite(next_dial_at)),
	PRIMARY KEY (tenant_id, provider_account_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE voiceagent_private.account_pacing IS
	E'Of carrier accounts with a pace: when the next dial has its place.\n'
	'Only the tenant''s claimer writes it.';
COMMENT ON COLUMN voiceagent_private.account_pacing.next_dial_at IS
	'When the next dial is due; a dial that is late by at most a quarter of a second may be made up for.';
SELECT voiceagent_private.guard_table('voiceagent_private.account_pacing', 'internal');

CREATE FUNCTION voiceagent_private.dial_rate_now(own double precision, slowed_to double precision,
	slowed_from double precision, slowed_at timestamptz, slowed_for interval, at timestamptz) RETURNS double precision
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	v_waits double precision;
	v_pace double precision;
BEGIN
	IF slowed_at IS NULL THEN
		RETURN own;
	END IF;
	v_waits := extract(epoch FROM greatest(at - slowed_at, '0')) / greatest(extract(epoch FROM slowed_for), 0.001);
	v_pace := slowed_to * 2 ^ least(greatest(v_waits - 1, 0), 30);
	RETURN CASE WHEN v_pace < 2 * slowed_from THEN least(own, v_pace) ELSE own END;
END
$$;
COMMENT ON FUNCTION voiceagent_private.dial_rate_now(double precision, double precision, double precision, timestamptz,
	interval, timestamptz) IS
	E'Dials per second that a carrier account may make at that time (NULL: any).\n'
	'Its own pace; or, after the carrier complained, slowed_to for the time slowed_for, then twice as much each such '
	'time, until it is twice what it was before the complaint: then its own again.';

CREATE FUNCTION voiceagent_private.limit_now(own integer, lowered_to integer, lowered_from integer,
	lowered_at timestamptz, at timestamptz)
	RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN least(own, lowered_to
		+ floor(lowered_from * least(extract(epoch FROM greatest(at - lowered_at, '0')), 3600) / 600)::integer);
COMMENT ON FUNCTION voiceagent_private.limit_now(integer, integer, integer, timestamptz, timestamptz) IS
	'Live calls that a carrier account may have at that time: its own limit, or, after the carrier refused one for '
	'being one too many, what it had, and a tenth of the former number more each minute.';

CREATE FUNCTION voiceagent_private.own_dial_rate(provider text, settings jsonb) RETURNS double precision
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	RETURN nullif(CASE WHEN settings ->> 'calls_per_second' ~ '^[0-9]{1,4}(\.[0-9]{1,3})?$' THEN
		(settings ->> 'calls_per_second')::double precision
		ELSE (voiceagent_private.driver_facts(provider)).calls_per_second END, 0);
END
$$;
COMMENT ON FUNCTION voiceagent_private.own_dial_rate(text, jsonb) IS
	E'Dials per second of a carrier account by its setting calls_per_second, else what its carrier is '
	'known to bear; NULL: any.\n'
	'0 in the setting: any.';
