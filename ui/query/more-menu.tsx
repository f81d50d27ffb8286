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
  const button = useRef<HTMLElement>(null);
  const hide = (): void => {
    if (details.current !== null) details.current.open = false;
  };
  const close = (): void => {
    hide();
    button.current?.focus();
  };
  return (
    <details
      class="menu"
      ref={details}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && isOpen) close();
      }}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        // Nothing has the focus instead where somebody looks at another window, and comes back.
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) hide();
      }}
    >
      <summary
        ref={button}
        class="menu-button"
        aria-label="More: format, history, export, copy, remove"
        title="More"
      >
        ⋯
      </summary>
      {/* A click that closes the menu is for nothing else. */}
      <div class="menu-back" onMouseDown={(event) => event.preventDefault()} onClick={close} />
      <div class="menu-list card" tabIndex={-1}>
        {isOpen && <MenuItems {...props} latest={latest} onDone={close} />}
      </div>
    </details>
  );
}
