/*
 * 45_campaign: addresses where programs of others leave leads (sql/59_text/80_intake.sql takes them).
 *
 * An address is a secret path, of which only a hash is kept; an intake may ask
 * for a signature of the body besides.  A request has one effect: its row, by
 * the sender's own id, is written in the commit of the effect.
 */

CREATE TABLE voiceagent.intake_presets (
	preset text PRIMARY KEY,
	description text NOT NULL,
	sender_id text,
	mapping jsonb NOT NULL CHECK (jsonb_typeof(mapping) = 'object')
);
COMMENT ON TABLE voiceagent.intake_presets IS
	'The names that well-known programs give the fields of a lead, for create_intake(): where their requests have the '
	'id and the fields that an import would not know by name.';
COMMENT ON COLUMN voiceagent.intake_presets.preset IS 'Name of the program.';
COMMENT ON COLUMN voiceagent.intake_presets.description IS 'Instructions for the set-up there.';
COMMENT ON COLUMN voiceagent.intake_presets.sender_id IS
	'The field with the sender''s own id of a request; NULL: there is none, and it is known by its body.';
COMMENT ON COLUMN voiceagent.intake_presets.mapping IS '{"our field": "their field"}, as of an import.';
SELECT voiceagent_private.guard_table('voiceagent.intake_presets', 'platform', 'WHERE false');

-- The id of a contact is none of a request: what it says later, such as that it wants no calls, would be taken for the
-- same again.
INSERT INTO voiceagent.intake_presets (preset, description, sender_id, mapping) VALUES
	('hubspot', 'A workflow''s action "Send a webhook" (POST) with the contact''s properties.', NULL,
		'{"phone": "phone", "first_name": "firstname", "last_name": "lastname", "timezone": "hs_timezone"}'),
	('salesforce', 'A flow''s HTTP callout, or a trigger, with the lead as JSON.', NULL,
		'{"phone": "Phone", "phone2": "MobilePhone", "do_not_call": "DoNotCall"}'),
	('pipedrive', 'A webhook of persons, action create, version 2.', 'meta.id',
		'{"phone": "phone", "name": "name", "email": "email"}'),
	('gohighlevel', 'A workflow''s action "Custom webhook", or a webhook of contacts.', NULL,
		'{"phone": "phone", "first_name": "firstName", "last_name": "lastName", "do_not_call": "dnd"}'),
	('jotform', 'A form''s integration "Webhooks".', 'submissionID', '{}'),
	('facebook', 'Lead forms, by whatever reads them from Facebook and sends on field_data of the Graph API.', 'id',
		'{"phone": "phone_number", "name": "full_name", "consent_at": "created_time"}');

CREATE TABLE voiceagent.intakes (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	intake_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	campaign_id bigint,
	mapping jsonb NOT NULL,
	sender_id text,
	default_country text,
	consent jsonb NOT NULL DEFAULT '{}',
	daily_limit integer NOT NULL CHECK (daily_limit BETWEEN 1 AND 100000),
	signed boolean NOT NULL,
	active boolean NOT NULL DEFAULT true,
	joined bigint NOT NULL DEFAULT 0,
	day date NOT NULL DEFAULT '-infinity',
	joined_today integer NOT NULL DEFAULT 0,
	refused bigint NOT NULL DEFAULT 0,
	ignored bigint NOT NULL DEFAULT 0,
	last_refusal text,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, intake_id),
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns
);
COMMENT ON TABLE voiceagent.intakes IS
	'Addresses where programs of others leave leads, one at a time: create_intake().';
COMMENT ON COLUMN voiceagent.intakes.name IS 'Its name, as people call it.';
COMMENT ON COLUMN voiceagent.intakes.intake_id IS 'Number of the intake.';
COMMENT ON COLUMN voiceagent.intakes.campaign_id IS 'The campaign that its leads join at once; NULL: none.';
COMMENT ON COLUMN voiceagent.intakes.mapping IS '{"our field": "their field"}, as of an import.';
COMMENT ON COLUMN voiceagent.intakes.sender_id IS
	'The field with the sender''s own id of a request; without it the header Idempotency-Key is taken, or the body.';
COMMENT ON COLUMN voiceagent.intakes.default_country IS
	'Country of numbers without a country code; NULL: the tenant''s.';
COMMENT ON COLUMN voiceagent.intakes.consent IS
	'The consent in the form: {"kinds", "wording", "version", "source", "always"}.';
COMMENT ON COLUMN voiceagent.intakes.daily_limit IS
	'How many leads join the campaign a day (of UTC); one more is kept as a lead and joins nothing.';
