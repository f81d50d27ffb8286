/** Samples read at each step (Prometheus' totalQueryableSamples). Each step counts as an instant query would. */
export class SampleCounts {
  readonly perStep: Float64Array;

  constructor(stepCount: number) {
    this.perStep = new Float64Array(stepCount);
  }

  add(step: number, samples: number): void {
    this.perStep[step]! += samples;
  }

  total(): number {
    let sum = 0;
    for (const samples of this.perStep) sum += samples;
    return sum;
  }
}
