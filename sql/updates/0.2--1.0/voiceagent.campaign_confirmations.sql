ALTER TABLE voiceagent.campaign_confirmations ADD COLUMN arrivals_a_day integer, ADD COLUMN arrived bigint NOT NULL DEFAULT 0,
	ADD COLUMN day date NOT NULL DEFAULT '-infinity', ADD COLUMN arrived_today bigint NOT NULL DEFAULT 0;
