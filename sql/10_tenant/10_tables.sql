-- 10_tenant: tenants, their members, keys, settings and the audit trail.

CREATE TABLE voiceagent.tenants (
	tenant_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	timezone text NOT NULL,
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL,
	standing text NOT NULL DEFAULT 'verified' CHECK (standing IN ('new', 'asked', 'verified', 'refused')),
	standing_reason text,
	braked text,
	brake_ended_at timestamptz
);
COMMENT ON TABLE voiceagent.tenants IS 'The businesses that use the platform.';
COMMENT ON COLUMN voiceagent.tenants.name IS 'Name of the business.';
COMMENT ON COLUMN voiceagent.tenants.timezone IS
	E'IANA time zone of the business, in which the days of its caps begin and end, and times are meant that are '
	'written without an offset in its campaigns, files, audiences'' conditions and requests by PostgREST (an argument '
	'that is a time itself is read in the session''s).\n'
	'A lead''s own zone decides about calls. set_tenant_timezone() changes it.';
COMMENT ON COLUMN voiceagent.tenants.active IS 'False: the tenant reads, but dials nothing.';
COMMENT ON COLUMN voiceagent.tenants.standing IS
	'Its rights on real carriers: verified, all; new and asked, a little a day; refused, nothing.';
COMMENT ON COLUMN voiceagent.tenants.standing_reason IS 'Why, in the words of the platform''s staff; NULL: none.';
COMMENT ON COLUMN voiceagent.tenants.braked IS
	'Why its real calls are paused, in words: too many people wanted no more of them; NULL: they are not.';
COMMENT ON COLUMN voiceagent.tenants.brake_ended_at IS
	'When the newest such pause ended: calls from then on count for the next; NULL: there was none.';
SELECT voiceagent_private.guard_table('voiceagent.tenants', 'tenant');
CREATE POLICY platform ON voiceagent.tenants FOR SELECT TO voiceagent_admin USING (true);

CREATE TABLE voiceagent_private.tenant_directory (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	active boolean NOT NULL DEFAULT true,
	channel text NOT NULL UNIQUE,
	subscribed_until timestamptz NOT NULL DEFAULT '-infinity',
	has_webhook_subscriptions boolean NOT NULL DEFAULT false,
	dial_weight smallint NOT NULL DEFAULT 1 CHECK (dial_weight BETWEEN 1 AND 100)
);
COMMENT ON TABLE voiceagent_private.tenant_directory IS
	'Facts on every tenant, needed before one is chosen: whether it may dial, and its NOTIFY channel.';
COMMENT ON COLUMN voiceagent_private.tenant_directory.channel IS 'Unguessable name given out by subscribe().';
COMMENT ON COLUMN voiceagent_private.tenant_directory.subscribed_until IS 'NOTIFY is sent only while this lies ahead.';
COMMENT ON COLUMN voiceagent_private.tenant_directory.dial_weight IS
	'How many times the share of a tenant of weight 1 it has of the requests for calls on their way, where both want '
	'more.';
COMMENT ON COLUMN voiceagent_private.tenant_directory.has_webhook_subscriptions IS
	'False: a session that records an event need not look for webhook subscriptions.';
SELECT voiceagent_private.guard_table('voiceagent_private.tenant_directory', 'routing');

CREATE TABLE voiceagent.members (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	member_id bigint GENERATED ALWAYS AS IDENTITY,
	email text NOT NULL CHECK (email ~ '^[^@\s]+@[^@\s]+$' AND length(email) <= 254),
	role voiceagent.member_role NOT NULL DEFAULT 'owner',
	active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL,
	session_version integer NOT NULL DEFAULT 1 CHECK (session_version > 0),
	email_proved_at timestamptz,
	PRIMARY KEY (tenant_id, member_id)
);
COMMENT ON TABLE voiceagent.members IS 'The people of a tenant who may log in.';
COMMENT ON COLUMN voiceagent.members.member_id IS 'Number of the member.';
COMMENT ON COLUMN voiceagent.members.email IS 'E-mail address, the login name.';
COMMENT ON COLUMN voiceagent.members.role IS 'The member''s role: enumeration member_role.';
COMMENT ON COLUMN voiceagent.members.active IS 'False: may not log in, and tokens of it prove nothing.';
COMMENT ON COLUMN voiceagent.members.session_version IS
	'A token of the member proves it while its claim session_version (1 where it has none) is this: change_password() '
	'and end_sessions() count it up.';
