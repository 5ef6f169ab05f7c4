-- needs voiceagent_private.lead_class voiceagent_private.follow_up_of
-- What lead_list() shows: of the last call that has ended. The last command writes the table anew, with none of the old rows.
ALTER TABLE voiceagent.leads
	ADD COLUMN last_called_at timestamptz,
	ADD COLUMN last_outcome text,
	ADD COLUMN follow_up text,
	ADD COLUMN list_class smallint,
	ADD COLUMN enrichment jsonb;
UPDATE voiceagent.leads l
SET last_called_at = n.started_at, last_outcome = n.outcome, follow_up = n.follow_up,
	list_class = voiceagent_private.lead_class(l.status, n.outcome, n.follow_up)
FROM (
	SELECT d.tenant_id, d.lead_id, c.started_at, c.outcome,
		CASE WHEN d.status <> 'do_not_call' AND (c.outcome <> 'scheduled' OR EXISTS (SELECT FROM voiceagent.appointments a
				WHERE a.tenant_id = c.tenant_id AND a.call_id = c.call_id AND a.status = 'pending'))
			THEN voiceagent_private.follow_up_of(c.outcome) END AS follow_up
	FROM voiceagent.leads d
	LEFT JOIN (
		SELECT DISTINCT ON (e.tenant_id, e.lead_id) e.tenant_id, e.lead_id, e.call_id, e.started_at, e.outcome
		FROM voiceagent.calls e WHERE e.outcome IS NOT NULL
		ORDER BY e.tenant_id, e.lead_id, e.call_id DESC) c ON c.tenant_id = d.tenant_id AND c.lead_id = d.lead_id) n
WHERE l.tenant_id = n.tenant_id AND l.lead_id = n.lead_id;
SELECT voiceagent_private.update_release_rows('voiceagent.leads');
ALTER TABLE voiceagent.leads
	ALTER COLUMN last_outcome TYPE voiceagent.call_outcome,
	ALTER COLUMN follow_up TYPE voiceagent.follow_up_reason,
	ADD COLUMN name_key text COLLATE "C" GENERATED ALWAYS AS (lower(normalize(left(coalesce(nullif(btrim(coalesce(last_name, '') || ' '
		|| coalesce(first_name, '')), ''), company, ''), 100), NFKD))) STORED;
