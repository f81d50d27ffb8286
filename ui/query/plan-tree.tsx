import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExplanationJson, NodeJson } from '../../src/http/api/explanation.ts';
import { isAbort } from '../api/ask.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { hrefOf } from '../state/place.ts';
import { countText, millisecondsText, percentText, plural } from '../text/numbers.ts';
import {
  measurableParts,
  measurePart,
  measureWhole,
  MOST_MEASURED,
  partText,
  type Cost,
  type Measured,
} from './measure-parts.ts';
import { writePanels, type PanelState, type TimeSpan } from './panel-state.ts';

interface Props {
  readonly explanation: ExplanationJson;
  readonly panel: PanelState;
  /** The times that were explained. */
  readonly span: TimeSpan;
}

/** A query may have tens of thousands of parts. */
const MOST_SHOWN = 200;
/** Levels that are set in; those further in stand below each other. */
const DEEPEST = 24;

/** The parts of a query, each below what takes it in: what is known of it, and what it comes to when it is run alone. */
export function PlanTree({ explanation, panel, span }: Props) {
  const { nodes } = explanation;
  const { results, costs, isRunning, start, stop } = useMeasured(explanation, panel, span);
  const measurable = measurableParts(explanation).length;
  return (
    <section class="stack-4" aria-label="The parts of the query">
      <div class="row">
        <h3>Plan</h3>
        {measurable > 0 && (
          <button class="small" onClick={isRunning ? stop : start}>
            {isRunning ? 'Stop' : 'Measure each part'}
          </button>
        )}
        {isRunning && (
          <span class="small muted" role="status">
            {results.size} of {Math.min(measurable, MOST_MEASURED)}
          </span>
        )}
      </div>
      <ScrollX label="Plan">
        <table class="plan">
          <thead>
            <tr>
              <th>Part</th>
              <th>Alone</th>
              <th class="number" title="The most at one step">
                Series
              </th>
              <th class="number" title="Looked at, over all steps">
                Samples
              </th>
              <th class="number" title="Until this part was there, with all below it">
                Time
              </th>
              <th class="number" title="Of the time of the whole query, with all below it">
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.slice(0, MOST_SHOWN).map((node, i) => (
              <Part
                key={i}
                node={node}
                text={partText(explanation, node)}
                facts={node.selector === undefined ? undefined : factsOf(explanation, node.selector)}
                panel={panel}
                measured={results.get(i)}
                cost={costs.get(i)}
              />
            ))}
          </tbody>
        </table>
      </ScrollX>
      {nodes.length > MOST_SHOWN && (
        <p class="small muted">{plural(nodes.length - MOST_SHOWN, 'more part')} are not shown.</p>
      )}
      {results.size > 0 && (
        <p class="small muted">
          {costs.size > 0
            ? 'Times are those of one run of the whole query, in which parts wait for their samples at the same time, so they do not add up. Series and samples are those of each part alone. Nothing that was kept was used.'
            : 'Each part was evaluated alone, with all below it, and nothing that was kept.'}
          {measurable > MOST_MEASURED &&
            ` Only the ${MOST_MEASURED} innermost of ${countText(measurable)} parts are measured.`}
        </p>
      )}
    </section>
  );
}

interface SelectorFacts {
  readonly selector: string;
  readonly series: number;
  readonly kept: number;
  readonly delivered: number;
  /** Until the slowest endpoint had answered; undefined where none was asked. */
  readonly seconds: number | undefined;
}

/** What the explanation tells of a selector. */
function factsOf({ selectors }: ExplanationJson, index: number): SelectorFacts | undefined {
  const found = selectors[index];
  if (found === undefined) return undefined;
  const { selector, shards, unknownEndpoints, summary } = found;
  const { survived: kept, delivered } = summary.samples;
  const times = shards
    .flatMap(({ endpoints }) => endpoints)
    .concat(unknownEndpoints)
    .flatMap(({ durationMs }) => durationMs ?? []);
  const slowest = times.reduce((most, ms) => Math.max(most, ms), 0);
  const seconds = times.length === 0 ? undefined : slowest / 1000;
  return { selector, series: summary.series, kept, delivered, seconds };
}

