import type { Annotation } from '../model/annotations.ts';
import { formatPosition } from '../promql/position.ts';

/** Prometheus shows this many remarks of each severity and counts the rest. */
const MOST_SHOWN = 10;

/** Remarks as the response envelope carries them. */
export interface Remarks {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/**
 * Turns annotations into the envelope's texts: the position in `query` behind the sentence, each text once, at most
 * ten of each severity and then how many were left out (util/annotations `AsStrings`).
 */
export function toRemarks(annotations: readonly Annotation[], query: string): Remarks {
  return { warnings: shown(annotations, 'warning', query), infos: shown(annotations, 'info', query) };
}

function shown(
  annotations: readonly Annotation[],
  severity: Annotation['severity'],
  query: string,
): readonly string[] {
  const texts = new Set<string>();
  for (const annotation of annotations) {
    if (annotation.severity !== severity) continue;
    const { message, at } = annotation;
    texts.add(at === undefined || query === '' ? message : `${message} (${formatPosition(query, at.start)})`);
  }
  const omitted = texts.size - MOST_SHOWN;
  const list = [...texts].slice(0, MOST_SHOWN);
  return omitted > 0 ? [...list, `${omitted} more ${severity} annotations omitted`] : list;
}
