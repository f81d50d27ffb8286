import { effect, signal, type Signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export type Zone = 'utc' | 'local';

const [THEMES, ZONES] = [['system', 'light', 'dark'] as const, ['utc', 'local'] as const];

export const theme: Signal<Theme> = signal(read('theme', THEMES));
export const zone: Signal<Zone> = signal(read('zone', ZONES));

/** The header that names the tenant to the gateway. */
export interface TenantHeader {
  readonly header: string;
  readonly name: string;
}

/** As whom the page asks; undefined where it names no tenant. */
export const tenant: Signal<TenantHeader | undefined> = signal(readTenant());

/** What a browser refuses to send is as if it were not kept: no call would leave the page. */
function readTenant(): TenantHeader | undefined {
  try {
    const [header = '', name = ''] = (kept('tenant') ?? '').split('\n');
    return name !== '' && canBeSent({ header, name }) ? { header, name } : undefined;
  } catch {
    return undefined;
  }
}

export function canBeSent({ header, name }: TenantHeader): boolean {
  try {
    return new Headers({ [header]: name }).has(header);
  } catch {
    return false;
  }
}

export function keepTenant(next: TenantHeader | undefined): void {
  tenant.value = next;
  keep('tenant', next === undefined ? '' : `${next.header}\n${next.name}`);
}

/** The first choice where nothing is kept, or where the browser keeps nothing. */
function read<T extends string>(name: string, choices: readonly T[]): T {
  const text = kept(name);
  return choices.find((choice) => choice === text) ?? choices[0]!;
}

/** Null where nothing is kept under that name. */
export function kept(name: string): string | null {
  try {
    return window.localStorage.getItem(`promweave.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
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
