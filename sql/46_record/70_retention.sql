-- 46_record: how far what is recorded has ended (95_ops/50_retention.sql).

CREATE TABLE voiceagent_private.retention_marks (
	tenant_id bigint NOT NULL,
	class text NOT NULL,
	upto bigint NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL DEFAULT '-infinity',
	removed bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, class)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.retention_marks IS
	'How far retention has come for a tenant and class: everything before it has been dealt with.';
COMMENT ON COLUMN voiceagent_private.retention_marks.class IS
	'A class of retention_classes; or turns: those of the transcripts, which lie in a ring of their own; or '
	'moved_transcripts, moved_recordings, moved_calls: see moved_calls().';
COMMENT ON COLUMN voiceagent_private.retention_marks.upto IS
	E'Id of the last webhook, call or import that is done; of classes moved_...\n'
	'the former id; of events, the transaction (events.xid) of the last.';
COMMENT ON COLUMN voiceagent_private.retention_marks.next_at IS 'When to look again.';
COMMENT ON COLUMN voiceagent_private.retention_marks.removed IS 'Rows removed or emptied so far.';
CREATE INDEX retention_marks_next ON voiceagent_private.retention_marks (next_at);
SELECT voiceagent_private.guard_table('voiceagent_private.retention_marks', 'routing', waits => '{next_at}');

CREATE FUNCTION voiceagent_private.kept_words(OUT since timestamptz, OUT after_call_id bigint)
	LANGUAGE sql STABLE SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
	SELECT voiceagent.clock() - voiceagent_private.setting_interval('retention_transcripts'),
		coalesce((SELECT m.upto FROM voiceagent_private.retention_marks m
			WHERE m.tenant_id = voiceagent.current_tenant() AND m.class = 'transcripts'), 0)
$$;
COMMENT ON FUNCTION voiceagent_private.kept_words() IS
	E'Calls of the current tenant that ended since, behind that one, have what was drawn from their words.\n'
	'Of the others retention has taken it (retention_transcripts), or is about to, and does not come back to them: '
	'their turns, which go by months, are not read again.';
