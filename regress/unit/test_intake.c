/*
 * test_intake.c
 *		Bodies that programs of others send: which fields they have, whose each
 *		is, and what a person says in them of calls and texts.
 */
#include "pure/intake/intake.h"

#include "tap.h"

static VaArena arena;
static const char *const answers[] = { "", "yes", "unclear", "no" };

/* What one person's fields mean: "phone=... first_name=... calls=yes". */
static void
show_person(VaBuffer *shown, const VaIntakeBody *body, int person, const char *key, const char *header)
{
	VaIntakeMapped mapped = { key, header, -1 };
	VaIntakeField fields[VA_INTAKE_FIELDS_MAX];
	VaIntakeMeaning meaning;
	const char *why;
	int count = 0;

	for (int i = 0; i < body->count; i++)
		if (body->fields[i].person == 0 || body->fields[i].person == person)
			fields[count++] = body->fields[i];
	if (!va_intake_understand(fields, count, &mapped, key != NULL, &arena, &meaning, &why))
	{
		va_buffer_printf(shown, "%s", why);
		return;
	}
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
		if (meaning.column[field] >= 0)
			va_buffer_printf(
				shown, "%s=%s ", va_lead_field_name((VaLeadField) field), fields[meaning.column[field]].value);
	if (meaning.calls)
		va_buffer_printf(shown, "calls:%s ", answers[meaning.calls]);
	if (meaning.texts)
		va_buffer_printf(shown, "texts:%s ", answers[meaning.texts]);
	if (meaning.others)
		va_buffer_printf(shown, "all:%s ", answers[meaning.others]);
	if (meaning.text_stop != NULL)
		va_buffer_printf(shown, "stopped ");
	if (meaning.unread != NULL)
		va_buffer_printf(shown, "unread:%s ", meaning.unread);
	if (meaning.event != NULL)
		va_buffer_printf(shown, "event:%s ", meaning.event);
}

static const char *
meant(const char *text, const char *type, const char *key, const char *header)
{
	VaBuffer shown = { 0 };
	VaIntakeBody body;
	const char *why;
	char *result;

	if (!va_intake_read(text, strlen(text), type, &arena, &body, &why))
		return why;
	for (int person = 1; person <= body.people; person++)
	{
		if (person > 1)
			va_buffer_printf(&shown, "/ ");
		show_person(&shown, &body, person, key, header);
	}
	result = va_buffer_finish(&shown, &arena);
	if (result[0] != '\0' && result[strlen(result) - 1] == ' ')
		result[strlen(result) - 1] = '\0';
	return result;
}

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"
#define MEANS(text, expected) is_str(meant(text, JSON, NULL, NULL), expected, "%s", text)
#define SENT(text, expected) is_str(meant(text, FORM, NULL, NULL), expected, "%s", text)

