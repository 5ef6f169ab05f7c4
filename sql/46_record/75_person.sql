-- 46_record: a person, for whoever exports or erases one (95_ops).

CREATE TYPE voiceagent_private.person AS (
	lead_id bigint,
	phones text[],
	email text,
	name text,
	sharers bigint[],
	calls bigint[],
	call_names text[],
	webhooks bigint[],
	tasks bigint[],
	appointments bigint[],
	deliveries bigint[],
	model_requests bigint[]
);
COMMENT ON TYPE voiceagent_private.person IS
	E'Everything by which a lead is known, and the keys of what names it: by its calls as well as by the lead itself.\n'
	'An export and an erasure both go by it.';
