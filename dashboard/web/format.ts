/** Numbers and times in words. Times are µs since 1970 UTC. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const hundredth = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const places = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

export function count(value: number): string {
  return whole.format(value);
}

/** One decimal below 100, none above. */
export function rate(value: number): string {
  return Math.abs(value) < 100 ? tenth.format(value) : whole.format(value);
}

/** Two decimals below 10, fewer above. */
export function precise(value: number): string {
  return Math.abs(value) < 10 ? hundredth.format(value) : rate(value);
}

/** `now`, `12 s`, `3 min`, `5 h`, `2 d`. */
export function age(us: number, nowUs: number): string {
  const seconds = Math.max(0, Math.round((nowUs - us) / 1e6));
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export function ago(us: number, nowUs: number): string {
  const words = age(us, nowUs);
  return words === 'now' ? 'just now' : `${words} ago`;
}

/** A length of time: `120 ms`, `1.4 s`, `3 min`. */
export function length(ms: number): string {
  if (ms < 1000) return `${whole.format(Math.max(0, ms))} ms`;
  if (ms < 60_000) return `${tenth.format(ms / 1000)} s`;
  if (ms < 3_600_000) return `${whole.format(ms / 60_000)} min`;
  return `${tenth.format(ms / 3_600_000)} h`;
}

/** `2026-11-22 10:31:07.123 UTC`, for hovers. */
export function utc(us: number): string {
  const date = new Date(us / 1000);
  if (Number.isNaN(date.getTime())) return 'unknown time';
  return `${date.toISOString().replace('T', ' ').slice(0, 23)} UTC`;
}

/** `10:31` or `10:31:07`, UTC. */
export function clockTime(us: number, withSeconds = false): string {
  return new Date(us / 1000).toISOString().slice(11, withSeconds ? 19 : 16);
}

/** `Berlin, Germany`; the address when nothing better is known. */
export function place(city: string | null, country: string | null, ip: string | null): string {
  const land = country === null ? null : countryName(country);
  return [city, land].filter((part) => part !== null).join(', ') || ip || '–';
}

function countryName(code: string): string {
  try {
    return places.of(code) ?? code;
  } catch {
    return code;
  }
}
