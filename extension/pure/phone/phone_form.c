/*-------------------------------------------------------------------------
 * phone_form.c
 *		Forms of numbers that their countries have given up -> today's.
 *
 * The tables are phone_data/forms.inc.  A rewritten number is judged as any
 * other, so that a row of the tables can make no number that no plan has.
 * No memory, no locks.
 */
#include "phone_plan.h"

#include <stdio.h>
#include <string.h>

typedef struct PlanForm
{
	const char *old;
	uint8_t keep;
	uint8_t drop;
	const char *put;
} PlanForm;

#include "phone_data/forms.inc"

#define FORMS(table) table, sizeof(table) / sizeof(table[0])

static bool
has_form(const char *form, const char *digits)
{
	for (; *form != '\0' && *digits != '\0'; digits++)
	{
		if (*form == '[')
		{
			if (memchr(form, *digits, strcspn(form, "]")) == NULL)
				return false;
			form += strcspn(form, "]") + 1;
		}
		else if (*form++ != '.' && form[-1] != *digits)
			return false;
	}
	return *form == *digits;
}

/* The first form of the table that digits have and whose new number a plan has. */
static bool
rewrite(const PlanForm *forms, size_t count, const char *digits, VaPhone *out)
{
	for (size_t i = 0; i < count; i++)
	{
		char number[VA_PHONE_TEXT_MAX + 8];
		const PlanForm *form = &forms[i];

		if (!has_form(form->old, digits))
			continue;
		snprintf(number, sizeof(number), "%.*s%s%s", form->keep, digits, form->put, digits + form->keep + form->drop);
		if (va_plan_judge(number, (int) strlen(number), true, -1, out) == VA_PHONE_OK)
			return true;
	}
	return false;
}

/* Digits as the plan read them, or without a trunk prefix behind the calling code, which today's plan may not have. */
static bool
rewrite_old(const char *digits, int code, VaPhone *out)
{
	char number[VA_PHONE_TEXT_MAX + 8];
	int at = code >= 100 ? 3 : code >= 10 ? 2 : 1;

	if (rewrite(FORMS(plan_forms), digits, out))
		return true;
	snprintf(number, sizeof(number), "%.*s%s", at, digits, digits + at + 1);
	return digits[at] == '0' && rewrite(FORMS(plan_forms), number, out);
}

VaPhoneVerdict
va_plan_judge_forms(const char *digits, int len, bool has_plus, int region, VaPhone *out)
{
	VaPhoneVerdict verdict = va_plan_judge(digits, len, has_plus, region, out);
	VaPhone today = { 0 };
	char own[8], given[VA_PHONE_TEXT_MAX + 1];

	if (verdict == VA_PHONE_OK || out->e164[0] == '\0')
		return verdict;
	/* A number read as a national one may be one with its calling code and without a plus sign. */
	snprintf(own, sizeof(own), "%d", out->country_code);
	snprintf(given, sizeof(given), "%.*s", len, digits);
	if (rewrite_old(out->e164 + 1, out->country_code, &today) ||
		(!has_plus && strncmp(given, own, strlen(own)) == 0 && rewrite_old(given, out->country_code, &today)))
	{
		*out = today;
		out->old_form = true;
		verdict = VA_PHONE_OK;
	}
	return verdict;
}

const char *
va_phone_today(const char *e164, VaPhone *phone)
{
	if (e164[0] != '+' || va_phone_parse(e164, strlen(e164), NULL, phone) != VA_PHONE_OK || !phone->old_form)
		return e164;
	return phone->e164;
}

bool
va_phone_twin(const VaPhone *phone, VaPhone *twin)
{
	return rewrite(FORMS(plan_twins), phone->e164 + 1, twin);
}
