/*-------------------------------------------------------------------------
 * speech.c
 *		The program voiceagent-speech, as a voice and as ears: started, asked,
 *		heard, started again.
 *
 * A voice takes milliseconds for a sentence and an ear seconds for a long turn, so each
 * is a process of its own: no sentence waits for another call's transcription.  Each
 * does one request at a time; the others wait here, where each tenant has its turn.  No
 * backend header: the callbacks run on the loop and queue.  A request that was under way
 * when its process died is answered as failed.
 */
#include "speech.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engines.h"
#include "grammar.h"
#include "media/call/places.h"

/* Requests that wait; what is asked beyond an owner's share of them is refused. */
#define SENTENCES_MAX 512
#define TURNS_MAX 128
#define EARS 2
/* A turn that waited this long was answered without: va_engines_turn() reported it as not understood. */
#define WAITS_MS VA_EMBEDDED_MS
/* A turn that is longer is a long one. */
#define LONG_SECONDS 5
#define PROGRAMS (1 + EARS)
/* A longer text is no phrase of the grammar. */
#define LISTEN_SECONDS_MAX 20
#define GRAMMAR_ID 1
#define PAUSE_FIRST_MS 1000
#define PAUSE_MAX_MS 60000

typedef struct Program
{
	uv_pipe_t *pipe; /* NULL: it does not run */
	pid_t pid;
	bool ready;
	int pause_ms; /* before it is started again */
	int64_t start_at;
	char state[200];
	char *incoming;
	size_t used;
	size_t room;
	uint32_t asked; /* what it does; 0: nothing */
	int64_t owner;	/* whose that is, and what is known of it */
	int64_t ends;
	bool is_long;
} Program;

typedef struct Request
{
	uv_write_t write; /* first: the two are cast into each other */
	struct Request *next;
	int64_t owner;
	int64_t begins; /* in letters or samples, see ask() */
	int64_t ends;
	int64_t since_ms;
	bool is_long;
	VaSpeechHead head; /* and at once what is behind it */
	char bytes[];
} Request;

/* Requests that wait for programs, in the order of begins. */
typedef struct Queue
{
	Program *programs;
	int n;
	VaShare share;
	int most;
	Request *first;
	int64_t began; /* the last that was sent */
} Queue;

static Program programs[PROGRAMS];
static Queue voice = { &programs[0], 1, VA_SHARE_SENTENCES, SENTENCES_MAX, NULL, 0 };
static Queue ears = { &programs[1], EARS, VA_SHARE_TURNS, TURNS_MAX, NULL, 0 };
static uv_loop_t *loop = NULL;
static char path[1024];
static void (*note)(void *arg);
static void *note_arg;
static uint32_t last_id = GRAMMAR_ID;
static VaSpeechAnswer *first = NULL;
static VaSpeechAnswer **last = &first;

/* ---- answers ---- */

static void
queue_answer(const VaSpeechHead *head, const char *bytes)
{
	VaSpeechAnswer *answer = calloc(1, sizeof(*answer));
	char *copy = malloc((size_t) head->len + 1);

	if (answer == NULL || copy == NULL)
	{
		free(answer);
		free(copy);
		return;
	}
	if (head->len > 0)
		memcpy(copy, bytes, head->len);
	copy[head->len] = '\0';
	answer->head = *head;
	answer->bytes = copy;
	*last = answer;
	last = &answer->next;
	note(note_arg);
}

static void
queue_failed(uint32_t id, const char *why)
{
	VaSpeechHead head = { (uint32_t) strlen(why), id, VA_SPEECH_FAILED };

	queue_answer(&head, why);
}

VaSpeechAnswer *
va_speech_take(void)
{
	VaSpeechAnswer *answer = first;

	if (answer == NULL)
		return NULL;
	first = answer->next;
	if (first == NULL)
		last = &first;
	return answer;
}

void
va_speech_free(VaSpeechAnswer *answer)
{
	free(answer->bytes);
	free(answer);
}

