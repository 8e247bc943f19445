/** One window in which a rule across actors fired: what its SQL gives, a row a window. */
export interface Hit {
  /** What the window is about beside its time: an address, a client. */
  readonly entity: string;
  readonly windowStartUs: number;
  readonly windowEndUs: number;
  /** Time of the newest event of the evidence, µs. */
  readonly timeUs: number;
  readonly severityId: number;
  /** Each actor concerned with the streams that its events came on. */
  readonly actors: readonly { readonly actorKey: string; readonly streams: readonly string[] }[];
  readonly eventUids: readonly string[];
  readonly reasons: readonly string[];
}

/** A rule across actors: SQL over `events`, evaluated for windows of event time. */
export interface Detection {
  readonly id: string;
  readonly title: string;
  /** MITRE ATT&CK technique ids. */
  readonly attack: readonly string[];
  /** Length of the tumbling windows, µs. */
  readonly windowUs: number;
  /** File name of the SQL beside this file; $1 and $2 are the bounds of event time, timestamps as text. */
  readonly sqlFile: string;
  toHit(row: Record<string, unknown>): Hit;
}
