import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseIpv6High } from './address.ts';

const nearIpv4 = fc.oneof(
  fc.ipV4(),
  fc.stringMatching(/^[0-9.]{1,16}$/),
  fc.array(fc.integer({ min: -1, max: 300 }), { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.')),
  fc.string(),
);
const nearIpv6 = fc.oneof(
  fc.ipV6(),
  fc.ipV6().map((ip) => `${ip}%eth0.1`),
  fc.stringMatching(/^[0-9a-fA-F:.]{1,40}$/),
  fc
    .array(fc.constantFrom('0', 'ab', 'FFFF', '12345', '', '1.2.3.4'), { maxLength: 9 })
    .map((groups) => groups.join(':')),
);

describe('IPv4', () => {
  test('is what node:net takes for it', () => {
    fc.assert(
      fc.property(nearIpv4, (text) => {
        expect(parseIpv4(text) !== null).toBe(isIPv4(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('is a number of 32 bits, the first octet highest', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(octet, octet, octet, octet, (a, b, c, d) => {
        expect(parseIpv4(`${a}.${b}.${c}.${d}`)).toBe(a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d);
      }),
    );
    expect(parseIpv4('255.255.255.255')).toBe(0xffff_ffff);
  });

  test.each(['', '1.2.3', '1.2.3.', '1.2.3.4.5', '01.2.3.4', '1.2.3.256', ' 1.2.3.4', '1..2.3', '::1'])(
    '%j is none',
    (text) => expect(parseIpv4(text)).toBeNull(),
  );
});

describe('IPv6', () => {
  test('is what node:net takes for it', () => {
    fc.assert(
      fc.property(nearIpv6, (text) => {
        expect(parseIpv6High(text) !== null).toBe(isIPv6(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('is its first four groups, however it is written', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const high = groups.slice(0, 4).reduce((value, part) => (value << 16n) | BigInt(part), 0n);
        const full = groups.map((part) => part.toString(16)).join(':');
        // WHATWG's URL parser writes the shortest form.
        const short = new URL(`http://[${full}]/`).hostname.slice(1, -1);
        expect([parseIpv6High(full), parseIpv6High(short), parseIpv6High(`${short}%1`)]).toEqual([high, high, high]);
      }),
      { numRuns: 300 },
    );
    expect(parseIpv6High('::ffff:1.2.3.4')).toBe(0n);
    expect(parseIpv6High('1:2:3:4:5:6:1.2.3.4')).toBe(0x0001_0002_0003_0004n);
  });
});
