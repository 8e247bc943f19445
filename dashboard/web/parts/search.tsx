import { type KeyboardEvent, useEffect, useRef } from 'react';
import { onKey } from '../keys.ts';
import { navigate } from '../route.ts';

/** Finds a person, an event by its uid, or an address; `/` comes here, Enter goes there. */
export function Search() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => onKey('/', () => input.current?.focus()), []);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') event.currentTarget.blur();
    const wanted = event.currentTarget.value.trim();
    if (event.key !== 'Enter' || wanted === '') return;
    navigate(target(wanted));
    event.currentTarget.blur();
  };
  return (
    <search className="search">
      <input
        ref={input}
        type="search"
        placeholder="Person, event uid or address"
        aria-label="Search for a person, an event uid or an address"
        maxLength={200}
        onKeyDown={onKeyDown}
      />
      <kbd>/</kbd>
    </search>
  );
}

function target(wanted: string): string {
  if (/^[\da-f]{16,128}$/i.test(wanted)) return `/events/${wanted}`;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(wanted) || /^[\da-f]*:[\da-f:.]+$/i.test(wanted))
    return `/live?ip=${encodeURIComponent(wanted)}`;
  return `/people?search=${encodeURIComponent(wanted)}`;
}
