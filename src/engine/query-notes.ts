import type { Annotation, TextRange } from '../model/annotations.ts';
import type { KernelNotes } from './kernels/range-kernel.ts';
import { forcedMonotonicity, type ForcedMonotonicity } from './kernels/remarks.ts';

interface Note {
  readonly annotation: Annotation;
  readonly count: number;
}

interface Forced {
  readonly at: TextRange;
  readonly extent: ForcedMonotonicity;
}

/**
 * The remarks of one query. As in Prometheus, a message occurs once however many places raise it: the place furthest
 * to the right in the query is shown.
 */
export class QueryNotes {
  readonly #notes = new Map<string, Note>();
  readonly #forced = new Map<string, Forced>();

  warn(message: string, at: TextRange): void {
    this.#add({ severity: 'warning', message, at }, 0);
  }

  info(message: string, at: TextRange): void {
    this.#add({ severity: 'info', message, at }, 0);
  }

  /** Takes over remarks of the selection layer. */
  addAll(annotations: Iterable<Annotation>): void {
    for (const annotation of annotations) this.#add(annotation, 0);
  }

  /** Classic buckets that histogram_quantile had to straighten; extents of one metric are joined. */
  forcedMonotonicity(metricName: string, extent: ForcedMonotonicity, at: TextRange): void {
    const known = this.#forced.get(metricName)?.extent;
    this.#forced.set(metricName, { at, extent: known === undefined ? extent : joined(known, extent) });
  }

  /** The remarks that point to one place. */
  at(at: TextRange): KernelNotes {
    return {
      warn: (message) => this.warn(message, at),
      info: (message) => this.info(message, at),
      warnCounted: (message, count) => this.#add({ severity: 'warning', message, at }, count),
    };
  }

  list(): readonly Annotation[] {
    const notes = [...this.#notes.values()].map(({ annotation, count }) =>
      count > 1 ? { ...annotation, message: `${annotation.message} (${count} occurrences)` } : annotation,
    );
    const forced = [...this.#forced].map(([metricName, { at, extent }]): Annotation => ({
      severity: 'info',
      message: forcedMonotonicity(metricName, extent),
      at,
    }));
    return [...notes, ...forced];
  }

  #add(annotation: Annotation, count: number): void {
    const known = this.#notes.get(annotation.message);
    if (known === undefined) {
      this.#notes.set(annotation.message, { annotation, count });
      return;
    }
    const later = (annotation.at?.start ?? -1) > (known.annotation.at?.start ?? -1);
    if (!later && count === 0) return;
    this.#notes.set(annotation.message, {
      annotation: later ? annotation : known.annotation,
      count: known.count + count,
    });
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
