/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Files as pages show them: those that go with what is written, and those that a ticket has. */
export { Attached, TicketFiles } from './shown';
export { Limits, Uploads } from './uploads';
