/** px left and right of the plot, which the strips below it share. */
export const PLOT_LEFT = 64;
export const PLOT_RIGHT = 20;

/** What a plot shows where, for what stands over it. */
export interface PlotScale {
  /** s */
  readonly start: number;
  readonly end: number;
  /** px from the left and the top of the graph. Values that the plot does not reach are at its edge. */
  readonly placeOf: (time: number, value: number) => { readonly left: number; readonly top: number };
}
