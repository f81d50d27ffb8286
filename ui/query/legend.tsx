import { useState } from 'preact/hooks';
import { Labels } from '../parts/labels.tsx';
import { RowList } from '../parts/row-list.tsx';
import { countText, valueText } from '../text/numbers.ts';
import { MOST_DRAWN, orderedSeries, type GraphSeries, type LegendOrder } from './graph-data.ts';

interface Props {
  readonly series: readonly GraphSeries[];
  /** Undefined where a series is not drawn. */
  readonly swatchOf: (name: string) => string | undefined;
  readonly isolated: string | undefined;
  readonly onIsolate: (name: string | undefined) => void;
  readonly onHide: (name: string) => void;
}

const ROW = 24;
const TALLEST = ROW * 8;
const ORDERS: readonly (readonly [LegendOrder, string])[] = [
  ['max', 'Max'],
  ['last', 'Last'],
];

/** All series, also those that are not drawn. A click shows one alone; with Alt it hides it. */
export function Legend({ series, swatchOf, isolated, onIsolate, onHide }: Props) {
  const [chosen, setOrder] = useState<LegendOrder>();
  // Those that are drawn are the greatest.
  const order = chosen ?? (series.length > MOST_DRAWN ? 'max' : 'name');
  const ordered = orderedSeries(series, order);
  const header = (key: LegendOrder, title: string, className = '') => (
    <button
      key={key}
      class={`plain legend-head ${className}`}
      aria-pressed={order === key}
      title={`Sort by ${title.toLowerCase()}`}
      onClick={() => setOrder(key)}
    >
      {title}
      {order === key ? ' ↓' : ''}
    </button>
  );
  return (
    <div class="legend">
      <div class="legend-row">
        {header('name', `${countText(series.length)} series`, 'legend-name')}
        {ORDERS.map(([key, title]) => header(key, title, 'legend-value'))}
      </div>
      <RowList
        label="Series"
        count={ordered.length}
        rowHeight={ROW}
        maxHeight={TALLEST}
        row={(i) => {
          const { name, labels, last, max } = ordered[i]!;
          const swatch = swatchOf(name);
          return (
            <button
              class={`plain legend-row ${swatch === undefined ? 'is-undrawn' : ''}`}
              aria-pressed={isolated === name}
              title={name.slice(0, 2000)}
              onClick={(event) => {
                if (event.altKey) onHide(name);
                else onIsolate(isolated === name ? undefined : name);
              }}
            >
              <span class="legend-name clip mono small">
                <span class="swatch" style={{ background: swatch ?? 'transparent' }} />{' '}
                <Labels labels={labels} />
              </span>
              <span class="legend-value">{valueText(max === -Infinity ? undefined : max)}</span>
              <span class="legend-value">{valueText(last)}</span>
            </button>
          );
        }}
      />
    </div>
  );
}
