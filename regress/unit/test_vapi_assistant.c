/*
 * test_vapi_assistant.c
 *		What the settings of an assistant become at Vapi, what of them other
 *		carriers say, and the voices that ElevenLabs has for an account.
 */
#include "pure/providers/vapi/vapi_internal.h"

#include "drivers.h"

static VaProviderAccount carrier;

static VaCallOrder
an_order(const char *settings)
{
	VaCallOrder order = { .carrier = &carrier, .to_number = "+14155550100", .attempt_ref = "va-7-42", .max_duration_s = 300,
		.assistant = { .name = "Anna", .first_message = "Hi", .system_prompt = "Sell.", .settings = settings } };

	carrier = (VaProviderAccount){ .credentials = { { "api_key", "key-123" }, { "elevenlabs_api_key", "xi-9" } },
		.ncredentials = 2, .settings = { { "phone_number_id", "P1" } }, .nsettings = 1 };
	return order;
}

static const char *
body_of(VaCallOrder order)
{
	VaHttpRequest request;

	return va_driver("vapi")->build_call(&order, &arena, &request, &why) ? request.body : why;
}

static const char *
made(const char *settings, const char *path)
{
	return at(body_of(an_order(settings)), path);
}

static void
test_turns(void)
{
	is_str(made("{}", "assistant/stopSpeakingPlan"), NULL, "without a setting the vendor's own way");
	is_str(made("{\"interruption\":\"patient\"}", "assistant/stopSpeakingPlan/numWords"), "3", "a patient one waits for words");
	is_str(made("{\"interruption\":\"normal\"}", "assistant/stopSpeakingPlan/numWords"), "0", "a normal one stops at a voice");
	is_str(made("{\"interruption\":\"eager\"}", "assistant/stopSpeakingPlan/backoffSeconds"), "0.5", "an eager one goes on soon");
	is_str(made("{\"interruption\":\"eager\",\"interrupt_words\":2,\"interrupt_voice_s\":0.3,\"resume_after_s\":4}", "assistant/stopSpeakingPlan"),
		   "{\"backoffSeconds\":4,\"numWords\":2,\"voiceSeconds\":0.3}", "single values win over the word");
	is_str(made("{\"interrupt_words\":2,\"provider_options\":{\"stopSpeakingPlan\":{\"numWords\":9,\"interruptionPhrases\":[\"halt\"]}}}", "assistant/stopSpeakingPlan"),
		   "{\"interruptionPhrases\":[\"halt\"],\"numWords\":2}", "and over the options, which else stay");
	is_str(made("{\"first_message_interruptible\":true}", "assistant/firstMessageInterruptionsEnabled"), "true", "the first message, too");
	is_str(made("{\"response_delay_s\":1.5,\"smart_endpointing\":\"vapi\"}", "assistant/startSpeakingPlan"),
		   "{\"smartEndpointingPlan\":{\"provider\":\"vapi\"},\"waitSeconds\":1.5}", "when it speaks");
	is_str(made("{\"smart_endpointing\":\"off\"}", "assistant/startSpeakingPlan"), NULL, "off is the vendor's own way");
	is_str(made("{\"silence_timeout_s\":20}", "assistant/hooks/0"),
		   "{\"do\":[{\"tool\":{\"messages\":[{\"blocking\":true,\"content\":\"Thank you, goodbye.\",\"type\":\"request-start\"}],\"type\":\"endCall\"},"
		   "\"type\":\"tool\"}],\"name\":\"silence\",\"on\":\"customer.speech.timeout\","
		   "\"options\":{\"timeoutSeconds\":20,\"triggerMaxCount\":1}}", "silence ends the call, with a sentence");
	is_str(made("{}", "assistant/hooks/0/options/timeoutSeconds"), "25", "... also where nobody says when");
	is_str(made("{}", "assistant/endCallMessage"), "\"Thank you, goodbye.\"", "... and so does the assistant itself");
	is_str(made("{\"end_call_message\":\"So long.\"}", "assistant/hooks/0/do/0/tool/messages/0/content"), "\"So long.\"", "... in its author's words");
	is_str(vapi_goodbye("de-CH", NULL), "Vielen Dank und auf Wiederh\303\266ren.", "... or in its language");
	is_str(vapi_goodbye("pt-BR", NULL), "Thank you, goodbye.", "... or in English");
	is_str(made("{}", "assistant/hooks/1/on"), "\"call.timeElapsed\"", "the longest duration ends it so, too");
	is_str(made("{}", "assistant/hooks/1/options"), "{\"seconds\":292}", "... before the vendor cuts it off");
	is_str(made("{}", "assistant/maxDurationSeconds"), "300", "... which it does at the same time as ever");
	is_str(made("{\"silence_timeout_s\":20,\"provider_options\":{\"hooks\":[{\"on\":\"call.ending\"}]}}", "assistant/hooks/0/on"), "\"call.ending\"", "beside one's own hooks");
	is_str(made("{\"background_denoising\":\"smart\"}", "assistant/backgroundSpeechDenoisingPlan"),
		   "{\"fourierDenoisingPlan\":{\"enabled\":false},\"smartDenoisingPlan\":{\"enabled\":true}}", "noise is filtered");
	is_str(made("{\"interruption\":7,\"silence_timeout_s\":\"x\",\"pronunciations\":3,\"keyterms\":{},\"transcriber\":[]}", "assistant/hooks/0/options/timeoutSeconds"), "25", "what is of another type is passed over");
}

