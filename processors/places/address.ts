import { isIPv6 } from 'node:net';

/** Dotted IPv4 as a 32-bit number; null when it is none (leading zeros, which some readers take for octal, included). */
export function parseIpv4(ip: string): number | null {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < ip.length; i++) {
    const digit = ip.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9 && octet !== 0) {
      octet = (octet < 0 ? 0 : octet * 10) + digit;
      if (octet > 255) return null;
    } else if (digit === -2 && octet >= 0) {
      value = value * 256 + octet;
      octet = -1;
      if (++dots > 3) return null;
    } else return null;
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : null;
}

const COLON = 0x3a;
const DOT = 0x2e;
const PERCENT = 0x25;
const groups = new Uint16Array(8);

/** The upper 64 bits of a textual IPv6 address (RFC 4291 §2.2), whatever its zone; null when it is none. */
export function parseIpv6High(ip: string): bigint | null {
  if (!isIPv6(ip)) return null;
  // Valid from here on: groups before `::` stand at the front, those behind it at the end.
  let count = 0;
  let gap = -1;
  let group = 0;
  let digits = 0;
  let isDotted = false;
  for (let i = 0; i < ip.length; i++) {
    const code = ip.charCodeAt(i);
    if (code === PERCENT) break;
    if (code === DOT) isDotted = true;
    else if (code !== COLON) {
      group = (group << 4) | (code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57);
      digits++;
    } else {
      if (digits > 0) groups[count++] = group;
      else gap = count;
      group = 0;
      digits = 0;
    }
  }
  // A dotted tail stands for two groups of the lower half.
  if (digits > 0) groups[count++] = group;
  if (isDotted) groups[count++] = 0;
  if (gap >= 0) {
    groups.copyWithin(8 - (count - gap), gap, count);
    groups.fill(0, gap, 8 - (count - gap));
  }
  const upper = (groups[0] as number) * 0x1_0000 + (groups[1] as number);
  const lower = (groups[2] as number) * 0x1_0000 + (groups[3] as number);
  return (BigInt(upper) << 32n) | BigInt(lower);
}
