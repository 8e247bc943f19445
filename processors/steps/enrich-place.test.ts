import { expect, test } from 'vitest';
import { createTrial, NOWHERE, START_US } from '../fixtures.ts';

test('an event has the place of its address, and none without an address', () => {
  const place = { ...NOWHERE, src_country: 'GH', src_city: 'Accra', src_lat: 5.5, src_lon: -0.2, src_asn: 64500 };
  const asked: string[] = [];
  const { feed } = createTrial((ip) => {
    asked.push(ip);
    return place;
  });
  expect(feed({ src_ip: '198.51.100.23', time: START_US })).toMatchObject(place);
  expect(feed({ time: START_US })).toMatchObject(NOWHERE);
  expect(asked).toEqual(['198.51.100.23']);
});

test('a late event and one without an actor have their place too', () => {
  const { feed } = createTrial(() => ({ ...NOWHERE, src_country: 'GH' }));
  expect(feed({ src_ip: '1.2.3.4', actor_uid: null, time: START_US }).src_country).toBe('GH');
  expect(feed({ src_ip: '1.2.3.4', time: START_US - 1e12 }, { arrivalUs: START_US }).src_country).toBe('GH');
});
