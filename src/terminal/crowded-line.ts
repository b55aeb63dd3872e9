/** That nobody is asked who some names are, and why. */
export function crowdedLine(crowded: number): string {
  const what = crowded === 1 ? 'name may mean' : 'names may mean'
  return `names      ${crowded} ${what} so many others as well that nobody is asked which`
}
