import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventDetail, EventPage, FindingRow, Overview, PersonDetail, PersonRisk, Series } from '../api.ts';
import { createFakeDeps, type FakeDeps, insertEvent, liveEvent, NOON_US } from './fake-deps.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let deps: FakeDeps;
let server: TestServer;
beforeEach(async () => {
  deps = await createFakeDeps();
  server = await startTestServer(deps);
});
afterEach(() => server.close());

const MINUTE_US = 60e6;

describe('health', () => {
  it('says alive, ready or why not, and gives the metrics', async () => {
    expect((await server.get('/healthz')).status).toBe(200);
    expect((await server.get('/readyz')).status).toBe(200);
    deps.state.isReady = false;
    const unready = await server.get('/readyz');
    expect([unready.status, await unready.json()]).toEqual([503, { ready: false, reasons: ['the log is not open'] }]);
    const metrics = await server.get('/metrics');
    expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
    expect(await metrics.text()).toBe('beagle_up 1\n');
    deps.state.nowUs += 2e6;
    deps.state.health = { eventsPerSecond: 9 };
    expect(await server.json('/api/health')).toMatchObject({ eventsPerSecond: 9 });
  });
});

describe('the overview', () => {
  it('counts the last hour by minute and app, findings and control gaps included', async () => {
    await insertEvent(deps.connection, liveEvent(1, { risk: 50, decision: 'step_up' }));
    await insertEvent(deps.connection, liveEvent(2, { app: 'aws', class_uid: 6003 }), {
      is_privileged: true,
      mfa: false,
    });
    await insertEvent(deps.connection, liveEvent(3, { time: NOON_US - 61 * MINUTE_US }));
    await deps.connection.run(`INSERT INTO findings SELECT 'f' || i, 'spray', make_timestamptz(${NOON_US - MINUTE_US / 2}),
      4, [], [], [], [], CASE WHEN i = 0 THEN 'closed' ELSE 'open' END FROM range(3) t(i)`);
    const overview = (await server.json('/api/overview')) as Overview;
    expect(overview.minutes).toHaveLength(60);
    expect(overview.minutes.at(-2)).toEqual({
      minute: NOON_US - MINUTE_US,
      events: 2,
      riskWeighted: 0.5,
      stepUps: 1,
      logins: 1,
      findings: 3,
      controlGaps: 1,
      byApp: { okta: 1, aws: 1 },
    });
    expect(overview).toMatchObject({ openFindings: 2, controlGaps: 1, stepUpsPer1000Logins: 1000 });
    expect(overview.minutes.reduce((sum, minute) => sum + minute.events, 0)).toBe(2);
  });

  it('costs one set of queries however many pages ask', async () => {
    await Promise.all(Array.from({ length: 50 }, () => server.get('/api/overview')));
    expect(deps.queries).toHaveLength(3);
  });

  it('reads a table that is not there yet as empty, and tells any other failure in one line', async () => {
    await deps.connection.run('DROP TABLE events');
    expect(((await server.json('/api/overview')) as Overview).stepUpsPer1000Logins).toBe(0);
    await deps.connection.run('DROP TABLE findings; CREATE TABLE findings (x INTEGER)');
    const failed = await server.get('/api/findings');
    expect(failed.status).toBe(500);
    expect(((await failed.json()) as { error: string }).error).not.toContain('\n');
  });
});

describe('series', () => {
  it('has every bucket of the range, empty ones included', async () => {
    await insertEvent(deps.connection, liveEvent(0));
    await insertEvent(deps.connection, liveEvent(1, { time: NOON_US - 6 * 86_400e6 }));
    const week = (await server.json('/api/series?range=7d')) as Series;
    expect([week.points.length, week.bucketS]).toEqual([168, 3600]);
    expect(week.points.at(-1)).toEqual({ at: NOON_US, byApp: { okta: 1 } });
    expect(week.points.filter((point) => point.byApp.okta === 1)).toHaveLength(2);
    expect(((await server.json('/api/series')) as Series).points).toHaveLength(60);
  });
});

