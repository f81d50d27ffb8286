import type { EndpointCoverageJson } from '../../src/http/api/coverage.ts';
import { countText, plural } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import { kindText } from './gap-kinds.ts';
import { begins, type StripAxis } from './strip-axis.ts';

interface Props {
  readonly coverage: EndpointCoverageJson | undefined;
  readonly axis: StripAxis | undefined;
  /** How many targets its shard has. */
  readonly targets: number;
}

/** How faint a gap of a single target among many is. */
const FAINTEST = 0.35;

/** When a replica scraped its targets, and when it did not: the more targets a gap has, the stronger its colour. */
export function CoverageStrip({ coverage, axis, targets: all }: Props) {
  if (coverage === undefined || axis === undefined)
    return <span class="coverage-strip muted small">not known</span>;
  const length = Math.max(axis.end - axis.start, 1);
  const from = Math.max(begins(coverage), axis.start);
  const until = Math.min(coverage.knownUntil ?? axis.start, axis.end);
  const { holes = [], notShown = 0 } = coverage.holes ?? {};
  return (
    <svg
      class="coverage-strip"
      viewBox={`0 0 ${length} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={
        holes.length === 0
          ? 'no gaps'
          : `${plural(holes.length, 'gap')}${notShown > 0 ? `, and ${countText(notShown)} older ones that are not shown` : ''}`
      }
    >
      {until > from && (
        <rect class="part-chosen" x={from - axis.start} width={until - from} y={0} height={1} />
      )}
      {holes.map(({ start, end, kind, targets }) => (
        <rect
          key={`${start} ${end} ${kind}`}
          class={kind === 'failed' ? 'part-failed' : 'part-gap'}
          x={Math.max(start - axis.start, 0)}
          width={Math.max(end - Math.max(start, axis.start), length / 500)}
          y={0}
          height={1}
          fill-opacity={FAINTEST + (1 - FAINTEST) * Math.min(targets / Math.max(all, 1), 1)}
        >
          <title>
            {`${kindText(kind)} ${plural(targets, 'target')}, ${timeText(start)} – ${timeText(end, 'time')}`}
          </title>
        </rect>
      ))}
    </svg>
  );
}
