/**
 * The paths of `response.json(path)` in k6, which are gjson's: `a.b.0`, `list.#`, `list.#.name`, `list.#(age>40).name`,
 * `list.#(age>40)#.name`, wildcards in keys, `\.` for a dot, `|` as a dot that ends a list, and the modifiers @this,
 * @reverse, @keys, @values, @flatten, @join, @valid, @pretty, @ugly; `{a,b}` and `[a,b]` gather several.
 */

/** What a path finds; undefined for nothing. */
export function select(value: unknown, path: string): unknown {
  if (path === '') return undefined
  if (path.startsWith('@')) return modify(value, path)
  if (path.startsWith('{') || path.startsWith('[')) return gather(value, path)
  if (Array.isArray(value)) return selectInList(value, path)
  if (typeof value === 'object' && value !== null) return selectInObject(value as Record<string, unknown>, path)
  return undefined
}

/** One step of a path: up to a dot or a bar, outside of brackets and quotes. */
function firstStep(path: string): { step: string; rest: string | null; isPiped: boolean } {
  let depth = 0
  let isQuoted = false
  for (let at = 0; at < path.length; at++) {
    const char = path[at]!
    if (char === '\\') at++
    else if (char === '"' && depth > 0) isQuoted = !isQuoted
    else if (isQuoted) continue
    else if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
    else if (depth <= 0 && (char === '.' || char === '|'))
      return { step: path.slice(0, at), rest: path.slice(at + 1), isPiped: char === '|' }
  }
  return { step: path, rest: null, isPiped: false }
}

const go = (value: unknown, rest: string | null): unknown =>
  rest === null || value === undefined ? value : select(value, rest)

function selectInObject(object: Record<string, unknown>, path: string): unknown {
  const { step, rest } = firstStep(path)
  const isPattern = /(^|[^\\])[*?]/.test(step)
  const name = step.replace(/\\(.)/gs, '$1')
  if (!isPattern) return Object.hasOwn(object, name) ? go(object[name], rest) : undefined
  const key = Object.keys(object).find((one) => matchesPattern(one, step))
  return key === undefined ? undefined : go(object[key], rest)
}

function selectInList(list: unknown[], path: string): unknown {
  const { step, rest, isPiped } = firstStep(path)
  if (step === '#') return rest === null || isPiped ? go(list.length, rest) : ofEach(list, rest)
  if (step.startsWith('#(') || step.startsWith('#[')) return selectByQuery(list, step, rest, isPiped)
  return /^\d+$/.test(step) ? go(list[Number(step)], rest) : undefined
}

/** What `#.rest` finds in each element; a bar in it works on the whole list. */
function ofEach(list: unknown[], path: string): unknown {
  const [each, after] = splitAtBar(path)
  const found = list.map((item) => select(item, each)).filter((item) => item !== undefined)
  return go(found, after)
}

function splitAtBar(path: string): [each: string, after: string | null] {
  let at = 0
  for (let part: string | null = path; part !== null; ) {
    const { step, rest, isPiped } = firstStep(part)
    if (isPiped) return [path.slice(0, at + step.length), rest]
    at += step.length + 1
    part = rest
  }
  return [path, null]
}

function selectByQuery(list: unknown[], step: string, rest: string | null, isPiped: boolean): unknown {
  const wantsAll = step.endsWith('#')
  const query = readQuery(step.slice(2, wantsAll ? -2 : -1))
  if (!wantsAll)
    return go(
      list.find((item) => fits(item, query)),
      rest,
    )
  const found = list.filter((item) => fits(item, query))
  return rest === null || isPiped ? go(found, rest) : ofEach(found, rest)
}

interface Query {
  path: string
  operator: string
  wanted: string
}

function readQuery(text: string): Query {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === '\\') at++
    else if ('(['.includes(char)) depth++
    else if (')]'.includes(char)) depth--
    else if (depth === 0 && '!=<>%'.includes(char)) return splitQuery(text, at)
  }
  return { path: text.trim(), operator: '', wanted: '' }
}

function splitQuery(text: string, at: number): Query {
  const operator = /^(!=|!%|<=|>=|==|[<>=%!])/.exec(text.slice(at))![0]
  const value = text.slice(at + operator.length).trim()
  const isText = value.length >= 2 && value.startsWith('"') && value.endsWith('"')
  const wanted = isText ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value
  return { path: text.slice(0, at).trim(), operator: operator === '==' ? '=' : operator, wanted }
}

