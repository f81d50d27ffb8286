import { quote, quoteRune } from '../../model/quote.ts';
import { ParseError } from '../parse-error.ts';
import { isAlpha, isAlphaNumeric, isDigit, isSpace } from './characters.ts';
import { Cursor } from './cursor.ts';
import { scanNumberOrDuration } from './scan-number.ts';
import { scanRawString, scanString } from './scan-string.ts';
import { KEYWORDS, type Token, type TokenKind } from './token.ts';

const DURATION_WORDS: ReadonlySet<string> = new Set(['step', 'range', 'max_of', 'min_of']);
const SINGLE_SIGNS = '+-*/%^,@';

/**
 * Cuts a query into tokens, one at a time, with Prometheus' rules and error texts. What a character means depends
 * on whether braces or a bracket are open: labels and durations have words of their own.
 */
export class Lexer {
  readonly #cursor: Cursor;
  /** Where the token being read starts. */
  #start = 0;
  #parens = 0;
  #inBraces = false;
  #inBracket = false;
  /** Behind `[` or an operator of a duration, where an operand has to come. */
  #atDuration = false;
  #sawColon = false;
  #sawDuration = false;

  constructor(query: string) {
    this.#cursor = new Cursor(query);
  }

  /** Returns the next token; at the end of the text, `end of input` for ever. Throws ParseError. */
  next(): Token {
    this.#skipBlanks();
    if (this.#inBraces) return this.#nextInBraces();
    return this.#atDuration ? this.#nextInDuration() : this.#nextInExpression();
  }

  #skipBlanks(): void {
    const cursor = this.#cursor;
    for (;;) {
      if (isSpace(cursor.peek())) cursor.next();
      else if (cursor.peek() === '#' && !this.#atDuration) this.#skipComment();
      else break;
    }
    this.#start = cursor.position;
  }

  #skipComment(): void {
    const cursor = this.#cursor;
    while (!cursor.atEnd && !cursor.sees('\r\n')) cursor.next();
  }

