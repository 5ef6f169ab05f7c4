/*-------------------------------------------------------------------------
 * vapi_speech.c
 *		How an assistant of Vapi speaks and listens: voice, transcriber, and
 *		who lets whom finish.
 *
 * The settings are those of sql/40_assistant/15_settings.sql, which has
 * checked them; a version that is older may say anything, so what is of
 * another type is passed over.
 */
#include "vapi_internal.h"

#include <string.h>
#include <strings.h>

/* A silent call ends after this time, unless the assistant says when. */
#define SILENCE_S 25
/* So long before its longest duration a call takes leave: then the vendor cuts it off. */
#define LEAVE_S 8

/* Move a member of settings under the vendor's name, as it is. */
void
vapi_set_member(json_t *object, const char *key, const json_t *settings, const char *name)
{
	json_t *value = json_object_get(settings, name);

	if (value != NULL && !json_is_null(value))
		json_object_set(object, key, value);
}

/* "provider/name" apart; without a provider it is guessed from the name. */
void
vapi_split_name(const char *text, const char **provider, const char **name, VaArena *arena)
{
	const char *slash = strchr(text, '/');

	if (slash == NULL || slash == text || slash[1] == '\0')
	{
		*name = text;
		return;
	}
	*provider = va_arena_strndup(arena, text, (size_t) (slash - text));
	*name = slash + 1;
}

/* A part of the assistant: begun with what the options say of it, for ours to be set over. */
json_t *
vapi_begin_part(const json_t *settings, const char *name)
{
	json_t *part = va_json_object(va_json_object(settings, "provider_options"), name);

	return part != NULL ? json_deep_copy(part) : va_json_new_object();
}

/* An array of settings; NULL when there is none, or nothing in it. */
static json_t *
list_of(const json_t *settings, const char *name)
{
	json_t *list = json_object_get(settings, name);

	return json_is_array(list) && json_array_size(list) > 0 ? list : NULL;
}

/* The member of an object that is an object, made if it is none. */
static json_t *
member_object(json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name);

	if (!json_is_object(member))
	{
		member = va_json_new_object();
		json_object_set_new(object, name, member);
	}
	return member;
}

/* ---- languages ---- */

static bool
is_among(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcasecmp(word, *words) == 0)
			return true;
	return false;
}

/*
 * A vendor knows languages by their first part, and some with their region:
 * those in `regions`.  An unknown region is left out.
 */
static const char *
language_tag(const char *language, const char *const *regions, VaArena *arena)
{
	const char *dash = language != NULL ? strchr(language, '-') : NULL;

	if (dash == NULL || (regions != NULL && is_among(language, regions)))
		return language;
	return va_arena_strndup(arena, language, (size_t) (dash - language));
}

/* ---- the voice ---- */

/* 11labs' own voices are lower case names or 20-character ids, Vapi's are capitalised names. */
static const char *
voice_provider(const char *voice)
{
	size_t len = strlen(voice);
	bool name = len > 0 && len < 16 && voice[0] >= 'A' && voice[0] <= 'Z';

	for (size_t i = 1; name && i < len; i++)
		name = voice[i] >= 'a' && voice[i] <= 'z';
	return name ? "vapi" : "11labs";
}

static const char *const vapi_regions[] = { "en-US", "en-GB", "en-AU", "en-CA", "fr-FR", "fr-CA", "pt-BR", "pt-PT",
	"es-ES", "es-MX", "ar-SA", "ar-AE", "ar-EG", NULL };
static const char *const xai_regions[] = { "ar-EG", "ar-SA", "ar-AE", "pt-BR", "pt-PT", "es-MX", "es-ES", NULL };
static const char *const no_regions[] = { NULL };

static const struct
{
	const char *vendor;
	const char *const *regions;
} voice_languages[] = {
	{ "vapi", vapi_regions },
	{ "xai", xai_regions },
	{ "cartesia", no_regions },
	{ "rime-ai", no_regions },
	{ "lmnt", no_regions },
};

