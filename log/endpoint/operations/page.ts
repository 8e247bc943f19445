import { KinesisError } from '../operation.ts';
import { type Context, nowMs } from './context.ts';
import { invalidArgument } from './faults.ts';

/** The API Reference, ListShards: tokens expire after 300 seconds. */
const LIFE_MS = 300_000;

/** A token for the page after this one: `at` is what the operation needs to go on. */
export function sealPage(context: Context, operation: string, at: unknown): Promise<string> {
  return context.sealer.seal([operation, nowMs(context), at]);
}

/** What {@link sealPage} was given; InvalidArgumentException for another's token, ExpiredNextTokenException for an old one. */
export async function openPage<T>(context: Context, operation: string, token: string): Promise<T> {
  const opened = await context.sealer.open(token);
  if (!Array.isArray(opened) || opened.length !== 3 || opened[0] !== operation) {
    throw invalidArgument('Invalid NextToken.');
  }
  const [, madeMs, at] = opened as [string, number, T];
  if (nowMs(context) - madeMs > LIFE_MS) {
    throw new KinesisError(
      'ExpiredNextTokenException',
      `The NextToken expired ${LIFE_MS / 1000} seconds after it was given.`,
    );
  }
  return at;
}
