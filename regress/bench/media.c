/*
 * Callers behind Twilio's sockets, and vendors of engines, for media.sh: many of them in a process each, which tells what it cost itself.
 *
 *	.build/bench/media callers PORT PATH FIRST CALLS SECONDS [SOUND...]
 *	.build/bench/media vendors PORT
 *
 * Callers: sockets to PATH/IN-N for N from FIRST, CALLERS_APART_US (10,000) and a bit apart, so that their frames are spread over the 20 ms; each sends
 * one each 20 ms by a clock of its own and hangs up after SECONDS.  A process has CALLERS_EACH (64) of them, and beside ours
 * they, and the vendors, go first (CALLERS_NICE, -5), as they would on machines of their own.  When the robot has been silent for 300 ms a caller says the first SOUND (mu-law at 8,000), and waits for an answer.
 * "over:FILE" is said over the robot's first words instead, each call the next of them; "echo:DB" gives back what the robot says,
 * so much quieter, 150 ms later.  Prints a line of "name value" pairs.  A turn is delayed by us when a frame behind
 * the caller's words left 5 ms late; "tardy" is how many of all "frames" did.
 *
 * Vendors: Deepgram's socket, which hears "yes speaking" when it is asked what it has heard; a stream of chat completions with one
 * sentence, and ElevenLabs' sound of 1.2 s, at once.  A line is printed at SIGTERM: the share of its moments that came 5 ms late.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <openssl/sha.h>
#include <sodium.h>
#include <uv.h>

#include "pure/audio/g711.h"
#include "pure/auth/mac.h"

#define FRAME 160
#define LATE_NS 5000000
#define RING (8 * 8000)

typedef struct Line
{
	uv_tcp_t tcp;
	bool open; /* the upgrade is done */
	bool socket;
	bool gone;
	char *got;
	size_t used, room;
	/* a caller */
	int number;
	int64_t began_ns; /* of its frames */
	int64_t frames;
	const uint8_t *sound; /* that is being said */
	size_t said, length;
	bool over;			/* it has said something over the robot */
	bool delayed;		/* the turn, by us */
	int64_t ended_ns;	/* its last words; 0: it waits for no answer */
	int64_t spoke_ns;	/* the sound over the robot began; 0: none, or the robot has fallen silent */
	int64_t heard_till; /* ns; what the robot has sent is heard until then */
	int64_t robot_ns;	/* its turn has begun; 0: it is silent */
	int16_t *echo;		/* RING, by the time when it is heard */
	double first_ms;
} Line;

typedef struct Sample
{
	double *values;
	size_t n, room;
} Sample;

typedef struct Sound
{
	uint8_t *bytes;
	size_t len;
	bool over;
} Sound;

static uv_loop_t *loop;
static const char *path;
static int port, first_call, ncalls, seconds;
static Line *lines;
static Sound *sounds;
static int nsounds;
static double echo_gain;
static int64_t began_ns, apart_ns;
static int nprocesses = 1, process; /* those of callers, and which of them this is */
static FILE *to_parent;
static long turns, delayed, late, refused, frames, tardy, moments, late_moments;
static Sample first_sounds, answers, silences;
static uv_timer_t timer;

static void
fail(const char *what)
{
	fprintf(stderr, "media: %s\n", what);
	exit(1);
}

static int64_t
now_ns(void)
{
	return (int64_t) uv_hrtime();
}

static void
add(Sample *sample, double value)
{
	if (sample->n == sample->room)
	{
		sample->room = 2 * sample->room + 256;
		sample->values = realloc(sample->values, sample->room * sizeof(double));
		if (sample->values == NULL)
			fail("out of memory");
	}
	sample->values[sample->n++] = value;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return x < y ? -1 : x > y;
}

static double
part(Sample *sample, double share)
{
	if (sample->n == 0)
		return -1;
	qsort(sample->values, sample->n, sizeof(double), compare);
	return sample->values[(size_t) (share * (double) (sample->n - 1) + 0.5)];
}

