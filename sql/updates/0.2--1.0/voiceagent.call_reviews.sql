SELECT voiceagent_private.update_drop_table('voiceagent.call_reviews');
