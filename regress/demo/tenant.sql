-- What the platform does, once: the extension, a business with credits, and a login role that stands for it.
CREATE EXTENSION voiceagent CASCADE;
CREATE ROLE acme LOGIN;
SELECT voiceagent.create_tenant(name := 'Acme Solar', timezone := 'America/New_York', credits := 0) AS tenant \gset
SELECT voiceagent.map_role('acme', :tenant) \gset
SELECT voiceagent.create_credit_pack('Ten thousand', 10000, '{"USD": 900.00}') AS pack \gset
\echo Tenant :tenant 'is Acme Solar; the login role acme stands for it.\n'
