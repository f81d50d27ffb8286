import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advisoryProblems, compareVersions } from '../../scripts/packages/advisories.ts';
import { installScriptProblems, licenseProblems } from '../../scripts/packages/licenses.ts';
import { lockedPackages, type LockedPackage } from '../../scripts/packages/locked.ts';

const PLAIN: LockedPackage = {
  name: 'some',
  version: '1.2.3',
  license: 'MIT',
  isForDevelopment: false,
  hasInstallScript: false,
};

describe('the packages of the lock file', () => {
  const packages = lockedPackages();

  it('are under licenses of the list, and none of the program runs a script while it is installed', () => {
    assert.ok(packages.length > 200, `saw only ${packages.length} packages`);
    assert.deepEqual([...licenseProblems(packages), ...installScriptProblems(packages)], []);
  });

  it('have one protobufjs', () => {
    assert.equal(packages.filter(({ name }) => name === 'protobufjs').length, 1);
  });
});

describe('a license', () => {
  const problems = (license: string | undefined, more: Partial<LockedPackage> = {}): number =>
    licenseProblems([{ ...PLAIN, license, ...more }]).length;

  it('has to be on the list, each of several and one of a choice', () => {
    assert.deepEqual(
      ['MIT', 'Apache-2.0 AND MIT', '(GPL-3.0 OR MIT)'].map((license) => problems(license)),
      [0, 0, 0],
    );
    for (const license of [undefined, 'GPL-3.0', 'MIT AND GPL-3.0', 'SEE LICENSE IN x', 'MIT WITH x'])
      assert.equal(problems(license), 1, license);
  });

  it('of what is handed on is on a shorter list', () => {
    assert.deepEqual([problems('MPL-2.0'), problems('MPL-2.0', { isForDevelopment: true })], [1, 0]);
  });
});

it('a package of the program that runs a script while it is installed is named', () => {
  const scripted = { ...PLAIN, hasInstallScript: true };
  assert.match(installScriptProblems([scripted]).join(), /some 1\.2\.3 runs a script/);
  assert.deepEqual(installScriptProblems([{ ...scripted, isForDevelopment: true }]), []);
});

describe('an advisory', () => {
  const of = (events: readonly object[], more: object = {}) => [
    {
      id: 'GHSA-1',
      summary: 'bad',
      affected: [{ package: { ecosystem: 'npm', name: 'some' }, ranges: [{ type: 'SEMVER', events }] }],
      ...more,
    },
  ];
  const isTold = (version: string, advisories: ReturnType<typeof of>): boolean =>
    advisoryProblems([{ ...PLAIN, version }], advisories).length > 0;

  it('tells of versions from where it was introduced until it was fixed', () => {
    const advisories = of([
      { introduced: '0' },
      { fixed: '1.2.3' },
      { introduced: '2.0.0' },
      { last_affected: '2.1.0' },
    ]);
    const told = ['0.1.0', '1.2.2', '1.2.3-rc.1', '2.0.0', '2.1.0'];
    const not = ['1.2.3', '1.9.9', '2.0.0-rc.1', '2.1.1'];
    for (const version of told) assert.ok(isTold(version, advisories), version);
    for (const version of not) assert.ok(!isTold(version, advisories), version);
  });

  it('tells of the same versions in whatever order its events are', () => {
    const advisories = of([
      { fixed: '3.0.0' },
      { last_affected: '1.0.0' },
      { introduced: '2.0.0-rc.1' },
      { introduced: '1.0.0' },
    ]);
    for (const version of ['1.0.0', '2.0.0-rc.1', '2.9.0']) assert.ok(isTold(version, advisories), version);
    for (const version of ['0.9.0', '1.0.1', '2.0.0-beta', '3.0.0'])
      assert.ok(!isTold(version, advisories), version);
  });

  it('tells of the first versions of all where it was introduced in 0', () => {
    const advisories = of([{ fixed: '0.0.1' }, { introduced: '0' }]);
    for (const version of ['0.0.0-alpha', '0.0.0', '0.0.1-rc.1'])
      assert.ok(isTold(version, advisories), version);
    assert.ok(!isTold('0.0.1', advisories));
    assert.ok(!isTold('0.0.0-alpha', of([{ introduced: '0.0.0' }])));
  });

  it('counts neither for other packages, nor where it was withdrawn', () => {
    const all = [{ introduced: '0' }];
    assert.ok(!isTold('1.0.0', of(all, { withdrawn: '2026-01-01T00:00:00Z' })));
    assert.ok(
      !isTold(
        '1.0.0',
        of(all, { affected: [{ package: { ecosystem: 'PyPI', name: 'some' }, versions: ['1.0.0'] }] }),
      ),
    );
  });

  it('orders versions as semver does', () => {
    const order = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0',
      '1.0.10',
    ];
    assert.deepEqual(order.toReversed().toSorted(compareVersions), order);
    assert.equal(compareVersions('1.0.0+a', '1.0.0+b'), 0);
  });
});
