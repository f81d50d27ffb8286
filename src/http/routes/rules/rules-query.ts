import { quote } from '../../../model/quote.ts';
import { invalidParameter } from '../../../gateway/invalid-parameter.ts';
import type { RulesQuery } from '../../../gateway/rules.ts';
import { QueryError } from '../../../model/errors.ts';
import { parseInteger } from '../../parameters/limits.ts';
import { parseBoolean, readOptional, readText } from '../../parameters/read-parameter.ts';
import type { Form } from '../../parameters/form.ts';
import { readShowReplicas } from '../replica-name.ts';

/** Reads the parameters of `/api/v1/rules`. Throws `bad_data` with Prometheus' sentences. */
export function readRulesQuery(form: Form): RulesQuery {
  return {
    type: readType(readText(form, 'type').toLowerCase()),
    excludeAlerts: readOptional(form, 'exclude_alerts', parseExcludeAlerts) ?? false,
    ...readPage(form),
    ruleNames: form.all('rule_name[]'),
    groupNames: form.all('rule_group[]'),
    files: form.all('file[]'),
    selectors: form.all('match[]'),
    showReplicas: readShowReplicas(form),
  };
}

function readType(text: string): RulesQuery['type'] {
  if (text === '') return 'all';
  if (text === 'alert') return 'alerting';
  if (text === 'record') return 'recording';
  throw invalidParameter('type', new QueryError('bad_data', `not supported value ${quote(text)}`));
}

function parseExcludeAlerts(text: string): boolean {
  const lower = text.toLowerCase();
  try {
    return parseBoolean(lower);
  } catch (cause) {
    const problem = `error converting exclude_alerts: strconv.ParseBool: parsing ${quote(lower)}: invalid syntax`;
    throw new QueryError('bad_data', problem, { cause });
  }
}

function readPage(form: Form): Pick<RulesQuery, 'groupLimit' | 'groupNextToken'> {
  const [limit, token] = [readText(form, 'group_limit'), readText(form, 'group_next_token')];
  if (limit === '' && token !== '') {
    const problem = 'group_limit needs to be present in order to paginate over the groups';
    throw invalidParameter('group_next_token', new QueryError('bad_data', problem));
  }
  return {
    groupLimit: readOptional(form, 'group_limit', parseGroupLimit),
    groupNextToken: token,
  };
}

function parseGroupLimit(text: string): number {
  const limit = parseInteger(text, 32);
  if (typeof limit === 'string') {
    const reason = `strconv.ParseInt: parsing ${quote(text)}: ${limit}`;
    throw new QueryError('bad_data', `group_limit needs to be a valid number: ${reason}`);
  }
  if (limit <= 0n) throw new QueryError('bad_data', 'group_limit needs to be greater than 0');
  return Number(limit);
}