static double
own_cpu(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		   (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* ---- the wire ---- */

static void
on_closed(uv_handle_t *handle)
{
	Line *line = handle->data;

	free(line->got);
	line->got = NULL;
	if (lines == NULL)
		free(line);
}

static void
hang_up(Line *line)
{
	if (!line->gone)
		uv_close((uv_handle_t *) &line->tcp, on_closed);
	line->gone = true;
}

static void
on_written(uv_write_t *write, int status)
{
	free(write);
}

static void
put(Line *line, const void *bytes, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *) (uintptr_t) bytes, (unsigned) len);
	int sent = line->gone ? (int) len : uv_try_write((uv_stream_t *) &line->tcp, &buf, 1);
	uv_write_t *write;

	if (sent < 0)
		sent = 0;
	if ((size_t) sent == len)
		return;
	write = malloc(sizeof(*write) + len);
	if (write == NULL)
		fail("out of memory");
	memcpy(write + 1, (const char *) bytes + sent, len - (size_t) sent);
	buf = uv_buf_init((char *) (write + 1), (unsigned) (len - (size_t) sent));
	if (uv_write(write, (uv_stream_t *) &line->tcp, &buf, 1, on_written) != 0)
	{
		free(write);
		hang_up(line);
	}
}

static void
put_frame(Line *line, int code, const char *text, size_t len)
{
	unsigned char head[8] = { (unsigned char) (0x80 | code) };
	bool masks = lines != NULL; /* by 0: the text is itself */
	size_t n = len < 126 ? 2 : 4;
	char message[4096];

	head[1] = (unsigned char) ((masks ? 0x80 : 0) | (len < 126 ? len : 126));
	head[2] = (unsigned char) (len >> 8);
	head[3] = (unsigned char) len;
	memcpy(message, head, n);
	if (masks)
		memset(message + n, 0, 4);
	n += masks ? 4 : 0;
	if (n + len > sizeof(message))
		fail("a message is too long");
	memcpy(message + n, text, len);
	put(line, message, n + len);
}

static void
put_message(Line *line, const char *text)
{
	put_frame(line, 1, text, strlen(text));
}

/* A whole message at the beginning of what has come, unmasked; 0: none. */
static size_t
message_of(const Line *line, char **data, size_t *len, int *code)
{
	unsigned char *at = (unsigned char *) line->got;
	size_t head = 2;
	unsigned char *mask = NULL;

	if (line->used < 2)
		return 0;
	*code = at[0] & 15;
	*len = at[1] & 127;
	if (*len >= 126)
	{
		int bytes = *len == 126 ? 2 : 8;

		if (line->used < head + (size_t) bytes)
			return 0;
		*len = 0;
		for (int i = 0; i < bytes; i++)
			*len = *len << 8 | at[head++];
	}
	if ((at[1] & 128) != 0)
	{
		mask = at + head;
		head += 4;
	}
	if (line->used < head + *len)
		return 0;
	for (size_t i = 0; mask != NULL && i < *len; i++)
		at[head + i] ^= mask[i % 4];
	*data = line->got + head;
	return head + *len;
}

/* ---- callers ---- */

static void
hear(Line *line, const char *payload, size_t len)
{
	static uint8_t audio[65536];
	int64_t now = now_ns();
	size_t n;

	if (!va_base64_decode(payload, len, audio, sizeof(audio), &n))
		fail("the robot's audio is not base64");
	if (line->first_ms == 0)
		add(&first_sounds, line->first_ms = (double) (now - line->began_ns) / 1e6);
	if (line->ended_ns != 0)
	{
		turns++;
		delayed += line->delayed;
		if (!line->delayed)
			add(&answers, (double) (now - line->ended_ns) / 1e6);
		line->ended_ns = 0;
	}
	/* It had more to say, and we had none of it. */
	if (line->robot_ns != 0 && now > line->heard_till && now - line->heard_till < 300000000 && line->spoke_ns == 0 &&
		!line->over)
		late += 1 + (now - line->heard_till) / 20000000;
	if (line->heard_till < now)
		line->heard_till = now;
	if (line->robot_ns == 0 || now - line->heard_till > 300000000)
		line->robot_ns = now;
	for (size_t i = 0; line->echo != NULL && i < n; i++)
		line->echo[(line->heard_till / 125000 + (int64_t) i) % RING] = (int16_t) (va_mulaw_sample(audio[i]) *
																				  echo_gain);
	line->heard_till += (int64_t) n * 125000;
}

