import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { endpointLog } from '../../src/app/endpoint-log.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { memoryEndpoint } from '../select/support.ts';

/** The log over endpoints that the test changes: the warnings that each change adds. */
function world() {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  let endpoints: readonly Endpoint[] = [];
  const changed = endpointLog(logger, ['__replica__'], () => endpoints);
  return (...next: readonly Endpoint[]): readonly string[] => {
    endpoints = next;
    changed(next[0]!);
    return lines.splice(0);
  };
}

const server = (address: string, shard: string): Endpoint =>
  memoryEndpoint(address, { shard, __replica__: 'a' }, []);

test('a mistake in the labels is told once while it lasts', () => {
  const warnings = world();
  assert.equal(warnings(server('a', '0'), server('b', '0')).length, 1);
  assert.equal(warnings(server('a', '0'), server('b', '0')).length, 0);
  assert.equal(warnings(server('a', '0'), server('b', '0'), server('c', '0')).length, 1);
});

test('one that is over is forgotten, so that it is told when it comes back', () => {
  const warnings = world();
  assert.equal(warnings(server('a', '0'), server('b', '0')).length, 1);
  assert.equal(warnings(server('a', '0'), server('b', '1')).length, 0);
  assert.equal(warnings(server('a', '0'), server('b', '0')).length, 1);
});
