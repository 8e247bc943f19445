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
export function parseNetworks(ipv4Csv: string, ipv6Csv: string): NetworkTable {
  const orgIndex = new Map<string, number>();
  const asns: number[] = [];
  const names: string[] = [];
  const orgOf = (asn: number, name: string) => {
    const key = `${asn} ${name}`;
    const known = orgIndex.get(key);
    if (known !== undefined) return known;
    orgIndex.set(key, asns.length);
    names.push(name);
    return asns.push(asn) - 1;
  };
  const v4: [number, number, number][] = [];
  for (const [start, end, asn, name] of rangesOf(ipv4Csv)) v4.push([Number(start), Number(end), orgOf(asn, name)]);
  const v6: [bigint, bigint, number][] = [];
  for (const [start, end, asn, name] of rangesOf(ipv6Csv)) {
    const from = parseIpv6High(start);
    const to = parseIpv6High(end);
    if (from !== null && to !== null) v6.push([from, to, orgOf(asn, name)]);
  }
  const encoded = names.map((name) => Buffer.from(name));
  const nameStarts = [0];
  for (const bytes of encoded) nameStarts.push((nameStarts.at(-1) as number) + bytes.length);
  return {
    v4Starts: shared(
      Uint32Array,
      v4.map((range) => range[0]),
    ),
    v4Ends: shared(
      Uint32Array,
      v4.map((range) => range[1]),
    ),
    v4Orgs: shared(
      Uint32Array,
      v4.map((range) => range[2]),
    ),
    v6Starts: shared(
      BigUint64Array,
      v6.map((range) => range[0]),
    ),
    v6Ends: shared(
      BigUint64Array,
      v6.map((range) => range[1]),
    ),
    v6Orgs: shared(
      Uint32Array,
      v6.map((range) => range[2]),
    ),
    asns: shared(Uint32Array, asns),
    nameStarts: shared(Uint32Array, nameStarts),
    names: shared(Uint8Array, Buffer.concat(encoded)),
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

function* rangesOf(csv: string): Generator<[string, string, number, string]> {
  for (let at = 0; at < csv.length; ) {
    const end = csv.indexOf('\n', at);
    const line = csv.slice(at, end < 0 ? csv.length : end).trimEnd();
    at = end < 0 ? csv.length : end + 1;
    const first = line.indexOf(',');
    const second = line.indexOf(',', first + 1);
    const third = line.indexOf(',', second + 1);
    if (first < 0 || third < 0) continue;
    const name = line.slice(third + 1);
    const unquoted = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
    yield [line.slice(0, first), line.slice(first + 1, second), Number(line.slice(second + 1, third)), unquoted];
  }
}

type Shared = Uint8Array | Uint32Array | BigUint64Array;
function shared<A extends Shared>(
  kind: { new (buffer: SharedArrayBuffer): A; readonly BYTES_PER_ELEMENT: number },
  values: ArrayLike<A[number]>,
): A {
  const array = new kind(new SharedArrayBuffer(values.length * kind.BYTES_PER_ELEMENT));
  (array as { set(values: ArrayLike<A[number]>): void }).set(values);
  return array;
}
