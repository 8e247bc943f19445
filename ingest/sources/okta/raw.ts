import { z } from 'zod';

const text = z.string().nullish();
/** A decoration: `map` reads it if its type is right. */
const unread = z.unknown().optional();

/**
 * The LogEvent of Okta’s System Log API (GET /api/v1/logs), as far as it is read. Every event has the members
 * `uuid`, `published`, `eventType`, `version`, `severity`, `displayMessage`, `actor`, `client`, `device`, `outcome`,
 * `target`, `transaction`, `debugContext`, `legacyEventType`, `authenticationContext`, `securityContext` and
 * `request`, many of them null; exporters leave some out. Only `eventType` must be there. A wrong type in what says
 * who, what, when and with which outcome is a fault; elsewhere it counts as missing.
 */
const logEvent = z.object({
  uuid: text,
  /** ISO 8601; milliseconds as Okta writes it. */
  published: z.union([z.string(), z.number()]).nullish(),
  eventType: z.string().min(1),
  /** `type` is open: User, SystemPrincipal, PublicClientApp, AppInstance … */
  actor: z.object({ id: text, type: text, alternateId: text }).nullish(),
  outcome: z.object({ result: text, reason: text }).nullish(),
  /** DEBUG, INFO, WARN or ERROR. */
  severity: unread,
  /** A list of `{id, type, alternateId, displayName}`. */
  target: unread,
  /** `{ipAddress, userAgent: {rawUserAgent, os, browser}, geographicalContext, …}` */
  client: unread,
  /** `{id, os_platform, managed, …}`: known only where Okta Verify runs on the device. */
  device: unread,
  /** `{externalSessionId, authenticationProvider, credentialType, …}` */
  authenticationContext: unread,
  /** `{debugData: {deviceFingerprint, signOnMode, …}}` */
  debugContext: unread,
});

export type OktaLogEvent = z.infer<typeof logEvent>;

/** Names of members that `map` reads, by their lower-case form: some exporters lower-case all keys. */
const CANONICAL = new Map(
  [
    ...['eventType', 'alternateId', 'displayName', 'ipAddress', 'userAgent', 'rawUserAgent', 'authenticationContext'],
    ...['externalSessionId', 'authenticationProvider', 'debugContext', 'debugData', 'deviceFingerprint', 'signOnMode'],
  ].map((name) => [name.toLowerCase(), name]),
);

const READS = [
  ...['/uuid', '/published', '/eventType', '/severity', '/actor/id', '/actor/type', '/actor/alternateId'],
  ...['/outcome/result', '/outcome/reason', '/target/id', '/target/type', '/target/alternateId', '/target/displayName'],
  ...['/client/ipAddress', '/client/userAgent/os', '/client/userAgent/rawUserAgent'],
  ...['/device/id', '/device/os_platform', '/device/managed', '/authenticationContext/externalSessionId'],
  ...['/debugContext/debugData/signOnMode', '/debugContext/debugData/deviceFingerprint'],
];

/** A pointer with each of its names as it is and in lower case: exporters lower-case some keys or all. */
const spellings = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .reduce((starts, name) => starts.flatMap((start) => [`${start}/${name}`, `${start}/${name.toLowerCase()}`]), ['']);

/** Also with lower-cased keys, as {@link oktaSchema} takes them. */
export const oktaReads = [...new Set(READS.flatMap(spellings))];

/** Deepest member that `map` reads: debugContext.debugData.signOnMode, target[0].id. */
const DEPTH_MAX = 3;

/** A copy whose keys are Okta’s own, for an event whose keys were lower-cased; other keys stay as they are. */
function canonicalise(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((item) => canonicalise(item, depth + 1));
  const entries = Object.entries(value).map(([key, member]) => [
    CANONICAL.get(key) ?? key,
    canonicalise(member, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** Accepts Okta’s LogEvent, and the same with lower-cased keys. */
export const oktaSchema = z.preprocess((native) => {
  const isLowerCased =
    typeof native === 'object' && native !== null && !Object.hasOwn(native, 'eventType') && 'eventtype' in native;
  return isLowerCased ? canonicalise(native, 0) : native;
}, logEvent);
