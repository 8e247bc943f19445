import type { Random } from '../../../core/index.ts';
import type { Activity, ActivityKind, City, Device, Generator, Label, Person } from '../activity.ts';
import { addressIn, distanceKm, HOSTING } from '../cities.ts';
import type { Company } from '../company.ts';
import { attackerDevice } from '../devices.ts';
import type { Habits, Session } from '../habits.ts';
import type { Repertoire } from '../kinds.ts';
import type { Roster } from '../roster.ts';
import { whereabouts } from '../trips.ts';

const SECOND_US = 1e6;
const HOUR_US = 3600e6;
/** Time for the victim's ordinary activities before the attack begins. */
export const PRELUDE_US = 4 * SECOND_US;

/** One thing that a campaign makes happen: at this time or as soon after as the stream has room. */
export interface Planned {
  readonly atUs: number;
  readonly label: Label | null;
  readonly act: (atUs: number) => Activity;
  /** The number of the person who acts. */
  readonly index: number;
}

/** What a campaign can see and use. */
export interface Stage {
  readonly company: Company;
  readonly repertoire: Repertoire;
  readonly roster: Roster;
  readonly habits: Habits;
  readonly random: Random;
  /** `password_spray-0003` */
  readonly name: string;
  /** When the attack begins; the prelude lies in the four seconds before. */
  readonly startUs: number;
  /** 1 for demonstrations; more stretches the attack out over longer simulated spans. */
  readonly stretch: number;
}

/** Where an attack comes from. */
export interface Attacker {
  readonly city: City;
  readonly ip: string;
  readonly device: Device;
  readonly sessionId: string;
}

/** An attacker in a hosting network of another country than all `victims` are in, and at least 2,500 km away. */
export function createAttacker(stage: Stage, victims: readonly Person[], salt: number): Attacker {
  const { random, company } = stage;
  const isFar = (city: City) =>
    victims.every(({ home }) => home.country !== city.country && distanceKm(home, city) > 2500);
  const far = HOSTING.filter(isFar);
  const city = random.pick(far.length > 0 ? far : HOSTING);
  return {
    city,
    ip: addressIn(city, random.int(1000), random.int(1000)),
    device: attackerDevice(company.seed, random.int(2 ** 30), salt),
    sessionId: random.hex(24),
  };
}

/**
 * A victim: employed, at home and not about to leave, nobody else's victim, if possible with a history; among a
 * bounded number of people, most of whom the roster puts at work at that time.
 */
export function chooseVictim(stage: Stage, isWanted: (person: Person, index: number) => boolean): number | null {
  const { company, roster, habits, random, startUs } = stage;
  let best: number | null = null;
  for (let tries = 0; tries < 96; tries++) {
    const index = tries < 64 ? roster.pick(startUs, random) : random.int(company.people);
    if (index < 3 || !roster.isEmployed(index, startUs + 6 * HOUR_US) || !roster.isEmployed(index, startUs)) continue;
    const stays = [0, 3, 6].every((h) => whereabouts(company, index, startUs + h * HOUR_US)?.stay === 0);
    if (!stays || !habits.canAct(index, startUs) || !isWanted(company.person(index), index)) continue;
    if (habits.actsOf(index) >= 6) return index;
    if (best === null || habits.actsOf(index) > habits.actsOf(best)) best = index;
  }
  return best;
}

/**
 * The victim's ordinary activities just before the attack, unlabelled: enough to make six with those before, one
 * at least. The victim does nothing else by themselves until an hour after `endUs`: the account is locked by then.
 */
export function prelude(stage: Stage, index: number, endUs: number): { planned: Planned[]; session: Session } {
  const { habits, startUs } = stage;
  const count = Math.max(1, 6 - habits.actsOf(index));
  const session = habits.keepSession(index, startUs - PRELUDE_US, count + 4);
  habits.hold(index, endUs + HOUR_US);
  const planned = Array.from({ length: count }, (_, i) => ({
    atUs: Math.floor(startUs - PRELUDE_US + (PRELUDE_US * i) / count),
    label: null,
    index,
    act: (atUs: number) => habits.act(index, atUs),
  }));
  return { planned, session };
}

/** Collects the steps of an attack, in order. */
export interface Script {
  readonly planned: readonly Planned[];
  readonly endUs: number;
  /** One more step, in the first of `apps`, by default the gate if it has the kind; nothing when no app has it. */
  add(step: ScriptStep): void;
}

interface ScriptStep {
  readonly stage: string;
  readonly kind: ActivityKind;
  /** The person in whose name it is done. */
  readonly index: number;
  readonly attacker: Attacker;
  /** Seconds since the attack began, before stretching. */
  readonly atS: number;
  readonly apps?: readonly Generator[];
  /** Names of apps to choose first among those, as they are when the step is taken. */
  readonly prefer?: ReadonlySet<string>;
  readonly mfa?: boolean;
  readonly target?: Person;
}

export function createScript(stage: Stage): Script {
  const planned: Planned[] = [];
  let endUs = stage.startUs;
  return {
    planned,
    get endUs() {
      return endUs;
    },
    add: (step) => {
      const apps = step.apps ?? stage.repertoire.withKind(step.kind);
      const [first] = apps;
      if (first === undefined) return;
      const { attacker, kind, index } = step;
      const person = stage.company.person(index);
      const atUs = Math.floor(stage.startUs + step.atS * stage.stretch * SECOND_US);
      endUs = Math.max(endUs, atUs);
      planned.push({
        atUs,
        index,
        label: { campaign: stage.name, stage: step.stage },
        act: (now) => ({
          app: (apps.find((each) => step.prefer?.has(each.app)) ?? first).app,
          kind,
          atUs: now,
          person,
          device: attacker.device,
          ip: attacker.ip,
          city: attacker.city,
          sessionId: attacker.sessionId,
          mfa: step.mfa ?? false,
          target: step.target ?? null,
        }),
      });
    },
  };
}

/** The apps that have the kind in an order of chance, so that an attacker looks around. */
export function shuffledApps(stage: Stage, kind: ActivityKind): readonly Generator[] {
  const apps = stage.repertoire.withKind(kind);
  const first = apps.length === 0 ? 0 : stage.random.int(apps.length);
  return [...apps.slice(first), ...apps.slice(0, first)];
}
