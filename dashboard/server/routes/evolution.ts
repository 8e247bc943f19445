import { Router } from 'express';
import type { RouteContext } from '../context.ts';

/** GET /evolution: Darwin's front, hypervolume by generation, the active policy. */
export function evolutionRoutes({ deps, cache }: RouteContext): Router {
  const router = Router();
  router.get('/evolution', async (_request, response) => {
    response.json(await cache.get('evolution', () => deps.evolution()));
  });
  return router;
}
