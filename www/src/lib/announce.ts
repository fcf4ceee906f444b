/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Says a change to people who don't see it. */
let region: HTMLElement | null = null;

export function announce(text: string): void {
  if (!region) {
    region = document.createElement('div');
    region.className = 'visually-hidden';
    region.setAttribute('role', 'status');
    document.body.append(region);
  }
  region.textContent = '';
  setTimeout(() => { if (region) region.textContent = text; }, 80);
}
