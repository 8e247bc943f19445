import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import { messageOf } from '../../core/index.ts';
import { guardAccess } from './access.ts';
import { createCache } from './cache.ts';
import type { DashboardDeps } from './deps.ts';
import { sendError } from './request.ts';
import { eventRoutes } from './routes/events.ts';
import { evolutionRoutes } from './routes/evolution.ts';
import { findingRoutes } from './routes/findings.ts';
import { healthRoutes } from './routes/health.ts';
import { overviewRoutes } from './routes/overview.ts';
import { peopleRoutes } from './routes/people.ts';
import { quarantineRoutes } from './routes/quarantine.ts';
import { seriesRoutes } from './routes/series.ts';
import { signalRoutes } from './routes/signals.ts';
import { streamRoutes } from './routes/stream.ts';
import { createStream } from './stream.ts';

/** Answers from the lake live this long: it changes every 10 s. */
const LAKE_TTL_MS = 2000;
const CACHED_ANSWERS_MAX = 500;

/**
 * The dashboard as an Express app: the page, its JSON, the live stream, health and metrics. It neither
 * listens nor reads the environment. `close` ends all streams and the live subscription.
 */
export function createApp(deps: DashboardDeps): { app: Express; close(): void } {
  const stream = createStream(deps);
  const context = { deps, stream, cache: createCache(() => deps.clock() / 1000, LAKE_TTL_MS, CACHED_ANSWERS_MAX) };
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders());
  app.use(guardAccess(deps.token));
  app.use(healthRoutes(context));
  for (const routes of [
    overviewRoutes,
    seriesRoutes,
    peopleRoutes,
    eventRoutes,
    findingRoutes,
    evolutionRoutes,
    quarantineRoutes,
    signalRoutes,
    streamRoutes,
  ])
    app.use('/api', routes(context));
  app.use('/api', (request, response) => sendError(response, 404, `[dashboard] no ${request.originalUrl} here`));
  servePage(app, deps.pageDir);
  app.use(onError);
  return { app, close: () => stream.close() };
}

/** Nothing inline, nothing from elsewhere. Plain HTTP on loopback must work, so nothing is upgraded. */
function securityHeaders() {
  return helmet({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
  });
}

/** Assets carry a hash in their names; index.html must always be fresh. Unknown paths are the page's own. */
function servePage(app: Express, pageDir: string): void {
  app.use('/assets', express.static(join(pageDir, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }));
  app.use(express.static(pageDir, { index: false, maxAge: '1h' }));
  app.get('/{*path}', (request, response, next) => {
    if (!request.accepts('html')) return next();
    response.set('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: pageDir }, (error) => {
      if (error && !response.headersSent)
        sendError(response, 503, '[dashboard] the page is not built; run npm run build');
    });
  });
  app.use((_request, response) => sendError(response, 404, '[dashboard] nothing here'));
}

const onError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = typeof error?.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500;
  sendError(response, status, messageOf(error));
};
