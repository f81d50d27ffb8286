import {
  insertCompletionText,
  selectedCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { EditorView } from '@codemirror/view';
import { newCompleteStrategy } from '@prometheus-io/codemirror-promql';
import { Failure } from '../../api/ask.ts';
import { searchNames, type FoundNames, type Searched } from '../../api/search-names.ts';
import { labelText, metricText, valueText, type Place } from './insert-text.ts';
import { helpText } from './metric-help.ts';
import { isInPattern, selectorAround } from './selector-around.ts';

/** As many as the list shows. Where there are more, the gateway is asked again as one types on. */
const MOST_NAMES = 100;
/** The gateway reads no longer ones. */
const LONGEST_TYPED = 1000;
/** Longer names are shown by their start. */
const LONGEST_SHOWN = 200;
const DAY = 86_400;
const MINUTE = 60;
/** Those that are passed by with the keys are not asked for. */
const HELP_DELAY_MS = 150;

/** Names of metrics and labels, and values of labels, that are like what is typed. The gateway searches for them. */
export async function completeNames(context: CompletionContext): Promise<CompletionResult | null> {
  const controller = new AbortController();
  context.addEventListener('abort', () => controller.abort(), { onDocChange: true });
  const wanted = await wantedNames(context);
  if (wanted === undefined || wanted.text.length > LONGEST_TYPED || context.aborted) return null;
  // Labels help where nothing is typed, since a query does not end there. Any metric at all does not.
  if (wanted.searched.kind === 'metric_names' && wanted.text === '' && !context.explicit) return null;
  const found = await search(wanted, context, controller.signal);
  if (found === undefined) return null;
  const { from, to, text } = wanted;
  return {
    from,
    to,
    options: found.names.flatMap((name) => optionOf(name, wanted, context)),
    // What is like a longer text is like its beginning, so a list that is whole has all of it.
    validFor: (typed) => !found.hasMore && typed.startsWith(text) && !/[\s"'`,{}()=]/.test(typed),
  };
}

interface Wanted {
  readonly searched: Searched;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly place: Place;
}

/** What stands at the cursor, as the language's own completion finds it: it is asked with a client that only takes note. */
async function wantedNames(context: CompletionContext): Promise<Wanted | undefined> {
  let searched: Searched | undefined;
  const take = async (next: Searched): Promise<string[]> => {
    searched = next;
    return [];
  };
  const strategy = newCompleteStrategy({
    remote: {
      metricNames: async () => take({ kind: 'metric_names' }),
      labelNames: async () => take({ kind: 'label_names' }),
      labelValues: async (label) => take({ kind: 'label_values', label: unescaped(label) }),
      metricMetadata: async () => ({}),
      series: async () => [],
      flags: async () => ({}),
    },
  });
  const result = await strategy.promQL(context);
  if (searched === undefined || result === null) return undefined;
  const { state, pos } = context;
  const { from } = result;
  const to = Math.max(result.to ?? pos, pos);
  const slice = (start: number, end: number): string => state.sliceDoc(start, end);
  if (searched.kind === 'label_values')
    return { searched, from, to, text: slice(from, to), place: quoteIn(slice(from - 1, from)) };
  // The quotes of other names are a part of what is found.
  const place = quoteIn(slice(from, from + 1));
  if (place === 'bare') return { searched, from, to, text: slice(from, to), place };
  const start = Math.min(from + 1, pos);
  const end = to > pos && slice(to - 1, to) === place ? to - 1 : to;
  return { searched, from: start, to: end, text: slice(start, end), place };
}

function quoteIn(text: string): Place {
  return text === '"' || text === "'" || text === '`' ? text : 'bare';
}

/** A name between quotes, as far as these escape anything. */
function unescaped(name: string): string {
  if (!name.includes('\\')) return name;
  try {
    return JSON.parse(`"${name}"`) as string;
  } catch {
    return name;
  }
}

/** Undefined where nothing came: a list that stays empty tells enough while one types. */
async function search(
  { searched, text }: Wanted,
  { state, pos }: CompletionContext,
  signal: AbortSignal,
): Promise<FoundNames | undefined> {
  const selector =
    searched.kind === 'metric_names' ? undefined : selectorAround(syntaxTree(state), state.doc, pos);
  // To the minute, so that equal searches are equal requests.
  const end = Math.ceil(Date.now() / 1000 / MINUTE) * MINUTE;
  const asked = { text, limit: MOST_NAMES, signal, range: { start: end - DAY, end } };
  try {
    return await searchNames(searched, { ...asked, selector });
  } catch (error) {
    // One that would match everything is refused, and so is one that is not written to its end.
    if (selector === undefined || !(error instanceof Failure && error.kind === 'bad_data')) return undefined;
    return searchNames(searched, asked).catch(() => undefined);
  }
}

/** None where the place cannot hold the name. */
function optionOf(
  name: string,
  { searched, place }: Wanted,
  { state, pos, view }: CompletionContext,
): readonly Completion[] {
  const shown = name.length > LONGEST_SHOWN ? { displayLabel: `${name.slice(0, LONGEST_SHOWN)}…` } : {};
  if (searched.kind === 'metric_names') {
    const text = metricText(name, place);
    if (text === undefined) return [];
    const info = async (option: Completion): Promise<Node | null> => helpOf(option, view);
    return [{ label: name, ...shown, type: 'constant', info, apply: insertMetric(text) }];
  }
  const text =
    searched.kind === 'label_names'
      ? labelText(name, place)
      : valueText(name, place, isInPattern(syntaxTree(state), pos));
  const type = searched.kind === 'label_names' ? 'constant' : 'text';
  return text === undefined ? [] : [{ label: name, ...shown, type, apply: text }];
}

/** A name in braces goes into those that are there already. */
function insertMetric(text: string): NonNullable<Completion['apply']> {
  if (!text.startsWith('{')) return text;
  return (view: EditorView, _option: Completion, from: number, to: number): void => {
    const isJoined = view.state.sliceDoc(to, to + 1) === '{';
    const change = isJoined
      ? insertCompletionText(view.state, `${text.slice(0, -1)}, `, from, to + 1)
      : insertCompletionText(view.state, text, from, to);
    view.dispatch(change);
  };
}

async function helpOf(option: Completion, view: EditorView | undefined): Promise<Node | null> {
  await new Promise((resolve) => {
    setTimeout(resolve, HELP_DELAY_MS);
  });
  if (view !== undefined && selectedCompletion(view.state) !== option) return null;
  const help = await helpText(option.label);
  return help === undefined ? null : document.createTextNode(help);
}
