/**
 * Whether the start timestamps show that the counter began anew between two samples; all times in ms, 0 is unknown.
 * A start at or after its own sample is no information, one inside of the gap is a reset. A start exactly at the
 * previous sample is how delta series look, but also cumulative ones with unknown start, whose first sample says
 * "start = time": only a usable previous start tells them apart (Prometheus `isStartTimestampReset`).
 */
export function isStartReset(
  previousStart: number,
  previousTime: number,
  start: number,
  time: number,
): boolean {
  if (start === 0 || start >= time) return false;
  if (start !== previousTime) return start > previousTime;
  return previousStart !== 0 && previousStart < previousTime;
}

/** Whether a sample claims to have started before its predecessor was taken without sharing that one's start. */
export function startsOverlap(previousStart: number, previousTime: number, start: number): boolean {
  return start !== 0 && start < previousTime && start !== previousStart;
}
