import type { EndpointItems } from './answered.ts';
import { EndpointError } from './endpoint-error.ts';

/** Names that are asked for; a server with more external labels is taken to have series with the others. */
const MOST_NAMES = 32;

/**
 * The names of external labels that series carry themselves with another value. What a server does not tell, or not wholly,
 * may be so. Throws what `list` throws for a call that was given up, and for a server that went away meanwhile: all of its labels would
 * be taken for carried until it is back, and it would be missed by requests that do not concern it.
 * @param external the values of the server's external labels, by name.
 * @param list the values of a label that the server lists, at most `limit` of them. Throws EndpointError.
 */
export async function ownLabelNames(
  external: ReadonlyMap<string, ReadonlySet<string>>,
  list: (name: string, limit: number) => Promise<EndpointItems<string>>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const mayBeCarried = async (name: string, values: ReadonlySet<string>): Promise<boolean> => {
    try {
      // Of one value more than there are external ones, one is another.
      const { items, annotations } = await list(name, values.size + 1);
      return (
        [...items].some((value) => !values.has(value)) || annotations.some(({ kind }) => kind !== 'remark')
      );
    } catch (thrown) {
      if (thrown instanceof EndpointError && !thrown.isUnreachable && !signal.aborted) return true;
      throw thrown;
    }
  };
  const carried = await Promise.all(
    [...external].map(async ([name, values], i) => i >= MOST_NAMES || mayBeCarried(name, values)),
  );
  return new Set([...external.keys()].filter((_, i) => carried[i]));
}
