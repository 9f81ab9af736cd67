import type { Language } from "../../backend/generated/Language";
import type { ProgressView } from "../../backend/generated/ProgressView";
import type { RunView } from "../../backend/generated/RunView";
import { Progress } from "../../components/Progress";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { providerOf } from "../../words/admin";
import { durationWords, numberWords } from "../../words/numbers";
import { totalOf } from "../../words/runs";
import { Figures } from "./Figures";

/** How far a run is, and how it goes while it is under way in this process. */
export function RunProgress({ run }: { run: RunView }) {
  const locale = useLocale();
  const { progress, counts, suite } = run;
  const total = progress?.total ?? totalOf(run);
  const done = progress?.done ?? counts.proven + counts.left + counts.restored + counts.restoring;
  const shown = (number: number) => numberWords(number, locale);
  const words = m.run_done_of({ done: shown(done), total: shown(total) });
  const waiting = progress && progress.waiting > 0 ? shown(progress.waiting) : null;
  return (
    <div>
      <Progress label={m.run_progress()} done={done} total={total} words={words} testid="run-progress" />
      <Figures
        figures={[
          { label: m.figure_done(), value: words },
          { label: m.figure_proven(), value: shown(counts.proven) },
          ...(progress ? pace(progress, locale) : []),
        ]}
        waiting={waiting && m.provider_waits({ provider: providerOf(suite), seconds: waiting })}
      />
    </div>
  );
}

/** How it goes. Nothing is known of that while it stands still, and nothing of the time left once it is stopped. */
function pace({ rate, seconds_left, lagging, repeated, stopping }: ProgressView, locale: Language) {
  const left = stopping || seconds_left === null ? m.figure_unknown() : durationWords(seconds_left, locale);
  return [
    { label: m.figure_rate(), value: m.rate_items({ rate: rateWords(rate, locale) }) },
    { label: m.figure_left(), value: left },
    { label: m.figure_lagging(), value: numberWords(lagging, locale) },
    { label: m.figure_repeated(), value: numberWords(repeated, locale) },
  ];
}

/** Slow runs have a figure behind the point. */
const rateWords = (rate: number, locale: Language) =>
  numberWords(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate), locale);
