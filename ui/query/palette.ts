import { theme } from '../state/settings.ts';

/**
 * Colours of series for the light and the dark theme. The first eight go back to Okabe and Ito, who chose them so that they are told apart
 * with every kind of colour vision; the light ones are darker, for 3:1 against white.
 */
const COLOURS = {
  light: [
    '#0072b2',
    '#c25400',
    '#00805f',
    '#a8518a',
    '#8a6d00',
    '#2f86b3',
    '#55595f',
    '#6a3d9a',
    '#8c2d04',
    '#3f7d20',
    '#c51b7d',
    '#35608d',
  ],
  dark: [
    '#56b4e9',
    '#ff8c42',
    '#2fd6a5',
    '#e79cc6',
    '#f0c23c',
    '#9fd3f2',
    '#bdbdbd',
    '#b79cf0',
    '#e08b6a',
    '#9ad18a',
    '#ff77b7',
    '#8ab0dd',
  ],
} as const;

/** What is drawn with it is drawn anew when the theme is another one. */
export function isDark(): boolean {
  return theme.value === 'system'
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : theme.value === 'dark';
}

export function colourAt(index: number, dark: boolean): string {
  const list = dark ? COLOURS.dark : COLOURS.light;
  return list[index % list.length]!;
}

/** What stands for a heatmap where one colour is wanted: the middle of its own. */
export function heatSwatch(dark: boolean): string {
  return dark ? '#3f8fc4' : '#4a97c9';
}

/** Gives series colours, and the same one again as long as it lives. */
export class Palette {
  readonly #given = new Map<string, number>();

  indexOf(series: string): number {
    let index = this.#given.get(series);
    if (index === undefined) {
      index = this.#given.size;
      this.#given.set(series, index);
    }
    return index;
  }
}
