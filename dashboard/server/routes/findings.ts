import { Router } from 'express';
import { z } from 'zod';
import type { FindingRow } from '../../api.ts';
import type { RouteContext } from '../context.ts';
import { queryLake, type Row } from '../lake.ts';
import { readParams } from '../request.ts';
import { toNumber, toText, toTexts } from '../row.ts';

const paramsSchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });

/** A finding may be revised: of several rows with one uid the latest is current. */
const LATEST = `
  SELECT finding_uid, detection_id, epoch_us(time) AS time_us, severity_id, attack, entities, reasons, status
  FROM findings
  QUALIFY row_number() OVER (PARTITION BY finding_uid ORDER BY time DESC) = 1
  ORDER BY time DESC, finding_uid LIMIT $1::INT`;

/** GET /findings?limit: the newest findings. */
export function findingRoutes({ deps, cache }: RouteContext): Router {
  const router = Router();
  router.get('/findings', async (request, response) => {
    const params = readParams(paramsSchema, request.query, response);
    if (!params) return;
    const findings = await cache.get(`findings ${params.limit}`, async () =>
      (await queryLake(deps, LATEST, [params.limit])).map(toFinding),
    );
    response.json({ findings });
  });
  return router;
}

function toFinding(row: Row): FindingRow {
  return {
    finding_uid: toText(row.finding_uid),
    detection_id: toText(row.detection_id),
    time: toNumber(row.time_us),
    severity_id: toNumber(row.severity_id),
    attack: toTexts(row.attack),
    entities: toTexts(row.entities),
    reasons: toTexts(row.reasons),
    status: toText(row.status),
  };
}
