/*-------------------------------------------------------------------------
 * errors.h
 *		Shared by errors: the SQLSTATEs that PostgREST turns into the
 *		HTTP status they name, and how a value is shown.
 *
 * Class PT is PostgREST's ("PT" and the status); every error that a client can
 * act on has one.  Include postgres.h first.
 */
#ifndef VOICEAGENT_ERRORS_H
#define VOICEAGENT_ERRORS_H

#define VA_ERRCODE_NO_PROOF MAKE_SQLSTATE('P', 'T', '4', '0', '1')
#define VA_ERRCODE_FORBIDDEN MAKE_SQLSTATE('P', 'T', '4', '0', '3')
#define VA_ERRCODE_NOT_FOUND MAKE_SQLSTATE('P', 'T', '4', '0', '4')
#define VA_ERRCODE_CONFLICT MAKE_SQLSTATE('P', 'T', '4', '0', '9')
#define VA_ERRCODE_TOO_LARGE MAKE_SQLSTATE('P', 'T', '4', '1', '3')
#define VA_ERRCODE_MISDIRECTED MAKE_SQLSTATE('P', 'T', '4', '2', '1')
#define VA_ERRCODE_INVALID MAKE_SQLSTATE('P', 'T', '4', '2', '2')
#define VA_ERRCODE_TOO_MANY MAKE_SQLSTATE('P', 'T', '4', '2', '9')

/* A value that somebody gave us, as a message shows it: its beginning, if a whole file came where a name belongs; palloc'd. */
extern char *va_shown(const char *value);

#endif /* VOICEAGENT_ERRORS_H */
