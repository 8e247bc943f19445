import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './chromium.ts';
import { type Company, createCompany } from './company.ts';
import { type RunningServer, startServer } from './server.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const DEADLINE_MS = 20_000;

let company: Company;
let server: RunningServer;
let browser: Browser;
let emitting: NodeJS.Timeout;
let page: Page;
let faults: string[] = [];

beforeAll(async () => {
  if (isStale()) await build({ root: join(ROOT, 'dashboard/web'), logLevel: 'error' });
  company = await createCompany();
  server = await startServer(company.deps);
  emitting = setInterval(() => company.emit(1), 100);
  browser = await launchBrowser();
}, 120_000);

afterEach(async () => {
  await page?.context().close();
});

afterAll(async () => {
  clearInterval(emitting);
  await browser?.close();
  await server?.kill();
});

/** Whether the built page is missing or older than its sources. */
function isStale(): boolean {
  try {
    const builtMs = statSync(join(ROOT, 'dist/page/index.html')).mtimeMs;
    const sources = readdirSync(join(ROOT, 'dashboard/web'), { recursive: true, encoding: 'utf8' });
    return sources.some((name) => statSync(join(ROOT, 'dashboard/web', name)).mtimeMs > builtMs);
  } catch {
    return true;
  }
}

async function visit(path: string, options: { dark?: boolean } = {}): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  page = await context.newPage();
  faults = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.setDefaultTimeout(DEADLINE_MS);
  await page.goto(server.url + path);
}

const rowsOf = (where: string) => page.locator(`${where} tr[data-event-uid]`);
const until = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: DEADLINE_MS });
const numberOf = (expression: string) => page.evaluate<number>(expression);

describe('the Overview in a browser', () => {
  it('shows live rows, the API’s counters and as many points as the front has members, without a fault', async () => {
    await visit('/');
    await rowsOf('[data-testid="feed"]').nth(20).waitFor();
    await page.locator('[data-policy-id]').first().waitFor();
    expect(await page.locator('[data-policy-id]').count()).toBe(company.evolution.front.length);
    for (const [name, value] of Object.entries(company.health.totals))
      expect(await page.getByTestId(`total-${name}`).getAttribute('data-value')).toBe(String(value));
    await page.locator('.people li').first().waitFor();
    await page.locator('.u-over').first().waitFor();
    expect(faults).toEqual([]);
  });

  it('fits 1440 × 900 without scrolling, and scrolls sideways at no width', async () => {
    await visit('/');
    await rowsOf('[data-testid="feed"]').first().waitFor();
    expect(await numberOf('document.documentElement.scrollHeight')).toBe(900);
    for (const width of [1440, 1280, 900, 390]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await numberOf('document.documentElement.scrollWidth'), `at ${width} px`).toBeLessThanOrEqual(width);
    }
  });

  it('holds the feed still under the pointer, says how many wait, and goes on when asked', async () => {
    await visit('/');
    const rows = rowsOf('[data-testid="feed"]');
    await rows.nth(5).waitFor();
    await page.getByTestId('feed').hover();
    await page.getByTestId('feed-waiting').waitFor();
    const first = await rows.first().getAttribute('data-event-uid');
    const waiting = page.getByTestId('feed-waiting');
    await until(async () => Number(await waiting.getAttribute('data-value'))).toBeGreaterThan(20);
    expect(await rows.first().getAttribute('data-event-uid')).toBe(first);
    await page.getByTestId('feed-waiting').click();
    await until(() => rows.first().getAttribute('data-event-uid')).not.toBe(first);
  });

  it('keeps its feed bounded', async () => {
    await visit('/');
    const rows = rowsOf('[data-testid="feed"]');
    // What is emitted before the page listens, it never sees.
    await rows.first().waitFor();
    company.emit(1500);
    await rows.nth(40).waitFor({ state: 'attached' });
    expect(await rows.count()).toBeLessThanOrEqual(48);
    // What is kept shows while the pointer rests on the feed; it rests then, so what comes later must be looked for anew.
    await until(async () => {
      await page.mouse.move(0, 0);
      await page.getByTestId('feed').hover();
      return rows.count();
    }).toBe(200);
    company.emit(1500);
    expect(await rows.count()).toBe(200);
  });

  it('shows what an app sends as text, never as markup', async () => {
    await visit('/');
    await page.getByText('example/<b>billing</b>').first().waitFor();
    expect(await page.locator('.events b').count()).toBe(0);
  });

  it('opens the reasons of a person’s score with their shares', async () => {
    await visit('/');
    await page.locator('.people .why').first().click();
    await page.locator('.people .reasons').getByText('Impossible travel').waitFor();
    await page.locator('.people .reasons').getByText('52 %').waitFor();
  });

  it('says that the server is gone, and comes back by itself when it is there again', async () => {
    await visit('/');
    await rowsOf('[data-testid="feed"]').first().waitFor();
    const { port } = server;
    await server.kill();
    await page.getByTestId('connection-lost').waitFor();
    expect(await page.getByTestId('live-dot').getAttribute('data-level')).toBe('red');
    company.health.totals.events += 1;
    server = await startServer(company.deps, port);
    await page.getByTestId('connection-lost').waitFor({ state: 'detached' });
    await page.locator(`[data-testid="total-events"][data-value="${company.health.totals.events}"]`).waitFor();
    await page.locator('[data-testid="live-dot"][data-level="green"]').waitFor();
  });

  it('can be used by keyboard: search, tables, theme, keys, views', async () => {
    await visit('/');
    await page.locator('[data-policy-id]').first().waitFor();
    await page.keyboard.press('t');
    expect(await page.locator('#front-title >> xpath=ancestor::section//tbody/tr').count()).toBe(
      company.evolution.front.length,
    );
    const theme = await page.locator('html').getAttribute('data-theme');
    await page.keyboard.press('d');
    expect(await page.locator('html').getAttribute('data-theme')).not.toBe(theme);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    // The frame in which the focus leaves the closed dialog is still to come.
    await page.locator('dialog button').dispatchEvent('keydown', { key: '/', bubbles: true });
    expect(await page.locator('input[type=search]:focus').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('moreau');
    await page.keyboard.press('Enter');
    await page.getByText('matching “moreau”').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Live feed' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.getByRole('heading', { name: 'Password spray' }).first().waitFor();
  });
});

/** Dark differs in colours alone, so there the views with the most of them are enough. */
const LIGHT_VIEWS = [
  '/',
  '/live?decision=block',
  '/people',
  '/people/person%3Ap00020',
  '/events/00000000000000000000000000000009',
  '/findings',
  '/policies',
  '/pipeline',
];
const DARK_VIEWS = ['/', '/live?decision=block', '/findings'];

describe('every view', () => {
  // A feed of a dozen rows that stands still: axe looks at every one of them.
  beforeAll(async () => {
    clearInterval(emitting);
    await server.kill();
    server = await startServer(company.deps);
    company.emit(12);
  });

  it.each([...LIGHT_VIEWS.map((path) => ({ path, dark: false })), ...DARK_VIEWS.map((path) => ({ path, dark: true }))])(
    '$path (dark: $dark) has no serious fault for axe and fits a telephone',
    async ({ path, dark }) => {
      await visit(path, { dark });
      await page.locator('.live-dot[data-level="green"]').waitFor();
      await until(() => page.locator('.skeleton').count()).toBe(0);
      // What passed is not asked for: listing it takes longer than finding it.
      const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html)])).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await numberOf('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      expect(faults).toEqual([]);
    },
  );
});
