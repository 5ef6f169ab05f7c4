/*-------------------------------------------------------------------------
 * calendar_program.c
 *		The program voiceagent-calendar, run once for a file (contract in
 *		exporter.h).
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "calendar/program.h"
#include "exporter.h"
#include "core/compat.h"

/* More than VA_BUSY_SPANS_MAX lines. */
#define OUTPUT_MAX (2 * 1024 * 1024)
#define LOOK_MS 1000

typedef struct Run
{
	pid_t pid;
	int fd;
	const char *input;
	size_t left;
	StringInfo output;
	TimestampTz until;
} Run;

static bool
start(Run *run, const char *program, char *const args[])
{
	char *const environment[] = { "LC_ALL=C.UTF-8", NULL };
	posix_spawn_file_actions_t actions;
	int fds[2];
	int failed;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	failed = posix_spawn(&run->pid, program, &actions, NULL, args, environment);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	run->fd = fds[0];
	if (failed != 0)
		close(fds[0]);
	return failed == 0;
}

/* Waits until the program takes or gives bytes; false: it was waited for long enough. */
static bool
await(const Run *run, int event)
{
	CHECK_FOR_INTERRUPTS();
	if (GetCurrentTimestamp() > run->until)
		return false;
	if ((WaitLatchOrSocket(
			 MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH | event, run->fd, LOOK_MS, PG_WAIT_EXTENSION) &
			WL_LATCH_SET) != 0)
		ResetLatch(MyLatch);
	return true;
}

static bool
give_input(Run *run)
{
	while (run->left > 0)
	{
		ssize_t n = send(run->fd, run->input, run->left, MSG_NOSIGNAL);

		if (n > 0)
		{
			run->input += n;
			run->left -= (size_t) n;
		}
		else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
			return false;
		else if (!await(run, WL_SOCKET_WRITEABLE))
			return false;
	}
	return shutdown(run->fd, SHUT_WR) == 0;
}

static bool
take_output(Run *run)
{
	char bytes[8192];

	for (;;)
	{
		ssize_t n = recv(run->fd, bytes, sizeof(bytes), 0);

		if (n == 0)
			return true;
		if (n > 0 && run->output->len + n > OUTPUT_MAX)
			return false;
		if (n > 0)
			appendBinaryStringInfo(run->output, bytes, (int) n);
		else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
			return false;
		else if (!await(run, WL_SOCKET_READABLE))
			return false;
	}
}

bool
va_run_calendar(const char *program, char *const args[], const char *input, size_t len, StringInfo output)
{
	Run run = { .fd = -1,
		.input = input,
		.left = len,
		.output = output,
		.until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), VA_CALENDAR_WAIT_MS) };
	volatile bool came = false;
	int status = 0;

	if (!start(&run, program, args))
		return false;
	PG_TRY();
	{
		came = fcntl(run.fd, F_SETFL, O_NONBLOCK) == 0 && give_input(&run) && take_output(&run);
	}
	PG_FINALLY();
	{
		/* Whatever became of it: it is not left behind, and what has ended does not mind. */
		(void) kill(run.pid, SIGKILL);
		(void) waitpid(run.pid, &status, 0);
		close(run.fd);
	}
	PG_END_TRY();
	return came && output->len > 0 && output->data[output->len - 1] == '\n';
}
