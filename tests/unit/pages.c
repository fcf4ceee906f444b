/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The real templates with the real catalogues, read from the repository. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "template.h"

static const char *const pages[] = {
	"home", "sign-in", "error",	     "app",
	"step", "agent",   "not-found-host", "mail/comment",
};

/* Everything that www/templates/DATA.md names, with something to escape. */
static const char data[] =
	"{\"me\":{\"name\":\"Ada <b>\",\"email\":\"a@b.c\",\"side\":\"support\","
	"\"initials\":\"A\",\"agent\":true},\"portal\":{\"name\":\"P & Q\","
	"\"account\":{\"id\":1,\"name\":\"<script>\"},\"theme\":\"/theme/x.css\","
	"\"brand_bg\":\"#123456\",\"favicon\":{\"url\":\"/picture/x.svg\","
	"\"type\":\"image/svg+xml\"},\"logo\":{\"url\":\"/picture/x.png\","
	"\"width\":9,\"height\":9},\"footer\":\"<i>foot\",\"links\":[{"
	"\"url\":\"javascript:alert(1)\",\"text\":\"<u>\"}],\"look\":{"
	"\"logo\":{\"url\":\"javascript:alert(1)\",\"width\":9,"
	"\"height\":9},\"footer\":\"<i>\",\"links\":[{\"url\":"
	"\"javascript:alert(1)\",\"text\":\"<u>\"}]}},"
	"\"accent\":\"#123456\",\"band\":\"#123456\","
	"\"on_band\":\"#ffffff\","
	"\"theme\":\"dark\",\"languages\":[{\"tag\":\"en\",\"name\":\"English\","
	"\"current\":true}],\"path\":\"/\",\"page\":{\"email\":\"\\\"><i>\","
	"\"to\":\"/x\",\"failed\":true,\"status\":404,\"request_id\":\"<r>\","
	"\"title\":\"<t>\",\"detail\":\"<d>\",\"headline\":\"<h>\","
	"\"welcome\":[\"<w>\"],\"waiting\":[{\"number\":1,"
	"\"title\":\"<script>alert(1)</script>\",\"status\":\"new\","
	"\"is\":{\"new\":true},\"url\":\"javascript:alert(1)\","
	"\"updated_at\":\"2026-11-22T05:58:30Z\"}],\"recent\":[]},"
	"\"boot\":{\"x\":\"</script><script>\",\"texts\":\"/a/t.json\"},"
	"\"recipient\":{\"name\":\"<r>\"},\"ticket\":{\"number\":1,"
	"\"title\":\"<t>\",\"url\":\"https://x/t/1\"},\"comment\":{\"html\":"
	"\"<p>c</p>\",\"author\":\"<a>\"},\"reason\":\"<r>\","
	"\"kind\":\"reply\"}";

static int load(void **state)
{
	const char *why = "";

	(void)state;
	json_setup();
	if (!catalog_load("lang", &why) ||
	    !template_load("www/templates", &why)) {
		fprintf(stderr, "%s\n", why);
		return -1;
	}
	return 0;
}

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static void every_page_in_every_language(void **state)
{
	(void)state;
	for (size_t i = 0; catalog_at(i); i++) {
		for (size_t j = 0; j < ARRAY_LEN(pages); j++) {
			struct json *v = json_parse_own(str_of(data));
			struct str html;
			const char *z;

			assert_non_null(v);
			assert_true(template_fill(pages[j], v, catalog_at(i),
						  S("Asia/Tokyo"), &html));
			z = str_z(html);
			assert_true(str_starts(html, S("<!DOCTYPE html>")));
			assert_null(strstr(z, "<script>"));
			assert_null(strstr(z, "javascript:"));
			assert_null(strstr(z, "s:"
					      "if"));
		}
		arena_reset();
	}
}

/* Pages of the signed out, and where nothing is known at all. */
static void every_page_without_data(void **state)
{
	(void)state;
	for (size_t j = 0; j < ARRAY_LEN(pages); j++) {
		struct str html;

		assert_true(template_fill(pages[j], json_parse_own(S("{}")),
					  catalog_find(S("en")), S("UTC"),
					  &html));
	}
}

