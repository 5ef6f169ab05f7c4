ALTER TABLE voiceagent_private.outbox_targets DROP CONSTRAINT outbox_targets_kind_check;
UPDATE voiceagent_private.outbox_targets SET kind = 'delivery';
ALTER TABLE voiceagent_private.outbox_targets ADD CONSTRAINT outbox_targets_kind_check CHECK (kind IN ('delivery'));
