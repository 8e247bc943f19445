import { describe, expect, test } from 'vitest';
import { networkOf, parseNetworks } from './networks.ts';

const V4 = [
  '16777216,16777471,13335,Cloudflare',
  '16777472,16777473,64500,"Quoted, ""Inc"""',
  '4294967295,4294967295,64501,Последний\r',
].join('\n');
const V6 = ['2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,64502,Six', '2001:db9::,2001:dba::,13335,Cloudflare'].join(
  '\n',
);
const table = parseNetworks(Buffer.from(`${V4}\n`), Buffer.from(V6));

describe('the network of an address', () => {
  test('holds both ends of its range', () => {
    expect(networkOf(table, '1.0.0.0')).toEqual({ asn: 13335, org: 'Cloudflare' });
    expect(networkOf(table, '1.0.0.255')).toEqual({ asn: 13335, org: 'Cloudflare' });
    expect(networkOf(table, '1.0.1.0')).toEqual({ asn: 64500, org: 'Quoted, "Inc"' });
    expect(networkOf(table, '255.255.255.255')).toEqual({ asn: 64501, org: 'Последний' });
  });

  test('is unknown before, between and behind ranges', () => {
    for (const ip of ['0.255.255.255', '1.0.1.2', '255.255.255.254', '2001:db7:ffff::', '2001:dbb::']) {
      expect(networkOf(table, ip)).toBeNull();
    }
  });

  test('is found for IPv6 by its upper half', () => {
    expect(networkOf(table, '2001:db8::1')).toEqual({ asn: 64502, org: 'Six' });
    expect(networkOf(table, '2001:db8:0:ffff::1')).toEqual({ asn: 64502, org: 'Six' });
    expect(networkOf(table, '2001:db8:1::')).toBeNull();
    expect(networkOf(table, '2001:dba::ffff')).toEqual({ asn: 13335, org: 'Cloudflare' });
  });

  test('is none for what is no address', () => {
    for (const text of ['', 'AWS Internal', '1.0.0', '01.0.0.0', ':::', '2001:db8']) {
      expect(networkOf(table, text)).toBeNull();
    }
  });

  test('is none in an empty table, and lines that say nothing are passed over', () => {
    const empty = parseNetworks(Buffer.from('\nnonsense\n1,2\n'), Buffer.from('x,y,1,z\n'));
    expect(networkOf(empty, '1.0.0.0')).toBeNull();
    expect(networkOf(empty, '2001:db8::1')).toBeNull();
  });

  test('lies in shared memory, for all threads', () => {
    for (const array of Object.values(table)) expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
