import { Router } from 'express';
import { CLASS } from '../../../core/index.ts';
import type { Overview } from '../../api.ts';
import type { RouteContext } from '../context.ts';
import { CONTROL_GAP } from '../event-row.ts';
import { queryLake, SINCE, sinceParams } from '../lake.ts';
import { toNumber, toText } from '../row.ts';

const MINUTE_US = 60_000_000;
const MINUTES = 60;

const EVENTS = `
  SELECT epoch_us(time) // ${MINUTE_US} AS minute, app, count(*) AS events, sum(risk) / 100 AS risk_weighted,
    count(*) FILTER (decision = 'step_up') AS step_ups,
    count(*) FILTER (class_uid = ${CLASS.authentication} AND activity_id = 1) AS logins,
    count(*) FILTER (${CONTROL_GAP}) AS control_gaps
  FROM events WHERE ${SINCE} GROUP BY 1, 2 LIMIT 20000`;

const FINDINGS = `
  SELECT epoch_us(time) // ${MINUTE_US} AS minute, count(DISTINCT finding_uid) AS findings
  FROM findings WHERE time >= $1::TIMESTAMPTZ GROUP BY 1 LIMIT 1000`;

const OPEN = `
  SELECT count(*) AS open FROM (
    SELECT status FROM findings QUALIFY row_number() OVER (PARTITION BY finding_uid ORDER BY time DESC) = 1
  ) WHERE lower(status) NOT IN ('closed', 'resolved', 'suppressed')`;

type Minute = Overview['minutes'][number];

/** GET /overview: the last hour by minute, and the figures of the strip. */
export function overviewRoutes(context: RouteContext): Router {
  const router = Router();
  router.get('/overview', async (_request, response) => {
    const lake = await context.cache.get('overview', () => readHour(context));
    const overview: Overview = { health: context.stream.health(), ...lake };
    response.json(overview);
  });
  return router;
}

async function readHour({ deps }: RouteContext): Promise<Omit<Overview, 'health'>> {
  const lastMinute = Math.floor(deps.clock() / MINUTE_US);
  const since = sinceParams((lastMinute - MINUTES + 1) * MINUTE_US);
  const [events, findings, open] = await Promise.all([
    queryLake(deps, EVENTS, since),
    queryLake(deps, FINDINGS, [since[0]]),
    queryLake(deps, OPEN),
  ]);
  const minutes = emptyMinutes(lastMinute);
  const at = (value: unknown) => minutes[toNumber(value) - lastMinute + MINUTES - 1];
  for (const row of events) {
    const minute = at(row.minute);
    if (!minute) continue;
    minute.events += toNumber(row.events);
    minute.riskWeighted += toNumber(row.risk_weighted);
    minute.stepUps += toNumber(row.step_ups);
    minute.logins += toNumber(row.logins);
    minute.controlGaps += toNumber(row.control_gaps);
    minute.byApp[toText(row.app)] = toNumber(row.events);
  }
  for (const row of findings) {
    const minute = at(row.minute);
    if (minute) minute.findings = toNumber(row.findings);
  }
  const sum = (pick: (minute: Minute) => number) => minutes.reduce((total, minute) => total + pick(minute), 0);
  const logins = sum((minute) => minute.logins);
  return {
    minutes,
    openFindings: toNumber(open[0]?.open),
    controlGaps: sum((minute) => minute.controlGaps),
    stepUpsPer1000Logins: logins === 0 ? 0 : (1000 * sum((minute) => minute.stepUps)) / logins,
  };
}

function emptyMinutes(lastMinute: number): Minute[] {
  return Array.from({ length: MINUTES }, (_, index) => ({
    minute: (lastMinute - MINUTES + 1 + index) * MINUTE_US,
    events: 0,
    riskWeighted: 0,
    stepUps: 0,
    logins: 0,
    findings: 0,
    controlGaps: 0,
    byApp: Object.create(null) as Record<string, number>,
  }));
}
