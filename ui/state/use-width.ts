import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Whether an element is as wide as before; calls back where it is not. */
export function useWidth(onWidth: (width: number) => void): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const callback = useRef(onWidth);
  callback.current = onWidth;
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => callback.current(Math.floor(entry!.contentRect.width)));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return element;
}
