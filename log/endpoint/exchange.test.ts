import { decode } from 'cborg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CBOR_CODEC } from './cbor-codec.ts';
import { call, SIGNED, send, stubOperations } from './fixture-wire.ts';
import { type Endpoint, openEndpoint } from './server.ts';
import { OPERATIONS } from './shapes/index.ts';

const faults: string[] = [];
let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await openEndpoint({
    operations: stubOperations(),
    host: '127.0.0.1',
    port: 0,
    onFault: (operation, error) => faults.push(`${operation}: ${(error as Error).message}`),
  });
});
afterAll(() => endpoint.close(100));

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };
const CBOR_TYPE = { 'content-type': 'application/x-amz-cbor-1.1' };
const LIST = { 'x-amz-target': 'Kinesis_20131202.ListStreams' };
const cbor = (type: string) => CBOR_CODEC.error(type, '').toString('latin1');
const xml = (type: string, message: string) => `<${type}>\n  <Message>${message}</Message>\n</${type}>\n`;
const MISSING = '{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}';
const DENIED = xml('AccessDeniedException', 'Unable to determine service/operation name to be authorized');

// What AWS answered to the same requests, as kinesalite's tests against the service have it.
test.each([
  ['POST without anything', {}, 400, cbor('UnknownOperationException')],
  ['no body, no type', { headers: LIST }, 400, cbor('SerializationException')],
  [
    'no body, another type',
    { headers: { ...LIST, 'content-type': 'application/json' } },
    400,
    cbor('SerializationException'),
  ],
  [
    'no body, another type, no target',
    { headers: { 'content-type': 'text/plain' } },
    400,
    cbor('UnknownOperationException'),
  ],
  [
    'an unknown target',
    { headers: { ...JSON_TYPE, 'x-amz-target': 'Kinesis_20131202.ListStream' } },
    400,
    '{"__type":"UnknownOperationException"}',
  ],
  [
    'another service',
    { headers: { ...JSON_TYPE, 'x-amz-target': 'Other.ListStreams' }, body: '{}' },
    400,
    '{"__type":"UnknownOperationException"}',
  ],
  [
    'a name that every object has',
    { headers: { ...JSON_TYPE, 'x-amz-target': 'Kinesis_20131202.constructor' }, body: '{}' },
    400,
    '{"__type":"UnknownOperationException"}',
  ],
  [
    'an operation of the model that is not here',
    { headers: { ...JSON_TYPE, 'x-amz-target': 'Kinesis_20131202.CreateChannel' }, body: '{}' },
    400,
    '{"__type":"UnknownOperationException"}',
  ],
  ['no body', { headers: { ...JSON_TYPE, ...LIST } }, 400, '{"__type":"SerializationException"}'],
  [
    'a body that is no JSON',
    { headers: { ...JSON_TYPE, ...LIST }, body: 'hello' },
    400,
    '{"__type":"SerializationException"}',
  ],
  ['no JSON for no operation', { headers: JSON_TYPE, body: 'hello' }, 400, '{"__type":"SerializationException"}'],
  [
    'a body that is no object',
    { headers: { ...JSON_TYPE, ...LIST }, body: 'true' },
    400,
    '{"__type":"SerializationException"}',
  ],
  ['null', { headers: { ...JSON_TYPE, ...LIST }, body: 'null' }, 400, '{"__type":"SerializationException"}'],
  ['no signature', { headers: { ...JSON_TYPE, ...LIST }, body: '{}' }, 400, MISSING],
  ['no signature, wrong types', { headers: { ...JSON_TYPE, ...LIST }, body: '{"Limit":"x"}' }, 400, MISSING],
  [
    'no signature in CBOR',
    { headers: { ...CBOR_TYPE, ...LIST }, body: Buffer.from('a0', 'hex') },
    400,
    CBOR_CODEC.error('MissingAuthenticationTokenException', 'Missing Authentication Token').toString('latin1'),
  ],
  ['GET', { method: 'GET' }, 403, xml('MissingAuthenticationTokenException', 'Missing Authentication Token')],
  ['signed GET', { method: 'GET', headers: SIGNED }, 403, DENIED],
  ['PUT', { method: 'PUT', headers: { ...SIGNED, ...JSON_TYPE, ...LIST }, body: '{}' }, 403, DENIED],
  [
    'a body of another type',
    { headers: { ...SIGNED, ...LIST, 'content-type': 'text/plain' }, body: '{}' },
    404,
    '<UnknownOperationException/>\n',
  ],
  [
    'a body of another type for nothing',
    { headers: { ...SIGNED, 'content-type': 'text/plain' }, body: '{}' },
    403,
    DENIED,
  ],
  [
    'a strange signature',
    { method: 'GET', headers: { authorization: '<a>&' } },
    403,
    xml(
      'IncompleteSignatureException',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=&lt;a&gt;&amp;",
    ),
  ],
])('%s', async (_name, request, status, body) => {
  const answer = await send(endpoint.port, request);
  expect(answer.body.toString('latin1')).toBe(body);
  expect(answer.status).toBe(status);
  expect(answer.headers['x-amzn-requestid']).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(Buffer.from(String(answer.headers['x-amz-id-2']), 'base64')).toHaveLength(72);
});