static void
test_whose(void)
{
	MEANS("{\"first_name\":\"Gia\",\"phone\":\"+12125550421\",\"email\":\"g@x.example\",\"location\":{\"name\":"
		  "\"Acme\",\"phone\":\"+12125550491\"},"
		  "\"user\":{\"firstName\":\"Rep\",\"phone\":\"+12125550490\",\"email\":\"r@x.example\",\"timezone\":\"UTC\"}}",
		"phone=+12125550421 first_name=Gia email=g@x.example");
	MEANS("{\"Phone\":null,\"MobilePhone\":\"212 555 0431\",\"Owner\":{\"Phone\":\"212-555-0490\"}}",
		"phone=212 555 0431");
	MEANS("{\"owner\":{\"phone\":\"1234567\"},\"name\":\"Lea\",\"phone\":\"+12125550801\"}",
		"phone=+12125550801 name=Lea");
	MEANS("{\"name\":\"No\",\"location\":{\"phone\":\"+12125550491\"}}", "name=No");
	MEANS("{\"properties\":{\"firstname\":{\"value\":\"Hub\",\"versions\":[{\"value\":\"Old\"}]},\"phone\":{\"value\":"
		  "\"+12125550121\"}},"
		  "\"associated-company\":{\"properties\":{\"phone\":{\"value\":\"+12125550199\"}}}}",
		"phone=+12125550121 first_name=Hub");
	MEANS("{\"business\":{\"phone\":\"+12125550199\",\"email\":\"b@x.example\"},\"phone\":\"+12125550198\"}",
		"phone=+12125550198");
	MEANS("{\"office\":{\"phone\":\"+12125550199\"},\"event\":{\"organizer\":{\"name\":\"O\"}},\"lead\":{\"phone\":\"+"
		  "12125550198\",\"name\":\"L\"}}",
		"phone=+12125550198 name=L");
	MEANS("{\"contact\":{\"phone\":\"+12125550198\",\"spouse\":{\"name\":\"S\",\"phone\":\"+12125550197\"}}}",
		"phone=+12125550198");
	MEANS("{\"payload\":{\"name\":\"Contact Form\",\"data\":{\"name\":\"Web Flow\",\"phone\":\"+12125550198\"}}}",
		"phone=+12125550198 name=Web Flow");
	MEANS("{\"payload\":{\"name\":\"Cal "
		  "Endly\",\"email\":\"c@x.example\",\"questions_and_answers\":[{\"question\":\"Phone\",\"answer\":\"+"
		  "12125550198\"}],"
		  "\"scheduled_event\":{\"event_memberships\":[{\"user_email\":\"o@x.example\",\"phone\":\"+12125550197\"}]}}}",
		"phone=+12125550198 name=Cal Endly email=c@x.example");
	MEANS("{\"form_response\":{\"answers\":[{\"type\":\"phone_number\",\"phone_number\":\"+12125550198\",\"field\":{"
		  "\"id\":\"a\",\"type\":\"phone_number\"}},"
		  "{\"type\":\"email\",\"email\":\"t@x.example\",\"field\":{\"id\":\"b\"}},{\"type\":\"number\",\"number\":25,"
		  "\"field\":{\"id\":\"c\"}}]}}",
		"phone=+12125550198 email=t@x.example");
	MEANS("{\"field_data\":[{\"name\":\"full_name\",\"values\":[\"Face "
		  "Book\"]},{\"name\":\"phone_number\",\"values\":[\"+12125550125\"]}]}",
		"phone=+12125550125 name=Face Book");
	MEANS("{\"user_column_data\":[{\"column_id\":\"FULL_NAME\",\"string_value\":\"Goo "
		  "Gle\"},{\"column_id\":\"PHONE_NUMBER\",\"string_value\":\"+12125550125\"}]}",
		"phone=+12125550125 name=Goo Gle");
	MEANS("{\"data\":{\"name\":\"Pipe\",\"value\":7,\"phone\":[{\"label\":\"work\",\"value\":\"+12125550123\","
		  "\"primary\":true},{\"label\":\"fax\",\"value\":\"+12125550124\"}]},"
		  "\"previous\":{\"phone\":[{\"value\":\"+12125550122\"}]},\"meta\":{\"action\":\"create\"}}",
		"phone=+12125550123 name=Pipe");
	MEANS("{\"phones\":[{\"type\":\"fax\",\"number\":\"+12125550821\"},{\"type\":\"mobile\",\"number\":\"+"
		  "12125550822\"}]}",
		"phone=+12125550822");
	MEANS("{\"phones\":{\"fax\":\"+12125550821\",\"mobile\":\"+12125550822\",\"assistant\":\"+12125550823\"}}",
		"phone=+12125550822");
	/* Whatever says beside a number that it is a fax. */
	MEANS("{\"phone_numbers\":[{\"number\":\"+12125550821\",\"category\":\"fax\"},{\"number\":\"+12125550822\","
		  "\"category\":\"work\"}]}",
		"phone=+12125550822");
	MEANS("{\"phones\":[{\"number\":\"+12125550821\",\"is_fax\":true},{\"number\":\"+12125550822\",\"is_fax\":false}]}",
		"phone=+12125550822");
	MEANS("{\"phone\":[{\"value\":\"+12125550821\",\"rel\":\"http://schemas.google.com/g/2005#work_fax\"},{\"value\":"
		  "\"+12125550822\",\"type\":[\"cell\"]}]}",
		"phone=+12125550822");
	MEANS("{\"tel\":[{\"type\":[\"work\",\"fax\"],\"value\":\"+12125550821\"},{\"type\":[\"cell\"],\"value\":\"+"
		  "12125550822\"}]}",
		"phone=+12125550822");
	MEANS("{\"meta\":{\"action\":\"create\",\"entity\":\"person\"},\"data\":{\"name\":\"Pipe\",\"phones\":[{\"label\":"
		  "\"work\",\"value\":\"+12125550123\",\"primary\":true}],\"emails\":[{\"label\":\"work\",\"value\":\"p@x."
		  "example\"}]},"
		  "\"previous\":{\"phones\":[{\"label\":\"work\",\"value\":\"+12125550122\"}]}}",
		"phone=+12125550123 name=Pipe email=p@x.example");
	MEANS("{\"phone_numbers\":[\"+12125550821\",\"+12125550822\"]}", "phone=+12125550821 phone2=+12125550822");
	MEANS("{\"phone\":\"+12125550821\",\"contact\":{\"phone\":\"+12125550822\"}}",
		"two fields are the number of the lead: \"contact.phone\" and \"phone\"");
	MEANS("{\"lead\":{\"phone\":\"+12125550821\"},\"contact\":{\"mobile\":\"+12125550822\"}}",
		"two fields are the number of the lead: \"contact.mobile\" and \"lead.phone\"");
	MEANS("{\"phone\":\"(212) 555-0821\",\"contact\":{\"phone\":\"+12125550821\",\"name\":\"Ann\"},\"number\":12}",
		"phone=+12125550821 name=Ann");
	MEANS("{\"company\":{\"name\":\"Acme\",\"phone\":\"+12125550821\"},\"phone\":\"+12125550822\"}",
		"phone=+12125550822 company=Acme");
	MEANS("{\"phone\":\"\",\"mobile\":\"+12125550822\"}", "phone= phone2=+12125550822");
	is_str(meant("{\"phone\":\"+12125550822\",\"owner\":{\"phone\":\"+12125550821\"}}", JSON, "phone", "owner.phone"),
		"phone=+12125550821", "a whole path is obeyed");
	is_str(meant("{\"phone\":\"+12125550822\",\"owner\":{\"phone\":\"+12125550821\"}}", JSON, "phone", "Phone"),
		"phone=+12125550822", "a name is the contact's");
	is_str(meant("{\"3\":\"+12125550822\",\"1.3\":\"Gra\"}", JSON, "phone", "3"), "phone=+12125550822",
		"a number is a name as well");
}

