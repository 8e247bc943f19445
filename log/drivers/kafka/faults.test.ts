import { expect, test } from 'vitest';
import { faultOf, finalError } from './faults.ts';

test('the name that Kafka gave is found under wrappers', () => {
  const kafkas = Object.assign(new Error('no'), { type: 'NOT_LEADER_FOR_PARTITION' });
  expect(faultOf(kafkas)).toBe('NOT_LEADER_FOR_PARTITION');
  expect(faultOf(Object.assign(new Error('gave up'), { name: 'KafkaJSNumberOfRetriesExceeded', cause: kafkas }))).toBe(
    'NOT_LEADER_FOR_PARTITION',
  );
  expect(faultOf(Object.assign(new Error('many'), { errors: [kafkas] }))).toBe('NOT_LEADER_FOR_PARTITION');
  const trimmed = Object.assign(new Error('Error while deleting records'), { partitions: [{ error: kafkas }] });
  expect(faultOf(trimmed)).toBe('NOT_LEADER_FOR_PARTITION');
  expect(faultOf(Object.assign(new Error('closed'), { name: 'KafkaJSConnectionClosedError' }))).toBe(
    'KafkaJSConnectionClosedError',
  );
  expect(faultOf(null)).toBe('Error');
});

test.each([
  ['SASL_AUTHENTICATION_FAILED', 'AuthError'],
  ['TOPIC_AUTHORIZATION_FAILED', 'AuthError'],
  ['MESSAGE_TOO_LARGE', 'ConfigError'],
  ['INVALID_REPLICATION_FACTOR', 'ConfigError'],
])('%s is %s at once', (type, name) => {
  const error = finalError(Object.assign(new Error('said\nKafka'), { type }), 'cannot write t/0');
  expect(error).toMatchObject({
    name,
    message: expect.stringMatching(/^\[log\/kafka\] cannot write t\/0: said Kafka; \S/),
  });
});

test.each([['LEADER_NOT_AVAILABLE'], ['NOT_ENOUGH_REPLICAS'], ['REQUEST_TIMED_OUT'], ['UNKNOWN']])(
  '%s may pass',
  (type) => {
    expect(finalError(Object.assign(new Error('later'), { type }), 'cannot write t/0')).toBe(null);
  },
);

test('a broker that does not trust the client’s certificate is told apart from one that is not trusted', () => {
  const said = 'Connection error: ssl3_read_bytes:sslv3 alert bad certificate:SSL alert number 42';
  const error = Object.assign(new Error(said), { name: 'KafkaJSConnectionError' });
  expect(finalError(error, 'cannot reach Kafka')).toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining('give a client certificate'),
  });
});

test('a certificate that is not trusted stays so', () => {
  const error = Object.assign(new Error('Connection error: self-signed certificate'), {
    name: 'KafkaJSConnectionError',
  });
  expect(finalError(error, 'cannot reach Kafka')).toMatchObject({ name: 'ConfigError' });
});
