/*-------------------------------------------------------------------------
 * spoken.c
 *		Written text as it is to be spoken: a scan from left to right, in which
 *		the first rule that knows what begins here writes it.
 */
#include "spoken.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/engines/spellout.h"
#include "pure/text/utf8.h"

/* Digits of a number that is spoken as one; of a longer one each digit is. */
#define NUMBER_DIGITS 9
#define PHONE_DIGITS 7

typedef struct Words
{
	const char *code;
	const char *at;
	const char *dot;
	const char *percent;
	const char *and;
	const char *dollar;
	const char *euro;
	const char *pound;
} Words;

static const Words en = { "en", " at ", " dot ", " percent", " and ", "dollars", "euros", "pounds" };
static const Words de = { "de", " ät ", " Punkt ", " Prozent", " und ", "Dollar", "Euro", "Pfund" };
static const Words es = { "es", " arroba ", " punto ", " por ciento", " y ", "dólares", "euros", "libras" };
static const Words fr = { "fr", " arobase ", " point ", " pour cent", " et ", "dollars", "euros", "livres" };
static const Words it = { "it", " chiocciola ", " punto ", " per cento", " e ", "dollari", "euro", "sterline" };

/* ---- without marks ---- */

/* Pictures, arrows, and the marks that choose how these look. */
static bool
is_picture(int32_t code)
{
	return (code >= 0x1f000 && code <= 0x1faff) || (code >= 0x2190 && code <= 0x21ff) ||
		   (code >= 0x2600 && code <= 0x27bf) || code == 0xfe0f || code == 0x200d;
}

/* "[words](address)": the words; the bytes that it takes, or 0. */
static size_t
link_at(const char *text, size_t len, VaBuffer *out)
{
	const char *close = memchr(text, ']', len);
	const char *end;

	if (close == NULL || close + 1 >= text + len || close[1] != '(')
		return 0;
	end = memchr(close, ')', (size_t) (text + len - close));
	if (end == NULL)
		return 0;
	va_buffer_add(out, text + 1, (size_t) (close - text - 1));
	return (size_t) (end - text) + 1;
}

static void
add_space(VaBuffer *out)
{
	if (out->used > 0 && out->text[out->used - 1] != ' ')
		va_buffer_add(out, " ", 1);
}

/* The bytes of a tag such as "<b>" at text, or 0. */
static size_t
tag_at(const char *text, size_t len)
{
	const char *end = len > 1 && (isalpha((unsigned char) text[1]) || text[1] == '/') ? memchr(text, '>', len) : NULL;

	return text[0] != '<' || end == NULL ? 0 : (size_t) (end - text) + 1;
}

char *
va_plain_text(VaArena *arena, const char *text, size_t len)
{
	VaBuffer out = { 0 };
	bool line_begins = true;

	for (size_t i = 0; i < len && !out.failed;)
	{
		int32_t code;
		size_t n = va_utf8_next((const unsigned char *) text + i, len - i, &code);
		size_t link = code == '[' ? link_at(text + i, len - i, &out) : tag_at(text + i, len - i);
		bool mark = code == '*' || code == '`' || code == '#' || code == '~' || is_picture(code) || code < 0 ||
					(line_begins && (code == '-' || code == '>') && i + 1 < len && text[i + 1] == ' ') ||
					(code == '_' && (i == 0 || i + 1 == len || isspace((unsigned char) text[i - 1]) ||
										ispunct((unsigned char) text[i + 1]) || isspace((unsigned char) text[i + 1])));

		if (link > 0)
			n = link;
		else if (code == '\n' || code == ' ' || code == '\t' || code == '\r')
			add_space(&out);
		else if (!mark && code >= ' ')
			va_buffer_add(&out, text + i, n);
		line_begins = code == '\n' || (line_begins && (mark || code == ' '));
		i += n;
	}
	while (out.used > 0 && out.text[out.used - 1] == ' ')
		out.used--;
	return va_buffer_finish(&out, arena);
}

/* ---- numbers ---- */

static void
add_below_thousand(VaBuffer *out, long n)
{
	static const char *const ones[] = { "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
		"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen" };
	static const char *const tens[] = { "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
		"ninety" };

	if (n >= 100)
	{
		va_buffer_printf(out, "%s hundred", ones[n / 100]);
		n %= 100;
		if (n == 0)
			return;
		va_buffer_add(out, " ", 1);
	}
	if (n < 20)
		va_buffer_printf(out, "%s", ones[n]);
	else if (n % 10 == 0)
		va_buffer_printf(out, "%s", tens[n / 10]);
	else
		va_buffer_printf(out, "%s-%s", tens[n / 10], ones[n % 10]);
}

static void
add_number(VaBuffer *out, long n)
{
	static const struct
	{
		long value;
		const char *name;
	} powers[] = { { 1000000, "million" }, { 1000, "thousand" } };
	bool any = false;

	for (int i = 0; i < 2; i++)
		if (n >= powers[i].value)
		{
			add_below_thousand(out, n / powers[i].value);
			va_buffer_printf(out, " %s", powers[i].name);
			n %= powers[i].value;
			any = true;
			if (n > 0)
				va_buffer_add(out, " ", 1);
		}
	if (n > 0 || !any)
		add_below_thousand(out, n);
}

