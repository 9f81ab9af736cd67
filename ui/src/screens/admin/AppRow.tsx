import type { AppView } from "../../backend/generated/AppView";
import type { Suite } from "../../backend/generated/Suite";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { publisherWords } from "../../words/admin";
import { counted } from "../../words/numbers";
import css from "./Apps.module.css";

/** An app, with what speaks for and against its being HubSpot's. */
export function AppRow({
  app,
  suite,
  busy,
  onPress,
}: {
  app: AppView;
  suite: Suite;
  busy: boolean;
  onPress: () => void;
}) {
  const locale = useLocale();
  const { name } = app;
  return (
    <li className={css.app} data-testid="app-row" data-app={app.key} data-likeness={app.likeness}>
      <div className={css.what}>
        <p className={css.name}>
          <StateMark mark={app.chosen ? "said" : app.likeness === "look_alike" ? "warn" : "unknown"} />
          <span>{name}</span>
          {app.chosen && <Badge>{m.app_is_chosen()}</Badge>}
        </p>
        <p className={css.faint}>
          <T>{publisherWords(app, suite)}</T>
        </p>
        <p className={css.id}>{app.client_id}</p>
        {app.likeness === "look_alike" && (
          <p className={css.alike} data-testid="look-alike">
            <T>{m.app_look_alike()}</T>
          </p>
        )}
      </div>
      <span className={css.count} title={app.accesses === null ? m.app_not_counted() : undefined}>
        {app.accesses === null ? "–" : m.count_accesses(counted(app.accesses, locale))}
        {app.accesses === null && <span className="sr-only">{m.app_not_counted()}</span>}
      </span>
      <div className={css.act}>
        <Button
          small
          busy={busy}
          onPress={onPress}
          aria-label={app.chosen ? m.app_drop_label({ name }) : m.app_choose_label({ name })}
          data-testid="app-choose"
        >
          {app.chosen ? m.app_drop() : m.app_choose()}
        </Button>
      </div>
    </li>
  );
}