describe('people', () => {
  beforeEach(async () => {
    await insertEvent(deps.connection, liveEvent(1, { user_risk: 70, risk: 60, reasons: ['s_new_device:1.00'] }));
    await insertEvent(deps.connection, liveEvent(2, { user_risk: 20, risk: 10, time: NOON_US - 30 * 3600e6 }));
    const grace = { actor_key: 'okta:00u', actor_email: 'grace@example.com', user_risk: 80 };
    await insertEvent(deps.connection, liveEvent(3, grace));
  });

  it('come by risk, with the reasons and the change over 24 h, names from the directory', async () => {
    const { people, total } = (await server.json('/api/people')) as { people: PersonRisk[]; total: number };
    expect(total).toBe(2);
    expect(people.map((person) => [person.name, person.user_risk, person.change24h, person.events])).toEqual([
      ['grace@example.com', 80, 80, 1],
      ['Ada Moreau', 70, 50, 1],
    ]);
    expect(people[1]?.reasons).toEqual(['s_new_device:1.00']);
    expect(Object.keys(people[0] ?? {})).not.toContain('email');
  });

  it('are found by name, role, address or key', async () => {
    for (const [search, total] of [
      ['moreau', 1],
      ['ENGINEER', 1],
      ['grace@', 1],
      ['example', 2],
      ["'; DROP TABLE events", 0],
    ])
      expect(await server.json(`/api/people?search=${search}`)).toMatchObject({ total });
  });

  it('have a page of their own with their events, also when unseen for days', async () => {
    const ada = (await server.json('/api/people/person%3Aada')) as PersonDetail;
    expect(ada.person).toMatchObject({ name: 'Ada Moreau', role: 'Engineer', user_risk: 70 });
    expect(ada.events.map((event) => event.event_uid)).toEqual(['uid1', 'uid2']);
    await insertEvent(deps.connection, liveEvent(4, { actor_key: 'x', user_risk: 5, time: NOON_US - 90 * 86_400e6 }));
    expect(((await server.json('/api/people/x')) as PersonDetail).person).toMatchObject({ user_risk: 5, change24h: 0 });
    expect((await server.get('/api/people/nobody')).status).toBe(404);
  });
});

describe('events', () => {
  it('come page by page, newest first, each once, though times are equal', async () => {
    for (let n = 0; n < 7; n++) await insertEvent(deps.connection, liveEvent(n, { time: NOON_US - (n % 2) * 1e6 }));
    const seen: string[] = [];
    let before = '';
    for (let page = 0; page < 5; page++) {
      const { events, next } = (await server.json(`/api/events?limit=2${before}`)) as EventPage;
      seen.push(...events.map((event) => event.event_uid));
      if (next === null) break;
      before = `&before=${next}`;
    }
    expect(seen).toEqual(['uid6', 'uid4', 'uid2', 'uid0', 'uid5', 'uid3', 'uid1']);
    const older = (await server.json(`/api/events?before=${NOON_US}`)) as EventPage;
    expect(older.events).toHaveLength(3);
  });

  it('are filtered by app, actor, address, decision, risk and control gap', async () => {
    await insertEvent(deps.connection, liveEvent(1, { app: 'aws', risk: 90, decision: 'block', src_ip: '192.0.2.9' }));
    await insertEvent(deps.connection, liveEvent(2, { actor_key: 'x' }), { is_privileged: true, mfa: false });
    const uids = async (query: string) =>
      ((await server.json(`/api/events?${query}`)) as EventPage).events.map((event) => event.event_uid);
    expect(await uids('')).toEqual(['uid1', 'uid2']);
    for (const query of ['app=aws', 'min_risk=50', 'decision=block', 'ip=192.0.2.9', 'actor=person:ada'])
      expect(await uids(query), query).toEqual(['uid1']);
    expect(await uids('gaps=1')).toEqual(['uid2']);
    expect(await uids("app=' OR 1=1 --")).toEqual([]);
  });

  it('show whole by uid, with the native event', async () => {
    await insertEvent(deps.connection, liveEvent(1, { reasons: ['a:0.5', 'b:0.5'] }), { raw: '{"a":1}' });
    const detail = (await server.json('/api/events/uid1')) as EventDetail;
    expect(detail.raw).toBe('{"a":1}');
    expect(detail.columns).toMatchObject({
      event_uid: 'uid1',
      time: '2026-01-02T11:59:59.000Z',
      event_date: '2026-01-02',
      reasons: 'a:0.5, b:0.5',
      mfa: null,
      is_privileged: false,
    });
    expect((await server.get('/api/events/none')).status).toBe(404);
  });
});

