// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A knowledge base of 100,000 articles of 10 kB, one in twenty with a picture (2,000 at SIZE=small, or
// ARTICLES=…), handed out whole: as JSON lines through nginx, against COPY of the same texts by the same role
// with the same context, under row-level security, and by the owner; as EPUB, against zlib alone over the same
// chapters; in each format, by the text of it a second; how the worker grows; and what an export does to
// customers who look at tickets.
//   node exports.mjs STATE SIZE
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import http from 'node:http';

const [state, size] = process.argv.slice(2);
const rounds = Number(process.env.ROUNDS ?? 3);
const n = Number(process.env.ARTICLES ?? (size === 'small' ? 2_000 : 100_000));
const secondsEach = Number(process.env.SECONDS_EACH ?? 3);
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const psql = (text, user = 'postgres', out = 'pipe') => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', user, '-d', 'bench', ...(out === 'pipe' ? [] : ['-o', '/dev/null']), '-f', '-'],
  { input: text, encoding: 'utf8', maxBuffer: 2 ** 26, env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } });
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const bench = (name, value, unit) => console.log(`bench ${name} ${value.toFixed(3)} ${unit}`);
const seconds = (what) => { const began = process.hrtime.bigint(); what(); return Number(process.hrtime.bigint() - began) / 1e9; };

const [host, secret, tenant] = psql(`select 'desk.t1.localhost', encode(bench.token(id), 'hex'), tenant_id from bench.person where i = 1 and p = 1`).trim().split('|');
// What it writes is taken out again.
const [root, everybody] = [900000001, 900000002];
const forget = () => psql(`begin; set session_replication_role = replica;
  delete from app.article_versions where tenant_id = ${tenant} and article_id > 900000000; delete from app.article_texts where tenant_id = ${tenant} and article_id > 900000000;
  delete from app.articles where tenant_id = ${tenant} and id > 900000000; delete from app.sections where tenant_id = ${tenant} and id between 900000001 and 900000100;
  delete from app.audiences where tenant_id = ${tenant} and id = ${everybody}; commit`);
forget();
psql(`begin; set session_replication_role = replica;
  insert into app.knowledge (tenant_id, change) values (${tenant}, 1) on conflict do nothing;
  insert into app.audiences (tenant_id, id, level) values (${tenant}, ${everybody}, 1);
  insert into app.sections (tenant_id, id, key, parent_id, position, names, audience_id, shown_to, path)
    select ${tenant}, ${root} + x, 'bench' || x, coalesce(r.id, ${root}), x, '{"en": "Section"}', case when x = 10 then ${everybody} end, ${everybody}, array[coalesce(r.id, ${root}), ${root} + x]
    from generate_series(10, 59) x left join app.sections r on r.tenant_id = ${tenant} and r.parent_id is null;
  update app.sections set audience_id = ${everybody} where tenant_id = ${tenant} and id between ${root} and ${root} + 99;
  insert into app.articles (tenant_id, id, key, section_id, position, language, is_live, changed)
    select ${tenant}, 900001000 + x, 'bench' || lpad(x::text, 7, '0'), ${root} + 10 + x % 50, x, 'en', true, 1 from generate_series(1, ${n}) x;
  create temp table words as select array_agg((select string_agg(chr(97 + (get_byte(sha256(convert_to(w::text, 'UTF8')), i)) % 26), '') from generate_series(1, 2 + w % 9) i) order by w) as w from generate_series(1, 3000) w;
  insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change)
    select ${tenant}, 900001000 + x, 'en', 1, 'Article ' || x, (select string_agg('<h2 id="p' || p || '">Part ' || p || '</h2><p>'
      || array_to_string((select w from words)[1 + (x * 37 + p * 211) % 2700:270 + (x * 37 + p * 211) % 2700], ' ') || '</p>', '') from generate_series(1, 5) p)
      || case when x % 20 = 0 then '<figure><img alt="What it looks like" height="480" src="/kb/f/bench' || x || '" width="640"/><figcaption>Seen from above</figcaption></figure>' else '' end, 1
    from generate_series(1, ${n}) x;
  insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words)
    select ${tenant}, 900001000 + x, 'en', 1, 'Article ' || x, 'article', 'x', '[]', 5, ' x ' from generate_series(1, ${n}) x;
  commit; analyze app.articles, app.article_versions, app.article_texts, app.sections`);

