/** One module imports another. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The groups of modules that reach each other (Tarjan's strongly connected components), each sorted. */
export function circlesIn(edges: readonly Edge[]): readonly (readonly string[])[] {
  const targets = Map.groupBy(edges, ({ from }) => from);
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];

  const visit = (module: string): void => {
    const number = order.size;
    order.set(module, number);
    low.set(module, number);
    open.push(module);
    for (const { to } of targets.get(module) ?? []) {
      if (!order.has(to)) visit(to);
      if (open.includes(to)) low.set(module, Math.min(low.get(module)!, low.get(to)!));
    }
    if (low.get(module) !== number) return;
    const circle = open.splice(open.indexOf(module));
    if (circle.length > 1) circles.push(circle.sort());
  };

  for (const module of targets.keys()) if (!order.has(module)) visit(module);
  return circles;
}
