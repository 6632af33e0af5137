import { shareInWords } from '../../profile/words.ts'
import { element, page } from './flame-browser.ts'
import { type FlameData, flameDataId } from './flame-data.ts'
import { FlameView } from './flame-view.ts'
import { FunctionRows } from './function-rows.ts'
import { unpack } from './unpack.ts'

/** The script of a profile's page: draws the flame, zooms, searches, sorts the table. */

async function showFlame(): Promise<void> {
  const data = await unpack<FlameData>(flameDataId)
  const flame = new FlameView(data ?? { functions: [], frames: [] })
  const input = element('flame-search')
  const search = (text: string): void => {
    input.value = text
    element('flame-found').textContent = foundInWords(text, flame.search(text))
    rows.show(text)
  }
  const rows = new FunctionRows(search)
  input.addEventListener('input', () => search(input.value))
  element('flame-reset').addEventListener('click', () => {
    search('')
    flame.zoom(0)
  })
  page.addEventListener('resize', () => flame.draw())
  flame.draw()
}

function foundInWords(text: string, { functions, share }: ReturnType<FlameView['search']>): string {
  if (text.trim() === '') return ''
  const what = functions === 1 ? '1 function' : `${functions} functions`
  return `${what}, ${shareInWords(share)} of the work with what they call`
}

void showFlame()
