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
		SELECT r.source, r.target, r.key, r.single FROM voiceagent_private.relations() r
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
