import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { startDataPair, type Pair } from './api-comparison/servers.ts';
import { AT, FROM, TO } from './api-comparison/calls/queries.ts';

const PROMTOOL = process.env['PROMTOOL_BIN'] ?? '/usr/bin/promtool';
const run = promisify(execFile);

/** Seconds with a fraction, since promtool takes whole numbers of years for years. */
const RANGE = [`--start=${FROM}`, `--end=${TO}`];

const COMMANDS: readonly (readonly [what: string, ...args: string[]])[] = [
  ['an instant query', 'instant', `--time=${AT}`, 'URL', 'sort(requests_total)'],
  ['an instant query as JSON', '-o', 'json', 'instant', `--time=${AT}`, 'URL', 'up{job="api"}'],
  ['a scalar', 'instant', `--time=${AT}`, 'URL', '1 + 1'],
  ['a range query', 'range', ...RANGE, '--step=5m', 'URL', 'max by (job) (memory_bytes)'],
  ['series', 'series', ...RANGE, '--match=up', '--match={job="db"}', 'URL'],
  ['names of labels', 'labels', ...RANGE, 'URL', '__name__'],
  ['values of a label', 'labels', ...RANGE, 'URL', 'job'],
  [
    'how much of a classic histogram is used',
    'analyze',
    '--type=histogram',
    `--time=${AT}`,
    '--duration=10m',
    '--match=latency_seconds_bucket',
    '--server=URL',
  ],
];

describe('promtool asks the gateway for', () => {
  let pair: Pair;
  before(async () => {
    pair = await startDataPair();
  });
  after(async () => pair?.stop());

  const outputOf = async (url: string, args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await run(PROMTOOL, ['query', ...args.map((arg) => arg.replace('URL', url))]);
    return stdout + stderr;
  };

  for (const [what, ...args] of COMMANDS)
    test(what, async (t) => {
      const { stdout: help } = await run(PROMTOOL, ['query', '--help']);
      if (args[0] === 'analyze' && !help.includes('analyze'))
        return t.skip('this promtool has no such command');
      const expected = await outputOf(pair.server, args);
      assert.equal(await outputOf(pair.gateway, args), expected);
      assert.ok(expected.length > 0);
    });

  test('an expression that is wrong, and shows what the gateway says', async () => {
    const failure = async (url: string): Promise<string> => {
      const failed = await run(PROMTOOL, ['query', 'instant', url, 'rate(up)']).then(
        () => '',
        ({ stderr }: { readonly stderr: string }) => stderr,
      );
      return failed.trim();
    };
    const said = await failure(pair.gateway);
    assert.match(said, /bad_data: invalid parameter "query": 1:6: parse error: expected type range vector/);
    assert.equal(said, await failure(pair.server));
  });
});
