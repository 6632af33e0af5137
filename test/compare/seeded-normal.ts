/** Standard normal numbers from a seed: a 32-bit xorshift (Marsaglia 2003) through the Box-Muller transform. */
export function seededNormal(seed: number): () => number {
  let state = seed >>> 0 || 1
  const uniform = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}
