/*-------------------------------------------------------------------------
 * speech.c
 *		The program voiceagent-speech, as a voice and as ears: started, asked,
 *		heard, started again.
 *
 * A voice takes milliseconds for a sentence and an ear seconds for a long turn,
 * so each is a process of its own: nobody's sentence waits until somebody else
 * was listened to.  No backend header: the callbacks run on the loop and queue.
 * A request that was under way when its process died is answered as failed.
 *-------------------------------------------------------------------------
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

#include "grammar.h"

/* Requests of one process under way; what is asked beyond them is refused, so that nobody waits for long. */
#define ASKED_MAX 64
#define EARS 2
#define PROGRAMS (1 + EARS)
/* What is longer is no phrase of the grammar. */
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
	uint32_t asked[ASKED_MAX];
	int nasked;
} Program;

/* The voice comes first, then the ears. */
static Program programs[PROGRAMS];
static Program *const voice = &programs[0];
static Program *const ears = &programs[1];
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
	for (int i = 0; i < gone.nasked; i++)
		queue_failed(gone.asked[i], why);
	free(gone.incoming);
	note(note_arg);
}

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
	for (int i = 0; i < program->nasked; i++)
		if (program->asked[i] == head->id)
		{
			memmove(&program->asked[i], &program->asked[i + 1], sizeof(uint32_t) * (size_t) (--program->nasked - i));
			queue_answer(head, bytes);
			return;
		}
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

typedef struct Written
{
	uv_write_t write; /* first: the two are cast into each other */
	char bytes[];
} Written;

static void
on_written(uv_write_t *write, int status)
{
	free(write);
}

/* In two parts; 0: it could not be asked. */
static uint32_t
ask(Program *program, VaSpeechKind kind, uint32_t id, const void *begin, size_t begin_len, const void *rest,
	size_t rest_len)
{
	VaSpeechHead head = { (uint32_t) (begin_len + rest_len), id, kind };
	Written *written;
	uv_buf_t buf;

	if (program->pipe == NULL || program->nasked == ASKED_MAX || head.len > VA_SPEECH_BYTES_MAX)
		return 0;
	written = malloc(sizeof(*written) + sizeof(head) + head.len);
	if (written == NULL)
		return 0;
	memcpy(written->bytes, &head, sizeof(head));
	memcpy(written->bytes + sizeof(head), begin, begin_len);
	memcpy(written->bytes + sizeof(head) + begin_len, rest, rest_len);
	buf = uv_buf_init(written->bytes, (unsigned) (sizeof(head) + head.len));
	if (uv_write(&written->write, (uv_stream_t *) program->pipe, &buf, 1, on_written) != 0)
	{
		free(written);
		return 0;
	}
	program->asked[program->nasked++] = id;
	return id;
}

static uint32_t
next_id(void)
{
	if (++last_id <= GRAMMAR_ID)
		last_id = GRAMMAR_ID + 1;
	return last_id;
}

uint32_t
va_speech_say(const char *language, const char *who, const char *text)
{
	char begin[100];
	int len = snprintf(begin, sizeof(begin), "%.40s%c%.40s", language, '\0', who);

	if (!voice->ready || strlen(text) > VA_SPEECH_TEXT_MAX || len < 0)
		return 0;
	return ask(voice, VA_SPEECH_SAY, next_id(), begin, (size_t) len + 1, text, strlen(text));
}

/* The ear that has least to do; NULL: none runs. */
static Program *
idle_ear(void)
{
	Program *idle = NULL;

	for (int i = 0; i < EARS; i++)
		if (ears[i].ready && (idle == NULL || ears[i].nasked < idle->nasked))
			idle = &ears[i];
	return idle;
}

uint32_t
va_speech_listen(const int16_t *samples, size_t n)
{
	uint32_t grammar = GRAMMAR_ID;
	Program *ear = idle_ear();

	if (ear == NULL || n > (size_t) LISTEN_SECONDS_MAX * VA_SPEECH_RATE)
		return 0;
	return ask(ear, VA_SPEECH_LISTEN, next_id(), &grammar, sizeof(grammar), samples, n * sizeof(*samples));
}

/* ---- starting ---- */

static bool
spawn(Program *program, int fd)
{
	char *const argv[] = { "voiceagent-speech", program == voice ? "voice" : "ear", NULL };
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
	else if (program != voice)
		(void) ask(program, VA_SPEECH_GRAMMAR, GRAMMAR_ID, va_turn_grammar, strlen(va_turn_grammar), "", 0);
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
	return voice->ready && idle_ear() != NULL;
}

const char *
va_speech_state(void)
{
	static char state[sizeof(voice->state) + sizeof(ears->state) + 2];
	const Program *ear = idle_ear();

	if (ear == NULL)
		ear = ears;
	if (!voice->ready)
		return voice->state;
	snprintf(state, sizeof(state), "%s, %s", voice->state, ear->state);
	return state;
}