/* ---- its life ---- */

static void
on_closed(uv_handle_t *handle)
{
	free(handle);
}

/* It has gone, or is ended: what was asked of it fails. */
static void
lose_program(Program *program, const char *why)
{
	Program gone = *program;

	if (gone.pipe == NULL)
		return;
	memset(program, 0, sizeof(*program));
	program->pause_ms = gone.pause_ms;
	program->start_at = gone.start_at;
	snprintf(program->state, sizeof(program->state), "%s", why);
	uv_close((uv_handle_t *) gone.pipe, on_closed);
	(void) kill(gone.pid, SIGKILL);
	(void) waitpid(gone.pid, NULL, 0);
	if (gone.asked != 0)
		queue_failed(gone.asked, why);
	free(gone.incoming);
	note(note_arg);
}

static void send_next(Queue *queue);

static void
take_message(Program *program, const VaSpeechHead *head, const char *bytes)
{
	if (head->kind == VA_SPEECH_READY)
	{
		program->ready = true;
		program->pause_ms = PAUSE_FIRST_MS;
		snprintf(program->state, sizeof(program->state), "%.*s", (int) head->len, bytes);
		note(note_arg);
		return;
	}
	if (program->asked != head->id)
		return;
	program->asked = 0;
	queue_answer(head, bytes);
	send_next(program == voice.programs ? &voice : &ears);
}

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	Program *program = handle->data;

	if (program->room - program->used < 65536)
	{
		char *moved = realloc(program->incoming, program->room + 262144);

		if (moved == NULL)
		{
			*buf = uv_buf_init(NULL, 0);
			return;
		}
		program->incoming = moved;
		program->room += 262144;
	}
	*buf = uv_buf_init(program->incoming + program->used, (unsigned) (program->room - program->used));
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	Program *program = stream->data;
	VaSpeechHead head;
	size_t at = 0;

	if (n < 0)
	{
		lose_program(program, "voiceagent-speech has ended, and is started again");
		return;
	}
	program->used += (size_t) n;
	while (program->used - at >= sizeof(head))
	{
		memcpy(&head, program->incoming + at, sizeof(head));
		if (head.len > VA_SPEECH_BYTES_MAX + 64)
		{
			lose_program(program, "voiceagent-speech has sent what is no message");
			return;
		}
		if (program->used - at < sizeof(head) + head.len)
			break;
		take_message(program, &head, program->incoming + at + sizeof(head));
		at += sizeof(head) + head.len;
	}
	memmove(program->incoming, program->incoming + at, program->used - at);
	program->used -= at;
}

/* ---- requests ---- */

static void
on_written(uv_write_t *write, int status)
{
	free(write);
}

/* In two parts; NULL: it is too long, or there is no memory. */
static Request *
new_request(VaSpeechKind kind, const void *begin, size_t begin_len, const void *rest, size_t rest_len)
{
	VaSpeechHead head = { (uint32_t) (begin_len + rest_len), GRAMMAR_ID, kind };
	Request *request = head.len > VA_SPEECH_BYTES_MAX ? NULL : malloc(sizeof(*request) + head.len);

	if (request == NULL)
		return NULL;
	memset(request, 0, sizeof(*request));
	if (kind != VA_SPEECH_GRAMMAR)
	{
		if (++last_id <= GRAMMAR_ID)
			last_id = GRAMMAR_ID + 1;
		head.id = last_id;
	}
	request->head = head;
	memcpy(request->bytes, begin, begin_len);
	memcpy(request->bytes + begin_len, rest, rest_len);
	return request;
}

/* The request is libuv's from now on. */
static void
send_request(Program *program, Request *request)
{
	uv_buf_t buf = uv_buf_init((char *) &request->head, (unsigned) (sizeof(request->head) + request->head.len));
	uint32_t id = request->head.id;

	program->asked = id;
	program->owner = request->owner;
	program->ends = request->ends;
	program->is_long = request->is_long;
	if (uv_write(&request->write, (uv_stream_t *) program->pipe, &buf, 1, on_written) == 0)
		return;
	free(request);
	program->asked = 0;
	queue_failed(id, "voiceagent-speech could not be asked");
}

