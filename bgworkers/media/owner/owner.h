/*-------------------------------------------------------------------------
 * owner.h
 *		Shared by the files of the process media.
 *
 * A token of an armed tenant that was seen before is known at the entrance,
 * and its socket has a place among those of its tenant.  Any other is a
 * stranger's until the next turn, which looks for its token in the database.
 */
#ifndef VOICEAGENT_MEDIA_OWNER_H
#define VOICEAGENT_MEDIA_OWNER_H

#include "postgres.h"

#include "media/talk/talk.h"

/* ----- media.c ----- */

/* Begins a transaction that a crash of the server may undo: its calls have gone with it. No frame waits for a disk. */
extern void va_media_begin(const char *activity);

/* ----- durable.c: what follows from a commit waits until a crash cannot take it back; audio never waits ----- */

/* The turns and notes of these calls are committed, and not sent again: the process tools has the disk take it. */
extern void va_media_committed(VaMediaCall *calls, int64_t now_ms);
/* Whether the disk has it, and the standby that synchronous_commit asks for. */
extern bool va_media_is_durable(const VaMediaCall *call, int64_t now_ms);
/* The process tools: flushes it, and wakes media. */
extern void va_media_flush(void);

/* ----- entrance.c: whose is a socket? ----- */

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

/* Finds the owners of unknown sockets; closes those without one, and those beyond a share. */
extern void va_entrance_turn(VaMediaCall *calls, int64_t unix_ms);

/* ----- session.c: the session of a call: whose it is, what is said in it, and its end ----- */

/* Within a transaction: sets the call's tenant, and has the row of its session at hand; else why it is refused. */
extern const char *va_media_find_session(VaMediaCall *call);

/* Within a transaction: sets the tenant; whose its sockets and calls are (places.h). */
extern int64 va_media_owner(int64 tenant_id);

/* Within a transaction: reads the script of a call (arg) anew; one that is over keeps its own. */
extern void va_media_reopen_session(void *arg);

/* From that row. */
extern void va_media_read_script(VaCallScript *script);

/* Its turns that were not kept, as JSON; NULL without memory. */
extern char *va_media_turns_json(const VaMediaCall *call, VaArena *arena);

/* arg: a VaMediaCall that is over. The call's events tell what was measured; or why there was no session. */
extern void va_media_end_session(void *arg);

/* The call that it wanted, if it is among these, will tell how many were. */
extern void va_media_count_refusal(VaMediaCall *calls, const VaMediaCall *refused);

/* ----- accounts.c: whose engines a call asks, and what they have done ----- */

/*
 * The engines of a call whose session is open, the embedded chain last, within
 * a transaction; calls: all, which share what they have alike.  may_ask, armed:
 * see model_obstacle().
 */
extern void va_media_prepare_engines(VaMediaCall *call, const VaMediaCall *calls, bool may_ask, bool armed);

/* Have its engines done anything?  Keeps at once what a tenant's calls did since the last time; false: not now. */
extern bool va_media_has_reports(VaMediaCall *call);
extern bool va_media_keep_reports(VaMediaCall *calls, int64 tenant_id);

/* ----- media_tools.c: the tools that the process tools is asked to use ----- */

/* Asks for what is wanted, and hears what has come; poked: something may have. */
extern void va_media_tools_turn(VaMediaCall *calls, bool poked, int64_t now_ms, bool armed);

/* ----- returns.c: what outlives a socket: a talk that goes on, and a call that is over though its socket is there ----- */

/*
 * The turns of the call before: those that were kept, as open_media_session() gives them (NULL: none), and those that another of these
 * calls has still to keep.  The talk goes on behind them.
 */
extern void va_media_recall(VaMediaCall *call, const char *turns, VaMediaCall *calls);

/* Ends those that the carrier reported ended. */
extern void va_media_end_over(VaMediaCall *calls, int64_t now_ms, int64_t unix_ms);

/* Notes in a transaction, once, why a session has ended. */
extern void va_media_note_end(VaMediaCall *call);

/* We have hung up, and the carrier does not know it yet: it is told when that is committed, so that it is given no other socket. */
extern bool va_media_is_to_be_closed(const VaMediaCall *call, int64_t now_ms);
extern void va_media_close_calls(VaMediaCall *calls, int64_t now_ms);

/* ----- live.c: what is seen of calls while they last ----- */

/* The time of its answers, in metrics(); each once. */
extern void va_media_count_times(VaMediaCall *call);
/* Tells live_words() and metrics(), at most four times a second. */
extern void va_media_show(VaMediaCall *calls, int64_t now_ms);

/* ----- activity.c: how speech is distinguished from other sounds ----- */

/* For a call that begins; NULL: by energy. Read once a process. */
extern const VaVoiceNetwork *va_activity_network(void);

/* A word for status(). */
extern const char *va_activity_name(void);

#endif /* VOICEAGENT_MEDIA_OWNER_H */
