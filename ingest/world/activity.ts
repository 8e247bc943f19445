import type { Random } from '../../core/index.ts';

/** What people do in any app, in words that no vendor owns; an app's `generate` turns it into native events. */
export type ActivityKind =
  | 'sign_in'
  | 'sign_in_failed'
  | 'mfa_verified'
  | 'mfa_denied'
  | 'sign_out'
  | 'read'
  | 'write'
  | 'download'
  | 'share'
  | 'create_token'
  | 'enroll_mfa'
  | 'reset_mfa'
  | 'reset_password'
  | 'grant_admin'
  | 'revoke_admin'
  | 'create_user'
  | 'deactivate_user'
  | 'disable_protection';

/** A person's account in one app: every id that app's native events need. */
export interface Account {
  /** The id the app's `actor()` gives for this account: Okta user id, GitHub login, Slack user id, AWS principal. */
  readonly uid: string;
  readonly login: string;
}

export interface Device {
  readonly uid: string;
  readonly os: 'Mac OS X' | 'Windows 11' | 'Linux' | 'iOS' | 'Android';
  readonly browser: 'CHROME' | 'FIREFOX' | 'SAFARI' | 'EDGE';
  readonly userAgent: string;
  readonly managed: boolean;
}

export interface City {
  readonly city: string;
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  readonly countryName: string;
  readonly region: string;
  readonly lat: number;
  readonly lon: number;
  /** Hours to add to UTC for its standard time. */
  readonly utcOffsetH: number;
  /** An IPv4 /24 (first three octets) that geo databases place there, several a city. */
  readonly networks: readonly string[];
  readonly asn: number;
  readonly asOrg: string;
}

export interface Person {
  /** `p00042` */
  readonly id: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly role: string;
  readonly department: string;
  readonly isAdmin: boolean;
  readonly home: City;
  readonly homeIp: string;
  readonly devices: readonly Device[];
  readonly accounts: Readonly<Record<string, Account>>;
  /** µs since 1970; null while employed. */
  readonly joinedUs: number;
  readonly leftUs: number | null;
}

/** One thing that happens in the synthetic company. Times are µs since 1970 UTC. */
export interface Activity {
  readonly app: string;
  readonly kind: ActivityKind;
  readonly atUs: number;
  readonly person: Person;
  readonly device: Device;
  readonly ip: string;
  readonly city: City;
  /** Stable while the session lasts; apps shape their own session ids from it. */
  readonly sessionId: string;
  /** Whether a second factor opened the session. */
  readonly mfa: boolean;
  /** For what is done to somebody: reset_mfa, grant_admin, create_user … */
  readonly target: Person | null;
}

/** Ground truth of an attack: kept apart from the events. */
export interface Label {
  readonly campaign: string;
  readonly stage: string;
}

/** What an app's folder declares beside its Source: how activities look as native events. Pure. */
export interface Generator {
  readonly app: string;
  /** How often people do each kind by themselves, as relative weights; kinds left out never occur in this app. */
  readonly habits: Readonly<Partial<Record<ActivityKind, number>>>;
  /** Kinds that only attackers and administrators use, beside the habits. */
  readonly also: readonly ActivityKind[];
  /** The native event. Deterministic: everything random comes from `random`; the id too. */
  generate(activity: Activity, random: Random): unknown;
}
