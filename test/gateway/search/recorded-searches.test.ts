import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bestNames, type NameOrder } from '../../../src/gateway/search/best-names.ts';
import { nameFilter } from '../../../src/gateway/search/name-filter.ts';
import { NO_PAUSE } from '../../support/pace.ts';

/** What Prometheus 3.14 found with a limit of twelve: parameters by their names, and values with their scores. */
interface RecordedSearch {
  readonly label: string;
  readonly search: readonly string[];
  readonly fuzz_alg?: 'subsequence' | 'jarowinkler';
  readonly fuzz_threshold?: string;
  readonly case_sensitive?: 'true' | 'false';
  readonly sort_by?: 'alpha' | 'score';
  readonly sort_dir?: 'asc' | 'dsc';
  readonly results: readonly (readonly [value: string, score: number])[];
  readonly has_more: boolean;
}

const LIMIT = 12;

const [first, ...rest] = readFileSync('test/gateway/search/prometheus-3.14.jsonl', 'utf8').trim().split('\n');
/** All values that the labels had. */
const values = JSON.parse(first!) as Readonly<Record<string, readonly string[]>>;
const searches = rest.map((line) => JSON.parse(line) as RecordedSearch);

for (const search of searches) {
  const { results, has_more: hasMore, ...asked } = search;
  test(`${JSON.stringify(asked)} finds the same as Prometheus, with the same scores`, async () => {
    const filter = nameFilter({
      terms: search.search,
      algorithm: search.fuzz_alg ?? 'subsequence',
      threshold: Number(search.fuzz_threshold ?? 0) / 100,
      caseSensitive: search.case_sensitive !== 'false',
    });
    const order: NameOrder =
      search.sort_by === 'score' ? 'score' : search.sort_dir === 'dsc' ? 'descending' : 'ascending';
    const found = await bestNames(values[search.label]!, filter, order, LIMIT, NO_PAUSE);
    assert.deepEqual(
      found.names.map(({ value, score }) => [value, score]),
      results,
    );
    assert.equal(found.hasMore, hasMore);
  });
}

test('the recording has searches of each kind', () => {
  assert.ok(searches.length > 20);
  assert.ok(
    searches.some(({ fuzz_alg: algorithm, results }) => algorithm !== undefined && results.length > 0),
  );
});
