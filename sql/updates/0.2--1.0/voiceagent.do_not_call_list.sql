ALTER TABLE voiceagent.do_not_call_list DROP CONSTRAINT do_not_call_list_source_check,
	ADD CONSTRAINT do_not_call_list_source_check CHECK (source IN ('manual', 'call', 'import', 'text'));
