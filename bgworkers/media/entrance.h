/*-------------------------------------------------------------------------
 * entrance.h
 *		Whose socket is it?  Judged by the token in its path, at the upgrade.
 *
 * A token of an armed tenant that was seen before is known here, and its
 * socket has a place among those of its tenant.  Any other is a stranger's until the next turn, which
 * looks for its token in the database.
 */
#ifndef VOICEAGENT_MEDIA_ENTRANCE_H
#define VOICEAGENT_MEDIA_ENTRANCE_H

#include "postgres.h"

#include "call.h"

/* Why a socket was refused; see save_media_state(). */
typedef enum VaRefused
{
	VA_REFUSED_PATH,
	VA_REFUSED_TOKEN,
	VA_REFUSED_WAITING, /* its tenant has its share of those that wait for their start */
	VA_REFUSED_SESSION, /* its call, as its events say; places of calls as well */
	VA_REFUSED_LATE,	/* our turns are late */
	VA_REFUSED_FAST,	/* it was held, and its audio was too fast */
	VA_REFUSED_REASONS
} VaRefused;

extern void va_entrance_refuse(VaRefused why);
/* All since the process began, as JSON, with the strangers that the server of the sockets has closed for others. */
extern const char *va_entrance_refused(const VaSocketServer *server);

/* For the server of the sockets; see VaSocketServerOptions. */
extern int64_t va_entrance_judge(const char *path, const char *query);
extern void va_entrance_left(int64_t owner);

/* Finds whose the sockets are that nobody knows; those of nobody, and those beyond a share, are over. */
extern void va_entrance_turn(VaMediaCall *calls, int64_t unix_ms);

#endif /* VOICEAGENT_MEDIA_ENTRANCE_H */
