-- 70_appointment: what was agreed in a call, held as pending until a person decides.

CREATE TABLE voiceagent.calendars (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	calendar_id bigint GENERATED ALWAYS AS IDENTITY,
	name text NOT NULL,
	timezone text NOT NULL,
	is_default boolean NOT NULL DEFAULT false,
	hours jsonb,
	slot_length interval CHECK (slot_length BETWEEN interval '1 minute' AND interval '1 day'),
	slot_step interval CHECK (slot_step BETWEEN interval '1 minute' AND interval '1 day'),
	buffer_before interval NOT NULL DEFAULT '0' CHECK (buffer_before BETWEEN interval '0' AND interval '1 day'),
	buffer_after interval NOT NULL DEFAULT '0' CHECK (buffer_after BETWEEN interval '0' AND interval '1 day'),
	notice interval NOT NULL DEFAULT '0' CHECK (notice BETWEEN interval '0' AND interval '1 year'),
	horizon interval NOT NULL DEFAULT '10 years' CHECK (horizon BETWEEN interval '1 hour' AND interval '10 years'),
	day_limit integer CHECK (day_limit BETWEEN 1 AND 10000),
	capacity integer NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 100),
	people_rule text CHECK (people_rule IN ('round_robin', 'most_free')),
	holiday_country text,
	holidays jsonb,
	booking_confirms text NOT NULL DEFAULT 'by_person' CHECK (booking_confirms IN ('at_once', 'by_person')),
	hold_time interval NOT NULL DEFAULT '5 minutes'
		CHECK (hold_time BETWEEN interval '10 seconds' AND interval '1 hour'),
	has_rules boolean NOT NULL DEFAULT false,
	removed_at timestamptz,
	PRIMARY KEY (tenant_id, calendar_id),
	UNIQUE (tenant_id, name),
	CONSTRAINT default_stays CHECK (NOT is_default OR removed_at IS NULL)
);
COMMENT ON TABLE voiceagent.calendars IS
	E'Where appointments must not overlap, and when they may be.\n'
	'Every tenant has a default one, which is open at any time until somebody gives it hours.';
COMMENT ON COLUMN voiceagent.calendars.calendar_id IS 'Number of the calendar.';
COMMENT ON COLUMN voiceagent.calendars.name IS 'Name, for people.';
COMMENT ON COLUMN voiceagent.calendars.timezone IS 'IANA zone by whose wall clock it opens and closes.';
COMMENT ON COLUMN voiceagent.calendars.is_default IS
	'True for the one in which appointments are booked where nothing names another.';
COMMENT ON COLUMN voiceagent.calendars.hours IS
	'When it is open on the days of the week, {"mon": [["09:00", "12:00"], ...], ...}, or {"start", "end", "days"}; '
	'NULL: always.';
COMMENT ON COLUMN voiceagent.calendars.slot_length IS
	'Length of an appointment; NULL: the setting appointment_duration.';
COMMENT ON COLUMN voiceagent.calendars.slot_step IS
	'From one start to the next, counted from the opening; NULL: an appointment may start at any time, and those that '
	'are offered follow each other.';
COMMENT ON COLUMN voiceagent.calendars.buffer_before IS
	'Free time before an appointment; between two of a seat the larger of buffer_before and buffer_after holds.';
COMMENT ON COLUMN voiceagent.calendars.buffer_after IS 'Free time after an appointment.';
COMMENT ON COLUMN voiceagent.calendars.notice IS 'How long before its start an appointment must be booked.';
COMMENT ON COLUMN voiceagent.calendars.horizon IS 'How far ahead one may be booked.';
COMMENT ON COLUMN voiceagent.calendars.day_limit IS
	'How many may start on a day of the calendar''s zone; NULL: any number.';
COMMENT ON COLUMN voiceagent.calendars.capacity IS
	'How many may go on at once where no people are named: seats 1 to capacity.';
COMMENT ON COLUMN voiceagent.calendars.people_rule IS
	E'Which of its people (calendar_people) gets an appointment; NULL: it has no people.\n'
	'round_robin: the one whose last turn is the longest ago; most_free: the one with the fewest on that day.';
COMMENT ON COLUMN voiceagent.calendars.holiday_country IS
	'Country or state (DE, US-AL) on whose holidays, as the calling law has them, it is closed.';
