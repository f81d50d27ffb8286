import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { pino } from 'pino';
import { clockLog, endpointLog } from '../../src/app/endpoint-log.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { fixedEndpoint } from '../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';
import type { BackendFailure } from '../../src/model/loss.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { memoryEndpoint } from '../select/support.ts';

/** The log over endpoints that the test changes: the warnings that each change adds. */
function world() {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  let endpoints: readonly Endpoint[] = [];
  const changed = endpointLog(
    logger,
    () => ['__replica__'],
    () => endpoints,
  );
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

test('a clock that is off is told once while it is, however far', () => {
  const lines: string[] = [];
  const log = clockLog(pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }));
  const off = (address: string, clockOffsetMs: number): Endpoint => ({
    ...server(address, '0'),
    clockOffsetMs,
  });
  for (const offset of [0, -600_000, -590_000, 0, 40_000])
    log([off('a', offset), off('b', 0), server('c', '0')]);
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /the clock of the endpoint a is 600 s behind that of the gateway/);
  assert.match(lines[1]!, /the clock of the endpoint a is 40 s ahead of that of the gateway/);
});

/** What is logged of an endpoint that went down with this failure. */
function logOf(failure: Omit<BackendFailure, 'endpoint'>): readonly string[] {
  const lines: string[] = [];
  const logger = createLogger(
    { level: 'info', format: 'logfmt' },
    { write: (line) => void lines.push(line.replace(/ ts=\S+/, '')) },
  );
  const backend = createMemoryBackend({ address: 'a:1', externalLabels: EMPTY_LABELS, series: [] });
  const endpoint = fixedEndpoint(backend, EMPTY_LABELS, {
    health: { kind: 'down', failure: { ...failure, endpoint: 'a:1' }, since: 0 },
  });
  endpointLog(
    logger,
    () => [],
    () => [],
  )(endpoint);
  return lines;
}

describe('the log of an endpoint that is down', () => {
  it('has what the server sent, which callers are not shown', () => {
    assert.deepEqual(
      logOf({ kind: 'bad_data', reason: 'HTTP 200 with text/html', detail: '<h1>Log in</h1>' }),
      [
        'level=warn endpoint=a:1 reason="HTTP 200 with text/html" detail="<h1>Log in</h1>" msg="endpoint is down"\n',
      ],
    );
    assert.deepEqual(logOf({ kind: 'timeout', reason: 'slow' }), [
      'level=warn endpoint=a:1 reason=slow msg="endpoint is down"\n',
    ]);
  });

  it('has the stack of a mistake of our own', () => {
    const bug = new TypeError('x is not a function');
    const [, line] = logOf({ kind: 'execution', reason: 'BUG: x is not a function', bug });
    assert.match(
      line!,
      /^level=error endpoint=a:1 stack="TypeError: x is not a function\\n .*endpoint-log\.test/,
    );
  });
});
