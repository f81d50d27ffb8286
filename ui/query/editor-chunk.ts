import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  selectedCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, placeholder, type Tooltip } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { helpText } from './completion/metric-help.ts';
import { completeNames } from './completion/name-completion.ts';
import { completeWords, functionHelp } from './completion/words-of-language.ts';

export interface EditorHandle {
  readonly setText: (text: string) => void;
  readonly focus: () => void;
  readonly destroy: () => void;
}

interface EditorOptions {
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/**
 * The editor with completion, remarks on mistakes, and help on metrics. It takes over the text, the selection and the focus of the plain
 * field, because somebody may be in the middle of a word. It stands in a root of its own, because there its styles are sheets and not
 * elements, which the policy of the page would refuse.
 */
export function createEditor(
  host: HTMLElement,
  plain: HTMLTextAreaElement,
  { label, onChange, onRun }: EditorOptions,
): EditorHandle {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  // What the language has by itself; names come from the gateway, and may come later.
  const promql = new PromQLExtension().activateCompletion(false);
  const sources = [completeWords(promql.getComplete()), completeNames].map((autocomplete) => ({
    autocomplete,
  }));
  const run = (view: EditorView): boolean => {
    closeCompletion(view);
    onRun();
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: plain.value,
      selection: { anchor: plain.selectionStart, head: plain.selectionEnd },
      extensions: [
        // Enter chooses a completion where a list of them is open, and runs the query where none is, or what it would choose is there.
        Prec.highest(
          keymap.of([
            { key: 'Mod-Enter', run },
            { key: 'Enter', run: (view) => isWritten(view.state) && run(view) },
          ]),
        ),
        keymap.of([...completionKeymap, { key: 'Enter', run, shift: insertNewlineAndIndent }]),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        keymap.of([{ key: 'Escape', run: leave }]),
        history(),
        closeBrackets(),
        bracketMatching(),
        autocompletion({ activateOnTyping: true, maxRenderedOptions: 100, icons: false }),
        promql.asExtension(),
        EditorState.languageData.of(() => sources),
        hoverTooltip(helpAt),
        syntaxHighlighting(HIGHLIGHT),
        placeholder('A query, such as: up'),
        THEME,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  if (document.activeElement === plain) view.focus();
  return {
    setText: (next) => {
      const { doc } = view.state;
      if (next !== doc.toString()) view.dispatch({ changes: { from: 0, to: doc.length, insert: next } });
    },
    focus: () => {
      view.focus();
      view.dispatch({ selection: { anchor: view.state.doc.length } });
    },
    destroy: () => {
      promql.destroy();
      view.destroy();
    },
  };
}

/** Lets keys of the page work again. It comes last, after what else Escape ends. */
function leave(view: EditorView): boolean {
  view.contentDOM.blur();
  return true;
}

/** Whether the completion that is selected stands before the cursor already. */
function isWritten(state: EditorState): boolean {
  const label = selectedCompletion(state)?.label;
  const { head } = state.selection.main;
  return label !== undefined && state.sliceDoc(Math.max(0, head - label.length), head) === label;
}

const WORD = /[a-zA-Z0-9_:]/;

/** What the function under the pointer does, or type and help of the metric there, as targets tell it. */
async function helpAt(view: EditorView, position: number): Promise<Tooltip | null> {
  const { from, text } = view.state.doc.lineAt(position);
  let [start, end] = [position - from, position - from];
  while (start > 0 && WORD.test(text[start - 1]!)) start--;
  while (end < text.length && WORD.test(text[end]!)) end++;
  const word = text.slice(start, end);
  if (!/^[a-zA-Z_:]/.test(word)) return null;
  const help = functionHelp(view.state, from + start) ?? (await helpText(word));
  if (help === undefined) return null;
  return {
    pos: from + start,
    end: from + end,
    create: () => {
      const dom = document.createElement('div');
      dom.textContent = help;
      return { dom };
    },
  };
}

const HIGHLIGHT = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--accent)' },
  { tag: [tags.function(tags.variableName), tags.standard(tags.variableName)], color: 'var(--patched)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: tags.number, color: 'var(--missing)' },
  { tag: tags.labelName, color: 'var(--text-2)' },
  { tag: tags.comment, color: 'var(--text-3)' },
  { tag: tags.invalid, color: 'var(--failed)' },
]);

const THEME = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', maxHeight: '176px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 12px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-tooltip': {
    background: 'var(--ground)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    maxWidth: 'min(560px, 92vw)',
  },
  '.cm-tooltip-hover': { padding: '4px 8px', fontSize: '12px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '240px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--accent-ground)',
    color: 'var(--text)',
  },
  // There is no room beside the list.
  '@media (max-width: 480px)': { '.cm-tooltip.cm-completionInfo': { display: 'none' } },
  // A name may have letters of either direction, and must not turn round what stands beside it.
  '.cm-completionLabel': { unicodeBidi: 'isolate' },
  '.cm-completionDetail': { color: 'var(--text-3)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--failed)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-ground)' },
  '.cm-selectionBackground': { background: 'var(--ground-2)' },
});
