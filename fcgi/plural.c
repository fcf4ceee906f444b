/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plural.h"

#include "arena.h"

/* Arabic's rule nests five deep; this is for what is not a rule. */
enum { DEPTH_MAX = 32, HEADER_MAX = 1024 };

enum op {
	OP_NUMBER,
	OP_N,
	OP_NOT,
	OP_MUL,
	OP_DIV,
	OP_MOD,
	OP_ADD,
	OP_SUB,
	OP_LT,
	OP_GT,
	OP_LE,
	OP_GE,
	OP_EQ,
	OP_NE,
	OP_AND,
	OP_OR,
	OP_IF,
};

struct expr {
	enum op op;
	uint64_t number;
	const struct expr *a, *b, *c;
};

struct plural {
	size_t forms;
	const struct expr *rule;
};

struct parser {
	struct str rest;
	unsigned depth;
};

/* Longer ones before their prefixes. */
static const struct {
	const char *token;
	enum op op;
	int binds; /* more tightly: more */
} operators[] = {
	{ "||", OP_OR, 1 }, { "&&", OP_AND, 2 }, { "==", OP_EQ, 3 },
	{ "!=", OP_NE, 3 }, { "<=", OP_LE, 4 },	 { ">=", OP_GE, 4 },
	{ "<", OP_LT, 4 },  { ">", OP_GT, 4 },	 { "+", OP_ADD, 5 },
	{ "-", OP_SUB, 5 }, { "*", OP_MUL, 6 },	 { "/", OP_DIV, 6 },
	{ "%", OP_MOD, 6 },
};

static const struct expr *node(enum op op, const struct expr *a,
			       const struct expr *b, const struct expr *c)
{
	struct expr *e = alloc_forever(sizeof(*e));

	*e = (struct expr){ .op = op, .a = a, .b = b, .c = c };
	return e;
}

static bool take(struct parser *p, const char *token)
{
	p->rest = str_trim(p->rest);
	if (!str_starts(p->rest, str_of(token)))
		return false;
	p->rest = str_from(p->rest, strlen(token));
	return true;
}

static const struct expr *parse_choice(struct parser *p);

static const struct expr *parse_number(struct parser *p)
{
	struct str digits = p->rest;
	struct expr *e;
	uint64_t number;

	digits.n = 0;
	while (digits.n < p->rest.n && digits.p[digits.n] >= '0' &&
	       digits.p[digits.n] <= '9')
		digits.n++;
	if (!str_u64(digits, UINT32_MAX, &number))
		return NULL;
	p->rest = str_from(p->rest, digits.n);
	e = alloc_forever(sizeof(*e));
	*e = (struct expr){ .op = OP_NUMBER, .number = number };
	return e;
}

static const struct expr *parse_operand(struct parser *p)
{
	const struct expr *e = NULL;

	if (++p->depth > DEPTH_MAX)
		return NULL;
	if (take(p, "(")) {
		e = parse_choice(p);
		if (e && !take(p, ")"))
			return NULL;
	} else if (take(p, "!")) {
		e = parse_operand(p);
		e = e ? node(OP_NOT, e, NULL, NULL) : NULL;
	} else if (take(p, "n")) {
		e = node(OP_N, NULL, NULL, NULL);
	} else {
		e = parse_number(p);
	}
	p->depth--;
	return e;
}

/* The place of the operator that comes next and binds at least so tightly. */
static size_t next_operator(struct parser *p, int least)
{
	p->rest = str_trim(p->rest);
	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (str_starts(p->rest, str_of(operators[i].token)))
			return operators[i].binds >= least
				       ? i
				       : ARRAY_LEN(operators);
	return ARRAY_LEN(operators);
}

static const struct expr *parse_binary(struct parser *p, int least)
{
	const struct expr *left = parse_operand(p);
	size_t i;

	while (left && (i = next_operator(p, least)) < ARRAY_LEN(operators)) {
		const struct expr *right;

		take(p, operators[i].token);
		right = parse_binary(p, operators[i].binds + 1);
		if (!right)
			return NULL;
		left = node(operators[i].op, left, right, NULL);
	}
	return left;
}

