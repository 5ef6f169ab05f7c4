-- One lead that joins makes its own lane due, and leaves those of the others alone.
SET client_min_messages = warning;
SELECT voiceagent.create_tenant('r45 joined', 'UTC', 1000) AS tenant \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS was \gset
SELECT voiceagent.create_campaign('r45', voiceagent.create_assistant('A', 'Hello', 'Be kind.'), 'sales',
	'{"call_interval": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') AS campaign \gset
SELECT count(voiceagent.add_lead(phone, campaign_id => :campaign)) AS leads
FROM unnest('{+12125550101,+13125550102,+13035550103,+14155550104,+12025550105,+16025550106}'::text[]) phone;
SELECT voiceagent.start_campaign(:campaign) AS status;
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) AS was \gset
SELECT count(*) > 4 AS many_lanes, count(*) FILTER (WHERE next_due <= voiceagent.clock()) = count(*) AS all_due FROM voiceagent_private.lanes WHERE tenant_id = :tenant;
-- all of them wait for a retry
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() + interval '1 hour' WHERE tenant_id = :tenant;
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() + interval '59 minutes' WHERE tenant_id = :tenant;
CREATE TEMP TABLE before AS SELECT lane_id, ctid AS place FROM voiceagent_private.lanes WHERE tenant_id = :tenant;
SELECT voiceagent.add_lead('+12125550111') AS joined \gset
SELECT voiceagent.add_leads(:campaign, ARRAY[:joined]) AS joined;
SELECT count(*) FILTER (WHERE l.next_due <= voiceagent.clock()) AS due, count(*) FILTER (WHERE l.ctid <> b.place) AS touched
FROM voiceagent_private.lanes l JOIN before b USING (lane_id) WHERE l.tenant_id = :tenant;
SELECT invariant, detail FROM voiceagent_private.check_tenant();
-- and one whose turn comes later makes it due then
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() + interval '59 minutes' WHERE tenant_id = :tenant;
DELETE FROM voiceagent_private.call_queue WHERE tenant_id = :tenant AND lead_id = :joined;
UPDATE voiceagent.campaign_leads SET status = 'pending', not_before = voiceagent.clock() + interval '30 minutes' WHERE tenant_id = :tenant AND lead_id = :joined;
SELECT queued FROM voiceagent_private.enqueue_pending(:campaign, ARRAY[:joined]::bigint[], true, voiceagent.clock());
SELECT count(*) AS due_in_half_an_hour FROM voiceagent_private.lanes WHERE tenant_id = :tenant
	AND next_due BETWEEN voiceagent.clock() + interval '25 minutes' AND voiceagent.clock() + interval '30 minutes';
ROLLBACK;