/* Voices that speak several languages get the one; English is what they speak anyway. */
static void
set_voice_language(json_t *voice, const char *vendor, const char *language, VaArena *arena)
{
	if (language == NULL || strncasecmp(language, "en", 2) == 0)
		return;
	for (size_t i = 0; i < sizeof(voice_languages) / sizeof(voice_languages[0]); i++)
		if (strcmp(vendor, voice_languages[i].vendor) == 0)
			va_json_set_text(voice, "language", language_tag(language, voice_languages[i].regions, arena));
}

/* Each term as it is to be spoken, after the replacements of the options. */
static void
set_pronunciations(json_t *voice, const json_t *settings)
{
	json_t *list = list_of(settings, "pronunciations");
	json_t *plan;
	json_t *replacements;
	json_t *item;
	size_t i;

	if (list == NULL)
		return;
	plan = member_object(member_object(voice, "chunkPlan"), "formatPlan");
	replacements = json_object_get(plan, "replacements");
	if (!json_is_array(replacements))
	{
		replacements = json_array();
		json_object_set_new(plan, "replacements", replacements);
	}
	json_array_foreach(list, i, item)
	{
		const char *term = va_json_string(item, "term");
		const char *say = va_json_string(item, "say");

		if (term != NULL && say != NULL && i < VA_PRONUNCIATIONS_MAX)
			json_array_append_new(replacements,
				json_pack("{s:s,s:s,s:s,s:b}", "type", "exact", "key", term, "value", say, "replaceAllEnabled", 1));
	}
}

json_t *
vapi_build_voice(const VaAssistant *assistant, const json_t *settings, VaArena *arena)
{
	const char *name = assistant->voice;
	const char *provider = NULL;
	json_t *voice;

	if (name == NULL || name[0] == '\0')
		return NULL;
	voice = vapi_begin_part(settings, "voice");
	vapi_split_name(name, &provider, &name, arena);
	if (provider == NULL)
		provider = voice_provider(name);
	/* Vapi's own word for the vendor that everybody else calls by its name. */
	if (strcasecmp(provider, "elevenlabs") == 0)
		provider = "11labs";
	set_voice_language(voice, provider, assistant->language, arena);
	va_json_set_text(voice, "provider", provider);
	va_json_set_text(voice, "voiceId", name);
	vapi_set_member(voice, "model", settings, "voice_model");
	vapi_set_member(voice, "speed", settings, "voice_speed");
	set_pronunciations(voice, settings);
	return voice;
}

/* ---- the transcriber ---- */

typedef enum LanguageStyle
{
	LANGUAGE_TAG,		/* by its first part, or with its region */
	LANGUAGE_REGION,	/* always with a region */
	LANGUAGE_NAME,		/* in English */
	LANGUAGE_OR_SEVERAL /* en, or any */
} LanguageStyle;

typedef enum KeytermStyle
{
	KEYTERMS_NONE,
	KEYTERMS_TEXTS,	  /* a list of texts */
	KEYTERMS_CONTENT, /* a list of {"content"} */
	KEYTERMS_GLADIA	  /* an object with a list */
} KeytermStyle;

typedef struct TranscriberVendor
{
	const char *vendor;
	const char *model; /* unless a setting says another; NULL = the vendor's own choice */
	LanguageStyle style;
	const char *const *regions;
	const char *keyterms; /* the member that holds them */
	KeytermStyle keyterm_style;
} TranscriberVendor;

static const char *const deepgram_regions[] = { "da-DK", "de-CH", "en-AU", "en-CA", "en-GB", "en-IE", "en-IN", "en-NZ",
	"en-US", "es-419", "es-LATAM", "fr-CA", "hi-Latn", "ko-KR", "nl-BE", "pt-BR", "pt-PT", "sv-SE", "th-TH", "zh-CN",
	"zh-HK", "zh-Hans", "zh-Hant", "zh-TW", NULL };

