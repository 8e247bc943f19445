import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openKafkaLog } from '../kafka.ts';
import { checkOptions, type KafkaLogOptions } from './options.ts';

const BROKERS = ['127.0.0.1:9092'];

test.each<[string, KafkaLogOptions]>([
  ['no broker is', { brokers: [] }],
  ['cannot be a broker', { brokers: ['kafka'] }],
  ['cannot be a broker', { brokers: ['kafka:9092', 'http://kafka'] }],
  ['cannot be a broker', { brokers: ['PLAINTEXT://kafka:9092'] }],
  ['cannot be a broker', { brokers: ['::1:9092'] }],
  ['cannot be a broker', { brokers: ['kafka:99999'] }],
  ['"…@kafka:9092" cannot be a broker', { brokers: ['kafka://user:secret@kafka:9092'] }],
  ['needs a token', { brokers: BROKERS, sasl: { mechanism: 'oauthbearer', token: ' ' } }],
  ['needs a token', { brokers: BROKERS, sasl: { mechanism: 'oauthbearer', tokenFile: '' } }],
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

test('a certificate or key that is none is told at once, by its file', async () => {
  const file = fileURLToPath(import.meta.url);
  await expect(openKafkaLog({ brokers: BROKERS, tls: { certFile: file, keyFile: file } })).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(/^\[log\/kafka\] cannot use \S+options\.test\.ts, [^\n]+; name PEM files/),
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
