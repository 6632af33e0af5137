import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuildFailure, build, type Message, type OnResolveResult, type Plugin, stop } from 'esbuild'
import { messageOf, UserError } from '../../../errors.ts'
import { exitCodes } from '../../../exit-codes.ts'
import type { ProvidedModules } from './known.ts'
import { displayPath, sourceFile } from './places.ts'
import { fetchModule } from './remote-modules.ts'
import { retiredModules } from './retired-modules.ts'

export interface Bundle {
  /** One ES module: imports of k6 modules at any place, one export list. */
  code: string
  /** Version 3, as JSON; sources relative to the folder of the entry. */
  map: string
}

/**
 * Joins a script and the files it imports into one module, without types. Throws UserError for a script that is not
 * there (104), does not parse or imports what there is not (107, as k6).
 */
export async function bundleScript(
  entry: string,
  provided: ProvidedModules,
  isImportable: (module: string) => boolean,
): Promise<Bundle> {
  if (!existsSync(entry)) throw new UserError(`script ${displayPath(entry)} does not exist. Check the path.`)
  const outfile = join(dirname(entry), 'weir-bundle.js')
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      outfile,
      absWorkingDir: dirname(entry),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'esnext',
      charset: 'utf8',
      legalComments: 'none',
      sourcemap: 'external',
      // As in k6, a tsconfig.json near the script plays no part.
      tsconfigRaw: '{}',
      logLevel: 'silent',
      plugins: [k6Imports(provided, isImportable)],
    })
    const text = (suffix: string): string => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? ''
    return { code: text('.js'), map: text('.js.map') }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    throw new UserError(error.errors.map((message) => describe(message, entry)).join('\n'), exitCodes.scriptException)
  }
}

/** Ends the helper process that esbuild keeps for further bundles; a later bundle starts a new one. */
export const closeBundler = (): Promise<void> => stop()

const isBuildFailure = (error: unknown): error is BuildFailure => Array.isArray((error as Partial<BuildFailure>).errors)

/** Where modules from the network live for esbuild: with this name, its source maps hold whole addresses. */
const remote = 'https'

const remoteRemedy = 'Check the address, or save the module beside the script and import the file'

/** Marks a look-up that is esbuild's own. */
const asUsual = {}

/** Leaves k6 modules to the engine, and fetches what stands at addresses; files and packages are esbuild's. */
const k6Imports = (provided: ProvidedModules, isImportable: (module: string) => boolean): Plugin => ({
  name: 'k6-imports',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^k6(\/|$)/ }, ({ path }) =>
      isImportable(path) ? { path, external: true } : { errors: [{ text: notProvided(path, provided) }] },
    )
    onResolve({ filter: /.*/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === asUsual) return null
      const url = addressOf(path, from)
      if (url !== null) return locate(url)
      // Found by esbuild, told by us: so the "type" of a package.json, which k6 does not ask, has no say in what is CommonJS.
      const { path: file, errors, external, namespace } = await resolve(path, { ...from, pluginData: asUsual })
      return { path: file, errors, external, namespace }
    })
    onLoad({ filter: /.*/, namespace: remote }, async ({ path }) => {
      const url = `${remote}:${path}`
      try {
        return { contents: await fetchModule(url), loader: url.endsWith('.ts') ? 'ts' : 'js' }
      } catch (error) {
        return {
          errors: [{ text: `import of "${url}": it could not be retrieved: ${messageOf(error)}. ${remoteRemedy}` }],
        }
      }
    })
  },
})

/** What an import means on the network, or null for one that does not. */
function addressOf(path: string, from: { importer: string; namespace: string }): URL | null {
  if (/^https?:/.test(path)) return URL.parse(path)
  if (from.namespace !== remote || !/^(\.?\.?\/)/.test(path)) return null
  return new URL(path, `${remote}:${from.importer}`)
}

function locate(url: URL): OnResolveResult {
  if (url.protocol === 'https:') return { path: url.href.slice(`${remote}:`.length), namespace: remote }
  const text = `import of "${url.href}": only supported schemes for imports are file and https`
  return { errors: [{ text }] }
}

const notProvided = (path: string, provided: ProvidedModules): string =>
  retiredModules.get(path) ??
  `module "${path}" is not one that weir has (it has: ${[...provided.keys()].join(', ')}). Use "k6 run" for this script`

/** `login.ts:3:7: what is wrong`; esbuild counts columns from 0. */
function describe({ text, location }: Message, entry: string): string {
  const place = location
    ? `${displayPath(sourceFile(dirname(entry), location.file))}:${location.line}:${location.column + 1}`
    : displayPath(entry)
  return `${place}: ${inOurWords(text)}`
}

function inOurWords(text: string): string {
  if ([...retiredModules.values()].includes(text)) return text
  const missing = /^Could not resolve "(.*)"$/.exec(text)?.[1]
  if (missing === undefined)
    return `the script does not parse: ${text}`.replace(/^the script does not parse: ((?:module|import) )/, '$1')
  if (/^[./]/.test(missing)) return `the imported file "${missing}" does not exist. Check the path`
  return `module "${missing}" is neither a k6 module nor a file. k6 scripts import "k6/...", "./file.js" or "../file.js"; save the module beside the script and import the file`
}
