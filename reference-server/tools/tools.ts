import { logFailure } from '../errors.ts'
import { Problem } from '../gateway/problems.ts'
import type { ToolHost } from '../tool-host/port.ts'
import type { ToolLoading } from '../tool-loading/port.ts'
import type { WorkPool } from '../work-pool/port.ts'
import { isToolName, type ToolName, toolDeclarations } from './declarations.ts'
import { ToolFailure } from './failure.ts'
import type { ToolCall, Tools } from './port.ts'
import { readArguments } from './read-arguments.ts'

/** What the model is shown of a result; it pays for every character. */
const mostCharacters = 20_000

const cut = (text: string): string => {
  if (text.length <= mostCharacters) return text
  const note = `\n... (cut: ${text.length} characters in all)`
  return text.slice(0, mostCharacters - note.length) + note
}

/** What the tools are made from. */
export interface ToolParts {
  loading: ToolLoading
  work: WorkPool
  host: ToolHost
}

class GatewayTools implements Tools {
  readonly #parts: ToolParts
  #running = 0
  #calls = 0

  constructor(parts: ToolParts) {
    this.#parts = parts
  }

  get running(): number {
    return this.#running
  }

  get calls(): number {
    return this.#calls
  }

  get loaded(): number {
    return this.#parts.loading.loaded
  }

  get workPoolsMade(): number {
    return this.#parts.work.poolsMade
  }

  get hostConnectionsMade(): number {
    return this.#parts.host.connectionsMade
  }

  open(): Promise<void> {
    return this.#parts.loading.open(this.#parts.work)
  }

  has(name: string): boolean {
    return isToolName(name)
  }

  async run(call: ToolCall, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    this.#running += 1
    this.#calls += 1
    try {
      return cut(await this.#result(call, signal))
    } catch (error) {
      signal.throwIfAborted()
      return this.#failureText(call.name, error)
    } finally {
      this.#running -= 1
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#parts.work.close(), this.#parts.host.close()])
  }

  async #result({ name, arguments: text }: ToolCall, signal: AbortSignal): Promise<string> {
    if (!isToolName(name)) throw new ToolFailure(`there is no such tool; there are: ${names.join(', ')}`)
    const args = readArguments(name, text) as never
    const tool = await this.#parts.loading.load(name)
    signal.throwIfAborted()
    const { work, host } = this.#parts
    return await tool.run(args, { work, host, signal })
  }

  /** A Problem has been worded for strangers already; the details of anything else are the log's. */
  #failureText(name: string, error: unknown): string {
    const shown = name.slice(0, 100)
    if (error instanceof ToolFailure || error instanceof Problem) return `${shown}: ${error.message.slice(0, 1_000)}`
    logFailure(`tool ${shown} failed`, error)
    return `${shown}: the tool failed; do without it`
  }
}

const names: readonly ToolName[] = toolDeclarations.map(({ name }) => name as ToolName)

/** The gateway's tools; none is loaded and no connection or thread made before they are opened and called. */
export const createTools = (parts: ToolParts): Tools => new GatewayTools(parts)
