/** What a pattern captured: by number, 0 is the whole match, and the numbers of named groups. */
export interface Groups {
  readonly values: readonly string[];
  readonly names: Readonly<Record<string, number>>;
}

const REFERENCE = /\$(?:(\$)|(\w+)|\{(\w+)\})/g;

/**
 * Replaces `$1`, `$name` and `${name}` by what the groups captured and `$$` by a dollar sign; a name reaches as far as
 * letters, digits and underscores do. Groups that do not exist are empty (Go `regexp.Expand`).
 */
export function expandTemplate(template: string, groups: Groups): string {
  return template.replace(REFERENCE, (_all, dollar?: string, bare?: string, braced?: string) => {
    if (dollar !== undefined) return '$';
    const name = bare ?? braced ?? '';
    const number = /^\d+$/.test(name) ? Number(name) : groups.names[name];
    return number === undefined ? '' : (groups.values[number] ?? '');
  });
}
