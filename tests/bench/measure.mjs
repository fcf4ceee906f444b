// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The measurements of tests/bench/run, on an instance that it has started:
//   node measure.mjs STATE SIZE [NAME…]
//
// A request is compared with its limit, 1 / (1/hello + 1/plain): what nginx
// and FastCGI allow (hello.c sends the same bytes) and what PostgreSQL allows
// (plain/*.sql makes the same JSON without row security or context), one after
// the other. All of a comparison is measured in turns within each round, and
// the figure is the median of the rounds' ratios.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync,
  openSync, readSync, closeSync } from 'node:fs';
import http from 'node:http';
import { enterGrowth } from './doors.mjs';
import { forget, promise } from './level.mjs';

const [state, size, ...names] = process.argv.slice(2);
const here = new URL('.', import.meta.url).pathname;
const database = process.env.BENCH_DATABASE ?? 'bench';
const tree = here.replace(/tests\/bench\/$/, '');
const small = size === 'small';
const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS_EACH ?? (small ? 1 : 3));
const connections = 8;
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const helloPort = port + 4;
const wanted = (name) => !names.length || names.includes(name);

function bench(name, value, unit) {
  const digits = value >= 1000 ? 0 : value >= 100 ? 1 : 3;
  console.log(`bench ${name} ${value.toFixed(digits)} ${unit}`);
}
const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- the database ----

const psql = (database, text, role = 'postgres', ...more) => execFileSync('psql',
  ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', role, '-d', database, ...more, '-f', '-'],
  { input: text, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } }).trimEnd();

// Transactions a second of a pgbench script. 'plain' is a role as other
// applications have one: no superuser, all rights on the tables, and row
// security does not apply to it.
function pgbench(database, role, file, variables) {
  const define = Object.entries(variables).flatMap(([k, v]) => ['-D', `${k}=${v}`]);
  const plain = role === 'plain';
  const out = execFileSync('pgbench', ['-h', `${state}/run`, '-U', plain ? 'postgres' : role, '-n', '-M', 'prepared',
    '-c', connections, '-j', 2, '-T', seconds, ...define, '-f', file, database], { encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PGOPTIONS: plain ? '-c role=bench_plain' : '' } });
  const failed = /number of failed transactions: (\d+)/.exec(out);
  if (failed && Number(failed[1])) throw new Error(`${file}: ${failed[1]} transactions failed`);
  return Number(/^tps = ([\d.]+)/m.exec(out)[1]);
}

// A statement of sql/queries/ and what it takes, in order.
function query(name) {
  const text = readFileSync(`${tree}sql/queries/${name}.sql`, 'utf8');
  const inputs = [...text.matchAll(/^-- :(\w+) \w+ (\w+)/gm)].map(([, input, type]) => (
    { input, type: type === 'cursor' ? 'text' : type }));
  return { inputs, each: /^-- plan each:/m.test(text), sql: text.replace(/^--.*\n/gm, '').trim() };
}
const typed = (q, value) => q.sql.replace(/:'(\w+)'/g, (_, name) => `${value(name)}::${q.inputs.find((i) => i.input === name).type}`);

// Our own statements as the worker sends them: the door first, one pipeline.
// pgbench has no nulls, hence 'none'.
function ownScript(name, given, before = '') {
  const q = query(name);
  const file = `${state}/tmp/${name.replace('/', '_')}.sql`;
  writeFileSync(file, [before, '\\startpipeline',
    "select auth.enter(:host::text, :token::bytea, :who::smallint, 'f'::boolean);",
    q.each ? `${query('door/plan_each').sql};` : '',
    `${typed(q, (input) => (input in given ? given[input] : "nullif(:none, '-')"))};`, '\\endpipeline', ''].filter(Boolean).join('\n'));
  return file;
}

// What that statement reads: pages touched, in memory or not.
function buffers(database, who, name, given) {
  const q = query(name);
  const n = (input) => `$${q.inputs.findIndex((i) => i.input === input) + 1}`;
  const out = psql(database, `
    prepare q ${q.inputs.length ? `(${q.inputs.map((i) => i.type)})` : ''} as ${typed(q, n)};
    begin;
    select auth.enter('${who.host}', '\\x${who.secret}', ${who.who}::smallint, false);
    ${q.each ? `${query('door/plan_each').sql};` : ''}
    explain (analyze, buffers, timing off, format json)
      execute q ${q.inputs.length ? `(${q.inputs.map((i) => (i.input in given ? `'${given[i.input]}'` : 'null'))})` : ''};
    rollback;`, 'sportello_api');
  const [{ Plan }] = JSON.parse(out.slice(out.indexOf('[\n')));
  return Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'];
}

// ---- who asks ----

psql(database, `
  do $$ begin
    if not exists (select from pg_roles where rolname = 'bench_plain') then create role bench_plain nologin bypassrls; end if;
  end $$;
  grant usage on schema app, bench to bench_plain;
  grant select, insert, update, delete on all tables in schema app, bench to bench_plain;
  grant execute on all functions in schema app to bench_plain;`);
