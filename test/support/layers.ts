/**
 * The layer table of the architecture, highest first. A module may import from its own layer and from lower ones.
 * `beside` layers may import the model only, and only the layers named in `readers` may import them.
 */
export const LAYERS: readonly { readonly name: string; readonly paths: readonly string[] }[] = [
  { name: 'composition', paths: ['src/main.ts', 'src/app/', 'src/cli/', 'src/demo/'] },
  { name: 'transports', paths: ['src/http/', 'src/grpc/'] },
  { name: 'access', paths: ['src/access/'] },
  { name: 'use cases', paths: ['src/gateway/'] },
  { name: 'selection', paths: ['src/select/'] },
  { name: 'who', paths: ['src/cluster/'] },
  { name: 'evaluation', paths: ['src/engine/'] },
  { name: 'one endpoint', paths: ['src/backend/'] },
  { name: 'plan', paths: ['src/plan/'] },
  { name: 'bytes', paths: ['src/wire/'] },
  { name: 'replicas', paths: ['src/dedup/'] },
  { name: 'language', paths: ['src/promql/'] },
  { name: 'values', paths: ['src/model/'] },
];

export const BESIDE: readonly string[] = ['src/config/', 'src/shared-cache/', 'src/telemetry/'];
export const READERS_OF_BESIDE: readonly string[] = ['composition', 'transports', 'use cases'];

/** Of one layer, but each for itself: what both need belongs below them. */
const APART: readonly (readonly [from: string, to: string])[] = [
  ['src/http/', 'src/grpc/'],
  ['src/grpc/', 'src/http/'],
];

/** What programs and pages know of the API: types alone, which the page may import. They import nothing. */
const API = 'src/http/api/';

const VALUES = LAYERS.length - 1;

function rankOf(path: string): number | undefined {
  const rank = LAYERS.findIndex(({ paths }) => paths.some((prefix) => path.startsWith(prefix)));
  return rank === -1 ? undefined : rank;
}

function isBeside(path: string): boolean {
  return BESIDE.some((prefix) => path.startsWith(prefix));
}

/** Why the import from one module of `src` or `ui` to another breaks the table; undefined where it is allowed. */
export function violation(from: string, to: string): string | undefined {
  if (from.startsWith('ui/') || from.startsWith(API))
    return to.startsWith(API) || (from.startsWith('ui/') && to.startsWith('ui/'))
      ? undefined
      : `${from} knows of the API alone, but imports ${to}`;
  if (to.startsWith('ui/')) return `${from} imports ${to}, which runs in browsers`;
  const [source, target] = [rankOf(from), rankOf(to)];
  if (isBeside(from)) {
    const sibling = BESIDE.find((prefix) => from.startsWith(prefix))!;
    return to.startsWith(sibling) || target === VALUES
      ? undefined
      : `${from} stands beside, but imports ${to}`;
  }
  if (source === undefined) return `${from} belongs to no layer`;
  const layer = LAYERS[source]!.name;
  if (isBeside(to)) return READERS_OF_BESIDE.includes(layer) ? undefined : `${from} (${layer}) imports ${to}`;
  if (target === undefined) return `${to} belongs to no layer`;
  if (APART.some(([here, there]) => from.startsWith(here) && to.startsWith(there)))
    return `${from} imports ${to}, though the two stand apart`;
  return target >= source ? undefined : `${from} (${layer}) imports ${to} (${LAYERS[target]!.name})`;
}
