import { CellState } from '../../select/explaining/explanation.ts';

const GLYPHS: Readonly<Record<string, string>> = {
  [CellState.chosen]: '█',
  [CellState.fills]: '▒',
  [CellState.idle]: '░',
  [CellState.hole]: '·',
  [CellState.failed]: '×',
};

export const LEGEND = '█ chosen  ▒ fills holes  ░ not chosen  · no samples  × failed';

/** One character for each cell, or for as many as it takes to fit into `columns`: what most of them are, the earliest of equals. Filled holes always show. */
export function drawTimeline(timeline: string, columns: number): string {
  const cells = timeline.length;
  const drawn = Math.min(cells, Math.max(columns, 1));
  const edge = (column: number): number => Math.floor((column * cells) / drawn);
  return Array.from({ length: drawn }, (_, i) => glyphOf(timeline.slice(edge(i), edge(i + 1)))).join('');
}

function glyphOf(states: string): string {
  if (states.includes(CellState.fills)) return GLYPHS[CellState.fills]!;
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const [state = ''] = [...counts].find(([, count]) => count === most) ?? [];
  return GLYPHS[state] ?? '?';
}
