-- Claims and accepts everything that a tenant may dial, a batch at a time, as the dialer does.
CREATE PROCEDURE public.drain(tenant bigint, batch integer) LANGUAGE plpgsql AS $$
DECLARE
	v_ids bigint[];
	n integer;
BEGIN
	LOOP
		PERFORM voiceagent_private.set_tenant(tenant);
		SET LOCAL ROLE voiceagent_worker;
		v_ids := ARRAY(SELECT c.attempt_id FROM voiceagent_private.claim_calls(batch) c);
		n := cardinality(v_ids);
		EXIT WHEN n = 0;
		COMMIT;
		PERFORM voiceagent_private.set_tenant(tenant);
		SET LOCAL ROLE voiceagent_worker;
		PERFORM voiceagent_private.record_dials(v_ids, array_fill('accepted'::text, ARRAY[n]), ARRAY(SELECT 'c' || i FROM unnest(v_ids) i),
			array_fill(NULL::text, ARRAY[n]), array_fill(201, ARRAY[n]), array_fill(NULL::text, ARRAY[n]), array_fill(0, ARRAY[n]));
		COMMIT;
	END LOOP;
END
$$;
