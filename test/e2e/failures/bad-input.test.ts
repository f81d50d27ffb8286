import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiAnswer } from '../../support/api-client.ts';
import { NOW, US_A, gatewayOver, startReplica } from './support.ts';

const AT = `time=${NOW / 1000}`;
const RANGE = `start=${NOW / 1000 - 60}&end=${NOW / 1000}`;

/** Requests that are the asker's mistake, and what they are told. */
const BAD_REQUESTS: Readonly<Record<string, readonly [path: string, error: RegExp]>> = {
  'no query': ['query', /^invalid parameter "query": /],
  'a query that cannot be parsed': [
    `query?query=sum(&${AT}`,
    /^invalid parameter "query": 1:5: parse error: /,
  ],
  'a query with a type error': [
    `query?query=rate(m)&${AT}`,
    /^invalid parameter "query": .*expected type range vector/,
  ],
  'brackets without end': [`query?query=${'('.repeat(20_000)}&${AT}`, /parse error/],
  'a regular expression that is none': [`query?query=m{a=~"("}&${AT}`, /parse error/],
  'a time that is none': [
    'query?query=m&time=yesterday',
    /^invalid parameter "time": .*cannot parse "yesterday"/,
  ],
  'a timeout that is none': [`query?query=m&${AT}&timeout=soon`, /^invalid parameter "timeout": /],
  'a limit that is none': [`query?query=m&${AT}&limit=-1`, /^invalid parameter "limit": /],
  'dedup=maybe': [`query?query=m&${AT}&dedup=maybe`, /^invalid parameter "dedup": cannot parse "maybe"/],
  'partial_response=x': [
    `query?query=m&${AT}&partial_response=x`,
    /^invalid parameter "partial_response": cannot parse "x"/,
  ],
  'a step of 0': [
    `query_range?query=m&${RANGE}&step=0`,
    /^invalid parameter "step": zero or negative query resolution step widths are not accepted/,
  ],
  'a step that is none': [`query_range?query=m&${RANGE}&step=x`, /^invalid parameter "step": /],
  'no start': [`query_range?query=m&end=1&step=1`, /^invalid parameter "start": /],
  'an end before the start': [`query_range?query=m&start=10&end=1&step=1`, /^invalid parameter "end": /],
  'more than 11,000 points': [
    `query_range?query=m&start=0&end=11001&step=1`,
    /^exceeded maximum resolution of 11,000 points per timeseries/,
  ],
  'a range vector over a range': [
    `query_range?query=m[5m]&${RANGE}&step=15`,
    /must be Scalar or instant Vector/,
  ],
  'a selector that is none': ['series?match[]=m{', /parse error/],
  'a selector of everything': [`query?query={}&${AT}`, /must contain at least one non-empty matcher/],
};

for (const [what, [path, message]] of Object.entries(BAD_REQUESTS))
  test(`${what} is refused with a sentence`, async (t) => {
    const gateway = await gatewayOver(t, []);
    const answer = await ask(`${gateway}/api/v1/${path}`);
    assert.equal(answer.httpStatus, 400);
    assert.equal(answer.errorType, 'bad_data');
    assert.match(answer.error!, message);
    assert.equal((await fetch(`${gateway}/-/ready`)).status, 200);
  });

test('nothing that a client sends makes the server unready', async (t) => {
  const usA = await startReplica(t, US_A);
  const gateway = await gatewayOver(t, [usA]);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const requests: readonly (readonly [path: string, init: RequestInit, status: number])[] = [
    ['/api/v1/query?query=m', { method: 'DELETE' }, 405],
    ['/api/v1/query', { method: 'PATCH', body: 'x' }, 405],
    ['/api/v1/nothing', {}, 404],
    ['/api/v1/query', { method: 'POST', headers: form, body: '%zz=%%%&query' }, 400],
    ['/api/v1/query', { method: 'POST', headers: form, body: `query=${'m+'.repeat(200_000)}m` }, 400],
    [
      '/api/v1/query',
      { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: 'query' },
      400,
    ],
    ['/api/v1/query', { method: 'POST', headers: form, body: 'q'.repeat(11 * 1024 * 1024) }, 413],
    ['/api/v1/label/%ff/values', {}, 400],
  ];
  for (const [path, init, status] of requests) {
    const response = await fetch(gateway + path, init);
    await response.arrayBuffer();
    assert.equal(response.status, status, `${init.method ?? 'GET'} ${path}`);
    assert.equal((await fetch(`${gateway}/-/ready`)).status, 200);
  }
});

test('a query of a hundred kilobytes is answered', async (t) => {
  const usA = await startReplica(t, US_A);
  const gateway = await gatewayOver(t, [usA]);
  const names = Array.from({ length: 10_000 }, (_, i) => `name${i}`).join('|');
  const answer = await ask(`${gateway}/api/v1/query?${AT}&query=count(m{instance!~"${names}"})`);
  assert.equal(answer.error, undefined);
  assert.equal(answer.httpStatus, 200);
});

async function ask(url: string): Promise<ApiAnswer> {
  const response = await fetch(url);
  return { ...((await response.json()) as Omit<ApiAnswer, 'httpStatus'>), httpStatus: response.status };
}
