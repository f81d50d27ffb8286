import { TRUNCATED_TEXT, isLoss, type Annotation, type Remark } from '../../src/model/annotations.ts';
import { openBudget } from '../../src/model/budget.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import type { EndpointNote } from '../../src/backend/answered.ts';
import { lossText } from '../../src/model/loss-text.ts';
import { isMissing } from '../../src/model/loss.ts';
import {
  ownScope,
  type ReadOptions,
  type ReplicaView,
  type RequestScope,
} from '../../src/model/request-scope.ts';

const NEVER: AbortSignal = new AbortController().signal;

/** Replicas that differ by these labels are one series. */
export function merging(...replicaLabels: readonly string[]): ReplicaView {
  return { replicaLabels, mergedHere: new Set(replicaLabels), mergedAbove: new Set() };
}

/** Each replica is shown; the caller makes those one that differ by `mergedAbove`. */
export function showing(replicaLabels: readonly string[], mergedAbove: readonly string[] = []): ReplicaView {
  return { replicaLabels, mergedHere: new Set(), mergedAbove: new Set(mergedAbove) };
}

/** A request that merges the replicas of `__replica__` and may be answered in part; `options` says what is different. */
export function scopeWith(options: Partial<ReadOptions> = {}, signal: AbortSignal = NEVER): RequestScope {
  const own = ownScope(signal);
  return { ...own, options: { ...own.options, replicas: merging('__replica__'), ...options } };
}

/** The same with a budget of so many bytes, or one that has no end. */
export function openScope(bytes = 0): RequestScope {
  return { ...scopeWith(), budget: openBudget(new MemoryCeiling(0), { bytes, series: 0 }) };
}

/** Annotations as people read them: losses as warnings, or as infos where stand-ins make up for them. */
export function told(
  annotations: readonly (Annotation | EndpointNote)[],
): readonly Pick<Remark, 'severity' | 'message'>[] {
  return annotations.map((annotation) => {
    if (annotation.kind === 'incomplete') return { severity: 'warning', message: annotation.message };
    if (annotation.kind === 'truncated') return { severity: 'warning', message: TRUNCATED_TEXT };
    if (isLoss(annotation))
      return { severity: isMissing(annotation) ? 'warning' : 'info', message: lossText(annotation) };
    const { severity, message } = annotation;
    return { severity, message };
  });
}
