import { CLASS, type Policy, SEGMENTS } from '../../core/index.ts';
import { CONSTANTS } from './constants.ts';
import type { ReplayEvent } from './event.ts';

/**
 * A control that a policy should keep. With `covers` it is checked on history: the gap is the share of the events
 * covered that the policy lets through unchallenged. With `gap` it is checked on the policy itself.
 */
export interface Control {
  readonly id: string;
  readonly text: string;
  /** The requirement that it comes from. */
  readonly source: string;
  /** Its part in the compliance objective. */
  readonly weight: number;
  /** Whether the control speaks of this event; never asked for machines. `idleS`: seconds since the session's last event. */
  readonly covers?: (event: ReplayEvent, idleS: number | null) => boolean;
  /** 0 (kept) to 1. */
  readonly gap?: (policy: Policy) => number;
}

/** OCSF activity ids by which rights are given: class_uid · 100 + activity_id. */
const GRANTS: ReadonlySet<number> = new Set([
  // Account Change: Attach Policy. User Access Management and Group Management: Assign Privileges, Add User.
  CLASS.accountChange * 100 + 7,
  CLASS.userAccessManagement * 100 + 1,
  CLASS.groupManagement * 100 + 1,
  CLASS.groupManagement * 100 + 3,
]);

/** Likewise those that change a second factor: MFA Factor Enable, MFA Factor Disable. */
const MFA_CHANGES: ReadonlySet<number> = new Set([CLASS.accountChange * 100 + 10, CLASS.accountChange * 100 + 11]);

const PRIVILEGED = SEGMENTS.indexOf('privileged');
const isSignIn = (event: ReplayEvent) => event.class_uid === CLASS.authentication;

/** Longest session that a policy can set, seconds: seven days. */
const SESSION_MAX_S = 604_800;

export const CONTROLS: readonly Control[] = [
  {
    id: 'privileged-mfa',
    text: 'Administrative actions on a session without a second factor are challenged.',
    source: 'NIST SP 800-53r5 IA-2(1); PCI DSS 4.0.1 8.4.1',
    weight: 2,
    covers: (event) => event.segment === PRIVILEGED && event.mfa === false,
  },
  {
    id: 'grant-challenge',
    text: 'Who gives somebody administrative rights proves who they are.',
    source: 'NIST SP 800-53r5 IA-11 (re-authentication when roles change or privileged functions run)',
    weight: 2,
    covers: (event) => event.is_privileged && GRANTS.has(event.class_uid * 100 + event.activity_id),
  },
  {
    id: 'mfa-change-challenge',
    text: 'Who changes a second factor proves who they are.',
    source: 'NIST SP 800-53r5 IA-11 (re-authentication when authenticators change)',
    weight: 2,
    covers: (event) => MFA_CHANGES.has(event.class_uid * 100 + event.activity_id),
  },
  {
    id: 'failed-attempts',
    text: 'Sign-ins after 10 failed attempts within 10 minutes are slowed or stopped.',
    source: CONSTANTS.failuresMax.source,
    weight: 1,
    covers: (event) => isSignIn(event) && (event.signals.s_failures_10m ?? 0) >= CONSTANTS.failuresMax.value,
  },
  {
    id: 'anomalous-sign-in',
    text: 'Sign-ins from where the person cannot be are challenged.',
    source: 'NIST SP 800-53r5 IA-10 (adaptive authentication), AC-2(12)',
    weight: 1,
    // The speed from which core's curve calls a journey certainly impossible.
    covers: (event) => isSignIn(event) && (event.signals.s_geo_speed_kmh ?? 0) >= 1000,
  },
  {
    id: 'session-reauthentication',
    text: 'Sessions older than 12 hours are re-authenticated.',
    source: CONSTANTS.sessionAgeMaxS.source,
    weight: 1,
    covers: (event) => !isSignIn(event) && (event.session_age_s ?? 0) > CONSTANTS.sessionAgeMaxS.value,
  },
  {
    id: 'idle-reauthentication',
    text: 'Sessions idle for 30 minutes are re-authenticated.',
    source: CONSTANTS.idleMaxS.source,
    weight: 0.5,
    covers: (event, idleS) => !isSignIn(event) && (idleS ?? 0) > CONSTANTS.idleMaxS.value,
  },
  {
    id: 'session-limit',
    text: 'The policy limits sessions to 12 hours.',
    source: CONSTANTS.sessionAgeMaxS.source,
    weight: 1,
    gap: ({ sessionLifetimeS }) => {
      const limit = CONSTANTS.sessionAgeMaxS.value;
      // On a log scale, so that a day counts and a year is not endlessly worse.
      return Math.min(1, Math.max(0, Math.log(sessionLifetimeS / limit) / Math.log(SESSION_MAX_S / limit)));
    },
  },
];