static void
test_tools(void)
{
	is_str(made("{\"tools\":[\"opt_out\"]}", "assistant/model/tools/0/function/name"), "\"opt_out\"", "a tool of the catalogue");
	is_str(made("{\"tools\":[\"opt_out\"]}", "assistant/model/tools/0/function/parameters"), "{\"properties\":{},\"required\":[],\"type\":\"object\"}", "with its schema");
	is_str(made("{\"tools\":[\"opt_out\",\"book\"]}", "assistant/model/tools/1/function/name"), "\"opt_out\"", "in the order of the catalogue");
	is_str(made("{\"tools\":[\"hack\",7]}", "assistant/model/tools"), "[{\"type\":\"endCall\"}]", "no other");
	is_str(made("{\"tools\":[\"transfer\"]}", "assistant/model/tools"), "[{\"destinations\":[],\"type\":\"transferCall\"},{\"type\":\"endCall\"}]", "to put a call through the vendor's own, which asks to whom");
	is_str(made("{\"tools\":[\"transfer\"]}", "assistant/serverMessages/3"), "\"transfer-destination-request\"", "... and asks us");
	is_str(made("{\"tools\":[\"opt_out\"]}", "assistant/serverMessages/3"), NULL, "... where there is that tool");
}

static void
test_hangup(void)
{
	is_str(made("{\"end_call_phrases\":[\"bye now\"]}", "assistant/model/tools"), "[{\"type\":\"endCall\"}]", "the assistant hangs up when it wants");
	is_str(made("{\"anti_hangup\":true}", "assistant/model/tools/0/rejectionPlan/conditions/0/type"), "\"liquid\"", "but not before the person has had a chance");
	ok(strstr(made("{\"anti_hangup\":true}", "assistant/model/tools/0/rejectionPlan"), "stop") != NULL, "unless the person wants no more calls");
	is_str(made("{\"anti_hangup\":true,\"end_call_phrases\":[\"bye now\"]}", "assistant/endCallPhrases"), NULL, "nor by a phrase");
	is_str(made("{\"anti_hangup\":true,\"provider_options\":{\"model\":{\"tools\":[{\"type\":\"endCall\",\"rejectionPlan\":{}}]}}}", "assistant/model/tools"),
		   "[{\"rejectionPlan\":{},\"type\":\"endCall\"}]", "one's own conditions stay");
	is_str(made("{\"anti_hangup\":false,\"end_call_phrases\":[\"bye now\"]}", "assistant/endCallPhrases"), "[\"bye now\"]", "false is as without");
}

