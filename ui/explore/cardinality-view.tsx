import type { LabelsJson } from '../../src/http/api/envelope.ts';
import type { HeadStatsJson, StatisticJson, TsdbStatusJson } from '../../src/http/api/tsdb-status.ts';
import { ask } from '../api/ask.ts';
import { Facts } from '../parts/facts.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import type { Fleet } from '../state/fleet.ts';
import { hrefOf, place, setParameter } from '../state/place.ts';
import { useLoad } from '../state/use-load.ts';
import { labelName, valuesText } from '../text/labels.ts';
import { bytesText, countText, plural } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import { changeText, UNKNOWN, WHY_UNKNOWN } from './change-text.ts';
import { countPair, countValues, useDayChanges, type Counts, type DayChange } from './day-changes.ts';
import { ExploreViews } from './explore-views.tsx';

/** Of each list. */
const MOST_LISTED = 20;
/** Shards that one can choose; the address takes the selector of any other. */
const MOST_SHARDS = 200;
const LONGEST_TITLE = 500;

/** What takes the most place, of all servers or of one shard. */
export function CardinalityView({ fleet }: { readonly fleet: Fleet | undefined }) {
  const shard = place.value.parameters.get('shard') ?? '';
  const { value, key, failure, since } = useLoad(shard, async (signal) =>
    ask<TsdbStatusJson>(
      'status/tsdb',
      { limit: MOST_LISTED, ...(shard !== '' && { 'match[]': shard }) },
      { signal },
    ),
  );
  const isCompared = place.value.parameters.get('change') === '1d';
  // Only what is shown is counted.
  const {
    seriesCountByMetricName: metrics = [],
    labelValueCountByLabelName: labels = [],
    seriesCountByLabelValuePair: pairs = [],
  } = value?.data ?? {};
  const isShown = key === shard && since === undefined && failure === undefined;
  const isCounted = isCompared && isShown && value !== undefined;
  const changes = useDayChanges(
    isCounted ? JSON.stringify([shard, metrics, labels, pairs]) : undefined,
    countsOf(metrics, labels, pairs, shard),
  );
  const shards = fleet?.shards.map(({ labels }) => labels) ?? [];
  return (
    <div>
      <div class="page-head">
        <h1>Explore</h1>
        <ExploreViews shown="cardinality" />
        <label class="labelled">
          Shard
          <select
            value={shard}
            onChange={(event) => setParameter('shard', event.currentTarget.value, 'push')}
          >
            {shardChoices(shards, shard).map(([selector, title]) => (
              <option key={selector} value={selector}>
                {title}
              </option>
            ))}
          </select>
        </label>
        {shards.length > MOST_SHARDS && (
          <span class="small muted">
            {plural(shards.length - MOST_SHARDS, 'more shard')}: the address takes the selector of any as
            shard
          </span>
        )}
      </div>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {value === undefined && failure === undefined && <div class="waiting" />}
      {value !== undefined && failure === undefined && (
        <div class={`stack ${since === undefined ? '' : 'stale'}`}>
          <section class="card section">
            <Facts facts={factsOf(value.data.headStats)} />
            <p class="small muted">
              As the servers count it: replicas that hold the same series count for each of them. Metrics
              counts each series once.
            </p>
            <label class="labelled">
              <input
                type="checkbox"
                checked={isCompared}
                onChange={(event) => setParameter('change', event.currentTarget.checked ? '1d' : '', 'push')}
              />
              Change within a day
            </label>
            {isCompared && (
              <p class="small muted">
                Queries count both times, one after the other and each series once, so these figures are not
                the servers'.
              </p>
            )}
            {value.warnings.map((text) => (
              <p key={text} class="small is-missing">
                {text}
              </p>
            ))}
          </section>
          <div class="statistics">
            <Statistics
              title="Metrics with the most series"
              items={metrics}
              countOf={countText}
              hrefOfName={(name) => hrefOf('explore', { item: name })}
              changeOf={isCompared ? (name) => changes.get(metricKey(name)) : undefined}
            />
            <Statistics
              title="Pairs with the most series"
              items={pairs}
              countOf={countText}
              changeOf={isCompared ? (name) => changes.get(pairKey(name)) : undefined}
            />
            <Statistics
              title="Labels with the most values"
              items={labels}
              countOf={countText}
              changeOf={isCompared ? (name) => changes.get(labelKey(name)) : undefined}
            />
            <Statistics
              title="Labels that take the most memory"
              items={value.data.memoryInBytesByLabelName}
              countOf={bytesText}
            />
          </div>
        </div>
      )}
    </div>
  );
}

