-- The member that logs in to the console of the demo.
SELECT voiceagent.create_member(t.tenant_id, 'owner@acme.example', :'password') FROM voiceagent.tenants t WHERE t.name = 'Acme Solar';
