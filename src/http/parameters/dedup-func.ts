import type { DedupMode } from '../../model/dedup-mode.ts';
import { quote } from '../../model/quote.ts';
import { QueryError } from '../../model/errors.ts';

const MODES: Readonly<Record<DedupMode, true>> = { 'gap-aware': true, chain: true, penalty: true };

/** Reads `dedup_func`, how replicas become one series. Throws `bad_data`. */
export function parseDedupFunc(text: string): DedupMode {
  if (Object.hasOwn(MODES, text)) return text as DedupMode;
  const known = Object.keys(MODES).join(', ');
  throw new QueryError('bad_data', `unknown deduplication ${quote(text)}: use one of ${known}`);
}
