import type { Response } from 'express';
import type { z } from 'zod';

/** The parameters as the schema reads them; null after answering 400 with one line. */
export function readParams<T>(schema: z.ZodType<T>, input: unknown, response: Response): T | null {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || issue?.code || 'query';
  sendError(response, 400, `[dashboard] ${where}: ${issue?.message ?? 'not understood'}`);
  return null;
}

/** One line of JSON: `{error}`. */
export function sendError(response: Response, status: number, error: string): void {
  response.status(status).json({ error: error.replace(/\s+/g, ' ').slice(0, 500) });
}
