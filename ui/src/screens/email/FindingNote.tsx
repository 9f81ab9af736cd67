import type { Finding } from "../../backend/generated/Finding";
import type { Provider } from "../../backend/generated/Provider";
import { Note } from "../../components/Note";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { whenWords } from "../../words/times";

/** What was found out about a step that is not done, and what to do next. */
type Props = { finding: Finding; address: string; provider: Provider };

export function FindingNote({ finding, address, provider }: Props) {
  const locale = useLocale();
  const [what, next] = findingWords(finding, address, provider, whenWords(finding.at, locale));
  return (
    <Note tone="warn" title={what} live testid="step-finding">
      {next}
    </Note>
  );
}

function findingWords(finding: Finding, address: string, provider: Provider, time: string): [string, string] {
  switch (finding.is) {
    case "not_seen": {
      const name = finding.by;
      const account = finding.account ?? "";
      if (finding.same_account === true)
        return [m.finding_not_seen_same({ name, account, time }), notSeenAdvice(provider, account)];
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

const PERSONAL_GOOGLE = /@(gmail|googlemail)\.com$/i;

/** Where else to look. What an administrator granted is shown by Microsoft's list, and may be missing in Google's. */
function notSeenAdvice(provider: Provider, account: string): string {
  switch (provider) {
    case "google":
      return PERSONAL_GOOGLE.test(account)
        ? m.finding_not_seen_personal_advice()
        : m.finding_not_seen_workspace_advice();
    case "microsoft365":
      return m.finding_not_seen_microsoft_advice();
    case "outlook_com":
    case "imap":
    case "hosted":
      return m.finding_not_seen_personal_advice();
  }
}
