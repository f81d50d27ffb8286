/**
 * Reads files in the syntax of Grafana Alloy, as far as topologies use it: blocks, attributes, and values that are no more than literals, lists, maps and
 * references. All else, such as calls and operators, is refused with its line.
 */
export interface AlloyBlock {
  /** Such as `prometheus.scrape`. */
  readonly name: string;
  readonly label: string | undefined;
  readonly attributes: Readonly<Record<string, AlloyValue>>;
  readonly blocks: readonly AlloyBlock[];
}

export type AlloyValue =
  | string
  | number
  | boolean
  | readonly AlloyValue[]
  | Reference
  | { readonly [key: string]: AlloyValue };

/** Of what another block exports, such as `prometheus.remote_write.stores.receiver`. */
export class Reference {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'mark' | 'newline' | 'end';
  readonly text: string;
  readonly line: number;
}

const TOKEN =
  /(?<space>[ \t\r]+|\/\/[^\n]*|\/\*[^]*?\*\/)|(?<newline>\n)|(?<name>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?)|(?<string>"(?:[^"\\\n]|\\.)*")|(?<mark>[={}[\],.])/y;

/** The blocks of a file, in its order. */
export function readAlloy(text: string): readonly AlloyBlock[] {
  const reader = new Reader(tokensOf(text));
  const { attributes, blocks } = reader.body('end');
  const [attribute] = Object.keys(attributes);
  if (attribute !== undefined) throw new Error(`the file sets ${attribute} outside of a block`);
  return blocks;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) throw new Error(`line ${line}: ${JSON.stringify(text[at])} is not known here`);
    for (const kind of ['name', 'string', 'number', 'mark', 'newline'] as const)
      if (groups[kind] !== undefined) tokens.push({ kind, text: groups[kind], line });
    line += text.slice(at, pattern.lastIndex).split('\n').length - 1;
  }
  return [...tokens, { kind: 'end', text: 'the end', line }];
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Attributes and blocks up to this token. */
  body(until: 'end' | '}'): Pick<AlloyBlock, 'attributes' | 'blocks'> {
    const attributes: Record<string, AlloyValue> = {};
    const blocks: AlloyBlock[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#is(until)) return { attributes, blocks };
      const name = this.#path();
      if (!this.#is('=')) {
        blocks.push(this.#block(name));
      } else {
        this.#take('=');
        if (Object.hasOwn(attributes, name)) throw this.#wrong(`${name} is set twice`);
        attributes[name] = this.#value();
      }
      if (!this.#is(until)) this.#take('newline');
    }
  }

  #block(name: string): AlloyBlock {
    const label = this.#is('string') ? (JSON.parse(this.#next().text) as string) : undefined;
    this.#take('{');
    const { attributes, blocks } = this.body('}');
    this.#take('}');
    return { name, label, attributes, blocks };
  }

  #value(): AlloyValue {
    if (this.#is('string')) return JSON.parse(this.#next().text) as string;
    if (this.#is('number')) return Number(this.#next().text);
    if (this.#is('[')) return this.#listed('[', ']', () => this.#value());
    if (this.#is('{')) return Object.fromEntries(this.#listed('{', '}', () => this.#entry()));
    const path = this.#path();
    if (path === 'true' || path === 'false') return path === 'true';
    return new Reference(path);
  }

  #entry(): readonly [string, AlloyValue] {
    const key = this.#is('string') ? (JSON.parse(this.#next().text) as string) : this.#path();
    this.#take('=');
    return [key, this.#value()];
  }

  /** What stands between two marks, with commas between, also one behind the last where a line ends there. */
  #listed<T>(open: string, close: string, item: () => T): readonly T[] {
    this.#take(open);
    const items: T[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#is(close)) break;
      items.push(item());
      if (this.#is(close)) break;
      this.#take(',');
    }
    this.#take(close);
    return items;
  }

  #path(): string {
    let path = this.#take('name').text;
    while (this.#is('.')) {
      this.#take('.');
      path += `.${this.#take('name').text}`;
    }
    return path;
  }

  #skipNewlines(): void {
    while (this.#is('newline')) this.#next();
  }

  #is(what: string): boolean {
    const { kind, text } = this.#tokens[this.#at]!;
    return kind === what || (kind === 'mark' && text === what);
  }

  #take(what: string): Token {
    if (!this.#is(what)) throw this.#wrong(`expected ${what}`);
    return this.#next();
  }

  #next(): Token {
    return this.#tokens[this.#at++]!;
  }

  #wrong(what: string): Error {
    const { text, line } = this.#tokens[this.#at]!;
    return new Error(`line ${line}: ${what}, not ${JSON.stringify(text)}`);
  }
}
