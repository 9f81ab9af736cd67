import { AppFailure } from "../../backend";
import type { Language } from "../../backend/generated/Language";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import type { SearchingView } from "../../backend/generated/SearchingView";
import type { SearchView } from "../../backend/generated/SearchView";
import type { Suite } from "../../backend/generated/Suite";
import { Button } from "../../components/Button";
import { ErrorNote } from "../../components/ErrorNote";
import { Note } from "../../components/Note";
import { Progress } from "../../components/Progress";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useCommand } from "../../state/overview";
import { providerOf, sentences } from "../../words/admin";
import { counted, durationWords, numberWords } from "../../words/numbers";
import { type Mark, whole } from "../../words/sides";
import { whenWords } from "../../words/times";
import { Fact } from "./Fact";
import { Figures } from "./Figures";

/** The last search or the one under way, and the button between them. */
export function SearchFact({ organisation, strong }: { organisation: OrganisationView; strong: boolean }) {
  const locale = useLocale();
  const { id, sign_in, searched, searching } = organisation;
  const search = useCommand((backend) => backend.searchOrganisation(id));
  const stop = useCommand((backend) => backend.stopSearch(id));
  const possible = sign_in !== null && sign_in.refused_since === null;
  return (
    <Fact
      mark={searching ? "waiting" : markOf(searched)}
      testid="fact-search"
      state={
        <span role="status">
          <T>
            {searching?.log
              ? m.search_reads_log()
              : searching
                ? m.search_under_way()
                : searched
                  ? foundWords(searched, locale)
                  : m.search_never()}
          </T>
        </span>
      }
      detail={searched ? detailWords(searched, locale) : m.search_never_hint()}
      actions={
        searching ? (
          <Button small busy={stop.busy} onPress={() => void stop.run()} data-testid="search-stop">
            {m.search_stop()}
          </Button>
        ) : (
          possible && (
            <Button
              small
              tone={strong && !searched ? "strong" : "plain"}
              busy={search.busy}
              onPress={() => void search.run()}
              data-testid="search-start"
            >
              {searched ? m.search_again() : m.search_start()}
            </Button>
          )
        )
      }
    >
      <ErrorNote failure={search.failure} onDismiss={search.forget} />
      <ErrorNote failure={stop.failure} onDismiss={stop.forget} />
    </Fact>
  );
}

function markOf(searched: SearchView | null): Mark | "warn" {
  if (!searched) return "unknown";
  const whole = searched.complete && !searched.log_only && searched.unread === 0 && !searched.short;
  return whole ? "ok" : "warn";
}

function foundWords(found: SearchView, locale: Language): string {
  const accesses = whole(m.count_accesses(counted(found.accesses, locale)));
  if (found.log_only) return m.search_found_log({ accesses });
  return m.search_found({ people: whole(m.count_people(counted(found.people, locale))), accesses });
}

function detailWords(found: SearchView, locale: Language): string {
  const parts = [m.search_at({ time: whenWords(found.at, locale) })];
  if (!found.complete) parts.push(m.search_incomplete());
  if (found.short) {
    const [told, came] = [found.short.told, found.short.came].map((number) => numberWords(number, locale));
    parts.push(m.search_short({ told: told ?? "", came: came ?? "" }));
  }
  if (found.unread > 0) parts.push(m.search_unread(counted(found.unread, locale)));
  return sentences(parts);
}

/** How the search goes; why the last one stopped; and what a search by the log alone is worth. */
export function SearchNotes({ organisation }: { organisation: OrganisationView }) {
  const { suite, sign_in, searched, searching, search_failed } = organisation;
  if (searching) return <Searching suite={suite} searching={searching} />;
  return (
    <>
      {search_failed && !sign_in?.refused_since && (
        <ErrorNote failure={AppFailure.from(search_failed)}>
          <p>
            <T>{m.search_failed_hint()}</T>
          </p>
        </ErrorNote>
      )}
      {searched?.log_only && (
        <Note tone="warn" title={m.search_log_only()} testid="search-log-only">
          <T>{m.search_log_only_hint()}</T>
        </Note>
      )}
    </>
  );
}

/** The figures of a search, each in a place of its own, so that nothing moves while they change. */
function Searching({ suite, searching }: { suite: Suite; searching: SearchingView }) {
  const locale = useLocale();
  const { known, accesses, rate, seconds_left, waiting, log } = searching;
  const people = searching.people + searching.unread;
  const shown = (number: number) => numberWords(number, locale);
  const words = m.search_people({ people: shown(people), known: shown(known) });
  const waits =
    waiting > 0 ? m.provider_waits({ provider: providerOf(suite), seconds: shown(waiting) }) : null;
  if (log) {
    return (
      <div data-testid="search-log">
        <p>
          <T>{m.search_reads_log_hint()}</T>
        </p>
        <Figures
          figures={[
            { label: m.figure_log_lines(), value: shown(log.lines) },
            {
              label: m.figure_log_back(),
              value: log.back_to ? whenWords(log.back_to, locale) : m.figure_unknown(),
            },
            { label: m.figure_rate(), value: m.rate_calls({ rate: shown(Math.round(rate)) }) },
          ]}
          waiting={waits}
        />
      </div>
    );
  }
  return (
    <>
      <Progress
        label={m.search_under_way()}
        done={people}
        total={known}
        words={words}
        testid="search-progress"
      />
      <Figures
        figures={[
          { label: m.figure_people(), value: words },
          { label: m.figure_accesses(), value: shown(accesses) },
          { label: m.figure_rate(), value: m.rate_calls({ rate: shown(Math.round(rate)) }) },
          {
            label: m.figure_left(),
            value: seconds_left === null ? m.figure_unknown() : durationWords(seconds_left, locale),
          },
        ]}
        waiting={waits}
      />
    </>
  );
}
