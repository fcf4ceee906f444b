/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * webhook.h: messages to the tenants' own products, by the jobs.
 *
 * Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature, which
 * is "v1," and the HMAC-SHA-256 of id, timestamp and body under the secret. An
 * answer of 2xx takes the message, 410 wants no more of them, anything else is
 * tried again after wait() seconds, as mail is. Addresses are a customer's words, so
 * that fetch.h decides where they may lead.
 */
#ifndef SPORTELLO_WEBHOOK_H
#define SPORTELLO_WEBHOOK_H

#include "str.h"

/* Ends grants that are over, at most every few seconds, and sends a few
 * messages: a slow product must not hold up the mail. *more: there may be
 * others. False: the database is away. */
bool webhook_turn(unsigned (*wait)(unsigned attempts), bool *more) MUST_CHECK;

#endif
