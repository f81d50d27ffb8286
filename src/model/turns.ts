/** Work that waits for its turn, the longest waiting first. */
const waiting: (() => void)[] = [];

/**
 * Waits for the next turn of the event loop that is free. Each turn lets one go on, however many wait: whoever has work
 * for a slice of time then keeps others waiting for that slice alone, and all come by in order.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resume) => {
    if (waiting.push(resume) === 1) setImmediate(letOneGoOn);
  });
}

function letOneGoOn(): void {
  const resume = waiting.shift();
  if (waiting.length > 0) setImmediate(letOneGoOn);
  resume?.();
}
