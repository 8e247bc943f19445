import { KinesisError } from './operation.ts';
import type { WireRequest } from './request.ts';

/** What a request says about who signed it, and how. */
export interface Authorization {
  /** `header` or presigned `query`. */
  readonly place: 'header' | 'query';
  readonly algorithm: string;
  /** `AKIA…/20261122/us-east-1/kinesis/aws4_request` */
  readonly credential: string;
  /** The region of the credential's scope; null when that names none. */
  readonly region: string | null;
  /** Lower case, as given. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20261122T131446Z`, or the Date header's text. */
  readonly date: string;
  /** Seconds a presigned request is valid; null for a header's. */
  readonly expiresSeconds: number | null;
}

const HEADER_PARAMETERS = ['Credential', 'Signature', 'SignedHeaders'] as const;
const QUERY_PARAMETERS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const;

/**
 * Reads a Signature Version 4 from the header or the query string. What is missing is said in AWS's words:
 * MissingAuthenticationTokenException, IncompleteSignatureException, or InvalidSignatureException when both are there.
 */
export function readAuthorization(request: WireRequest): Authorization {
  const header = request.headers.authorization ?? '';
  const inQuery = request.query.has('X-Amz-Algorithm');
  if (header !== '' && inQuery) {
    throw new KinesisError(
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (header !== '') return fromHeader(header, request);
  if (inQuery) return fromQuery(request.query);
  throw new KinesisError('MissingAuthenticationTokenException', 'Missing Authentication Token');
}

function fromHeader(header: string, { headers }: WireRequest): Authorization {
  const [algorithm = '', ...words] = header.split(/[, ]+/);
  const parameters = new Map(
    words.map((word) => {
      const equals = word.indexOf('=');
      return [word.slice(0, Math.max(equals, 0)), word.slice(equals + 1)];
    }),
  );
  const date = headers['x-amz-date'] ?? headers.date ?? '';
  const missing = HEADER_PARAMETERS.filter((name) => (parameters.get(name) ?? '') === '').map(
    (name) => `Authorization header requires '${name}' parameter. `,
  );
  if (date === '') {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
  }
  if (missing.length > 0) {
    throw new KinesisError('IncompleteSignatureException', `${missing.join('')}Authorization=${header.slice(0, 1024)}`);
  }
  return {
    place: 'header',
    algorithm,
    credential: parameters.get('Credential') ?? '',
    region: regionOf(parameters.get('Credential') ?? ''),
    signedHeaders: (parameters.get('SignedHeaders') ?? '').split(';'),
    signature: parameters.get('Signature') ?? '',
    date,
    expiresSeconds: null,
  };
}

function fromQuery(query: URLSearchParams): Authorization {
  const missing = QUERY_PARAMETERS.filter((name) => (query.get(name) ?? '') === '').map(
    (name) => `AWS query-string parameters must include '${name}'. `,
  );
  if (missing.length > 0) {
    throw new KinesisError(
      'IncompleteSignatureException',
      `${missing.join('')}Re-examine the query-string parameters.`,
    );
  }
  return {
    place: 'query',
    algorithm: query.get('X-Amz-Algorithm') ?? '',
    credential: query.get('X-Amz-Credential') ?? '',
    region: regionOf(query.get('X-Amz-Credential') ?? ''),
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    date: query.get('X-Amz-Date') ?? '',
    expiresSeconds: Number(query.get('X-Amz-Expires') ?? '300'),
  };
}

function regionOf(credential: string): string | null {
  const region = credential.split('/')[2] ?? '';
  return /^[a-z]{2,4}(-[a-z]{1,16}){1,3}-\d$/.test(region) ? region : null;
}