const path = (format) => `http://127.0.0.1:${port}/export/kb.${format}`;
const args = (format, file) => ['-sS', '-o', file, '-w', '%{http_code} %{size_download}', '-H', `Host: ${host}:${port}`, '-H', `Cookie: sid=${Buffer.from(secret, 'hex').toString('base64url')}`, '-H', 'X-Sportello: 1', path(format)];
let bytes = 0;
function fetchIt(format, file = '/dev/null') {
  const [status, got] = execFileSync('curl', args(format, file), { encoding: 'utf8', timeout: 600_000 }).split(' ').map(Number);
  if (status !== 200 || got < n * 1000) throw new Error(`${status}: ${got} bytes came`);
  bytes = got;
}
const pool = () => readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => {
  try {
    return readlinkSync(`/proc/${p}/exe`) === `${state}/app/bin/sportello-worker` && readFileSync(`/proc/${p}/environ`, 'utf8').includes('SPORTELLO_POOL=bulk\0');
  } catch { return false; }
});
// What its workers have computed so far, in seconds: what else the machine does is not in it.
const computed = () => pool().map((p) => readFileSync(`/proc/${p}/stat`, 'utf8').split(') ')[1].split(' ')).reduce((sum, f) => sum + (Number(f[11]) + Number(f[12])) / 100, 0);
const memory = () => new Map(pool().map((p) => [p, Number(/^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${p}/smaps_rollup`, 'utf8'))[1]) / 1024]));

const texts = `select a.key, v.language, v.title, v.html from app.articles a join app.article_versions v on v.tenant_id = a.tenant_id and v.article_id = a.id and v.until_change is null where a.tenant_id = ${tenant} order by a.key`;
const asRole = `begin; set local statement_timeout = 0; select auth.enter('${host}', '\\x${secret}', 0::smallint, false) \\g /dev/null\ncopy (${texts}) to stdout`;

// ---- what customers notice --------------------------------------------------------------------

// Each with a ticket that they see; of the tenant whose knowledge base is handed out.
const connections = new http.Agent({ keepAlive: true, maxSockets: 512 });
const now = () => Number(process.hrtime.bigint()) / 1e6;
const customers = psql(`select 'a' || x.a || '.t1.localhost', encode(bench.token(x.id), 'hex'), min(t.id)
  from bench.person x join bench.ticket t on t.i = x.i and t.requester_id = x.id where x.i = 1 and x.p > 8
  group by 1, 2 order by 1 limit 60`).trimEnd().split('\n').map((line) => {
  const [at, token, number] = line.split('|');
  return { host: at, cookie: Buffer.from(token, 'hex').toString('base64url'), path: `/api/tickets/${number}` };
});
function look(i) {
  const { host: at, cookie, path } = customers[i % customers.length];
  const began = now();
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path, agent: connections, headers: { Host: `${at}:${port}`, 'X-Sportello': '1', Cookie: `sid=${cookie}` } },
      (answer) => answer.resume().on('end', () => (answer.statusCode === 200 ? resolve(now() - began) : reject(new Error(`${answer.statusCode} for a ticket`))))).on('error', reject);
  });
}
// As fast as eight get them: how many a second.
async function capacity() {
  const end = now() + secondsEach * 1000;
  let done = 0;
  await Promise.all(Array.from({ length: 8 }, async (_, i) => { for (let k = i; now() < end; k += 8) { await look(k); done++; } }));
  return done / secondsEach;
}
// At their times, however late the answers are: the p95.
async function p95(rate) {
  const all = [], began = now();
  for (let i = 0; i < rate * secondsEach; i++) {
    const wait = began + (i * 1000) / rate - now();
    if (wait > 1) await new Promise((resolve) => { setTimeout(resolve, wait); });
    all.push(look(i));
  }
  const took = (await Promise.all(all)).sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.95)];
}
// A reader of 1 MB/s is one that has just begun, when the worker is at it most; a fast one begins again at once.
async function views() {
  const rate = (await capacity()) * 0.3;
  for (const [name, format, limit] of [['slow', 'jsonl', ['--limit-rate', '1M']], ['fast', 'jsonl', []], ['fast_epub', 'epub', []]]) {
    const seen = [];
    for (let i = 0; i < rounds; i++) {
      const quiet = await p95(rate);
      let reading = true, reader;
      const read = () => {
        reader = spawn('curl', [...limit, ...args(format, '/dev/null')], { stdio: 'ignore' });
        reader.on('exit', () => { if (reading) read(); });
      };
      read();
      const loud = await p95(rate);
      reading = false;
      reader.kill();
      seen.push({ ratio: loud / quiet, quiet, loud });
      await new Promise((resolve) => { setTimeout(resolve, 500); });
    }
    bench(`export_views_${name}`, median(seen.map((s) => s.ratio)), `times the p95 of a ticket (${median(seen.map((s) => s.quiet)).toFixed(1)} ms, and ${median(seen.map((s) => s.loud)).toFixed(1)} ms while it is read; ${rate.toFixed(0)}/s)`);
  }
  connections.destroy();
}

const length = Number(psql(`select sum(octet_length(v.html)) from app.article_versions v where v.tenant_id = ${tenant} and v.until_change is null`));
const before = memory();
psql(asRole, 'sportello_bulk', 'nowhere'); // the pages of the tables are there
const copied = [], owner = [], took = [];
try {
  for (let i = 0; i < rounds; i++) {
    const limit = seconds(() => psql(asRole, 'sportello_bulk', 'nowhere'));
    const ours = seconds(() => fetchIt('jsonl'));
    copied.push(limit / ours);
    owner.push(seconds(() => psql(`copy (${texts}) to stdout`, 'postgres', 'nowhere')) / ours);
    took.push(ours.toFixed(2));
  }
  bench('export_vs_copy', median(copied), `of COPY by the same role (${n} articles, ${(bytes / 1e6).toFixed(0)} MB in ${took.join(', ')} s)`);
  bench('export_vs_owner', median(owner), 'of COPY by the owner, without row-level security');
  const book = `${state}/bench.epub`;
  const packed = [], made = [], worked = [];
  for (let i = 0; i < rounds; i++) {
    const cpu = computed();
    const ours = seconds(() => fetchIt('epub', book));
    const took = computed() - cpu;
    const [size_, alone, aloneCpu] = execFileSync('bash', ['-c', `unzip -p ${book} 'a-*.xhtml' | build/bench-tools/deflate`], { encoding: 'utf8' }).split(' ').map(Number);
    packed.push(alone / ours);
    worked.push(aloneCpu / took);
    made.push(ours.toFixed(2));
    bytes = size_;
  }
  bench('export_epub_vs_deflate', median(packed), `of zlib alone over the same chapters (${(bytes / 1e6).toFixed(0)} MB in ${made.join(', ')} s)`);
  bench('export_epub_cpu_vs_deflate', median(worked), 'of the worker\'s own computing time');
  rmSync(book);
  for (const format of ['bundle', 'markdown.zip', 'html.zip', 'html', 'docbook']) {
    const took = seconds(() => fetchIt(format)); // once: no more than a figure
    bench(`export_${format.replace('.', '_')}_mb_s`, length / 1e6 / took, `MB of article text a second (${(bytes / 1e6).toFixed(0)} MB in ${took.toFixed(2)} s)`);
  }
  const after = memory();
  bench('export_growth_mib', Math.max(...[...after].map(([p, m]) => m - (before.get(p) ?? m))), `MiB (a worker of the pool, after ${2 * rounds + 5} exports)`);
  await views();
} finally {
  forget();
}
