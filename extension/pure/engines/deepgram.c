/*-------------------------------------------------------------------------
 * deepgram.c
 *		Deepgram's live recognition.
 */
#include "deepgram.h"

#include <string.h>

#include "pure/net/url.h"

#define BASE_URL "https://api.deepgram.com"
/* Words that the model is given. */
#define KEYTERMS_MAX 50
/* Flux ends a turn after this silence, whatever was said. */
#define FLUX_TIMEOUT_MS 1500

char *
va_socket_address(VaArena *arena, const char *base_url, const char *rest)
{
	return va_arena_join(arena, "ws", strncmp(base_url, "http", 4) == 0 ? base_url + 4 : base_url, rest, NULL);
}

static void
add_value(VaBuffer *url, const char *name, const char *value)
{
	char encoded[3 * 200 + 1];
	size_t len = value == NULL ? SIZE_MAX : strlen(value);

	if (len > 200)
		return;
	encoded[va_percent_encode(value, len, encoded)] = '\0';
	va_buffer_printf(url, "&%s=%s", name, encoded);
}

bool
va_deepgram_is_flux(const char *model)
{
	return strncmp(model, "flux", 4) == 0;
}

char *
va_deepgram_url(VaArena *arena, const char *base_url, const char *model, const char *language, const json_t *settings)
{
	const json_t *keyterms = va_json_array(settings, "keyterms");
	double endpointing = VA_DEEPGRAM_ENDPOINTING_MS;
	VaBuffer rest = { 0 };
	char *text;

	(void) va_json_number(settings, "endpointing_ms", &endpointing);
	if (va_deepgram_is_flux(model))
		va_buffer_printf(&rest,
			"/v2/listen?encoding=mulaw&sample_rate=8000&eot_threshold=0.7&eager_eot_threshold=0.5&eot_timeout_ms=%d",
			FLUX_TIMEOUT_MS);
	else
		va_buffer_printf(&rest,
			"/v1/listen?encoding=mulaw&sample_rate=8000&channels=1&interim_results=true&punctuate=true"
			"&smart_format=true&endpointing=%d",
			(int) endpointing);
	add_value(&rest, "model", model);
	/* "en-US" is "en" there, and its English model takes none. */
	if (language != NULL && strstr(model, "-multi") != NULL && va_deepgram_is_flux(model))
		add_value(&rest, "language_hint", va_arena_strndup(arena, language, strcspn(language, "-")));
	else if (language != NULL && !va_deepgram_is_flux(model))
		add_value(&rest, "language", language);
	for (size_t i = 0; i < json_array_size(keyterms) && i < KEYTERMS_MAX; i++)
		if (json_is_string(json_array_get(keyterms, i)))
			add_value(&rest, "keyterm", json_string_value(json_array_get(keyterms, i)));
	text = va_buffer_finish(&rest, arena);
	return text == NULL ? NULL : va_socket_address(arena, base_url != NULL ? base_url : BASE_URL, text);
}

bool
va_deepgram_read(VaArena *arena, const char *bytes, size_t len, VaDeepgramHeard *heard)
{
	const char *why = NULL;
	json_t *message = va_json_load(arena, bytes, len, &why);
	const char *type = va_json_string(message, "type");
	const json_t *best = json_array_get(va_json_array(va_json_object(message, "channel"), "alternatives"), 0);
	const char *text = va_json_string(best, "transcript");
	bool known = true;

	memset(heard, 0, sizeof(*heard));
	heard->text = "";
	heard->confidence = -1;
	if (type != NULL && strcmp(type, "Results") == 0)
	{
		heard->text = text != NULL ? va_arena_strdup(arena, text) : "";
		(void) va_json_number(best, "confidence", &heard->confidence);
		heard->final = json_is_true(json_object_get(message, "is_final"));
		heard->ends = json_is_true(json_object_get(message, "speech_final"));
		heard->finalized = json_is_true(json_object_get(message, "from_finalize"));
	}
	else if (type != NULL && strcmp(type, "TurnInfo") == 0)
	{
		const char *event = va_json_string(message, "event");

		text = va_json_string(message, "transcript");
		heard->text = text != NULL ? va_arena_strdup(arena, text) : "";
		heard->turn = true;
		heard->ends = event != NULL && strcmp(event, "EndOfTurn") == 0;
		heard->eager = event != NULL && strcmp(event, "EagerEndOfTurn") == 0;
		heard->resumed = event != NULL && strcmp(event, "TurnResumed") == 0;
	}
	else if (type != NULL && strcmp(type, "Error") == 0)
	{
		text = va_json_string(message, "description");
		heard->error = text != NULL ? va_arena_strdup(arena, text) : "it reports an error";
	}
	else if (!json_is_object(message))
		heard->error = "a message is not JSON";
	else
		known = false;
	json_decref(message);
	return known && heard->text != NULL;
}
