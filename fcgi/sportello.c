/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sportello: the operator's program. The supervisor, the jobs, the tenants, and
 * what there is to ask about them.
 */
#include "config.h"
#include "doctor.h"
#include "events.h"
#include "hosts.h"
#include "jobs.h"
#include "knowledge.h"
#include "master.h"
#include "tenant.h"
#include "scan.h"
#include "webhook.h"

#define VERSION "0.1.0"

static int settings(void)
{
	config_print(stdout);
	return 0;
}

static int version(void)
{
	puts("sportello " VERSION);
	return 0;
}

static int help(void);

static const struct command {
	const char *name;
	int (*run)(void);
	int (*run_with)(int argc, char **argv); /* or this: more words */
	bool reads_settings;
	const char *sentence;
} commands[] = {
	{ "master", master_run, NULL, true,
	  "supervise the pools of workers and the jobs" },
	{ "events", events_run, NULL, true,
	  "work out who gets mail of what happened, and tell open pages" },
	{ "jobs", jobs_run, NULL, true, "send mail, and do what is due" },
	{ "webhooks", webhooks_run, NULL, true,
	  "send messages to the tenants' own products" },
	{ "hosts", hosts_run, NULL, true,
	  "look for the proofs of customers' own hosts, get certificates, "
	  "ask identity providers what they are, read calendars' feeds" },
	{ "scans", scans_run, NULL, true,
	  "have files looked at by the virus scanner, where there is one" },
	{ "tenant", NULL, tenant_run, true,
	  "make, list, suspend, export and erase tenants" },
	{ "kb", NULL, knowledge_run, true,
	  "hand out a tenant's knowledge base, or take one in" },
	{ "doctor", doctor_run, NULL, true,
	  "look whether everything is well, and say what to do" },
	{ "settings", settings, NULL, false,
	  "print every setting with its default, as an environment file" },
	{ "version", version, NULL, false, "print the version" },
	{ "help", help, NULL, false, "print this" },
};

static int help(void)
{
	puts("usage: sportello COMMAND\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		printf("  %-9s %s\n", commands[i].name, commands[i].sentence);
	puts("\nSettings come from the environment: see `sportello settings`.");
	return 0;
}

static int run(const struct command *c, int argc, char **argv)
{
	const char *why = "";

	if (c->reads_settings && !config_load(&why)) {
		fprintf(stderr, "sportello: %s\n", why);
		return 2;
	}
	int status = c->run ? c->run() : c->run_with(argc, argv);
	return fflush(stdout) ? 1 : status;
}

int main(int argc, char **argv)
{
	const char *name = argc >= 2 ? argv[1] : "";

	if (!strcmp(name, "--help") || !strcmp(name, "--version"))
		name += 2;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (!strcmp(name, commands[i].name) &&
		    (argc == 2 || commands[i].run_with))
			return run(&commands[i], argc - 2, argv + 2);
	fprintf(stderr, "sportello: %s; `sportello help` lists the commands\n",
		*name ? "there is no such command" : "say one command");
	return 2;
}
