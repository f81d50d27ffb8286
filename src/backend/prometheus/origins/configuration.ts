import { parseDuration } from '../../../model/duration.ts';
import { compileMatcher } from '../../../promql/match/compile.ts';
import { LONGEST_SCRAPE_MS, type SeriesOrigins } from '../../series-origins.ts';

/** What every target has, and every series of it unless it is renamed. */
const IDENTITY = ['job', 'instance'];

/** Actions that drop series and change no label of the others. */
const HARMLESS = new Set(['keep', 'drop', 'keepequal', 'dropequal']);
/** Actions that write one label, which they name. */
const WRITING = new Set(['replace', 'hashmod', 'lowercase', 'uppercase']);

/**
 * Reads out of the configuration that a Prometheus prints where series may come from. It is looked at line by line: it may have
 * megabytes, and Prometheus writes each setting on a line of its own, lists as far in as their name, and the action of each rule that
 * relabels. What cannot be told counts as the worse.
 * @param yaml as `/api/v1/status/config` has it, made of what is in force.
 */
export function originsOfConfiguration(yaml: string): Pick<SeriesOrigins, 'open' | 'isRenaming'> {
  return { open: openBy(yaml), isRenaming: isRenaming(yaml) };
}

function openBy(yaml: string): string | undefined {
  if (/^remote_read:/m.test(yaml)) return 'it reads from another storage as well';
  // Those files are in force, and not printed.
  if (/^scrape_config_files:/m.test(yaml))
    return 'it keeps scrape configurations in files that it does not show';
  for (const [, text] of yaml.matchAll(/^[ -]*scrape_timeout: *(\S*)$/gm))
    if (!(durationOf(text!) <= LONGEST_SCRAPE_MS)) return `a scrape of it may take ${text}`;
  return undefined;
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return Infinity;
  }
}

function isRenaming(yaml: string): boolean {
  if (/^[ -]*honor_labels: (?!false$)/m.test(yaml)) return true;
  for (const { index, 0: head, 1: indent } of yaml.matchAll(/^([ -]*)metric_relabel_configs:.*\n/gm))
    if (rulesAfter(yaml, index + head.length, indent!.length).some((rule) => isRenamingRule(rule)))
      return true;
  return false;
}

/** The rules of a list, each as the settings of its lines. */
function rulesAfter(yaml: string, from: number, indent: number): readonly ReadonlyMap<string, string>[] {
  const rules: Map<string, string>[] = [];
  for (let at = from; at < yaml.length;) {
    const newline = yaml.indexOf('\n', at);
    const end = newline < 0 ? yaml.length : newline;
    const line = yaml.slice(at, end);
    at = end + 1;
    const depth = line.search(/[^ ]/);
    const isItem = line.startsWith('- ', depth);
    if (depth < indent || (depth === indent && !isItem)) break;
    if (isItem) rules.push(new Map());
    const [, name, value] = /^[ -]*([a-z_]+): *(.*)$/.exec(line) ?? [];
    const rule = rules.at(-1);
    if (rule === undefined) continue;
    // A long text goes on in the next line, where it had a space.
    const last = [...rule].at(-1);
    if (name !== undefined) rule.set(name, value!);
    else if (last !== undefined) rule.set(last[0], `${last[1]} ${line.trim()}`);
  }
  return rules;
}

function isRenamingRule(rule: ReadonlyMap<string, string>): boolean {
  const action = (rule.get('action') ?? 'replace').toLowerCase();
  if (HARMLESS.has(action)) return false;
  if (WRITING.has(action)) {
    const label = rule.get('target_label') ?? '$';
    return !/^\w+$/.test(label) || IDENTITY.includes(label);
  }
  const regex = rule.get('regex') ?? '"';
  // Quoted ones have escapes.
  if (action !== 'labeldrop' || /^["'|>]/.test(regex)) return true;
  const hits = predicateOf(regex);
  return hits === undefined || IDENTITY.some((name) => hits(name));
}

/** Undefined for a pattern that is not understood here. */
function predicateOf(regex: string): ((value: string) => boolean) | undefined {
  try {
    return compileMatcher({ kind: '=~', name: '', value: regex });
  } catch {
    return undefined;
  }
}
