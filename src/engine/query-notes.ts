import type { Annotation, TextRange } from '../model/annotations.ts';
import type { KernelNotes } from './kernels/range-kernel.ts';
import { forcedMonotonicity, type ForcedMonotonicity } from './kernels/remarks.ts';

interface Note {
  readonly annotation: Annotation;
  readonly count: number;
  /** The place of the query that raised it. Places are numbered in the order in which Prometheus evaluates them. */
  readonly place: number;
}

/** A place in the query that remarks point to. */
export interface NotePlace extends KernelNotes {
  /** Classic buckets that a quantile had to straighten; the extents of one metric are joined over the query. */
  forcedMonotonicity(metricName: string, extent: ForcedMonotonicity): void;
}

interface Forced {
  readonly at: TextRange;
  readonly extent: ForcedMonotonicity;
}

/**
 * The remarks of one query. As in Prometheus, a message occurs once, however many places raise it. The last place is
 * shown, in the order of {@link at}, in which operands come before what is made of them. Messages with numbers show
 * their first place, and their numbers are joined.
 */
export class QueryNotes {
  readonly #notes = new Map<string, Note>();
  readonly #forced = new Map<string, Forced>();
  #places = 0;

  /** Takes over remarks of the selection layer. */
  addAll(annotations: Iterable<Annotation>): void {
    for (const annotation of annotations) this.#add(annotation, 0, 0);
  }

  /** Names a place for remarks. Operators call it when they are made, which is in the order of evaluation. */
  at(at: TextRange): NotePlace {
    const place = ++this.#places;
    return {
      warn: (message) => this.#add({ severity: 'warning', message, at }, 0, place),
      info: (message) => this.#add({ severity: 'info', message, at }, 0, place),
      warnCounted: (message, count) => this.#add({ severity: 'warning', message, at }, count, place),
      forcedMonotonicity: (metricName, extent) => this.#force(metricName, extent, at),
    };
  }

  /** In the order of the places. */
  list(): readonly Annotation[] {
    const inOrder = [...this.#notes.values()].sort((a, b) => a.place - b.place);
    const notes = inOrder.map(({ annotation, count }) =>
      count > 1 ? { ...annotation, message: `${annotation.message} (${count} occurrences)` } : annotation,
    );
    const forced = [...this.#forced].map(([metricName, { at, extent }]): Annotation => ({
      severity: 'info',
      message: forcedMonotonicity(metricName, extent),
      at,
    }));
    return [...notes, ...forced];
  }

  #add(annotation: Annotation, count: number, place: number): void {
    const { message } = annotation;
    const known = this.#notes.get(message);
    if (known === undefined) this.#notes.set(message, { annotation, count, place });
    else if (count > 0) this.#notes.set(message, { ...known, count: known.count + count });
    else if (place > known.place) this.#notes.set(message, { annotation, count, place });
  }

  #force(metricName: string, extent: ForcedMonotonicity, at: TextRange): void {
    const known = this.#forced.get(metricName);
    const whole = known === undefined ? { at, extent } : { ...known, extent: joined(known.extent, extent) };
    this.#forced.set(metricName, whole);
  }
}

function joined(a: ForcedMonotonicity, b: ForcedMonotonicity): ForcedMonotonicity {
  return {
    minBucket: Math.min(a.minBucket, b.minBucket),
    maxBucket: Math.max(a.maxBucket, b.maxBucket),
    maxDiff: Math.max(a.maxDiff, b.maxDiff),
    samples: a.samples + b.samples,
    minTime: Math.min(a.minTime, b.minTime),
    maxTime: Math.max(a.maxTime, b.maxTime),
  };
}
