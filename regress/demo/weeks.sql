-- KEEP=1: three weeks of rehearsed calls, for whoever looks around in the console.
BEGIN;
SELECT voiceagent_private.set_tenant(t.tenant_id) FROM voiceagent.tenants t WHERE t.name = 'Acme Solar';
DO $$
DECLARE
	v_desk bigint := (SELECT min(n.phone_number_id) FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant() AND n.phone_number = '+12125550155');
	c_callers CONSTANT text[] := '{books,leaves_message,seeks_house,wants_call_back,haggles,cancels}';
BEGIN
	FOR v_day IN 1 .. 21 LOOP
		PERFORM set_config('voiceagent.clock_offset', (86400 * (v_day - 22))::text, true);
		FOR v_nth IN 1 .. 1 + v_day % 3 LOOP
			PERFORM voiceagent.sandbox_call_in(v_desk, c_callers[1 + (2 * v_day + v_nth) % 6], format('+1202555%s', 4000 + 10 * v_day + v_nth));
		END LOOP;
		PERFORM voiceagent_private.follow_calls_of_tenant(100);
	END LOOP;
END
$$;
COMMIT;
