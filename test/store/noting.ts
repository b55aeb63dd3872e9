import type { GraphWriter } from '../../src/store/database.ts'

/** The same writer, which tells of each call before it is made. */
export function noting(writer: GraphWriter, tell: (name: PropertyKey, args: readonly unknown[]) => void): GraphWriter {
  return new Proxy(writer, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...args: unknown[]): unknown => {
        tell(name, args)
        return Reflect.apply(method, target, args)
      }
    },
  })
}
