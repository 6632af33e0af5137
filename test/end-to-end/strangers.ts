import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfigInput } from '../../harness/config.ts'

/** What somebody has who uses weir for a server of their own: a folder with a server, k6 scripts and a config. */

const files = {
  // Answers everything after SLEEP_MS.
  'server.mjs': `
import { createServer } from 'node:http'
console.log('the server of a stranger starts')
createServer((request, response) => {
  setTimeout(() => response.end('{"ok":true}'), Number(process.env.SLEEP_MS ?? 5))
}).listen(Number(process.argv[2]), '127.0.0.1')
`,
  // Is ready at once, and is gone as soon as it has answered some requests.
  'dies-under-load.mjs': `
import { createServer } from 'node:http'
let left = 20
createServer((request, response) => {
  if (left-- > 0) return response.end('ok')
  console.error('the disk is full')
  process.exit(3)
}).listen(Number(process.argv[2]), '127.0.0.1')
`,
  'dies-at-once.mjs': `
console.log('reading the licence')
console.error('no licence was found')
process.exit(7)
`,
  'never-ready.mjs': `
import { createServer } from 'node:http'
createServer((request, response) => {
  response.statusCode = 503
  response.end()
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('waiting for a database'))
`,
  'stubborn.mjs': `
import { createServer } from 'node:http'
process.on('SIGTERM', () => {})
process.on('SIGINT', () => {})
createServer((request, response) => response.end('ok')).listen(Number(process.argv[2]), '127.0.0.1', () => {
  console.log('does as it likes')
})
`,
  'load.js': `
import http from 'k6/http'
import { check } from 'k6'
export const options = {
  vus: 2,
  duration: __ENV.DURATION || '1s',
  ext: { weir: { primary: 'http_req_duration p(50)' } },
}
export default function () {
  check(http.get(__ENV.BASE_URL + '/'), { 'status is 200': (response) => response.status === 200 })
}
`,
}

/** A new folder with the stranger's files; the caller removes it. */
export function strangersFolder(): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'weir-end-to-end-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** A variant that runs one of the stranger's programs. */
export const variantOf = (program: string, changes: object = {}) => ({
  command: ['node', program, '{port}'],
  ready: { http: '/' },
  ...changes,
})

/** A config for these variants, the first of which is the baseline, one scenario and a short campaign. */
export function campaignOf(variants: ConfigInput['variants'], blocks = 1): ConfigInput {
  const names = Object.keys(variants)
  return {
    variants,
    scenarios: { load: { script: 'load.js' } },
    campaigns: {
      main: { question: 'Whose server?', variants: names, baseline: names[0]!, scenarios: ['load'], blocks },
    },
  }
}

/** Writes `weir.config.mjs`; `extra` may hold what a typed config cannot. */
export function writeConfig(dir: string, config: object): string {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'weir.config.mjs')
  writeFileSync(file, `export default ${JSON.stringify(config, null, 2)}\n`)
  return file
}
