import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { type Browser, chromium } from 'playwright-core'

/** Debian's Chromium, or what CHROMIUM names. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why there is no browser to test with; null where there is one. */
export const chromiumMissing = (): string | null =>
  existsSync(executablePath) ? null : `no Chromium at ${executablePath}: install it, or name it in CHROMIUM`

/**
 * A Chromium that does not phone home. The caller closes it.
 *
 * @throws Error where it is not installed
 */
export async function launchChromium(): Promise<Browser> {
  const missing = chromiumMissing()
  if (missing) throw new Error(missing)
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

/**
 * A browser for one test, closed when the test ends; null where none is installed: then the test is marked as skipped
 * and says why, or fails where WEIR_REQUIRE_ALL=1 wants every test run.
 */
export async function chromiumFor(test: TestContext): Promise<Browser | null> {
  const missing = chromiumMissing()
  if (missing && process.env.WEIR_REQUIRE_ALL !== '1') {
    console.warn(`SKIPPED "${test.name}": ${missing}`)
    test.skip(missing)
    return null
  }
  const browser = await launchChromium()
  test.after(() => browser.close())
  return browser
}