static void
take(Line *line, char *text, size_t len)
{
	char *payload;

	text[len - 1] = '\0'; /* the last brace */
	if (strstr(text, "\"event\":\"clear\"") != NULL)
	{
		if (line->spoke_ns != 0)
			add(&silences, (double) (now_ns() - line->spoke_ns) / 1e6);
		line->spoke_ns = 0;
		if (line->echo != NULL)
			memset(line->echo, 0, RING * sizeof(*line->echo));
		line->heard_till = now_ns();
	}
	else if ((payload = strstr(text, "\"payload\":\"")) != NULL)
	{
		payload += 11;
		hear(line, payload, strcspn(payload, "\""));
	}
}

/* What it says in this frame: 160 bytes. */
static void
speak(Line *line, uint8_t *frame, int64_t now)
{
	bool silent = line->robot_ns != 0 && now - line->heard_till > 300000000;

	memset(frame, 0xff, FRAME);
	for (int i = 0; line->echo != NULL && i < FRAME; i++)
	{
		int64_t at = ((now - 150000000) / 125000 + i) % RING;

		frame[i] = va_mulaw_byte(line->echo[at]);
		line->echo[at] = 0;
	}
	if (line->sound == NULL && nsounds > 0)
	{
		const Sound *sound = &sounds[line->number % nsounds];

		if (sound->over
				? !line->over && line->robot_ns != 0 && now - line->robot_ns > 600000000 + line->number % 20 * 20000000
				: line->ended_ns == 0 && silent)
		{
			line->sound = sound->bytes;
			line->length = sound->len;
			line->said = 0;
			line->over = sound->over;
			line->spoke_ns = sound->over ? now : 0;
		}
	}
	if (line->sound == NULL)
		return;
	memcpy(frame, line->sound + line->said, line->length - line->said < FRAME ? line->length - line->said : FRAME);
	line->said += FRAME;
	if (line->said < line->length)
		return;
	line->sound = NULL;
	line->robot_ns = 0;
	line->ended_ns = line->over ? 0 : now;
	line->delayed = false;
}

static void
send_frame(Line *line, int64_t now)
{
	uint8_t frame[FRAME];
	char payload[4 * FRAME / 3 + 8];
	char message[512];

	speak(line, frame, now);
	line->frames++;
	sodium_bin2base64(payload, sizeof(payload), frame, FRAME, sodium_base64_VARIANT_ORIGINAL);
	snprintf(message, sizeof(message),
		"{\"event\":\"media\",\"sequenceNumber\":\"%lld\",\"streamSid\":\"MZ1\",\"media\":{\"track\":\"inbound\","
		"\"chunk\":"
		"\"%lld\",\"timestamp\":\"%lld\",\"payload\":\"%s\"}}",
		(long long) line->frames + 1, (long long) line->frames, (long long) line->frames * 20, payload);
	put_message(line, message);
}

