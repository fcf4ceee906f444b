/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Titles below a search field while somebody types: fetched when the field is
 * first used. Without it the form finds the same by a page.
 */
type Hint = { key: string; title: [string, boolean][]; url: string; language: string };

const WAIT = 150;

export function suggest(input: HTMLInputElement) {
  if (input.role) return;
  const list = document.createElement('ul');
  list.className = 'kb-hints';
  list.id = `${input.id}-hints`;
  list.role = 'listbox';
  list.ariaLabel = input.dataset['label'] ?? '';
  list.hidden = true;
  input.after(list);
  input.role = 'combobox';
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list.id);
  let hints: Hint[] = [];
  let at = -1;
  let timer = 0;
  let asked: AbortController | undefined;
  let of = '';

  /* By the way that counts what was looked for and where it led. */
  const go = (h: Hint) => location.assign(`/${h.url.split('/')[1]}/search/${h.key}?${new URLSearchParams({ q: of, typed: 'yes' })}`);
  const show = (open: boolean) => {
    list.hidden = !open;
    input.ariaExpanded = String(open);
  };
  const choose = (n: number) => {
    at = n;
    [...list.children].forEach((li, i) => { li.ariaSelected = String(i === n); });
    if (n < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', `${list.id}-${n}`);
  };
  const fill = () => {
    list.replaceChildren(...hints.map((h, i) => {
      const li = document.createElement('li');
      li.id = `${list.id}-${i}`;
      li.role = 'option';
      li.lang = h.language;
      li.dir = 'auto';
      li.append(...h.title.map(([text, hit]) => {
        if (!hit) return text;
        const mark = document.createElement('mark');
        mark.textContent = text;
        return mark;
      }));
      li.addEventListener('mousedown', (e) => e.preventDefault());
      li.addEventListener('click', () => go(h));
      return li;
    }));
    choose(-1);
    show(hints.length > 0);
  };
  /* What was asked for before is not waited for any more. */
  const ask = async () => {
    asked?.abort();
    const q = input.value.trim();
    if (q.length < 2) {
      hints = [];
      return fill();
    }
    const mine = asked = new AbortController();
    try {
      const answer = await fetch(`/api/kb/suggest?${new URLSearchParams({ q, lang: input.dataset['suggest'] ?? '' })}`, { signal: mine.signal });
      hints = answer.ok ? (await answer.json()).suggestions : [];
      of = q;
    } catch {
      if (mine.signal.aborted) return;
      hints = [];
    }
    if (document.activeElement === input) fill();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), WAIT);
  };
  input.addEventListener('input', later);
  input.addEventListener('keydown', (e) => {
    if (e.isComposing || list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      e.preventDefault();
      choose(((at + 1 + step + hints.length + 1) % (hints.length + 1)) - 1);
    } else if (e.key === 'Enter' && at >= 0) {
      e.preventDefault();
      go(hints[at]!);
    } else if (e.key === 'Escape') {
      e.preventDefault();
      show(false);
    }
  });
  input.addEventListener('blur', () => {
    asked?.abort();
    clearTimeout(timer);
    show(false);
  });
  show(false);
  if (input.value !== input.defaultValue) later();
}
