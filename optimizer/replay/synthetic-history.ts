import {
  CLASS,
  createRandom,
  type IdentityEvent,
  type Random,
  SIGNAL_NAMES,
  type SignalName,
} from '../../core/index.ts';
import { type EventColumns, FACT_COLUMNS, type LabelRow } from './event.ts';

/** A small made-up history, scored already: for the benchmark of the replay and for tests. */
export interface SyntheticHistory {
  readonly columns: EventColumns;
  readonly labels: readonly LabelRow[];
}

type Row = Pick<IdentityEvent, (typeof FACT_COLUMNS)[number] | SignalName>;

const START_US = Date.UTC(2026, 0, 5) * 1000;
const HOUR_US = 3_600e6;

/** People at work with the signals of ordinary life, machines, and campaigns that show in several signals at once. */
export function syntheticHistory(options: {
  readonly seed: number | string;
  readonly people: number;
  readonly days: number;
  /** Events of a person's day. */
  readonly perDay: number;
  readonly campaigns: number;
}): SyntheticHistory {
  const random = createRandom(options.seed);
  const rows: Row[] = [];
  const labels: LabelRow[] = [];
  for (let person = 0; person < options.people; person++) {
    const own = random.split(`person ${person}`);
    for (let day = 0; day < options.days; day++) {
      for (let i = 0; i < options.perDay; i++) rows.push(ordinaryRow(person, day, i, options.perDay, own));
    }
  }
  for (let campaign = 0; campaign < options.campaigns; campaign++) {
    const own = random.split(`campaign ${campaign}`);
    const person = own.int(options.people);
    const startUs = START_US + own.int(options.days * 24) * HOUR_US;
    const stages = ['password spray', 'takeover', 'mfa reset', 'admin grant', 'exfiltration'];
    stages.forEach((stage, step) => {
      const row = attackRow(person, campaign, step, startUs, own);
      rows.push(row);
      labels.push({ event_uid: row.event_uid, campaign: `campaign-${campaign}`, stage });
    });
  }
  const names = [...FACT_COLUMNS, ...SIGNAL_NAMES];
  const columns = Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
  return { columns: columns as unknown as EventColumns, labels };
}

function signals(values: Partial<Record<SignalName, number | null>>): Record<SignalName, number | null> {
  return Object.fromEntries(SIGNAL_NAMES.map((name) => [name, values[name] ?? null])) as Record<
    SignalName,
    number | null
  >;
}

function ordinaryRow(person: number, day: number, i: number, perDay: number, random: Random): Row {
  const machine = person % 20 === 19;
  const privileged = !machine && person % 10 === 0 && random.next() < 0.3;
  const opening = i === 0;
  const hours = machine ? 24 : 9;
  const timeUs = START_US + (day * 24 + 8 + (hours * i) / perDay) * HOUR_US + random.int(60e6);
  const happens = (chance: number) => (random.next() < chance ? 1 : 0);
  return {
    event_uid: `p${person}-${day}-${i}`,
    time: timeUs,
    class_uid: opening ? CLASS.authentication : privileged ? CLASS.userAccessManagement : CLASS.apiActivity,
    activity_id: 1,
    status: happens(0.03) ? 'failure' : 'success',
    actor_key: `person:${person}`,
    actor_type: machine ? 'service' : 'user',
    is_privileged: privileged,
    sensitivity: privileged ? 3 : 1,
    mfa: machine ? null : person % 3 !== 0,
    session_uid: machine ? null : `s${person}-${day - (day % 2)}`,
    session_age_s: machine ? null : (timeUs - START_US) / 1e6 - (day - (day % 2)) * 86_400 - 8 * 3600,
    ...signals({
      s_geo_speed_kmh: happens(0.01) * (400 + random.int(400)),
      s_new_device: happens(0.02),
      s_new_country: happens(0.01),
      s_failures_10m: happens(0.05) * (1 + random.int(3)),
      s_unusual_hour: happens(0.1) * random.next(),
      s_privileged: privileged ? 1 : 0,
      s_session_moved: happens(0.02),
      s_user_risk: random.int(25),
    }),
  };
}

function attackRow(person: number, campaign: number, step: number, startUs: number, random: Random): Row {
  const privileged = step === 2 || step === 3;
  return {
    event_uid: `a${campaign}-${step}`,
    time: startUs + step * 600e6,
    class_uid:
      [CLASS.authentication, CLASS.authentication, CLASS.accountChange, CLASS.userAccessManagement][step] ??
      CLASS.fileHostingActivity,
    activity_id: step === 2 ? 11 : 1,
    status: step === 0 ? 'failure' : 'success',
    actor_key: `person:${person}`,
    actor_type: 'user',
    is_privileged: privileged,
    sensitivity: privileged ? 3 : 2,
    mfa: step < 2 ? null : campaign % 2 === 0,
    session_uid: step < 2 ? null : `stolen-${campaign}`,
    session_age_s: step < 2 ? null : step * 600,
    ...signals({
      s_geo_speed_kmh: step === 1 ? 600 + random.int(900) : null,
      s_new_device: step === 0 ? null : 1,
      s_new_country: campaign % 3 === 0 ? null : 1,
      s_failures_10m: step < 2 ? 4 + random.int(9) : null,
      s_unusual_hour: random.next(),
      s_privileged: privileged ? 1 : 0,
      s_mfa_change_1h: step === 2 || step === 3 ? 1 : null,
      s_session_moved: campaign % 2 === 0 && step > 1 ? 1 : null,
      s_user_risk: 20 * step + random.int(20),
    }),
  };
}
