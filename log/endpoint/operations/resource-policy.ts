import type {
  DeleteResourcePolicyInput,
  GetResourcePolicyInput,
  GetResourcePolicyOutput,
  PutResourcePolicyInput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { invalidArgument, notFound } from './faults.ts';
import { demandResource } from './resource.ts';
import { checkActive } from './stream.ts';

/** The Developer Guide, "Resource-based policy examples": 20 KB. */
const POLICY_BYTES_MAX = 20 * 1024;

/** Policies are kept and given back; nobody is refused by them. */
export function createPutResourcePolicy(context: Context): Operation<PutResourcePolicyInput, object> {
  return async (input, call) => {
    const policy = input.Policy ?? '';
    await context.log.change((streams) => {
      const resource = demandResource(context, call, input, streams);
      checkPolicy(policy);
      checkActive(call, resource.stream);
      resource.update(streams, { policy });
    });
    return {};
  };
}

export function createGetResourcePolicy(context: Context): Operation<GetResourcePolicyInput, GetResourcePolicyOutput> {
  return async (input, call) => {
    const { members } = demandResource(context, call, input);
    // What the service answers, by moto's and LocalStack's tests, which were run against it.
    return { Policy: members.policy ?? '{}' };
  };
}

export function createDeleteResourcePolicy(context: Context): Operation<DeleteResourcePolicyInput, object> {
  return async (input, call) => {
    await context.log.change((streams) => {
      const resource = demandResource(context, call, input, streams);
      checkActive(call, resource.stream);
      if (resource.members.policy === undefined) {
        throw notFound(`No resource policy found for resource ARN ${resource.arn}.`);
      }
      resource.update(streams, { policy: undefined });
    });
    return {};
  };
}

/** InvalidArgumentException for what is no JSON policy document; what its statements say is not looked at. */
function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) {
    throw invalidArgument(`The policy is larger than the limit of ${POLICY_BYTES_MAX} bytes.`);
  }
  if (!hasStatements(text)) throw invalidArgument('The policy is not a JSON policy document with a Statement.');
}

function hasStatements(text: string): boolean {
  try {
    const policy: unknown = JSON.parse(text);
    return typeof policy === 'object' && policy !== null && 'Statement' in policy;
  } catch {
    return false;
  }
}
