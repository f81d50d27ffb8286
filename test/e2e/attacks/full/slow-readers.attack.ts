import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_SERIES_REQUEST, encodeSeriesRequest } from '../../../../src/wire/store-api/series-request.ts';
import { END, METRIC } from '../../../support/load/counter-pairs.ts';
import { WIDE_END, WIDE_METRIC } from '../../../support/load/wide.ts';
import type { Clients, Told } from './clients-process.ts';
import type { SlowReaders } from './slow-readers-process.ts';
import {
  ATTACKER,
  CEILING,
  cutsOf,
  OTHER_CLIENT,
  printSeen,
  printTally,
  recovered,
  startHelper,
  startProgram,
  totalOf,
  watch,
  type Tally,
} from './support.ts';

const HTTP_READERS = 750;
const GRPC_READERS = 250;
const SECONDS = 60;
/** What the process may keep of its heap afterwards, bytes. */
const KEPT = 200e6;

/** Of 11,001 points each: an answer of 60 MB. */
const LONG_SERIES = 200;
/** An answer of 50 MB over gRPC. */
const WIDE_SERIES = 150_000;

test(`${HTTP_READERS + GRPC_READERS} clients that take a byte a second`, async (t) => {
  const replicas = await startHelper(t, './replicas-process.ts', { long: LONG_SERIES, wide: WIDE_SERIES });
  const program = await startProgram(
    t,
    replicas.url.split(' ').map((url) => `--endpoint=${url}`),
  );
  const { url, grpcAddress } = program;
  const range = new URLSearchParams({
    query: METRIC,
    start: String(END / 1000 - 6600),
    end: String(END / 1000),
    step: '0.6',
  });
  const readers: SlowReaders = {
    url,
    grpcAddress,
    path: `/api/v1/query_range?${range.toString()}`,
    http: HTTP_READERS,
    grpc: GRPC_READERS,
    series: Buffer.from(
      encodeSeriesRequest({
        ...EMPTY_SERIES_REQUEST,
        minTime: WIDE_END - 300_000,
        maxTime: WIDE_END,
        matchers: [{ kind: '=', name: '__name__', value: WIDE_METRIC }],
      }),
    ).toString('base64'),
  };
  const ordinary = (address: string): Clients => ({
    url,
    address,
    questions: [
      {
        path: `/api/v1/query?query=count(m)&time=${END / 1000}`,
        right: `[{"metric":{},"value":[${END / 1000},"2"]}]`,
      },
      { path: '/api/v1/label/job/values', right: '["j"]' },
    ],
    atOnce: 2,
    pause: 200,
    patience: 30_000,
    healthy: replicas.url.split(' '),
  });
  const slow = await startHelper(t, './slow-readers-process.ts', readers);
  const same = await startHelper(t, './clients-process.ts', ordinary(ATTACKER));
  const other = await startHelper(t, './clients-process.ts', ordinary(OTHER_CLIENT));
  const seen = await watch(t, program, async () => {
    slow.send('go');
    same.send('go');
    other.send('go');
    await new Promise((wake) => setTimeout(wake, SECONDS * 1000));
    const [ofSame, ofOther] = (await Promise.all([same.ask('stop'), other.ask('stop')])) as readonly Told[];
    return { ends: (await slow.ask('stop')) as Tally, ofSame: ofSame!, ofOther: ofOther! };
  });
  const { ends, ofSame, ofOther } = seen.value;
  const after = await recovered(program, seen.rest, KEPT);
  printSeen(t, seen, after);
  printTally(t, 'slow readers', ends);
  printTally(t, 'cut by the gateway', await cutsOf(program));
  for (const [title, told] of [
    ['ordinary clients of the same address', ofSame],
    ['ordinary clients of another address', ofOther],
  ] as const)
    printTally(
      t,
      `${title}: median ${Math.round(told.median)} ms, longest ${Math.round(told.longest)} ms`,
      told.tally,
    );
  assert.ok(seen.most.rss < CEILING, 'the memory stays below the ceiling');
  assert.equal(seen.health.failed, 0);
  for (const { tally } of [ofSame, ofOther]) {
    assert.equal(totalOf(tally, /WRONG|SILENT|BLAMES|BROKEN/), 0);
  }
  assert.ok(totalOf(ofOther.tally, /^200 right/) > 0);
  assert.equal(after.held, 0);
});
