-- 28_law: the rules themselves, gathered from public sources for a safe start. Not legal advice: verify with counsel.
-- A rule without a day was written down without opening its source (unverified); it binds like the others.
-- A rule with days holds from the first to the last of them, where the telephone rings: a change of law is a row.
-- Hours are the callee's; a rule of a state or province holds beside its country's. A change of a rule raises
-- law_version().

INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, note) VALUES
	('*', 'hours', '{"start":"09:00","end":"18:00","days":["mon","tue","wed","thu","fri"]}',
		'none: a cautious default of this platform', '2026-11-20',
		'For countries of which no rule is known here: working days, working hours.'),
	('*', 'holidays', '{"New Year''s Day":"01-01","Christmas Day":"12-25"}',
		'none: a cautious default of this platform', '2026-11-20', NULL),
	('*', 'calls_per_24h', '3', 'none: a cautious default of this platform', '2026-11-20', NULL),
	('*', 'min_ring', '"15 seconds"', 'none: a cautious default of this platform', '2026-11-20', NULL),
	('*', 'require_consent', 'true', 'none: a cautious default of this platform', '2026-11-20',
		'An artificial voice without consent is forbidden in most places that have a law on it.'),
	('*', 'disclose_ai', 'true', 'none: a cautious default of this platform', '2026-11-20', NULL),
	('*', 'disclose_caller', 'true', 'none: a cautious default of this platform', '2026-11-20', NULL),
	('*', 'disclose_recording', 'true', 'none: a cautious default of this platform', '2026-11-20', NULL),
	('*', 'list_max_age', '"31 days"', 'none: a cautious default of this platform', '2026-11-20', NULL),
	('*', 'list_retention', '"5 years"', 'none: a cautious default of this platform', '2026-11-20', NULL),
	('AT', 'require_consent', 'true', 'TKG 2021, s. 174', '2026-11-26',
		'The caller''s number must not be hidden.'),
	('AU', 'hours', '{"mon":[["09:00","20:00"]],"tue":[["09:00","20:00"]],"wed":[["09:00","20:00"]],"thu":[["09:00",'
		'"20:00"]],"fri":[["09:00","20:00"]],"sat":[["09:00","17:00"]]}',
		'Telecommunications (Telemarketing and Research Calls) Industry Standard 2017', '2026-11-20', NULL),
	('AU', 'holidays', '{"New Year''s Day":"01-01 observed next","Australia Day":"01-26 observed next",'
		'"Good Friday":"easter-2","Easter Monday":"easter+1","Anzac Day":"04-25","Christmas Day":"12-25 observed next",'
		'"Boxing Day":"12-26 observed next"}', 'the same, national public holidays', '2026-11-20',
		'Where Christmas Day falls on a weekend, Boxing Day may move to the Tuesday: tighten_rule().'),
	('AU', 'disclose_caller', 'true', 'the same, s. 8', '2026-11-26', NULL),
	('AU', 'list_max_age', '"30 days"', 'Do Not Call Register Act 2006, s. 19', '2026-11-26', NULL),
	('CA', 'hours', '{"mon":[["09:00","21:30"]],"tue":[["09:00","21:30"]],"wed":[["09:00","21:30"]],"thu":[["09:00",'
		'"21:30"]],"fri":[["09:00","21:30"]],"sat":[["10:00","18:00"]],"sun":[["10:00","18:00"]]}',
		'CRTC Unsolicited Telecommunications Rules, III s. 23 and IV s. 4', '2026-11-24',
		'Read at https://crtc.gc.ca/eng/phone/telemarketing/tobligations/rules-regles.htm'),
	('CA', 'holidays', '{}', 'CRTC Unsolicited Telecommunications Rules', NULL,
		'No ban on holidays; provinces that narrow the hours prevail.'),
	('CA', 'calls_per_24h', 'null', 'CRTC Unsolicited Telecommunications Rules', NULL, NULL),
	('CA', 'min_ring', '"15 seconds"', 'CRTC Unsolicited Telecommunications Rules, III (predictive dialling)',
		NULL, NULL),
	('CA', 'require_consent', 'true',
		'CRTC Unsolicited Telecommunications Rules, IV s. 2 (automatic dialing-announcing devices)', '2026-11-26',
		'Express consent for a synthesized voice that solicits.'),
	('CA', 'disclose_ai', 'false', 'CRTC Unsolicited Telecommunications Rules', NULL, NULL),
	('CA', 'disclose_caller', 'true', 'CRTC Unsolicited Telecommunications Rules, IV s. 4', '2026-11-24',
		'Read at https://crtc.gc.ca/eng/phone/telemarketing/tobligations/rules-regles.htm'),
	('CA', 'disclose_recording', 'true', 'PIPEDA, principle 3', NULL, NULL),
	('CA', 'list_max_age', '"31 days"', 'CRTC Unsolicited Telecommunications Rules, II s. 6', '2026-11-24',
		'Read at https://crtc.gc.ca/eng/phone/telemarketing/tobligations/rules-regles.htm'),
	('CA', 'list_retention', '"3 years 14 days"', 'CRTC Unsolicited Telecommunications Rules, III s. 11',
		'2026-11-24', 'Read at https://crtc.gc.ca/eng/phone/telemarketing/tobligations/rules-regles.htm'),
	('CA-BC', 'holidays', '{"New Year''s Day":"01-01 observed monday","Family Day":"3rd mon feb",'
		'"Good Friday":"easter-2","Victoria Day":"mon before 05-25","Canada Day":"07-01 observed monday",'
		'"British Columbia Day":"1st mon aug","Labour Day":"1st mon sep","Truth and Reconciliation":"09-30",'
		'"Thanksgiving":"2nd mon oct","Remembrance Day":"11-11","Christmas Day":"12-25 observed monday"}',
		'Telemarketer Licensing Regulation (British Columbia); consumerprotectionbc.ca', '2026-11-28',
		'No calls on statutory holidays; a telemarketer needs a licence.'),
	('CA-BC', 'calls_per_window', '{"calls":1,"days":30}',
		'Telemarketer Licensing Regulation (British Columbia); consumerprotectionbc.ca', '2026-11-28',
		'For the same offer; the platform counts all calls.'),
	('DE', 'hours', '{"mon":[["09:00","20:00"]],"tue":[["09:00","20:00"]],"wed":[["09:00","20:00"]],"thu":[["09:00",'
		'"20:00"]],"fri":[["09:00","20:00"]]}', 'accepted practice; no statute names hours', NULL, NULL),
	('DE', 'holidays', '{"Neujahr":"01-01","Karfreitag":"easter-2","Ostermontag":"easter+1",'
		'"Tag der Arbeit":"05-01","Himmelfahrt":"easter+39","Pfingstmontag":"easter+50","Tag der Einheit":"10-03",'
		'"1. Weihnachtstag":"12-25","2. Weihnachtstag":"12-26"}', 'holidays of all states', NULL,
		'States have more: tighten_rule().'),
	('DE', 'require_consent', 'true', 'UWG s. 7(2) no. 2', '2026-11-24',
		'Read at https://lxgesetze.de/uwg/7'),
	('DE', 'list_retention', '"5 years"', 'UWG s. 7a (proof of consent)', '2026-11-24',
		'Read at https://www.lexetius.com/UWG/7a'),
	('ES', 'hours', '{"mon":[["09:00","21:00"]],"tue":[["09:00","21:00"]],"wed":[["09:00","21:00"]],'
		'"thu":[["09:00","21:00"]],"fri":[["09:00","21:00"]]}', 'LGDCU art. 96.2', '2026-11-26', NULL),
	('ES', 'holidays', '{"Año Nuevo":"01-01","Epifania":"01-06","Viernes Santo":"easter-2",'
		'"Fiesta del Trabajo":"05-01","Asuncion":"08-15","Fiesta Nacional":"10-12","Todos los Santos":"11-01",'
		'"Constitucion":"12-06","Inmaculada":"12-08","Navidad":"12-25"}', 'LGDCU art. 96.2; national holidays',
		NULL, 'Regions have more: tighten_rule().'),
	('ES', 'require_consent', 'true', 'LGTel art. 66.1 b; AEPD Circular 1/2023', '2026-11-26',
		NULL),
	('FR', 'hours', '{"mon":[["10:00","13:00"],["14:00","20:00"]],"tue":[["10:00","13:00"],["14:00","20:00"]],'
		'"wed":[["10:00","13:00"],["14:00","20:00"]],"thu":[["10:00","13:00"],["14:00","20:00"]],"fri":[["10:00",'
		'"13:00"],["14:00","20:00"]]}', 'Decree 2022-1313, Code de la consommation D. 223-9', '2026-11-20', NULL),
	('FR', 'holidays', '{"Jour de l''an":"01-01","Lundi de Paques":"easter+1","Fete du Travail":"05-01",'
		'"Victoire 1945":"05-08","Ascension":"easter+39","Lundi de Pentecote":"easter+50","Fete nationale":"07-14",'
		'"Assomption":"08-15","Toussaint":"11-01","Armistice":"11-11","Noel":"12-25"}', 'Code du travail L. 3133-1',
		NULL, 'Alsace-Moselle has two more.'),
	('FR', 'caller_prefixes', '["+33162","+33163","+33270","+33271","+33377","+33378","+33424","+33425","+33568",'
		'"+33569","+33948","+33949","+339475","+339476","+339477","+339478","+339479"]', 'ARCEP numbering plan', NULL,
		'Never 06 or 07.'),
	('FR', 'calls_per_24h', 'null', 'Decree 2022-1313, Code de la consommation D. 223-9', '2026-11-20',
		'No number of a day; that of 30 days is a rule of its own.'),
	('FR', 'calls_per_window', '{"calls":4,"days":30}', 'Decree 2022-1313, Code de la consommation D. 223-9',
		'2026-11-20', NULL),
	('GB', 'hours', '{"mon":[["08:00","21:00"]],"tue":[["08:00","21:00"]],"wed":[["08:00","21:00"]],"thu":[["08:00",'
		'"21:00"]],"fri":[["08:00","21:00"]],"sat":[["08:00","21:00"]],"sun":[["09:00","21:00"]]}', 'DMA Code, '
		'accepted practice; no statute names hours', NULL, NULL),
	('GB', 'holidays', '{"Christmas Day":"12-25"}', 'accepted practice', NULL, NULL),
	('GB', 'calls_per_24h', '3', 'Ofcom, persistent misuse statement 2016', NULL,
		'Ofcom names no number; repeated calls are misuse.'),
	('GB', 'min_ring', '"15 seconds"', 'Ofcom, persistent misuse statement 2016', '2026-11-20',
		'No share of abandoned calls is safe since 1 March 2017.'),
	('GB', 'require_consent', 'true', 'PECR 2003, reg. 19 (automated calling systems)', '2026-11-28',
		'Read in the Information Commissioner''s guide to the Regulations.'),
	('GB', 'disclose_ai', 'true', 'none: a cautious default of this platform', NULL,
		'Not named by a statute; misleading omission.'),
	('GB', 'disclose_caller', 'true', 'PECR 2003, reg. 24(1)(a)', '2026-11-28',
		'Read in the Information Commissioner''s guide: who calls, and an address or a free number.'),
	('GB', 'disclose_recording', 'true', 'UK GDPR, art. 13', NULL, NULL),
	('GB', 'list_max_age', '"28 days"', 'TPS: PECR 2003, reg. 21', '2026-11-24',
		'Read at reg. 21(3), as quoted at https://caps-ltd.co.uk/?p=5789'),
	('GB', 'list_retention', '"5 years"', 'none: a cautious default of this platform', '2026-11-20', NULL),
	('IN', 'hours', '{"start":"10:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'TRAI TCCCPR 2018, time bands', NULL,
		'The regulation of 2010 forbids 21:00-9:00; 10:00 is a band that a subscriber may choose.'),
	('IN', 'holidays', '{"Republic Day":"01-26","Independence Day":"08-15","Gandhi Jayanti":"10-02"}',
		'national holidays of the TCCCPR day types', NULL,
		'A preference of the subscriber in fact; closed for all.'),
	('IN', 'caller_prefixes', '["promotional:+91140","service:+911600"]',
		'TRAI TCCCPR, second amendment of 12 February 2025', NULL,
		'140 to sell, 1600 to serve (banks and insurers from 1 January 2026 on); never a number of ten digits.'),
	('IN', 'require_consent', 'true', 'TRAI TCCCPR 2018 (consent on the DLT)',
		NULL, 'Headers and templates of texts: dlt_templates; of calls they are left to the carrier.'),
	('IT', 'hours', '{"mon":[["09:00","20:00"]],"tue":[["09:00","20:00"]],"wed":[["09:00","20:00"]],"thu":[["09:00",'
		'"20:00"]],"fri":[["09:00","20:00"]],"sat":[["10:00","19:00"]],"eve":[["10:00","19:00"]]}',
		'Codice di condotta telemarketing (Garante, '
		'decision 148 of 7 March 2024, GU 73 of 27 March 2024)', '2026-11-26', NULL),
	('IT', 'holidays', '{"Capodanno":"01-01","Epifania":"01-06","Pasquetta":"easter+1","Liberazione":"04-25",'
		'"Lavoro":"05-01","Repubblica":"06-02","Ferragosto":"08-15","San Francesco":"10-04","Ognissanti":"11-01",'
		'"Immacolata":"12-08","Natale":"12-25","Santo Stefano":"12-26"}', 'L. 260/1949', NULL, NULL),
	('IT', 'require_consent', 'true', 'Codice privacy (D.Lgs. 196/2003), art. 130(1)', '2026-11-28', NULL),
	('NL', 'hours', '{"mon":[["09:00","22:00"]],"tue":[["09:00","22:00"]],"wed":[["09:00","22:00"]],"thu":[["09:00",'
		'"22:00"]],"fri":[["09:00","22:00"]],"sat":[["10:00","16:00"]]}', 'Code Telemarketing', NULL, NULL),
	('NL', 'require_consent', 'true', 'Telecommunicatiewet, art. 11.7', '2026-11-26',
		'Customers need to consent, too, since 1 July 2026.'),
	('US', 'hours', '{"start":"08:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'47 CFR 64.1200(c)(1); 16 CFR 310.4(c)', '2026-11-20', NULL),
	('US', 'holidays', '{}', '47 CFR 64.1200', '2026-11-20', 'No federal ban on holidays; states have theirs.'),
	('US', 'calls_per_24h', 'null', '47 CFR 64.1200', NULL, 'No federal number; '
		'Florida, Maryland, Oklahoma and Oregon have one.'),
	('US', 'min_ring', '"15 seconds"', '16 CFR 310.4(b)(4)(ii)', '2026-11-20', '15 seconds or four rings.'),
	('US', 'require_consent', 'true', '47 CFR 64.1200(a)(1)-(3); FCC 24-17', '2026-11-20',
		'A generated voice is an artificial voice: prior express consent, in writing for marketing.'),
	('US', 'disclose_ai', 'false', 'FCC 24-84 (a proposal only)', NULL,
		'California, Maine and Utah require it.'),
	('US', 'disclose_caller', 'true', '47 CFR 64.1200(b)(1)', NULL, NULL),
	('US', 'disclose_recording', 'false', '18 USC 2511(2)(d)', '2026-11-20',
		'One party''s consent suffices; about a dozen states ask for all.'),
	('US', 'list_max_age', '"31 days"', '16 CFR 310.4(b)(3)(iv); 47 CFR 64.1200(c)(2)(i)(D)', '2026-11-20', NULL),
	('US', 'list_retention', '"5 years"', '47 CFR 64.1200(d)(6)', '2026-11-20', NULL),
	('US-AL', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat"]}',
		'Ala. Code 8-19A-14, 8-19C; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-AL', 'holidays',
		'{"New Year''s Day":"01-01 observed","Martin Luther King Day":"3rd mon jan","Memorial Day":"last mon may",'
			'"Independence Day":"07-04 observed","Labor Day":"1st mon sep","Veterans Day":"11-11 observed",'
			'"Thanksgiving":"4th thu nov","Christmas Day":"12-25 observed","Presidents'' Day":"3rd mon feb",'
			'"Mardi Gras":"easter-47","Confederate Memorial Day":"4th mon apr",'
				'"Jefferson Davis'' Birthday":"1st mon jun",'
			'"Juneteenth":"06-19 observed","Columbus Day":"2nd mon oct","Rosa Parks Day":"12-01"}', 'Ala. Code 1-3-8',
		'2025-07-01', 'Mardi Gras is a holiday in two counties; it is kept in the whole state.'),
	('US-AZ', 'hours', '{"start":"09:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'none: a cautious default of this platform', '2026-11-26',
		'A.R.S. 13-2919 (recorded messages) names no hours.'),
	('US-CA', 'hours', '{"start":"09:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'Cal. Pub. Util. Code 2872 (automatic dialing-announcing devices)', '2026-11-24',
		'Read at https://codes.findlaw.com/ca/public-utilities-code/puc-sect-2872.html'),
	('US-CA', 'disclose_ai', 'true', 'Cal. Bus. & Prof. Code 17941; Pub. Util. Code 2874', NULL, NULL),
	('US-CA', 'human_first', 'true', 'Cal. Pub. Util. Code 2873, 2874', '2026-11-28',
		'A natural voice asks whether the person will hear a recorded one; not with a prior agreement (2873). '
			'Read at https://jurris.com/california/public-utilities-code/2871-2876'),
	('US-CA', 'disclose_recording', 'true', 'Cal. Penal Code 632', '2026-11-20', 'All parties must know.'),
	('US-CO', 'disclose_ai', 'true', 'none: a cautious default of this platform', '2026-11-26',
		'Colo. Rev. Stat. 6-1-1704 is repealed by SB 26-189.'),
	('US-CT', 'hours', '{"start":"09:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'Conn. Gen. Stat. 42-288a; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-CT', 'disclose_recording', 'true', 'Conn. Gen. Stat. 52-570d', '2026-11-20', 'All parties must know.'),
	('US-DE', 'disclose_recording', 'true', '11 Del. C. 1335', '2026-11-20', 'All parties must know.'),
	('US-FL', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'Fla. Stat. 501.616(6)(a); dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-FL', 'calls_per_24h', '3', 'Fla. Stat. 501.616(6)(b)', '2026-11-20',
		'On the same subject; the platform counts all calls.'),
	('US-FL', 'disclose_recording', 'true', 'Fla. Stat. 934.03', '2026-11-20', 'All parties must know.'),
	('US-IL', 'hours', '{"start":"09:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'815 ILCS 305/15 (recorded messages); blog.clickpointsoftware.com/telemarketing-calling-hours-by-state',
		'2025-07-01', NULL),
	('US-IL', 'disclose_recording', 'true', '720 ILCS 5/14-2', '2026-11-20', 'All parties must know.'),
	('US-IN', 'human_first', 'true', 'Ind. Code 24-5-14-5', '2026-11-26', 'A live operator, or consent.'),
	('US-IN', 'hours', '{"start":"09:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'Ind. Code 24-5-14-8 (automatic dialing-announcing devices)', NULL,
		'Ind. Code 24-5-14-5: only with consent, or after a live operator.'),
	('US-KY', 'hours', '{"start":"10:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'KRS 367.46955; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-LA', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat"]}',
		'La. R.S. 45:844.11 ff., LPSC General Order; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-LA', 'holidays', '{"New Year''s Day":"01-01 observed monday","Martin Luther King Day":"3rd mon jan",'
		'"Memorial Day":"last mon may","Independence Day":"07-04 observed monday","Labor Day":"1st mon sep",'
		'"Veterans Day":"11-11 observed monday","Thanksgiving":"4th thu nov","Christmas Day":"12-25 observed monday",'
		'"Battle of New Orleans":"01-08","Robert E. Lee Day":"01-19","Presidents'' Day":"3rd mon feb",'
		'"Mardi Gras":"easter-47","Good Friday":"easter-2","Juneteenth":"06-19","All Saints'' Day":"11-01",'
		'"Election Day":"1st mon nov+1","Day after Thanksgiving":"4th thu nov+1"}',
		'LPSC General Order, La. R.S. 1:55; blog.clickpointsoftware.com/telemarketing-calling-hours-by-state',
		'2025-07-01', 'More than the Commission lists; Election Day is closed in every year. '
			'A state of emergency also forbids calls (La. R.S. 45:844.31): tighten_rule().'),
	('US-MA', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'M.G.L. c. 159C s. 3; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-MA', 'disclose_recording', 'true', 'M.G.L. c. 272 s. 99', '2026-11-20', 'All parties must know.'),
	('US-MD', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'Md. Code, Com. Law 14-4503; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-MD', 'calls_per_24h', '3', 'Md. Code, Com. Law 14-4503', '2026-11-20',
		'On the same subject; the platform counts all calls.'),
	('US-MD', 'disclose_recording', 'true', 'Md. Code, Cts. & Jud. Proc. 10-402', '2026-11-20',
		'All parties must know.'),
	('US-ME', 'hours', '{"start":"09:00","end":"17:00","days":["mon","tue","wed","thu","fri"]}',
		'10 M.R.S. 1498(3) (automated calls)', '2026-11-28', 'Read in the bill LD 392 of 2003, which quotes it.'),
	('US-ME', 'calls_per_window', '{"calls":1,"hours":8}', '10 M.R.S. 1498(3) (automated calls)', '2026-11-28',
		'Read in the bill LD 392 of 2003, which quotes it.'),
	('US-ME', 'disclose_ai', 'true', '10 M.R.S. 1500-DD', NULL, NULL),
	('US-MI', 'hours', '{"start":"09:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'MCL 445.111 ff.; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-MI', 'disclose_recording', 'true', 'MCL 750.539c', '2026-11-20', 'All parties must know.'),
	('US-MN', 'hours', '{"start":"09:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'Minn. Stat. 325E.30; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-MS', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat"]}',
		'Miss. Code 77-3-723; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-MS', 'holidays', '{"New Year''s Day":"01-01 observed monday","Martin Luther King Day":"3rd mon jan",'
		'"Memorial Day":"last mon may","Independence Day":"07-04 observed monday","Labor Day":"1st mon sep",'
		'"Veterans Day":"11-11 observed monday","Thanksgiving":"4th thu nov","Christmas Day":"12-25 observed monday",'
		'"Presidents'' Day":"3rd mon feb","Confederate Memorial Day":"last mon apr"}', 'Miss. Code 3-3-7, 77-3-723',
		'2025-07-01', NULL),
	('US-MT', 'disclose_recording', 'true', 'Mont. Code 45-8-213', '2026-11-20', 'All parties must know.'),
	('US-NE', 'hours', '{"mon":[["08:00","21:00"]],"tue":[["08:00","21:00"]],"wed":[["08:00","21:00"]],'
		'"thu":[["08:00","21:00"]],"fri":[["08:00","21:00"]],"sat":[["08:00","21:00"]],"sun":[["13:00","21:00"]]}',
		'291 Neb. Admin. '
			'Code 11-003 (recorded messages); blog.clickpointsoftware.com/telemarketing-calling-hours-by-state',
		'2025-07-01', 'Recorded messages on holidays only from 13:00; the platform does not know half holidays.'),
	('US-NH', 'disclose_recording', 'true', 'N.H. RSA 570-A:2', '2026-11-20', 'All parties must know.'),
	('US-NM', 'hours', '{"start":"09:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'N.M. Stat. 57-12-22; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-NV', 'hours', '{"start":"09:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'NRS 598.0918; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-NV', 'disclose_recording', 'true', 'NRS 200.620', '2026-11-20', 'All parties must know.'),
	('US-OK', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'15 O.S. 775C.4; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-OK', 'calls_per_24h', '3', '15 O.S. 775C.4', '2026-11-20',
		'On the same subject; the platform counts all calls.'),
	('US-OR', 'hours', '{"start":"09:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'ORS 646A.370 ff. as amended by HB 3865 (2025)', NULL, 'HB 3865 is said to begin at 8:00.'),
	('US-OR', 'calls_per_24h', '3', 'HB 3865 (2025)', '2026-11-24',
		'Read at https://production.jdsupra.com/legalnews/oregon-passes-new-telephone-8210765'),
	('US-PA', 'holidays', '{"New Year''s Day":"01-01 observed monday","Martin Luther King Day":"3rd mon jan",'
		'"Memorial Day":"last mon may","Independence Day":"07-04 observed monday","Labor Day":"1st mon sep",'
		'"Veterans Day":"11-11 observed monday","Thanksgiving":"4th thu nov","Christmas Day":"12-25 observed monday",'
		'"Presidents'' Day":"3rd mon feb","Good Friday":"easter-2","Flag Day":"06-14","Juneteenth":"06-19",'
		'"Columbus Day":"2nd mon oct","Election Day":"1st mon nov+1"}', '73 P.S. '
		'2245(a)(10)', '2026-11-26', 'Juneteenth is a caution of this platform.'),
	('US-PA', 'opt_out_first', 'true', '73 P.S. 2245.2(j)', '2026-11-26', NULL),
	('US-PA', 'disclose_recording', 'true', '18 Pa.C.S. 5704', '2026-11-20', 'All parties must know.'),
	('US-RI', 'hours', '{"mon":[["09:00","18:00"]],"tue":[["09:00","18:00"]],'
		'"wed":[["09:00","18:00"]],"thu":[["09:00","18:00"]],"fri":[["09:00","18:00"]],"sat":[["10:00","17:00"]]}',
		'R.I. Gen. Laws 5-61-3.6; dropcowboy.com/state-compliance', '2025-11-01', NULL),
	('US-RI', 'holidays', '{"New Year''s Day":"01-01 observed monday","Martin Luther King Day":"3rd mon jan",'
		'"Memorial Day":"last mon may","Independence Day":"07-04 observed monday","Labor Day":"1st mon sep",'
		'"Veterans Day":"11-11 observed monday","Thanksgiving":"4th thu nov","Christmas Day":"12-25 observed monday",'
		'"Rhode Island Independence Day":"05-04","Juneteenth":"06-19","Victory Day":"2nd mon aug",'
		'"Columbus Day":"2nd mon oct","Election Day":"1st mon nov+1"}', 'R.I. Gen. Laws 5-61-3.6, 25-1-1', '2025-07-01',
		'Election Day is closed in every year.'),
	('US-SC', 'hours', '{"start":"08:00","end":"19:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'S.C. Code 16-17-446(C)(3) (automatic dialing-announcing devices)', '2026-11-28', NULL),
	('US-SD', 'hours', '{"start":"09:00","end":"21:00","days":["mon","tue","wed","thu","fri"]}',
		'SDCL 37-30-28 (automated dialing)', '2026-11-26', NULL),
	('US-TX', 'hours', '{"mon":[["09:00","21:00"]],"tue":[["09:00","21:00"]],"wed":[["09:00","21:00"]],'
		'"thu":[["09:00","21:00"]],"fri":[["09:00","21:00"]],"sat":[["09:00","21:00"]],"sun":[["12:00","21:00"]]}',
		'Tex. Bus. & Com. Code 301.051', NULL, NULL),
	('US-UT', 'hours', '{"start":"08:00","end":"21:00","days":["mon","tue","wed","thu","fri","sat"]}',
		'Utah Code 13-25a-103(3)', '2026-11-28', 'Read at codes.findlaw.com, as of 2025.'),
	('US-UT', 'holidays', '{"New Year''s Day":"01-01 observed","Martin Luther King Day":"3rd mon jan",'
		'"Memorial Day":"last mon may","Independence Day":"07-04 observed","Labor Day":"1st mon sep",'
		'"Veterans Day":"11-11 observed","Thanksgiving":"4th thu nov","Christmas Day":"12-25 observed",'
		'"Presidents'' Day":"3rd mon feb","Juneteenth":"06-19 observed","Pioneer Day":"07-24 observed",'
		'"Columbus Day":"2nd mon oct"}', 'Utah Code 13-25a-103, 63G-1-301', '2025-07-01', NULL),
	('US-UT', 'disclose_ai', 'true', 'Utah Code 13-75-103', NULL,
		'Only when asked, and at once in regulated trades; said in every call here.'),
	('US-WA', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'RCW 19.158.040(2)', '2026-11-28',
		'RCW 80.36.400 forbids automatic dialing that sells: only with consent.'),
	('US-WA', 'disclose_recording', 'true', 'RCW 9.73.030', '2026-11-20', 'All parties must know.'),
	('US-WY', 'hours', '{"start":"08:00","end":"20:00","days":["mon","tue","wed","thu","fri","sat","sun"]}',
		'Wyo. Stat. 40-12-302', NULL, NULL),
	('ZA', 'hours', '{"mon":[["08:00","20:00"]],"tue":[["08:00","20:00"]],"wed":[["08:00","20:00"]],'
		'"thu":[["08:00","20:00"]],"fri":[["08:00","20:00"]],"sat":[["09:00","13:00"]]}', 'Consumer Protection Act, '
		'regulation R293 of 1 April 2011', '2026-11-26', NULL),
	('ZA', 'holidays', '{"New Year''s Day":"01-01 observed monday","Human Rights Day":"03-21 observed monday",'
		'"Good Friday":"easter-2","Family Day":"easter+1","Freedom Day":"04-27 observed monday",'
		'"Workers'' Day":"05-01 observed monday","Youth Day":"06-16 observed monday",'
		'"National Women''s Day":"08-09 observed monday","Heritage Day":"09-24 observed monday",'
		'"Day of Reconciliation":"12-16 observed monday","Christmas Day":"12-25 observed monday",'
		'"Day of Goodwill":"12-26 observed monday"}', 'Public Holidays Act 36 of 1994', NULL, NULL);

-- Rules that began on a day.
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, note, effective_from) VALUES
	('ES', 'caller_prefixes', '["+34400"]', 'Ley 10/2025', NULL,
		'Proposed for the end of summer 2026 (elpais.com, 4 February 2026); the day was not found. No mobile numbers.',
		'2026-09-22'),
	('ES', 'consent_valid', '730', 'Ley 10/2025', '2026-11-26', 'Renewed every two years.', '2025-12-28'),
	('FR', 'consent_valid', '365', 'Code de la consommation R. 223-1 (decree 2026-662 of 23 July 2026)', NULL,
		'No tacit renewal; its proof is kept for three years.', '2026-08-11'),
	('FR', 'refusal_rest', '60', 'Decree 2022-1313, Code de la consommation D. 223-9', '2026-11-26', NULL,
		'2023-03-01'),
	('FR', 'require_consent', 'true', 'Code de la consommation L. 223-1 (law 2025-594 of 30 June 2025)', '2026-11-20',
		'Before, that of * held.', '2026-08-11'),
	('US-PA', 'hours', '{"start":"09:00","end":"19:00","days":["mon","tue","wed","thu","fri","sat"]}',
		'SB 992 (2026)', NULL, 'Hours by the Senate''s text.', '2026-10-18');

-- How a lead learns to opt out, with the language of the words.
INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, source_date, note, language) VALUES
	('*', 'opt_out_text', '"If you do not want to be called again, just say so."',
		'none: a cautious default of this platform', '2026-11-20', NULL, 'en'),
	('CA-QC', 'opt_out_text', '"Pour ne plus recevoir d''appels, dites-le simplement. '
		'To stop these calls, just say so."', 'Consumer Protection Act (Quebec)', NULL,
		'Both languages.', NULL),
	('DE', 'opt_out_text', '"Wenn Sie keine Anrufe mehr wünschen, sagen Sie es bitte einfach."',
		'none: a cautious default of this platform', '2026-11-20', NULL, 'de'),
	('ES', 'opt_out_text', '"Si no desea recibir más llamadas, dígalo simplemente."',
		'none: a cautious default of this platform', '2026-11-20', NULL, 'es'),
	('FR', 'opt_out_text', '"Si vous ne souhaitez plus être appelé, dites-le simplement."',
		'none: a cautious default of this platform', '2026-11-20', NULL, 'fr'),
	('IT', 'opt_out_text', '"Se non desidera essere richiamato, lo dica semplicemente."',
		'none: a cautious default of this platform', '2026-11-20', NULL, 'it'),
	('US', 'opt_out_text', '"To stop these calls, say \"stop calling\" at any time."',
		'47 CFR 64.1200(a)(10), (b)(3); FCC 24-24', '2026-11-26', 'Revocation by any reasonable means.', 'en');

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
