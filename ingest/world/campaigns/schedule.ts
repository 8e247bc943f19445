import type { Random } from '../../../core/index.ts';
import type { Label } from '../activity.ts';
import { adminAfterMfaReset } from './admin-after-mfa-reset.ts';
import { type Planned, PRELUDE_US, type Stage } from './campaign.ts';
import { passwordSpray } from './password-spray.ts';
import { stolenSession } from './stolen-session.ts';

const SECOND_US = 1e6;
/** The first attack begins this long after the start of the stream. */
const FIRST_S = 12;
/** Seconds between the first three, one of each kind, when attacks come about every minute or more often. */
const OPENING_S = 7;
/** Labelled events of a mean campaign: (52 + 14 + 13) / 3. */
const MEAN_EVENTS = 27;

const KINDS = {
  password_spray: passwordSpray,
  stolen_session: stolenSession,
  admin_after_mfa_reset: adminAfterMfaReset,
} as const;

/** The kinds of attack that the synthetic company suffers. */
type CampaignKind = keyof typeof KINDS;
export const CAMPAIGN_KINDS = Object.keys(KINDS) as CampaignKind[];

/** The kind of attack that a label's campaign (`password_spray-0003`) is one of. */
export function campaignKind(label: Label): string {
  return label.campaign.replace(/-\d+$/, '');
}

/**
 * Mean seconds between attacks, when none is asked for: 40 s, or as many as keep attack events at 2 % of
 * all: a campaign has about 27 events, so 27 / (2 % · events per second). 40 s from 2,025 events/min upwards.
 */
export function defaultCampaignEveryS(perMinute: number): number {
  return Math.max(40, MEAN_EVENTS / (0.02 * (perMinute / 60)));
}

/** When attacks begin, one after the other; a function of the random stream alone. */
export interface Schedule {
  /** The plan of the next attack if its prelude has begun by `nowUs`, else null. */
  next(nowUs: number): readonly Planned[] | null;
}

export function createSchedule(
  scene: Omit<Stage, 'name' | 'startUs' | 'stretch'>,
  startUs: number,
  everyS: number,
): Schedule {
  const { random } = scene;
  let count = 0;
  let order: CampaignKind[] = [];
  let nextUs = startUs + FIRST_S * SECOND_US;
  // An attack that would be over in half a minute looks odd where attacks are hours apart.
  const stretch = Math.min(8, Math.max(1, everyS / 120));
  return {
    next: (nowUs) => {
      if (nowUs < nextUs - PRELUDE_US) return null;
      // Asked late: the stream had no room for another attack.
      nextUs = Math.max(nextUs, nowUs);
      if (order.length === 0) order = shuffled(CAMPAIGN_KINDS, random);
      const kind = order.pop() ?? 'password_spray';
      count++;
      const name = `${kind}-${String(count).padStart(4, '0')}`;
      const plan = KINDS[kind]({ ...scene, name, startUs: nextUs, stretch });
      const isOpening = count < CAMPAIGN_KINDS.length && everyS <= 60;
      nextUs += Math.floor((isOpening ? OPENING_S : everyS * (0.5 + random.next())) * SECOND_US);
      return plan;
    },
  };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  const mixed: T[] = [];
  while (rest.length > 0) mixed.push(...rest.splice(random.int(rest.length), 1));
  return mixed;
}
