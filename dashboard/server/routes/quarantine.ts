import { Router } from 'express';
import type { QuarantineReason } from '../../api.ts';
import type { RouteContext } from '../context.ts';
import { queryLake } from '../lake.ts';
import { toNumber, toNumberOrNull, toText } from '../row.ts';

const REASONS_MAX = 200;
const COUNTS = `
  SELECT reason, app, count(*) AS n, max(epoch_us(ingested_at)) AS last
  FROM quarantine GROUP BY reason, app ORDER BY n DESC, reason, app LIMIT ${REASONS_MAX}`;

/** GET /quarantine: events that could not be read, counted by reason and app. */
export function quarantineRoutes({ deps, cache }: RouteContext): Router {
  const router = Router();
  router.get('/quarantine', async (_request, response) => {
    const reasons = await cache.get('quarantine', async () =>
      (await queryLake(deps, COUNTS)).map(
        (row): QuarantineReason => ({
          reason: toText(row.reason),
          app: toText(row.app),
          count: toNumber(row.n),
          last: toNumberOrNull(row.last),
        }),
      ),
    );
    response.json({ reasons });
  });
  return router;
}
