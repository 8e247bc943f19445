import { pino } from 'pino';

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Says something to whoever runs the command. */
export type Say = (message: string, facts?: Readonly<Record<string, unknown>>) => void;

export interface Logger {
  readonly info: Say;
  readonly warn: Say;
}

/** Lines for people on a terminal, JSON lines (pino) elsewhere: a log collector reads those. */
export function createLogger(output: Output): Logger {
  if (output.isTTY === true) {
    const say = (message: string) => void output.write(`beagle: ${message}\n`);
    return { info: say, warn: say };
  }
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    output as NodeJS.WritableStream & { write(text: string): boolean },
  );
  return {
    info: (message, facts = {}) => log.info(facts, message),
    warn: (message, facts = {}) => log.warn(facts, message),
  };
}
