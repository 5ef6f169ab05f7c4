ALTER TABLE voiceagent_private.outbox DROP CONSTRAINT outbox_kind_check;
UPDATE voiceagent_private.outbox SET kind = 'delivery';
ALTER TABLE voiceagent_private.outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('delivery'));