static void
add_digits(VaBuffer *out, const char *digits, size_t len)
{
	bool first = true;

	for (size_t i = 0; i < len; i++)
	{
		if (!isdigit((unsigned char) digits[i]))
		{
			if (!first && i + 1 < len && out->text[out->used - 1] != ',')
				va_buffer_add(out, ",", 1);
			continue;
		}
		if (!first)
			va_buffer_add(out, " ", 1);
		add_below_thousand(out, digits[i] - '0');
		first = false;
	}
}

/* A run of digits: its value without commas, its decimals. */
typedef struct Number
{
	size_t len;
	char whole[NUMBER_DIGITS + 1]; /* digits; "": too many for one number */
	const char *decimals;
	size_t ndecimals;
} Number;

static Number
read_number(const char *text)
{
	Number number = { 0 };
	size_t digits = 0;

	while (isdigit((unsigned char) text[number.len]) ||
		   (text[number.len] == ',' && digits > 0 && isdigit((unsigned char) text[number.len + 1]) &&
			   isdigit((unsigned char) text[number.len + 2]) && isdigit((unsigned char) text[number.len + 3]) &&
			   !isdigit((unsigned char) text[number.len + 4])))
	{
		if (text[number.len] != ',' && digits < NUMBER_DIGITS)
			number.whole[digits] = text[number.len];
		digits += text[number.len] != ',';
		number.len++;
	}
	if (digits > NUMBER_DIGITS)
		number.whole[0] = '\0';
	if (text[number.len] == '.' && isdigit((unsigned char) text[number.len + 1]))
	{
		number.decimals = text + number.len + 1;
		while (isdigit((unsigned char) number.decimals[number.ndecimals]))
			number.ndecimals++;
		number.len += 1 + number.ndecimals;
	}
	return number;
}

/* ---- what begins here: each gives the bytes that it has written, 0: something else ---- */

static size_t
email_or_address(const char *text, const Words *words, VaBuffer *out)
{
	size_t scheme = strncasecmp(text, "https://", 8) == 0 ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
	size_t len = scheme;
	bool email = false;
	bool dot = false;

	while (isalnum((unsigned char) text[len]) || (text[len] != '\0' && strchr("._+-/@", text[len]) != NULL))
	{
		email = email || text[len] == '@';
		dot = dot || text[len] == '.';
		len++;
	}
	while (len > 0 && strchr(".-/_+", text[len - 1]) != NULL)
		len--;
	if (scheme == 0 && strncasecmp(text, "www.", 4) != 0 && (!email || !dot))
		return 0;
	for (size_t i = scheme; i < len; i++)
		if (text[i] == '@')
			va_buffer_printf(out, "%s", words->at);
		else if (text[i] == '.')
			va_buffer_printf(out, "%s", words->dot);
		else
			va_buffer_add(out, text[i] == '/' || text[i] == '_' ? " " : text + i, 1);
	return len;
}

static size_t
phone(const char *text, VaBuffer *out)
{
	size_t len = text[0] == '+' || text[0] == '(' ? 1 : 0;
	size_t digits = 0;
	size_t end = 0;

	while (isdigit((unsigned char) text[len]) || (text[len] != '\0' && strchr(" -.()", text[len]) != NULL))
	{
		digits += isdigit((unsigned char) text[len]) != 0;
		end = isdigit((unsigned char) text[len]) ? len + 1 : end;
		len++;
	}
	if (digits < PHONE_DIGITS || digits > 15 || text[end] == ',')
		return 0;
	add_digits(out, text, end);
	return end;
}

/* "$1,250.50", "€ 20" */
static size_t
money(const char *text, const Words *words, bool english, VaBuffer *out)
{
	const char *name = text[0] == '$'				? words->dollar
					   : strncmp(text, "€", 3) == 0 ? words->euro
					   : strncmp(text, "£", 2) == 0 ? words->pound
													: NULL;
	size_t len = text[0] == '$' ? 1 : strncmp(text, "€", 3) == 0 ? 3 : 2;
	Number number;
	long whole;

	if (name == NULL)
		return 0;
	if (text[len] == ' ')
		len++;
	if (!isdigit((unsigned char) text[len]))
	{
		va_buffer_printf(out, "%s%s", out->used > 0 && out->text[out->used - 1] != ' ' ? " " : "", name);
		return text[0] == '$' ? 1 : strncmp(text, "€", 3) == 0 ? 3 : 2;
	}
	number = read_number(text + len);
	whole = atol(number.whole);
	if (!english || number.whole[0] == '\0')
		va_buffer_printf(out, "%.*s %s", (int) number.len, text + len, name);
	else
	{
		add_number(out, whole);
		va_buffer_printf(out, " %.*s", (int) strlen(name) - (whole == 1), name);
		if (number.ndecimals == 2 && strncmp(number.decimals, "00", 2) != 0)
		{
			va_buffer_add(out, " and ", 5);
			add_number(out, (number.decimals[0] - '0') * 10 + number.decimals[1] - '0');
			va_buffer_printf(out, " %s", name == words->pound ? "pence" : "cents");
		}
	}
	return len + number.len;
}

