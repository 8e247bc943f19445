import { memo, useState } from 'react';
import type { LiveEvent } from '../../api.ts';
import { place } from '../format.ts';
import { inWords } from '../words.ts';
import { Ago, AppMark, Decision, Link, Person, Risk } from './marks.tsx';
import { Reasons } from './reasons.tsx';

/** Events as rows: when, where from, who, what in words, risk with its reasons, decision. */
export function EventTable(props: {
  events: readonly LiveEvent[];
  now: number;
  keyOf: (event: LiveEvent) => string;
  withoutPerson?: boolean;
}) {
  return (
    <table className={`events ${props.withoutPerson ? 'without-person' : ''}`}>
      <caption className="sr-only">Events, newest first</caption>
      <thead>
        <tr>
          <th scope="col" className="c-time">
            When
          </th>
          <th scope="col" className="c-app">
            App
          </th>
          {props.withoutPerson ? null : (
            <th scope="col" className="c-who">
              Who
            </th>
          )}
          <th scope="col" className="c-what">
            What happened
          </th>
          <th scope="col" className="c-place">
            Place
          </th>
          <th scope="col" className="c-risk">
            Risk
          </th>
          <th scope="col" className="c-decision">
            Decision
          </th>
        </tr>
      </thead>
      <tbody>
        {props.events.map((event) => (
          <EventRow
            key={props.keyOf(event)}
            event={event}
            // The age is shown in whole units, so rows are drawn anew only when it changes.
            now={coarse(event.time, props.now)}
            withoutPerson={props.withoutPerson ?? false}
          />
        ))}
      </tbody>
    </table>
  );
}

function coarse(us: number, now: number): number {
  const seconds = Math.round((now - us) / 1e6);
  const step = seconds < 60 ? 1 : seconds < 3600 ? 60 : 3600;
  return us + Math.floor(seconds / step) * step * 1e6;
}

const EventRow = memo(function EventRow(props: { event: LiveEvent; now: number; withoutPerson: boolean }) {
  const { event, now } = props;
  const [isOpen, setOpen] = useState(false);
  const from = place(event.src_city, event.src_country, event.src_ip);
  return (
    <>
      <tr className={isOpen ? 'is-open' : ''} data-event-uid={event.event_uid}>
        <td className="c-time">
          <Ago us={event.time} now={now} short />
        </td>
        <td className="c-app">
          <AppMark app={event.app} />
        </td>
        {props.withoutPerson ? null : (
          <td className="c-who">
            <Person event={event} />
          </td>
        )}
        <td className="c-what">
          <span title={event.action}>
            {inWords(event.app, event.action, event.status)}
            {event.target_name ? <span className="muted"> · {event.target_name}</span> : null}
          </span>
        </td>
        <td className="c-place" title={event.src_ip ?? ''}>
          {from}
        </td>
        <td className="c-risk">
          <Risk value={event.risk} />
          <button
            type="button"
            className="why"
            hidden={event.reasons.length === 0 && event.risk < 1}
            aria-expanded={isOpen}
            aria-label={`Why risk ${Math.round(event.risk)}?`}
            onClick={() => setOpen(!isOpen)}
          >
            why?
          </button>
        </td>
        <td className="c-decision">
          <Decision value={event.decision} />
        </td>
      </tr>
      {isOpen ? (
        <tr className="opened">
          <td colSpan={props.withoutPerson ? 6 : 7}>
            <Reasons reasons={event.reasons} />
            <p className="muted">
              {event.app} · {event.action} · {event.status} · policy {event.policy_version} · person’s risk{' '}
              {Math.round(event.user_risk)} · <Link to={`/events/${event.event_uid}`}>the whole event</Link>
            </p>
          </td>
        </tr>
      ) : null}
    </>
  );
});
