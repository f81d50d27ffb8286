import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { status } from '@grpc/grpc-js';
import { BitWriter } from '../../../src/wire/chunk/bit-writer.ts';
import { failure, type FakeStore } from '../../support/fake-store.ts';
import { EU_A, EU_B, US_A, countByCluster, countsOf, type ExternalLabels } from '../failures/support.ts';
import {
  INSTANCES,
  gatewayOverStores,
  messageOf,
  startHealthy,
  startHostile,
  type SamplesAnswer,
} from './support.ts';

const MB = 1024 * 1024;

/** Sends the first of two series, then what is to come. */
const afterOneSeries =
  (then: SamplesAnswer): SamplesAnswer =>
  (call, external) => {
    call.write(messageOf(external, '1'), () => void then(call, external));
  };

/** Sends all series with these bytes as their chunks. */
const withChunks =
  (encoding: number, data: Uint8Array): SamplesAnswer =>
  (call, external) => {
    for (const instance of INSTANCES) call.write(messageOf(external, instance, { encoding, data }));
    call.end();
  };

const healthy: SamplesAnswer = (call, external) => {
  for (const instance of INSTANCES) call.write(messageOf(external, instance));
  call.end();
};

/** One histogram of schema 0 whose only span has 2^31 buckets. */
function manyBuckets(): Uint8Array {
  const writer = new BitWriter();
  for (const byte of [0, 1, 0, 0]) writer.bits(byte, 8);
  writer.varbitInt(0);
  writer.varbitUint(1);
  writer.varbitUint(2 ** 31);
  writer.varbitInt(0);
  writer.varbitUint(0);
  return writer.finish();
}

interface Fault {
  readonly answer: SamplesAnswer;
  /** Happens once the gateway knows the endpoint. */
  readonly onceKnown?: (store: FakeStore) => void;
  readonly reason: RegExp;
  /** It ends by its timeout, which is short then; others have time, however busy the machine is. */
  readonly hangs?: boolean;
  /** Samples that cannot be read show where they are read, so the sentence is another one. */
  readonly whereRead?: boolean;
}

/** By the gateway's own timer or by gRPC's, whichever is first. */
const TIMED_OUT = /no complete answer within 1 s|no complete answer in time/;

const FAULTS: Readonly<Record<string, Fault>> = {
  'is gone': {
    answer: healthy,
    onceKnown: (store) => store.close(),
    reason: /connection refused|the connection failed/,
  },
  'never answers': { answer: () => {}, hangs: true, reason: TIMED_OUT },
  'stops in the middle of its answer': {
    answer: afterOneSeries(() => {}),
    hangs: true,
    reason: TIMED_OUT,
  },
  'breaks its stream half-way with a status': {
    answer: afterOneSeries((call) => void call.emit('error', failure(status.ABORTED, 'block is gone'))),
    reason:
      /a part of its data cannot be read after \d+ bytes of an unfinished answer: ABORTED .*block is gone/,
  },
  'sends a frame of 100 MB': {
    answer: afterOneSeries((call) => {
      call.write(new Uint8Array(100 * MB));
      call.end();
    }),
    reason: /a limit was exceeded.*larger than max \(104857600 vs 67108864\)/,
  },
  'sends a series that claims 2^31 bytes': {
    answer: afterOneSeries((call) => {
      call.write(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x07, 1));
      call.end();
    }),
    reason: /its Series answer is damaged: .* claims 2147483647 bytes where 1 are left/,
  },
  'sends chunks of a few bytes that claim as many samples as a chunk can': {
    answer: withChunks(1, Uint8Array.of(0xff, 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0)),
    reason: /a chunk of 11 bytes ends in the middle of a sample/,
    whereRead: true,
  },
  'sends histograms that claim 2^31 buckets': {
    answer: withChunks(2, manyBuckets()),
    reason: /claims 2147483648 buckets/,
    whereRead: true,
  },
};

/** A gateway over healthy endpoints and one that misbehaves; both ask over gRPC. */
async function start(t: TestContext, fault: Fault, whole: ExternalLabels, broken: ExternalLabels) {
  const hostile = await startHostile(t, broken, fault.answer);
  const gateway = await gatewayOverStores(t, [
    { address: await startHealthy(t, whole) },
    { address: hostile.target, ...(fault.hangs === true && { timeout: '1s' }) },
  ]);
  fault.onceKnown?.(hostile);
  return { gateway, target: hostile.target };
}

