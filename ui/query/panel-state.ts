import { parseDuration, durationText } from '../text/time.ts';

export type Tab = 'graph' | 'table' | 'explain';

/** How replicas become one series; as the gateway does it where it is empty. */
export type Dedup = '' | 'off' | 'penalty' | 'chain';

/** With what else a graph is compared: another way, or one replica alone, as the selector of its endpoints. */
export type Compare = Dedup | `{${string}`;

/** How a graph shows native histograms: as a heatmap with a logarithmic or a linear axis, or as lines of their counts. */
export type HistogramsAs = '' | 'linear' | 'counts';

/** All that a panel shows follows from this. It stands in the address, with the names that Prometheus' page has where it has them. */
export interface PanelState {
  readonly expr: string;
  readonly tab: Tab;
  /** s */
  readonly range: number;
  /** s since the epoch; now where it is undefined. */
  readonly end: number | undefined;
  /** s; chosen by the width of the graph where it is undefined. */
  readonly step: number | undefined;
  /** How often it is asked again, s; only where it is of now. */
  readonly refresh: number | undefined;
  readonly isStacked: boolean;
  readonly fromZero: boolean;
  readonly isLog: boolean;
  readonly histograms: HistogramsAs;
  readonly dedup: Dedup;
  readonly compare: Compare;
  /** Whether it shows which replica its samples come from. */
  readonly isTraced: boolean;
  readonly showsExemplars: boolean;
}

/** More panels would ask the gateway more at once than a person looks at. */
export const MOST_PANELS = 20;

export const NEW_PANEL: PanelState = {
  expr: '',
  tab: 'graph',
  range: 3600,
  end: undefined,
  step: undefined,
  refresh: undefined,
  isStacked: false,
  fromZero: false,
  isLog: false,
  histograms: '',
  dedup: '',
  compare: '',
  isTraced: false,
  showsExemplars: false,
};

/** The panels of an address; one that is new where it names none. */
export function readPanels(parameters: URLSearchParams): readonly PanelState[] {
  const panels: PanelState[] = [];
  while (panels.length < MOST_PANELS && hasPanel(parameters, panels.length))
    panels.push(readPanel(parameters, `g${panels.length}.`));
  return panels.length === 0 ? [NEW_PANEL] : panels;
}

function hasPanel(parameters: URLSearchParams, index: number): boolean {
  return parameters.has(`g${index}.expr`);
}

function readPanel(parameters: URLSearchParams, prefix: string): PanelState {
  const text = (name: string): string => parameters.get(prefix + name) ?? '';
  return {
    expr: text('expr'),
    tab: readTab(text('tab')),
    range: parseDuration(text('range_input')) ?? NEW_PANEL.range,
    end: readEnd(text('end_input')),
    step: parseDuration(text('step_input')),
    refresh: readRefresh(text('refresh')),
    isStacked: text('display_mode') === 'stacked' || text('stacked') === '1',
    fromZero: text('from_zero') === '1',
    isLog: text('log') === '1',
    histograms: readHistograms(text('histograms')),
    dedup: readDedup(text('dedup')),
    compare: readCompare(text('compare')),
    isTraced: text('provenance') === '1',
    showsExemplars: text('show_exemplars') === '1',
  };
}

/** Prometheus writes 0 for its graph and 1 for its table in older links. */
function readTab(text: string): Tab {
  switch (text) {
    case 'table':
    case '1':
      return 'table';
    case 'explain':
      return 'explain';
    default:
      return 'graph';
  }
}

function readEnd(text: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  // Prometheus writes UTC without saying so.
  const ms = Date.parse(`${text.trim().replace(' ', 'T')}Z`);
  return text === '' || Number.isNaN(ms) ? undefined : ms / 1000;
}

/** s. More often would only load the gateway. */
const LEAST_REFRESH = 5;
/** s. Timers of browsers cannot wait for a month. */
const MOST_REFRESH = 86_400;

function readRefresh(text: string): number | undefined {
  const seconds = parseDuration(text);
  return seconds === undefined ? undefined : Math.min(Math.max(seconds, LEAST_REFRESH), MOST_REFRESH);
}

function readDedup(text: string): Dedup {
  return text === 'off' || text === 'penalty' || text === 'chain' ? text : '';
}

function readHistograms(text: string): HistogramsAs {
  return text === 'linear' || text === 'counts' ? text : '';
}

function readCompare(text: string): Compare {
  return isOneReplica(text) ? text : readDedup(text);
}

export function isOneReplica(text: string): text is `{${string}` {
  return text.startsWith('{');
}

/** The address of panels; what is usual is left out. */
export function writePanels(panels: readonly PanelState[]): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [i, panel] of panels.entries()) {
    const set = (name: string, value: string, usual = ''): void => {
      if (value !== usual) parameters.set(`g${i}.${name}`, value);
    };
    parameters.set(`g${i}.expr`, panel.expr);
    set('tab', panel.tab, NEW_PANEL.tab);
    set('range_input', durationText(panel.range), durationText(NEW_PANEL.range));
    set(
      'end_input',
      panel.end === undefined ? '' : new Date(panel.end * 1000).toISOString().slice(0, 19).replace('T', ' '),
    );
    set('step_input', panel.step === undefined ? '' : durationText(panel.step));
    set('refresh', panel.refresh === undefined ? '' : durationText(panel.refresh));
    set('display_mode', panel.isStacked ? 'stacked' : '');
    set('from_zero', panel.fromZero ? '1' : '');
    set('log', panel.isLog ? '1' : '');
    set('histograms', panel.histograms);
    set('dedup', panel.dedup);
    set('compare', panel.compare);
    set('provenance', panel.isTraced ? '1' : '');
    set('show_exemplars', panel.showsExemplars ? '1' : '');
  }
  return parameters;
}

/** Steps that people count in, s. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** px between two points. */
const POINT_WIDTH = 3;

/** The step of a panel: as it says, or one that gives a point every few pixels. Never more points than the API allows. */
export function stepOf({ range, step }: PanelState, width: number): number {
  const least = Math.max(range / Math.max(width / POINT_WIDTH, 50), range / 10_000);
  return step ?? STEPS.find((each) => each >= least) ?? Math.ceil(least / 86_400) * 86_400;
}

export interface TimeSpan {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** How many times a range query is evaluated. */
export function stepsOf({ start, end, step }: TimeSpan): number {
  return Math.round((end - start) / step) + 1;
}

/**
 * The times that a panel asks for. Both ends are multiples of the step, so that asking again moves no point. A table is of the end itself:
 * it has no steps, and the newest values are what one looks for in it.
 */
export function spanOf(panel: PanelState, width: number, now: number): TimeSpan {
  const step = stepOf(panel, width);
  if (panel.tab === 'table') {
    const end = panel.end ?? now;
    return { start: end - panel.range, end, step };
  }
  const end = Math.floor((panel.end ?? now) / step) * step;
  return { start: end - Math.ceil(panel.range / step) * step, end, step };
}
