import { tellsOfMissingData, type Annotation } from '../model/annotations.ts';
import { formatPosition } from '../promql/position.ts';

/** Prometheus shows this many remarks of each severity and counts the rest. */
const MOST_SHOWN = 10;

/** Warnings of what is missing, about one an endpoint: whoever reads the answer has to know what they name. */
const MOST_MISSING = 1000;

/** Remarks as answers carry them, over HTTP as over gRPC. */
export interface Remarks {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/**
 * Turns annotations into an answer's texts: the position in `query` behind the sentence, each text once, at most
 * ten of each severity and then how many were left out (util/annotations `AsStrings`). Warnings of missing data are not
 * cut off with the others.
 */
export function toRemarks(annotations: readonly Annotation[], query: string): Remarks {
  return { warnings: shown(annotations, 'warning', query), infos: shown(annotations, 'info', query) };
}

function shown(
  annotations: readonly Annotation[],
  severity: Annotation['severity'],
  query: string,
): readonly string[] {
  const missing = new Set<string>();
  const texts = new Set<string>();
  for (const annotation of annotations) {
    if (annotation.severity !== severity) continue;
    const { message, at } = annotation;
    if (tellsOfMissingData(annotation)) missing.add(message);
    else
      texts.add(
        at === undefined || query === '' ? message : `${message} (${formatPosition(query, at.start)})`,
      );
  }
  const most = Math.max(MOST_SHOWN, Math.min(missing.size, MOST_MISSING));
  const omitted = missing.size + texts.size - most;
  const list = [...missing, ...texts].slice(0, most);
  return omitted > 0 ? [...list, `${omitted} more ${severity} annotations omitted`] : list;
}
