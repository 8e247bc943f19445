import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** A quiet browser that talks to nobody but the page under test. */
const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--lang=en-US',
];

/** CHROME_PATH, else the system's Chrome or Chromium, else the one inside @sparticuz/chromium. */
async function executable(): Promise<{ path: string; flags: readonly string[] }> {
  const wanted = process.env.CHROME_PATH;
  const path = wanted ?? SYSTEM.find((candidate) => existsSync(candidate));
  if (path !== undefined) return { path, flags: [] };
  const { default: packed } = await import('@sparticuz/chromium');
  // It comes without a zygote helper of its own.
  return { path: await packed.executablePath(), flags: ['--no-zygote'] };
}

/** Starts the browser; root may not use Chromium's sandbox. */
export async function launchBrowser(): Promise<Browser> {
  const { path, flags } = await executable();
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: path,
    args: [...FLAGS, ...flags, ...(isRoot ? ['--no-sandbox'] : [])],
    headless: true,
  });
}
