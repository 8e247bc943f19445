import { CONSTANTS, SENSITIVITY_IMPACT, stageImpact } from './constants.ts';
import type { LabelRow, ReplayEvent } from './event.ts';

/** An attack by one actor within one campaign: its events from `start` to before `end` of `attackRows`. */
interface AttackChain {
  /** Index into `campaigns`. */
  readonly campaign: number;
  readonly start: number;
  readonly end: number;
}

/** The labelled events of a set, campaign by campaign. */
export interface Attacks {
  /** Names of the campaigns, in order. */
  readonly campaigns: readonly string[];
  readonly chains: readonly AttackChain[];
  /** Rows of the set, by chain and time. */
  readonly attackRows: Int32Array;
  /** Impact of each of `attackRows`. */
  readonly attackImpact: Float64Array;
}

/** Orders the labelled ones of `rows` by campaign, actor and time. */
export function attacksOf(rows: readonly ReplayEvent[], labelOf: ReadonlyMap<string, LabelRow>): Attacks {
  const attacks = rows.flatMap((event, row) => {
    const label = labelOf.get(event.event_uid);
    return label === undefined ? [] : [{ event, row, label }];
  });
  attacks.sort(
    (a, b) =>
      compareText(a.label.campaign, b.label.campaign) ||
      compareText(a.event.actor_key, b.event.actor_key) ||
      a.event.time - b.event.time ||
      compareText(a.event.event_uid, b.event.event_uid),
  );
  const campaigns: string[] = [];
  const chains: { campaign: number; start: number; end: number }[] = [];
  attacks.forEach(({ event, label }, i) => {
    const before = attacks[i - 1];
    if (label.campaign !== before?.label.campaign) campaigns.push(label.campaign);
    const last = chains.at(-1);
    if (last !== undefined && label.campaign === before?.label.campaign && event.actor_key === before.event.actor_key) {
      last.end = i + 1;
    } else chains.push({ campaign: campaigns.length - 1, start: i, end: i + 1 });
  });
  return {
    campaigns,
    chains,
    attackRows: Int32Array.from(attacks, ({ row }) => row),
    attackImpact: Float64Array.from(attacks, ({ event, label }) => impactOf(event, label)),
  };
}

function impactOf(event: ReplayEvent, label: LabelRow): number {
  const sensitivity = SENSITIVITY_IMPACT[event.sensitivity] ?? 1;
  const outcome = event.status === 'failure' ? CONSTANTS.failedAttemptImpact.value : 1;
  return stageImpact(label.stage) * sensitivity * outcome;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
