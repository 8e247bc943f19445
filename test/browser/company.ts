import { DuckDBInstance } from '@duckdb/node-api';
import { EVENT_COLUMNS } from '../../core/index.ts';
import type { DashboardDeps, Evolution, Health, LiveEvent } from '../../dashboard/index.ts';

/** A company small enough to hold in memory, whose lake is a real DuckDB. */
export interface Company {
  readonly deps: DashboardDeps;
  /** Emits this many scored events to the stream. */
  emit(count: number): void;
  readonly health: Health;
  readonly evolution: Evolution;
}

const APPS = ['okta', 'github', 'slack', 'aws'] as const;
const ACTIONS: Record<string, readonly string[]> = {
  okta: [
    'user.session.start',
    'user.authentication.auth_via_mfa',
    'user.mfa.factor.activate',
    'user.authentication.sso',
  ],
  github: ['git.clone', 'git.push', 'pull_request.merge', 'personal_access_token.create'],
  slack: ['user_login', 'file_downloaded', 'file_shared', 'user_channel_join'],
  aws: ['AssumeRole', 'GetObject', 'ConsoleLogin', 'DescribeInstances'],
};
const GIVEN = ['Ada', 'Björn', 'Chidi', 'Dilara', 'Emeka', 'Farah', 'Grete', 'Hiro', 'Ines', 'Jonas', 'Kavya', 'Luis'];
const FAMILY = ['Okafor', 'Lindqvist', 'Moreau', 'Tanaka', 'Ferreira', 'Novak', 'Haddad', 'Schäfer', 'Iyer', 'Rossi'];
const ROLES = ['Engineer', 'Site reliability', 'Finance', 'Support', 'People', 'IT administrator', 'Sales'];
const CITIES = [
  ['Berlin', 'DE', '85.214.10.7'],
  ['Lagos', 'NG', '41.58.3.20'],
  ['São Paulo', 'BR', '177.32.9.14'],
  ['Osaka', 'JP', '126.74.2.31'],
  ['Toronto', 'CA', '142.112.8.4'],
] as const;
const PEOPLE = 24;
/** What the lake holds at the start: enough for every view, few enough that axe looks at each of its rows soon. */
const EVENTS = 1500;

const SQL_TYPES: Record<string, string> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  long: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  'list<string>': 'VARCHAR[]',
};

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const nameOf = (person: number) => `${pick(GIVEN, person)} ${pick(FAMILY, person * 7)}`;
const keyOf = (person: number) => `person:p${String(person).padStart(5, '0')}`;
/** A fixed scatter of 0 to 1, so that every run draws the same page. */
const scatter = (n: number) => (((n * 2654435761) >>> 0) % 10_000) / 10_000;

export async function createCompany(): Promise<Company> {
  const clock = () => Date.now() * 1000;
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const columns = EVENT_COLUMNS.map((column) => `${column.name} ${SQL_TYPES[column.type]}`).join(', ');
  await connection.run(`CREATE TABLE events (${columns})`);
  await connection.run(`CREATE TABLE quarantine (log_shard VARCHAR, log_position VARCHAR, ingested_at TIMESTAMPTZ,
    app VARCHAR, reason VARCHAR, detail VARCHAR, raw BLOB, mapper_version INTEGER)`);
  await connection.run(`CREATE TABLE findings (finding_uid VARCHAR, detection_id VARCHAR, time TIMESTAMPTZ,
    severity_id INTEGER, attack VARCHAR[], entities VARCHAR[], event_uids VARCHAR[], reasons VARCHAR[], status VARCHAR)`);
  const events = Array.from({ length: EVENTS }, (_, n) => makeEvent(n, clock() - (EVENTS - n) * 600_000));
  for (let from = 0; from < events.length; from += 1000)
    await connection.run(insertEvents(events.slice(from, from + 1000)));
  await connection.run(`INSERT INTO findings SELECT 'f' || i, 'password-spray', now() - INTERVAL (i * 7) MINUTE, 4,
    ['T1110.003'], ['address:41.58.3.20', 'person:p00003'], [], ['41 accounts failed from one address in 10 minutes'],
    'open' FROM range(3) t(i)`);
  await connection.run(`INSERT INTO quarantine SELECT 's/0', i::VARCHAR, now(), 'okta', 'not_json', '', NULL, 1
    FROM range(7) t(i)`);

  const listeners = new Set<(events: readonly LiveEvent[]) => void>();
  const health = makeHealth(clock());
  const evolution = makeEvolution();
  let emitted = EVENTS;
  const deps: DashboardDeps = {
    pageDir: new URL('../../dist/page', import.meta.url).pathname,
    clock,
    live: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    health: () => {
      const now = clock();
      const wave = Math.sin(now / 2e7);
      const byApp = { okta: 52 + 9 * wave, github: 38 - 6 * wave, slack: 44, aws: 33 + 4 * wave };
      return { ...health, now, byApp: health.eventsPerSecond === 0 ? {} : byApp };
    },
    lake: {
      async sql(text, options) {
        const reader = await connection.runAndReadAll(text, [...(options?.params ?? [])] as string[]);
        return { rows: reader.getRowObjectsJS() };
      },
    },
    evolution: async () => evolution,
    metrics: { contentType: 'text/plain', metrics: async () => 'beagle_up 1\n' },
    ready: () => ({ ready: true, reasons: [] }),
    person: (key) => {
      const person = Number(/^person:p(\d+)$/.exec(key)?.[1] ?? Number.NaN);
      return Number.isNaN(person) ? undefined : { name: nameOf(person), role: pick(ROLES, person * 3) };
    },
  };
  return {
    deps,
    health,
    evolution,
    emit(count) {
      const batch = Array.from({ length: count }, () => makeEvent(emitted++, clock()));
      for (const listener of listeners) listener(batch);
    },
  };
}

