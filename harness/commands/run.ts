import { type CampaignEvents, type CampaignRequest, runCampaign } from '../campaign.ts'
import { type LoadedConfig, loadConfig } from '../config.ts'
import { engines } from '../engine/table.ts'
import type { Run } from '../record/schema.ts'
import { goOnWith, type ParsedArguments, readArguments } from './arguments.ts'
import { endingOf, type LivePages, livePurpose, withLivePages } from './live/option.ts'
import type { Command } from './port.ts'
import { ProgressPrinter } from './progress.ts'
import { exitCodeOf } from './run/exit-code.ts'
import { printedTable, writeOutputs } from './run/outputs.ts'
import { readRequest, runOptions } from './run/request.ts'
import { printPaths } from './words.ts'

const help = `  <campaign>           its name in the config; "main" unless given
      --quick          one block and short loads: shows that everything works; gives no verdict
      --variant NAMES  only these variants (the baseline always runs); commas or several times
      --scenario NAMES only these scenarios
      --blocks N       so many blocks
      --seed N         repeats the random order of another run
      --resume [RUN]   goes on with a run that was cut off; the newest of the campaign unless named
      --live[=PORT]    ${livePurpose}
      --config FILE    weir.config.ts unless given

Records, logs and report.html are written under .weir/runs/<id>/ after every trial and block; of claims also
claims.json, of an ablation ablation.json. A resumed run keeps its seed, its plan and what is finished.
Exit codes: 0, 1 no trial was usable, a task of a suite failed, or a variant of a saturation has no maximum or holds
not even the lowest rate, 104 invalid configuration, 105 interrupted (what was finished is kept).`

export const run: Command = {
  synopsis: '[campaign] [options]',
  purpose: 'Measures the variants of a campaign against one another and writes a report.',
  help,
  async run(args, signal) {
    const parsed = readArguments(args, runOptions)
    const config = await loadConfig(parsed.value('config'))
    const request = await readRequest(config, parsed)
    return await withLivePages(parsed.value('live'), `weir run ${request.name}`, (pages) =>
      measure({ config, request, parsed, pages }, signal),
    )
  },
}

interface Asked {
  config: LoadedConfig
  request: CampaignRequest
  parsed: ParsedArguments
  pages: LivePages
}

async function measure({ config, request, parsed, pages }: Asked, signal: AbortSignal): Promise<number> {
  const printer = new ProgressPrinter(process.stdout, { pages })
  try {
    const { run, dir } = await runCampaign(config, request, engines, printEvents(printer), signal)
    printer.end()
    const written = await writeOutputs(run, dir)
    pages?.ended(endingOf(run, written.report))
    console.log(`\n${run.header.status === 'interrupted' ? keptInWords(run, parsed) : printedTable(run)}`)
    printPaths(written)
    return exitCodeOf(run)
  } finally {
    printer.end()
  }
}

function printEvents(printer: ProgressPrinter): CampaignEvents {
  let dir = ''
  return {
    planned: (stored, plan) => {
      dir = stored.dir
      printer.plan(stored.header, plan)
    },
    trialStarted: (trial, number) => printer.trialStarted(trial, number),
    stage: (text) => printer.stage(text),
    progress: (progress) => printer.progress(progress),
    trialEnded: (record) => printer.trialEnded(record),
    blockEnded: async (run, block) => {
      printer.end()
      await writeOutputs(run, dir)
      const { blocks } = run.header
      if (block < blocks) console.log(`\nblock ${block} of ${blocks} is in; so far:\n\n${printedTable(run)}`)
    },
  }
}

const keptInWords = ({ records }: Run, parsed: ParsedArguments): string =>
  `interrupted: ${records.length} finished trials are kept; ${goOnWith('weir run', parsed, ['config'])}\n`