const biggest = psql(database, 'select bench.id(1, 1)');
function persona(number, host, who, account) {
  const [id, secret, accountId] = psql(database, `select id, encode(bench.token(id), 'hex'), bench.id(${1000 + account}, 2)
    from bench.person where i = 1 and p = ${number}`).split('|');
  return { id, secret, host, who, account: accountId,
    cookie: Buffer.from(secret, 'hex').toString('base64url'),
    variables: { tenant: biggest, person: id, account: accountId, host, token: `\\x${secret}`, who, none: '-' } };
}
const ordinary = persona(94, 'a2.t1.localhost', 1, 2);
const main = persona(21, 'a1.t1.localhost', 1, 1);
const agent = persona(2, 'desk.t1.localhost', 2, 1);

// The ordinary person's tickets that data.sql made for them: 6, 6 + step, …
const step = Math.floor(psql(database, 'select max(id) from bench.ticket where i = 1') / 280) * 4;
const own = psql(database, `select id from bench.ticket where i = 1 and requester_id = ${ordinary.id} and a = 2
  and id % ${step} = 6 order by id`).split('\n').map(Number);
const last = own.length - 1;

// ---- requests ----

const head = (method, host, path, cookie, more = '') => `${method} ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n`
  + `${cookie ? `Cookie: sid=${cookie}\r\n` : ''}X-Sportello: 1\r\n${more}`;
const get = (who, path) => `${head('GET', who.host, path, who.cookie)}\r\n`;
const send = (method, who, path, body) => {
  const text = JSON.stringify(body);
  return `${head(method, who.host, path, who.cookie, `Origin: http://${who.host}:${port}\r\n`
    + `Content-Type: application/json\r\nIdempotency-Key: @KEY@\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`)}\r\n${text}`;
};

function wrk(onPort, file, duration = seconds, clients = connections) {
  const out = execFileSync('wrk', ['-t', 1, '-c', clients, '-d', `${duration}s`, '-s', `${here}wrk.lua`,
    `http://127.0.0.1:${onPort}`, '--', file], { encoding: 'utf8' });
  const result = JSON.parse(out.trimEnd().split('\n').pop());
  if (result.errors) throw new Error(`${file}: ${result.errors} of ${result.requests} requests failed`);
  return result;
}
const rate = (r) => r.requests / r.seconds;

// One request of that text: status, headers, body.
let sent = 0;
function ask(text, onPort = port) {
  const [top, body] = text.replace('@KEY@', `bench-${Date.now().toString(36)}-${sent++}`).split('\r\n\r\n');
  const [line, ...fields] = top.split('\r\n');
  const [method, path] = line.split(' ');
  const headers = Object.fromEntries(fields.map((f) => [f.slice(0, f.indexOf(':')), f.slice(f.indexOf(':') + 2)]));
  return new Promise((resolve, reject) => {
    http.request({ host: '127.0.0.1', port: onPort, method, path, headers, agent: false }, (res) => {
      const chunks = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('end', () => resolve({ status: res.statusCode, words: res.statusMessage, headers: res.headers, body: Buffer.concat(chunks) }));
    }).on('error', reject).end(body);
  });
}

// ---- hello ----

// The same nginx configuration over again, with other ports and sockets, in
// front of hello.c.
const hello = { dir: `${state}/hello`, children: [] };
const { uid, gid } = statSync(state);
const as = process.getuid() === 0 ? { uid, gid } : {};
function start(command, args) {
  const child = spawn(command, args, { ...as, cwd: hello.dir, stdio: ['ignore', 'ignore', 'inherit'] });
  hello.children.push(child);
  return child;
}
function stop(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode) return resolve();
    child.on('exit', resolve);
    child.kill('SIGTERM');
  });
}
const stopAll = () => Promise.all(hello.children.map(stop));

async function helloNginx() {
  rmSync(hello.dir, { recursive: true, force: true });
  for (const d of ['', '/run', '/run/body', '/run/fastcgi', '/run/unused', '/log']) mkdirSync(hello.dir + d, { mode: 0o777 });
  for (const link of ['tls', 'app']) symlinkSync(`${state}/${link}`, `${hello.dir}/${link}`);
  cpSync(`${state}/app/conf`, `${hello.dir}/conf`, { recursive: true });
  cpSync(`${tree}build/bench-tools/hello`, `${hello.dir}/program`);
  const conf = readFileSync(`${hello.dir}/conf/nginx.conf`, 'utf8').replaceAll(`${state}/`, `${hello.dir}/`)
    .replaceAll(`:${port};`, `:${helloPort};`)
    .replace(new RegExp(`listen [^;]*:${port + 1} [^;]*;`, 'g'), '').replace('ssl_certificate  ', `listen unix:${hello.dir}/run/tls.sock ssl http2; $&`);
  writeFileSync(`${hello.dir}/conf/nginx.conf`, conf);
  if (process.getuid() === 0) execFileSync('chown', ['-R', `${uid}:${gid}`, hello.dir]);
  start('nginx', ['-p', hello.dir, '-c', `${hello.dir}/conf/nginx.conf`, '-e', `${hello.dir}/log/nginx.log`]);
}

