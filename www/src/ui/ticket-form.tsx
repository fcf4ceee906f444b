/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a ticket's form asked, below its other properties: fetched for tickets that have one. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { withSheet, withTexts } from './area';

export interface FormProps { page: TicketPage; r: Resource<TicketPage> }

export function TicketForm(props: FormProps) {
  const { form } = props.page.ticket;
  const any = Boolean(form && (form.type || form.fields.length || form.can.priority));
  const [Part, setPart] = useState<((p: FormProps) => VNode | null) | null>(null);
  useEffect(() => { if (any) withSheet(FORMS_CSS, withTexts(import('../forms/show'), import('../gen/forms'))).then((m) => setPart(() => m.default), () => {}); }, [any]);
  return any && Part ? <Part {...props} /> : null;
}
