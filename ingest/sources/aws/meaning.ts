import { CLASS } from '../../../core/index.ts';
import { EVENTS, type Meaning, SECRET_READS } from './events.ts';
import { CONFIDENTIAL_SERVICES, IDENTITY_SERVICES, SECURITY_SERVICES } from './services.ts';

export const API = { create: 1, read: 2, update: 3, delete: 4, other: 99 } as const;

const VERBS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    1: 'Create Run Register Import Allocate Request Issue Provision Upload Launch Copy Clone Purchase',
    2: 'Get List Describe Head Lookup Search Query Scan Select Check Test Validate Preview Simulate View Read Estimate Discover Detect Filter Download Export Poll Decrypt Verify',
    3: 'Update Modify Put Set Attach Detach Associate Disassociate Enable Disable Start Stop Reboot Tag Untag Add Remove Authorize Revoke Change Reset Restore Accept Reject Replace Rotate Assign Unassign Activate Deactivate Grant Move Rename Resume Suspend Subscribe Unsubscribe Promote Apply Configure Invite',
    4: 'Delete Terminate Deregister Release Purge Destroy Cancel Abort',
  }).flatMap(([id, verbs]) => verbs.split(' ').map((verb) => [verb, Number(id)] as const)),
);

/** `iam` of `iam.amazonaws.com`. */
export function serviceOf(eventSource: string | null | undefined): string {
  if (eventSource === null || eventSource === undefined) return '';
  const dot = eventSource.indexOf('.');
  return dot === -1 ? eventSource : eventSource.slice(0, dot);
}

/** The call without the API version that Lambda and CloudFront append: `CreateFunction20150331v2`. */
export function callOf(eventName: string): string {
  const last = eventName.charCodeAt(eventName.length - 1);
  if (last < 48 || last > 57 || eventName.length > 256) return eventName;
  const version = /\d{8}(?:v\d+)?$|_?\d{4}_\d{2}_\d{2}$/.exec(eventName);
  return version === null || version.index === 0 ? eventName : eventName.slice(0, version.index);
}

/** Create, read, update, delete or other, by the verb that begins the name, else by what CloudTrail says of it. */
function apiActivity(call: string, isReadOnly: boolean | null): number {
  if (isReadOnly === true) return API.read;
  let end = 1;
  while (end < call.length && end < 24 && call.charCodeAt(end) >= 97) end++;
  const verb = call.slice(0, end);
  const known =
    VERBS.get(verb) ?? (verb === 'Batch' ? VERBS.get(/^Batch([A-Z][a-z]+)/.exec(call)?.[1] ?? '') : undefined);
  return known ?? (isReadOnly === false ? API.update : API.other);
}

/**
 * The meaning of a call: the table's, else by service and verb. Whatever changes a service that decides on access or
 * watches over the account needs administrative rights; creating, changing and deleting there is entity management in
 * the identity services, API activity elsewhere.
 */
export function meaningOf(service: string, call: string, isReadOnly: boolean | null): Meaning {
  const known = EVENTS.get(`${service}:${call}`);
  if (known !== undefined) return known;
  const activityId = apiActivity(call, isReadOnly);
  const isChange = activityId !== API.read;
  const isSecurity = SECURITY_SERVICES.has(service);
  const isEntity = isChange && activityId !== API.other && IDENTITY_SERVICES.has(service);
  return {
    classUid: isEntity ? CLASS.entityManagement : CLASS.apiActivity,
    activityId,
    severityId: isSecurity && isChange ? 2 : 1,
    isPrivileged: isSecurity && isChange,
    isSelfService: false,
    changesMfa: false,
    sensitivity: isSecurity ? 3 : CONFIDENTIAL_SERVICES.has(service) || SECRET_READS.has(call) ? 2 : 1,
  };
}
