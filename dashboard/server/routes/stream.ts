import { Router } from 'express';
import type { RouteContext } from '../context.ts';
import { sendError } from '../request.ts';

/**
 * GET /stream: server-sent events. A client that comes back (Last-Event-ID) gets a fresh `hello` with the
 * current counters and the newest rows; it drops doubles by shard and position.
 */
export function streamRoutes({ stream }: RouteContext): Router {
  const router = Router();
  router.get('/stream', (_request, response) => {
    if (!stream.open(response)) sendError(response, 503, '[dashboard] too many open pages; close some');
  });
  return router;
}
