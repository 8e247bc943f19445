import type { Device } from './activity.ts';
import { draw } from './draw.ts';

type Model = Omit<Device, 'uid' | 'managed'>;

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36';
const MAC = 'Macintosh; Intel Mac OS X 10_15_7';
const WINDOWS = 'Windows NT 10.0; Win64; x64';

const LAPTOPS: readonly Model[] = [
  { os: 'Mac OS X', browser: 'CHROME', userAgent: `Mozilla/5.0 (${MAC}) ${CHROME}` },
  { os: 'Windows 11', browser: 'CHROME', userAgent: `Mozilla/5.0 (${WINDOWS}) ${CHROME}` },
  { os: 'Windows 11', browser: 'EDGE', userAgent: `Mozilla/5.0 (${WINDOWS}) ${CHROME} Edg/148.0.0.0` },
  {
    os: 'Mac OS X',
    browser: 'SAFARI',
    userAgent: `Mozilla/5.0 (${MAC}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.4 Safari/605.1.15`,
  },
  {
    os: 'Mac OS X',
    browser: 'FIREFOX',
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:150.0) Gecko/20100101 Firefox/150.0',
  },
  {
    os: 'Windows 11',
    browser: 'FIREFOX',
    userAgent: `Mozilla/5.0 (${WINDOWS}; rv:150.0) Gecko/20100101 Firefox/150.0`,
  },
  { os: 'Linux', browser: 'CHROME', userAgent: `Mozilla/5.0 (X11; Linux x86_64) ${CHROME}` },
  {
    os: 'Linux',
    browser: 'FIREFOX',
    userAgent: 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
  },
];

const PHONES: readonly Model[] = [
  {
    os: 'iOS',
    browser: 'SAFARI',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.4 Mobile/15E148 Safari/604.1',
  },
  {
    os: 'Android',
    browser: 'CHROME',
    userAgent:
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36',
  },
];

/** What attackers use: unmanaged machines, Linux more often than people do. */
const ATTACKER_MODELS: readonly Model[] = [6, 7, 1, 5].flatMap((i) => LAPTOPS[i] ?? []);

/** A device of its own for (seed, index, salt): the same three give the same device. */
export function laptop(seed: number, index: number, salt: number, managed: boolean): Device {
  // Squared, so that the first models of the list are the common ones.
  const model = LAPTOPS[Math.floor((draw(seed, index, salt) / 2 ** 32) ** 2 * LAPTOPS.length)];
  return device(model, seed, index, salt, managed);
}

export function phone(seed: number, index: number, salt: number, managed: boolean): Device {
  return device(PHONES[draw(seed, index, salt) % PHONES.length], seed, index, salt, managed);
}

export function attackerDevice(seed: number, index: number, salt: number): Device {
  return device(ATTACKER_MODELS[draw(seed, index, salt) % ATTACKER_MODELS.length], seed, index, salt, false);
}

function device(model: Model | undefined, seed: number, index: number, salt: number, managed: boolean): Device {
  if (model === undefined) throw new RangeError('[ingest/world] no such device model; check the draw');
  let uid = '';
  for (let i = 1; i <= 4; i++)
    uid += draw(seed, index, salt + 1000 * i)
      .toString(16)
      .padStart(8, '0');
  return { uid: uuid(uid), ...model, managed };
}

/** 32 hexadecimal digits in the form of a version 4 UUID (RFC 9562). */
function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
