/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "probe.h"

#include <curl/curl.h>
#include <time.h>

#include "arena.h"

#define CONNECT_SECONDS 5L

/* libcurl lists the chain as "Name:value"; the first one is the host's. */
static bool days_left(CURL *c, long *days)
{
	static const char name[] = "Expire date:";
	struct curl_certinfo *chain = NULL;

	if (curl_easy_getinfo(c, CURLINFO_CERTINFO, &chain) || !chain ||
	    !chain->num_of_certs)
		return false;
	for (struct curl_slist *i = chain->certinfo[0]; i; i = i->next) {
		if (strncmp(i->data, name, sizeof(name) - 1))
			continue;
		time_t end = curl_getdate(i->data + sizeof(name) - 1, NULL);
		*days = (long)((end - time(NULL)) / 86400);
		return end > 0;
	}
	return false;
}

/* Whose it is and who signed it is the browser's to check: here one that is
 * over must be looked at, too. */
bool probe_certificate(struct str host, const char *port, long *days,
		       const char **why)
{
	struct buf url = buf_new(400);
	CURL *c = curl_easy_init();

	*why = "libcurl does not start";
	if (!c)
		return false;
	buf_addf(&url, "https://%.*s:%s/", STR_ARG(host), port);
	curl_easy_setopt(c, CURLOPT_URL, str_z(buf_str(&url)));
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(c, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	CURLcode rc = curl_easy_perform(c);
	bool ok = !rc && days_left(c, days);
	*why = rc ? curl_easy_strerror(rc) : "it shows no certificate";
	curl_easy_cleanup(c);
	return ok;
}
