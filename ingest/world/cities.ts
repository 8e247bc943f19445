import type { City } from './activity.ts';
import { HOME_TABLE, HOSTING_TABLE } from './city-table.ts';

/** Where people live and work; the offices come first. */
export const CITIES: readonly City[] = HOME_TABLE;

/** Hosting networks, from which attackers come. */
export const HOSTING: readonly City[] = HOSTING_TABLE;

/** How many people live in each of CITIES, as relative weights: the headquarters, seven offices, the rest remote. */
export const CITY_WEIGHTS: readonly number[] = [22, 13, 13, 9, 7, 6, 4, 4, ...HOME_TABLE.slice(8).map(() => 1)];

/** An address in one of a city's networks; any two numbers >= 0 give one, and never .0, .1 or above .250. */
export function addressIn(city: City, network: number, host: number): string {
  const prefix = city.networks[network % city.networks.length];
  if (prefix === undefined) throw new RangeError(`[ingest/world] ${city.city} has no networks; add some to its row`);
  return `${prefix}.${2 + (host % 249)}`;
}

/** Great-circle distance in km between two points in degrees, by the haversine formula on a sphere of 6,371 km. */
export function distanceKm(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const radians = Math.PI / 180;
  const x =
    Math.sin(((b.lat - a.lat) * radians) / 2) ** 2 +
    Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(((b.lon - a.lon) * radians) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(Math.min(1, x)));
}
