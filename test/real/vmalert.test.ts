import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { startProcess, type RunningProcess } from '../support/process.ts';
import { until } from '../support/until.ts';
import { queryInstant } from '../support/api-client.ts';
import { startTestGateway } from '../support/running-gateway.ts';
import { untilEndpointsUp } from '../support/serve-process.ts';
import { startVictoriaMetrics } from '../support/victoria-metrics.ts';
import { startOperationPair, type Pair } from './api-comparison/servers.ts';

/** Of Debian's package `victoria-metrics`. */
const VMALERT = '/usr/bin/vmalert';
const TIMEOUT_MS = 30_000;

const ALERTS = `groups:
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

const RECORDINGS = `groups:
- name: basket
  interval: 1s
  rules:
  - record: place:basket_apples:sum
    expr: sum by (place) (basket_apples)
    labels: { recorded: 'yes' }
`;

interface SentAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

describe('vmalert, over the gateway,', { skip: !existsSync(VMALERT) && `${VMALERT} is not there` }, () => {
  let pair: Pair;
  before(async () => {
    pair = await startOperationPair();
  });
  after(async () => pair?.stop());

  async function startVmalert(
    t: TestContext,
    rules: string,
    args: readonly string[],
  ): Promise<RunningProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'promweave-vmalert-'));
    t.after(async () => rm(folder, { recursive: true }));
    const file = join(folder, 'rules.yml');
    await writeFile(file, rules);
    const listens = `-httpListenAddr=127.0.0.1:${await freePort()}`;
    const running = await startProcess(VMALERT, [`-rule=${file}`, listens, ...args], 'victoria-metrics');
    t.after(async () => running.stop());
    return running;
  }

  it('evaluates its rules, and alerts', async (t) => {
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
    const notifier = `-notifier.url=http://127.0.0.1:${port}`;
    const running = await startVmalert(t, ALERTS, [`-datasource.url=${pair.gateway}`, notifier]);
    await until(`an alert arrives:\n${running.output()}`, TIMEOUT_MS, async () => received.length > 0);
    const [alert] = received;
    assert.equal(alert!.annotations['summary'], '7 boskoop');
    const { alertname, severity, place, sort } = alert!.labels;
    assert.deepEqual(
      { alertname, severity, place, sort },
      { alertname: 'Apples', severity: 'page', place: 'kitchen', sort: 'boskoop' },
    );
    assert.doesNotMatch(running.output(), /\terror\t/);
  });

  it('records what it evaluates in another store, from which the gateway reads it', async (t) => {
    const store = await startVictoriaMetrics('');
    t.after(async () => store.stop());
    const gateway = await startTestGateway([], {
      endpoints: [{ address: pair.server }, { address: store.url, external_labels: { store: 'rules' } }],
    });
    t.after(async () => gateway.close(0));
    await untilEndpointsUp(gateway.url, 2);
    const running = await startVmalert(t, RECORDINGS, [
      `-datasource.url=${gateway.url}`,
      `-remoteWrite.url=${store.url}`,
      '-remoteWrite.flushInterval=200ms',
    ]);
    // VictoriaMetrics remembers for seconds what it did not find, so nothing is asked before it is there.
    await until(`something is recorded:\n${running.output()}`, TIMEOUT_MS, async () => {
      const metrics = await (await fetch(`${store.url}/metrics`)).text();
      return /^vm_rows_inserted_total\{type="promremotewrite"\} [1-9]/m.test(metrics);
    });
    await fetch(`${store.url}/internal/force_flush`);
    const { data, warnings } = await queryInstant(gateway.url, 'place:basket_apples:sum');
    assert.deepEqual(
      data.result.map(({ metric, value }) => [metric, value[1]]),
      [[{ __name__: 'place:basket_apples:sum', place: 'kitchen', recorded: 'yes', store: 'rules' }, '7.1']],
    );
    assert.equal(warnings, undefined);
    assert.doesNotMatch(running.output(), /\terror\t/);
  });
});
