import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '../../src/cluster/topology.ts';
import type { ExplanationJson, SelectorJson } from '../../src/http/api/explanation.ts';
import { memoryEndpoint } from '../select/support.ts';
import type { ApiAnswer } from '../support/api-client.ts';
import { memoryServer } from '../support/memory-server.ts';
import { scrapedCounter } from '../support/scrapes.ts';

const M = { __name__: 'm' };

test('holes are marked where some are counted, and a replica that takes over fills none', async () => {
  for (let at = 300; at < 540; at += 8)
    for (const length of [20, 40, 90, 150, 300]) {
      const replicas = [scrapedCounter(M, 1, 1200, [at, at + length]), scrapedCounter(M, 7, 1200)];
      const endpoints = replicas.map((one, i) => memoryEndpoint(`${i}:1`, { __replica__: `${i}` }, [one]));
      const { series, summary } = await explained(endpoints);
      const filled = series[0]!.replicas.flatMap(({ timeline }) => timeline.match(/f+/gu) ?? []);
      assert.equal(filled.length, summary.holesFilled, `${at} to ${at + length}`);
      assert.equal(summary.switches + 2 * summary.holesFilled, 2);
      assert.match(series[0]!.replicas[0]!.timeline, /^[ci]+-+[ci]+$/u);
    }
});

async function explained(endpoints: readonly Endpoint[]): Promise<SelectorJson> {
  const answer = await memoryServer(endpoints).inject('/api/v1/explain?query=m[20m]&time=1199');
  return answer.json<ApiAnswer<ExplanationJson>>().data.selectors[0]!;
}
