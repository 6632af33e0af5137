import { hash } from 'node:crypto'

/** What a round reads and writes: some 200 bytes, as an API would exchange them. */
const document = JSON.stringify({
  id: 0,
  user: 'larch',
  tags: ['oak', 'elm', 'ash'],
  previous: '0'.repeat(40),
  items: [
    { name: 'first', price: 2.5 },
    { name: 'second', price: 3.75 },
  ],
})

/**
 * Rounds of real work, some 2.5 microseconds each: parse a document, hash it, write it with the hash in it. Each round
 * takes what the one before it wrote, so that none can be left out.
 *
 * @returns the last document, of the same length for any number of rounds
 */
export function work(rounds: number): string {
  let text = document
  for (let round = 0; round < rounds; round++) {
    const read = JSON.parse(text)
    read.previous = hash('sha1', text)
    text = JSON.stringify(read)
  }
  return text
}
