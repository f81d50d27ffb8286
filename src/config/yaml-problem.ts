import type { ErrorCode, YAMLError } from 'yaml';

const SENTENCES: Readonly<Partial<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: 'a tab indents this line; YAML is indented with spaces alone',
  BAD_INDENT:
    'the indentation does not fit; keys of one mapping start in the same column, and lists in brackets are closed',
  BAD_SCALAR_START: 'a value cannot start with this character; put the value in quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes begins no such escape; double it, or use single quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a second colon makes no sense here; put the value in quotes, or the inner key on a line of its own',
  BLOCK_IN_FLOW:
    'a list or mapping in brackets cannot hold lines with dashes; write it in one of the two forms',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line with a colon behind it',
  MISSING_CHAR: 'a quote, a bracket or a colon is missing',
  MULTIPLE_DOCS: 'there are several documents (---) in the file; keep one of them',
  NON_STRING_KEY: 'a key must be a text, no list or mapping',
  RESOURCE_EXHAUSTION: 'lists or mappings are nested too deep',
  UNEXPECTED_TOKEN: 'this does not belong here; check the indentation, the brackets and the quotes',
};

/** What is wrong with a text in YAML, as a sentence for those who write it; the library's are about its own parser. */
export function yamlProblem({ code, message }: YAMLError): string {
  return SENTENCES[code] ?? `this is no YAML: ${message}`;
}

/** @param at where the key stands that the mapping has already. */
export function repeatedKey(text: string, at: number): string {
  return `the key ${keyAt(text, at)} is there twice; keep one of them`;
}

function keyAt(text: string, offset: number): string {
  return /^(?:"[^"\n]*"|'[^'\n]*'|[^\s:]+)/.exec(text.slice(offset))?.[0] ?? 'on this line';
}
