import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const CALL = /\bbackend\.(?:select|series|labelNames|labelValues|lists\b|origins\b)/;

/** Of answers to callers: each asks with the matchers of a route, which has what the caller may see. */
const ROUTED = [
  'src/select/lists/label-calls.ts',
  'src/select/lists/merged-lists.ts',
  'src/select/series/fetch.ts',
];

/** Of the gateway itself: what it reads decides who is asked and what is said to be missing, and is never a part of an answer. */
const OWN = [
  'src/cluster/probe.ts',
  'src/select/completeness/read-witnesses.ts',
  'src/select/coverage/read-up.ts',
  'src/select/read-once/choose-speakers.ts',
];

test('data of endpoints come in at few places, and those that answer callers ask by routes', () => {
  const files = globSync('src/{app,cluster,gateway,grpc,http,select}/**/*.ts');
  assert.ok(files.length > 300, `saw only ${files.length} files`);
  const calling = files.filter((file) => CALL.test(readFileSync(file, 'utf8')));
  assert.deepEqual(calling.toSorted(), [...ROUTED, ...OWN].toSorted());
  for (const file of ROUTED) assert.match(readFileSync(file, 'utf8'), /planRoutes|askEndpoints/, file);
});
