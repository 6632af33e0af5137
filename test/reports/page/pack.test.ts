import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packed } from '../../../reports/page/pack.ts'
import { carriedBy } from '../../support/report-page.ts'

test('A packed value reads back as it was, and nothing in it can end its block.', async () => {
  const value = { name: '</script><!--<script>“ä”', list: [1, null, 0.1 + 0.2] }
  const { markup } = await packed('some-data', value)
  assert.match(markup, /^<script type="text\/plain" id="some-data">[!#-;=-w]+<\/script>$/)
  assert.deepEqual(carriedBy(markup, 'some-data'), value)
})

test('It is much smaller than its JSON.', async () => {
  const value = Array.from({ length: 2000 }, (_, at) => ({ metric: 'turn_duration', stat: 'p(50)', value: at }))
  assert.ok((await packed('some-data', value)).markup.length < JSON.stringify(value).length / 5)
})
