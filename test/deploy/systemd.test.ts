import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseFlags } from '../../src/cli/parse-flags.ts';
import { SERVE_FLAGS } from '../../src/cli/flags/serve.ts';
import { loadConfig } from '../../src/config/load.ts';
import { parseDuration } from '../../src/model/duration.ts';

const UNIT = 'deploy/systemd/promweave.service';

/** The settings of the unit, by section and name. */
const settings = new Map<string, string>();
let section = '';
for (const line of readFileSync(UNIT, 'utf8').split('\n')) {
  const [, heading] = /^\[(\w+)\]$/.exec(line) ?? [];
  if (heading !== undefined) section = heading;
  else if (/^[A-Za-z]+=/.test(line))
    settings.set(`${section}.${line.slice(0, line.indexOf('='))}`, line.slice(line.indexOf('=') + 1));
  else assert.match(line, /^(#.*)?$/);
}

test('the unit starts the program that is built, with flags that it has', () => {
  const [node, ...args] = settings.get('Service.ExecStart')!.split(' ');
  assert.equal(node, '/usr/bin/node');
  const command = args.indexOf('serve');
  assert.match(args[command - 1]!, /\/dist\/main\.js$/);
  const { values } = parseFlags(args.slice(command + 1), SERVE_FLAGS, true);
  assert.equal(values.get('config'), `${settings.get('Service.WorkingDirectory')}/promweave.yml`);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  for (const option of args.slice(0, command - 1)) assert.ok(scripts['promweave']!.includes(option), option);
});

test('a stop has the time that open requests are given', () => {
  const { shutdown_delay: delay, grace_period: grace } = loadConfig(undefined).http;
  assert.ok(parseDuration(settings.get('Service.TimeoutStopSec')!) > delay + grace);
});

test('machine code may be made, and little else is allowed', () => {
  assert.ok(!settings.has('Service.MemoryDenyWriteExecute'));
  for (const [name, value] of [
    ['DynamicUser', 'yes'],
    ['NoNewPrivileges', 'yes'],
    ['ProtectSystem', 'strict'],
    ['CapabilityBoundingSet', ''],
    ['SystemCallFilter', '~@privileged'],
  ] as const)
    assert.equal(settings.get(`Service.${name}`), value, name);
});

test('systemd can read the unit', (t) => {
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', UNIT], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (error !== undefined) {
    t.skip('systemd-analyze is not there');
    return;
  }
  // That the program is not installed here is no mistake of the unit.
  const problems = stderr.split('\n').filter((line) => line !== '' && !/is not executable/.test(line));
  assert.deepEqual([problems, status === 0 || problems.length === 0], [[], true]);
});
