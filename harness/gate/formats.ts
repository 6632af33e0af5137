import { benchmarkJson } from './benchmark-json.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { comment, markdown } from './markdown.ts'
import type { Format } from './port.ts'

/** By the option that asks for it: `--junit FILE`. */
export const formats = {
  junit,
  markdown,
  comment,
  json,
  'benchmark-json': benchmarkJson,
} satisfies Record<string, Format>
