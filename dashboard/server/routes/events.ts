import { Router } from 'express';
import { z } from 'zod';
import { EVENT_COLUMNS } from '../../../core/index.ts';
import type { EventDetail, EventPage } from '../../api.ts';
import type { RouteContext } from '../context.ts';
import { CONTROL_GAP, EVENT_SELECT, toLiveEvent } from '../event-row.ts';
import { queryLake, type Row } from '../lake.ts';
import { withName } from '../person.ts';
import { readParams, sendError } from '../request.ts';
import { toText, toTextOrNull } from '../row.ts';

const text = z.string().min(1).max(256);
const paramsSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** `<time µs>:<event_uid>`, the `next` of a page; or a time alone. */
  before: z
    .string()
    .regex(/^\d{1,16}(:[\w.:-]{1,128})?$/, 'use the `next` of a page, or µs since 1970')
    .optional(),
  app: text.optional(),
  actor: text.optional(),
  ip: text.optional(),
  decision: z.enum(['allow', 'step_up', 'block']).optional(),
  /** Only privileged actions that were allowed without a second factor. */
  gaps: z.literal('1').optional(),
  min_risk: z.coerce.number().min(0).max(100).optional(),
});
type EventParams = z.infer<typeof paramsSchema>;

const uidSchema = z.object({ uid: text });

/** GET /events: newest first, page by page. GET /events/:uid: one event with its native form. */
export function eventRoutes(context: RouteContext): Router {
  const router = Router();
  router.get('/events', async (request, response) => {
    const params = readParams(paramsSchema, request.query, response);
    if (!params) return;
    response.json(await context.cache.get(`events ${JSON.stringify(params)}`, () => readPage(context, params)));
  });
  router.get('/events/:uid', async (request, response) => {
    const params = readParams(uidSchema, request.params, response);
    if (!params) return;
    const detail = await context.cache.get(`event ${params.uid}`, () => readEvent(context, params.uid));
    if (detail) response.json(detail);
    else sendError(response, 404, `[dashboard] no event ${params.uid} in the lake yet; new ones take about 10 s`);
  });
  return router;
}

async function readPage({ deps }: RouteContext, params: EventParams): Promise<EventPage> {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const where = (condition: (slot: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  where((slot) => `app = ${slot}`, params.app);
  where((slot) => `actor_key = ${slot}`, params.actor);
  where((slot) => `src_ip = ${slot}`, params.ip);
  where((slot) => `decision = ${slot}`, params.decision);
  where((slot) => `risk >= ${slot}::DOUBLE`, params.min_risk);
  if (params.gaps) conditions.push(CONTROL_GAP);
  const [beforeUs, beforeUid] = split(params.before);
  where((slot) => `(epoch_us(time), event_uid) < (${slot}::BIGINT, ${slotAfter(values)})`, beforeUs);
  if (beforeUs !== undefined) values.push(beforeUid);
  values.push(params.limit + 1);
  const rows = await queryLake(
    deps,
    `SELECT ${EVENT_SELECT} FROM events ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY time DESC, event_uid DESC LIMIT $${values.length}::INT`,
    values,
  );
  const events = rows.slice(0, params.limit).map((row) => withName(deps, toLiveEvent(row)));
  const last = events.at(-1);
  return { events, next: rows.length > params.limit && last ? `${last.time}:${last.event_uid}` : null };
}

/** The slot that follows the one just taken. */
function slotAfter(values: readonly unknown[]): string {
  return `$${values.length + 1}`;
}

function split(before: string | undefined): [string | undefined, string] {
  if (before === undefined) return [undefined, ''];
  const colon = before.indexOf(':');
  return colon < 0 ? [before, ''] : [before.slice(0, colon), before.slice(colon + 1)];
}

async function readEvent({ deps }: RouteContext, uid: string): Promise<EventDetail | null> {
  const names = EVENT_COLUMNS.filter((column) => column.name !== 'raw').map((column) => column.name);
  const rows = await queryLake(
    deps,
    `SELECT *, epoch_us(time) AS time_us, epoch_us(ingested_at) AS ingested_us FROM events WHERE event_uid = $1 LIMIT 1`,
    [uid],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    event: withName(deps, toLiveEvent(row)),
    raw: toTextOrNull(row.raw)?.slice(0, 200_000) ?? null,
    columns: Object.fromEntries(names.map((name) => [name, plain(row, name)])),
  };
}

function plain(row: Row, name: string): string | number | boolean | null {
  if (name === 'time') return iso(row.time_us);
  if (name === 'ingested_at') return iso(row.ingested_us);
  const value = row[name];
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return Array.isArray(value) ? value.map(toText).join(', ') : toText(value);
}

function iso(us: unknown): string {
  return new Date(Number(us) / 1000).toISOString();
}
