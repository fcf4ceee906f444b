/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "smtp.h"

#include "arena.h"
#include "config.h"
#include "log.h"
#include "mail.h"

#include <curl/curl.h>

#define ANSWER_MAX 400
#define CONNECT_SECONDS 5L
/* Mail servers hang up on who is silent; ours is then a new connection. */
#define IDLE_SECONDS 20L

static CURL *handle;

/* In seconds. */
static struct {
	long connect, early, text;
} limits = { CONNECT_SECONDS, SMTP_EARLY_SECONDS, SMTP_TEXT_SECONDS };

/* One message on its way. */
struct attempt {
	struct str rest; /* what libcurl has not read yet */
	struct str all;
	enum smtp_phase phase;
	uint64_t since;		/* what the limit now counts from */
	bool late;		/* the limit is over */
	bool over;		/* we say good-bye: what comes is no answer */
	char reply[ANSWER_MAX]; /* the last line the server said */
	size_t n_reply;
};

enum smtp_fate smtp_judge(enum smtp_phase phase, long code)
{
	bool never = code >= 500 && code <= 599;

	/* 530, 538: it wants authentication or TLS first. 552 to MAIL: the
	 * size we announced. 421: it is about to close, whatever we said; but
	 * behind DATA perhaps because of what we said. */
	if (phase == SMTP_HELLO || code == 530 || code == 538 ||
	    (code == 421 && phase != SMTP_DATA))
		return SMTP_DOWN;
	if (phase == SMTP_MAIL)
		return code == 552 ? SMTP_REFUSED
		       : never	   ? SMTP_DOWN
				   : SMTP_LATER;
	return never ? SMTP_REFUSED : SMTP_LATER;
}

static size_t give(char *to, size_t size, size_t n, void *ctx)
{
	struct attempt *a = ctx;
	size_t max = size * n < a->rest.n ? size * n : a->rest.n;

	memcpy(to, a->rest.p, max);
	a->rest = str_from(a->rest, max);
	/* What was asked for before is on its way. */
	a->since = log_now();
	return max;
}

static int rewind_message(void *ctx, curl_off_t offset, int origin)
{
	struct attempt *a = ctx;

	if (origin != SEEK_SET || offset < 0 || (size_t)offset > a->all.n)
		return CURL_SEEKFUNC_FAIL;
	a->rest = str_from(a->all, (size_t)offset);
	return CURL_SEEKFUNC_OK;
}

/* Every line of the server's replies. */
static size_t hear(char *line, size_t size, size_t n, void *ctx)
{
	struct attempt *a = ctx;
	struct str s = str_trim((struct str){ line, size * n });

	if (a->over)
		return size * n;
	a->n_reply = s.n < ANSWER_MAX ? s.n : ANSWER_MAX;
	for (size_t i = 0; i < a->n_reply; i++)
		a->reply[i] = s.p[i];
	return size * n;
}

/* libcurl tells what it says to the server here only. */
static int follow(CURL *curl, curl_infotype type, char *data, size_t n,
		  void *ctx)
{
	static const struct {
		struct str command;
		enum smtp_phase phase;
	} steps[] = { { S("MAIL FROM"), SMTP_MAIL },
		      { S("RCPT TO"), SMTP_RCPT },
		      { S("DATA"), SMTP_DATA } };
	struct attempt *a = ctx;

	struct str said = { data, n };

	(void)curl;
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (str_starts(said, steps[i].command))
			a->phase = steps[i].phase;
	if (str_starts(said, S("DATA")))
		a->since = log_now();
	if (str_starts(said, S("QUIT")))
		a->over = true;
	return 0;
}

/* libcurl asks once a second at least. Its own limits know no phases. */
static int go_on(void *ctx, curl_off_t down, curl_off_t down_now, curl_off_t up,
		 curl_off_t up_now)
{
	struct attempt *a = ctx;
	long limit = a->phase == SMTP_DATA ? limits.text : limits.early;

	(void)down, (void)down_now, (void)up, (void)up_now;
	a->late = log_now() - a->since >= (uint64_t)limit * 1000000;
	return a->late;
}

