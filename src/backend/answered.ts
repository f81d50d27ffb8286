import type { NotedItems, NotedList, Remark, Truncation } from '../model/annotations.ts';
import type { BackendFailure } from '../model/loss.ts';
import type { Result } from '../model/result.ts';

/** What an endpoint answers, or why it did not. */
export type Answered<T> = Promise<Result<T, BackendFailure>>;

/** What an endpoint says beside its answer. */
export type EndpointNote =
  | Remark
  | Truncation
  /** It says that its answer lacks something. */
  | { readonly kind: 'incomplete'; readonly message: string };

/** Whether an endpoint says that its answer lacks something. */
export function isIncomplete({ annotations }: { readonly annotations: readonly EndpointNote[] }): boolean {
  return annotations.some(({ kind }) => kind === 'incomplete');
}

export type EndpointList<T> = NotedList<T, EndpointNote>;

/** The same, whose items may be made when they are looked at. */
export type EndpointItems<T> = NotedItems<T, EndpointNote>;
