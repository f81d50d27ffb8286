import { QueryError } from '../../model/errors.ts';
import { Lexer } from '../lex/lexer.ts';
import { type Token, type TokenKind, describeToken } from '../lex/token.ts';
import { PatternTotal } from '../match/pattern-total.ts';
import { ParseError } from '../parse-error.ts';

/** What an error about an unexpected token says: `unexpected X in <where>, expected <expected>`. */
export interface Situation {
  readonly where: string;
  readonly expected: string;
}

const CLOSING: ReadonlySet<TokenKind> = new Set<TokenKind>([')', ']', '}', 'number', 'duration']);

/**
 * Most tokens of a query. Parsing, checking and planning take a few µs each and cannot give way to others; a nested call
 * is three tokens, a term of a sum with one matcher is seven.
 */
const MAX_TOKENS = 36_000;

/**
 * The tokens of a query with one token of lookahead, read only when asked for: an error in the token behind an
 * expression must not hide an error of the expression itself, and the other way round, just as in Prometheus.
 */
export class TokenStream {
  readonly query: string;
  readonly features: ReadonlySet<string>;
  /** What surrounds the place that is being read, for errors that have no closer situation. */
  situation: Situation = { where: '', expected: '' };
  /** Behind the last closing or literal token read so far, lookahead included; Prometheus ends nodes here. */
  lastClosing = 0;
  readonly #lexer: Lexer;
  #lookahead: Token | undefined;
  #count = 0;
  readonly #patterns: PatternTotal;

  /** @param patterns counts what several texts of one request have together. */
  constructor(query: string, features: ReadonlySet<string>, patterns: PatternTotal = new PatternTotal()) {
    this.query = query;
    this.features = features;
    this.#patterns = patterns;
    this.#lexer = new Lexer(query);
  }

  peek(): Token {
    return (this.#lookahead ??= this.#read());
  }

  /** The lookahead where it has been read already, without reading on. */
  get lookahead(): Token | undefined {
    return this.#lookahead;
  }

  take(): Token {
    const token = this.peek();
    this.#lookahead = undefined;
    return token;
  }

  sees(kind: TokenKind): boolean {
    return this.peek().kind === kind;
  }

  /** Takes the next token if it is of the kind. */
  accept(kind: TokenKind): Token | undefined {
    return this.sees(kind) ? this.take() : undefined;
  }

  expect(kind: TokenKind, situation: Situation = this.situation): Token {
    return this.accept(kind) ?? this.failUnexpected(situation);
  }

  /** Fails about the next token. */
  failUnexpected({ where, expected }: Situation = this.situation): never {
    const token = this.peek();
    const place = where === '' ? '' : ` in ${where}`;
    const wish = expected === '' ? '' : `, expected ${expected}`;
    return this.fail(token.start, `unexpected ${describeToken(token)}${place}${wish}`);
  }

  fail(offset: number, problem: string): never {
    throw new ParseError(this.query, offset, problem);
  }

  /** Counts the regular expression of a matcher towards the size of the query, before it is compiled; equal ones once. */
  countPattern(pattern: string, offset: number): void {
    this.#refuse(this.#patterns.add(pattern), offset);
  }

  /** Counts a regular expression that captures groups; each is compiled anew. */
  countCapture(pattern: string, offset: number): void {
    this.#refuse(this.#patterns.addCapture(pattern), offset);
  }

  #refuse(problem: string | undefined, offset: number): void {
    if (problem !== undefined) this.fail(offset, problem);
  }

  #read(): Token {
    const token = this.#lexer.next();
    if (++this.#count > MAX_TOKENS && token.kind !== 'end of input') throw this.#tooLarge();
    if (CLOSING.has(token.kind)) this.lastClosing = token.end;
    return token;
  }

  #tooLarge(): QueryError {
    return new QueryError(
      'too_large',
      `query is too large: it has ${this.query.length} characters in more than ${MAX_TOKENS} tokens (names, numbers, ` +
        `strings, signs), which is the limit; split it up, or give selectors a regular expression in place of many terms`,
    );
  }
}