static Request *
take_from(Queue *queue, Request **at)
{
	Request *request = *at;

	*at = request->next;
	va_share_give(queue->share, request->owner);
	return request;
}

/* The first whose owner nobody works for; else the first.  Of the long ones one is done at a time: the short ones have the other ear. */
static Request **
whose_turn(Queue *queue)
{
	Request **other = NULL;

	for (Request **at = &queue->first; *at != NULL; at = &(*at)->next)
	{
		bool is_served = false;
		bool waits = false;

		for (const Program *program = queue->programs; program < queue->programs + queue->n; program++)
		{
			is_served = is_served || (program->asked != 0 && program->owner == (*at)->owner);
			waits = waits || (program->asked != 0 && program->is_long && (*at)->is_long);
		}
		if (!waits && !is_served)
			return at;
		if (!waits && other == NULL)
			other = at;
	}
	return other;
}

static void
send_next(Queue *queue)
{
	for (Program *program = queue->programs; program < queue->programs + queue->n; program++)
	{
		Request **at = program->ready && program->asked == 0 ? whose_turn(queue) : NULL;

		if (at == NULL)
			continue;
		if ((*at)->begins > queue->began)
			queue->began = (*at)->begins;
		send_request(program, take_from(queue, at));
	}
}

/*
 * Each owner's requests begin where the one before them ends, but none before the one that is done now: so in their order each owner
 * has as much of the programs' time, and who asks for little does not wait for who asks for much.
 */
static uint32_t
ask(Queue *queue, int64_t owner, Request *request, int64_t cost)
{
	Request **at = &queue->first;

	if (request == NULL || !va_share_take(queue->share, owner, queue->most))
	{
		free(request);
		return 0;
	}
	request->owner = owner;
	request->begins = queue->began;
	request->since_ms = (int64_t) uv_now(loop);
	for (const Program *program = queue->programs; program < queue->programs + queue->n; program++)
		if (program->asked != 0 && program->owner == owner && program->ends > request->begins)
			request->begins = program->ends;
	for (const Request *one = queue->first; one != NULL; one = one->next)
		if (one->owner == owner)
			request->begins = one->ends;
	request->ends = request->begins + cost;
	while (*at != NULL && (*at)->begins <= request->begins)
		at = &(*at)->next;
	request->next = *at;
	*at = request;
	last_id = request->head.id;
	send_next(queue);
	return last_id;
}

static bool
is_ready(const Queue *queue)
{
	for (const Program *program = queue->programs; program < queue->programs + queue->n; program++)
		if (program->ready)
			return true;
	return false;
}

/* Requests that have waited since before then. */
static void
fail_waiting(Queue *queue, int64_t before_ms, const char *why)
{
	Request **at = &queue->first;

	while (*at != NULL)
		if ((*at)->since_ms < before_ms)
		{
			Request *request = take_from(queue, at);

			queue_failed(request->head.id, why);
			free(request);
		}
		else
			at = &(*at)->next;
}

uint32_t
va_speech_say(int64_t owner, const char *language, const char *who, const char *text)
{
	char begin[100];
	int len = snprintf(begin, sizeof(begin), "%.40s%c%.40s", language, '\0', who);
	size_t letters = strlen(text);

	if (!is_ready(&voice) || letters > VA_SPEECH_TEXT_MAX || len < 0)
		return 0;
	return ask(
		&voice, owner, new_request(VA_SPEECH_SAY, begin, (size_t) len + 1, text, letters), (int64_t) letters + 1);
}

