import type { Labels } from '../model/labels.ts';
import { labelsKey } from '../model/labels.ts';
import { compareStrings } from '../model/compare-strings.ts';

/** One target may be new or gone for good; of several one was usually there for as long as the server. */
const WITNESSES = 3;

/**
 * A few of an endpoint's targets, whose `up` series tell when it was running: a server that runs writes 0 for a target
 * that is down. Those that served before stay, because the longer a target is there, the further back it tells.
 * @param targets by key; undefined where they could not be read.
 */
export function chooseWitnesses(
  before: readonly Labels[] | undefined,
  targets: ReadonlyMap<string, Labels> | undefined,
): readonly Labels[] | undefined {
  if (targets === undefined) return before;
  const stay = (before ?? []).filter((labels) => targets.has(labelsKey(labels)));
  const known = new Set(stay.map((labels) => labelsKey(labels)));
  const others = [...targets.keys()].filter((key) => !known.has(key)).sort(compareStrings);
  return [...stay, ...others.slice(0, WITNESSES - stay.length).map((key) => targets.get(key)!)];
}
