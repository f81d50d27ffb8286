import type { HistogramJson } from '../../src/http/api/query.ts';

const WIDTH = 72;
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
            x={i * width}
            y={HEIGHT - height}
            width={Math.max(width - 0.5, 0.5)}
            height={height}
          >
            <title>{`${low} to ${high}: ${count}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
