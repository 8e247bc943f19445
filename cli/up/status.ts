import type { Health } from '../../dashboard/index.ts';

/** What the status shows beside the health. */
export interface StatusView {
  readonly url: string;
  readonly health: Health;
  /** `a1b2c3 · 4 % of impact left, 1.2 min a user-week`; null before Darwin has begun. */
  readonly bestPolicy: string | null;
}

/** The lines of the live status. Pure. */
export function statusLines({ url, health, bestPolicy }: StatusView): string[] {
  const { eventsPerSecond, lagMs, commit, totals, now } = health;
  const age =
    commit.at === null
      ? 'none yet'
      : `version ${commit.version}, ${Math.max(0, Math.round((now - commit.at) / 1e6))} s ago`;
  const extra =
    totals.quarantined + totals.redelivered > 0
      ? ` · ${totals.quarantined} quarantined · ${totals.redelivered} redelivered`
      : '';
  return [
    `  page      ${url}`,
    `  events    ${Math.round(eventsPerSecond)}/s · ${totals.events.toLocaleString('en')} in the lake${extra}`,
    `  lag       ${Math.round(lagMs)} ms`,
    `  commit    ${age}`,
    `  findings  ${totals.findings}`,
    `  policy    ${bestPolicy ?? 'Darwin waits for history'}`,
    '  Ctrl-C finishes the batch in hand and stops',
  ];
}

/** Redraws the status in place once a second; on something that is no terminal it prints the address once. */
export function showStatus(
  output: NodeJS.WritableStream & { readonly isTTY?: boolean },
  view: () => StatusView,
): { stop(): void } {
  if (output.isTTY !== true) {
    output.write(`beagle: the page is at ${view().url}\n`);
    return { stop() {} };
  }
  let drawn = 0;
  const draw = () => {
    const lines = statusLines(view());
    output.write(`${drawn > 0 ? `\x1b[${drawn}A` : '\n'}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
    drawn = lines.length;
  };
  draw();
  const timer = setInterval(draw, 1000);
  return {
    stop() {
      clearInterval(timer);
      draw();
    },
  };
}
