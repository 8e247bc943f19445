import { useState } from 'react';
import type { PersonRisk } from '../../api.ts';
import { useJson } from '../live/use-json.ts';
import { Link, riskLevel } from '../parts/marks.tsx';
import { Empty, Failure, Panel, Skeleton } from '../parts/panel.tsx';
import { Reasons, TopReason } from '../parts/reasons.tsx';

/** The riskiest people, with the top reason and the change over 24 h. */
export function PeoplePanel() {
  const { data, error } = useJson<{ people: PersonRisk[]; total: number }>('/api/people?limit=20', 5000);
  return (
    <Panel
      id="people"
      title="People by risk"
      className="people-panel"
      note="last 24 h"
      tools={<Link to="/people">All</Link>}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="scroll" tabIndex={0} aria-labelledby="people-title">
        {data ? <PeopleList people={data.people} /> : null}
        {data?.people.length === 0 ? (
          <Empty>People appear once their first events are in the lake (10 s).</Empty>
        ) : null}
        {data === null && error ? <Failure what="People" error={error} /> : null}
        {data === null && !error ? <Skeleton lines={6} /> : null}
      </section>
    </Panel>
  );
}

export function PeopleList({ people }: { people: readonly PersonRisk[] }) {
  return (
    <ul className="people">
      {people.map((person) => (
        <PersonItem key={person.actor_key} person={person} />
      ))}
    </ul>
  );
}

function PersonItem({ person }: { person: PersonRisk }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li data-actor-key={person.actor_key}>
      <div className="person">
        <span className="person-who">
          <Link to={`/people/${encodeURIComponent(person.actor_key)}`} className="quiet">
            {person.name ?? person.actor_key}
          </Link>
          <span className="muted">{person.role ?? ''}</span>
        </span>
        <RiskBar value={person.user_risk} />
        <span className="person-why">
          <span className="muted">
            <TopReason reasons={person.reasons} />
          </span>
          <button
            type="button"
            className="why"
            aria-expanded={isOpen}
            aria-label={`Why risk ${Math.round(person.user_risk)} for ${person.name ?? person.actor_key}?`}
            onClick={() => setOpen(!isOpen)}
          >
            why?
          </button>
        </span>
        <Change value={person.change24h} />
      </div>
      {isOpen ? <Reasons reasons={person.reasons} /> : null}
    </li>
  );
}

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

function Change({ value }: { value: number }) {
  const rounded = Math.round(value);
  const words = rounded === 0 ? '±0' : rounded > 0 ? `▲ ${rounded}` : `▼ ${-rounded}`;
  return (
    <span className="change num" title="change over 24 h">
      {words}
    </span>
  );
}
