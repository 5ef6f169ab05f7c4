-- 28_law: the rules themselves. Gathered from public sources for a safe start; verify with counsel.

INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, note) VALUES
	('*', 'hours', '{"start":"09:00","end":"18:00","days":["mon","tue","wed","thu","fri"]}', 'none: cautious default', '2026-11-20', NULL),
	('*', 'calls_per_24h', '3', 'none: cautious default', '2026-11-20', NULL),
	('*', 'require_consent', 'true', 'none: cautious default', '2026-11-20', NULL),
	('*', 'disclose_ai', 'true', 'none: cautious default', '2026-11-20', NULL),
	('*', 'disclose_caller', 'true', 'none: cautious default', '2026-11-20', NULL),
	('*', 'min_ring', '15', 'none: cautious default', '2026-11-20', NULL),
	('US', 'hours', '{"start":"08:00","end":"21:00"}', '47 CFR 64.1200(c)(1)', '2026-11-20', NULL),
	('US', 'calls_per_24h', 'null', '47 CFR 64.1200', '2026-11-20', NULL),
	('US-FL', 'calls_per_24h', '3', 'Fla. Stat. 501.616(6)', '2026-11-20', NULL),
	('US-FL', 'hours', '{"start":"08:00","end":"20:00"}', 'Fla. Stat. 501.616(6)', '2026-11-20', NULL);
