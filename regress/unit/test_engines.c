/*
 * test_engines.c
 *		What is said to the vendors of calls and what they say: streams of models in any pieces, sentences, written text as it is
 *		spoken.
 */
#include "tap.h"

#include <string.h>

#include "pure/engines/deepgram.h"
#include "pure/engines/mind.h"
#include "pure/engines/realtime.h"
#include "pure/engines/spoken.h"

static VaArena arena;
static char said[8000];

static void
say(void *ctx, const char *sentence)
{
	(void) ctx;
	strcat(said, sentence);
	strcat(said, "|");
}

/* In pieces of a size. */
static const char *
streamed(bool anthropic, const char *bytes, size_t piece)
{
	VaMindStream stream = { .anthropic = anthropic, .say = say };
	size_t len = strlen(bytes);
	const char *result;

	said[0] = '\0';
	for (size_t at = 0; at < len; at += piece)
		if (!va_mind_feed(&stream, bytes + at, at + piece < len ? piece : len - at))
			break;
	va_mind_finish(&stream);
	result = va_arena_printf(&arena, "%s%s%s%s%s %d %d %ld %ld %ld %s", said, stream.ntools > 0 ? stream.tools[0].id : "",
							 stream.ntools > 0 ? " " : "", stream.ntools > 0 ? stream.tools[0].name : "",
							 stream.ntools > 0 && stream.tools[0].arguments.text != NULL ? stream.tools[0].arguments.text : "", stream.done,
							 stream.counted, (long) stream.tokens_in, (long) stream.tokens_cached, (long) stream.tokens_out, stream.error);
	va_mind_free(&stream);
	return result;
}

static void
test_streams(void)
{
	static const char openai[] =
		": a comment\r\n"
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":null}\r\n\r\n"
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi, Dr. Ad\"}}]}\n\n"
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a. *Shall* we\"}}]}\n\n"
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" talk?\"}}]}\n\n"
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{"
		"\"name\":\"book\",\"arguments\":\"\"}}]}}]}\n\n"
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"d\\\":\"}}]}}]}\n\n"
		"data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n"
		"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":2}}}\n\n"
		"data: [DONE]\n\n";
	static const char anthropic[] =
		"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"content\":[],\"usage\":{\"input_tokens\":25,"
		"\"cache_read_input_tokens\":5,\"output_tokens\":1}}}\n\n"
		"event: ping\ndata: {\"type\":\"ping\"}\n\n"
		"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}\n\n"
		"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"One. Two\"}}\n\n"
		"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\","
		"\"name\":\"book\",\"input\":{}}}\n\n"
		"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"
		"\"{\\\"d\\\":1}\"}}\n\n"
		"event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":15}}\n\n"
		"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

	for (size_t piece = 1; piece < 2000; piece = piece * 3 + 1)
	{
		is_str(streamed(false, openai, piece), "Hi, Dr. Ada.|Shall we talk?|call_1 book{\"d\":1} 1 1 9 2 4 ", "chat completions, whatever the pieces");
		is_str(streamed(true, anthropic, piece), "One.|Two|toolu_1 book{\"d\":1} 1 1 30 5 15 ", "messages, whatever the pieces");
	}
	is_str(streamed(false, "data: {\"error\":{\"message\":\"Boom\"}}\n\n", 9), " 0 0 0 0 0 Boom", "an error in the midst");
	is_str(streamed(true, "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", 9), " 0 0 0 0 0 Overloaded",
		   "... of messages");
	is_str(streamed(false, "data: {\"choices\": [\n\n", 100), " 0 0 0 0 0 an event of the stream is not JSON", "rubbish");
	is_str(streamed(false, "<html>\n\n", 100), " 0 0 0 0 0 ", "a page is no event");
	is_str(streamed(false, "data: 7\n", 100), " 0 0 0 0 0 an event of the stream is not JSON", "a number is none either");
}