uint32_t
va_speech_listen(int64_t owner, const int16_t *samples, size_t n)
{
	uint32_t grammar = GRAMMAR_ID;
	Request *request;

	if (!is_ready(&ears) || n > (size_t) LISTEN_SECONDS_MAX * VA_SPEECH_RATE)
		return 0;
	request = new_request(VA_SPEECH_LISTEN, &grammar, sizeof(grammar), samples, n * sizeof(*samples));
	if (request != NULL)
		request->is_long = n > (size_t) LONG_SECONDS * VA_SPEECH_RATE;
	return ask(&ears, owner, request, (int64_t) n + 1);
}

/* ---- starting ---- */

static bool
spawn(Program *program, int fd)
{
	char *const argv[] = { "voiceagent-speech", program == voice.programs ? "voice" : "ear", NULL };
	char *const environment[] = { "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", NULL };
	posix_spawn_file_actions_t actions;
	int failed;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	failed = posix_spawn(&program->pid, path, &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	if (failed != 0)
		snprintf(
			program->state, sizeof(program->state), "voiceagent-speech could not be started: %s", strerror(failed));
	return failed == 0;
}

/* The pipe takes our end over. */
static bool
open_pipe(Program *program, int fd)
{
	program->pipe = malloc(sizeof(*program->pipe));
	if (program->pipe == NULL)
		return false;
	uv_pipe_init(loop, program->pipe, 0);
	program->pipe->data = program;
	if (uv_pipe_open(program->pipe, fd) == 0)
		return uv_read_start((uv_stream_t *) program->pipe, on_alloc, on_read) == 0;
	close(fd);
	return false;
}

static void
start_program(Program *program)
{
	Request *grammar;
	int fds[2];

	if (access(path, X_OK) != 0)
	{
		snprintf(program->state, sizeof(program->state),
			"the program voiceagent-speech is not installed: no call can be held");
		return;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return;
	if (!spawn(program, fds[1]))
	{
		close(fds[0]);
		close(fds[1]);
		return;
	}
	close(fds[1]);
	if (!open_pipe(program, fds[0]))
		lose_program(program, "voiceagent-speech could not be reached");
	else if (program != voice.programs)
	{
		grammar = new_request(VA_SPEECH_GRAMMAR, va_turn_grammar, strlen(va_turn_grammar), "", 0);
		if (grammar != NULL)
			send_request(program, grammar);
		else
			lose_program(program, "out of memory");
	}
}

void
va_speech_turn(int64_t now_ms)
{
	for (Program *program = programs; loop != NULL && program < programs + PROGRAMS; program++)
	{
		if (program->pipe != NULL || now_ms < program->start_at)
			continue;
		program->start_at = now_ms + program->pause_ms;
		program->pause_ms = program->pause_ms * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : program->pause_ms * 2;
		start_program(program);
	}
	if (!is_ready(&voice))
		fail_waiting(&voice, INT64_MAX, voice.programs->state);
	fail_waiting(&ears, is_ready(&ears) ? now_ms - WAITS_MS : INT64_MAX, "the ears have too much to do");
}

void
va_speech_open(uv_loop_t *on_loop, const char *program_path, void (*note_io)(void *arg), void *arg)
{
	loop = on_loop;
	note = note_io;
	note_arg = arg;
	snprintf(path, sizeof(path), "%s", program_path);
	for (Program *program = programs; program < programs + PROGRAMS; program++)
	{
		program->pause_ms = PAUSE_FIRST_MS;
		snprintf(program->state, sizeof(program->state), "voiceagent-speech was not started yet");
	}
}

void
va_speech_close(void)
{
	for (Program *program = programs; program < programs + PROGRAMS; program++)
		lose_program(program, "the process media has ended");
	loop = NULL;
}

bool
va_speech_ready(void)
{
	return is_ready(&voice) && is_ready(&ears);
}

const char *
va_speech_state(void)
{
	static char state[2 * sizeof(programs->state) + 2];
	const Program *ear = ears.programs;

	while (!ear->ready && is_ready(&ears))
		ear++;
	if (!is_ready(&voice))
		return voice.programs->state;
	snprintf(state, sizeof(state), "%s, %s", voice.programs->state, ear->state);
	return state;
}
