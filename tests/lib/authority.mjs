// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An ACME server (Debian's pebble) that asks the instance's nginx for its
// challenges, and finds hosts by a name server of tests/lib/names.mjs.
//
//   const authority = await acmeServer(names.address);
//   authority.url        its directory
//   authority.program    conf/certificate, with an uacme that trusts it
//   authority.root       the certificate that those it issues lead to
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { createServer } from 'node:net';
import { port, root, state, until } from './instance.mjs';

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: number } = server.address();
      server.close(() => resolve(number));
    });
  });
}

export function download(url, ca) {
  return new Promise((resolve, reject) => {
    https.get(url, { ca }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks)));
    }).on('error', reject);
  });
}

// A key and certificate for localhost, and the shim that makes uacme trust it.
function make(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  openssl('req', '-x509', ...key, '-days', '30', '-subj', '/CN=tests', '-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', '-new', ...key, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
  writeFileSync(`${folder}/server.ext`, 'subjectAltName=DNS:localhost\n');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '2', '-days', '30', '-extfile', 'server.ext', '-out', 'server.pem');
  execFileSync('cc', ['-shared', '-fPIC', '-o', `${folder}/trust.so`, `${root}/tests/lib/trust.c`]);
  writeFileSync(`${folder}/certificate`, `#!/bin/sh\nexport LD_PRELOAD=${folder}/trust.so TRUST=${folder}/ca.pem\nexec ${state}/app/bin/certificate "$@"\n`);
  chmodSync(`${folder}/certificate`, 0o755);
}

export async function acmeServer(resolver) {
  const folder = `${state}/acme-server`;
  make(folder);
  const [acme, management] = [await freePort(), await freePort()];
  writeFileSync(`${folder}/pebble.json`, JSON.stringify({ pebble: {
    listenAddress: `127.0.0.1:${acme}`, managementListenAddress: `127.0.0.1:${management}`,
    certificate: `${folder}/server.pem`, privateKey: `${folder}/server.key`,
    httpPort: port.http, tlsPort: port.https, ocspResponderURL: '', externalAccountBindingRequired: false,
    certificateValidityPeriod: 90 * 86400,
  } }));
  // uacme gives up when a nonce is refused twice; that is not what we test.
  const child = spawn('pebble', ['-config', `${folder}/pebble.json`, '-dnsserver', resolver, '-strict', 'false'],
    { env: { PATH: process.env.PATH, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' }, stdio: 'ignore' });
  const ca = readFileSync(`${folder}/ca.pem`);
  const pem = await until('the ACME server', () => download(`https://localhost:${management}/roots/0`, ca).catch(() => false));
  return {
    url: `https://localhost:${acme}/dir`,
    program: `${folder}/certificate`,
    root: pem,
    // Who owns the instance's files, and so runs its programs.
    owner: statSync(`${state}/run`),
    close: () => child.kill(),
  };
}
