import { Router } from 'express';
import { SIGNALS } from '../../../core/index.ts';
import type { SignalWords } from '../../api.ts';

/** GET /signals: how each signal that may stand in `reasons` reads to people. */
export function signalRoutes(): Router {
  const words: SignalWords[] = SIGNALS.map(({ name, title, unit, comment }) => ({ name, title, unit, comment }));
  const router = Router();
  router.get('/signals', (_request, response) => {
    response.json(words);
  });
  return router;
}
