import type { ToolDeclaration } from '../agent-cache/port.ts'

/** The parameters of a tool, none of which it can do without unless `optional` names it. */
const object = (properties: Record<string, object>, optional: readonly string[] = []): Record<string, unknown> => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})

const text = (maxLength: number, more: object = {}) => ({ type: 'string', maxLength, ...more })

const oneOf = (...names: string[]) => ({ enum: names })

/**
 * What models are told of the gateway's own tools, and the only place that says what their arguments may be: sizes,
 * depths and counts are bounded here because models pass on what strangers wrote. It loads no tool.
 */
const declared = {
  calculate: {
    description: 'Works out an arithmetic expression with + - * / % ^, parentheses and numbers.',
    parameters: object({ expression: text(1_000, { minLength: 1 }) }),
  },
  'check-json': {
    description: 'Checks a JSON value, given as text, against a JSON schema and says where it does not fit.',
    parameters: object({ json: text(20_000), schema: { type: 'object' } }),
  },
  'compare-texts': {
    description: 'Shows the lines in which a text differs from another, as lines with + and -.',
    parameters: object({ before: text(20_000), after: text(20_000) }),
  },
  compress: {
    description: 'Says how small a text becomes with gzip and with brotli.',
    parameters: object({ text: text(20_000) }),
  },
  'convert-units': {
    description: 'Converts a number between units of length, mass, volume, time, data or temperature.',
    parameters: object({ value: { type: 'number' }, from: text(20), to: text(20) }),
  },
  'count-words': {
    description: 'Counts the characters, words and sentences of a text and names its most frequent words.',
    parameters: object({ text: text(10_000), language: text(35) }, ['language']),
  },
  digest: {
    description: 'Derives a key of 32 bytes from a text with PBKDF2 (SHA-256) and gives it in hexadecimal.',
    parameters: object(
      { text: text(10_000), salt: text(1_000), iterations: { type: 'integer', minimum: 1, maximum: 1_000_000 } },
      ['salt'],
    ),
  },
  encode: {
    description: 'Encodes a text as base64, base64url, hex or url, or decodes it from that.',
    parameters: object({
      text: text(20_000),
      as: oneOf('base64', 'base64url', 'hex', 'url'),
      direction: oneOf('encode', 'decode'),
    }),
  },
  fetch: {
    description: 'Asks a service of the tool host by name, with GET or, where there is a body, POST.',
    parameters: object(
      {
        name: text(64, { pattern: '^[a-z0-9][a-z0-9-]*$' }),
        query: { type: 'object', maxProperties: 20, additionalProperties: text(1_000) },
        body: { type: 'object' },
      },
      ['query', 'body'],
    ),
  },
  outline: {
    description: 'Lists the functions, classes and methods of a piece of TypeScript or JavaScript with their lines.',
    parameters: object({ source: text(20_000) }),
  },
  'pick-json': {
    description: 'Gives the value at a JSON pointer, such as /items/0/name, in a JSON value given as text.',
    parameters: object({ json: text(40_000), pointer: text(1_000) }),
  },
  'read-csv': {
    description: 'Turns comma-separated values with a header into a list of JSON objects.',
    parameters: object({ csv: text(20_000), separator: oneOf(',', ';', '\t') }, ['separator']),
  },
  'time-in-zone': {
    description: 'Gives the date and time in a time zone such as Europe/Vienna; now, or at an ISO 8601 time.',
    parameters: object({ zone: text(64), at: text(40) }, ['at']),
  },
} satisfies Record<string, Omit<ToolDeclaration, 'name'>>

/** The names of the gateway's own tools. */
export type ToolName = keyof typeof declared

export const isToolName = (name: string): name is ToolName => Object.hasOwn(declared, name)

export const toolDeclarations: readonly ToolDeclaration[] = Object.entries(declared).map(([name, rest]) => ({
  name,
  ...rest,
}))

/** JSON schema of a tool's arguments. */
export const parametersOf = (name: ToolName): Record<string, unknown> => declared[name].parameters

/** Of a tool that clients run, the gateway knows no more than the name: its arguments are any object. */
export const declarationOf = (name: string): ToolDeclaration =>
  isToolName(name)
    ? { name, ...declared[name] }
    : { name, description: 'A tool of the client.', parameters: { type: 'object' } }
