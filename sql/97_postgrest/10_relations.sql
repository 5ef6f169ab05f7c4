/*
 * 97_postgrest: what a client of PostgREST may embed.
 *
 * The hot tables have no foreign keys, and views cannot have any, so PostgREST
 * cannot know how they belong together.  A function from a row of one to the
 * rows of the other tells it (a computed relationship); so does
 * SELECT ... FROM voiceagent.calls c, voiceagent.leads(c).  The planner puts
 * the body in place of the call, which needs it to be plain SQL without a SET
 * clause; row-level security is the caller's.
 */

DO $$
DECLARE
	v record;
BEGIN
	FOR v IN
		SELECT r.source, r.target, r.key, r.single FROM (VALUES
			('calls', 'leads', 'lead_id', true),
			('calls', 'campaigns', 'campaign_id', true),
			('calls', 'assistants', 'assistant_id', true),
			('calls', 'provider_accounts', 'provider_account_id', true),
			('calls', 'attempts', 'call_id', true),
			('calls', 'appointments', 'call_id', true),
			('calls', 'call_turns', 'call_id', false),
			('calls', 'call_tools', 'call_id', false),
			('calls', 'transfers', 'call_id', false),
			('transfers', 'calls', 'call_id', true),
			('calls', 'call_readings', 'call_id', true),
			('calls', 'call_fields', 'call_id', false),
			('calls', 'call_events', 'call_id', false),
			('calls', 'credit_transactions', 'call_id', false),
			('calls', 'tasks', 'call_id', false),
			('calls', 'call_listings', 'call_id', false),
			('call_listings', 'calls', 'call_id', true),
			('tasks', 'calls', 'call_id', true),
			('attempts', 'calls', 'call_id', true),
			('call_turns', 'calls', 'call_id', true),
			('call_readings', 'calls', 'call_id', true),
			('call_fields', 'calls', 'call_id', true),
			('call_events', 'calls', 'call_id', true),
			('call_events', 'leads', 'lead_id', true),
			('call_events', 'campaigns', 'campaign_id', true),
			('credit_transactions', 'calls', 'call_id', true),
			('credit_transactions', 'campaigns', 'campaign_id', true),
			('appointments', 'calls', 'call_id', true),
			('active_calls', 'leads', 'lead_id', true),
			('active_calls', 'campaigns', 'campaign_id', true),
			('calls', 'call_inbound', 'call_id', true),
			('call_inbound', 'calls', 'call_id', true),
			('campaign_leads', 'leads', 'lead_id', true),
			('campaign_leads', 'campaigns', 'campaign_id', true),
			('campaign_progress', 'campaigns', 'campaign_id', true),
			('campaigns', 'campaign_leads', 'campaign_id', false),
			('campaigns', 'campaign_progress', 'campaign_id', true),
			('campaigns', 'calls', 'campaign_id', false),
			('leads', 'calls', 'lead_id', false),
			('leads', 'campaign_leads', 'lead_id', false),
			('leads', 'call_events', 'lead_id', false))
			AS r(source, target, key, single)
		-- A room may have been left out.
		WHERE to_regclass('voiceagent.' || r.source) IS NOT NULL AND to_regclass('voiceagent.' || r.target) IS NOT NULL
	LOOP
		EXECUTE format($f$
			CREATE FUNCTION voiceagent.%2$I(voiceagent.%1$I) RETURNS SETOF voiceagent.%2$I ROWS %4$s
				LANGUAGE sql STABLE PARALLEL SAFE AS
				'SELECT t.* FROM voiceagent.%2$I t WHERE t.tenant_id = $1.tenant_id AND t.%3$I = $1.%3$I'
			$f$, v.source, v.target, v.key, CASE WHEN v.single THEN 1 ELSE 100 END);
		EXECUTE format('COMMENT ON FUNCTION voiceagent.%I(voiceagent.%I) IS %L', v.target, v.source,
			format(E'The rows of %s that belong to a row of %s, by %s.\nPostgREST embeds them: /%s?select=*,%s(*).',
				v.target, v.source, v.key, v.source, v.target));
	END LOOP;
END
$$;