static const char *
heard(const char *settings, const char *language, const char *path)
{
	VaCallOrder order = an_order(settings);

	order.assistant.language = language;
	return at(body_of(order), path);
}

static void
test_transcriber(void)
{
	is_str(heard("{}", "fr-FR", "assistant/transcriber"), "{\"endpointing\":300,\"language\":\"fr\",\"model\":\"nova-3\",\"provider\":\"deepgram\"}",
		   "a region that the transcriber does not know is left out");
	is_str(heard("{}", "fr-CA", "assistant/transcriber/language"), "\"fr-CA\"", "one that it knows stays");
	is_str(heard("{\"endpointing_ms\":120,\"keyterms\":[\"Acme\",\"heat pump\"]}", "en-GB", "assistant/transcriber"),
		   "{\"endpointing\":120,\"keyterm\":[\"Acme\",\"heat pump\"],\"language\":\"en-GB\",\"model\":\"nova-3\",\"provider\":\"deepgram\"}", "words that it must know");
	is_str(heard("{\"transcriber_model\":\"nova-2\",\"keyterms\":[\"Acme\",\"heat pump\"]}", "en", "assistant/transcriber/keywords"), "[\"Acme\"]", "an older model takes words alone");
	is_str(heard("{\"transcriber\":\"azure\",\"endpointing_ms\":120}", "de", "assistant/transcriber"), "{\"language\":\"de-DE\",\"provider\":\"azure\"}", "another vendor");
	is_str(heard("{\"transcriber\":\"google\"}", "es-MX", "assistant/transcriber/language"), "\"Spanish\"", "which names languages");
	is_str(heard("{\"transcriber\":\"google\"}", "tlh", "assistant/transcriber/language"), "\"Multilingual\"", "or any");
	is_str(heard("{\"transcriber\":\"assembly-ai\",\"keyterms\":[\"Acme\"]}", "fr-FR", "assistant/transcriber"), "{\"keytermsPrompt\":[\"Acme\"],\"language\":\"multi\",\"provider\":\"assembly-ai\"}", "English or several");
	is_str(heard("{\"transcriber\":\"speechmatics\"}", "en", "assistant/transcriber/customVocabulary"), "[]", "a list that must be there");
	is_str(heard("{\"transcriber\":\"gladia\",\"keyterms\":[\"Acme\"],\"endpointing_ms\":200}", "en", "assistant/transcriber"),
		   "{\"customVocabularyConfig\":{\"vocabulary\":[\"Acme\"]},\"customVocabularyEnabled\":true,\"endpointing\":0.2,\"language\":\"en\",\"provider\":\"gladia\"}", "its own shape");
	is_str(heard("{\"transcriber\":\"openai\"}", "en-US", "assistant/transcriber/model"), "\"gpt-4o-transcribe\"", "a model where the vendor wants one");
}

static const char *
spoken(const char *voice, const char *language, const char *settings, const char *path)
{
	VaCallOrder order = an_order(settings);

	order.assistant.voice = voice;
	order.assistant.language = language;
	return at(body_of(order), path);
}

