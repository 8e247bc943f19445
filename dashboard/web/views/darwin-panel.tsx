import { useState } from 'react';
import type { Evolution, FrontMember } from '../../api.ts';
import { front } from '../charts/front.tsx';
import { hypervolume } from '../charts/hypervolume.tsx';
import { precise } from '../format.ts';
import { useLive } from '../live/context.ts';
import { type Loaded, useJson } from '../live/use-json.ts';
import { ChartPanel, type ChartTable } from '../parts/chart-panel.tsx';
import { Empty, Failure, Skeleton } from '../parts/panel.tsx';
import { Sized } from '../parts/sized.tsx';

/** Darwin's state, fetched anew with every generation. */
export function useEvolution(): Loaded<Evolution> {
  return useJson<Evolution>('/api/evolution', 30_000, useLive().generation);
}

/** Darwin: the front of policies, and how much it has covered by generation. */
export function DarwinPanels() {
  const { data, error } = useEvolution();
  return (
    <>
      <FrontPanel evolution={data} error={error} />
      <HypervolumePanel evolution={data} />
    </>
  );
}

function FrontPanel({ evolution, error }: { evolution: Evolution | null; error: string | null }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const members = evolution?.front ?? [];
  const shown = members.find((member) => member.policyId === chosen) ?? members.find((member) => member.isKnee);
  return (
    <ChartPanel
      id="front"
      className="front-panel"
      title="Darwin: security against friction"
      note={members.length > 0 ? `${members.length} policies` : null}
      table={() => frontTable(members)}
    >
      {members.length > 0 && evolution ? (
        <>
          <Sized className="chart-room">
            {(width, height) =>
              front({ members, active: evolution.active.objectives }, { width, height, chosen, onChoose: setChosen })
            }
          </Sized>
          <Readout member={shown} evolution={evolution} />
        </>
      ) : null}
      {evolution && members.length === 0 ? (
        <Empty>
          Darwin shows its front here after its first generation; it needs a few minutes of history. To run it by hand:{' '}
          <code>beagle evolve</code>.
        </Empty>
      ) : null}
      {evolution === null ? error ? <Failure what="Darwin’s front" error={error} /> : <Skeleton lines={5} /> : null}
    </ChartPanel>
  );
}

function Readout({ member, evolution }: { member: FrontMember | undefined; evolution: Evolution }) {
  return (
    <p className="readout num">
      {member ? (
        <>
          <strong>{member.isKnee ? 'Knee' : 'Policy'}</strong> {member.policyId.slice(0, 8)}: impact{' '}
          {precise(member.objectives.security)} · {precise(member.objectives.productivity)} min · gaps{' '}
          {precise(member.objectives.compliance)}
        </>
      ) : null}
      <span className="gaps-key" title="colour: control gaps, 0 to 1">
        few gaps
        {[0, 1, 2, 3, 4].map((step) => (
          <i key={step} data-step={step} />
        ))}
        many
      </span>
      <span className="muted">active: version {evolution.active.version}</span>
    </p>
  );
}

function HypervolumePanel({ evolution }: { evolution: Evolution | null }) {
  const points = evolution?.hypervolume ?? [];
  const last = points.at(-1);
  return (
    <ChartPanel
      id="hypervolume"
      className="hypervolume-panel"
      title="Hypervolume by generation"
      note={last ? <span className="num">{`${last.hypervolume.toPrecision(4)} at ${last.generation}`}</span> : null}
      table={() => ({
        head: ['Generation', 'Hypervolume'],
        rows: points
          .slice(-500)
          .reverse()
          .map((point) => [point.generation, point.hypervolume.toPrecision(6)]),
      })}
    >
      {points.length > 0 ? (
        <Sized className="chart-room">{(width, height) => hypervolume(points, { width, height })}</Sized>
      ) : evolution ? (
        <Empty>One point a generation will appear here.</Empty>
      ) : (
        <Skeleton lines={2} />
      )}
    </ChartPanel>
  );
}

function frontTable(members: readonly FrontMember[]): ChartTable {
  return {
    head: ['Policy', 'Residual impact, 0–1', 'Friction, min per user-week', 'Control gaps, 0–1'],
    rows: members.map(({ policyId, objectives, isKnee }) => [
      isKnee ? `${policyId} (knee)` : policyId,
      precise(objectives.security),
      precise(objectives.productivity),
      precise(objectives.compliance),
    ]),
  };
}
