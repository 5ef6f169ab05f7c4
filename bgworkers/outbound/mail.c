/*-------------------------------------------------------------------------
 * mail.c
 *		Mails to mail servers.
 *
 * The message, the server and what its answer means are SQL's (82_mail).  A
 * mail whose answer is lost is sent again when its lease ends, with the same
 * Message-ID.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "sender.h"

#define MAILS_IN_FLIGHT_MAX 16
#define POKE_REST_MS 50
#define PASSWORD "mail_account:password"

/* Row of claim_mails(): texts in the claim's memory, the password in the request's own. */
typedef struct Mail
{
	VaSending sending;
	VaHttpMail smtp;
	char *url;
	char *message;
	bool of_platform;
} Mail;

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_mails($1, $2, $3)", 3,
	{ INT4OID, BOOLOID, BOOLOID }, NULL };
static VaStatement record_statement = { "SELECT voiceagent_private.record_mail($1, $2, nullif($3, 0), nullif($4, ''))",
	4, { INT8OID, BOOLOID, INT4OID, TEXTOID }, NULL };

static void
read_row(VaSending *sending, int row)
{
	Mail *mail = (Mail *) sending;

	mail->url = va_column_text(row, "url");
	mail->message = va_column_text(row, "message");
	mail->of_platform = va_column_bool(row, "of_platform");
	mail->smtp.sender = va_column_text(row, "sender");
	mail->smtp.recipient = va_column_text(row, "recipient");
	mail->smtp.username = va_column_text(row, "username");
	mail->smtp.plain = sending->private_host;
}

static void
open_password(VaSending *sending)
{
	Mail *mail = (Mail *) sending;

	if (mail->smtp.username != NULL)
		mail->smtp.password = va_sending_kept_secret(
			sending, mail->of_platform, PASSWORD, "the account has no password");
}

static bool
build_mail(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	Mail *mail = (Mail *) sending;
	const char **secrets;

	if (sending->error[0] != '\0')
		return false;
	secrets = va_arena_alloc(arena, sizeof(char *));
	if (secrets == NULL)
		return false;
	secrets[0] = mail->smtp.password;
	call->method = "POST";
	call->url = mail->url;
	call->mail = &mail->smtp;
	call->secrets = secrets;
	call->nsecrets = mail->smtp.password != NULL ? 1 : 0;
	call->body = mail->message;
	call->body_len = strlen(mail->message);
	return true;
}

static void
record_mail(VaSending **sendings, int n)
{
	const Mail *mail = (Mail *) sendings[0];
	const VaHttpResult *result = sendings[0]->result;
	const char *error = "";
	int status = result != NULL ? result->status : 0;
	Datum values[4];

	if (result == NULL)
		error = sendings[0]->error[0] != '\0' ? sendings[0]->error : "it could not be sent";
	else if (result->outcome != VA_HTTP_OK)
		error = status >= 400 ? psprintf("the server answers %d (%s)", status, result->error) : result->error;
	values[0] = Int64GetDatum(sendings[0]->id);
	values[1] = BoolGetDatum(mail->of_platform);
	values[2] = Int32GetDatum(status);
	values[3] = CStringGetTextDatum(error);
	va_execute(&record_statement, values, NULL);
}

static VaSender mail = { VA_SENDER_WORDS("mail", "mails", "mails"), .recording = "record a mail",
	VA_CLAIMS(claim_statement), .timed = true, .id = "mail_id", .read = read_row, .open = open_password,
	.build = build_mail, .record = record_mail, .size = sizeof(Mail), .record_max = 1,
	.in_flight_max = MAILS_IN_FLIGHT_MAX };

VA_SENDER_TASK(va_mail_task, mail, POKE_REST_MS);
