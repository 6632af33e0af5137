import type { Dice } from './dice.ts'

/** No line of the gateway's log may begin with this: whoever can write lines into a log can make it say anything. */
export const logMark = 'INJECTED-LINE'

const control = String.fromCharCode(0, 1, 8, 27, 127)

/** Texts that have broken servers before. */
const texts: readonly string[] = [
  ...['', ' ', '0', 'null', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '..', '../../etc/passwd', '%00'],
  ...["'; DROP TABLE turns; --", "1' OR '1'='1", '$1', '{{7*7}}', `a\r\n${logMark}`, `a\nb\n${logMark} by a text`],
  ...['*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$1\r\ny\r\n', 'tool-results:*', 'app-b/secret', 'a/b', 'a:b', '*', 'interrupts'],
  ...['data: [DONE]\n\n', 'event: done\ndata: {}\n\n', '</script><script>', '\ufeff', '\u2028\u2029', 'e\u0301'],
  ...[`nul\0nul`, control, '\ud800', 'x\udc00y', '\ud83d', '\uffff', '🦑'.repeat(50), 'ﷺ', 'İ', '\u202egnirts'],
  ...['x'.repeat(127), 'x'.repeat(128), 'x'.repeat(129), 'x'.repeat(4_097), 'ä'.repeat(60_000), '"'.repeat(9_000)],
]

/** What a model's server can do wrong, none of which may take the gateway longer than its deadline. */
export const faults: readonly string[] = [
  ...['stub:status-500', 'stub:status-429', 'stub:malformed', 'stub:reset', 'stub:cut', 'stub:broken-sse', 'stub:hang'],
  ...['stub:hang-after-2', 'stub:knowledge-down', 'stub:no-such-word', 'stub:tool-nobody', 'stub:tool-fetch'],
  ...['stub:tool-calculate-{"expression":"((((("}', 'stub:tool-digest-{"__proto__":{}}', 'stub:tool-outline-[[[['],
]

/** JSON texts that are no number a turn can have, as they stand in a body. */
const numbers: readonly string[] = [
  ...['-1', '-0', '1.5', '1e999', '-1e999', '1e-400', '9007199254740992', '9'.repeat(400), '0x10', 'NaN', 'Infinity'],
  ...['00', '1e3', 'true', '"7"', '[7]', '{}', 'null'],
]

export const anyText = (dice: Dice): string => dice.oneOf(texts)

/** The text of a JSON value of any type, sometimes deep, sometimes long. */
export const anyJson = (dice: Dice, depth = 0): string => {
  const kind = dice.below(depth > 2 ? 4 : 8)
  if (kind === 0) return dice.oneOf(numbers)
  if (kind < 3) return JSON.stringify(anyText(dice))
  if (kind === 3) return dice.oneOf(['null', 'true', 'false', '0', '7', '""', '[]', '{}'])
  if (kind === 4) return nested(dice)
  const members = Array.from({ length: dice.below(4) }, () => anyJson(dice, depth + 1))
  if (kind === 5) return `[${members.join(',')}]`
  return `{${members.map((member) => `${JSON.stringify(anyText(dice))}:${member}`).join(',')}}`
}

const nested = (dice: Dice): string => {
  const [open, inner, close] = dice.oneOf([
    ['[', '', ']'],
    ['{"a":', '1', '}'],
    ['{"__proto__":', 'null', '}'],
  ] as const)
  const depth = dice.oneOf([10, 1_000, 5_000])
  return open.repeat(depth) + inner + close.repeat(depth)
}

/** A member of a body: mostly as it should be, so that what is wrong elsewhere gets to be seen. */
const member = (dice: Dice, good: () => string): string => (dice.chance(0.6) ? good() : anyJson(dice))

const content = (dice: Dice): string => JSON.stringify(dice.chance(0.4) ? dice.oneOf(faults) : anyText(dice))

const members: Readonly<Record<string, (dice: Dice) => string>> = {
  turn: (dice) => member(dice, () => `${dice.below(1_000)}`),
  content: (dice) => member(dice, () => content(dice)),
  stream: (dice) => member(dice, () => dice.oneOf(['true', 'false'])),
  device: (dice) => member(dice, () => JSON.stringify(anyText(dice).slice(0, 100) || 'd')),
  agent: (dice) => member(dice, () => JSON.stringify(anyText(dice).slice(0, 100) || 'a')),
  messages: (dice) => member(dice, () => `[{"role":"user","content":${content(dice)}}]`),
  id: (dice) => member(dice, () => JSON.stringify(anyText(dice))),
  type: (dice) => member(dice, () => dice.oneOf(['"turn"', '"turn"', '"interrupt"', '"tool_result"'])),
  __proto__sibling: (dice) => anyJson(dice),
}

/** The text of an object with these members, some of them twice, some missing, some that nobody asked for. */
export const anyObject = (dice: Dice, names: readonly string[]): string => {
  const wanted = names.filter(() => dice.chance(0.93))
  if (dice.chance(0.1) && wanted.length > 0) wanted.push(dice.oneOf(wanted))
  const written = wanted.map((name) => `"${name}":${members[name]!(dice)}`)
  if (dice.chance(0.1)) written.push(`"__proto__":${anyJson(dice)}`, `"constructor":{"prototype":${anyJson(dice)}}`)
  return `{${written.join(',')}}`
}

/** A body for a route that takes an object with these members; often broken. */
export const anyBody = (dice: Dice, names: readonly string[]): string => {
  const whole = anyObject(dice, names)
  const kind = dice.below(20)
  if (kind === 0) return whole.slice(0, dice.below(whole.length))
  if (kind === 1) return anyJson(dice)
  if (kind === 2) return `\ufeff${whole}`
  if (kind === 3) return `${whole}${whole}`
  if (kind === 4) return ' '.repeat(dice.oneOf([1, 70_000]))
  if (kind === 5) return 'x'.repeat(2_000_000)
  return whole
}
