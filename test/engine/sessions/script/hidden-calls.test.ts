import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileText, run, runBlocking, scriptAround } from './fake.ts'

/**
 * Ways to hide a call. Each text declares `main`; real k6 was asked for what it does with each of them, and does what
 * the text does when its calls block.
 */
const hidden: Record<string, string> = {
  'symbol-keyed method': `const S = Symbol('s'); const o = { [S]: (u) => get(u) }; function main() { return o[S]('a') }`,
  'getter that gives a blocking function': `const o = { get fetch() { return (u) => get(u) } }; function main() { return o.fetch('a') + o.fetch('b') }`,
  'new.target': `function F(u) { if (!new.target) return new F(u); this.u = u } F.prototype.go = function () { return get(this.u) }; function main() { return F('a').go() + new F('b').go() }`,
  'super in object literals': `const base = { go() { return get('base') } }; const o = { __proto__: base, go() { return super.go() + get('o') } }; function main() { return o.go() }`,
  setPrototypeOf: `const base = { go(u) { return get(u) } }; const o = {}; Object.setPrototypeOf(o, base); function main() { return o.go('a') + '!' }`,
  'Object.create with methods': `const base = { go(u) { return get(u) } }; function main() { const o = Object.create(base); return o.go('a') + '!' }`,
  'Object.create with descriptors': `const o = Object.create({}, { go: { value: (u) => get(u) } }); function main() { return o.go('a') + '!' }`,
  'Reflect.apply': `function f(u) { return get(this.b + u) } function main() { return Reflect.apply(f, { b: 'x' }, ['a']) + '!' }`,
  'Reflect.construct of a plain class': `class A { go() { return get('a') } } function main() { return Reflect.construct(A, []).go() + '!' }`,
  'borrowed slice then map': `function f() { return [].slice.call(arguments).map((u) => get(u)).join() } function main() { return f('a', 'b') }`,
  currying: `const c = (f) => (a) => (b) => f(a, b); function main() { return c((a, b) => get(a + b))('a')('b') + '!' }`,
  'pipe of functions': `const pipe = (...fs) => (x) => fs.reduce((v, f) => f(v), x); function main() { return pipe((x) => x + 1, (x) => get('u' + x), (x) => x + '!')(1) }`,
  'compose right to left': `const compose = (...fs) => fs.reduce((f, g) => (...a) => f(g(...a))); function main() { return compose((x) => x + '!', (x) => get(x))('a') }`,
  memoize: `const memo = (f) => { const m = {}; return (k) => (k in m ? m[k] : (m[k] = f(k))) }; const g = memo((u) => get(u)); function main() { return g('a') + g('a') + g('b') }`,
  'memoize in a Map': `const memo = (f) => { const m = new Map(); return (k) => { if (!m.has(k)) m.set(k, f(k)); return m.get(k) } }; const g = memo((u) => get(u)); function main() { return g('a') + g('a') + g('b') }`,
  'event emitter': `class E { constructor() { this.h = {} } on(n, f) { (this.h[n] ||= []).push(f); return this } emit(n, ...a) { (this.h[n] || []).forEach((f) => f(...a)) } } function main() { const e = new E(); e.on('x', (u) => log(get(u))).on('x', () => log('two')); e.emit('x', 'a'); log('end') }`,
  'middleware with next': `const run = (ms, c) => { const next = (i) => ms[i] ? ms[i](c, () => next(i + 1)) : log('end ' + c.u); return next(0) }; function main() { run([(c, n) => { c.u = get('a'); n(); log('after1') }, (c, n) => { log(c.u); n(); log('after2') }], {}) }`,
  'decorator that times': `const timed = (o, n) => { const f = o[n]; o[n] = function (...a) { log('start'); try { return f.apply(this, a) } finally { log('stop') } } }; const api = { b: 'x', go(u) { return get(this.b + u) } }; timed(api, 'go'); function main() { return api.go('a') + '!' }`,
  'a visitor dispatched by type': `const v = { num: (n) => String(n.v), get: (n) => get(n.v), add: (n) => ev(n.a) + ev(n.b) }; const ev = (n) => v[n.t](n); function main() { return ev({ t: 'add', a: { t: 'num', v: 1 }, b: { t: 'add', a: { t: 'get', v: 'a' }, b: { t: 'get', v: 'b' } } }) }`,
  trampolines: `const t = (f) => { while (typeof f === 'function') f = f(); return f }; const go = (n) => () => (get('u' + n), n ? go(n - 1) : 'done'); function main() { return t(go(3)) }`,
  'a state machine': `const s = { a: () => (get('a'), 'b'), b: () => (get('b'), 'c'), c: () => null }; function main() { let x = 'a'; while (x) { log(x); x = s[x]() } }`,
  'a linked list of steps': `const l = { f: () => get('a'), next: { f: () => 'plain', next: { f: () => get('c'), next: null } } }; function main() { for (let n = l; n; n = n.next) log(n.f()) }`,
  'a class built by a factory': `const make = (n) => ({ [n]: class { go() { return get(n) } } })[n]; function main() { const A = make('a'); return new A().go() + '!' }`,
  'a singleton': `class S { static #i; static get instance() { return (S.#i ??= new S()) } go(u) { return get(u) } } function main() { return S.instance.go('a') + S.instance.go('b') }`,
  'a builder': `class B { constructor() { this.s = [] } add(f) { this.s.push(f); return this } build() { return () => this.s.map((f) => f()) } } function main() { return new B().add(() => get('a')).add(() => 1).build()().join() }`,
  'private static and accessors': `class A { #u = 'a'; get u() { return this.#u } set u(v) { this.#u = v } go() { return A.#f(this.u) } static #f(u) { return get(u) } } function main() { const a = new A(); log(a.go()); a.u = 'b'; return a.go() }`,
  'instanceof of a hand-made error': `class E extends Error { constructor(m, r) { super(m); this.r = r } } function f() { const r = get('a'); throw new E('bad', r) } function main() { try { f() } catch (e) { return (e instanceof E) + e.r + e.message } }`,
  'labelled continue in do while': `function main() { let i = 0; o: do { for (const u of ['a', 'b']) { if (get(u) === '<b>') continue o; log(u) } } while (++i < 2) }`,
  'switch with fallthrough and calls': `function main() { switch (get('a')) { case get('z'): log('z'); case '<a>': log('a'); case 1: log(get('f')); break; default: log('d') } }`,
  'comma in for head': `function main() { for (let i = 0, n = get('a').length; i < n; i++, get('s' + i)) log(i) }`,
  'for in over a result': `function f() { get('a'); return { x: 1, y: 2 } } function main() { for (const k in f()) log(k + get(k)) }`,
  'for of over a generator of functions': `function* g() { yield () => get('a'); yield () => 'b' } function main() { for (const f of g()) log(f()) }`,
  'spread of a generator of urls': `function* g() { yield 'a'; yield 'b' } function main() { return [...g()].map((u) => get(u)).join() }`,
  'generator that is given results': `function* g() { let x; while (true) x = yield x + '?' } function main() { const i = g(); i.next(); log(i.next(get('a')).value); log(i.next(get('b')).value) }`,
  'logical assignment on members': `const c = {}; function main() { c.t ??= get('a'); c.t ||= get('b'); c.t &&= get('c'); return c.t }`,
  'computed member with a call as key': `const o = { '<a>': (u) => get(u) }; function main() { return o[get('a')]('b') + '!' }`,
  'compound on a computed member': `const o = { a: 1 }; const k = () => (log('k'), 'a'); function main() { o[k()] += get('x').length; return o.a }`,
  'delete and in with calls': `const o = { '<a>': 1 }; function main() { return [get('a') in o, delete o[get('a')], get('a') in o].join() }`,
  'exponent and unary order': `let n = 1; const f = (x) => (get(x), n++); function main() { return [f('a') ** f('b'), -f('c'), +f('d')].join() }`,
  'swapping by destructuring': `function main() { let a = get('a'), b = get('b'); [a, b] = [b, a]; return a + b + [a, b] }`,
  'default from an earlier param': `const f = (a, b = a + '!') => get(b); function main() { return f('a') }`,
  'closures in a loop': `function main() { const fs = []; for (let i = 0; i < 3; i++) fs.push(() => get('u' + i)); return fs.map((f) => f()).join() }`,
  'sort of results': `function main() { return ['b', 'a'].map((u) => get(u)).sort((x, y) => (x < y ? -1 : 1)).join() }`,
  'throwing in finally': `function f() { try { get('a'); throw new Error('1') } finally { get('f'); throw new Error('2') } } function main() { try { f() } catch (e) { return e.message } }`,
  'break out of finally': `function main() { for (const u of ['a', 'b']) { try { get(u); if (u === 'a') continue; return 'r' } finally { log('f' + get('f')); if (u === 'b') break } } return 'end' }`,
  'nested template and tag': `const t = (s, ...v) => s.join('|') + v.join(); function main() { return t\`x\${get('a')}y\${\`n\${get('b')}\`}z\` }`,
  'a Proxy without blocking handlers around a client': `const c = { go(u) { return get(u) } }; const p = new Proxy(c, { get: (t, k) => (k === 'go' ? t[k].bind(t) : undefined) }); function main() { const r = p.go('a'); return r + '!' }`,
  'a Proxy that wraps methods': `const c = { go(u) { return get(u) } }; const p = new Proxy(c, { get: (t, k) => (...a) => { log('call ' + k); const r = t[k](...a); log('ret ' + r); return r } }); function main() { return p.go('a') + '!' }`,
  'Array.from with a Map and callback': `function main() { return Array.from(new Map([['a', 1], ['b', 2]]), ([k, v]) => get(k) + v).join() }`,
  'flat of functions': `function main() { return [[() => get('a')], [[() => get('b')]]].flat(2).map((f) => f()).join() }`,
  'reduce that builds functions': `const f = ['a', 'b'].reduce((g, u) => () => g() + get(u), () => ''); function main() { return f() }`,
  'Object.groupBy after': `function main() { const r = ['a', 'bb', 'c'].map((u) => get(u)); const m = {}; r.forEach((x) => { (m[x.length] ||= []).push(x) }); return JSON.stringify(m) }`,
  'toString of an object with a result': `class R { constructor(b) { this.b = b } toString() { return this.b } } function main() { return '' + new R(get('a')) + [new R(get('b'))] }`,
  'async iife awaited by main': `async function main() { const x = await (async () => { const a = get('a'); await null; return a + get('b') })(); return x }`,
  'await in a loop of blocking': `async function main() { for (const u of ['a', 'b']) { log(await Promise.resolve(get(u))) } return 'end' }`,
  'promise executor keeps resolve': `async function main() { let r; const p = new Promise((x) => { r = x }); r(get('a')); return (await p) + get('b') }`,
  'thenable with blocking': `async function main() { const t = { then(res) { res(get('a')) } }; return (await t) + '!' }`,
  'async method of a class awaited': `class C { async go(u) { const a = get(u); await null; return a + get(u + 2) } } async function main() { return await new C().go('a') }`,
  'getter by defineProperty over a method': `const o = {}; Object.defineProperty(o, 'go', { value: (u) => get(u) }); function main() { return o.go('a') + '!' }`,
  'Object.defineProperties of methods': `const o = Object.defineProperties({}, { go: { value: (u) => get(u) } }); function main() { return o.go('a') + '!' }`,
  'destructured method in params': `const f = ({ go, u: [u] }) => go(u); function main() { return f({ go: (u) => get(u), u: ['a'] }) + '!' }`,
  'functions in WeakMap by object key': `const w = new WeakMap(); const k = {}; w.set(k, (u) => get(u)); function main() { return w.get(k)('a') + '!' }`,
  'function in an Error property': `function main() { try { const e = new Error('x'); e.retry = () => get('a'); throw e } catch (e) { return e.retry() + '!' } }`,
  'function through JSON-ish clone': `const clone = (o) => Object.keys(o).reduce((r, k) => ({ ...r, [k]: o[k] }), {}); const o = clone({ go: (u) => get(u) }); function main() { return o.go('a') + '!' }`,
  'function through Object.keys loop copying': `const a = { go: (u) => get(u) }, b = {}; for (const k of Object.keys(a)) b[k] = a[k]; function main() { return b.go('a') + '!' }`,
  'function through setter': `const o = { set h(f) { this._h = f }, run(u) { return this._h(u) } }; o.h = (u) => get(u); function main() { return o.run('a') + '!' }`,
  'function through a bound method passed away': `class C { constructor() { this.go = this.go.bind(this); this.b = 'x' } go(u) { return get(this.b + u) } } function main() { const { go } = new C(); return ['a'].map(go) + '!' }`,
  'function as a default parameter': `const f = (u, g = (x) => get(x)) => g(u) + '!'; function main() { return f('a') + f('b', (x) => x) }`,
  'String method with a result': `function main() { return 'abc'.replace('b', get('a')) + 'x'.padEnd(get('bb').length, 'y') }`,
  'some with side effects stops': `function main() { return [['a', 'b', 'c'].some((u) => get(u) === '<b>'), ['d', 'e'].every((u) => get(u) === 'no')].join() }`,
  'find over objects with methods': `const l = [{ ok: () => get('a') === 'x' }, { ok: () => get('b') === '<b>', n: 'two' }]; function main() { return l.find((o) => o.ok()).n }`,
  'iterator helpers': `function main() { const it = ['a', 'b'].values(); let s = ''; for (let x = it.next(); !x.done; x = it.next()) s += get(x.value); return s }`,
  'optional call of optional method': `const o = { a: null, b: { go: (u) => get(u) } }; function main() { return [o.a?.go('x'), o.b?.go?.('b'), o.c?.[get('k')]].join() }`,
  'void and comma chains': `function main() { return (void get('a'), get('b'), typeof get('c')) }`,
  'arguments in arrow': `function f() { const g = () => get(arguments[0]); return g() + arguments.length } function main() { return f('a', 1) }`,
  'hoisted var function in block': `function main() { { function h(u) { return get(u) } var k = h('a') } return k }`,
  'recursion through a variable reassigned': `let f = (n) => n; const old = f; f = (n) => (n > 2 ? old(n) : get('u' + n) && f(n + 1)); function main() { return f(0) + '!' }`,
  'class extends a function call': `const Base = (x) => class { go() { return get(x) } }; class D extends Base('a') { go() { return super.go() + '!' } } function main() { return new D().go() }`,
  'toJSON with stored result': `class C { load() { this.d = get('a'); return this } toJSON() { return { d: this.d } } } function main() { return JSON.stringify(new C().load()) }`,
  'Array subclass method': `class L extends Array { fetch() { return this.map((u) => get(u)).join() } } function main() { return L.from(['a', 'b']).fetch() }`,
}

const declared = 'const get = (u) => http.get(u).body\n'

for (const [name, text] of Object.entries(hidden)) {
  test(`a call hidden by this is found: ${name}`, async (t) => {
    const expected = await runBlocking(declared + text)
    assert.deepEqual(await run(await compileText(t, scriptAround(declared + text))), expected)
    assert.ok(expected.some((line) => line.startsWith('get done')))
  })
}
