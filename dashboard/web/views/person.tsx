import type { PersonDetail } from '../../api.ts';
import { count } from '../format.ts';
import { useNow } from '../live/context.ts';
import { useJson } from '../live/use-json.ts';
import { EventTable } from '../parts/event-table.tsx';
import { Ago, Link } from '../parts/marks.tsx';
import { Failure, Panel, Skeleton } from '../parts/panel.tsx';
import { Reasons } from '../parts/reasons.tsx';
import { Change, RiskBar } from '../parts/risk-bar.tsx';

/** One person: risk and why, and the newest events. */
export function PersonView({ actorKey }: { actorKey: string }) {
  const { data, error } = useJson<PersonDetail>(`/api/people/${encodeURIComponent(actorKey)}`, 5000);
  const now = useNow();
  if (data === null) return error ? <Failure what="This person" error={error} /> : <Skeleton lines={12} />;
  const { person, events } = data;
  return (
    <div className="view">
      <h1 className="title">
        {person.name ?? person.actor_key} <span className="muted">{person.role ?? ''}</span>
      </h1>
      <Panel id="risk" title="Risk" note="why: the riskiest event of the last 24 h">
        <div className="padded person-risk">
          <RiskBar value={person.user_risk} />
          <Change value={person.change24h} />
          <Reasons reasons={person.reasons} />
          <p className="muted">
            {person.actor_key} · {count(person.events)} events in 24 h · last seen <Ago us={person.last} now={now} />
          </p>
        </div>
      </Panel>
      <Panel
        id="events"
        title="Newest events"
        tools={<Link to={`/live?actor=${encodeURIComponent(actorKey)}`}>All</Link>}
      >
        <EventTable events={events} now={now} keyOf={(event) => event.event_uid} withoutPerson />
      </Panel>
    </div>
  );
}
