/** The user asked for something that cannot be; the message says what and what to do. Exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Credentials are missing, wrong or not enough. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
}

/** The environment failed in a way that may pass: try again with back-off. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}

/** Somebody else won a race; read the new state and decide again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Text of anything thrown, in one line. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
}
