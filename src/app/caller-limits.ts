import type { LimitsConfig } from '../config/limits-config.ts';
import type { LimitSettings } from '../gateway/limits/limit-book.ts';

/** What a configuration says about what callers may take. */
export function callerLimits({ default: all, tenants, clients }: LimitsConfig): LimitSettings {
  return { all, tenants: new Map(Object.entries(tenants)), clients: new Map(Object.entries(clients)) };
}
