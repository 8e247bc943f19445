/** Earliest and latest time that is believed, µs since 1970 UTC: 1990-01-01 and 2100-01-01. */
const EARLIEST_US = 631_152_000_000_000;
const LATEST_US = 4_102_444_800_000_000;

/** Longest textual time that is looked at: `2022-03-22T14:21:53.123456789+02:00` has 35 characters. */
const TEXT_MAX = 40;

const [DASH, COLON, DOT, COMMA, PLUS, SPACE, UPPER_T, UPPER_Z, LOWER_T, LOWER_Z] = [
  45, 58, 46, 44, 43, 32, 84, 90, 116, 122,
];

/**
 * Reads a vendor's time as microseconds since 1970 UTC, truncated to the microsecond. Takes ISO 8601 with `Z`,
 * an offset or none (then UTC), `T` or a space, and up to 9 fraction digits (also set right behind the seconds,
 * 3, 6 or 9 of them, as some exporters write); or seconds, milliseconds or microseconds since 1970, told apart
 * by magnitude, as a number or as digits with an optional fraction. Gives null for anything else and for times
 * before 1990 or from 2100 on.
 */
export function parseTimeUs(value: unknown): number | null {
  if (typeof value === 'string') {
    if (value.length > TEXT_MAX || value.length < 9) return null;
    return value.charCodeAt(4) === DASH ? parseIso(value) : parseEpochText(value);
  }
  return typeof value === 'number' ? epochToUs(value) : null;
}

function bounded(us: number): number | null {
  return us >= EARLIEST_US && us < LATEST_US ? us : null;
}

/** Seconds of the years 1990 to 2100 have 9 or 10 digits, milliseconds 12 or 13, microseconds 15 or 16. */
function unitUs(value: number): number {
  if (value < 1e11) return 1_000_000;
  return value < 1e14 ? 1000 : 1;
}

function epochToUs(value: number): number | null {
  if (!(value >= 1e8 && value < 1e16)) return null;
  return bounded(Math.round(value * unitUs(value)));
}

/** `1617979411`, `1617979411123`, `1617979411.000200`: the fraction is read by digits, for it must stay exact. */
function parseEpochText(text: string): number | null {
  const dot = text.indexOf('.');
  const whole = digits(text, 0, dot === -1 ? text.length : dot);
  if (whole < 1e8) return null;
  const unit = unitUs(whole);
  if (dot === -1) return bounded(whole * unit);
  const fraction = fractionUs(text, dot + 1, text.length);
  return fraction < 0 ? null : bounded(whole * unit + Math.floor((fraction * unit) / 1_000_000));
}

/** The number that the digits in [from, to) write, or −1 when one is no digit or there is none. */
function digits(text: string, from: number, to: number): number {
  if (to <= from) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The fraction of a second that 1 to 9 digits in [from, to) write, in µs; −1 when they do not. */
function fractionUs(text: string, from: number, to: number): number {
  if (to - from > 9 || digits(text, from, to) < 0) return -1;
  let value = digits(text, from, Math.min(to, from + 6));
  for (let length = to - from; length < 6; length++) value *= 10;
  return value;
}

function parseIso(text: string): number | null {
  if (text.length < 19 || !separatorsFit(text)) return null;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  // RFC 3339 allows a leap second; as POSIX does, it counts as the first second of the next minute.
  if (year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return null;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const zone = zoneStart(text);
  const fraction = fractionBehindSeconds(text, zone);
  const offset = offsetMinutes(text, zone);
  if (fraction < 0 || offset === null) return null;
  const minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset;
  return bounded((minutes * 60 + second) * 1_000_000 + fraction);
}

function separatorsFit(text: string): boolean {
  const middle = text.charCodeAt(10);
  return (
    text.charCodeAt(7) === DASH &&
    (middle === UPPER_T || middle === SPACE || middle === LOWER_T) &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

/** Index of `Z`, `+`, `-` or of the space before them, behind the seconds; the length when there is none. */
function zoneStart(text: string): number {
  for (let i = 19; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === UPPER_Z || c === PLUS || c === DASH || c === LOWER_Z || c === SPACE) return i;
  }
  return text.length;
}

function fractionBehindSeconds(text: string, zone: number): number {
  if (zone === 19) return 0;
  const first = text.charCodeAt(19);
  if (first === DOT || first === COMMA) return fractionUs(text, 20, zone);
  return (zone - 19) % 3 === 0 ? fractionUs(text, 19, zone) : -1;
}

/** Minutes east of UTC that `Z`, `+02:00`, `+0200`, `+02`, ` UTC` or nothing say; null when unreadable. */
function offsetMinutes(text: string, start: number): number | null {
  const length = text.length - start;
  if (length === 0) return 0;
  const sign = text.charCodeAt(start);
  if (sign === UPPER_Z || sign === LOWER_Z) return length === 1 ? 0 : null;
  if (sign === SPACE) return length === 4 && text.endsWith('UTC') ? 0 : null;
  const hours = digits(text, start + 1, start + 3);
  const colon = text.charCodeAt(start + 3) === COLON ? 1 : 0;
  const minutes = length === 3 ? 0 : digits(text, start + 3 + colon, text.length);
  if (length !== 3 && length !== 5 + colon) return null;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return null;
  return sign === DASH ? -(hours * 60 + minutes) : hours * 60 + minutes;
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days from 1970-01-01 of a proleptic Gregorian date: Howard Hinnant's days_from_civil, for years ≥ 0. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
