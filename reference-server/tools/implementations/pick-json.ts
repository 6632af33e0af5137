import { ToolFailure } from '../failure.ts'

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new ToolFailure(`the value is not JSON: ${(error as Error).message}`)
  }
}

/** The steps of a pointer, as RFC 6901 escapes them. */
const stepsOf = (pointer: string): string[] => {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new ToolFailure('a JSON pointer is empty or begins with /')
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

const childOf = (value: unknown, step: string): unknown => {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(step) ? value[Number(step)] : undefined
  const isObject = typeof value === 'object' && value !== null
  return isObject && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined
}

export const run = ({ json, pointer }: { json: string; pointer: string }): string => {
  let value = parse(json)
  for (const step of stepsOf(pointer)) {
    value = childOf(value, step)
    if (value === undefined) throw new ToolFailure(`there is nothing at ${pointer}: "${step}" leads nowhere`)
  }
  return JSON.stringify(value)
}
