import type { AnyNode, CallExpression, ChainExpression, MemberExpression } from 'acorn'
import { helperOf } from './colour.ts'
import { helpersName, opening, type Rewriting } from './rewrite.ts'

type Link = CallExpression | MemberExpression

/**
 * Optional chains. A call at the end of its chain, or with no `?.` before it, is awaited where it stands:
 *
 *     (await a?.b())        (await a.b())?.c
 *
 * In the middle, awaiting would cut the chain in two, and the second half would run where the first has stopped. There
 * the chain is split at each `?.`, and the rest becomes a function that runs unless the value is null or undefined:
 *
 *     a?.b().c   ─►   (await optional(a, async ($) => (await $.b()).c))
 *
 * Puts in all opening texts of the chain. Gives the number of splits: the caller closes each with `))` at the end.
 */
export function openChain(at: Rewriting, chain: ChainExpression): number {
  const links = linksOf(chain)
  if (!needsSplit(at, links)) return 0
  const prefixes = new Map<Link | null, string>()
  const put = (anchor: Link | null, text: string): void =>
    void prefixes.set(anchor, (prefixes.get(anchor) ?? '') + text)
  links.forEach((link, index) => {
    const below = links.slice(index + 1).find((each) => each.optional) ?? null
    if (link.optional) put(below, `(await ${helpersName}.${callsMethod(link) ? 'optionalMethod' : 'optional'}(`)
    const site = at.waiting.get(link)
    if (!site) return
    at.opened.add(link)
    put(link.optional ? link : below, opening(at, site))
  })
  at.text.appendRight(chain.start, prefixes.get(null) ?? '')
  links.forEach((link, index) => void rewriteLink(at, link, links[index - 1], prefixes.get(link) ?? ''))
  return links.filter((link) => link.optional).length
}

/** From the end of the chain to its beginning. */
function linksOf(chain: ChainExpression): Link[] {
  const links: Link[] = []
  let node: AnyNode = chain.expression
  while (node.type === 'CallExpression' || node.type === 'MemberExpression') {
    links.push(node)
    node = node.type === 'CallExpression' ? node.callee : node.object
  }
  return links
}

const needsSplit = (at: Rewriting, links: readonly Link[]): boolean =>
  links.some((link, index) => {
    const site = at.waiting.get(link)
    const isAfterOptional = links.slice(index).some((each) => each.optional)
    return site !== undefined && isAfterOptional && (index > 0 || helperOf(at.colours, site) !== null)
  })

/** `a.b?.()`: the method must keep its `a`. */
const callsMethod = (link: Link): boolean =>
  link.type === 'CallExpression' && link.callee.type === 'MemberExpression' && link.optional === true

/** Replaces what stands between a link and what it is a link of. */
function rewriteLink(at: Rewriting, link: Link, above: Link | undefined, prefix: string): void {
  const name = `__weir_${link.end}`
  const split = link.optional ? `, async (${name}) => ${prefix}${name}` : ''
  const site = above && at.waiting.get(above)
  if (link.type === 'CallExpression') {
    if (split) at.text.update(link.callee.end, at.tree.code.indexOf('(', link.callee.end), split)
  } else if (site && above.type === 'CallExpression' && helperOf(at.colours, site))
    openHelperMember(at, above, `${split}, `)
  else if (above && callsMethod(above)) quoteMember(at, link, split)
  else if (split) at.text.update(link.object.end, link.property.start, link.computed ? `${split}[` : `${split}.`)
}

/** `list.map(f)` ─► `list, f)`: the helper's name stands before it. */
export function openHelperMember(at: Rewriting, call: CallExpression, between: string): void {
  const [first] = call.arguments
  if (call.callee.type === 'ParenthesizedExpression') at.text.remove(call.callee.start, call.callee.expression.start)
  const member = call.callee.type === 'ParenthesizedExpression' ? call.callee.expression : call.callee
  if (member.type === 'MemberExpression' && first) at.text.update(member.object.end, first.start, between)
}

/** `a.b` ─► `a, "b"`. */
function quoteMember(at: Rewriting, link: MemberExpression, split: string): void {
  at.text.update(link.object.end, link.property.start, `${split}, `)
  if (link.computed) at.text.remove(link.property.end, link.end)
  else at.text.update(link.property.start, link.property.end, `"${(link.property as { name: string }).name}"`)
}
