# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Everything generated goes to build/, everything that runs lives in var/.
# `make help` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PORT ?=
AS ?= owner
FILE ?=
SIZE ?= full
FUZZ_SECONDS ?= 600
PACKAGES ?= yes

install-packages = $(if $(filter no,$(PACKAGES)),true,conf/packages $(1))
again = $(MAKE) --no-print-directory -j2

## ---- what people type ------------------------------------------------------

.PHONY: help run stop reset test bench lighthouse lint format fuzz psql backup restore build clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: ## install, build and start everything; PORT=9000 moves it
	@$(call install-packages,run)
	@$(again) build
	@conf/instance start var --demo $(if $(PORT),--http $(PORT))

stop: ## end what `make run` started, and the tests' instance
	@conf/instance stop var
	@for t in build/t build/t2 build/t3; do [ ! -e $$t ] || conf/instance stop $$t >/dev/null; done

reset: ## delete all that `make run` made: the next one begins anew
	@conf/instance remove var

test: ## every suite against a sanitizer build; needs nothing running
	@$(call install-packages,test)
	@tests/run

bench: ## measure the optimised build; SIZE=small for a quick look
	@$(call install-packages,test)
	@$(again) build
	@SIZE=$(SIZE) tests/bench/run

lighthouse: ## what Lighthouse says of the public pages (fetches 190 MB of npm packages once)
	@$(call install-packages,test)
	@$(again) build
	@cd tests/lighthouse && { npm ls >/dev/null 2>&1 || npm ci --ignore-scripts --no-audit --no-fund --no-progress --loglevel=error; }
	@conf/instance start build/lighthouse --quiet --demo --http auto --links https
	@node tests/lighthouse/run.mjs build/lighthouse; status=$$?; conf/instance stop build/lighthouse >/dev/null; exit $$status

lint: ## the project's own rules, static analysis, types
	@$(call install-packages,test)
	@$(again) build/queries.h build/www.stamp
	@tests/lint --all