static void
test_voice(void)
{
	is_str(spoken("Elliot", "en-US", "{}", "assistant/voice"), "{\"provider\":\"vapi\",\"voiceId\":\"Elliot\"}", "an English voice");
	is_str(spoken("Elliot", "fr-FR", "{}", "assistant/voice/language"), "\"fr-FR\"", "is told which other language it speaks");
	is_str(spoken("vapi/Clara", "de-AT", "{}", "assistant/voice/language"), "\"de\"", "by its first part where the region is not known");
	is_str(spoken("cartesia/x", "fr-CA", "{}", "assistant/voice/language"), "\"fr\"", "or regions are not");
	is_str(spoken("sarah", "fr-FR", "{}", "assistant/voice/language"), NULL, "11labs hears it from the text");
	is_str(spoken("ElevenLabs/sarah", "en-US", "{}", "assistant/voice/provider"), "\"11labs\"", "which is called by its name, too");
	is_str(spoken("Elliot", NULL, "{\"voice_speed\":1.2,\"pronunciations\":[{\"term\":\"SQL\",\"say\":\"sequel\"},{\"term\":1}]}", "assistant/voice"),
		   "{\"chunkPlan\":{\"formatPlan\":{\"replacements\":[{\"key\":\"SQL\",\"replaceAllEnabled\":true,\"type\":\"exact\",\"value\":\"sequel\"}]}},"
		   "\"provider\":\"vapi\",\"speed\":1.2,\"voiceId\":\"Elliot\"}", "how words are spoken");
	is_str(spoken("Elliot", NULL, "{\"pronunciations\":[{\"term\":\"SQL\",\"say\":\"sequel\"}],\"provider_options\":{\"voice\":{\"chunkPlan\":{\"minCharacters\":9,"
		   "\"formatPlan\":{\"replacements\":[{\"type\":\"regex\"}]}}}}}", "assistant/voice/chunkPlan/formatPlan/replacements/0/type"), "\"regex\"", "after those of the options");
}

static const char *
said(const char *text, const char *pronunciations)
{
	return va_pronounce(&arena, text, va_arena_printf(&arena, "{\"pronunciations\":%s}", pronunciations));
}

static void
test_pronounce(void)
{
	const char *two = "[{\"term\":\"SQL\",\"say\":\"sequel\"},{\"term\":\"SQL Server\",\"say\":\"the server\"},{\"term\":\"sequel\",\"say\":\"wrong\"},{\"term\":\"C++\",\"say\":\"C plus plus\"}]";
	char *many = va_arena_alloc(&arena, 12000);
	VaBuffer list = { 0 };

	is_str(said("SQL and MySQL, SQL.", two), "sequel and MySQL, sequel.", "a word of its own, wherever it stands");
	is_str(said("SQL Server", two), "the server", "the longest term wins");
	is_str(said("C++ (C++)", two), "C plus plus (C plus plus)", "signs are no letters");
	is_str(said("\xc3\x89SQL SQL\xc3\xa9", two), "\xc3\x89SQL SQL\xc3\xa9", "nor part of a word in another script");
	is_str(said("Hi", "[]"), "Hi", "an empty list");
	is_str(said("Hi", "[{\"term\":\"\",\"say\":\"x\"},7,{\"term\":\"Hi\"}]"), "Hi", "items that are none");
	is_str(va_pronounce(&arena, "Hi", "no JSON \"pronunciations\""), "Hi", "settings that are none");
	is_str(va_pronounce(&arena, "Hi", NULL), "Hi", "no settings");
	ok(va_pronounce(&arena, NULL, "{\"pronunciations\":[]}") == NULL, "no text");
	va_buffer_printf(&list, "[");
	for (int i = 0; i < 300; i++)
		va_buffer_printf(&list, "%s{\"term\":\"t%d\",\"say\":\"s%d\"}", i > 0 ? "," : "", i, i);
	va_buffer_printf(&list, "]");
	is_str(said("t0 t199 t200", va_buffer_finish(&list, &arena)), "s0 s199 t200", "200 terms at most");
	memset(many, 'a', 11999);
	many[11999] = '\0';
	is_str(said(many, two), many, "a long text without any");
}

