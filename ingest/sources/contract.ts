import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  CLASS,
  createRandom,
  EVENT_COLUMNS,
  type MappedEvent,
  parseNative,
  type Random,
  readNative,
  type Source,
  type Status,
} from '../../core/index.ts';
import type { Account, Activity, ActivityKind, City, Device, Generator, Person } from '../world/activity.ts';
import { COLUMN_TEXT_MAX } from './text.ts';

export interface ContractOptions {
  /** The app's account of the n-th person of the sample, as the app's ids look. */
  readonly account: (n: number) => Account;
  /** Least and most bytes of a generated event as JSON. */
  readonly jsonBytes: readonly [number, number];
  /** The vendor's resolution of time, µs; a millisecond when left out. */
  readonly resolutionUs?: number;
  /** Kinds whose native event names no actor, or another one, because the vendor hides it. */
  readonly otherActor?: readonly ActivityKind[];
  /** Kinds whose native event has no source address. */
  readonly noIp?: readonly ActivityKind[];
}

const AUTHENTICATION: readonly ActivityKind[] = ['sign_in', 'sign_in_failed', 'mfa_verified', 'mfa_denied', 'sign_out'];
const FAILING: readonly ActivityKind[] = ['sign_in_failed', 'mfa_denied'];
const CHANGES_MFA: readonly ActivityKind[] = ['enroll_mfa', 'reset_mfa'];
const PRIVILEGED: readonly ActivityKind[] = [
  'reset_mfa',
  'grant_admin',
  'revoke_admin',
  'create_user',
  'deactivate_user',
  'disable_protection',
];
const EVERYDAY: readonly ActivityKind[] = [...AUTHENTICATION, 'read', 'download'];

/** Highest activity_id of each OCSF 1.8.0 class, beside 0 Unknown and 99 Other. */
const ACTIVITY_MAX: Readonly<Record<number, number>> = {
  3001: 12,
  3002: 7,
  3003: 2,
  3004: 13,
  3005: 2,
  3006: 8,
  6001: 8,
  6002: 8,
  6003: 4,
  6005: 10,
  6006: 17,
};

const OCSF_BUNDLE = new URL('../../../shared/corpora/ocsf/ocsf-1.8.0.jsonschema-bundle.json', import.meta.url);

const COLUMN_TYPES = new Map(EVENT_COLUMNS.map((column) => [column.name, column]));

/** Every member of a MappedEvent, so that a map that forgets or adds one is found. */
const MEMBERS: readonly (keyof MappedEvent)[] = [
  'native_uid',
  'time',
  'class_uid',
  'activity_id',
  'severity_id',
  'status',
  'status_detail',
  'action',
  'actor_uid',
  'actor_email',
  'actor_type',
  'target_uid',
  'target_type',
  'target_name',
  'src_ip',
  'device_uid',
  'device_os',
  'device_managed',
  'user_agent',
  'session_uid',
  'mfa',
  'auth_protocol',
  'is_privileged',
  'changes_mfa',
  'sensitivity',
];

/**
 * Throws unless the event has exactly the members of a MappedEvent, each of its column's type and within bounds:
 * texts of 1 to 1,024 characters, an address that is one, closed enums, OCSF's activities of the class.
 */
export function expectMappedEvent(event: MappedEvent): void {
  expect(Object.keys(event).sort()).toEqual([...MEMBERS].sort());
  for (const [name, value] of Object.entries(event)) {
    const column = COLUMN_TYPES.get(name) ?? { type: 'boolean', nullable: false };
    if (value === null) {
      expect(column.nullable || name === 'time', `${name} is null`).toBe(true);
    } else if (column.type === 'string') {
      expect(typeof value, name).toBe('string');
      expect((value as string).length, name).toBeGreaterThan(0);
      expect((value as string).length, name).toBeLessThanOrEqual(COLUMN_TEXT_MAX);
    } else if (column.type === 'boolean') {
      expect(typeof value, name).toBe('boolean');
    } else {
      expect(Number.isSafeInteger(value), name).toBe(true);
    }
  }
  expect(Object.values(CLASS)).toContain(event.class_uid);
  const { activity_id } = event;
  expect(activity_id === 99 || (activity_id >= 0 && activity_id <= (ACTIVITY_MAX[event.class_uid] ?? -1))).toBe(true);
  expect(event.severity_id).toBeGreaterThanOrEqual(1);
  expect(event.severity_id).toBeLessThanOrEqual(5);
  expect(['success', 'failure', 'unknown', 'other']).toContain(event.status);
  expect(['user', 'admin', 'system', 'service', 'unknown']).toContain(event.actor_type);
  expect([0, 1, 2, 3]).toContain(event.sensitivity);
  if (event.src_ip !== null) expect(isIP(event.src_ip)).not.toBe(0);
}

