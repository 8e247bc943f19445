import { type Policy, SEGMENTS, SIGNALS } from '../../core/index.ts';
import type { Assessment } from './objectives.ts';

/** One thing that two policies do differently. */
interface PolicyChange {
  /** Path into the policy: `thresholds.person.stepUp`. */
  readonly path: string;
  /** In words: `Step-up threshold for people`. */
  readonly title: string;
  readonly from: number | boolean;
  readonly to: number | boolean;
  /** In words, with the numbers. */
  readonly text: string;
}

export interface Explanation {
  /** What the policy achieves and what it costs, against the other one; the first line says it all. */
  readonly effects: readonly string[];
  /** What it does otherwise than the other one, the largest changes first. */
  readonly changes: readonly PolicyChange[];
  /** Controls that it does not keep wholly, the widest gaps first. */
  readonly gaps: readonly string[];
}

const WHO = { person: 'people', privileged: 'administrative actions', service: 'machines' } as const;

/** What `policy` does otherwise than `other` (its parent or the one in force), and what that buys on this history. */
export function explainPolicy(
  policy: Policy,
  assessment: Assessment,
  other: { readonly policy: Policy; readonly assessment: Assessment },
): Explanation {
  return {
    effects: [
      securityText(assessment, other.assessment),
      frictionText(assessment, other.assessment),
      complianceText(assessment, other.assessment),
    ],
    changes: changesOf(other.policy, policy),
    gaps: assessment.controls
      .filter((control) => control.gap > 0)
      .sort((a, b) => b.gap * b.weight - a.gap * a.weight)
      .map(({ text, gap, checked, failed, source }) => {
        const found =
          checked === null ? `gap ${percent(gap)}` : `${failed} of ${checked} events let through unchallenged`;
        return `${text} ${found[0]?.toUpperCase()}${found.slice(1)}. (${source})`;
      }),
  };
}

/** The explanation as lines for a terminal. */
export function explanationLines({ effects, changes, gaps }: Explanation): string[] {
  return [
    ...effects,
    ...(changes.length === 0 ? ['Nothing is set differently.'] : changes.map((change) => change.text)),
    ...(gaps.length === 0 ? ['No control gaps on this history.'] : gaps),
  ];
}

function securityText(mine: Assessment, others: Assessment): string {
  const residual = `${percent(mine.objectives.security)} of the attack impact is left (${percent(others.objectives.security)} before)`;
  if (mine.basis === 'risk') {
    return `No attack is labelled: judged by risk let through. ${residual.replace('attack impact', 'baseline risk')}.`;
  }
  const stopped = (assessment: Assessment) => assessment.campaigns.filter((campaign) => campaign.stopped).length;
  const all = mine.campaigns.length;
  return `Stops ${stopped(mine)} of ${all} ${all === 1 ? 'campaign' : 'campaigns'} (${stopped(others)} before): ${residual}.`;
}

function frictionText(mine: Assessment, others: Assessment): string {
  const { productivity } = mine.objectives;
  const more = productivity - others.objectives.productivity;
  const { prompts, reauthentications, blocked } = mine.friction;
  const change = Math.abs(more) < 0.005 ? 'as before' : `${minutes(Math.abs(more))} ${more > 0 ? 'more' : 'less'}`;
  return (
    `Costs ${minutes(productivity)} a user-week, ${change}: ${count(prompts)} prompts, ` +
    `${count(reauthentications)} re-authentications and ${count(blocked)} blocked sessions in this history.`
  );
}

function complianceText(mine: Assessment, others: Assessment): string {
  const open = mine.controls.filter((control) => control.gap > 0).length;
  return (
    `Control gaps ${percent(mine.objectives.compliance)} (${percent(others.objectives.compliance)} before): ` +
    `${open} of ${mine.controls.length} controls are not kept wholly.`
  );
}

/** Every setting in which the policies differ, the largest changes first, measured against the setting's range. */
function changesOf(from: Policy, to: Policy): PolicyChange[] {
  const weights = SIGNALS.map(({ name, title }) =>
    numeric(`weights.${name}`, `Weight of “${title}”`, from.weights[name], to.weights[name], 1),
  );
  const thresholds = SEGMENTS.flatMap((segment) =>
    (['stepUp', 'block'] as const).map((kind) => {
      const title = `${kind === 'stepUp' ? 'Step-up' : 'Block'} threshold for ${WHO[segment]}`;
      return numeric(
        `thresholds.${segment}.${kind}`,
        title,
        from.thresholds[segment][kind],
        to.thresholds[segment][kind],
        100,
      );
    }),
  );
  const hours = (seconds: number) => Math.round(seconds / 36) / 100;
  const lifetime = {
    path: 'sessionLifetimeS',
    title: 'Session lifetime',
    from: from.sessionLifetimeS,
    to: to.sessionLifetimeS,
    text: `Session lifetime ${hours(from.sessionLifetimeS)} h → ${hours(to.sessionLifetimeS)} h.`,
    // On a log scale from 15 minutes to 7 days.
    size: Math.abs(Math.log(to.sessionLifetimeS / from.sessionLifetimeS)) / Math.log(672),
  };
  const guards = (
    [
      ['privilegedNeedsMfa', 'Administrative actions without a second factor always step up'],
      ['serviceStepUpAllows', 'Machines that would be asked to step up are let through'],
    ] as const
  ).map(([name, title]) => ({
    path: `guards.${name}`,
    title,
    from: from.guards[name],
    to: to.guards[name],
    text: `${title}: ${from.guards[name] ? 'yes' : 'no'} → ${to.guards[name] ? 'yes' : 'no'}.`,
    size: from.guards[name] === to.guards[name] ? 0 : 1,
  }));
  return [...weights, ...thresholds, lifetime, ...guards]
    .filter((change) => change.from !== change.to)
    .sort((a, b) => b.size - a.size)
    .map(({ size: _, ...change }) => change);
}

function numeric(
  path: string,
  title: string,
  from: number,
  to: number,
  range: number,
): PolicyChange & { size: number } {
  return { path, title, from, to, text: `${title} ${from} → ${to}.`, size: Math.abs(to - from) / range };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function minutes(value: number): string {
  return `${value.toFixed(2)} min`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