/* Carriers that only speak say it so as well. */
static void
test_spoken_by_others(void)
{
	VaCallOrder order = an_order("{\"pronunciations\":[{\"term\":\"SQL\",\"say\":\"sequel\"}]}");

	order.assistant.first_message = "Hi {{first_name}}, SQL?";
	order.variables = "{\"first_name\":\"SQL\"}";
	va_plan_answer(&order, &arena);
	is_str(order.answer.text, "Hi sequel, sequel?", "in the first message, and what it is filled with");
}

static const char *
fetched(int status, const char *body)
{
	VaProviderRequest order = { .carrier = &carrier };
	VaHttpResponse response = { .status = status, .sent = true, .body = body, .body_len = strlen(body), .now = 1700000000 };
	VaProviderReply reply = { 0 };

	va_driver("vapi")->provider_requests[VA_REQUEST_LIST_VOICES].read(&order, &response, &arena, &reply);
	return va_provider_reply_text(&reply, &arena);
}

static void
test_voices(void)
{
	VaProviderRequest order = { .carrier = &carrier };
	VaHttpRequest request;
	VaHttpRequest masked;
	VaBuffer list = { 0 };

	(void) an_order(NULL);
	ok(va_driver("vapi")->provider_requests[VA_REQUEST_LIST_VOICES].build(&order, &arena, &request, &why), "voices are asked for");
	is_str(request.url, "https://api.elevenlabs.io/v1/voices", "where they are");
	is_str(va_header_find(request.headers, request.nheaders, "xi-api-key"), "xi-9", "with the tenant's key");
	ok(va_header_find(request.headers, request.nheaders, "authorization") == NULL, "and not with the carrier's");
	va_request_mask(&request, &carrier, &arena, &masked);
	is_str(va_header_find(masked.headers, masked.nheaders, "xi-api-key"), "****", "which is masked");
	carrier.settings[carrier.nsettings++] = (VaNamedText){ "elevenlabs_url", "https://api.eu.residency.elevenlabs.io" };
	ok(va_driver("vapi")->provider_requests[VA_REQUEST_LIST_VOICES].build(&order, &arena, &request, &why), "elsewhere");
	is_str(request.url, "https://api.eu.residency.elevenlabs.io/v1/voices", "where the account says");
	carrier.ncredentials = 1;
	ok(!va_driver("vapi")->provider_requests[VA_REQUEST_LIST_VOICES].build(&order, &arena, &request, &why) && strstr(why, "elevenlabs_api_key") != NULL, "without a key: %s", why);
	is_str(fetched(200, "{\"voices\":[{\"voice_id\":\"21m00Tcm4TlvDq8ikWAM\",\"name\":\"Rachel\",\"category\":\"premade\",\"labels\":{\"language\":\"en\"}},"
				   "{\"voice_id\":\"b\",\"name\":\"Bea\",\"fine_tuning\":{\"language\":\"fr\"}},{\"name\":\"none\"},{\"voice_id\":\"c c\"},7]}"),
		   "{\"kind\":\"accepted\",\"voices\":[{\"category\":\"premade\",\"language\":\"en\",\"name\":\"Rachel\",\"voice\":\"21m00Tcm4TlvDq8ikWAM\"},"
		   "{\"language\":\"fr\",\"name\":\"Bea\",\"voice\":\"b\"}]}", "what is named, and what is none passed over");
	is_str(fetched(200, "{\"voices\":[]}"), "{\"kind\":\"accepted\",\"voices\":[]}", "none");
	is_str(at(fetched(200, "{\"voices\":{}}"), "kind"), "\"refused_permanent\"", "no list");
	is_str(at(fetched(200, "x"), "kind"), "\"refused_permanent\"", "no JSON");
	is_str(at(fetched(401, "{}"), "kind"), "\"refused_permanent\"", "a wrong key of theirs says nothing of the account");
	is_str(at(fetched(429, "{}"), "kind"), "\"refused_retry\"", "nor does their limit");
	is_str(at(fetched(500, ""), "kind"), "\"refused_retry\"", "or their trouble");
	va_buffer_printf(&list, "{\"voices\":[");
	for (int i = 0; i < 2100; i++)
		va_buffer_printf(&list, "%s{\"voice_id\":\"v%d\"}", i > 0 ? "," : "", i);
	va_buffer_printf(&list, "]}");
	is_str(at(fetched(200, va_buffer_finish(&list, &arena)), "voices/1999/voice"), "\"v1999\"", "2000 voices");
	is_str(at(fetched(200, "{\"voices\":[]}"), "voices/2000"), NULL, "and no more");
}

