import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { callApi } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { pause } from '../support/topology/pause.ts';
import { untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';
import { until } from '../support/until.ts';

const ALERTMANAGERS = [0, 1, 2].map((index) => `alertmanager-${index}.alertmanager`);
/** Longer than the others wait for the first one to notify, and for each other, ms. */
const ALL_HAD_THEIR_TURN_MS = 6000;

interface Alert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
}

describe('alertmanager-ha', () => {
  let topology: Topology;
  let url = '';
  /** What the webhook was sent of an instance, as `firing` or `resolved`. */
  const notified = async (name: string): Promise<readonly string[]> => {
    const answer = await fetch(topology.url('webhook'));
    const notifications = (await answer.json()) as readonly { readonly alerts: readonly Alert[] }[];
    return notifications
      .flatMap(({ alerts }) => alerts)
      .filter(({ labels }) => labels['instance'] === topology.address(name))
      .map(({ status }) => status);
  };
  const untilNotified = async (name: string, count: number): Promise<void> =>
    until(`the webhook was told of ${name}`, 30_000, async () => (await notified(name)).length >= count);

  before(async () => {
    topology = await Topology.start('alertmanager-ha');
    url = topology.url('promweave');
    await untilAnswered(url, {
      ask: 'count by (__replica__) (up{job="app"} == 1)',
      by: { dedup: false },
      values: { 'prom-0': '2', 'prom-1': '2' },
    });
    await Promise.all(
      ALERTMANAGERS.map((name) =>
        until(`${name} has two peers`, 30_000, async () => {
          const { cluster } = (await (await fetch(`${topology.url(name)}/api/v2/status`)).json()) as {
            readonly cluster: { readonly status: string; readonly peers?: readonly unknown[] };
          };
          return cluster.status === 'ready' && cluster.peers?.length === 3;
        }),
      ),
    );
  });
  after(async () => topology?.stop());

  test('the gateway tells of all Alertmanagers, and what the README says to try works', async () => {
    const { data } = await callApi<{ readonly activeAlertmanagers: readonly { readonly url: string }[] }>(
      url,
      'alertmanagers',
    );
    assert.deepEqual(
      data.activeAlertmanagers.map((each) => each.url).toSorted(),
      ALERTMANAGERS.map((name) => `${topology.url(name)}/api/v2/alerts`).toSorted(),
    );
    await tryLines('alertmanager-ha', topology);
  });

  test('an alert of two servers at three Alertmanagers is one notification', async () => {
    await topology.end('app-0.app');
    await untilNotified('app-0.app', 1);
    await pause(ALL_HAD_THEIR_TURN_MS);
    assert.deepEqual(await notified('app-0.app'), ['firing']);
    for (const name of ALERTMANAGERS) {
      const alerts = (await (await fetch(`${topology.url(name)}/api/v2/alerts`)).json()) as readonly Alert[];
      assert.equal(alerts.length, 1, name);
      assert.equal(alerts[0]!.labels['__replica__'], undefined, name);
    }
  });

  test('the gateway shows it once', async () => {
    const { data, warnings } = await callApi<{ readonly alerts: readonly Alert[] }>(url, 'alerts');
    assert.deepEqual(
      data.alerts.map(({ labels }) => [labels['alertname'], labels['instance'], labels['__replica__']]),
      [['AppDown', topology.address('app-0.app'), undefined]],
    );
    assert.equal(warnings, undefined);
  });

  test('one Alertmanager and one Prometheus are killed: the next alert is one notification, too', async () => {
    await Promise.all(
      [ALERTMANAGERS[0]!, 'prometheus-0.prometheus'].map((name) => topology.end(name, 'SIGKILL')),
    );
    await topology.end('app-1.app');
    await untilNotified('app-1.app', 1);
    await pause(ALL_HAD_THEIR_TURN_MS);
    assert.deepEqual(await notified('app-1.app'), ['firing']);
    const { data } = await callApi<{ readonly alerts: readonly Alert[] }>(url, 'alerts');
    assert.equal(data.alerts.length, 2);
  });
});
