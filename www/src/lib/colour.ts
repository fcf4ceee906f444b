/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The contrast that follows from a portal's colours: fcgi/colour.c has the same numbers, css/tokens.css the same formulas. */
const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

export const isHex = (s: string) => /^#[0-9a-f]{6}$/.test(s);

export function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => linear(parseInt(hex.slice(i, i + 2), 16) / 255)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const ratio = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/** Text on the brand band: white or black, whichever shows better. */
export const bandContrast = (band: string) => { const y = luminance(band); return ratio(y, y < 0.179 ? 1 : 0); };

/** Links on white, and white on buttons: the accent is darkened as far as it must. */
export const accentContrast = (brand: string) => ratio(1, Math.min(luminance(brand), 0.13));
