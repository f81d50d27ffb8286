import type { FeaturesJson } from '../../src/http/api/status.ts';
import { ScrollX } from '../parts/scroll-x.tsx';

/** What of the API and of PromQL is on, and what is off. */
export function Features({ features }: { readonly features: FeaturesJson }) {
  return (
    <ScrollX label="What clients may ask for">
      <table class="wide features">
        <thead>
          <tr>
            <th>Group</th>
            <th>On</th>
            <th>Off</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(features).map(([group, names]) => (
            <tr key={group}>
              <th scope="row">{group.replaceAll('_', ' ')}</th>
              <Names names={names} isOn />
              <Names names={names} isOn={false} />
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function Names({
  names,
  isOn,
}: {
  readonly names: Readonly<Record<string, boolean>>;
  readonly isOn: boolean;
}) {
  const shown = Object.keys(names).filter((name) => names[name] === isOn);
  return (
    <td class="small breaks">{shown.length === 0 ? <span class="muted">none</span> : shown.join(', ')}</td>
  );
}
