import type { ComponentChildren } from 'preact';

/** What may be wider than its place. It can be focused, so that arrow keys move it. */
export function ScrollX({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="scroll-x" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
