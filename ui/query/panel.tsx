import { useEffect, useRef, useState } from 'preact/hooks';
import { onKeyCommand } from '../frame/keys.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { rememberQuery } from '../state/history.ts';
import { CountedLoads, useLoad, type FollowingLoads } from '../state/use-load.ts';
import { useWidth } from '../state/use-width.ts';
import { Controls } from './controls.tsx';
import { Editor } from './editor.tsx';
import { EmptyPanel } from './empty-panel.tsx';
import { later } from '../parts/later.tsx';
import type { GraphPicture } from './draw-picture.ts';
import { MoreMenu } from './more-menu.tsx';
import { spanOf, type PanelState } from './panel-state.ts';
import type { ReplicaChoices } from './replica-choices.ts';
import { ProgressLine, ProgressText } from './progress.tsx';
import { ResultView } from './result-view.tsx';
import { runQuery } from './run-query.ts';

const ExplainView = later(async () => (await import('./explain-view.tsx')).ExplainView);

interface Props {
  readonly index: number;
  readonly panel: PanelState;
  readonly replicas: ReplicaChoices;
  readonly onChange: (change: Partial<PanelState>) => void;
  readonly onRemove: (() => void) | undefined;
}

/** A query and its result. */
export function Panel({ index, panel, replicas, onChange, onRemove }: Props) {
  const [draft, setDraft] = useState(panel.expr);
  const [focused, setFocused] = useState(index === 0 && panel.expr === '' ? 1 : 0);
  const [width, setWidth] = useState(0);
  const holder = useWidth(setWidth);
  const ran = useRef(panel.expr);
  const picture = useRef<GraphPicture>(undefined);
  const [isCanceled, setCanceled] = useState(false);
  const [replacement, setReplacement] = useState({ text: panel.expr });
  useEffect(() => {
    if (panel.expr === ran.current) return;
    ran.current = panel.expr;
    setDraft(panel.expr);
    setReplacement({ text: panel.expr });
  }, [panel.expr]);
  useEffect(
    () =>
      index === 0
        ? onKeyCommand((command) => command === 'focus' && setFocused((count) => count + 1))
        : undefined,
    [index],
  );
  // Another width alone asks for nothing: the step of what is shown stays until something else changes.
  const span = spanOf(panel, width, Date.now() / 1000);
  const asked = useRef(span);
  const { expr, tab, range, end, step, dedup, refresh } = panel;
  const isAsked = expr.trim() !== '' && width > 0 && tab !== 'explain';
  const key = isAsked ? JSON.stringify([expr, tab, range, end, step, dedup]) : undefined;
  const everyMs = refresh === undefined || end !== undefined ? undefined : refresh * 1000;
  const following = useRef<FollowingLoads>({ count: 0 });
  const result = useLoad(
    key,
    async (signal) => {
      setCanceled(false);
      asked.current = spanOf(panel, width, Date.now() / 1000);
      const outcome = await runQuery(panel, asked.current, signal);
      rememberQuery(expr);
      return outcome;
    },
    everyMs,
    following.current,
  );
  const isOld = result.since !== undefined || isCanceled;
  const cancel = (): void => {
    result.cancel();
    setCanceled(true);
  };
  const isUnrun = draft.trim() !== '' && draft !== panel.expr;
  const run = (): void => {
    if (draft.trim() === '') return;
    ran.current = draft;
    if (draft === panel.expr) result.again();
    else onChange({ expr: draft });
  };
  return (
    <section class="panel card" ref={holder} aria-label={`Panel ${index + 1}`}>
      <div class="panel-query">
        <Editor
          text={draft}
          replacement={replacement}
          onChange={setDraft}
          onRun={run}
          label={`Query of panel ${index + 1}`}
          focused={focused}
        />
        <div class="panel-buttons">
          <button
            class={`primary ${isUnrun ? 'unrun' : ''}`}
            title={isUnrun ? 'Not run yet: run (Enter)' : 'Run (Enter)'}
            disabled={draft.trim() === ''}
            onClick={run}
          >
            Run{isUnrun && <span class="hidden-text"> (not run yet)</span>}
          </button>
          <MoreMenu
            panel={panel}
            span={asked.current}
            outcome={result.value}
            picture={picture}
            draft={draft}
            onText={(text) => {
              setDraft(text);
              setReplacement({ text });
            }}
            onRemove={onRemove}
          />
        </div>
      </div>
      <ProgressLine since={result.since} />
      <Controls panel={panel} width={width} replicas={replicas} onChange={onChange} />
      <div class="panel-result">
        <ProgressText since={result.since} onCancel={cancel} />
        {panel.expr.trim() === '' ? (
          <EmptyPanel onChoose={(chosen) => onChange({ expr: chosen })} />
        ) : panel.tab === 'explain' ? (
          <ExplainView panel={panel} width={width} />
        ) : (
          <>
            {isCanceled && (
              <p class="canceled small" role="status">
                Canceled.{result.value !== undefined && ' This is the answer before.'}
              </p>
            )}
            {result.failure !== undefined && !isOld && (
              <FailureNotice failure={result.failure} query={panel.expr} />
            )}
            {result.value !== undefined && (result.failure === undefined || isOld) && (
              <div class={result.since !== undefined ? 'stale' : isCanceled ? 'outdated' : ''}>
                <CountedLoads.Provider value={following.current}>
                  <ResultView panel={panel} outcome={result.value} picture={picture} onChange={onChange} />
                </CountedLoads.Provider>
              </div>
            )}
            {result.value === undefined && result.failure === undefined && <div class="waiting" />}
          </>
        )}
      </div>
    </section>
  );
}
