/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Makes server-rendered pages smoother; everything works without it. Menus
 * close, the theme changes without a reload.
 */
const cookie = (name: string, value: string | null) => {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${name}=${value ?? ''}; Path=/; SameSite=Lax; Max-Age=${value ? 31536000 : 0}${secure}`;
};

/* One open menu, closed by a click elsewhere and by Escape. */
const menus = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]');
document.addEventListener('click', (e) => {
  for (const m of menus()) if (!m.contains(e.target as Node)) m.open = false;
});
document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape' || e.isComposing) return;
  for (const m of menus()) {
    m.open = false;
    m.querySelector('summary')?.focus();
  }
});

/* Light, dark, or as the system says. */
const root = document.documentElement;
const buttons = document.querySelectorAll<HTMLButtonElement>('form[data-prefs=theme] button');
const mark = () => {
  for (const b of buttons) b.setAttribute('aria-pressed', String(b.value === (root.dataset['theme'] ?? 'auto')));
};
for (const b of buttons) {
  b.addEventListener('click', (e) => {
    e.preventDefault();
    if (b.value === 'auto') delete root.dataset['theme'];
    else root.dataset['theme'] = b.value;
    cookie('theme', b.value === 'auto' ? null : b.value);
    mark();
  });
}
mark();

/* A language menu in an app returns to where the app is, not to where it began. */
document.addEventListener('submit', (e) => {
  const to = (e.target as HTMLFormElement).querySelector<HTMLInputElement>('input[name=to]');
  if (to && (e.target as HTMLFormElement).dataset['prefs']) to.value = location.pathname + location.search;
});

/* What a search field suggests is fetched when it is first used. */
document.addEventListener('focusin', (e) => {
  const field = e.target as HTMLInputElement;
  if (field.dataset['suggest']) void import('./suggest').then((m) => m.suggest(field)).catch(() => {});
});

/* Signing out takes one's drafts out of this browser first. Before that the
 * apps end, here and in other tabs: nothing they know comes back. */
document.addEventListener('submit', (e) => {
  const form = e.target as HTMLFormElement;
  const person = form.dataset['person'];
  if (!person || e.defaultPrevented) return;
  dispatchEvent(new Event('leave'));
  new BroadcastChannel('leave').postMessage(person);
  addEventListener('pageshow', (e) => { if (e.persisted) location.reload(); });
  let any = false;
  try { any = Object.keys(localStorage).some((n) => n.startsWith(`draft:${person}:`) || n.startsWith(`files:draft:${person}:`)); } catch { /* then nothing is kept */ }
  if (!any) return;
  e.preventDefault();
  void import('./leave').then((m) => m.leave(person)).catch(() => {}).finally(() => form.submit());
});
