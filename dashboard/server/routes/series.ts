import { Router } from 'express';
import { z } from 'zod';
import type { Series } from '../../api.ts';
import type { RouteContext } from '../context.ts';
import { queryLake, SINCE, sinceParams } from '../lake.ts';
import { readParams } from '../request.ts';
import { toNumber, toText } from '../row.ts';

/** Span and bucket of each range, seconds: about 60 to 170 buckets each. */
const RANGES = {
  '1h': { spanS: 3600, bucketS: 60 },
  '24h': { spanS: 86_400, bucketS: 900 },
  '7d': { spanS: 604_800, bucketS: 3600 },
} as const;

const paramsSchema = z.strictObject({ range: z.enum(['1h', '24h', '7d']).default('1h') });

const COUNTS = `
  SELECT epoch_us(time) // $3::BIGINT AS bucket, app, count(*) AS events
  FROM events WHERE ${SINCE} GROUP BY 1, 2 LIMIT 20000`;

/** GET /series?range: events by app over a range, in equal buckets, empty ones included. */
export function seriesRoutes({ deps, cache }: RouteContext): Router {
  const router = Router();
  const read = async (range: keyof typeof RANGES): Promise<Series> => {
    const { spanS, bucketS } = RANGES[range];
    const last = Math.floor(deps.clock() / 1e6 / bucketS);
    const first = last - spanS / bucketS + 1;
    const rows = await queryLake(deps, COUNTS, [...sinceParams(first * bucketS * 1e6), bucketS * 1e6]);
    const points: Series['points'] = Array.from({ length: last - first + 1 }, (_, index) => ({
      at: (first + index) * bucketS * 1e6,
      byApp: Object.create(null) as Record<string, number>,
    }));
    for (const row of rows) {
      const point = points[toNumber(row.bucket) - first];
      if (point) point.byApp[toText(row.app)] = toNumber(row.events);
    }
    return { range, bucketS, points };
  };
  router.get('/series', async (request, response) => {
    const params = readParams(paramsSchema, request.query, response);
    if (params) response.json(await cache.get(`series ${params.range}`, () => read(params.range)));
  });
  return router;
}
