/** Where in the query text an annotation points: UTF-16 offsets, `end` exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A remark on an answer that is still an answer. Warnings say the result may be wrong, infos that it may surprise. */
export interface Annotation {
  readonly severity: 'warning' | 'info';
  /** The sentence without position, for example `PromQL info: metric might not be a counter, name does not end in …`. */
  readonly message: string;
  /** Set for remarks of the PromQL engine; shown as `(line:column)` behind the message. */
  readonly at?: TextRange;
}

/** Whether an answer lacks something: remarks on the data stand at no place of the text, as those of its evaluation do. */
export function tellsOfMissingData({ severity, at }: Annotation): boolean {
  return severity === 'warning' && at === undefined;
}

/** Collects the annotations of one query; the same remark at the same place counts once. */
export class AnnotationSink {
  readonly #seen = new Map<string, Annotation>();

  add(annotation: Annotation): void {
    const { severity, message, at } = annotation;
    const key = `${severity}|${at?.start ?? ''}|${at?.end ?? ''}|${message}`;
    if (!this.#seen.has(key)) this.#seen.set(key, annotation);
  }

  warn(message: string, at?: TextRange): void {
    this.add({ severity: 'warning', message, ...(at && { at }) });
  }

  info(message: string, at?: TextRange): void {
    this.add({ severity: 'info', message, ...(at && { at }) });
  }

  addAll(annotations: Iterable<Annotation>): void {
    for (const annotation of annotations) this.add(annotation);
  }

  /** In order of first appearance. */
  list(): readonly Annotation[] {
    return [...this.#seen.values()];
  }
}
