-- 10_tenant: who is calling. The proofs are described in extension/tenancy/identity.h.

CREATE FUNCTION voiceagent.current_tenant() RETURNS bigint
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_current_tenant';
COMMENT ON FUNCTION voiceagent.current_tenant() IS
	E'The tenant for whom this statement runs: of the mapped login role, of PostgREST''s verified claims, or of the '
	'signed token in voiceagent.token.\n'
	'Raises PT401 without a proof, so that a missing identity never looks like an empty table.';

CREATE FUNCTION voiceagent_private.is_platform() RETURNS boolean
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_platform';
COMMENT ON FUNCTION voiceagent_private.is_platform() IS
	'True when the person at the outer end of the call (not the owner of a SECURITY DEFINER function) is a superuser, '
	'a member of voiceagent_admin, or one of our workers.';

CREATE FUNCTION voiceagent_private.is_monitor() RETURNS boolean
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_is_monitor';
COMMENT ON FUNCTION voiceagent_private.is_monitor() IS
	'True when the person at the outer end of the call is the platform, as is_platform(), or a member of pg_monitor, '
	'who sees figures of all tenants together and nothing of any one.';

CREATE FUNCTION voiceagent_private.set_staff(who text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_set_staff';
COMMENT ON FUNCTION voiceagent_private.set_staff(text) IS
	'For may_as_platform(): this transaction does what somebody of the staff has the right to.';

CREATE FUNCTION voiceagent_private.set_tenant_for_reports(tenant_id bigint) RETURNS bigint
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_count_for';
COMMENT ON FUNCTION voiceagent_private.set_tenant_for_reports(bigint) IS
	'set_tenant() for reports that give figures of all tenants together: pg_monitor may ask for those, too.';

CREATE FUNCTION voiceagent_private.caller(OUT proof text, OUT tenant_id bigint, OUT member_id bigint,
	OUT member_role text, OUT subject text) RETURNS record
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_caller';
COMMENT ON FUNCTION voiceagent_private.caller() IS
	E'The proof itself: proof (acting, token, claims or role; NULL: none), tenant_id, member_id and member_role '
	'(NULL: not a member but the tenant as a whole), subject (for the audit trail).\n'
	'Raises PT401 for a token that is not valid, PT403 for one of another tenant than the login''s.';

CREATE FUNCTION voiceagent_private.speaks_for_tenant() RETURNS boolean
	LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_speaks_for_tenant';
COMMENT ON FUNCTION voiceagent_private.speaks_for_tenant() IS
	'Whether the caller''s token was signed by a key of one tenant, or is of a session that began at the tenant''s own '
	'provider: it says nothing of who a person is elsewhere.';

CREATE FUNCTION voiceagent_private.role_map_changed() RETURNS trigger
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_role_map_changed';
COMMENT ON FUNCTION voiceagent_private.role_map_changed() IS
	'Trigger of role_map and tenant_moves: at the commit every session looks again whom its login role stands for, '
	'and which tenants are served here.';

CREATE FUNCTION voiceagent_private.sessions_changed() RETURNS trigger
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_sessions_changed';
COMMENT ON FUNCTION voiceagent_private.sessions_changed() IS
	'Trigger of members: at the commit every session judges the tokens of members anew.';

CREATE TYPE voiceagent_private.remembered AS ();
COMMENT ON TYPE voiceagent_private.remembered IS
	'Nothing has it: settings_changed() tells sessions of its change, which no plan depends on.';

CREATE FUNCTION voiceagent_private.settings_changed() RETURNS trigger
	LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'va_sql_settings_changed';
COMMENT ON FUNCTION voiceagent_private.settings_changed() IS
	'Trigger of the tables of settings, and of those that say the terms of campaigns and accounts: at the commit every '
	'session forgets the values that it has remembered.';
