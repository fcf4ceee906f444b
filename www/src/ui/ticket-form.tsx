/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a ticket's form asked, below its other properties: fetched for tickets that have one. */
import type { Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { lazy, withSheet, withTexts } from './area';

export interface FormProps { page: TicketPage; r: Resource<TicketPage> }

export const TicketForm = lazy<FormProps>(() => withSheet(FORMS_CSS, withTexts(import('../forms/show'), import('../gen/forms'))),
  { wanted: ({ page: { ticket: { form } } }) => Boolean(form && (form.type || form.fields.length || form.can.priority)) });
