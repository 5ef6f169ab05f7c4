SELECT voiceagent_private.update_drop_table('voiceagent.review_sample_calls');
