import { useEffect, useState } from 'preact/hooks';

/** Before this a person sees no wait. */
const SHOWN_AFTER_MS = 400;

interface Props {
  /** Undefined where nothing loads. */
  readonly since: number | undefined;
  readonly onCancel: () => void;
}

/** A line while something loads; after a moment also how long it takes, and a way out. */
export function Progress(props: Props) {
  return (
    <>
      <ProgressLine since={props.since} />
      <ProgressText {...props} />
    </>
  );
}

export function ProgressLine({ since }: Pick<Props, 'since'>) {
  return <div class={`progress ${since === undefined ? '' : 'running'}`} />;
}

export function ProgressText({ since, onCancel }: Props) {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (since === undefined) return undefined;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 200);
    return () => clearInterval(timer);
  }, [since]);
  const waited = since === undefined ? 0 : now - since;
  if (waited <= SHOWN_AFTER_MS) return null;
  return (
    <div class="progress-text small">
      <span role="status">Asking the endpoints</span> {(waited / 1000).toFixed(1)} s{' '}
      <button onClick={onCancel}>Cancel</button>
    </div>
  );
}
