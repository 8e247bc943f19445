import { parseIpv4, parseIpv6High } from './address.ts';

/**
 * Autonomous systems by address range, in typed arrays over shared memory, so that all worker threads use one
 * copy. IPv6 ranges are kept by their upper 64 bits: no network on the Internet is announced longer than /48.
 */
export interface NetworkTable {
  readonly v4Starts: Uint32Array;
  readonly v4Ends: Uint32Array;
  readonly v4Orgs: Uint32Array;
  readonly v6Starts: BigUint64Array;
  readonly v6Ends: BigUint64Array;
  readonly v6Orgs: Uint32Array;
  /** Per organisation its AS number, and where its name begins in `names` (one more at the end). */
  readonly asns: Uint32Array;
  readonly nameStarts: Uint32Array;
  readonly names: Uint8Array;
}

export interface Network {
  readonly asn: number;
  readonly org: string;
}

/** Reads @ip-location-db's `asn-ipv4-num.csv` and `asn-ipv6.csv`: start, end, AS number, organisation. */
export function parseNetworks(ipv4Csv: Uint8Array, ipv6Csv: Uint8Array): NetworkTable {
  const orgs = createOrgs();
  const v4Rows = countLines(ipv4Csv);
  const v4Starts = shared(Uint32Array, v4Rows);
  const v4Ends = shared(Uint32Array, v4Rows);
  const v4Orgs = shared(Uint32Array, v4Rows);
  const v4Count = eachRange(ipv4Csv, (row, start, end, org) => {
    v4Starts[row] = Number(start);
    v4Ends[row] = Number(end);
    v4Orgs[row] = orgs.indexOf(org);
    return true;
  });
  const v6Rows = countLines(ipv6Csv);
  const v6Starts = shared(BigUint64Array, v6Rows);
  const v6Ends = shared(BigUint64Array, v6Rows);
  const v6Orgs = shared(Uint32Array, v6Rows);
  const v6Count = eachRange(ipv6Csv, (row, start, end, org) => {
    const from = parseIpv6High(start);
    const to = parseIpv6High(end);
    if (from === null || to === null) return false;
    v6Starts[row] = from;
    v6Ends[row] = to;
    v6Orgs[row] = orgs.indexOf(org);
    return true;
  });
  return {
    v4Starts: v4Starts.subarray(0, v4Count),
    v4Ends: v4Ends.subarray(0, v4Count),
    v4Orgs: v4Orgs.subarray(0, v4Count),
    v6Starts: v6Starts.subarray(0, v6Count),
    v6Ends: v6Ends.subarray(0, v6Count),
    v6Orgs: v6Orgs.subarray(0, v6Count),
    ...orgs.table(),
  };
}

/** Organisations by `<AS number>,<name>` as the files write it, each kept once. */
function createOrgs() {
  const indexes = new Map<string, number>();
  return {
    indexOf(org: string): number {
      const known = indexes.get(org);
      if (known !== undefined) return known;
      indexes.set(org, indexes.size);
      return indexes.size - 1;
    },
    table(): Pick<NetworkTable, 'asns' | 'nameStarts' | 'names'> {
      const encoded = [...indexes.keys()].map((org) => {
        const name = org.slice(org.indexOf(',') + 1);
        return Buffer.from(name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);
      });
      const asns = shared(Uint32Array, encoded.length);
      const nameStarts = shared(Uint32Array, encoded.length + 1);
      for (const [i, org] of [...indexes.keys()].entries()) {
        asns[i] = Number.parseInt(org, 10);
        nameStarts[i + 1] = (nameStarts[i] as number) + (encoded[i] as Buffer).length;
      }
      const names = shared(Uint8Array, nameStarts[encoded.length] as number);
      for (const [i, bytes] of encoded.entries()) names.set(bytes, nameStarts[i]);
      return { asns, nameStarts, names };
    },
  };
}

/** The network of an address; null when unknown or no address. */
export function networkOf(table: NetworkTable, ip: string): Network | null {
  const v4 = parseIpv4(ip);
  const v6 = v4 === null ? parseIpv6High(ip) : null;
  let org: number | undefined;
  if (v4 !== null) org = table.v4Orgs[find(table.v4Starts, table.v4Ends, v4)];
  else if (v6 !== null) org = table.v6Orgs[find(table.v6Starts, table.v6Ends, v6)];
  if (org === undefined) return null;
  const name = table.names.subarray(table.nameStarts[org], table.nameStarts[org + 1]);
  return { asn: table.asns[org] as number, org: Buffer.from(name).toString('utf8') };
}

/** Index of the range that holds `value`, or -1: binary search over ascending, disjoint ranges. */
function find<T extends number | bigint>(starts: ArrayLike<T>, ends: ArrayLike<T>, value: T): number {
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as T) > value) high = middle - 1;
    else if ((ends[middle] as T) < value) low = middle + 1;
    else return middle;
  }
  return -1;
}

const NEWLINE = 0x0a;
const COMMA = 0x2c;

function countLines(csv: Uint8Array): number {
  let lines = 1;
  for (let at = csv.indexOf(NEWLINE); at >= 0; at = csv.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

/** Calls `take` for every line with the row's number, start, end and the rest; gives how many it took. */
function eachRange(csv: Uint8Array, take: (row: number, start: string, end: string, org: string) => boolean): number {
  const bytes = Buffer.from(csv.buffer, csv.byteOffset, csv.byteLength);
  let row = 0;
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    const first = bytes.indexOf(COMMA, at);
    const second = bytes.indexOf(COMMA, first + 1);
    if (first >= 0 && second >= 0 && second < end) {
      const org = bytes.toString('utf8', second + 1, end).trimEnd();
      if (take(row, bytes.toString('latin1', at, first), bytes.toString('latin1', first + 1, second), org)) row++;
    }
    at = end + 1;
  }
  return row;
}

type Shared = Uint8Array | Uint32Array | BigUint64Array;

/** A typed array of `length` over memory that threads share. */
function shared<A extends Shared>(
  kind: { new (buffer: SharedArrayBuffer): A; readonly BYTES_PER_ELEMENT: number },
  length: number,
): A {
  return new kind(new SharedArrayBuffer(length * kind.BYTES_PER_ELEMENT));
}
