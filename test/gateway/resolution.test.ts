import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lookbackFor, resolutionOf } from '../../src/gateway/resolution.ts';
import type { ReadOptions, RequestScope } from '../../src/model/request-scope.ts';
import { fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { memoryEndpoint } from '../select/support.ts';
import { partsOf, selectionOf } from './support.ts';
import { originOf } from '../support/open-requests.ts';

const NEVER = new AbortController().signal;

const MINUTE = 60_000;
const topologyOf = (component: string) => () =>
  fixedTopology([memoryEndpoint('a', {}, [], { protocol: 'store-api', component })]);

describe('the resolution of a request', () => {
  it('is raw samples where none is asked for, and five samples to a step for auto', () => {
    assert.equal(resolutionOf(undefined, 600_000), 0);
    assert.equal(resolutionOf('auto', 600_000), 120_000);
    assert.equal(resolutionOf('auto', 0), 0);
    assert.equal(resolutionOf(3_600_000, 1), 3_600_000);
  });

  const CASES = [
    ['what it says', false, 'auto', 120_000],
    ['nothing where neither it nor the server says', false, undefined, 0],
    ['a fifth of the step where the server downsamples by itself', true, undefined, 120_000],
    ['raw samples where it says so, whatever the server does', true, 0, 0],
    ['one that it names, whatever the server does', true, 3_600_000, 3_600_000],
  ] as const;
  for (const [what, autoDownsampling, maxSourceResolution, expected] of CASES)
    it(`reaches the selection: ${what}`, async () => {
      const used: ReadOptions[] = [];
      const source = (scope: RequestScope): ReturnType<ReturnType<typeof selectionOf>['source']> => {
        used.push(scope.options);
        return selectionOf({}).source(scope);
      };
      const parts = partsOf({ selection: selectionOf({ source, topology: () => fixedTopology([]) }) });
      const gateway = createGateway({ ...parts, defaults: { ...parts.defaults, autoDownsampling } });
      const range = { text: 'a', start: 0, end: 600_000, step: 600_000, limit: 0 };
      const origin = originOf(NEVER);
      await gateway.queryRange(gateway.open({ maxSourceResolution }, origin, range.step), range);
      await gateway.query(gateway.open({}, origin), { text: 'a', time: 0, limit: 0 });
      assert.deepEqual(
        used.map((options) => options.maxSourceResolution),
        [expected, 0],
      );
    });
});

describe('the lookback delta', () => {
  const lookback = (delta: number, resolution: number): number =>
    lookbackFor(delta, resolution, topologyOf('store'));

  it('is as long as the samples of the coarsest data that may be read are apart', () => {
    assert.equal(lookback(5 * MINUTE, 5 * MINUTE), 5 * MINUTE);
    assert.equal(lookback(5 * MINUTE, 6 * MINUTE), 60 * MINUTE);
    assert.equal(lookback(MINUTE, 2 * MINUTE), 5 * MINUTE);
    assert.equal(lookback(MINUTE, MINUTE), MINUTE);
    assert.equal(lookback(120 * MINUTE, 60 * MINUTE), 120 * MINUTE);
  });

  it('stays where no endpoint can have such data', () => {
    assert.equal(lookbackFor(5 * MINUTE, 60 * MINUTE, topologyOf('sidecar')), 5 * MINUTE);
  });
});
