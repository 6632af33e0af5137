/**
 * Bytes as text in a quarter more of them, where base64 takes a third: four bytes are five digits of base 85, as in Ascii85. Its
 * digits are the characters from `#` to `w`, with `!` in place of `<`, so that no markup can be in it; a rest of one to three bytes
 * is as many digits and one.
 */
export function toBase85(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 4)
  const text = new Uint8Array((whole / 4) * 5 + (bytes.length > whole ? bytes.length - whole + 1 : 0))
  for (let from = 0, to = 0; from < bytes.length; from += 4, to += 5) {
    let number = 0
    for (let at = 0; at < 4; at++) number = number * 256 + (bytes[from + at] ?? 0)
    // Written past the end of a typed array, what is not needed of the last five is lost.
    for (let at = 4; at >= 0; at--) {
      text[to + at] = characterOf(number % 85)
      number = Math.floor(number / 85)
    }
  }
  return new TextDecoder().decode(text)
}

/** What `toBase85` was given. */
export function fromBase85(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 4) / 5))
  for (let from = 0, to = 0; from < text.length; from += 5, to += 4) {
    let number = 0
    // The digits that a rest lacks are taken for the largest: they round its last byte up to what it was.
    for (let at = 0; at < 5; at++)
      number = number * 85 + (from + at < text.length ? digitOf(text.charCodeAt(from + at)) : 84)
    for (let at = 3; at >= 0; at--) {
      bytes[to + at] = number % 256
      number = Math.floor(number / 256)
    }
  }
  return bytes
}

const [first, markup, instead] = ['#', '<', '!'].map((each) => each.charCodeAt(0)) as [number, number, number]

const characterOf = (digit: number): number => (digit + first === markup ? instead : digit + first)

const digitOf = (character: number): number => (character === instead ? markup : character) - first
