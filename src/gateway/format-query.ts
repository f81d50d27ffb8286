import { toQueryError } from '../model/errors.ts';
import { parse } from '../promql/parse.ts';
import type { Expr } from '../promql/ast.ts';
import { toParseTree, type Json } from '../promql/parse-tree.ts';
import { prettyPrint } from '../promql/pretty-print.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** The query in the layout of Prometheus' pretty printer. */
export function formatQuery(text: string, features: ReadonlySet<string>): string {
  return prettyPrint(parseQuery(text, features));
}

/** The query's tree as the API shows it. */
export function parseQueryTree(text: string, features: ReadonlySet<string>): Json {
  return toParseTree(parseQuery(text, features));
}

/** Reads the parameter `query`. Throws `bad_data` with Prometheus' sentence. */
export function parseQuery(text: string, features: ReadonlySet<string>): Expr {
  try {
    return parse(text, features);
  } catch (error) {
    throw toQueryError(error).kind === 'bad_data' ? invalidParameter('query', error) : error;
  }
}
