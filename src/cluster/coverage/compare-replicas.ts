import type { Pace } from '../../model/pacer.ts';
import type { EndpointId } from '../endpoint-id.ts';
import { HoleList, type ListedHole } from './hole-list.ts';
import { awayParts, failedParts, gapsBetween, joined, partOf, shared, type HeldPart } from './hole-parts.ts';
import { commonHoles, targetHoles, type Span, type TargetHole } from './target-holes.ts';
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
  /**
   * What no endpoint has, though one of them scraped the target within the range: `away` where none tried, `failed` where one tried in
   * vain. A target that had not begun yet, or was taken away, is missing nowhere.
   */
  readonly common: HoleList;
  readonly replicas: readonly ReplicaStanding[];
}

/** How one endpoint compares with the others, as far as it is known: nothing is said of times behind `until`. */
export interface ReplicaStanding {
  readonly id: EndpointId;
  readonly until: number;
  /** How many of the targets it scraped within the range. */
  readonly scraped: number;
  /** When it scraped first within the range; Infinity where it did not. */
  readonly first: number;
  /** What others have and it does not. */
  readonly lacks: HoleList;
  /** That, and what none of them has because none tried. Where there is nothing of it, it is whole. */
  readonly own: HoleList;
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
  const missing = addCommon(replicas, target, question, common);
  for (const own of replicas) {
    const held: HeldPart[] = [];
    replicas.forEach((other, i) => {
      if (other !== own) addLacking(own, other, i, question, held);
    });
    // Most targets have all.
    if (held.length + missing.length === 0) continue;
    const lacking = shared(held);
    for (const part of lacking) own.lacks.add(target, part, part.heldBy);
    for (const part of joined([...lacking, ...missing])) own.own.add(target, part);
  }
  addAlone(replicas, target, question);
  return true;
}

/** Adds the parts of an endpoint's holes that another has, and the times in which it scrapes much less often than that. */
function addLacking(
  own: Replica,
  other: Replica,
  position: number,
  question: CoverageQuestion,
  parts: HeldPart[],
): void {
  const heldBy = [position];
  for (const hole of own.holes)
    if (has(other, own, hole, question))
      for (const part of heldParts(other, own, hole, question)) parts.push({ ...part, heldBy });
  for (const part of sparseBeside(own, other, question)) parts.push({ ...part, heldBy });
}

/** Adds what all of them lack. @returns what none of them even tried to scrape. */
function addCommon(
  replicas: readonly Replica[],
  target: number,
  question: CoverageQuestion,
  common: HoleList,
): readonly ListedHole[] {
  if (replicas.some(({ holes }) => holes.length === 0)) return [];
  return sharedBy(replicas, question).flatMap((hole) => {
    const away = awayParts(hole, question);
    for (const part of [...away, ...failedParts(hole, away, question)]) common.add(target, part);
    return away;
  });
}

/** Adds what all but one of them lack, and that one has. */
function addAlone(replicas: readonly Replica[], target: number, question: CoverageQuestion): void {
  replicas.forEach((own, i) => {
    const others = replicas.filter((replica) => replica !== own);
    if (others.length === 0 || others.some(({ holes }) => holes.length === 0)) return;
    for (const hole of sharedBy(others, question))
      if (has(own, others[0]!, hole, question))
        for (const part of heldParts(own, others[0]!, hole, question)) own.alone.add(target, part, [i]);
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
function has(other: Replica, own: Replica, hole: TargetHole, question: CoverageQuestion): boolean {
  return hasWithin(other, innerPart(own, hole, question), question);
}

function hasWithin({ runs }: Replica, { from, to }: Span, { missed }: CoverageQuestion): boolean {
  runs.countWithin(from, to, counts);
  return counts.inRow >= missed || counts.all > missed;
}

/** The part of a hole that is further than half an interval from the scrapes around it, within what is asked for. */
function innerPart({ window }: Replica, hole: TargetHole, { from, to }: CoverageQuestion): Span {
  const half = hole.interval / 2;
  return {
    from: Math.max(from, hole.from === window.from ? hole.from : hole.from + half),
    to: Math.min(to, hole.to === window.until ? hole.to : hole.to - half),
  };
}

/** The parts of an endpoint's hole between the holes of another, which has scrapes in it. */
function heldParts(
  other: Replica,
  own: Replica,
  hole: TargetHole,
  question: CoverageQuestion,
): readonly ListedHole[] {
  const { from, to } = question;
  const asked = {
    from: Math.max(hole.from, from),
    to: Math.min(hole.to, to, Math.max(other.window.until, hole.from)),
  };
  const inner = innerPart(own, hole, question);
  const held = gapsBetween(other.holes, asked).filter((span) =>
    hasWithin(other, { from: Math.max(span.from, inner.from), to: Math.min(span.to, inner.to) }, question),
  );
  // It may have several scrapes, and none of them in a row.
  return (held.length > 0 ? held : [asked]).map((span) => partOf(hole, span));
}

/** Times in which one scrapes so much less often than another that it misses scrapes. */
function sparseBeside(
  { runs }: Replica,
  { runs: others }: Replica,
  { from, to, missed }: CoverageQuestion,
): readonly ListedHole[] {
  const sparse: ListedHole[] = [];
  for (let i = 0, j = 0; i < runs.length && j < others.length;) {
    const interval = runs.intervals[i]!;
    const isSparse = interval > (missed + 0.5) * others.intervals[j]!;
    if (isSparse && runs.scraped[i] === 1 && others.scraped[j] === 1) {
      const start = Math.max(runs.firsts[i]!, others.firsts[j]!, from);
      const end = Math.min(runs.lasts[i]!, others.lasts[j]!, to);
      // Scrapes that follow one another at once, as after a pause of the server, stand for one.
      if (end - start >= interval / 2) sparse.push({ from: start, to: end, kind: 'sparse', interval });
    }
    if (runs.lasts[i]! < others.lasts[j]!) i++;
    else j++;
  }
  return sparse;
}

/** One endpoint while targets go by. */
class Replica extends WindowRuns {
  readonly lacks = new HoleList();
  readonly own = new HoleList();
  readonly alone = new HoleList();
  holes: readonly TargetHole[] = [];
  #scraped = 0;
  #first = Infinity;

  /** Whether it scraped the target within a range. */
  lookWithin(from: number, to: number): boolean {
    const { runs } = this;
    for (let i = 0; i < runs.length; i++)
      if (runs.scraped[i] === 1 && runs.firsts[i]! <= to && runs.lasts[i]! >= from) {
        this.#scraped++;
        this.#first = Math.min(this.#first, Math.max(runs.firsts[i]!, from));
        return true;
      }
    return false;
  }

  standing(): ReplicaStanding {
    const { id, until } = this.window;
    const { lacks, own, alone } = this;
    return { id, until, scraped: this.#scraped, first: this.#first, lacks, own, alone };
  }
}
