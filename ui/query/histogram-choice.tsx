import { Choice } from '../parts/choice.tsx';
import type { HistogramsAs } from './panel-state.ts';

const CHOICES: readonly (readonly [HistogramsAs, title: string, help: string])[] = [
  ['', 'Heatmap', 'Each bucket as a cell, on an axis where each power of ten has the same height'],
  [
    'linear',
    'Linear heatmap',
    'Each bucket as a cell, on an axis where equal differences have the same height',
  ],
  ['counts', 'Counts', 'How many observations each histogram has, as a line'],
];

/** How a graph shows native histograms. */
export function HistogramChoice({
  value,
  onValue,
}: {
  readonly value: HistogramsAs;
  readonly onValue: (value: HistogramsAs) => void;
}) {
  return (
    <div class="row">
      <span class="small muted">Histograms</span>
      <Choice label="How histograms are drawn" choices={CHOICES} chosen={value} onChoose={onValue} />
    </div>
  );
}
