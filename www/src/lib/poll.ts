/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { useEffect, useRef } from 'preact/hooks';

/** Calls again and again while the page is seen, and at once when it is seen again. */
export function usePoll(seconds: number, work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    let last = Date.now();
    const tick = () => {
      if (document.visibilityState !== 'visible' || Date.now() - last < seconds * 1000 - 50) return;
      last = Date.now();
      latest.current();
    };
    const timer = setInterval(tick, seconds * 1000);
    document.addEventListener('visibilitychange', tick);
    return () => { clearInterval(timer); document.removeEventListener('visibilitychange', tick); };
  }, [seconds]);
}