static void
begin_stream(Line *line)
{
	char start[512];

	snprintf(start, sizeof(start),
		"{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"MZ1\",\"start\":{\"accountSid\":\"AC1\","
		"\"streamSid\":"
		"\"MZ1\",\"callSid\":\"IN-%d\",\"tracks\":[\"inbound\"],\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\","
		"\"sampleRate\":8000,\"channels\":1},\"customParameters\":{}}}",
		first_call + line->number);
	put_message(line, "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
	put_message(line, start);
	line->began_ns = now_ns();
}

static void
report(void)
{
	long counts[] = { turns, delayed, late, refused, frames, tardy };
	double cpu = own_cpu();
	Sample *samples[] = { &first_sounds, &answers, &silences };

	fwrite(counts, sizeof(counts), 1, to_parent);
	fwrite(&cpu, sizeof(cpu), 1, to_parent);
	for (int i = 0; i < 3; i++)
	{
		fwrite(&samples[i]->n, sizeof(samples[i]->n), 1, to_parent);
		fwrite(samples[i]->values, sizeof(double), samples[i]->n, to_parent);
	}
	fclose(to_parent);
}

static void
must_read(void *into, size_t len, FILE *from)
{
	if (len > 0 && fread(into, len, 1, from) != 1)
		fail("a process of callers has failed");
}

static void
read_report(FILE *from, double *cpu)
{
	long counts[6];
	double of_child;
	Sample *samples[] = { &first_sounds, &answers, &silences };

	must_read(counts, sizeof(counts), from);
	must_read(&of_child, sizeof(of_child), from);
	*cpu += of_child;
	turns += counts[0];
	delayed += counts[1];
	late += counts[2];
	refused += counts[3];
	frames += counts[4];
	tardy += counts[5];
	for (int i = 0; i < 3; i++)
	{
		size_t n;

		must_read(&n, sizeof(n), from);
		for (double value; n > 0; n--)
		{
			must_read(&value, sizeof(value), from);
			add(samples[i], value);
		}
	}
}

static int
number_of(const char *name, int otherwise)
{
	const char *text = getenv(name);

	return text != NULL && text[0] != '\0' ? atoi(text) : otherwise;
}

static void
go_first(void)
{
	if (setpriority(PRIO_PROCESS, 0, number_of("CALLERS_NICE", -5)) != 0)
		fprintf(stderr, "media: callers and vendors cannot go first\n");
}

/* The process that was started waits for the others, and tells what all of them saw; it returns in those. */
static void
fork_callers(void)
{
	FILE *from[64];
	double cpu = 0;
	int each = number_of("CALLERS_EACH", 64);

	apart_ns = (int64_t) number_of("CALLERS_APART_US", 10000) * 1000;
	nprocesses = (ncalls + each - 1) / each;
	if (nprocesses > 64)
		fail("too many processes");
	began_ns = now_ns() + 50000000;
	for (process = 0; process < nprocesses; process++)
	{
		int ends[2];
		pid_t pid;

		if (pipe(ends) != 0 || (pid = fork()) < 0)
			fail("cannot fork");
		if (pid == 0)
		{
			close(ends[0]);
			to_parent = fdopen(ends[1], "w");
			go_first();
			return;
		}
		close(ends[1]);
		from[process] = fdopen(ends[0], "r");
	}
	for (int i = 0; i < nprocesses; i++)
		read_report(from[i], &cpu);
	printf("calls %d refused %ld first_p50 %.1f first_p95 %.1f turns %ld delayed %ld answer_p50 %.1f answer_p95 %.1f "
		   "late %ld "
		   "silence_p50 %.1f silence_p95 %.1f frames %ld tardy %ld cpu %.3f\n",
		ncalls, refused, part(&first_sounds, 0.5), part(&first_sounds, 0.95), turns, delayed, part(&answers, 0.5),
		part(&answers, 0.95), late, part(&silences, 0.5), part(&silences, 0.95), frames, tardy, cpu);
	exit(0);
}

/* ---- vendors ---- */

static void
put_answer(Line *line, const char *kind, const char *body, size_t len)
{
	char head[200];

	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", kind, len);
	put(line, head, strlen(head));
	put(line, body, len);
}

static void
accept_upgrade(Line *line, const char *head)
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	const char *key = strcasestr(head, "\r\nsec-websocket-key: ");
	unsigned char digest[SHA_DIGEST_LENGTH];
	char text[100], accepted[64], answer[300];

	if (key == NULL)
		fail("an upgrade without a key");
	key += 21;
	snprintf(text, sizeof(text), "%.*s%s", (int) strcspn(key, "\r"), key, magic);
	SHA1((unsigned char *) text, strlen(text), digest);
	sodium_bin2base64(accepted, sizeof(accepted), digest, sizeof(digest), sodium_base64_VARIANT_ORIGINAL);
	snprintf(answer, sizeof(answer),
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
		"%s\r\n\r\n",
		accepted);
	put(line, answer, strlen(answer));
	line->open = line->socket = true;
}

