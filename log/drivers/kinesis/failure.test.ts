import { expect, test } from 'vitest';
import { isPassing, translate } from './failure.ts';
import { fault } from './test-kinesis.ts';

const named = (name: string) => {
  const { name: kind, message } = translate(fault(name), 'append to s');
  return [isPassing(fault(name)), kind, message.split('; ').at(-1)];
};

// Kinesis API Reference: Common Errors, PutRecords, GetRecords.
test.each([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'KMSThrottlingException',
  'RequestTimeoutException',
  'RequestAbortedException',
  'LimitExceededException',
])('%s passes', (name) => {
  expect(named(name)).toEqual([true, 'RetryableError', 'try again']);
});

test.each(['AccessDeniedException', 'NotAuthorized', 'ExpiredTokenException', 'UnrecognizedClientException'])(
  '%s is a matter of credentials',
  (name) => {
    expect(named(name)).toEqual([false, 'AuthError', 'check the AWS credentials and their permissions']);
  },
);

test.each([
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'KMSOptInRequired',
])('%s is a matter of the key that encrypts the stream', (name) => {
  expect(named(name)).toEqual([false, 'ConfigError', 'check the KMS key that encrypts the stream']);
});

test('RequestExpired is a matter of the clock', () => {
  expect(named('RequestExpired')).toEqual([false, 'AuthError', 'check this machine’s clock']);
});