describe('findings and quarantine', () => {
  it('shows a revised finding once, as it was last', async () => {
    await deps.connection.run(`INSERT INTO findings VALUES
      ('f1', 'spray', make_timestamptz(${NOON_US - 9e6}), 3, ['T1110'], ['a'], [], ['old'], 'open'),
      ('f1', 'spray', make_timestamptz(${NOON_US}), 4, ['T1110'], ['a', 'b'], [], ['new'], 'open')`);
    const { findings } = (await server.json('/api/findings')) as { findings: FindingRow[] };
    expect(findings).toEqual([
      {
        finding_uid: 'f1',
        detection_id: 'spray',
        time: NOON_US,
        severity_id: 4,
        attack: ['T1110'],
        entities: ['a', 'b'],
        reasons: ['new'],
        status: 'open',
      },
    ]);
  });

  it('counts what could not be read by reason and app', async () => {
    await deps.connection.run(
      `INSERT INTO quarantine SELECT make_timestamptz(${NOON_US}), 'okta', 'not_json', '', NULL FROM range(3)`,
    );
    expect(await server.json('/api/quarantine')).toEqual({
      reasons: [{ reason: 'not_json', app: 'okta', count: 3, last: NOON_US }],
    });
  });

  it('gives Darwin’s state and the words of the signals', async () => {
    expect(await server.json('/api/evolution')).toMatchObject({ front: [], active: { version: 0 } });
    expect(await server.json('/api/signals')).toContainEqual(
      expect.objectContaining({ name: 's_new_device', title: 'New device' }),
    );
  });
});

describe('requests that cannot be served', () => {
  it('are refused with one line that names the parameter', async () => {
    for (const [path, name] of [
      ['/api/events?limit=0', 'limit'],
      ['/api/events?limit=999999', 'limit'],
      ['/api/events?min_risk=high', 'min_risk'],
      ['/api/events?before=yesterday', 'before'],
      ['/api/events?app=a&app=b', 'app'],
      ['/api/people?limit=1.5', 'limit'],
      ['/api/series?range=1y', 'range'],
      ['/api/findings?unknown=1', 'unknown'],
    ] as const) {
      const response = await server.get(path);
      const { error } = (await response.json()) as { error: string };
      expect([path, response.status]).toEqual([path, 400]);
      expect(error).toContain(name);
      expect(error).not.toContain('\n');
    }
    const unknown = await server.get('/api/nothing');
    expect([unknown.status, await unknown.json()]).toEqual([404, { error: '[dashboard] no /api/nothing here' }]);
    expect((await server.get('/api/people/%E0%A4%A')).status).toBe(400);
  });
});

describe('the page', () => {
  it('is served for every route of its own under a policy without inline scripts', async () => {
    await server.close();
    const pageDir = await mkdtemp(join(tmpdir(), 'beagle-page-'));
    await mkdir(join(pageDir, 'assets'));
    await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>Beagle</title>');
    await writeFile(join(pageDir, 'assets', 'a-1234.js'), 'export {};');
    server = await startTestServer(await createFakeDeps({ pageDir }));
    for (const path of ['/', '/people/person%3Aada', '/live?app=okta']) {
      const response = await server.get(path, { accept: 'text/html' });
      expect([path, response.status]).toEqual([path, 200]);
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
    }
    expect((await server.get('/assets/a-1234.js')).headers.get('cache-control')).toContain('immutable');
    expect((await server.get('/assets/missing.js')).status).toBe(404);
    expect((await server.get('/nothing', { accept: 'application/json' })).status).toBe(404);
  });

  it('says what to do when it was not built', async () => {
    const response = await server.get('/', { accept: 'text/html' });
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('npm run build')]);
  });
});
