/**
 * What comes of a promise, or of `aborted` where the signal aborts first. What the promise stands for goes on then.
 * @param aborted may throw.
 */
export async function unlessAborted<T, A>(
  signal: AbortSignal,
  promise: Promise<T>,
  aborted: () => A,
): Promise<T | A> {
  const { promise: ended, resolve } = Promise.withResolvers<typeof ABORTED>();
  const end = (): void => resolve(ABORTED);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    const first = await Promise.race([ended, promise]);
    return first === ABORTED ? aborted() : first;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const ABORTED = Symbol('aborted');
