import { ConfigError } from '../../core/index.ts';
import type { Account, Device, Person } from './activity.ts';
import { addressIn, CITIES, CITY_WEIGHTS } from './cities.ts';
import { DEPARTMENTS, IT_DEPARTMENT } from './departments.ts';
import { laptop, phone } from './devices.ts';
import { draw, drawUnit, pickWeighted } from './draw.ts';
import { createOktaIds, createPermutation, createSlackIds, type IdCodec } from './identifiers.ts';
import { FAMILY_NAMES, GIVEN_NAMES } from './names.ts';

const MAX_PEOPLE = 1_000_000;
const DAY_US = 86_400e6;
/** The domain of everybody's e-mail address; `.example` is reserved (RFC 2606) and reaches nobody. */
const DOMAIN = 'galapagos.example';
/** The apps in which everybody has an account. */
export const ACCOUNT_APPS: readonly string[] = ['okta', 'github', 'slack', 'aws'];

const DEPARTMENT_WEIGHTS = DEPARTMENTS.map((department) => department.weight);
const SALT = { city: 1, department: 2, role: 3, admin: 4, tenure: 5, joined: 6, left: 7, net: 8, host: 9, count: 10 };

interface CompanyOptions {
  /** Whole number, 3 to 1,000,000. */
  readonly people: number;
  readonly seed: number | string;
  /** µs since 1970: people join and leave around it. */
  readonly startUs: number;
}

export interface Company {
  readonly people: number;
  readonly startUs: number;
  /** 32 bits that stand for the seed. */
  readonly seed: number;
  /** The person with this number, 0 ≤ index < people; built on first use and kept. */
  person(index: number): Person;
  /** What is cheap to know of a person without building it. */
  facts(index: number): Facts;
  /** The number behind a person's id, or null. */
  indexOf(personId: string): number | null;
  /** The id of the person who owns this account, or null: nobody, or an app that the company does not use. */
  resolve(app: string, accountUid: string): string | null;
}

interface Facts {
  /** Index into CITIES. */
  readonly city: number;
  /** Index into DEPARTMENTS. */
  readonly department: number;
  readonly isAdmin: boolean;
  readonly joinedUs: number;
  readonly leftUs: number | null;
}

/**
 * The synthetic company. Person k is the same whatever the number of people; nothing is built before it is asked
 * for. People 0 to 19 founded it and stay; of the others about 3 % join and 4 % leave within 60 days after
 * `startUs`, and 2 % have left before. People 0 to 2 are administrators, and about 2 % of those from 100 on.
 *
 * @throws ConfigError when `people` is not a whole number from 3 to 1,000,000, or `startUs` not a time.
 */
export function createCompany(options: CompanyOptions): Company {
  const { people, startUs } = options;
  if (!Number.isInteger(people) || people < 3 || people > MAX_PEOPLE) {
    throw new ConfigError(`[ingest/world] a company of ${people} people; give a whole number from 3 to ${MAX_PEOPLE}`);
  }
  if (!Number.isSafeInteger(startUs) || startUs < 0) {
    throw new ConfigError(`[ingest/world] ${startUs} is no start time; give whole microseconds since 1970`);
  }
  const seed = seedOf(options.seed);
  const accounts = createAccounts(seed);
  const built: (Person | undefined)[] = [];
  const known: (Facts | undefined)[] = [];
  const facts = (index: number) => {
    const before = known[index];
    if (before !== undefined) return before;
    const fresh = factsOf(seed, index, startUs);
    known[index] = fresh;
    return fresh;
  };
  return {
    people,
    startUs,
    seed,
    facts,
    person: (index) => {
      const before = built[index];
      if (before !== undefined) return before;
      if (!(index >= 0 && index < people)) throw new RangeError(`[ingest/world] no person ${index}; have ${people}`);
      const person = build(seed, index, facts(index), accounts);
      built[index] = person;
      return person;
    },
    indexOf: (personId) => {
      const index = /^p\d{5,7}$/.test(personId) ? Number(personId.slice(1)) : -1;
      return index >= 0 && index < people && personIdOf(index) === personId ? index : null;
    },
    resolve: (app, accountUid) => {
      const index = accounts.decode(app, accountUid);
      return index !== null && index < people ? personIdOf(index) : null;
    },
  };
}

/** `p00042`, five digits at least. */
function personIdOf(index: number): string {
  return `p${String(index).padStart(5, '0')}`;
}

