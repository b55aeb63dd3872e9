/** A file of a source as it is now. */
export interface FoundFile {
  readonly path: string
  /** Null where it cannot be read now, or nobody had to look: then its path alone says which document it is. */
  readonly contentHash: string | null
}

/** A document that the store has of a source; none that was found inside another. */
export interface KnownDocument {
  readonly id: string
  /** Where it was found last. */
  readonly path: string
  /** Of what was read of it last; empty where not all of it was stored. */
  readonly contentHash: string
  /** It was found to be gone before, and says nothing since. */
  readonly isGone: boolean
  /** Nothing stands at its path any more. */
  readonly isMissing: boolean
  /** It lies where this run looks, so that it may be found to be gone. */
  readonly isJudged: boolean
}

export type Change = 'new' | 'changed' | 'unchanged' | 'moved' | 'returned'

/** What is to be done about a file, and which document it is. */
export interface PlannedFile {
  readonly path: string
  readonly contentHash: string | null
  readonly change: Change
  readonly id: string
  /** Of one that moved: where it was. */
  readonly from?: string
}

/** What is to be done about a source. `gone` are documents that are not there any more, by their paths. */
export interface SourcePlan<Known extends KnownDocument = KnownDocument> {
  readonly files: readonly PlannedFile[]
  readonly gone: readonly Known[]
}

/** What is to be done about a file that was found, given what the store has under the same id. */
export function planDocument(
  found: { readonly contentHash: string },
  stored: { readonly contentHash: string } | undefined,
): 'new' | 'changed' | 'unchanged' {
  if (stored === undefined) return 'new'
  return stored.contentHash === found.contentHash ? 'unchanged' : 'changed'
}

/**
 * Compares a source as it is now with what the store has of it. What stands where it stood is the same document,
 * changed or not. One whose path is empty, or holds what was another's, is where its content is now: it has moved, also
 * when files change places or each takes the place of the next. A path that still is there and holds what nobody has
 * read is the same document, changed, though a copy of the old content lies elsewhere. Of several files with one content
 * the first by path goes with the first document by path. What is left over is new, or gone.
 *
 * @param newId the id of a document that is first seen at a path; with a number above 0 where that id is another's
 */
export function planSource<Known extends KnownDocument>(
  found: readonly FoundFile[],
  known: readonly Known[],
  newId: (path: string, number: number) => string,
): SourcePlan<Known> {
  const files = found.toSorted(byPath)
  const documents = known.toSorted((a, b) => Number(a.isGone) - Number(b.isGone) || byPath(a, b))
  const foundAt = new Map(files.map((file) => [file.path, file]))
  const knownAt = Map.groupBy(documents, ({ path }) => path)
  const byContent = Map.groupBy(
    documents.filter(({ contentHash }) => contentHash !== ''),
    ({ contentHash }) => contentHash,
  )
  const planned = new Map<string, PlannedFile>()
  const taken = new Set<string>()

  const assign = (pick: (file: FoundFile) => readonly Known[], changeOf: (document: Known) => Change): void => {
    for (const { path, contentHash } of files) {
      if (planned.has(path)) continue
      const document = pick({ path, contentHash }).find(({ id }) => !taken.has(id))
      if (document === undefined) continue
      const from = document.path === path ? {} : { from: document.path }
      planned.set(path, { path, contentHash, change: changeOf(document), id: document.id, ...from })
      taken.add(document.id)
    }
  }
  const at = (path: string): readonly Known[] => knownAt.get(path) ?? []
  const holding = (contentHash: string | null | undefined): readonly Known[] => byContent.get(contentHash ?? '') ?? []

  /** Another document's content stands where this one stood. */
  const isDisplaced = (document: Known): boolean =>
    holding(foundAt.get(document.path)?.contentHash).some(({ id }) => id !== document.id)
  /** That it was there before means that what was there has made room. */
  const wasTaken = (path: string): boolean => at(path).some(({ isGone }) => !isGone)
  const mayBeAt = (document: Known, path: string): boolean =>
    document.isGone || document.isMissing || (foundAt.has(document.path) && (wasTaken(path) || isDisplaced(document)))

  const same = ({ path, contentHash }: FoundFile): Known[] =>
    at(path).filter((document) => document.contentHash === contentHash)
  const isBack = ({ isGone }: Known): Change => (isGone ? 'returned' : 'unchanged')
  assign(same, isBack)
  assign(
    ({ path, contentHash }) => holding(contentHash).filter((document) => mayBeAt(document, path)),
    () => 'moved',
  )
  assign(
    ({ path }) => at(path),
    ({ isGone }) => (isGone ? 'returned' : 'changed'),
  )

  const ids = new Set(known.map(({ id }) => id))
  for (const { path, contentHash } of files) {
    if (planned.has(path)) continue
    let number = 0
    while (ids.has(newId(path, number))) number += 1
    const id = newId(path, number)
    ids.add(id)
    planned.set(path, { path, contentHash, change: 'new', id })
  }

  const isLeft = ({ id, path, isGone, isMissing, isJudged }: Known): boolean =>
    isJudged && !isGone && !taken.has(id) && (isMissing || foundAt.has(path))
  return { files: found.flatMap(({ path }) => planned.get(path) ?? []), gone: documents.filter(isLeft) }
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}
