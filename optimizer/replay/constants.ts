/** A number that the objectives rest on, and why it is what it is. */
export interface Constant {
  readonly value: number;
  readonly unit: string;
  /** The published source, or `assumption` with its reason. */
  readonly source: string;
}

/** Everything in the objectives that is neither history nor policy. */
export const CONSTANTS = {
  stepUpStops: {
    value: 0.9,
    unit: 'probability',
    source:
      'Share of targeted attacks that an on-device prompt stopped: Doerfler et al. 2019, "Evaluating Login Challenges as a Defense Against Account Takeover", doi 10.1145/3308558.3313481.',
  },
  promptS: {
    value: 20,
    unit: 's per prompt',
    source:
      'Assumption, the middle of the 15 to 25 s that industry reports give for a second factor. Replace it by your own figure: Reynolds et al. 2020 (USENIX Security) show how to measure it from logs.',
  },
  blockedS: {
    value: 1800,
    unit: 's per blocked session',
    source:
      'Assumption: half an hour until a help desk has verified the person. Vendors of password resets count 10 to 20 minutes of the desk and 45 of the employee.',
  },
  trustS: {
    value: 7200,
    unit: 's without another prompt after a prompt',
    source: 'GitHub’s sudo mode: a confirmed session is trusted for two hours.',
  },
  blockTrustS: {
    value: 28_800,
    unit: 's without another call to the help desk',
    source: 'Assumption: one call settles a working day of eight hours.',
  },
  weeksMin: {
    value: 1 / 7,
    unit: 'weeks',
    source:
      'Assumption: friction seen within less than a day counts as a day’s, so that short histories do not explode.',
  },
  sessionAgeMaxS: {
    value: 43_200,
    unit: 's',
    source: 'NIST SP 800-63B-3 §4.2.3 and §4.3.3: reauthentication at least once per 12 hours at AAL2 and AAL3.',
  },
  idleMaxS: {
    value: 1800,
    unit: 's',
    source: 'NIST SP 800-63B-3 §4.2.3: reauthentication after 30 minutes of inactivity at AAL2.',
  },
  failuresMax: {
    value: 10,
    unit: 'failed attempts in 10 min',
    source:
      'PCI DSS 4.0.1 requirement 8.3.4: lock after at most 10 attempts. NIST SP 800-63B-3 §5.2.2 asks for a limit of at most 100.',
  },
  failedAttemptImpact: {
    value: 0.1,
    unit: 'share of the impact of a success',
    source: 'Assumption: an attempt that failed by itself did little harm.',
  },
} as const satisfies Record<string, Constant>;

/** Assumption: impact of one event of an attack by the sensitivity of its object, 0 public to 3 security settings. */
export const SENSITIVITY_IMPACT: readonly number[] = [0.1, 0.25, 0.5, 1];

/**
 * Assumption: impact by the stage of the attack, in the order of the ATT&CK tactics: the later, the worse. The
 * first entry whose word occurs in the stage's name counts; a stage with none of them counts 0.5.
 */
const STAGE_IMPACT: readonly (readonly [word: string, impact: number])[] = [
  ['recon', 0.05],
  ['spray', 0.1],
  ['guess', 0.1],
  ['credential', 0.2],
  ['exfil', 1],
  ['impact', 1],
  ['grant', 1],
  ['escalat', 1],
  ['disable', 1],
  ['collect', 0.8],
  ['download', 0.8],
  ['persist', 0.7],
  ['mfa', 0.7],
  ['lateral', 0.7],
  ['discover', 0.3],
  ['help_desk', 0.3],
  ['session', 0.4],
  ['access', 0.4],
  ['login', 0.4],
];

/** Impact of a stage by STAGE_IMPACT. */
export function stageImpact(stage: string): number {
  const name = stage.toLowerCase();
  return STAGE_IMPACT.find(([word]) => name.includes(word))?.[1] ?? 0.5;
}