/* ---- kept at the carrier ---- */

static VaProviderRequest
a_request(const char *settings)
{
	VaProviderRequest order = { .carrier = &carrier, .carrier_assistant_id = "as-1", .kept_ref = "ref-1",
		.assistant = { .name = "Anna", .first_message = "Hi", .system_prompt = "Sell.", .voice = "Elliot", .settings = settings } };

	(void) an_order(NULL);
	return order;
}

static const char *
asked(VaProviderRequestKind kind, VaProviderRequest order)
{
	VaHttpRequest request;

	return va_driver("vapi")->provider_requests[kind].build(&order, &arena, &request, &why)
			   ? va_arena_printf(&arena, "%s %s", request.method, request.url)
			   : va_arena_printf(&arena, "! %s", why);
}

static const char *
sent(VaProviderRequestKind kind, VaProviderRequest order)
{
	VaHttpRequest request;

	return va_driver("vapi")->provider_requests[kind].build(&order, &arena, &request, &why) ? request.body : why;
}

static const char *
told(VaProviderRequestKind kind, VaProviderRequest order, int status, const char *body)
{
	VaHttpResponse response = { .status = status, .sent = true, .body = body, .body_len = strlen(body), .now = 1700000000 };
	VaProviderReply reply = { 0 };

	va_driver("vapi")->provider_requests[kind].read(&order, &response, &arena, &reply);
	return va_provider_reply_text(&reply, &arena);
}

