/*
 * 38_model: until when vendors keep their models, in the words of their own libraries and pages.
 *
 * Each name that this version knows, defaults to, writes or shows has its row; regress/lint looks for those that have
 * none.  A vendor's days are those of its own servers; a partner that runs its models has others, unpublished.
 */

CREATE FUNCTION voiceagent_private.known_models() RETURNS TABLE (vendor text, serves text[], ends_on date,
	successor text, source text, models text[])
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
VALUES
	('anthropic', '{mind}'::text[], date '2025-07-21', 'claude-sonnet-5', '@anthropic-ai/sdk 0.60.0',
		'{claude-3-sonnet-20240229}'::text[]),
	('anthropic', '{mind}', '2025-10-22', 'claude-sonnet-5', '@anthropic-ai/sdk 0.60.0',
		'{claude-3-5-sonnet-20240620,claude-3-5-sonnet-20241022}'),
	('anthropic', '{mind}', '2026-01-05', 'claude-opus-4-6', '@anthropic-ai/sdk 0.60.0', '{claude-3-opus-20240229}'),
	('anthropic', '{mind}', '2026-02-19', 'claude-haiku-4-5-20251001', '@anthropic-ai/sdk 0.75.0',
		'{claude-3-5-haiku-20241022,claude-3-7-sonnet-20250219}'),
	('anthropic', '{mind}', '2026-04-20', 'claude-haiku-4-5-20251001', 'Anthropic, model deprecations',
		'{claude-3-haiku-20240307}'),
	('anthropic', '{mind}', '2026-06-15', 'claude-sonnet-5', '@anthropic-ai/sdk 0.95.0',
		'{claude-opus-4-20250514,claude-sonnet-4-20250514}'),
	('anthropic', '{mind}', '2026-11-30', 'claude-sonnet-5', '@anthropic-ai/sdk 1.14.0',
		'{claude-sonnet-4-5,claude-sonnet-4-5-20250929}'),
	('anthropic', '{mind}', '2027-01-22', 'claude-opus-4-6', '@anthropic-ai/sdk 1.14.0',
		'{claude-opus-4-5,claude-opus-4-5-20251101}'),
	('anthropic', '{mind}', NULL, NULL, '@anthropic-ai/sdk 1.14.0',
		'{claude-opus-4-6,claude-sonnet-4-6,claude-sonnet-5,claude-haiku-4-5,claude-haiku-4-5-20251001}'),
	('anthropic-bedrock', '{mind}', NULL, NULL, 'Vapi', '{claude-3-opus-20240229,claude-3-sonnet-20240229,'
		'claude-3-haiku-20240307,claude-3-5-sonnet-20240620,claude-3-5-sonnet-20241022,claude-3-5-haiku-20241022,'
		'claude-3-7-sonnet-20250219,claude-opus-4-20250514,claude-opus-4-5-20251101,claude-opus-4-6,'
		'claude-sonnet-4-20250514,claude-sonnet-4-5-20250929,claude-sonnet-4-6,claude-haiku-4-5-20251001,'
		'global.anthropic.claude-haiku-4-5-20251001-v1:0}'),
	('anyscale', '{mind}', NULL, NULL, NULL, NULL),
	('cerebras', '{mind}', '2026-02-16', NULL, 'Cerebras, deprecations', '{llama-3.3-70b}'),
	('cerebras', '{mind}', '2026-05-27', NULL, 'Cerebras, deprecations', '{llama3.1-8b}'),
	('custom-llm', '{mind}', NULL, NULL, NULL, NULL),
	('deepinfra', '{mind}', NULL, NULL, NULL, NULL),
	('deep-seek', '{mind}', NULL, NULL, 'Vapi', '{deepseek-chat,deepseek-reasoner}'),
	('google', '{mind,ear}', '2025-02-15', 'gemini-3.1-flash-lite', 'Google, Gemini deprecations', '{gemini-1.0-pro}'),
	('google', '{mind,ear}', '2025-09-29', 'gemini-3.1-flash-lite', 'Google, Gemini deprecations',
		'{gemini-1.5-flash,gemini-1.5-flash-002,gemini-1.5-pro,gemini-1.5-pro-002}'),
	('google', '{mind,ear}', '2025-12-09', 'gemini-3.1-flash-lite', 'Google, Gemini deprecations',
		'{gemini-2.0-flash-thinking-exp,gemini-2.0-pro-exp-02-05,gemini-2.0-flash-exp,gemini-2.0-flash-realtime-exp}'),
	('google', '{mind,ear}', '2026-06-01', 'gemini-3.1-flash-lite', 'Google, Gemini deprecations',
		'{gemini-2.0-flash,gemini-2.0-flash-lite}'),
	('google', '{mind,ear}', '2026-12-01', 'gemini-3.5-flash', 'Google, Gemini deprecations',
		'{gemini-2.5-pro,gemini-2.5-flash}'),
	('google', '{mind,ear}', '2027-05-07', 'gemini-3.5-flash', 'Google, Gemini deprecations',
		'{gemini-3.1-flash-lite}'),
	('google', '{mind,ear}', NULL, NULL, 'Google, Gemini deprecations',
		'{gemini-3.5-flash,gemini-3-flash-preview,gemini-2.5-flash-lite}'),
	('groq', '{mind}', '2025-10-08', 'openai/gpt-oss-20b', 'Groq, deprecations', '{deepseek-r1-distill-llama-70b,'
		'llama-3.1-405b-reasoning,llama3-8b-8192,llama3-70b-8192,gemma2-9b-it,mistral-saba-24b}'),
	('groq', '{mind}', '2026-08-16', 'openai/gpt-oss-120b', 'Groq, deprecations',
		'{llama-3.3-70b-versatile,llama-3.1-8b-instant}'),
	('groq', '{mind}', NULL, NULL, 'Vapi', '{openai/gpt-oss-20b,openai/gpt-oss-120b,'
		'moonshotai/kimi-k2-instruct-0905,meta-llama/llama-4-scout-17b-16e-instruct,compound-beta,compound-beta-mini}'),
	('inflection-ai', '{mind}', NULL, NULL, 'Vapi', '{inflection_3_pi}'),
	('minimax', '{mind}', NULL, NULL, 'Vapi', '{MiniMax-M2.7}'),
	('openai', '{mind}', '2024-09-13', 'gpt-5.6-luna', 'openai 7.59.0', '{gpt-3.5-turbo-16k,gpt-3.5-turbo-0613}'),
	('openai', '{mind,whole}', '2025-10-10', 'gpt-realtime-2', 'OpenAI, deprecations',
		'{gpt-4o-realtime-preview-2024-10-01}'),
	('openai', '{mind}', '2025-10-27', 'gpt-5.6-terra', 'openai 7.59.0', '{o1-mini,o1-mini-2024-09-12}'),
	('openai', '{mind}', '2026-02-17', 'chat-latest', 'openai 7.59.0', '{chatgpt-4o-latest}'),
	('openai', '{mind}', '2026-03-26', 'gpt-5.6-sol', 'openai 7.59.0', '{gpt-4-0125-preview,gpt-4-turbo-preview}'),
	('openai', '{mind,whole}', '2026-05-07', 'gpt-realtime-2', 'OpenAI, deprecations',
		'{gpt-4o-realtime-preview-2024-12-17,gpt-4o-mini-realtime-preview-2024-12-17}'),
	('openai', '{mind}', '2026-07-23', 'chat-latest', 'openai 7.59.0', '{gpt-5-chat-latest,gpt-5.1-chat-latest}'),
	('openai', '{mind}', '2026-08-10', 'chat-latest', 'openai 7.59.0', '{gpt-5.2-chat-latest}'),
	('openai', '{mind}', '2026-09-28', 'gpt-5.6-luna', 'openai 7.59.0', '{gpt-3.5-turbo-1106}'),
	('openai', '{mind}', '2026-10-23', 'gpt-5.6-luna', 'openai 7.59.0',
		'{gpt-3.5-turbo,gpt-3.5-turbo-0125,gpt-4.1-nano,gpt-4.1-nano-2025-04-14}'),
	('openai', '{mind}', '2026-10-23', 'gpt-5.6-sol', 'openai 7.59.0', '{gpt-4,gpt-4-0613,gpt-4-1106-preview,'
		'gpt-4-turbo,gpt-4-turbo-2024-04-09,gpt-4o-2024-05-13,o3-mini,o4-mini}'),
	('openai', '{mind}', '2026-12-11', 'gpt-5.6-sol', 'openai 7.59.0', '{gpt-5,o3}'),
	('openai', '{mind}', '2026-12-11', 'gpt-5.6-luna', 'openai 7.59.0', '{gpt-5-mini,gpt-5-nano}'),
	('openai', '{voice}', '2027-01-06', NULL, 'openai 7.59.0', '{tts-1,tts-1-hd,gpt-4o-mini-tts}'),
	('openai', '{mind}', '2027-01-14', 'gpt-5.6-luna', 'openai 7.59.0', '{gpt-4.1,gpt-4.1-2025-04-14,gpt-4.1-mini,'
		'gpt-4.1-mini-2025-04-14,gpt-4o,gpt-4o-2024-08-06,gpt-4o-2024-11-20,gpt-4o-mini,gpt-4o-mini-2024-07-18}'),
	('openai', '{mind,whole}', '2027-01-20', 'gpt-realtime-2', 'openai 7.59.0',
		'{gpt-realtime-2025-08-28,gpt-realtime-mini-2025-12-15}'),
	('openai', '{whole}', '2027-01-20', 'gpt-realtime-2', 'openai 7.59.0', '{gpt-realtime,gpt-realtime-mini}'),
	('openai', '{ear}', '2027-02-26', NULL, 'openai 7.59.0', '{gpt-4o-transcribe,gpt-4o-mini-transcribe}'),
	('openai', '{mind}', '2027-04-01', 'gpt-5.6-luna', 'openai 7.59.0', '{gpt-5.1,gpt-5.4-nano}'),
	('openai', '{mind}', NULL, NULL, 'openai 7.59.0', '{gpt-5.6-luna,gpt-5.6-terra,gpt-5.6-sol,gpt-5.5,gpt-5.4,'
		'gpt-5.4-mini,gpt-5.2,chat-latest}'),
	('openai', '{mind,whole}', NULL, NULL, 'openai 7.59.0', '{gpt-realtime-2}'),
	('openai', '{call}', NULL, NULL, 'openai 7.59.0', '{gpt-transcribe}'),
	('openrouter', '{mind}', NULL, NULL, NULL, NULL),
	('perplexity-ai', '{mind}', NULL, NULL, NULL, NULL),
	('together-ai', '{mind}', NULL, NULL, NULL, NULL),
	('xai', '{mind}', NULL, NULL, 'Vapi', '{grok-beta,grok-2,grok-3,grok-4-fast-reasoning,grok-4-fast-non-reasoning,'
		'grok-4.20-0309-reasoning,grok-4.20-0309-non-reasoning,grok-4.3}'),
	('vapi', '{mind}', NULL, NULL, NULL, NULL),
	('assembly-ai', '{ear}', NULL, NULL, NULL, NULL),
	('azure', '{ear}', NULL, NULL, NULL, NULL),
	('deepgram', '{ear}', NULL, NULL, 'Vapi', '{nova-3,nova-3-general,nova-3-medical,nova-2,nova-2-general,'
		'nova-2-meeting,nova-2-phonecall,nova-2-finance,nova-2-conversationalai,nova-2-voicemail,nova-2-video,'
		'nova-2-medical,nova-2-drivethru,nova-2-automotive,nova,nova-general,nova-phonecall,nova-medical,enhanced,'
		'enhanced-general,enhanced-meeting,enhanced-phonecall,enhanced-finance,base,base-general,base-meeting,'
		'base-phonecall,base-finance,base-conversationalai,base-voicemail,base-video,whisper,flux-general-en,'
		'flux-general-multi}'),
	('11labs', '{ear}', NULL, NULL, 'Vapi', '{scribe_v1,scribe_v2,scribe_v2_realtime}'),
	('11labs', '{voice}', NULL, NULL, 'Vapi', '{eleven_multilingual_v2,eleven_turbo_v2,eleven_turbo_v2_5,'
		'eleven_flash_v2,eleven_flash_v2_5,eleven_monolingual_v1,eleven_v3}'),
	('gladia', '{ear}', NULL, NULL, 'Vapi', '{fast,accurate,solaria-1}'),
	('speechmatics', '{ear}', NULL, NULL, 'Vapi', '{default}'),
	('talkscriber', '{ear}', NULL, NULL, 'Vapi', '{whisper}'),
	('cartesia', '{ear}', NULL, NULL, 'Vapi', '{ink-whisper,ink-2}'),
	('soniox', '{ear}', NULL, NULL, 'Vapi', '{stt-rt-v4,stt-rt-v5}'),
	('xai', '{ear}', NULL, NULL, 'Vapi', '{default}'),
	('vapi', '{ear}', NULL, NULL, NULL, NULL)
