import type { Expr } from './ast.ts';
import { MAX_LEVELS, tooDeep } from './nesting.ts';
import { printNode } from './print.ts';
import { printAggregateHead, printOperator } from './print/print-matching.ts';
import { printSubquerySuffix } from './print/print-selector.ts';
import { foldTree } from './fold-tree.ts';
import { children } from './walk.ts';

/** A node whose text is longer than this, in bytes, is spread over lines. */
const MAX_LINE = 100;

/** An expression to print at a level, or text as it is. `inline`: its first line is begun already. */
type Piece = string | { readonly expr: Expr; readonly level: number; readonly inline: boolean };

/**
 * Prints an expression over several lines where it is long, as Prometheus' /api/v1/format_query does. Throws QueryError
 * `too_large` for more than {@link MAX_LEVELS} levels of indentation.
 */
export function prettyPrint(root: Expr): string {
  const texts = printAll(root);
  const out: string[] = [];
  const pending: Piece[] = [{ expr: root, level: 0, inline: false }];
  for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
    if (typeof piece === 'string') {
      out.push(piece);
      continue;
    }
    const text = texts.get(piece.expr)!;
    const pieces = splitsAlways(piece.expr) || isLong(text) ? split(piece) : whole(piece, text);
    for (let i = pieces.length - 1; i >= 0; i--) pending.push(pieces[i]!);
  }
  return out.join('');
}

function printAll(root: Expr): ReadonlyMap<Expr, string> {
  const texts = new Map<Expr, string>();
  foldTree<Expr, string>(root, children, (expr, parts) => {
    const text = printNode(expr, parts);
    texts.set(expr, text);
    return text;
  });
  return texts;
}

/** A sign itself is never the reason for a line break, but what it stands in front of may be. */
function splitsAlways(expr: Expr): boolean {
  return expr.kind === 'unary';
}

function isLong(text: string): boolean {
  return text.length > MAX_LINE || Buffer.byteLength(text) > MAX_LINE;
}

function whole({ expr, level, inline }: Exclude<Piece, string>, text: string): readonly Piece[] {
  // Prometheus leaves the indentation out in front of a short subquery.
  return [inline || expr.kind === 'subquery' ? '' : indent(level), text];
}

function split(piece: Exclude<Piece, string>): readonly Piece[] {
  const { expr, level, inline } = piece;
  const begin = inline ? '' : indent(level);
  const below = (child: Expr): Piece => ({ expr: child, level: level + 1, inline: false });
  switch (expr.kind) {
    case 'aggregate': {
      const param = expr.param === undefined ? [] : [below(expr.param), ',\n'];
      const head = `${begin}${printAggregateHead(expr)}(\n`;
      return [head, ...param, below(expr.expr), `\n${indent(level)})`];
    }
    case 'binary': {
      const left: Piece = { expr: expr.left, level: level + 1, inline };
      return [left, `\n${indent(level)}${printOperator(expr)}\n`, below(expr.right)];
    }
    case 'call': {
      const args = expr.args.flatMap((arg, i) => (i === 0 ? [below(arg)] : [',\n', below(arg)]));
      return [`${begin}${expr.func}(\n`, ...args, `\n${indent(level)})`];
    }
    case 'paren':
      return [`${begin}(\n`, below(expr.expr), `\n${indent(level)})`];
    case 'unary':
      return [`${begin}${expr.op}`, { expr: expr.expr, level, inline: true }];
    case 'subquery':
      return [{ expr: expr.expr, level, inline }, printSubquerySuffix(expr)];
    case 'vectorSelector':
    case 'matrixSelector':
    case 'number':
    case 'string':
      return [begin, printNode(expr, [])];
  }
}

function indent(level: number): string {
  if (level > MAX_LEVELS) throw tooDeep('it cannot be formatted');
  return '  '.repeat(level);
}
