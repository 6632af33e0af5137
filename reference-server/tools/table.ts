import type { ToolName } from './declarations.ts'
import type { Tool } from './port.ts'

/** Where each tool is. Naming one here loads nothing; when it is loaded is decided by `toolLoading`. */
export const toolTable: Readonly<Record<ToolName, () => Promise<Tool>>> = {
  calculate: () => import('./implementations/calculate.ts'),
  'check-json': () => import('./implementations/check-json.ts'),
  'compare-texts': () => import('./implementations/compare-texts.ts'),
  compress: () => import('./implementations/compress.ts'),
  'convert-units': () => import('./implementations/convert-units.ts'),
  'count-words': () => import('./implementations/count-words.ts'),
  digest: () => import('./implementations/digest.ts'),
  encode: () => import('./implementations/encode.ts'),
  fetch: () => import('./implementations/fetch.ts'),
  outline: () => import('./implementations/outline.ts'),
  'pick-json': () => import('./implementations/pick-json.ts'),
  'read-csv': () => import('./implementations/read-csv.ts'),
  'time-in-zone': () => import('./implementations/time-in-zone.ts'),
}
