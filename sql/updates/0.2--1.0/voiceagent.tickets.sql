ALTER TABLE voiceagent.tickets ADD COLUMN solve_due_at timestamptz, ADD COLUMN solve_left interval,
	ADD COLUMN told text[] NOT NULL DEFAULT '{}', ADD COLUMN satisfaction integer CHECK (satisfaction BETWEEN 1 AND 5),
	ADD COLUMN asked_at timestamptz;
