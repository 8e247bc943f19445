import type { UserConsoleLog } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

const LINES_MAX = 20;

/** Ends a run with every test that was skipped, and what its file printed about why. */
export class Skipped implements Reporter {
  #printed: string[] = [];

  onUserConsoleLog({ type, content }: UserConsoleLog): void {
    if (type === 'stdout' && /skip|absent|no such|names no/i.test(content)) this.#printed.push(content.trim());
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const note = result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : '';
        lines.push(`  ${module.relativeModuleId} > ${test.fullName}${note}`);
      }
    }
    if (lines.length === 0) return;
    const more = lines.length > LINES_MAX ? [`  … and ${lines.length - LINES_MAX} more`] : [];
    const reasons = [...new Set(this.#printed)].map((line) => `  ${line}`);
    console.log(['', 'Skipped:', ...lines.slice(0, LINES_MAX), ...more, 'Because:', ...reasons, ''].join('\n'));
  }
}
