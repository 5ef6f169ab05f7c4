DELETE FROM voiceagent_private.shipped_playbooks
WHERE playbook <> 'general' AND (playbook, language) <> ('roofing', 'en');
