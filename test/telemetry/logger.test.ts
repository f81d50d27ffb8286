import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, toLogfmt, type LogOptions } from '../../src/telemetry/logger.ts';

function logged(options: LogOptions, log: (logger: ReturnType<typeof createLogger>) => void): string {
  let lines = '';
  const write = (line: string): void => {
    lines += line;
  };
  log(createLogger(options, { write }));
  return lines;
}

test('logfmt quotes what needs it', () => {
  assert.equal(
    toLogfmt({ level: 'info', n: 5, text: 'two words', empty: '', none: undefined, list: [1], nil: null }),
    'level=info n=5 text="two words" empty="" list=[1] nil=null\n',
  );
  assert.equal(toLogfmt({ a: 'x="y"', b: 'c\nd' }), String.raw`a="x=\"y\"" b="c\nd"` + '\n');
});

test('lines of both formats have time, level and message', () => {
  const log = (logger: ReturnType<typeof createLogger>): void => logger.warn({ endpoint: 'a:1' }, 'lost it');
  assert.match(
    logged({ level: 'info', format: 'logfmt' }, log),
    /^level=warn ts=\d{4}-\d\d-\d\dT[\d:.]+Z endpoint=a:1 msg="lost it"\n$/,
  );
  const { ts, ...rest } = JSON.parse(logged({ level: 'info', format: 'json' }, log)) as { ts: string };
  assert.match(ts, /Z$/);
  assert.deepEqual(rest, { level: 'warn', endpoint: 'a:1', msg: 'lost it' });
});

test('errors show their message, and their stack where they are mistakes of the program', () => {
  const err = new Error('it broke');
  const line = (level: 'error' | 'warn'): string =>
    logged({ level: 'info', format: 'logfmt' }, (logger) => logger[level]({ err }, 'm'));
  assert.match(line('error'), / err="it broke" msg=m stack="Error: it broke\\n {4}at [^\n]+"\n$/);
  assert.match(line('warn'), / err="it broke" msg=m\n$/);
});

test('what is below the level is not logged', () => {
  assert.equal(
    logged({ level: 'warn', format: 'logfmt' }, (logger) => logger.info('x')),
    '',
  );
});
