// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Identity providers: a real one (npm oidc-provider), and one that says
// whatever a test wants. Both over https with the instance's own certificate,
// which the workers of the test instance trust (tests/run).
import { createHash, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { newPair } from './authenticator.mjs';
import { ca, need, state } from './instance.mjs';

const tls = () => ({ key: readFileSync(`${state}/tls/server.key`), cert: readFileSync(`${state}/tls/server.pem`) });
const listen = async (server) => {
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return `https://localhost:${server.address().port}`;
};
const close = (server) => { server.closeAllConnections(); server.close(); };

const newKey = (alg) => {
  const pair = alg === 'RS256' ? newPair('rsa', { modulusLength: 2048 }) : alg === 'ES256' ? newPair('ec', { namedCurve: 'P-256' }) : newPair('ed25519');
  const about = { kid: `${alg}-${randomBytes(4).toString('hex')}`, use: 'sig', alg };
  return { ...about, private: pair.privateKey, jwk: { ...pair.publicKey.export({ format: 'jwk' }), ...about }, secret: { ...pair.privateKey.export({ format: 'jwk' }), ...about } };
};

// clients: [{ id, secret, back, alg, method }]. The account that is signed in
// there is `provider.account`; null: they refuse. accounts: { sub: claims }.
export async function startProvider({ clients, accounts }) {
  const warned = console.warn;
  console.warn = console.info = () => {};
  const { default: Provider } = await import(need.resolve('oidc-provider'));
  let answer;
  const server = createServer(tls(), (q, a) => answer(q, a));
  const issuer = await listen(server);
  const provider = new Provider(issuer, {
    clients: clients.map((c) => ({
      client_id: c.id, client_secret: c.secret, redirect_uris: c.back, response_types: ['code'], grant_types: ['authorization_code'],
      token_endpoint_auth_method: c.method ?? 'client_secret_basic', id_token_signed_response_alg: c.alg ?? 'RS256',
    })),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name'] },
    // As they are by default: addresses only at the userinfo endpoint.
    conformIdTokenClaims: true,
    jwks: { keys: ['RS256', 'ES256', 'EdDSA'].map((alg) => newKey(alg).secret) },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    pkce: { methods: ['S256'], required: () => true },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  });
  console.warn = warned;
  const self = { issuer, account: Object.keys(accounts)[0], stop: () => close(server) };
  const interact = async (q, a) => {
    const { prompt, params, session } = await provider.interactionDetails(q, a);
    if (self.account === null) return provider.interactionFinished(q, a, { error: 'access_denied' }, { mergeWithLastSubmission: false });
    if (prompt.name === 'login') return provider.interactionFinished(q, a, { login: { accountId: self.account } }, { mergeWithLastSubmission: false });
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope('openid email profile');
    return provider.interactionFinished(q, a, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  };
  const rest = provider.callback();
  answer = (q, a) => (q.url.startsWith('/interaction/') ? interact(q, a).catch((e) => { a.writeHead(500); a.end(String(e)); }) : rest(q, a));
  return self;
}

// One that describes itself well, and whose tokens are what say({ nonce, key,
// issuer, sign, … }) returns; a test changes `say`, `keys`, `about` and so on.
export async function startLiar({ client = 'us' } = {}) {
  const key = newKey('EdDSA');
  const self = { key, keys: [key], codes: {}, asked: { token: [], keys: 0, userinfo: 0 }, userinfo: null, about: {}, delay: 0, status: 200 };
  const json = (a, status, body) => setTimeout(() => a.writeHead(status, { 'Content-Type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body)), self.delay);
  const server = createServer(tls(), (q, a) => {
    const path = q.url.split('?')[0];
    if (path === '/.well-known/openid-configuration') return json(a, self.status, {
      issuer: self.issuer, authorization_endpoint: `${self.issuer}/auth`, token_endpoint: `${self.issuer}/token`, jwks_uri: `${self.issuer}/keys`,
      userinfo_endpoint: `${self.issuer}/me`, response_types_supported: ['code'], code_challenge_methods_supported: ['S256'], ...self.about,
    });
    if (path === '/keys') { self.asked.keys++; return json(a, 200, { keys: self.keys.map((k) => k.jwk) }); }
    if (path === '/me') { self.asked.userinfo++; return json(a, self.userinfo ? 200 : 401, self.userinfo ?? {}); }
    if (path !== '/token') return json(a, 404, {});
    let body = '';
    q.on('data', (d) => { body += d; }).on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      self.asked.token.push({ ...form, authorization: q.headers.authorization });
      const known = self.codes[form.code];
      if (!known) return json(a, 400, { error: 'invalid_grant' });
      // As a provider does it: the code is good once, and PKCE fits.
      delete self.codes[form.code];
      if (createHash('sha256').update(form.code_verifier ?? '').digest('base64url') !== known.code_challenge) return json(a, 400, { error: 'invalid_grant' });
      const said = self.say({ ...known, ...self.basics(known) });
      return json(a, 200, typeof said === 'string' ? { id_token: said, access_token: 'access', token_type: 'Bearer' } : said);
    });
  });
  self.issuer = await listen(server);
  self.sign = (claims, { header = {}, by = self.key } = {}) => {
    const part = (x) => Buffer.from(JSON.stringify(x)).toString('base64url');
    const text = `${part({ alg: by.alg, kid: by.kid, ...header })}.${part(claims)}`;
    return `${text}.${sign(by.alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), { key: by.private, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const now = () => Math.floor(Date.now() / 1000);
  self.basics = ({ nonce }) => ({ now: now(), claims: { iss: self.issuer, aud: client, sub: 'sub-1', exp: now() + 300, iat: now(), nonce, email: 'member@people.example', email_verified: true } });
  self.say = ({ claims }) => self.sign(claims);
  // The person came to /auth with these questions: the code they go back with.
  self.allow = (url) => {
    const question = Object.fromEntries(new URL(url).searchParams);
    const code = randomBytes(12).toString('base64url');
    self.codes[code] = question;
    return { code, question };
  };
  self.newKey = newKey;
  self.stop = () => close(server);
  return self;
}

export { ca };
