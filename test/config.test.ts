import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConfig } from '../harness/config.ts'

test('An unknown key is named with those that exist', () => {
  assert.throws(() => checkConfig({ variants: {}, scenarios: {}, campaigns: {}, variant: {} }, 'weir.config.ts'), {
    message:
      /^weir\.config\.ts: key "variant" does not exist\. It is one of: variants, services, scenarios, warmup, campaigns$/,
  })
})
