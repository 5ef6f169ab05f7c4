/*-------------------------------------------------------------------------
 * exports.c
 *		Where the files of exports lie (contract in exports.h).
 */
#include "postgres.h"

#include "miscadmin.h"

#include "exports.h"

void
va_exports_directory(char path[MAXPGPATH])
{
	snprintf(path, MAXPGPATH, "voiceagent/exports.%u", MyDatabaseId);
}

bool
va_export_path(char path[MAXPGPATH], const char *name)
{
	char directory[MAXPGPATH];

	if (name[0] < '0' || name[0] > '9' || name[strspn(name, "0123456789-.abcdefghijklmnopqrstuvwxyz")] != '\0')
		return false;
	va_exports_directory(directory);
	return snprintf(path, MAXPGPATH, "%s/%s", directory, name) < MAXPGPATH;
}
