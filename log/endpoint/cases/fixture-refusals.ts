import { ACCOUNT } from './fixture-inputs.ts';
import type { Expected } from './fixture-wording.ts';

export const invalid = (message?: string | RegExp): Expected => refusal('InvalidArgumentException', message);
export const notFound = (message?: string | RegExp): Expected => refusal('ResourceNotFoundException', message);
export const inUse = (message?: string | RegExp): Expected => refusal('ResourceInUseException', message);
export const limit = (message?: string | RegExp): Expected => refusal('LimitExceededException', message);
export const refusal = (type: string, message?: string | RegExp): Expected =>
  message === undefined ? { type } : { type, message };
export const under = (stream: string) => `in stream ${stream} under account ${ACCOUNT}`;
/** A number written in hexadecimal, in decimal. */
export const hex = (digits: string) => BigInt(`0x${digits}`).toString();
