import { QueryError } from '../model/errors.ts';
import { formatPosition } from './position.ts';

/** A query that is not valid PromQL. The message is Prometheus': `1:6: parse error: unclosed left bracket`. */
export class ParseError extends QueryError {
  /** UTF-16 offset in the query text where the trouble starts. */
  readonly offset: number;

  constructor(query: string, offset: number, problem: string) {
    super('bad_data', `${formatPosition(query, offset)}: parse error: ${problem}`);
    this.name = 'ParseError';
    this.offset = offset;
  }
}
