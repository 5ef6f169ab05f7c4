-- 70_appointment: what was agreed in a call, held as pending until a person decides.

CREATE TABLE voiceagent.calendars (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	calendar_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	timezone text NOT NULL,
	is_default boolean NOT NULL DEFAULT false,
	PRIMARY KEY (tenant_id, calendar_id),
	UNIQUE (tenant_id, name)
);
COMMENT ON TABLE voiceagent.calendars IS 'Where appointments must not overlap; every tenant has a default one.';
COMMENT ON COLUMN voiceagent.calendars.calendar_id IS 'Number of the calendar.';
COMMENT ON COLUMN voiceagent.calendars.name IS 'Name, for people.';
COMMENT ON COLUMN voiceagent.calendars.timezone IS 'IANA zone of the calendar''s owner.';
COMMENT ON COLUMN voiceagent.calendars.is_default IS 'True for the one in which detected appointments are booked.';
CREATE UNIQUE INDEX calendars_default ON voiceagent.calendars (tenant_id) WHERE is_default;
SELECT voiceagent_private.guard_table('voiceagent.calendars', 'tenant');

CREATE TABLE voiceagent.appointments (
	tenant_id bigint NOT NULL,
	appointment_id bigint GENERATED ALWAYS AS IDENTITY,
	calendar_id bigint NOT NULL,
	lead_id bigint NOT NULL,
	call_id bigint,
	status voiceagent.appointment_status NOT NULL DEFAULT 'pending',
	starts_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
	timezone text NOT NULL,
	said text,
	detected_by text[] NOT NULL CHECK (detected_by <@ '{structured_data,model,slot_booked,rules}'),
	summary text,
	decided_at timestamptz,
	decision_reason text,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, appointment_id),
	UNIQUE (tenant_id, call_id),
	FOREIGN KEY (tenant_id, calendar_id) REFERENCES voiceagent.calendars,
	FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads,
	CONSTRAINT no_overlap EXCLUDE USING gist
		(tenant_id WITH =, calendar_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
		WHERE (status IN ('pending', 'confirmed'))
);
COMMENT ON TABLE voiceagent.appointments IS
	'Appointments agreed in calls, and what members have entered by hand; pending ones hold their slot, '
	'so no two can overlap.';
COMMENT ON COLUMN voiceagent.appointments.appointment_id IS 'Number of the appointment.';
COMMENT ON COLUMN voiceagent.appointments.call_id IS
	'The call in which it was agreed; NULL: in none of ours (add_appointment() with a lead).';
COMMENT ON COLUMN voiceagent.appointments.status IS 'Where it stands: enumeration appointment_status.';
COMMENT ON COLUMN voiceagent.appointments.starts_at IS 'Start of the slot; move_appointment() changes it.';
COMMENT ON COLUMN voiceagent.appointments.ends_at IS 'End of the slot.';
COMMENT ON COLUMN voiceagent.appointments.summary IS 'What it is about, from the call or in the member''s words.';
COMMENT ON COLUMN voiceagent.appointments.decided_at IS
	'When a member entered, confirmed, rejected or canceled it; NULL: nobody has.';
COMMENT ON COLUMN voiceagent.appointments.decision_reason IS 'Why it was rejected or canceled, in the member''s words.';
COMMENT ON COLUMN voiceagent.appointments.said IS 'The time as it was said or written in the call''s data.';
COMMENT ON COLUMN voiceagent.appointments.detected_by IS
	E'Which detectors found it, the most trusted first: structured_data (the carrier''s, or a bot''s), model (an '
	'analysis of the transcript), slot_booked, rules (over the words); none: a member entered it.\n'
	'One appointment a call.';
COMMENT ON COLUMN voiceagent.appointments.timezone IS 'IANA zone in which the time was meant (the lead''s).';
-- Each lead that is deleted asks whether it has one.
CREATE INDEX appointments_open ON voiceagent.appointments (tenant_id, created_at)
	WHERE status IN ('pending', 'conflict');
CREATE INDEX appointments_lead ON voiceagent.appointments (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
-- Those of a call go with it; see retain_calls().
CREATE INDEX appointments_alone ON voiceagent.appointments (tenant_id, ends_at) WHERE call_id IS NULL;
SELECT voiceagent_private.guard_table('voiceagent.appointments', 'tenant');
ALTER TABLE voiceagent.tasks ADD CONSTRAINT tasks_appointment FOREIGN KEY (tenant_id, appointment_id)
	REFERENCES voiceagent.appointments ON DELETE SET NULL (appointment_id);
