import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterClick, fragmentOf, pairOfFragment } from '../../../../reports/page/client/chosen-pair.ts'

test('The first click chooses A, the next ones B, and a click on one that is chosen lets it go.', () => {
  const clicks = ['a', 'b', 'c', 'a', 'd']
  const after = clicks.map((_, at) => clicks.slice(0, at + 1).reduce<readonly string[]>(afterClick, []))
  assert.deepEqual(after, [['a'], ['a', 'b'], ['a', 'c'], ['c'], ['c', 'd']])
})

test('What was chosen reads back from the address, whatever the names are.', () => {
  const names = ['<script>&with=x', 'b b', '100%+#']
  for (const chosen of [[names[0]!], [names[0]!, names[1]!], [names[2]!, names[0]!]]) {
    assert.deepEqual(pairOfFragment(fragmentOf(chosen), names), chosen)
  }
})

test('An address that names none, an unknown one or the same twice chooses nothing.', () => {
  for (const fragment of ['', '#figures', '#compare=', '#compare=x', '#compare=a&with=x', '#compare=a&with=a']) {
    assert.equal(pairOfFragment(fragment, ['a', 'b']), null)
  }
})
