import {
  AnnotationSink,
  remark,
  type Annotation,
  type Remark,
  type TextRange,
} from '../model/annotations.ts';
import type { KernelNotes } from './kernels/range-kernel.ts';
import { forcedMonotonicity, type ForcedMonotonicity } from './kernels/remarks.ts';

/** So many different messages are kept: a parameter that changes from step to step may make one at each of millions. */
const MOST_MESSAGES = 10_000;
const TOO_MANY = `the query raises more than ${MOST_MESSAGES} different remarks, and the rest are not listed`;

interface Note {
  readonly annotation: Remark;
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
  readonly #selected = new AnnotationSink();
  readonly #notes = new Map<string, Note>();
  readonly #forced = new Map<string, Forced>();
  #hasMore = false;
  #places = 0;

  /** Takes over what the selection says: losses, and remarks that point to no place of the query. */
  addAll(annotations: Iterable<Annotation>): void {
    this.#selected.addAll(annotations);
  }

  /** Names a place for remarks. Operators call it when they are made, which is in the order of evaluation. */
  at(at: TextRange): NotePlace {
    const place = ++this.#places;
    return {
      warn: (message) => this.#add(remark('warning', message, at), 0, place),
      info: (message) => this.#add(remark('info', message, at), 0, place),
      warnCounted: (message, count) => this.#add(remark('warning', message, at), count, place),
      forcedMonotonicity: (metricName, extent) => this.#force(metricName, extent, at),
    };
  }

  /** What the selection says, then remarks in the order of their places. */
  list(): readonly Annotation[] {
    const inOrder = [...this.#notes.values()].sort((a, b) => a.place - b.place);
    const notes = inOrder.map(({ annotation, count }) =>
      count > 1 ? { ...annotation, message: `${annotation.message} (${count} occurrences)` } : annotation,
    );
    const forced = [...this.#forced].map(([metricName, { at, extent }]) =>
      remark('info', forcedMonotonicity(metricName, extent), at),
    );
    const more = this.#hasMore ? [remark('warning', TOO_MANY)] : [];
    return [...this.#selected.list(), ...notes, ...forced, ...more];
  }

  #add(annotation: Remark, count: number, place: number): void {
    const { message } = annotation;
    const known = this.#notes.get(message);
    if (known === undefined && this.#notes.size >= MOST_MESSAGES) this.#hasMore = true;
    else if (known === undefined) this.#notes.set(message, { annotation, count, place });
    else if (count > 0) this.#notes.set(message, { ...known, count: known.count + count });
    else if (place > known.place) this.#notes.set(message, { annotation, count, place });
  }

  #force(metricName: string, extent: ForcedMonotonicity, at: TextRange): void {
    const known = this.#forced.get(metricName);
    if (known === undefined && this.#forced.size >= MOST_MESSAGES) {
      this.#hasMore = true;
      return;
    }
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
