/** Noise that a comparison may meet, as the logarithms of two sides that are the same server: what differs is chance. */

/** Uniform in [0, 1). */
type Uniform = () => number

export interface Noise {
  title: string
  /** What is drawn, for the table. */
  description: string
  /** ln of a number of the trials of one comparison, in the order in which they run; the unit is the trial's own spread. */
  levels(trials: number, random: Uniform): number[]
}

/** Standard normal (Box and Muller). */
const normal = (random: Uniform): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const each = (trials: number, draw: (at: number) => number): number[] =>
  Array.from({ length: trials }, (_, at) => draw(at))

/** A level that goes on from trial to trial, with the trial's own spread on it. */
function walking(trials: number, random: Uniform, next: (level: number) => number): number[] {
  let level = 0
  return each(trials, () => {
    level = next(level)
    return level + normal(random)
  })
}

/** Student's t of 2 degrees of freedom: a normal over the root of an exponential; its variance is infinite. */
const student2 = (random: Uniform): number => normal(random) / Math.sqrt(-Math.log(1 - random()))

/** Of 3 degrees of freedom: the heaviest tails that still have a variance. */
const student3 = (random: Uniform): number =>
  normal(random) / Math.sqrt((normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3)

const exponential = (random: Uniform): number => -Math.log(1 - random())

export const noises: readonly Noise[] = [
  {
    title: 'normal',
    description: 'each trial on its own',
    levels: (trials, random) => each(trials, () => normal(random)),
  },
  {
    title: 'heavy tails',
    description: "Student's t of 2 degrees of freedom",
    levels: (trials, random) => each(trials, () => student2(random)),
  },
  {
    title: 'less heavy tails',
    description: "Student's t of 3 degrees of freedom",
    levels: (trials, random) => each(trials, () => student3(random)),
  },
  {
    title: 'double exponential',
    description: 'Laplace: a sharp peak, and tails on both sides',
    levels: (trials, random) => each(trials, () => exponential(random) - exponential(random)),
  },
  {
    title: 'outliers',
    description: 'one trial in ten spreads ten times as far',
    levels: (trials, random) => each(trials, () => normal(random) * (random() < 0.1 ? 10 : 1)),
  },
  {
    title: 'stalls',
    description: 'one trial in twenty is 8 spreads slower, never faster',
    levels: (trials, random) => each(trials, () => normal(random) + (random() < 0.05 ? 8 : 0)),
  },
  {
    title: 'skewed',
    description: 'exponential: a floor, and a tail above it',
    levels: (trials, random) => each(trials, () => exponential(random)),
  },
  {
    title: 'log-normal',
    description: 'the exponential of a normal: skewed, with a heavy tail',
    levels: (trials, random) => each(trials, () => Math.exp(normal(random))),
  },
  {
    title: 'second place',
    description: 'the second trial of each pair is slower by a spread',
    levels: (trials, random) => each(trials, (at) => (at % 2) + normal(random)),
  },
  {
    title: 'drift',
    description: 'all gets slower by a tenth of a spread from trial to trial',
    levels: (trials, random) => each(trials, (at) => at / 10 + normal(random)),
  },
  {
    title: 'random walk',
    description: 'the level moves by half a spread from trial to trial',
    levels: (trials, random) => walking(trials, random, (level) => level + 0.5 * normal(random)),
  },
  {
    title: 'neighbours',
    description: 'a level of which three quarters stay from trial to trial',
    levels: (trials, random) => walking(trials, random, (level) => 0.75 * level + normal(random)),
  },
  {
    title: 'cycle',
    description: 'a sine of 2 spreads over 23 trials, which begins anywhere',
    levels: (trials, random) => {
      const phase = random()
      return each(trials, (at) => 2 * Math.sin(2 * Math.PI * (phase + at / 23)) + normal(random))
    },
  },
  {
    title: 'growing',
    description: 'the spread of the last trial is four times that of the first',
    levels: (trials, random) => each(trials, (at) => normal(random) * (1 + (3 * at) / trials)),
  },
]