static const struct expr *parse_choice(struct parser *p)
{
	const struct expr *test, *yes, *no = NULL;

	if (++p->depth > DEPTH_MAX)
		return NULL;
	test = parse_binary(p, 1);
	if (test && take(p, "?")) {
		yes = parse_choice(p);
		if (yes && take(p, ":"))
			no = parse_choice(p);
		test = no ? node(OP_IF, test, yes, no) : NULL;
	}
	p->depth--;
	return test;
}

static uint64_t eval(const struct expr *e, uint64_t n, bool *ok);

static uint64_t divide(enum op op, uint64_t a, uint64_t b, bool *ok)
{
	if (b == 0) {
		*ok = false;
		return 0;
	}
	return op == OP_DIV ? a / b : a % b;
}

static uint64_t eval_binary(const struct expr *e, uint64_t n, bool *ok)
{
	uint64_t a = eval(e->a, n, ok);
	uint64_t b = eval(e->b, n, ok);

	switch (e->op) {
	case OP_MUL:
		return a * b;
	case OP_ADD:
		return a + b;
	case OP_SUB:
		return a - b;
	case OP_LT:
		return a < b;
	case OP_GT:
		return a > b;
	case OP_LE:
		return a <= b;
	case OP_GE:
		return a >= b;
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	default:
		return divide(e->op, a, b, ok);
	}
}

static uint64_t eval(const struct expr *e, uint64_t n, bool *ok)
{
	switch (e->op) {
	case OP_NUMBER:
		return e->number;
	case OP_N:
		return n;
	case OP_NOT:
		return !eval(e->a, n, ok);
	case OP_AND:
		return eval(e->a, n, ok) && eval(e->b, n, ok);
	case OP_OR:
		return eval(e->a, n, ok) || eval(e->b, n, ok);
	case OP_IF:
		return eval(e->a, n, ok) ? eval(e->b, n, ok)
					 : eval(e->c, n, ok);
	default:
		return eval_binary(e, n, ok);
	}
}

static const char *check(const struct plural *p)
{
	for (uint64_t n = 0; n <= 1000; n++) {
		bool ok = true;

		if (eval(p->rule, n, &ok) >= p->forms)
			return "Plural-Forms asks for more than nplurals";
		if (!ok)
			return "Plural-Forms divides by zero";
	}
	return NULL;
}

/* "name = value" up to the semicolon, which may be missing at the end. */
static bool take_setting(struct str *header, const char *name,
			 struct str *value)
{
	struct str part = str_cut(header, ';');
	struct str key = str_trim(str_cut(&part, '='));

	*value = str_trim(part);
	return str_eqz(key, name);
}

const struct plural *plural_parse(struct str header, const char **why)
{
	struct plural *p = alloc_forever(sizeof(*p));
	struct parser parser = { .depth = 0 };
	struct str value;
	uint64_t forms;

	*why = "Plural-Forms is longer than 1024 bytes";
	if (header.n > HEADER_MAX)
		return NULL;
	*why = "Plural-Forms has no nplurals from 1 to 6";
	if (!take_setting(&header, "nplurals", &value) ||
	    !str_u64(value, PLURAL_FORMS_MAX, &forms) || forms < 1)
		return NULL;
	*why = "Plural-Forms has no plural= expression of numbers and n";
	if (!take_setting(&header, "plural", &parser.rest))
		return NULL;
	p->forms = forms;
	p->rule = parse_choice(&parser);
	if (!p->rule || str_trim(parser.rest).n || str_trim(header).n)
		return NULL;
	*why = check(p);
	return *why ? NULL : p;
}

size_t plural_forms(const struct plural *p)
{
	return p->forms;
}

size_t plural_form(const struct plural *p, uint64_t n)
{
	bool ok = true;
	uint64_t form = eval(p->rule, n, &ok);

	return ok && form < p->forms ? form : 0;
}
