import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookOf } from '../../../../reports/page/client/variant-look.ts'

test('No two of 32 variants look alike, and those of one colour differ in marker and dash.', () => {
  const looks = Array.from({ length: 32 }, (_, variant) => lookOf(variant))
  assert.equal(new Set(looks.map((look) => JSON.stringify(look))).size, 32)
  for (const [at, look] of looks.entries()) {
    for (const other of looks.slice(at + 1).filter(({ colour }) => colour === look.colour)) {
      assert.notEqual(other.marker, look.marker)
      assert.notDeepEqual(other.dash, look.dash)
    }
  }
})