static bool set(CURLcode rc, const char *what, const char **why)
{
	if (rc == CURLE_OK)
		return true;
	*why = what;
	return false;
}

static long tls_level(void)
{
	if (!strcmp(config.smtp_tls, "never"))
		return CURLUSESSL_NONE;
	if (!strcmp(config.smtp_tls, "try") && !*config.smtp_user)
		return CURLUSESSL_TRY;
	return CURLUSESSL_ALL;
}

static bool check_settings(const char **why)
{
	if (strncmp(config.smtp_url, "smtp://", 7) &&
	    strncmp(config.smtp_url, "smtps://", 8)) {
		*why = "SPORTELLO_SMTP_URL must begin with smtp:// or smtps://";
		return false;
	}
	if (!mail_is_address(str_of(config.mail_from))) {
		*why = "SPORTELLO_MAIL_FROM must be a plain e-mail address";
		return false;
	}
	if (*config.reply_to && !mail_is_address(str_of(config.reply_to))) {
		*why = "SPORTELLO_REPLY_TO must be a plain e-mail address";
		return false;
	}
	return true;
}

bool smtp_setup(const char **why)
{
	bool checks = *config.smtp_ca || tls_level() == CURLUSESSL_ALL ||
		      !strncmp(config.smtp_url, "smtps://", 8);

	if (!check_settings(why))
		return false;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) ||
	    !(handle = curl_easy_init())) {
		*why = "libcurl does not start";
		return false;
	}
#define OPTION(option, value, what)                                            \
	set(curl_easy_setopt(handle, CURLOPT_##option, value), what, why)
	return OPTION(URL, config.smtp_url, "SPORTELLO_SMTP_URL is no URL") &&
	       OPTION(PROTOCOLS_STR, "smtp,smtps", "libcurl has no SMTP") &&
	       OPTION(PROXY, "", "no proxy") &&
	       OPTION(NOSIGNAL, 1L, "signals") &&
	       OPTION(USE_SSL, tls_level(), "libcurl has no TLS") &&
	       OPTION(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2, "TLS 1.2") &&
	       OPTION(SSL_VERIFYPEER, checks ? 1L : 0L, "TLS") &&
	       OPTION(SSL_VERIFYHOST, checks ? 2L : 0L, "TLS") &&
	       (!*config.smtp_ca ||
		OPTION(CAINFO, config.smtp_ca, "SPORTELLO_SMTP_CA")) &&
	       (!*config.smtp_user ||
		(OPTION(USERNAME, config.smtp_user, "SPORTELLO_SMTP_USER") &&
		 OPTION(PASSWORD, config.smtp_password,
			"SPORTELLO_SMTP_PASSWORD"))) &&
	       OPTION(CONNECTTIMEOUT, limits.connect, "time limits") &&
	       OPTION(TIMEOUT, limits.early + 2 * limits.text, "time limits") &&
	       /* Two minutes, else. */
	       OPTION(SERVER_RESPONSE_TIMEOUT, limits.early + limits.text,
		      "time limits") &&
	       OPTION(XFERINFOFUNCTION, go_on, "time limits") &&
	       OPTION(NOPROGRESS, 0L, "time limits") &&
	       OPTION(MAXAGE_CONN, IDLE_SECONDS, "time limits") &&
	       OPTION(UPLOAD, 1L, "libcurl can't send") &&
	       OPTION(READFUNCTION, give, "libcurl can't send") &&
	       OPTION(SEEKFUNCTION, rewind_message, "libcurl can't send") &&
	       OPTION(HEADERFUNCTION, hear, "libcurl can't listen") &&
	       OPTION(DEBUGFUNCTION, follow, "libcurl can't tell") &&
	       OPTION(VERBOSE, 1L, "libcurl can't tell");
#undef OPTION
}

static CURLcode perform(struct attempt *a, struct str from, struct str to)
{
	struct buf sender = buf_new(260), recipient = buf_new(260);

	buf_addf(&sender, "<%.*s>", STR_ARG(from));
	buf_addf(&recipient, "<%.*s>", STR_ARG(to));
	struct curl_slist *list =
		curl_slist_append(NULL, str_z(buf_str(&recipient)));
	if (!list)
		return CURLE_OUT_OF_MEMORY;
	curl_easy_setopt(handle, CURLOPT_MAIL_FROM, str_z(buf_str(&sender)));
	curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, list);
	curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE,
			 (curl_off_t)a->all.n);
	curl_easy_setopt(handle, CURLOPT_READDATA, a);
	curl_easy_setopt(handle, CURLOPT_SEEKDATA, a);
	curl_easy_setopt(handle, CURLOPT_HEADERDATA, a);
	curl_easy_setopt(handle, CURLOPT_DEBUGDATA, a);
	curl_easy_setopt(handle, CURLOPT_XFERINFODATA, a);
	CURLcode rc = curl_easy_perform(handle);
	curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(list);
	return rc;
}

