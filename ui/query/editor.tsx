import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { EditorHandle } from './editor-chunk.ts';

interface Props {
  /** What has been typed. */
  readonly text: string;
  /** A text from elsewhere, which takes the place of what has been typed whenever this is another object. */
  readonly replacement: { readonly text: string };
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  readonly label: string;
  /** Puts the cursor here when it changes. */
  readonly focused: number;
}

/**
 * The editor of a query. A plain field is there at once; the one with completion takes its place when it has arrived, and stays out
 * where it does not arrive.
 */
export function Editor({ text, replacement, onChange, onRun, label, focused }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const handle = useRef<EditorHandle>(undefined);
  const [isReady, setReady] = useState(false);
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };
  useEffect(() => {
    let isGone = false;
    const create = async (): Promise<void> => {
      // Where it does not arrive, the plain field stays.
      const chunk = await import('./editor-chunk.ts').catch(() => undefined);
      if (chunk === undefined || isGone || host.current === null || plain.current === null) return;
      // Before it is drawn, since what is hidden takes no focus.
      host.current.hidden = false;
      handle.current = chunk.createEditor(host.current, plain.current, {
        label,
        onChange: (next) => latest.current.onChange(next),
        onRun: () => latest.current.onRun(),
      });
      setReady(true);
    };
    void create();
    return () => {
      isGone = true;
      handle.current?.destroy();
    };
  }, []);
  // What was typed is never set again: it would overwrite what has been typed since.
  useEffect(() => handle.current?.setText(replacement.text), [replacement]);
  // At once, because the next key that is pressed may already be text.
  useLayoutEffect(() => {
    if (focused === 0) return;
    if (handle.current === undefined) plain.current?.focus();
    else handle.current.focus();
  }, [focused]);
  return (
    <div class="editor">
      {/* The editor makes its own children here. */}
      <div ref={host} hidden={!isReady} />
      {!isReady && (
        <textarea
          ref={plain}
          class="mono"
          rows={Math.min(8, Math.max(1, text.split('\n').length))}
          spellcheck={false}
          autocapitalize="off"
          aria-label={label}
          placeholder="A query, such as: up"
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            onRun();
          }}
        />
      )}
    </div>
  );
}
