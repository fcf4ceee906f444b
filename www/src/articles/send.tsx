/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is sent from these pages, and what is said when it was refused. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { maybe } from '../lib/i18n';
import { fieldText, Icon, problemText } from '../ui/parts';
import type { Send } from './data';

export function faultText(p: Problem): string {
  const code = p.errors[0]?.code;
  return code ? maybe(`before.fault.${code}`) ?? fieldText(code) : problemText(p);
}

export function useSend(): { send: Send; wrong: string } {
  const [wrong, setWrong] = useState('');
  const send: Send = async <T,>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, done: string, key?: string): Promise<T | null> => {
    setWrong('');
    try {
      const now = await api<T>(method, path, { ...(body === undefined ? {} : { body }), ...(key ? { key } : {}) });
      announce(done);
      return now;
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setWrong(faultText(e));
      return null;
    }
  };
  return { send, wrong };
}

export function Refused({ text }: { text: string }) {
  const ref = useRef<HTMLParagraphElement>(null);
  useEffect(() => { if (text) ref.current?.focus(); }, [text]);
  return text ? <p class="error" ref={ref} tabIndex={-1} role="alert"><Icon name="circle-alert" />{text}</p> : null;
}
