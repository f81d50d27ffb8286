/** px left and right of the plot, which the strips below it share. */
export const PLOT_LEFT = 64;
export const PLOT_RIGHT = 16;
