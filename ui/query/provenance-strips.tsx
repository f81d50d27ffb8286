import { useState } from 'preact/hooks';
import { plural } from '../text/numbers.ts';
import { valuesText } from '../text/labels.ts';
import { timeText } from '../text/time.ts';
import { PLOT_LEFT, PLOT_RIGHT } from './plot-place.ts';
import type { ReplicaStrip, ShardStrips, Stretch } from './provenance.ts';

interface Props {
  readonly shards: readonly ShardStrips[];
  readonly start: number;
  readonly end: number;
}

const WORDS: Readonly<Record<Stretch['part'], string>> = {
  chosen: 'chosen',
  filled: 'filled holes',
  spare: 'not chosen',
  hole: 'had nothing',
  failed: 'did not answer',
};

/** Shards that are open without a click. */
const OPEN_SHARDS = 4;
const MOST_SHARDS = 50;

/** Which replica was chosen when, on the time axis of the graph. */
export function ProvenanceStrips({ shards, start, end }: Props) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const isOpen = (i: number): boolean => shards.length <= OPEN_SHARDS || opened.has(i);
  return (
    <section class="provenance" aria-label="Which replica was chosen when">
      <div class="provenance-key small muted" aria-hidden="true" style={{ marginLeft: `${PLOT_LEFT}px` }}>
        {Object.entries(WORDS).map(([part, word]) => (
          <span key={part}>
            <span class={`key-box part-${part}`} /> {word}
          </span>
        ))}
      </div>
      {shards.slice(0, MOST_SHARDS).map(({ labels, replicas }, i) => (
        <div key={i} class="provenance-shard">
          {replicas.map((replica, j) =>
            j > 0 && !isOpen(i) ? null : (
              <Strip
                key={replica.address}
                shard={j === 0 ? valuesText(labels) : ''}
                replica={replica}
                start={start}
                end={end}
              />
            ),
          )}
          {replicas.length > 1 && !isOpen(i) && (
            <button
              class="plain small"
              style={{ marginLeft: `${PLOT_LEFT}px` }}
              onClick={() => setOpened(new Set([...opened, i]))}
            >
              {plural(replicas.length - 1, 'more replica')}
            </button>
          )}
        </div>
      ))}
      {shards.length > MOST_SHARDS && (
        <p class="small muted">{plural(shards.length - MOST_SHARDS, 'more shard')} are not shown.</p>
      )}
    </section>
  );
}

function Strip({
  shard,
  replica: { replica, address, stretches },
  start,
  end,
}: {
  readonly shard: string;
  readonly replica: ReplicaStrip;
  readonly start: number;
  readonly end: number;
}) {
  const length = end - start;
  const said = sentence(replica, stretches, start, end);
  return (
    <div class="strip">
      <div
        class="strip-name small clip"
        style={{ width: `${PLOT_LEFT - 8}px` }}
        title={`${shard} ${replica} ${address}`}
      >
        <span class="muted">{shard.split(' ').at(-1)}</span> {replica}
      </div>
      <svg
        class="strip-line"
        viewBox={`0 0 ${length} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={said}
        style={{ marginRight: `${PLOT_RIGHT}px` }}
      >
        {stretches.map((stretch) => {
          const from = Math.max(stretch.start, start);
          const to = Math.min(stretch.end, end);
          return to <= from ? null : (
            <rect
              key={stretch.start}
              class={`part-${stretch.part}`}
              x={from - start}
              y={0}
              width={to - from}
              height={1}
            >
              <title>{`${replica} ${WORDS[stretch.part]} ${timeText(stretch.start, 'time')}–${timeText(stretch.end, 'time')}`}</title>
            </rect>
          );
        })}
      </svg>
    </div>
  );
}

/** A strip in words, for those who do not see it. */
function sentence(replica: string, stretches: readonly Stretch[], start: number, end: number): string {
  const seconds = new Map<Stretch['part'], number>();
  for (const stretch of stretches) {
    const length = Math.min(stretch.end, end) - Math.max(stretch.start, start);
    if (length > 0) seconds.set(stretch.part, (seconds.get(stretch.part) ?? 0) + length);
  }
  const parts = Array.from(
    seconds,
    ([part, length]) => `${WORDS[part]} ${Math.round((length / (end - start)) * 100)} %`,
  );
  return `Replica ${replica}: ${parts.length === 0 ? 'no samples' : parts.join(', ')} of the time`;
}
