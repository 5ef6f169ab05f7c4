ALTER TABLE voiceagent.credit_holds ADD COLUMN minutes voiceagent.credit,
	ADD COLUMN minutes_used voiceagent.credit,
	ADD CONSTRAINT used_of_held CHECK (minutes_used <= minutes);
