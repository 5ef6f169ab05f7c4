/*-------------------------------------------------------------------------
 * activity.c
 *		The network that tells speech from other sounds, read from the server's
 *		shared files.
 */
#include "postgres.h"

#include <sys/stat.h>

#include "miscadmin.h"
#include "storage/fd.h"

#include "core/voiceagent.h"
#include "owner.h"

#define NETWORK_FILE "voiceagent/voice/silero_vad.onnx"
#define NETWORK_FILE_MAX (16 * 1024 * 1024)

static VaVoiceNetwork *network = NULL;
static bool looked = false;

static VaVoiceNetwork *
read_network(const char *path)
{
	FILE *file = AllocateFile(path, PG_BINARY_R);
	VaVoiceNetwork *read = NULL;
	struct stat what;
	uint8 *bytes;

	if (file == NULL)
		return NULL;
	if (fstat(fileno(file), &what) == 0 && S_ISREG(what.st_mode) && what.st_size > 0 &&
		what.st_size <= NETWORK_FILE_MAX)
	{
		bytes = palloc(what.st_size);
		if (fread(bytes, 1, what.st_size, file) == (size_t) what.st_size)
			read = va_voice_network_new(bytes, what.st_size);
		pfree(bytes);
	}
	FreeFile(file);
	return read;
}

const VaVoiceNetwork *
va_activity_network(void)
{
	char share[MAXPGPATH];

	if (va_guc_voice_activity != VA_ACTIVITY_AUTO)
		return NULL;
	if (!looked)
	{
		looked = true;
		get_share_path(my_exec_path, share);
		network = read_network(psprintf("%s/" NETWORK_FILE, share));
		if (network == NULL)
			ereport(LOG, (errmsg("voice activity: by energy"),
							 errdetail("There is no network of Silero's in \"%s/" NETWORK_FILE "\".", share),
							 errhint("Build and install voiceagent where npm reaches its registry.")));
	}
	return network;
}

const char *
va_activity_name(void)
{
	return va_activity_network() != NULL ? "Silero's network" : "energy";
}
