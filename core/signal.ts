/**
 * The signals over an actor: what each measures, in which unit, and the curve that scales it to s in [0, 1].
 * The order is the order of every array of signals or weights.
 */
export const SIGNALS = [
  {
    name: 's_geo_speed_kmh',
    title: 'Impossible travel',
    unit: 'km/h',
    comment: 'Great-circle speed from the previous located event of this person; null when nearer than 100 km.',
    // An airliner cruises at about 900 km/h; slower than 500 is a train or a car.
    curve: (kmh: number) => ramp(kmh, 500, 1000),
    weight: 0.6,
  },
  {
    name: 's_new_device',
    title: 'New device',
    unit: '',
    comment: '1 when the device was not seen for this person in 90 days and others were, else 0.',
    curve: (x: number) => ramp(x, 0, 1),
    weight: 0.25,
  },
  {
    name: 's_new_country',
    title: 'New country',
    unit: '',
    comment: '1 when the country was not seen for this person in 90 days and others were, else 0.',
    curve: (x: number) => ramp(x, 0, 1),
    weight: 0.35,
  },
  {
    name: 's_failures_10m',
    title: 'Failed attempts',
    unit: 'in 10 min',
    comment: 'Failed authentications of this person in the 10 minutes up to and with this event.',
    // Saturating: one typo says little (0.18), ten failures nearly all there is to say (0.86).
    curve: (n: number) => 1 - Math.exp(-Math.max(0, n) / 5),
    weight: 0.4,
  },
  {
    name: 's_unusual_hour',
    title: 'Unusual hour',
    unit: 'surprise',
    comment: 'How rare this hour of the day is for this person, 0 to 1, after at least 20 events.',
    curve: (x: number) => ramp(x, 0.5, 1),
    weight: 0.15,
  },
  {
    name: 's_privileged',
    title: 'Privileged action',
    unit: '',
    comment: '1 for an action that needs administrative rights, else 0.',
    curve: (x: number) => ramp(x, 0, 1),
    weight: 0.2,
  },
  {
    name: 's_mfa_change_1h',
    title: 'MFA changed',
    unit: 'in 1 h',
    comment: 'Changes to MFA factors by this person in the hour up to and with this event.',
    curve: (n: number) => ramp(n, 0, 2),
    weight: 0.35,
  },
  {
    name: 's_session_moved',
    title: 'Session moved',
    unit: '',
    comment: '1 when the session goes on from another network than it started on, else 0.',
    curve: (x: number) => ramp(x, 0, 1),
    weight: 0.45,
  },
  {
    name: 's_user_risk',
    title: 'Risk carried over',
    unit: 'of 100',
    comment: 'The person’s accumulated risk just before this event, findings included.',
    curve: (risk: number) => ramp(risk, 0, 100),
    weight: 0.3,
  },
] as const;

export type SignalName = (typeof SIGNALS)[number]['name'];

/** Signals by name; null where it does not apply or nothing is known. */
export type Signals = { readonly [name in SignalName]: number | null };

export const SIGNAL_NAMES: readonly SignalName[] = SIGNALS.map((signal) => signal.name);

/** Linear from 0 at `low` to 1 at `high`, clamped. */
function ramp(x: number, low: number, high: number): number {
  return Math.min(1, Math.max(0, (x - low) / (high - low)));
}

/**
 * Writes each signal's s in [0, 1] to `scaled` at `offset`, in the order of SIGNALS; null becomes 0.
 */
export function scaleSignals(signals: Signals, scaled: Float64Array, offset = 0): void {
  for (let i = 0; i < SIGNALS.length; i++) {
    const signal = SIGNALS[i] as (typeof SIGNALS)[number];
    const value = signals[signal.name];
    scaled[offset + i] = value === null ? 0 : signal.curve(value);
  }
}