// Four of them, answering this request as the worker does, byte for byte.
async function helloFor(text) {
  const real = await ask(text);
  const fields = ['content-type', 'content-length', 'cache-control', 'etag', 'x-request-id', 'location'];
  writeFileSync(`${hello.dir}/answer`, Buffer.concat([Buffer.from(`Status: ${real.status} ${real.words}\r\n${fields
    .filter((f) => f in real.headers).map((f) => `${f}: ${real.headers[f]}\r\n`).join('')}\r\n`), real.body]));
  const child = start(`${hello.dir}/program`, ['4', `${hello.dir}/run/api.sock`, `${hello.dir}/answer`]);
  for (let i = 0; ; i++) {
    await sleep(50);
    const same = await ask(text, helloPort).catch(() => null);
    if (same?.status === real.status) {
      const differ = [...new Set([...Object.keys(real.headers), ...Object.keys(same.headers)])]
        .filter((k) => k !== 'date' && real.headers[k] !== same.headers[k]);
      if (differ.length || same.words !== real.words || !same.body.equals(real.body)) throw new Error(`hello differs from the worker: ${differ}`);
      return child;
    }
    if (i > 60) throw new Error('hello does not answer');
  }
}

// ---- a request against its limit ----

async function againstLimit(name, { who, requests, script, given = {}, before, ours, plainBefore, plainAfter, variables = {} }) {
  const file = `${state}/tmp/${name}.requests`;
  writeFileSync(file, requests.map((r) => `${r}\n\f\n`).join(''));
  const child = await helloFor(requests[Math.floor(requests.length / 2)]);
  const own = ours ?? ownScript(script, given, before);
  const all = { ...who?.variables, step, last, ...variables };
  const plain = `${here}plain/${name}.sql`;
  const seen = [];
  wrk(port, file, 1);
  for (let i = 0; i < rounds; i++) {
    const r = { hello: rate(wrk(helloPort, file)), worker: rate(wrk(port, file)) };
    plainBefore?.();
    r.plain = pgbench(database, 'plain', plain, all);
    plainAfter?.();
    r.sql = pgbench(database, 'sportello_api', own, all);
    seen.push(r);
  }
  await stop(child);
  for (const part of ['hello', 'plain', 'sql', 'worker']) bench(`${name}_${part}`, median(seen.map((r) => r[part])), '/s');
  bench(`${name}_vs_limit`, median(seen.map((r) => r.worker * (1 / r.hello + 1 / r.plain))), 'ratio');
  bench(`${name}_vs_sql`, median(seen.map((r) => r.worker / r.sql)), 'ratio');
}

// Plain SQL is only a limit if it makes what we make.
function plainJson(name, who, variables = {}) {
  const text = readFileSync(`${here}plain/${name}.sql`, 'utf8').replace(/^\\set.*\n/gm, '');
  const all = { ...who.variables, ...variables };
  return JSON.parse(psql(database, text.replace(/(?<!:):([a-z]+)/g, (_, v) => all[v]).replace(/$/, ';')));
}
async function sameJson(name, who, path, variables) {
  const ours = JSON.parse((await ask(get(who, path))).body);
  const plain = plainJson(name, who, variables);
  // Null says no more than nothing.
  const canonical = (v) => JSON.stringify(v, (_, o) => (o && typeof o === 'object' && !Array.isArray(o)
    ? Object.fromEntries(Object.entries(o).filter(([, x]) => x !== null).sort(([a], [b]) => (a < b ? -1 : 1))) : o));
  if (canonical(ours) !== canonical(plain)) {
    writeFileSync(`${state}/tmp/ours.json`, canonical(ours));
    writeFileSync(`${state}/tmp/plain.json`, canonical(plain));
    throw new Error(`plain/${name}.sql does not make what GET ${path} answers (${state}/tmp/{ours,plain}.json)`);
  }
}

// One word of titles, one of what is written in tickets; by the whole and by a part.
const searched = 'pagella xport';
async function reading() {
  const cases = [
    ['ticket_view', ordinary, 'tickets/get', own.map((n) => `/api/tickets/${n}`),
      { given: { number: ':number' }, before: '\\set number 6 + :step * random(0, :last)' }, { number: own[3] }],
    ['ticket_list', ordinary, 'tickets/list', ['/api/tickets']],
    ['main_list', main, 'tickets/list', ['/api/tickets']],
    ['agent_list', agent, 'tickets/queue', ['/api/queue']],
    ['search', ordinary, 'tickets/search', [`/api/search?q=${encodeURIComponent(searched)}`], { given: { q: `'${searched}'` } }],
  ];
  for (const [name, who, script, paths, more = {}, variables] of cases) {
    if (!wanted(name)) continue;
    await sameJson(name, who, variables ? `/api/tickets/${variables.number}` : paths[0], variables);
    await againstLimit(name, { who, script, requests: paths.map((p) => get(who, p)), ...more });
  }
}

