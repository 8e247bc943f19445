import { ConfigError, createRandom, type Random } from '../../core/index.ts';
import type { Activity, Generator, Label } from './activity.ts';
import type { Planned } from './campaigns/campaign.ts';
import { createSchedule, defaultCampaignEveryS, type Schedule } from './campaigns/schedule.ts';
import type { Company } from './company.ts';
import { createHabits, type Habits } from './habits.ts';
import { createRepertoire } from './kinds.ts';
import { createRoster, type Roster } from './roster.ts';

const MINUTE_US = 60e6;
const MIN_PEOPLE = 20;
/** No further attack begins while so many steps wait for their turn: attacks asked for faster than events come. */
const MAX_DUE = 200;

export interface WorldStreamOptions {
  readonly company: Company;
  /** The apps; each at most once. */
  readonly generators: readonly Generator[];
  readonly seed: number | string;
  /** µs since 1970 of the stream's beginning; by default the company's. */
  readonly startUs?: number;
  /** Events in a minute of simulated time; by default one for each person. */
  readonly perMinute?: number;
  /** Mean seconds of simulated time between attacks; 0 for none. Default: `defaultCampaignEveryS`. */
  readonly campaignEveryS?: number;
}

/** One native event of the synthetic company. */
export interface GeneratedEvent {
  /** From 0, without gaps. */
  readonly index: number;
  /** µs since 1970: when it happens, and when it is due. */
  readonly dueUs: number;
  readonly app: string;
  /** The native record as JSON, UTF-8. */
  readonly data: Uint8Array;
  /** The partition key: `person:p00042`; `<app>:<uid>` for an account that is nobody's. */
  readonly key: string;
  readonly personId: string;
  /** Ground truth: the attack that the event belongs to. */
  readonly label: Label | null;
  readonly activity: Activity;
}

/** How many people make as many events: one a minute each, 20 people at least. */
export function companySizeFor(ratePerMinute: number): number {
  return Math.max(MIN_PEOPLE, Math.ceil(ratePerMinute));
}

/**
 * The events of the company, without end, in order of time. Event k happens at start + (k + jitter) / rate, jitter
 * in [0, 1), so the rate is exact and constant; who acts follows working hours. Attacks take the place of ordinary
 * events, every other one at most. The first N events are the same bytes for the same company, generators, start,
 * seed and rate, whatever N. Memory grows with people, not with events.
 *
 * @throws ConfigError when the rate or the gap is no number that makes sense, or the generators have no habits.
 */
export function* createWorldStream(
  options: WorldStreamOptions,
): globalThis.Generator<GeneratedEvent, never, undefined> {
  const { company, generators } = options;
  const startUs = options.startUs ?? company.startUs;
  const perMinute = options.perMinute ?? company.people;
  const everyS = options.campaignEveryS ?? defaultCampaignEveryS(perMinute);
  check(perMinute, everyS, generators);
  const root = createRandom(`world/${options.seed}`);
  const repertoire = createRepertoire(generators);
  const roster = createRoster(company);
  const habits = createHabits(company, repertoire, roster, root.split('habits'));
  const random = root.split('campaigns');
  const schedule =
    everyS === 0 ? null : createSchedule({ company, repertoire, roster, habits, random }, startUs, everyS);
  const source = createSource(roster, habits, schedule, root.split('who'));
  const byApp = new Map(generators.map((generator) => [generator.app, generator]));
  const times = root.split('times');
  const natives = root.split('natives');
  const encoder = new TextEncoder();
  for (let index = 0; ; index++) {
    const dueUs = startUs + Math.floor(((index + times.next()) * MINUTE_US) / perMinute);
    const { activity, label } = source(dueUs);
    const { app, person } = activity;
    const native = byApp.get(app)?.generate(activity, natives.split(index));
    yield {
      index,
      dueUs,
      app,
      data: encoder.encode(JSON.stringify(native)),
      key: keyOf(activity),
      personId: person.id,
      label,
      activity,
    };
  }
}

function keyOf({ app, person }: Activity): string {
  // In an app where the company has no accounts nobody can tell that the e-mail address is a person's.
  return person.accounts[app] === undefined ? `${app}:${person.email}` : `person:${person.id}`;
}

type Source = (atUs: number) => { activity: Activity; label: Label | null };

/** What happens at each time: a planned step when one is due, in every other place at most, else ordinary work. */
function createSource(roster: Roster, habits: Habits, schedule: Schedule | null, random: Random): Source {
  const due: Planned[] = [];
  let wasPlanned = false;
  return (atUs) => {
    const plan = due.length < MAX_DUE ? (schedule?.next(atUs) ?? null) : null;
    if (plan !== null) {
      due.push(...plan);
      due.sort((a, b) => a.atUs - b.atUs);
    }
    const [first] = due;
    wasPlanned = !wasPlanned && first !== undefined && first.atUs <= atUs;
    if (wasPlanned && first !== undefined) {
      due.shift();
      if (roster.isEmployed(first.index, atUs)) return { activity: first.act(atUs), label: first.label };
    }
    return { activity: habits.act(ordinary(roster, habits, atUs, random), atUs), label: null };
  };
}

function ordinary(roster: Roster, habits: Habits, atUs: number, random: Random): number {
  for (let tries = 0; tries < 32; tries++) {
    const index = roster.pick(atUs, random);
    if (habits.canAct(index, atUs)) return index;
  }
  return 0;
}

function check(perMinute: number, everyS: number, generators: readonly Generator[]): void {
  if (!(perMinute > 0 && perMinute <= 1e9)) {
    throw new ConfigError(`[ingest/world] ${perMinute} events a minute; give a number above 0, up to 10^9`);
  }
  if (!(everyS === 0 || (everyS >= 1 && Number.isFinite(everyS)))) {
    throw new ConfigError(`[ingest/world] an attack every ${everyS} s; give 0 for none, or 1 or more`);
  }
  if (new Set(generators.map((generator) => generator.app)).size !== generators.length) {
    throw new ConfigError('[ingest/world] an app was given twice; name each app once');
  }
}
