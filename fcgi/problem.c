/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "problem.h"

#include "arena.h"

#define NAME_MAX_BYTES 64

/* clang-format off */
static const struct {
	const char *slug;
	int status;
	const char *title;
	const char *detail;
} table[] = {
	[PROBLEM_NONE] = { "none", 200, "OK", "" },
	[PROBLEM_BAD_REQUEST] = { "bad-request", 400, "Bad request",
		"The request can't be understood; check its path and query." },
	[PROBLEM_JSON] = { "json", 400, "Not acceptable JSON",
		"Send one JSON object." },
	[PROBLEM_TEXT] = { "text", 400, "Not acceptable text",
		"Send UTF-8 without control characters." },
	[PROBLEM_LENGTH] = { "length", 411, "Length required",
		"Send a Content-Length in decimal digits." },
	[PROBLEM_INTERRUPTED] = { "interrupted", 400, "Body cut short",
		"The body ended before its Content-Length; send it again." },
	[PROBLEM_SLOW] = { "slow", 408, "Came too slowly",
		"What came of the part is kept; go on from there with parts of "
		"less than 8 MB." },
	[PROBLEM_IDEMPOTENCY_KEY] = { "idempotency-key", 400,
		"Idempotency key required",
		"Send an Idempotency-Key header of 8 to 64 letters, digits, "
		"'-' or '_', a new one for each new thing." },
	[PROBLEM_SIGNED_OUT] = { "signed-out", 401, "Signed out",
		"Sign in and try again." },
	[PROBLEM_ANOTHER_PERSON] = { "another-person", 409,
		"Signed in as somebody else",
		"The session is not that of X-Sportello-Person; load the page "
		"again." },
	[PROBLEM_FORBIDDEN] = { "forbidden", 403, "Not allowed",
		"Your role does not include this; ask an administrator." },
	[PROBLEM_CROSS_SITE] = { "cross-site", 403, "Refused across sites",
		"Send it from a page of this portal; the API also wants the "
		"header X-Sportello: 1." },
	[PROBLEM_SUPPORT_READS_ONLY] = { "support-reads-only", 403,
		"Support reads only",
		"Support under a grant changes nothing here; leave it, or ask "
		"the account's people to do it." },
	[PROBLEM_SUPPORT_ENDED] = { "support-ended", 401,
		"Support access has ended",
		"The customer ended it, its time is over, or it was not used; "
		"enter anew from the desk." },
	[PROBLEM_ENTRY_OVER] = { "entry-over", 410, "This way in is used up",
		"It is good once, for 30 seconds; enter anew from the desk." },
	[PROBLEM_CONFIRM_ADDRESS] = { "confirm-address", 403,
		"Confirm your address first",
		"Ask for the link that proves your e-mail address, once per "
		"portal, then send this again." },
	[PROBLEM_SUPPORT_NOT_ALLOWED] = { "support-not-allowed", 403,
		"Support is not for your role here",
		"Ask somebody of your organisation who may use support." },
	[PROBLEM_PROOF_OLD] = { "proof-old", 403, "Signed in too long ago",
		"Sign in again: this may be changed for a quarter of an hour "
		"after that." },
	[PROBLEM_HOST] = { "host", 404, "Nothing here",
		"There is no portal at this address; check its spelling." },
	[PROBLEM_ELSEWHERE] = { "elsewhere", 403, "Not at this host",
		"No tickets are used at this host; /elsewhere leads to the one "
		"where they are." },
	[PROBLEM_NOT_FOUND] = { "not-found", 404, "Not found",
		"It does not exist, or you may not see it." },
	[PROBLEM_METHOD] = { "method", 405, "Method not allowed",
		"Use one of the methods in the Allow header." },
	[PROBLEM_CONFLICT] = { "conflict", 409, "Conflict",
		"Somebody changed it meanwhile; load it again." },
	[PROBLEM_TICKET_CLOSED] = { "ticket-closed", 409,
		"Closed for too long",
		"It can't be opened again; open a new one that follows it." },
	[PROBLEM_UNSEEN] = { "unseen", 409, "Somebody wrote meanwhile",
		"Nothing was stored; read what came after `seen`, then send it "
		"again with the newest comment as `seen`." },
	[PROBLEM_TICKET_MERGED] = { "ticket-merged", 409,
		"A duplicate",
		"It goes on in another ticket, which its links name." },
	[PROBLEM_KEY_REUSED] = { "idempotency-key-reused", 409,
		"Idempotency key reused",
		"This key came before with another body; use a new key." },
	[PROBLEM_QUOTA] = { "quota", 403, "Allowance used up",
		"The support provider has used up what it may store; tell them." },
	[PROBLEM_FILE_CHECKING] = { "file-checking", 409, "Still being checked",
		"It is being looked at for viruses; try again in a minute." },
	[PROBLEM_FILE_REFUSED] = { "file-refused", 403, "Refused",
		"The virus scanner found something in this file." },
	[PROBLEM_FILE_OFFSET] = { "offset", 409, "The file ends elsewhere",
		"Ask with HEAD how much of it is there, and go on from that." },
	[PROBLEM_FILE_TOO_LARGE] = { "file-too-large", 413, "Too large a file",
		"Send one of at most as many bytes as Tus-Max-Size says." },
	[PROBLEM_TUS_VERSION] = { "tus-version", 412, "Another protocol",
		"Send the header Tus-Resumable: 1.0.0." },
	[PROBLEM_CHECKSUM] = { "checksum", 460, "Checksum mismatch",
		"What came is not what was sent; send this part again." },
	[PROBLEM_RANGE] = { "range", 416, "No such part",
		"Ask for bytes that the file has, as Content-Range says." },
	[PROBLEM_FACTOR_LAST] = { "factor-last", 409, "The last second factor",
		"Your role wants one: set up another before you remove it." },
	[PROBLEM_FACTOR_THERE] = { "factor-there", 409,
		"An authenticator app is set up",
		"Remove it before you set up another one." },
	[PROBLEM_FACTOR_NONE] = { "factor-none", 409, "No second factor",
		"Set up an authenticator app or a passkey first." },
	[PROBLEM_TOO_LARGE] = { "too-large", 413, "Too large",
		"Send at most 256 kB, a file of at most 512 kB, and an "
		"article of at most 4 MB." },
	[PROBLEM_MEDIA_TYPE] = { "media-type", 415, "Wrong media type",
		"Send the body as application/json." },
	[PROBLEM_INVALID] = { "invalid", 422, "Not valid",
		"Correct the fields named in errors." },
	[PROBLEM_TOO_MANY] = { "too-many", 429, "Too many tries",
		"Wait as long as Retry-After says, in seconds." },
	[PROBLEM_EXPORT_BUSY] = { "export-busy", 429, "A list is being fetched",
		"One a person, one an account and two at the desk at once: try "
		"again when it is there." },
	[PROBLEM_IMPORT_BUSY] = { "import-busy", 429,
		"Another one is being taken in",
		"One at a time: try again when it is done, or in two minutes "
		"where it has broken off." },
	[PROBLEM_WORK_BUSY] = { "work-busy", 429, "It is being worked out already",
		"A report, a rule's past, what a table would change and all "
		"that match: one a person, one an account and two at the desk "
		"at once. Try again in a minute." },
	[PROBLEM_BULK_BUSY] = { "bulk-busy", 429, "Three changes are at work",
		"Wait until one of them is done, or stop one." },
	[PROBLEM_BULK_OVER] = { "bulk-over", 409, "It can't be undone any more",
		"A change of many tickets is undone once, within an hour." },
	[PROBLEM_INTERNAL] = { "internal", 500, "Something went wrong",
		"It is not your fault; tell us the request id." },
	[PROBLEM_UNAVAILABLE] = { "unavailable", 503, "Not available now",
		"Nothing was changed, or it was stored; trying again with the "
		"same idempotency key is safe." },
	[PROBLEM_TIMEOUT] = { "timeout", 503, "Took too long",
		"Nothing was changed; try again, or ask for less." },
};
/* clang-format on */

