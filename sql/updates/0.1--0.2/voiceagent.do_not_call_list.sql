ALTER TABLE voiceagent.do_not_call_list
	ADD COLUMN held boolean NOT NULL DEFAULT false,
	ADD COLUMN turn integer,
	ADD COLUMN quote text CHECK (length(quote) <= 300),
	ADD CONSTRAINT only_holds_quote CHECK (held OR num_nonnulls(turn, quote) = 0),
	ADD CONSTRAINT holds_name_call CHECK (NOT held OR call_id IS NOT NULL);
