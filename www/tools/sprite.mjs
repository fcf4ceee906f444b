/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One SVG sprite of the Lucide icons (ISC) that the apps use. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export const ICONS = ['archive', 'arrow-down', 'arrow-left', 'arrow-up', 'bold', 'calendar-off', 'check', 'chevron-down', 'circle-alert', 'code', 'copy', 'download', 'eye', 'folder', 'grip-vertical', 'heading-2', 'heading-3', 'image', 'inbox', 'info', 'italic', 'keyboard', 'link',
  'list', 'list-filter', 'list-ordered', 'lock', 'minus', 'panel-left', 'panel-right', 'paperclip', 'pause', 'pencil', 'plus', 'quote', 'rotate-cw', 'redo-2', 'rows-4', 'search', 'send', 'square-code', 'table', 'text-align-center', 'text-align-end', 'text-align-start', 'trash-2', 'undo-2', 'upload', 'user-plus', 'users', 'x'];

export function sprite() {
  const icons = join(dirname(createRequire(import.meta.url).resolve('lucide-static/package.json')), 'icons');
  const symbols = ICONS.map((name) => {
    const svg = readFileSync(join(icons, `${name}.svg`), 'utf8');
    const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).replace(/\s+/g, ' ').replace(/ \/>/g, '/>').trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}
