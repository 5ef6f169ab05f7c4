/*-------------------------------------------------------------------------
 * recording.c
 *		What the sandbox carrier recorded of a call: silence, as long as the
 *		call, under a link that its report names.
 *
 * The link is good while this process listens where it does; GET
 * /call/ID/mono-recording with the account's key leads to the one that is good
 * now, as at Vapi. Anybody with the link may hear it, as at other carriers.
 *
 * Single-threaded, no backend header, no locks.
 *-------------------------------------------------------------------------
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* 8 bits, one channel. */
#define SAMPLES_A_SECOND 8000
#define SILENCE 0x80
#define LONGEST_S 60
#define HEADER_BYTES 44

bool
va_sandbox_read_recording(const char *path, VaSandboxAsk *ask)
{
	int64_t tenant;
	int64_t account;
	char id[VA_SANDBOX_ID_LEN + 1];
	int end = 0;

	if (sscanf(path, "/recordings/%18" SCNd64 "-%18" SCNd64 "-%36[0-9a-f-].wav%n", &tenant, &account, id, &end) != 3 ||
		end == 0 || path[end] != '\0' || strlen(id) != VA_SANDBOX_ID_LEN)
		return false;
	ask->tenant_id = tenant;
	ask->provider_account_id = account;
	memcpy(ask->id, id, sizeof(id));
	ask->part = VA_PART_SOUND;
	return true;
}

static void
put_little(unsigned char *to, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = (unsigned char) (value >> (8 * i));
}

static void
put_header(unsigned char *to, uint32_t samples)
{
	memcpy(to, "RIFF", 4);
	put_little(to + 4, HEADER_BYTES - 8 + samples, 4);
	memcpy(to + 8, "WAVEfmt ", 8);
	put_little(to + 16, 16, 4);
	put_little(to + 20, 1, 2); /* samples as they are */
	put_little(to + 22, 1, 2); /* channels */
	put_little(to + 24, SAMPLES_A_SECOND, 4);
	put_little(to + 28, SAMPLES_A_SECOND, 4); /* bytes a second */
	put_little(to + 32, 1, 2);				  /* bytes a sample */
	put_little(to + 34, 8, 2);				  /* bits a sample */
	memcpy(to + 36, "data", 4);
	put_little(to + 40, samples, 4);
}

void
va_sandbox_answer_recording(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall *call)
{
	VaArena arena = { 0 };
	VaCarrierCall carrier;
	uint32_t samples;
	unsigned char *sound;
	const char *location;

	va_sandbox_describe(call, va_sandbox_now(sandbox), sandbox->own_port, &arena, &carrier);
	if (carrier.recording_url == NULL || strcmp(carrier.status, "ended") != 0)
		va_sandbox_refuse(ask, 404, "There is no recording of this call");
	else if (ask->part == VA_PART_RECORDING_LINK)
	{
		location = va_arena_printf(&arena, "Location: %s", carrier.recording_url);
		va_httpd_reply(ask->request, 302, NULL, &location, 1, "", 0);
		ask->request = NULL;
	}
	else
	{
		samples = (uint32_t) ((carrier.duration_s < LONGEST_S ? carrier.duration_s : LONGEST_S) * SAMPLES_A_SECOND);
		sound = va_arena_alloc(&arena, HEADER_BYTES + samples);
		if (sound == NULL)
			va_sandbox_refuse(ask, 503, "Out of memory");
		else
		{
			put_header(sound, samples);
			memset(sound + HEADER_BYTES, SILENCE, samples);
			va_httpd_reply(ask->request, 200, "audio/wav", NULL, 0, sound, HEADER_BYTES + samples);
			ask->request = NULL;
		}
	}
	va_arena_free(&arena);
}
