import type { Random } from '../../../core/index.ts';
import { createDerived } from '../derived.ts';

const remembered = createDerived<string>('okta');

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';

/** Five characters a draw: 60⁵ is the largest power of the alphabet’s size below 2³². */
function idText(random: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    let draw = random.int(60 ** 5);
    for (let i = 0; i < 5; i++) {
      text += ALPHABET.charAt(draw % 60);
      draw = Math.floor(draw / 60);
    }
  }
  return text.slice(0, length);
}

/** Okta’s ids: a prefix that names the kind, 20 characters in all; the same name gives the same id. */
export const oktaId = (prefix: string, name: string): string =>
  prefix + remembered(`${prefix} ${name}`, (random) => idText(random, 20 - prefix.length));

/** What authenticationContext.externalSessionId holds. */
export const sessionText = (sessionId: string): string =>
  `idx${remembered(`session ${sessionId}`, (random) => idText(random, 22))}`;

/** Of a browser, as debugData has it. */
export const fingerprint = (deviceUid: string): string => remembered(`device ${deviceUid}`, (random) => random.hex(32));

/** Version 4 (RFC 9562 §5.4). */
export function uuid(random: Random): string {
  const hex = random.hex(32);
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
