import { createHash } from 'node:crypto'
import { type Content, escapeHtml, type Html, html, raw } from '../html.ts'
import { type PageScript, pageAssets } from './bundle.ts'

/** What is different from page to page: a report needs nothing of it. */
export interface PageKind {
  script?: PageScript
  /** It may ask the server that it came from, and no other, for more. */
  asksItsServer?: boolean
}

/**
 * The HTML document round a page's content. Its content security policy allows this style and this script by their
 * hashes and nothing else: a page that opens from a disk must not be able to reach a network or run a record's text.
 *
 * @param title plain text; escaped here
 */
export async function pageDocument(
  title: string,
  body: Content,
  data: Content,
  { script: entry = 'main', asksItsServer = false }: PageKind = {},
): Promise<string> {
  const { style, script } = await pageAssets(entry)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policyFor(style, script, asksItsServer))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${raw(escapeHtml(title))}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
${withoutEndTags(html`${body}`)}
${data}
<script>${raw(script)}</script>
</body>
</html>
`
  return page.markup
}

/** HTML needs no end tag where the next cell or row begins, or the table ends; of a large page they are a thirtieth. */
const withoutEndTags = ({ markup }: Html): Html => raw(markup.replaceAll(/<\/(?:td|th|tr)>\s*/g, ''))

const policyFor = (style: string, script: string, asksItsServer: boolean): string =>
  escapeHtml(
    [
      `default-src 'none'`,
      `script-src '${hashOf(script)}'`,
      `style-src '${hashOf(style)}'`,
      'img-src data:',
      ...(asksItsServer ? [`connect-src 'self'`] : []),
      `base-uri 'none'`,
      `form-action 'none'`,
    ].join('; '),
  )

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`