$$;
COMMENT ON FUNCTION voiceagent_private.known_models() IS
	E'The models of vendors that this version knows, and what they serve: mind, ear and voice in assistants; whole and '
	'call through accounts of one''s own alone.\n'
	'ends_on: the day from which the vendor has it no longer, as source says (NULL: none was announced); successor: '
	'what is used instead. models NULL: the vendor takes any name.';

CREATE FUNCTION voiceagent_private.model_named(model text, OUT provider text, OUT name text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	-- One of openai may name a region.
	SELECT p.provider, CASE p.provider WHEN 'openai' THEN regexp_replace(p.name, ':[a-z0-9]{2,30}$', '') ELSE p.name END
	FROM (SELECT CASE WHEN model ~ '^[^/]+/.' THEN split_part(model, '/', 1) WHEN model LIKE 'claude%' THEN 'anthropic'
			WHEN model LIKE 'gemini%' THEN 'google' WHEN model LIKE 'grok%' THEN 'xai' ELSE 'openai' END AS provider,
		CASE WHEN model ~ '^[^/]+/.' THEN substr(model, strpos(model, '/') + 1) ELSE model END AS name) p
$$;
COMMENT ON FUNCTION voiceagent_private.model_named(text) IS
	'The provider and the plain name of an assistant''s language model, "provider/model" or a name alone.';

CREATE FUNCTION voiceagent_private.require_living_model(vendor text, model text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_today date := (voiceagent.clock() AT TIME ZONE 'UTC')::date;
	v record;
	c_warned CONSTANT integer := 31;
BEGIN
	SELECT k.ends_on, k.successor INTO v FROM voiceagent_private.known_models() k
	WHERE k.vendor = require_living_model.vendor AND require_living_model.model = ANY (k.models);
	PERFORM voiceagent_private.fail_if(v.ends_on <= v_today, 'PT422',
		format('the model %s ended on %s', model, v.ends_on), 'Its vendor has it no longer.',
		'Use ' || v.successor || ', or another that lives.');
	IF v.ends_on <= v_today + c_warned THEN
		RAISE NOTICE 'the model % ends on %', model, v.ends_on USING HINT = 'Use ' || v.successor || '.';
	END IF;
END
$$;
COMMENT ON FUNCTION voiceagent_private.require_living_model(text, text) IS
	E'PT422 with the successor for a model that its vendor has ended; a NOTICE in the last month.\n'
	'NULLs and unknown names pass.';
