/** From little to much. The lightness goes one way, so that every kind of colour vision tells them apart; little is close to the ground. */
const RAMPS = {
  light: ['#cfe1f2', '#93c4de', '#4a97c9', '#1764ab', '#08306b'],
  dark: ['#16324f', '#1f5a8c', '#3f8fc4', '#8cc6e8', '#eaf6ff'],
} as const;

/** Counts below zero, which only differences of histograms have. */
const NEGATIVE_RAMPS = {
  light: ['#fbd7cf', '#f2a391', '#dc6552', '#b0241c', '#67000d'],
  dark: ['#4a1d1a', '#86342c', '#c85b4d', '#f09a8c', '#ffe9e5'],
} as const;

/** More cannot be told apart. */
const LEVELS = 64;

/**
 * The colour of a cell by its count as a part of the greatest one, -1 … 1. Small ones are raised, because most cells are small. Colours
 * are made once, because there are thousands of cells.
 */
export function heatColours(dark: boolean): (share: number) => string {
  const [positive, negative] = [RAMPS, NEGATIVE_RAMPS].map((ramps) =>
    levelsOf(ramps[dark ? 'dark' : 'light']),
  );
  return (share) =>
    (share < 0 ? negative! : positive!)[Math.round(Math.sqrt(Math.min(Math.abs(share), 1)) * LEVELS)]!;
}

function levelsOf(ramp: readonly string[]): readonly string[] {
  return Array.from({ length: LEVELS + 1 }, (_, level) => {
    const place = (level / LEVELS) * (ramp.length - 1);
    const index = Math.min(Math.floor(place), ramp.length - 2);
    return mixed(ramp[index]!, ramp[index + 1]!, place - index);
  });
}

function mixed(one: string, other: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [one, other].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round(a! + (b! - a!) * share);
  });
  return `rgb(${parts.join(' ')})`;
}