/* The first is the one that listens unless a setting says otherwise. */
static const TranscriberVendor transcribers[] = {
	{ "deepgram", "nova-3", LANGUAGE_TAG, deepgram_regions, "keyterm", KEYTERMS_TEXTS },
	{ "assembly-ai", NULL, LANGUAGE_OR_SEVERAL, NULL, "keytermsPrompt", KEYTERMS_TEXTS },
	{ "azure", NULL, LANGUAGE_REGION, NULL, NULL, KEYTERMS_NONE },
	{ "11labs", NULL, LANGUAGE_TAG, NULL, NULL, KEYTERMS_NONE },
	{ "gladia", NULL, LANGUAGE_TAG, NULL, "customVocabularyConfig", KEYTERMS_GLADIA },
	{ "google", NULL, LANGUAGE_NAME, NULL, NULL, KEYTERMS_NONE },
	{ "speechmatics", NULL, LANGUAGE_TAG, NULL, "customVocabulary", KEYTERMS_CONTENT },
	{ "talkscriber", NULL, LANGUAGE_TAG, NULL, NULL, KEYTERMS_NONE },
	{ "openai", "gpt-4o-transcribe", LANGUAGE_TAG, NULL, NULL, KEYTERMS_NONE },
	{ "cartesia", NULL, LANGUAGE_TAG, NULL, NULL, KEYTERMS_NONE },
	{ "soniox", NULL, LANGUAGE_TAG, NULL, "customVocabulary", KEYTERMS_TEXTS },
	{ "xai", NULL, LANGUAGE_TAG, NULL, NULL, KEYTERMS_NONE },
	{ "vapi", NULL, LANGUAGE_TAG, NULL, "keywords", KEYTERMS_TEXTS },
};

static const TranscriberVendor *
find_transcriber(const char *vendor)
{
	for (size_t i = 0; vendor != NULL && i < sizeof(transcribers) / sizeof(transcribers[0]); i++)
		if (strcmp(transcribers[i].vendor, vendor) == 0)
			return &transcribers[i];
	return &transcribers[0];
}

/* The languages that prompts are written in; others need no name or region that we could give them. */
static const struct
{
	const char *tag;
	const char *region;
	const char *name;
} spoken_languages[] = {
	{ "en", "en-US", "English" },
	{ "es", "es-ES", "Spanish" },
	{ "fr", "fr-FR", "French" },
	{ "de", "de-DE", "German" },
	{ "it", "it-IT", "Italian" },
	{ "pt", "pt-PT", "Portuguese" },
	{ "nl", "nl-NL", "Dutch" },
};

static const char *
transcriber_language(const TranscriberVendor *vendor, const char *language, VaArena *arena)
{
	const char *tag = language_tag(language, vendor->regions, arena);
	const char *first = language_tag(language, NULL, arena);

	if (first == NULL || vendor->style == LANGUAGE_TAG)
		return tag;
	if (vendor->style == LANGUAGE_OR_SEVERAL)
		return strcasecmp(first, "en") == 0 ? "en" : "multi";
	if (vendor->style == LANGUAGE_REGION && strchr(language, '-') != NULL)
		return language;
	for (size_t i = 0; i < sizeof(spoken_languages) / sizeof(spoken_languages[0]); i++)
		if (strcasecmp(first, spoken_languages[i].tag) == 0)
			return vendor->style == LANGUAGE_NAME ? spoken_languages[i].name : spoken_languages[i].region;
	return vendor->style == LANGUAGE_NAME ? "Multilingual" : NULL;
}

/* Deepgram's older models take words alone, under another name. */
static bool
takes_keywords(const TranscriberVendor *vendor, const char *model)
{
	return strcmp(vendor->vendor, "deepgram") == 0 && strncmp(model, "nova-3", 6) != 0 &&
		   strncmp(model, "flux", 4) != 0;
}

