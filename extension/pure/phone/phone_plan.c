/*-------------------------------------------------------------------------
 * phone_plan.c
 *		Calling codes, prefixes and validity: digits -> a number of a country.
 *
 * The order of decisions (international prefix, calling code, a calling code
 * without its plus, national prefix, validity) is libphonenumber's, because
 * people's lists were cleaned with it and its verdict is the known one.
 * Everything is a walk through constant tables; no memory, no locks.
 */
#include "phone_plan.h"

#include <string.h>

typedef struct PlanRegion
{
	char id[4];
	uint16_t code;		/* calling code */
	uint16_t start;		/* first state of the plan */
	uint32_t lengths;	/* bit n: a number may have n digits */
	uint32_t local;		/* bit n: n digits are a number without its area code */
	uint16_t idd;		/* steps of the international prefix ... */
	uint16_t idd_first; /* ... and the digits that can begin it */
	uint16_t prefix;	/* the same of the national prefix */
	uint16_t prefix_first;
	uint8_t prefix_groups;
	uint8_t rule;	  /* what the national prefix turns into, 0 = nothing */
	uint16_t leading; /* digits that distinguish a territory from its neighbours */
	uint16_t leading_first;
} PlanRegion;

typedef struct PlanCode
{
	uint8_t first;
	uint8_t count;
} PlanCode;

enum
{
	STEP_SET, /* a digit of the mask */
	STEP_TRY, /* go on here if the next digit is in the mask, else (or later) at +jump */
	STEP_JUMP,
	STEP_SAVE, /* remember the place in slot jump */
	STEP_END,  /* only at the end of the digits */
	STEP_MATCH
};

typedef struct PlanStep
{
	uint8_t op;
	uint16_t mask;
	int16_t jump;
} PlanStep;

#define MASK_NULLABLE (1 << 10)

#include "phone_data/plans.inc"

#define MIN_DIGITS 2
#define MAX_DIGITS 17
#define MAX_CODE_DIGITS 3

/* A stretch of digits; a transformed one lies in a scratch buffer of its caller. */
typedef struct Digits
{
	const char *at;
	int len;
} Digits;

/* Room for the text's digits and what a transform rule adds. */
typedef char Scratch[VA_PHONE_TEXT_MAX + 16];

typedef struct Capture
{
	int slot[4]; /* begin and end of two groups, -1 = unset */
} Capture;

typedef enum LengthVerdict
{
	LENGTH_POSSIBLE,
	LENGTH_LOCAL_ONLY,
	LENGTH_TOO_SHORT,
	LENGTH_TOO_LONG,
	LENGTH_BETWEEN /* between the shortest and the longest, but neither */
} LengthVerdict;

static inline int
digit_bit(Digits text, int at)
{
	return at < text.len ? 1 << (text.at[at] - '0') : 0;
}

/*
 * Match the steps at the beginning of text, alternatives in their written order,
 * and return where the match ends or -1.  Recursion goes one deeper per open alternative;
 * steps only lead forward, so the depth is bounded by the longest expression.
 */
static int
match_steps(int step, Digits text, int at, Capture *capture)
{
	for (;; step++)
	{
		const PlanStep *s = &plan_steps[step];

		switch (s->op)
		{
			case STEP_SET:
				if (!(digit_bit(text, at) & s->mask))
					return -1;
				at++;
				break;
			case STEP_TRY:
				if ((digit_bit(text, at) | MASK_NULLABLE) & s->mask)
				{
					Capture saved = *capture;
					int end = match_steps(step + 1, text, at, capture);

					if (end >= 0)
						return end;
					*capture = saved;
				}
				step += s->jump - 1;
				break;
			case STEP_JUMP:
				step += s->jump - 1;
				break;
			case STEP_SAVE:
				capture->slot[s->jump] = at;
				break;
			case STEP_END:
				if (at != text.len)
					return -1;
				break;
			default:
				return at;
		}
	}
}

/* The same for an expression that may be ruled out by its first digit; most numbers end here. */
static inline int
match_prefix(int step, int first, Digits text, Capture *capture)
{
	if (!((digit_bit(text, 0) | MASK_NULLABLE) & first))
		return -1;
	memset(capture->slot, 0xff, sizeof(capture->slot));
	return match_steps(step, text, 0, capture);
}

/* 0 no number; 1 fits the country's general pattern; else a VaPhoneType. */
static inline int
plan_judge(const PlanRegion *region, Digits number)
{
	unsigned state = region->start;

	if (number.len > 30)
		return 0;
	for (int i = 0; i < number.len && state != 0; i++)
		state = plan_next[state][number.at[i] - '0'];
	return plan_verdict[state];
}

static LengthVerdict
judge_length(const PlanRegion *region, int len)
{
	uint32_t bit = len < 32 ? UINT32_C(1) << len : 0;

	if (bit != 0 && (region->local & bit))
		return LENGTH_LOCAL_ONLY;
	if (bit != 0 && (region->lengths & bit))
		return LENGTH_POSSIBLE;
	if (bit == 0 || bit > region->lengths)
		return LENGTH_TOO_LONG;
	if ((region->lengths & (bit - 1)) == 0)
		return LENGTH_TOO_SHORT;
	return LENGTH_BETWEEN;
}

