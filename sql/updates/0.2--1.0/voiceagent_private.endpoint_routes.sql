ALTER TABLE voiceagent_private.endpoint_routes ADD COLUMN refused_at timestamptz, ADD COLUMN refused_peer text,
	ADD COLUMN refused_why text;
