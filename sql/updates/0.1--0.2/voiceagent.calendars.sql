ALTER TABLE voiceagent.calendars ADD COLUMN hours jsonb,
	ADD COLUMN slot_length interval CHECK (slot_length BETWEEN interval '1 minute' AND interval '1 day'),
	ADD COLUMN slot_step interval CHECK (slot_step BETWEEN interval '1 minute' AND interval '1 day'),
	ADD COLUMN buffer_before interval NOT NULL DEFAULT '0'
		CHECK (buffer_before BETWEEN interval '0' AND interval '1 day'),
	ADD COLUMN buffer_after interval NOT NULL DEFAULT '0'
		CHECK (buffer_after BETWEEN interval '0' AND interval '1 day'),
	ADD COLUMN notice interval NOT NULL DEFAULT '0' CHECK (notice BETWEEN interval '0' AND interval '1 year'),
	ADD COLUMN horizon interval NOT NULL DEFAULT '10 years'
		CHECK (horizon BETWEEN interval '1 hour' AND interval '10 years'),
	ADD COLUMN day_limit integer CHECK (day_limit BETWEEN 1 AND 10000),
	ADD COLUMN capacity integer NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 100),
	ADD COLUMN people_rule text CHECK (people_rule IN ('round_robin', 'most_free')),
	ADD COLUMN holiday_country text,
	ADD COLUMN holidays jsonb,
	ADD COLUMN booking_confirms text NOT NULL DEFAULT 'by_person' CHECK (booking_confirms IN ('at_once', 'by_person')),
	ADD COLUMN hold_time interval NOT NULL DEFAULT '5 minutes'
		CHECK (hold_time BETWEEN interval '10 seconds' AND interval '1 hour'),
	ADD COLUMN has_rules boolean NOT NULL DEFAULT false,
	ADD COLUMN removed_at timestamptz,
	ADD CONSTRAINT default_stays CHECK (NOT is_default OR removed_at IS NULL);
