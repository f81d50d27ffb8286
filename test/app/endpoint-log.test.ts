import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointLog } from '../../src/app/endpoint-log.ts';
import type { BackendFailure } from '../../src/backend/backend.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { fixedEndpoint } from '../../src/cluster/fixed-endpoint.ts';
import { EMPTY_LABELS } from '../../src/model/labels.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

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
  endpointLog(logger, [], () => [])(endpoint);
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
