-- A playbook that is shipped no more, and that a tenant uses, becomes the tenant's own.
INSERT INTO voiceagent.playbooks (tenant_id, playbook, version, description, languages, created_by, created_at)
SELECT u.tenant_id, s.playbook, 1, min(s.description), jsonb_object_agg(s.language, s.body), 'update to 1.0', now()
FROM (SELECT c.tenant_id, c.settings ->> 'playbook' AS playbook FROM voiceagent.campaigns c
	UNION SELECT t.tenant_id, t.value FROM voiceagent_private.tenant_settings t WHERE t.key = 'playbook') u
JOIN voiceagent_private.shipped_playbooks s ON s.playbook = u.playbook AND s.playbook <> 'general'
WHERE NOT EXISTS (SELECT FROM voiceagent.playbooks p WHERE p.tenant_id = u.tenant_id AND p.playbook = u.playbook)
GROUP BY u.tenant_id, s.playbook;
DELETE FROM voiceagent_private.shipped_playbooks
WHERE playbook <> 'general' AND (playbook, language) <> ('roofing', 'en');
