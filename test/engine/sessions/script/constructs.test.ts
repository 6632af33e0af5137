import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileText, run, runBlocking, scriptAround } from './fake.ts'

/** Each text declares `main`; it must leave the same trace when every k6 call blocks and when every one is awaited. */
const constructs: Record<string, string> = {
  'a call in a function declaration': `function main() { const r = http.get('a'); log(r.status); return r.body }`,
  'a call in an arrow with an expression body': `const main = () => http.get('a').body`,
  'a function expression': `const main = function named() { sleep(1); return http.get('a').body }`,
  'a chain of calls through functions': `
    function a() { return b() + '!' }
    function b() { return c().body }
    const c = () => http.get('x')
    function main() { log(a()); return a() }`,
  'a function declared after its use': `function main() { return late() }  function late() { return http.get('a').body }`,
  recursion: `function down(n) { sleep(n); return n === 0 ? 'end' : down(n - 1) }  function main() { return down(3) }`,
  'mutual recursion': `
    function even(n) { return n === 0 ? http.get('even').body : odd(n - 1) }
    function odd(n) { return n === 0 ? http.get('odd').body : even(n - 1) }
    function main() { return even(5) }`,
  closures: `
    function counter(url) { let n = 0; return () => { n += 1; return http.get(url + n).body } }
    function main() { const one = counter('a'), two = counter('b'); log(one()); log(two()); log(one()); return two() }`,
  'nested functions': `
    function main() {
      function inner() { const deepest = () => http.get('deep').body; return deepest() }
      return inner()
    }`,
  'a for loop with break and continue': `
    function main() { let s = ''
      for (let i = 0; i < 6; i++) { if (i === 1) continue; if (i === 4) break; s += http.get('u' + i).body }
      return s }`,
  'a call in the head of a loop': `
    function limit() { return http.get('limit').body.length - 4 }
    function main() { let n = 0; for (let i = 0; i < limit(); i++) n += 1; return n }`,
  'while and do while with a call as the condition': `
    let left = 3
    function more() { sleep(left); return left-- > 0 }
    function main() { let n = 0; while (more()) n++; left = 2; do { n += 10 } while (more()); return n }`,
  'for of over the result of a call': `function urls() { sleep(1); return ['a', 'b'] } function main() { for (const u of urls()) log(http.get(u).body) }`,
  'for of with destructuring': `function main() { for (const [i, { u }] of [{ u: 'a' }, { u: 'b' }].entries()) log(i + http.get(u).body) }`,
  'for in': `function main() { for (const k in { a: 1, b: 2 }) log(http.get(k).body) }`,
  labels: `function main() { outer: for (const a of [1, 2]) { for (const b of [1, 2, 3]) { if (b === 2) continue outer; log(http.get('' + a + b).body) } } }`,
  switch: `
    function main() { for (const k of ['a', 'b', 'c']) switch (http.get(k).body) {
      case '<a>': log('first'); break
      case http.get('b').body: log('second')
      default: log('other') } }`,
  'try, catch and finally': `
    function main() { try { http.get('bad') } catch (e) { log('caught ' + e.message); return http.get('c').body } finally { log('finally'); sleep(1) } }`,
  'return inside try': `
    function fetchIt() { try { return http.get('bad') } catch (e) { return { body: 'rescued ' + e.message } } }
    function main() { return fetchIt().body }`,
  'finally that overrides': `function f() { try { return http.get('a').body } finally { sleep(1); return 'final' } } function main() { return f() }`,
  'an error through several functions': `function a() { b() } function b() { http.get('bad') } function main() { a(); log('not reached') }`,
  'throw of a call': `function problem() { sleep(1); return new Error('made') } function main() { throw problem() }`,
  'template literals': `function main() { return \`\${http.get('a').body} and \${http.get('b').body}\` }`,
  'tagged templates': `
    function tag(parts, value) { return parts[0] + value + http.get('t').body }
    function main() { return tag\`x\${http.get('a').body}\` }`,
  'conditional expressions': `function main() { return http.get('a').status === 200 ? http.get('yes').body : http.get('no').body }`,
  'logical operators': `
    function f(u) { return http.get(u).nothing() } function g(u) { return http.get(u).body }
    function main() { log(f('a') || g('b')); log(g('c') && f('d')); log(f('e') ?? g('f')); let x = null; x ??= g('h'); x ||= g('no'); return x }`,
  'compound assignment reads first': `let n = 'a'; function f() { n = 'changed'; return http.get('x').body } function main() { n += f(); return n }`,
  'order of operands': `function f(u) { return http.get(u).body } function main() { return f('a') + f('b') + [f('c'), f('d')].join() }`,
  'arguments in order': `function f(a, b) { log(a + b); return b } function u(x) { return http.get(x).body } function main() { return f(u('a'), u('b')) }`,
  'spread of a result': `function list() { sleep(1); return ['a', 'b'] } function main() { log([...list()]); log(Math.max(...list().map((x) => x.length))); return { ...http.get('c').json() } }`,
  'destructuring of a result': `function main() { const { status, body: text = 'none' } = http.get('a'); const [first] = http.batch(['x', 'y']); return [status, text, first.body] }`,
  'a default in a destructuring': `function main() { const { a = http.get('d').body, b = http.get('no').body } = { b: 1 }; return a + b }`,
  'sequence and void': `function main() { const x = (http.get('a'), http.get('b').body); return [x, void http.get('c')] }`,
  'typeof, not and minus': `function n() { sleep(1); return 4 } function main() { return [typeof n(), !n(), -n(), n() ** 2] }`,
  'new with an awaited argument': `class Box { constructor(v) { this.v = v } } function main() { return new Box(http.get('a').body).v }`,
  'new of a member of a result': `function lib() { sleep(1); return { Box: class { v = 1 } } } function main() { return new (lib().Box)().v }`,
  'optional call at the end': `const api = { get: (u) => http.get(u) }; function main() { const none = null; log(none?.get('a')); return api?.get('b').body }`,
  'optional chain before a call': `
    const holder = { api: { get: (u) => http.get(u) } }
    function main() { const none = undefined; log(none?.api.get('no').body); log(holder?.api.get('a').body); return holder.api?.get('b').json().of }`,
  'several optional links': `
    const holder = { api: { get: (u) => http.get(u), missing: null } }
    function main() { log(holder?.api?.get('a')?.json()?.of); log(holder?.missing?.get('no').x); return holder?.['api']?.get?.('c').body }`,
  'an optional call keeps its this': `
    const api = { base: 'x', get(u) { return http.get(this.base + u) } }
    function main() { log(api.get?.('1').body); log(api['get']?.('2').body); log(api?.get?.('3').body.length); return api.none?.('4').body }`,
  'an optional chain that throws where it must': `const api = { get: (u) => http.get(u) }; function main() { return api?.get('a').none.x }`,
  'a result that is null in a chain throws as without rewriting': `const api = { get: (u) => http.get(u).nothing() }; function main() { return api?.get('a').x }`,
  'optional call of a function': `function main() { const f = (u) => http.get(u); let g; log(g?.('no').body.x); return f?.('a').body }`,
  'object methods and this': `
    const client = { base: 'b/', get(u) { return http.get(this.base + u) }, both() { return this.get('1').body + this.get('2').body } }
    function main() { return client.both() }`,
  'object methods with computed names': `const n = 'go'; const o = { [n + 'es'](u) { return http.get(u).body }, async: (u) => u }; function main() { return o.goes('a') + o.async('b') }`,
  'class methods': `
    class Client { constructor(base) { this.base = base } get(u) { return http.get(this.base + u) } two() { return [this.get('1').body, this.get('2').body] } }
    function main() { const c = new Client('c/'); log(c.get('0').body); return c.two() }`,
  'static and private methods': `
    class Client { static make() { sleep(1); return new Client() } #secret() { return http.get('s').body } open() { return this.#secret() } static async = 3 }
    function main() { return Client.make().open() }`,
  'inherited and overridden methods': `
    class Base { run() { return this.step() + this.shared() } step() { return 'base' } shared() { return http.get('shared').body } }
    class Derived extends Base { step() { return 'derived' + http.get('step').body } run() { log('before'); return super.run() + '.' } }
    function main() { log(new Base().run()); return new Derived().run() }`,
  'a method given by a mixin': `
    const mixin = (Base) => class extends Base { hello() { return http.get('hello').body + this.name() } }
    class A { name() { return 'a' } } class B extends mixin(A) {}
    function main() { return new B().hello() }`,
  'class fields that hold arrows': `class C { url = 'f'; get = () => http.get(this.url).body } function main() { return new C().get() }`,
  'constructor functions and prototypes': `
    function Client(base) { this.base = base }
    Client.prototype.get = function (u) { return http.get(this.base + u).body }
    function main() { return new Client('p').get('1') }`,
  'call, apply and bind': `
    function get(u) { return http.get(this.base + u).body }
    function main() { const b = get.bind({ base: 'c' }); return [get.call({ base: 'a' }, 1), get.apply({ base: 'b' }, [2]), b(3)] }`,
  'functions that are given': `
    function retry(times, fn) { for (let i = 0; ; i++) try { return fn(i) } catch (e) { log('again ' + e.message); if (i >= times) throw e } }
    function main() { return retry(2, (i) => http.get(i < 2 ? 'bad' + i : 'good').body) }`,
  'a k6 function that is given': `function twice(fn, a) { fn(a); return fn(a).body } function main() { return twice(http.get, 'a') }`,
  'rest and spread parameters': `function all(...fns) { return fns.map((f) => f()) } const fs = [() => http.get('a').body, () => 'plain']; function main() { return [all(...fs), all(fs[0])] }`,
  arguments: `function f() { return http.get(arguments[0]).body + arguments.length } function main() { return f('a', 'b') }`,
  'a function that gives functions': `function make(u) { return { go: () => http.get(u).body } } function main() { const { go } = make('a'); return go() + make('b').go() }`,
  'methods by computed names of this': `
    const pick = (n) => ['fir', 'seco', 'thi'][n] + ['st', 'nd', 'rd'][n]
    class Base { all() { return [0, 1, 2].map((n) => this[pick(n)]()) } first() { return http.get('base').body } second() { return 2 } third = () => 3 }
    class Derived extends Base { second() { return http.get('derived').body } third = () => http.get('field').body }
    const o = { all() { const self = this; return self[pick(1)]() }, second() { return http.get('o').body } }
    function go() { return this[pick(0)]() }
    function main() { return [new Derived().all(), o.all(), go.call(new Base()), go.apply({ first: () => http.get('applied').body })] }`,
  'an inherited field that calls what the derived class overrides': `
    const name = ['sec', 'ond'].join('')
    class Base { tick = () => this[name]() + '!'; second() { return 2 } }
    class Derived extends Base { second() { return http.get('derived').body } }
    function main() { const { tick } = new Derived(); return tick() + '!' }`,
  'a group whose function nobody follows': `
    let fn; try { throw () => http.get('a').body } catch (thrown) { fn = thrown }
    function main() { return group('g', fn) + '!' }`,
  'a Map that is filled later': `
    const m = new Map(); m.set('a', () => http.get('a').body); const s = new Set(); s.add(() => http.get('b').body)
    function main() { const f = m.get('a'); const out = [f()]; for (const g of s) out.push(g()); return out }`,
  'functions named like their parameters': `function f(f) { return http.get(f).body } function main() { return f('a') + '!' }`,
  'a table of functions': `
    const ops = { read: (u) => http.get(u).body, noop: (u) => 'none ' + u, post: http.post }
    function main() { const out = []; for (const name of ['read', 'noop']) out.push(ops[name]('x')); log(ops['post']('p').body); return out }`,
  'a list of functions': `const steps = [() => http.get('1').body, () => 'two']; steps.push(() => http.get('3').body); function main() { let s = ''; for (const step of steps) s += step(); return s + steps[0]() }`,
  'Object.values and entries of functions': `
    const ops = { a: () => http.get('a').body, b: () => 'b' }
    function main() { for (const f of Object.values(ops)) log(f()); Object.entries(ops).forEach(([name, f]) => log(name + f())); return Object.keys(ops) }`,
  'a Map of functions': `const m = new Map([['a', () => http.get('a').body]]); m.set('b', () => http.get('b').body); function main() { return m.get('a')() + m.get('b')() }`,
  'Object.assign and spread of functions': `
    const base = { go: () => http.get('a').body }; const one = Object.assign({}, base); const two = { ...base, other: 1 }
    function main() { return one.go() + two.go() }`,
  'functions behind descriptors, iterators and references': `
    const registry = { login: () => http.get('login').body }; const list = [(u) => http.get(u).body]
    function main() {
      log(Object.getOwnPropertyDescriptor(registry, 'login').value()); log(Reflect.get(registry, 'login')())
      log(new WeakRef(registry).deref().login()); log(list.values().next().value('v'))
      for (const [i, f] of list.entries()) log(f('e' + i)) }`,
  'a method of an object that nobody follows': `
    class Client { login(u) { return http.get(u).body } }
    function lookUp() { try { throw new Client() } catch (thrown) { return thrown } }
    function main() { const text = lookUp().login('a') + '!'; return text }`,
  'a method of an object that went through reflection': `
    class Client { login(u) { return http.get(u).body } }
    function main() { const text = lookUp().login('a') + '!'; return text }
    function lookUp() { return Object.getOwnPropertyDescriptors({ c: new Client() }).c.value }`,
  group: `function main() { const r = group('g', () => { sleep(1); return group('inner', function () { return http.get('a').body }) }); group('sync', () => log('in')); return r }`,
  'a group whose function is given': `function step(name, fn) { return group(name, fn) } function main() { step('one', () => { http.get('a') }); return step('two', () => 2) }`,
  check: `function main() { const r = http.get('a'); const ok = check(r, { ok: (x) => x.status === 200, 'not ok': (x) => x.status === 1 }); return ok }`,
  'check that waits': `function main() { return check('v', { waits: (v) => http.get(v).status === 200 }) }`,
  'ws.connect with handlers': `function main() { ws.connect('ws://x', {}, function (socket) { log(socket.url); log(http.get('inside').body) }); return 'closed' }`,
  'forEach and map': `function main() { ['a', 'b'].forEach((u, i, list) => log(i + http.get(u).body + list.length)); return ['c', 'd'].map((u) => http.get(u).body) }`,
  'filter, some, every': `
    const long = (u) => http.get(u).body.length > 3
    function main() { const l = ['a', 'bb', 'c', 'dd']; return [l.filter(long), l.some(long), l.every(long), l.every((u) => http.get(u).status === 200)] }`,
  'find and its family': `
    const long = (u) => http.get(u).body.length > 3
    function main() { const l = ['a', 'bb', 'c', 'dd']; return [l.find(long), l.findIndex(long), l.findLast(long), l.findLastIndex(long), l.find((u) => http.get(u).body === '')] }`,
  'reduce and flatMap': `
    function main() { const l = ['a', 'b', 'c']
      log(l.reduce((s, u) => s + http.get(u).body)); log(l.reduceRight((s, u) => s + http.get(u).body, '>'))
      return l.flatMap((u) => [u, http.get(u).body]) }`,
  'reduce of nothing': `function main() { return [].reduce((a, b) => http.get(a + b)) }`,
  'Array.from with a callback': `function main() { return Array.from({ length: 3 }, (_, i) => http.get('u' + i).body).concat(Array.from(new Set(['x']), (u) => http.get(u).body)) }`,
  'forEach of a Map and a Set': `function main() { new Map([['k', 'v']]).forEach((v, k) => log(http.get(k + v).body)); new Set(['s']).forEach((s) => log(http.get(s).body)) }`,
  'holes in arrays': `function main() { const r = [1, , 3].map((n) => http.get('' + n).body); return [r.length, 1 in r, r[2]] }`,
  'thisArg of array methods': `function main() { return ['a'].map(function (u) { return http.get(this.p + u).body }, { p: 'p' }) }`,
  'array methods in an optional chain': `function main() { const none = null; log(none?.map((u) => http.get(u))); const o = { l: ['a'] }; return o?.l?.map((u) => http.get(u).body).join() }`,
  'a k6 function as callback': `function main() { return ['a', 'b'].map(http.get).map((r) => r.body) }`,
  'a chain of array methods': `function main() { return ['a', 'b', 'cc'].filter((u) => u.length < 2).map((u) => http.get(u)).filter((r) => r.status === 200).map((r) => r.body).join('+') }`,
  "a script's own method called map": `const o = { map(fn) { return 'own ' + fn('x') } }; function main() { return o.map((u) => http.get(u).body) }`,
  'async functions that await': `async function main() { const r = await http.asyncRequest('GET', 'a'); sleep(1); log(r.body); return http.get('b').body }`,
  'an async function that is awaited': `async function one(u) { sleep(1); return http.get(u).body } async function main() { log(await one('a')); return one('b') }`,
  'Promise.all over asyncRequest': `async function main() { sleep(1); const rs = await Promise.all([http.asyncRequest('GET', 'a'), http.asyncRequest('GET', 'b')]); return rs.map((r) => r.body) }`,
  'a promise that is passed on': `
    function start(u) { sleep(1); return http.asyncRequest('GET', u) }
    async function main() { const p = start('a'); log(typeof p.then); const r = await p; return r.body }`,
  'promises in a list': `
    function start(u) { sleep(1); return http.asyncRequest('GET', u) }
    async function main() { const ps = ['a', 'b'].map((u) => start(u)); log(typeof ps[0].then); return (await Promise.all(ps)).map((r) => r.body) }`,
  'then with a callback that blocks': `function main() { return Promise.resolve('a').then((u) => http.get(u).body) }`,
  'new Promise whose executor blocks': `async function main() { const p = new Promise((resolve) => { sleep(1); resolve('done') }); log(typeof p.then); return await p }`,
  'a sync function that gives an async call': `async function one(u) { sleep(1); return u } const two = (u) => one(u); async function main() { return await two('a') }`,
  'async generators': `async function* gen() { for (const u of ['a', 'b']) yield http.get(u).body } async function main() { for await (const x of gen()) log(x) }`,
  'plain generators': `function* urls() { yield 'a'; yield 'b' } function main() { for (const u of urls()) log(http.get(u).body) }`,
  'getters that do not block': `const o = { get url() { return 'a' } }; function main() { return http.get(o.url).body }`,
  'shadowed names': `function get() { return 'plain' } function main() { const http = { get }; log('shadowed'); return http.get('a') }`,
  'an immediately called function': `function main() { const a = (function () { return http.get('a').body })(); const b = (() => http.get('b').body)(); return a + b }`,
  'functions in conditionals': `const pick = (x) => (x ? (u) => http.get(u).body : (u) => 'none'); function main() { return pick(true)('a') + pick(false)('b') }`,
  'assignment in a condition': `function main() { let r; if ((r = http.get('a')) && r.status === 200) return r.body }`,
  'module state': `let token = null; function login() { token ??= http.post('login').body; return token } function main() { return [login(), login()] }`,
}

for (const [name, text] of Object.entries(constructs)) {
  test(`a script with ${name} does the same as when its calls block`, async (t) => {
    const expected = await runBlocking(text)
    assert.deepEqual(await run(await compileText(t, scriptAround(text))), expected)
    assert.ok(expected.length > 1 || expected[0]?.includes('threw'), `says too little: ${expected}`)
  })
}
