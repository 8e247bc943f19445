import { useEffect, useRef, useState } from 'react';
import type { LiveEvent } from '../../api.ts';
import { count } from '../format.ts';
import { onKey } from '../keys.ts';
import { useFeed, useLive, useNow, useStore } from '../live/context.ts';
import { keyOf } from '../live/feed.ts';
import { EventTable } from '../parts/event-table.tsx';
import { Empty, Panel, Skeleton } from '../parts/panel.tsx';
import { useParam } from '../route.ts';

/** From this risk on an event is worth a look, whatever was decided. */
const NOTABLE_RISK = 20;

/** Rows drawn while the feed moves: what the tallest screen shows. All of them once somebody reads. */
const ROWS_MOVING = 48;

/** What happens now, in words. Holds still while it is being read, and says how many events wait. */
export function FeedPanel() {
  const store = useStore();
  const { rows, waiting, skipped } = useFeed();
  const { health } = useLive();
  const now = useNow();
  const [which, setWhich] = useParam('feed', 'all');
  const [isPaused, setPaused] = useState(false);
  const [held, setHeld] = useState<readonly string[]>([]);
  const hold = (reason: string, on: boolean) => {
    store.pause(reason, on);
    if (on !== held.includes(reason)) setHeld(on ? [...held, reason] : held.filter((other) => other !== reason));
  };
  const region = useRef<HTMLElement>(null);
  useEffect(() => onKey('p', () => setPaused((on) => !on)), []);
  useEffect(() => {
    store.pause('asked', isPaused);
    return () => store.pause('asked', false);
  }, [store, isPaused]);
  useEffect(
    () => () => {
      for (const reason of ['hover', 'scroll', 'focus']) store.pause(reason, false);
    },
    [store],
  );
  const resume = () => {
    setPaused(false);
    region.current?.scrollTo({ top: 0 });
    setHeld([]);
    for (const reason of ['hover', 'scroll', 'focus']) store.pause(reason, false);
  };
  const shown = which === 'notable' ? rows.filter(isNotable) : rows;
  return (
    <Panel
      id="feed"
      title="Live feed"
      className="feed-panel"
      note={skipped > 0 ? `a sample: ${count(skipped)} left out` : 'newest first'}
      tools={
        <>
          <button
            type="button"
            className="waiting"
            data-testid="feed-waiting"
            data-value={waiting}
            hidden={waiting === 0}
            onClick={resume}
          >
            {count(waiting)} waiting
          </button>
          <Segments value={which} onChange={setWhich} />
          <button
            type="button"
            className="ghost"
            aria-pressed={isPaused}
            title="p"
            onClick={() => setPaused(!isPaused)}
          >
            {isPaused ? 'Go on' : 'Pause'}
          </button>
        </>
      }
    >
      <section
        ref={region}
        className="scroll feed"
        data-testid="feed"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Events, newest first"
        onPointerEnter={(event) => event.pointerType === 'mouse' && hold('hover', true)}
        onPointerLeave={() => hold('hover', false)}
        onScroll={(event) => hold('scroll', event.currentTarget.scrollTop > 4)}
        onFocus={(event) => event.target.matches(':focus-visible') && hold('focus', true)}
        onBlur={() => hold('focus', false)}
      >
        <EventTable
          events={isPaused || held.length > 0 ? shown : shown.slice(0, ROWS_MOVING)}
          now={now}
          keyOf={keyOf}
        />
        {shown.length === 0 ? <NoRows isLoading={health === null} isFiltered={rows.length > 0} /> : null}
      </section>
    </Panel>
  );
}

function isNotable(event: LiveEvent): boolean {
  return event.risk >= NOTABLE_RISK || event.decision !== 'allow';
}

function Segments({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <fieldset className="segments">
      <legend className="sr-only">Which events</legend>
      {(['all', 'notable'] as const).map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={value === name}
          title={name === 'notable' ? 'risk from 20, step-ups and blocks' : 'every event that fits'}
          onClick={() => onChange(name)}
        >
          {name === 'all' ? 'All' : 'Notable'}
        </button>
      ))}
    </fieldset>
  );
}

function NoRows({ isLoading, isFiltered }: { isLoading: boolean; isFiltered: boolean }) {
  if (isLoading) return <Skeleton lines={8} />;
  return (
    <Empty>
      {isFiltered
        ? 'Nothing notable among the newest events: calm.'
        : 'Events appear here within a second of being scored. Waiting for the first.'}
    </Empty>
  );
}