/* Put the national prefix's groups into the rule, and what follows the prefix behind it. */
static Digits
transform(const char *rule, Digits number, int end, const Capture *capture, Scratch scratch)
{
	int len = 0;

	for (; *rule != '\0'; rule++)
	{
		if (*rule == '$')
		{
			const int *slot = &capture->slot[2 * (*++rule - '1')];

			if (slot[0] < 0)
				continue;
			memcpy(scratch + len, number.at + slot[0], slot[1] - slot[0]);
			len += slot[1] - slot[0];
		}
		else
			scratch[len++] = *rule;
	}
	memcpy(scratch + len, number.at + end, number.len - end);
	return (Digits){ scratch, len + number.len - end };
}

/* Without its national prefix and carrier code, unless that would turn what fits the country into what does not. */
static Digits
strip_national_prefix(const PlanRegion *region, Digits number, Scratch scratch)
{
	Capture capture;
	Digits stripped;
	int end;

	if (number.len == 0)
		return number;
	end = match_prefix(region->prefix, region->prefix_first, number, &capture);
	if (end < 0)
		return number;
	if (region->rule != 0 && region->prefix_groups > 0)
	{
		const int *last = &capture.slot[2 * (region->prefix_groups - 1)];

		if (last[0] >= 0 && last[1] > last[0])
			stripped = transform(plan_rules[region->rule], number, end, &capture, scratch);
		else
			stripped = (Digits){ number.at + end, number.len - end };
	}
	else
		stripped = (Digits){ number.at + end, number.len - end };
	if (plan_judge(region, number) != 0 && plan_judge(region, stripped) == 0)
		return number;
	return stripped;
}

/* Take the calling code from the front; NULL if there is none. */
static const PlanCode *
take_calling_code(Digits *number)
{
	int code = 0;

	if (number->len == 0 || number->at[0] == '0')
		return NULL;
	for (int i = 0; i < MAX_CODE_DIGITS && i < number->len; i++)
	{
		code = code * 10 + (number->at[i] - '0');
		if (plan_code_index[code] != 0)
		{
			number->at += i + 1;
			number->len -= i + 1;
			return &plan_codes[plan_code_index[code]];
		}
	}
	return NULL;
}

/* Take the default country's international prefix; a calling code never begins with 0. */
static bool
take_international_prefix(const PlanRegion *region, Digits *number)
{
	Capture capture;
	int end;

	if (number->len == 0 || region->idd_first == 0)
		return false;
	end = match_prefix(region->idd, region->idd_first, *number, &capture);
	if (end < 0 || (end < number->len && number->at[end] == '0'))
		return false;
	number->at += end;
	number->len -= end;
	return true;
}

/* Does the number begin with the default country's own calling code?  Then take it off. */
static bool
without_own_code(const PlanRegion *region, Digits *number)
{
	char text[8];
	int len = 0;

	for (int scale = 100; scale > 0; scale /= 10)
	{
		if (region->code >= scale)
			text[len++] = '0' + region->code / scale % 10;
	}
	if (number->len < len || memcmp(number->at, text, len) != 0)
		return false;
	number->at += len;
	number->len -= len;
	return true;
}

/*
 * Find the calling code: after a plus sign, after an international prefix, or at the
 * front of digits that do not fit the default country otherwise.  *code stays NULL
 * for a national number.
 */
static VaPhoneVerdict
extract_calling_code(const PlanRegion *region, bool has_plus, Digits *number, const PlanCode **code, Scratch scratch)
{
	Digits national;

	*code = NULL;
	if (has_plus || (region != NULL && take_international_prefix(region, number)))
	{
		if (number->len <= MIN_DIGITS)
			return VA_PHONE_TOO_SHORT;
		*code = take_calling_code(number);
		return *code != NULL ? VA_PHONE_OK : VA_PHONE_UNKNOWN_COUNTRY;
	}
	if (region == NULL)
		return VA_PHONE_OK;
	national = *number;
	if (!without_own_code(region, &national))
		return VA_PHONE_OK;
	national = strip_national_prefix(region, national, scratch);
	if (judge_length(region, number->len) == LENGTH_TOO_LONG ||
		(plan_judge(region, *number) == 0 && plan_judge(region, national) != 0))
	{
		*number = national;
		*code = &plan_codes[plan_code_index[region->code]];
	}
	return VA_PHONE_OK;
}

/* The one of the territories that share a calling code whose number it is. */
static const PlanRegion *
territory_of(const PlanCode *code, Digits number, int *type)
{
	Capture capture;

	for (int i = 0; i < code->count; i++)
	{
		const PlanRegion *region = &plan_regions[code->first + i];

		if (code->count > 1 && region->leading_first != 0)
		{
			if (match_prefix(region->leading, region->leading_first, number, &capture) < 0)
				continue;
			*type = plan_judge(region, number);
			return region;
		}
		*type = plan_judge(region, number);
		if (*type > 1 || code->count == 1)
			return region;
	}
	return NULL;
}

