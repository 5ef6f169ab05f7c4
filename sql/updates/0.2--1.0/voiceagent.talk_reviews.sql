SELECT voiceagent_private.update_drop_table('voiceagent.talk_reviews');
-- What models were asked of talks holds their words.  What was on its way is ended, and its credits released, by the claim.
DELETE FROM voiceagent_private.model_request_queue q USING voiceagent.model_requests m
WHERE m.tenant_id = q.tenant_id AND m.model_request_id = q.model_request_id AND m.purpose = 'review'
	AND NOT q.claimed AND NOT q.lost;
DELETE FROM voiceagent.model_requests m WHERE m.purpose = 'review' AND NOT EXISTS (
	SELECT FROM voiceagent_private.model_request_queue q
	WHERE q.tenant_id = m.tenant_id AND q.model_request_id = m.model_request_id);
UPDATE voiceagent.model_requests m
SET lead_id = NULL, call_id = NULL, request = '{"erased": true}', repair = NULL, error = NULL
WHERE m.purpose = 'review';
DELETE FROM voiceagent_private.model_purposes p WHERE p.purpose = 'review';
