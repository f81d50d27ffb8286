import type { Problem } from '../config/problem.ts';
import type { TenancyConfig } from '../config/tenancy-config.ts';
import type { Tenancy, TenantMatchers } from '../gateway/tenancy/tenancy.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { compileMatcher } from '../promql/match/compile.ts';
import { NO_FEATURES } from '../promql/features.ts';
import { parseMetricSelector } from '../promql/parse.ts';

/**
 * Which caller may see what; undefined where everybody sees everything.
 * @param placed the tenants that every server with tenants of its own knows.
 * @throws QueryError `bad_data` for a selector that is none, or that everything matches which has no labels.
 */
export function tenancyOf(config: TenancyConfig, placed?: Tenancy['placed']): Tenancy | undefined {
  if (!config.enforce) return undefined;
  const [problem] = tenancyProblems(config);
  if (problem !== undefined)
    throw new QueryError('bad_data', `tenancy.${problem.path.map(String).join('.')}: ${problem.message}`);
  return {
    header: config.header.toLowerCase(),
    certificateField: config.certificate_field,
    defaultTenant: config.default_tenant,
    label: config.label,
    tenants: new Map(
      Object.entries(config.tenants).map(([name, selector]) => [
        name,
        selector === '' ? undefined : matchersOf(selector),
      ]),
    ),
    placed,
    users: new Map(Object.entries(config.users)),
    admins: new Set(config.admins),
  };
}

/** Tenants whose selectors cannot be used. */
export function tenancyProblems({ tenants }: TenancyConfig): readonly Problem[] {
  return Object.entries(tenants).flatMap(([name, selector]): readonly Problem[] => {
    if (selector === '') return [];
    try {
      matchersOf(selector);
      return [];
    } catch (thrown) {
      return [{ path: ['tenants', name], message: messageOf(thrown) }];
    }
  });
}

function matchersOf(selector: string): TenantMatchers {
  const [first, ...more] = parseMetricSelector(selector, NO_FEATURES);
  const matchers = first === undefined ? [] : [first, ...more];
  // Such a tenant would see what nobody marked as anybody's.
  if (matchers.every((matcher) => compileMatcher(matcher)('')))
    throw new QueryError(
      'bad_data',
      `${selector} selects series without any of its labels, too; add a matcher that needs a label to be there, such as {team="a"}`,
    );
  return [first!, ...more];
}
