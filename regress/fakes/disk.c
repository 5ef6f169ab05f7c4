/*
 * A slow disk: preloaded, flushing the log takes as many ms longer as the file VOICEAGENT_DISK says (a 64-bit integer), for every
 * process of a server, also of those that run.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile int64_t *slow_ms;

__attribute__((constructor)) static void
find_disk(void)
{
	const char *name = getenv("VOICEAGENT_DISK");
	int fd = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
	void *memory = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*slow_ms), PROT_READ, MAP_SHARED, fd, 0);

	if (memory != MAP_FAILED)
		slow_ms = memory;
	if (fd >= 0)
		close(fd);
}

int
fdatasync(int fd)
{
	int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");

	for (int64_t ms = slow_ms == NULL ? 0 : *slow_ms; ms > 0; ms--)
		usleep(1000);
	return real(fd);
}
