import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The style and script that stand in every page, minified. */
export interface PageAssets {
  style: string
  script: string
}

/**
 * The scripts that pages run, each an entry of its own in `client/`: a report's, that of the page of what is measured now,
 * and that of a profile.
 */
export type PageScript = 'main' | 'live' | 'flame'

const cached = new Map<PageScript, Promise<PageAssets>>()

/** Builds them once in a process: Chart.js and the page's own script become one file. */
export function pageAssets(entry: PageScript): Promise<PageAssets> {
  const known = cached.get(entry)
  if (known) return known
  const built = Promise.all([minifiedStyle(), bundledScript(entry)]).then(([style, script]) => ({ style, script }))
  cached.set(entry, built)
  return built
}

async function minifiedStyle(): Promise<string> {
  const entry = fileURLToPath(new URL('../assets/page.css', import.meta.url))
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, minify: true })
  return outputFiles[0]!.text.trim()
}

/** This file's own ending is the client's: `.ts` in the repository, `.js` where it was compiled. */
const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

async function bundledScript(entry: PageScript): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`./client/${entry}.${ending}`, import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'inline',
    // An end tag in a string of the script would end the script element.
    supported: { 'inline-script': false },
  })
  return outputFiles[0]!.text.trim()
}