/** What the source makes of a native event: the mapped event, or the path of the first fault. */
export function mapNative(source: Source, native: unknown): MappedEvent | { readonly fault: string } {
  const parsed = parseNative(source, native);
  return 'fault' in parsed ? { fault: parsed.fault } : source.map(parsed.native);
}

/** That a worker, which parses what the source reads and may only look at its types, sees what the schema accepts. */
function expectReads(source: Source, json: string): void {
  const { result } = readNative(source.app, Buffer.from(json), source);
  const whole = mapNative(source, JSON.parse(json));
  if (result.kind === 'ok') expect(source.map(result.value.native)).toEqual(whole);
  else if (result.kind === 'deadLetter' && result.reason.startsWith('schema:'))
    expect({ fault: result.reason.slice('schema:'.length) }).toEqual(whole);
}

/** null when the value holds itself. */
function jsonOf(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}

/**
 * The suite that every app's folder passes: golden fixtures, what is generated maps back to what was meant,
 * determinism, unique ids, and no input that the schema accepts makes the mapper throw. `folder` is the app's
 * folder as a URL ending in `/`; UPDATE_GOLDEN=1 rewrites its expected.ndjson.
 */
export function describeSource(source: Source, generator: Generator, folder: URL, options: ContractOptions): void {
  const fixtures = readLines(new URL('fixtures.ndjson', folder));
  afterEach(() => {
    vi.restoreAllMocks();
  });

  describe(`${source.app} declares itself`, () => {
    it('names its folder', () => {
      expect(folder.pathname.endsWith(`/${source.app}/`)).toBe(true);
      expect(generator.app).toBe(source.app);
      expect(source.title.length).toBeGreaterThan(0);
      expect(Number.isInteger(source.mapperVersion) && source.mapperVersion >= 1).toBe(true);
    });
  });

  describe(`${source.app} fixtures`, () => {
    it('are at least 25 and map as the golden file says', () => {
      expect(fixtures.length).toBeGreaterThanOrEqual(25);
      const mapped = fixtures.map((native) => mapNative(source, native));
      const golden = new URL('expected.ndjson', folder);
      if (process.env.UPDATE_GOLDEN === '1') {
        writeFileSync(golden, `${mapped.map((event) => JSON.stringify(event)).join('\n')}\n`);
      }
      const expected = readLines(golden);
      for (const [i, event] of mapped.entries()) {
        expect(event, `fixture ${i + 1} of ${source.app}`).toEqual(expected[i]);
        if (!('fault' in event)) expectMappedEvent(event);
      }
      expect(expected).toHaveLength(mapped.length);
    });

    it('map the same when only what the source reads is parsed', () => {
      for (const native of fixtures) expectReads(source, JSON.stringify(native));
    });

    it('agree with nativeId and actor', () => {
      for (const native of fixtures) {
        const parsed = source.schema.safeParse(native);
        if (parsed.success) expectConsistent(source, parsed.data);
      }
    });
  });

  describeGenerated(source, generator, options);
  describeHostile(source, fixtures);
  describeOcsf(source, fixtures);
}

function expectConsistent(source: Source, native: unknown): void {
  const event = source.map(native);
  expect(event.native_uid).toBe(source.nativeId(native));
  const actor = source.actor(native);
  expect(event.actor_uid).toBe(actor?.uid ?? null);
  if (actor !== null) expect(event.actor_email).toBe(actor.email);
}

function describeGenerated(source: Source, generator: Generator, options: ContractOptions): void {
  const kinds = [...(Object.keys(generator.habits) as ActivityKind[]), ...generator.also];
  const generate = (activity: Activity, random: Random): unknown => {
    vi.spyOn(Math, 'random').mockImplementation(() => {
      throw new Error('randomness comes from the argument');
    });
    return JSON.parse(JSON.stringify(generator.generate(activity, random)));
  };

  describe(`${source.app} generated events`, () => {
    it('come in kinds that are declared once', () => {
      expect(kinds.length).toBeGreaterThan(0);
      expect(new Set(kinds).size).toBe(kinds.length);
      for (const weight of Object.values(generator.habits)) expect(weight).toBeGreaterThan(0);
    });

    it.each(kinds)('of %s map back to what was meant', (kind) => {
      for (let i = 0; i < 60; i++) {
        const activity = sampleActivity(source.app, kind, i, options.account);
        const native = generate(activity, createRandom(`${kind} ${i}`));
        const parsed = source.schema.safeParse(native);
        expect(parsed.error?.issues ?? [], JSON.stringify(native)).toEqual([]);
        const event = source.map(parsed.data);
        expectMappedEvent(event);
        expectConsistent(source, parsed.data);
        expectMeaning(event, activity, options);
      }
    });

    it.each(kinds)('of %s are complete JSON of the right size, the same for the same random stream', (kind) => {
      for (let i = 0; i < 20; i++) {
        const activity = sampleActivity(source.app, kind, i, options.account);
        const text = JSON.stringify(generator.generate(activity, createRandom(i)));
        expect(JSON.stringify(generate(activity, createRandom(i)))).toBe(text);
        const bytes = Buffer.byteLength(text);
        expect(bytes).toBeGreaterThanOrEqual(options.jsonBytes[0]);
        expect(bytes).toBeLessThanOrEqual(options.jsonBytes[1]);
      }
    });

    it('have native ids that are all different', () => {
      const random = createRandom('ids');
      const ids = new Set<string | null>();
      for (let i = 0; i < 10_000; i++) {
        const kind = kinds[i % kinds.length] as ActivityKind;
        const native = generator.generate(sampleActivity(source.app, kind, i % 97, options.account), random);
        ids.add(source.nativeId(source.schema.parse(native)));
      }
      expect(ids.has(null)).toBe(false);
      expect(ids.size).toBe(10_000);
    });
  });
}

