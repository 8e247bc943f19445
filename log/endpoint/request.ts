import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/** What arrived, whichever version of HTTP brought it. */
export interface WireRequest {
  readonly method: string;
  /** The path as written, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as written, without `?`. */
  readonly rawQuery: string;
  /** By lower-case name; several of one name are joined by commas. HTTP/2's `:authority` stands as `host`, too. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A request once its body has been read. */
export function wireRequest(request: IncomingMessage | Http2ServerRequest, body: Buffer): WireRequest {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const rawQuery = mark === -1 ? '' : url.slice(mark + 1);
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const authority = headers[':authority'];
  if (authority !== undefined) headers.host ??= authority;
  const query = new URLSearchParams(rawQuery);
  // Presigning moves the headers of AWS into the query.
  const target = targetInQuery(query);
  if (target !== null) headers['x-amz-target'] ??= target;
  return {
    method: request.method ?? '',
    path: mark === -1 ? url : url.slice(0, mark),
    query,
    rawQuery,
    headers,
    body,
  };
}

/** The operation's name where a presigned request has it. */
export function targetInQuery(query: URLSearchParams): string | null {
  for (const [name, value] of query) if (name.toLowerCase() === 'x-amz-target') return value;
  return null;
}
