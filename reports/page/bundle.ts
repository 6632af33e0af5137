import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The style and script that stand in every page, minified. */
export interface PageAssets {
  style: string
  script: string
}

let cached: Promise<PageAssets> | undefined

/** Builds them once in a process: Chart.js and the page's own script become one file. */
export function pageAssets(): Promise<PageAssets> {
  cached ??= Promise.all([minifiedStyle(), bundledScript()]).then(([style, script]) => ({ style, script }))
  return cached
}

async function minifiedStyle(): Promise<string> {
  const entry = fileURLToPath(new URL('../assets/page.css', import.meta.url))
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, minify: true })
  return outputFiles[0]!.text.trim()
}

/** This file's own ending is the client's: `.ts` in the repository, `.js` where it was compiled. */
const clientEntry = new URL(import.meta.url.endsWith('.ts') ? './client/main.ts' : './client/main.js', import.meta.url)

async function bundledScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(clientEntry)],
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