format: ## lay out the C files as .clang-format says
	clang-format -i $(wildcard fcgi/*.[ch] fcgi/handlers/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch] sql/context/*.[ch])

fuzz: ## each fuzz target for FUZZ_SECONDS=600
	@$(call install-packages,test)
	@tests/run fuzzing $(FUZZ_SECONDS)

psql: ## psql on the running instance; AS=owner|api|login|proof|bulk|jobs|postgres
	@conf/instance psql var $(AS)

backup: ## write the running instance's data to FILE=…
	@conf/instance backup var "$(FILE)"

restore: ## replace the running instance's data by FILE=…
	@conf/instance restore var "$(FILE)"

build: programs context build/www.stamp build/catcher.cjs ## programs and front end, without starting anything

clean: ## delete build/ (var/ stays)
	@for d in build/*/settings; do [ ! -e "$$d" ] || conf/instance remove "$${d%/settings}"; done
	rm -rf build www/dist

## ---- programs --------------------------------------------------------------

# What each program does not need. Everything else in fcgi/ goes into both;
# the linker's --gc-sections and the archives leave out what nobody calls.
JOBS_ONLY   := sportello knowledge master events hints jobs webhook letter smtp hosts scan inquiry holidays elsewhere ical front near program resolve work tenant bundle doctor probe
WORKER_ONLY := worker cgi routes serve page host range csv tus totp qr cbor webauthn jose oidc $(basename $(notdir $(wildcard fcgi/handlers/*.c)))

SOURCES := $(sort $(wildcard fcgi/*.c fcgi/handlers/*.c))
# No dots: a module's name is its file's.
modules = $(basename $(SOURCES:fcgi/%=%))
only    = $(filter $(foreach m,$(1),$(m) handlers/$(m)),$(modules))
IN_WORKER    = $(filter-out $(call only,$(JOBS_ONLY)),$(modules)) queries
IN_SPORTELLO = $(filter-out $(call only,$(WORKER_ONLY)),$(modules)) queries

# For signing in: authenticator apps, passkeys, single sign-on.
FACTORS := liboath libqrencode libfido2 cjose
# Pictures that people hand in.
PICTURES := libpng libturbojpeg libwebp libmagic
# Library headers are not ours to keep free of warnings, hence -isystem.
flags = $(shell pkg-config --cflags $(1) 2>/dev/null | sed 's/-I/-isystem /g')
LIBRARIES := libpq jansson libxml-2.0 md4c zlib libsodium libcurl libcares libidn2 $(FACTORS) $(PICTURES)
INCLUDES  := -Ifcgi -Ibuild $(call flags,$(LIBRARIES))
LIBS      := $(shell pkg-config --libs libpq jansson libxml-2.0 md4c zlib libsodium libcurl 2>/dev/null) -lm
LIBS_WORKER := -lfcgi $(shell pkg-config --libs libcrypto libidn2 $(FACTORS) $(PICTURES) 2>/dev/null)
LIBS_SPORTELLO := $(shell pkg-config --libs libcares libcrypto $(PICTURES) 2>/dev/null)

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wwrite-strings -Wconversion -Werror
C := -std=c17 -include fcgi/base.h $(INCLUDES) -MMD -MP
HARD := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection -fPIE \
	-ffunction-sections -fdata-sections
HARD_LINK := -pie -Wl,-z,relro,-z,now -Wl,--gc-sections -Wl,--as-needed
SANE := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer \
	-fno-sanitize-recover=all -DSPORTELLO_TEST -DARENA_DEBUG

.PHONY: programs programs-asan units fuzzers context
programs: build/bin/sportello-worker build/bin/sportello
programs-asan: build/asan/bin/sportello-worker build/asan/bin/sportello

build/bin/sportello-worker: $(IN_WORKER:%=build/obj/%.o)
	@mkdir -p $(@D)
	@echo '  link $@'; $(CC) $(HARD_LINK) -o $@ $^ $(LIBS) $(LIBS_WORKER)
build/bin/sportello: $(IN_SPORTELLO:%=build/obj/%.o)
	@mkdir -p $(@D)
	@echo '  link $@'; $(CC) $(HARD_LINK) -o $@ $^ $(LIBS) $(LIBS_SPORTELLO)
build/asan/bin/sportello-worker: $(IN_WORKER:%=build/asan/obj/%.o)
	@mkdir -p $(@D)
	@echo '  link $@'; $(CC) $(SANE) -o $@ $^ $(LIBS) $(LIBS_WORKER)
build/asan/bin/sportello: $(IN_SPORTELLO:%=build/asan/obj/%.o)
	@mkdir -p $(@D)
	@echo '  link $@'; $(CC) $(SANE) -o $@ $^ $(LIBS) $(LIBS_SPORTELLO)

build/obj/%.o: fcgi/%.c build/queries.h Makefile
	@mkdir -p $(@D)
	@echo '  cc   $<'; $(CC) $(C) $(WARNINGS) $(HARD) -c -o $@ $<
build/asan/obj/%.o: fcgi/%.c build/queries.h Makefile
	@mkdir -p $(@D)
	@echo '  asan $<'; $(CC) $(C) $(WARNINGS) $(SANE) -c -o $@ $<
# The migrations that this version knows, for `sportello doctor`.
MIGRATIONS := $(shell ls sql/migrations | sed -n 's/^0*\([0-9]*\)_.*/\1/p' | paste -sd,)
build/%/doctor.o: C += -DMIGRATIONS='"$(MIGRATIONS)"'
build/obj/doctor.o build/asan/obj/doctor.o build/fuzz/obj/doctor.o: $(wildcard sql/migrations/*.sql)
build/obj/queries.o: build/queries.c build/queries.h Makefile
	@mkdir -p $(@D)
	@echo '  cc   $<'; $(CC) $(C) $(WARNINGS) $(HARD) -c -o $@ $<
build/asan/obj/queries.o: build/queries.c build/queries.h Makefile
	@mkdir -p $(@D)
	@echo '  asan $<'; $(CC) $(C) $(WARNINGS) $(SANE) -c -o $@ $<

# The statements of sql/queries/, embedded. The list is a file of its own so
# that a deleted query is noticed too.
QUERIES := $(sort $(wildcard sql/queries/*/*.sql))
build/queries.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(QUERIES) | cmp -s - $@ || printf '%s\n' $(QUERIES) >$@
build/queries.h: build/queries.list $(QUERIES) sql/embed.awk
	@awk -v header=1 -f sql/embed.awk $(QUERIES) >$@
build/queries.c: build/queries.list $(QUERIES) sql/embed.awk
	@awk -f sql/embed.awk $(QUERIES) >$@
.PHONY: FORCE
FORCE:

# The context extension, against the server that `conf/instance` starts.
PG_CONFIG := /usr/lib/postgresql/15/bin/pg_config
context: build/context/sportello_context.so
CONTEXT := $(wildcard sql/context/*.c)
build/context/sportello_context.so: $(CONTEXT) $(wildcard sql/context/*.h) sql/context/exports Makefile
	@mkdir -p $(@D)
	@echo '  cc   sql/context'; $(CC) -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -Werror -O2 -g -fPIC \
		-fno-strict-aliasing -fwrapv -shared \
		-isystem $$($(PG_CONFIG) --includedir-server) \
		-Wl,-z,relro,-z,now -Wl,--version-script=sql/context/exports -o $@ $(CONTEXT)

## ---- front end -------------------------------------------------------------

WWW := $(shell find www lang conf/answer.html conf/answers.txt -type f -not -path '*/node_modules/*' -not -path 'www/dist/*' 2>/dev/null)
www/node_modules/.package-lock.json: www/package-lock.json
	@cd www && { npm ls >/dev/null 2>&1 || \
		npm ci --no-audit --no-fund --no-progress --loglevel=error; }
	@touch $@
build/www.stamp: www/node_modules/.package-lock.json $(WWW)
	@mkdir -p $(@D)
	@cd www && node build.mjs
	@touch $@

# The same with the right-to-left pseudo-language, for tests.
build/www-test.stamp: build/www.stamp
	@cd www && PSEUDO=1 DIST=../build/www-test node build.mjs >/dev/null
	@touch $@

# One file, so that an instance does not need node_modules.
build/catcher.cjs: conf/catcher.mjs conf/mail.mjs www/node_modules/.package-lock.json
	@mkdir -p $(@D)
	@NODE_PATH=www/node_modules www/node_modules/.bin/esbuild $< --bundle \
		--platform=node --format=cjs --log-level=warning --outfile=$@

## ---- tests -----------------------------------------------------------------

# Everything but the two mains, for unit programs to take from.
PURE = $(filter-out worker sportello,$(modules)) queries
build/asan/all.a: $(PURE:%=build/asan/obj/%.o)
	@rm -f $@ && $(AR) rcs $@ $^
UNITS := $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/*.c))
units: $(UNITS)
build/unit/%: tests/unit/%.c build/asan/all.a Makefile
	@mkdir -p $(@D)
	@echo '  unit $@'; $(CC) $(C) $(SANE) -Wall -Wextra -Werror -Itests/unit -MF $@.d -MT $@ -o $@ $< \
		build/asan/all.a -lcmocka -lcrypto $(LIBS) $(LIBS_WORKER) $(LIBS_SPORTELLO)

# A program that tests give HTML to.
build/lib/rebuild: tests/lib/rebuild.c build/asan/all.a Makefile
	@mkdir -p $(@D)
	@echo '  test $@'; $(CC) $(C) $(SANE) -Wall -Wextra -Werror -MF $@.d -MT $@ -o $@ $< \
		build/asan/all.a $(LIBS) $(LIBS_WORKER) $(LIBS_SPORTELLO)

build/bench-tools/markup: tests/bench/markup.c $(PURE:%=build/obj/%.o) Makefile
	@mkdir -p $(@D)
	@$(CC) $(C) $(WARNINGS) $(HARD) $(HARD_LINK) -MF $@.d -MT $@ -o $@ $< $(PURE:%=build/obj/%.o) \
		$(LIBS) $(LIBS_WORKER) $(LIBS_SPORTELLO)

FUZZ_CC := clang-14
FUZZ := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all -DSPORTELLO_TEST \
	-DARENA_DEBUG -w
build/fuzz/obj/%.o: fcgi/%.c build/queries.h Makefile
	@mkdir -p $(@D)
	@echo '  fuzz $<'; $(FUZZ_CC) $(C) $(FUZZ) -fsanitize=fuzzer-no-link,address,undefined -c -o $@ $<
build/fuzz/obj/queries.o: build/queries.c build/queries.h
	@mkdir -p $(@D)
	@echo '  fuzz $<'; $(FUZZ_CC) $(C) $(FUZZ) -fsanitize=fuzzer-no-link,address,undefined -c -o $@ $<
build/fuzz/all.a: $(PURE:%=build/fuzz/obj/%.o)
	@rm -f $@ && $(AR) rcs $@ $^
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
fuzzers: $(FUZZERS)
build/fuzz/%: tests/fuzz/%.c build/fuzz/all.a Makefile
	@mkdir -p $(@D)
	@echo '  fuzz $@'; $(FUZZ_CC) $(C) $(FUZZ) -MF $@.d -MT $@ -fsanitize=fuzzer,address,undefined -o $@ $< \
		build/fuzz/all.a $(LIBS) $(LIBS_WORKER) $(LIBS_SPORTELLO)

-include $(shell find build -name '*.d' -not -path 'build/t/*' -not -path 'build/t2/*' -not -path 'build/t3/*' 2>/dev/null)