  #nextInExpression(): Token {
    const char = this.#cursor.next();
    if (char === '') return this.#endOfInput();
    if (SINGLE_SIGNS.includes(char)) return this.#emit(char as TokenKind);
    if (isDigit(char) || (char === '.' && isDigit(this.#cursor.peek()))) return this.#number();
    if (isAlpha(char) || char === ':') return this.#inBracket ? this.#wordInBracket(char) : this.#word();
    switch (char) {
      case '=':
        if (this.#cursor.accept('=')) return this.#emit('==');
        if (this.#cursor.sees('~')) this.#fail(`unexpected character after '=': '~'`);
        return this.#emit('=');
      case '!':
        if (this.#cursor.accept('=')) return this.#emit('!=');
        return this.#fail(`unexpected character after '!': ${quoteRune(this.#nextOrReplacement())}`);
      case '<':
      case '>':
        if (this.#cursor.accept('=')) return this.#emit(`${char}=`);
        if (this.#cursor.accept('/')) return this.#emit(`${char}/`);
        return this.#emit(char);
      case '"':
      case "'":
      case '`':
        return this.#string(char);
      case '(':
      case ')':
        return this.#paren(char);
      case '{':
        this.#inBraces = true;
        return this.#emit(char);
      case '[':
        if (this.#inBracket) this.#fail(`unexpected left bracket '['`);
        this.#inBracket = true;
        this.#atDuration = true;
        this.#sawColon = false;
        return this.#emit(char);
      case ']':
        if (!this.#inBracket) this.#fail(`unexpected right bracket ']'`);
        return this.#closeBracket();
      default:
        return this.#fail(`unexpected character: ${quoteRune(char)}`);
    }
  }

  #endOfInput(): Token {
    if (this.#parens !== 0) this.#fail('unclosed left parenthesis');
    if (this.#inBracket) this.#fail('unclosed left bracket');
    return this.#emit('end of input');
  }

  /** A colon or word behind the first number of a range. */
  #wordInBracket(char: string): Token {
    if (char === ':') {
      if (this.#sawColon) this.#fail(`unexpected colon ':'`);
      this.#sawColon = true;
      return this.#emit(':');
    }
    const word = startsDurationWord(char) ? this.#durationWord() : undefined;
    return word ?? this.#fail(`unexpected character: ${quoteRune(char)}, expected ':'`);
  }

  #nextInDuration(): Token {
    const char = this.#cursor.next();
    if (char === '') this.#fail('unexpected end of input in duration expression');
    if (char === '(' || char === ')') return this.#paren(char);
    if ('+-*/%^,'.includes(char)) return this.#emit(char as TokenKind);
    if (char === ']') return this.#closeBracket();
    if (char === ':') return this.#colonInDuration();
    if (isDigit(char) || (char === '.' && isDigit(this.#cursor.peek()))) {
      this.#sawDuration = true;
      this.#atDuration = false;
      return this.#number();
    }
    const word = startsDurationWord(char) ? this.#durationWord() : undefined;
    return word ?? this.#fail(`unexpected character in duration expression: ${quoteRune(char)}`);
  }

  #colonInDuration(): Token {
    const colon = this.#emit(':');
    this.#start = this.#cursor.position;
    if (!this.#sawDuration) this.#fail('unexpected colon before duration in duration expression');
    if (this.#sawColon) this.#fail('unexpected repeated colon in duration expression');
    this.#sawColon = true;
    return colon;
  }

  #nextInBraces(): Token {
    const char = this.#cursor.next();
    if (isAlpha(char)) {
      while (isAlphaNumeric(this.#cursor.peek())) this.#cursor.next();
      return this.#emit('identifier');
    }
    switch (char) {
      case '':
        return this.#fail('unexpected end of input inside braces');
      case ',':
        return this.#emit(char);
      case '"':
      case "'":
      case '`':
        return this.#string(char);
      case '=':
        return this.#emit(this.#cursor.accept('~') ? '=~' : '=');
      case '!':
        if (this.#cursor.accept('~')) return this.#emit('!~');
        if (this.#cursor.accept('=')) return this.#emit('!=');
        return this.#fail(
          `unexpected character after '!' inside braces: ${quoteRune(this.#nextOrReplacement())}`,
        );
      case '{':
        return this.#fail(`unexpected left brace '{'`);
      case '}':
        this.#inBraces = false;
        return this.#emit(char);
      default:
        return this.#fail(`unexpected character inside braces: ${quoteRune(char)}`);
    }
  }

  #paren(char: '(' | ')'): Token {
    const paren = this.#emit(char);
    this.#parens += char === '(' ? 1 : -1;
    if (this.#parens >= 0) return paren;
    this.#start = this.#cursor.position;
    return this.#fail(`unexpected right parenthesis ')'`);
  }

  #closeBracket(): Token {
    this.#inBracket = false;
    this.#atDuration = false;
    this.#sawColon = false;
    return this.#emit(']');
  }

  #number(): Token {
    this.#cursor.position = this.#start;
    const kind = scanNumberOrDuration(this.#cursor);
    if (kind !== undefined) return this.#emit(kind);
    return this.#fail(`bad number or duration syntax: ${quote(this.#text())}`);
  }

  #string(mark: string): Token {
    const problem = mark === '`' ? scanRawString(this.#cursor) : scanString(this.#cursor, mark);
    return problem === undefined ? this.#emit('string') : this.#fail(problem);
  }

  #word(): Token {
    const cursor = this.#cursor;
    while (isAlphaNumeric(cursor.peek()) || cursor.peek() === ':') cursor.next();
    const word = this.#text();
    const keyword = KEYWORDS.get(word.toLowerCase());
    if (keyword !== undefined) return this.#emit(this.#isPlainName(keyword) ? 'identifier' : keyword);
    return this.#emit(word.includes(':') ? 'metric identifier' : 'identifier');
  }

  /** The fill modifiers are keywords only in front of a parenthesis, so that metrics of that name go on working. */
  #isPlainName(keyword: TokenKind): boolean {
    if (keyword !== 'fill' && keyword !== 'fill_left' && keyword !== 'fill_right') return false;
    return !/^[ \t\n\r]*\(/.test(this.#cursor.text.slice(this.#cursor.position));
  }

  #durationWord(): Token | undefined {
    while (isAlpha(this.#cursor.peek())) this.#cursor.next();
    const word = this.#text().toLowerCase();
    return DURATION_WORDS.has(word) ? this.#emit(word as TokenKind) : undefined;
  }

  #nextOrReplacement(): string {
    return this.#cursor.next() || '\ufffd';
  }

  #text(): string {
    return this.#cursor.text.slice(this.#start, this.#cursor.position);
  }

  #emit(kind: TokenKind): Token {
    return { kind, text: this.#text(), start: this.#start, end: this.#cursor.position };
  }

  #fail(problem: string): never {
    throw new ParseError(this.#cursor.text, this.#start, problem);
  }
}

function startsDurationWord(char: string): boolean {
  return 'srmSRM'.includes(char);
}
