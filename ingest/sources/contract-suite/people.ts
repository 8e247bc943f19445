import type { Account, Activity, ActivityKind, City, Device, Person } from '../../world/activity.ts';

const CITIES: readonly City[] = [
  {
    city: 'Lisbon',
    country: 'PT',
    countryName: 'Portugal',
    region: 'Lisbon',
    lat: 38.7167,
    lon: -9.1333,
    utcOffsetH: 0,
    networks: ['193.136.1'],
    asn: 1930,
    asOrg: 'Fundacao para a Ciencia e a Tecnologia, I.P.',
  },
  {
    city: 'São Paulo',
    country: 'BR',
    countryName: 'Brazil',
    region: 'São Paulo',
    lat: -23.5475,
    lon: -46.6361,
    utcOffsetH: -3,
    networks: ['200.147.3'],
    asn: 7162,
    asOrg: 'Universo Online S.A.',
  },
];

const DEVICES: readonly Device[] = [
  {
    uid: 'dev-0001',
    os: 'Mac OS X',
    browser: 'CHROME',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36',
    managed: true,
  },
  {
    uid: 'dev-0002',
    os: 'iOS',
    browser: 'SAFARI',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    managed: false,
  },
  {
    uid: 'dev-0003',
    os: 'Windows 11',
    browser: 'EDGE',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0',
    managed: true,
  },
];

const NAMES = [
  ['Inês', 'Carvalho', 'ines.carvalho'],
  ['Tomé', "D'Ávila", 'tome.davila'],
  ['美咲', '田中', 'misaki.tanaka'],
] as const;

/** The n-th of a few people who have accounts in one app. */
function samplePerson(app: string, n: number, account: (n: number) => Account): Person {
  const [givenName, familyName, mailbox] = NAMES[n % NAMES.length] as (typeof NAMES)[number];
  const home = CITIES[n % CITIES.length] as City;
  return {
    id: `p${String(n).padStart(5, '0')}`,
    givenName,
    familyName,
    email: `${mailbox}@beagle.example`,
    role: n === 0 ? 'IT administrator' : 'Engineer',
    department: n === 0 ? 'IT' : 'Engineering',
    isAdmin: n === 0,
    home,
    homeIp: `${home.networks[0]}.${10 + n}`,
    devices: DEVICES,
    accounts: { [app]: account(n) },
    joinedUs: Date.UTC(2020, 0, 1) * 1000,
    leftUs: null,
  };
}

/** The i-th activity of a kind: people, devices, places and times vary with i. */
export function sampleActivity(app: string, kind: ActivityKind, i: number, account: (n: number) => Account): Activity {
  const person = samplePerson(app, i % 3, account);
  const target = samplePerson(app, (i + 1) % 3, account);
  return {
    app,
    kind,
    atUs: Date.UTC(2026, 2, 1) * 1000 + i * 7_654_321_987,
    person,
    device: DEVICES[i % DEVICES.length] as Device,
    ip: person.homeIp,
    city: person.home,
    sessionId: `s${String(i % 11).padStart(6, '0')}-${person.id}`,
    mfa: i % 2 === 0,
    target: i % 5 === 4 ? null : target,
  };
}