/** The answers with partial response and without. */
async function askBothWays(url: string) {
  const ask = async (partial_response: string) => countByCluster(url, { partial_response });
  return Promise.all([ask('true'), ask('false')]);
}

for (const [what, fault] of Object.entries(FAULTS))
  describe(`an endpoint of gRPC that ${what}`, () => {
    it('is named in a warning, or in the error where the answer must be whole; other shards answer', async (t) => {
      const { gateway, target } = await start(t, fault, EU_A, US_A);
      const sentence =
        fault.whereRead === true
          ? `endpoint ${target} in shard {cluster="us"} sent chunks that cannot be decoded (`
          : `shard {cluster="us"} is missing: endpoint ${target} did not answer: `;

      const [partial, whole] = await askBothWays(gateway.url);
      assert.equal(partial.httpStatus, 200);
      assert.deepEqual(countsOf(partial), { eu: '2' });
      assert.equal(partial.warnings?.length, 1);
      assert.ok(partial.warnings[0]!.startsWith(sentence), partial.warnings[0]);
      assert.match(partial.warnings[0]!, fault.reason);

      assert.equal(whole.httpStatus, 503);
      assert.equal(whole.errorType, 'unavailable');
      assert.ok(whole.error?.startsWith(sentence), whole.error);
      assert.match(whole.error!, fault.reason);
    });

    it('takes nothing from the answer where a replica is proven to have the same', async (t) => {
      const { gateway, target } = await start(t, fault, EU_A, EU_B);
      const answer = await countByCluster(gateway.url, { partial_response: 'false', show_replaced: 'true' });
      assert.equal(answer.error, undefined);
      assert.deepEqual(countsOf(answer), { eu: '2' });
      assert.equal(answer.warnings, undefined);
      assert.equal(answer.infos?.length, 1);
      assert.ok(answer.infos[0]!.includes(`endpoint ${target} `), answer.infos[0]);
      // One that hangs is not waited for until its timeout.
      const isCut = fault.hangs === true && answer.infos[0]!.includes('much slower than its replicas');
      if (!isCut) assert.match(answer.infos[0]!, fault.reason);
      assert.match(answer.infos[0]!, /nothing is missing/);
    });

    it('is not passed over in silence by a gateway between it and the one that is asked', async (t) => {
      const { gateway: lower, target } = await start(t, fault, EU_A, US_A);
      const { url } = await gatewayOverStores(t, [{ address: lower.grpcAddress }]);
      // Chunks go up as they are, so who reads them knows only whom it has them from.
      const named = fault.whereRead === true ? lower.grpcAddress : target;

      const [partial, whole] = await askBothWays(url);
      assert.deepEqual(countsOf(partial), { eu: '2' });
      assert.equal(partial.warnings?.length, 1);
      assert.ok(partial.warnings[0]!.includes(`endpoint ${named} `), partial.warnings[0]);
      assert.match(partial.warnings[0]!, fault.reason);

      assert.equal(whole.httpStatus, 503);
      assert.ok(whole.error?.includes(`endpoint ${named} `), whole.error);
      assert.match(whole.error!, fault.reason);
    });
  });

it('a lost endpoint whose sibling is not proven to have the same is warned of', async (t) => {
  const hostile = await startHostile(t, EU_B, FAULTS['is gone']!.answer, []);
  const { url } = await gatewayOverStores(t, [
    { address: await startHealthy(t, EU_A) },
    { address: hostile.target },
  ]);
  hostile.close();

  const [partial, whole] = await askBothWays(url);
  assert.deepEqual(countsOf(partial), { eu: '2' });
  assert.equal(partial.warnings?.length, 1);
  const sentence = /^in shard \{cluster="eu"\} endpoint .*; series may be missing, since it is not proven/;
  assert.match(partial.warnings[0]!, sentence);
  assert.equal(whole.httpStatus, 503);
  assert.match(whole.error!, sentence);
});
