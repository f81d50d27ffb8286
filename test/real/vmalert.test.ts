import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';
import { startOperationPair } from './api-comparison/servers.ts';

/** Of Debian's package `victoria-metrics`. */
const VMALERT = '/usr/bin/vmalert';
const TIMEOUT_MS = 30_000;

const RULES = `groups:
- name: basket
  interval: 1s
  rules:
  - alert: Apples
    expr: basket_apples > 5
    labels: { severity: page }
    annotations: { summary: '{{ $value }} {{ $labels.sort }}' }
  - alert: None
    expr: basket_apples < 0
`;

interface SentAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

test(
  'vmalert evaluates its rules on the gateway, and alerts',
  { skip: !existsSync(VMALERT) && `${VMALERT} is not there` },
  async (t) => {
    const pair = await startOperationPair();
    t.after(async () => pair.stop());
    const folder = await mkdtemp(join(tmpdir(), 'promweave-vmalert-'));
    t.after(async () => rm(folder, { recursive: true }));
    const rules = join(folder, 'rules.yml');
    await writeFile(rules, RULES);
    const received: SentAlert[] = [];
    const take = async (request: IncomingMessage): Promise<void> => {
      received.push(...(JSON.parse(await text(request)) as readonly SentAlert[]));
    };
    const alertmanager = createServer((request, response) => {
      void take(request).then(() => response.end());
    });
    alertmanager.listen(0, '127.0.0.1');
    await once(alertmanager, 'listening');
    t.after(() => {
      alertmanager.closeAllConnections();
      alertmanager.close();
    });
    const { port } = alertmanager.address() as { readonly port: number };
    const running = await startProcess(
      VMALERT,
      [
        `-rule=${rules}`,
        `-datasource.url=${pair.gateway}`,
        `-notifier.url=http://127.0.0.1:${port}`,
        `-httpListenAddr=127.0.0.1:${await freePort()}`,
      ],
      'victoria-metrics',
    );
    t.after(async () => running.stop());
    await until(`an alert arrives:\n${running.output()}`, TIMEOUT_MS, async () => received.length > 0);
    const [alert] = received;
    assert.equal(alert!.annotations['summary'], '7 boskoop');
    const { alertname, severity, place, sort } = alert!.labels;
    assert.deepEqual(
      { alertname, severity, place, sort },
      { alertname: 'Apples', severity: 'page', place: 'kitchen', sort: 'boskoop' },
    );
    assert.doesNotMatch(running.output(), /\terror\t/);
  },
);
