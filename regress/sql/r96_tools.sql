-- The least role that a tool is listed for is the one that its function asks for.
SELECT o.tool, o.least_role, a.asked FROM voiceagent_private.mcp_offers() o JOIN pg_proc p ON p.oid = o.function
CROSS JOIN LATERAL (SELECT CASE WHEN p.prosrc ~ 'writer_tenant\(' OR p.provolatile = 'v'
	THEN coalesce(substring(p.prosrc FROM 'writer_tenant\(''(\w+)''\)'), 'manager') ELSE 'viewer' END AS asked) a
WHERE o.least_role IS DISTINCT FROM a.asked;
SELECT count(*) AS tools, count(o.function) AS functions FROM voiceagent_private.mcp_offers() o;
