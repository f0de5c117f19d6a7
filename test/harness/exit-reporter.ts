// Ends a run that something keeps alive, as a failure, instead of letting it hang. The timer holds nothing up: it fires only
// when something else does.
const graceMs = 5_000

export default class EndsByItself {
  onRunComplete(): void {
    setTimeout(() => {
      process.stderr.write("Jest is held open by what a test file left behind: see the failures above, or run with --detectOpenHandles.\n")
      process.exit(1)
    }, graceMs).unref()
  }
}
