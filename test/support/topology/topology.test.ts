import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { stringify } from 'yaml';
import { Topology } from './topology.ts';

/** A service that leaves a file with the name of its process, in which is the name server that it was given. */
const PROGRAM = `
const { writeFileSync } = require('node:fs');
const [host, port] = process.argv[2].replace('--listen=', '').split(':');
writeFileSync(process.env.NOTES + '/' + process.pid, process.env.DNS_SERVER ?? '');
require('node:http').createServer((_, response) => response.end()).listen(Number(port), host);
`;

/** Starts a topology of such services, which is written for it, and says which processes it began and what they were given. */
function started(t: TestContext, services: Readonly<Record<string, object>>) {
  const from = mkdtempSync(join(tmpdir(), 'topology-test-'));
  t.after(() => rmSync(from, { recursive: true }));
  const notes = join(from, 'notes');
  for (const folder of ['some', 'notes']) mkdirSync(join(from, folder));
  writeFileSync(join(from, 'some', 'program.cjs'), PROGRAM);
  writeFileSync(join(from, 'some', 'a.zone'), '$ORIGIN a.svc.\n_http._tcp.x IN SRV 0 0 8080 x\n');
  const common = {
    image: 'ealen/echo-server',
    entrypoint: [process.execPath, '/etc/program.cjs'],
    volumes: ['./program.cjs:/etc/program.cjs'],
    environment: { NOTES: notes },
  };
  const written = Object.entries(services).map(([name, more]) => [name, { ...common, ...more }] as const);
  writeFileSync(
    join(from, 'some', 'compose.yml'),
    stringify({ services: Object.fromEntries(written) }, { aliasDuplicateObjects: false }),
  );
  const begun = () =>
    readdirSync(notes).map((pid) => ({
      pid: Number(pid),
      nameServer: readFileSync(join(notes, pid), 'utf8'),
    }));
  return { starting: Topology.start('some', { from }), begun };
}

test('where a service does not start, those that start later are stopped, too', async (t) => {
  const { starting, begun } = started(t, { broken: { entrypoint: ['/nowhere/broken'] }, x: {} });
  await assert.rejects(starting, /\/nowhere\/broken is not there/);
  assert.equal(begun().length, 1);
  assert.throws(() => process.kill(begun()[0]!.pid, 0), { code: 'ESRCH' });
});

test('services that ask the same name server share one', async (t) => {
  const dns = ['172.30.90.53'];
  const { starting, begun } = started(t, {
    names: {
      image: 'coredns/coredns',
      volumes: ['./a.zone:/a.zone'],
      networks: { default: { ipv4_address: dns[0] } },
    },
    x: { dns },
    y: { dns },
  });
  const topology = await starting;
  t.after(async () => topology.stop());
  const [first, second] = begun().map(({ nameServer }) => nameServer);
  assert.match(first!, /^127\.0\.0\.1:\d+$/);
  assert.equal(second, first);
});
