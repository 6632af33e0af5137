import type { AnyNode } from 'acorn'
import { UserError } from '../../../errors.ts'
import { type Analysis, analyseScript } from './analysis.ts'
import { findDifferences } from './differences.ts'
import type { ProvidedModules } from './known.ts'
import type { Place } from './places.ts'
import { retiredModules } from './retired-modules.ts'

/** Something about a script that one of the two engines does not run, or runs otherwise. */
export interface Finding {
  /** Who is concerned: the embedded engine, or stock k6. */
  engine: 'weir' | 'k6'
  /** refused: it does not run there. differs: it runs, and maybe not as on the other. */
  kind: 'refused' | 'differs'
  /** null: the script as a whole. */
  place: Place | null
  what: string
  remedy: string
}

export interface ScriptCheck {
  findings: Finding[]
  /** Whether the embedded engine gets so far as to run the top level. */
  loads: boolean
  /** Where the script writes its options, by name: `thresholds`, `vus`, ... */
  optionPlaces: ReadonlyMap<string, Place>
}

/**
 * Reads a script, runs nothing of it, and finds all that keeps the embedded engine or stock k6 from running it as the
 * other does, in the order of the files.
 * @throws UserError (104) for a script that is not there
 */
export async function checkScript(path: string, provided: ProvidedModules): Promise<ScriptCheck> {
  let analysis: Analysis
  try {
    // Modules that there are not are found here, so that they do not hide the rest.
    analysis = await analyseScript(path, provided, () => true)
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === 104) throw error
    return { findings: error.message.split('\n').flatMap(ofMessage), loads: false, optionPlaces: new Map() }
  }
  const { refusals } = analysis
  const findings = [
    ...missingModules(analysis, provided),
    ...refusals.flatMap(({ node, what, remedy }) =>
      whoRefuses(what).map((engine) => finding(analysis, node, engine, 'refused', what, remedy)),
    ),
    ...findDifferences(analysis).map(({ node, engine, kind, what, remedy }) =>
      finding(analysis, node, engine, kind, what, remedy),
    ),
  ]
  const loads = refusals.length === 0 && [...analysis.linked.imports.keys()].every((module) => provided.has(module))
  return { findings: inOrder(findings), loads, optionPlaces: placesOfOptions(analysis) }
}

/** Of most refusals it says nothing what k6 does; of the rest their own text says that it refuses them too. */
const whoRefuses = (what: string): Finding['engine'][] => (what.includes('k6 refuses too') ? ['weir', 'k6'] : ['weir'])

function finding(
  { places, tree }: Analysis,
  node: AnyNode,
  engine: Finding['engine'],
  kind: Finding['kind'],
  what: string,
  remedy: string,
): Finding {
  return { engine, kind, place: places.ofOffset(tree.code, node.start), what, remedy }
}

/** `lib/a.js:3:7: what is wrong`, as the bundler tells it. */
function ofMessage(message: string): Finding[] {
  const [, file, line, column, what] = /^(.*?):(\d+):(\d+): (.*)$/.exec(message) ?? []
  const place = file === undefined ? null : { file, line: Number(line), column: Number(column) }
  const own: Finding = { engine: 'weir', kind: 'refused', place, what: what ?? message, remedy: 'mend it' }
  const isBroken = /does not parse|imported file/.test(message)
  return isBroken ? [own, { ...own, engine: 'k6' }] : [own]
}

const isExtension = (module: string): boolean => module.startsWith('k6/x/')

function missingModules(analysis: Analysis, provided: ProvidedModules): Finding[] {
  return [...importNodes(analysis)].flatMap(([module, node]) => {
    const found: Finding[] = []
    const retired = retiredModules.get(module)
    if (retired !== undefined)
      return (['weir', 'k6'] as const).map((engine) =>
        finding(analysis, node, engine, 'refused', `module "${module}": ${retired}`, 'take the import out, or import what took its place'),
      )
    if (!provided.has(module))
      found.push(
        finding(analysis, node, 'weir', 'refused', `module "${module}" is not provided`, 'run the script with "k6 run"'),
      )
    if (isExtension(module))
      found.push(
        finding(analysis, node, 'k6', 'refused', `stock k6 has no module "${module}"`, 'run it with weir, or with a k6 that was built with this extension'),
      )
    return found
  }) // biome-ignore format: messages whole
}

/** The first import or require() of each k6 module. */
function importNodes({ tree, linked, evaluation }: Analysis): Map<string, AnyNode> {
  const found = new Map<string, AnyNode>()
  const note = (module: unknown, node: AnyNode): void => {
    if (typeof module === 'string' && linked.imports.has(module) && !found.has(module)) found.set(module, node)
  }
  for (const node of tree.program.body) {
    if ('source' in node && node.source) note(node.source.value, node)
  }
  for (const { node } of evaluation.sites) {
    const [first] = node.type === 'CallExpression' ? node.arguments : []
    if (first?.type === 'Literal') note(first.value, node)
  }
  for (const module of linked.imports.keys()) if (!found.has(module)) found.set(module, tree.program)
  return found
}

/** Keys of `export const options = { ... }`. */
function placesOfOptions({ tree, places }: Analysis): Map<string, Place> {
  const found = new Map<string, Place>()
  for (const statement of tree.program.body) {
    if (statement.type !== 'VariableDeclaration') continue
    for (const { id, init } of statement.declarations) {
      if (id.type !== 'Identifier' || !/^options\d*$/.test(id.name) || init?.type !== 'ObjectExpression') continue
      for (const property of init.properties) {
        const place = places.ofOffset(tree.code, property.start)
        if (property.type === 'Property' && property.key.type === 'Identifier' && place)
          found.set(property.key.name, place)
      }
    }
  }
  return found
}

/** By file, line and column, each once; those without a place first. */
function inOrder(findings: Finding[]): Finding[] {
  const once = new Map(findings.map((each) => [JSON.stringify(each), each]))
  return [...once.values()].sort(
    (a, b) =>
      (a.place?.file ?? '').localeCompare(b.place?.file ?? '') ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0),
  )
}
