ALTER TABLE voiceagent.lead_numbers ADD COLUMN was_lead bigint;
