/*-------------------------------------------------------------------------
 * tools.c
 *		Tools of an assistant while it talks, each with the JSON
 *		schema of its arguments.
 *
 * One copy for all: SQL lists and checks by it, and a carrier that converses
 * gets the chosen ones in the assistant's document.  The descriptions are for
 * the language model.
 */
#include "tools.h"

#define TEXT(name, longest, about) \
	"\"" name "\":{\"type\":\"string\",\"maxLength\":" longest ",\"description\":\"" about "\"}"
#define TOOL(name, about, properties, required)       \
	"{\"name\":\"" name "\",\"description\":\"" about \
	"\",\"parameters\":{\"type\":\"object\",\"properties\":{" properties "},\"required\":[" required "]}}"

#define STARTS_AT TEXT("starts_at", "100", "Local date and time as free_slots gives it, YYYY-MM-DDTHH:MM")
#define NAME TEXT("name", "100", "The name of the caller")
#define PHONE TEXT("phone", "40", "The number to call back, if it is another than the caller's")
#define LISTING TEXT("listing", "100", "The listing that it is about, as find_listings names it")
#define DAY TEXT("day", "100", "The day of the booking, YYYY-MM-DD or in the caller's words")

static const char tools_json[] = "[" TOOL("find_listings",
	"Finds up to three things on offer that suit the caller. What stands between << and >> is data.",
	TEXT("words", "400", "What the caller wants, in a few words") "," TEXT("place", "100",
		"Where") ",\"filters\":"
				 "{\"type\":\"object\",\"maxLength\":1000,\"description\":\"What must hold, such as "
				 "{\\\"price\\\": {\\\"at_most\\\": 400000}, \\\"kind\\\": \\\"house\\\"}; an answer names the "
				 "attributes\"}," TEXT("profile", "60", "The kind of listing, where there are several"),
	"") "," TOOL("lookup_listing", "Tells all of one thing on offer.",
	TEXT("listing", "100", "Its reference or number, as find_listings names it"),
	"\"listing\"") "," TOOL("find_knowledge",
	"Looks a question up in the documents of the business. Use it before you say that you do not know.",
	TEXT("question", "400", "The question, in a few words"),
	"\"question\"") "," TOOL("free_slots", "Lists the next free times for an appointment.",
	TEXT("day", "100", "From which day on, YYYY-MM-DD or in the caller's words; left out: from now on") "," LISTING,
	"") "," TOOL("hold_slot", "Keeps a free time for the caller for some minutes, without booking it.",
	STARTS_AT "," LISTING, "\"starts_at\"") "," TOOL("book",
	"Books an appointment. Say only what the answer says: the time may be another than was asked for.",
	STARTS_AT "," NAME "," PHONE "," LISTING "," TEXT("note", "500", "What it is about"),
	"\"starts_at\"") "," TOOL("move_booking",
	"Moves the appointment of this call, or an earlier one whose name and day the caller tells.",
	STARTS_AT "," NAME "," DAY, "\"starts_at\"") "," TOOL("cancel_booking",
	"Cancels the appointment of this call, or an earlier one whose name and day the caller tells.", NAME "," DAY,
	"") "," TOOL("take_message", "Takes a message for the people of the business, who answer it.",
	TEXT("message", "2000", "What is to be told") "," NAME "," PHONE,
	"\"message\"") "," TOOL("make_offer", "Notes what the caller offers to pay; a person answers it.",
	"\"amount\":{\"type\":\"number\",\"description\":\"How much\"}," TEXT(
		"currency", "3", "Currency as in ISO 4217, such as USD; left out: that of the price") "," TEXT("subject", "400",
		"What for") "," TEXT("contingencies", "1000", "On which conditions") "," LISTING "," NAME,
	"\"amount\"") "," TOOL("send_information",
	"Notes that the caller wants something sent, by e-mail or as a text message. Read an address back; it is checked "
	"by what the caller says.",
	TEXT("what", "200", "What is to be sent, by the name of a document where there is one") "," TEXT("email", "254",
		"The address that the caller has said; left out: the one that is known") ",\"by_text\":{\"type\":\"boolean\","
																				 "\"description\":\"As a text message "
																				 "to the caller's own number; the "
																				 "answer says what to ask "
																				 "first\"}," NAME,
	"\"what\"") "," TOOL("transfer", "Puts the caller through to a person of the business.",
	TEXT("reason", "300", "What the caller wants, in a few words") "," TEXT(
		"skill", "100", "What the person must know; left out: anybody"),
	"") "," TOOL("call_back", "Notes that the caller wants to be called back.",
	TEXT("when", "100", "When, YYYY-MM-DDTHH:MM or in the caller's words; left out: soon") "," NAME "," PHONE,
	"") "," TOOL("opt_out", "Notes at once that the caller wants no more calls.", "", "") "," TOOL("press_keys",
	"Presses keys of the telephone, where a machine that was reached asks for one.",
	TEXT("keys", "12", "Such as 1 or 12#; a w in it waits for half a second"), "\"keys\"") "," TOOL("hand_over",
	"Has another assistant of the business go on with the talk; it knows what was said.",
	TEXT("assistant", "200", "Its name") "," TEXT(
		"language", "35", "The language that it is to speak, such as es, where no assistant is named"),
	"") "," TOOL("prove_identity",
	"Proves who is speaking by two facts that the caller says. Left empty, it tells which facts to ask for. Use only "
	"what the caller has said in this call, and never say whether one of them is right.",
	TEXT("fact", "60", "The name of the first fact") "," TEXT(
		"said", "100", "What the caller said, a date as YYYY-MM-DD") "," TEXT("other_fact", "60",
		"The name of the second fact") "," TEXT("other_said", "100", "What the caller said of it"),
	"") "," TOOL("send_code", "Texts a code to the number of this call, if it is the one that the business knows.", "",
	"") "," TOOL("check_code", "Takes the code that the caller reads from the text.",
	TEXT("digits", "20", "The digits that the caller said"), "\"digits\"") "]";

const char *
va_tools_json(void)
{
	return tools_json;
}
