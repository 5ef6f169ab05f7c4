-- 28_law: rules that many places share, made from those of 25_rules.tsv or beside them.

-- The law of the European Union for its member states: a row a state, so that a rule is found by its key and the
-- platform can make a single one stricter.
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, note,
	effective_from)
	SELECT m.state, r.rule, r.value::jsonb, r.source, r.source_date, r.note,
		CASE r.rule WHEN 'disclose_ai' THEN date '2026-08-02' ELSE '-infinity' END
	FROM unnest('{AT,BE,BG,CY,CZ,DE,DK,EE,ES,FI,FR,GR,HR,HU,IE,IT,LT,LU,LV,MT,NL,PL,PT,RO,SE,SI,SK}'::text[])
		AS m(state),
		(VALUES
			('disclose_ai', 'true',
				'Regulation (EU) 2024/1689, art. 50(1)', date '2026-11-20',
				'Recognition of emotions needs a notice of its own.'),
			('disclose_caller', 'true',
				'Directive 2000/31/EC, art. 6; Directive 2011/83/EU, art. 8(5)', NULL, NULL),
			('disclose_recording', 'true',
				'Regulation (EU) 2016/679, art. 13', '2026-11-28', NULL),
			('require_consent', 'true',
				'Directive 2002/58/EC, art. 13(1)', NULL,
				'Automated calling without human intervention; as carried into national law.')
		) AS r(rule, value, source, source_date, note)
	-- These name statutes of their own for consent, above.
	WHERE r.rule <> 'require_consent' OR m.state <> ALL ('{AT,DE,ES,FR,IT,NL}');

-- The provinces of Canada have the country's hours: a row a province, for the same reasons.
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, note)
	SELECT 'CA-' || p.code, 'hours', l.value, CASE p.code WHEN 'BC' THEN 'Telemarketer Licensing Regulation (British '
			'Columbia); consumerprotectionbc.ca' ELSE 'CRTC Unsolicited Telecommunications Rules' END,
		CASE p.code WHEN 'BC' THEN date '2026-11-28' END,
		CASE WHEN p.code <> 'BC' THEN p.name END
			|| ' has no hours of its own known here; a province that narrows them prevails.'
	FROM unnest('{AB,BC,MB,NB,NL,NS,NT,NU,ON,PE,QC,SK,YT}'::text[],
		'{Alberta,British Columbia,Manitoba,New Brunswick,Newfoundland and Labrador,Nova Scotia,'
		'Northwest Territories,Nunavut,Ontario,Prince Edward Island,Quebec,Saskatchewan,'
		'Yukon}'::text[]) AS p(code, name)
	JOIN voiceagent_private.law_rules l ON l.jurisdiction = 'CA' AND l.rule = 'hours';