COMMENT ON COLUMN voiceagent.members.email_proved_at IS
	'When the member followed a link that was mailed there; NULL: not yet, and no notices are mailed there.';
CREATE UNIQUE INDEX members_email ON voiceagent.members (tenant_id, lower(email));
SELECT voiceagent_private.guard_table('voiceagent.members', 'tenant');
CREATE TRIGGER changed AFTER UPDATE OF active, session_version OR DELETE ON voiceagent.members
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.sessions_changed();

CREATE TABLE voiceagent_private.member_logins (
	tenant_id bigint NOT NULL,
	member_id bigint NOT NULL,
	email text NOT NULL,
	password_hash text NOT NULL,
	person uuid,
	ended_sessions bigint[] NOT NULL DEFAULT '{}',
	PRIMARY KEY (tenant_id, member_id),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.member_logins IS
	'Password hashes (bcrypt), looked up by e-mail before the tenant is known.';
COMMENT ON COLUMN voiceagent_private.member_logins.email IS 'Lower case.';
COMMENT ON COLUMN voiceagent_private.member_logins.person IS
	'The same in all logins of an address that one person has proved by their passwords (add_workspace()); NULL from '
	'each new password on.';
COMMENT ON COLUMN voiceagent_private.member_logins.ended_sessions IS
	'When the sessions began that end_session() has ended, in seconds since 1970, while tokens of theirs can last.';
CREATE INDEX member_logins_email ON voiceagent_private.member_logins (email);
SELECT voiceagent_private.guard_table('voiceagent_private.member_logins', 'routing');

CREATE TABLE voiceagent_private.login_origins (
	tenant_id bigint NOT NULL,
	member_id bigint NOT NULL,
	origin text NOT NULL,
	succeeded_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, member_id, origin),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.login_origins IS
	'Addresses from which a member has logged in within 90 days: wrong passwords from elsewhere do '
	'not keep it out there.';
SELECT voiceagent_private.guard_table('voiceagent_private.login_origins', 'routing');

CREATE TABLE voiceagent_private.login_salt (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	secret bytea NOT NULL
);
COMMENT ON TABLE voiceagent_private.login_salt IS
	E'The secret from which the salts of passwords are derived, one for each e-mail address.\n'
	'Made with the first tenant.';
SELECT voiceagent_private.guard_table('voiceagent_private.login_salt', 'platform');

CREATE TABLE voiceagent.api_keys (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	api_key_id bigint GENERATED ALWAYS AS IDENTITY,
	label text NOT NULL,
	hint text NOT NULL,
	created_by text NOT NULL,
	created_at timestamptz NOT NULL,
	revoked_at timestamptz,
	role voiceagent.member_role NOT NULL DEFAULT 'owner',
	PRIMARY KEY (tenant_id, api_key_id)
);
COMMENT ON TABLE voiceagent.api_keys IS 'API keys by label; the key itself was shown once and is kept only as a hash.';
COMMENT ON COLUMN voiceagent.api_keys.api_key_id IS 'Number of the key.';
COMMENT ON COLUMN voiceagent.api_keys.label IS 'The key''s purpose, in the tenant''s words.';
COMMENT ON COLUMN voiceagent.api_keys.created_by IS
	'Who made it, as audit_log.actor says it: whoever has seen the key.';
COMMENT ON COLUMN voiceagent.api_keys.revoked_at IS 'When it stopped being valid; NULL: it is valid.';
COMMENT ON COLUMN voiceagent.api_keys.role IS 'The key''s role: enumeration member_role.';
COMMENT ON COLUMN voiceagent.api_keys.hint IS 'The last four characters, to tell keys apart.';
SELECT voiceagent_private.guard_table('voiceagent.api_keys', 'tenant');

CREATE TABLE voiceagent_private.api_key_routes (
	key_hash bytea PRIMARY KEY,
	tenant_id bigint NOT NULL,
	api_key_id bigint NOT NULL,
	FOREIGN KEY (tenant_id, api_key_id) REFERENCES voiceagent.api_keys ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.api_key_routes IS
	'SHA-256 of a live API key -> its tenant; a revoked key has no row.';
SELECT voiceagent_private.guard_table('voiceagent_private.api_key_routes', 'routing');

CREATE TABLE voiceagent_private.role_map (
	role_name name PRIMARY KEY,
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	role_oid oid NOT NULL
);
COMMENT ON TABLE voiceagent_private.role_map IS 'Login role -> the one tenant that it stands for.';
COMMENT ON COLUMN voiceagent_private.role_map.role_oid IS
	E'The role that was mapped.\n'
	'One of the same name that was made later is another role and stands for no tenant.';
SELECT voiceagent_private.guard_table('voiceagent_private.role_map', 'routing');
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent_private.role_map
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.role_map_changed();

CREATE FUNCTION voiceagent_private.reject_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
		MESSAGE = pg_catalog.format('table "%s" is append-only', TG_TABLE_NAME),
		DETAIL = 'What was recorded stays as it was recorded.';
END
$$;
COMMENT ON FUNCTION voiceagent_private.reject_change() IS
	'Trigger of append-only tables: refuses UPDATE, DELETE and TRUNCATE to everybody, their owner included.';

CREATE TABLE voiceagent.audit_log (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	audit_id bigint GENERATED ALWAYS AS IDENTITY,
	at timestamptz NOT NULL,
	actor text NOT NULL,
	action text NOT NULL,
	object text NOT NULL,
	old_value jsonb,
	new_value jsonb,
	PRIMARY KEY (tenant_id, audit_id)
);
COMMENT ON TABLE voiceagent.audit_log IS
	E'Append-only: what administrators and members changed, and when.\n'
	'Never holds a secret.';
COMMENT ON COLUMN voiceagent.audit_log.audit_id IS 'Number of the entry.';
COMMENT ON COLUMN voiceagent.audit_log.at IS 'When.';
COMMENT ON COLUMN voiceagent.audit_log.action IS 'The deed, e.g. create_member.';
COMMENT ON COLUMN voiceagent.audit_log.object IS 'Its object.';
COMMENT ON COLUMN voiceagent.audit_log.old_value IS 'The value before; NULL: none.';
COMMENT ON COLUMN voiceagent.audit_log.new_value IS 'The value since; NULL: none.';
COMMENT ON COLUMN voiceagent.audit_log.actor IS 'The member, API key or database role that acted.';
SELECT voiceagent_private.guard_table('voiceagent.audit_log', 'tenant');
REVOKE UPDATE, DELETE ON voiceagent.audit_log FROM voiceagent_worker;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent.audit_log
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();

CREATE TABLE voiceagent_private.platform_audit_log (
	audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at timestamptz NOT NULL,
	actor text NOT NULL,
	action text NOT NULL,
	object text NOT NULL,
	old_value jsonb,
	new_value jsonb
);
COMMENT ON TABLE voiceagent_private.platform_audit_log IS
	'Append-only: what administrators did that belongs to no tenant.';
SELECT voiceagent_private.guard_table('voiceagent_private.platform_audit_log', 'platform');
REVOKE UPDATE, DELETE ON voiceagent_private.platform_audit_log FROM voiceagent_worker;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON voiceagent_private.platform_audit_log
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.reject_change();

CREATE TABLE voiceagent_private.platform_settings (
	key text PRIMARY KEY,
	value text NOT NULL
);
COMMENT ON TABLE voiceagent_private.platform_settings IS 'Values that differ from the default for the whole platform.';
SELECT voiceagent_private.guard_table('voiceagent_private.platform_settings', 'platform');
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent_private.platform_settings
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

CREATE TABLE voiceagent_private.tenant_settings (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	key text NOT NULL,
	value text NOT NULL,
	PRIMARY KEY (tenant_id, key)
);
COMMENT ON TABLE voiceagent_private.tenant_settings IS 'Values that differ from the platform''s for one tenant.';
SELECT voiceagent_private.guard_table('voiceagent_private.tenant_settings', 'internal');
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent_private.tenant_settings
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.settings_changed();

/*
 * A tenant is served by one cell (95_ops/75_cells.sql).  Workers and callers
 * find it by rows of routing tables; where it is not served these lie in
 * parked_rows, so there is nothing to find, and nothing on the way of others
 * asks.
 */
CREATE TABLE voiceagent_private.tenant_moves (
	tenant_id bigint PRIMARY KEY,
	cell integer NOT NULL,
	state text NOT NULL CHECK (state IN ('offered', 'leaving', 'gone', 'coming', 'here')),
	served boolean NOT NULL,
	changed_at timestamptz NOT NULL,
	marked_at timestamptz,
	digests jsonb
);
COMMENT ON TABLE voiceagent_private.tenant_moves IS 'Tenants that move, or have moved, to this cell or from it.';
COMMENT ON COLUMN voiceagent_private.tenant_moves.cell IS 'The other cell.';
COMMENT ON COLUMN voiceagent_private.tenant_moves.state IS
	'offered: to be copied; leaving: no new session gets in; gone: to be served there; coming: being copied from '
	'there; here: it has come.';
COMMENT ON COLUMN voiceagent_private.tenant_moves.served IS 'Whether this cell serves the tenant.';
COMMENT ON COLUMN voiceagent_private.tenant_moves.changed_at IS 'Since when it has the state.';
COMMENT ON COLUMN voiceagent_private.tenant_moves.marked_at IS
	'A time behind the last step: who had begun before may be about to write another row to park.';
COMMENT ON COLUMN voiceagent_private.tenant_moves.digests IS 'Rows and digest of each table as it went.';
SELECT voiceagent_private.guard_table('voiceagent_private.tenant_moves', 'routing');
CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON voiceagent_private.tenant_moves
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.role_map_changed();

CREATE TABLE voiceagent_private.parked_rows (
	tenant_id bigint NOT NULL,
	parked_row_id bigint GENERATED ALWAYS AS IDENTITY,
	relation text NOT NULL,
	fields jsonb NOT NULL,
	PRIMARY KEY (tenant_id, parked_row_id)
);
COMMENT ON TABLE voiceagent_private.parked_rows IS
	'Rows of tables by which a tenant is found, while it moves; they travel with its other rows.';
COMMENT ON COLUMN voiceagent_private.parked_rows.relation IS 'Their table; empty: the seal, when all have been parked.';
SELECT voiceagent_private.guard_table('voiceagent_private.parked_rows', 'internal');

CREATE TABLE voiceagent_private.signposts (
	digest bytea PRIMARY KEY,
	tenant_id bigint NOT NULL
);
COMMENT ON TABLE voiceagent_private.signposts IS
	'Addresses (webhooks, intakes), API keys and login roles of tenants that have moved away: a caller gets the cell.';
COMMENT ON COLUMN voiceagent_private.signposts.digest IS
	'SHA-256 of the address''s end or the key; of a role the word, its name and oid.';
SELECT voiceagent_private.guard_table('voiceagent_private.signposts', 'routing');