// ---- the agents' queue ----

// Several conditions, what is due first before the others, in a tenant with a service
// level; and how many tickets each of twenty kept views holds, in one trip beside those
// that there always are, against a list: their times, in turns. A list is the mean of
// these twenty views' own first pages of fifty, one after the other; against the newest
// of the desk, which has no filter and no order but its own, it is told as well.
async function queue() {
  psql(database, forget(biggest) + promise(biggest));
  try {
    if (wanted('queue')) {
      const given = { group: 'open', priority: 'normal', assignee: 'none', sort: 'due' };
      const path = `/api/queue?${new URLSearchParams(given)}`;
      await sameJson('queue', agent, path);
      await againstLimit('queue', { who: agent, script: 'tickets/queue_filtered', requests: [get(agent, path)],
        given: Object.fromEntries(Object.entries(given).map(([k, v]) => [k, `'${v}'`])) });
    }
    if (wanted('views')) await views();
  } finally {
    psql(database, forget(biggest));
  }
}

async function views() {
  const [first, second] = psql(database, 'select id from bench.account where i = 1 order by a limit 2').split('\n');
  const kept = ['group=open&priority=urgent', 'group=open&priority=high', 'group=open&priority=normal', 'group=open&priority=low', 'group=active&assignee=me',
    'group=pending&assignee=me', 'group=done&assignee=me', 'unread=yes&assignee=me', 'group=open&assignee=none&priority=high', 'group=open&due=late',
    'group=open&assignee=me&due=late', 'group=active', 'group=done', `account=${first}&group=open`, `account=${second}&group=open`, `account=${second}`,
    `requester=${ordinary.id}`, 'created_from=2025-12-01', 'group=open&created_to=2025-06-30', 'priority=urgent'];
  psql(database, `insert into app.views (tenant_id, person_id, place, name, query, position)
    select ${biggest}, ${agent.id}, 'queue', 'View ' || n, q, n from unnest(array[${kept.map((q) => `'${q}'`)}]) with ordinality v (q, n)`);
  try {
    const counted = Object.values(JSON.parse((await ask(get(agent, '/api/queue/counts'))).body).views).filter((c) => c && 'n' in c);
    if (counted.length < kept.length) throw new Error(`${counted.length} views are counted, of ${kept.length}`);
    const files = [['/api/queue/counts'], kept.map((q) => `/api/queue?${q}`), ['/api/queue']].map((paths, n) => {
      const file = `${state}/tmp/views${n}.requests`;
      writeFileSync(file, paths.map((path) => `${get(agent, path)}\n\f\n`).join(''));
      return file;
    });
    const seen = [];
    for (let i = 0; i < rounds; i++) {
      const [counts, list, newest] = files.map((file) => rate(wrk(port, file)));
      seen.push({ counts, list, newest });
    }
    const views = `${kept.length} kept views and those that there always are`;
    bench('view_counts_rate', median(seen.map((s) => s.counts)), '/s');
    bench('view_counts_list', median(seen.map((s) => s.list)), '/s');
    bench('view_counts', median(seen.map((s) => s.list / s.counts)), `times a list of theirs (${views})`);
    bench('view_counts_vs_newest', median(seen.map((s) => s.newest / s.counts)), `times the desk's newest (${views})`);
  } finally {
    psql(database, `delete from app.views where tenant_id = ${biggest} and person_id = ${agent.id}`);
  }
}

// ---- creating ----

// Tickets are opened in many tenants at once, as in life; one tenant's counter
// would be a queue. Each waits for the disk, and PostgreSQL flushes what waits
// together: so there are as many workers as pgbench has connections, eight.
// Jobs stand still meanwhile: what follows from a ticket is not its request.
const title = 'The registers of class 3B are not saved';
const description = readFileSync(`${here}description.txt`, 'utf8');
const isOurs = (pid, name) => {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '') === `${state}/app/bin/${name}`;
  } catch {
    return false;
  }
};
const running = (name) => readdirSync('/proc').filter((p) => /^\d+$/.test(p) && isOurs(p, name)).map(Number);
const commandLine = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
const environment = (pid) => readFileSync(`/proc/${pid}/environ`, 'utf8');
const jobs = () => running('sportello').filter((pid) => /^(jobs|events)$/.test(commandLine(pid)[1]));

