import { expect, test } from 'vitest';
import { OPTIONS, type OptionName, readConfig } from './config.ts';
import { ConfigError } from './core/index.ts';

const NONE = { flags: {}, env: {}, file: {} };
/** One option's value, given as a flag. */
const flag = (name: OptionName, value: unknown): unknown =>
  readConfig([name], { ...NONE, flags: { [name]: value } })[name];

test('a flag goes before the environment, the environment before the file, the file before the default', () => {
  const sources = { flags: { port: '1' }, env: { BEAGLE_PORT: '2' }, file: { port: 3 } };
  expect(readConfig(['port'], sources)).toEqual({ port: 1 });
  expect(readConfig(['port'], { ...sources, flags: {} })).toEqual({ port: 2 });
  expect(readConfig(['port'], { ...sources, flags: {}, env: {} })).toEqual({ port: 3 });
  expect(readConfig(['port'], NONE)).toEqual({ port: 3000 });
});

test('an option without a default that nobody gave is not there', () => {
  expect(readConfig(['rate', 'count', 'json'], NONE)).toEqual({ json: false });
});

test('every default is a value of its option', () => {
  const names = Object.keys(OPTIONS) as OptionName[];
  expect(() => readConfig(names, NONE)).not.toThrow();
});

test.each([
  ['rate', '10000/min', 10_000],
  ['rate', '10000/m', 10_000],
  ['rate', '200/s', 12_000],
  ['rate', '0.5/h', 0.5 / 60],
  ['duration', '60s', 60_000],
  ['duration', '1.5h', 5_400_000],
  ['duration', '250ms', 250],
  ['duration', '2d', 172_800_000],
  ['duration', '3min', 180_000],
  ['start', '2026-01-31T09:00:00Z', 1_769_850_000_000_000],
  ['count', '17', 17],
  ['pointer', '/a/~0b', '/a/~0b'],
  ['pointer', '', ''],
  ['json', true, true],
] as const)('%s takes %j', (name, given, value) => {
  expect(flag(name, given)).toBe(value);
});

test.each([
  ['rate', '10000'],
  ['rate', '-1/s'],
  ['rate', '1/d'],
  ['rate', '1e9/s'],
  ['duration', '60'],
  ['duration', '0s'],
  ['duration', ' 1s'],
  ['start', 'monday'],
  ['count', '0'],
  ['count', '1.5'],
  ['count', 'Infinity'],
  ['port', '65536'],
  ['seed', '-1'],
  ['format', 'xml'],
  ['pointer', 'a'],
  ['data', ''],
  ['token', 'short'],
] as const)('%s refuses %j', (name, given) => {
  expect(() => flag(name, given)).toThrow(new RegExp(`^\\[config\\] --${name} `));
});

test('a file may write numbers and switches as JSON has them', () => {
  expect(readConfig(['count', 'json'], { ...NONE, file: { count: 5, json: true } })).toEqual({ count: 5, json: true });
  expect(readConfig(['json'], { ...NONE, env: { BEAGLE_JSON: 'false' } })).toEqual({ json: false });
});

test('all faults come at once, in one line, each with its place', () => {
  const read = () =>
    readConfig(['rate', 'port', 'count'], {
      flags: { rate: 'fast' },
      env: { BEAGLE_PORT: 'x' },
      file: { count: {}, colour: 'red' },
    });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    /^\[config\] beagle\.config\.json: there is no option colour; --rate must .*; BEAGLE_PORT must .*; beagle\.config\.json: count must .*$/,
  );
});

test('options of other commands may stand in the file', () => {
  expect(readConfig(['port'], { ...NONE, file: { rate: 'whatever', port: 8080 } })).toEqual({ port: 8080 });
});