function countsOf(
  metrics: readonly StatisticJson[],
  labels: readonly StatisticJson[],
  pairs: readonly StatisticJson[],
  shard: string,
): Counts {
  return new Map([
    ...metrics
      .slice(0, MOST_LISTED)
      .map(({ name }) => [metricKey(name), countPair(`__name__=${name}`, shard)] as const),
    ...labels.slice(0, MOST_LISTED).map(({ name }) => [labelKey(name), countValues(name, shard)] as const),
    ...pairs.slice(0, MOST_LISTED).map(({ name }) => [pairKey(name), countPair(name, shard)] as const),
  ]);
}

function metricKey(name: string): string {
  return `metric ${name}`;
}

function labelKey(name: string): string {
  return `label ${name}`;
}

function pairKey(name: string): string {
  return `pair ${name}`;
}

/** One that the address names is among them, also where no shard is like that. */
function shardChoices(
  shards: readonly LabelsJson[],
  chosen: string,
): readonly (readonly [selector: string, title: string])[] {
  const known = shards
    .slice(0, MOST_SHARDS)
    .map((labels) => [selectorOf(labels), valuesText(labels)] as const);
  const isListed = chosen === '' || known.some(([selector]) => selector === chosen);
  return [['', 'all'], ...known, ...(isListed ? [] : [[chosen, chosen.slice(0, 60)] as const])];
}

function selectorOf(labels: LabelsJson): string {
  const matchers = Object.entries(labels).map(
    ([name, value]) => `${labelName(name)}=${JSON.stringify(value)}`,
  );
  return `{${matchers.join(',')}}`;
}

function factsOf({ numSeries, numLabelPairs, chunkCount, minTime, maxTime }: HeadStatsJson) {
  return [
    ['Series', countText(numSeries)],
    ['Pairs of label and value', countText(numLabelPairs)],
    ['Chunks', countText(chunkCount)],
    [
      'In memory',
      minTime === 0 || minTime > maxTime ? '' : `${timeText(minTime / 1000)} – ${timeText(maxTime / 1000)}`,
    ],
  ] as const;
}

function Statistics({
  title,
  items,
  countOf,
  hrefOfName,
  changeOf,
}: {
  readonly title: string;
  readonly items: readonly StatisticJson[];
  readonly countOf: (value: number) => string;
  readonly hrefOfName?: (name: string) => string;
  /** What became of a row within a day; it tells nothing as long as that is being counted. There is no such column where it is left out. */
  readonly changeOf?: ((name: string) => DayChange | undefined) | undefined;
}) {
  const most = Math.max(...items.map(({ value }) => value), 1);
  return (
    <section class="card section">
      <h2>{title}</h2>
      {items.length === 0 && <p class="small muted">No server tells.</p>}
      <ScrollX label={title}>
        <table class="wide">
          {changeOf !== undefined && (
            <thead>
              <tr>
                <th>Name</th>
                <th />
                <th class="number">Now</th>
                <th class="number">In a day</th>
              </tr>
            </thead>
          )}
          <tbody>
            {items.map(({ name, value }) => (
              <tr key={name}>
                <th scope="row" class="mono small breaks statistic-name">
                  <bdi>
                    {hrefOfName === undefined ? (
                      name.slice(0, 200)
                    ) : (
                      <a href={hrefOfName(name)}>{name.slice(0, 200)}</a>
                    )}
                  </bdi>
                </th>
                <td class="statistic-bar">
                  <div style={{ width: `${(value / most) * 100}%` }} />
                </td>
                <td class="number">{countOf(value)}</td>
                {changeOf !== undefined && <ChangeCell change={changeOf(name)} />}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  );
}

function ChangeCell({ change }: { readonly change: DayChange | undefined }) {
  if (change === undefined) return <td class="number muted">…</td>;
  const unknown = 'unknown' in change ? change.unknown : change.before === 0 ? WHY_UNKNOWN : undefined;
  if (unknown !== undefined || 'unknown' in change)
    return (
      <td class="number muted" title={unknown?.slice(0, LONGEST_TITLE)}>
        {UNKNOWN}
      </td>
    );
  return (
    <td class="number" title={`${countText(change.before)} a day ago, ${countText(change.now)} now`}>
      {changeText(change)}
    </td>
  );
}
