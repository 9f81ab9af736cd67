import { useState } from "react";
import type { NoticeView } from "../../backend/generated/NoticeView";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { TextField } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { useDesktop, useNotices } from "../../state/notices";
import { useCommand } from "../../state/overview";
import { placeRoute, toHash } from "../../state/route";
import { useSettled } from "../../state/settled";
import { noticeWords } from "../../words/notices";
import { whenWords } from "../../words/times";
import settings from "../settings/Settings.module.css";
import css from "./Notices.module.css";

/** So many need no search. */
const FEW = 20;

/** Everything the acting member was told, newest first. */
export function NoticesScreen() {
  const [typed, setTyped] = useState("");
  const text = useSettled(typed.trim());
  const query = useNotices(text);
  const desktop = useDesktop();
  const read = useCommand((backend, id: number) => backend.readNotice(id));
  const all = useCommand((backend) => backend.readAllNotices());
  const notices = query.data?.pages.flatMap((page) => page.notices) ?? [];
  const { unread = 0, total = 0 } = query.data?.pages[0] ?? {};

  return (
    <>
      <h1 className={settings.title}>{m.notices_heading()}</h1>
      <Card
        flush
        testid="notices-card"
        title={m.notices_list()}
        aside={
          <>
            <span className={settings.status} role="status">
              {m.notices_unread({ count: unread })}
            </span>
            <span className={css.spring} />
            <a className={css.link} href={toHash({ screen: "alerts" })} data-testid="notices-settings">
              {m.notices_to_settings()}
            </a>
            <Button
              small
              isDisabled={unread === 0}
              busy={all.busy}
              onPress={() => void all.run()}
              data-testid="notices-read-all"
            >
              {m.notices_read_all()}
            </Button>
          </>
        }
      >
        <ErrorNote failure={query.error ?? all.failure ?? read.failure} />
        {desktop.data && !desktop.data.popups && (
          <p className={css.empty} data-testid="notices-list-only">
            <T>{m.alerts_no_popups_hint()}</T>
          </p>
        )}
        {(text !== "" || total > FEW) && (
          <search className={css.search}>
            <TextField
              label={m.notices_search()}
              type="search"
              value={typed}
              onChange={setTyped}
              testid="notices-text"
            />
          </search>
        )}
        {query.isSuccess && notices.length === 0 && (
          <p className={css.empty} data-testid="notices-empty">
            <T>{text === "" ? m.notices_empty() : m.notices_none_found()}</T>
          </p>
        )}
        <ul aria-label={m.notices_list()}>
          {notices.map((notice) => (
            <li key={notice.id}>
              <Line notice={notice} onFollow={() => notice.unread && void read.run(notice.id)} />
            </li>
          ))}
        </ul>
        {query.hasNextPage && (
          <div className={css.more}>
            <Button
              busy={query.isFetchingNextPage}
              onPress={() => void query.fetchNextPage()}
              data-testid="notices-more"
            >
              {m.history_more()}
            </Button>
          </div>
        )}
      </Card>
    </>
  );
}

/** A whole line leads to what it is about. */
function Line({ notice, onFollow }: { notice: NoticeView; onFollow: () => void }) {
  const locale = useLocale();
  const { title, next } = noticeWords(notice);
  const time = whenWords(notice.at, locale);
  return (
    <a
      className={css.line}
      href={toHash(placeRoute(notice.place))}
      onClick={onFollow}
      data-testid="notice-row"
      data-notice={notice.id}
      data-kind={notice.what.kind}
      data-unread={notice.unread || undefined}
      data-corrected={notice.corrected_at !== null || undefined}
    >
      <span className={css.dot}>
        {notice.unread && <span className="sr-only">{m.notices_is_unread()}</span>}
      </span>
      <span className={css.text}>
        <strong className={css.title}>
          <T>{title}</T>
        </strong>
        {notice.corrected_at ? (
          <span className={css.corrected} data-testid="notice-corrected">
            <T>{m.notices_corrected({ time: whenWords(notice.corrected_at, locale) })}</T>
          </span>
        ) : (
          next && (
            <span className={css.next}>
              <T>{next}</T>
            </span>
          )
        )}
        <span className={css.faint}>
          {notice.by ? m.notices_by({ name: notice.by, time }) : m.notices_by_app({ time })}
        </span>
      </span>
    </a>
  );
}
