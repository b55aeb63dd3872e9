import { describeObstacles } from '../../model/obstacle.ts'
import { withoutNoteSign } from '../../review/todo.ts'
import type { StoredLink } from '../../store/records.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { printable } from '../../terminal/printable.ts'

/** Of an id, in a list that is looked up later: more than are printed to be read. */
const ID_LENGTH = 10

const FOOTER = `
# Change the first word of the lines that you decide about:
#   accept              the link is right
#   reject              it is not
#   reject:wrong-type   it is not, and why; with blanks in double quotes: reject:"says the opposite"
#   flag                somebody has to look at it
#   skip                you pass over it: you are not asked about it again, others are
#   leave               nothing is decided, as if the line were not there
# What you write behind " # " at the end of a line is kept as your note.
# Then: whygraph review apply FILE    (--dry-run says first what it would do)`

/** Links as a list to be edited, each with its best quote; nothing in it acts on a terminal or an editor. */
export function renderTodo(links: readonly StoredLink[]): string {
  return [...links.flatMap(linkLines), FOOTER].join('\n')
}

function linkLines(link: StoredLink): string[] {
  const [best] = link.items
  return [
    `leave ${link.id.slice(0, ID_LENGTH)}@${link.rev}  ${withoutNoteSign(renderArrow(link))}`,
    ...(best === undefined ? [] : [`#   »${printable(best.evidence)}« ${best.grounding}, ${printable(best.place)}`]),
    ...(link.obstacles.length === 0 ? [] : [`#   not to be accepted in a list: ${describeObstacles(link.obstacles)}`]),
  ]
}
