import type { SignalWords } from '../../api.ts';
import { useSignals } from '../live/signals.ts';

export interface Reason {
  readonly title: string;
  readonly comment: string;
  /** 0 to 1. */
  readonly share: number;
}

/** `s_new_device:0.40` → New device, 40 %. A name that nobody declared becomes words by itself. */
export function readReason(text: string, signals: ReadonlyMap<string, SignalWords>): Reason {
  const colon = text.lastIndexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const share = colon < 0 ? 1 : Number(text.slice(colon + 1));
  const words = signals.get(name);
  const plain = name.replace(/^s_/, '').replaceAll(/[_-]+/g, ' ');
  return {
    title: words?.title ?? plain.charAt(0).toUpperCase() + plain.slice(1),
    comment: words?.comment ?? '',
    share: Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0,
  };
}

/** Why a score is what it is: each signal with its share, as words, a number and a bar. */
export function Reasons({ reasons }: { reasons: readonly string[] }) {
  const signals = useSignals();
  if (reasons.length === 0) return <p className="muted">No signal raised this score.</p>;
  return (
    <ul className="reasons">
      {reasons.slice(0, 12).map((text) => {
        const reason = readReason(text, signals);
        return (
          <li key={text} title={reason.comment}>
            <span>{reason.title}</span>
            <meter min={0} max={1} value={reason.share} aria-label={`share of ${reason.title}`} />
            <span className="num">{Math.round(reason.share * 100)} %</span>
          </li>
        );
      })}
    </ul>
  );
}

/** The largest reason in words; a dash without any. */
export function TopReason({ reasons }: { reasons: readonly string[] }) {
  const signals = useSignals();
  const first = reasons[0];
  return <>{first === undefined ? 'no signal today' : readReason(first, signals).title}</>;
}
