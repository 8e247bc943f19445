import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './chromium.ts';

const BIN = fileURLToPath(new URL('../../bin/beagle.mjs', import.meta.url));
const PORT = 3900 + (process.pid % 90);
const URL_OF_PAGE = `http://127.0.0.1:${PORT}/`;
const COUNT = 1500;
/** Runs in the page. */
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

let browser: Browser;
let data: string;
let child: ChildProcess | null = null;
const errors: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  data = mkdtempSync(join(tmpdir(), 'beagle-page-'));
}, 120_000);
afterEach(async () => {
  await stopBeagle();
});
afterAll(async () => {
  await browser?.close();
  rmSync(data, { recursive: true, force: true });
});

test('after a drain the page, the API and the lake count the same, and a restarted server is found again', async () => {
  const ended = startBeagle('--count', String(COUNT), '--rate', '6000/min', '--json');
  await answers();
  const page = await openPage();
  await expect.poll(() => total(page, 'events'), { timeout: 60_000 }).toBeGreaterThan(0);
  const report = JSON.parse(await ended) as Record<string, number>;
  expect(report).toMatchObject({ generated: COUNT, events: COUNT, lost: 0, duplicates: 0 });
  await expect.poll(() => total(page, 'events'), { timeout: 15_000 }).toBe(COUNT);
  const [lake] = JSON.parse(
    beagle(
      'lake',
      'sql',
      'select count(*) n, count(distinct event_uid) u from events',
      '--data',
      data,
      '--format',
      'json',
    ),
  ) as [{ n: number; u: number }];
  expect(lake).toEqual({ n: COUNT, u: COUNT });
  await expect.poll(() => page.getByTestId('connection-lost').count(), { timeout: 15_000 }).toBe(1);

  void startBeagle('--rate', '6000/min');
  await answers();
  await expect.poll(() => page.getByTestId('connection-lost').count(), { timeout: 30_000 }).toBe(0);
  const health = (await (await fetch(`${URL_OF_PAGE}api/health`)).json()) as { totals: { events: number } };
  expect(health.totals.events).toBeGreaterThanOrEqual(COUNT);
  await expect.poll(() => total(page, 'events'), { timeout: 30_000 }).toBeGreaterThanOrEqual(health.totals.events);
  await frontAsInApi(page);
  await fitsAndIsAccessible(page);
  await page.close();
  expect(errors.filter((text) => !/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/.test(text))).toEqual([]);
}, 240_000);

/** As many points as the front has members, at one and the same generation. */
async function frontAsInApi(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        const { front } = (await (await fetch(`${URL_OF_PAGE}api/evolution`)).json()) as {
          front: { policyId: string }[];
        };
        const plotted = await page
          .locator('[data-policy-id]')
          .evaluateAll((points) => points.map((point) => point.getAttribute('data-policy-id')));
        return (
          front.length > 0 &&
          new Set(plotted).size === front.length &&
          front.every(({ policyId }) => plotted.includes(policyId))
        );
      },
      { timeout: 60_000 },
    )
    .toBe(true);
}

async function fitsAndIsAccessible(page: Page): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate<number>(OVERFLOW);
    expect(overflow, `horizontal scroll at ${width} px`).toBeLessThanOrEqual(0);
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

async function openPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(URL_OF_PAGE);
  return page;
}

const total = async (page: Page, name: string) =>
  Number(await page.getByTestId(`total-${name}`).getAttribute('data-value'));

/** Starts `up`; the promise gives what it printed once it has ended. */
function startBeagle(...args: string[]): Promise<string> {
  child = spawn(process.execPath, [BIN, 'up', '--data', data, '--port', String(PORT), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const started = child;
  return new Promise((resolve) => started.once('exit', () => resolve(output)));
}

async function stopBeagle(): Promise<void> {
  if (child === null || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child?.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  child = null;
}

const answers = () =>
  expect
    .poll(
      () =>
        fetch(`${URL_OF_PAGE}readyz`).then(
          (r) => r.status,
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBe(200);
const beagle = (...args: string[]) => execFileSync(process.execPath, [BIN, ...args], { encoding: 'utf8' });
