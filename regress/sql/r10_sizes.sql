-- What a tenant may hand over: every argument of text, JSON, bytes or an array of the public functions has a limit with a number,
-- or is read in pieces. Each is given far more (a megabyte and more; :size for a longer run); nothing that is kept may be as long.
SET client_min_messages = warning;
\if :{?size}
\else
	\set size 1200000
\endif
SELECT voiceagent.create_tenant('Sizes', credits => 1000) AS tenant \gset
CREATE ROLE regress_sizes LOGIN;
SELECT voiceagent.map_role('regress_sizes', :tenant);
CREATE TABLE public.sizes (nth integer GENERATED ALWAYS AS IDENTITY, statement text, size integer);
GRANT SELECT ON public.sizes TO regress_sizes;
-- $1 is a text, $2 an object with it, $3 an array of many, $4 bytes, $5 many numbers, $6 many texts; c, a, l, s and t are a campaign, its assistant, a lead, the sandbox account, the tenant.
INSERT INTO public.sizes (size, statement) SELECT CASE WHEN line ~ 'context' THEN greatest(:size, 5000000) ELSE :size END, btrim(line) FROM string_to_table($$
normalize_phone($1)
normalize_phone('+12125550100', $1)
get_setting($1)
set_setting($1, '1')
set_setting('retry_delay', $1)
set_setting('calling_hours', $1)
create_member(t, $1, 'long enough')
create_member(t, 'a@example.com', $1)
create_member(t, 'a@example.com', 'long enough', $1)
import_leads('phone', $2)
import_leads('phone', default_country => $1)
import_leads('phone', idempotency_key => $1)
import_leads(E'phone,first_name\n+12125550111,' || $1)
import_leads(repeat('column,', length($1) / 7))
begin_import($2)
tag_leads($5, '{x}')
tag_leads(ARRAY[l], $6)
tag_leads(ARRAY[l], ARRAY[$1])
untag_leads(ARRAY[l], ARRAY[$1])
add_lead($1)
add_lead('+12125550100', first_name => $1)
add_lead('+12125550100', last_name => $1)
add_lead('+12125550100', company => $1)
add_lead('+12125550100', email => $1)
add_lead('+12125550100', timezone => $1)
add_lead('+12125550100', region => $1)
add_lead('+12125550100', context => $2)
add_lead('+12125550100', default_country => $1)
update_lead(l, $2)
update_lead(l, jsonb_build_object('first_name', $1))
update_lead(l, jsonb_build_object('context', $2))
add_lead_number(l, $1)
do_not_call($1, 'x')
do_not_call('+12125550199', $1)
allow_call('+12125550199', $1)
record_consent(l, $1, 'x', 'y')
block_prefix($1, 'x')
block_prefix('+1900', $1)
allow_prefix('+1900', $1)
campaign_do_not_call(c, '+12125550188', $1)
campaign_allow_call(c, '+12125550188', $1)
import_do_not_call($1)
import_do_not_call('+12125550177', $1)
import_do_not_call('+12125550177', 'x', $1)
create_provider_account('vapi', $1, '{}')
create_provider_account('vapi', 'n', jsonb_build_object('api_key', $1), '{"phone_number_id": "p"}')
create_provider_account('vapi', 'n', '{"api_key": "k"}', jsonb_build_object('phone_number_id', $1))
create_provider_account('vapi', 'n', '{"api_key": "k"}', $2)
create_phone_number($1, s)
create_phone_number('+12125550188', s, jsonb_build_object('friendly_name', $1))
create_phone_number('+12125550188', s, $2)
request_number('US', $1)
request_number('US', needs => $1)
create_assistant($1, 'Hello', 'Talk')
create_assistant('B', $1, 'Talk')
create_assistant('B', 'Hello', $1)
create_assistant('B', 'Hello', 'Talk', $1)
create_assistant('B', 'Hello', 'Talk', settings => $2)
update_assistant(a, $2)
create_campaign($1, a)
create_campaign('n', a, $1)
create_campaign('n', a, settings => $2)
update_campaign(c, jsonb_build_object('name', $1))
add_leads(c, $5)
launch_campaign($5, a)
launch_campaign(ARRAY[l], a, $1)
launch_campaign(ARRAY[l], a, 'n', $1)
set_campaign_accounts(c, $5)
set_campaign_numbers(c, $5)
redial_campaign(c, $6)
redial_campaign(c, '{busy}', $1)
confirm_campaign(c, $1)
test_call(a, $1)
create_audience($1, c, 'true')
create_audience('n', c, $1)
create_audience('n', c, repeat('(', length($1)))
create_audience('n', c, repeat('NOT ', length($1) / 4) || 'true')
create_profile($1, 'x', '{}')
apply_profile(c, $1)
stop_all($1)
receive_webhook('token', '{}', $4)
create_webhook_subscription($1)
create_webhook_subscription('https://example.com/' || $1)
create_webhook_subscription('https://example.com/hook', $6)
erase_lead(l, $1)
report_call(1, structured_data => $2)
report_call(1, summary => $1)
report_call(1, transcript => $1)
report_call(1, turns => $3)
report_call(1, success_evaluation => $1)
report_call(call_reference => $1, summary => 'x')
choose_knowledge(a, $5)
test_assistant(a, callers => $6)
adopt_analyses(1, $5)
analyse_again($5)
analyse_again(array_fill(1::bigint, ARRAY[cardinality($5)]))
analyse_by_model(array_fill(1::bigint, ARRAY[cardinality($5)]))
redial_campaign(c, array_fill('busy'::text, ARRAY[cardinality($6)]))
tag_leads(ARRAY[l], array_fill('x'::text, ARRAY[cardinality($6)]))
create_webhook_subscription('https://example.com/hook', array_fill('call.ended'::text, ARRAY[cardinality($6)]))
$$, E'\n') AS t(line) WHERE btrim(line) <> '';
-- Gives one what is too much for it; what it says, and nothing of it stays.
CREATE FUNCTION public.give(which integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v public.sizes := (SELECT s FROM public.sizes s WHERE s.nth = which);
	v_text text := repeat('x', v.size);
	v_names text[];
BEGIN
	IF v.statement ~ '\$[36]' THEN
		v_names := ARRAY(SELECT 'n' || g FROM generate_series(1, v.size / 40) g);
	END IF;
	BEGIN
		EXECUTE format('SELECT count(*) FROM (SELECT (SELECT min(campaign_id) FROM voiceagent.campaigns) AS c, (SELECT min(assistant_id) FROM voiceagent.assistants) AS a,
			(SELECT min(lead_id) FROM voiceagent.leads) AS l, voiceagent.current_tenant() AS t, (SELECT min(provider_account_id) FROM voiceagent.provider_accounts) AS s) x CROSS JOIN LATERAL voiceagent.%s AS y', v.statement)
		USING v_text, CASE WHEN v.statement ~ '\$2' THEN jsonb_build_object('name', v_text) END, to_jsonb(v_names), CASE WHEN v.statement ~ '\$4' THEN convert_to(v_text, 'UTF8') END,
			CASE WHEN v.statement ~ '\$5' THEN ARRAY(SELECT g FROM generate_series(1, v.size / 8) g) END, v_names;
		RAISE EXCEPTION USING ERRCODE = 'ZZ001';
	EXCEPTION
		WHEN SQLSTATE 'ZZ001' THEN RETURN 'TAKEN';
		WHEN OTHERS THEN RETURN SQLSTATE || ' ' || regexp_replace(left(SQLERRM, 110), '[xX(]{4,}(\.\.\.)?', 'xxx...');
	END;
END
$$;
GRANT EXECUTE ON FUNCTION public.give TO regress_sizes;
SET SESSION AUTHORIZATION regress_sizes;
SELECT voiceagent.create_campaign('C', voiceagent.create_assistant('A', 'Hello', 'Talk')) > 0 AND voiceagent.add_lead('+12125550123') > 0 AS ready;
SET statement_timeout = '180s';
SELECT s.statement, g.said FROM (SELECT * FROM public.sizes ORDER BY nth) s CROSS JOIN LATERAL public.give(s.nth) AS g(said);
RESET statement_timeout;
RESET SESSION AUTHORIZATION;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) IS NOT NULL AS acting;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;
DROP FUNCTION public.give;
DROP TABLE public.sizes;
