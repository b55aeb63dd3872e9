import { InputError } from '../../../src/model/errors.ts'
import { MAX_DEPTH, MAX_VALUES } from './value.ts'

export function brokenAt(path: string, line: number, what: string, format: string): InputError {
  return new InputError('corrupt', `${path}, line ${line}: ${what}`, {
    place: path,
    hint: `It is no whole ${format}. If it is text, save it as .txt.`,
  })
}

export function tooDeep(path: string): InputError {
  return new InputError('limit', `${path}: is nested more than ${MAX_DEPTH} deep`, {
    place: path,
    hint: 'No person reads so deep. Save the part that matters by itself.',
  })
}

export function tooManyValues(path: string): InputError {
  return new InputError('limit', `${path}: has more than ${MAX_VALUES.toLocaleString('en')} values`, {
    place: path,
    hint: 'Split it, or save it as CSV or Parquet.',
  })
}
