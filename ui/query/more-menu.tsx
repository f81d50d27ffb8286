import { useRef, useState } from 'preact/hooks';
import { later } from '../parts/later.tsx';
import type { MenuProps } from './menu-items.tsx';

const MenuItems = later(async () => (await import('./menu-items.tsx')).MenuItems);

/** Opens to what is done with a query and its result. */
export function MoreMenu(props: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  // It stays where the menu is closed.
  const latest = useRef(props.draft);
  latest.current = props.draft;
  const [isOpen, setOpen] = useState(false);
  const close = (): void => {
    if (details.current !== null) details.current.open = false;
  };
  return (
    <details
      class="menu"
      ref={details}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <summary class="menu-button" aria-label="More: format, history, export, copy, remove" title="More">
        ⋯
      </summary>
      <div class="menu-list card">{isOpen && <MenuItems {...props} latest={latest} onDone={close} />}</div>
    </details>
  );
}