COMMENT ON COLUMN voiceagent.intakes.signed IS 'Whether each body must be signed with the intake''s secret.';
COMMENT ON COLUMN voiceagent.intakes.active IS 'Whether it takes anything.';
COMMENT ON COLUMN voiceagent.intakes.joined IS 'Leads that it has brought its campaign so far.';
COMMENT ON COLUMN voiceagent.intakes.day IS 'The latest day (of UTC) on which it has brought one.';
COMMENT ON COLUMN voiceagent.intakes.joined_today IS 'How many it has brought on that day.';
COMMENT ON COLUMN voiceagent.intakes.created_at IS 'When it was made.';
COMMENT ON COLUMN voiceagent.intakes.refused IS 'Requests that could not be read as a lead.';
COMMENT ON COLUMN voiceagent.intakes.ignored IS 'Requests that add no lead, such as of a contact that was deleted.';
COMMENT ON COLUMN voiceagent.intakes.last_refusal IS
	'Why the last of them could not, or did not, or what of the last one was not understood.';
CREATE INDEX intakes_campaign ON voiceagent.intakes (tenant_id, campaign_id) WHERE campaign_id IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.intakes', 'tenant');

CREATE TABLE voiceagent.intake_requests (
	tenant_id bigint NOT NULL,
	intake_id bigint NOT NULL,
	sender_id text NOT NULL CHECK (length(sender_id) BETWEEN 1 AND 200),
	received_at timestamptz NOT NULL,
	outcome text NOT NULL
		CHECK (outcome IN ('added', 'updated', 'there already', 'do_not_call', 'kept', 'waiting', 'refused',
			'ignored')),
	lead_id bigint,
	names text[],
	vals text[],
	PRIMARY KEY (tenant_id, intake_id, sender_id),
	FOREIGN KEY (tenant_id, intake_id) REFERENCES voiceagent.intakes,
	CHECK (outcome <> 'waiting' OR num_nonnulls(names, vals) = 2)
);
COMMENT ON TABLE voiceagent.intake_requests IS
	'Requests by an intake, by the sender''s own id: the same again has no effect.';
COMMENT ON COLUMN voiceagent.intake_requests.intake_id IS 'By which intake it came.';
COMMENT ON COLUMN voiceagent.intake_requests.sender_id IS 'The sender''s id of the request, or a digest of its body.';
COMMENT ON COLUMN voiceagent.intake_requests.received_at IS 'When it came first.';
COMMENT ON COLUMN voiceagent.intake_requests.outcome IS
	'waiting (an import has the leads), added, updated, there already, do_not_call (the number is on the list), kept '
	'(a lead that joined no campaign: more than daily_limit), refused (what waited could not be read as a lead), '
	'ignored (it is of somebody who goes).';
COMMENT ON COLUMN voiceagent.intake_requests.lead_id IS 'The lead; NULL: none, or it is gone.';
COMMENT ON COLUMN voiceagent.intake_requests.names IS 'While it waits, the paths of its fields.';
COMMENT ON COLUMN voiceagent.intake_requests.vals IS 'While it waits, what its fields say.';
CREATE INDEX intake_requests_lead ON voiceagent.intake_requests (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX intake_requests_received ON voiceagent.intake_requests (tenant_id, received_at);
SELECT voiceagent_private.guard_table('voiceagent.intake_requests', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended, condition) VALUES
	('intake', 'Requests to intakes, by the senders'' ids', 'voiceagent.intake_requests', 'received_at',
	'o.outcome <> ''waiting''');

CREATE TABLE voiceagent_private.intake_routes (
	token_hash bytea PRIMARY KEY,
	tenant_id bigint NOT NULL,
	intake_id bigint NOT NULL
);
COMMENT ON TABLE voiceagent_private.intake_routes IS 'Whose intake an address is.';
COMMENT ON COLUMN voiceagent_private.intake_routes.token_hash IS 'SHA-256 of the end of the address.';
CREATE INDEX intake_routes_intake ON voiceagent_private.intake_routes (tenant_id, intake_id);
SELECT voiceagent_private.guard_table('voiceagent_private.intake_routes', 'routing');

CREATE TABLE voiceagent_private.waiting_intakes (
	tenant_id bigint NOT NULL,
	intake_id bigint NOT NULL,
	sender_id text NOT NULL,
	next_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, intake_id, sender_id)
);
COMMENT ON TABLE voiceagent_private.waiting_intakes IS
	'Requests of intakes that came while another transaction, such as an import, had the leads.';
COMMENT ON COLUMN voiceagent_private.waiting_intakes.next_at IS 'When it is tried again.';
SELECT voiceagent_private.guard_table('voiceagent_private.waiting_intakes', 'routing', waits => '{next_at}');
