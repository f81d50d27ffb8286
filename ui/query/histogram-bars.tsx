import type { HistogramJson } from '../../src/http/api/query.ts';

const WIDTH = 72;
/** px from which on there is room for a gap between bars. */
const WIDE = 4;
const HEIGHT = 20;
const MOST_BARS = 72;

/** A native histogram as small bars, each with its bounds in a title. */
export function HistogramBars({ histogram: { buckets = [] } }: { readonly histogram: HistogramJson }) {
  const shown = buckets.slice(0, MOST_BARS);
  const top = Math.max(...shown.map(([, , , count]) => Number(count)), 0);
  const width = WIDTH / Math.max(shown.length, 1);
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={`A histogram of ${buckets.length} buckets`}>
      {shown.map(([, low, high, count], i) => {
        const height = top === 0 ? 0 : (Number(count) / top) * HEIGHT;
        return (
          <rect
            key={low}
            class="bar-of-histogram"
            // Edges between pixels would draw stripes that mean nothing.
            shape-rendering="crispEdges"
            x={i * width}
            y={HEIGHT - height}
            width={width < WIDE ? width : width - 1}
            height={height}
          >
            <title>{`${low} to ${high}: ${count}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
