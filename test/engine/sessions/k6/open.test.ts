import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { conduct, runScript, scriptFiles } from './run-script.ts'

const attempt = `const attempt = (f) => { try { console.log(String(f())) } catch (e) { console.log(e.name + ': ' + e.message) } }`

describe('open()', () => {
  it('reads text as UTF-8 and, with mode b, the bytes', async (t) => {
    const { said } = await runScript(t, {
      'script.js': `const text = open('./data.txt'), bytes = open('data.txt', 'b')
      export default () => console.log([text, text.length, bytes instanceof ArrayBuffer, new Uint8Array(bytes)].join())`,
      'data.txt': 'é€',
    })
    assert.deepEqual(said, ['é€,2,true,195,169,226,130,172'])
  })

  it('gives each user bytes of its own, so that one does not see what another writes', async (t) => {
    const { said } = await runScript(t, {
      'script.js': `const bytes = new Uint8Array(open('data.txt', 'b'))
      export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 2 } } }
      export default () => { bytes[0]++; console.log(bytes[0]) }`,
      'data.txt': 'A',
    })
    assert.deepEqual(said, ['66', '66'])
  })

  it('is relative to the file that is being initialised, as in k6, not to the one that it is written in', async (t) => {
    const script = await scriptFiles(t, {
      'script.js': `import { text, opener } from './sub/module.js'
      ${attempt}
      console.log(text)
      attempt(() => opener('beside.txt'))
      attempt(() => opener('below.txt'))
      export default () => attempt(() => opener('beside.txt'))`,
      'beside.txt': 'beside',
    })
    const folder = join(dirname(script), 'sub')
    await mkdir(folder)
    await writeFile(join(folder, 'below.txt'), 'below')
    const source = `export const text = open('./below.txt')\nexport const opener = (path) => open(path)`
    await writeFile(join(folder, 'module.js'), source)
    const said: string[] = []
    await conduct({ script, env: {}, options: {} }, { log: (_, message) => said.push(message) })
    const missing = `GoError: stat ${join(dirname(script), 'below.txt')}: no such file or directory`
    assert.deepEqual(said.slice(0, 3), ['below', 'beside', missing])
    assert.match(said.at(-1)!, /^GoError: the "open" function is only available in the init stage/)
  })

  it('takes absolute paths and file URLs, and says what it cannot read', async (t) => {
    const { said } = await runScript(t, {
      'script.js': `${attempt}
      if (__VU === 0) for (const path of [import.meta.resolve('./data.txt'), '', undefined, '/', './none.txt']) attempt(() => open(path))
      export default () => {}`,
      'data.txt': 'here',
    })
    assert.deepEqual(said.slice(0, 4), [
      'here',
      "GoError: open() can't be used with an empty filename",
      "GoError: open() can't be used with an empty filename",
      `GoError: open() can't be used with directories, path: "/"`,
    ])
    assert.match(said[4]!, /^GoError: stat .*none\.txt: no such file or directory$/)
  })
})
