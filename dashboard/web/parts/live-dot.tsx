import { age, length, rate } from '../format.ts';
import { useLive, useNow } from '../live/context.ts';

const GREEN_MS = 2000;
const AMBER_MS = 30_000;
/** Health comes every second. */
const STALE_MS = 3500;

/** How live the page is: a dot, events/s and lag in words; green under 2 s, amber under 30 s, else red. */
export function LiveDot() {
  const { status, health, heardMs, skewUs } = useLive();
  const now = useNow();
  const silentMs = now / 1000 - skewUs / 1000 - heardMs;
  if (status !== 'lost' && health === null) return <Dot level="amber" words="Connecting…" />;
  if (status === 'lost')
    return <Dot level="red" words={`Disconnected${health ? `, newest data ${age(health.now, now)} old` : ''}`} />;
  if (health === null) return null;
  const behindMs = Math.max(health.lagMs, silentMs > STALE_MS ? silentMs : 0);
  const level = behindMs < GREEN_MS ? 'green' : behindMs < AMBER_MS ? 'amber' : 'red';
  const words = `${rate(health.eventsPerSecond)} events/s`;
  return (
    <Dot
      level={level}
      words={words}
      more={behindMs < GREEN_MS ? `live, ${length(behindMs)} behind` : `${length(behindMs)} behind`}
    />
  );
}

function Dot({ level, words, more }: { level: string; words: string; more?: string }) {
  return (
    <span className="live-dot" data-level={level} data-testid="live-dot">
      <i aria-hidden="true" />
      <span className="num">{words}</span>
      {more ? <span className="num muted live-more">{more}</span> : null}
    </span>
  );
}
