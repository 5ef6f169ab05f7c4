SELECT voiceagent_private.update_drop_table('voiceagent.review_tags');
DELETE FROM voiceagent_private.tenant_settings s WHERE s.key IN ('model_reviews', 'review_samples_kept', 'review_tags_max');
DELETE FROM voiceagent_private.platform_settings s WHERE s.key IN ('model_reviews', 'review_samples_kept', 'review_tags_max');