/* A whole request at the beginning; 0: none. */
static size_t
answer_request(Line *line)
{
	static const char said[] =
		"data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":"
		"{\"role\":\"assistant\",\"content\":\"That is good to hear.\"},\"finish_reason\":null}]}\n\n"
		"data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{},"
		"\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
	static const char models[] = "{\"id\":\"m\",\"projects\":[],\"data\":[{\"id\":\"m\"}]}";
	static char tone[9600];
	char *end = memmem(line->got, line->used, "\r\n\r\n", 4);
	const char *length;
	size_t whole;

	if (end == NULL)
		return 0;
	*end = '\0';
	length = strcasestr(line->got, "\r\ncontent-length: ");
	whole = (size_t) (end - line->got) + 4 + (length == NULL ? 0 : strtoul(length + 18, NULL, 10));
	*end = '\r';
	if (line->used < whole)
		return 0;
	for (size_t i = 0; tone[0] == 0 && i < sizeof(tone); i++)
		tone[i] = (char) va_mulaw_byte((int16_t) (9000 * sin(2 * M_PI * 400 * ((double) i + 1) / 8000)));
	if (strncmp(line->got, "GET /v1/listen", 14) == 0)
		accept_upgrade(line, line->got);
	else if (strncmp(line->got, "POST /v1/text-to-speech/", 24) == 0)
		put_answer(line, "audio/basic", tone, sizeof(tone));
	else if (strncmp(line->got, "POST ", 5) == 0)
		put_answer(line, "text/event-stream", said, strlen(said));
	else
		put_answer(line, "application/json", models, strlen(models));
	return whole;
}

static void
take_asked(Line *line, const char *text, size_t len)
{
	if (memmem(text, len, "Finalize", 8) != NULL)
		put_message(line,
			"{\"type\":\"Results\",\"is_final\":true,\"speech_final\":false,\"from_finalize\":true,\"channel\":"
			"{\"alternatives\":[{\"transcript\":\"yes speaking\",\"confidence\":0.9}]}}");
	else if (memmem(text, len, "CloseStream", 11) != NULL)
		hang_up(line);
}

/* ---- both ---- */

/* What stands at the beginning; 0: it is not whole. */
static size_t
take_next(Line *line)
{
	char *data, *end;
	size_t len, used;
	int code;

	if (!line->open && lines == NULL)
		return answer_request(line);
	if (!line->open)
	{
		end = memmem(line->got, line->used, "\r\n\r\n", 4);
		if (end == NULL)
			return 0;
		if (strncmp(line->got, "HTTP/1.1 101", 12) != 0)
			fail("the socket was refused");
		line->open = true;
		begin_stream(line);
		return (size_t) (end - line->got) + 4;
	}
	used = message_of(line, &data, &len, &code);
	if (used > 0 && code == 8)
		hang_up(line);
	else if (used > 0 && code == 9)
		put_frame(line, 10, data, len);
	else if (used > 0 && code == 1 && len > 0)
		lines != NULL ? take(line, data, len) : take_asked(line, data, len);
	return used;
}

static void
on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	Line *line = handle->data;

	if (line->room - line->used < 8192)
	{
		line->room = 2 * line->room + 8192;
		line->got = realloc(line->got, line->room);
		if (line->got == NULL)
			fail("out of memory");
	}
	*buf = uv_buf_init(line->got + line->used, (unsigned) (line->room - line->used));
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	Line *line = stream->data;
	size_t used;

	if (n < 0)
	{
		refused += lines != NULL && now_ns() - began_ns < (int64_t) seconds * 1000000000;
		hang_up(line);
		return;
	}
	line->used += (size_t) n;
	while (!line->gone && (used = take_next(line)) > 0)
	{
		memmove(line->got, line->got + used, line->used - used);
		line->used -= used;
	}
}

static void
on_connected(uv_connect_t *connect, int status)
{
	Line *line = connect->data;
	char request[500];

	free(connect);
	if (status != 0)
		fail("cannot connect");
	uv_tcp_nodelay(&line->tcp, 1);
	snprintf(request, sizeof(request),
		"GET %s/IN-%d HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
		path, first_call + line->number);
	uv_read_start((uv_stream_t *) &line->tcp, on_room, on_read);
	put(line, request, strlen(request));
}

static void
open_line(Line *line)
{
	uv_connect_t *connect = malloc(sizeof(*connect));
	struct sockaddr_in to;

	if (connect == NULL)
		fail("out of memory");
	uv_ip4_addr("127.0.0.1", port, &to);
	uv_tcp_init(loop, &line->tcp);
	line->tcp.data = connect->data = line;
	if (echo_gain > 0)
		line->echo = calloc(RING, sizeof(*line->echo));
	uv_tcp_connect(connect, &line->tcp, (struct sockaddr *) &to, on_connected);
}

