import { TRUNCATED_TEXT, isLoss, type Annotation, type Remark } from '../model/annotations.ts';
import { lossTextFor } from '../model/loss-text.ts';
import { isMissing } from '../model/loss.ts';
import type { Caller, ReadOptions } from '../model/request-scope.ts';
import { formatPosition } from '../promql/position.ts';

/** Prometheus shows this many remarks of each severity and counts the rest. */
const MOST_SHOWN = 10;

/** Losses, about one an endpoint: a reader of the answer has to know what they name. */
const MOST_LOSSES = 1000;

/** What is said beside an answer as it is sent, over HTTP as over gRPC. */
export interface Remarks {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** What of a request decides how losses are told. */
export interface RemarksScope {
  readonly caller: Pick<Caller, 'enforced'>;
  readonly options: Pick<ReadOptions, 'showReplaced'>;
}

/** Whether an answer has all that there is, in one word. */
export interface Completeness {
  /** `patched` where a stand-in has all that a lost endpoint has, `missing` where something may be missing. */
  readonly state: 'whole' | 'patched' | 'missing';
  /** How many warnings tell what is missing. They come first. */
  readonly warnings: number;
}

export function completenessOf(
  { caller }: Pick<RemarksScope, 'caller'>,
  annotations: readonly Annotation[],
): Completeness {
  const losses = annotations.filter(isLoss);
  const missing = new Set(losses.filter(isMissing).map((loss) => lossTextFor(caller, loss)));
  const replaced = losses.length > 0 ? 'patched' : 'whole';
  return {
    state: missing.size > 0 ? 'missing' : replaced,
    warnings: Math.min(missing.size, MOST_LOSSES),
  };
}

/**
 * Turns annotations into an answer's texts: losses first, then remarks with the position in the query behind the
 * sentence, each text once, at most ten remarks of each severity and then how many were left out (util/annotations
 * `AsStrings`). Losses are not cut off with them. Those that stand-ins make up for are infos, where the request wants them.
 * @param query that remarks point into; empty where they point nowhere.
 */
export function toRemarks(
  { caller, options: { showReplaced } }: RemarksScope,
  annotations: readonly Annotation[],
  query = '',
): Remarks {
  return {
    warnings: shown(caller, annotations, 'warning', query, showReplaced),
    infos: shown(caller, annotations, 'info', query, showReplaced),
  };
}

function shown(
  caller: RemarksScope['caller'],
  annotations: readonly Annotation[],
  severity: Remark['severity'],
  query: string,
  showReplaced: boolean,
): readonly string[] {
  const losses = new Set<string>();
  const texts = new Set<string>();
  for (const annotation of annotations) {
    if (isLoss(annotation)) {
      const belongs = severity === (isMissing(annotation) ? 'warning' : 'info');
      if (belongs && (severity === 'warning' || showReplaced)) losses.add(lossTextFor(caller, annotation));
    } else if (annotation.kind === 'truncated') {
      if (severity === 'warning') texts.add(TRUNCATED_TEXT);
    } else if (annotation.severity === severity) texts.add(remarkText(annotation, query));
  }
  const list = [...[...losses].slice(0, MOST_LOSSES), ...[...texts].slice(0, MOST_SHOWN)];
  const omitted = losses.size + texts.size - list.length;
  return omitted > 0 ? [...list, `${omitted} more ${severity} annotations omitted`] : list;
}

function remarkText({ message, at }: Remark, query: string): string {
  return at === undefined || query === '' ? message : `${message} (${formatPosition(query, at.start)})`;
}
