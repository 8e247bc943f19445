import type { Step } from './step.ts';

/** City databases are wrong by tens of kilometres: nearer than this is the same place. */
const SAME_PLACE_KM = 100;
/** Two events in one second are taken as one second apart. */
const APART_US_MIN = 1_000_000;
const EARTH_RADIUS_KM = 6371.0088;

/** Speed between this event and the previous located one of the same person. */
export const signalGeoSpeed: Step = ({ draft, person, atUs, isPerson }) => {
  if (person === null || draft.src_lat === null || draft.src_lon === null) return;
  const last = person.lastPlace;
  if (last !== null) {
    const km = distanceKm(last.lat, last.lon, draft.src_lat, draft.src_lon);
    if (km > SAME_PLACE_KM) {
      draft.s_geo_speed_kmh = Math.round((km * 3_600_000_000) / Math.max(APART_US_MIN, Math.abs(atUs - last.atUs)));
    }
  }
  if (!isPerson) return;
  if (last === null || atUs >= last.atUs) person.lastPlace = { atUs, lat: draft.src_lat, lon: draft.src_lon };
};

/** Great-circle distance by the haversine formula (Sinnott 1984), mean Earth radius of IUGG. Degrees in, km out. */
export function distanceKm(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = Math.PI / 180;
  const dLat = Math.sin(((lat2 - lat1) * radians) / 2);
  const dLon = Math.sin(((lon2 - lon1) * radians) / 2);
  const h = dLat * dLat + Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * dLon * dLon;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, h)));
}
