import { expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { dataFolder } from './data-folder.ts';
import { LOG_OPTIONS, logConfigOf } from './log-config.ts';

const folder = dataFolder('/data');
const read = (flags: Record<string, string | boolean>, env: Record<string, string> = {}) =>
  logConfigOf(readConfig(LOG_OPTIONS, { flags, env, file: {} }), folder, env);

test('without options the log is the embedded one of the data folder', () => {
  expect(read({})).toEqual({ driver: 'embedded', path: '/data/log' });
});

test('Kafka takes its brokers from the flag or the environment', () => {
  const kafka = { driver: 'kafka', brokers: ['a:9092', 'b:9092'], topicPrefix: 'beagle.' };
  expect(read({ log: 'kafka', brokers: 'a:9092, b:9092' })).toEqual(kafka);
  expect(read({}, { BEAGLE_LOG: 'kafka', BEAGLE_BROKERS: 'a:9092,b:9092' })).toEqual(kafka);
  expect(() => read({ log: 'kafka' })).toThrow('set --brokers');
});

test('TLS is on by itself or with files', () => {
  const brokers = { log: 'kafka', brokers: 'a:1' };
  expect(read({ ...brokers, tls: true })).toMatchObject({ tls: true });
  const files = { 'tls-ca': 'ca.pem', 'tls-cert': 'c.pem', 'tls-key': 'k.pem' };
  expect(read({ ...brokers, ...files })).toMatchObject({
    tls: { caFile: 'ca.pem', certFile: 'c.pem', keyFile: 'k.pem' },
  });
});

test('names, passwords and tokens come from the environment', () => {
  const flags = { log: 'kafka', brokers: 'a:1' };
  const user = { BEAGLE_SASL_USERNAME: 'u', BEAGLE_SASL_PASSWORD: 'p' };
  expect(read({ ...flags, sasl: 'scram-sha-512' }, user)).toMatchObject({
    sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
  });
  const bearer = { ...flags, sasl: 'oauthbearer' };
  expect(read(bearer, { BEAGLE_SASL_TOKEN: 't' })).toMatchObject({ sasl: { token: 't' } });
  expect(read(bearer, { BEAGLE_SASL_TOKEN_FILE: 'f' })).toMatchObject({ sasl: { tokenFile: 'f' } });
  expect(read(bearer, { BEAGLE_SASL_TOKEN: 't', BEAGLE_SASL_TOKEN_FILE: '' })).toMatchObject({ sasl: { token: 't' } });
  expect(() => read(bearer, { BEAGLE_SASL_TOKEN: '' })).toThrow('set BEAGLE_SASL_TOKEN_FILE');
  expect(() => read({ ...flags, sasl: 'plain' })).toThrow('set BEAGLE_SASL_USERNAME and BEAGLE_SASL_PASSWORD');
  expect(() => read(bearer)).toThrow('set BEAGLE_SASL_TOKEN_FILE');
  expect(() => read({ ...flags, sasl: 'kerberos' })).toThrow('must be plain');
});

test('Kinesis needs a region, except beside a local endpoint', () => {
  expect(read({ log: 'kinesis', region: 'eu-west-1', 'stream-prefix': 'x.' })).toEqual({
    driver: 'kinesis',
    region: 'eu-west-1',
    streamPrefix: 'x.',
  });
  expect(read({ log: 'kinesis', endpoint: 'http://127.0.0.1:4567' })).toMatchObject({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4567',
  });
  expect(read({ log: 'kinesis' }, { AWS_REGION: 'eu-central-1' })).toMatchObject({ region: 'eu-central-1' });
  expect(() => read({ log: 'kinesis' })).toThrow('set --region or AWS_REGION');
  for (const endpoint of ['nowhere', 'localhost:4567', 'ftp://127.0.0.1'])
    expect(() => read({ log: 'kinesis', endpoint })).toThrow('must be a URL such as');
});
