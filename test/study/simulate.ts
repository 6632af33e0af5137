import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { simulationPage } from './simulate/page.ts'
import { runSimulation, type SimulationOptions } from './simulate/simulation.ts'

/** What docs/study/simulation.md was made with. */
export const simulationOptions: SimulationOptions = { comparisons: 20_000, seed: 7 }

/** Simulates and writes the page: the same seed gives the same bytes. */
export async function simulate(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'simulation.md'), simulationPage(runSimulation(simulationOptions), simulationOptions))
  console.log(`simulation.md: ${dir}`)
}
