/** One-shot timers, injected so that tests fire them. */
export interface Timers {
  /** Calls back once after `ms` milliseconds; the returned function takes it back. */
  after(ms: number, callback: () => void): () => void;
}

/** Real timers. They do not keep the process alive: only open work and listening servers do. */
export const SYSTEM_TIMERS: Timers = {
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