function makeEvent(n: number, time: number): LiveEvent {
  const person = Math.floor(PEOPLE * scatter(n) ** 1.6);
  const app = pick(APPS, Math.floor(scatter(n + 17) * 4));
  const [city, country, ip] = pick(CITIES, scatter(n + 5) > 0.97 ? person + 2 : person);
  const isRisky = scatter(n + 99) > 0.93;
  const risk = isRisky ? 20 + 75 * scatter(n + 3) ** 2 : 6 * scatter(n + 8);
  const action = pick(ACTIONS[app] ?? [], Math.floor(scatter(n + 31) * 4));
  return {
    shard: 'events@1/0',
    position: String(10n ** 20n + BigInt(n)),
    event_uid: `${'0'.repeat(24)}${n.toString(16).padStart(8, '0')}`,
    time: Math.round(time),
    arrival: Math.round(time),
    source: 'generator',
    app,
    action,
    class_uid: /session|Login|login|auth/.test(action) ? 3002 : 6003,
    status: scatter(n + 40) > 0.95 ? 'failure' : 'success',
    actor_key: keyOf(person),
    actor_email: `${nameOf(person).toLowerCase().replace(' ', '.')}@example.com`,
    target_name: app === 'github' ? 'example/<b>billing</b>' : null,
    src_ip: ip,
    src_city: city,
    src_country: country,
    risk,
    user_risk: Math.min(98, risk + 30 * scatter(person)),
    reasons: isRisky ? ['s_geo_speed_kmh:0.52', 's_new_device:0.31', 's_unusual_hour:0.17'] : [],
    decision: risk > 80 ? 'block' : risk > 55 ? 'step_up' : 'allow',
    policy_version: 3,
  };
}

function insertEvents(events: readonly LiveEvent[]): string {
  const text = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
  const rows = events.map((event, n) => {
    const time = `make_timestamptz(${event.time})`;
    return `(${[
      text(event.shard),
      text(event.position),
      text(event.event_uid),
      time,
      time,
      `${time}::DATE`,
      text(event.app),
      text(event.action),
      event.class_uid,
      1,
      text(event.status),
      text(event.actor_key),
      text(event.actor_email),
      text(event.target_name),
      text(event.src_ip),
      text(event.src_city),
      text(event.src_country),
      event.risk,
      event.user_risk,
      `[${event.reasons.map(text).join(',')}]`,
      text(event.decision),
      event.policy_version,
      n % 50 === 0,
      false,
      `'{"uuid":"x"}'`,
    ].join(',')})`;
  });
  return `INSERT INTO events (log_shard, log_position, event_uid, time, ingested_at, event_date, app, action, class_uid,
    activity_id, status, actor_key, actor_email, target_name, src_ip, src_city, src_country, risk, user_risk, reasons,
    decision, policy_version, is_privileged, mfa, raw) VALUES ${rows.join(',')}`;
}

function makeHealth(now: number): Health {
  return {
    now,
    startedAt: now - 3_600_000_000,
    driver: 'embedded',
    eventsPerSecond: 167.2,
    byApp: {},
    lagMs: 84,
    shards: 1,
    backlog: 12,
    commit: { version: 360, at: now - 4_000_000 },
    files: 31,
    totals: { events: 6000, quarantined: 7, redelivered: 5, findings: 3 },
    generation: 42,
  };
}

function makeEvolution(): Evolution {
  const front = Array.from({ length: 36 }, (_, n) => {
    const friction = 0.8 + 11 * (n / 35) ** 1.4;
    return {
      policyId: `${(n * 2654435761).toString(16).padStart(8, '0').slice(-8)}${n}`,
      objectives: {
        security: 0.06 + 0.5 / (1 + friction) + 0.012 * scatter(n),
        productivity: friction,
        compliance: 0.02 + 0.4 * scatter(n * 3 + 1),
      },
      isKnee: n === 11,
    };
  });
  return {
    run: 'run-7',
    generation: 42,
    front,
    hypervolume: Array.from({ length: 43 }, (_, n) => ({
      generation: n,
      hypervolume: 0.41 + 0.36 * (1 - Math.exp(-n / 9)),
    })),
    active: { version: 3, policyId: null, objectives: { security: 0.24, productivity: 5.2, compliance: 0.2 } },
    lakeVersion: 358,
  };
}