static void
test_people(void)
{
	MEANS("[{\"name\":\"Al\",\"phone\":\"+12125550811\"},{\"name\":\"Bo\",\"phone\":\"+12125550812\"}]",
		"phone=+12125550811 name=Al / phone=+12125550812 name=Bo");
	MEANS("{\"consent\":\"no\",\"leads\":[{\"name\":\"Al\",\"phone\":\"+12125550811\"},{\"name\":\"Bo\",\"phone\":\"+"
		  "12125550812\"}]}",
		"phone=+12125550811 name=Al all:no / phone=+12125550812 name=Bo all:no");
	MEANS("{\"data\":{\"contacts\":[{\"phone\":\"+12125550811\"},{\"phone\":\"+12125550812\"}]}}",
		"phone=+12125550811 / phone=+12125550812");
	MEANS("[{\"body\":{\"phone\":\"+12125550811\"},\"headers\":{\"host\":\"x\"}}]", "phone=+12125550811");
	MEANS("{\"phone\":\"+12125550811\",\"users\":[{\"phone\":\"+12125550812\"},{\"phone\":\"+12125550813\"}]}",
		"phone=+12125550811");
}

static void
test_boxes(void)
{
	MEANS("{\"consent\":\"yes\",\"sms_consent\":\"no\"}", "texts:no all:yes");
	MEANS("{\"sms_opt_in\":false}", "texts:no");
	MEANS("{\"SMS Opt-In\":\"No\",\"call_consent\":true}", "calls:yes texts:no");
	MEANS("{\"consent\":{\"calls\":true,\"sms\":false}}", "calls:yes texts:no");
	MEANS("{\"consents\":[{\"channel\":\"sms\",\"granted\":true}]}", "texts:yes");
	MEANS(
		"{\"sms_marketing_consent\":{\"state\":\"not_subscribed\",\"consent_updated_at\":\"2026-11-01\"}}", "texts:no");
	MEANS("{\"consent\":\"I agree to receive calls\"}", "all:unclear unread:consent");
	MEANS("{\"consent\":\"\"}", "all:unclear");
	MEANS("{\"consent\":\"unchecked\"}", "all:no");
	MEANS("{\"cookie_consent\":true,\"email_opt_in\":\"yes\",\"privacy_consent\":\"yes\"}", "");
	MEANS("{\"opt_in\":true}", "unread:opt_in");
	MEANS("{\"opt_in\":false}", "all:no");
	MEANS("{\"consent_text\":\"I agree to be called.\",\"consent_url\":\"https://x.example\",\"consent\":\"yes\"}",
		"consent_source=https://x.example all:yes");
	MEANS("{\"agent\":{\"consent\":\"yes\"},\"context\":\"optional\"}", "");
	MEANS("{\"voice_consent\":\"ja\",\"text_message_consent\":\"nein\"}", "calls:yes texts:no");
	/* A plain no to being called or written to, however it is asked; a yes there is no consent. */
	MEANS("{\"can_text\":\"N\",\"can_call\":\"Y\"}", "texts:no");
	MEANS("{\"OK to text?\":\"No\",\"contact_by_phone\":false}", "calls:no texts:no");
	MEANS("{\"allow_calls\":0,\"marketing_sms\":\"off\"}", "calls:no texts:no");
	MEANS("{\"phone_verified\":false,\"called_before\":\"no\",\"mobile\":\"none\",\"contact_phone\":\"no\",\"text\":"
		  "\"no\"}",
		"phone=none");
	is_str(
		meant("{\"terms_ok\":\"yes\"}", JSON, "consent", "terms_ok"), "all:yes", "a mapping says which is the consent");
}

