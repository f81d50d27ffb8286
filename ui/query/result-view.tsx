import { useMemo } from 'preact/hooks';
import { later } from '../parts/later.tsx';
import { useLoad } from '../state/use-load.ts';
import { plural } from '../text/numbers.ts';
import { Badge } from './badge.tsx';
import { GraphView } from './graph-view.tsx';
import type { PictureHolder } from './draw-picture.ts';
import type { PanelState } from './panel-state.ts';
import { holesFilledIn, readRange, stripsOf } from './provenance.ts';
import { ProvenanceSection } from './provenance-section.tsx';
import { RemarkText } from './remark-text.tsx';
import { Remarks } from './remarks.tsx';
import { explainQuery, type Outcome } from './run-query.ts';
import { StatsLine } from './stats-line.tsx';

const ResultTable = later(async () => (await import('./result-table.tsx')).ResultTable);
const ProvenanceStrips = later(async () => (await import('./provenance-strips.tsx')).ProvenanceStrips);

interface Props {
  readonly panel: PanelState;
  readonly outcome: Outcome;
  /** Where a graph puts what makes a picture of it. */
  readonly picture: PictureHolder;
  readonly onChange: (change: Partial<PanelState>) => void;
}

/** Whole rows of shards that are told as missing. */
const MOST_TOLD = 5;

/** A result: whether it can be trusted, what it is, and where it comes from. */
export function ResultView({ panel, outcome, picture, onChange }: Props) {
  const { answer, span } = outcome;
  const { data, warnings, infos } = answer;
  const hasNone = data.resultType !== 'scalar' && data.resultType !== 'string' && data.result.length === 0;
  const canTell = panel.dedup !== 'off';
  const asked = { ...panel, expr: outcome.expr };
  const what = JSON.stringify([outcome.expr, panel.tab, panel.dedup]);
  const explained = useLoad(
    canTell && panel.isTraced ? `${what} ${JSON.stringify(span)}` : undefined,
    (signal) => explainQuery(asked, span, signal),
  );
  // That of the same query a little earlier stays until the new one is there.
  const isOfThis = explained.failure === undefined && explained.key?.startsWith(what) === true;
  const explanation = isOfThis ? explained.value?.data : undefined;
  const strips = useMemo(() => (explanation === undefined ? [] : stripsOf(explanation)), [explanation]);
  const losses = data.stats?.completeness.warnings ?? 0;
  const toggle = (): void => onChange({ isTraced: !panel.isTraced });
  const provenance = canTell && (
    <ProvenanceSection
      isOpen={panel.isTraced}
      onToggle={toggle}
      explained={explained}
      explanation={explanation}
      hatches={losses > 0 && panel.tab === 'graph'}
    >
      {explanation !== undefined && strips.length > 0 && (
        <ProvenanceStrips shards={strips} {...(panel.tab === 'graph' ? span : readRange(explanation))} />
      )}
    </ProvenanceSection>
  );
  return (
    <div class="stack-8">
      <div class="result-head">
        <Badge
          stats={data.stats}
          remarks={losses > 0 ? warnings : infos}
          holes={explanation === undefined ? 0 : holesFilledIn(explanation)}
          onAsk={canTell ? toggle : undefined}
        />
        <StatsLine outcome={outcome} />
      </div>
      {losses > 0 && (
        <div class="notice missing" role="alert">
          <strong>Data may be missing.</strong>
          <ul>
            {warnings.slice(0, Math.min(losses, MOST_TOLD)).map((text) => (
              <li key={text}>
                <RemarkText text={text} />
              </li>
            ))}
          </ul>
          {losses > MOST_TOLD && <p>{plural(losses - MOST_TOLD, 'more warning')} below.</p>}
        </div>
      )}
      {hasNone ? (
        <>
          <p class="empty">
            No series match this query {panel.tab === 'table' ? 'at this time' : 'in this range'}.
          </p>
          {provenance}
        </>
      ) : panel.tab === 'graph' && data.resultType === 'matrix' ? (
        <GraphView
          panel={panel}
          result={data.result}
          outcome={outcome}
          picture={picture}
          explanation={explanation}
          strips={strips}
          provenance={provenance}
          onChange={onChange}
        />
      ) : (
        <>
          <ResultTable value={data} />
          {provenance}
        </>
      )}
      <Remarks warnings={warnings.slice(Math.min(losses, MOST_TOLD))} infos={infos} />
    </div>
  );
}