COMMENT ON COLUMN voiceagent.calendars.holidays IS
	'Further days on which it is closed each year, {name: rule}: "12-24", "easter-2", "4th thu nov".';
COMMENT ON COLUMN voiceagent.calendars.booking_confirms IS
	'Whether a slot that book() takes is confirmed at_once, or pending until a person confirms it (by_person).';
COMMENT ON COLUMN voiceagent.calendars.hold_time IS 'How long hold_slot() holds a slot.';
COMMENT ON COLUMN voiceagent.calendars.has_rules IS
	'False while nothing but another appointment can refuse one, as in a default calendar that is unchanged.';
COMMENT ON COLUMN voiceagent.calendars.removed_at IS 'When it was removed: nothing is booked in it any more.';
CREATE UNIQUE INDEX calendars_default ON voiceagent.calendars (tenant_id) WHERE is_default;
SELECT voiceagent_private.guard_table('voiceagent.calendars', 'tenant');

CREATE TABLE voiceagent.appointments (
	tenant_id bigint NOT NULL,
	appointment_id bigint GENERATED ALWAYS AS IDENTITY,
	calendar_id bigint NOT NULL,
	lead_id bigint,
	call_id bigint,
	status voiceagent.appointment_status NOT NULL DEFAULT 'pending',
	starts_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
	timezone text NOT NULL,
	said text,
	detected_by text[] NOT NULL CHECK (detected_by <@ '{structured_data,model,slot_booked,rules,tool}'),
	summary text,
	decided_at timestamptz,
	decision_reason text,
	created_at timestamptz NOT NULL,
	seat integer NOT NULL DEFAULT 1 CHECK (seat >= 1),
	buffer interval NOT NULL DEFAULT '0' CHECK (buffer BETWEEN interval '0' AND interval '1 day'),
	-- By way of UTC, because adding an interval to a time with a zone depends on the session's.
	busy tstzrange NOT NULL
		GENERATED ALWAYS AS (tstzrange(starts_at, (ends_at AT TIME ZONE 'UTC' + buffer) AT TIME ZONE 'UTC')) STORED,
	held_until timestamptz,
	conflict_reason text,
	sequence integer NOT NULL DEFAULT 0 CHECK (sequence >= 0),
	invited_to text,
	invitation_note text,
	PRIMARY KEY (tenant_id, appointment_id),
	UNIQUE (tenant_id, call_id),
	FOREIGN KEY (tenant_id, calendar_id) REFERENCES voiceagent.calendars,
	FOREIGN KEY (tenant_id, lead_id) REFERENCES voiceagent.leads,
	CONSTRAINT held_for_a_time CHECK ((status = 'held') = (held_until IS NOT NULL)),
	CONSTRAINT of_somebody CHECK (lead_id IS NOT NULL OR call_id IS NOT NULL),
	-- A day by the clock, on the longest one; see appointment_reach().
	CONSTRAINT a_day_at_most CHECK (ends_at - starts_at <= interval '26 hours'),
	CONSTRAINT no_overlap EXCLUDE USING gist
		(tenant_id WITH =, calendar_id WITH =, seat WITH =, busy WITH &&)
		WHERE (status IN ('pending', 'confirmed', 'held'))
);
COMMENT ON TABLE voiceagent.appointments IS
	'Appointments agreed in calls, and what members have entered by hand; pending and held ones have their slot, '
	'so no two of a seat can overlap.';
COMMENT ON COLUMN voiceagent.appointments.appointment_id IS 'Number of the appointment.';
COMMENT ON COLUMN voiceagent.appointments.call_id IS
	'The call in which it was agreed; NULL: in none of ours (add_appointment() with a lead).';
COMMENT ON COLUMN voiceagent.appointments.status IS 'Where it stands: enumeration appointment_status.';
COMMENT ON COLUMN voiceagent.appointments.starts_at IS 'Start of the slot; move_appointment() changes it.';
COMMENT ON COLUMN voiceagent.appointments.ends_at IS 'End of the slot.';
COMMENT ON COLUMN voiceagent.appointments.summary IS 'Its subject, from the call or in the member''s words.';
COMMENT ON COLUMN voiceagent.appointments.decided_at IS
	'When a member entered, confirmed, rejected or canceled it; NULL: none.';
