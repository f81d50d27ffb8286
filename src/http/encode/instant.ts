import { formatInstant, type Instant } from '../../model/instant.ts';

/** A JSON string of a time, as Go writes it. */
export function encodeInstant(instant: Instant): string {
  return `"${formatInstant(instant)}"`;
}