static void
test_long(void)
{
	VaMindStream stream = { .say = say };
	char line[4096];
	bool fed = true;

	said[0] = '\0';
	memset(line, 'x', sizeof(line));
	for (int i = 0; i < 100 && fed; i++)
		fed = va_mind_feed(&stream, line, sizeof(line));
	is_str(stream.error, "an event of the stream is too long", "an event without an end is given up");
	va_mind_free(&stream);
	memset(&stream, 0, sizeof(stream));
	stream.say = say;
	for (int i = 0; i < 1000; i++)
	{
		const char *text = "data: {\"choices\":[{\"delta\":{\"content\":\"Ten bytes. \"}}]}\n";

		va_mind_feed(&stream, text, strlen(text));
	}
	ok(strlen(said) < 7000 && strlen(said) > 4000, "an answer without an end is not said to its end");
	va_mind_free(&stream);
	memset(&stream, 0, sizeof(stream));
	stream.say = say;
	fed = true;
	for (int i = 0; i < 1000 && fed; i++)
	{
		const char *text = "data: {\"choices\":[{\"delta\":{\"content\":\"Tenbytes\"}}]}\n";

		fed = va_mind_feed(&stream, text, strlen(text));
	}
	is_str(stream.error, "a sentence of the stream is too long", "nor a sentence without one");
	va_mind_free(&stream);
}

/* A delta, or what else lies in a chunk, as an event. */
static const char *
chunk(const char *delta)
{
	return va_arena_printf(&arena, "data: {\"choices\":[{\"delta\":%s}]}\n\n", delta);
}