/* One template for two kinds of mail. */
static void mails_begin_with_their_own_words(void **state)
{
	static const char *const begins[][2] = {
		{ "reply", "Ada answered:" },
		{ "ticket_created", "Ada opened a ticket:" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		struct buf b = buf_new(256);
		struct str html;

		buf_addf(&b,
			 "{\"kind\":\"%s\",\"comment\":{\"author\":"
			 "\"Ada\",\"html\":\"\"}}",
			 begins[i][0]);
		assert_true(template_fill(
			"mail/comment", json_parse_own(buf_str(&b)),
			catalog_find(S("en")), S("UTC"), &html));
		assert_non_null(strstr(str_z(html), begins[i][1]));
	}
}

/* ---- the second step ---- */

static const char *step_page(const char *page)
{
	struct buf b = buf_new(8192);
	struct str html;

	buf_addf(&b, "{\"page\":%s}", page);
	struct json *v = json_parse_own(buf_str(&b));
	assert_non_null(v);
	assert_true(template_fill("step", v, catalog_find(S("en")), S("UTC"),
				  &html));
	return str_z(html);
}

#define assert_has(html, part) assert_non_null(strstr(html, part))
#define assert_lacks(html, part) assert_null(strstr(html, part))

/* One that is there is asked for, each way that there is and no other. */
static void a_factor_is_asked_for(void **state)
{
	const char *html;

	(void)state;
	html = step_page("{\"to\":\"/t/7?a=\\\"&b\",\"step\":{\"app\":true,"
			 "\"recovery\":true,\"make\":false}}");
	assert_has(html, "name=\"method\" value=\"code\"");
	assert_has(html, "name=\"method\" value=\"recovery\"");
	assert_has(html, "value=\"/t/7?a=&quot;&amp;b\"");
	assert_has(html, "autocomplete=\"one-time-code\"");
	assert_lacks(html, "data-passkey");
	assert_lacks(html, "class=\"qr\"");
	assert_lacks(html, "role=\"alert\"");
	html = step_page("{\"to\":\"/\",\"step\":{\"app\":false,\"recovery\":"
			 "false,\"make\":false,\"challenge\":\"ch\","
			 "\"passkeys\":\"aa bb\",\"elsewhere\":"
			 "\"other.example\"}}");
	assert_has(html, "data-challenge=\"ch\" data-keys=\"aa bb\"");
	assert_has(html, "other.example");
	assert_lacks(html, "name=\"code\"");
}

static void what_failed_is_told(void **state)
{
	static const char *const methods[] = { "code", "recovery", "passkey",
					       "new" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		for (int make = 0; make < 2; make++) {
			struct buf b = buf_new(256);
			buf_addf(&b,
				 "{\"to\":\"/\",\"failed\":true,\"method\":"
				 "\"%s\",\"step\":{\"make\":%s,\"tries\":1,"
				 "\"app\":true}}",
				 methods[i], make ? "true" : "false");
			const char *html = step_page(str_z(buf_str(&b)));
			assert_has(html, "role=\"alert\"");
			assert_has(html, "1 try is left");
			/* No text without its words. */
			assert_lacks(html, "step.failed");
		}
}

/* One that is missing is made; then its codes are shown, and nothing else. */
static void a_factor_is_made(void **state)
{
	const char *html;

	(void)state;
	html = step_page("{\"to\":\"/\",\"step\":{\"make\":true},\"app\":{"
			 "\"path\":\"M4 4h7v1h-7z\",\"box\":\"0 0 9 9\","
			 "\"spelled\":\"ABCD EFGH\"}}");
	assert_has(html, "viewBox=\"0 0 9 9\"");
	assert_has(html, "d=\"M4 4h7v1h-7z\"");
	assert_has(html, ">ABCD EFGH<");
	assert_has(html, "data-passkey=\"make\"");
	assert_lacks(html, "value=\"recovery\"");
	html = step_page("{\"to\":\"/agent\",\"recovery\":[\"AAAA-BBBB\","
			 "\"CCCC-DDDD\"]}");
	assert_has(html, ">AAAA-BBBB<");
	assert_has(html, ">CCCC-DDDD<");
	assert_has(html, "href=\"/agent\"");
	assert_lacks(html, "<form method=\"post\" action=\"/sign-in/step\"");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_page_in_every_language),
		CASE(every_page_without_data),
		CASE(mails_begin_with_their_own_words),
		CASE(a_factor_is_asked_for),
		CASE(what_failed_is_told),
		CASE(a_factor_is_made),
	};

	return cmocka_run_group_tests_name("pages", tests, load, NULL);
}
