-- The tenant for policies, and the tenant that a function of the platform acts for.

CREATE FUNCTION voiceagent_private.policy_tenant() RETURNS bigint
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_policy_tenant';
COMMENT ON FUNCTION voiceagent_private.policy_tenant() IS
	E'For policies alone: current_tenant(), or NULL without a proof that counts.\n'
	'It never raises: PostgreSQL runs some conditions of the user first, and an error would tell which rows they '
	'matched. A statement without a proof is refused before it reads a row (extension/tenancy/policy.h).';

CREATE FUNCTION voiceagent_private.set_tenant(tenant_id bigint) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_act_for';
COMMENT ON FUNCTION voiceagent_private.set_tenant(bigint) IS
	E'Makes current_tenant() return this tenant until the transaction (or subtransaction) ends, and returns the one '
	'it acted for before (0: none), to be given back at the end of a function; 0 ends it.\n'
	'For our workers, superusers and members of voiceagent_admin; anybody else gets 42501.';
