import { useEffect, useMemo } from 'preact/hooks';
import { onKeyCommand } from '../frame/keys.tsx';
import { go, place } from '../state/place.ts';
import { Panel } from './panel.tsx';
import { shifted } from './controls.tsx';
import type { Fleet } from '../state/fleet.ts';
import { replicaChoices } from './replica-choices.ts';
import { MOST_PANELS, NEW_PANEL, readPanels, writePanels, type PanelState } from './panel-state.ts';

/** Panels one below the other. The address holds them, so each change is a step that back undoes. */
export function QueryPage({ fleet }: { readonly fleet: Fleet | undefined }) {
  const { parameters } = place.value;
  const panels = useMemo(() => readPanels(parameters), [parameters]);
  const replicas = useMemo(() => replicaChoices(fleet), [fleet]);
  const show = (next: readonly PanelState[]): void => go('query', writePanels(next));
  useEffect(
    () =>
      onKeyCommand((command) => {
        if (command === 'focus') return;
        const [first, ...others] = panels;
        show([{ ...first!, ...shifted(first!, command === 'earlier' ? -1 : 1) }, ...others]);
      }),
    [panels],
  );
  return (
    <div class="stack">
      <h1 class="hidden-text">Query</h1>
      {panels.map((panel, i) => (
        <Panel
          key={i}
          index={i}
          panel={panel}
          replicas={replicas}
          onChange={(change) => show(panels.with(i, { ...panel, ...change }))}
          onRemove={panels.length === 1 ? undefined : () => show(panels.toSpliced(i, 1))}
        />
      ))}
      <div>
        {panels.length < MOST_PANELS ? (
          <button
            onClick={() =>
              show([...panels, { ...NEW_PANEL, range: panels.at(-1)!.range, end: panels.at(-1)!.end }])
            }
          >
            + Add panel
          </button>
        ) : (
          <p class="small muted">There are {MOST_PANELS} panels at most.</p>
        )}
      </div>
    </div>
  );
}
