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
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* 8 bits, one channel. */
#define SAMPLES_A_SECOND 8000
#define SILENCE 0x80
#define LONGEST_S 60

/* The head of a file of sound, little end first. */
typedef struct Header
{
	char riff[4];
	uint32_t rest_bytes;
	char wave[8];
	uint32_t format_bytes;
	uint16_t plain, channels;
	uint32_t samples_a_second, bytes_a_second;
	uint16_t bytes_a_sample, bits_a_sample;
	char data[4];
	uint32_t data_bytes;
} Header;

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

void
va_sandbox_answer_recording(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall *call)
{
	VaArena arena = { 0 };
	VaCarrierCall carrier;
	Header header;
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
		header = (Header){ { 'R', 'I', 'F', 'F' }, htole32(sizeof(Header) - 8 + samples),
			{ 'W', 'A', 'V', 'E', 'f', 'm', 't', ' ' }, htole32(16), htole16(1), htole16(1), htole32(SAMPLES_A_SECOND),
			htole32(SAMPLES_A_SECOND), htole16(1), htole16(8), { 'd', 'a', 't', 'a' }, htole32(samples) };
		sound = va_arena_alloc(&arena, sizeof(Header) + samples);
		if (sound == NULL)
			va_sandbox_refuse(ask, 503, "Out of memory");
		else
		{
			memcpy(sound, &header, sizeof(Header));
			memset(sound + sizeof(Header), SILENCE, samples);
			va_httpd_reply(ask->request, 200, "audio/wav", NULL, 0, sound, sizeof(Header) + samples);
			ask->request = NULL;
		}
	}
	va_arena_free(&arena);
}
