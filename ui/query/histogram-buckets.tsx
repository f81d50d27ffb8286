import type { HistogramJson } from '../../src/http/api/query.ts';
import { ScrollX } from '../parts/scroll-x.tsx';
import { percentText, plural, toNumber, valueText } from '../text/numbers.ts';
import { boundsText } from './bucket-bounds.ts';

/** Rows that a person still looks at; a histogram may have thousands. */
const MOST_BUCKETS = 200;

/** A native histogram of a table, opened: each bucket with its bounds, how much is in it, and its part of all. */
export function HistogramBuckets({
  name,
  histogram: { count, sum, buckets = [] },
  onClose,
}: {
  readonly name: string;
  readonly histogram: HistogramJson;
  readonly onClose: () => void;
}) {
  const all = toNumber(count);
  const greatest = buckets.reduce((most, [, , , inside]) => Math.max(most, toNumber(inside)), 0);
  return (
    <section class="stack-4 buckets" aria-label="Buckets of a histogram">
      <div class="row">
        <h3>
          <code>
            <bdi>{name.slice(0, 300)}</bdi>
          </code>
        </h3>
        <button class="small" onClick={onClose}>
          Close
        </button>
      </div>
      <p class="small muted">
        {plural(buckets.length, 'bucket')}, count {count}, sum {sum}
        {all > 0 && `, mean ${valueText(toNumber(sum) / all)}`}
      </p>
      {buckets.length > 0 && (
        <ScrollX label="Buckets">
          <table class="wide">
            <thead>
              <tr>
                <th class="number">Bucket</th>
                <th class="number">Count</th>
                <th class="number">Part</th>
                <th>
                  <span class="hidden-text">As a bar</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {buckets.slice(0, MOST_BUCKETS).map(([ends, low, high, inside]) => (
                <tr key={`${low} ${high}`}>
                  <td class="number mono small">{boundsText(ends, toNumber(low), toNumber(high))}</td>
                  <td class="number">{inside}</td>
                  <td class="number">{all > 0 ? percentText(toNumber(inside) / all) : ''}</td>
                  <td class="bucket-bar">
                    <div
                      aria-hidden="true"
                      style={{ width: `${greatest > 0 ? (toNumber(inside) / greatest) * 100 : 0}%` }}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
      {buckets.length > MOST_BUCKETS && (
        <p class="small muted">{plural(buckets.length - MOST_BUCKETS, 'more bucket')} are not shown.</p>
      )}
    </section>
  );
}
