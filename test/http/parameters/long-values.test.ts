import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, NOW, serverOver } from '../support.ts';

const GIVEN: Readonly<Record<string, string>> = {
  'match[]': 'up',
  query: '1',
  start: '1',
  end: '2',
  step: '1',
};

/** Parameters that are a number, a time, a duration or a word, by path. */
const PARAMETERS = {
  query: ['limit', 'time', 'timeout', 'lookback_delta', 'dedup', 'dedup_func', 'partial_response', 'stats'],
  query_range: ['start', 'end', 'step', 'max_source_resolution'],
  explain: ['limit', 'start'],
  series: ['limit', 'start', 'end'],
  query_exemplars: ['start', 'end'],
  metadata: ['limit', 'limit_per_metric'],
  'targets/metadata': ['limit'],
  targets: ['state'],
  rules: ['type', 'exclude_alerts', 'group_limit', 'group_next_token'],
  'status/tsdb': ['limit'],
};

test('a value that is far too long is refused without being read or repeated', async () => {
  const server = serverOver(answering({ kind: 'scalar', t: NOW, v: 1 }));
  for (const [path, names] of Object.entries(PARAMETERS))
    for (const name of names)
      for (const value of ['9'.repeat(200_000), `${'9'.repeat(200_000)}x`, 'é'.repeat(1001)]) {
        const { statusCode, body } = await server.inject({
          method: 'GET',
          url: `/api/v1/${path}`,
          query: { ...GIVEN, [name]: value },
        });
        assert.equal(statusCode, 400, `${path} ${name}`);
        assert.match(
          body,
          new RegExp(
            `invalid parameter ..${name}..: it has \\d+ characters, and the most that is read is 1000`,
          ),
        );
      }
});
