import type { QuarantineReason } from '../../api.ts';
import { ago, count, length, rate } from '../format.ts';
import { useLive, useNow } from '../live/context.ts';
import { useJson } from '../live/use-json.ts';
import { Ago } from '../parts/marks.tsx';
import { Empty, Failure, Panel, Skeleton } from '../parts/panel.tsx';

/** The pipeline's health in full, and what it could not read. */
export function PipelineView() {
  const quarantine = useJson<{ reasons: QuarantineReason[] }>('/api/quarantine', 5000);
  const now = useNow();
  return (
    <div className="view">
      <h1 className="sr-only">Pipeline</h1>
      <Panel id="health" title="Health" note="once a second">
        <HealthList />
      </Panel>
      <Panel id="quarantine" title="Quarantine" note="events that could not be read, kept as they came">
        {quarantine.data && quarantine.data.reasons.length > 0 ? (
          <table className="data">
            <caption className="sr-only">Quarantined events by reason</caption>
            <thead>
              <tr>
                <th scope="col">Reason</th>
                <th scope="col">App</th>
                <th scope="col">Events</th>
                <th scope="col">Last</th>
              </tr>
            </thead>
            <tbody>
              {quarantine.data.reasons.map((row) => (
                <tr key={`${row.reason} ${row.app}`}>
                  <td>{row.reason}</td>
                  <td>{row.app}</td>
                  <td>{count(row.count)}</td>
                  <td>{row.last === null ? '–' : <Ago us={row.last} now={now} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        {quarantine.data?.reasons.length === 0 ? <Empty>Every event so far could be read.</Empty> : null}
        {quarantine.data === null && quarantine.error ? (
          <Failure what="The quarantine" error={quarantine.error} />
        ) : null}
        {quarantine.data === null && !quarantine.error ? <Skeleton lines={4} /> : null}
      </Panel>
    </div>
  );
}

function HealthList() {
  const { health } = useLive();
  const now = useNow();
  if (!health) return <Skeleton lines={8} />;
  const facts: [string, string][] = [
    ['Log', `${health.driver}, ${count(health.shards)} ${health.shards === 1 ? 'shard' : 'shards'}`],
    ['Running since', ago(health.startedAt, now)],
    ['Rate', `${rate(health.eventsPerSecond)} events/s`],
    ['Lag, log to score', length(health.lagMs)],
    ['On the log, unread', `${count(health.backlog)} records`],
    ['Last commit', health.commit.at === null ? 'none yet' : ago(health.commit.at, now)],
    ['Lake version', health.commit.version === null ? 'none yet' : count(health.commit.version)],
    ['Files in the lake', count(health.files)],
    ['Events in the lake', count(health.totals.events)],
    ['Quarantined', count(health.totals.quarantined)],
    ['Redelivered', count(health.totals.redelivered)],
    ['Findings', count(health.totals.findings)],
    ['Darwin’s generation', health.generation === null ? 'none yet' : count(health.generation)],
  ];
  return (
    <dl className="columns-list">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