static bool
is_keyword(const char *term)
{
	return strpbrk(term, " \t-'.,:;/&+0123456789()\"") == NULL;
}

static void
set_keyterms(json_t *transcriber, const TranscriberVendor *vendor, const json_t *settings)
{
	json_t *list = list_of(settings, "keyterms");
	const char *model = va_json_string(transcriber, "model");
	bool keywords = model != NULL && takes_keywords(vendor, model);
	json_t *terms;
	json_t *value;
	size_t i;

	/* One vendor wants the list even where it is empty. */
	if (vendor->keyterm_style == KEYTERMS_NONE || (list == NULL && vendor->keyterm_style != KEYTERMS_CONTENT))
		return;
	terms = json_array();
	json_array_foreach(list, i, value) if (json_is_string(value) && (!keywords || is_keyword(json_string_value(value))))
		json_array_append_new(terms,
			vendor->keyterm_style == KEYTERMS_CONTENT ? json_pack("{s:O}", "content", value) : json_incref(value));
	if (vendor->keyterm_style == KEYTERMS_GLADIA)
	{
		json_object_set_new(transcriber, "customVocabularyEnabled", json_true());
		terms = json_pack("{s:o}", "vocabulary", terms);
	}
	json_object_set_new(transcriber, keywords ? "keywords" : vendor->keyterms, terms);
}

json_t *
vapi_build_transcriber(const VaAssistant *assistant, const json_t *settings, VaArena *arena)
{
	const TranscriberVendor *vendor = find_transcriber(va_json_string(settings, "transcriber"));
	json_t *transcriber = vapi_begin_part(settings, "transcriber");
	double endpointing;

	va_json_set_text(transcriber, "provider", vendor->vendor);
	va_json_set_text(transcriber, "model", vendor->model);
	va_json_set_text(transcriber, "language", transcriber_language(vendor, assistant->language, arena));
	vapi_set_member(transcriber, "model", settings, "transcriber_model");
	if (vendor == &transcribers[0])
	{
		json_object_set_new(transcriber, "endpointing", json_integer(300));
		vapi_set_member(transcriber, "endpointing", settings, "endpointing_ms");
	}
	else if (strcmp(vendor->vendor, "gladia") == 0 && va_json_number(settings, "endpointing_ms", &endpointing))
		json_object_set_new(transcriber, "endpointing", json_real(endpointing / 1000));
	set_keyterms(transcriber, vendor, settings);
	return transcriber;
}

/* ---- who lets whom finish ---- */

static const struct
{
	const char *name;
	int words;
	double voice_s;
	double resume_s;
} interruptions[] = {
	{ "patient", 3, 0.4, 1.5 }, /* a cough or a "yes" does not stop it; the vendor's stop words always do */
	{ "normal", 0, 0.2, 1 },	/* the vendor's own */
	{ "eager", 0, 0.1, 0.5 },
};

static void
set_stop_plan(json_t *assistant, const json_t *settings)
{
	const char *chosen = va_json_string(settings, "interruption");
	json_t *plan = vapi_begin_part(settings, "stopSpeakingPlan");

	for (size_t i = 0; chosen != NULL && i < sizeof(interruptions) / sizeof(interruptions[0]); i++)
		if (strcmp(chosen, interruptions[i].name) == 0)
		{
			json_object_set_new(plan, "numWords", json_integer(interruptions[i].words));
			json_object_set_new(plan, "voiceSeconds", json_real(interruptions[i].voice_s));
			json_object_set_new(plan, "backoffSeconds", json_real(interruptions[i].resume_s));
		}
	vapi_set_member(plan, "numWords", settings, "interrupt_words");
	vapi_set_member(plan, "voiceSeconds", settings, "interrupt_voice_s");
	vapi_set_member(plan, "backoffSeconds", settings, "resume_after_s");
	if (json_object_size(plan) > 0)
		json_object_set(assistant, "stopSpeakingPlan", plan);
	json_decref(plan);
	vapi_set_member(assistant, "firstMessageInterruptionsEnabled", settings, "first_message_interruptible");
}

