// What the language has: classes, private fields, generators, destructuring, optional chaining, regular expressions.
class Basket {
  #items = new Map()
  static count = 0

  add(name, { price = 1, tags = [] } = {}) {
    this.#items.set(name, { price, tags })
    Basket.count++
    return this
  }

  get total() {
    return [...this.#items.values()].reduce((sum, { price }) => sum + price, 0)
  }

  *names() {
    yield* this.#items.keys()
  }
}

export default function () {
  const basket = new Basket().add('chair', { price: 20 }).add('pen')
  console.log(basket.total, [...basket.names()].join(), Basket.count, basket.absent?.price ?? 'none')
  const [, year, month] = /(\d{4})-(\d\d)/u.exec('on 2026-01-02')
  console.log(year, month, 2n ** 64n, 1_000, [3, 1, 2].toSorted().join(), 'abc'.at(-1))
  console.log([1, [2, [3]]].flat(Infinity).join(), Object.fromEntries([['a', 1]]).a, 'a-b'.replaceAll('-', '+'))
  label: for (const a of [1, 2])
    for (const b of [1, 2])
      if (a * b === 2) break label
      else console.log(a, b)
}
