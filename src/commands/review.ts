import type { Command } from 'commander'
import type { Context } from './context.ts'
import { addReviewAdd } from './review/add.ts'
import { addReviewAgree } from './review/agree.ts'
import { addReviewApply } from './review/apply.ts'
import { addAdjudicate } from './review/adjudicate.ts'
import { addClaims } from './review/claim.ts'
import { addDesk } from './review/desk.ts'
import { addReviewEntity } from './review/entity.ts'
import { addReviewExport } from './review/export.ts'
import { addReviewFix } from './review/fix.ts'
import { addReviewList } from './review/list.ts'
import { addReviewLog } from './review/log.ts'
import { addNext } from './review/next.ts'
import { addRemarks } from './review/remarks.ts'
import { addReviewRules } from './review/rules.ts'
import { addReviewShow } from './review/show.ts'
import { addReviewStats } from './review/stats.ts'
import { addVerdicts } from './review/verdicts.ts'

/** `review` and the commands below it: each stands in a file of its own in `review/`. */
export function addReview(program: Command, context: Context): void {
  const review = program
    .command('review')
    .summary('accept, reject and undo links; works while an ingest runs')
    .description(
      'Example: whygraph review list --limit 5, then whygraph review accept k3vq7x --reason "seen the minutes"',
    )
  addDesk(review, context)
  addReviewList(review, context)
  addNext(review, context)
  addClaims(review, context)
  addReviewShow(review, context)
  addVerdicts(review, context)
  addReviewApply(review, context)
  addRemarks(review, context)
  addAdjudicate(review, context)
  addReviewFix(review, context)
  addReviewAdd(review, context)
  addReviewRules(review, context)
  addReviewEntity(review, context)
  addReviewLog(review, context)
  addReviewStats(review, context)
  addReviewAgree(review, context)
  addReviewExport(review, context)
}
