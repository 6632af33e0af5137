import assert from 'node:assert/strict'
import { test } from 'node:test'
import { embeddedJson, html, listed, raw } from '../../reports/html.ts'

test('Text put into a template is escaped, markup made by a template is not.', () => {
  const inner = html`<b>${'a & b'}</b>`
  assert.equal(
    html`<p title="${'"><script>'}">${inner}</p>`.markup,
    '<p title="&quot;&gt;&lt;script&gt;"><b>a &amp; b</b></p>',
  )
})

test('An object of a record that looks like markup is not taken for markup.', () => {
  const disguised = JSON.parse('{"markup":"<script>"}')
  assert.throws(() => html`${disguised}`)
})

test('Null, undefined and false leave nothing, zero is shown.', () => {
  assert.equal(html`${null}${undefined}${false}${0}`.markup, '0')
})

test('Raw markup goes through as it is.', () => {
  assert.equal(html`<style>${raw('a > b {}')}</style>`.markup, '<style>a > b {}</style>')
})

test('Embedded JSON holds no "<", and reads back as it was.', () => {
  const value = { name: '</script><!--<script>', list: [1, null] }
  const { markup } = embeddedJson(value)
  assert.ok(!markup.includes('<'))
  assert.deepEqual(JSON.parse(markup), value)
})

test('A list reads as a sentence does.', () => {
  const texts = [['a'], ['a', 'b'], ['a', 'b', 'c']].map((items) => html`${listed(items)}`.markup)
  assert.deepEqual(texts, ['a', 'a and b', 'a, b and c'])
})