bool problem_say(struct problem *p, enum problem_kind kind, const char *detail)
{
	p->kind = kind;
	p->detail = str_of(detail);
	return false;
}

bool problem(struct problem *p, enum problem_kind kind)
{
	return problem_say(p, kind, NULL);
}

/* A name may be a stranger's: what is too long to be one of ours is cut, at
 * the beginning of a character. */
static struct str short_name(struct str name)
{
	if (name.n > NAME_MAX_BYTES) {
		name.n = NAME_MAX_BYTES;
		while (name.n && ((unsigned char)name.p[name.n] & 0xc0) == 0x80)
			name.n--;
	}
	return name;
}

bool problem_field_about(struct problem *p, struct str name, const char *code,
			 struct str about)
{
	name = short_name(name);
	if (p->n_fields < PROBLEM_FIELDS_MAX)
		p->fields[p->n_fields++] =
			(struct problem_field){ name, code, about };
	return problem(p, PROBLEM_INVALID);
}

bool problem_field(struct problem *p, struct str name, const char *code)
{
	return problem_field_about(p, name, code, S(""));
}

bool problem_errors(struct problem *p, struct str list)
{
	p->errors = (struct str){ alloc_copy(list.p, list.n), list.n };
	return problem(p, PROBLEM_INVALID);
}

