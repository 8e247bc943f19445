import { describe, expect, test } from 'vitest';
import { CLASS } from '../../core/index.ts';
import { createTrial, HOUR_US, NOWHERE, SECOND_US, START_US } from '../fixtures.ts';
import { distanceKm } from './signal-geo-speed.ts';

const PLACES: Record<string, { src_lat: number; src_lon: number }> = {
  london: { src_lat: 51.5074, src_lon: -0.1278 },
  reading: { src_lat: 51.4543, src_lon: -0.9781 },
  paris: { src_lat: 48.8566, src_lon: 2.3522 },
};
const trial = () => createTrial((ip) => ({ ...NOWHERE, ...PLACES[ip] }));

describe('distance', () => {
  test('is the great circle’s', () => {
    // London to Paris, and pole to pole: half of the circumference of a sphere of 6371.0088 km.
    expect(distanceKm(51.5074, -0.1278, 48.8566, 2.3522)).toBeCloseTo(343.56, 1);
    expect(distanceKm(90, 0, -90, 0)).toBeCloseTo(Math.PI * 6371.0088, 6);
    expect(distanceKm(0, 179.5, 0, -179.5)).toBeCloseTo((Math.PI * 6371.0088) / 180, 6);
    expect(distanceKm(10, 20, 10, 20)).toBe(0);
  });
});

describe('speed', () => {
  test('is that from the previous located event, in km/h', () => {
    const { feed } = trial();
    expect(feed({ src_ip: 'london', time: START_US }).s_geo_speed_kmh).toBeNull();
    expect(feed({ time: START_US + HOUR_US }).s_geo_speed_kmh).toBeNull();
    expect(feed({ src_ip: 'paris', time: START_US + 2 * HOUR_US }).s_geo_speed_kmh).toBe(172);
  });

  test('is unknown within 100 km: databases are wrong by as much', () => {
    const { feed } = trial();
    feed({ src_ip: 'london', time: START_US });
    expect(feed({ src_ip: 'reading', time: START_US + 1 }).s_geo_speed_kmh).toBeNull();
  });

  test('of two events in the same instant is taken over a second', () => {
    const { feed } = trial();
    feed({ src_ip: 'london', time: START_US });
    const { s_geo_speed_kmh } = feed({ src_ip: 'paris', time: START_US });
    expect(s_geo_speed_kmh).toBe(Math.round(distanceKm(51.5074, -0.1278, 48.8566, 2.3522) * 3600));
  });

  test('of an event out of order is that to the latest place, which it does not become', () => {
    const { feed } = trial();
    feed({ src_ip: 'paris', time: START_US + HOUR_US });
    expect(feed({ src_ip: 'london', time: START_US }, { arrivalUs: START_US + HOUR_US }).s_geo_speed_kmh).toBe(344);
    expect(feed({ src_ip: 'paris', time: START_US + HOUR_US + SECOND_US }).s_geo_speed_kmh).toBeNull();
  });

  test('is measured for a failed attempt, which does not move the person', () => {
    const { feed } = trial();
    feed({ src_ip: 'london', time: START_US });
    const failed = { class_uid: CLASS.authentication, status: 'failure' } as const;
    expect(feed({ ...failed, src_ip: 'paris', time: START_US + HOUR_US }).s_geo_speed_kmh).toBe(344);
    expect(feed({ src_ip: 'london', time: START_US + HOUR_US }).s_geo_speed_kmh).toBeNull();
  });

  test('is unknown where the person or the place is', () => {
    const { feed } = trial();
    feed({ src_ip: 'london', time: START_US });
    expect(feed({ src_ip: 'paris', actor_uid: null, time: START_US }).s_geo_speed_kmh).toBeNull();
    expect(feed({ src_ip: 'atlantis', time: START_US }).s_geo_speed_kmh).toBeNull();
  });
});