/* A server's words, or a library's, as they may be stored. */
static struct str printable(struct str s)
{
	struct buf b = buf_new(ANSWER_MAX);

	for (size_t i = 0; i < s.n; i++)
		buf_char(&b, s.p[i] < ' ' || s.p[i] > '~' ? '?' : s.p[i]);
	return buf_str(&b);
}

static long code_of(const struct attempt *a)
{
	uint64_t code = 0;

	/* A line that is no reply gives 0. */
	if (a->n_reply < 3 || !str_u64((struct str){ a->reply, 3 }, 599, &code))
		return 0;
	return (long)code;
}

enum smtp_fate smtp_send(struct str from, struct str to, struct str message,
			 struct str *answer)
{
	struct attempt a;
	long fresh = 1, code = 0;
	CURLcode rc = CURLE_OK;

	if (!mail_is_address(from) || !mail_is_address(to)) {
		*answer = S("not sent: the address is not fit for SMTP");
		return SMTP_REFUSED;
	}
	/* A kept connection may turn out to be closed when we speak: that says
	 * nothing about the server, so once more on a new one. */
	for (int round = 0; round < 2; round++) {
		a = (struct attempt){ .rest = message,
				      .all = message,
				      .since = log_now() };
		rc = perform(&a, from, to);
		code = code_of(&a);
		curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &fresh);
		if (!rc || fresh || a.phase == SMTP_DATA ||
		    (code && code != 421))
			break;
	}
	if (!rc) {
		*answer = printable((struct str){ a.reply, a.n_reply });
		return SMTP_SENT;
	}
	/* The last thing said may be the 250 to the step before. */
	if (a.late)
		*answer = S("no answer in time");
	else if (code < 400)
		*answer = printable(str_of(curl_easy_strerror(rc)));
	else
		*answer = printable((struct str){ a.reply, a.n_reply });
	/* Silent before it knows the recipient: nobody's mail gets through. */
	a.late |= rc == CURLE_OPERATION_TIMEDOUT;
	if (rc == CURLE_LOGIN_DENIED || (a.late && a.phase < SMTP_RCPT))
		return SMTP_DOWN;
	return smtp_judge(a.phase, code < 400 ? 0 : code);
}

bool smtp_check(const char **why)
{
	struct attempt a = { .since = log_now() };

	curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(handle, CURLOPT_HEADERDATA, &a);
	curl_easy_setopt(handle, CURLOPT_DEBUGDATA, &a);
	curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &a);
	CURLcode rc = curl_easy_perform(handle);
	curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 0L);
	struct str said = { a.reply, a.n_reply };
	*why = code_of(&a) >= 400 ? str_z(printable(said))
				  : curl_easy_strerror(rc);
	return !rc;
}

#ifdef SPORTELLO_TEST
void smtp_test_limits(long connect, long early, long text)
{
	limits.connect = connect;
	limits.early = early;
	limits.text = text;
}
#endif

void smtp_close(void)
{
	if (handle)
		curl_easy_cleanup(handle);
	handle = NULL;
	curl_global_cleanup();
}
