import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../api/ask.ts';
import { FailureNotice } from './failure-notice.tsx';

/** A part of the page that is fetched when it is first shown. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Later(props: Props) {
    const [isThere, setThere] = useState(loaded !== undefined);
    const [failure, setFailure] = useState<Failure>();
    useEffect(() => {
      const run = async (): Promise<void> => {
        try {
          // It may have come between the first drawing and now, for another one that shows it.
          loaded ??= await load();
          setThere(true);
        } catch {
          setFailure(new Failure('unreachable', 'A part of the page did not arrive. Load the page again.'));
        }
      };
      void run();
    }, []);
    if (failure !== undefined) return <FailureNotice failure={failure} />;
    const Component = isThere ? loaded : undefined;
    return Component === undefined ? <div class="waiting" /> : <Component {...props} />;
  };
}
