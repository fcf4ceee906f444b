/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Passkeys: bytes to the browser and back, as text that fits forms and JSON. */

export const hasPasskeys = typeof PublicKeyCredential === 'function';

const bytes = (list: Iterable<number>) => Uint8Array.from(list) as Uint8Array<ArrayBuffer>;
const fromHex = (hex: string) => bytes(Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)));
const fromText = (text: string) => bytes(new TextEncoder().encode(text));
const fromBase64 = (text: string) => bytes(Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)));
const toBase64 = (buffer: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const known = (keys: string[]): PublicKeyCredentialDescriptor[] => keys.map((id) => ({ type: 'public-key', id: fromHex(id) }));

/** What the server asks for a new one. */
export interface Asked { challenge: string; user: string; name: string; shown: string; known: string[] }

/** A new passkey; null when the person let it be. */
export async function makePasskey(asked: Asked): Promise<{ client_data: string; attestation: string } | null> {
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { name: document.title },
      challenge: fromText(asked.challenge),
      user: { id: fromHex(asked.user), name: asked.name, displayName: asked.shown },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: known(asked.known),
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
      attestation: 'none',
      timeout: 300_000,
    },
  }).catch(() => null) as PublicKeyCredential | null;
  if (!made) return null;
  const said = made.response as AuthenticatorAttestationResponse;
  return { client_data: toBase64(said.clientDataJSON), attestation: toBase64(said.attestationObject) };
}

/** One of these passkeys shows itself; null when none did. */
export async function showPasskey(challenge: string, keys: string[]): Promise<Record<'credential' | 'client_data' | 'data' | 'signature', string> | null> {
  const shown = await navigator.credentials.get({
    publicKey: { challenge: fromBase64(challenge), allowCredentials: known(keys), userVerification: 'preferred', timeout: 300_000 },
  }).catch(() => null) as PublicKeyCredential | null;
  if (!shown) return null;
  const said = shown.response as AuthenticatorAssertionResponse;
  return {
    credential: toBase64(shown.rawId),
    client_data: toBase64(said.clientDataJSON),
    data: toBase64(said.authenticatorData),
    signature: toBase64(said.signature),
  };
}
