import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../core/index.ts';
import { ACCOUNT_APPS, createCompany } from './company.ts';
import { directory } from './directory.ts';

const startUs = Date.UTC(2026, 2, 2) * 1000;
const company = (people: number, seed: number | string = 1) => createCompany({ people, seed, startUs });

describe('createCompany', () => {
  it('makes the same person whatever the number of people', () => {
    const [small, large] = [company(50), company(100_000)];
    for (let i = 0; i < 50; i++) expect(small.person(i)).toEqual(large.person(i));
  });

  it('makes other people for another seed', () => {
    expect(company(50, 1).person(7).email).not.toBe(company(50, 2).person(7).email);
  });

  it('gives everybody an address and accounts of their own, in ASCII', () => {
    const { person } = company(70_000);
    // All names have been given once after 59,427 people: look at some before and some after.
    const some = Array.from({ length: 4000 }, (_, i) => (i < 2000 ? i : i + 57_427));
    const seen = new Set<string>();
    const odd: string[] = [];
    for (const i of some) {
      const { email, accounts } = person(i);
      if (!/^[a-z]+\.[a-z]+\d*@galapagos\.example$/.test(email)) odd.push(email);
      for (const app of ACCOUNT_APPS) seen.add(`${app} ${accounts[app]?.uid}`);
    }
    expect(odd).toEqual([]);
    expect(seen.size).toBe(some.length * ACCOUNT_APPS.length);
  });

  it('writes account ids in the shape of each app', () => {
    const { accounts, email } = company(50).person(42);
    expect(accounts.okta?.uid).toMatch(/^00u[0-9A-Za-z]{17}$/);
    expect(accounts.slack?.uid).toMatch(/^U[0-9A-V]{10}$/);
    expect(accounts.github?.uid).toMatch(/^[a-z]+-[a-z]+$/);
    expect(accounts.aws?.uid).toBe(email);
  });

  it('resolves every account to its person, and nothing else to anybody', () => {
    const made = company(1_000_000, 'x');
    fc.assert(
      fc.property(fc.nat(999_999), fc.constantFrom(...ACCOUNT_APPS), (index, app) => {
        const person = made.person(index);
        expect(made.resolve(app, person.accounts[app]?.uid ?? '')).toBe(person.id);
        expect(made.indexOf(person.id)).toBe(index);
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...ACCOUNT_APPS, 'box', '__proto__'), (uid, app) => {
        expect(made.resolve(app, uid)).toBeNull();
      }),
    );
    const outside = made.person(40).accounts;
    const few = company(30, 'x');
    for (const app of ACCOUNT_APPS) {
      expect(few.resolve(app, outside[app]?.uid ?? '')).toBeNull();
      expect(few.resolve(app, `${outside[app]?.uid}0`)).toBeNull();
    }
    for (const uid of ['nobody.nowhere@galapagos.example', 'maria.garcia99@galapagos.example', 'a@b.example']) {
      expect(few.resolve('aws', uid)).toBeNull();
    }
    for (const id of ['p00030', 'p0001', 'p000001', 'q00001', '']) expect(few.indexOf(id)).toBeNull();
  });

  it('has at least three administrators, and about 2 % of many', () => {
    const admins = (people: number) => {
      const { facts } = company(people);
      return Array.from({ length: people }, (_, i) => facts(i)).filter((each) => each.isAdmin).length;
    };
    expect(admins(20)).toBe(3);
    expect(admins(10_000) / 10_000).toBeCloseTo(0.02, 2);
  });

  it('has joiners and leavers around the start, and founders who stay', () => {
    const made = company(10_000);
    const all = Array.from({ length: made.people }, (_, i) => made.facts(i));
    expect(all.filter((each) => each.joinedUs > startUs).length / made.people).toBeCloseTo(0.03, 2);
    expect(all.filter((each) => (each.leftUs ?? 0) > startUs).length / made.people).toBeCloseTo(0.04, 2);
    for (const each of all) expect(each.leftUs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(each.joinedUs);
    for (const each of all.slice(0, 20)) expect([each.joinedUs < startUs, each.leftUs]).toEqual([true, null]);
  });

  it('constructs 100,000 people in well under a second', () => {
    const before = performance.now();
    company(100_000).person(99_999);
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('refuses sizes and times that cannot be', () => {
    for (const people of [0, 2, 2.5, Number.NaN, 1e7]) expect(() => company(people)).toThrow(ConfigError);
    expect(() => createCompany({ people: 20, seed: 1, startUs: -1 })).toThrow(ConfigError);
    expect(() => company(20).person(20)).toThrow(RangeError);
  });
});

describe('directory', () => {
  it('has a row for each account, and says who is employed from when to when', () => {
    const made = company(200);
    const rows = [...directory(made)];
    expect(rows).toHaveLength(200 * ACCOUNT_APPS.length);
    for (const row of rows) expect(made.resolve(row.app, row.account_uid)).toBe(row.person_id);
    const person = made.person(42);
    expect(rows.find((row) => row.person_id === 'p00042' && row.app === 'slack')).toEqual({
      person_id: 'p00042',
      name: `${person.givenName} ${person.familyName}`,
      email: person.email,
      role: person.role,
      department: person.department,
      is_admin: false,
      app: 'slack',
      account_uid: person.accounts.slack?.uid,
      home_country: person.home.country,
      employed_from: person.joinedUs,
      employed_to: person.leftUs,
    });
  });
});