function seedOf(seed: number | string): number {
  let h = 0x811c9dc5;
  for (const char of String(seed)) h = Math.imul(h ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return draw(h, 0, 0);
}

function factsOf(seed: number, index: number, startUs: number): Facts {
  const isAdmin = index < 3 || (index >= 100 && drawUnit(seed, index, SALT.admin) < 0.02);
  const department = isAdmin ? IT_DEPARTMENT : pickWeighted(DEPARTMENT_WEIGHTS, drawUnit(seed, index, SALT.department));
  const tenure = drawUnit(seed, index, SALT.tenure);
  const within60Days = (salt: number) => Math.floor(drawUnit(seed, index, salt) * 60 * DAY_US);
  let joinedUs = startUs - Math.floor((70 + drawUnit(seed, index, SALT.joined) * 2000) * DAY_US);
  let leftUs: number | null = null;
  if (index >= 20) {
    if (tenure < 0.03) joinedUs = startUs + within60Days(SALT.joined);
    else if (tenure < 0.07) leftUs = startUs + within60Days(SALT.left);
    else if (tenure < 0.09) leftUs = startUs - within60Days(SALT.left) - 1;
  }
  const city = pickWeighted(CITY_WEIGHTS, drawUnit(seed, index, SALT.city));
  return { city, department, isAdmin, joinedUs: Math.max(0, joinedUs), leftUs };
}

function build(seed: number, index: number, facts: Facts, accounts: Accounts): Person {
  const department = DEPARTMENTS[facts.department];
  const home = CITIES[facts.city];
  if (department === undefined || home === undefined) throw new RangeError('[ingest/world] a draw outside its table');
  const roles = department.roles;
  const role = roles[Math.floor((draw(seed, index, SALT.role) / 2 ** 32) ** 1.5 * roles.length)] ?? 'Employee';
  const name = accounts.name(index);
  return {
    id: personIdOf(index),
    givenName: name.given,
    familyName: name.family,
    email: name.email,
    role: facts.isAdmin ? 'Systems Administrator' : role,
    department: department.name,
    isAdmin: facts.isAdmin,
    home,
    homeIp: addressIn(home, draw(seed, index, SALT.net), draw(seed, index, SALT.host)),
    devices: devicesOf(seed, index),
    accounts: accounts.of(index),
    joinedUs: facts.joinedUs,
    leftUs: facts.leftUs,
  };
}

function devicesOf(seed: number, index: number): Device[] {
  const devices = [laptop(seed, index, 20, true)];
  const count = drawUnit(seed, index, SALT.count);
  if (count < 0.6) devices.push(phone(seed, index, 21, count < 0.25));
  if (count < 0.1) devices.push(laptop(seed, index, 22, count < 0.03));
  return devices;
}

interface Accounts {
  name(index: number): { given: string; family: string; email: string };
  of(index: number): Readonly<Record<string, Account>>;
  decode(app: string, uid: string): number | null;
}

/** Names and accounts are functions of the person's number that can be turned round, so `resolve` needs no index. */
function createAccounts(seed: number): Accounts {
  const okta = createOktaIds(seed);
  const slack = createSlackIds(seed);
  const names = createPermutation(GIVEN_NAMES.length * FAMILY_NAMES.length, seed, 100);
  const name = (index: number) => {
    const pair = names.apply(index % names.size);
    const given = GIVEN_NAMES[pair % GIVEN_NAMES.length] ?? '';
    const family = FAMILY_NAMES[Math.floor(pair / GIVEN_NAMES.length)] ?? '';
    // A name comes back after 59,427 people; those get a number, as e-mail systems do.
    const again = Math.floor(index / names.size);
    const local = `${given}.${family}${again === 0 ? '' : again + 1}`.toLowerCase();
    return { given, family, local, email: `${local}@${DOMAIN}` };
  };
  const indexOfLocal = (local: string) => {
    const match = /^([a-z]+)\.([a-z]+)(\d{0,2})$/.exec(local);
    if (match === null) return null;
    const pair = indexIn(GIVEN_NAMES, match[1]) + indexIn(FAMILY_NAMES, match[2]) * GIVEN_NAMES.length;
    if (Number.isNaN(pair)) return null;
    const index = names.invert(pair) + (match[3] ? Number(match[3]) - 1 : 0) * names.size;
    return name(index).local === local ? index : null;
  };
  const codecs: Readonly<Record<string, IdCodec['decode']>> = {
    okta: okta.decode,
    slack: slack.decode,
    github: (uid) => indexOfLocal(uid.replace('-', '.')),
    aws: (uid) => (uid.endsWith(`@${DOMAIN}`) ? indexOfLocal(uid.slice(0, -DOMAIN.length - 1)) : null),
  };
  return {
    name,
    of: (index) => {
      const { local, email } = name(index);
      const login = local.replace('.', '-');
      return {
        okta: { uid: okta.encode(index), login: email },
        github: { uid: login, login },
        slack: { uid: slack.encode(index), login: local },
        aws: { uid: email, login: email },
      };
    },
    decode: (app, uid) => (Object.hasOwn(codecs, app) ? (codecs[app]?.(uid) ?? null) : null),
  };
}

function indexIn(names: readonly string[], lowered: string | undefined): number {
  const at = names.findIndex((name) => name.toLowerCase() === lowered);
  return at < 0 ? Number.NaN : at;
}
