import type { ComponentChildren } from 'preact';
import type { ReplicaNameJson } from '../../src/http/api/replica-name.ts';
import { seriesText, valuesText } from '../text/labels.ts';

interface Props<T> {
  /** What each replica says; undefined where they agree. */
  readonly replicas: readonly T[] | undefined;
  readonly wordsOf: (one: T) => ComponentChildren;
}

/** Longer names and texts are cut. */
const LONGEST_NAME = 200;

/** Which replica says what of something about which they differ, folded. */
export function ReplicaWords<T extends ReplicaNameJson>({ replicas, wordsOf }: Props<T>) {
  if (replicas === undefined) return null;
  return (
    <details class="replica-words">
      <summary class="is-missing">Replicas differ</summary>
      <ul class="stack-4">
        {replicas.map((one, i) => (
          <li key={i} class="small breaks">
            {Object.keys(one.labels).length > 0 && (
              <>
                <bdi title={seriesText(one.labels).slice(0, 2000)}>
                  {valuesText(one.labels).slice(0, LONGEST_NAME)}
                </bdi>{' '}
              </>
            )}
            <bdi class="mono muted">{one.endpoint.slice(0, LONGEST_NAME)}</bdi> {wordsOf(one)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** That replicas differ, in a row of a list. */
export function ReplicaHint({ replicas }: { readonly replicas: readonly unknown[] | undefined }) {
  return replicas === undefined ? null : <span class="small is-missing">replicas differ</span>;
}

/** What the search of a list finds such rows by. */
export function replicaHint(replicas: readonly unknown[] | undefined): string {
  return replicas === undefined ? '' : 'replicas differ';
}