static void
test_kept_requests(void)
{
	VaProviderRequest order = a_request("{\"temperature\":0.5}");
	const char *body;
	const char *there;

	is_str(asked(VA_REQUEST_CREATE_ASSISTANT, order), "POST https://api.vapi.ai/assistant", "one is made");
	is_str(asked(VA_REQUEST_UPDATE_ASSISTANT, order), "PATCH https://api.vapi.ai/assistant/as-1", "changed");
	is_str(asked(VA_REQUEST_FETCH_ASSISTANT, order), "GET https://api.vapi.ai/assistant/as-1", "looked at");
	is_str(asked(VA_REQUEST_DELETE_ASSISTANT, order), "DELETE https://api.vapi.ai/assistant/as-1", "deleted");
	order.created_from = "2026-01-02T03:04:05Z";
	is_str(asked(VA_REQUEST_FIND_ASSISTANT, order), "GET https://api.vapi.ai/assistant?limit=100&createdAtGe=2026-01-02T03%3A04%3A05Z", "looked for");
	body = sent(VA_REQUEST_CREATE_ASSISTANT, order);
	is_str(at(body, "metadata/voiceagent"), "\"ref-1\"", "it has our reference");
	is_str(at(body, "server"), NULL, "and no secret of ours");
	is_str(at(body, "model/messages/0/content"), "\"Sell.\"", "the prompt");
	is_str(at(body, "maxDurationSeconds"), NULL, "and nothing that is a campaign's");
	there = va_arena_printf(&arena, "{\"id\":\"as-1\",\"orgId\":\"o\",%s", body + 1);
	is_str(at(told(VA_REQUEST_CREATE_ASSISTANT, order, 201, there), "carrier_assistant_id"), "\"as-1\"", "the carrier's id");
	is_str(at(told(VA_REQUEST_CREATE_ASSISTANT, order, 201, there), "assistant/firstMessage"), "\"Hi\"", "what was sent is kept");
	is_str(at(told(VA_REQUEST_CREATE_ASSISTANT, order, 201, "{}"), "kind"), "\"unknown\"", "an answer without an id may be one that was made");
	is_str(at(told(VA_REQUEST_CREATE_ASSISTANT, order, 500, ""), "kind"), "\"unknown\"", "so may any fault");
	is_str(at(told(VA_REQUEST_CREATE_ASSISTANT, order, 429, "{}"), "kind"), "\"rate_limited\"", "but no limit");
	is_str(at(told(VA_REQUEST_UPDATE_ASSISTANT, order, 500, ""), "kind"), "\"refused_retry\"", "a change is sent again");
	is_str(at(told(VA_REQUEST_UPDATE_ASSISTANT, order, 404, "{\"message\":\"gone\"}"), "cause"), "\"http-404\"", "one that is not there");
	is_str(at(told(VA_REQUEST_DELETE_ASSISTANT, order, 404, "{}"), "already"), "true", "is deleted");
	order.kept_body = body;
	is_str(at(told(VA_REQUEST_FETCH_ASSISTANT, order, 200, there), "differences"), "[]", "as it was sent, whatever the vendor adds");
	is_str(at(told(VA_REQUEST_FETCH_ASSISTANT, order, 200, "{\"id\":\"as-1\",\"firstMessage\":\"Yo\"}"), "differences/0"), "\"analysisPlan\"", "what is missing there");
	order.kept_body = "{\"firstMessage\":\"Hi\",\"model\":{\"temperature\":0.50,\"tools\":[{\"type\":\"endCall\"}]}}";
	is_str(at(told(VA_REQUEST_FETCH_ASSISTANT, order, 200, "{\"id\":\"as-1\",\"firstMessage\":\"Yo\",\"model\":{\"temperature\":0.5,\"tools\":[{\"type\":\"dtmf\"}]}}"), "differences"),
		   "[\"firstMessage\",\"model.tools[0].type\"]", "what was changed there");
	is_str(at(told(VA_REQUEST_FETCH_ASSISTANT, order, 200, "{\"id\":\"as-1\",\"firstMessage\":\"Hi\",\"model\":{\"temperature\":0.5,\"tools\":[]}}"), "differences"), "[\"model.tools\"]", "or is gone");
	order.kept_body = "{\"backgroundSound\":\"off\",\"firstMessage\":\"x\"}";
	is_str(at(told(VA_REQUEST_UPDATE_ASSISTANT, order, 200, "{\"id\":\"as-1\",\"backgroundSound\":\"off\"}"), "stale"), "true", "what is sent no more, and stays there");
	is_str(at(told(VA_REQUEST_UPDATE_ASSISTANT, order, 200, "{\"id\":\"as-1\"}"), "stale"), NULL, "or does not");
	is_str(at(told(VA_REQUEST_FIND_ASSISTANT, order, 200, "[{\"id\":\"a\",\"metadata\":{\"voiceagent\":\"other\"}},{\"id\":\"b\",\"metadata\":{\"voiceagent\":\"ref-1\"}},7]"), "carrier_assistant_id"), "\"b\"", "found by our reference");
	is_str(told(VA_REQUEST_FIND_ASSISTANT, order, 200, "[]"), "{\"kind\":\"accepted\"}", "or not");
	is_str(at(told(VA_REQUEST_FIND_ASSISTANT, order, 200, "{}"), "kind"), "\"refused_retry\"", "no list");
	order.carrier_assistant_id = NULL;
	ok(strstr(asked(VA_REQUEST_UPDATE_ASSISTANT, order), "! the assistant's id") != NULL, "no id");
	order.assistant.system_prompt = NULL;
	ok(strstr(asked(VA_REQUEST_CREATE_ASSISTANT, order), "! there is no assistant") != NULL, "no assistant");
}

