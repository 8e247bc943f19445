import { Router } from 'express';
import type { RouteContext } from '../context.ts';

/** /healthz: alive. /readyz: can serve, with reasons if not. /metrics: Prometheus. /api/health: the page's. */
export function healthRoutes({ deps, stream }: RouteContext): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', (_request, response) => {
    const state = deps.ready();
    response.status(state.ready ? 200 : 503).json(state);
  });
  router.get('/metrics', async (_request, response) => {
    response.set('Content-Type', deps.metrics.contentType).end(await deps.metrics.metrics());
  });
  router.get('/api/health', (_request, response) => {
    response.set('Cache-Control', 'no-store').json(stream.health());
  });
  return router;
}
