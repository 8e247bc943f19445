import { type ReactNode, useEffect, useRef } from 'react';
import { age, utc } from '../format.ts';
import { KEYS, onKey, press } from '../keys.ts';
import { useLive, useNow } from '../live/context.ts';
import { navigate, useParam } from '../route.ts';
import { switchTheme, useTheme } from '../theme.ts';
import { VIEWS } from '../views/list.ts';
import { Icon } from './icon.tsx';
import { LiveDot } from './live-dot.tsx';
import { Link } from './marks.tsx';
import { Search } from './search.tsx';

/** Rail, top bar, the view, and the banner of a lost connection. */
export function Frame({ title, view, children }: { title: string; view: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Beagle`;
  }, [title]);
  useEffect(() => {
    const ends = VIEWS.map(({ path, key }) => onKey(`g ${key}`, () => navigate(path)));
    ends.push(onKey('d', switchTheme));
    return () => {
      for (const end of ends) end();
    };
  }, []);
  const { status } = useLive();
  return (
    <div className={`frame ${status === 'lost' ? 'is-stale' : ''}`}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <Rail view={view} />
      <TopBar title={title} hasRange={view === 'Overview'} />
      <main id="main" tabIndex={-1}>
        <LostBanner />
        {children}
      </main>
      <KeyList />
    </div>
  );
}

function Rail({ view }: { view: string }) {
  const theme = useTheme();
  return (
    <nav className="rail" aria-label="Views">
      <Link to="/" className="brand">
        <Icon name="Beagle" />
        <span>Beagle</span>
      </Link>
      <ul>
        {VIEWS.map(({ name, path }) => (
          <li key={name}>
            <Link to={path} className={`rail-link ${view === name ? 'is-here' : ''}`}>
              <Icon name={name} />
              <span>{name}</span>
            </Link>
          </li>
        ))}
      </ul>
      <Credit />
      <button type="button" className="ghost theme keys-button" onClick={() => press('?')} title="?">
        <Icon name="Keys" />
        <span>Keys</span>
      </button>
      <button type="button" className="ghost theme" onClick={switchTheme} title="d">
        <Icon name={theme === 'dark' ? 'Light' : 'Dark'} />
        <span>{theme === 'dark' ? 'Light' : 'Dark'}</span>
      </button>
    </nav>
  );
}

/** The licence of the places (CC BY 4.0) asks for it. */
function Credit() {
  return (
    <a className="credit" href="https://db-ip.com" target="_blank" rel="noreferrer">
      <span>IP geolocation by DB-IP</span>
    </a>
  );
}

const RANGES = [
  ['live', 'Live'],
  ['1h', '1 h'],
  ['24h', '24 h'],
  ['7d', '7 d'],
] as const;

function TopBar({ title, hasRange }: { title: string; hasRange: boolean }) {
  const [range, setRange] = useParam('range', 'live');
  return (
    <header className="top">
      <p className="where">{title}</p>
      {hasRange ? (
        <fieldset className="segments">
          <legend className="sr-only">Time range of the series</legend>
          {RANGES.map(([value, words]) => (
            <button key={value} type="button" aria-pressed={range === value} onClick={() => setRange(value)}>
              {words}
            </button>
          ))}
        </fieldset>
      ) : null}
      <Search />
      <LiveDot />
    </header>
  );
}

function LostBanner() {
  const { status, lostMs, health } = useLive();
  const now = useNow();
  const { skewUs } = useLive();
  return (
    <div role="status" className="banner-room">
      {status === 'lost' && lostMs !== null ? (
        <p className="banner" data-testid="connection-lost">
          <strong>Connection lost {age(lostMs * 1000 + skewUs, now)} ago.</strong> Trying again every second; nothing is
          lost meanwhile.{' '}
          {health ? `What you see is as of ${utc(health.now).slice(11, 19)} UTC.` : 'Is beagle running?'}
        </p>
      ) : null}
    </div>
  );
}

function KeyList() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => onKey('?', () => dialog.current?.showModal()), []);
  const known = new Set(VIEWS.map(({ key }) => `g ${key}`));
  return (
    <dialog ref={dialog} aria-labelledby="keys-title" className="keys">
      <h2 id="keys-title">Keys</h2>
      <dl>
        {KEYS.filter(([key]) => !key.startsWith('g ') || known.has(key)).map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="ghost">
          Close
        </button>
      </form>
    </dialog>
  );
}
