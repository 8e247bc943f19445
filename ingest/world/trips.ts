import { CITIES, CITY_WEIGHTS, distanceKm } from './cities.ts';
import type { Company } from './company.ts';
import { drawUnit, pickWeighted } from './draw.ts';

const HOUR_US = 3600e6;
const DAY_US = 24 * HOUR_US;
/** People make up their minds about travel once in this span; a whole trip lies inside it. */
const SPAN_US = 28 * DAY_US;
const TRIP_CHANCE = 0.12;
/** Door to door: airliners cruise faster, and airports cost time on top. */
const SPEED_KMH = 700;
const AIRPORTS_H = 2;

/** Where somebody is: an index into CITIES, and a number that differs for each stay. Stay 0 is at home. */
export interface Whereabouts {
  readonly city: number;
  readonly stay: number;
}

/** Where a person is at a time; null on the way. A function of seed, person and time alone. */
export function whereabouts(company: Company, index: number, atUs: number): Whereabouts | null {
  const home = company.facts(index).city;
  const span = Math.floor(atUs / SPAN_US);
  const chance = (salt: number) => drawUnit(company.seed, index, 5000 + span * 8 + salt);
  // The first three always stay, so that somebody can always act.
  if (index < 3 || chance(0) >= TRIP_CHANCE) return { city: home, stay: 0 };
  const away = pickWeighted(CITY_WEIGHTS, chance(1));
  const [from, to] = [CITIES[home], CITIES[away]];
  if (from === undefined || to === undefined || away === home) return { city: home, stay: 0 };
  const flightUs = (distanceKm(from, to) / SPEED_KMH + AIRPORTS_H) * HOUR_US;
  const leaves = span * SPAN_US + chance(2) * 18 * DAY_US;
  const arrives = leaves + flightUs;
  const returns = arrives + (1 + 5 * chance(3)) * DAY_US;
  if (atUs < leaves || atUs >= returns + flightUs) return { city: home, stay: 0 };
  return atUs >= arrives && atUs < returns ? { city: away, stay: span } : null;
}
