-- 40_assistant: versions that never change, variables, the price.
\set VERBOSITY terse
SELECT voiceagent.create_tenant('Assistant test', 'UTC', 10) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('  Ada ', 'Hello {{first_name}}!',
	'You call {{ first_name }} of {{company}}, {{city | default: "town"}}, on {{date}} at {{customer.number}}. {{roof.type}} {{"now" | date: "%A"}}') AS ada \gset
SELECT a.name, a.version, v.voice, v.model, v.language, v.settings, v.variables
FROM voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version) WHERE a.tenant_id = :tenant;
-- a change is a new version; calls keep the old one
SELECT voiceagent.update_assistant(:ada, '{"voice": "Rosa", "settings": {"language": "es-ES", "voice_speed": 0.9}}');
SELECT voiceagent.update_assistant(:ada, '{"name": "Adele"}');
SELECT voiceagent.update_assistant(:ada, '{"system_prompt": "Be brief.", "settings": {"voice_speed": 1.1}}');
SELECT version, first_message, left(system_prompt, 10) AS prompt, voice, language, settings, variables
FROM voiceagent.assistant_versions WHERE tenant_id = :tenant ORDER BY version;
SELECT name, version FROM voiceagent.assistants WHERE tenant_id = :tenant;
SAVEPOINT s;
UPDATE voiceagent.assistant_versions SET voice = 'x' WHERE tenant_id = :tenant;
ROLLBACK TO s;
DELETE FROM voiceagent.assistant_versions WHERE tenant_id = :tenant;
ROLLBACK TO s;
-- bad input
SELECT voiceagent.create_assistant('', 'x', 'y');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', ' ', 'y');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', NULL);
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', repeat('y', 200001));
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', 'y', settings => '[]');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('x', 'x', 'y', settings => '{"language": "Klingon!"}');
ROLLBACK TO s;
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT voiceagent.create_assistant('x', 'x', 'y', settings => '{"languaeg": "en-GB", "temperature": "hot", "max_tokens": 200, "voice_model": null}');
ROLLBACK TO s;
\set VERBOSITY terse
SELECT voiceagent.update_assistant(:ada, '{"settings": {"pace": "fast"}}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"settings": {"provider_options": {"server": {"url": "https://elsewhere.example"}, "firstMessageMode": "assistant-waits-for-user"}}}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"settings": {"provider_options": {"model": {"toolIds": ["t1"]}}}}') > 1 AS kept_as_the_carrier_names_it;
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"colour": "red", "voice": 7}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"first_message": ""}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant(-1, '{}');
ROLLBACK TO s;
-- a price a piece: charged, or refused without a trace
SELECT voiceagent.set_price('assistant', 6) > 0 AS set \g /dev/null
SELECT voiceagent.create_assistant('Paid', 'x', 'y') > 0 AS made;
SELECT available, posted FROM voiceagent.credit_balance;
SELECT operation, amount, activity, reference, assistant_id IS NOT NULL AS assistant FROM voiceagent.credit_transactions ORDER BY transaction_id;
SAVEPOINT s;
SELECT voiceagent.create_assistant('Unpaid', 'x', 'y');
ROLLBACK TO s;
-- a slip in a variable is refused: nobody would notice before a person hears it
SELECT voiceagent.create_assistant('Slip', 'Hello {{first name}}', 'x');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('Slip', 'Hello {{first_name', 'x');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('Slip', 'Hello', 'x {{ 1st | default: "y"}}');
ROLLBACK TO s;
SELECT voiceagent.create_assistant('Slip', 'Hello {{}}', 'x');
ROLLBACK TO s;
SELECT voiceagent_private.require_wellformed_variables('Hello {{first_name | default: "you there"}} {{ "a b" | upcase }} {% if x %}{{ x }}{% endif %} { x }}') AS well;
-- who says that the first message discloses by itself is on record, with its words
SELECT voiceagent.create_assistant('Discloses', 'x', 'y', settings => '{"discloses": "yes"}');
ROLLBACK TO s;
SELECT voiceagent.update_assistant((SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = :tenant),
	'{"first_message": "This is the robot of Acme.", "settings": {"discloses": true}}') > 1 AS changed;
SELECT action, new_value FROM voiceagent.audit_log WHERE tenant_id = :tenant AND action = 'assistant_discloses';
ROLLBACK TO s;
SELECT name FROM voiceagent.assistants WHERE tenant_id = :tenant ORDER BY assistant_id;
SELECT * FROM voiceagent_private.check_credit();
ROLLBACK;
