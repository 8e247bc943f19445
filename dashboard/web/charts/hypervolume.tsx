import type { Evolution } from '../../api.ts';
import { precise } from '../format.ts';
import { linear, padded } from './scale.ts';

/** More points than pixels help nobody. */
const POINTS_MAX = 300;
const LEFT = 40;
const RIGHT = 12;

/** Hypervolume by generation as a line: the volume that the front covers, against one fixed reference point. */
export function hypervolume(data: Evolution['hypervolume'], { width, height }: { width: number; height: number }) {
  const every = Math.ceil(data.length / POINTS_MAX);
  const shown = data.filter((_, index) => index % every === 0 || index === data.length - 1);
  const last = shown.at(-1);
  const generations = shown.map((point) => point.generation);
  const x = linear(Math.min(...generations), Math.max(...generations), LEFT, width - RIGHT, 5);
  const y = linear(...padded(shown.map((point) => point.hypervolume)), height - 20, 6, 3);
  return (
    <svg
      className="chart"
      width={width}
      height={height}
      role="img"
      aria-label={`Hypervolume ${last ? precise(last.hypervolume) : ''} at generation ${last?.generation ?? 0}`}
    >
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0,${y(tick)})`}>
          <line className="grid" x1={LEFT} x2={width - RIGHT} />
          <text x={LEFT - 6} dy="0.32em" textAnchor="end">
            {precise(tick)}
          </text>
        </g>
      ))}
      {x.ticks.filter(Number.isInteger).map((tick) => (
        <text key={tick} x={x(tick)} y={height - 5} textAnchor="middle">
          {tick}
        </text>
      ))}
      <polyline className="line" points={shown.map((p) => `${x(p.generation)},${y(p.hypervolume)}`).join(' ')} />
      {last ? <circle className="line-end" cx={x(last.generation)} cy={y(last.hypervolume)} r={3} /> : null}
      {shown.map((p) => (
        <circle key={p.generation} className="hover-point" cx={x(p.generation)} cy={y(p.hypervolume)} r={5}>
          <title>{`generation ${p.generation}: hypervolume ${p.hypervolume.toPrecision(4)}`}</title>
        </circle>
      ))}
    </svg>
  );
}
