import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Html } from '../../../reports/html.ts'
import { intervalPicture, pictureDomain } from '../../../reports/sections/interval-picture.ts'

const slower = { estimate: 0.12, lower: 0.1, upper: 0.14 }
const gone = { estimate: -1, lower: -1, upper: -1 }

const markupOf = (...asked: Parameters<typeof intervalPicture>): string => (intervalPicture(...asked) as Html).markup

test('What went to nothing lies at the edge of its picture, and moves nothing in others of its column', () => {
  const domain = pictureDomain([slower, gone])
  assert.equal(domain, pictureDomain([slower]))
  assert.equal(markupOf(slower, domain), markupOf(slower, pictureDomain([slower])))
  const text = markupOf(gone, domain)
  assert.match(text, /cx="8\.0"/)
  assert.doesNotMatch(text, /NaN|Infinity/)
})
