import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { callApi } from '../../support/api-client.ts';
import { ask, closeConnections, type Call } from './ask.ts';
import { FEDERATE_CALLS, LOOKUP_CALLS } from './calls/lookups.ts';
import { METHOD_CALLS, PATH_CALLS } from './calls/methods.ts';
import { OPERATION_CALLS } from './calls/operations.ts';
import { LANGUAGE_CALLS, QUERY_CALLS, RANGE_CALLS } from './calls/queries.ts';
import { READ_CALLS } from './calls/remote-reads.ts';
import { SEARCH_CALLS } from './calls/search.ts';
import { NEW_SPELLING_CALLS, SPELLING_CALLS } from './calls/spellings.ts';
import { comparable } from './comparable.ts';
import { compareAnswers, nameOf } from './compare.ts';
import { ALWAYS, explains, OF_242, OF_314, type Reason } from './differences.ts';
import { startDataPair, startOperationPair, type Pair } from './servers.ts';

/** What is asked of a server that holds series, and of one that scrapes and evaluates rules. */
const CALLS: Readonly<Record<'data' | 'operations', Readonly<Record<string, readonly Call[]>>>> = {
  data: {
    'instant queries': QUERY_CALLS,
    'range queries': RANGE_CALLS,
    expressions: LANGUAGE_CALLS,
    lists: LOOKUP_CALLS,
    federation: FEDERATE_CALLS,
    'remote reads': READ_CALLS,
    'other methods': METHOD_CALLS,
    'odd paths': PATH_CALLS,
    spellings: SPELLING_CALLS,
    'spellings of version 3': NEW_SPELLING_CALLS,
    searches: SEARCH_CALLS,
  },
  operations: { operations: OPERATION_CALLS },
};

/** Of which a server of version 2 knows nothing. */
const OF_VERSION_3: ReadonlySet<string> = new Set(['spellings of version 3', 'searches']);

describe('the gateway answers as the real server behind it', () => {
  let pairs: Readonly<Record<keyof typeof CALLS, Pair>>;
  let isOf242 = false;
  let reasons: readonly Reason[] = [];
  const seen = new Set<Reason>();

  before(async () => {
    pairs = { data: await startDataPair(), operations: await startOperationPair() };
    const { data } = await callApi<{ readonly version: string }>(pairs.data.server, 'status/buildinfo');
    isOf242 = data.version.startsWith('2.');
    reasons = [...ALWAYS, ...(isOf242 ? OF_242 : OF_314)];
    console.log(`# compared with Prometheus ${data.version}; PROMETHEUS_BIN names another one`);
  });

  after(async () => {
    closeConnections();
    for (const pair of Object.values(pairs ?? {})) await pair.stop();
  });

  for (const [of, families] of Object.entries(CALLS))
    for (const [family, calls] of Object.entries(families))
      test(`${calls.length} calls: ${family}`, async (t) => {
        if (isOf242 && OF_VERSION_3.has(family)) return t.skip('this server is of version 2');
        const pair = pairs[of as keyof typeof CALLS];
        const unexplained: string[] = [];
        for (const call of calls) unexplained.push(...(await differencesOf(pair, call)));
        assert.deepEqual(unexplained, [], `${unexplained.length} differences have no reason`);
      });

  test('each reason for a difference is one that still shows', () => {
    const due = reasons.filter(({ isByChance }) => isByChance !== true);
    const unseen = due.filter((reason) => !seen.has(reason)).map(({ reason }) => reason);
    assert.deepEqual(unseen, []);
  });

  async function differencesOf(pair: Pair, call: Call): Promise<readonly string[]> {
    const [expected, actual] = await Promise.all([ask(pair.server, call), ask(pair.gateway, call)]);
    const name = nameOf(call);
    const differences = compareAnswers(comparable(expected, call, isOf242), comparable(actual, call));
    return differences.flatMap((difference) => {
      const reason = reasons.find((each) => explains(each, name, difference));
      if (reason !== undefined) seen.add(reason);
      return reason === undefined ? [`${name}\n${shown(difference)}`] : [];
    });
  }
});

function shown({ aspect, expected, actual }: ReturnType<typeof compareAnswers>[number]): string {
  return `  ${aspect}\n    of the server:  ${String(expected)}\n    of the gateway: ${String(actual)}`;
}
