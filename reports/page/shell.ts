import { createHash } from 'node:crypto'
import { type Content, escapeHtml, type Html, html, raw } from '../html.ts'
import { pageAssets } from './bundle.ts'

/**
 * The HTML document round a page's content. Its content security policy allows this style and this script by their
 * hashes and nothing else: a page that opens from a disk must not be able to reach a network or run a record's text.
 *
 * @param title plain text; escaped here
 */
export async function pageDocument(title: string, body: Content, data: Html): Promise<string> {
  const { style, script } = await pageAssets()
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policyFor(style, script))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
${body}
${data}
<script>${raw(script)}</script>
</body>
</html>
`
  return page.markup
}

const policyFor = (style: string, script: string): string =>
  escapeHtml(
    [
      `default-src 'none'`,
      `script-src '${hashOf(script)}'`,
      `style-src '${hashOf(style)}'`,
      'img-src data:',
      `base-uri 'none'`,
      `form-action 'none'`,
    ].join('; '),
  )

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`