/* The first clause of an answer is said before its sentence has ended; later ones wait for it. */
static void
test_first_clause(void)
{
	static const struct
	{
		const char *answer, *parts;
	} answers[] = {
		{"We can come on Tuesday the ninth, at ten or at two, or, if that is too soon for you, on Friday.",
		 "We can come on Tuesday the ninth,|at ten or at two, or, if that is too soon for you, on Friday.| 0 0 0 0 0 "},
		{"Yes, of course. A window of that size, with three panes of glass, is 1,500 dollars.",
		 "Yes, of course.|A window of that size, with three panes of glass, is 1,500 dollars.| 0 0 0 0 0 "},
		{"A window of that size is about 1,500 dollars with its frame.", "A window of that size is about 1,500 dollars with its frame.| 0 0 0 0 0 "},
		{"Wir kommen gern vorbei und sehen es uns an; passt Ihnen Dienstag?", "Wir kommen gern vorbei und sehen es uns an;|passt Ihnen Dienstag?| 0 0 0 0 0 "},
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		for (size_t piece = 1; piece < 2000; piece = piece * 3 + 1)
			is_str(streamed(false, chunk(va_arena_printf(&arena, "{\"content\":\"%s\"}", answers[i].answer)), piece), answers[i].parts, "the first clause");
}

static void
unsay(void *ctx)
{
	(void) ctx;
	strcpy(said, "unsaid|");
}

/* Deltas of a stream, one feed each: what is said, and every tool with its id, name and arguments. */
static const char *
of_deltas(const char *const *deltas, bool waits)
{
	VaMindStream stream = { .say = say, .unsay = unsay, .waits = waits };
	const char *result, *arguments;

	said[0] = '\0';
	for (; *deltas != NULL; deltas++)
		va_mind_feed(&stream, chunk(*deltas), strlen(chunk(*deltas)));
	va_mind_finish(&stream);
	result = va_arena_printf(&arena, "%s%s%s", said, stream.thinks_first ? " thinks first" : "", stream.error);
	for (int i = 0; i < stream.ntools; i++)
	{
		bool whole = va_mind_arguments(&stream.tools[i], &arena, &arguments);

		result = va_arena_printf(&arena, "%s [%s %s %s%s]", result, stream.tools[i].id, stream.tools[i].name, arguments, whole ? "" : " unread");
	}
	va_mind_free(&stream);
	return result;
}
#define DELTAS(...) of_deltas((const char *const[]){ __VA_ARGS__, NULL }, false)
#define C(text) "{\"content\":\"" text "\"}"
#define T(members) "{\"tool_calls\":[{" members "}]}"

static void
test_thoughts(void)
{
	static const char *const marks[][2] = { { "<think>", "</think>" }, { "<THINK>", "</Think>" }, { "<thinking>", "</thinking>" }, { "[THINK]", "[/THINK]" },
		{ "<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>" } };
	char delta[400];

	for (int i = 0; i < 5; i++)
	{
		const char *one = va_arena_printf(&arena, "%sSay hello. Be brief.%s Hello. Who is it?", marks[i][0], marks[i][1]);
		const char *deltas[400];
		int n = 0;

		snprintf(delta, sizeof(delta), "{\"content\":\"%s\"}", one);
		is_str(of_deltas((const char *const[]){ delta, NULL }, false), "Hello.|Who is it?|", "thoughts are not said");
		for (; one[n] != '\0'; n++)
			deltas[n] = va_arena_printf(&arena, "{\"content\":\"%c\"}", one[n]);
		deltas[n] = NULL;
		is_str(of_deltas(deltas, false), "Hello.|Who is it?|", "... however they are cut");
	}
	is_str(DELTAS(C("Well <think>hm. Hm.</think>yes, 3 < 4 and a<b. [1]"), C(" <thi")), "Well yes, 3 < 4 and a<b.|[1] <thi|", "... in the midst, and what only looks so is said");
	is_str(DELTAS(C("<think>I must answer")), "", "... without an end");
	is_str(DELTAS(C("Say hello. Be brief.</th"), C("ink>Hello. Who is it?")), "unsaid|Hello.|Who is it?| thinks first", "... without a beginning");
	is_str(DELTAS(C("Be brief. "), C("So. "), C("</think>Hello.")), "unsaid|Hello.| thinks first", "... when some was said");
	is_str(of_deltas((const char *const[]){ C("Be brief. "), C("So. "), C("</think>Hello. "), C("Who?"), NULL }, true), "Hello.|Who?| thinks first", "... and not the next time");
	is_str(of_deltas((const char *const[]){ C("Hello. "), C("Who?"), NULL }, true), "Hello. Who?|", "... where an answer may have none");
	is_str(DELTAS(C("Hello.<|end|>")), "Hello.|", "a mark of the end alone");
	is_str(DELTAS(C("One moment. <tool_call>{\\\"name\\\":\\\"book\\\"}</tool_call>")), "One moment.|", "a tool that its server did not read is not said");
	is_str(DELTAS("{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm.\"}]},{\"type\":\"text\",\"text\":\"Hello.\"}, 7]}"), "Hello.|", "parts of which some are text");
}

static void
test_tools(void)
{
	is_str(DELTAS(T("\"index\":0,\"id\":\"\",\"function\":{\"name\":\"book\",\"arguments\":\"{}\"}")), " [ book {}]", "a tool without an id");
	is_str(DELTAS(T("\"id\":\"a\",\"function\":{\"name\":\"book\",\"arguments\":\"{}\"}"), T("\"id\":\"b\",\"function\":{\"name\":\"book\",\"arguments\":\"{\\\"d\\\":1}\"}")),
		   " [a book {}] [b book {\"d\":1}]", "two without an index, by their ids");
	is_str(DELTAS(T("\"function\":{\"name\":\"book\",\"arguments\":\"{}\"}"), T("\"function\":{\"name\":\"move\",\"arguments\":\"{\\\"d\\\":\"}"), T("\"function\":{\"arguments\":\"1}\"}"),
				  T("\"function\":{\"name\":\"move\",\"arguments\":\"{}\"}")), " [ book {}] [ move {\"d\":1}] [ move {}]", "... by their names, and by arguments that are whole");
	is_str(DELTAS(T("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"book\",\"arguments\":\"{}\"}"), T("\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"book\",\"arguments\":\"{\\\"d\\\":2}\"}")),
		   " [a book {}] [b book {\"d\":2}]", "... or with one index");
	is_str(DELTAS(T("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"book\",\"arguments\":null}"), T("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"book\",\"arguments\":\"{\\\"d\\\":\"}"),
				  T("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"book\",\"arguments\":\"3}\"}")), " [a book {\"d\":3}]", "a name that is repeated");
	is_str(DELTAS(T("\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"book\",\"arguments\":{\"d\":4}}")), " [a book {\"d\":4}]", "arguments that are an object");
	is_str(DELTAS(T("\"id\":\"a\",\"function\":{\"name\":\"book\",\"arguments\":\"\\\"{\\\\\\\"d\\\\\\\":5}\\\"\"}")), " [a book {\"d\":5}]", "... or a text within a text");
	is_str(DELTAS(T("\"id\":\"a\",\"function\":{\"name\":\"book\",\"arguments\":\"{\\\"d\\\":\"}")), " [a book {} unread]", "... or cut off: nobody knows");
	is_str(DELTAS("{\"function_call\":{\"name\":\"book\",\"arguments\":\"{\\\"d\\\":\"}}", "{\"function_call\":{\"arguments\":\"6}\"}}"), " [ book {\"d\":6}]", "the older way");
	is_str(streamed(false, "data: {\"error\":\"Boom\"}\n", 100), " 0 0 0 0 0 Boom", "an error that is a text");
	is_str(streamed(false, "data: {\"choices\":[{\"message\":{\"content\":\"Hi.\"}}]}\n", 100), "Hi.| 0 0 0 0 0 ", "an answer that does not come in pieces");
	is_str(streamed(true, "data: {\"type\":\"content_block_start\",\"content_block\":{\"type\":\"tool_use\",\"name\":\"book\",\"input\":{\"d\":7}}}\n", 100), " book{\"d\":7} 0 0 0 0 0 ", "an input that comes at once");
}

static const char *
spoken(const char *text, const char *language)
{
	return va_spoken_text(&arena, text, language);
}

static void
test_spoken(void)
{
	static const char marked[] = "# Title\n- *one*\n- `two` [here](http://x) \xF0\x9F\x98\x80 a_b _c_";

	is_str(spoken("It costs $1,250.50.", "en-US"), "It costs one thousand two hundred fifty dollars and fifty cents.", "money");
	is_str(spoken("$1 or $20.00, not €3", "en"), "one dollar or twenty dollars, not three euros", "... of several kinds");
	is_str(spoken("Das kostet 1.250,50 €.", "de-DE"), "Das kostet eintausendzweihundertfünfzig Euro fünfzig.", "... in another language's words");
	is_str(spoken("um 15:30 Uhr, 1 € für 3,14 Liter", "de"), "um fünfzehn Uhr dreißig, ein Euro für drei Komma eins vier Liter", "times, sums and decimals in German");
	is_str(spoken("Am 30.11.2026, 10-12 Uhr, 2x, Gleis 21.", "de"), "Am 30.11.2026, 10-12 Uhr, 2x, Gleis einundzwanzig.", "... dates and ranges as they are");
	is_str(spoken("a las 9:05, 1.200 personas, 21 $", "es"), "a las nueve cinco, mil doscientos personas, veintiún dólares", "... in Spanish");
	is_str(spoken("à 1:00, 80 personnes, 71,5 kg, 1 €", "fr"), "à une heure, quatre-vingts personnes, soixante-et-onze virgule cinq kg, un euro", "... in French");
	is_str(spoken("alle 15:30, 1 € o 21,5 %, +39 06 1234567", "it-IT"), "alle quindici trenta, un euro o ventuno virgola cinque per cento, tre nove zero sei uno due tre quattro cinque sei sette", "... in Italian");
	is_str(spoken("+49 30 123456, 007", "de"), "vier neun drei null eins zwei drei vier fünf sechs, 007", "... telephone numbers");
	is_str(spoken("at 3:30 pm, 9:05 or 10:00", NULL), "at three thirty pm, nine oh five or ten o'clock", "times");
	is_str(spoken("Booked: Monday 30 November, 10:00 (2026-11-30T10:00).", "de"), "Booked: Monday dreißig November, zehn Uhr.", "an instant for models is not said");
	is_str(spoken("(2026-11-30T10)", "de"), "(2026-11-30T10)", "... but other brackets are");
	is_str(spoken("Call +1 (212) 555-0100.", "en"), "Call one, two one two, five five five, zero one zero zero.", "a telephone number");
	is_str(spoken("ann.lee@example.com", "en"), "ann dot lee at example dot com", "an e-mail address");
	is_str(spoken("www.example.com/a, https://example.com", "en"), "www dot example dot com a, example dot com", "web addresses");
	is_str(spoken("50% of 1,000,000 & 3.14", "en"), "fifty percent of one million and three point one four", "signs and numbers");
	is_str(spoken("In 2026, 12 of 1st, 10k and 007", "en"), "In twenty twenty-six, twelve of 1st, 10k and zero zero seven", "years, and what is no number");
	is_str(spoken("50 % y ann@x.es", "es"), "cincuenta por ciento y ann arroba x punto es", "another language");
	is_str(spoken("12345678901 1234567890123456789", "en"), "one two three four five six seven eight nine zero one one two three four five six seven eight nine zero one two three four five six seven eight nine", "too long for a number");
	is_str(spoken("", "en"), "", "nothing");
	is_str(va_plain_text(&arena, marked, strlen(marked)), "Title one two here a_b c", "marks are not said");
}

static void
test_sentences(void)
{
	static const char *const texts[] = { "Yes. No", "Dr. Who", "z.B. das", "1. One", "Really? Yes", "No end", "3.5 is", "A line\nmore", NULL };
	static const size_t lengths[] = { 5, 0, 0, 0, 8, 0, 0, 7 };

	for (int i = 0; texts[i] != NULL; i++)
		ok(va_sentence_length(texts[i], strlen(texts[i])) == lengths[i], "\"%s\" begins with a sentence of %zu bytes", texts[i], lengths[i]);
}

static json_t *
loaded(const char *text)
{
	const char *why;

	return va_json_load(&arena, text, strlen(text), &why);
}

/* ---- Deepgram ---- */

static const char *
heard_in(const char *message)
{
	VaDeepgramHeard heard;
	bool known = va_deepgram_read(&arena, message, strlen(message), &heard);

	return va_arena_printf(&arena, "%d %s%s%s%s%s%s%s %s", known, heard.text, heard.final ? " final" : "", heard.ends ? " ends" : "",
						   heard.finalized ? " finalized" : "", heard.turn ? " turn" : "", heard.eager ? " eager" : "",
						   heard.resumed ? " resumed" : "", heard.error != NULL ? heard.error : "");
}

static void
test_deepgram(void)
{
	json_t *settings = loaded("{\"keyterms\":[\"heat pump\",7],\"endpointing_ms\":120}");

	is_str(va_deepgram_url(&arena, NULL, "nova-3", "en-US", NULL),
		   "wss://api.deepgram.com/v1/listen?encoding=mulaw&sample_rate=8000&channels=1&interim_results=true&punctuate=true"
		   "&smart_format=true&endpointing=300&model=nova-3&language=en-US",
		   "where its socket is");
	is_str(va_deepgram_url(&arena, "http://127.0.0.1:7", "m", NULL, settings),
		   "ws://127.0.0.1:7/v1/listen?encoding=mulaw&sample_rate=8000&channels=1&interim_results=true&punctuate=true"
		   "&smart_format=true&endpointing=120&model=m&keyterm=heat%20pump",
		   "... with what the assistant wants");
	is_str(heard_in("{\"type\":\"Results\",\"is_final\":true,\"speech_final\":true,\"channel\":{\"alternatives\":[{\"transcript\":\"Hi\"}]}}"),
		   "1 Hi final ends ", "the end of an utterance");
	is_str(heard_in("{\"type\":\"Results\",\"is_final\":false,\"channel\":{\"alternatives\":[{\"transcript\":\"Hi\"}]}}"), "1 Hi ", "words that may change");
	is_str(heard_in("{\"type\":\"Results\",\"is_final\":true,\"from_finalize\":true,\"channel\":{\"alternatives\":[]}}"), "1  final finalized ",
		   "the answer to a Finalize");
	is_str(va_deepgram_url(&arena, NULL, "flux-general-en", "en-US", settings),
		   "wss://api.deepgram.com/v2/listen?encoding=mulaw&sample_rate=8000&eot_threshold=0.7&eager_eot_threshold=0.5&eot_timeout_ms=1500"
		   "&model=flux-general-en&keyterm=heat%20pump",
		   "Flux has another");
	is_str(strstr(va_deepgram_url(&arena, NULL, "flux-general-multi", "de-AT", NULL), "&lang"), "&language_hint=de", "... and one model of many languages");
	json_decref(settings);
	is_str(heard_in("{\"type\":\"TurnInfo\",\"event\":\"Update\",\"turn_index\":0,\"transcript\":\"I need\"}"), "1 I need turn ", "a turn, as it comes");
	is_str(heard_in("{\"type\":\"TurnInfo\",\"event\":\"EagerEndOfTurn\",\"transcript\":\"I need a\"}"), "1 I need a turn eager ", "... which may have ended");
	is_str(heard_in("{\"type\":\"TurnInfo\",\"event\":\"TurnResumed\",\"transcript\":\"I need a\"}"), "1 I need a turn resumed ", "... or not");
	is_str(heard_in("{\"type\":\"TurnInfo\",\"event\":\"EndOfTurn\",\"transcript\":\"I need a roof\"}"), "1 I need a roof ends turn ", "... and has");
	is_str(heard_in("{\"type\":\"TurnInfo\",\"event\":7}"), "1  turn ", "... or nobody knows what");
	is_str(heard_in("{\"type\":\"Connected\",\"sequence_id\":0}"), "0  ", "a greeting");
	is_str(heard_in("{\"type\":\"UtteranceEnd\",\"channel\":[0,1],\"last_word_end\":2.3}"), "0  ", "what says nothing new");
	is_str(heard_in("{\"type\":\"Error\",\"description\":\"Boom\"}"), "1  Boom", "an error");
	is_str(heard_in("{"), "1  a message is not JSON", "rubbish");
}

/* ---- Realtime ---- */

static const char *
event_in(const char *message)
{
	VaRealtimeEvent event;
	bool read = va_realtime_read(&arena, message, strlen(message), &event);

	return va_arena_printf(&arena, "%d %d %s|%s|%s|%s %zu %d %ld %ld %ld", read, event.kind, event.item, event.text, event.tool, event.call,
						   event.naudio, event.failed, (long) event.tokens_in, (long) event.tokens_cached, (long) event.tokens_out);
}

static void
test_realtime(void)
{
	json_t *tools = loaded("[{\"type\":\"function\",\"function\":{\"name\":\"book\"}}]");

	is_str(va_realtime_url(&arena, NULL, "gpt realtime"), "wss://api.openai.com/v1/realtime?model=gpt%20realtime", "where its socket is");
	is_str(va_realtime_session(&arena, "Be brief.", "en-US", NULL, tools),
		   "{\"session\":{\"audio\":{\"input\":{\"format\":{\"type\":\"audio/pcmu\"},\"transcription\":{\"language\":\"en\",\"model\":"
		   "\"gpt-transcribe\"},\"turn_detection\":{\"create_response\":true,\"eagerness\":\"high\",\"interrupt_response\":false,"
		   "\"type\":\"semantic_vad\"}},\"output\":{\"format\":{\"type\":\"audio/pcmu\"},\"voice\":\"marin\"}},\"instructions\":\"Be brief.\","
		   "\"output_modalities\":[\"audio\"],\"tool_choice\":\"auto\",\"tools\":[{\"name\":\"book\",\"type\":\"function\"}],"
		   "\"type\":\"realtime\"},\"type\":\"session.update\"}",
		   "what its session is");
	json_decref(tools);
	is_str(va_realtime_append(&arena, (const unsigned char *) "\377\377\377", 3), "{\"type\":\"input_audio_buffer.append\",\"audio\":\"////\"}", "sound");
	is_str(va_realtime_truncate(&arena, "i1", 120),
		   "{\"audio_end_ms\":120,\"content_index\":0,\"item_id\":\"i1\",\"type\":\"conversation.item.truncate\"}", "what was heard");
	is_str(event_in("{\"type\":\"session.updated\"}"), "1 1 ||| 0 0 0 0 0", "ready");
	is_str(event_in("{\"type\":\"conversation.item.input_audio_transcription.completed\",\"item_id\":\"i\",\"transcript\":\"Hi\"}"), "1 2 i|Hi|| 0 0 0 0 0", "words");
	is_str(event_in("{\"type\":\"response.output_audio.delta\",\"item_id\":\"o\",\"delta\":\"////\"}"), "1 4 o||| 3 0 0 0 0", "its sound");
	is_str(event_in("{\"type\":\"response.output_audio.delta\",\"item_id\":\"o\",\"delta\":\"!\"}"), "0 4 o||| 0 0 0 0 0", "... that is none");
	is_str(event_in("{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"name\":\"book\",\"call_id\":\"c\",\"arguments\":\"{}\"}}"),
		   "1 6 |{}|book|c 0 0 0 0 0", "a tool");
	is_str(event_in("{\"type\":\"response.done\",\"response\":{\"status\":\"failed\",\"usage\":{\"input_tokens\":20,\"output_tokens\":10,"
					"\"input_token_details\":{\"cached_tokens\":5}}}}"),
		   "1 7 ||| 0 1 20 5 10", "the end of a response");
	is_str(event_in("{\"type\":\"error\",\"error\":{\"message\":\"Boom\"}}"), "1 8 |Boom|| 0 0 0 0 0", "an error");
	is_str(event_in("{\"type\":\"rate_limits.updated\"}"), "1 0 ||| 0 0 0 0 0", "anything else");
	is_str(event_in("7"), "0 0 ||| 0 0 0 0 0", "rubbish");
}

int
main(void)
{
	test_deepgram();
	test_realtime();
	test_streams();
	test_long();
	test_thoughts();
	test_tools();
	test_spoken();
	test_sentences();
	test_first_clause();
	va_arena_free(&arena);
	return done_testing();
}
