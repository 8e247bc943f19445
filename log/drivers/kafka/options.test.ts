import { expect, test } from 'vitest';
import { openKafkaLog } from '../kafka.ts';
import { checkOptions, type KafkaLogOptions } from './options.ts';

const BROKERS = ['127.0.0.1:9092'];

test.each<[string, KafkaLogOptions]>([
  ['no broker is', { brokers: [] }],
  ['cannot be a broker', { brokers: ['kafka'] }],
  ['cannot be a broker', { brokers: ['kafka:9092', 'http://kafka'] }],
  ["cannot begin a topic's name", { brokers: BROKERS, topicPrefix: 'a/b' }],
  ['needs a user name and a password', { brokers: BROKERS, sasl: { mechanism: 'plain', username: 'u', password: '' } }],
  ['come together', { brokers: BROKERS, tls: { certFile: 'c.pem' } }],
])('%s: refused in one line that shows no secret', (text, options) => {
  expect(() => checkOptions(options)).toThrow(text);
});

test.each([['127.0.0.1:9092'], ['kafka.example.com:443'], ['[::1]:9092']])('%s may be a broker', (address) => {
  expect(() => checkOptions({ brokers: [address], topicPrefix: 'beagle.' })).not.toThrow();
});

test('a file of certificates that cannot be read is named', async () => {
  const opened = openKafkaLog({ brokers: BROKERS, tls: { caFile: '/no/such/ca.pem' } });
  await expect(opened).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining('/no/such/ca.pem'),
  });
});

test('brokers that are not there are told within seconds, with what to do', async () => {
  const opened = openKafkaLog({ brokers: ['127.0.0.1:1'] });
  await expect(opened).rejects.toMatchObject({
    name: 'RetryableError',
    message: expect.stringMatching(
      /^\[log\/kafka\] cannot reach Kafka at 127\.0\.0\.1:1: [^\n]+; see that the brokers run/,
    ),
  });
}, 30_000);