function expectMeaning(event: MappedEvent, activity: Activity, options: ContractOptions): void {
  const { kind } = activity;
  const resolutionUs = options.resolutionUs ?? 1000;
  expect(event.time).toBe(Math.floor(activity.atUs / resolutionUs) * resolutionUs);
  const status: Status = FAILING.includes(kind) ? 'failure' : 'success';
  expect(event.status).toBe(status);
  expect(event.action.length).toBeGreaterThan(0);
  if (!options.otherActor?.includes(kind)) {
    expect(event.actor_uid).toBe(activity.person.accounts[activity.app]?.uid);
  }
  expect(event.src_ip).toBe(options.noIp?.includes(kind) ? null : activity.ip);
  expect(event.changes_mfa).toBe(CHANGES_MFA.includes(kind));
  if (AUTHENTICATION.includes(kind)) expect(event.class_uid).toBe(CLASS.authentication);
  if (PRIVILEGED.includes(kind)) expect(event.is_privileged).toBe(true);
  if (EVERYDAY.includes(kind)) expect(event.is_privileged).toBe(false);
}

function describeHostile(source: Source, fixtures: readonly unknown[]): void {
  const mutated = fc
    .record({
      fixture: fc.constantFrom(...fixtures.map((fixture) => JSON.stringify(fixture))),
      edits: fc.array(fc.record({ at: fc.nat(), how: fc.nat(3), value: hostileValue() }), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ fixture, edits }) => {
      let native: unknown = JSON.parse(fixture);
      for (const edit of edits) native = mutate(native, edit.at, edit.how, edit.value);
      return native;
    });

  describe(`${source.app} hostile events`, () => {
    it('are refused by the schema or map to a row, never throw', () => {
      let accepted = 0;
      fc.assert(
        fc.property(mutated, (native) => {
          const json = jsonOf(native);
          if (json !== null) expectReads(source, json);
          const parsed = parseNative(source, native);
          if ('fault' in parsed) return;
          accepted++;
          expectMappedEvent(source.map(parsed.native));
          expectConsistent(source, parsed.native);
        }),
        { numRuns: 1500 },
      );
      expect(accepted).toBeGreaterThan(100);
    });

    it('are refused when they hold what cannot be compared', () => {
      const names = new Set(source.reads.map((pointer) => pointer.split('/')[1] ?? ''));
      for (const name of names) {
        for (const value of ['{"length":{"toString":null,"valueOf":null}}', '{"toString":null}', '[{"length":{}}]']) {
          const json = `{${JSON.stringify(name)}:${value}}`;
          expect(readNative(source.app, Buffer.from(json), source).result.kind, json).toBe('deadLetter');
        }
      }
    });

    it.each([null, 7, 'text', true, [], [[]], {}, JSON.parse('{"__proto__": {"polluted": true}}')])(
      'such as %j are refused',
      (native) => {
        expect(source.schema.safeParse(native).success).toBe(false);
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      },
    );
  });
}