/* "3:30 pm", "15:05" */
static size_t
clock_time(const char *text, VaBuffer *out)
{
	size_t hour = isdigit((unsigned char) text[1]) ? 2 : 1;
	long minutes;

	if (!isdigit((unsigned char) text[0]) || text[hour] != ':' || !isdigit((unsigned char) text[hour + 1]) ||
		!isdigit((unsigned char) text[hour + 2]) || isdigit((unsigned char) text[hour + 3]) || atol(text) > 24)
		return 0;
	minutes = atol(text + hour + 1);
	if (minutes > 59)
		return 0;
	add_below_thousand(out, atol(text));
	va_buffer_add(out, " ", 1);
	if (minutes == 0)
		va_buffer_printf(out, "%s",
			strncasecmp(text + hour + 3, " pm", 3) == 0 || strncasecmp(text + hour + 3, " am", 3) == 0 ||
					strncasecmp(text + hour + 3, " a.m", 4) == 0 || strncasecmp(text + hour + 3, " p.m", 4) == 0
				? ""
				: "o'clock");
	else
	{
		if (minutes < 10)
			va_buffer_add(out, "oh ", 3);
		add_below_thousand(out, minutes);
	}
	while (out->used > 0 && out->text[out->used - 1] == ' ')
		out->used--;
	return hour + 3;
}

static size_t
number(const char *text, VaBuffer *out)
{
	Number number;
	long whole;

	if (!isdigit((unsigned char) text[0]))
		return 0;
	number = read_number(text);
	/* "1st", "10k", "3D": the voice knows them. */
	if (isalpha((unsigned char) text[number.len]))
	{
		va_buffer_add(out, text, number.len);
		return number.len;
	}
	whole = atol(number.whole);
	if (number.whole[0] == '\0' || (number.whole[0] == '0' && number.whole[1] != '\0'))
		add_digits(out, text, number.len - (number.ndecimals > 0 ? number.ndecimals + 1 : 0));
	else if (number.ndecimals == 0 && strlen(number.whole) == 4 && memchr(text, ',', number.len) == NULL &&
			 whole >= 1900 && whole < 2100 && whole % 100 >= 10)
	{
		/* a year */
		add_below_thousand(out, whole / 100);
		va_buffer_add(out, " ", 1);
		add_below_thousand(out, whole % 100);
	}
	else
		add_number(out, whole);
	if (number.ndecimals > 0)
	{
		va_buffer_add(out, " point ", 7);
		add_digits(out, number.decimals, number.ndecimals);
	}
	return number.len;
}

static size_t
sign(const char *text, const Words *words, VaBuffer *out)
{
	const char *word = text[0] == '%' ? words->percent : text[0] == '&' ? words->and : NULL;

	if (word == NULL)
		return 0;
	/* A blank is there already. */
	while (out->used > 0 && out->text[out->used - 1] == ' ')
		out->used--;
	va_buffer_printf(out, "%s", word);
	return text[0] == '&' && text[1] == ' ' ? 2 : 1;
}

/* " (2026-11-30T10:00)", which a tool's answer has for language models: nothing. */
static size_t
instant(const char *text)
{
	static const char form[] = "(0000-00-00T00:00)";
	size_t blank = text[0] == ' ' ? 1 : 0;

	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == '0' ? !isdigit((unsigned char) text[blank + i]) : text[blank + i] != form[i])
			return 0;
	return blank + sizeof(form) - 1;
}

char *
va_spoken_text(VaArena *arena, const char *text, const char *language)
{
	const Words *words = language == NULL					   ? &en
						 : strncasecmp(language, "de", 2) == 0 ? &de
						 : strncasecmp(language, "es", 2) == 0 ? &es
						 : strncasecmp(language, "fr", 2) == 0 ? &fr
						 : strncasecmp(language, "it", 2) == 0 ? &it
															   : &en;
	bool english = words == &en;
	VaBuffer out = { 0 };
	bool begins = true; /* a word */

	for (size_t i = 0; text[i] != '\0' && !out.failed;)
	{
		size_t n = instant(text + i);

		if (n == 0 && begins)
			n = email_or_address(text + i, words, &out);
		if (n == 0 && begins && !english)
			n = va_spell_number(&out, text + i, words->code, words->euro, words->dollar);
		if (n == 0)
			n = money(text + i, words, english, &out);
		if (n == 0 && begins && english)
			n = clock_time(text + i, &out);
		if (n == 0 && begins && english)
			n = phone(text + i, &out);
		if (n == 0 && begins && english)
			n = number(text + i, &out);
		if (n == 0)
			n = sign(text + i, words, &out);
		if (n == 0)
		{
			va_buffer_add(&out, text + i, 1);
			n = 1;
		}
		i += n;
		begins = !isalnum((unsigned char) text[i - 1]) && (unsigned char) text[i - 1] < 0x80 && text[i - 1] != '.' &&
				 text[i - 1] != ',';
	}
	return va_buffer_finish(&out, arena);
}
