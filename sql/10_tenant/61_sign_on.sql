/*
 * 10_tenant: the identity provider of a tenant, at which its members log in
 * (96_console/88_sign_on.sql has the way there).
 *
 * The people who run the provider can log in as any member of that tenant, and
 * nowhere else: a session that began there proves nothing to other tenants.
 */

CREATE TABLE voiceagent.sign_ons (
	tenant_id bigint PRIMARY KEY REFERENCES voiceagent.tenants,
	issuer text NOT NULL,
	client_id text NOT NULL,
	mail_domains text[] NOT NULL,
	roles jsonb NOT NULL,
	new_members boolean NOT NULL,
	required boolean NOT NULL,
	mail_is_verified boolean NOT NULL DEFAULT false,
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent.sign_ons IS
	'At which identity provider (OpenID Connect) the members of a tenant log in; set_sign_on() sets it.';
COMMENT ON COLUMN voiceagent.sign_ons.issuer IS 'The provider, as its tokens name it.';
COMMENT ON COLUMN voiceagent.sign_ons.client_id IS 'Under which the provider knows this workspace.';
COMMENT ON COLUMN voiceagent.sign_ons.mail_domains IS 'Members log in there with addresses of these domains alone.';
COMMENT ON COLUMN voiceagent.sign_ons.mail_is_verified IS
	'The owner''s word: where a token says nothing of it, the provider has verified its mail address.';
COMMENT ON COLUMN voiceagent.sign_ons.roles IS
	E'The role of each group of the provider''s; {}: roles are set here.\n'
	'Whoever is in several groups has the one that may most.';
COMMENT ON COLUMN voiceagent.sign_ons.new_members IS 'Whoever the provider knows becomes a member by logging in.';
COMMENT ON COLUMN voiceagent.sign_ons.changed_at IS 'When set_sign_on() was called last.';
COMMENT ON COLUMN voiceagent.sign_ons.required IS 'Passwords of members are refused, but for those of owners.';
SELECT voiceagent_private.guard_table('voiceagent.sign_ons', 'tenant');

CREATE TABLE voiceagent_private.sign_on_members (
	tenant_id bigint NOT NULL,
	subject text NOT NULL,
	member_id bigint NOT NULL,
	linked_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, subject),
	UNIQUE (tenant_id, member_id),
	FOREIGN KEY (tenant_id, member_id) REFERENCES voiceagent.members ON DELETE CASCADE
);
COMMENT ON TABLE voiceagent_private.sign_on_members IS
	'Which account at the tenant''s provider is which member, since it first logged in there.';
SELECT voiceagent_private.guard_table('voiceagent_private.sign_on_members', 'internal');

/*
 * The staff has a provider as well.  Its memory stands in the two tables below
 * under the number of no tenant, so that one way in serves both.
 */
CREATE FUNCTION voiceagent_private.staff_tenant() RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 9223372036854775807;
COMMENT ON FUNCTION voiceagent_private.staff_tenant() IS
	'The number of no tenant, under which the staff logs in at its provider.';

CREATE TABLE voiceagent_private.staff_sign_on (
	is_ours boolean PRIMARY KEY DEFAULT true CHECK (is_ours),
	issuer text NOT NULL,
	client_id text NOT NULL,
	mail_domains text[] NOT NULL,
	roles jsonb NOT NULL,
	acr text,
	changed_at timestamptz NOT NULL
);
COMMENT ON TABLE voiceagent_private.staff_sign_on IS
	'At which identity provider the platform''s staff logs in; set_staff_sign_on() sets it, in one row.';
COMMENT ON COLUMN voiceagent_private.staff_sign_on.roles IS 'The role of each group; {}: roles are set here.';
COMMENT ON COLUMN voiceagent_private.staff_sign_on.acr IS
	'By which class the provider says that a second factor was shown; NULL: by its methods (amr) alone.';
SELECT voiceagent_private.guard_table('voiceagent_private.staff_sign_on', 'platform');

CREATE TABLE voiceagent_private.sign_on_documents (
	tenant_id bigint PRIMARY KEY,
	discovery jsonb,
	discovered_at timestamptz,
	asked_at timestamptz,
	keys jsonb,
	keys_asked_at timestamptz
);
COMMENT ON TABLE voiceagent_private.sign_on_documents IS
	'The metadata of a tenant''s identity provider and the keys by which it signs, as fetched last.';
COMMENT ON COLUMN voiceagent_private.sign_on_documents.asked_at IS 'When it was asked for last, whatever came.';
SELECT voiceagent_private.guard_table('voiceagent_private.sign_on_documents', 'internal');

CREATE TABLE voiceagent_private.sign_on_used (
	tenant_id bigint NOT NULL,
	state text NOT NULL,
	used_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, state)
);
COMMENT ON TABLE voiceagent_private.sign_on_used IS
	'Logins whose code was sent to the provider: none is sent again while its browser could come back.';
SELECT voiceagent_private.guard_table('voiceagent_private.sign_on_used', 'internal');

CREATE FUNCTION voiceagent_private.require_password_role(role text) RETURNS void
	LANGUAGE plpgsql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	PERFORM voiceagent_private.fail_if(role <> 'owner' AND EXISTS (SELECT FROM voiceagent.sign_ons s
		WHERE s.tenant_id = v_tenant AND s.required), 'PT403', 'members of this workspace log in at its own provider',
		'Passwords are for its owners alone.', format('Log in at /sign-on/%s of the console.', v_tenant));
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_password_role(text) IS
	'PT403 where the current tenant takes no password of a member of that role.';
