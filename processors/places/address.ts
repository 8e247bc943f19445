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

/** The upper 64 bits of a textual IPv6 address (RFC 4291 §2.2), whatever its zone; null when it is none. */
export function parseIpv6High(ip: string): bigint | null {
  if (!isIPv6(ip)) return null;
  const [address = ''] = ip.split('%', 1);
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted tail stands for two groups of the lower half.
  const groups = before.length + after.length + (address.includes('.') ? 1 : 0);
  const all = [...before, ...new Array(tail === undefined ? 0 : 8 - groups).fill('0'), ...after];
  let value = 0n;
  for (const group of all.slice(0, 4)) value = (value << 16n) | BigInt(Number.parseInt(group, 16));
  return value;
}
