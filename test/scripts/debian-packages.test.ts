import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { test } from 'node:test';
import { ALL_PACKAGES, installPackages } from '../../scripts/debian-packages.ts';
import { packagesOf } from '../support/topology/topology.ts';

const TOPOLOGIES = globSync('deploy/topologies/*/compose.yml').map((file) => basename(dirname(file)));
const WORDS = { whatFor: 'what it starts', otherwise: 'It will fail' };

/** What is run, and what is said, on a machine with these files. */
function install(packages: readonly string[], files: readonly string[] = [], works = true) {
  const ran: string[] = [];
  const said: string[] = [];
  installPackages(packages, WORDS, {
    has: (file) => files.includes(file),
    run: (command, args) => {
      ran.push([command, ...args].join(' '));
      return works;
    },
    say: (line) => said.push(line),
  });
  return { ran, said };
}

test('a topology needs the packages of its own services alone, and these are known', () => {
  assert.ok(TOPOLOGIES.length > 5);
  const needed = TOPOLOGIES.map((name) => [name, packagesOf(name)] as const);
  for (const [name, packages] of needed) {
    for (const each of packages) assert.ok(ALL_PACKAGES.includes(each), `${name} needs ${each}`);
    assert.ok(!packages.includes('chromium'), name);
  }
  assert.deepEqual(new Map(needed).get('ha-pair'), ['prometheus', 'prometheus-node-exporter']);
});

test('the README of the topologies says what each of them needs', () => {
  const readme = readFileSync('deploy/topologies/README.md', 'utf8').replaceAll(/\s+/g, ' ');
  const [, ofAll, ...rest] =
    /: (`[^:]+`) for all of them, (`[^:]+`) for (`[^:]+`), and (`[^:]+`) for (`[^:.]+`)\./.exec(readme)!;
  const names = (text: string): readonly string[] =>
    [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  const [manager, ofManager, store, ofStore] = rest.map(names);
  for (const name of TOPOLOGIES)
    assert.deepEqual(
      packagesOf(name).toSorted(),
      [
        ...names(ofAll!),
        ...(ofManager!.includes(name) ? manager! : []),
        ...(ofStore!.includes(name) ? store! : []),
      ].toSorted(),
      name,
    );
});

test('what is missing is installed, also where a part of it is there', () => {
  const { ran, said } = install(['prometheus', 'memcached'], ['/usr/bin/memcached', '/usr/bin/prometheus']);
  assert.deepEqual(ran, ['apt-get update -q', 'apt-get install -y -q --no-install-recommends prometheus']);
  assert.deepEqual(said, ['Installing what it starts: prometheus …']);
});

test('where all is there nothing is run or said', () => {
  assert.deepEqual(install(['memcached'], ['/usr/bin/memcached']), { ran: [], said: [] });
});

test('where it cannot be installed it says what becomes of that, and goes on', () => {
  const { ran, said } = install(['haproxy', 'memcached'], [], false);
  assert.deepEqual(ran, ['apt-get update -q']);
  assert.equal(
    said[1],
    'Could not install haproxy, memcached with apt-get. It will fail; on Debian or Ubuntu, as root: apt-get install haproxy memcached',
  );
});
