import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OWN_RECORDING, recordings } from '../support/recorded.ts';
import { runCorpus } from './run-corpus.ts';

for (const recording of recordings('3,600 expressions as Prometheus 3.14 evaluated them')) {
  test(`every recorded expression gives what ${recording.name} answered`, async () => {
    const { cases, differences } = await runCorpus(recording);
    const least = recording === OWN_RECORDING ? 240 : 3000;
    assert.ok(cases > least, `only ${cases} recorded expressions were found`);
    const first = differences
      .slice(0, 20)
      .map(({ recorded, problem }) => `${recorded.params.query}: ${problem.slice(0, 300)}`);
    assert.deepEqual(first, [], `${differences.length} of ${cases} differ`);
  });
}
