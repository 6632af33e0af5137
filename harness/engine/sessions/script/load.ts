import { pathToFileURL } from 'node:url'
import remapping from '@jridgewell/remapping'
import type { AnyNode } from 'acorn'
import type MagicString from 'magic-string'
import { UserError } from '../../../errors.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { analyseScript } from './analysis.ts'
import { copiesObjects } from './copies-objects.ts'
import type { ProvidedModules } from './known.ts'
import type { Linked } from './link.ts'
import { markFiles } from './mark-files.ts'
import { displayPath, displayPlace, isAddress, SourcePlaces } from './places.ts'
import { usesPromises } from './promise-use.ts'
import { Realm, type ScriptExports, type ScriptWorld } from './realm.ts'
import type { Refusal } from './refuse.ts'
import { helpersName, rewriteCalls } from './rewrite.ts'
import { describeThrown } from './stack.ts'
import { children, type Tree } from './syntax.ts'

export { closeBundler } from './bundle.ts'
export type { ProvidedModules } from './known.ts'
export { hideNode, type ScriptExports, type ScriptWorld } from './realm.ts'

/** What another thread needs to name the user's places in the code that runs; can be sent to it. */
export interface RunnableCode {
  filename: string
  code: string
  /** Of the user's files, as JSON. */
  map: string
}

/** A k6 script that was rewritten to run on an event loop: its blocking calls are awaited. */
export interface CompiledScript {
  /** Absolute path. */
  entry: string
  /** k6 modules that it imports, with the names it uses of each; `*` is the whole namespace. */
  imports: ReadonlyMap<string, readonly string[]>
  readonly runnable: RunnableCode
  /** The script works with promises itself: `async`, `await`, `then`, `Promise`. */
  readonly hasPromiseJobs: boolean
  /** The script may list or copy the fields of objects that it is given, or take their methods off. */
  readonly copiesObjects: boolean
  /** Names that it exports; of a script in CommonJS they are known after the first `instantiate`. */
  readonly exports: readonly string[]
  /**
   * Runs the module body (k6's init context) for one user and gives its exports. Takes microseconds; byte code is
   * shared. Functions that block in k6 give a promise. What the body throws comes through.
   */
  instantiate(world: ScriptWorld): ScriptExports
  /** What a script threw, with its stack in the user's own files; frames of the engine are left out. */
  describeError(error: unknown): string
}

/**
 * Reads a k6 script with all it imports. Throws UserError that names file, line, column and what to do: a script that
 * is not there (exit code 104); one that does not parse, imports what there is not, or makes a blocking call where an
 * event loop cannot wait (107).
 */
export async function compileScript(path: string, provided: ProvidedModules): Promise<CompiledScript> {
  const { entry, bundle, tree, places, text, linked, names, evaluation, colours, refusals } = await analyseScript(
    path,
    provided,
  )
  refuse(tree, places, entry, refusals)
  rewriteCalls(text, tree, evaluation, colours)
  replaceImportMeta(text, tree, places)
  markFiles(text, tree, names, places)
  return new Compiled(entry, linked, text, bundle.map, {
    hasPromiseJobs: usesPromises(tree, names),
    copiesObjects: copiesObjects(tree, names),
  })
}

type Habits = Pick<CompiledScript, 'hasPromiseJobs' | 'copiesObjects'>

class Compiled implements CompiledScript {
  readonly entry: string
  readonly imports: ReadonlyMap<string, readonly string[]>
  readonly hasPromiseJobs: boolean
  readonly copiesObjects: boolean
  #exports: readonly string[] | null
  readonly #realm: Realm
  readonly #map: string
  readonly #code: string
  #places: SourcePlaces | null = null

  constructor(entry: string, linked: Linked, text: MagicString, bundleMap: string, habits: Habits) {
    this.entry = entry
    this.hasPromiseJobs = habits.hasPromiseJobs
    this.copiesObjects = habits.copiesObjects
    this.imports = linked.imports
    this.#exports = linked.exports
    this.#code = text.toString()
    this.#realm = new Realm({ ...linked, filename: entry, code: this.#code })
    const own = text.generateMap({ hires: 'boundary', source: 'bundle' }).toString()
    this.#map = remapping([own, bundleMap], () => null).toString()
  }

  get exports(): readonly string[] {
    return this.#exports ?? []
  }

  instantiate(world: ScriptWorld): ScriptExports {
    const exports = this.#realm.instantiate(world)
    this.#exports ??= Object.keys(exports)
    return exports
  }

  get runnable(): RunnableCode {
    return { filename: this.entry, code: this.#code, map: this.#map }
  }

  describeError(error: unknown): string {
    this.#places ??= new SourcePlaces(this.#map, this.entry)
    return describeThrown(error, { filename: this.entry, code: this.#code, places: this.#places })
  }
}

function refuse(tree: Tree, places: SourcePlaces, entry: string, found: readonly Refusal[]): void {
  if (found.length === 0) return
  const lines = found.map(({ node, what, remedy }) => {
    const place = places.ofOffset(tree.code, node.start)
    return `${place ? displayPlace(place) : displayPath(entry)}: ${what}. What to do: ${remedy}.`
  })
  throw new UserError([...new Set(lines)].join('\n'), exitCodes.scriptException)
}

/** `import.meta` means the file it stands in, which the bundle has forgotten and its map has not. */
function replaceImportMeta(text: MagicString, tree: Tree, places: SourcePlaces): void {
  const visit = (node: AnyNode): void => {
    if (node.type === 'MetaProperty' && node.meta.name === 'import') {
      const file = places.ofOffset(tree.code, node.start)?.file
      if (file)
        text.update(
          node.start,
          node.end,
          `${helpersName}.meta(${JSON.stringify(isAddress(file) ? file : pathToFileURL(file).href)})`,
        )
    }
    for (const child of children(node)) visit(child)
  }
  visit(tree.program)
}
