/** Longest text that can hold an address with brackets, zone and port. */
const TEXT_MAX = 80;

/**
 * The address in the text: IPv4 as it stands, IPv6 in the form of RFC 5952 (an IPv4-mapped one as IPv4), without
 * port, brackets and zone. null for anything else, such as the service names that vendors put in its place.
 */
export function parseIp(value: unknown): string | null {
  if (typeof value !== 'string' || value.length < 2 || value.length > TEXT_MAX) return null;
  const colon = value.indexOf(':');
  if (colon === -1) return isIpv4(value) ? value : null;
  if (value.charCodeAt(0) === 91) {
    const close = value.indexOf(']');
    const port = value.slice(close + 1);
    if (close === -1 || (port !== '' && !(port.charCodeAt(0) === 58 && isPort(port.slice(1))))) return null;
    return normaliseIpv6(value.slice(1, close));
  }
  if (value.indexOf(':', colon + 1) !== -1) return normaliseIpv6(value);
  const host = value.slice(0, colon);
  return isIpv4(host) && isPort(value.slice(colon + 1)) ? host : null;
}

function isPort(text: string): boolean {
  return text.length > 0 && text.length <= 5 && isDecimal(text) && Number(text) <= 65_535;
}

function isDecimal(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return false;
  }
  return true;
}

/** Four decimal octets without leading zeros, which some readers take for octal. */
function isIpv4(text: string): boolean {
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 46) {
      if (octet < 0 || ++dots > 3) return false;
      octet = -1;
    } else if (c >= 48 && c <= 57 && octet !== 0) {
      octet = (octet < 0 ? 0 : octet * 10) + c - 48;
      if (octet > 255) return false;
    } else return false;
  }
  return dots === 3 && octet >= 0;
}

function normaliseIpv6(text: string): string | null {
  const zone = text.indexOf('%');
  const groups = ipv6Groups(zone === -1 ? text : text.slice(0, zone));
  if (groups === null) return null;
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    const [high = 0, low = 0] = groups.slice(6);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  return compress(groups);
}

/** The eight 16-bit groups, or null. */
function ipv6Groups(text: string): number[] | null {
  const gap = text.indexOf('::');
  if (gap === -1) {
    const groups = groupsOf(text);
    return groups?.length === 8 ? groups : null;
  }
  const before = gap === 0 ? [] : groupsOf(text.slice(0, gap));
  const after = gap + 2 === text.length ? [] : groupsOf(text.slice(gap + 2));
  if (before === null || after === null || before.length + after.length > 7) return null;
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** Groups of colon-separated text whose last part may be an IPv4 address. */
function groupsOf(text: string): number[] | null {
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && isIpv4(part)) {
      const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function compress(groups: readonly number[]): string {
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return start === -1 ? hex(0, 8) : `${hex(0, start)}::${hex(start + length, 8)}`;
}
