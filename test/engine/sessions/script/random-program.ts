/** Numbers in [0, 1) that depend on the seed alone (a linear congruential generator; constants of Numerical Recipes). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Writes small programs at random, out of the constructs that scripts are made of. Each declares `main`, ends, and
 * logs what it does. A function calls only functions written before it.
 */
export function randomProgram(seed: number): string {
  return new Writer(numbersFrom(seed * 7919 + 1)).program()
}

class Writer {
  readonly #random: () => number
  /** How to call what is there so far, given the text of one argument. */
  readonly #callables: ((argument: string) => string)[] = []
  /** Names of functions of one argument, to be given to others. */
  readonly #functions: string[] = ['plain']
  #names = 0

  constructor(random: () => number) {
    this.#random = random
  }

  program(): string {
    const parts = [
      `const plain = (x) => 'p' + x`,
      `function apply(fn, x) { return fn(x) }`,
      `const none = null`,
      `const ops = { read: (u) => http.get(u).body, echo: (u) => 'e' + u }`,
    ]
    this.#callables.push(
      (x) => `plain(${x})`,
      (x) => `ops.echo(${x})`,
      (x) => `http.get(${x}).body`,
    )
    for (let count = 0; count < 5; count++) parts.push(this.#declaration())
    return [...parts, `function main() {\n${this.#statements(3)}\nreturn ${this.#expression(3)}\n}`].join('\n')
  }

  #pick<T>(options: readonly T[]): T {
    return options[Math.floor(this.#random() * options.length)] as T
  }

  #name(prefix: string): string {
    this.#names += 1
    return prefix + this.#names
  }

  #declaration(): string {
    return this.#pick([
      () => this.#function(),
      () => this.#arrow(),
      () => this.#object(),
      () => this.#class(),
      () => this.#closure(),
    ])()
  }

  #function(): string {
    const name = this.#name('f')
    const text = `function ${name}(x) {\n${this.#statements(2)}\nreturn ${this.#expression(2)}\n}`
    this.#callables.push((x) => `${name}(${x})`)
    this.#functions.push(name)
    return text
  }

  #arrow(): string {
    const name = this.#name('a')
    const text = `const ${name} = (x) => ${this.#expression(2)}`
    this.#callables.push(
      (x) => `${name}(${x})`,
      (x) => `${name}?.(${x})`,
    )
    this.#functions.push(name)
    return text
  }

  #object(): string {
    const name = this.#name('o')
    const text = `const ${name} = { tag: 't', one(x) { return this.tag + ${this.#expression(2)} }, two: (x) => ${this.#expression(1)} }`
    this.#callables.push(
      (x) => `${name}.one(${x})`,
      (x) => `${name}?.two(${x})`,
      (x) => `${name}?.one(${x}).length`,
      (x) => `${name}[${this.#pick(["'one'", "'two'", "['o', 'ne'].join('')"])}](${x})`,
      (x) => `${name}.one?.(${x})`,
    )
    return text
  }

  #class(): string {
    const name = this.#name('C')
    const text = `class ${name} { constructor(k) { this.k = k } go(x) { return this.k + ${this.#expression(2)} } more(x) { return this.go(x) + ${this.#expression(1)} } }`
    this.#callables.push(
      (x) => `new ${name}('k').go(${x})`,
      (x) => `new ${name}(${x}).more('m')`,
    )
    return text
  }

  #closure(): string {
    const name = this.#name('m')
    const text = `const ${name} = ((n) => (x) => { n += 1; return n + ${this.#expression(2)} })(0)`
    this.#callables.push((x) => `${name}(${x})`)
    this.#functions.push(name)
    return text
  }

  #statements(depth: number): string {
    return Array.from({ length: 1 + Math.floor(this.#random() * 3) }, () => this.#statement(depth)).join('\n')
  }

  #statement(depth: number): string {
    const value = (): string => this.#expression(depth - 1)
    if (depth === 0) return `log(${value()})`
    const inner = (): string => this.#statements(depth - 1)
    const name = this.#name('v')
    return this.#pick([
      () => `log(${value()})`,
      () => `sleep(${Math.floor(this.#random() * 9)})`,
      () => `const ${name} = ${value()}\nlog(${name})`,
      () => `let ${name} = 'b'\n${name} += ${value()}\nlog(${name})`,
      () => `if (String(${value()}).length % 2) {\n${inner()}\n} else {\n${inner()}\n}`,
      () =>
        `for (let ${name} = 0; ${name} < 3; ${name}++) {\nif (${name} === 1) ${this.#pick(['continue', 'break', 'log(1)'])}\n${inner()}\n}`,
      () => `for (const ${name} of [${value()}, 'z']) {\nlog(${name})\n${inner()}\n}`,
      () =>
        `try {\n${inner()}\nif (String(${value()}).length % 3 === 0) throw new Error('t')\n} catch (e) {\nlog(e.message)\n${inner()}\n} finally {\nlog(${value()})\n}`,
      () =>
        `switch (String(${value()}).length % 3) {\ncase 0: log('zero'); break\ncase 1: log(${value()})\ndefault: log('rest')\n}`,
      () => `group('g', () => {\n${inner()}\n})`,
      () => `;[${value()}, 'y'].forEach((x) => {\n${inner()}\n})`,
      () => `check('c', { ok: (x) => String(${value()}).length > 2 })`,
    ])()
  }

  #expression(depth: number): string {
    if (depth <= 0) return this.#pick([`'s'`, `'u' + 1`, `http.get('q').body`])
    const value = (): string => this.#expression(depth - 1)
    return this.#pick([
      () => this.#pick(this.#callables)(value()),
      () => this.#pick(this.#callables)(value()),
      () => this.#pick(this.#callables)(value()),
      () => `(${value()} + ${value()})`,
      () => `(String(${value()}).length > 3 ? ${value()} : ${value()})`,
      () => `(none ?? ${value()})`,
      () => `(${value()} && ${value()})`,
      () => `\`<\${${value()}}>\``,
      () => `apply(${this.#pick(this.#functions)}, ${value()})`,
      () => `[${value()}, 'w'].map(${this.#pick(this.#functions)}).join()`,
      () => `['a', ${value()}].filter((x) => String(${value()}).length % 2).length`,
      () => `['a', 'b'].reduce((all, x) => all + ${value()}, '')`,
      () => `((x) => ${value()})(${value()})`,
      () => `[...[${value()}]].join()`,
      () => `none?.go(${value()}).more`,
      () => `ops[${this.#pick(["'read'", "'echo'", "String('read')"])}](${value()})`,
      () => `http.get(${value()})?.json()?.of`,
    ])()
  }
}