function Part({
  node: { level, text: headline, type },
  text,
  facts,
  panel,
  measured,
  cost,
}: {
  readonly node: NodeJson;
  readonly text: string | undefined;
  readonly facts: SelectorFacts | undefined;
  readonly panel: PanelState;
  readonly measured: Measured | undefined;
  readonly cost: Cost | undefined;
}) {
  const expr = text ?? facts?.selector;
  // What is no vector at each step has no graph.
  const tab = type === 'matrix' || type === 'string' ? 'table' : 'graph';
  return (
    <tr>
      <td>
        <div style={{ paddingLeft: `${Math.min(level, DEEPEST) * 16}px` }}>
          <code title={text?.slice(0, 2000)}>{headline.slice(0, 400)}</code>
          {facts !== undefined && (
            <div class="small muted">
              {facts.selector.slice(0, 400)}: {countText(facts.kept)} of {countText(facts.delivered)} samples
              kept
            </div>
          )}
          {measured?.kind === 'failed' && (
            <div class="small muted">Alone it cannot be measured: {measured.reason.slice(0, 400)}</div>
          )}
        </div>
      </td>
      <td>
        {expr !== undefined && (
          <a
            class="small no-break"
            aria-label={`Run this part: ${headline.slice(0, 100)}`}
            href={hrefOf('query', writePanels([{ ...panel, expr, tab }]))}
          >
            Run this
          </a>
        )}
      </td>
      <Figures facts={facts} measured={measured?.kind === 'measured' ? measured : undefined} cost={cost} />
    </tr>
  );
}

/** What was measured; of a selector that was not, what is known of it all the same. */
function Figures({
  facts,
  measured,
  cost,
}: {
  readonly facts: SelectorFacts | undefined;
  readonly measured: Extract<Measured, { kind: 'measured' }> | undefined;
  readonly cost: Cost | undefined;
}) {
  const series = measured === undefined ? facts?.series : measured.series;
  const samples = measured?.samples ?? facts?.kept;
  const seconds = cost?.seconds ?? measured?.seconds ?? facts?.seconds;
  const share = cost && percentText(cost.share);
  return (
    <>
      <td class="number">{series !== undefined && countText(series)}</td>
      <td class="number" title={measured === undefined && facts ? 'Kept, of all endpoints' : undefined}>
        {samples !== undefined && countText(samples)}
      </td>
      <td
        class="number"
        title={(cost ?? measured) === undefined && facts ? 'Of the slowest endpoint' : undefined}
      >
        {seconds !== undefined && millisecondsText(seconds)}
      </td>
      <td class="number">
        {cost !== undefined && (
          <span class="share" style={{ backgroundSize: `${cost.share * 100}% 100%` }}>
            {share}
          </span>
        )}
      </td>
    </>
  );
}

/** Measures the whole query, and then its parts one after another, so that a look at a plan never asks more of the gateway at once than a query does. */
function useMeasured(explanation: ExplanationJson, panel: PanelState, span: TimeSpan) {
  const [results, setResults] = useState<ReadonlyMap<number, Measured>>(new Map());
  const [costs, setCosts] = useState<ReadonlyMap<number, Cost>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const running = useRef<AbortController>(undefined);
  const stop = (): void => {
    running.current?.abort();
    setRunning(false);
  };
  useEffect(() => {
    setResults(new Map());
    setCosts(new Map());
    return stop;
  }, [explanation]);
  const start = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setResults(new Map());
    setCosts(new Map());
    setRunning(true);
    try {
      setCosts(await measureWhole(explanation, panel, span, controller.signal));
      for (const i of measurableParts(explanation).slice(0, MOST_MEASURED)) {
        const node = explanation.nodes[i]!;
        const part = { text: partText(explanation, node)!, type: node.type };
        const measured = await measurePart(part, panel, span, controller.signal);
        setResults((before) => new Map([...before, [i, measured]]));
      }
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
    if (running.current === controller) setRunning(false);
  };
  return { results, costs, isRunning, start: () => void start(), stop };
}
