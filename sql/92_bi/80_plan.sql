-- 92_bi: exports are a feature that a plan may lack.

CREATE TRIGGER plan AFTER INSERT ON voiceagent.exports
	FOR EACH STATEMENT EXECUTE FUNCTION voiceagent_private.require_plan('exports');
