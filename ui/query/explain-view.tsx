import type { EndpointJson, SelectorJson } from '../../src/http/api/explanation.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { hrefOf } from '../state/place.ts';
import { useLoad } from '../state/use-load.ts';
import { valuesText } from '../text/labels.ts';
import { bytesText, countText, millisecondsText, percentText, plural } from '../text/numbers.ts';
import { durationText } from '../text/time.ts';
import { spanOf, writePanels, type PanelState } from './panel-state.ts';
import { PlanTree } from './plan-tree.tsx';
import { Progress } from './progress.tsx';
import { Remarks } from './remarks.tsx';
import { explainQuery } from './run-query.ts';

/** What a query asks of which endpoint, and what came of it. */
export function ExplainView({ panel, width }: { readonly panel: PanelState; readonly width: number }) {
  const { expr, range, end, step, dedup } = panel;
  const key = width === 0 ? undefined : JSON.stringify([expr, range, end, step, dedup]);
  const { value, failure, since, cancel } = useLoad(key, async (signal) => {
    const span = spanOf(panel, width, Date.now() / 1000);
    return { ...(await explainQuery(panel, span, signal)), span };
  });
  return (
    <div class="stack">
      <Progress since={since} onCancel={cancel} />
      {failure !== undefined && <FailureNotice failure={failure} query={expr} />}
      {value !== undefined && failure === undefined && (
        <>
          <PlanTree explanation={value.data} panel={panel} span={value.span} />
          {value.data.selectors.map((selector, i) => (
            <Selector key={i} index={i} selector={selector} panel={panel} />
          ))}
          <Remarks warnings={value.warnings} infos={value.infos} />
        </>
      )}
    </div>
  );
}

const MOST_ENDPOINTS = 100;

function Selector({
  index,
  selector,
  panel,
}: {
  readonly index: number;
  readonly selector: SelectorJson;
  readonly panel: PanelState;
}) {
  const { summary, margin, shards, unknownEndpoints } = selector;
  const rows = [
    ...shards.flatMap(({ labels, endpoints }) =>
      endpoints.map((endpoint) => ({ shard: valuesText(labels), endpoint })),
    ),
    ...unknownEndpoints.map((endpoint) => ({ shard: 'unknown', endpoint })),
  ];
  return (
    <div>
      <h3>
        #{index} <code>{selector.selector}</code>{' '}
        <a
          class="small"
          href={hrefOf('query', writePanels([{ ...panel, expr: selector.selector, tab: 'graph' }]))}
        >
          Run this
        </a>
      </h3>
      <p class="small muted">
        {plural(summary.series, 'series', 'series')}, {countText(summary.samples.survived)} of{' '}
        {countText(summary.samples.delivered)} samples kept, {plural(summary.holesFilled, 'hole')} filled,{' '}
        {plural(summary.switches, 'change')} of replica; read with a margin of{' '}
        {durationText(Math.max(margin.seconds, 0.001))}: {margin.reason}
      </p>
      <ScrollX label="Endpoints of the selector">
        <table>
          <thead>
            <tr>
              <th>Shard</th>
              <th>Replica</th>
              <th>Endpoint</th>
              <th>Outcome</th>
              <th class="number">Time</th>
              <th class="number">Bytes</th>
              <th class="number">Series</th>
              <th class="number">Samples</th>
              <th class="number">Kept</th>
              <th class="number">Share</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_ENDPOINTS).map(({ shard, endpoint }, i) => (
              <Endpoint key={i} shard={shard} endpoint={endpoint} />
            ))}
          </tbody>
        </table>
      </ScrollX>
      {rows.length > MOST_ENDPOINTS && (
        <p class="small muted">{plural(rows.length - MOST_ENDPOINTS, 'more endpoint')} are not shown.</p>
      )}
    </div>
  );
}

const OUTCOMES: Readonly<Record<EndpointJson['outcome'], string>> = {
  answered: 'good',
  failed: 'failed',
  pruned: 'whole',
  spared: 'whole',
};

function Endpoint({ shard, endpoint }: { readonly shard: string; readonly endpoint: EndpointJson }) {
  const { address, replica, outcome, reason, durationMs, bytes, series, samples, share } = endpoint;
  return (
    <tr>
      <td>{shard}</td>
      <td>{replica}</td>
      <td class="mono small">{address}</td>
      <td>
        <StateWord state={OUTCOMES[outcome]} word={outcome} />
        {reason !== undefined && <div class="small muted">{reason}</div>}
      </td>
      <td class="number">{durationMs === undefined ? '' : millisecondsText(durationMs / 1000)}</td>
      <td class="number">{bytes === undefined ? '' : bytesText(bytes)}</td>
      <td class="number">{series === undefined ? '' : countText(series)}</td>
      <td class="number">{samples === undefined ? '' : countText(samples.delivered)}</td>
      <td class="number">{samples === undefined ? '' : countText(samples.survived)}</td>
      <td class="number">{share === undefined ? '' : percentText(share)}</td>
    </tr>
  );
}
