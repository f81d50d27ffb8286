import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startTestGateway } from '../support/running-gateway.ts';
import { NOW, startReplica, US_A } from './failures/support.ts';

const DOCUMENT = 'docs/metrics.md';

/** Those of the gateway itself: name, type and help. Others are of the libraries that Node's metrics come from. */
function shown(exposition: string): readonly string[] {
  const types = new Map(
    [...exposition.matchAll(/^# TYPE (?<name>\S+) (?<type>\S+)$/gm)].map(({ groups }) => [
      groups!['name']!,
      groups!['type']!,
    ]),
  );
  return [...exposition.matchAll(/^# HELP (?<name>promweave_\S+) (?<help>.*)$/gm)].map(
    ({ groups: { name, help } = {} }) => `| \`${name}\` | ${types.get(name!)} | ${help} |`,
  );
}

function documented(markdown: string): readonly string[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| `promweave_'))
    .map((line) => line.replaceAll(/ +/g, ' '));
}

test('every metric of the gateway is in the table of the documentation, and no other', async (t) => {
  const replica = await startReplica(t, US_A);
  const gateway = await startTestGateway([replica.url]);
  t.after(() => gateway.close(0));
  await (await fetch(`${gateway.url}/api/v1/query?query=m&time=${NOW / 1000}`)).text();
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const metrics = shown(text);
  assert.ok(metrics.length > 30, `saw only ${metrics.length} metrics`);
  assert.deepEqual(
    documented(readFileSync(DOCUMENT, 'utf8')),
    [...metrics].toSorted(),
    `${DOCUMENT} is to say:\n${[...metrics].toSorted().join('\n')}`,
  );
});

test('paths, queries and ids of callers are in no label', async (t) => {
  const replica = await startReplica(t, US_A);
  const gateway = await startTestGateway([replica.url]);
  t.after(() => gateway.close(0));
  const headers = { 'x-request-id': 'made-up-1' };
  for (const path of ['/made-up-1', '/api/v1/label/made-up-1/values', '/api/v1/query?query=made_up_1'])
    await (await fetch(gateway.url + path, { headers })).text();
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  assert.match(text, /handler="\/api\/v1\/label\/:name\/values"/);
  assert.match(text, /handler="other"/);
  assert.doesNotMatch(text, /made.up/);
});