function fits(item: unknown, { path, operator, wanted }: Query): boolean {
  const value = path === '' ? item : select(item, path)
  if (wanted.startsWith('~')) return fitsTruth(value, operator, wanted.slice(1))
  if (value === undefined) return false
  if (operator === '') return true
  if (typeof value === 'string') return fitsText(value, operator, wanted)
  if (typeof value === 'number') return compares(value, operator, Number.parseFloat(wanted) || 0)
  return typeof value === 'boolean' && compares(Number(value), operator, Number(wanted === 'true'))
}

function fitsText(value: string, operator: string, wanted: string): boolean {
  if (operator === '%') return matchesPattern(value, wanted)
  if (operator === '!%') return !matchesPattern(value, wanted)
  return compares(value, operator, wanted)
}

function compares<T extends string | number>(value: T, operator: string, wanted: T): boolean {
  switch (operator) {
    case '=':
      return value === wanted
    case '!=':
      return value !== wanted
    case '<':
      return value < wanted
    case '<=':
      return value <= wanted
    case '>':
      return value > wanted
    case '>=':
      return value >= wanted
    default:
      return false
  }
}

/** `~true`, `~false`, `~null`, `~*`: by what counts as such. */
function fitsTruth(value: unknown, operator: string, kind: string): boolean {
  const isTrue = typeof value === 'number' ? value !== 0 : /^(1|t|true)$/i.test(String(value ?? ''))
  const isMet =
    kind === '*'
      ? value !== undefined
      : kind === 'null'
        ? value === undefined || value === null
        : (kind === 'true') === isTrue
  return compares(Number(isMet), operator, 1)
}

/** `*` stands for any text, `?` for one character, a backslash takes what follows as it is. */
function matchesPattern(text: string, pattern: string): boolean {
  const source = pattern.replace(/\\(.)|[*?]|[^\\*?]+/gs, (part, escaped?: string) =>
    escaped !== undefined ? quoted(escaped) : part === '*' ? '.*' : part === '?' ? '.' : quoted(part),
  )
  return new RegExp(`^${source}$`, 's').test(text)
}

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const modifiers: Record<string, (value: unknown, argument: string) => unknown> = {
  this: (value) => value,
  valid: (value) => value,
  pretty: (value) => value,
  ugly: (value) => value,
  reverse: (value) =>
    Array.isArray(value)
      ? [...value].reverse()
      : isObject(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
  keys: (value) => (Array.isArray(value) ? value.map(() => null) : isObject(value) ? Object.keys(value) : []),
  values: (value) => (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [value]),
  flatten: (value, argument) =>
    Array.isArray(value) ? value.flat(/"deep"\s*:\s*true/.test(argument) ? Number.POSITIVE_INFINITY : 1) : value,
  join: (value) => (Array.isArray(value) ? Object.assign({}, ...value.filter(isObject)) : value),
  tostr: (value) => JSON.stringify(value),
  fromstr: (value) => (typeof value === 'string' ? parsed(value) : undefined),
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function modify(value: unknown, path: string): unknown {
  const { step, rest } = firstStep(path)
  const [, name = '', argument = ''] = /^@([^:]*):?(.*)$/s.exec(step) ?? []
  return Object.hasOwn(modifiers, name) ? go(modifiers[name]!(value, argument), rest) : undefined
}

/** `{name,age}` makes an object, `[name,age]` a list of what its paths find. */
function gather(value: unknown, path: string): unknown {
  const { step, rest } = firstStep(path)
  const paths = splitList(step.slice(1, -1))
  const found = paths
    .map((one) => named(one))
    .map(({ name, path: own }) => [name, select(value, own)] as const)
    .filter(([, item]) => item !== undefined)
  return go(step.startsWith('{') ? Object.fromEntries(found) : found.map(([, item]) => item), rest)
}

function splitList(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    const char = text[at] ?? ','
    if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return parts
}

/** `"title":path` has its own name; else it is the last step's. */
function named(text: string): { name: string; path: string } {
  const [, name, path] = /^"((?:[^"\\]|\\.)*)":(.*)$/s.exec(text) ?? []
  return name !== undefined && path !== undefined ? { name, path } : { name: text.split(/[.|]/).at(-1)!, path: text }
}
