import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAuthorization } from './authorization.ts';
import type { WireRequest } from './request.ts';
import { createSigner, signatureVerifier } from './signature.ts';

/** The credentials and the day of AWS's published examples. */
const EXAMPLE = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const NOW = Date.parse('2015-08-30T12:36:00Z');

function request(path: string, headers: Record<string, string>, body = '', method = 'POST'): WireRequest {
  const [before = '', rawQuery = ''] = path.split('?');
  return { method, path: before, rawQuery, query: new URLSearchParams(rawQuery), headers, body: Buffer.from(body) };
}

class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(secret as Uint8Array));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(typeof data === 'string' ? data : Buffer.from(data as Uint8Array));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
  reset(): void {}
}

const client = (sessionToken?: string) =>
  new SignatureV4({
    credentials: { ...EXAMPLE, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region: 'eu-central-1',
    service: 'kinesis',
    sha256: Sha256,
  });

async function signed({
  path = '/',
  query = {},
  headers = {},
  body = '{}',
  sessionToken,
  at = NOW,
}: {
  path?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
  sessionToken?: string;
  at?: number;
} = {}): Promise<WireRequest> {
  const target = { host: 'localhost:4567', 'x-amz-target': 'Kinesis_20131202.ListStreams', ...headers };
  const unsigned = { method: 'POST', protocol: 'http:', hostname: 'localhost', path, query, headers: target, body };
  const made = await client(sessionToken).sign(unsigned, { signingDate: new Date(at) });
  return request(`${path}?${new URLSearchParams(query)}`, made.headers as Record<string, string>, body);
}

const verify = signatureVerifier(EXAMPLE, () => NOW);
const refusal = (of: WireRequest, by = verify): string => {
  try {
    by(of);
  } catch (error) {
    return `${(error as { type: string }).type}: ${(error as Error).message}`;
  }
  return '';
};

// The suite and the example that AWS publishes with the description of Signature Version 4.
test.each([
  [
    'get-vanilla',
    request('/', { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' }, '', 'GET'),
    'service/aws4_request, SignedHeaders=host;x-amz-date',
    '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  ],
  [
    'post-vanilla',
    request('/', { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' }),
    'service/aws4_request, SignedHeaders=host;x-amz-date',
    '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  ],
  [
    'get-vanilla-query-order-key-case',
    request(
      '/?Param2=value2&Param1=value1',
      { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' },
      '',
      'GET',
    ),
    'service/aws4_request, SignedHeaders=host;x-amz-date',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'the example of IAM ListUsers',
    request(
      '/?Action=ListUsers&Version=2010-05-08',
      {
        host: 'iam.amazonaws.com',
        'x-amz-date': '20150830T123600Z',
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      },
      '',
      'GET',
    ),
    'iam/aws4_request, SignedHeaders=content-type;host;x-amz-date',
    '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  ],
])('%s has the signature that AWS publishes', (_name, of, tail, signature) => {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/${tail}, Signature=${signature}`;
  const by = readAuthorization({ ...of, headers: { ...of.headers, authorization } });
  expect(createSigner(EXAMPLE.secretAccessKey)(of, by).toString('hex')).toBe(signature);
});

test('what the SDK signs in the header passes, whatever path, query and headers it has', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'B', '1', '-', '.', '~', '_', '%', ' ', '/', "'", '*', 'é'),
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.dictionary(text, text, { maxKeys: 3 }), text, async (path, query, header) => {
      const given = await signed({
        path: encodeURI(`/${path}`),
        query,
        headers: { 'x-amz-meta': header.trim() || 'x' },
      });
      expect(refusal(given)).toBe('');
    }),
    { numRuns: 100 },
  );
});

test('a session token is taken as it is signed', async () => {
  const given = await signed({ sessionToken: 'token' });
  expect(given.headers['x-amz-security-token']).toBe('token');
  expect(refusal(given)).toBe('');
});

test.each([
  ['in the query', {}],
  ['in the header', { unhoistableHeaders: new Set(['x-amz-target']) }],
])('what the SDK presigns with the target %s passes until it expires', async (_name, more) => {
  const headers = { host: 'localhost:4567', 'x-amz-target': 'Kinesis_20131202.ListStreams' };
  const unsigned = {
    method: 'POST',
    protocol: 'http:',
    hostname: 'localhost',
    path: '/',
    query: {},
    headers,
    body: '{}',
  };
  const made = await client('a/token+').presign(unsigned, { signingDate: new Date(NOW), expiresIn: 900, ...more });
  const given = request(`/?${new URLSearchParams(made.query as Record<string, string>)}`, headers, '{}');
  const at = (ms: number) => signatureVerifier(EXAMPLE, () => NOW + ms);
  expect(refusal(given)).toBe('');
  expect(refusal(given, at(899_000))).toBe('');
  expect(refusal(given, at(901_000))).toMatch(/^InvalidSignatureException: Signature expired/);
  expect(refusal({ ...given, body: Buffer.from('{"Limit":1}') })).toMatch(
    /^InvalidSignatureException: The request signature/,
  );
  const other = { ...headers, 'x-amz-target': 'Kinesis_20131202.DeleteStream' };
  expect(refusal({ ...given, headers: other })).toMatch(/^InvalidSignatureException: /);
});

test('a target that nobody signed is refused', async () => {
  const headers = { host: 'localhost:4567' };
  const unsigned = {
    method: 'POST',
    protocol: 'http:',
    hostname: 'localhost',
    path: '/',
    query: {},
    headers,
    body: '{}',
  };
  const made = await client().presign(unsigned, { signingDate: new Date(NOW), expiresIn: 900 });
  const target = { ...headers, 'x-amz-target': 'Kinesis_20131202.DeleteStream' };
  const given = request(`/?${new URLSearchParams(made.query as Record<string, string>)}`, target, '{}');
  expect(refusal(given)).toBe(
    "InvalidSignatureException: 'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.",
  );
});

test.each(['0', '604801', 'x'])('a presigned request for %s seconds is refused', async (seconds) => {
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIDEXAMPLE/20150830/us-east-1/kinesis/aws4_request',
    'X-Amz-Date': '20150830T123600Z',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '00',
    'X-Amz-Expires': seconds,
  });
  expect(refusal(request(`/?${query}`, { host: 'x' }, '{}'))).toBe(
    'InvalidSignatureException: X-Amz-Expires must be a number of seconds from 1 to 604800.',
  );
});

test.each<[string, (of: WireRequest) => WireRequest]>([
  ['body', (of) => ({ ...of, body: Buffer.from('{"Limit":1}') })],
  ['target', (of) => ({ ...of, headers: { ...of.headers, 'x-amz-target': 'Kinesis_20131202.DeleteStream' } })],
  ['host', (of) => ({ ...of, headers: { ...of.headers, host: 'elsewhere' } })],
  ['path', (of) => ({ ...of, path: '/other' })],
  ['query', (of) => ({ ...of, query: new URLSearchParams('a=b') })],
  ['method', (of) => ({ ...of, method: 'GET' })],
  [
    'signature',
    (of) => ({ ...of, headers: { ...of.headers, authorization: `${of.headers.authorization?.slice(0, -4)}0000` } }),
  ],
  [
    'longer signature',
    (of) => ({ ...of, headers: { ...of.headers, authorization: `${of.headers.authorization}xyz` } }),
  ],
  [
    'short signature',
    (of) => ({ ...of, headers: { ...of.headers, authorization: `${of.headers.authorization?.slice(0, -2)}` } }),
  ],
])('another %s than was signed is refused', async (_name, change) => {
  expect(refusal(change(await signed()))).toBe(
    'InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
});

test('another secret is refused, another key by name', async () => {
  const given = await signed();
  expect(
    refusal(
      given,
      signatureVerifier({ ...EXAMPLE, secretAccessKey: 'other' }, () => NOW),
    ),
  ).toMatch(/^InvalidSignature/);
  expect(
    refusal(
      given,
      signatureVerifier({ ...EXAMPLE, accessKeyId: 'AKIDOTHER' }, () => NOW),
    ),
  ).toBe('UnrecognizedClientException: The security token included in the request is invalid.');
});

test('a clock five minutes off is good enough, more is not', async () => {
  const at = (ms: number) => signatureVerifier(EXAMPLE, () => NOW + ms);
  const given = await signed();
  expect(refusal(given, at(299_000))).toBe('');
  expect(refusal(given, at(-299_000))).toBe('');
  expect(refusal(given, at(301_000))).toBe(
    'InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)',
  );
  expect(refusal(given, at(-301_000))).toMatch(/^InvalidSignatureException: Signature not yet current: /);
});

const header = (authorization: string, date = '20150830T123600Z') =>
  request('/', { host: 'x', 'x-amz-date': date, authorization }, '{}');
const scoped = (
  scope: string,
  rest = 'SignedHeaders=host;x-amz-target, Signature=00',
  algorithm = 'AWS4-HMAC-SHA256',
) => header(`${algorithm} Credential=AKIDEXAMPLE/${scope}, ${rest}`);

test.each([
  ['no signature', request('/', {}, '{}'), 'MissingAuthenticationTokenException: Missing Authentication Token'],
  [
    'nonsense',
    request('/', { authorization: 'X' }, '{}'),
    "IncompleteSignatureException: Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=X",
  ],
  [
    'parameters without commas',
    request('/', { authorization: 'AWS4- Signature=b Credential=a', date: 'a' }, '{}'),
    "IncompleteSignatureException: Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4- Signature=b Credential=a",
  ],
  [
    'header and query',
    request('/?X-Amz-Algorithm', { authorization: 'X' }, '{}'),
    "InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  ],
  [
    'an empty algorithm in the query',
    request('/?X-Amz-Algorithm', {}, '{}'),
    "IncompleteSignatureException: AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
  ],
  [
    'another service',
    scoped('20150830/us-east-1/s3/aws4_request'),
    "InvalidSignatureException: Credential should be scoped to correct service: 'kinesis'.",
  ],
  [
    'another end',
    scoped('20150830/us-east-1/kinesis/x'),
    "InvalidSignatureException: Credential should be scoped with a valid terminator: 'aws4_request'.",
  ],
  [
    'no region',
    scoped('20150830//kinesis/aws4_request'),
    'InvalidSignatureException: Credential should be scoped to a valid region.',
  ],
  [
    'another day',
    scoped('20150829/us-east-1/kinesis/aws4_request'),
    'InvalidSignatureException: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
  ],
  [
    'another algorithm',
    scoped('20150830/us-east-1/kinesis/aws4_request', undefined, 'AWS4-NONE'),
    "IncompleteSignatureException: Unsupported AWS 'algorithm': 'AWS4-NONE'.",
  ],
  [
    'a host that is not signed',
    scoped('20150830/us-east-1/kinesis/aws4_request', 'SignedHeaders=x-amz-target, Signature=00'),
    "InvalidSignatureException: 'Host' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    'a target that is not signed',
    scoped('20150830/us-east-1/kinesis/aws4_request', 'SignedHeaders=host, Signature=00'),
    "InvalidSignatureException: 'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    'a date that is none',
    header(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00',
      '20150830',
    ),
    "IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got '20150830'. See http://en.wikipedia.org/wiki/ISO_8601",
  ],
])('%s is refused in the words of AWS', (_name, of, says) => {
  expect(refusal(of)).toBe(says);
});
