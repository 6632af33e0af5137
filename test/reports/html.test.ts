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

test('Text from right to left is kept apart from what stands beside it, but not in attributes', () => {
  const name = 'שלום & مرحبا'
  assert.equal(
    html`<a title="Choose ${name} or ${'b'}, ${name}" data-name="${name}"><b>${[name, ' b']}</b> (+18%)</a>`.markup,
    '<a title="Choose שלום &amp; مرحبا or b, שלום &amp; مرحبا" data-name="שלום &amp; مرحبا"><b><bdi>שלום &amp; مرحبا</bdi> b</b> (+18%)</a>',
  )
  assert.equal(html`<p${html` data-name="${name}"`}>`.markup, '<p data-name="שלום &amp; مرحبا">')
})

test('So is a text that turns an order by a character of its own, and no other', () => {
  assert.equal(html`${'a\u202eb'}`.markup, '<bdi>a\u202eb</bdi>')
  assert.equal(html`${'naïve − “日本” 43.1 µs'}`.markup, 'naïve − “日本” 43.1 µs')
})
