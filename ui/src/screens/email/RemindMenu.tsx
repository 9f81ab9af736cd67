import type { RemindIn } from "../../backend";
import type { ButtonProps } from "../../components/Button";
import { MenuButton } from "../../components/MenuButton";
import { m } from "../../paraglide/messages";
import type { Remind } from "./Answers";

const DAYS: Record<"1" | "3" | "7", { days: RemindIn; words: () => string }> = {
  1: { days: 1, words: m.remind_tomorrow },
  3: { days: 3, words: m.remind_days },
  7: { days: 7, words: m.remind_week },
};

/** Puts a job off for a while. */
export function RemindMenu({
  remind,
  ...look
}: { remind: NonNullable<Remind> } & Pick<ButtonProps, "tone" | "small">) {
  return (
    <MenuButton
      {...look}
      label={m.job_remind()}
      busy={remind.busy}
      choices={(["1", "3", "7"] as const).map((key) => ({
        key,
        label: DAYS[key].words(),
        testid: `remind-${key}`,
      }))}
      onChoose={(key) => remind.run(DAYS[key].days)}
      data-testid="job-remind"
    >
      {m.job_remind()}
    </MenuButton>
  );
}
