import type { PersonRisk } from '../../api.ts';
import { count } from '../format.ts';
import { useNow } from '../live/context.ts';
import { useJson } from '../live/use-json.ts';
import { Ago, Link } from '../parts/marks.tsx';
import { Empty, Failure, Panel, Skeleton } from '../parts/panel.tsx';
import { TopReason } from '../parts/reasons.tsx';
import { Change, RiskBar } from '../parts/risk-bar.tsx';

/** Everybody of the last two days, the riskiest first. */
export function PeopleView({ search }: { search: string }) {
  const url = `/api/people?limit=200&search=${encodeURIComponent(search)}`;
  const { data, error } = useJson<{ people: PersonRisk[]; total: number }>(url, 5000);
  const now = useNow();
  const found = search === '' ? 'the riskiest first' : `matching “${search}”`;
  return (
    <div className="view">
      <h1 className="sr-only">People</h1>
      <Panel
        id="people"
        title="People by risk"
        note={data ? `${count(data.total)} ${data.total === 1 ? 'person' : 'people'}, ${found}` : found}
        tools={search === '' ? null : <Link to="/people">All</Link>}
      >
        {data && data.people.length > 0 ? <PeopleTable people={data.people} now={now} /> : null}
        {data?.people.length === 0 ? (
          <Empty>
            {search === ''
              ? 'People appear once their first events are in the lake (10 s).'
              : 'Nobody fits. Names, roles, addresses and keys are searched among people seen in the last 48 h.'}
          </Empty>
        ) : null}
        {data === null && error ? <Failure what="People" error={error} /> : null}
        {data === null && !error ? <Skeleton lines={12} /> : null}
      </Panel>
    </div>
  );
}

function PeopleTable({ people, now }: { people: readonly PersonRisk[]; now: number }) {
  return (
    <table className="data wide">
      <caption className="sr-only">People, the riskiest first</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col" className="c-optional">
            Role
          </th>
          <th scope="col">Risk</th>
          <th scope="col" className="c-optional">
            Top reason
          </th>
          <th scope="col">24 h</th>
          <th scope="col" className="c-optional">
            Events, 24 h
          </th>
          <th scope="col" className="c-optional">
            Last seen
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.actor_key}>
            <td>
              <Link to={`/people/${encodeURIComponent(person.actor_key)}`} className="quiet">
                {person.name ?? person.actor_key}
              </Link>
            </td>
            <td className="c-optional muted">{person.role ?? '–'}</td>
            <td>
              <RiskBar value={person.user_risk} />
            </td>
            <td className="c-optional">
              <TopReason reasons={person.reasons} />
            </td>
            <td>
              <Change value={person.change24h} />
            </td>
            <td className="c-optional">{count(person.events)}</td>
            <td className="c-optional">
              <Ago us={person.last} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
