import type { ItemList } from './lazy-list.ts';
import { lossKey, type Loss } from './loss.ts';

/** Where in the query text a remark points: UTF-16 offsets, `end` exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What is to be said beside an answer that is still an answer. */
export type Annotation = Remark | Truncation | Loss;

/** Warnings say that the result may be wrong, infos that it may surprise. */
export interface Remark {
  readonly kind: 'remark';
  readonly severity: 'warning' | 'info';
  /** The sentence without position, for example `PromQL info: metric might not be a counter, name does not end in …`. */
  readonly message: string;
  /** Set for remarks of the PromQL engine; shown as `(line:column)` behind the message. */
  readonly at?: TextRange;
}

/** The caller asked for a limited list, and there was more. */
export interface Truncation {
  readonly kind: 'truncated';
}

export const TRUNCATED: Truncation = { kind: 'truncated' };

/** What people, and clients of Prometheus, read of a {@link Truncation}. */
export const TRUNCATED_TEXT = 'results truncated due to limit';

/** A list, whose items may be made when they are looked at, and what is to be said beside it. */
export interface NotedItems<T, A = Annotation> {
  readonly items: ItemList<T>;
  readonly annotations: readonly A[];
}

/** The same where the items are there. */
export interface NotedList<T, A = Annotation> extends NotedItems<T, A> {
  readonly items: readonly T[];
}

export function remark(severity: Remark['severity'], message: string, at?: TextRange): Remark {
  return { kind: 'remark', severity, message, ...(at && { at }) };
}

export function isLoss(annotation: Annotation): annotation is Loss {
  return annotation.kind !== 'remark' && annotation.kind !== 'truncated';
}

/** Collects annotations; the same one at the same place counts once. In order of first appearance. */
export class AnnotationSink {
  readonly #seen = new Map<string, Annotation>();

  add(annotation: Annotation): void {
    const key = annotationKey(annotation);
    if (!this.#seen.has(key)) this.#seen.set(key, annotation);
  }

  addAll(annotations: Iterable<Annotation>): void {
    for (const annotation of annotations) this.add(annotation);
  }

  list(): readonly Annotation[] {
    return [...this.#seen.values()];
  }
}

/** Equal for annotations that say the same of the same place. */
function annotationKey(annotation: Annotation): string {
  if (annotation.kind === 'truncated') return annotation.kind;
  if (annotation.kind !== 'remark') return lossKey(annotation);
  const { severity, message, at } = annotation;
  return `${severity}|${at?.start ?? ''}|${at?.end ?? ''}|${message}`;
}
