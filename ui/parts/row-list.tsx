import type { ComponentChildren } from 'preact';
import { later } from './later.tsx';

interface Props {
  readonly count: number;
  /** px */
  readonly rowHeight: number;
  readonly row: (index: number) => ComponentChildren;
  readonly label: string;
  /** px */
  readonly maxHeight: number;
}

/** What shows rows that are not in view is fetched where there are more than these, which a browser lays out at once. */
const MOST_AT_ONCE = 60;

const VirtualList = later<Props>(async () => (await import('./virtual-list.tsx')).VirtualList);

/** A list of rows of one height: all of them where they are few, and those in view of any number. */
export function RowList(props: Props) {
  const { count, rowHeight, row, label, maxHeight } = props;
  if (count > MOST_AT_ONCE) return <VirtualList {...props} />;
  const total = count * rowHeight;
  return (
    <div
      class="virtual"
      role="group"
      aria-label={label}
      tabIndex={0}
      style={{ height: `${Math.min(total, maxHeight)}px` }}
    >
      <div class="inner" style={{ height: `${total}px` }}>
        {Array.from({ length: count }, (_, i) => (
          <div
            key={i}
            class="line"
            style={{ height: `${rowHeight}px`, transform: `translateY(${i * rowHeight}px)` }}
          >
            {row(i)}
          </div>
        ))}
      </div>
    </div>
  );
}
