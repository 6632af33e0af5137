import { type Colours, colour, isWaiting } from './colour.ts'
import type { CallSite, Evaluation } from './evaluate.ts'
import { type Refusal, refusals } from './refuse.ts'
import type { Tree } from './syntax.ts'

export interface Choice {
  colours: Colours
  refusals: readonly Refusal[]
}

/**
 * Colours what is certain, then what is likely: a call `x.login()` on an object that nobody knows is awaited if some
 * waiting function is stored as `login`. Awaiting what is no promise does no harm, but the function around it becomes
 * async, so a guess is dropped that would have the script refused or a built-in get a promise for a value.
 */
export function chooseColours(tree: Tree, evaluation: Evaluation): Choice {
  let best = attempt(tree, evaluation, new Set())
  let guesses: ReadonlySet<CallSite> = new Set()
  for (;;) {
    const more = likely(evaluation, best.colours).filter((site) => !guesses.has(site))
    const next = extend(tree, evaluation, best, guesses, more)
    if (next.guesses.size === guesses.size) return best
    best = next.choice
    guesses = next.guesses
  }
}

function attempt(tree: Tree, evaluation: Evaluation, guesses: ReadonlySet<CallSite>): Choice {
  const colours = colour(tree, evaluation, guesses)
  return { colours, refusals: refusals(tree, evaluation, colours) }
}

const likely = (evaluation: Evaluation, colours: Colours): CallSite[] =>
  evaluation.sites.filter(
    ({ node, callee, receiver, method }) =>
      node.type === 'CallExpression' &&
      receiver !== null &&
      method !== null &&
      (callee.things.size === 0 || callee.isFull) &&
      [...evaluation.member(method).things].some((thing) => isWaiting(colours, thing)),
  )

/** Nothing more is refused, and no function became async that a built-in calls and does not wait for. */
const isHarmless = (evaluation: Evaluation, before: Choice, after: Choice): boolean =>
  after.refusals.length <= before.refusals.length &&
  [...after.colours.waiting].every((fn) => {
    const thing = evaluation.functions.get(fn)
    return before.colours.waiting.has(fn) || !thing || !evaluation.known.heldByLanguage.has(thing)
  })

interface Extension {
  choice: Choice
  guesses: ReadonlySet<CallSite>
}

/** All further guesses at once; if that has something refused, one by one. */
function extend(
  tree: Tree,
  evaluation: Evaluation,
  best: Choice,
  guesses: ReadonlySet<CallSite>,
  more: readonly CallSite[],
): Extension {
  const all = new Set([...guesses, ...more])
  const choice = attempt(tree, evaluation, all)
  if (isHarmless(evaluation, best, choice)) return { choice, guesses: all }
  let kept: Extension = { choice: best, guesses }
  for (const site of more) {
    const tried = new Set([...kept.guesses, site])
    const result = attempt(tree, evaluation, tried)
    if (isHarmless(evaluation, kept.choice, result)) kept = { choice: result, guesses: tried }
  }
  return kept
}
