import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { sendError } from './request.ts';

const COOKIE = 'beagle_session';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Closed by default. With a token: every request but /healthz needs it as a bearer token or as the cookie
 * that `?token=` sets once (and a redirect then takes out of the address). Without one: the request must
 * be addressed to loopback, so that a foreign site cannot reach the page through a name of its own.
 */
export function guardAccess(token: string | undefined) {
  if (token === undefined) return guardHost;
  const wanted = digest(token);
  const session = createHash('sha256').update('beagle session ').update(token).digest('hex');
  const isToken = (given: string) => timingSafeEqual(digest(given), wanted);
  const isSession = (given: string) => timingSafeEqual(digest(given), digest(session));
  return (request: Request, response: Response, next: NextFunction): unknown => {
    if (request.path === '/healthz') return next();
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined && isToken(bearer)) return next();
    const url = new URL(request.originalUrl.replace(/^\/+/, '/'), 'http://host');
    const given = url.searchParams.get('token');
    if (given !== null && isToken(given)) {
      url.searchParams.delete('token');
      response.cookie(COOKIE, session, { httpOnly: true, sameSite: 'lax', secure: request.secure, path: '/' });
      return response.redirect(303, url.pathname + url.search);
    }
    const cookie = cookieOf(request.headers.cookie ?? '');
    if (cookie !== undefined && isSession(cookie)) return next();
    response.setHeader('WWW-Authenticate', 'Bearer realm="beagle"');
    return sendError(response, 401, '[dashboard] this page needs its token; open the address with ?token=… once');
  };
}

function guardHost(request: Request, response: Response, next: NextFunction): unknown {
  if (request.path === '/healthz' || LOOPBACK.test(request.headers.host ?? '')) return next();
  return sendError(response, 403, '[dashboard] without a token only loopback addresses are served; set a token');
}

function cookieOf(header: string): string | undefined {
  for (const part of header.split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE) return value;
  }
  return undefined;
}
