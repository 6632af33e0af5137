/**
 * The gateway as a mere forwarder: requests that the model answers itself, passed through with status, headers, body and
 * errors as they are.
 *
 * Shows row 2 of the list of optimisations. Runs on stock k6 too.
 *
 *   passed_on_wrong   answers whose status, headers or body are not the model's own
 *
 *   RATE completions/s, SECONDS of them, BASE_URL, STUB_URL
 */
import { check } from 'k6'
import exec from 'k6/execution'
import http, { type RefinedResponse, type ResponseType } from 'k6/http'
import { Counter } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { AnswerCheck, answersRight, parse } from './lib/answers.ts'
import { baseUrl, jsonHeaders, keyOf, recordWholeTurn, setting } from './lib/turn.ts'

const rate = setting('RATE', 250)
const seconds = setting('SECONDS', 10)

const passedOnWrong = new Counter('passed_on_wrong')

export const options: Options = {
  scenarios: {
    paced: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 100,
      maxVUs: 600,
      gracefulStop: '5s',
    },
    others: {
      executor: 'constant-arrival-rate',
      exec: 'others',
      rate: 10,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 5,
      maxVUs: 50,
      gracefulStop: '5s',
    },
  },
  ext: {
    weir: {
      primary: 'http_req_duration{scenario:paced} p(50)',
      voidUnless: { ...answersRight, ...nothingLeft, passed_on_wrong: ['count==0'] },
    },
  },
}

type Answered = RefinedResponse<ResponseType | undefined>

interface Completion {
  choices: [{ message: { content: string } }]
  usage: { completion_tokens: number }
}

const complete = (session: string, turn: number, content: string): Answered => {
  const request = {
    model: 'stub-8',
    messages: [{ role: 'user', content }],
    metadata: { session, turn: `${turn}` },
  }
  const headers = jsonHeaders(keyOf(turn))
  return http.post(`${baseUrl}/v1/proxy/chat/completions`, JSON.stringify(request), { headers })
}

export default function completion(): void {
  const turn = exec.scenario.iterationInTest
  const response = complete('proxy', turn, 'What is the answer?')
  const body = response.status === 200 ? parse<Completion>(response.body) : null
  const isGood = check(response, {
    'the completion came': ({ status }) => status === 200,
    'it is the one that was asked for': () =>
      response.status !== 200 || new AnswerCheck('proxy', turn).takeWhole(wholeOf(turn, body)),
  })
  recordWholeTurn(response.timings, isGood && response.status === 200)
}

const wholeOf = (turn: number, body: Completion | null) =>
  body && { turn, tokens: body.usage.completion_tokens, content: body.choices[0].message.content }

/** What else is passed on: other routes, and errors with what they say. */
export function others(): void {
  const turn = exec.scenario.iterationInTest
  const kinds = [listModels, embed, tooMany, unknownRoute]
  const isAsItIs = (kinds[turn % kinds.length] as (turn: number) => boolean)(turn)
  if (!isAsItIs) passedOnWrong.add(1)
}

const listModels = (turn: number): boolean => {
  const response = http.get(`${baseUrl}/v1/proxy/models`, { headers: jsonHeaders(keyOf(turn)) })
  const list = parse<{ object: string; data: unknown[] }>(response.body)
  return response.status === 200 && list?.object === 'list' && list.data.length > 0
}

const embed = (turn: number): boolean => {
  const body = JSON.stringify({ model: 'stub-8', input: `text ${turn}` })
  const response = http.post(`${baseUrl}/v1/proxy/embeddings`, body, { headers: jsonHeaders(keyOf(turn)) })
  return response.status === 200 && parse<{ data: unknown[] }>(response.body)?.data.length === 1
}

const errorOf = ({ body }: Answered): string | undefined => parse<{ error: { message: string } }>(body)?.error.message

const tooMany = (turn: number): boolean => {
  const response = complete('proxy-others', turn, 'stub:status-429')
  const { status, headers } = response
  return status === 429 && headers['Retry-After'] === '7' && errorOf(response) === 'the stub was told to fail'
}

const unknownRoute = (turn: number): boolean => {
  const response = http.get(`${baseUrl}/v1/proxy/no-such-thing`, { headers: jsonHeaders(keyOf(turn)) })
  return response.status === 404 && errorOf(response)?.startsWith('no GET /v1/no-such-thing') === true
}

export const teardown = lookAfterwards
