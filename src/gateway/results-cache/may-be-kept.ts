import { isLoss, type Annotation } from '../../model/annotations.ts';

/** Ids of endpoints that are known to be away. */
export type AwayEndpoints = ReadonlySet<string>;

/**
 * Whether results with these annotations may be shown again. Nothing is kept that lacks something, or that was evaluated of other
 * replicas than the next query would be. Neither is what has remarks: these are of all steps that were evaluated together, and nobody
 * knows of which.
 */
export function mayBeKept(annotations: readonly Annotation[], away: AwayEndpoints): boolean {
  return annotations.every(
    (annotation) =>
      isLoss(annotation) &&
      annotation.kind === 'replica' &&
      annotation.standIn.kind === 'whole' &&
      away.has(annotation.failure.endpoint),
  );
}
