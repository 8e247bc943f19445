import { Router } from 'express';
import type { RouteContext } from '../context.ts';

/** GET /evolution: Darwin's front, hypervolume by generation, the active policy. */
export function evolutionRoutes({ deps, cache, stream }: RouteContext): Router {
  const router = Router();
  router.get('/evolution', async (_request, response) => {
    // A page asks when it hears of a new generation: what was kept of the one before is no answer.
    const key = `evolution ${stream.health().generation}`;
    response.json(await cache.get(key, () => deps.evolution()));
  });
  return router;
}
