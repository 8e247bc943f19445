import type { ReactNode } from 'react';
import type { LiveEvent } from '../../api.ts';
import { appColor } from '../charts/colors.ts';
import { age, ago, utc } from '../format.ts';
import { follow } from '../route.ts';

/** 0 to 100 as a level 0 to 4 of the one risk scale. */
export function riskLevel(risk: number): number {
  return Math.min(4, Math.max(0, Math.floor(risk / 20)));
}

/** A score as a number and a filled shape, so that it reads without colour. */
export function Risk({ value, label = 'risk' }: { value: number; label?: string }) {
  const level = riskLevel(value);
  return (
    <span className="risk" data-level={level} title={`${label} ${value.toFixed(1)} of 100`}>
      <span className="risk-shape" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((step) => (
          <i key={step} className={step <= level && value >= 1 ? 'on' : ''} />
        ))}
      </span>
      <span className="num">{Math.round(value)}</span>
    </span>
  );
}

const DECISIONS = { allow: 'allowed', step_up: 'step-up', block: 'blocked' } as const;

export function Decision({ value }: { value: LiveEvent['decision'] }) {
  return <span className={`decision decision-${value}`}>{DECISIONS[value]}</span>;
}

/** Two letters on the app's colour. */
export function AppMark({ app }: { app: string }) {
  return (
    <span className="app-mark" title={app} data-app={appColor(app)}>
      <span aria-hidden="true">{app.slice(0, 2)}</span>
      <span className="sr-only">{app}</span>
    </span>
  );
}

/** A time in words; the exact UTC time on hover. */
export function Ago({ us, now, short = false }: { us: number; now: number; short?: boolean }) {
  return (
    <time dateTime={new Date(us / 1000).toISOString()} title={utc(us)} className="num">
      {short ? age(us, now) : ago(us, now)}
    </time>
  );
}

export function Link({ to, children, className }: { to: string; children: ReactNode; className?: string }) {
  return (
    <a href={to} onClick={follow} className={className}>
      {children}
    </a>
  );
}

/** Who acted: the directory's name, else the address, else the key; links to the person. */
export function Person({ event }: { event: Pick<LiveEvent, 'actor_key' | 'actor_email' | 'actor_name'> }) {
  const name = event.actor_name ?? event.actor_email ?? event.actor_key;
  return (
    <Link to={`/people/${encodeURIComponent(event.actor_key)}`} className="quiet">
      <span title={[event.actor_email, event.actor_key].filter(Boolean).join(' · ')}>{name}</span>
    </Link>
  );
}
