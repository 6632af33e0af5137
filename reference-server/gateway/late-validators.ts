import type { Ajv, AnySchema, ValidateFunction } from 'ajv'
import { schemaCompiler } from '../json-schema.ts'

/**
 * Validators of what clients send, compiled once the gateway listens instead of before: that would be a tenth of its
 * start. A request that comes before its validator is there compiles it itself.
 */
export class LateValidators {
  #compiler: Ajv | undefined
  readonly #waiting: (() => ValidateFunction)[] = []

  /** For Fastify's `schemaController.compilersFactory.buildValidator`. */
  readonly build = () => (route: unknown) => this.#late((route as { schema: AnySchema }).schema)

  /** One at each turn of the event loop, so that whoever calls meanwhile waits for one at the most. */
  compileAll(): void {
    const compile = this.#waiting.shift()
    if (!compile) return
    compile()
    setImmediate(() => this.compileAll())
  }

  #late(schema: AnySchema): ValidateFunction {
    let made: ValidateFunction | undefined
    const compile = (): ValidateFunction => {
      made ??= this.#compilerOfAll().compile(schema)
      return made
    }
    this.#waiting.push(compile)
    // Fastify reads the errors of the last call from the function that it was given.
    const validate = ((value: unknown) => {
      const isRight = compile()(value)
      validate.errors = made?.errors ?? null
      return isRight
    }) as ValidateFunction
    return validate
  }

  #compilerOfAll(): Ajv {
    this.#compiler ??= schemaCompiler({ coerceTypes: false, removeAdditional: false, useDefaults: true })
    return this.#compiler
  }
}
