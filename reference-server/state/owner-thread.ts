/** The thread that owns the sessions of variant `channel`: every port that it is handed may ask it. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { serveCalls } from '../thread-calls.ts'
import { OwnedStates, type OwnerCalls } from './owner.ts'

const states = new OwnedStates()

parentPort?.on('message', (port: MessagePort) => serveCalls<OwnerCalls>(states, port))
