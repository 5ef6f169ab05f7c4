/*
 * A resolver of our own, by LD_PRELOAD: names that end in ".rebind.test" are looked up in the file VA_RESOLVER names,
 * whose lines are "NAME ADDRESSES | ADDRESSES ...": the first lookup gets the first group, the next one the next, the
 * last one stays.  Each lookup appends its name to VA_RESOLVER.log.  All other names are the system's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".rebind.test"

typedef int (*Resolve)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* How often the name was asked for, by whichever process. */
static int
count_lookup(const char *file, const char *name)
{
	char path[1024];
	char line[300];
	int count = 0;
	int fd;
	FILE *log;

	snprintf(path, sizeof(path), "%s.log", file);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
	if (fd < 0)
		return 0;
	snprintf(line, sizeof(line), "%s\n", name);
	(void) !write(fd, line, strlen(line));
	close(fd);
	log = fopen(path, "r");
	while (log != NULL && fgets(line, sizeof(line), log) != NULL)
	{
		line[strcspn(line, "\n")] = '\0';
		count += strcmp(line, name) == 0;
	}
	if (log != NULL)
		fclose(log);
	return count;
}

/* The group of addresses for this lookup, "" when the name has none. */
static void
find_group(const char *file, const char *name, char *group, size_t size)
{
	char line[1024];
	int at = count_lookup(file, name);
	FILE *in = fopen(file, "r");

	group[0] = '\0';
	while (in != NULL && fgets(line, sizeof(line), in) != NULL)
	{
		char *state;
		char *rest = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (rest == NULL || (size_t) (rest - line) != strlen(name) || strncmp(line, name, strlen(name)) != 0)
			continue;
		for (char *part = strtok_r(rest + 1, "|", &state); part != NULL && at > 0; part = strtok_r(NULL, "|", &state), at--)
			snprintf(group, size, "%s", part);
	}
	if (in != NULL)
		fclose(in);
}

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
	Resolve real = (Resolve) dlsym(RTLD_NEXT, "getaddrinfo");
	const char *file = getenv("VA_RESOLVER");
	size_t len = name != NULL ? strlen(name) : 0;
	struct addrinfo numeric = {0};
	struct addrinfo *first = NULL;
	struct addrinfo **last = &first;
	char group[1024];
	char *state;

	if (file == NULL || len < strlen(SUFFIX) || strcmp(name + len - strlen(SUFFIX), SUFFIX) != 0)
		return real(name, service, hints, result);
	pthread_mutex_lock(&lock);
	find_group(file, name, group, sizeof(group));
	pthread_mutex_unlock(&lock);
	if (hints != NULL)
		numeric = *hints;
	numeric.ai_flags = AI_NUMERICHOST;
	numeric.ai_family = AF_UNSPEC;
	for (char *address = strtok_r(group, " ", &state); address != NULL; address = strtok_r(NULL, " ", &state))
	{
		if (real(address, service, &numeric, last) != 0)
			continue;
		while (*last != NULL)
			last = &(*last)->ai_next;
	}
	*result = first;
	return first != NULL ? 0 : EAI_NONAME;
}