function creators() {
  return psql(database, `
    drop table if exists bench.creator;
    create unlogged table bench.creator as
      select row_number() over (order by x.i)::int as n, x.i, x.tenant_id, x.id as person_id, x.account_id, c.partner_id,
        c.portal_id, c.routing, 'a' || x.a || '.t' || x.i || '.localhost' as host
      from bench.person x join bench.account c on c.i = x.i and c.a = x.a
      where x.i > 1 and x.p = 9 order by x.i limit 200;
    alter table bench.creator add primary key (n);
    analyze bench.creator;
    select host, encode(bench.token(person_id), 'hex'), i from bench.creator order by n;`).split('\n').map((line) => {
    const [host, secret, i] = line.split('|');
    return { host, secret, who: 1, i, cookie: Buffer.from(secret, 'hex').toString('base64url') };
  });
}

// The databases are as they were made. Made-up rows end in early 2026.
const cleanUp = () => psql(database, `
  set session_replication_role = replica;
  create temp table mine as select id as tenant_id from bench.tenant where i between 2 and 201;
  delete from app.event_queue; delete from app.deliveries; delete from app.idempotency_keys;
  delete from app.search_queue; delete from app.ticket_words w using mine where w.tenant_id = mine.tenant_id
    and exists (select from app.tickets t where t.tenant_id = w.tenant_id and t.id = w.ticket_id and t.created_at > '2026-02-01');
  delete from app.events e using mine where e.tenant_id = mine.tenant_id and e.created_at > '2026-02-01';
  delete from app.comments c using mine where c.tenant_id = mine.tenant_id and c.created_at > '2026-02-01';
  delete from app.usage u using mine where u.tenant_id = mine.tenant_id;
  delete from app.ticket_access a using mine where a.tenant_id = mine.tenant_id and a.updated_at > '2026-02-01';
  delete from app.tickets t using mine where t.tenant_id = mine.tenant_id and t.created_at > '2026-02-01';
  update app.ticket_counters c set last = (select max(t.id) from app.tickets t where t.tenant_id = c.tenant_id)
    from mine where c.tenant_id = mine.tenant_id;
  vacuum analyze app.event_queue; vacuum app.deliveries; vacuum analyze app.idempotency_keys; vacuum app.events;
  vacuum app.comments; vacuum app.ticket_access; vacuum app.tickets; vacuum app.ticket_counters;`);

const useWorkers = (n) => execFileSync(`${tree}conf/instance`, ['start', state, '--quiet', '--workers', `${n},2`],
  { stdio: ['ignore', 'ignore', 'inherit'] });

async function creating() {
  const people = creators();
  useWorkers(connections);
  const file = `${state}/tmp/create_own.sql`;
  const html = (await ask(send('POST', people[0], '/api/preview', { body: description }))).body;
  const rendered = JSON.parse(html).html;
  const literal = (s) => `'${s.replaceAll("'", "''")}'`;
  // The door asks for a token, so this reads the person's as well.
  writeFileSync(file, `\\set n random(1, ${people.length})
\\startpipeline
select auth.enter(c.host, bench.token(c.person_id), 1::smallint, true) from bench.creator c where c.n = :n;
select app.open_ticket(${literal(title)}, ${literal(description)}, ${literal(rendered)}, gen_random_uuid()::text);
\\endpipeline
`);
  psql(database, `grant select on bench.creator to bench_plain;
    grant usage on schema bench to sportello_api; grant select on bench.creator to sportello_api;
    grant execute on function bench.token(bigint) to sportello_api;`);
  const stopped = jobs();
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  try {
    await againstLimit('create', {
      ours: file,
      requests: people.map((p) => send('POST', p, '/api/tickets', { title, description })),
      variables: { creators: people.length, title, source: description, html: rendered },
      plainBefore: () => psql(database, 'alter table app.comments disable trigger comment_added'),
      plainAfter: () => psql(database, 'alter table app.comments enable trigger comment_added'),
    });
  } finally {
    psql(database, 'alter table app.comments enable trigger comment_added');
    cleanUp();
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
    psql(database, 'revoke all on bench.creator from sportello_api; revoke all on schema bench from sportello_api; '
      + 'revoke all on function bench.token(bigint) from sportello_api;');
    useWorkers(4);
  }
}

// ---- growth ----

// The same persons and rows, while other tenants' tickets become a hundred
// times as many.
function growth() {
  const cases = [
    ['list', ordinary, 'tickets/list', {}],
    ['main_list', main, 'tickets/list', {}],
    ['agent_list', agent, 'tickets/queue', {}],
    ['filter', agent, 'tickets/queue_filtered', { priority: 'urgent', sort: 'created' }],
    ['search', ordinary, 'tickets/search', { q: searched }],
    ['agent_search', agent, 'tickets/search', { q: searched }],
  ];
  for (const [name, who, script, given] of cases) {
    const pages = ['bench_few', 'bench'].map((d) => Math.min(...[1, 2, 3].map(() => buffers(d, who, script, given))));
    const file = ownScript(script, Object.fromEntries(Object.entries(given).map(([k, v]) => [k, `'${v}'`])));
    const seen = [];
    for (let i = 0; i < rounds; i++) {
      const few = pgbench('bench_few', 'sportello_api', file, who.variables);
      seen.push(few / pgbench(database, 'sportello_api', file, who.variables));
    }
    bench(`${name}_growth`, median(seen), 'times');
    bench(`${name}_growth_buffers`, pages[1] / pages[0], `times (${pages.join(' to ')})`);
  }
}

