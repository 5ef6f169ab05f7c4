-- 00_kernel: which texts are time zones.

CREATE FUNCTION voiceagent_private.is_timezone(name text) RETURNS boolean
	LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	-- PostgreSQL also takes abbreviations and POSIX rules such as XYZ3; those are no places.
	IF name IS NULL OR (name <> 'UTC' AND name !~ '^[A-Z][A-Za-z_]*(/[A-Za-z0-9_+-]+)+$') THEN
		RETURN false;
	END IF;
	-- Looking it up is far cheaper than the view pg_timezone_names, which reads every file.
	PERFORM '2000-01-01 00:00+00'::timestamptz AT TIME ZONE name;
	RETURN true;
EXCEPTION WHEN invalid_parameter_value THEN
	RETURN false;
END
$$;
COMMENT ON FUNCTION voiceagent_private.is_timezone(text) IS
	'True for the name of an IANA time zone (Area/Location, or UTC) that this server knows; false also for NULL.';
