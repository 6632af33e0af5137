import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LateValidators } from '../../../reference-server/gateway/late-validators.ts'

const schema = { type: 'object', required: ['turn'], properties: { turn: { type: 'integer' } } }

describe('Validators that are compiled late', () => {
  it('validate what comes before their turn, and keep the errors of the last value', () => {
    const validate = new LateValidators().build()({ schema })
    assert.equal(validate({ turn: 'one' }), false)
    assert.deepEqual(
      validate.errors?.map(({ instancePath, keyword }) => [instancePath, keyword]),
      [['/turn', 'type']],
    )
    assert.equal(validate({ turn: 1 }), true)
    assert.equal(validate.errors, null)
  })

  it('are compiled one at each turn of the event loop, in order', async () => {
    const compiled: string[] = []
    const watched = (name: string) => ({
      // Read when the schema is compiled, and not before.
      get type() {
        compiled.push(name)
        return 'object'
      },
    })
    const validators = new LateValidators()
    const build = validators.build()
    build({ schema: watched('first') })
    build({ schema: watched('second') })
    assert.deepEqual(compiled, [])
    validators.compileAll()
    assert.deepEqual([...new Set(compiled)], ['first'])
    await new Promise(setImmediate)
    assert.deepEqual([...new Set(compiled)], ['first', 'second'])
  })
})