static void
test_refusals(void)
{
	MEANS("{\"dnd\":false,\"dndSettings\":{\"Call\":{\"status\":\"active\",\"message\":\"asked\",\"code\":\"103\"},"
		  "\"SMS\":{\"status\":\"active\"}}}",
		"do_not_call=active texts:no stopped");
	MEANS("{\"dndSettings\":{\"Call\":{\"status\":\"permanent\"}}}", "do_not_call=permanent");
	MEANS("{\"dnd\":false,\"dndSettings\":{\"Call\":{\"status\":\"inactive\",\"message\":\"by "
		  "X\",\"code\":\"103\"},\"FB\":{\"status\":\"active\"},"
		  "\"Email\":{\"status\":\"active\"},\"SMS\":{\"status\":\"inactive\"}}}",
		"");
	MEANS("{\"dndSettings\":{\"SMS\":{\"status\":\"active\"}}}", "texts:no stopped");
	MEANS("{\"inboundDndSettings\":{\"all\":{\"status\":\"active\",\"message\":\"\"}}}",
		"do_not_call=active texts:no stopped");
	MEANS("{\"doNotContact\":[{\"channel\":\"sms\",\"reason\":1}]}", "texts:no stopped");
	MEANS("{\"contact\":{\"doNotContact\":[{\"id\":4,\"reason\":3,\"comments\":\"\",\"channel\":\"email\"}]}}", "");
	MEANS("{\"doNotContact\":[{\"reason\":\"asked\"}]}", "do_not_call=asked texts:no stopped");
	MEANS("{\"doNotContact\":[{\"channel\":\"phone\",\"reason\":0}]}", "");
	MEANS("{\"optedOut\":{\"call\":true,\"sms\":false}}", "do_not_call=true");
	MEANS("{\"optedOut\":[\"sms\",\"email\"]}", "texts:no stopped");
	MEANS("{\"status\":\"unsubscribed\"}", "do_not_call=unsubscribed texts:no stopped");
	MEANS("{\"optOuts\":[{\"channel\":\"sms\",\"status\":\"active\"},{\"channel\":\"voice\",\"status\":\"inactive\"}]}",
		"texts:no stopped");
	MEANS("{\"lead_status\":\"open\",\"status\":\"new\"}", "");
	MEANS("{\"HasOptedOutOfSms\":true}", "texts:no stopped");
	MEANS("{\"HasOptedOutOfEmail\":true,\"HasOptedOutOfFax\":true,\"unsubscribe_url\":\"https://x.example\"}", "");
	MEANS("{\"text_opt_out\":\"yes\",\"DoNotCall\":false}", "texts:no stopped");
	MEANS("{\"user\":{\"dnd\":true},\"compliance\":{\"do_not_call\":\"2026-11-01\"}}", "do_not_call=2026-11-01");
	MEANS("{\"owner\":{\"optedOut\":true}}", "");
	MEANS("{\"no_sms\":true,\"no_calls\":\"false\"}", "texts:no stopped");
	MEANS("{\"tags\":[\"vip\",\"do not call\"]}", "tags=vip do_not_call=do not call");
	is_str(meant("{\"flag\":\"y\"}", JSON, "do_not_call", "flag"), "do_not_call=y texts:no stopped",
		"a mapping says which is the refusal");
}

