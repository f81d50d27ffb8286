import type { LockedPackage } from './locked.ts';

/** What of an advisory in the format of OSV (https://ossf.github.io/osv-schema/) counts here. */
export interface Advisory {
  readonly id: string;
  readonly summary?: string;
  readonly withdrawn?: string;
  readonly affected?: readonly Affected[];
}

interface Affected {
  readonly package?: { readonly ecosystem: string; readonly name: string };
  readonly versions?: readonly string[];
  readonly ranges?: readonly { readonly type: string; readonly events: readonly RangeEvent[] }[];
}

/** One of them is there. */
interface RangeEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
}

/** The packages that advisories tell of, a sentence each. Those that are withdrawn do not count. */
export function advisoryProblems(
  packages: readonly LockedPackage[],
  advisories: readonly Advisory[],
): readonly string[] {
  return advisories.flatMap(({ id, summary = 'no summary', withdrawn, affected = [] }) =>
    withdrawn === undefined
      ? packages
          .filter(({ name, version }) => affected.some((each) => isAbout(each, name, version)))
          .map(({ name, version }) => `${name} ${version}: ${id}, ${summary}`)
      : [],
  );
}

function isAbout(affected: Affected, name: string, version: string): boolean {
  const { package: about, versions = [], ranges = [] } = affected;
  if (about?.ecosystem !== 'npm' || about.name !== name) return false;
  return (
    versions.includes(version) ||
    ranges.some(({ type, events }) => type === 'SEMVER' && isIn(events, version))
  );
}

/** Each event begins or ends a stretch of affected versions. Advisories may list them in any order (OSV, "Evaluation"). */
function isIn(events: readonly RangeEvent[], version: string): boolean {
  let isInside = false;
  for (const { introduced, fixed, last_affected: last } of events.toSorted(compareEvents)) {
    if (introduced !== undefined && compareVersions(introduced, version) <= 0) isInside = true;
    if (fixed !== undefined && compareVersions(fixed, version) <= 0) isInside = false;
    if (last !== undefined && compareVersions(last, version) < 0) isInside = false;
  }
  return isInside;
}

/** Of one version: what ends before it, what begins with it, what ends with it. */
function compareEvents(a: RangeEvent, b: RangeEvent): number {
  return compareVersions(versionOf(a), versionOf(b)) || rankOf(a) - rankOf(b);
}

function versionOf({ introduced, fixed, last_affected: last }: RangeEvent): string {
  return introduced ?? fixed ?? last ?? '0';
}

function rankOf({ introduced, fixed }: RangeEvent): number {
  if (fixed !== undefined) return 0;
  return introduced === undefined ? 2 : 1;
}

/** The order of https://semver.org/#spec-item-11; what is built of a version does not count. `0` is before all, also before `0.0.0-a`. */
export function compareVersions(a: string, b: string): number {
  if (a === '0' || b === '0') return Number(b === '0') - Number(a === '0');
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) {
    const difference = left.numbers[i]! - right.numbers[i]!;
    if (difference !== 0) return difference;
  }
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  for (let i = 0; i < Math.min(left.pre.length, right.pre.length); i++) {
    const difference = compareIdentifiers(left.pre[i]!, right.pre[i]!);
    if (difference !== 0) return difference;
  }
  return left.pre.length - right.pre.length;
}

function parts(version: string): { readonly numbers: readonly number[]; readonly pre: readonly string[] } {
  const [core = '', ...pre] = version.split('+', 1)[0]!.split('-');
  const numbers = core.split('.').map(Number);
  return {
    numbers: [0, 1, 2].map((i) => numbers[i] ?? 0),
    pre: pre.length === 0 ? [] : pre.join('-').split('.'),
  };
}

function compareIdentifiers(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOtherNumber) return Number(a) - Number(b);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
