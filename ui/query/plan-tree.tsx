import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExplanationJson, NodeJson } from '../../src/http/api/explanation.ts';
import { isAbort } from '../api/ask.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { hrefOf } from '../state/place.ts';
import { countText, millisecondsText, plural } from '../text/numbers.ts';
import { measurableParts, measurePart, MOST_MEASURED, partText, type Measured } from './measure-parts.ts';
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
  const { results, isRunning, start, stop } = useMeasured(explanation, panel, span);
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
              <th class="number" title="To evaluate this part alone, with all below it">
                Time
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.slice(0, MOST_SHOWN).map((node, i) => (
              <Part
                key={i}
                node={node}
                text={partText(explanation, node)}
                known={node.selector === undefined ? undefined : factsOf(explanation, node.selector)}
                panel={panel}
                measured={results.get(i)}
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
          Each part was evaluated alone, with all below it, and nothing that was kept.
          {measurable > MOST_MEASURED &&
            ` Only the ${MOST_MEASURED} innermost of ${countText(measurable)} parts are measured.`}
        </p>
      )}
    </section>
  );
}

/** What the explanation tells of a selector. */
function factsOf({ selectors }: ExplanationJson, index: number): string | undefined {
  const selector = selectors[index];
  if (selector === undefined) return undefined;
  const { series, samples } = selector.summary;
  const times = selector.shards
    .flatMap(({ endpoints }) => endpoints)
    .concat(selector.unknownEndpoints)
    .flatMap(({ durationMs }) => durationMs ?? []);
  const slowest = times.reduce((most, ms) => Math.max(most, ms), 0);
  const waited = times.length === 0 ? '' : `, ${millisecondsText(slowest / 1000)} for the slowest endpoint`;
  return `${selector.selector.slice(0, 400)}: ${plural(series, 'series', 'series')}, ${countText(samples.survived)} of ${countText(samples.delivered)} samples kept${waited}`;
}

function Part({
  node: { level, text: headline, type },
  text,
  known,
  panel,
  measured,
}: {
  readonly node: NodeJson;
  readonly text: string | undefined;
  readonly known: string | undefined;
  readonly panel: PanelState;
  readonly measured: Measured | undefined;
}) {
  // What is no vector at each step has no graph.
  const tab = type === 'matrix' || type === 'string' ? 'table' : 'graph';
  return (
    <tr>
      <td>
        <div style={{ paddingLeft: `${Math.min(level, DEEPEST) * 16}px` }}>
          <code title={text?.slice(0, 2000)}>{headline.slice(0, 400)}</code>
          {known !== undefined && <div class="small muted">{known}</div>}
          {measured?.kind === 'failed' && (
            <div class="small muted">Alone it cannot be measured: {measured.reason.slice(0, 400)}</div>
          )}
        </div>
      </td>
      <td>
        {text !== undefined && (
          <a
            class="small no-break"
            aria-label={`Run this part: ${headline.slice(0, 100)}`}
            href={hrefOf('query', writePanels([{ ...panel, expr: text, tab }]))}
          >
            Run this
          </a>
        )}
      </td>
      {measured?.kind === 'measured' ? (
        <>
          <td class="number">{measured.series === undefined ? '' : countText(measured.series)}</td>
          <td class="number">{countText(measured.samples)}</td>
          <td class="number">{millisecondsText(measured.seconds)}</td>
        </>
      ) : (
        <td colSpan={3} />
      )}
    </tr>
  );
}

/** Measures parts one after another, so that a look at a plan never asks more of the gateway at once than a query does. */
function useMeasured(explanation: ExplanationJson, panel: PanelState, span: TimeSpan) {
  const [results, setResults] = useState<ReadonlyMap<number, Measured>>(new Map());
  const [isRunning, setRunning] = useState(false);
  const running = useRef<AbortController>(undefined);
  const stop = (): void => {
    running.current?.abort();
    setRunning(false);
  };
  useEffect(() => {
    setResults(new Map());
    return stop;
  }, [explanation]);
  const start = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setResults(new Map());
    setRunning(true);
    try {
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
  return { results, isRunning, start: () => void start(), stop };
}