static void
test_events(void)
{
	MEANS("{\"type\":\"ContactDelete\",\"name\":\"A\"}", "name=A event:ContactDelete");
	MEANS("{\"event\":\"invitee.canceled\"}", "event:invitee.canceled");
	MEANS("{\"meta\":{\"action\":\"delete\"},\"data\":{\"name\":\"A\"}}", "name=A event:delete");
	MEANS("{\"event\":\"deleted.person\"}", "event:deleted.person");
	MEANS("{\"subscriptionType\":\"contact.privacyDeletion\"}", "event:contact.privacyDeletion");
	MEANS("{\"event_type\":\"LEAD_ARCHIVED\"}", "event:LEAD_ARCHIVED");
	MEANS("{\"type\":\"Tree removal\",\"action\":\"create\",\"event\":\"contact.updated\"}", "");
	MEANS("{\"contact\":{\"type\":\"deleted\"}}", "event:deleted");
	MEANS("{\"triggerEvent\":\"BOOKING_CANCELLED\",\"payload\":{\"name\":\"A\"}}", "name=A event:BOOKING_CANCELLED");
	MEANS("{\"webhook_action\":\"contact_unsubscribed\"}", "event:contact_unsubscribed");
	MEANS("{\"changeType\":\"deleted\"}", "event:deleted");
	MEANS("{\"data\":{\"isDeleted\":true}}", "event:data.isDeleted");
	MEANS("{\"deleted_at\":\"2026-11-28T10:00:00Z\"}", "event:deleted_at");
	MEANS("{\"archived\":\"Yes\"}", "event:archived");
	MEANS(
		"{\"archived\":false,\"IsDeleted\":0,\"deleted_at\":\"\",\"roof_removed\":\"yes\",\"user\":{\"deleted\":true}}",
		"");
	MEANS("{\"user\":{\"type\":\"deleted\"},\"answer_type\":\"removed\"}", "");
}

