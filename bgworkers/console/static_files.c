/*-------------------------------------------------------------------------
 * static_files.c
 *		The files of the console's page (contract in console.h).
 *
 * No locks, no database.
 */
#include "postgres.h"

#include <dirent.h>
#include <sodium.h>
#include <sys/stat.h>

#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "console.h"

#define CONTENT_POLICY                                                                                   \
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " \
	"connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define FOLDER "voiceagent/console"
/* One that is larger is none of ours. */
#define FILE_MAX (2 * 1024 * 1024)
#define FILES_MAX 200
#define DEPTH_MAX 3
#define TAG_BYTES 12

typedef struct StaticFile
{
	char *path; /* "/app.js" */
	const char *type;
	char *content;
	size_t len;
	char tag[2 * TAG_BYTES + 3]; /* with its quotes */
} StaticFile;

PG_FUNCTION_INFO_V1(va_sql_consent_page);

static MemoryContext memory = NULL;
static StaticFile *files = NULL;
static int n_files = 0;

static const char *
type_of(const char *name)
{
	static const char *const types[][2] = { { ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" }, { ".mjs", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" }, { ".svg", "image/svg+xml" }, { ".txt", "text/plain; charset=utf-8" } };
	const char *ending = strrchr(name, '.');

	for (int i = 0; ending != NULL && i < (int) lengthof(types); i++)
		if (strcmp(ending, types[i][0]) == 0)
			return types[i][1];
	return NULL;
}

/* All bytes of a file, palloc'd; NULL, with a line in the log: it could not be read. */
static char *
read_whole(const char *name, size_t size)
{
	char *content = palloc(size + 1);
	FILE *in = AllocateFile(name, "r");
	bool whole = in != NULL && fread(content, 1, size, in) == size;

	if (in != NULL)
		FreeFile(in);
	if (whole)
		return content;
	ereport(LOG, (errcode_for_file_access(), errmsg("could not read the console's file \"%s\": %m", name)));
	return NULL;
}

static void
keep_file(const char *path, const char *name, off_t size)
{
	StaticFile *file = &files[n_files];
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(hash) + 1];

	file->content = read_whole(name, size);
	file->len = size;
	if (file->content == NULL)
		return;
	file->path = pstrdup(path);
	file->type = type_of(path);
	crypto_hash_sha256(hash, (const unsigned char *) file->content, file->len);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(file->tag, sizeof(file->tag), "\"%.*s\"", 2 * TAG_BYTES, hex);
	n_files++;
}

static void
read_folder(const char *folder, const char *url, int depth)
{
	DIR *dir = AllocateDir(folder);
	struct dirent *entry;

	/* Where the page is not installed the API is there all the same. */
	if (dir == NULL)
		return;
	while ((entry = ReadDirExtended(dir, folder, LOG)) != NULL && n_files < FILES_MAX)
	{
		char *name = psprintf("%s/%s", folder, entry->d_name);
		char *path = psprintf("%s/%s", url, entry->d_name);
		struct stat what;

		if (entry->d_name[0] == '.' || stat(name, &what) != 0)
			continue;
		if (S_ISDIR(what.st_mode) && depth < DEPTH_MAX)
			read_folder(name, path, depth + 1);
		else if (S_ISREG(what.st_mode) && what.st_size <= FILE_MAX && type_of(path) != NULL)
			keep_file(path, name, what.st_size);
	}
	FreeDir(dir);
}

void
va_static_load(void)
{
	MemoryContext before;
	char share[MAXPGPATH];

	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext, "voiceagent console", ALLOCSET_DEFAULT_SIZES);
	n_files = 0;
	MemoryContextReset(memory);
	before = MemoryContextSwitchTo(memory);
	files = palloc0(sizeof(StaticFile) * FILES_MAX);
	get_share_path(my_exec_path, share);
	read_folder(psprintf("%s/" FOLDER, share), "", 0);
	(void) MemoryContextSwitchTo(before);
	if (n_files == 0)
		ereport(LOG, (errmsg("the console is not installed: voiceagent serves its API alone"),
						 errdetail("There is no file in \"%s/" FOLDER "\".", share)));
}

bool
va_static_answer(VaHttpdRequest *request)
{
	static const char *const fixed[] = {
		CONTENT_POLICY,
		"X-Content-Type-Options: nosniff",
		"Referrer-Policy: no-referrer",
		"Cross-Origin-Opener-Policy: same-origin",
		"Cross-Origin-Resource-Policy: same-origin",
		/* Asked for anew each time, and answered with 304: after an update no page mixes old files and new ones. */
		"Cache-Control: no-cache",
	};
	const char *path = strcmp(request->path, "/") == 0 ? "/index.html" : request->path;
	const char *seen = va_httpd_header(request, "if-none-match");
	const char *headers[lengthof(fixed) + 1];

	for (int i = 0; i < n_files; i++)
	{
		StaticFile *file = &files[i];
		bool known;

		if (strcmp(file->path, path) != 0)
			continue;
		/* A proxy that compresses makes the tag a weak one. */
		known = seen != NULL && strstr(seen, file->tag) != NULL;
		memcpy(headers, fixed, sizeof(fixed));
		headers[lengthof(fixed)] = psprintf("ETag: %s", file->tag);
		va_httpd_reply(request, known ? 304 : 200, known ? NULL : file->type, headers, lengthof(headers), file->content,
			known ? 0 : file->len);
		return true;
	}
	return false;
}

/* consent_page(): the file as it is now; NULL: it is not installed. */
Datum
va_sql_consent_page(PG_FUNCTION_ARGS)
{
	char share[MAXPGPATH];
	char *name;
	char *content;
	struct stat what;

	get_share_path(my_exec_path, share);
	name = psprintf("%s/" FOLDER "/consent.html", share);
	content = stat(name, &what) == 0 && what.st_size <= FILE_MAX ? read_whole(name, what.st_size) : NULL;
	if (content == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(content, what.st_size));
}
