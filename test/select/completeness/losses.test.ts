import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend } from '../../../src/backend/backend.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import {
  coveredBy,
  scopeOf,
  NEVER,
  REQUEST,
  columnsSeries,
  failingEndpoint,
  memoryEndpoint,
  messages,
  readAll,
  selectionOf,
} from '../support.ts';

const A = columnsSeries({ __name__: 'm' }, [[1000, 1]]);
const STRICT = { partialResponse: false };

/** A replica that says of its answer that it lacks something. */
function incompleteEndpoint(address: string, sibling: string, covered: number): Endpoint {
  const labels = { __replica__: address.slice(0, 1), shard: '0' };
  const whole = memoryEndpoint(address, labels, [], coveredBy(sibling, covered));
  const select: Backend['select'] = async (...request) => {
    const answer = await whole.backend.select(...request);
    if (!answer.ok) return answer;
    const annotations = [{ kind: 'incomplete', message: 'a store is down' }] as const;
    return { ...answer, value: { ...answer.value, annotations } };
  };
  return { ...whole, backend: { ...whole.backend, select } };
}

test('one replica down and its sibling there: the whole answer and an info', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { __replica__: 'a', shard: '0' }, [A]),
    failingEndpoint('b:1', { __replica__: 'b', shard: '0' }, coveredBy('a:1', 1)),
  );
  const set = await selection.source(scopeOf(STRICT)).select(REQUEST, NEVER);
  assert.deepEqual(readAll(set), [['__name__ m shard 0', [[1000, 1]]]]);
  assert.deepEqual(messages(set.annotations), [
    'info: in shard {shard="0"} endpoint b:1 did not answer: connection refused; nothing is missing, its replica a:1 answered',
  ]);
});

test('one replica down where each is shown: its series are missing, whatever its sibling has', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { __replica__: 'a', shard: '0' }, [A]),
    failingEndpoint('b:1', { __replica__: 'b', shard: '0' }, coveredBy('a:1', 1)),
  );
  const missing =
    'shard {__replica__="b", shard="0"} is missing: endpoint b:1 did not answer: connection refused';
  const set = await selection.source(scopeOf({ dedup: false })).select(REQUEST, NEVER);
  assert.deepEqual(readAll(set), [['__name__ m __replica__ a shard 0', [[1000, 1]]]]);
  assert.deepEqual(messages(set.annotations), [`warning: ${missing}`]);
  await assert.rejects(selection.source(scopeOf({ ...STRICT, dedup: false })).select(REQUEST, NEVER), {
    kind: 'unavailable',
    message: missing,
  });
});

test('a whole shard down: the answer of the others and a warning with shard, endpoints and reasons', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { shard: '0' }, [A]),
    failingEndpoint('b:1', { __replica__: 'b', shard: '1' }),
    failingEndpoint('c:1', { __replica__: 'c', shard: '1' }),
  );
  const set = await selection.source(scopeOf()).select(REQUEST, NEVER);
  assert.equal(set.series.length, 1);
  assert.deepEqual(messages(set.annotations), [
    'warning: shard {shard="1"} is missing: endpoint b:1 did not answer: connection refused; endpoint c:1 did not answer: connection refused',
  ]);
});

test('a whole shard down without partial response is an error with the same sentence', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { shard: '0' }, [A]),
    failingEndpoint('b:1', { shard: '1' }),
  );
  await assert.rejects(selection.source(scopeOf(STRICT)).select(REQUEST, NEVER), {
    name: 'QueryError',
    kind: 'unavailable',
    message: 'shard {shard="1"} is missing: endpoint b:1 did not answer: connection refused',
  });
});

test('no endpoint that can be reached is an error that names them, since an empty answer would end alerts', async () => {
  const selection = selectionOf(
    failingEndpoint('a:1', { shard: '0' }),
    failingEndpoint('b:1', { shard: '1' }),
  );
  await assert.rejects(selection.source(scopeOf()).select(REQUEST, NEVER), {
    kind: 'unavailable',
    message:
      'no endpoint can be reached: shard {shard="0"} is missing: endpoint a:1 did not answer: connection refused; ' +
      'shard {shard="1"} is missing: endpoint b:1 did not answer: connection refused',
  });
});

