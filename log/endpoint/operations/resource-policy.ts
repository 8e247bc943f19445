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

/** The Developer Guide, "Resource-based policy examples": 20 KB. */
const POLICY_BYTES_MAX = 20 * 1024;

/** Policies are kept and given back; nobody is refused by them. */
export function createPutResourcePolicy(context: Context): Operation<PutResourcePolicyInput, object> {
  return async (input, call) => {
    const policy = input.Policy ?? '';
    await context.log.change((streams) => {
      const resource = demandResource(context, call, input, streams);
      checkPolicy(policy, resource.arn);
      resource.update(streams, { policy });
    });
    return {};
  };
}

export function createGetResourcePolicy(context: Context): Operation<GetResourcePolicyInput, GetResourcePolicyOutput> {
  return async (input, call) => {
    const { arn, members } = demandResource(context, call, input);
    if (members.policy === undefined) throw noPolicy(arn);
    return { Policy: members.policy };
  };
}

export function createDeleteResourcePolicy(context: Context): Operation<DeleteResourcePolicyInput, object> {
  return async (input, call) => {
    await context.log.change((streams) => {
      const resource = demandResource(context, call, input, streams);
      if (resource.members.policy === undefined) throw noPolicy(resource.arn);
      resource.update(streams, { policy: undefined });
    });
    return {};
  };
}

function noPolicy(arn: string) {
  return notFound(`No resource policy found for resource ARN ${arn}`);
}

/** InvalidArgumentException for what is no policy with statements about this resource. */
function checkPolicy(text: string, arn: string): void {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) {
    throw invalidArgument(`The policy is larger than the limit of ${POLICY_BYTES_MAX} bytes.`);
  }
  const statements = statementsOf(text);
  if (statements.length === 0) throw invalidArgument('The policy is not a JSON policy document with a Statement.');
  for (const statement of statements) {
    const resources = [statement.Resource ?? arn].flat();
    if (!resources.includes(arn)) throw invalidArgument(`A statement of the policy is not about the resource ${arn}.`);
  }
}

interface Statement {
  readonly Resource?: unknown;
}

function statementsOf(text: string): readonly Statement[] {
  try {
    const policy = JSON.parse(text) as { readonly Statement?: unknown } | null;
    const statements = [policy?.Statement ?? []].flat() as unknown[];
    return statements.every((one) => typeof one === 'object' && one !== null) ? (statements as Statement[]) : [];
  } catch {
    return [];
  }
}
