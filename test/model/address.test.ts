import { describe, expect, it } from 'vitest'
import { withoutCredentials, withoutLogin } from '../../src/model/address.ts'

describe('an address for people', () => {
  it.each([
    ['https://api.example.com/v1', 'https://api.example.com/v1'],
    ['neo4j://bob:s3cret@host:7687', 'neo4j://host:7687'],
    ['neo4j+s://bob:s3@cret@host', 'neo4j+s://host'],
    ['bob:s3cret@host:7687', 'host:7687'],
    ['https://s3cret@host/v1', 'https://host/v1'],
    ['https://host/v1?api-version=2&key=s3cret', 'https://host/v1?api-version=…&key=…'],
    ['https://host/v1?s3cret', 'https://host/v1?…'],
    ['https://host/v1#s3cret', 'https://host/v1?…'],
    ['bolt://bob:s3/cr?et@host', 'bolt://…@host'],
    ['https://host/run/@org/model', 'https://…@org/model'],
    ['neo4j', 'neo4j'],
    ['/home/ana@example/.whygraph', '/home/ana@example/.whygraph'],
    [String.raw`C:\ana@example\store`, String.raw`C:\ana@example\store`],
    ['C:/ana@example/store', 'C:/ana@example/store'],
    ['/home/ana/http:/bob:s3cret@host', '/home/ana/http:/host'],
  ])('%s', (url, shown) => {
    expect(withoutCredentials(url)).toBe(shown)
  })

  it('to connect to keeps its query', () => {
    expect(withoutLogin('neo4j://bob:s3cret@host:7687?region=eu')).toBe('neo4j://host:7687?region=eu')
  })
})