test('an endpoint that answers with an error, or was not asked and is up, is reached: the answer is partial', async () => {
  const refusing = failingEndpoint('b:1', { shard: '1' }, {}, async () => ({
    kind: 'bad_data',
    endpoint: 'b:1',
    reason: 'no such label',
  }));
  const answering = selectionOf(failingEndpoint('a:1', { shard: '0' }), refusing);
  const set = await answering.source(scopeOf()).select(REQUEST, NEVER);
  assert.deepEqual([set.series.length, set.annotations.length], [0, 2]);
  const other = selectionOf(
    memoryEndpoint('a:1', { shard: '0' }, [A]),
    failingEndpoint('b:1', { shard: '1' }),
  );
  const matchers = [...REQUEST.matchers, { kind: '=', name: 'shard', value: '1' }] as const;
  const part = await other.source(scopeOf()).select({ ...REQUEST, matchers }, NEVER);
  assert.deepEqual([part.series.length, part.annotations.length], [0, 1]);
});

test('a shard that the query does not concern may be down', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { shard: '0' }, [A]),
    failingEndpoint('b:1', { shard: '1' }),
  );
  const matchers = [...REQUEST.matchers, { kind: '=', name: 'shard', value: '0' }] as const;
  const set = await selection.source(scopeOf(STRICT)).select({ ...REQUEST, matchers }, NEVER);
  assert.equal(set.series.length, 1);
  assert.deepEqual(set.annotations, []);
});

for (const [name, more, severity, pattern] of [
  ['of unproven redundancy', {}, 'warning', /not proven that a:1 holds the same ones/],
  ['with disjoint targets', coveredBy('a:1', 0), 'warning', /its series are missing, a:1 holds other ones/],
  ['covered in part', coveredBy('a:1', 0.6), 'warning', /a:1 has only 60 % of its targets/],
  ['configured as redundant', { replication: 'redundant' }, 'info', /nothing is missing/],
  [
    'configured as disjoint',
    { replication: 'disjoint', ...coveredBy('a:1', 1) },
    'warning',
    /holds other ones/,
  ],
] as const)
  test(`a lost endpoint ${name}: ${severity}`, async () => {
    const selection = selectionOf(
      memoryEndpoint('a:1', { __replica__: 'a' }, [A]),
      failingEndpoint('b:1', { __replica__: 'b' }, more),
    );
    const { annotations } = await selection.source(scopeOf()).select(REQUEST, NEVER);
    assert.equal(annotations.length, 1);
    const [message] = messages(annotations);
    assert.ok(message!.startsWith(severity), message);
    assert.match(message!, pattern);
  });

test('a replica that the matchers left out does not stand in for a lost one', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { __replica__: 'a' }, [A]),
    failingEndpoint('b:1', { __replica__: 'b' }, coveredBy('a:1', 1)),
  );
  const matchers = [...REQUEST.matchers, { kind: '=', name: '__replica__', value: 'b' }] as const;
  const { annotations } = await selection.source(scopeOf()).select({ ...REQUEST, matchers }, NEVER);
  assert.match(messages(annotations)[0]!, /^warning: shard \{\} is missing/);
});

test('an endpoint that never told its labels is named', async () => {
  const failure = { kind: 'unavailable', endpoint: 'b:1', reason: 'connection refused' } as const;
  const unknown = {
    ...failingEndpoint('b:1', {}),
    externalLabels: undefined,
    health: { kind: 'down', failure, since: 0 } as const,
  };
  const selection = selectionOf(memoryEndpoint('a:1', { shard: '0' }, [A]), unknown);
  const set = await selection.source(scopeOf()).select(REQUEST, NEVER);
  assert.deepEqual(messages(set.annotations), [
    'warning: endpoint b:1 never answered, so its shard is unknown: connection refused',
  ]);
  await assert.rejects(selection.source(scopeOf(STRICT)).select(REQUEST, NEVER), { kind: 'unavailable' });
});

test('an endpoint that is down with nobody to replace it is asked: it may be back', async () => {
  const failure = { kind: 'unavailable', endpoint: 'a:1', reason: 'connection refused' } as const;
  const back = memoryEndpoint('a:1', { shard: '0' }, [A], { health: { kind: 'down', failure, since: 0 } });
  const set = await selectionOf(back).source(scopeOf(STRICT)).select(REQUEST, NEVER);
  assert.equal(set.series.length, 1);
  assert.equal(set.annotations.length, 0);
});

