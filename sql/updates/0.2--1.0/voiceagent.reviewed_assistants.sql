SELECT voiceagent_private.update_drop_table('voiceagent.reviewed_assistants');
