/**
 * A file of another program, as it is walked: values without a schema, of which each part that is asked for counts as read, and
 * remarks on what has no counterpart. What is never asked for is told in the end, so that no key is lost without a word.
 */
export interface Remark {
  readonly line: number | undefined;
  readonly key: string;
  /** Whether answers may differ, so that somebody has to look; otherwise the gateway does by itself what the key asked for. */
  readonly look: boolean;
  readonly text: string;
}

export type Mapping = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

export class Reading {
  readonly #root: unknown;
  readonly #lineOf: (path: Path) => number | undefined;
  readonly #read = new Set<string>();
  readonly #remarks: Remark[] = [];

  constructor(root: unknown, lineOf: (path: Path) => number | undefined) {
    this.#root = root;
    this.#lineOf = lineOf;
  }

  /** The value at a path; undefined where there is none. It and all below it count as read. */
  take(path: Path): unknown {
    this.#read.add(key(path));
    return this.#peek(path);
  }

  /** A text, also where YAML has a number or a switch. */
  text(path: Path): string | undefined {
    const value = this.take(path);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
  }

  /** Texts by name; empty where there are none. */
  texts(path: Path): Readonly<Record<string, string>> {
    const value = this.take(path);
    return isMapping(value)
      ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]))
      : {};
  }

  /** The keys of a mapping, which do not count as read. */
  keys(path: Path): readonly string[] {
    const value = this.#peek(path);
    return isMapping(value) ? Object.keys(value) : [];
  }

  /** The paths of the items of a list; a single value is a list of one. */
  items(path: Path): readonly Path[] {
    const value = this.#peek(path);
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value.map((_, i) => [...path, i]) : [path];
  }

  remark(path: Path, look: boolean, text: string): void {
    this.#read.add(key(path));
    this.#remarks.push({ line: this.#lineOf(path), key: key(path), look, text });
  }

  /** The remarks made since the last call, in the order of the file. */
  remarks(): readonly Remark[] {
    return this.#remarks.splice(0).sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }

  /** Remarks on every key below a path that nothing asked for. */
  remarkUnread(path: Path): void {
    if (this.#read.has(key(path))) return;
    const keys = this.keys(path);
    const items = Array.isArray(this.#peek(path)) ? this.items(path) : [];
    const value = this.#peek(path);
    // An empty list or mapping asks for nothing.
    if (value !== null && typeof value !== 'object')
      this.remark(path, true, 'is not known, so nothing was made of it');
    for (const below of [...keys.map((name) => [...path, name]), ...items]) this.remarkUnread(below);
  }

  #peek(path: Path): unknown {
    return path.reduce<unknown>(
      (at, step) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, step)
          ? (at as Record<string | number, unknown>)[step]
          : undefined,
      this.#root,
    );
  }
}

function key(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without what is undefined, so that it is not printed. */
export function defined(values: Mapping): Mapping {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
