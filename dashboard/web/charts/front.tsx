import type { FrontMember, Objectives } from '../../api.ts';
import { precise } from '../format.ts';
import { linear, padded } from './scale.ts';

export interface FrontData {
  readonly members: readonly FrontMember[];
  readonly active: Objectives | null;
}

export interface FrontOptions {
  readonly width: number;
  readonly height: number;
  readonly chosen: string | null;
  readonly onChoose: (policyId: string | null) => void;
}

const LEFT = 40;
const BOTTOM = 32;
const TOP = 8;
const RIGHT = 12;

/** Compliance, 0 (no gaps) to 1, as one of five steps of a single hue. */
function complianceStep(value: number, values: readonly number[]): number {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return high === low ? 0 : Math.min(4, Math.floor((5 * (value - low)) / (high - low)));
}

/**
 * Policies by what they cost: residual attack impact (up) against friction (right), control gaps as colour.
 * Down and left is better. One mark a member; the knee is a diamond, the active policy a ring.
 */
export function front({ members, active }: FrontData, options: FrontOptions) {
  const { width, height } = options;
  const shown = active ? [...members.map((member) => member.objectives), active] : members.map((m) => m.objectives);
  const x = linear(...padded(shown.map((o) => o.productivity)), LEFT, width - RIGHT, 4);
  const y = linear(...padded(shown.map((o) => o.security)), height - BOTTOM, TOP, 4);
  const gaps = members.map((member) => member.objectives.compliance);
  return (
    <svg
      className="chart"
      width={width}
      height={height}
      role="img"
      aria-label={`${members.length} policies on the front; residual attack impact against friction`}
      onPointerLeave={() => options.onChoose(null)}
    >
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0,${y(tick)})`}>
          <line className="grid" x1={LEFT} x2={width - RIGHT} />
          <text x={LEFT - 6} dy="0.32em" textAnchor="end">
            {precise(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text key={tick} x={x(tick)} y={height - BOTTOM + 14} textAnchor="middle">
          {precise(tick)}
        </text>
      ))}
      <text x={width - RIGHT} y={height - 3} textAnchor="end">
        friction, min/user-week →
      </text>
      <text x={LEFT} y={height - 3}>
        ↑ residual impact, 0–1
      </text>
      {active ? (
        <g transform={`translate(${x(active.productivity)},${y(active.security)})`}>
          <circle className="active-ring" r={9} />
          <text className="mark-label" x={12} dy="0.32em">
            active
          </text>
        </g>
      ) : null}
      {members.map((member) => (
        <Mark
          key={member.policyId}
          member={member}
          at={[x(member.objectives.productivity), y(member.objectives.security)]}
          step={complianceStep(member.objectives.compliance, gaps)}
          options={options}
        />
      ))}
    </svg>
  );
}

function Mark(props: { member: FrontMember; at: [number, number]; step: number; options: FrontOptions }) {
  const { member, at, step, options } = props;
  const isChosen = options.chosen === member.policyId;
  return (
    <g
      className={`front-point ${isChosen ? 'is-chosen' : ''}`}
      data-policy-id={member.policyId}
      data-step={step}
      transform={`translate(${at[0]},${at[1]})`}
      onPointerEnter={() => options.onChoose(member.policyId)}
    >
      {member.isKnee ? <path d="M0-7L7 0L0 7L-7 0Z" /> : <circle r={4} />}
      {member.isKnee ? (
        <text className="mark-label" x={-10} dy="0.32em" textAnchor="end">
          knee
        </text>
      ) : null}
    </g>
  );
}
