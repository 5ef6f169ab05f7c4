-- One after the other until nothing is due, each step a commit, as maintenance jobs are done.
CREATE PROCEDURE public.retain() LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.begin_retention(100000);
	UPDATE voiceagent_private.retention_marks SET next_at = '-infinity', upto = 0;
	WHILE voiceagent_private.retain_rows(1000) <= voiceagent.clock() LOOP COMMIT; END LOOP;
	COMMIT;
	WHILE voiceagent_private.empty_months(10000) <= voiceagent.clock() LOOP COMMIT; END LOOP;
END
$$;
