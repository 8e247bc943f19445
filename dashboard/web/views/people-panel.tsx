import { useState } from 'react';
import type { PersonRisk } from '../../api.ts';
import { useJson } from '../live/use-json.ts';
import { Link } from '../parts/marks.tsx';
import { Empty, Failure, Panel, Skeleton } from '../parts/panel.tsx';
import { Reasons, TopReason } from '../parts/reasons.tsx';
import { Change, RiskBar } from '../parts/risk-bar.tsx';

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

function PeopleList({ people }: { people: readonly PersonRisk[] }) {
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
            hidden={person.reasons.length === 0}
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
