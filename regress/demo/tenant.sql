-- What the platform does, once: the extension, a business with credits, and a login role that stands for it.
CREATE EXTENSION voiceagent CASCADE;
CREATE ROLE acme LOGIN;
SELECT voiceagent.create_tenant(name := 'Acme Solar', timezone := 'America/New_York', credits := 10000) AS tenant \gset
SELECT voiceagent.map_role('acme', :tenant) \gset
\echo Tenant :tenant 'is Acme Solar, with 10000 credits; the login role acme stands for it.\n'
