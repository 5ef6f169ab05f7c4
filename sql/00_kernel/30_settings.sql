-- 00_kernel: what can be set. The values lie where they belong: platform and tenant in 10_tenant,
-- campaign in 45_campaign.

CREATE TABLE voiceagent_private.setting_definitions (
	key text PRIMARY KEY,
	kind text NOT NULL
		CHECK (kind IN ('integer', 'number', 'interval', 'boolean', 'text', 'choice', 'country', 'hours', 'days',
			'parts', 'shapes')),
	default_value text NOT NULL,
	unit text NOT NULL,
	minimum text,
	maximum text,
	levels text[] NOT NULL CHECK (levels <@ ARRAY['platform', 'tenant', 'campaign']),
	scaled boolean NOT NULL DEFAULT false,
	description text NOT NULL,
	share text CHECK (share IS NULL OR share IN ('most', 'least') AND kind IN ('integer', 'number', 'interval')),
	least_roles text[] NOT NULL CONSTRAINT a_role_a_level CHECK (cardinality(least_roles) = cardinality(levels)
		AND array_position(least_roles, NULL) IS NULL AND least_roles <@ '{operator,admin,manager,owner}'::text[])
);
COMMENT ON TABLE voiceagent_private.setting_definitions IS
	'Every setting: type, default, unit, range, and at which levels it may be set.';
COMMENT ON COLUMN voiceagent_private.setting_definitions.kind IS
	'interval: interval text or a number of seconds; hours: {"start","end","days"}; days: of '
	'read_days(); parts: {"parts","days","tries_per_part"}, or nothing; choice: one of the words of its unit; country: '
	'two letters of ISO 3166-1 that have a number plan, or +; shapes: lines of check_masked_words().';
COMMENT ON COLUMN voiceagent_private.setting_definitions.scaled IS
	'Divided by sandbox_time_scale on the sandbox carrier, unless the campaign set it itself.';
COMMENT ON COLUMN voiceagent_private.setting_definitions.share IS
	E'For a part of what all tenants have in common: what the platform sets, else the default, is the most, or the '
	'least, that a tenant may set.\n'
	'NULL: it concerns the tenant alone.';
COMMENT ON COLUMN voiceagent_private.setting_definitions.least_roles IS
	E'Who may set it, for each of levels in its order.\n'
	'Platform: operators of the staff, its owners (what is charged), or voiceagent_admin (links, secrets, hosts, '
	'proofs, the staff). Tenant, campaign: managers, or owners (what is spent, who is asked and notified).';
SELECT voiceagent_private.guard_table('voiceagent_private.setting_definitions', 'platform', 'WHERE false');
