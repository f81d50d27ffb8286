import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { Failure, isAbort } from '../api/ask.ts';

/** What is loaded for a key. What came before stays until something new is there. */
export interface Loaded<T> {
  readonly value: T | undefined;
  /** For which key that is. */
  readonly key: string | undefined;
  readonly failure: Failure | undefined;
  /** Since when something loads, ms; undefined where nothing does. */
  readonly since: number | undefined;
  /** Ends what loads; what was there before stays. */
  readonly cancel: () => void;
  readonly again: () => void;
}

interface State<T> {
  readonly value?: T;
  readonly key?: string;
  readonly failure?: Failure;
  readonly since?: number;
}

/** How many loads run that follow from another one, such as what a result is compared with: that one is not asked again meanwhile. */
export interface FollowingLoads {
  count: number;
}

/** Where loads are counted, if anywhere. */
export const CountedLoads = createContext<FollowingLoads | undefined>(undefined);

/**
 * Loads something when its key changes, and every `everyMs` while the page is looked at. A key that is superseded is canceled, so the
 * gateway stops to work for it. Nothing loads where the key is undefined.
 * @param following what is waited for as well before it is asked again by itself.
 */
export function useLoad<T>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs?: number,
  following?: FollowingLoads,
): Loaded<T> {
  const counted = useContext(CountedLoads);
  const [state, setState] = useState<State<T>>({});
  const [round, setRound] = useState(0);
  const loader = useRef(load);
  loader.current = load;
  const running = useRef<AbortController>(undefined);
  useEffect(() => {
    if (key === undefined) {
      setState({});
      return undefined;
    }
    const controller = new AbortController();
    running.current = controller;
    if (counted !== undefined) counted.count++;
    setState((before) => ({ ...before, since: performance.now() }));
    const run = async (): Promise<void> => {
      try {
        const value = await loader.current(controller.signal);
        if (!controller.signal.aborted) setState({ value, key });
      } catch (error) {
        if (controller.signal.aborted || isAbort(error)) return;
        const failure = error instanceof Failure ? error : new Failure('page', String(error));
        setState((before) => ({ ...(before.value !== undefined && { value: before.value }), key, failure }));
      } finally {
        if (running.current === controller) running.current = undefined;
        if (counted !== undefined) counted.count--;
      }
    };
    void run();
    return () => controller.abort();
  }, [key, round]);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    let isDue = false;
    const look = (): void => {
      // What takes longer than that would never come to its end.
      const isBusy = running.current !== undefined || (following?.count ?? 0) > 0;
      isDue = document.visibilityState !== 'visible';
      if (!isBusy && !isDue) setRound((before) => before + 1);
    };
    const timer = setInterval(look, everyMs);
    // Whoever comes back sees what is now.
    const onShown = (): void => void (isDue && look());
    document.addEventListener('visibilitychange', onShown);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onShown);
    };
  }, [everyMs, following]);
  const cancel = useCallback(() => {
    running.current?.abort();
    setState(({ value, key, failure }) => ({
      ...(value !== undefined && { value }),
      ...(key !== undefined && { key }),
      ...(failure !== undefined && { failure }),
    }));
  }, []);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const { value, failure, since } = state;
  return { value, key: state.key, failure, since, cancel, again };
}
