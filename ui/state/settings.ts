import { effect, signal, type Signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export type Zone = 'utc' | 'local';

const [THEMES, ZONES] = [['system', 'light', 'dark'] as const, ['utc', 'local'] as const];

export const theme: Signal<Theme> = signal(read('theme', THEMES));
export const zone: Signal<Zone> = signal(read('zone', ZONES));

/** The first choice where nothing is kept, or where the browser keeps nothing. */
function read<T extends string>(name: string, choices: readonly T[]): T {
  try {
    const kept = window.localStorage.getItem(`promweave.${name}`);
    return choices.find((choice) => choice === kept) ?? choices[0]!;
  } catch {
    return choices[0]!;
  }
}

function keep(name: string, value: string): void {
  try {
    window.localStorage.setItem(`promweave.${name}`, value);
  } catch {
    // Where a browser keeps nothing, the choice lasts as long as the page.
  }
}

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
}

export function nextZone(): void {
  zone.value = zone.value === 'utc' ? 'local' : 'utc';
}

/** Shows what is chosen, and keeps it. */
export function applySettings(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
    keep('theme', theme.value);
  });
  effect(() => keep('zone', zone.value));
}
