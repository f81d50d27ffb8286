import { parseDuration } from '../../../model/duration.ts';
import type { Pace } from '../../../model/pacer.ts';
import { TARGET_IDENTITY } from '../../../model/target-identity.ts';
import { compileMatcher } from '../../../promql/match/compile.ts';
import { LONGEST_SCRAPE_MS, type SeriesOrigins } from '../../series-origins.ts';

/** Actions that drop series and change no label of the others. */
const HARMLESS = new Set(['keep', 'drop', 'keepequal', 'dropequal']);
/** Actions that write one label, which they name. */
const WRITING = new Set(['replace', 'hashmod', 'lowercase', 'uppercase']);

/** Characters of a pattern that is looked at; to compile a longer one could take long. */
const LONGEST_PATTERN = 10_000;
/** How many lines pass between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * Reads out of the configuration that a Prometheus prints where series may come from. It is looked at line by line: it may have
 * megabytes, and Prometheus writes each setting on a line of its own, lists as far in as their name, and the action of each rule that
 * relabels. What cannot be told counts as the worse.
 * @param yaml as `/api/v1/status/config` has it, made of what is in force.
 */
export async function originsOfConfiguration(
  yaml: string,
  pace: Pace,
): Promise<Pick<SeriesOrigins, 'open' | 'isRenaming'>> {
  const rules = new RuleReader();
  let open: string | undefined;
  let isRenaming = false;
  let count = 0;
  for (const line of linesOf(yaml)) {
    if (count++ % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    open ??= openBy(line);
    isRenaming ||= /^[ -]*honor_labels: (?!false$)/.test(line) || rules.take(line);
  }
  return { open, isRenaming: isRenaming || rules.end() };
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    yield text.slice(at, end);
    at = end + 1;
  }
}

function openBy(line: string): string | undefined {
  if (line.startsWith('remote_read:')) return 'it reads from another storage as well';
  // Those files are in force, and not printed.
  if (line.startsWith('scrape_config_files:'))
    return 'it keeps scrape configurations in files that it does not show';
  const timeout = /^[ -]*scrape_timeout: *(\S*)$/.exec(line)?.[1];
  if (timeout === undefined || durationOf(timeout) <= LONGEST_SCRAPE_MS) return undefined;
  return `a scrape of it may take ${timeout}`;
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return Infinity;
  }
}

/** Finds the lists `metric_relabel_configs` among lines, and reads their rules one by one. */
class RuleReader {
  /** How far in the name of the list is that is open; undefined outside of one. */
  #indent: number | undefined;
  /** How far in its rules begin; undefined before the first. */
  #itemIndent: number | undefined;
  #rule: Map<string, string> | undefined;
  /** The setting that goes on in further lines. */
  #last = '';

  /** Returns whether a rule that ends before this line may write the name of a target. */
  take(line: string): boolean {
    const depth = line.search(/[^ ]/);
    // A text of several lines may have empty ones.
    if (depth < 0) return false;
    const isItem = line.startsWith('- ', depth);
    let isRenaming = false;
    if (this.#indent !== undefined) {
      if (depth >= this.#indent && (depth > this.#indent || isItem)) return this.#inside(line, depth, isItem);
      isRenaming = this.end();
      this.#indent = undefined;
    }
    this.#indent = /^([ -]*)metric_relabel_configs:/.exec(line)?.[1]!.length;
    this.#itemIndent = undefined;
    return isRenaming;
  }

  /** The same at the end of all. */
  end(): boolean {
    const rule = this.#rule;
    this.#rule = undefined;
    return rule !== undefined && isRenamingRule(rule);
  }

  #inside(line: string, depth: number, isItem: boolean): boolean {
    this.#itemIndent ??= depth;
    const isNew = isItem && depth === this.#itemIndent;
    const isRenaming = isNew && this.end();
    if (isNew) this.#rule = new Map();
    const isSetting = isNew || depth === this.#itemIndent + 2;
    const [, name, value] = (isSetting && /^[ -]*([a-z_]+): *(.*)$/.exec(line)) || [];
    if (name !== undefined) {
      this.#rule?.set(name, value!);
      this.#last = name;
    } else {
      // A long text goes on in the next line, where it had a space.
      const before = this.#rule?.get(this.#last);
      if (before !== undefined) this.#rule?.set(this.#last, `${before} ${line.trim()}`);
    }
    return isRenaming;
  }
}

function isRenamingRule(rule: ReadonlyMap<string, string>): boolean {
  const action = (rule.get('action') ?? 'replace').toLowerCase();
  if (HARMLESS.has(action)) return false;
  if (WRITING.has(action)) {
    const label = rule.get('target_label') ?? '$';
    return !/^\w+$/.test(label) || TARGET_IDENTITY.some((name) => name === label);
  }
  const regex = rule.get('regex') ?? '"';
  // Quoted ones have escapes.
  if (action !== 'labeldrop' || /^["'|>]/.test(regex) || regex.length > LONGEST_PATTERN) return true;
  const hits = predicateOf(regex);
  return hits === undefined || TARGET_IDENTITY.some((name) => hits(name));
}

/** Undefined for a pattern that is not understood here. */
function predicateOf(regex: string): ((value: string) => boolean) | undefined {
  try {
    return compileMatcher({ kind: '=~', name: '', value: regex });
  } catch {
    return undefined;
  }
}
