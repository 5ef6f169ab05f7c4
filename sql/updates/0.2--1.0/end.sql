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
-- A stop in a form that the number's country has given up (+52 1 ...) holds for what it became; a hold stays one.
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, call_id, created_at, held, turn, quote)
SELECT d.tenant_id, s, d.reason, d.source, d.call_id, d.created_at, d.held, d.turn, d.quote
FROM voiceagent.do_not_call_list d CROSS JOIN LATERAL unnest(voiceagent_private.spellings(d.phone)) s
WHERE s <> d.phone ON CONFLICT DO NOTHING;
INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at)
SELECT d.tenant_id, d.campaign_id, s, d.reason, d.created_at
FROM voiceagent.campaign_do_not_call_list d CROSS JOIN LATERAL unnest(voiceagent_private.spellings(d.phone)) s
WHERE s <> d.phone ON CONFLICT DO NOTHING;
INSERT INTO voiceagent_private.platform_do_not_call_list (entry, is_prefix, reason, created_at)
SELECT s, false, d.reason, d.created_at
FROM voiceagent_private.platform_do_not_call_list d CROSS JOIN LATERAL unnest(voiceagent_private.spellings(d.entry)) s
WHERE NOT d.is_prefix AND s <> d.entry ON CONFLICT DO NOTHING;