COMMENT ON COLUMN voiceagent.appointments.decision_reason IS 'Why it was rejected or canceled, in the member''s words.';
COMMENT ON COLUMN voiceagent.appointments.said IS 'The time as it was said or written in the call''s data.';
COMMENT ON COLUMN voiceagent.appointments.detected_by IS
	E'Which detectors found it, the most trusted first: structured_data (the carrier''s, or a bot''s), model (an '
	'analysis of the transcript), slot_booked, rules (over the words); tool (book() in a call or text); none: a member '
	'entered it.\n'
	'One appointment a call.';
COMMENT ON COLUMN voiceagent.appointments.timezone IS 'IANA zone in which the time was meant (the lead''s).';
COMMENT ON COLUMN voiceagent.appointments.lead_id IS 'The lead; NULL: a caller that no lead is known for yet.';
COMMENT ON COLUMN voiceagent.appointments.seat IS
	'Which of those that go on at once in the calendar: a person (calendar_people.seat), or 1 to its capacity.';
COMMENT ON COLUMN voiceagent.appointments.buffer IS
	'Free time that the calendar had between two appointments when this one was booked.';
COMMENT ON COLUMN voiceagent.appointments.busy IS 'The slot and its buffer: what no other one of the seat may overlap.';
COMMENT ON COLUMN voiceagent.appointments.held_until IS 'Until when a held slot is kept; NULL unless it is held.';
COMMENT ON COLUMN voiceagent.appointments.conflict_reason IS
	'Why one in conflict has no slot: taken, day_full, nobody (none of the people is there), closed, notice, horizon '
	'or step (not at a start of the calendar''s slots).';
COMMENT ON COLUMN voiceagent.appointments.sequence IS
	'How often its time or its status has changed, by which calendars elsewhere tell the newest of two reports.';
COMMENT ON COLUMN voiceagent.appointments.invited_to IS
	'Address to which the lead''s invitation was mailed (mail_invitations), and which gets changes; NULL: none.';
COMMENT ON COLUMN voiceagent.appointments.invitation_note IS
	'Why the lead did not get the last change by mail; NULL: it was, or mail_invitations was off.';
-- Each lead that is deleted asks whether it has one.
CREATE INDEX appointments_open ON voiceagent.appointments (tenant_id, created_at)
	WHERE status IN ('pending', 'conflict');
CREATE INDEX appointments_lead ON voiceagent.appointments (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX appointments_seats ON voiceagent.appointments (tenant_id, calendar_id, starts_at, seat)
	WHERE status IN ('pending', 'confirmed', 'held');
-- Holds that have run out.
CREATE INDEX appointments_held ON voiceagent.appointments (tenant_id, calendar_id, held_until)
	WHERE held_until IS NOT NULL;
-- Called off: a calendar elsewhere shows it for a while; see calendar_text().
CREATE INDEX appointments_called_off ON voiceagent.appointments (tenant_id, calendar_id, decided_at)
	WHERE status IN ('canceled', 'rejected');
-- Those of a call go with it; see retain_old_calls().
CREATE INDEX appointments_alone ON voiceagent.appointments (tenant_id, ends_at) WHERE call_id IS NULL;
SELECT voiceagent_private.guard_table('voiceagent.appointments', 'tenant', waits => '{held_until}');

CREATE FUNCTION voiceagent_private.count_appointment_change() RETURNS trigger
	LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	NEW.sequence := OLD.sequence + 1;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION voiceagent_private.count_appointment_change() IS 'Counts the changes of an appointment: sequence.';
CREATE TRIGGER changed BEFORE UPDATE OF status, starts_at, ends_at ON voiceagent.appointments FOR EACH ROW
	WHEN ((OLD.status, OLD.starts_at, OLD.ends_at) IS DISTINCT FROM (NEW.status, NEW.starts_at, NEW.ends_at))
	EXECUTE FUNCTION voiceagent_private.count_appointment_change();
ALTER TABLE voiceagent.tasks ADD CONSTRAINT tasks_appointment FOREIGN KEY (tenant_id, appointment_id)
	REFERENCES voiceagent.appointments ON DELETE SET NULL (appointment_id);

CREATE TABLE voiceagent.calendar_days (
	tenant_id bigint NOT NULL,
	calendar_id bigint NOT NULL,
	day date NOT NULL CHECK (isfinite(day)),
	hours jsonb,
	reason text CHECK (length(reason) BETWEEN 1 AND 200),
	PRIMARY KEY (tenant_id, calendar_id, day),
	FOREIGN KEY (tenant_id, calendar_id) REFERENCES voiceagent.calendars
);
COMMENT ON TABLE voiceagent.calendar_days IS
	'Days on which a calendar has other hours than its week and its holidays say, or none; set_calendar_day() writes '
	'them.';
COMMENT ON COLUMN voiceagent.calendar_days.day IS 'The date, by the calendar''s clock.';
COMMENT ON COLUMN voiceagent.calendar_days.hours IS
	'When it is open on that day, [["10:00", "14:00"], ...]; NULL: it is closed.';
COMMENT ON COLUMN voiceagent.calendar_days.reason IS 'Why, in the member''s words.';
SELECT voiceagent_private.guard_table('voiceagent.calendar_days', 'tenant');

CREATE TABLE voiceagent.calendar_people (
	tenant_id bigint NOT NULL,
	calendar_id bigint NOT NULL,
	seat integer NOT NULL CHECK (seat BETWEEN 1 AND 100),
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	skills text[] NOT NULL DEFAULT '{}',
	active boolean NOT NULL DEFAULT true,
	last_turn bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, calendar_id, seat),
	UNIQUE (tenant_id, calendar_id, name),
	FOREIGN KEY (tenant_id, calendar_id) REFERENCES voiceagent.calendars
);
COMMENT ON TABLE voiceagent.calendar_people IS
	'The people whose time a calendar gives away, one seat each; set_calendar_person() writes them.';
