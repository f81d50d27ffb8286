import { useEffect, useState } from 'preact/hooks';

/** Before this a person sees no wait. */
const SHOWN_AFTER_MS = 400;

/** A line while something loads; after a moment also how long it takes, and a way out. */
export function Progress({
  since,
  onCancel,
}: {
  readonly since: number | undefined;
  readonly onCancel: () => void;
}) {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (since === undefined) return undefined;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 200);
    return () => clearInterval(timer);
  }, [since]);
  const waited = since === undefined ? 0 : now - since;
  return (
    <>
      <div class={`progress ${since === undefined ? '' : 'running'}`} />
      {since !== undefined && waited > SHOWN_AFTER_MS && (
        <div class="progress-text small">
          <span role="status">Asking the endpoints</span> {(waited / 1000).toFixed(1)} s{' '}
          <button onClick={onCancel}>Cancel</button>
        </div>
      )}
    </>
  );
}
