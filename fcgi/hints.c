/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "hints.h"

#include "arena.h"
#include "config.h"
#include "log.h"

#include <curl/curl.h>

#define ANSWER_MS 1000L
#define SECOND 1000000u
#define AWAY (2 * SECOND)
#define LOG_EVERY (60 * SECOND)
#define NAME 32

static CURL *handle;
static uint64_t away_until, logged;

static size_t leave(char *from, size_t size, size_t n, void *to)
{
	(void)from;
	(void)to;
	return size * n;
}

static bool ready(void)
{
	if (!*config.live_socket || log_now() < away_until)
		return false;
	if (handle)
		return true;
	handle = curl_easy_init();
	if (!handle)
		return false;
	curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, config.live_socket);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, ANSWER_MS);
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, leave);
	curl_easy_setopt(handle, CURLOPT_FAILONERROR, 0L);
	return true;
}

static void say(const char *why)
{
	if (logged && log_now() - logged < LOG_EVERY)
		return;
	logged = log_now();
	log_error("the live server took nothing", why);
}

/* 202 of a message that nobody hears is as good as 201; 404: no such channel,
 * since nobody ever listened. Where nobody answers the door nobody listens. */
static bool ask(const char *method, struct str url, struct str message)
{
	long status = 0;

	curl_easy_setopt(handle, CURLOPT_URL, str_z(url));
	curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, (long)message.n);
	curl_easy_setopt(handle, CURLOPT_POSTFIELDS, message.p);
	curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method);
	CURLcode rc = curl_easy_perform(handle);
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	if (!rc && (status == 404 || (status >= 200 && status <= 299)))
		return true;
	say(rc ? curl_easy_strerror(rc) : "its status is no success");
	if (rc == CURLE_COULDNT_CONNECT)
		return true;
	away_until = log_now() + AWAY;
	return false;
}

/* False: not all were told. */
static bool ask_all(const char *method, const struct json *channels,
		    struct str message)
{
	size_t n = json_len(channels);

	if (!*config.live_socket)
		return true;
	for (size_t i = 0; i < n; i += HINTS_MOST) {
		if (!ready())
			return false;
		struct buf url = buf_new(64 + (NAME + 1) * HINTS_MOST);
		buf_add(&url, S("http://live/tell/"));
		for (size_t k = i; k < n && k < i + HINTS_MOST; k++) {
			if (k > i)
				buf_char(&url, ',');
			buf_add(&url, json_str(json_at(channels, k)));
		}
		if (!ask(method, buf_str(&url), message))
			return false;
	}
	return true;
}

void hints_tell(const struct json *channels, struct str message)
{
	/* Who is not told now asks by itself soon. */
	(void)ask_all("POST", channels, message);
}

bool hints_close(const struct json *channels)
{
	return ask_all("DELETE", channels, S(""));
}

void hints_end(void)
{
	if (handle)
		curl_easy_cleanup(handle);
}
