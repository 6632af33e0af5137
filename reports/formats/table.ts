import { csv } from './csv.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { md } from './markdown.ts'
import type { ReportFormat } from './port.ts'

/** By the name that asks for it, `--format md`, which is the ending of its files, too. */
export const reportFormats = { html, md, json, csv } satisfies Record<string, ReportFormat>

export type ReportFormatName = keyof typeof reportFormats