test('a call is answered in the protocol that asked, whatever the path', async () => {
  const json = await call(endpoint.port, 'ListStreams', {});
  expect(json.headers['content-type']).toBe('application/x-amz-json-1.1');
  expect(json.headers.date).toBeDefined();
  expect(JSON.parse(json.body.toString())).toEqual({ StreamNames: ['a'], HasMoreStreams: false });
  const asCbor = await send(endpoint.port, {
    path: '/any/path',
    headers: { ...CBOR_TYPE, ...LIST, ...SIGNED },
    body: CBOR_CODEC.writer(OPERATIONS.ListStreams.input)({ Limit: 5 }),
  });
  expect(asCbor.headers['content-type']).toBe('application/x-amz-cbor-1.1');
  expect(decode(asCbor.body)).toEqual({ StreamNames: ['a'], HasMoreStreams: false });
  const other = await send(endpoint.port, {
    headers: { ...LIST, ...SIGNED, 'content-type': 'application/json; charset=utf-8' },
    body: '{}',
  });
  expect(other.status).toBe(200);
});

test('an operation without output answers with nothing', async () => {
  const answer = await call(endpoint.port, 'DescribeLimits', {});
  expect(answer.status).toBe(200);
  expect(answer.body.toString()).toBe('{}');
});

test('types are checked before constraints, and those before the operation', async () => {
  const types = await call(endpoint.port, 'DeleteStream', { StreamName: '', EnforceConsumerDeletion: 1 });
  expect(JSON.parse(types.body.toString())).toEqual({
    __type: 'SerializationException',
    Message: 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an Boolean',
  });
  const constraints = await call(endpoint.port, 'DeleteStream', { StreamName: '!' });
  expect(JSON.parse(constraints.body.toString()).__type).toBe('ValidationException');
  const found = await call(endpoint.port, 'DeleteStream', { StreamName: 's' });
  expect(found.status).toBe(400);
  expect(JSON.parse(found.body.toString())).toEqual({
    __type: 'ResourceNotFoundException',
    message: 'Stream s under account 000000000000 not found.',
  });
});

test('what fails here is told to whoever runs it, not to whoever calls', async () => {
  const answer = await call(endpoint.port, 'CreateStream', { StreamName: 's' });
  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.body.toString()).__type).toBe('InternalFailure');
  expect(answer.body.toString()).not.toContain('secret');
  expect(faults).toEqual(['CreateStream: the disk /secret is full']);
});

test('the region is that of the credential', async () => {
  const answer = await call(endpoint.port, 'GetRecords', { ShardIterator: 'x' });
  const [record] = JSON.parse(answer.body.toString()).Records;
  expect(Buffer.from(record.Data, 'base64').toString()).toBe('eu-west-3');
  expect(record.ApproximateArrivalTimestamp).toBe(0.005);
});

test('every operation of the model has a structure to be read and one to be written, or none', () => {
  const names = Object.keys(OPERATIONS);
  expect(names).toHaveLength(38);
  for (const { input } of Object.values(OPERATIONS)) {
    expect(input.required.every((name) => name in input.members)).toBe(true);
  }
});