/** Values of the wrong type, of hostile size or with members that reach for prototypes. */
function hostileValue(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, 4.5, '', ' ', 'null', [], {}, [null], [[]], [{}]),
    fc.constant('x'.repeat(1_000_000)),
    fc.constant('🐕'.repeat(5000)),
    fc.constant(JSON.parse('{"__proto__": {"id": "x"}, "constructor": 7, "toString": null, "length": -1}')),
    fc.constant(JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`)),
    fc.constant(JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)),
    fc.string({ unit: 'binary' }),
    fc.json().map((text) => JSON.parse(text) as unknown),
  );
}

/** Replaces, removes, wraps or renames one member somewhere in the event; `at` chooses which. */
function mutate(native: unknown, at: number, how: number, value: unknown): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > 8) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit((node as Record<string, unknown>)[key], depth + 1);
    }
  };
  visit(native, 0);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return value;
  const [parent, key] = place;
  if (how === 0) parent[key] = value;
  else if (how === 1) delete parent[key];
  else if (how === 2) parent[key] = [parent[key]];
  else {
    const held = parent[key];
    delete parent[key];
    Object.defineProperty(parent, key === 'id' ? '__proto__' : key.toLowerCase(), {
      value: held,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return native;
}

function describeOcsf(source: Source, fixtures: readonly unknown[]): void {
  const missing = !existsSync(OCSF_BUNDLE);
  if (missing)
    console.info(`[ingest/sources] ${source.app}: OCSF’s schema is not here; its activities are not compared`);
  it.skipIf(missing)(`${source.app} fixtures have activities that OCSF 1.8.0 knows`, () => {
    const bundle = JSON.parse(readFileSync(OCSF_BUNDLE, 'utf8')) as {
      classes: Record<string, { properties: { activity_id: { enum: number[] } } }>;
    };
    for (const [uid, max] of Object.entries(ACTIVITY_MAX)) {
      const known = bundle.classes[uid]?.properties.activity_id.enum ?? [];
      expect([...known].sort((a, b) => a - b)).toEqual([...Array(max + 1).keys(), 99]);
    }
    for (const native of fixtures) {
      const event = mapNative(source, native);
      if ('fault' in event) continue;
      const known = bundle.classes[String(event.class_uid)]?.properties.activity_id.enum;
      expect(known, JSON.stringify(event)).toContain(event.activity_id);
    }
  });
}

function readLines(file: URL): unknown[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
}

const CITIES: readonly City[] = [
  {
    city: 'Lisbon',
    country: 'PT',
    countryName: 'Portugal',
    region: 'Lisbon',
    lat: 38.7167,
    lon: -9.1333,
    utcOffsetH: 0,
    networks: ['193.136.1'],
    asn: 1930,
    asOrg: 'Fundacao para a Ciencia e a Tecnologia, I.P.',
  },
  {
    city: 'São Paulo',
    country: 'BR',
    countryName: 'Brazil',
    region: 'São Paulo',
    lat: -23.5475,
    lon: -46.6361,
    utcOffsetH: -3,
    networks: ['200.147.3'],
    asn: 7162,
    asOrg: 'Universo Online S.A.',
  },
];

const DEVICES: readonly Device[] = [
  {
    uid: 'dev-0001',
    os: 'Mac OS X',
    browser: 'CHROME',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
    managed: true,
  },
  {
    uid: 'dev-0002',
    os: 'iOS',
    browser: 'SAFARI',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    managed: false,
  },
  {
    uid: 'dev-0003',
    os: 'Windows 11',
    browser: 'EDGE',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0',
    managed: true,
  },
];

const NAMES = [
  ['Inês', 'Carvalho', 'ines.carvalho'],
  ['Tomé', "D'Ávila", 'tome.davila'],
  ['美咲', '田中', 'misaki.tanaka'],
] as const;

/** The n-th of a few people who have accounts in one app. */
function samplePerson(app: string, n: number, account: (n: number) => Account): Person {
  const [givenName, familyName, mailbox] = NAMES[n % NAMES.length] as (typeof NAMES)[number];
  const home = CITIES[n % CITIES.length] as City;
  return {
    id: `p${String(n).padStart(5, '0')}`,
    givenName,
    familyName,
    email: `${mailbox}@beagle.example`,
    role: n === 0 ? 'IT administrator' : 'Engineer',
    department: n === 0 ? 'IT' : 'Engineering',
    isAdmin: n === 0,
    home,
    homeIp: `${home.networks[0]}.${10 + n}`,
    devices: DEVICES,
    accounts: { [app]: account(n) },
    joinedUs: Date.UTC(2020, 0, 1) * 1000,
    leftUs: null,
  };
}

/** The i-th activity of a kind: people, devices, places and times vary with i. */
export function sampleActivity(app: string, kind: ActivityKind, i: number, account: (n: number) => Account): Activity {
  const person = samplePerson(app, i % 3, account);
  const target = samplePerson(app, (i + 1) % 3, account);
  return {
    app,
    kind,
    atUs: Date.UTC(2026, 2, 1) * 1000 + i * 7_654_321_987,
    person,
    device: DEVICES[i % DEVICES.length] as Device,
    ip: person.homeIp,
    city: person.home,
    sessionId: `s${String(i % 11).padStart(6, '0')}-${person.id}`,
    mfa: i % 2 === 0,
    target: i % 5 === 4 ? null : target,
  };
}
