/*-------------------------------------------------------------------------
 * link.h
 *		The socket between the process web and a process api: whole messages
 *		of fields, in both directions.
 *
 * A Unix socket in the data directory, which only the server's user reaches.
 * A link has one request under way at most.
 *
 * No backend header; everything runs on the loop's thread.  A message is a
 * length and its fields, each with its own length; a peer that sends anything
 * else is closed.
 */
#ifndef VOICEAGENT_CONSOLE_LINK_H
#define VOICEAGENT_CONSOLE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

/* A request: from web to api. */
typedef enum VaAskField
{
	/* "rpc", "events", "link" (of an export), "recording", "calendar", "appointment", "mcp", "oauth", "sign-on" */
	VA_ASK_KIND,
	VA_ASK_METHOD, /* GET, HEAD, POST */
	VA_ASK_PATH,   /* as sent */
	VA_ASK_FUNCTION, /* of an rpc; the cursor of events; a link; of oauth a program's document; of a sign-on what it carried */
	VA_ASK_QUERY,
	VA_ASK_ROLE,
	VA_ASK_CLAIMS,	/* JSON, verified */
	VA_ASK_HEADERS, /* JSON: names in lower case, and x-voiceagent-peer, which no client can send */
	VA_ASK_TYPE,	/* Content-Type */
	VA_ASK_ACCEPT,
	VA_ASK_BODY,	/* of events: "MEMBER SESSION " of each for whom it is asked */
	VA_ASK_SESSION, /* for whom: where it changes the session is made anew */
	VA_ASK_FIELDS
} VaAskField;

/* Its answer. */
typedef enum VaTellField
{
	VA_TELL_STATUS, /* decimal; "0": nothing new, of events */
	VA_TELL_TYPE,	/* Content-Type; '' = no body */
	VA_TELL_BODY,
	VA_TELL_HEADER, /* a line that goes with it; '' = none */
	VA_TELL_TENANT, /* decimal: that an API key proved; "0": none */
	/* Only for events: */
	VA_TELL_QUIET,	 /* a cursor behind which there is nothing; '': what is there waits for older transactions */
	VA_TELL_REFUSED, /* "MEMBER SESSION " of those asked for whose session is none */
	VA_TELL_FIELDS
} VaTellField;

/* The longest message; a longer one ends the link. */
#define VA_LINK_MAX (24 * 1024 * 1024)

typedef struct VaField
{
	const char *bytes; /* a NUL stands behind them */
	size_t len;
} VaField;

typedef struct VaLink VaLink;

struct VaLink
{
	uv_pipe_t pipe;
	bool open;
	bool closing;
	bool taken; /* the message in the buffer was given out */
	char *buf;
	size_t len;
	size_t cap;
	int nfields;
	/* Called from the loop; a message stays in the buffer until va_link_done(). */
	void (*on_event)(VaLink *link);
	void *owner;
};

/* The socket's path, relative to the data directory. */
extern void va_link_path(char *path, size_t size, unsigned database);

/* Made before it is connected or accepted. */
extern bool va_link_init(VaLink *link, uv_loop_t *loop, int nfields, void (*on_event)(VaLink *), void *owner);
/* Reads from now on; false when it cannot. */
extern bool va_link_opened(VaLink *link);

/* The message that has come as a whole; false: none.  A message that is none closes the link. */
extern bool va_link_message(VaLink *link, VaField *fields);
/* It has been read: the next one may come. */
extern void va_link_done(VaLink *link);

/* Sends a message; false: the link is closed, or there is no memory. */
extern bool va_link_send(VaLink *link, const VaField *fields, int n);

extern void va_link_close(VaLink *link);

#endif /* VOICEAGENT_CONSOLE_LINK_H */
