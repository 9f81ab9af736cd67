import type { Finding } from "../../backend/generated/Finding";
import { Note } from "../../components/Note";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { whenWords } from "../../words/times";

/** What was found out about a step that is not done, and what to do next. */
export function FindingNote({ finding, address }: { finding: Finding; address: string }) {
  const locale = useLocale();
  const [what, next] = findingWords(finding, address, whenWords(finding.at, locale));
  return (
    <Note tone="warn" title={what} live testid="step-finding">
      {next}
    </Note>
  );
}

function findingWords(finding: Finding, address: string, time: string): [string, string] {
  switch (finding.is) {
    case "not_seen": {
      const name = finding.by;
      const account = finding.account ?? "";
      if (finding.same_account === true)
        return [m.finding_not_seen_same({ name, account, time }), m.finding_not_seen_same_advice()];
      if (finding.same_account === false)
        return [
          m.finding_not_seen_other({ name, account, time }),
          m.finding_not_seen_other_advice({ address }),
        ];
      return [m.finding_not_seen_unknown({ name, time }), m.finding_not_seen_unknown_advice({ address })];
    }
    case "still_there":
      return [m.finding_still_there({ time }), m.finding_still_there_advice()];
    case "token_dead":
      return [m.finding_token_dead({ time }), m.finding_token_dead_advice()];
    case "no_answer":
      return [m.finding_no_answer({ time }), m.finding_no_answer_advice()];
    case "not_forgotten":
      return [m.finding_not_forgotten({ time }), m.finding_not_forgotten_advice()];
  }
}
