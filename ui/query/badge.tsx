import type { ExplanationJson } from '../../src/http/api/explanation.ts';
import type { StatsJson } from '../../src/http/api/query.ts';
import { StateWord } from '../parts/state-word.tsx';
import { plural } from '../text/numbers.ts';
import { holesFilledIn } from './provenance.ts';

interface Props {
  readonly stats: StatsJson | undefined;
  readonly explanation: ExplanationJson | undefined;
  /** Those that tell what is missing. */
  readonly warnings: readonly string[];
}

/** Whether a result can be trusted, in one word, with a sentence beside it. */
export function Badge({ stats, explanation, warnings }: Props) {
  if (stats === undefined) return null;
  const holes = explanation === undefined ? undefined : holesFilledIn(explanation);
  const { state } = stats.completeness;
  if (state === 'missing') return <Said state="missing" text={warnings[0] ?? ''} isShort />;
  if (holes !== undefined && holes > 0)
    return <Said state="patched" text={`${plural(holes, 'hole')} filled from other replicas`} />;
  if (state === 'patched')
    return <Said state="patched" text="a replica stands in for an endpoint that did not answer" />;
  return (
    <Said
      state="whole"
      text={
        holes === undefined ? 'no endpoint is missing' : 'nothing is missing, and no hole had to be filled'
      }
    />
  );
}

function Said({
  state,
  text,
  isShort = false,
}: {
  readonly state: string;
  readonly text: string;
  readonly isShort?: boolean;
}) {
  return (
    <span class="badge" title={text}>
      <StateWord state={state} />
      {!isShort && <span class="small muted"> {text}</span>}
    </span>
  );
}