/* Exact states first, then classes. */
static const struct {
	const char *state;
	enum problem_kind kind;
} states[] = {
	{ "PT401", PROBLEM_SIGNED_OUT }, { "PT403", PROBLEM_FORBIDDEN },
	{ "PT404", PROBLEM_NOT_FOUND },	 { "PT409", PROBLEM_KEY_REUSED },
	{ "PT40Q", PROBLEM_QUOTA },	 { "PT421", PROBLEM_ELSEWHERE },
	{ "PT422", PROBLEM_INVALID },	 { "23505", PROBLEM_CONFLICT },
	{ "23503", PROBLEM_CONFLICT },	 { "23514", PROBLEM_INVALID },
	{ "23502", PROBLEM_INVALID },	 { "42501", PROBLEM_FORBIDDEN },
	{ "57014", PROBLEM_TIMEOUT },	 { "22", PROBLEM_INVALID },
	{ "40", PROBLEM_UNAVAILABLE },	 { "53", PROBLEM_UNAVAILABLE },
	{ "57", PROBLEM_UNAVAILABLE },	 { "08", PROBLEM_UNAVAILABLE },
};

/* By the schema's convention: <table>_<field>_check, _key; what a function
 * raises may say more, as <table>_<field>.<code>. */
static struct str field_of(const char *constraint)
{
	struct str name = str_of(constraint);

	str_cut(&name, '_');
	if (str_ends(name, S("_check")))
		name.n -= sizeof("_check") - 1;
	else if (str_ends(name, S("_key")))
		name.n -= sizeof("_key") - 1;
	return (struct str){ alloc_copy(name.p, name.n), name.n };
}

/* A function of ours may name the very problem: its slug is the constraint. */
static enum problem_kind named(const char *sqlstate, const char *constraint)
{
	if (strncmp(sqlstate, "PT", 2) || !constraint)
		return PROBLEM_NONE;
	for (size_t i = PROBLEM_NONE + 1; i < ARRAY_LEN(table); i++)
		if (!strcmp(table[i].slug, constraint))
			return (enum problem_kind)i;
	return PROBLEM_NONE;
}

bool problem_sql(struct problem *p, const char *sqlstate,
		 const char *constraint)
{
	enum problem_kind kind = named(sqlstate, constraint);

	if (kind != PROBLEM_NONE)
		return problem(p, kind);
	kind = PROBLEM_INTERNAL;
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (str_starts(str_of(sqlstate), str_of(states[i].state))) {
			kind = states[i].kind;
			break;
		}
	if (kind != PROBLEM_INVALID || !constraint || !*constraint)
		return problem(p, kind);
	struct str code = str_of(constraint);
	struct str field = str_cut(&code, '.');
	if (code.n)
		return problem_field(p, field_of(str_z(field)), str_z(code));
	return problem_field(p, field_of(constraint), "invalid");
}

int problem_status(const struct problem *p)
{
	return table[p->kind].status;
}

const char *problem_slug(const struct problem *p)
{
	return table[p->kind].slug;
}

