/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "csv.h"

static const char *line_of(struct str row)
{
	struct buf line = buf_new(1000);
	size_t n = csv_cells(row);

	for (size_t i = 0; i < n; i++)
		csv_cell(&line, i, str_cut(&row, CSV_PART));
	return str_z(buf_str(&line));
}

static void cells(void **state)
{
	(void)state;
	assert_string_equal(line_of(S("a\x1f"
				      "b\x1f"
				      "c")),
			    "a,b,c");
	assert_string_equal(line_of(S("")), "");
	assert_string_equal(line_of(S("\x1f"
				      "b\x1f")),
			    ",b,");
	assert_string_equal(line_of(S("a,b\x1f"
				      "say \"x\"\x1f"
				      "1\n2")),
			    "\"a,b\",\"say \"\"x\"\"\",\"1\n2\"");
	arena_reset();
}

static void formulas(void **state)
{
	(void)state;
	assert_string_equal(line_of(S("=1+1")), "'=1+1");
	assert_string_equal(line_of(S("+39\x1f"
				      "@a\x1f"
				      "\tx\x1f"
				      "-x")),
			    "'+39,'@a,'\tx,'-x");
	assert_string_equal(line_of(S("\rx")), "\"'\rx\"");
	assert_string_equal(line_of(S("=a,\"b\"")), "\"'=a,\"\"b\"\"\"");
	assert_string_equal(line_of(S("-4\x1f"
				      "-7.5\x1f"
				      "-\x1f"
				      "-1-2\x1f"
				      "-1.2.3\x1f"
				      "-.5")),
			    "-4,-7.5,'-,'-1-2,'-1.2.3,'-.5");
	arena_reset();
}

/* Where ';' or a tab parts the cells, as in half of Europe. */
static void other_separators(void **state)
{
	(void)state;
	assert_string_equal(line_of(S("a;b")), "\"a;b\"");
	assert_string_equal(line_of(S("1\x1f"
				      "x;=HYPERLINK(\"http://a\");y")),
			    "1,\"x;'=HYPERLINK(\"\"http://a\"\");y\"");
	assert_string_equal(line_of(S("x;+1;-1;@a;b")), "\"x;'+1;'-1;'@a;b\"");
	assert_string_equal(line_of(S("x;\"\"=1")), "\"x;'\"\"\"\"=1\"");
	assert_string_equal(line_of(S("x;\uff1d1")), "\"x;'\uff1d1\"");
	assert_string_equal(line_of(S("x\t=1")), "x\t'=1");
	assert_string_equal(line_of(S("x\r\n=1\n-2")), "\"x\r\n'=1\n'-2\"");
	assert_string_equal(line_of(S("a=b;c - d; e")), "\"a=b;c - d; e\"");
	assert_string_equal(line_of(S(";")), "\";\"");
	arena_reset();
}

static void other_signs(void **state)
{
	(void)state;
	assert_string_equal(line_of(S("\uff1d1\x1f"
				      "\uff0b1\x1f"
				      "\uff0d1\x1f"
				      "\uff20a\x1f"
				      "\uff21")),
			    "'\uff1d1,'\uff0b1,'\uff0d1,'\uff20a,\uff21");
	assert_string_equal(line_of(S("\nx")), "\"'\nx\"");
	assert_string_equal(line_of(S("\n=1")), "\"'\n'=1\"");
	arena_reset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells),
		cmocka_unit_test(formulas),
		cmocka_unit_test(other_separators),
		cmocka_unit_test(other_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
