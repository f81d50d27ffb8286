import type { StepNotes } from '../../kernels/binary-histograms.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';

interface Remark {
  readonly severity: 'warn' | 'info';
  readonly message: string;
}

/** Keeps the last remark of each step: of all the pairs that Prometheus combines at a step, it reports only that one. */
export class LastRemarks implements StepNotes {
  readonly #notes: KernelNotes;
  readonly #last = new Map<number, Remark>();

  constructor(notes: KernelNotes) {
    this.#notes = notes;
  }

  warn(message: string, step: number): void {
    this.#last.set(step, { severity: 'warn', message });
  }

  info(message: string, step: number): void {
    this.#last.set(step, { severity: 'info', message });
  }

  /** Takes remarks on a part of the steps, which counts them from its own beginning. */
  from(first: number): StepNotes {
    return {
      warn: (message, step) => this.warn(message, first + step),
      info: (message, step) => this.info(message, first + step),
    };
  }

  /** Passes on what was kept, once all pairs are through. */
  flush(): void {
    for (const { severity, message } of this.#last.values()) this.#notes[severity](message);
    this.#last.clear();
  }
}
