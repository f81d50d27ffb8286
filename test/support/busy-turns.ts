/** What a piece of work took of the processor; ms. However busy the machine is otherwise, that stays about the same. */
export interface Busy {
  readonly total: number;
  /** The longest that others in this process had to wait for a turn. */
  readonly longestTurn: number;
}

/** Runs `work` in this process and watches how long it keeps others waiting. */
export async function watchTurns(work: () => Promise<void>): Promise<Busy> {
  const started = threadTime();
  let isRunning = true;
  let longestTurn = 0;
  let last = started;
  const takeTurn = (): void => {
    const now = threadTime();
    longestTurn = Math.max(longestTurn, now - last);
    last = now;
    if (isRunning) setImmediate(takeTurn);
  };
  setImmediate(takeTurn);
  await work().finally(() => {
    isRunning = false;
    takeTurn();
  });
  return { total: last - started, longestTurn };
}

/** ms for which this thread had the processor. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
