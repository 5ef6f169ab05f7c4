ALTER TABLE voiceagent.appointments ADD CHECK (detected_by <@ '{structured_data,model,slot_booked,rules,tool}');
ALTER TABLE voiceagent.appointments ALTER COLUMN lead_id DROP NOT NULL,
	ADD COLUMN seat integer NOT NULL DEFAULT 1 CHECK (seat >= 1),
	ADD COLUMN buffer interval NOT NULL DEFAULT '0' CHECK (buffer BETWEEN interval '0' AND interval '1 day'),
	ADD COLUMN busy tstzrange NOT NULL
		GENERATED ALWAYS AS (tstzrange(starts_at, (ends_at AT TIME ZONE 'UTC' + buffer) AT TIME ZONE 'UTC')) STORED,
	ADD COLUMN held_until timestamptz,
	ADD COLUMN conflict_reason text,
	ADD COLUMN sequence integer NOT NULL DEFAULT 0 CHECK (sequence >= 0),
	ADD COLUMN invited_to text,
	ADD COLUMN invitation_note text,
	ADD CONSTRAINT held_for_a_time CHECK ((status = 'held') = (held_until IS NOT NULL)),
	ADD CONSTRAINT of_somebody CHECK (lead_id IS NOT NULL OR call_id IS NOT NULL),
	ADD CONSTRAINT a_day_at_most CHECK (ends_at - starts_at <= interval '26 hours'),
	DROP CONSTRAINT no_overlap,
	ADD CONSTRAINT no_overlap EXCLUDE USING gist
		(tenant_id WITH =, calendar_id WITH =, seat WITH =, busy WITH &&)
		WHERE (status IN ('pending', 'confirmed', 'held'));
