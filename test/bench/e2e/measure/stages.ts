/** ms by name of the stage. */
export type Stages = Readonly<Record<string, number>>;

/** Durations of a `Server-Timing` header (W3C Server Timing), by which a server may say what its answer took. */
export function stagesFrom(header: string | undefined): Stages {
  const stages: Record<string, number> = {};
  for (const [, name, duration] of (header ?? '').matchAll(/([\w-]+)[^,]*?;\s*dur=([\d.]+)/g))
    stages[name!] = (stages[name!] ?? 0) + Number(duration);
  return stages;
}
