import { ConfigError, type Random } from '../../core/index.ts';
import type { Activity, ActivityKind, City, Device, Generator, Person } from './activity.ts';
import { addressIn, CITIES } from './cities.ts';
import type { Company } from './company.ts';
import { laptop } from './devices.ts';
import { draw } from './draw.ts';
import { choose, type Deed, type Repertoire } from './kinds.ts';
import type { Roster } from './roster.ts';
import { type Whereabouts, whereabouts } from './trips.ts';

const MINUTE_US = 60e6;
const IDLE_US = 45 * MINUTE_US;
const LIFETIME_US = 600 * MINUTE_US;
/** Share of what administrators do that is administration. */
const ADMIN_SHARE = 0.05;

export interface Session {
  readonly id: string;
  readonly device: Device;
  readonly ip: string;
  readonly city: City;
  readonly stay: number;
  readonly mfa: boolean;
  readonly openedUs: number;
  lastUs: number;
  phase: 'start' | 'mfa' | 'active';
  /** Ordinary activities left before the person signs out. */
  left: number;
  /** Apps that the person has signed in to. */
  readonly signedIn: Set<string>;
  /** Apps in which the session has been seen. */
  readonly usedIn: Set<string>;
}

/** What people do by themselves. Its memory is one session for each person who acts. */
export interface Habits {
  /** What the person does at this time; they must be employed and not on the way (`canAct`). */
  act(index: number, atUs: number): Activity;
  /** Whether the person is somewhere and nobody holds them. */
  canAct(index: number, atUs: number): boolean;
  /** How many ordinary activities the person has behind them. */
  actsOf(index: number): number;
  /** The person's session, opened if there is none, made to last for at least `activities` more. */
  keepSession(index: number, atUs: number, activities: number): Session;
  /** `canAct` says no until the time; `act` still works. */
  hold(index: number, untilUs: number): void;
}

interface Memory {
  session: Session | null;
  acts: number;
  heldUntilUs: number;
}

/**
 * @throws ConfigError when there is nothing that people do in the apps.
 */
export function createHabits(company: Company, repertoire: Repertoire, roster: Roster, random: Random): Habits {
  if (repertoire.gate === null && repertoire.work.every((work) => work.items.length === 0)) {
    throw new ConfigError('[ingest/world] no app has anything that people do; choose at least one app with habits');
  }
  const memories: (Memory | undefined)[] = [];
  const memory = (index: number) => {
    const known = memories[index];
    if (known !== undefined) return known;
    const fresh: Memory = { session: null, acts: 0, heldUntilUs: 0 };
    memories[index] = fresh;
    return fresh;
  };
  const live = (index: number, atUs: number) => {
    const { session } = memory(index);
    if (session === null || atUs - session.lastUs > IDLE_US || atUs - session.openedUs > LIFETIME_US) return null;
    return session.stay === (whereabouts(company, index, atUs)?.stay ?? -1) ? session : null;
  };
  const session = (index: number, atUs: number) => {
    const mind = memory(index);
    const known = live(index, atUs);
    if (known !== null) return known;
    const isEarly = mind.acts === 0 && atUs - company.startUs < 30 * MINUTE_US;
    mind.session = openSession(company, repertoire, index, atUs, random, isEarly);
    return mind.session;
  };
  const scene = { company, repertoire, roster, random };
  return {
    canAct: (index, atUs) => memory(index).heldUntilUs <= atUs && whereabouts(company, index, atUs) !== null,
    actsOf: (index) => memory(index).acts,
    keepSession: (index, atUs, activities) => {
      const kept = session(index, atUs);
      kept.left = Math.max(kept.left, activities);
      kept.lastUs = Math.max(kept.lastUs, atUs);
      return kept;
    },
    hold: (index, untilUs) => {
      memory(index).heldUntilUs = untilUs;
    },
    act: (index, atUs) => {
      const mind = memory(index);
      mind.acts++;
      for (;;) {
        const current = session(index, atUs);
        const next = nextStep(scene, current, company.person(index), index, atUs);
        // A session that is over says goodbye in some apps; in the others the next one begins.
        if (next === null || next.kind === 'sign_out') mind.session = null;
        if (next === null) continue;
        current.lastUs = atUs;
        current.usedIn.add(next.generator.app);
        return toActivity(next, company.person(index), current, atUs);
      }
    },
  };
}

interface Scene {
  readonly company: Company;
  readonly repertoire: Repertoire;
  readonly roster: Roster;
  readonly random: Random;
}

interface Step extends Deed {
  readonly target: Person | null;
}

