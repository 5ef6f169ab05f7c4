-- The members of the demo: the owner, and one at the desk.
SELECT voiceagent.create_member(t.tenant_id, m.email, :'password', m.role) FROM voiceagent.tenants t,
	(VALUES ('owner@acme.example', 'owner'), ('desk@acme.example', 'agent')) m(email, role) WHERE t.name = 'Acme Solar';
