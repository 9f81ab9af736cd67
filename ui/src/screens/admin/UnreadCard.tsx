import { useState } from "react";
import type { OrganisationView } from "../../backend/generated/OrganisationView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { FileForm, LIST_FORMATS } from "../../components/FileForm";
import { Pager } from "../../components/Pager";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { PAGE, useUnread } from "../../state/admin";
import { useLocale } from "../../state/locale";
import { usePaging } from "../../state/paging";
import { notReadWords, organisationWords } from "../../words/admin";
import { counted } from "../../words/numbers";
import { whenWords } from "../../words/times";
import access from "./Access.module.css";
import { Person } from "./Person";
import css from "./Runs.module.css";

/** Everybody whose list the last search could not read, by name: whether HubSpot reaches them is not known. */
export function UnreadCard({ organisation, alone }: { organisation: OrganisationView; alone: boolean }) {
  const locale = useLocale();
  const { offset, setOffset, top, turn } = usePaging();
  const [exporting, setExporting] = useState(false);
  const query = useUnread(organisation.id, offset);
  const people = query.data?.people ?? [];
  const total = query.data?.total ?? 0;
  if (query.isSuccess && !query.isPlaceholderData && offset > 0 && offset >= total) setOffset(0);
  const heading = alone
    ? m.unread_heading()
    : `${m.unread_heading()} · ${organisationWords({ name: organisation.name, suite: organisation.suite })}`;
  return (
    <div ref={top} className={css.anchor}>
      <Card flush title={heading} testid="unread-card">
        <p className={access.about}>
          <T>{m.unread_hint()}</T>
        </p>
        {query.error && (
          <div className={css.foot}>
            <ErrorNote failure={query.error} />
          </div>
        )}
        {people.length > 0 && (
          <table className={css.table} data-testid="unread-table">
            <thead>
              <tr>
                <th scope="col" className={css.who}>
                  {m.col_person()}
                </th>
                <th scope="col">{m.unread_why()}</th>
                <th scope="col">{m.unread_at()}</th>
              </tr>
            </thead>
            <tbody>
              {people.map(({ address, name, why, at }) => (
                <tr key={address} data-testid="unread-row" data-address={address} data-why={why}>
                  <td className={css.who}>
                    <Person person={{ address, name, suspended: false }} />
                  </td>
                  <td>
                    <T>{notReadWords(why)}</T>
                  </td>
                  <td>{whenWords(at, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <Pager offset={offset} size={PAGE} total={total} label={m.unread_pages()} onGo={turn} />
        <div className={css.foot}>
          {exporting ? (
            <FileForm
              formats={LIST_FORMATS}
              what="unread"
              write={(backend, format, path) => backend.exportUnreadPeople(organisation.id, format, path)}
              submit={m.history_export()}
              written={({ entries, path }) => m.lines_exported({ ...counted(entries, locale), path })}
            />
          ) : (
            <Button small onPress={() => setExporting(true)} data-testid="unread-export">
              {m.unread_export()}
            </Button>
          )}
        </div>
      </Card>
    </div>
  );
}