function openSession(
  company: Company,
  repertoire: Repertoire,
  index: number,
  atUs: number,
  random: Random,
  isEarly: boolean,
): Session {
  const place: Whereabouts = whereabouts(company, index, atUs) ?? { city: company.facts(index).city, stay: 0 };
  const person = company.person(index);
  const city = CITIES[place.city] ?? person.home;
  const isHome = place.stay === 0;
  const { seed } = company;
  // Most people were at work already when the stream begins: their sign-in lies before it.
  const wasOpen = isEarly && random.next() < 0.75;
  return {
    id: random.hex(24),
    device: deviceFor(company, person, index, atUs, random, isHome),
    ip: isHome ? person.homeIp : addressIn(city, draw(seed, index, place.stay), draw(seed, index, place.stay + 7)),
    city,
    stay: place.stay,
    mfa: random.next() < 0.9 && repertoire.gate !== null && repertoire.supports(repertoire.gate, 'mfa_verified'),
    openedUs: atUs,
    lastUs: atUs,
    phase: wasOpen ? 'active' : 'start',
    left: 8 + Math.floor(-30 * Math.log(1 - random.next())),
    signedIn: new Set(wasOpen ? repertoire.generators.map((generator) => generator.app) : []),
    usedIn: new Set(),
  };
}

function deviceFor(
  company: Company,
  person: Person,
  index: number,
  atUs: number,
  random: Random,
  isHome: boolean,
): Device {
  const [first] = person.devices;
  const unit = random.next();
  // A replaced or borrowed machine: the same one for 30 days.
  if (first === undefined || (isHome && unit < 0.004)) {
    return laptop(company.seed, index, 9000 + Math.floor(atUs / (30 * 1440 * MINUTE_US)), unit < 0.003);
  }
  return unit < 0.75 ? first : random.pick(person.devices);
}

function nextStep(scene: Scene, session: Session, person: Person, index: number, atUs: number): Step | null {
  const { repertoire, random } = scene;
  const { gate } = repertoire;
  const step = (generator: Generator, kind: ActivityKind) => ({ generator, kind, target: null });
  if (session.phase === 'start' && gate !== null) {
    if ((gate.habits.sign_in_failed ?? 0) > 0 && random.next() < 0.05) return step(gate, 'sign_in_failed');
    session.phase = session.mfa ? 'mfa' : 'active';
    session.signedIn.add(gate.app);
    return step(gate, 'sign_in');
  }
  if (session.phase === 'mfa' && gate !== null) {
    if ((gate.habits.mfa_denied ?? 0) > 0 && random.next() < 0.01) return step(gate, 'mfa_denied');
    session.phase = 'active';
    return step(gate, 'mfa_verified');
  }
  session.phase = 'active';
  session.left--;
  const work = repertoire.work[scene.company.facts(index).department];
  const deed = work === undefined || session.left < 0 ? null : choose(work, random.next());
  if (deed === null) {
    return gate !== null && (gate.habits.sign_out ?? 0) > 0 && random.next() < 0.5 ? step(gate, 'sign_out') : null;
  }
  const isNewApp = (deed.generator.habits.sign_in ?? 0) > 0 && !session.signedIn.has(deed.generator.app);
  session.signedIn.add(deed.generator.app);
  if (isNewApp) return step(deed.generator, 'sign_in');
  if (person.isAdmin && random.next() < ADMIN_SHARE)
    return administer(scene, index, atUs) ?? step(deed.generator, deed.kind);
  return { ...deed, target: isForSelf(deed.kind) ? person : null };
}

function isForSelf(kind: ActivityKind): boolean {
  return kind === 'reset_password' || kind === 'enroll_mfa';
}

/** An administrator's deed, with somebody whom it fits; null when there is none. */
function administer(scene: Scene, actor: number, atUs: number): Step | null {
  const { company, repertoire, roster, random } = scene;
  const deed = choose(repertoire.administration, random.next());
  if (deed === null) return null;
  const candidates =
    deed.kind === 'create_user' ? roster.joiners : deed.kind === 'deactivate_user' ? roster.leavers : null;
  if (candidates?.length === 0) return null;
  for (let tries = 0; tries < 8; tries++) {
    const target = candidates === null ? random.int(company.people) : random.pick(candidates);
    if (target !== actor && fits(deed.kind, company, roster, target, atUs)) {
      return { ...deed, target: company.person(target) };
    }
  }
  return null;
}

function fits(kind: ActivityKind, company: Company, roster: Roster, target: number, atUs: number): boolean {
  const { joinedUs, leftUs, isAdmin } = company.facts(target);
  const week = 7 * 1440 * MINUTE_US;
  if (kind === 'create_user') return joinedUs >= atUs && joinedUs < atUs + week;
  if (kind === 'deactivate_user') return leftUs !== null && leftUs <= atUs && leftUs > atUs - week;
  if (!roster.isEmployed(target, atUs)) return false;
  return kind === 'revoke_admin' ? isAdmin : kind !== 'grant_admin' || !isAdmin;
}

function toActivity(step: Step, person: Person, session: Session, atUs: number): Activity {
  return {
    app: step.generator.app,
    kind: step.kind,
    atUs,
    person,
    device: session.device,
    ip: session.ip,
    city: session.city,
    sessionId: session.id,
    mfa: session.mfa,
    target: step.target,
  };
}
