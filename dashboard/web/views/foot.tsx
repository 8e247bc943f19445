import type { Health } from '../../api.ts';
import { ago, count, length } from '../format.ts';
import { useLive, useNow } from '../live/context.ts';
import { Link } from '../parts/marks.tsx';

/** The pipeline's health in one line, each part a link to what is behind it. */
export function Foot() {
  const { health } = useLive();
  const now = useNow();
  return (
    <section className="foot" aria-label="Pipeline health">
      {health ? <Parts health={health} now={now} /> : <span className="muted">Waiting for the pipeline’s health…</span>}
    </section>
  );
}

function Parts({ health, now }: { health: Health; now: number }) {
  const { totals, commit } = health;
  return (
    <>
      <Total name="events" value={totals.events} to="/live" label="in the lake" />
      <Total name="quarantined" value={totals.quarantined} to="/pipeline" label="quarantined" />
      <Total name="redelivered" value={totals.redelivered} to="/pipeline" label="redelivered" />
      <Total name="findings" value={totals.findings} to="/findings" label="findings" />
      <span className="foot-gap" />
      <Link to="/pipeline">
        <b className="num">{count(health.shards)}</b> {health.shards === 1 ? 'shard' : 'shards'} on {health.driver}
      </Link>
      <Link to="/pipeline">
        lag <b className="num">{length(health.lagMs)}</b>
      </Link>
      <Link to="/pipeline">
        <b className="num">{count(health.backlog)}</b> unread
      </Link>
      <Link to="/pipeline">
        {commit.at === null ? (
          'no commit yet'
        ) : (
          <>
            committed <b className="num">{ago(commit.at, now)}</b>
          </>
        )}
      </Link>
      <Link to="/pipeline">
        <b className="num">{count(health.files)}</b> files
      </Link>
    </>
  );
}

function Total({ name, value, to, label }: { name: string; value: number; to: string; label: string }) {
  return (
    <Link to={to}>
      <b className="num" data-testid={`total-${name}`} data-value={value}>
        {count(value)}
      </b>{' '}
      {label}
    </Link>
  );
}
