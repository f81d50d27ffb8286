import type { StatsJson } from '../../src/http/api/query.ts';
import { StateWord } from '../parts/state-word.tsx';
import { countText } from '../text/numbers.ts';

interface Props {
  readonly stats: StatsJson | undefined;
  /** Those that tell what is missing. */
  readonly warnings: readonly string[];
  /** That were filled from another replica, as far as it was read where samples come from. */
  readonly holes: number;
  /** Shows more; undefined where there is no more. */
  readonly onAsk: (() => void) | undefined;
}

type State = StatsJson['completeness']['state'];

/** No more than an answer itself proves. Which holes were filled is known once the samples were read for that. */
const SENTENCES: Readonly<Record<Exclude<State, 'missing'>, string>> = {
  whole: 'all endpoints that it needs have answered',
  patched: 'a replica that has it all stands in for an endpoint that did not answer',
};

/** Whether a result can be trusted, in one word, with a sentence beside it. What is missing stands below in full. */
export function Badge({ stats, warnings, holes, onAsk }: Props) {
  if (stats === undefined) return null;
  const told = stats.completeness.state;
  const isFilled = told === 'whole' && holes > 0;
  const state = isFilled ? 'patched' : told;
  const text = isFilled
    ? `holes filled from another replica: ${countText(holes)}`
    : state === 'missing'
      ? (warnings[0] ?? '')
      : SENTENCES[state];
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