test('an endpoint that is down is not asked while a healthy replica replaces it', async () => {
  const failure = { kind: 'unavailable', endpoint: 'b:1', reason: 'connection refused' } as const;
  const health = { kind: 'down', failure, since: 0 } as const;
  let asked = 0;
  const down = failingEndpoint('b:1', { __replica__: 'b' }, { health, ...coveredBy('a:1', 1) }, async () => {
    asked++;
    return failure;
  });
  const set = await selectionOf(memoryEndpoint('a:1', { __replica__: 'a' }, [A]), down)
    .source(scopeOf(STRICT))
    .select(REQUEST, NEVER);
  assert.equal(asked, 0);
  assert.match(messages(set.annotations)[0]!, /^info: .*b:1 did not answer: connection refused/);
});

test('an endpoint that is down because it hangs is not asked again by every query', async () => {
  let asked = 0;
  const failure = { kind: 'timeout', endpoint: 'b:1', reason: 'no answer within 30 s' } as const;
  const down = failingEndpoint(
    'b:1',
    { shard: '1' },
    { health: { kind: 'down', failure, since: 0 } },
    async () => {
      asked++;
      return failure;
    },
  );
  const selection = selectionOf(memoryEndpoint('a:1', { shard: '0' }, [A]), down);
  const { annotations } = await selection.source(scopeOf()).select(REQUEST, NEVER);
  assert.equal(asked, 0);
  assert.match(
    messages(annotations)[0]!,
    /shard \{shard="1"\} is missing: endpoint b:1 .*no answer within 30 s/,
  );
});

test('an endpoint that hangs and ignores its signal runs into its timeout alone', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { shard: '0' }, [A]),
    failingEndpoint('b:1', { shard: '1' }, { timeoutMs: 20 }, () => new Promise(() => {})),
  );
  const set = await selection.source(scopeOf()).select(REQUEST, NEVER);
  assert.equal(set.series.length, 1);
  assert.match(
    messages(set.annotations)[0]!,
    /endpoint b:1 did not answer: no complete answer within 0\.02 s; it hangs or is overloaded/,
  );
});

test('a caller that gives up gets an error of kind canceled', async () => {
  const controller = new AbortController();
  const selection = selectionOf(
    failingEndpoint('b:1', {}, {}, () => {
      controller.abort();
      return new Promise(() => {});
    }),
  );
  await assert.rejects(selection.source(scopeOf()).select(REQUEST, controller.signal), { kind: 'canceled' });
});

test('a bug in the code of a backend is no loss: it comes out as it is, with its stack', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { shard: '0' }, [A]),
    failingEndpoint('b:1', { shard: '1' }, {}, () => Promise.reject(new TypeError('x is not a function'))),
  );
  await assert.rejects(selection.source(scopeOf()).select(REQUEST, NEVER), {
    name: 'TypeError',
    message: 'x is not a function',
  });
});

test('one replica says that its answer lacks something, and its sibling does not: the whole answer and an info', async () => {
  const selection = selectionOf(
    memoryEndpoint('a:1', { __replica__: 'a', shard: '0' }, [A]),
    incompleteEndpoint('b:1', 'a:1', 1),
  );
  const set = await selection.source(scopeOf(STRICT)).select(REQUEST, NEVER);
  assert.deepEqual(readAll(set), [['__name__ m shard 0', [[1000, 1]]]]);
  assert.deepEqual(messages(set.annotations), [
    'info: b:1: a store is down; nothing is missing, a replica has it all',
  ]);
});

test('what a replica says that its answer lacks is missing where no whole answer replaces it', async () => {
  const warning = 'b:1: a store is down';
  const other = memoryEndpoint('a:1', { __replica__: 'a', shard: '0' }, [A]);
  const failing = failingEndpoint('a:1', { __replica__: 'a', shard: '0' }, coveredBy('b:1', 1));
  for (const [sibling, covered] of [
    [other, 0.3],
    [incompleteEndpoint('a:1', 'b:1', 1), 1],
    [failing, 1],
  ] as const) {
    const selection = selectionOf(sibling, incompleteEndpoint('b:1', 'a:1', covered));
    const set = await selection.source(scopeOf()).select(REQUEST, NEVER);
    assert.ok(
      messages(set.annotations).includes(`warning: ${warning}`),
      messages(set.annotations).join('\n'),
    );
    await assert.rejects(selection.source(scopeOf(STRICT)).select(REQUEST, NEVER), { kind: 'unavailable' });
  }
});