static void
test_kept_calls(void)
{
	VaProviderRequest request = a_request("{\"temperature\":0.5}");
	VaCallOrder order = an_order("{\"temperature\":0.5}");
	VaArena memory = { 0 };
	VaCallMemo memo = { .arena = &memory };
	const char *body;
	json_t *with;
	json_t *without;

	order.assistant.voice = "Elliot";
	order.record = true;
	order.server_url = "https://us.example/webhooks/t0k";
	order.webhook_headers = "{\"X-Vapi-Secret\":\"hush\"}";
	order.max_duration_s = 300;
	order.variables = "{\"first_name\":\"Ann\",\"city\":\"Graz\"}";
	order.kept = va_arena_printf(&arena, "{\"id\":\"as-1\",\"body\":%s}", sent(VA_REQUEST_CREATE_ASSISTANT, request));
	body = body_of(order);
	is_str(at(body, "assistantId"), "\"as-1\"", "a call names the kept assistant");
	is_str(at(body, "assistant"), NULL, "and carries none");
	is_str(at(body, "assistantOverrides/model"), NULL, "what is the same is not said again");
	is_str(at(body, "assistantOverrides/firstMessage"), NULL, "nor this");
	is_str(at(body, "assistantOverrides/server/headers/X-Vapi-Secret"), "\"hush\"", "where its events go");
	is_str(at(body, "assistantOverrides/maxDurationSeconds"), "300", "what the campaign says");
	is_str(at(body, "assistantOverrides/variableValues/city"), "\"Graz\"", "the lead's values");
	is_str(at(body, "assistantOverrides/variableValues/first_name"), NULL, "but for a name that no text says");
	is_str(at(body, "assistantOverrides/metadata/attempt"), "\"va-7-42\"", "and the attempt");
	order.memo = &memo;
	with = va_json_load(&arena, body_of(order), strlen(body_of(order)), &why);
	without = va_json_load(&arena, body, strlen(body), &why);
	ok(json_equal(with, without), "the same with a memo");
	json_decref(with);
	json_decref(without);
	order.assistant.first_message = "This is an AI. Hi";
	is_str(at(body_of(order), "assistantOverrides/firstMessage"), "\"This is an AI. Hi\"", "what the law wants said first");
	order.kept = "{\"id\":\"as-1\",\"body\":{\"backgroundSound\":\"off\"}}";
	is_str(at(body_of(order), "assistantId"), NULL, "one with more than the call is to have is not named");
	is_str(at(body_of(order), "assistant/name"), "\"Anna\"", "but carried");
	order.kept = "{\"id\":\"a b\",\"body\":{}}";
	is_str(at(body_of(order), "assistantId"), NULL, "nor one without an id");
	va_arena_free(&memory);
}

static void
test_gone(void)
{
	static const struct { int status; const char *body; const char *kind; } answers[] = {
		{ 400, "{\"message\":\"Couldn't get assistant. assistantId as-1 does not exist.\"}", "refused_retry" },
		{ 404, "{\"message\":\"Assistant not found\"}", "refused_retry" },
		{ 400, "{\"message\":[\"assistant.model.model must be one of ...\"]}", "refused_permanent" },
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
	{
		VaHttpResponse response = { .status = answers[i].status, .sent = true, .body = answers[i].body, .body_len = strlen(answers[i].body) };
		VaDialOutcome outcome;

		memset(&outcome, 0, sizeof(outcome));
		va_driver("vapi")->read_call_response(&response, &arena, &outcome);
		is_str(va_dial_kind_name(outcome.kind), answers[i].kind, "a dial whose assistant is gone is dialled again; a wrong one is not");
	}
}

int
main(void)
{
	test_kept_requests();
	test_kept_calls();
	test_gone();
	test_turns();
	test_tools();
	test_hangup();
	test_transcriber();
	test_voice();
	test_pronounce();
	test_spoken_by_others();
	test_voices();
	va_arena_free(&arena);
	return done_testing();
}
