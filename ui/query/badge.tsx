import type { StatsJson } from '../../src/http/api/query.ts';
import { StateWord } from '../parts/state-word.tsx';
import { countText } from '../text/numbers.ts';
import { RemarkText } from './remark-text.tsx';

interface Props {
  readonly stats: StatsJson | undefined;
  /** The first one tells what is missing, or what is patched. */
  readonly remarks: readonly string[];
  /** That were filled from another replica, as far as it was read where samples come from. */
  readonly holes: number;
  /** Shows more; undefined where there is no more. */
  readonly onAsk: (() => void) | undefined;
}

/** No more than an answer itself proves. Which holes were filled is known once the samples were read for that. */
const WHOLE = 'all endpoints that it needs have answered';
const PATCHED = 'a replica that has it all stands in for an endpoint that did not answer';

/** Whether a result can be trusted, in one word, with a sentence beside it. What is missing stands below in full. */
export function Badge({ stats, remarks, holes, onAsk }: Props) {
  if (stats === undefined) return null;
  const told = stats.completeness.state;
  const isFilled = told === 'whole' && holes > 0;
  const state = isFilled ? 'patched' : told;
  const text = isFilled
    ? `holes filled from another replica: ${countText(holes)}`
    : state === 'whole'
      ? WHOLE
      : (remarks[0] ?? (state === 'patched' ? PATCHED : ''));
  const said = (
    <>
      <StateWord state={state} />
      {state !== 'missing' && (
        <span class="small muted">{told === 'patched' ? <RemarkText text={text} /> : text}</span>
      )}
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
