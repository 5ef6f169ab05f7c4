/*
 * 45_campaign: two versions of what is said, side by side in one campaign.
 *
 * While an experiment runs, its terms stand in campaigns.experiment, and so in
 * every version of the campaign: a claim that reads the version knows them, and
 * a campaign without an experiment is claimed as if there were none.  Which of
 * the two a lead hears follows from the experiment's seed and the lead's id, so
 * nothing is written down a lead, and a retry hears the same.  Which of them
 * spoke stands in the call.
 */

CREATE TABLE voiceagent.experiments (
	tenant_id bigint NOT NULL,
	experiment_id bigint GENERATED ALWAYS AS IDENTITY,
	campaign_id bigint NOT NULL,
	seed bigint NOT NULL CHECK (seed >= 0),
	share numeric(4,3) NOT NULL CHECK (share BETWEEN 0.01 AND 0.99),
	a_assistant_id bigint NOT NULL,
	a_version integer NOT NULL,
	b_assistant_id bigint NOT NULL,
	b_version integer NOT NULL,
	first_campaign_version integer,
	end_campaign_version integer,
	winner text CHECK (winner IN ('a', 'b')),
	started_at timestamptz NOT NULL,
	finished_at timestamptz,
	PRIMARY KEY (tenant_id, experiment_id),
	CONSTRAINT campaign FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns,
	CONSTRAINT variant_a FOREIGN KEY (tenant_id, a_assistant_id, a_version) REFERENCES voiceagent.assistant_versions,
	CONSTRAINT variant_b FOREIGN KEY (tenant_id, b_assistant_id, b_version) REFERENCES voiceagent.assistant_versions,
	CONSTRAINT two_versions CHECK ((a_assistant_id, a_version) <> (b_assistant_id, b_version)),
	CONSTRAINT finished_with_winner CHECK ((finished_at IS NULL) = (winner IS NULL)
		AND (finished_at IS NULL) = (end_campaign_version IS NULL))
);
COMMENT ON TABLE voiceagent.experiments IS
	'Comparisons of two versions of assistants in a campaign: a, which it had, and b; one at a time for each campaign.';
COMMENT ON COLUMN voiceagent.experiments.experiment_id IS 'Number of the experiment.';
COMMENT ON COLUMN voiceagent.experiments.campaign_id IS 'The campaign whose leads hear one of the two.';
COMMENT ON COLUMN voiceagent.experiments.seed IS 'Decides, with a lead''s id, which version the lead hears.';
COMMENT ON COLUMN voiceagent.experiments.share IS 'Part of the leads that hear b, 0.01 to 0.99.';
COMMENT ON COLUMN voiceagent.experiments.a_assistant_id IS 'Assistant of variant a.';
COMMENT ON COLUMN voiceagent.experiments.a_version IS 'Version of the assistant of variant a.';
COMMENT ON COLUMN voiceagent.experiments.b_assistant_id IS 'Assistant of variant b.';
COMMENT ON COLUMN voiceagent.experiments.b_version IS 'Version of the assistant of variant b.';
COMMENT ON COLUMN voiceagent.experiments.first_campaign_version IS
	'The campaign''s first version with the experiment: calls of it and of later ones count.';
COMMENT ON COLUMN voiceagent.experiments.end_campaign_version IS
	'The campaign''s first version after the experiment; NULL: it runs.';
COMMENT ON COLUMN voiceagent.experiments.winner IS 'The variant that the campaign has taken up; NULL: it runs.';
COMMENT ON COLUMN voiceagent.experiments.started_at IS 'When it was started.';
COMMENT ON COLUMN voiceagent.experiments.finished_at IS 'When finish_experiment() ended it; NULL: it runs.';
CREATE UNIQUE INDEX experiments_running ON voiceagent.experiments (tenant_id, campaign_id) WHERE finished_at IS NULL;
CREATE INDEX experiments_b ON voiceagent.experiments (tenant_id, b_assistant_id) WHERE finished_at IS NULL;
SELECT voiceagent_private.guard_table('voiceagent.experiments', 'tenant');

CREATE FUNCTION voiceagent_private.variant_of(seed bigint, share numeric, lead_id bigint) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- The first 32 bits of SHA-256, as a part of all there are.
	RETURN CASE WHEN
		('x' || encode(substring(sha256(int8send(seed) || int8send(lead_id)) FOR 4), 'hex'))::bit(32)::bigint
			< share * 4294967296 THEN 'b' ELSE 'a' END;
COMMENT ON FUNCTION voiceagent_private.variant_of(bigint, numeric, bigint) IS
	'Which variant of an experiment with this seed and share a lead hears: a or b, always the same.';

CREATE FUNCTION voiceagent_private.variant_in(experiment jsonb, lead_id bigint) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN experiment IS NULL THEN 'a' ELSE voiceagent_private.variant_of(
		(experiment ->> 'seed')::bigint, (experiment ->> 'share')::numeric, lead_id) END;
COMMENT ON FUNCTION voiceagent_private.variant_in(jsonb, bigint) IS
	'Which variant a lead hears by the terms of an experiment, as campaigns.experiment has them; a without any.';

CREATE FUNCTION voiceagent.variant_of_lead(experiment_id bigint, lead_id bigint) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_experiment voiceagent.experiments;
BEGIN
	SELECT * INTO v_experiment FROM voiceagent.experiments e
	WHERE e.tenant_id = v_tenant AND e.experiment_id = variant_of_lead.experiment_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such experiment');
	PERFORM FROM voiceagent.leads l WHERE l.tenant_id = v_tenant AND l.lead_id = variant_of_lead.lead_id;
	PERFORM voiceagent_private.fail_if(NOT FOUND, 'PT404', 'no such lead');
	RETURN voiceagent_private.variant_of(v_experiment.seed, v_experiment.share, variant_of_lead.lead_id);
END
$$;
COMMENT ON FUNCTION voiceagent.variant_of_lead(bigint, bigint) IS
	E'Which variant of an experiment a lead hears, a or b.\n'
	'It follows from the experiment''s seed and the lead''s id, so it is the same for every call of the lead. PT404.';