static VaPhoneVerdict
why_invalid(const PlanRegion *region, int len)
{
	switch (judge_length(region, len))
	{
		case LENGTH_TOO_SHORT:
		case LENGTH_LOCAL_ONLY:
			return VA_PHONE_TOO_SHORT;
		case LENGTH_TOO_LONG:
			return VA_PHONE_TOO_LONG;
		default:
			return VA_PHONE_INVALID_FOR_COUNTRY;
	}
}

static void
write_number(VaPhone *out, const PlanRegion *region, Digits number, int type)
{
	char *to = out->e164;

	*to++ = '+';
	if (region->code >= 100)
		*to++ = '0' + region->code / 100;
	if (region->code >= 10)
		*to++ = '0' + region->code / 10 % 10;
	*to++ = '0' + region->code % 10;
	memcpy(to, number.at, number.len);
	to[number.len] = '\0';
	out->digits = region->code;
	for (int i = 0; i < number.len; i++)
		out->digits = out->digits * 10 + (uint64_t) (number.at[i] - '0');
	memcpy(out->region, region->id, sizeof(out->region));
	out->country_code = region->code;
	out->type = (VaPhoneType) type;
}

int
va_plan_region(const char *iso2)
{
	int first, second;

	if (iso2 == NULL || iso2[0] == '\0' || iso2[1] == '\0' || iso2[2] != '\0')
		return -1;
	first = (iso2[0] | 0x20) - 'a';
	second = (iso2[1] | 0x20) - 'a';
	if (first < 0 || first > 25 || second < 0 || second > 25)
		return -1;
	return plan_by_letters[first * 26 + second];
}

bool
va_phone_region_exists(const char *iso2)
{
	return va_plan_region(iso2) >= 0;
}

/* One reading of the digits, libphonenumber's. */
static VaPhoneVerdict
judge_reading(const char *digits, int len, bool has_plus, const PlanRegion *own, VaPhone *out)
{
	const PlanRegion *region;
	const PlanCode *code;
	Digits number = { digits, len };
	Digits stripped;
	Scratch scratch, scratch2;
	VaPhoneVerdict verdict;
	int type = 0;

	if (own == NULL && !has_plus)
		return VA_PHONE_NO_COUNTRY;
	verdict = extract_calling_code(own, has_plus, &number, &code, scratch);
	if (verdict == VA_PHONE_UNKNOWN_COUNTRY && has_plus)
	{
		/* "+011 44 ...", "+0 ...": the plus sign was too much. */
		number = (Digits){ digits, len };
		if (extract_calling_code(own, false, &number, &code, scratch) != VA_PHONE_OK || code == NULL)
			return VA_PHONE_UNKNOWN_COUNTRY;
	}
	else if (verdict != VA_PHONE_OK)
		return verdict;

	/* The rules are those of a calling code's main country, or of the default one. */
	if (code != NULL)
		region = &plan_regions[code->first];
	else
	{
		region = own;
		code = &plan_codes[plan_code_index[own->code]];
	}
	if (number.len < MIN_DIGITS)
		return VA_PHONE_TOO_SHORT;
	stripped = strip_national_prefix(region, number, scratch2);
	switch (judge_length(region, stripped.len))
	{
		case LENGTH_POSSIBLE:
		case LENGTH_TOO_LONG:
			number = stripped;
			break;
		default:
			break;
	}
	if (number.len < MIN_DIGITS)
		return VA_PHONE_TOO_SHORT;
	if (number.len > MAX_DIGITS)
		return VA_PHONE_TOO_LONG;

	region = territory_of(code, number, &type);
	if (region == NULL || type <= 1)
	{
		write_number(out, &plan_regions[code->first], number, VA_PHONE_TYPE_UNKNOWN);
		return why_invalid(&plan_regions[code->first], number.len);
	}
	write_number(out, region, number, type);
	return VA_PHONE_OK;
}

/*
 * The digits were read as a number without calling code, this one.  Are they
 * another one with the default country's own?  Then that as a number, else 0.
 */
static uint64_t
other_reading(const char *digits, int len, const PlanRegion *own, const VaPhone *read)
{
	Digits rest = { digits, len };
	VaPhone other;

	/* The calling code was taken for one already: all that North America writes with its 1. */
	if (strlen(read->e164 + 1) == (size_t) len && memcmp(read->e164 + 1, digits, len) == 0)
		return 0;
	if (!without_own_code(own, &rest))
		return 0;
	if (judge_reading(digits, len, true, NULL, &other) != VA_PHONE_OK || other.digits == read->digits)
		return 0;
	return other.digits;
}

VaPhoneVerdict
va_plan_judge(const char *digits, int len, bool has_plus, int region_place, VaPhone *out)
{
	const PlanRegion *own = region_place >= 0 ? &plan_regions[region_place] : NULL;
	VaPhoneVerdict verdict = judge_reading(digits, len, has_plus, own, out);

	if (verdict == VA_PHONE_OK && !has_plus)
		out->other_digits = other_reading(digits, len, own, out);
	return verdict;
}
