import { turnFor, type Paced } from './pacer.ts';
import { isTurnUsedUp } from './turns.ts';

/**
 * Begins something for each of the items, in order, and goes on without waiting for its end; gives way between two of them where that takes
 * long. What one goes on with at once counts as part of its beginning, such as what stands behind an `await` of something that was there.
 * Once the request is aborted nothing further is begun. What fails is looked at where the promises are awaited.
 */
export async function beginEach<T, R>(
  paced: Paced,
  items: Iterable<T>,
  begin: (item: T) => Promise<R>,
): Promise<readonly { readonly end: Promise<R> }[]> {
  const begun: { readonly end: Promise<R> }[] = [];
  for (const item of items) {
    if (isTurnUsedUp()) await turnFor(paced);
    if (paced.signal.aborted) break;
    const end = begin(item);
    // It may fail before all are begun, and is only looked at then.
    end.catch(() => undefined);
    begun.push({ end });
    await atOnceDone();
  }
  return begun;
}

/** Ends once all promises that can go on have done so: Node looks at ticks behind them. */
function atOnceDone(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
