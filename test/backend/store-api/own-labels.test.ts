import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import {
  decodeLabelValuesRequest,
  encodeLabelValuesResponse,
  type LabelValuesRequest,
} from '../../../src/wire/store-api/label-calls.ts';
import { infoAnswer, type FakeCalls } from '../../support/fake-store.ts';
import { NEVER, backendTo, valueOf } from './support.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = 50 * DAY_MS;
const SETS = [labelsFromRecord({ env: 'prod', shard: '0' }), labelsFromRecord({ env: 'prod', shard: '1' })];

/** A server of which label values may be asked; `asked` hears of each call. */
function serverOf(
  values: Readonly<Record<string, readonly string[]>>,
  asked: LabelValuesRequest[] = [],
  componentType = 'query',
): FakeCalls {
  return {
    info: () => infoAnswer(SETS, { componentType }),
    labelValues: (body) => {
      const request = decodeLabelValuesRequest(body);
      asked.push(request);
      const list = values[request.label];
      if (list === undefined) throw new Error('no such label here');
      return encodeLabelValuesResponse({ values: list, warnings: [], hints: undefined });
    },
  };
}

const clock = { now: () => NOW, monotonic: () => 0 };

describe('external labels that series of a Store API carry themselves', () => {
  it('are those with values that no label set has', async (t) => {
    const asked: LabelValuesRequest[] = [];
    const calls = serverOf({ env: ['dev', 'prod'], shard: ['0', '1'] }, asked);
    const backend = await backendTo(t, calls, { clock });
    assert.deepEqual([...valueOf(await backend.describe(NEVER)).ownLabelNames], ['env']);
    const byName = asked.map(
      ({ label, start, end, limit }) => [label, [NOW - start, NOW - end, limit]] as const,
    );
    assert.deepEqual(
      new Map(byName),
      new Map([
        ['env', [DAY_MS, 0, 2]],
        ['shard', [DAY_MS, 0, 3]],
      ]),
    );
  });

  it('may be those that it does not tell of', async (t) => {
    const backend = await backendTo(t, serverOf({ shard: ['0'] }), { clock });
    assert.deepEqual([...valueOf(await backend.describe(NEVER)).ownLabelNames], ['env']);
  });

  it('are none where the store lays its own over them', async (t) => {
    const asked: LabelValuesRequest[] = [];
    const backend = await backendTo(t, serverOf({ env: ['dev'] }, asked, 'sidecar'), { clock });
    assert.equal(valueOf(await backend.describe(NEVER)).ownLabelNames.size, 0);
    assert.equal(asked.length, 0);
  });

  it('are none that are configured', async (t) => {
    const calls = serverOf({ env: ['dev', 'prod'], shard: ['7'] });
    const externalLabels = labelsFromRecord({ env: 'test' });
    const backend = await backendTo(t, calls, { clock, externalLabels });
    assert.deepEqual([...valueOf(await backend.describe(NEVER)).ownLabelNames], ['shard']);
  });
});
