import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Authorization, readAuthorization } from './authorization.ts';
import { KinesisError } from './operation.ts';
import { targetInQuery, type WireRequest } from './request.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'kinesis';
/** How far a client's clock may be off, as AWS allows. */
const SKEW_MS = 5 * 60_000;
/** A week: what AWS allows a presigned request. */
const EXPIRES_SECONDS_MAX = 604_800;
/** Keys are derived once for a day, region and secret; this many are kept. */
const KEYS_MAX = 64;
const EMPTY_HASH = createHash('sha256').digest('hex');

/**
 * A function that throws unless a request is signed with these credentials (AWS Signature Version 4, in the header or
 * presigned): UnrecognizedClientException for another key, InvalidSignatureException for a wrong signature or a clock
 * more than 5 minutes off, and what {@link readAuthorization} throws. A session token is taken as it is: it is signed.
 */
export function signatureVerifier(credentials: Credentials, clock: () => number): (request: WireRequest) => void {
  const signer = createSigner(credentials.secretAccessKey);
  return (request) => {
    const authorization = readAuthorization(request);
    const [accessKeyId = '', ...scope] = authorization.credential.split('/');
    checkKey(accessKeyId, credentials);
    checkScope(authorization, scope);
    checkTime(authorization, clock());
    checkSigned(authorization, request);
    // As text: what Node reads as hexadecimal may have anything behind it.
    const given = Buffer.from(authorization.signature);
    const expected = Buffer.from(signer(request, authorization).toString('hex'));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw mismatch();
  };
}

/** A function that gives the signature that a request should have, for whatever scope and headers it names. */
export function createSigner(secretAccessKey: string): (request: WireRequest, by: Authorization) => Buffer {
  const keys = new Map<string, Buffer>();
  const keyOf = (scope: readonly string[]): Buffer => {
    const name = scope.join('/');
    const known = keys.get(name);
    if (known !== undefined) return known;
    let key: string | Buffer = `AWS4${secretAccessKey}`;
    for (const part of scope) key = hmac(key, part);
    if (keys.size >= KEYS_MAX) keys.clear();
    keys.set(name, key as Buffer);
    return key as Buffer;
  };
  return (request, by) => {
    const scope = by.credential.split('/').slice(1);
    const text = [ALGORITHM, by.date, scope.join('/'), canonicalHash(request, by)].join('\n');
    return hmac(keyOf(scope), text);
  };
}

function checkKey(accessKeyId: string, credentials: Credentials): void {
  // Digests are of one length, and the comparison takes as long wherever they differ.
  if (timingSafeEqual(sha256(accessKeyId), sha256(credentials.accessKeyId))) return;
  throw new KinesisError('UnrecognizedClientException', 'The security token included in the request is invalid.');
}

function checkScope(
  { algorithm, date }: Authorization,
  [day = '', region = '', service = '', end = '']: string[],
): void {
  if (algorithm !== ALGORITHM) {
    throw new KinesisError('IncompleteSignatureException', `Unsupported AWS 'algorithm': '${algorithm.slice(0, 64)}'.`);
  }
  if (service !== SERVICE) {
    throw scopeFault(`Credential should be scoped to correct service: '${SERVICE}'.`);
  }
  if (end !== 'aws4_request') throw scopeFault("Credential should be scoped with a valid terminator: 'aws4_request'.");
  if (region === '') throw scopeFault('Credential should be scoped to a valid region.');
  if (!date.startsWith(day) || day.length !== 8) {
    throw scopeFault(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.`);
  }
}

function checkTime({ place, date, expiresSeconds }: Authorization, nowMs: number): void {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const signedMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signedMs)) {
    throw new KinesisError(
      'IncompleteSignatureException',
      `Date must be in ISO-8601 'basic format'. Got '${date.slice(0, 64)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const [earliest, now, latest] = [nowMs - SKEW_MS, nowMs, nowMs + SKEW_MS].map(basic);
  if (signedMs > nowMs + SKEW_MS) {
    throw scopeFault(`Signature not yet current: ${date} is still later than ${latest} (${now} + 5 min.)`);
  }
  if (place === 'header') {
    if (signedMs >= nowMs - SKEW_MS) return;
    throw scopeFault(`Signature expired: ${date} is now earlier than ${earliest} (${now} - 5 min.)`);
  }
  const seconds = expiresSeconds ?? 0;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > EXPIRES_SECONDS_MAX) {
    throw scopeFault('X-Amz-Expires must be a number of seconds from 1 to 604800.');
  }
  if (signedMs + seconds * 1000 < nowMs)
    throw scopeFault(`Signature expired: ${date} was valid for ${seconds} seconds`);
}

/** What decides about a call must be signed: where it goes, and which operation it is. */
function checkSigned({ signedHeaders }: Authorization, { headers, query }: WireRequest): void {
  // AWS's JavaScript client signs HTTP/2's name of it.
  if (!signedHeaders.includes('host') && !signedHeaders.includes(':authority')) {
    throw scopeFault("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  // The query is signed as a whole.
  if (signedHeaders.includes('x-amz-target') || targetInQuery(query) === headers['x-amz-target']) return;
  throw scopeFault("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
}

/** SHA-256 of the canonical request, in hexadecimal. */
function canonicalHash(request: WireRequest, { place, signedHeaders }: Authorization): string {
  const headers = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query, place),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash(request),
  ];
  return createHash('sha256').update(canonical.join('\n')).digest('hex');
}

/** The body's own hash, whatever the header claims: a signature holds for these bytes alone. */
function payloadHash({ body }: WireRequest): string {
  return body.length === 0 ? EMPTY_HASH : createHash('sha256').update(body).digest('hex');
}

function canonicalQuery(query: URLSearchParams, place: Authorization['place']): string {
  return [...query]
    .filter(([name]) => place === 'header' || name !== 'X-Amz-Signature')
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Without empty segments and dots, and escaped once more than it was written: every service but S3 signs it so. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(percentEncode(segment));
  }
  const trailing = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${trailing}`;
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function basic(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function scopeFault(message: string): KinesisError {
  return new KinesisError('InvalidSignatureException', message);
}

function mismatch(): KinesisError {
  return scopeFault(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}
