import type { NotLookedAt } from "../../backend/generated/NotLookedAt";
import type { RunAppView } from "../../backend/generated/RunAppView";
import { Fold } from "../../components/Fold";
import { Note } from "../../components/Note";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useLocale } from "../../state/locale";
import { notLookedWords, roleWords } from "../../words/beside";
import { whenWords } from "../../words/times";
import css from "./Runs.module.css";

/** What neither a search nor a proof speaks of: one calm line that unfolds. */
export function NotLooked({ what }: { what: NotLookedAt[] }) {
  if (what.length === 0) return null;
  return (
    <Fold title={m.not_looked_title()} testid="not-looked-at">
      <p>
        <T>{m.not_looked_intro()}</T>
      </p>
      <ul className={css.points}>
        {what.map((one) => (
          <li key={one} data-what={one}>
            <T>{notLookedWords(one)}</T>
          </li>
        ))}
      </ul>
    </Fold>
  );
}

/** What apps may do without anybody's grant. Those that stand are a warning; the rest is one line each. */
export function Roles({ apps }: { apps: RolesOf[] }) {
  return apps.map((app) => <AppRoles key={app.key} app={app} />);
}

type RolesOf = Pick<RunAppView, "key" | "name" | "roles">;

function AppRoles({ app: { name, roles } }: { app: RolesOf }) {
  const locale = useLocale();
  switch (roles.is) {
    case "none":
      return null;
    case "not_read":
      return (
        <p className={css.soft} data-testid="roles" data-roles="not_read">
          <T>{m.roles_not_read({ app: name })}</T>
        </p>
      );
    case "unread":
      return (
        <Note tone="warn" testid="roles">
          <T>{m.roles_unread({ app: name })}</T>
        </Note>
      );
    case "read":
      return roles.roles.length === 0 ? (
        <p className={css.soft} data-testid="roles" data-roles="none">
          <T>{m.roles_none({ app: name, time: whenWords(roles.at, locale) })}</T>
        </p>
      ) : (
        <Note tone="warn" title={m.roles_title({ app: name })} testid="roles">
          <ul className={css.points}>
            {roles.roles.map((role) => (
              <li key={`${role.resource} ${role.id}`}>
                <T>{roleWords(role)}</T>
              </li>
            ))}
          </ul>
          <p>
            <T>{m.roles_hint({ app: name })}</T>{" "}
            <T>{m.roles_read_at({ time: whenWords(roles.at, locale) })}</T>
          </p>
        </Note>
      );
  }
}
