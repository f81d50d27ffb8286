import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

interface Props {
  readonly count: number;
  /** px: of all rows, or of each. */
  readonly rowHeight: number | readonly number[];
  readonly row: (index: number) => ComponentChildren;
  readonly className?: string;
  readonly label: string;
  /** Height at most, px; that of its place where it is left out. */
  readonly maxHeight?: number;
  /** Brings this row into view when it changes. */
  readonly reveal?: number;
}

/** A list of any length: only the rows that are in view are in the document. */
export function VirtualList({ count, rowHeight, row, className = '', label, maxHeight, reveal }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, render] = useReducer((count: number) => count + 1, 0);
  const held = useRef<Virtualizer<HTMLDivElement, Element>>(undefined);
  const heightOf = (index: number): number => (typeof rowHeight === 'number' ? rowHeight : rowHeight[index]!);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    // A first guess, so that rows are there before the element was measured.
    initialRect: { width: 0, height: maxHeight ?? 600 },
    onChange: () => render(undefined),
  };
  held.current ??= new Virtualizer(options);
  const virtualizer = held.current;
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  // It remembers where rows lie until it is told otherwise.
  useLayoutEffect(() => virtualizer.measure(), [rowHeight]);
  useEffect(() => {
    if (reveal !== undefined && reveal >= 0) virtualizer.scrollToIndex(reveal);
  }, [reveal]);
  const total = virtualizer.getTotalSize();
  return (
    <div
      class={`virtual ${className}`}
      ref={scroller}
      role="group"
      aria-label={label}
      tabIndex={0}
      style={maxHeight === undefined ? {} : { height: `${Math.min(total, maxHeight)}px` }}
    >
      <div class="inner" style={{ height: `${total}px` }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            class="line"
            style={{ height: `${heightOf(index)}px`, transform: `translateY(${start}px)` }}
          >
            {row(index)}
          </div>
        ))}
      </div>
    </div>
  );
}
