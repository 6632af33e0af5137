/** Colours of the summary, k6's. */
export interface Paint {
  bold(text: string): string
  good(text: string): string
  bad(text: string): string
  white(text: string): string
  faint(text: string): string
  value(text: string): string
  faintValue(text: string): string
}

const plain = (text: string): string => text
const code = (codes: string) => (text: string) => `\x1b[${codes}m${text}\x1b[0m`

/** For files and pipes. */
export const noColours: Paint = {
  bold: plain,
  good: plain,
  bad: plain,
  white: plain,
  faint: plain,
  value: plain,
  faintValue: plain,
}

/** For terminals. */
export const colours: Paint = {
  bold: code('1'),
  good: code('32'),
  bad: code('31'),
  white: code('37'),
  faint: code('2;37'),
  value: code('36'),
  faintValue: code('2;36'),
}
