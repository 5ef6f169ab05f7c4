-- The tenant that one looks at: a few leads, an assistant by three answers, and a campaign on the carrier that calls nobody.
SELECT voiceagent.create_tenant(name := 'Acme Solar', timezone := 'America/New_York', credits := 1000) AS tenant \gset
CREATE ROLE acme LOGIN;
SELECT voiceagent.map_role('acme', :tenant);
SELECT voiceagent.create_member(:tenant, 'owner@acme.example', :'password', role := 'owner');

SET SESSION AUTHORIZATION acme;
SELECT * FROM voiceagent.import_leads(
	csv := E'First name;Tel.;product\n'
	       'Ada;(212) 555-0100;heat pump\n'
	       'Ben;212-555-0101;home battery\n'
	       'Cleo;+1 415 555 0104;heat pump\n'
	       'Gil;+1 312 555 0118;solar panels\n',
	mapping := '{"phone": "Tel."}', default_country := 'US');
SELECT voiceagent.wizard_start('lead_qualification') AS wizard \gset
SELECT voiceagent.wizard_answer(:wizard, 1, '{"business_name": "Acme Solar", "business_type": "solar"}');
SELECT voiceagent.wizard_answer(:wizard, 2, '{"offer": "a free visit about {{product}}"}');
SELECT voiceagent.wizard_answer(:wizard, 3, '{"audience": "homeowners who asked about {{product}}"}');
SELECT voiceagent.wizard_finish(:wizard) AS assistant \gset
SELECT voiceagent.create_campaign('Spring visits', assistant_id := :assistant, settings := '{"call_interval": 0, "retry_attempts": 2,
	"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS campaign \gset
SELECT voiceagent.add_leads(:campaign);
SELECT voiceagent.start_campaign(:campaign);
