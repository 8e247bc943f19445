import { riskLevel } from './marks.tsx';

/** A person's risk, 0 to 100, as a number and a bar. */
export function RiskBar({ value }: { value: number }) {
  return (
    <span className="risk-bar" data-level={riskLevel(value)} title={`risk ${value.toFixed(1)} of 100`}>
      <span className="num">{Math.round(value)}</span>
      <span className="track" aria-hidden="true">
        <i style={{ width: `${Math.min(100, Math.max(0, value))}%` }} />
      </span>
    </span>
  );
}

/** The change of a risk over 24 h, with its direction as a shape. */
export function Change({ value }: { value: number }) {
  const rounded = Math.round(value);
  const words = rounded === 0 ? '±0' : rounded > 0 ? `▲ ${rounded}` : `▼ ${-rounded}`;
  return (
    <span className="change num" title="change over 24 h">
      {words}
    </span>
  );
}
