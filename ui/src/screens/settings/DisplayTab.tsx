import type { Appearance } from "../../backend/generated/Appearance";
import type { Language } from "../../backend/generated/Language";
import { Card } from "../../components/Card";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices } from "../../components/Field";
import { m } from "../../paraglide/messages";
import { useCommand, useOverview } from "../../state/overview";
import css from "./Settings.module.css";

/** Language and appearance. A choice takes effect at once. */
export function DisplayTab() {
  const { settings, system_language } = useOverview();
  const setLanguage = useCommand((backend, to: Language | null) => backend.setLanguage(to));
  const setAppearance = useCommand((backend, to: Appearance) => backend.setAppearance(to));
  const system = system_language === "ja" ? m.language_ja() : m.language_en();

  return (
    <Card title={m.display_heading()} testid="display-card">
      <div className={css.form}>
        <Choices
          label={m.display_language()}
          value={settings.language ?? "system"}
          onChange={(key) => void setLanguage.run(key === "system" ? null : key)}
          choices={[
            {
              key: "system",
              label: m.display_language_system({ language: system }),
              testid: "language-system",
            },
            { key: "ja", label: <span lang="ja">{m.language_ja()}</span>, testid: "language-ja" },
            { key: "en", label: <span lang="en">{m.language_en()}</span>, testid: "language-en" },
          ]}
          testid="language"
        />
        <ErrorNote failure={setLanguage.failure} onDismiss={setLanguage.forget} />
        <Choices
          label={m.display_appearance()}
          value={settings.appearance}
          onChange={(key) => void setAppearance.run(key)}
          choices={[
            { key: "system", label: m.appearance_system(), testid: "appearance-system" },
            { key: "light", label: m.appearance_light(), testid: "appearance-light" },
            { key: "dark", label: m.appearance_dark(), testid: "appearance-dark" },
          ]}
          testid="appearance"
        />
        <ErrorNote failure={setAppearance.failure} onDismiss={setAppearance.forget} />
      </div>
    </Card>
  );
}
