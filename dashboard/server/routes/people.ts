import { Router } from 'express';
import { z } from 'zod';
import type { PersonDetail, PersonRisk } from '../../api.ts';
import type { RouteContext } from '../context.ts';
import { EVENT_SELECT, toLiveEvent } from '../event-row.ts';
import { queryLake, type Row, SINCE, sinceParams } from '../lake.ts';
import { withName } from '../person.ts';
import { readParams, sendError } from '../request.ts';
import { toNumber, toText, toTexts } from '../row.ts';

const DAY_US = 86_400_000_000;
/** People that are read at once; the riskiest, so that a search by name sees them all in a company this size. */
const PEOPLE_MAX = 5000;
const EVENTS_MAX = 100;

const listSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(20),
  search: z.string().max(200).default(''),
});
const keySchema = z.object({ key: z.string().min(1).max(256) });

/** Two days back, so that a day ago is known; reasons are those of the riskiest event of the last day. */
const PEOPLE = (condition: string) => `
  SELECT actor_key, arg_max(user_risk, time) AS user_risk,
    coalesce(arg_max(user_risk, time) FILTER (time < $3::TIMESTAMPTZ), 0) AS before,
    arg_max(reasons, risk) FILTER (time >= $3::TIMESTAMPTZ) AS reasons, arg_max(actor_email, time) AS actor_email,
    max(epoch_us(time)) AS last, count(*) FILTER (time >= $3::TIMESTAMPTZ) AS events
  FROM events WHERE ${SINCE} ${condition}
  GROUP BY actor_key ORDER BY user_risk DESC, last DESC, actor_key LIMIT ${PEOPLE_MAX}`;

interface Person extends PersonRisk {
  readonly email: string;
}

/** GET /people?limit&search: by risk. GET /people/:key: one person with recent events and their reasons. */
export function peopleRoutes(context: RouteContext): Router {
  const router = Router();
  router.get('/people', async (request, response) => {
    const params = readParams(listSchema, request.query, response);
    if (!params) return;
    const all = await context.cache.get('people', () => readPeople(context));
    const wanted = params.search.trim().toLowerCase();
    const found = wanted === '' ? all : all.filter((person) => matches(person, wanted));
    response.json({ people: found.slice(0, params.limit).map(withoutEmail), total: found.length });
  });
  router.get('/people/:key', async (request, response) => {
    const params = readParams(keySchema, request.params, response);
    if (!params) return;
    const detail = await context.cache.get(`person ${params.key}`, () => readPerson(context, params.key));
    if (detail) response.json(detail);
    else sendError(response, 404, `[dashboard] nobody called ${params.key} in the lake`);
  });
  return router;
}

async function readPeople({ deps }: RouteContext): Promise<Person[]> {
  const rows = await queryLake(deps, PEOPLE(''), windowParams(deps.clock()));
  return rows.map((row) => toPerson(row, deps.person?.(toText(row.actor_key))));
}

async function readPerson({ deps }: RouteContext, key: string): Promise<PersonDetail | null> {
  const events = await queryLake(
    deps,
    `SELECT ${EVENT_SELECT} FROM events WHERE actor_key = $1 ORDER BY time DESC, event_uid DESC LIMIT ${EVENTS_MAX}`,
    [key],
  );
  const newest = events[0];
  if (!newest) return null;
  const people = await queryLake(deps, PEOPLE('AND actor_key = $4'), [...windowParams(deps.clock()), key]);
  // Someone unseen for two days is still shown as they last were.
  const row = people[0] ?? { ...newest, last: newest.time_us, before: newest.user_risk, events: 0 };
  return {
    person: withoutEmail(toPerson(row, deps.person?.(key))),
    events: events.map((event) => withName(deps, toLiveEvent(event))),
  };
}

function windowParams(nowUs: number): string[] {
  return [...sinceParams(nowUs - 2 * DAY_US), sinceParams(nowUs - DAY_US)[0]];
}

function toPerson(row: Row, known: { name: string; role: string | null } | undefined): Person {
  const userRisk = toNumber(row.user_risk);
  const email = toText(row.actor_email);
  return {
    actor_key: toText(row.actor_key),
    name: known?.name ?? (email === '' ? null : email),
    role: known?.role ?? null,
    user_risk: userRisk,
    change24h: userRisk - toNumber(row.before),
    reasons: toTexts(row.reasons),
    last: toNumber(row.last),
    events: toNumber(row.events),
    email,
  };
}

function withoutEmail({ email: _email, ...person }: Person): PersonRisk {
  return person;
}

function matches(person: Person, wanted: string): boolean {
  return [person.actor_key, person.email, person.name ?? '', person.role ?? ''].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}
