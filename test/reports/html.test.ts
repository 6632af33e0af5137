import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html, listed, raw, textOf, withoutLinks } from '../../reports/html.ts'

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

test('A list reads as a sentence does.', () => {
  const texts = [['a'], ['a', 'b'], ['a', 'b', 'c']].map((items) => html`${listed(items)}`.markup)
  assert.deepEqual(texts, ['a', 'a and b', 'a, b and c'])
})

test('What is read of markup is its text, whatever stands in it', () => {
  const name = `<b>&amp; "it's"</b>`
  assert.equal(textOf(html`A <a href="#${name}">link</a> to <strong>${name}</strong>.`), `A link to ${name}.`)
})

test('Markup without its links keeps all else, and stays escaped', () => {
  assert.equal(
    withoutLinks(html`<p class="x"><a href="#y">${'<a>'}</a> <abbr>z</abbr></p>`).markup,
    '<p class="x">&lt;a&gt; <abbr>z</abbr></p>',
  )
})
