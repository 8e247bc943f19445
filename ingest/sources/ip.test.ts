import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIp } from './ip.ts';

describe('parseIp', () => {
  it('keeps what the platform calls an IPv4 address', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(65_535), (ip, port) => {
        expect(parseIp(ip)).toBe(ip);
        expect(parseIp(`${ip}:${port}`)).toBe(ip);
      }),
    );
  });

  it('normalises IPv6 as the URL standard does', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.nat(65_535), (ip, port) => {
        const written = new URL(`http://[${ip}]/`).hostname.slice(1, -1);
        const expected = written.startsWith('::ffff:') ? parseIp(written) : written;
        expect(parseIp(ip)).toBe(expected);
        expect(parseIp(`[${ip}]:${port}`)).toBe(expected);
        expect(parseIp(`${ip.toUpperCase()}%eth0`)).toBe(expected);
      }),
    );
  });

  it('gives an address or null for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.[\]%]{2,45}$/)), (text) => {
        const ip = parseIp(text);
        expect(ip === null || isIP(ip) !== 0).toBe(true);
        if (isIP(text) !== 0) expect(ip).not.toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['[2001:db8::1]', '2001:db8::1'],
  ])('reads %s', (text, ip) => {
    expect(parseIp(text)).toBe(ip);
  });

  it.each([
    null,
    7,
    '',
    'AWS Internal',
    'cloudtrail.amazonaws.com',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1..2.3',
    '1.2.3.4:',
    '1.2.3.4:99999',
    '1.2.3.4:x',
    '[::1',
    '[::1]x',
    '[::1]:x',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1::',
    'g::1',
    `${'1'.repeat(90)}`,
    '1:2:3:4:5:6:7::8:9',
  ])('gives null for %j', (value) => {
    expect(parseIp(value)).toBeNull();
  });
});