#define PARTS "multipart/form-data; boundary=x"
#define PART(name, value) "--x\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void
test_forms(void)
{
	is_str(meant(PART("formTitle", "Quote") PART("username", "acme") PART("type", "WEB") PART("rawRequest",
					 "{\"q3_name\":{\"first\":\"Jo\",\"last\":\"Form\"},\"q5_phoneNumber\":{\"area\":\"212\",\"phone\":"
					 "\"555-0405\"},\"q4_email\":\"j@x.example\"}") PART("pretty", "Name:Jo Form") "--x--\r\n",
			   PARTS, NULL, NULL),
		"phone=212 555-0405 first_name=Jo last_name=Form email=j@x.example",
		"a form in parts, with JSON in one of them");
	is_str(meant(PART("rawRequest", "{\"q5_phone\":{\"full\":\"(212) 555-0405\"}}") "--x--\r\n", PARTS, NULL, NULL),
		"phone=(212) 555-0405", "a number with its mask");
	SENT("form%5Bname%5D=Quote&fields%5Bphone%5D%5Bid%5D=phone&fields%5Bphone%5D%5Btitle%5D=Phone&fields%5Bphone%5D%"
		 "5Bvalue%5D=212+555+0406"
		 "&fields%5Bphone%5D%5Braw_value%5D=212+555+0406&fields[name][value]=Ele+Mentor&meta[date][value]=x",
		"phone=212 555 0406 name=Ele Mentor");
	SENT("fields[field_ab12][title]=Phone&fields[field_ab12][value]=212+555+0406", "phone=212 555 0406");
	SENT("data.json={\"phone_number\":[\"212 555 0407\"],\"name\":[\"Un Bounce\"]}",
		"phone=212 555 0407 name=Un Bounce");
	SENT("consent=0&consent=1&phone=2125550408&country=", "phone=2125550408 country= all:yes");
	SENT("{\"phone\":\"2125550408\"}", "phone=2125550408");
	SENT("a[b=1&[c]=2&phone=2125550408&phone[x]=3&t[][]=1&[]=", "phone=2125550408");
	is_str(meant("\xEF\xBB\xBF {\"phone\":2125550409}", NULL, NULL, NULL), "phone=2125550409", "a byte order mark");
	is_str(meant("phone=2125550408", NULL, NULL, NULL), "the body is neither JSON nor a form", "a form by no type");
	is_str(meant("{\"phone\":", JSON, NULL, NULL), "the body is neither JSON nor a form", "half of it");
	is_str(meant("{}", JSON, NULL, NULL), "a request has 1 to 200 fields", "nothing");
}

/* n times the text, between the others. */
static const char *
many(const char *before, const char *text, int n, const char *after)
{
	VaBuffer buffer = { 0 };

	va_buffer_printf(&buffer, "%s", before);
	for (int i = 0; i < n; i++)
		va_buffer_printf(&buffer, "%s%s", i > 0 ? "," : "", text);
	va_buffer_printf(&buffer, "%s", after);
	return va_buffer_finish(&buffer, &arena);
}

static void
test_bounds(void)
{
	VaIntakeBody body;
	const char *why;
	const char *text = many("{\"phone\":\"2125550408\",\"x\":[", "1", 199, "]}");
	char name[20001];

	ok(va_intake_read(text, strlen(text), NULL, &arena, &body, &why) && body.count == 200, "200 fields are taken");
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	text = many(va_arena_printf(&arena, "{\"%s\":[", name), "1", 20000, "]}");
	ok(!va_intake_read(text, strlen(text), NULL, &arena, &body, &why) && body.count == 200, "the 201st ends it");
	is_str(why, "a request has 1 to 200 fields", "... and says why");
	is_int(strlen(body.fields[0].path), VA_INTAKE_NAME_MAX + 2, "a name is cut");
	text = many("{\"a\":[", "[]", 20000, "],\"phone\":\"2125550408\"}");
	ok(va_intake_read(text, strlen(text), NULL, &arena, &body, &why) && body.count == 1,
		"what holds nothing is no field");
	text = many("{\"a\":", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1,\"b\":{\"c\":2}}}}}}}}", 1, "}");
	ok(va_intake_read(text, strlen(text), NULL, &arena, &body, &why) && body.count == 1,
		"what is deeper than 8 levels is left out");
	text = many("[", "{\"phone\":\"2125550408\"}", 21, "]");
	ok(!va_intake_read(text, strlen(text), NULL, &arena, &body, &why), "the 21st lead ends it");
	is_str(why, "a request has at most 20 leads", "... and says why");
}

int
main(void)
{
	test_whose();
	test_people();
	test_boxes();
	test_refusals();
	test_events();
	test_forms();
	test_bounds();
	va_arena_free(&arena);
	return done_testing();
}
