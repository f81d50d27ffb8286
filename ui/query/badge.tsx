import type { StatsJson } from '../../src/http/api/query.ts';
import { StateWord } from '../parts/state-word.tsx';

interface Props {
  readonly stats: StatsJson | undefined;
  /** Those that tell what is missing. */
  readonly warnings: readonly string[];
  /** Shows more; undefined where there is no more. */
  readonly onAsk: (() => void) | undefined;
}

type State = StatsJson['completeness']['state'];

/** No more than an answer itself proves. Which holes were filled is known once the samples were read for that. */
const SENTENCES: Readonly<Record<Exclude<State, 'missing'>, string>> = {
  whole: 'every endpoint that the query needs has answered',
  patched: 'a replica stands in for an endpoint that did not answer, and has all that it has',
};

/** Whether a result can be trusted, in one word, with a sentence beside it. What is missing stands below in full. */
export function Badge({ stats, warnings, onAsk }: Props) {
  if (stats === undefined) return null;
  const { state } = stats.completeness;
  const text = state === 'missing' ? (warnings[0] ?? '') : SENTENCES[state];
  const said = (
    <>
      <StateWord state={state} />
      {state !== 'missing' && <span class="small muted">{text}</span>}
    </>
  );
  return onAsk === undefined ? (
    <span class="badge" title={text}>
      {said}
    </span>
  ) : (
    <button
      class="badge plain"
      title={`${text}. Shows which replica each sample comes from.`}
      onClick={onAsk}
    >
      {said}
    </button>
  );
}
