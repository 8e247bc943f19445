import { useState } from 'react';
import type { EventDetail } from '../../api.ts';
import { useNow } from '../live/context.ts';
import { useJson } from '../live/use-json.ts';
import { Ago, AppMark, Decision, Person, Risk } from '../parts/marks.tsx';
import { Failure, Panel, Skeleton } from '../parts/panel.tsx';
import { Reasons } from '../parts/reasons.tsx';
import { inWords } from '../words.ts';

/** One event: what happened, why it scored, all its columns, and the native form. */
export function EventView({ uid }: { uid: string }) {
  const { data, error } = useJson<EventDetail>(`/api/events/${encodeURIComponent(uid)}`, 30_000);
  const now = useNow();
  if (data === null) return error ? <Failure what="This event" error={error} /> : <Skeleton lines={12} />;
  const { event } = data;
  return (
    <div className="view">
      <h1 className="title">
        <AppMark app={event.app} /> <Person event={event} /> {inWords(event.app, event.action, event.status)}{' '}
        <span className="muted">
          <Ago us={event.time} now={now} />
        </span>
      </h1>
      <Panel id="why" title="Why this score">
        <div className="padded">
          <Risk value={event.risk} /> <Decision value={event.decision} />
          <Reasons reasons={event.reasons} />
        </div>
      </Panel>
      <Panel id="columns" title="Columns" note="as in the table events">
        <dl className="columns-list">
          {Object.entries(data.columns).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={value === null ? 'muted' : ''}>{value === null ? 'unknown' : String(value)}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel id="raw" title="Native event" note="as the app sent it">
        <Raw text={data.raw ?? ''} />
      </Panel>
    </div>
  );
}

function Raw({ text }: { text: string }) {
  const [isPretty, setPretty] = useState(true);
  return (
    <>
      <pre className="raw">{isPretty ? pretty(text) : text}</pre>
      <p className="more">
        <button type="button" className="ghost" aria-pressed={!isPretty} onClick={() => setPretty(!isPretty)}>
          {isPretty ? 'As it came' : 'Indented'}
        </button>
      </p>
    </>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
