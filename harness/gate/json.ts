import type { Format } from './port.ts'

export const gateSchema = 'weir.gate/1'

/** All that the gate found. A change that old readers cannot take raises the number in the schema's name. */
export const json: Format = {
  purpose: 'everything as JSON',
  files: (result, file) => ({ [file]: `${JSON.stringify({ schema: gateSchema, ...result }, null, 2)}\n` }),
}
