/** How many turns of the loop others had until a promise was fulfilled. */
export async function turnsUntil<T>(
  promise: Promise<T>,
): Promise<{ readonly value: T; readonly turns: number }> {
  let turns = 0;
  let timer = setImmediate(function count() {
    turns++;
    timer = setImmediate(count);
  });
  try {
    return { value: await promise, turns };
  } finally {
    clearImmediate(timer);
  }
}
