import { useState } from 'preact/hooks';
import type { HistogramJson, QueryValueJson, SampleJson } from '../../src/http/api/query.ts';
import { later } from '../parts/later.tsx';
import { RowList } from '../parts/row-list.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { Labels } from '../parts/labels.tsx';
import { labelName, labelValue, seriesText } from '../text/labels.ts';
import { plural, toNumber } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import { columnsOf } from './table-columns.ts';
import { HistogramBars } from './histogram-bars.tsx';

const HistogramBuckets = later(async () => (await import('./histogram-buckets.tsx')).HistogramBuckets);

const ROW = 28;
const TALLEST = ROW * 20;
/** px of a column of values. */
const WIDEST = 150;

/** Values of one time: labels that all series have alike stand above, the others are columns. */
export function ResultTable({ value }: { readonly value: QueryValueJson }) {
  switch (value.resultType) {
    case 'vector':
      return <VectorTable samples={value.result} />;
    case 'matrix':
      return <VectorTable samples={value.result.map(lastOf)} note="The newest sample of each series." />;
    case 'scalar':
    case 'string':
      return (
        <p class="lone-value mono">
          <bdi>{value.result[1].slice(0, 20_000)}</bdi>{' '}
          <span class="muted small">
            {value.resultType} at {timeText(value.result[0])}
          </span>
        </p>
      );
  }
}

function lastOf({
  metric,
  values,
  histograms,
}: Extract<QueryValueJson, { resultType: 'matrix' }>['result'][number]): SampleJson {
  const value = values?.at(-1);
  const histogram = histograms?.at(-1);
  return { metric, ...(value !== undefined && { value }), ...(histogram !== undefined && { histogram }) };
}

function VectorTable({ samples, note }: { readonly samples: readonly SampleJson[]; readonly note?: string }) {
  const [sort, setSort] = useState<{ readonly column: string; readonly isDown: boolean }>({
    column: '',
    isDown: true,
  });
  // By its name, so that it stays open when the table is loaded again.
  const [opened, setOpened] = useState<string>();
  const open = opened === undefined ? undefined : samples.find(({ metric }) => seriesText(metric) === opened);
  const { shared, names, rest } = columnsOf(samples.map(({ metric }) => metric));
  const rows = sort.column === '' ? samples : samples.toSorted(comparator(sort.column, sort.isDown));
  const wide = valueWidth(samples);
  const header = (column: string, title: string, className: string) => (
    <button
      key={column}
      class={`plain ${className}`}
      aria-pressed={sort.column === column}
      title={`Sort by ${title.slice(0, 200)}`}
      onClick={() => setSort({ column, isDown: sort.column === column ? !sort.isDown : column === VALUE })}
    >
      <bdi>{title.slice(0, 60)}</bdi>
      {sort.column === column ? (sort.isDown ? ' ↓' : ' ↑') : ''}
    </button>
  );
  return (
    <div class="stack-4">
      <p class="small muted">
        {plural(samples.length, 'series', 'series')}
        {Object.keys(shared).length > 0 && (
          <>
            {', all with '}
            <Labels labels={shared} />
          </>
        )}
        {note !== undefined && ` ${note}`}
      </p>
      <ScrollX label="Result">
        <div
          class={`grid-table ${rows.length * ROW > TALLEST ? 'scrolls' : ''}`}
          style={{ minWidth: `${names.length * 130 + (rest ? 220 : 0) + wide}px`, '--value': `${wide}px` }}
        >
          <div class="grid-row grid-head">
            {names.map((name) => header(name, labelName(name), 'cell'))}
            {rest && <span class="cell cell-rest">other labels</span>}
            {header(VALUE, 'value', 'cell cell-value')}
          </div>
          <RowList
            label="Series and their values"
            count={rows.length}
            rowHeight={ROW}
            maxHeight={TALLEST}
            row={(i) => (
              <Row
                sample={rows[i]!}
                names={names}
                shared={shared}
                rest={rest}
                opened={opened}
                onOpen={setOpened}
              />
            )}
          />
        </div>
      </ScrollX>
      {open?.histogram !== undefined && (
        <HistogramBuckets name={opened!} histogram={open.histogram[1]} onClose={() => setOpened(undefined)} />
      )}
    </div>
  );
}

function Row({
  sample: { metric, value, histogram },
  names,
  shared,
  rest,
  opened,
  onOpen,
}: {
  readonly sample: SampleJson;
  readonly names: readonly string[];
  readonly shared: Readonly<Record<string, string>>;
  readonly rest: boolean;
  /** The series whose buckets are shown. */
  readonly opened: string | undefined;
  readonly onOpen: (name: string | undefined) => void;
}) {
  return (
    <div class="grid-row">
      {names.map((name) => {
        const text = labelValue(metric, name);
        return (
          <span key={name} class="cell clip mono small" title={text.slice(0, 2000)}>
            <bdi>{text.slice(0, 400)}</bdi>
          </span>
        );
      })}
      {rest && (
        <span class="cell cell-rest clip">
          <Labels labels={metric} without={new Set([...names, ...Object.keys(shared)])} />
        </span>
      )}
      <span class="cell cell-value mono">
        {histogram === undefined ? (
          (value?.[1] ?? '–')
        ) : (
          <HistogramCell histogram={histogram[1]} name={seriesText(metric)} opened={opened} onOpen={onOpen} />
        )}
      </span>
    </div>
  );
}

function HistogramCell({
  histogram,
  name,
  opened,
  onOpen,
}: {
  readonly histogram: HistogramJson;
  readonly name: string;
  readonly opened: string | undefined;
  readonly onOpen: (name: string | undefined) => void;
}) {
  const isOpen = opened === name;
  return (
    <button
      class="plain row histogram-cell"
      aria-expanded={isOpen}
      title={`count ${histogram.count}, sum ${histogram.sum}: ${isOpen ? 'close' : 'show'} its buckets`}
      onClick={() => onOpen(isOpen ? undefined : name)}
    >
      <HistogramBars histogram={histogram} />
      <span>{histogram.count}</span>
    </button>
  );
}

/** px, as much as the longest needs: where it is narrow, labels have the rest. */
function valueWidth(samples: readonly SampleJson[]): number {
  const longest = samples.reduce(
    (most, { value, histogram }) =>
      Math.max(most, value?.[1].length ?? 0, histogram === undefined ? 0 : WIDEST),
    0,
  );
  return Math.min(Math.max(longest * 8 + 16, 72), WIDEST);
}

const VALUE = '\u0000value';

function comparator(column: string, isDown: boolean): (a: SampleJson, b: SampleJson) => number {
  const sign = isDown ? -1 : 1;
  if (column === VALUE) {
    const of = ({ value, histogram }: SampleJson): number =>
      toNumber(value?.[1] ?? histogram?.[1].count ?? 'NaN');
    return (a, b) => {
      const [x, y] = [of(a), of(b)];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      return sign * (x < y ? -1 : Number(x > y));
    };
  }
  return (a, b) =>
    sign * labelValue(a.metric, column).localeCompare(labelValue(b.metric, column), 'en', { numeric: true });
}
