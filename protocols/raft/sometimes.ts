/** Good and rare things that a campaign should have reached: where no run did, a clean one says little about those rules. */
export const sometimes = {
  "vote.denied-taken": "A vote was denied because the node had given it to another in this term (§5.2).",
  "vote.denied-outdated": "A vote was denied because the candidate's log is behind (§5.4.1).",
  "vote.split": "A candidate's time was up before anybody had won its term (§5.2).",
  "prevote.denied": "A node foretold that it would not vote (dissertation §9.6).",
  "leader.unseated": "A leader met a higher term (§5.1).",
  "leader.unheard": "A leader that no majority answered made way (dissertation §6.2).",
  "append.denied-deposed": "A message of a leader that had been deposed was refused (§5.1).",
  "append.denied-gap": "A message was refused because the log does not reach, or does not agree, up to where it begins (§5.3).",
  "entry.cut": "A follower cut off entries that conflict with its leader's (§5.3).",
  "entry.committed-late": "A leader committed an entry of an earlier term, with one of its own (§5.4.2).",
  "command.repeated": "A command was asked for again, and answered without being proposed again (§8).",
  "read.sent-away": "A leader lost its lead while a read waited for it to be confirmed (dissertation §6.4).",
} as const;