static const char *field_words(const char *code)
{
	static const char *const words[][2] = {
		{ "required", "Fill this in." },
		{ "empty", "This file is empty." },
		{ "name", "Give the file a name." },
		{ "too_long", "This is too long." },
		{ "type", "This is of another kind than expected." },
		{ "unknown", "There is no such field." },
		{ "range", "This number is too small or too large." },
		{ "too_short", "This is too short." },
		{ "wrong", "This is not right." },
		{ "choice", "This is not one of the possible values." },
		{ "date", "There is no such day." },
		{ "not_asked", "This is not asked with the other answers." },
		{ "read_only", "One may see this, not change it." },
		{ "circular", "What it waits for waits for it." },
		{ "condition", "This is not a condition that can hold." },
		{ "used", "Others wait for it: change these first." },
		{ "picture_type",
		  "Send a picture as PNG, JPEG, WebP, ICO or SVG." },
		{ "picture_broken",
		  "This can't be read as a picture; save it anew." },
		{ "picture_size",
		  "A picture has at least 16 pixels a side, and 10 million "
		  "at most." },
		{ "svg_active",
		  "This SVG holds what a picture may not hold; save it as a "
		  "plain one." },
		{ "svg_style", "Save this SVG with presentation attributes." },
		{ "svg_complex", "This drawing has too many parts." },
		{ "svg_size", "This SVG has neither viewBox nor size." },
		{ "taken", "This is taken already; choose another." },
		{ "member", "Whoever has this address is a member already." },
		{ "reserved",
		  "This name is kept for other uses; choose another." },
		{ "administrators",
		  "Administrators of the organisation alone do this." },
		{ "stronger", "Somebody else has offered more already." },
		{ "email", "Contains an invalid e-mail." },
		{ "host", "This is not the name of a host." },
		{ "url",
		  "Only the host's name, without the rest of the address." },
		{ "port", "Only the host's name, without a port." },
		{ "address", "This is an address; a host has a name." },
		{ "https", "Its address begins with https://." },
		{ "no_zone", "There is no such time zone." },
		{ "reversed", "It closes before it opens." },
		{ "after", "The first day comes after the last one." },
		{ "two_years", "Two years at most, from 1970 on." },
		{ "four_hundred", "Day by day at most 400 days." },
		{ "overlap", "Two of a day's hours overlap." },
		{ "never_open", "Open on no day: give some hours." },
		{ "holiday_name",
		  "Give the holiday a name, of 80 letters at most." },
		{ "twice", "The same day stands there twice." },
		{ "versions", "It was changed too often: make another one." },
		{ "too_deep", "No deeper: five levels at most." },
		{ "too_many", "No more: that is the most there can be." },
		{ "own_work", "You wrote it: somebody else approves it." },
		{ "review_first",
		  "Somebody else approves it before it is published." },
		{ "state", "That can't be done with this text now." },
		{ "circle", "A section can't lie in itself." },
		{ "eight_deep", "No deeper: eight levels at most." },
		{ "only_lines", "JSON lines alone have it." },
		{ "in_use", "Move or remove what is in it first." },
		{ "too_late", "That is too far ahead." },
		{ "signed_in",
		  "Accounts and roles are those of people who are signed in." },
		{ "was_live", "It was published: take it back instead." },
		{ "article_long",
		  "An article has 1 MB in each language at most." },
		{ "requester", "Whoever opened it stays in it." },
		{ "wrong", "This is not right; try again." },
		{ "over", "This took too long; begin again." },
		{ "unreachable", "It does not answer." },
		{ "answer", "Its answer is not what OpenID Connect asks for." },
		{ "refused", "It refuses to answer." },
		{ "issuer", "It calls itself by another address." },
		{ "unfit",
		  "It lacks the authorization code flow, S256, or https." },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcmp(code, words[i][0]))
			return words[i][1];
	return "This is not acceptable.";
}

static void add_fields(struct buf *b, const struct problem *p)
{
	buf_char(b, '[');
	for (size_t i = 0; i < p->n_fields; i++) {
		buf_add(b, i ? S(",{\"field\":") : S("{\"field\":"));
		buf_json(b, p->fields[i].name);
		buf_addf(b, ",\"code\":\"%s\",\"detail\":\"%s\"",
			 p->fields[i].code, field_words(p->fields[i].code));
		if (p->fields[i].about.n) {
			buf_add(b, S(",\"about\":"));
			buf_json(b, p->fields[i].about);
		}
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

struct str problem_json(const struct problem *p, struct str request_id)
{
	struct buf b = buf_new(16384 + p->errors.n);

	buf_addf(&b,
		 "{\"type\":\"/problems/%s\",\"title\":\"%s\","
		 "\"status\":%d,\"detail\":",
		 table[p->kind].slug, table[p->kind].title,
		 table[p->kind].status);
	buf_json(&b, p->detail.n ? p->detail : str_of(table[p->kind].detail));
	buf_addf(&b, ",\"code\":\"%s\",\"request_id\":", table[p->kind].slug);
	buf_json(&b, request_id);
	buf_add(&b, S(",\"errors\":"));
	if (p->errors.n)
		buf_add(&b, p->errors);
	else
		add_fields(&b, p);
	buf_char(&b, '}');
	return buf_str(&b);
}
