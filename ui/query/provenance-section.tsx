import type { ComponentChildren } from 'preact';
import type { ExplanationJson } from '../../src/http/api/explanation.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import type { Loaded } from '../state/use-load.ts';
import type { Answer } from '../api/ask.ts';
import { plural } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import { Progress } from './progress.tsx';
import { holesFilledIn, readRange, seriesNotShownIn } from './provenance.ts';

interface Props {
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly explained: Omit<Loaded<Answer<ExplanationJson>>, 'value'>;
  /** As far as it is there. */
  readonly explanation: ExplanationJson | undefined;
  /** Something is missing on a graph, so there may be time that nobody has. */
  readonly hatches: boolean;
  readonly children: ComponentChildren;
}

/** Which replica the samples come from. The gateway reads them once more to tell, so it stays closed until somebody wants to know. */
export function ProvenanceSection({ isOpen, onToggle, explained, explanation, hatches, children }: Props) {
  const { failure, since, cancel } = explained;
  return (
    <section class="stack-4" aria-label="Which replica the samples come from">
      <button class="plain small fold" aria-expanded={isOpen} onClick={onToggle}>
        <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> Which replica the samples come from
        {hatches && !isOpen && ' (opens with the time that nobody has hatched in the graph)'}
      </button>
      {isOpen && since !== undefined && <Progress since={since} onCancel={cancel} />}
      {isOpen && failure !== undefined && since === undefined && <FailureNotice failure={failure} />}
      {isOpen && explanation !== undefined && (
        <>
          <HolesSentence explanation={explanation} />
          {children}
        </>
      )}
    </section>
  );
}

/** How many holes were filled, and of what that is told. */
function HolesSentence({ explanation }: { readonly explanation: ExplanationJson }) {
  if (explanation.selectors.length === 0) return <p class="small muted">The query reads no samples.</p>;
  const holes = holesFilledIn(explanation);
  const notShown = seriesNotShownIn(explanation);
  const { start, end } = readRange(explanation);
  return (
    <p class="small">
      {holes === 0 ? (
        'No hole had to be filled from another replica'
      ) : (
        <strong class="is-patched">
          {plural(holes, 'hole')} of single series {holes === 1 ? 'was' : 'were'} filled from another replica
        </strong>
      )}{' '}
      in the samples that the query reads: {timeText(start)} – {timeText(end)}.
      {notShown > 0 &&
        ` ${plural(notShown, 'more series', 'more series')} ${notShown === 1 ? 'is' : 'are'} counted here, but not drawn below.`}
    </p>
  );
}
