import type { Pace } from '../../model/pacer.ts';
import type { EndpointId } from '../endpoint-id.ts';
import { HoleList } from './hole-list.ts';
import { commonHoles, targetHoles, type TargetHole } from './target-holes.ts';
import type { ScrapeCounts } from './target-runs.ts';
import { WindowRuns, type ReplicaWindow } from './window-runs.ts';

/** So many missed scrapes in a row are an outage: a server that was away misses several, and a single one counts for nothing. */
export const OUTAGE_SCRAPES = 2;

/** What is asked of the endpoints of a replica group. Times in ms since the epoch, both inclusive. */
export interface CoverageQuestion {
  readonly from: number;
  readonly to: number;
  /** How many missed scrapes in a row count: 1 for each one, 2 where a single one counts for nothing. */
  readonly missed: number;
  /** Whether a target is asked for; all of them where it is left out. */
  readonly isWanted?: ((target: number) => boolean) | undefined;
}

/** The answer, of successful scrapes alone: where `up` was 0, an endpoint has no samples of the target. */
export interface Comparison {
  /** How many of the wanted targets were scraped by some endpoint within the range. */
  readonly targets: number;
  /** Further ones of which nothing can be said, because an endpoint has more runs than are kept. */
  readonly unproven: number;
  /** What no endpoint has, though one of them scraped the target within the range. */
  readonly common: HoleList;
  readonly replicas: readonly ReplicaStanding[];
}

/** How one endpoint compares with the others, as far as it is known: nothing is said of times behind `until`. */
export interface ReplicaStanding {
  readonly id: EndpointId;
  readonly until: number;
  /** How many of the targets it scraped within the range. */
  readonly scraped: number;
  /** What others have and it does not; where that is nothing, it is whole. */
  readonly lacks: HoleList;
  /** What would be lost with it: none of the others has that. */
  readonly alone: HoleList;
}

/** How many targets pass between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * Compares when the endpoints of one replica group scraped their targets. An endpoint lacks what another has in a hole of its
 * own, further from its own scrapes than half an interval: scrapes that are closer stand for each other, as in deduplication. One
 * that scrapes less often than another lacks what that has in between.
 * @param size of the table that the targets of all windows are numbers of.
 */
export async function compareReplicas(
  windows: readonly ReplicaWindow[],
  size: number,
  question: CoverageQuestion,
  pace: Pace,
): Promise<Comparison> {
  const replicas = windows.map((window) => new Replica(window));
  const common = new HoleList();
  let targets = 0;
  let unproven = 0;
  for (let target = 0; target < size; target++) {
    if (target % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    let isThere = false;
    for (const replica of replicas) if (replica.load(target)) isThere = true;
    if (!isThere || question.isWanted?.(target) === false) continue;
    if (replicas.some(({ runs }) => runs.isUnknown)) unproven++;
    else if (compareTarget(replicas, target, question, common)) targets++;
  }
  return { targets, unproven, common, replicas: replicas.map((replica) => replica.standing()) };
}

/** False where none of them scraped the target within the range. */
function compareTarget(
  replicas: readonly Replica[],
  target: number,
  question: CoverageQuestion,
  common: HoleList,
): boolean {
  const { from, to, missed } = question;
  let isScraped = false;
  for (const replica of replicas) if (replica.lookWithin(from, to)) isScraped = true;
  if (!isScraped) return false;
  for (const replica of replicas) replica.holes = targetHoles(replica.runs, replica.window, from, to, missed);
  replicas.forEach((own) => {
    for (const hole of own.holes) {
      const heldBy = replicas.flatMap((other, i) =>
        other !== own && has(other, own, hole, question) ? [i] : [],
      );
      if (heldBy.length > 0) own.lacks.add(target, hole.from, hole.to, hole.kind, heldBy);
    }
    replicas.forEach((other, i) => {
      if (other !== own) addSparse(own, other, i, target, question);
    });
  });
  addShared(replicas, target, question, common);
  return true;
}

/** Adds what all of them lack, and what all but one of them lack. */
function addShared(
  replicas: readonly Replica[],
  target: number,
  question: CoverageQuestion,
  common: HoleList,
): void {
  if (replicas.every(({ holes }) => holes.length === 0)) return;
  for (const { from, to, kind } of sharedBy(replicas, question)) common.add(target, from, to, kind);
  replicas.forEach((own, i) => {
    const others = replicas.filter((replica) => replica !== own);
    if (others.length === 0) return;
    for (const hole of sharedBy(others, question))
      if (has(own, others[0]!, hole, question)) own.alone.add(target, hole.from, hole.to, hole.kind, [i]);
  });
}

function sharedBy(replicas: readonly Replica[], { missed }: CoverageQuestion): readonly TargetHole[] {
  return replicas.map(({ holes }) => holes).reduce((a, b) => commonHoles(a, b, missed));
}

const counts: ScrapeCounts = { inRow: 0, all: 0 };

/**
 * Whether an endpoint has scrapes in the hole of another. Each end of an outage may have one more scrape than the other
 * endpoint has there, which is no lack where single scrapes do not count.
 */
function has(
  other: Replica,
  own: Replica,
  hole: TargetHole,
  { from, to, missed }: CoverageQuestion,
): boolean {
  const half = hole.interval / 2;
  const first = hole.from === own.window.from ? hole.from : hole.from + half;
  const last = hole.to === own.window.until ? hole.to : hole.to - half;
  other.runs.countWithin(Math.max(first, from), Math.min(last, to), counts);
  return counts.inRow >= missed || counts.all > missed;
}

/** Adds times in which one scrapes so much less often than another that it misses scrapes. */
function addSparse(
  own: Replica,
  other: Replica,
  position: number,
  target: number,
  { from, to, missed }: CoverageQuestion,
): void {
  const [runs, others] = [own.runs, other.runs];
  for (let i = 0, j = 0; i < runs.length && j < others.length;) {
    const isSparse = runs.intervals[i]! > (missed + 0.5) * others.intervals[j]!;
    if (isSparse && runs.scraped[i] === 1 && others.scraped[j] === 1) {
      const start = Math.max(runs.firsts[i]!, others.firsts[j]!, from);
      const end = Math.min(runs.lasts[i]!, others.lasts[j]!, to);
      if (end > start) own.lacks.add(target, start, end, 'away', [position]);
    }
    if (runs.lasts[i]! < others.lasts[j]!) i++;
    else j++;
  }
}

/** One endpoint while targets go by. */
class Replica extends WindowRuns {
  readonly lacks = new HoleList();
  readonly alone = new HoleList();
  holes: readonly TargetHole[] = [];
  #scraped = 0;

  /** Whether it scraped the target within a range. */
  lookWithin(from: number, to: number): boolean {
    const { runs } = this;
    for (let i = 0; i < runs.length; i++)
      if (runs.scraped[i] === 1 && runs.firsts[i]! <= to && runs.lasts[i]! >= from) {
        this.#scraped++;
        return true;
      }
    return false;
  }

  standing(): ReplicaStanding {
    const { id, until } = this.window;
    return { id, until, scraped: this.#scraped, lacks: this.lacks, alone: this.alone };
  }
}
