import type { ValidateFunction } from 'ajv'
import { schemaCompiler } from '../json-schema.ts'
import { declarationOf } from '../tools/declarations.ts'
import { defaultDefinition } from './default-definition.ts'
import type { Agent, AgentDefinition, LoadDefinition, ToolDeclaration } from './port.ts'

/** Long before this, arguments are none that a model writes on purpose. */
const mostArgumentCharacters = 65_536

/**
 * An agent with a compiled validator for each of its tools. They are made by a compiler of the agent's own: a compiler
 * keeps every schema that it ever saw, so a shared one would outlive the agents that leave the cache.
 */
class ReadyAgent implements Agent {
  readonly name: string
  readonly prompt: string
  readonly tools: readonly ToolDeclaration[]
  readonly toolsJson: string
  // Optimised code would take twice as long to make, and this makes some for each agent that comes into the cache.
  readonly #compiler = schemaCompiler({ strict: false, meta: false, validateSchema: false, code: { optimize: false } })
  readonly #validators = new Map<string, ValidateFunction>()

  constructor({ name, prompt, tools }: AgentDefinition) {
    this.name = name
    this.prompt = prompt
    this.tools = tools.map(declarationOf)
    this.toolsJson = this.tools.length === 0 ? '' : JSON.stringify(this.tools.map(asFunction))
    for (const tool of this.tools) this.#validators.set(tool.name, this.#compiler.compile(tool.parameters))
  }

  wrongIn(tool: string, args: string): string | undefined {
    const validate = this.#validators.get(tool)
    if (!validate)
      return `there is no tool ${tool.slice(0, 100)}; there are: ${[...this.#validators.keys()].join(', ')}`
    if (args.length > mostArgumentCharacters) return `${tool}: the arguments are longer than 65,536 characters`
    try {
      if (validate(JSON.parse(args))) return undefined
    } catch (error) {
      return `${tool}: the arguments are not JSON: ${(error as Error).message}`
    }
    return `${tool}: ${this.#compiler.errorsText(validate.errors, { dataVar: 'arguments' })}`
  }
}

const asFunction = (declaration: ToolDeclaration) => ({ type: 'function', function: declaration })

/** Makes agents: as they are defined, or where they are not, of the default definition. */
export const agentMaker =
  (load: LoadDefinition) =>
  async (name: string): Promise<Agent> =>
    new ReadyAgent((await load(name)) ?? defaultDefinition(name))
