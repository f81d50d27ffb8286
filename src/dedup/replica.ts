import { compareStrings } from '../model/compare-strings.ts';
import { appendRange, SampleBuffer } from '../model/sample-columns.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import { isMarker, isStale } from '../model/stale.ts';

/** One replica's samples of one series. */
export interface Replica {
  /** The replica labels' values, joined: orders ties, so that no choice depends on history or arrival. */
  readonly name: string;
  readonly columns: SampleColumns;
}

/** A replica made ready for selection: samples and stale markers apart, because a marker is the absence of a sample. */
export interface Source {
  readonly name: string;
  /** Position among the replicas; that of `up` is the source of its ones and of its zeros. */
  readonly replica: number;
  /** The samples without stale markers; the replica's own columns where it has none. */
  readonly samples: SampleColumns;
  /** The stale markers alone, bit for bit. */
  readonly markers: SampleColumns;
  /** Sources of tier 1 are asked only where no source of tier 0 has samples. */
  readonly tier: 0 | 1;
  /** All samples of the replica where these are a part of them: the interval is that of its scrapes. */
  readonly scrapes: SampleColumns | undefined;
  /** What `fallsOf` found; null before it was asked. */
  falls: readonly number[] | undefined | null;
}

const NO_SAMPLES: SampleBuffer = new SampleBuffer(0);

/**
 * The replicas that have samples, ordered by name, whatever the order they came in. Everything behind this may take
 * the position in the list for the preference among equals.
 */
export function byName(replicas: readonly Replica[]): Replica[] {
  const present = replicas.filter((replica) => replica.columns.length > 0);
  const isSorted = present.every(
    (replica, i) => i === 0 || compareStrings(present[i - 1]!.name, replica.name) <= 0,
  );
  return isSorted ? present : present.sort((a, b) => compareStrings(a.name, b.name));
}

/** The sources of replicas that are ordered by name. */
export function sourcesOf(replicas: readonly Replica[]): Source[] {
  return replicas.map((replica, position) => sourceOf(replica, position));
}

/**
 * The sources of the series `up`, which is the record of a replica's own scrapes: 0 means that it missed one. What a
 * replica missed may not hide what another reached, so zeros are sources of their own, of the second tier.
 */
export function splitByHealth(sources: readonly Source[]): readonly Source[] {
  const zeros = sources.map((source) => onlyZeros(source, true));
  if (zeros.every(({ samples }) => samples.length === 0)) return sources;
  return [...sources.map((source) => onlyZeros(source, false)), ...zeros];
}

function onlyZeros({ name, replica, samples, markers }: Source, zeros: boolean): Source {
  return {
    name,
    replica,
    samples: withZeros(samples, zeros),
    markers,
    tier: zeros ? 1 : 0,
    scrapes: samples,
    falls: null,
  };
}

/** The zeros, or all other samples. Nothing is copied where all are of one kind, as they are most of the time. */
function withZeros(samples: SampleColumns, zeros: boolean): SampleColumns {
  const { v, length } = samples;
  let kept = NO_SAMPLES;
  let from = 0;
  for (let to = 0; to < length; from = to) {
    const isZero = v[from] === 0;
    while (to < length && (v[to] === 0) === isZero) to++;
    if (isZero !== zeros) continue;
    if (from === 0 && to === length) return samples;
    if (kept === NO_SAMPLES) kept = new SampleBuffer(length);
    appendRange(kept, samples, from, to);
  }
  return kept;
}

/** The source of one replica, which is at this position of their order. */
export function sourceOf({ name, columns }: Replica, replica: number): Source {
  const first = nextMarker(columns, 0);
  if (first === columns.length)
    return { name, replica, samples: columns, markers: NO_SAMPLES, tier: 0, scrapes: undefined, falls: null };
  const samples = new SampleBuffer(columns.length);
  const markers = new SampleBuffer(8);
  let from = 0;
  for (let at = first; at < columns.length; at = nextMarker(columns, from)) {
    appendRange(samples, columns, from, at);
    appendRange(markers, columns, at, at + 1);
    from = at + 1;
  }
  appendRange(samples, columns, from, columns.length);
  return { name, replica, samples, markers, tier: 0, scrapes: undefined, falls: null };
}

/** Index of the first stale marker at or after `from`, or the length. */
function nextMarker(columns: SampleColumns, from: number): number {
  const { v, h, length } = columns;
  if (h !== undefined) {
    for (let i = from; i < length; i++) if (isMarker(columns, i)) return i;
    return length;
  }
  for (let i = from; i < length; i++) {
    const value = v[i]!;
    if (value !== value && isStale(value)) return i;
  }
  return length;
}
