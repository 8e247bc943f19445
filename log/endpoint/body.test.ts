import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { BodyBudget, readBody } from './body.ts';

function request(headers: Record<string, string> = {}): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage;
}

test('a body is what its pieces are together', async () => {
  const source = request();
  const reading = readBody(source, 100, 1000, new BodyBudget());
  source.write('ab');
  source.end('c');
  expect((await reading).body.toString()).toBe('abc');
});

test('all bodies together stay within the budget, and give back what they took', async () => {
  const budget = new BodyBudget(10);
  const first = request();
  const reading = readBody(first, 100, 1000, budget);
  first.end('12345678');
  const { release } = await reading;
  const second = request();
  const refused = readBody(second, 100, 1000, budget);
  second.end('12345678');
  await expect(refused).rejects.toMatchObject({ type: 'ServiceUnavailable', status: 503 });
  release();
  const third = request();
  const taken = readBody(third, 100, 1000, budget);
  third.end('1234567890');
  expect((await taken).body).toHaveLength(10);
});

test.each([
  ['too long', { 'content-length': '101' }, 413],
  ['too slow', {}, 408],
])('a body that is %s is refused', async (_name, headers, status) => {
  await expect(readBody(request(headers), 100, 20, new BodyBudget())).rejects.toMatchObject({ status });
});

test('a client that goes is no refusal', async () => {
  const source = request();
  const reading = readBody(source, 100, 1000, new BodyBudget());
  source.destroy();
  await expect(reading).rejects.toThrow('the client went in the middle of a request');
});
