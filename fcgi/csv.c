/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "csv.h"

static bool is_negative_number(struct str s)
{
	bool digits = false, point = false;

	if (!s.n || s.p[0] != '-')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			digits = true;
		else if (s.p[i] == '.' && digits && !point)
			point = true;
		else
			return false;
	}
	return digits;
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* Of ASCII, or the full-width one that some programs take for it. */
static bool is_sign(struct str s)
{
	static const char *const wide[] = { "\uff1d", "\uff0b", "\uff0d",
					    "\uff20" };

	if (s.n && is_one_of(s.p[0], "=+-@"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(wide); i++)
		if (str_starts(s, str_of(wide[i])))
			return true;
	return false;
}

static bool is_formula(struct str s)
{
	return (is_sign(s) && !is_negative_number(s)) ||
	       (s.n && is_one_of(s.p[0], "\t\r\n"));
}

/* Where a program's list separator is another one it ends a cell in the middle
 * of ours, whose quotes then count for nothing: what would begin there? */
static bool parts_formula(struct str s)
{
	if (!s.n || !is_one_of(s.p[0], ";\t\r\n"))
		return false;
	do
		s = str_from(s, 1);
	while (s.n && s.p[0] == '"');
	return is_sign(s);
}

static bool wants_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_one_of(s.p[i], "\",;\r\n"))
			return true;
	return false;
}

size_t csv_cells(struct str row)
{
	size_t n = 1;

	for (size_t i = 0; i < row.n; i++)
		n += row.p[i] == CSV_PART;
	return n;
}

void csv_cell(struct buf *line, size_t n, struct str cell)
{
	bool quoted = wants_quotes(cell), formula = is_formula(cell);

	if (n)
		buf_char(line, ',');
	if (quoted)
		buf_char(line, '"');
	if (formula)
		buf_char(line, '\'');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_char(line, '"');
		buf_char(line, cell.p[i]);
		if (parts_formula(str_from(cell, i)))
			buf_char(line, '\'');
	}
	if (quoted)
		buf_char(line, '"');
}
