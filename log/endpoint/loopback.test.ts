import { expect, test } from 'vitest';
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.0.0.1', false],
  ['127.0.0.1.example.com', false],
  ['::', false],
  [undefined, false],
])('%s: %s', (address, local) => {
  expect(isLoopbackAddress(address)).toBe(local);
});

test('localhost is a host here', () => {
  expect(isLoopbackHost('localhost')).toBe(true);
  expect(isLoopbackHost('0.0.0.0')).toBe(false);
});
