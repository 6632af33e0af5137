/** Rows as RFC 4180 has them: commas, lines that end with CR LF. A number that is none leaves its field empty. */
export const csvText = (rows: readonly (readonly (string | number)[])[]): string => rows.map(lineOf).join('')

const lineOf = (row: readonly (string | number)[]): string => `${row.map(fieldOf).join(',')}\r\n`

const fieldOf = (value: string | number): string =>
  typeof value === 'number' ? (Number.isFinite(value) ? String(value) : '') : quoted(harmless(value))

/** Between quotes where it must be, quotes in it doubled. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * A spreadsheet takes a cell that begins like this for a formula, also between quotes; behind an apostrophe it is text
 * (OWASP, "CSV Injection").
 */
const harmless = (text: string): string => (/^\s*[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text)