// ---- the knowledge base ----

// In a database of its own (articles.sql; run sets BENCH_DATABASE), where it is asked for by name. What is looked for: words
// that are common, seldom, both, a beginning and an inner part of one; each finds something. Typing errors are in the
// times alone.
const word = (...ks) => psql(database, `select string_agg(w, ' ' order by array_position('{${ks}}', k)) from bench.kb_word where k = any ('{${ks}}')`);
const titled = (n, ...js) => psql(database, `select array_to_string(array(select t.words[j] from unnest('{${js}}'::int[]) j), ' ') from bench.kb_title t
  join bench.kb_article a on a.title = t.n join app.article_texts x on x.tenant_id = a.tenant_id and x.article_id = a.id
  join app.sections s on s.tenant_id = a.tenant_id and 2 * s.id + 1 = x.place and s.shown_to < 3 where a.i = 1 order by a.n offset ${n} limit 1`);

async function searching() {
  const questions = [word(50), word(400), word(3000), word(12000), word(40, 700), word(300, 5000), word(900, 15000), word(100, 200, 300),
    titled(10, 1, 2), titled(20, 3, 4), titled(30, 1), titled(40, 3), titled(50, 1, 3), `${titled(60, 1)} ${word(20)}`, `${titled(70, 3)} ${word(90)}`,
    word(2000).slice(0, 5), word(7000).slice(0, 6), word(500).slice(2), titled(80, 1).slice(0, -2), titled(90, 3).slice(1)];
  const path = (q) => `/api/kb/search?${new URLSearchParams({ q, lang: 'en' })}`;
  const given = { questions: `{${questions.map((q) => `"${q}"`)}}`, last: questions.length - 1 };
  const found = [];
  for (const [n, q] of questions.entries()) {
    // Where less is found typing errors are thought of, which plain SQL does not.
    const asked = { questions: `'${given.questions}'`, n };
    found.push(plainJson('kb_search', ordinary, asked).count);
    if (found[n] >= 3) await sameJson('kb_search', ordinary, path(q), asked);
  }
  const kept = questions.filter((_, n) => found[n] >= 3);
  console.log(`# kb_search: ${questions.map((q, n) => `${q} ${found[n]}`).join(', ')}`);
  if (kept.length < 12) throw new Error('too few questions find something');
  const variables = { questions: `{${kept.map((q) => `"${q}"`)}}`, last: kept.length - 1 };
  await againstLimit('kb_search', { who: ordinary, script: 'kb/find', requests: kept.map((q) => get(ordinary, path(q))), before: '\\set n random(0, :last)',
    given: { q: '(:questions::text[])[1 + :n]', lang: "'en'" }, variables });
  const slips = questions.filter((q) => !q.includes(' ')).map((q) => q.slice(0, 3) + q.slice(4));
  const file = `${state}/tmp/kb_times.requests`;
  writeFileSync(file, [...kept, ...slips].map((q) => `${get(ordinary, path(q))}\n\f\n`).join(''));
  const alone = wrk(port, file, 3 * seconds, 1);
  const many = wrk(port, file, 3 * seconds);
  bench('kb_search_p95_ms', alone.p95, `ms (one at a time, median ${alone.p50.toFixed(1)}; with typing errors; of ${connections} at once ${many.p95.toFixed(0)})`);
}

