import type { EndpointCoverageJson } from '../../src/http/api/coverage.ts';
import { plural } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import { kindText } from './gap-kinds.ts';

interface Props {
  readonly coverage: EndpointCoverageJson | undefined;
  readonly range: { readonly start: number; readonly end: number } | undefined;
}

/** When a replica scraped its targets, and when it did not. */
export function CoverageStrip({ coverage, range }: Props) {
  if (coverage === undefined || range === undefined)
    return <span class="coverage-strip muted small">not known</span>;
  const length = Math.max(range.end - range.start, 1);
  const from = Math.max(coverage.knownSince ?? range.end, range.start);
  const until = Math.min(coverage.knownUntil ?? range.start, range.end);
  const holes = coverage.holes?.holes ?? [];
  return (
    <svg
      class="coverage-strip"
      viewBox={`0 0 ${length} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={holes.length === 0 ? 'no gaps' : plural(holes.length, 'gap')}
    >
      {until > from && (
        <rect class="part-chosen" x={from - range.start} width={until - from} y={0} height={1} />
      )}
      {holes.map(({ start, end, kind, targets }) => (
        <rect
          key={`${start} ${end} ${kind}`}
          class={kind === 'failed' ? 'part-failed' : 'part-gap'}
          x={Math.max(start - range.start, 0)}
          width={Math.max(end - Math.max(start, range.start), length / 500)}
          y={0}
          height={1}
        >
          <title>
            {`${kindText(kind)} ${plural(targets, 'target')}, ${timeText(start)} – ${timeText(end, 'time')}`}
          </title>
        </rect>
      ))}
    </svg>
  );
}
