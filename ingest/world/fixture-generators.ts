import type { Activity, ActivityKind, Generator } from './activity.ts';

/** Generators for the tests of this folder: they write the activity itself, in no vendor's form. */
export const FIXTURE_GENERATORS: readonly Generator[] = [
  plain('okta', { sign_in: 10, sign_in_failed: 1, mfa_verified: 8, mfa_denied: 0.1, sign_out: 3, read: 30 }, [
    'reset_mfa',
    'enroll_mfa',
    'reset_password',
    'grant_admin',
    'revoke_admin',
    'create_user',
    'deactivate_user',
    'disable_protection',
    'create_token',
  ]),
  plain('github', { read: 30, write: 30, download: 10, create_token: 0.3 }, ['disable_protection', 'grant_admin']),
  plain('slack', { sign_in: 5, read: 40, write: 20, download: 10, share: 2 }, []),
  plain('aws', { sign_in: 3, sign_in_failed: 0.2, read: 30, write: 10, download: 5 }, [
    'disable_protection',
    'create_token',
  ]),
];

function plain(
  app: string,
  habits: Readonly<Partial<Record<ActivityKind, number>>>,
  also: readonly ActivityKind[],
): Generator {
  return {
    app,
    habits,
    also,
    generate: (activity: Activity, random) => ({
      id: random.hex(16),
      kind: activity.kind,
      at: activity.atUs,
      who: activity.person.accounts[app]?.uid,
      ip: activity.ip,
      session: activity.sessionId,
      target: activity.target?.id ?? null,
    }),
  };
}
