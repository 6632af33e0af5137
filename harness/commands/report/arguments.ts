import { statSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { type ReportFormatName, reportFormats } from '../../../reports/formats/table.ts'
import { UserError, unknownName } from '../../errors.ts'
import type { ParsedArguments } from '../arguments.ts'

/** What a command line asks for. */
export interface Asked {
  /** At least one, each once. */
  formats: ReportFormatName[]
  /** A file, a folder, `-` for what is printed, or nothing: then beside the run. */
  out: string | undefined
}

const names = Object.keys(reportFormats) as ReportFormatName[]

/** @throws UserError that names the option */
export function readAsked(parsed: ParsedArguments): Asked {
  const out = parsed.value('out')
  const asked = [...new Set(parsed.list('format'))]
  const unknown = asked.find((name) => !names.includes(name as ReportFormatName))
  if (unknown !== undefined) throw unknownName('format', unknown, names)
  const formats = asked.length > 0 ? (asked as ReportFormatName[]) : [formatOf(out)]
  assertOut(out, formats)
  return { formats, out }
}

/** What the ending of a file says; a page where it is none. */
function formatOf(out: string | undefined): ReportFormatName {
  if (out === undefined || out === '-' || isFolder(out)) return 'html'
  const ending = extname(out).slice(1)
  const format = names.find((name) => name === ending)
  if (format) return format
  throw new UserError(
    `option --out: "${out}" does not tell its format: expected a file that ends in .${names.join(', .')}, or --format beside it`,
  )
}

function assertOut(out: string | undefined, formats: readonly ReportFormatName[]): void {
  if (out === undefined || formats.length === 1) return
  const isFile = out === '-' || (statSync(out, { throwIfNoEntry: false })?.isFile() ?? false)
  if (isFile)
    throw new UserError(
      `option --out: expected a folder for ${formats.length} formats, found ${out === '-' ? '"-"' : `the file "${out}"`}`,
    )
}

const isFolder = (out: string): boolean =>
  /[/\\]$/.test(out) || (statSync(out, { throwIfNoEntry: false })?.isDirectory() ?? false)

/** Where each format goes. @param folder where reports go that nobody wants elsewhere */
export function pathsOf({ formats, out }: Asked, folder: string): { format: ReportFormatName; path: string }[] {
  if (out !== undefined && formats.length === 1 && !isFolder(out)) return [{ format: formats[0]!, path: resolve(out) }]
  const dir = out === undefined ? folder : resolve(out)
  return formats.map((format) => ({ format, path: join(dir, `report.${format}`) }))
}
