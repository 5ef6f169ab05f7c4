/*-------------------------------------------------------------------------
 * scarce.c
 *		Every allocation of a unit test fails once, with VOICEAGENT_SCARCE=N.
 *
 *		The test programs are linked with this file, which takes the place of
 *		malloc(), calloc() and realloc(), and of the library's arenas: each
 *		text of theirs is then a malloc() of its own.  Wherever memory is
 *		asked for by a way that was not walked before (the last N callers), a
 *		child goes on that does not get it, as far as the test's next
 *		assertion: it must come there, whatever the answer is.  The parent
 *		goes on with all of its memory.
 *
 *		What has memory for its result and lacks it in between may crash, hang
 *		or lose what it had: sanitizers see the first and the last, a limit of
 *		processor time the second.  Where the test itself falls over a result
 *		that is not there, the library has told it what it had to.
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

size_t scarce_block_size = 8192;
#define ARENA_BLOCK_SIZE scarce_block_size
#include "pure/memory.c"

#define WAYS 1024
#define CHILD_SECONDS 30
#define CHILD_ASKS 300
/* So many ways of a program are tried, the first ones. */
#define TRIED 500
#define SHOWN 20

/* How a child ends that came to an assertion: with the same answer as ever, with another, with memory that nobody knows of, or
 * in the test, or in a later call, which the test gave what it had not got. */
enum { SAME = 40, OTHER, LEAKS, STUMBLES };

extern void *__real_malloc(size_t size);
extern void *__real_calloc(size_t count, size_t size);
extern void *__real_realloc(void *memory, size_t size);
extern void *__libc_stack_end;
extern int	main(int argc, char **argv);

static bool scarce;
/* So many callers are a way. */
static int frames;
static bool child;
static int output;
/* Where on the stack it says which place of the test has called the library, and which that is. */
static volatile uintptr_t *call;
static uintptr_t call_of;
static uint64_t ways[WAYS];
static long nways, nother, ntest, nfaults;

/* The linker has the test before us, which begin with that function, and the library behind. */
static bool
is_of_test(uintptr_t address)
{
	return address >= (uintptr_t) main && address < (uintptr_t) va_arena_alloc;
}

/* The way that leads here: whether it is a new one. */
static bool
is_new_way(void)
{
	uintptr_t  *frame = __builtin_frame_address(0);
	uint64_t	hash = UINT64_C(14695981039346656037);
	size_t		at;

	call = NULL;
	for (int i = 0; i < 200 && call == NULL; i++)
	{
		uintptr_t  *next = (uintptr_t *) frame[0];

		/* The first two are ours. */
		if (i >= 2 && i < frames + 2)
			hash = (hash ^ frame[1]) * UINT64_C(1099511628211);
		if (is_of_test(frame[1]))
		{
			call = frame + 1;
			call_of = frame[1];
		}
		if (next <= frame || (void *) next >= __libc_stack_end || (uintptr_t) next % sizeof(*next) != 0)
			break;
		frame = next;
	}
	for (at = hash % WAYS; ways[at] != 0; at = (at + 1) % WAYS)
	{
		if (ways[at] == hash)
			return false;
	}
	if (nways == TRIED)
		return false;
	ways[at] = hash;
	nways++;
	return true;
}

static int
threads(void)
{
	int			count = 0;
	char		line[128];
	FILE	   *status = fopen("/proc/self/status", "r");

	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		sscanf(line, "Threads: %d", &count);
	if (status != NULL)
		fclose(status);
	return count;
}

/* A sanitizer has found something in a child. */
static void
die(void)
{
	if (child && (is_of_test((uintptr_t) __asan_get_report_pc()) || (call != NULL && *call != call_of)))
		_exit(STUMBLES);
}

static void
judge(int status)
{
	static char report[65536];
	ssize_t		len;

	if (WIFEXITED(status) && WEXITSTATUS(status) == SAME)
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == OTHER)
	{
		nother++;
		return;
	}
	len = pread(output, report, sizeof(report) - 1, 0);
	report[len < 0 ? 0 : len] = '\0';
	if ((WIFEXITED(status) && WEXITSTATUS(status) == STUMBLES) || strncmp(report, "regress/unit/", 13) == 0)
		ntest++;
	else if (nfaults++ < SHOWN)
	{
		report[4000] = '\0';
		diag("%s %d: %s", WIFEXITED(status) ? "status" : "signal", WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), report);
	}
}

/* The files that a child reads have their places; its parent's stay where they are. */
static void
reopen(void)
{
	char		path[64];

	for (int fd = 3; fd < 64; fd++)
	{
		off_t		at = lseek(fd, 0, SEEK_CUR);
		int			file;

		if (at < 0 || fd == output)
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		file = open(path, O_RDONLY);
		if (file < 0 || lseek(file, at, SEEK_SET) != at || dup2(file, fd) != fd || close(file) != 0)
			_exit(STUMBLES);
	}
}

/* True in a child that does not get this memory. */
static bool
is_refused(void)
{
	static int	asked;
	pid_t		pid;
	int			status;

	/* A test that asserts nothing for so long has gone on. */
	if (child && ++asked == CHILD_ASKS)
		_exit(OTHER);
	if (!scarce || child || !is_new_way() || threads() != 1)
		return false;
	if (ftruncate(output, 0) != 0)
		abort();
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0)
	{
		child = true;
		setrlimit(RLIMIT_CPU, &(struct rlimit) { CHILD_SECONDS, CHILD_SECONDS });
		reopen();
		dup2(output, 1);
		dup2(output, 2);
		return true;
	}
	while (waitpid(pid, &status, 0) != pid)
		;
	judge(status);
	return false;
}

void *
__wrap_malloc(size_t size)
{
	return is_refused() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return is_refused() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
	return is_refused() ? NULL : __real_realloc(memory, size);
}

/* An assertion is reached: the end of a child; the parent makes none of its own. */
bool
scarce_answer(bool passed)
{
	if (child)
		_exit(strchr(getenv("VOICEAGENT_SCARCE"), 'l') != NULL && __lsan_do_recoverable_leak_check() != 0 ? LEAKS : passed ? SAME : OTHER);
	return scarce;
}

/* Instead of the test's own assertions. */
int
scarce_end(void)
{
	scarce = false;
	ok(nfaults == 0, "%ld%s ways to memory that is refused once each: %ld with another answer, %ld that the test stumbles over, %ld faults", nways, nways == TRIED ? " (the first)" : "", nother, ntest, nfaults);
	printf("1..1\n");
	fflush(stdout);
	return nfaults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void __attribute__((constructor))
begin(void)
{
	char		path[] = "/tmp/scarce-XXXXXX";

	if (getenv("VOICEAGENT_SCARCE") == NULL)
		return;
	output = mkostemp(path, O_APPEND);
	if (output < 0)
		abort();
	unlink(path);
	scarce = true;
	frames = atoi(getenv("VOICEAGENT_SCARCE"));
	__sanitizer_set_death_callback(die);
	scarce_block_size = 1;
	json_set_alloc_funcs(__wrap_malloc, free);
}