static void
on_tick(uv_timer_t *handle)
{
	static int opened = 0;
	int64_t now = now_ns();

	if (lines == NULL)
	{
		static int64_t due = 0;

		moments++;
		late_moments += due != 0 && now - due > LATE_NS;
		due = now + 1000000;
		return;
	}
	for (; opened < ncalls && now - began_ns > opened * (apart_ns + 20000000 / (int64_t) ncalls); opened++)
	{
		lines[opened].number = opened;
		if (opened % nprocesses == process)
			open_line(&lines[opened]);
	}
	for (int i = process; i < opened; i += nprocesses)
		while (!lines[i].gone && lines[i].began_ns != 0 && now >= lines[i].began_ns + lines[i].frames * 20000000)
		{
			bool is_tardy = now - (lines[i].began_ns + lines[i].frames * 20000000) > LATE_NS;

			lines[i].delayed |= is_tardy;
			frames++;
			tardy += is_tardy;
			send_frame(&lines[i], now);
		}
	if (now - began_ns > (int64_t) seconds * 1000000000)
	{
		report();
		exit(0);
	}
}

static void
on_line(uv_stream_t *server, int status)
{
	Line *line = calloc(1, sizeof(*line));

	if (line == NULL)
		fail("out of memory");
	uv_tcp_init(loop, &line->tcp);
	line->tcp.data = line;
	if (uv_accept(server, (uv_stream_t *) &line->tcp) != 0)
		fail("cannot accept");
	uv_tcp_nodelay(&line->tcp, 1);
	uv_read_start((uv_stream_t *) &line->tcp, on_room, on_read);
}

static void
on_signal(uv_signal_t *handle, int signum)
{
	printf("moments %ld late %ld cpu %.3f\n", moments, late_moments, own_cpu());
	exit(0);
}

static void
read_sound(Sound *sound, const char *name)
{
	FILE *file;

	sound->over = strncmp(name, "over:", 5) == 0;
	if (strncmp(name, "echo:", 5) == 0)
	{
		echo_gain = pow(10, atof(name + 5) / 20);
		nsounds--;
		return;
	}
	file = fopen(sound->over ? name + 5 : name, "r");
	sound->bytes = malloc(RING);
	if (file == NULL || sound->bytes == NULL)
		fail("cannot read a sound");
	sound->len = fread(sound->bytes, 1, RING, file);
	fclose(file);
}

int
main(int argc, char **argv)
{
	static uv_tcp_t server;
	static uv_signal_t signals;
	struct sockaddr_in at;

	if (argc < 3)
		fail("callers or vendors, and a port");
	port = atoi(argv[2]);
	if (argc >= 7)
	{
		ncalls = atoi(argv[5]);
		fork_callers();
	}
	loop = uv_default_loop();
	uv_timer_init(loop, &timer);
	if (strcmp(argv[1], "vendors") == 0)
	{
		go_first();
		uv_ip4_addr("127.0.0.1", port, &at);
		uv_tcp_init(loop, &server);
		if (uv_tcp_bind(&server, (struct sockaddr *) &at, 0) != 0 ||
			uv_listen((uv_stream_t *) &server, 4096, on_line) != 0)
			fail("cannot listen");
		uv_signal_init(loop, &signals);
		uv_signal_start(&signals, on_signal, SIGTERM);
	}
	else if (argc >= 7)
	{
		path = argv[3];
		first_call = atoi(argv[4]);
		seconds = atoi(argv[6]);
		lines = calloc((size_t) ncalls, sizeof(*lines));
		sounds = calloc((size_t) argc, sizeof(*sounds));
		nsounds = argc - 7;
		if (lines == NULL || sounds == NULL)
			fail("out of memory");
		for (int i = 7; i < argc; i++)
			read_sound(&sounds[i - 7], argv[i]);
	}
	else
		fail("callers PORT PATH FIRST CALLS SECONDS [SOUND...]");
	uv_timer_start(&timer, on_tick, 1, 1);
	return uv_run(loop, UV_RUN_DEFAULT);
}
