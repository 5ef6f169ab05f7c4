ALTER TABLE voiceagent.ledgers ADD COLUMN grants_until timestamptz,
	ADD COLUMN minutes voiceagent.credit,
	ADD COLUMN minutes_held voiceagent.credit,
	ADD COLUMN minutes_spent voiceagent.credit,
	ADD COLUMN warned_at timestamptz,
	ADD COLUMN minutes_warned_at timestamptz,
	DROP CONSTRAINT no_overdraft,
	ADD CONSTRAINT no_overdraft CHECK (least(available, held, spent, minutes, minutes_held, minutes_spent) >= 0.0);
