import type { ExplanationJson, SelectorJson } from '../../src/http/api/explanation.ts';
import type { LabelsJson } from '../../src/http/api/envelope.ts';
import { seriesText } from '../text/labels.ts';

/** What a replica was to a series, or to all series of a shard, for a while. Worst last, but for what is not known. */
export type Part = 'chosen' | 'filled' | 'spare' | 'hole' | 'failed';

/** Characters of the API's timelines. */
const PARTS: Readonly<Record<string, Part>> = {
  c: 'chosen',
  f: 'filled',
  i: 'spare',
  '-': 'hole',
  x: 'failed',
};

export interface Stretch {
  readonly part: Part;
  /** s */
  readonly start: number;
  readonly end: number;
}

export interface ReplicaStrip {
  readonly replica: string;
  readonly address: string;
  readonly stretches: readonly Stretch[];
}

export interface ShardStrips {
  readonly labels: LabelsJson;
  readonly replicas: readonly ReplicaStrip[];
  /** When none of them had anything, s. */
  readonly nobody: readonly { readonly start: number; readonly end: number }[];
}

/** The replicas of each shard over time, over all series that the explanation shows. */
export function stripsOf({ selectors }: ExplanationJson): readonly ShardStrips[] {
  return selectors.flatMap((selector) =>
    selector.shards.map((shard) => {
      const replicas = shard.endpoints.map(({ address, replica, outcome }) => ({
        address,
        replica,
        stretches:
          outcome === 'failed'
            ? [{ part: 'failed' as const, start: selector.start, end: selector.end }]
            : stretchesOf(selector, timelinesOf(selector, address)),
      }));
      return { labels: shard.labels, replicas, nobody: nobodyIn(replicas) };
    }),
  );
}

function timelinesOf({ series }: SelectorJson, address: string): readonly string[] {
  return series.flatMap(({ replicas }) =>
    replicas.filter((replica) => replica.address === address).map(({ timeline }) => timeline),
  );
}

/** What a replica was to most of its series, cell by cell; equal neighbours become one. */
function stretchesOf({ timeline }: SelectorJson, timelines: readonly string[]): readonly Stretch[] {
  if (timelines.length === 0) return [];
  const stretches: Stretch[] = [];
  for (let cell = 0; cell < timeline.cells; cell++) {
    const part = commonest(timelines.map((each) => each[cell] ?? '-'));
    const start = timeline.start + cell * timeline.cellSeconds;
    const before = stretches.at(-1);
    if (before?.part === part)
      stretches[stretches.length - 1] = { ...before, end: start + timeline.cellSeconds };
    else stretches.push({ part, start, end: start + timeline.cellSeconds });
  }
  return stretches;
}

function commonest(characters: readonly string[]): Part {
  // A hole that was filled is what one looks for, so it counts where any series has it.
  if (characters.includes('f')) return 'filled';
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  const [best] = [...counts].toSorted(([, a], [, b]) => b - a);
  return PARTS[best![0]] ?? 'hole';
}

function nobodyIn(replicas: readonly ReplicaStrip[]): readonly { start: number; end: number }[] {
  // A replica of which nothing is told, such as one that was not asked, has nothing to fill a hole with.
  const told = replicas.filter(({ stretches }) => stretches.length > 0);
  const [first, ...others] = told.map(({ stretches }) => stretches.filter(isNothing));
  if (first === undefined) return [];
  return others.reduce<readonly { start: number; end: number }[]>(
    (left, right) => overlaps(left, right),
    first,
  );
}

function isNothing({ part }: Stretch): boolean {
  return part === 'hole' || part === 'failed';
}

function overlaps(
  left: readonly { start: number; end: number }[],
  right: readonly { start: number; end: number }[],
): readonly { start: number; end: number }[] {
  return left.flatMap((a) =>
    right
      .map((b) => ({ start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) }))
      .filter(({ start, end }) => start < end),
  );
}

/** Which replica a sample of a series at a time comes from, in words; undefined where the explanation does not show the series. */
export function originText(explanation: ExplanationJson, series: string, time: number): string | undefined {
  for (const selector of explanation.selectors)
    for (const { labels, windows, replicas } of selector.series) {
      if (seriesText(labels) !== series) continue;
      const window = windows.find(({ start, end }) => start <= time && time <= end);
      const cell = Math.floor((time - selector.timeline.start) / selector.timeline.cellSeconds);
      const filler = replicas.find(({ timeline }) => timeline[cell] === 'f');
      if (filler !== undefined) return `a hole near here was filled from ${filler.replica}`;
      return window === undefined ? undefined : `from ${window.replica}: ${window.reason}`;
    }
  return undefined;
}

/** Shards that a point tells of. */
const MOST_TOLD = 6;

/** Which replica each shard gave at a time, in words; undefined where that is not known. */
export function shardsText(strips: readonly ShardStrips[], time: number): string | undefined {
  const said = strips.flatMap(({ labels, replicas }) => {
    const shard = Object.values(labels).at(-1) ?? 'all';
    const partOf = ({ stretches }: ReplicaStrip): Part | undefined =>
      stretches.find(({ start, end }) => start <= time && time < end)?.part;
    const filler = replicas.find((replica) => partOf(replica) === 'filled');
    if (filler !== undefined) return [`${shard}: holes filled from ${filler.replica}`];
    const chosen = replicas.filter((replica) => partOf(replica) === 'chosen');
    return chosen.length === 0 ? [] : [`${shard} from ${chosen.map(({ replica }) => replica).join(' and ')}`];
  });
  if (said.length === 0) return undefined;
  const rest = said.length - MOST_TOLD;
  return `${said.slice(0, MOST_TOLD).join(', ')}${rest > 0 ? `, and ${rest} more shards` : ''}`;
}

/** How many holes were filled, over all series of all selectors, those that are not shown included. */
export function holesFilledIn({ selectors }: ExplanationJson): number {
  return selectors.reduce((sum, { summary }) => sum + summary.holesFilled, 0);
}

/** How many series are counted but not shown, over all selectors. */
export function seriesNotShownIn({ selectors }: ExplanationJson): number {
  return selectors.reduce((sum, { seriesNotShown }) => sum + seriesNotShown, 0);
}

/** From when until when the query reads samples, s. It begins before the range that is asked for, as far as ranges and lookback reach. */
export function readRange({ selectors }: ExplanationJson): { readonly start: number; readonly end: number } {
  return {
    start: Math.min(...selectors.map(({ start }) => start)),
    end: Math.max(...selectors.map(({ end }) => end)),
  };
}
