import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedAvailable } from '../support/recorded.ts';
import { runCorpus } from './run-corpus.ts';

if (recordedAvailable()) {
  test('every recorded expression gives what Prometheus answered', async () => {
    const { cases, differences } = await runCorpus();
    assert.ok(cases > 3000, `only ${cases} recorded expressions were found`);
    const first = differences
      .slice(0, 20)
      .map(({ recorded, problem }) => `${recorded.params.query}: ${problem.slice(0, 300)}`);
    assert.deepEqual(first, [], `${differences.length} of ${cases} differ`);
  });
}
