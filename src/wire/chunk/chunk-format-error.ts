import { QueryError } from '../../model/errors.ts';

/**
 * A chunk that cannot be decoded. It shows while a query is evaluated and the query is not to blame for it, hence
 * `execution`, as in Prometheus.
 */
export class ChunkFormatError extends QueryError {
  constructor(message: string) {
    super('execution', message);
    this.name = 'ChunkFormatError';
  }
}
