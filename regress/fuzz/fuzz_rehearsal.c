/*
 * fuzz_rehearsal.c
 *		Any JSON as the setup of a scripted caller's talk, and any as a talk that
 *		was kept and what a vendor's model answered to it: it ends within its
 *		turns, the same way twice, step by step as in one go, and its report is
 *		one that the carrier's driver reads.
 *
 * The first byte chooses: a setup; or NULs part a setup, a talk and answers.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pure/providers/common/provider.h"
#include "pure/sandbox/model.h"
#include "pure/sandbox/rehearsal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

static void
check_talk(const json_t *talk, VaArena *arena)
{
	const json_t *turns = json_object_get(talk, "turns");
	VaRehearsalCall call = {
		.id = "test-1", .reference = "r-1", .number = "+12125550100", .ended_at = INT64_C(1893456000000)
	};
	const char *body = va_rehearsal_report(talk, &call, arena);
	VaSignedMessage message = { .body = body };
	VaEvents events = { 0 };
	const char *why = NULL;
	json_t *turn;
	size_t i;

	json_array_foreach(turns, i, turn)
	{
		const char *text = va_json_string(turn, "text");

		check(text == NULL || strlen(text) <= VA_REHEARSAL_TURN_BYTES + 8);
	}
	check(body != NULL);
	message.body_len = strlen(body);
	(void) va_driver("vapi")->read_webhook(&message, arena, &events, &why);
}

/* The whole talk with the sandbox's model; NULL: its texts cannot be filled, or it is asked for what it cannot do. */
static json_t *
run(const json_t *setup, VaArena *arena)
{
	const char *why = NULL;
	json_t *talk = va_rehearsal_begin(setup, arena, &why);
	json_t *request;

	while (talk != NULL && (request = va_rehearsal_next(setup, talk, arena, &why)) != NULL)
	{
		json_t *answer = va_sandbox_model_answer(request, arena, &why);
		const json_t *said = json_object_get(json_array_get(json_object_get(answer, "choices"), 0), "message");
		const char *text = va_json_string(said, "content");

		json_decref(request);
		if (answer == NULL)
		{
			json_decref(talk);
			return NULL;
		}
		va_rehearsal_answer(setup, talk, text == NULL ? "" : text, json_object_get(said, "tool_calls") != NULL, arena);
		json_decref(answer);
	}
	return talk;
}

/* Twice the same. */
static void
run_whole(const json_t *setup)
{
	VaArena arena = { 0 };
	json_t *one = run(setup, &arena);
	json_t *two = run(setup, &arena);

	check((one == NULL) == (two == NULL));
	check(one == NULL || json_equal(one, two));
	if (one != NULL)
	{
		check(json_array_size(json_object_get(one, "turns")) <= VA_REHEARSAL_TURNS_MAX + 2);
		check_talk(one, &arena);
	}
	json_decref(one);
	json_decref(two);
	va_arena_free(&arena);
}

/* The part of the bytes up to the next NUL. */
static const char *
part(VaArena *arena, const uint8_t **data, size_t *size)
{
	size_t len = strnlen((const char *) *data, *size);
	char *text = va_arena_strndup(arena, (const char *) *data, len);

	len += len < *size;
	*data += len;
	*size -= len;
	return text;
}

static void
go_on(const json_t *setup, json_t *talk, VaArena *arena, const uint8_t *data, size_t size)
{
	const char *why = NULL;

	for (int i = 0; i < 2 * VA_REHEARSAL_TURNS_MAX; i++)
	{
		json_t *request = va_rehearsal_next(setup, talk, arena, &why);

		if (request == NULL)
			break;
		json_decref(request);
		va_rehearsal_answer(setup, talk, part(arena, &data, &size), false, arena);
	}
	check(va_rehearsal_next(setup, talk, arena, &why) == NULL);
	check_talk(talk, arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	const char *why = NULL;
	const char *text;
	json_t *setup;
	json_t *talk;
	uint8_t kind;

	if (size < 2)
		return 0;
	kind = data[0];
	data++;
	size--;
	text = part(&arena, &data, &size);
	setup = va_json_load(&arena, text, strlen(text), &why);
	if (json_is_object(setup) && kind % 2 == 0)
		run_whole(setup);
	else if (json_is_object(setup))
	{
		talk = va_rehearsal_begin(setup, &arena, &why);
		if (talk != NULL)
			go_on(setup, talk, &arena, data, size);
		json_decref(talk);
	}
	json_decref(setup);
	va_arena_free(&arena);
	return 0;
}