// The page of an article that everybody reads: as the worker makes it, since a request with
// Authorization is not answered from what is kept; and kept, against a file of its size.
async function article() {
  const rows = psql(database, `select a.key || ' /en/kb/' || t.slug || '-' || a.key from app.articles a join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
    join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id
    where a.tenant_id = ${biggest} and s.shown_to = 1 order by bench.h(a.id, 70) limit 200`).split('\n').map((line) => line.split(' '));
  const [keys, paths] = [0, 1].map((n) => rows.map((row) => row[n]));
  const visitor = { host: ordinary.host, variables: { tenant: biggest, host: ordinary.host, token: '\\x', who: 0, none: '-' } };
  const uncached = (path) => `${head('GET', visitor.host, path, null, 'Authorization: Bearer x\r\n')}\r\n`;
  const given = { keys: `{${keys}}`, last: keys.length - 1 };
  const ours = psql(database, `begin; select auth.enter('${visitor.host}', null, 0::smallint, false) \\g /dev/null
    ${typed(query('kb/article'), (input) => ({ key: `'${keys[3]}'`, lang: "'en'" })[input])}; commit`, 'sportello_api');
  const plain = psql(database, readFileSync(`${here}plain/article.sql`, 'utf8').replace(/^\\set.*\n/gm, '').replace(/(?<!:):([a-z]+)/g, (_, v) => ({ tenant: biggest, keys: `'${given.keys}'`, n: 3 })[v]));
  const said = (text) => JSON.stringify(Object.entries(JSON.parse(text)).filter(([, v]) => v !== null).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (said(ours) !== said(plain)) throw new Error(`plain/article.sql does not make what the page shows:\n${said(ours)}\n${said(plain)}`);
  await againstLimit('article', { who: visitor, script: 'kb/article', requests: paths.map(uncached), before: '\\set n random(0, :last)',
    given: { key: '(:keys::text[])[1 + :n]', lang: "'en'" }, variables: given });

  const path = paths[3];
  const page = await ask(`${head('GET', visitor.host, path)}\r\n`);
  if (page.status !== 200 || !/^public/.test(page.headers['cache-control'])) throw new Error(`${path} is not kept`);
  const still = '/a/bench-article.html';
  writeFileSync(`${state}/app${still}`, page.body, { mode: 0o644 });
  try {
    const files = [path, still].map((at, n) => {
      const file = `${state}/tmp/article${n}.requests`;
      writeFileSync(file, `${head('GET', visitor.host, at)}\r\n\n\f\n`);
      return file;
    });
    const same = await ask(`${head('GET', visitor.host, still)}\r\n`);
    if (same.status !== 200 || !same.body.equals(page.body)) throw new Error(`${still} answered ${same.status}`);
    wrk(port, files[0], 1);
    const seen = [];
    for (let i = 0; i < rounds; i++) seen.push(files.map((file) => rate(wrk(port, file))));
    bench('article_cached', median(seen.map(([cached]) => cached)), `/s (${page.body.length} bytes)`);
    bench('article_static', median(seen.map(([, still_]) => still_)), '/s');
    bench('article_cached_vs_static', median(seen.map(([cached, still_]) => cached / still_)), 'ratio');
  } finally {
    rmSync(`${state}/app${still}`, { force: true });
  }
}

// ---- trips ----

// Counted by PostgreSQL: what lies before a Sync is one transaction, and each
// has its own virtual number (%v) in the log.
async function trips() {
  const log = `${state}/log/postgres.log`;
  const set = (what) => psql(database, what);
  const people = creators();
  const them = people[0];
  const staff = (([host, secret]) => ({ host, cookie: Buffer.from(secret, 'hex').toString('base64url') }))(psql('bench',
    `select 'desk.t' || i || '.localhost', encode(bench.token(id), 'hex') from bench.person where i = ${them.i} and p = 1`).split('|'));
  set("alter role sportello_api in database bench set log_min_duration_statement = 0");
  restart('workers');
  const begin = statSync(log).size;
  const number = JSON.parse((await ask(send('POST', them, '/api/tickets', { title, description }))).body).number;
  const stranger = { host: them.host };
  const mixed = [
    [get(ordinary, '/api/tickets'), 200], [get(ordinary, `/api/tickets/${own[0]}`), 200], [get(main, '/api/tickets?group=open'), 200],
    [get(agent, '/api/queue'), 200], [get(agent, '/api/queue?priority=urgent&sort=created'), 200], [get(agent, '/api/agents'), 200],
    [get(ordinary, `/api/tickets/${own[1]}/comments`), 200], [get(ordinary, '/'), 200], [get(ordinary, '/tickets'), 200],
    [get(ordinary, `/t/${own[2]}`), 200], [get(agent, '/agent'), 200], [get(stranger, '/'), 200], [get(stranger, '/sign-in'), 200],
    [get(ordinary, '/api/tickets/1'), 404], [get(ordinary, '/api/tickets/x'), 404], [get(ordinary, '/api/nothing'), 404],
    [get(stranger, '/api/tickets'), 401], [get(ordinary, '/api/queue'), 403], [get({ ...ordinary, host: 'nobody.localhost' }, '/api/tickets'), 404],
    [get({ ...ordinary, host: them.host }, '/api/tickets'), 401], [get(ordinary, '/api/tickets?after=zzz'), 422],
    [send('POST', them, '/api/tickets', { title, description }), 201], [send('POST', them, '/api/tickets', { title }), 422],
    [send('POST', them, '/api/tickets', { title, description }).replace(/Origin: [^\r]*/, 'Origin: http://elsewhere.example'), 403],
    [send('POST', them, `/api/tickets/${number}/comments`, { body: 'Thank you.' }), 201],
    [send('POST', them, '/api/tickets/999999/comments', { body: 'Thank you.' }), 404],
    [send('POST', staff, `/api/tickets/${number}/notes`, { body: 'Looks like the import.' }), 201],
    [send('PATCH', staff, `/api/tickets/${number}`, { status: 'in_progress' }), 200],
    [send('POST', them, '/api/preview', { body: description }), 200],
  ];
  let n = 1;
  const odd = new Map();
  while (n < 1000) {
    await Promise.all(mixed.slice(0, Math.min(mixed.length, 1000 - n)).map(async ([text, status]) => {
      const got = (await ask(text)).status;
      if (got !== status) odd.set(text.split(' HTTP')[0], `${got}, not ${status}`);
      n++;
    }));
  }
  for (const [what, how] of odd) console.log(`# ${what} answered ${how}`);
  set('alter role sportello_api in database bench reset log_min_duration_statement');
  const fd = openSync(log, 'r');
  const bytes = Buffer.alloc(statSync(log).size - begin);
  readSync(fd, bytes, 0, bytes.length, begin);
  closeSync(fd);
  const transactions = new Set();
  for (const line of bytes.toString('utf8').split('\n')) {
    const m = /\] sportello_api (\d+\/\d+) (?:LOG: +duration: [\d.]+ ms +(?:bind|execute)|ERROR)/.exec(line);
    if (m) transactions.add(m[1]);
  }
  if (!transactions.size) throw new Error('the log says nothing of transactions');
  restart('workers');
  await sleep(1500);
  cleanUp();
  bench('trips_per_request', transactions.size / n, `(${transactions.size} for ${n} requests)`);
}
const restart = (what) => execFileSync(`${tree}conf/instance`, ['restart', state, what], { stdio: ['ignore', 'ignore', 'inherit'] });