COMMENT ON COLUMN voiceagent.calendar_people.seat IS 'The person''s seat: appointments.seat.';
COMMENT ON COLUMN voiceagent.calendar_people.name IS 'Name, as a caller may hear it.';
COMMENT ON COLUMN voiceagent.calendar_people.skills IS 'The person''s skills: a caller may ask for one of these.';
COMMENT ON COLUMN voiceagent.calendar_people.active IS 'False: gets no new appointments.';
COMMENT ON COLUMN voiceagent.calendar_people.last_turn IS
	'The calendar''s turn in which the person was last given an appointment.';
SELECT voiceagent_private.guard_table('voiceagent.calendar_people', 'tenant');

CREATE TABLE voiceagent.calendar_uses (
	tenant_id bigint NOT NULL,
	use_id bigint GENERATED ALWAYS AS IDENTITY,
	calendar_id bigint NOT NULL,
	campaign_id bigint,
	phone_number_id bigint,
	listing_id bigint,
	PRIMARY KEY (tenant_id, use_id),
	UNIQUE (tenant_id, campaign_id),
	UNIQUE (tenant_id, phone_number_id),
	UNIQUE (tenant_id, listing_id),
	FOREIGN KEY (tenant_id, calendar_id) REFERENCES voiceagent.calendars,
	FOREIGN KEY (tenant_id, campaign_id) REFERENCES voiceagent.campaigns ON DELETE CASCADE,
	FOREIGN KEY (tenant_id, phone_number_id) REFERENCES voiceagent.phone_numbers ON DELETE CASCADE,
	CHECK (num_nonnulls(campaign_id, phone_number_id, listing_id) = 1)
);
COMMENT ON TABLE voiceagent.calendar_uses IS
	'Which calendar the calls of a campaign, those that come in for a number, or viewings of a listing are booked in; '
	'without a row the default one.';
COMMENT ON COLUMN voiceagent.calendar_uses.use_id IS 'Number of the row.';
COMMENT ON COLUMN voiceagent.calendar_uses.campaign_id IS 'The campaign; NULL: a number or a listing.';
COMMENT ON COLUMN voiceagent.calendar_uses.phone_number_id IS 'The number; NULL: a campaign or a listing.';
COMMENT ON COLUMN voiceagent.calendar_uses.listing_id IS
	'The listing, for which its calendar goes before that of the call; NULL: a campaign or a number.';
SELECT voiceagent_private.guard_table('voiceagent.calendar_uses', 'tenant');
