-- A name without a role stands for nobody until remap_roles().
ALTER TABLE voiceagent_private.role_map ADD COLUMN role_oid oid;
UPDATE voiceagent_private.role_map m SET role_oid = coalesce((SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = m.role_name), 0);
ALTER TABLE voiceagent_private.role_map ALTER COLUMN role_oid SET NOT NULL;
