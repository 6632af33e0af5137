import { resolve } from 'node:path'
import MagicString from 'magic-string'
import { type Bundle, bundleScript } from './bundle.ts'
import { chooseColours } from './choose.ts'
import type { Colours } from './colour.ts'
import { type Evaluation, evaluateModule } from './evaluate.ts'
import { Known, type ProvidedModules } from './known.ts'
import { type Linked, linkModule, type UnknownImport } from './link.ts'
import { SourcePlaces } from './places.ts'
import { type Refusal, refuseSyntax } from './refuse.ts'
import { type Names, resolveNames } from './scope.ts'
import { parseBundle, type Tree } from './syntax.ts'

/** All that is known of a script before any of it runs. */
export interface Analysis {
  /** Absolute path. */
  entry: string
  bundle: Bundle
  tree: Tree
  /** Places of the user's behind those of the bundle. */
  places: SourcePlaces
  names: Names
  /** The bundle's text, with imports and exports already replaced. */
  text: MagicString
  linked: Linked
  evaluation: Evaluation
  colours: Colours
  /** Everything that keeps the script from running, in no order. */
  refusals: readonly Refusal[]
}

/**
 * Reads a script with all it imports and finds out which calls wait.
 * @param isImportable which k6 modules may stand in imports; others are an error of the bundler's
 * @throws UserError for a script that is not there (104), does not parse or imports what there is not (107)
 */
export async function analyseScript(
  path: string,
  provided: ProvidedModules,
  isImportable = (module: string): boolean => provided.has(module),
): Promise<Analysis> {
  const entry = resolve(path)
  const bundle = await bundleScript(entry, provided, isImportable)
  const tree = parseBundle(bundle.code)
  const places = new SourcePlaces(bundle.map, entry)
  const text = new MagicString(bundle.code)
  const names = resolveNames(tree)
  const linked = linkModule(text, tree, names, provided)
  const evaluation = evaluateModule(tree, names, new Known(provided))
  const choice = chooseColours(tree, evaluation)
  const unknown = linked.unknownImports.filter(({ module }) => provided.has(module))
  const refusals = [...refuseSyntax(tree), ...unknown.map((each) => notExported(each, provided)), ...choice.refusals]
  return { entry, bundle, tree, places, names, text, linked, evaluation, colours: choice.colours, refusals }
}

const notExported = ({ node, module, name }: UnknownImport, provided: ProvidedModules): Refusal => ({
  node,
  what: `module "${module}" has no export "${name}" in weir (it has: ${[...(provided.get(module) ?? [])].join(', ')})`,
  remedy: 'check the name, or use "k6 run" for this script',
})
