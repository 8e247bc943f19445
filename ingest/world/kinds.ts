import type { ActivityKind, Generator } from './activity.ts';
import { DEPARTMENTS, useOf } from './departments.ts';

const SESSION_KINDS: ReadonlySet<ActivityKind> = new Set([
  'sign_in',
  'sign_in_failed',
  'mfa_verified',
  'mfa_denied',
  'sign_out',
]);

/** What only administrators do by themselves, with how often beside each other; it is done to somebody. */
const ADMIN_KINDS: ReadonlyMap<ActivityKind, number> = new Map([
  ['reset_password', 5],
  ['reset_mfa', 3],
  ['create_user', 1],
  ['deactivate_user', 1],
  ['grant_admin', 0.1],
  ['revoke_admin', 0.1],
]);
const PRIVILEGED: ReadonlySet<ActivityKind> = new Set([
  'reset_mfa',
  'create_user',
  'deactivate_user',
  'grant_admin',
  'revoke_admin',
  'disable_protection',
]);

/** Things to choose from by weight. */
export interface Choice<T> {
  readonly items: readonly T[];
  /** Sums of the weights up to and with each item; the last is the total. */
  readonly cumulative: readonly number[];
}

export interface Deed {
  readonly generator: Generator;
  readonly kind: ActivityKind;
}

/** What can be done in the apps that were given, worked out once. */
export interface Repertoire {
  readonly generators: readonly Generator[];
  /** Where people sign in first: the app with a second factor, else the first with sign-ins; null when none has. */
  readonly gate: Generator | null;
  /** What people do in a session, by department. */
  readonly work: readonly Choice<Deed>[];
  /** What administrators do to others. */
  readonly administration: Choice<Deed>;
  /** Whether the app has events of the kind at all, by habit or for attackers. */
  supports(generator: Generator, kind: ActivityKind): boolean;
  /** The apps that have events of the kind, the gate first. */
  withKind(kind: ActivityKind): readonly Generator[];
}

export function createRepertoire(generators: readonly Generator[]): Repertoire {
  const supports = (generator: Generator, kind: ActivityKind) =>
    (generator.habits[kind] ?? 0) > 0 || generator.also.includes(kind);
  const signsIn = generators.filter((generator) => (generator.habits.sign_in ?? 0) > 0);
  const gate = signsIn.find((generator) => supports(generator, 'mfa_verified')) ?? signsIn[0] ?? null;
  const deeds = generators.flatMap((generator) =>
    Object.entries(generator.habits).map(([kind, weight]) => ({ generator, kind: kind as ActivityKind, weight })),
  );
  const ordinary = deeds.filter(({ kind }) => !SESSION_KINDS.has(kind) && !PRIVILEGED.has(kind));
  const work = DEPARTMENTS.map((_, department) =>
    choice(ordinary, ({ generator, weight }) => weight * useOf(department, generator.app)),
  );
  const administrative = generators.flatMap((generator) =>
    [...ADMIN_KINDS.keys()].filter((kind) => supports(generator, kind)).map((kind) => ({ generator, kind })),
  );
  return {
    generators,
    gate,
    work,
    administration: choice(administrative, ({ kind }) => ADMIN_KINDS.get(kind) ?? 0),
    supports,
    withKind: (kind) =>
      generators
        .filter((generator) => supports(generator, kind))
        .sort((a, b) => Number(b === gate) - Number(a === gate)),
  };
}

/** The item on which `unit` in [0, 1) falls; null when there is nothing to choose from. */
export function choose<T>(from: Choice<T>, unit: number): T | null {
  const target = unit * (from.cumulative.at(-1) ?? 0);
  let [low, high] = [0, from.items.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((from.cumulative[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return from.items[low] ?? null;
}

function choice<T>(items: readonly T[], weight: (item: T) => number): Choice<T> {
  const used = items.filter((item) => weight(item) > 0);
  let total = 0;
  return {
    items: used,
    cumulative: used.map((item) => {
      total += weight(item);
      return total;
    }),
  };
}
