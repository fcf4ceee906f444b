/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The panes of the workspace: which are open and how wide, as this browser
 * remembers. Where the window is narrow the details lie over the conversation,
 * and the views above the list, as long as one looks at them.
 */
import { computed, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { boot, me } from '../lib/boot';

export type Pane = 'views' | 'list' | 'side';
interface Kept { views?: boolean; side?: boolean; compact?: boolean; keys?: boolean; requester?: boolean; widths?: Partial<Record<Pane, number>> }

const NAME = `desk:${me?.id ?? 0}`;
const read = (): Kept => { try { return JSON.parse(localStorage.getItem(NAME) ?? '{}') as Kept; } catch { return {}; } };
export const kept = signal<Kept>(read());
/* Before anything is drawn: the list asks the sheet how high its rows are. */
const dense = () => { if (kept.peek().compact) document.documentElement.dataset['rows'] = 'compact'; else delete document.documentElement.dataset['rows']; };
dense();
export function keep(change: Kept): void {
  kept.value = { ...kept.peek(), ...change };
  dense();
  try { localStorage.setItem(NAME, JSON.stringify(kept.peek())); } catch { /* then it is so until the page is left */ }
}

type Room = 'wide' | 'middle' | 'narrow';
const WIDE = matchMedia('(width >= 80rem)');
const MIDDLE = matchMedia('(width >= 60rem)');
const roomNow = (): Room => (WIDE.matches ? 'wide' : MIDDLE.matches ? 'middle' : 'narrow');
export const room = signal<Room>(roomNow());
/** What lies over the rest. */
export const over = signal<'views' | 'side' | null>(null);
for (const m of [WIDE, MIDDLE]) m.addEventListener('change', () => { room.value = roomNow(); over.value = null; });

export const viewsOpen = computed(() => (room.value === 'narrow' ? over.value === 'views' : kept.value.views ?? true));
export const sideOpen = computed(() => (room.value === 'narrow' ? true : room.value === 'wide' ? kept.value.side ?? true : over.value === 'side'));
export const toggleViews = () => { if (room.peek() === 'narrow') over.value = viewsOpen.peek() ? null : 'views'; else keep({ views: !viewsOpen.peek() }); };
export const toggleSide = () => { if (room.peek() === 'wide') keep({ side: !sideOpen.peek() }); else over.value = over.peek() === 'side' ? null : 'side'; };

/** In pixels, from and to. */
export const LIMITS: Record<Pane, [number, number]> = { views: [140, 320], list: [260, 640], side: [220, 480] };
const STEP = 16;

/** The edge of a pane, which a pointer drags and arrow keys move. */
export function Edge({ of, label }: { of: Pane; label: string }) {
  const ref = useRef<HTMLDivElement>(null);
  const [least, most] = LIMITS[of];
  const pane = () => document.querySelector<HTMLElement>(`.pane-${of}`);
  const now = kept.value.widths?.[of];
  const set = (px: number) => keep({ widths: { ...kept.peek().widths, [of]: Math.round(Math.min(most, Math.max(least, px))) } });
  const sign = (of === 'side' ? -1 : 1) * (boot.dir === 'rtl' ? -1 : 1);
  useEffect(() => {
    if (now === undefined) document.getElementById('main')?.style.removeProperty(`--${of}`);
    const width = Math.round(pane()?.getBoundingClientRect().width ?? least);
    ref.current?.setAttribute('aria-valuenow', String(Math.min(most, Math.max(least, width))));
  });
  return (
    <div class="edge" data-of={of} ref={ref} role="separator" tabIndex={0} aria-orientation="vertical" aria-label={label} aria-controls={`pane-${of}`}
      aria-valuemin={least} aria-valuemax={most} aria-valuenow={now ?? least}
      onDblClick={() => { const { [of]: _, ...widths } = kept.peek().widths ?? {}; keep({ widths }); }}
      onPointerDown={(e) => {
        if (e.button !== 0) return;
        const from = e.clientX;
        const width = pane()?.getBoundingClientRect().width ?? least;
        const edge = e.currentTarget;
        edge.setPointerCapture(e.pointerId);
        const move = (m: PointerEvent) => set(width + sign * (m.clientX - from));
        edge.addEventListener('pointermove', move);
        edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true });
      }}
      onKeyDown={(e) => {
        const width = pane()?.getBoundingClientRect().width ?? least;
        const to = e.key === 'ArrowLeft' ? width - sign * STEP : e.key === 'ArrowRight' ? width + sign * STEP : e.key === 'Home' ? least : e.key === 'End' ? most : null;
        if (to === null || e.ctrlKey || e.metaKey || e.altKey) return;
        e.preventDefault();
        set(to);
      }} />
  );
}

/** What the sheet draws by stands at the page's main element. */
export function usePanes(main: HTMLElement | null, desk: boolean): void {
  const { widths } = kept.value;
  const noViews = !viewsOpen.value, noSide = !sideOpen.value;
  useEffect(() => {
    if (!main) return;
    main.classList.toggle('no-views', desk && noViews);
    main.classList.toggle('no-side', desk && noSide);
    for (const of of ['views', 'list', 'side'] as const) {
      const px = widths?.[of];
      const shut = of === 'views' ? noViews : of === 'side' && (noSide || room.peek() !== 'wide');
      if (desk && px !== undefined && !shut) main.style.setProperty(`--${of}`, `${px}px`);
      else main.style.removeProperty(`--${of}`);
    }
  }, [desk, noViews, noSide, JSON.stringify(widths), room.value]);
}
