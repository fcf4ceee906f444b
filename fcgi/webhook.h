/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * webhook.h: `sportello webhooks`, messages to the tenants' own products.
 *
 * Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature, which
 * is "v1," and the HMAC-SHA-256 of id, timestamp and body under the secret. An
 * answer of 2xx takes the message, 410 wants no more of them, anything else is
 * tried again after work_next_try() seconds, as mail is. Addresses are a customer's
 * words, so that fetch.h decides where they may lead.
 *
 * A process of its own: a product that takes its five seconds over each answer
 * holds up no mail, and other tenants' messages by one answer, since they are
 * taken by turns.
 */
#ifndef SPORTELLO_WEBHOOK_H
#define SPORTELLO_WEBHOOK_H

/* Runs until SIGTERM, which it heeds between two messages. The exit status; 2:
 * it could not start, and has said why on standard error. */
int webhooks_run(void);

#endif
