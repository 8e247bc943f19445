import { open, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type CityResponse, Reader } from 'mmdb-lib';
import { ConfigError, messageOf, type Place } from '../../core/index.ts';
import { type NetworkTable, networkOf, parseNetworks } from './networks.ts';

/** Files in MaxMind's format for cities, and @ip-location-db's CSV files for networks. */
export interface PlaceFiles {
  readonly cityIpv4: string;
  readonly cityIpv6: string;
  readonly networksIpv4: string;
  readonly networksIpv6: string;
}

/** The look-up data in shared memory: read once, used by all worker threads. */
export interface PlaceData {
  readonly cityIpv4: SharedArrayBuffer;
  readonly cityIpv6: SharedArrayBuffer;
  readonly networks: NetworkTable;
}

/** A look-up in the city database costs 9 µs: so many answers are kept. */
const KEPT_MAX = 65_536;

const NOWHERE: Place = {
  src_country: null,
  src_city: null,
  src_lat: null,
  src_lon: null,
  src_asn: null,
  src_as_org: null,
  is_anonymizer: null,
};

export async function loadPlaceData(files: PlaceFiles): Promise<PlaceData> {
  const cityIpv4 = await readShared(files.cityIpv4);
  const cityIpv6 = await readShared(files.cityIpv6);
  const networks = parseNetworks(await readBytes(files.networksIpv4), await readBytes(files.networksIpv6));
  return { cityIpv4, cityIpv6, networks };
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

/** Straight into shared memory: a copy on the way would count against the process's memory. */
async function readShared(path: string): Promise<SharedArrayBuffer> {
  const file = await open(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const { size } = await file.stat();
    const memory = new SharedArrayBuffer(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(new Uint8Array(memory, at), 0, size - at, at);
      if (bytesRead === 0) throw unreadable(path, 'it ends early');
      at += bytesRead;
    }
    return memory;
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: unknown): ConfigError {
  return new ConfigError(
    `[processors/places] cannot read ${path}: ${messageOf(error)}; install the packages or name another file`,
  );
}

/** Place and network of a textual address. Pure, apart from keeping answers. */
export function createPlaceOf(data: PlaceData): (ip: string) => Place {
  const cityIpv4 = new Reader<CityResponse>(Buffer.from(data.cityIpv4));
  const cityIpv6 = new Reader<CityResponse>(Buffer.from(data.cityIpv6));
  const kept = new Map<string, Place>();
  return (ip) => {
    const known = kept.get(ip);
    if (known !== undefined) return known;
    const place = placeOf(ip.includes(':') ? cityIpv6 : cityIpv4, data.networks, ip);
    // The oldest goes: simpler than least recently used, and as good for addresses that come in bursts.
    if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value as string);
    kept.set(ip, place);
    return place;
  };
}

function placeOf(cities: Reader<CityResponse>, networks: NetworkTable, ip: string): Place {
  // The reader would take `1.2.3` for an address.
  if (isIP(ip) === 0) return NOWHERE;
  const network = networkOf(networks, ip);
  const found = cities.get(ip);
  // @ip-location-db writes flat members, MaxMind nested ones.
  const flat = (found ?? {}) as { country_code?: string; city?: unknown; latitude?: number; longitude?: number };
  return {
    src_country: found?.country?.iso_code ?? flat.country_code ?? null,
    src_city: found?.city?.names?.en ?? (typeof flat.city === 'string' && flat.city !== '' ? flat.city : null),
    src_lat: found?.location?.latitude ?? flat.latitude ?? null,
    src_lon: found?.location?.longitude ?? flat.longitude ?? null,
    src_asn: network?.asn ?? null,
    src_as_org: network?.org ?? null,
    is_anonymizer: null,
  };
}
