/*-------------------------------------------------------------------------
 * static_files.h
 *		The files of the console's page, as `make install` put them below the
 *		server's share directory.
 *
 * They are read once, when the process starts and at each reload: a request
 * names one of them or none, and never reaches the file system.
 */
#ifndef VOICEAGENT_CONSOLE_STATIC_FILES_H
#define VOICEAGENT_CONSOLE_STATIC_FILES_H

#include "postgres.h"

#include "http/server.h"

/* Reads them (again).  Files that cannot be read are logged and left out. */
extern void va_static_load(void);

/* Answers a GET or HEAD of a path; false: there is no such file. */
extern bool va_static_answer(VaHttpdRequest *request);

#endif /* VOICEAGENT_CONSOLE_STATIC_FILES_H */
