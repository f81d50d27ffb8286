import { invalidParameter } from './invalid-parameter.ts';
import type { Language, ParseTree } from './parts.ts';

/** The query in the layout of Prometheus' pretty printer. */
export function formatQuery(language: Language, text: string): string {
  return language.prettyPrint(parsed(language, text));
}

/** The query's tree as the API shows it. */
export function parseQueryTree(language: Language, text: string): ParseTree {
  return language.toParseTree(parsed(language, text));
}

function parsed(language: Language, text: string): ReturnType<Language['parse']> {
  try {
    return language.parse(text);
  } catch (error) {
    throw invalidParameter('query', error);
  }
}