static void
set_start_plan(json_t *assistant, const json_t *settings)
{
	const char *smart = va_json_string(settings, "smart_endpointing");
	json_t *plan = vapi_begin_part(settings, "startSpeakingPlan");

	vapi_set_member(plan, "waitSeconds", settings, "response_delay_s");
	if (smart != NULL && strcmp(smart, "off") == 0)
		json_object_del(plan, "smartEndpointingPlan");
	else if (smart != NULL)
		json_object_set_new(plan, "smartEndpointingPlan", json_pack("{s:s}", "provider", smart));
	if (json_object_size(plan) > 0)
		json_object_set(assistant, "startSpeakingPlan", plan);
	else
		json_object_del(assistant, "startSpeakingPlan");
	json_decref(plan);
}

/* An assistant's words before it hangs up, unless its author says otherwise. */
const char *
vapi_goodbye(const char *language, const json_t *settings)
{
	static const char *const words[][2] = { { "es", "Muchas gracias y hasta luego." }, { "fr", "Merci, au revoir." },
		{ "de", "Vielen Dank und auf Wiederh\303\266ren." }, { "it", "Grazie, arrivederci." } };
	const char *own = va_json_string(settings, "end_call_message");

	for (size_t i = 0; own == NULL && language != NULL && i < sizeof(words) / sizeof(words[0]); i++)
		if (strncmp(language, words[i][0], 2) == 0)
			own = words[i][1];
	return own == NULL ? "Thank you, goodbye." : own;
}

/* The vendor ends a call without a word, unless a hook does; an assistant has no member for silences. */
static void
add_end(json_t *assistant, const char *on, const char *name, json_t *options, const char *goodbye)
{
	if (!json_is_array(json_object_get(assistant, "hooks")))
		json_object_set_new(assistant, "hooks", json_array());
	json_array_append_new(json_object_get(assistant, "hooks"),
		json_pack("{s:s,s:s,s:o,s:[{s:s,s:{s:s,s:[{s:s,s:s,s:b}]}}]}", "on", on, "name", name, "options", options, "do",
			"type", "tool", "tool", "type", "endCall", "messages", "type", "request-start", "content", goodbye,
			"blocking", 1));
}

static void
set_ends(json_t *assistant, const VaCallOrder *order, const json_t *settings)
{
	const char *goodbye = vapi_goodbye(order->assistant.language, settings);
	json_t *seconds = json_object_get(settings, "silence_timeout_s");

	seconds = json_is_number(seconds) ? json_incref(seconds) : json_integer(SILENCE_S);
	add_end(assistant, "customer.speech.timeout", "silence",
		json_pack("{s:o,s:i}", "timeoutSeconds", seconds, "triggerMaxCount", 1), goodbye);
	if (order->max_duration_s >= 4 * LEAVE_S)
		add_end(assistant, "call.timeElapsed", "longest",
			json_pack("{s:i}", "seconds", va_clamp(order->max_duration_s, 10, 43200) - LEAVE_S), goodbye);
}

static void
set_denoising(json_t *assistant, const json_t *settings)
{
	const char *chosen = va_json_string(settings, "background_denoising");
	bool both = chosen != NULL && strcmp(chosen, "both") == 0;

	if (chosen == NULL)
		return;
	json_object_set_new(assistant, "backgroundSpeechDenoisingPlan",
		json_pack("{s:{s:b},s:{s:b}}", "smartDenoisingPlan", "enabled", both || strcmp(chosen, "smart") == 0,
			"fourierDenoisingPlan", "enabled", both || strcmp(chosen, "fourier") == 0));
}

void
vapi_set_turns(json_t *assistant, const VaCallOrder *order, const json_t *settings)
{
	set_stop_plan(assistant, settings);
	set_start_plan(assistant, settings);
	set_ends(assistant, order, settings);
	set_denoising(assistant, settings);
}
