import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyColumns, SampleBuffer } from '../../../src/model/sample-columns.ts';
import { decodeChunk } from '../../../src/wire/chunk/decode.ts';
import { decodeReadRequest } from '../../../src/wire/remote-read/request.ts';
import { encodeChunkedFrames, type ChunkedSeries } from '../../../src/wire/remote-read/streamed.ts';
import { SAMPLED_TYPE, STREAMED_TYPE, streamed } from '../../support/fake-prometheus.ts';
import { sendJson, sendText, type FakeHandler } from '../../support/fake-server.ts';
import {
  EU_A,
  EU_B,
  US_A,
  countByCluster,
  countsOf,
  framesOf,
  gatewayOver,
  seriesOf,
  startReplica,
  type ExternalLabels,
} from './support.ts';
import { sampledAnswer } from '../../support/sampled-answer.ts';

const MISSING = /^shard \{cluster="us"\} is missing: endpoint http\S+ did not answer: /;

/** What one endpoint answers instead of samples, and the reason that is given for its shard that is missing. */
const CASES: Readonly<Record<string, readonly [read: FakeHandler, reason: RegExp]>> = {
  'a login page': [
    (_, response) => sendText(response, 200, 'text/html', '<html><title>Sign in</title></html>'),
    /HTTP 200 with text\/html for \/api\/v1\/read instead of an API answer; check .*what stands in front of it/,
  ],
  'the error page of a proxy': [
    (_, response) => sendText(response, 502, 'text/html', '<h1>Bad Gateway</h1>'),
    /HTTP 502 with text\/html/,
  ],
  'status 500 with a text': [
    (_, response) => sendText(response, 500, 'text/plain', 'open block: no such file'),
    /HTTP 500 for \/api\/v1\/read$/,
  ],
  'refused credentials': [
    (_, response) => sendText(response, 401, 'text/plain', 'Unauthorized'),
    /HTTP 401 for \/api\/v1\/read; check this endpoint's credentials/,
  ],
  'another content type': [
    (_, response) => sendJson(response, {}),
    /HTTP 200 with application\/json for \/api\/v1\/read instead of an API answer/,
  ],
  'samples that are no snappy': [
    (_, response) => sendText(response, 200, SAMPLED_TYPE, 'not compressed at all'),
    /its remote-read answer is damaged/,
  ],
};

for (const [what, [read, reason]] of Object.entries(CASES))
  test(`${what} instead of an answer is a failure of that endpoint, by name`, async (t) => {
    const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
    const gateway = await gatewayOver(t, [euA, usA], { refresh_interval: '1h' });
    usA.fault.read = read;

    const answer = await countByCluster(gateway);
    assert.deepEqual(countsOf(answer), { eu: '2' });
    assert.equal(answer.warnings?.length, 1);
    assert.match(answer.warnings[0]!, MISSING);
    assert.match(answer.warnings[0]!, reason);
  });

test('an answer beyond max_response_bytes is a failure that names the limit', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], {
    refresh_interval: '1h',
    'query.max_response_bytes': framesOf(EU_A).length,
  });
  usA.fault.read = streamed(framesOf(US_A), framesOf(US_A));

  const answer = await countByCluster(gateway);
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.match(answer.warnings![0]!, /the answer is larger than the limit of \d+ bytes; select fewer series/);
});

/** The series with the first chunk of the first one cut in half; its frame is whole and has the right checksum. */
function malformed(external: ExternalLabels): readonly ChunkedSeries[] {
  const [first, ...others] = seriesOf(external);
  const [chunk, ...more] = first!.chunks;
  const cut = { ...chunk!, data: chunk!.data.subarray(0, chunk!.data.length >> 1) };
  return [{ labels: first!.labels, chunks: [cut, ...more] }, ...others];
}

test('a malformed chunk leaves out the series that it belongs to, with a warning', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], { refresh_interval: '1h' });
  usA.fault.read = streamed(...encodeChunkedFrames(malformed(US_A)));

  const answer = await countByCluster(gateway);
  assert.deepEqual(countsOf(answer), { eu: '2', us: '1' });
  assert.equal(answer.warnings?.length, 1);
  assert.match(
    answer.warnings[0]!,
    new RegExp(`^endpoint ${usA.url} in shard {cluster="us"} sent chunks that cannot be decoded`),
  );
  const refused = await countByCluster(gateway, { partial_response: 'false' });
  assert.equal(refused.httpStatus, 503);
  assert.match(refused.error!, /sent chunks that cannot be decoded/);
});

test('a malformed chunk of a replica takes nothing from the answer', async (t) => {
  const [euA, euB] = [await startReplica(t, EU_A), await startReplica(t, EU_B)];
  const gateway = await gatewayOver(t, [euA, euB], { refresh_interval: '1h' });
  euA.fault.read = streamed(...encodeChunkedFrames(malformed(EU_A)));

  const answer = await countByCluster(gateway, { partial_response: 'false', show_replaced: 'true' });
  assert.deepEqual(countsOf(answer), { eu: '2' });
  assert.match(answer.infos![0]!, /nothing is missing, a replica has them/);
});

/** Streams chunks of an encoding that nobody knows; asked for samples, it sends those. */
function unknownEncoding(external: ExternalLabels): FakeHandler {
  const series = seriesOf(external);
  const strange = series.map(({ labels, chunks }) => ({
    labels,
    chunks: chunks.map((chunk) => ({ ...chunk, encoding: 99 })),
  }));
  return ({ body }, response) => {
    if (decodeReadRequest(body).accepted.length > 1) {
      response.writeHead(200, { 'content-type': STREAMED_TYPE });
      response.end(Buffer.concat([...encodeChunkedFrames(strange)]));
      return;
    }
    const decoded = series.map(({ labels, chunks }) => {
      const samples = new SampleBuffer();
      for (const chunk of chunks) decodeChunk(chunk, samples, -Infinity, Infinity);
      return { labels, columns: copyColumns(samples) };
    });
    response.writeHead(200, { 'content-type': SAMPLED_TYPE });
    response.end(sampledAnswer(decoded));
  };
}

test('chunks of an unknown encoding are asked for again as samples, with an info', async (t) => {
  const [euA, usA] = [await startReplica(t, EU_A), await startReplica(t, US_A)];
  const gateway = await gatewayOver(t, [euA, usA], { refresh_interval: '1h' });
  usA.fault.read = unknownEncoding(US_A);

  const answer = await countByCluster(gateway);
  assert.deepEqual(countsOf(answer), { eu: '2', us: '2' });
  assert.equal(answer.warnings, undefined);
  assert.equal(answer.infos?.length, 1);
  assert.match(
    answer.infos[0]!,
    new RegExp(
      `^${usA.url}: it sends chunks of an unknown encoding \\(99\\); plain samples are read instead`,
    ),
  );
  assert.deepEqual(countsOf(await countByCluster(gateway)), { eu: '2', us: '2' });
});
