/** What `splitbrain new workflow` writes: a hunt every night, spread over four machines of GitHub Actions. */

/** From the top of the repository. */
export const workflowPath = ".github/workflows/NAME.yaml";

/** NAME stands for the workflow's name. What is hunted in is set at its top. */
export const workflowTemplate = `# Every night, other seeds: a failure turns it red, and its shrunk scenario is kept as an artefact. To see it again:
#   splitbrain run FILE.failure.yaml && splitbrain view FILE.failure.yaml
name: NAME
on:
  schedule:
    - cron: "17 2 * * *"
  workflow_dispatch:

permissions:
  contents: read

env:
  SCENARIO: raft/random-faults     # a bundled scenario, or a file of this repository
  RUNS: 20000                      # of all shards together
  SHARDS: 4                        # as many as the matrix has
  FIRST_SEED: \${{ github.run_number }}000000

jobs:
  hunt:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    strategy:
      fail-fast: false             # a failure in one shard is no reason not to look at the others
      matrix:
        shard: [1, 2, 3, 4]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22, cache: npm }
      - run: npm ci
      - name: Hunt
        run: npx splitbrain hunt "$SCENARIO" --seed "$FIRST_SEED" --runs "$RUNS" --shard \${{ matrix.shard }}/$SHARDS --reporter github --out hunt
      - name: Keep the failing scenario
        if: failure()
        uses: actions/upload-artifact@v4
        with: { name: "failure-\${{ matrix.shard }}", path: "hunt/*.failure.*", if-no-files-found: ignore }
      - name: Keep the journal, for the report of all shards
        if: always()
        uses: actions/upload-artifact@v4
        with: { name: "journal-\${{ matrix.shard }}", path: "hunt/*.hunt.jsonl", retention-days: 7 }

  report:
    needs: hunt
    if: always()
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22, cache: npm }
      - run: npm ci
      - uses: actions/download-artifact@v4
        with: { pattern: journal-*, path: journals, merge-multiple: true }
      - name: What all shards come to
        run: npx splitbrain merge journals --reporter github --out report
      - name: Keep the first failure of each kind
        if: failure()
        uses: actions/upload-artifact@v4
        with: { name: failures, path: "report/*.failure.*", if-no-files-found: ignore }
`;
