/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One's photo, beside the name wherever one appears; without it initials. */
import { render } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { me } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { Avatar, Icon, problemText } from '../ui/parts';

/* Of this side no picture is too many bytes. */
const SIDE = 256;
const MAX_FILE = 512 * 1024;

/** The middle of a photograph, in a size worth sending; null when the browser can't read it. */
async function middleOf(file: File): Promise<Blob | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const side = Math.min(picture.width, picture.height);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.min(side, SIDE);
  canvas.getContext('2d')?.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}

/** The menu above is the server's: it follows. */
function showInMenu(photo: string | null): void {
  const old = document.querySelector('.menu summary .avatar');
  if (!old) return;
  const host = document.createElement('span');
  render(<Avatar who={{ ...me, photo }} />, host);
  if (host.firstChild) old.replaceWith(host.firstChild);
}

export function Photo<P extends { name: string; photo: string | null }>({ of, set }: { of: P; set: (p: P) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const act = async (send: () => Promise<P>) => {
    if (busy) return;
    setBusy(true);
    setFault('');
    try {
      const next = await send();
      set(next);
      me.photo = next.photo;
      showInMenu(next.photo);
      announce(t('me.saved'));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(maybe(`me.photo.${e.errors[0]?.code ?? ''}`) ?? problemText(e));
    }
    setBusy(false);
  };
  const bring = (file: File) => act(async () => {
    /* What the browser can't read, the server judges. */
    const small = await middleOf(file) ?? file;
    if (small.size > MAX_FILE) throw new Problem(413, 'too-large', [{ field: 'file', code: 'too_large' }]);
    return api<P>('POST', '/api/me/photo', { file: small });
  });
  return (
    <section class="card form" aria-labelledby="photo">
      <h2 id="photo">{t('me.photo')}</h2>
      <div class="facts"><div class="who"><Avatar who={{ ...me, photo: of.photo }} /><span class="muted spelled" id="photo-hint">{t('me.photo.hint')}</span></div></div>
      {fault && <p class="error" role="alert">{fault}</p>}
      <div class="form-end">
        <input ref={input} type="file" hidden accept="image/png,image/jpeg,image/webp,image/*" aria-label={t('me.photo.choose')}
          onChange={(e) => { const file = e.currentTarget.files?.[0]; e.currentTarget.value = ''; if (file) void bring(file); }} />
        <button class="btn" type="button" aria-disabled={busy} aria-describedby="photo-hint" onClick={() => input.current?.click()}><Icon name="upload" />{t('me.photo.choose')}</button>
        {of.photo && <button class="btn btn-ghost" type="button" aria-disabled={busy} onClick={() => void act(() => api<P>('DELETE', '/api/me/photo'))}>{t('me.photo.remove')}</button>}
      </div>
    </section>
  );
}
