import type { Objectives } from '../../api.ts';
import { precise } from '../format.ts';
import { Empty, Panel } from '../parts/panel.tsx';
import { DarwinPanels, useEvolution } from './darwin-panel.tsx';

/** Darwin's policies: the front, how it grew, and each member's figures beside the active policy's. */
export function PoliciesView() {
  const { data } = useEvolution();
  const members = [...(data?.front ?? [])].sort((a, b) => a.objectives.security - b.objectives.security);
  return (
    <div className="view policies">
      <h1 className="sr-only">Policies</h1>
      <DarwinPanels />
      <Panel id="members" title="Members of the front" note="smaller is better in every column">
        <table className="data">
          <caption className="sr-only">Policies on the front and the active one</caption>
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col">Residual impact, 0–1</th>
              <th scope="col">Friction, min per user-week</th>
              <th scope="col">Control gaps, 0–1</th>
            </tr>
          </thead>
          <tbody>
            {data ? <Row name={`active: version ${data.active.version}`} objectives={data.active.objectives} /> : null}
            {members.map(({ policyId, objectives, isKnee }) => (
              <Row key={policyId} name={isKnee ? `${policyId} (knee)` : policyId} objectives={objectives} />
            ))}
          </tbody>
        </table>
        {data && members.length === 0 ? <Empty>Darwin has not finished a generation yet.</Empty> : null}
        <p className="padded muted">
          To see a policy in words and approve it: <code>beagle policy show ID</code>,{' '}
          <code>beagle policy approve ID</code>
        </p>
      </Panel>
    </div>
  );
}

function Row({ name, objectives }: { name: string; objectives: Objectives | null }) {
  return (
    <tr>
      <td>{name}</td>
      <td>{objectives ? precise(objectives.security) : 'not measured'}</td>
      <td>{objectives ? precise(objectives.productivity) : 'not measured'}</td>
      <td>{objectives ? precise(objectives.compliance) : 'not measured'}</td>
    </tr>
  );
}
