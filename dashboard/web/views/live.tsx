import { useState } from 'react';
import type { EventPage } from '../../api.ts';
import { useNow } from '../live/context.ts';
import { useJson } from '../live/use-json.ts';
import { EventTable } from '../parts/event-table.tsx';
import { Link } from '../parts/marks.tsx';
import { Empty, Failure, Panel, Skeleton } from '../parts/panel.tsx';
import { navigate } from '../route.ts';

const FILTERS = ['app', 'actor', 'ip', 'decision', 'min_risk', 'gaps'] as const;
const RISKS = ['0', '20', '40', '60', '80'] as const;

/** Events of the lake, newest first, filtered by what the address says. */
export function LiveView({ url }: { url: URL }) {
  const query = new URLSearchParams({ limit: '100' });
  for (const name of [...FILTERS, 'before']) {
    const value = url.searchParams.get(name);
    if (value) query.set(name, value);
  }
  const { data, error } = useJson<EventPage>(`/api/events?${query}`, 5000);
  const now = useNow();
  const isPast = url.searchParams.has('before');
  return (
    <div className="view">
      <h1 className="sr-only">Live</h1>
      <Filters url={url} />
      <Panel
        id="events"
        title="Events"
        note={isPast ? 'older page' : 'as committed to the lake, every 5 s'}
        tools={isPast ? <Link to={withParam(url, 'before', '')}>Newest</Link> : null}
      >
        {data ? <EventTable events={data.events} now={now} keyOf={(event) => event.event_uid} /> : null}
        {data?.events.length === 0 ? <Empty>No event fits these filters. Take one away to see more.</Empty> : null}
        {data === null && error ? <Failure what="Events" error={error} /> : null}
        {data === null && !error ? <Skeleton lines={12} /> : null}
        {data?.next ? (
          <p className="more">
            <Link to={withParam(url, 'before', data.next)}>Older events</Link>
          </p>
        ) : null}
      </Panel>
    </div>
  );
}

function Filters({ url }: { url: URL }) {
  const set = (name: string, value: string) => navigate(withParam(url, name, value));
  const value = (name: string) => url.searchParams.get(name) ?? '';
  return (
    <form className="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        Risk from
        <select value={value('min_risk') || '0'} onChange={(event) => set('min_risk', event.target.value)}>
          {[...new Set([...RISKS, value('min_risk') || '0'])].map((risk) => (
            <option key={risk}>{risk}</option>
          ))}
        </select>
      </label>
      <label>
        Decision
        <select value={value('decision')} onChange={(event) => set('decision', event.target.value)}>
          <option value="">any</option>
          <option value="allow">allowed</option>
          <option value="step_up">step-up</option>
          <option value="block">blocked</option>
        </select>
      </label>
      {(['app', 'actor', 'ip'] as const).map((name) => (
        <TextFilter key={`${name} ${value(name)}`} name={name} value={value(name)} set={set} />
      ))}
      <label className="check">
        <input
          type="checkbox"
          checked={value('gaps') === '1'}
          onChange={(event) => set('gaps', event.target.checked ? '1' : '')}
        />
        Control gaps only
      </label>
      {FILTERS.some((name) => value(name) !== '') ? <Link to="/live">Clear</Link> : null}
    </form>
  );
}

const WORDS = { app: 'App', actor: 'Person’s key', ip: 'Address' } as const;

function TextFilter(props: { name: keyof typeof WORDS; value: string; set: (name: string, value: string) => void }) {
  const [text, setText] = useState(props.value);
  const apply = () => {
    if (text.trim() !== props.value) props.set(props.name, text.trim());
  };
  return (
    <label>
      {WORDS[props.name]}
      <input
        value={text}
        size={props.name === 'app' ? 8 : 14}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
      />
    </label>
  );
}

/** The address with one parameter changed; a new filter begins at the newest page. */
function withParam(url: URL, name: string, value: string): string {
  const next = new URL(url);
  if (name !== 'before') next.searchParams.delete('before');
  if (value === '' || (name === 'min_risk' && value === '0')) next.searchParams.delete(name);
  else next.searchParams.set(name, value);
  return next.pathname + next.search;
}
