-- What the platform does, once: the extension, a business with credits, and a login role that stands for it.
CREATE EXTENSION voiceagent CASCADE;
CREATE ROLE acme LOGIN;
SELECT voiceagent.create_tenant(name := 'Acme Solar', timezone := 'America/New_York', credits := 0) AS tenant \gset
SELECT voiceagent.map_role('acme', :tenant) \gset
-- A day takes a second, so that callbacks that were promised for the next days come, too.
SELECT voiceagent.set_setting('sandbox_time_scale', '86400') \gset
SELECT voiceagent.create_credit_pack('Ten thousand', 10000, '{"USD": 900.00}') AS pack \gset
\echo Tenant :tenant 'is Acme Solar; the login role acme stands for it.\n'