// ---- memory ----

function memory() {
  restart('workers');
  const workers = running('sportello-worker').filter((pid) => environment(pid).includes('SPORTELLO_POOL=api\0'));
  if (workers.length !== 4) throw new Error(`${workers.length} api workers are running, not 4`);
  const pss = () => new Map(workers.map((pid) => [pid,
    Number(/^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024]));
  const file = `${state}/tmp/mixed.requests`;
  writeFileSync(file, [...own.map((n) => get(ordinary, `/api/tickets/${n}`)), get(ordinary, '/api/tickets'), get(main, '/api/tickets'),
    get(agent, '/api/queue'), get(ordinary, '/'), get(ordinary, '/tickets'), get(agent, '/agent')].map((r) => `${r}\n\f\n`).join(''));
  let n = 0;
  const until = (goal) => { while (n < goal) n += wrk(port, file, 1).requests; };
  until(10000);
  const early = pss();
  const first = n;
  until(100000);
  const late = pss();
  if (workers.some((pid) => !isOurs(pid, 'sportello-worker'))) throw new Error('a worker ended meanwhile');
  bench('worker_pss_mib', Math.max(...late.values()), `MiB (the largest of 4, after ${n} requests)`);
  bench('worker_pss_growth_mib', Math.max(...workers.map((pid) => late.get(pid) - early.get(pid))), `MiB (from ${first})`);
}

// ---- pages ----

const encoded = (who, path) => ask(`${head('GET', who.host, path, who.cookie, 'Accept-Encoding: gzip\r\n')}\r\n`);
async function loaded(who, path, pattern) {
  const page = await encoded(who, path);
  if (page.status !== 200) throw new Error(`${path} answered ${page.status}`);
  const html = page.body.toString('utf8');
  const files = new Set([...html.matchAll(/(?:src|href)="(\/[^"#]*\.(?:css|js|svg|png|ico|woff2)[^"#]*)/g)].map((m) => m[1]));
  const parts = [['page', page.body.length]];
  for (const file of files) {
    const got = await encoded(who, file);
    if (got.status !== 200) throw new Error(`${file} answered ${got.status}`);
    if (pattern.test(file)) parts.push([file, got.body.length]);
  }
  return parts;
}
async function pages() {
  const sum = (parts) => parts.reduce((s, [, n]) => s + n, 0) / 1000;
  const home = await loaded({ host: ordinary.host }, '/', /./);
  bench('static_page_kb', sum(home), `kB (${home.map(([f, n]) => `${f.replace(/.*\//, '')} ${n}`).join(', ')})`);
  bench('portal_js_kb', sum((await loaded(ordinary, '/tickets', /\.js$/)).slice(1)), 'kB');
  bench('agent_js_kb', sum((await loaded(agent, '/agent', /\.js$/)).slice(1)), 'kB');
}

// ---- the run ----

mkdirSync(`${state}/tmp`, { recursive: true });
try {
  await helloNginx();
  if (psql(database, 'select count(*) from (select from app.idempotency_keys limit 1) x') !== '0') cleanUp();
  if (names.includes('kb_search')) await searching();
  if (names.includes('article')) await article();
  if (wanted('pages')) await pages();
  await reading();
  if (wanted('queue') || wanted('views')) await queue();
  if (wanted('create')) await creating();
  if (wanted('growth')) growth();
  if (wanted('enter')) {
    const { ratio, words } = await enterGrowth(state, small ? 3 : 9);
    bench('enter_growth', ratio, words);
  }
  if (wanted('trips')) await trips();
  if (wanted('memory')) memory();
} finally {
  await stopAll();
}
