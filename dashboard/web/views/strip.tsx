import type { Overview } from '../../api.ts';
import { sparkline } from '../charts/sparkline.tsx';
import { count, rate } from '../format.ts';
import { useLive } from '../live/context.ts';
import { Link } from '../parts/marks.tsx';

interface Figure {
  readonly title: string;
  readonly value: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly to: string;
}

/** Five figures, each with its last 60 minutes and a link to what is behind it. */
export function Strip({ overview }: { overview: Overview | null }) {
  const { health } = useLive();
  const figures = overview ? figuresOf(overview, health?.eventsPerSecond ?? overview.health.eventsPerSecond) : null;
  return (
    <section className="strip" aria-label="Figures of the last 60 minutes">
      {(figures ?? EMPTY).map((figure) => (
        <Link key={figure.title} to={figure.to} className="figure">
          <span className="figure-title">{figure.title}</span>
          <span className={`figure-value num ${figures ? '' : 'is-loading'}`}>{figure.value}</span>
          <span className="figure-unit">{figure.unit}</span>
          {sparkline(figure.values)}
        </Link>
      ))}
    </section>
  );
}

function figuresOf(overview: Overview, eventsPerSecond: number): Figure[] {
  // The minute under way is not whole yet; its low end would look like a fall.
  const minutes = overview.minutes.slice(0, -1);
  const risk = overview.minutes.reduce((sum, minute) => sum + minute.riskWeighted, 0);
  return [
    {
      title: 'Events',
      value: rate(eventsPerSecond),
      unit: 'per second',
      values: minutes.map((minute) => minute.events / 60),
      to: '/live',
    },
    {
      title: 'Risk-weighted events',
      value: rate(risk),
      unit: 'last 60 min',
      values: minutes.map((minute) => minute.riskWeighted),
      to: '/live?min_risk=20',
    },
    {
      title: 'Open findings',
      value: count(overview.openFindings),
      unit: 'now',
      values: minutes.map((minute) => minute.findings),
      to: '/findings',
    },
    {
      title: 'Step-ups',
      value: rate(overview.stepUpsPer1000Logins),
      unit: 'per 1,000 log-ins',
      values: minutes.map((minute) => (minute.logins === 0 ? 0 : (1000 * minute.stepUps) / minute.logins)),
      to: '/live?decision=step_up',
    },
    {
      title: 'Control gaps',
      value: count(overview.controlGaps),
      unit: 'privileged without MFA, 60 min',
      values: minutes.map((minute) => minute.controlGaps),
      to: '/live?gaps=1',
    },
  ];
}

const EMPTY: readonly Figure[] = ['Events', 'Risk-weighted events', 'Open findings', 'Step-ups', 'Control gaps'].map(
  (title) => ({ title, value: '–', unit: 'loading', values: [], to: '/' }),
);
